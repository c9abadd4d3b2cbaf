"""One step of a recurrent layer, forward and backward."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.bank.recurrent.units import X, ended, logistic, placed, states, weights

STEP = {
    "x": X,
    "prev_h": states("N", "H"),
    "Wx": weights("D", "H"),
    "Wh": weights("H", "H"),
    "b": states("H"),
}
GRADIENTS = ("dx", "dprev_h", "dWx", "dWh", "db")

# --------------------------------------------------------------------------------------- forward
rnn_step_forward = forward_pass("recurrent.rnn_step_forward", STEP, outputs=("next_h",), places=placed("next_h"))


def kept(x, prev_h, Wx, Wh, next_h):
    """Return a state with the cache of its step."""
    return next_h, (x, prev_h, Wx, Wh, next_h)


@rnn_step_forward.mistake("The bias is missing.")
def forgets_the_bias(x, prev_h, Wx, Wh, b):
    return kept(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h @ Wh))


@rnn_step_forward.mistake("The previous state does not enter: this step remembers nothing.")
def forgets_the_state(x, prev_h, Wx, Wh, b):
    return kept(x, prev_h, Wx, Wh, np.tanh(x @ Wx + b))


@rnn_step_forward.mistake("The step is linear: the nonlinearity is missing.", carries=False)
def stays_linear(x, prev_h, Wx, Wh, b):
    return kept(x, prev_h, Wx, Wh, x @ Wx + prev_h @ Wh + b)


@rnn_step_forward.mistake("Wh is transposed. Which of its axes is the old state, and which the new one?")
def transposes_the_recurrence(x, prev_h, Wx, Wh, b):
    return kept(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h @ Wh.T + b))


@rnn_step_forward.mistake("The state is between 0 and 1: that is the logistic function, and tanh is asked.")
def takes_the_logistic_function(x, prev_h, Wx, Wh, b):
    return kept(x, prev_h, Wx, Wh, logistic(x @ Wx + prev_h @ Wh + b))


@rnn_step_forward.mistake("Input and state are squashed one by one and then added: the sum may leave [−1, 1].")
def squashes_each_part(x, prev_h, Wx, Wh, b):
    return kept(x, prev_h, Wx, Wh, np.tanh(x @ Wx + b) + np.tanh(prev_h @ Wh))


@rnn_step_forward.mistake("The bias comes behind the tanh: the state may leave [−1, 1].")
def adds_the_bias_last(x, prev_h, Wx, Wh, b):
    return kept(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h @ Wh) + b)


# -------------------------------------------------------------------------------------- backward
rnn_step_backward = backward_pass(
    "recurrent.rnn_step_backward",
    STEP,
    {"dnext_h": ("N", "H")},
    points=5,
    outputs=GRADIENTS,
    slack=ended,
    places=placed(*GRADIENTS),
)


def step_back(da, x, prev_h, Wx, Wh):
    """Return the gradients of a step from that of the pre-activation."""
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)


@rnn_step_backward.mistake("The slope of tanh is missing: the gradient went through it unchanged.")
def forgets_the_slope(dnext_h, cache):
    x, prev_h, Wx, Wh, _next_h = cache
    return step_back(dnext_h, x, prev_h, Wx, Wh)


@rnn_step_backward.mistake(
    "The slope is taken at the state, to which tanh was applied already: here it was applied twice."
)
def takes_the_slope_at_the_state(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    return step_back(dnext_h * (1 - np.tanh(next_h) ** 2), x, prev_h, Wx, Wh)


@rnn_step_backward.mistake("The slope is h(1 − h), which is that of the logistic function.")
def takes_the_logistic_slope(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    return step_back(dnext_h * next_h * (1 - next_h), x, prev_h, Wx, Wh)


@rnn_step_backward.mistake(
    "Only dWh is wrong: Wh was multiplied by the state before the step, not by the one after it."
)
def takes_the_next_state_in_dWh(dnext_h, cache):  # noqa: N802 - the array's name
    x, prev_h, Wx, Wh, next_h = cache
    dx, dprev_h, dWx, _, db = step_back(dnext_h * (1 - next_h**2), x, prev_h, Wx, Wh)
    return dx, dprev_h, dWx, next_h.T @ (dnext_h * (1 - next_h**2)), db


@rnn_step_backward.mistake("Only dprev_h is wrong: on the way back Wh is gone through from the other side.")
def forgets_a_transpose(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    dx, _, dWx, dWh, db = step_back(da, x, prev_h, Wx, Wh)
    return dx, da @ Wh, dWx, dWh, db


@rnn_step_backward.mistake("Gradients of weights are divided by N. If a mean belongs anywhere, it came with dnext_h.")
def averages_over_examples(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    dx, dprev_h, dWx, dWh, db = step_back(dnext_h * (1 - next_h**2), x, prev_h, Wx, Wh)
    return dx, dprev_h, dWx / len(x), dWh / len(x), db / len(x)
