"""Quotients and powers of dual numbers: the quotient rule and the power rule, with numbers on either side."""

# The class that a mistake spoils is an argument, which mypy does not take for a base class.
# mypy: disable-error-code="assignment, misc, valid-type"

from __future__ import annotations

import numpy as np

from grader.bank.forms import of_class
from grader.bank.forward_mode.numbers import edged, nonzero, number, tangent
from grader.judging import scalar

QUOTIENT = {
    "x": edged(number(), 0.0),
    "dx": tangent(),
    "y": nonzero(),
    "dy": tangent(),
    "c": nonzero(),
    "above": edged(number(), 0.0),
}


# ------------------------------------------------------------------------------------- quotients
def quotients(Dual, x, dx, y, dy, c, above):
    """Adapt a Dual: a quotient of two, with a number below and above, by itself, and of Duals that hold Duals."""
    a, b = Dual(x, dx), Dual(y, dy)
    own_class = type(a)

    def parts(t):
        return (t.value, t.tangent) if isinstance(t, own_class) else (t, 0.0)

    class Number(own_class):  # a Dual whose operators are right, so that no other exercise counts here
        def __add__(self, other):
            b, db = parts(other)
            return Number(self.value + b, self.tangent + db)

        def __neg__(self):
            return Number(-self.value, -self.tangent)

        def __sub__(self, other):
            return self + -other

        def __rsub__(self, other):
            return -self + other

        def __mul__(self, other):
            b, db = parts(other)
            return Number(self.value * b, self.tangent * b + self.value * db)

        def __truediv__(self, other):
            b, db = parts(other)
            quotient = self.value / b
            return Number(quotient, (self.tangent - quotient * db) / b)

        def __rtruediv__(self, other):
            return Number(other, 0.0) / self

        def __lt__(self, other):
            return self.value < parts(other)[0]

        def __le__(self, other):
            return self.value <= parts(other)[0]

        def __gt__(self, other):
            return self.value > parts(other)[0]

        def __ge__(self, other):
            return self.value >= parts(other)[0]

        def __eq__(self, other):
            return self.value == parts(other)[0]

        __radd__, __rmul__ = __add__, __mul__
        __hash__ = None

    def flat(*outs):
        return np.stack([entry for out in outs for entry in (*parts(out.value), *parts(out.tangent))])

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


# ---------------------------------------------------------------------------------------- powers
def powers(Dual, x, dx, u, du, p, c):
    """Adapt a Dual: powers of x < 0 with whole exponents, of u > 0 with any, of 0, Duals as exponents and in Duals."""
    a, b, zero, still = Dual(x, dx), Dual(u, du), Dual(0.0, dx), Dual(0.0, du)
    own_class = type(a)

    def parts(t):
        return (t.value, t.tangent) if isinstance(t, own_class) else (t, 0.0)

    class Number(own_class):  # a Dual whose operators are right, so that no other exercise counts here
        def __add__(self, other):
            b, db = parts(other)
            return Number(self.value + b, self.tangent + db)

        def __neg__(self):
            return Number(-self.value, -self.tangent)

        def __sub__(self, other):
            return self + -other

        def __rsub__(self, other):
            return -self + other

        def __mul__(self, other):
            b, db = parts(other)
            return Number(self.value * b, self.tangent * b + self.value * db)

        def __truediv__(self, other):
            b, db = parts(other)
            quotient = self.value / b
            return Number(quotient, (self.tangent - quotient * db) / b)

        def __rtruediv__(self, other):
            return Number(other, 0.0) / self

        def __pow__(self, other):
            b, db = parts(other)
            power = self.value**b
            by_exponent = power * np.log(self.value) * db if isinstance(other, own_class) else 0.0
            return Number(power, b * self.value ** (b - 1) * self.tangent + by_exponent)

        def __rpow__(self, other):
            power = other**self.value
            return Number(power, power * np.log(other) * self.tangent)

        def exp(self):
            return Number(np.exp(self.value), np.exp(self.value) * self.tangent)

        def log(self):
            return Number(np.log(self.value), self.tangent / self.value)

        def sqrt(self):
            root = np.sqrt(self.value)
            return Number(root, 0.5 / root * self.tangent)

        def __lt__(self, other):
            return self.value < parts(other)[0]

        def __le__(self, other):
            return self.value <= parts(other)[0]

        def __gt__(self, other):
            return self.value > parts(other)[0]

        def __ge__(self, other):
            return self.value >= parts(other)[0]

        def __eq__(self, other):
            return self.value == parts(other)[0]

        __radd__, __rmul__ = __add__, __mul__
        __hash__ = None

    def flat(*outs):
        return np.stack([entry for out in outs for entry in (*parts(out.value), *parts(out.tangent))])

    def rows(*outs):
        return np.stack([np.stack([out.value, out.tangent]) for out in outs])

    whole, negative = rows(a**1, a**2, a**3, a**5, b**3), rows(a**-1, a**-2, a**-3, b**-2)
    fractional, at_zero = rows(b**0.5, b**-1.5, b**p, b**2.0), rows(zero**1, zero**2, zero**1.5, zero**3, zero**1.0)
    to_zero = rows(a**0, zero**0, zero**0.0, a**0.0, b**0)
    far, near = Dual(Number(u, du), Number(dx, 1.0)), Dual(Number(x, dx), Number(du, 1.0))
    nested = flat(far**2, near**3, near**-1, far**1.5, far**0, far**near, c**near)
    # An exponent of value 0 moves the power; the first power again shows who changes an operand.
    exponents = rows(b**a, c**a, 2**a, b**b, b**still, c**still, 1**a, b**a)
    return whole, negative, fractional, at_zero, to_zero, exponents, nested


