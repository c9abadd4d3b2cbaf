"""Powers of dual numbers: the power rule, with numbers on either side."""

# The class that a mistake spoils is an argument, which mypy does not take for a base class.
# mypy: disable-error-code="assignment, misc, valid-type"

from __future__ import annotations

import numpy as np

from grader.bank.forms import of_class
from grader.bank.forward_mode.inner import inner_numbers
from grader.bank.forward_mode.numbers import edged, tangent
from grader.judging import scalar


def powers(Dual, x, dx, u, du, p, c):
    """Adapt a Dual: powers of x < 0 with whole exponents, of u > 0 with any, of 0, Duals as exponents and in Duals."""
    a, b, zero, still = Dual(x, dx), Dual(u, du), Dual(0.0, dx), Dual(0.0, du)
    Number, flat = inner_numbers(type(a))

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
    helpers=(inner_numbers,),
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
