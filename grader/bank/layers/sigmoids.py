"""Smooth activations: sigmoid, tanh, softplus."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.judging import array

X = {"x": array("...")}


def saturated(inputs):
    """Return |dout| as slack: s(1 − s) and its like round to 0 where the exact slope is 1e-18, and are judged beside dout."""
    return np.abs(inputs["dout"])


# --------------------------------------------------------------------------------------- sigmoid
sigmoid_forward = forward_pass("layers.sigmoid_forward", X, tails=1.0)


@sigmoid_forward.accepts_guard
def guards_one_plus_e(x, eps):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, e) / (1 + e + eps), None


@sigmoid_forward.accepts_guard
def guards_the_formula(x, eps):
    return 1 / (1 + np.exp(-x) + eps), None


@sigmoid_forward.mistake("The curve falls where it must rise: look at the sign in the exponent.")
def falls(x):
    e = np.exp(-np.abs(x))
    return np.where(x > 0, e, 1.0) / (1 + e), None


@sigmoid_forward.mistake("This is tanh, between −1 and 1. A sigmoid ends at 0 and at 1.")
def is_tanh(x):
    return np.tanh(x), None


@sigmoid_forward.mistake(
    "exp(x) / (1 + exp(x)) is right for small x, and inf / inf for large x: which equal form is safe there?"
)
def overflows_to_the_right(x):
    return np.exp(x) / (1 + np.exp(x)), None


sigmoid_backward = backward_pass("layers.sigmoid_backward", X, ("...",), slack=saturated)


@sigmoid_backward.mistake("The slope of the sigmoid is largest in the middle and 0 at both ends: s alone is not.")
def forgets_one_minus_s(dout, cache):
    return dout * cache


@sigmoid_backward.mistake("A sign: s(1 + s) grows with s, while the slope falls to 0 at s = 1.")
def adds_instead(dout, cache):
    return dout * cache * (1 + cache)


@sigmoid_backward.mistake("This is the local gradient alone. The chain rule multiplies it with what comes from above.")
def sigmoid_without_upstream(dout, cache):
    return cache * (1 - cache)


@sigmoid_backward.mistake("The cache holds the output s already: the sigmoid was taken of it a second time.")
def squashes_twice(dout, cache):
    s = 1 / (1 + np.exp(-cache))
    return dout * s * (1 - s)


@sigmoid_backward.mistake("s(1 − s) is in terms of the output, and the input was put in its place.")
def puts_the_input_into_the_formula_for_the_output(dout, cache):
    x = np.log(cache) - np.log1p(-cache)
    return dout * x * (1 - x)


@sigmoid_backward.mistake("1 − s² is the slope of tanh in terms of its output.")
def uses_the_slope_of_tanh(dout, cache):
    return dout * (1 - cache**2)


@sigmoid_backward.mistake("(1 − s) alone: the slope is largest in the middle, and 0 at both ends.")
def forgets_s(dout, cache):
    return dout * (1 - cache)


# ------------------------------------------------------------------------------------------ tanh
tanh_forward = forward_pass("layers.tanh_forward", X, tails=1.0)


@tanh_forward.accepts_guard
def guards_the_quotient(x, eps):
    e = np.exp(-2 * np.abs(x))
    return np.sign(x) * (1 - e) / (1 + e + eps), None


@tanh_forward.mistake("This is the sigmoid, between 0 and 1. tanh is odd: tanh(0) = 0.")
def is_sigmoid(x):
    return 0.5 * (1 + np.tanh(x / 2)), None


@tanh_forward.mistake("The exponentials overflow for large x, and inf / inf is not a number.")
def divides_exponentials(x):
    a, b = np.exp(x), np.exp(-x)
    return (a - b) / (a + b), None


@tanh_forward.mistake("The input is halved, or doubled, on its way: tanh(x) = 2σ(2x) − 1.")
def halves_the_input(x):
    return np.tanh(x / 2), None


tanh_backward = backward_pass("layers.tanh_backward", X, ("...",), slack=saturated)


@tanh_backward.mistake("1 − tanh² is right, but the cache is already the output: tanh was taken of it a second time.")
def tanh_twice(dout, cache):
    return dout * (1 - np.tanh(cache) ** 2)


@tanh_backward.mistake("1 − t is not the slope: at t = −1 the curve is flat.")
def forgets_the_square(dout, cache):
    return dout * (1 - cache)


@tanh_backward.mistake("t(1 − t) is the slope of the sigmoid in terms of its output. What is it for tanh?")
def uses_the_sigmoids_slope(dout, cache):
    return dout * cache * (1 - cache)


@tanh_backward.mistake("This is the local gradient alone. The chain rule multiplies it with what comes from above.")
def tanh_without_upstream(dout, cache):
    return 1 - cache**2


@tanh_backward.mistake("1 − t² is in terms of the output, and the input was put in its place.")
def puts_the_input_where_the_output_belongs(dout, cache):
    return dout * (1 - np.arctanh(cache) ** 2)


@tanh_backward.mistake("1/cosh is the root of the slope: the square is missing.")
def forgets_to_square_the_secant(dout, cache):
    return dout * np.sqrt(1 - cache**2)


@tanh_backward.mistake("A sign: 1 + t² grows where the curve becomes flat.")
def adds_the_square(dout, cache):
    return dout * (1 + cache**2)


# -------------------------------------------------------------------------------------- softplus
softplus_forward = forward_pass("layers.softplus_forward", X, tails=1.0)


@softplus_forward.mistake(
    "exp(x) overflows for large x, where softplus(x) is x itself. Which equal form is safe there?"
)
def softplus_overflows(x):
    return np.log(1 + np.exp(x)), x


@softplus_forward.mistake("The curve falls where it must rise: look at the sign in the exponent.")
def softplus_falls(x):
    return np.logaddexp(0, -x), x


@softplus_forward.mistake("This is the ReLU, whose corner softplus rounds off: softplus(0) = log 2.")
def softplus_is_relu(x):
    return np.maximum(x, 0), x


@softplus_forward.mistake("The logarithm is to base 2: at 0 it gives 1, where log 2 is due.")
def counts_in_bits(x):
    return np.logaddexp2(0, x), x


softplus_backward = backward_pass("layers.softplus_backward", X, ("...",), slack=saturated)


@softplus_backward.mistake("That is the slope of the sigmoid. The slope of softplus is the sigmoid itself.")
def differentiates_once_more(dout, cache):
    s = np.exp(-np.logaddexp(0, -cache))
    return dout * s * (1 - s)


@softplus_backward.mistake("The slope falls where it must rise: far to the right, softplus(x) is x.")
def softplus_slope_falls(dout, cache):
    return dout * np.exp(-np.logaddexp(0, cache))


@softplus_backward.mistake("This is the local gradient alone. The chain rule multiplies it with what comes from above.")
def softplus_without_upstream(dout, cache):
    return np.exp(-np.logaddexp(0, -cache))


@softplus_backward.mistake("This is the mask of a ReLU: softplus has no corner.")
def softplus_steps(dout, cache):
    return dout * (cache > 0)