dual_powers = of_class(
    "forward_mode.dual_powers",
    "Dual",
    {
        "x": edged(scalar(-3, -0.3), -1.0, -2.0),
        "dx": tangent(),
        "u": edged(scalar(0.2, 4.0), 1.0),
        "du": tangent(),
        "p": edged(scalar(-2.5, 3.5), 0.0, 1.0, -1.0, 2.0),
        "c": edged(scalar(0.2, 4.0), 1.0),
    },
    ("whole", "negative", "fractional", "of_zero", "to_the_zero", "dual_exponents", "of_duals_of_duals"),
    powers,
    points=3,
)


@dual_powers.mistake(
    "The exponent is cut to a whole number: a power with a fraction in its exponent is another number.", from_model=True
)
def cuts_the_exponent(Dual):
    class Wrong(Dual):
        def __pow__(self, other):
            return super().__pow__(other if isinstance(other, Dual) else int(other))

    return Wrong


@dual_powers.mistake(
    "At the value 0 nothing moves here: the slope of x itself, which is x to the power of 1, is 1 there too.",
    from_model=True,
)
def stands_still_at_zero(Dual):
    class Wrong(Dual):
        def __pow__(self, other):
            if isinstance(other, Dual) or self.value != 0:
                return super().__pow__(other)
            return Wrong(self.value**other, 0.0)

    return Wrong


@dual_powers.mistake(
    "The power is a product repeated: right for whole exponents above 0, and 1 with tangent 0 for all below.",
    from_model=True,
)
def multiplies_repeatedly(Dual):
    class Wrong(Dual):
        def __pow__(self, other):
            if isinstance(other, Dual):
                return super().__pow__(other)
            out = Wrong(1.0, 0.0)
            for _ in range(int(other)):
                out = out * self
            return out

    return Wrong


@dual_powers.mistake(
    "The power goes through a logarithm, which the base 0 and negative bases do not have: x⁻² of a negative x is a number.",
    from_model=True,
)
def goes_through_the_logarithm(Dual):
    class Wrong(Dual):
        def __pow__(self, other):
            if isinstance(other, Dual):
                return super().__pow__(other)
            power = np.exp(other * np.log(self.value))
            return Wrong(power, power * other * self.tangent / self.value)

    return Wrong


@dual_powers.mistake("The exponent does not stand in front: the slope of xᵖ is p·xᵖ⁻¹.", from_model=True)
def forgets_the_exponent_in_front(Dual):
    class Wrong(Dual):
        def __pow__(self, other):
            if isinstance(other, Dual) or other == 0:
                return super().__pow__(other)
            return Wrong(self.value**other, self.value ** (other - 1) * self.tangent)

    return Wrong


@dual_powers.mistake("The exponent was not lowered by 1 in the slope.", from_model=True)
def forgets_to_lower_the_exponent(Dual):
    class Wrong(Dual):
        def __pow__(self, other):
            if isinstance(other, Dual):
                return super().__pow__(other)
            return Wrong(self.value**other, other * self.value**other * self.tangent)

    return Wrong


@dual_powers.mistake("The base's own tangent is missing: p·xᵖ⁻¹ is what one unit of it does.", from_model=True)
def forgets_the_tangent_of_the_base(Dual):
    class Wrong(Dual):
        def __pow__(self, other):
            if isinstance(other, Dual) or other == 0:
                return super().__pow__(other)
            return Wrong(self.value**other, other * self.value ** (other - 1))

    return Wrong


@dual_powers.mistake(
    "An exponential is treated as a power: in a number to the power of a Dual it is the exponent that moves.",
    from_model=True,
)
def takes_the_power_rule_for_exponentials(Dual):
    class Wrong(Dual):
        def __rpow__(self, other):
            return Wrong(other**self.value, self.value * other ** (self.value - 1) * self.tangent)

    return Wrong


@dual_powers.mistake(
    "A Dual in the exponent is treated as a constant: its tangent moves the power too.", from_model=True
)
def holds_the_exponent(Dual):
    class Wrong(Dual):
        def __pow__(self, other):
            return super().__pow__(other.value if isinstance(other, Dual) else other)

    return Wrong
