"""Quotients of dual numbers: the quotient rule, with numbers on either side."""

# The class that a mistake spoils is an argument, which mypy does not take for a base class.
# mypy: disable-error-code="assignment, misc, valid-type"

from __future__ import annotations

import numpy as np

from grader.bank.forms import of_class
from grader.bank.forward_mode.inner import inner_numbers
from grader.bank.forward_mode.numbers import edged, nonzero, number, tangent

QUOTIENT = {
    "x": edged(number(), 0.0),
    "dx": tangent(),
    "y": nonzero(),
    "dy": tangent(),
    "c": nonzero(),
    "above": edged(number(), 0.0),
}


def quotients(Dual, x, dx, y, dy, c, above):
    """Adapt a Dual: a quotient of two, with a number below and above, by itself, and of Duals that hold Duals."""
    a, b = Dual(x, dx), Dual(y, dy)
    Number, flat = inner_numbers(type(a))

    def row(out):
        return np.stack([out.value, out.tangent])

    quotient, over_numbers, numbers_over = row(a / b), [row(a / c), row(b / 2)], [row(above / b), row(1 / b)]
    far, near = Dual(Number(x, dx), Number(dy, 1.0)), Dual(Number(y, dy), Number(dx, 1.0))
    nested = flat(far / near, far / c, above / near)
    quotients = np.stack([quotient, row(a / b), row(b / b)])  # whoever changes an operand finds another one now
    return quotients, np.stack(over_numbers), np.stack(numbers_over), nested


dual_quotients = of_class(
    "forward_mode.dual_quotients",
    "Dual",
    QUOTIENT,
    ("quotient", "over_a_number", "number_over", "of_duals_of_duals"),
    quotients,
    helpers=(inner_numbers,),
    points=2,
    regimes=("randn", "odd", "small", "offset", "ties"),
)


@dual_quotients.mistake(
    "The quotient rule's sign: when the denominator grows, a quotient of positive numbers falls.", from_model=True
)
def adds_in_the_quotient_rule(Dual):
    class Wrong(Dual):
        def __truediv__(self, other):
            a, b = self.paired(other)
            return Wrong(a.value / b.value, (a.tangent * b.value + a.value * b.tangent) / (b.value * b.value))

    return Wrong


@dual_quotients.mistake(
    "The two terms of the quotient rule are exchanged: every tangent has the opposite sign.", from_model=True
)
def exchanges_the_terms(Dual):
    class Wrong(Dual):
        def __truediv__(self, other):
            a, b = self.paired(other)
            return Wrong(a.value / b.value, (a.value * b.tangent - a.tangent * b.value) / (b.value * b.value))

    return Wrong


@dual_quotients.mistake(
    "A number below divides the value and leaves the tangent as it was: both are divided.", from_model=True
)
def divides_the_value_only(Dual):
    class Wrong(Dual):
        def __truediv__(self, other):
            if isinstance(other, Dual):
                return super().__truediv__(other)
            return Wrong(self.value / other, self.tangent)

    return Wrong


@dual_quotients.mistake("The denominator of the quotient rule is not squared.", from_model=True)
def forgets_to_square_the_denominator(Dual):
    class Wrong(Dual):
        def __truediv__(self, other):
            a, b = self.paired(other)
            return Wrong(a.value / b.value, (a.tangent * b.value - a.value * b.tangent) / b.value)

    return Wrong


@dual_quotients.mistake("The tangent of a quotient is not the quotient of the tangents.", from_model=True)
def divides_the_tangents(Dual):
    class Wrong(Dual):
        def __truediv__(self, other):
            if isinstance(other, Dual):
                return Wrong(self.value / other.value, self.tangent / other.tangent)
            return super().__truediv__(other)

    return Wrong


@dual_quotients.mistake(
    "number / dual comes out as dual / number: which operand stands on the left in __rtruediv__?", from_model=True
)
def divides_the_wrong_way_round(Dual):
    class Wrong(Dual):
        def __rtruediv__(self, other):
            return self / other

    return Wrong


@dual_quotients.mistake("The denominator's tangent is left out: it moves the quotient too.", from_model=True)
def holds_the_denominator(Dual):
    class Wrong(Dual):
        def __truediv__(self, other):
            a, b = self.paired(other)
            return Wrong(a.value / b.value, a.tangent / b.value)

    return Wrong
