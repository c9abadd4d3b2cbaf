"""Activations: ReLU, leaky ReLU, sigmoid, tanh, softplus, and the Jacobian of a ReLU."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass, plain
from grader.judging.inputs import array, scalar

__all__ = ["ACTIVATIONS"]

X = {"x": array("N", "D")}


def saturated(inputs):
    """s(1 − s) and its like are 0 where a slope of 1e-18 would be exact: right is what is right beside dout."""
    return np.abs(inputs["dout"])


# ------------------------------------------------------------------------------------------ ReLU
relu_forward = forward_pass("layers.relu_forward", X)


@relu_forward.mistake("Negative inputs come out positive. What does a unit that is off hand on?")
def takes_magnitude(x):
    return np.abs(x), x


@relu_forward.mistake("The output is 0 or 1: that is the slope of the function. Which value goes on?")
def returns_mask(x):
    return (x > 0) * 1.0, x


@relu_forward.mistake("The negative part goes through and the positive part is cut. Draw max(0, x).")
def keeps_negative_part(x):
    return np.minimum(x, 0), x


relu_backward = backward_pass("layers.relu_backward", X, ("N", "D"), kinks=True)


@relu_backward.mistake("The mask comes from dout. Which tensor decides whether the unit was active?")
def masks_by_upstream(dout, cache):
    return dout * (dout > 0)


@relu_backward.mistake("Every gradient passes. What happened in the forward pass to the units that were negative?")
def passes_everything(dout, cache):
    return dout.copy()


@relu_backward.mistake("This is the local gradient alone. The chain rule multiplies it with what comes from above.")
def drops_upstream(dout, cache):
    return (cache > 0) * 1.0


@relu_backward.mistake("The mask keeps the units that were off. Check its direction on one positive input.")
def masks_the_wrong_side(dout, cache):
    return dout * (cache <= 0)


@relu_backward.mistake("The input itself is multiplied in. The slope of a line through 0 is a constant.")
def multiplies_by_input(dout, cache):
    return dout * np.maximum(cache, 0)


# ------------------------------------------------------------------------------------ leaky ReLU
LEAKY = {**X, "alpha": scalar(0.02, 0.4)}
leaky_relu_forward = forward_pass("layers.leaky_relu_forward", LEAKY)


@leaky_relu_forward.mistake("alpha is an argument, and 0.01 is what is used whatever it says.")
def ignores_alpha(x, alpha=0.01):
    return np.where(x > 0, x, 0.01 * x), x


@leaky_relu_forward.mistake("The positive side is scaled and the negative side is not: the two are swapped.")
def leaks_on_the_wrong_side(x, alpha=0.01):
    return np.where(x > 0, alpha * x, x), x


@leaky_relu_forward.mistake("The negative side is cut to 0: that is the plain ReLU. Where does alpha come in?")
def does_not_leak(x, alpha=0.01):
    return np.maximum(x, 0), x


@leaky_relu_forward.mistake("The negative side comes out positive: the leak keeps the sign of x.")
def leaks_upwards(x, alpha=0.01):
    return np.where(x > 0, x, -alpha * x), x


leaky_relu_backward = backward_pass("layers.leaky_relu_backward", LEAKY, ("N", "D"), kinks=True)


@leaky_relu_backward.mistake("Units that were negative get no gradient: that is the plain ReLU. What did they leak?")
def stops_leak(dout, cache):
    x, _ = cache
    return dout * (x > 0)


@leaky_relu_backward.mistake("0.01 is used whatever alpha was in the forward pass: it is in the cache.")
def hard_codes_alpha(dout, cache):
    x, _ = cache
    return dout * np.where(x > 0, 1.0, 0.01)


@leaky_relu_backward.mistake("The mask comes from dout. Which tensor decides on which side the unit was?")
def leaks_by_upstream(dout, cache):
    _, alpha = cache
    return dout * np.where(dout > 0, 1.0, alpha)


@leaky_relu_backward.mistake(
    "This is the local gradient alone. The chain rule multiplies it with what comes from above."
)
def leaks_without_upstream(dout, cache):
    x, alpha = cache
    return np.where(x > 0, 1.0, alpha)


# --------------------------------------------------------------------------------------- sigmoid
sigmoid_forward = forward_pass("layers.sigmoid_forward", X, tails=1.0)


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


sigmoid_backward = backward_pass("layers.sigmoid_backward", X, ("N", "D"), slack=saturated)


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


# ------------------------------------------------------------------------------------------ tanh
tanh_forward = forward_pass("layers.tanh_forward", X, tails=1.0)


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


tanh_backward = backward_pass("layers.tanh_backward", X, ("N", "D"), slack=saturated)


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


softplus_backward = backward_pass("layers.softplus_backward", X, ("N", "D"), slack=saturated)


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


# --------------------------------------------------------------------------------- full Jacobian
relu_jacobian = plain("layers.relu_jacobian", {"x": array("D")}, ("jacobian",), kinks=True)


@relu_jacobian.mistake("The diagonal holds the outputs. A Jacobian holds slopes.")
def puts_outputs_on_the_diagonal(x):
    return np.diag(np.maximum(x, 0))


@relu_jacobian.mistake("Each output depends on one input only: what is ∂out_i/∂x_j for i ≠ j?")
def fills_rows(x):
    return np.tile((x > 0) * 1.0, (x.size, 1))


@relu_jacobian.mistake("The slope does not depend on x here. Where x is negative, the output does not move.")
def is_identity(x):
    return np.eye(x.size)


@relu_jacobian.mistake("A Jacobian of D outputs by D inputs is a (D, D) matrix: this is its diagonal only.")
def gives_the_diagonal(x):
    return (x > 0) * 1.0


ACTIVATIONS = (
    relu_forward,
    relu_backward,
    leaky_relu_forward,
    leaky_relu_backward,
    sigmoid_forward,
    sigmoid_backward,
    tanh_forward,
    tanh_backward,
    softplus_forward,
    softplus_backward,
    relu_jacobian,
)
