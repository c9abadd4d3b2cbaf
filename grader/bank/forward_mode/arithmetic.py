"""Sums and products of a Dual, with numbers on either side. An adapter returns rows (value, tangent)."""

# The class that a mistake spoils is an argument, which mypy does not take for a base class.
# mypy: disable-error-code="assignment, misc, valid-type"

from __future__ import annotations

import numpy as np

from grader.bank.forms import of_class
from grader.bank.forward_mode.inner import inner_numbers
from grader.bank.forward_mode.numbers import number, tangent

TWO = {"x": number(), "dx": tangent(), "y": number(), "dy": tangent(), "c": number()}


# ------------------------------------------------------------------------------------------ sums
def sums(Dual, x, dx, y, dy, c):
    """Adapt a Dual: sums, differences, both with numbers on either side, of Duals that hold Duals, and again."""
    a, b = Dual(x, dx), Dual(y, dy)

    def row(out):
        return np.stack([out.value, out.tangent])

    total, difference, opposite = row(a + b), row(a - b), row(-a)
    with_numbers = np.stack([row(a + c), row(c + a), row(0 + b), row(b + 2)])
    less_numbers = np.stack([row(a - c), row(c - a), row(1 - b), row(b - 2)])
    far, near = Dual(Dual(x, dx), Dual(dy, 1.0)), Dual(Dual(y, dy), Dual(dx, 1.0))
    nested = [part for out in (far + near, far - near, c - far, -near) for part in (out.value, out.tangent)]
    # Whoever changes an operand finds another sum now.
    totals, differences = np.stack([total, row(a + b), row(a + a)]), np.stack([difference, row(a - b), row(a - a)])
    return totals, differences, opposite, with_numbers, less_numbers, np.stack([row(part) for part in nested])


dual_sums = of_class(
    "forward_mode.dual_sums",
    "Dual",
    TWO,
    (
        "total",
        "difference",
        "opposite",
        "total_with_a_number",
        "difference_with_a_number",
        "of_duals_of_duals",
    ),
    sums,
    points=2,
)


@dual_sums.mistake(
    "A number beside a Dual was given a tangent of 1: it is a constant, and constants do not move.", from_model=True
)
def moves_the_number(Dual):
    class Wrong(Dual):
        def __add__(self, other):
            if isinstance(other, Dual):
                return super().__add__(other)
            return Wrong(self.value + other, self.tangent + 1.0)

        def __sub__(self, other):
            if isinstance(other, Dual):
                return super().__sub__(other)
            return Wrong(self.value - other, self.tangent - 1.0)

        def __rsub__(self, other):
            return Wrong(other - self.value, 1.0 - self.tangent)

    return Wrong


@dual_sums.mistake("The tangents of a difference are added, where the values are subtracted.", from_model=True)
def adds_the_tangents_of_a_difference(Dual):
    class Wrong(Dual):
        def __sub__(self, other):
            a, b = self.paired(other)
            return Wrong(a.value - b.value, a.tangent + b.tangent)

    return Wrong


@dual_sums.mistake(
    "number − dual comes out as dual − number: which operand stands on the left in __rsub__?", from_model=True
)
def subtracts_the_wrong_way_round(Dual):
    class Wrong(Dual):
        def __rsub__(self, other):
            return self - other

    return Wrong


@dual_sums.mistake(
    "number − dual has the right value, and the tangent of the dual unchanged: it falls where the dual rises.",
    from_model=True,
)
def keeps_the_tangent_in_rsub(Dual):
    class Wrong(Dual):
        def __rsub__(self, other):
            return Wrong(other - self.value, self.tangent)

    return Wrong


@dual_sums.mistake("The value changes its sign under the minus, and the tangent does not.", from_model=True)
def negates_the_value_only(Dual):
    class Wrong(Dual):
        def __neg__(self):
            return Wrong(-self.value, self.tangent)

    return Wrong


# -------------------------------------------------------------------------------------- products
def products(Dual, x, dx, y, dy, c):
    """Adapt a Dual: products of two, of three, with a number on either side, a square, and of Duals that hold Duals."""
    a, b = Dual(x, dx), Dual(y, dy)
    Number, flat = inner_numbers(type(a))

    def row(out):
        return np.stack([out.value, out.tangent])

    product, with_numbers = row(a * b), np.stack([row(a * c), row(c * a), row(3 * b), row(b * 3)])
    far, near = Dual(Number(x, dx), Number(dy, 1.0)), Dual(Number(y, dy), Number(dx, 1.0))
    nested = flat(far * near, far * c, c * near)
    square, of_three = row(a * a), row(a * b * a)
    return np.stack([product, row(a * b)]), with_numbers, square, of_three, nested  # the product again: operands stay


dual_products = of_class(
    "forward_mode.dual_products",
    "Dual",
    TWO,
    ("product", "with_a_number", "square", "product_of_three", "of_duals_of_duals"),
    products,
    helpers=(inner_numbers,),
    points=2,
)


@dual_products.mistake("The tangents were multiplied with each other: that term is ε², which is 0.", from_model=True)
def multiplies_tangents(Dual):
    class Wrong(Dual):
        def __mul__(self, other):
            a, b = self.paired(other)
            return Wrong(a.value * b.value, a.tangent * b.tangent)

    return Wrong


@dual_products.mistake("Only one factor moves: the product rule has a term for each of the two.", from_model=True)
def moves_one_factor(Dual):
    class Wrong(Dual):
        def __mul__(self, other):
            a, b = self.paired(other)
            return Wrong(a.value * b.value, a.tangent * b.value)

    return Wrong


@dual_products.mistake(
    "Each tangent is multiplied with its own value. Which value stands beside dx in the product rule?", from_model=True
)
def multiplies_own_values(Dual):
    class Wrong(Dual):
        def __mul__(self, other):
            a, b = self.paired(other)
            return Wrong(a.value * b.value, a.tangent * a.value + b.tangent * b.value)

    return Wrong


@dual_products.mistake(
    "The two terms of the product rule are subtracted: both factors push the product the same way.", from_model=True
)
def subtracts_the_terms(Dual):
    class Wrong(Dual):
        def __mul__(self, other):
            a, b = self.paired(other)
            return Wrong(a.value * b.value, a.tangent * b.value - a.value * b.tangent)

    return Wrong


@dual_products.mistake(
    "A number scales the value and leaves the tangent as it was: both are multiplied.", from_model=True
)
def scales_the_value_only(Dual):
    class Wrong(Dual):
        def __mul__(self, other):
            if isinstance(other, Dual):
                return super().__mul__(other)
            return Wrong(self.value * other, self.tangent)

    return Wrong
