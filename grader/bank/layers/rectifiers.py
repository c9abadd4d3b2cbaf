"""Rectifiers: ReLU and leaky ReLU."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.judging import array, optional, scalar

X = {"x": array("...")}

# ------------------------------------------------------------------------------------------ ReLU
relu_forward = forward_pass("layers.relu_forward", X)


@relu_forward.mistake("Negative inputs come out positive. What does a unit that is off hand on?")
def takes_magnitude(x):
    return np.abs(x), x


@relu_forward.mistake("The output is 0 or 1: that is the slope of the function. Which value goes on?", carries=False)
def returns_mask(x):
    return (x > 0) * 1.0, x


@relu_forward.mistake("The negative part goes through and the positive part is cut. Draw max(0, x).")
def keeps_negative_part(x):
    return np.minimum(x, 0), x


@relu_forward.mistake("The negative part leaks through: a unit that is off hands on exactly 0.")
def leaks(x):
    return np.where(x > 0, x, 0.01 * x), x


@relu_forward.mistake("Large inputs are capped: a ReLU has no ceiling.")
def caps_at_six(x):
    return np.clip(x, 0, 6), x


relu_backward = backward_pass("layers.relu_backward", X, ("...",), kinks=True)


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
LEAKY = {**X, "alpha": optional(scalar(0.02, 0.98))}
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


leaky_relu_backward = backward_pass("layers.leaky_relu_backward", LEAKY, ("...",), kinks=True)


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


@leaky_relu_backward.mistake("alpha is applied to units that were active too: their slope is 1.")
def leaks_on_both_sides(dout, cache):
    _, alpha = cache
    return dout * alpha


@leaky_relu_backward.mistake("The leak pushes the other way: its slope is alpha, not minus alpha.")
def turns_the_leak(dout, cache):
    x, alpha = cache
    return dout * np.where(x > 0, 1.0, -alpha)
