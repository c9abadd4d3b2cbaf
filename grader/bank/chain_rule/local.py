"""Local derivatives of the primitives."""

from __future__ import annotations

import math

import numpy as np

from grader.bank.chain_rule.values import but_at, listed, positive, signed
from grader.bank.forms import plain
from grader.judging import Exercise, contract, drawn, example, scalar, value

PAIR = ("d/da", "d/db")
NUMERATOR = but_at(signed(-2, 2), {1: 0.0, 2: 3.0, 4: -5.0, 6: 0.0})
"""Zeros and whole numbers among the others."""
TWO = {"a": NUMERATOR, "b": but_at(signed(-2, 2), {2: 3.0, 4: 2.0, 5: 0.0, 6: 0.0})}
QUOTIENT = {"a": NUMERATOR, "b": but_at(signed(-2, 2), {2: 3.0, 4: 2.0, 5: -1.0})}
USUAL = ("randn", "odd")

# --------------------------------------------------------------------- sum, difference and product
arithmetic_local = Exercise(
    "chain_rule.arithmetic_local",
    TWO,
    tuple(f"d({operation})/d{name}" for operation in ("a + b", "a - b", "a * b") for name in "ab"),
    (contract(), example(), value(1)),
    drive=listed(each=2, form="a list of three pairs of numbers"),
    regimes=USUAL,
)


@arithmetic_local.mistake("The difference rises with b here. What does a − b do when b grows?")
def subtracts_without_a_sign(a, b):
    return [(1.0, 1.0), (1.0, 1.0), (b, a)]


@arithmetic_local.mistake("The signs of the difference are the wrong way round: a − b grows with a.")
def swaps_the_signs_of_the_difference(a, b):
    return [(1.0, 1.0), (-1.0, 1.0), (b, a)]


@arithmetic_local.mistake("In the product each argument gets its own value. Move a by ε: by how much does a·b move?")
def multiplies_by_its_own_value(a, b):
    return [(1.0, 1.0), (1.0, -1.0), (a, b)]


@arithmetic_local.mistake("The product is treated like a sum: how far it moves with a depends on b.")
def takes_products_for_sums(a, b):
    return [(1.0, 1.0), (1.0, -1.0), (1.0, 1.0)]


@arithmetic_local.mistake(
    "The sum hands back its arguments, where its slopes are asked: they do not depend on a and b."
)
def hands_back_the_terms_of_the_sum(a, b):
    return [(a, b), (a, -b), (b, a)]


# ------------------------------------------------------------------------------------------ quotient
divide_local = plain("chain_rule.divide_local", QUOTIENT, PAIR, 1, drive=listed(), regimes=USUAL)


@divide_local.mistake("The sign of the quotient rule is lost in ∂/∂b: what does a positive quotient do when b grows?")
def loses_the_sign_of_the_quotient_rule(a, b):
    return 1 / b, a / b**2


@divide_local.mistake("In ∂/∂b the denominator is not squared: what is the derivative of 1/b?")
def forgets_to_square_the_denominator(a, b):
    return 1 / b, -a / b


@divide_local.mistake("∂/∂b does not depend on a: the larger the numerator, the more a change of b does.")
def forgets_the_numerator(a, b):
    return 1 / b, -1 / b**2


@divide_local.mistake("The pair is the wrong way round: the derivative with respect to a comes first.")
def gives_db_first(a, b):
    return -a / b**2, 1 / b


@divide_local.mistake("∂/∂a is b: that belongs to a product. Move a by ε: by how much does a/b move?")
def multiplies_where_it_divides(a, b):
    return b, -a / b**2


# --------------------------------------------------------------------------------------------- power
power_local = plain(
    "chain_rule.power_local",
    {
        "a": but_at(positive(-1, 1), {2: 3.0, 5: 1.0, 7: 2.0}),
        "b": but_at(scalar(-3, 3), {1: 0.0, 2: 2.0, 4: 1.0, 6: -1.0, 7: 3.0}),
    },
    PAIR,
    2,
    drive=listed(),
    regimes=USUAL,
)


@power_local.mistake("In ∂/∂b the logarithm of the base is missing: only e^b is its own derivative.")
def forgets_the_logarithm(a, b):
    return b * a ** (b - 1), a**b


@power_local.mistake("In ∂/∂b the rule for the base is used for the exponent: write a^b as an exponential first.")
def uses_the_rule_for_the_base_twice(a, b):
    return b * a ** (b - 1), b * a ** (b - 1)


@power_local.mistake("In ∂/∂a the exponent has not gone down by 1.")
def keeps_the_exponent(a, b):
    return b * a**b, a**b * np.log(a)


@power_local.mistake("In ∂/∂a the factor b is missing: the slope of a² is twice as steep as this at a.")
def forgets_the_factor(a, b):
    return a ** (b - 1), a**b * np.log(a)


@power_local.mistake("The exponent is taken for a constant: ∂/∂b is not 0, since a^b changes with b.")
def takes_the_exponent_for_a_constant(a, b):
    return b * a ** (b - 1), 0.0


