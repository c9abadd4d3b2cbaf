"""VJPs of functions of one array, entry by entry."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.bank.reverse_mode.operands import ANY, positive, turn
from grader.judging import array, drawn, upstream

GX = {"g": upstream("..."), "x": array("...")}
NOT_LARGE = ("randn", "odd", "small", "offset", "ties")

# ------------------------------------------------------------------------------------------- exp
exp_vjp = plain("reverse_mode.exp_vjp", GX, ("dx",), points=1, regimes=NOT_LARGE)


@exp_vjp.mistake("The upstream gradient is multiplied by x itself. Of which number is e^x its own slope?")
def exp_by_its_input(g, x):
    return g * x


@exp_vjp.mistake("This is the local gradient alone: the upstream gradient has no part in it.")
def exp_without_upstream(g, x):
    return np.exp(x)


@exp_vjp.mistake("The rule for powers of x is applied to an exponential: x stands in the exponent.")
def exp_as_a_power(g, x):
    return g * x * np.exp(x - 1)


@exp_vjp.mistake("The upstream gradient is handed on as it came: the slope of exp is 1 at 0 only.")
def exp_passes_on(g, x):
    return g.copy()


# ------------------------------------------------------------------------------------------- log
log_vjp = plain("reverse_mode.log_vjp", {"g": upstream("..."), "x": positive(ANY)}, ("dx",), points=1)


@log_vjp.mistake("The upstream gradient is multiplied by x: the logarithm gets flatter as x grows.")
def log_upside_down(g, x):
    return g * x


@log_vjp.mistake("This is the slope of the logarithm to base 10.")
def log_to_base_ten(g, x):
    return g / (x * np.log(10))


@log_vjp.mistake("This is the local gradient alone: the upstream gradient has no part in it.")
def log_without_upstream(g, x):
    return 1 / x


@log_vjp.mistake("The slope of 1/x is taken, which is one derivative too many.")
def log_differentiated_twice(g, x):
    return -g / x**2


# ------------------------------------------------------------------------------------------- sin
sin_vjp = plain("reverse_mode.sin_vjp", GX, ("dx",), points=1)


@sin_vjp.mistake("The sine itself stands where its slope belongs: at 0 the sine is steepest.")
def sin_is_its_own_slope(g, x):
    return g * np.sin(x)


@sin_vjp.mistake("The root of 1 − sin² is the size of the slope: its sign is missing where the sine falls.")
def sin_by_a_root(g, x):
    return g * np.abs(np.cos(x))


@sin_vjp.mistake("A sign: at 0 the sine rises.")
def sin_falls(g, x):
    return -g * np.cos(x)


@sin_vjp.mistake("The angle is taken in degrees: x is in radians.")
def sin_of_degrees(g, x):
    return g * np.cos(np.deg2rad(x))


@sin_vjp.mistake("This is the local gradient alone: the upstream gradient has no part in it.")
def sin_without_upstream(g, x):
    return np.cos(x)


# ------------------------------------------------------------------------------------------ tanh
def saturated(inputs):
    """Return |g| as slack: 1 − tanh² rounds to 0 where the exact slope is 1e-18, and is judged beside g."""
    return np.abs(inputs["g"])


tanh_vjp = plain("reverse_mode.tanh_vjp", GX, ("dx",), points=1, slack=saturated)


@tanh_vjp.mistake("1 − t² is the slope in terms of the output t, and the input was put in its place.")
def tanh_of_the_input(g, x):
    return g * (1 - x**2)


@tanh_vjp.mistake("The square is missing: at t = −1 the curve is flat.")
def tanh_without_square(g, x):
    return g * (1 - np.tanh(x))


@tanh_vjp.mistake("A sign: 1 + t² grows where the curve becomes flat.")
def tanh_adds_the_square(g, x):
    return g * (1 + np.tanh(x) ** 2)


@tanh_vjp.mistake("This is the local gradient alone: the upstream gradient has no part in it.")
def tanh_without_upstream(g, x):
    return 1 - np.tanh(x) ** 2


# ----------------------------------------------------------------------------------------- power
power_vjp = plain(
    "reverse_mode.power_vjp",
    {
        "g": upstream("..."),
        "x": positive(ANY),
        "n": drawn(lambda m: turn(m, (3, 0.5, -2, 2, 2.5, -1, -0.5, 1, 3.0, 0))),
    },
    ("dx",),
    points=1,
)


@power_vjp.mistake("The exponent n is missing as a factor.")
def power_without_its_factor(g, x, n):
    return g * x ** (n - 1)


@power_vjp.mistake("The exponent was not lowered by 1.")
def power_not_lowered(g, x, n):
    return g * n * x**n


@power_vjp.mistake("This is the derivative for the exponent, x**n · log x: the one for the base is asked.")
def power_for_the_exponent(g, x, n):
    return g * x**n * np.log(x)


@power_vjp.mistake("This is the local gradient alone: the upstream gradient has no part in it.")
def power_without_upstream(g, x, n):
    return n * x ** (n - 1)