@power_local.mistake("The logarithm in ∂/∂b is to base 10: it comes from a^b = e^(b log a).")
def takes_the_decimal_logarithm(a, b):
    return b * a ** (b - 1), a**b * np.log(a) / np.log(10.0)


# ------------------------------------------------------------------------------------------- maximum
NEAR = {
    0: (2.0, 2.0 + 1e-9),
    1: (-0.7, math.nextafter(-0.7, 0.0)),
    4: (0.0, -0.0),
    5: (1e-12, 3e-12),
    7: (-0.0, 0.0),
    9: (-3e7, -4e7),
}
"""Pairs that are nearly tied, tied at the two zeros, or large, by the number of the case."""


def tied(making):
    """Draw the second argument of a maximum: in every third case the first one again."""
    first = np.random.default_rng((making.recipe.seed, sum(making.recipe.style.encode())))
    own = float(making.rng.uniform(-3, 3))
    return round(float(first.uniform(-3, 3)), 3) if making.recipe.seed % 3 == 2 else own


max_local = plain(
    "chain_rule.max_local",
    {
        "a": but_at(scalar(-3, 3), {number: a for number, (a, _) in NEAR.items()}),
        "b": but_at(drawn(tied), {number: b for number, (_, b) in NEAR.items()}),
    },
    PAIR,
    1,
    drive=listed(),
    regimes=USUAL,
)


@max_local.mistake("Right but at a tie, where b gets a slope of 1. Which of the two does the convention here choose?")
def gives_b_the_slope_of_a_tie(a, b):
    return float(a >= b), float(b >= a)


@max_local.mistake("Right but at a tie, where a gets nothing. Which of the two does the convention here choose?")
def gives_a_nothing_at_a_tie(a, b):
    return float(a > b), float(b > a)


@max_local.mistake(
    "Right but at a tie, where the slope is shared. That is a subgradient too; the convention here is another."
)
def shares_ties(a, b):
    return (0.5, 0.5) if a == b else (float(a > b), float(b > a))


@max_local.mistake("The smaller argument gets the slope. Which of the two moves the maximum?")
def routes_to_the_smaller(a, b):
    return (1.0, 0.0) if a <= b else (0.0, 1.0)


@max_local.mistake(
    "The values are handed on, where slopes are asked: when the larger one moves by ε, so does the maximum."
)
def hands_on_values(a, b):
    return (a, 0.0) if a >= b else (0.0, b)


# ------------------------------------------------------------------------------ functions of one number
ELEMENTARY = ("exp", "log", "sin", "cos", "tanh", "sqrt")
elementary_local = plain(
    "chain_rule.elementary_local",
    # Each quarter of the circle, and beyond one turn: seldom drawn, where decades are alike.
    {"x": but_at(positive(-2, 1), {0: 6.9, 1: 8.75, 2: 1.0, 4: 9.95, 5: 3.9, 6: 5.5, 7: 2.0})},
    ELEMENTARY,
    3,
    drive=listed(),
    regimes=USUAL,
)


def elementary(x, **changes):
    """Return the six derivatives, some of them replaced."""
    right = {
        "exp": np.exp(x), "log": 1 / x, "sin": np.cos(x), "cos": -np.sin(x), "tanh": 1 - np.tanh(x) ** 2, "sqrt": 0.5 / np.sqrt(x),
    }  # fmt: skip
    return tuple({**right, **changes}.values())


@elementary_local.mistake("sin is its own derivative here. At 0 the sine is 0, and it is steepest there.")
def takes_sine_for_its_derivative(x):
    return elementary(x, sin=np.sin(x))


@elementary_local.mistake("The sign of the derivative of cos: just right of 0, does the cosine rise or fall?")
def loses_the_sign_of_the_sine(x):
    return elementary(x, cos=np.sin(x))


@elementary_local.mistake("1 − tanh is not the slope of tanh: far to the left, where tanh is −1, the curve is flat.")
def forgets_the_square_of_tanh(x):
    return elementary(x, tanh=1 - np.tanh(x))


@elementary_local.mistake("The slope of sqrt is twice too steep: a factor of the power rule is missing.")
def forgets_the_half(x):
    return elementary(x, sqrt=1 / np.sqrt(x))


@elementary_local.mistake(
    "The slope of sqrt does not fall off as it must: which power of x is left when one is taken off ½?"
)
def lowers_the_half_to_minus_one(x):
    return elementary(x, sqrt=0.5 / x)


@elementary_local.mistake("exp is treated like a power: in e^x it is the exponent that varies.")
def takes_exp_for_a_power(x):
    return elementary(x, exp=x * np.exp(x - 1))


@elementary_local.mistake(
    "The slope of log is its value: where x is large the logarithm is large too, and nearly flat."
)
def takes_log_for_its_derivative(x):
    return elementary(x, log=np.log(x))


@elementary_local.mistake("This is the function itself, where its derivative is asked.")
def gives_the_functions(x):
    return np.exp(x), np.log(x), np.sin(x), np.cos(x), np.tanh(x), np.sqrt(x)
