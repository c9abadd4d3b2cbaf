"""A recurrent layer over all steps, and back through time."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.bank.recurrent.rnn import step_back
from grader.bank.recurrent.units import STEPS, ended, placed, states, weights

LAYER = {
    "x": STEPS,
    "h0": states("N", "H"),
    "Wx": weights("D", "H"),
    "Wh": weights("H", "H"),
    "b": states("H"),
}

# --------------------------------------------------------------------------------------- forward
rnn_forward = forward_pass("recurrent.rnn_forward", LAYER, outputs=("h",), places=placed("h"))


def run(x, h0, Wx, Wh, b, steps=None, before=lambda last, t: last):
    """Return h and its cache; ``before`` makes the state before step t from the last one."""
    T = x.shape[1]
    h, last = np.zeros((len(x), T, len(b))), h0
    for t in range(T) if steps is None else steps(T):
        last = h[:, t] = np.tanh(x[:, t] @ Wx + before(last, t) @ Wh + b)
    return h, (x, h0, Wx, Wh, h)


@rnn_forward.mistake("Each step starts from h0 again: what a step left behind is not what the next one starts from.")
def starts_each_step_from_h0(x, h0, Wx, Wh, b):
    return run(x, h0, Wx, Wh, b, before=lambda last, t: h0)


@rnn_forward.mistake("h0 does not enter: the first step starts from zeros.")
def forgets_h0(x, h0, Wx, Wh, b):
    return run(x, 0 * h0, Wx, Wh, b)


@rnn_forward.mistake("Time runs backwards here: the last step is the first one that is computed.")
def runs_backwards(x, h0, Wx, Wh, b):
    return run(x, h0, Wx, Wh, b, steps=lambda T: reversed(range(T)))


@rnn_forward.mistake("Each state is one step late: that which follows from x[:, t] is h[:, t].")
def is_one_step_late(x, h0, Wx, Wh, b):
    h, cache = run(x, h0, Wx, Wh, b)
    return np.concatenate([h0[:, None], h[:, :-1]], axis=1), cache


@rnn_forward.mistake(
    "What is handed from step to step is the sum of all states so far: a state follows from the last one alone."
)
def hands_on_the_sum(x, h0, Wx, Wh, b):
    total = h0
    h = np.zeros((*x.shape[:2], len(b)))
    for t in range(x.shape[1]):
        h[:, t] = np.tanh(x[:, t] @ Wx + total @ Wh + b)
        total = total + h[:, t]
    return h, (x, h0, Wx, Wh, h)


# -------------------------------------------------------------------------------------- backward
rnn_backward = backward_pass(
    "recurrent.rnn_backward",
    LAYER,
    {"dh": ("N", "T", "H")},
    points=5,
    outputs=("dx", "dh0", "dWx", "dWh", "db"),
    slack=ended,
    places=placed("dx", "dh0", "dWx", "dWh", "db"),
)


def swept(dh, cache, carry=lambda da, Wh: da @ Wh.T, add=lambda total, new: total + new, before=None, forwards=False):
    """Return the gradients of a sweep; what is carried, how steps are added up and which state was before t can be spoilt."""
    x, h0, Wx, Wh, h = cache
    T = x.shape[1]
    dx, carried, of_weights = np.zeros_like(x), np.zeros_like(h0), (0 * Wx, 0 * Wh, 0 * Wh[0])
    for t in range(T) if forwards else reversed(range(T)):
        earlier = (h[:, t - 1] if t else h0) if before is None else before(h0, h, t)
        da = (dh[:, t] + carried) * (1 - h[:, t] ** 2)
        dx[:, t], _, *new = step_back(da, x[:, t], earlier, Wx, Wh)
        carried = carry(da, Wh)
        of_weights = tuple(map(add, of_weights, new))
    return dx, carried, *of_weights


@rnn_backward.mistake(
    "dx is exact at the last step only: what comes back from the step after is lost. h[:, t] has two ways to the loss, its own "
    "output and the next state."
)
def drops_the_carried_gradient(dh, cache):
    dx, _, *of_weights = swept(dh, cache, carry=lambda da, Wh: 0 * da)
    _x, _h0, _Wx, Wh, h = cache
    return dx, (dh[:, 0] * (1 - h[:, 0] ** 2)) @ Wh.T, *of_weights


@rnn_backward.mistake(
    "dx and dh0 are exact, and what is wrong is of one step alone: every step uses the same weights, and each has its say."
)
def overwrites_over_time(dh, cache):
    return swept(dh, cache, add=lambda total, new: new)


@rnn_backward.mistake(
    "Only dWh is wrong: Wh was multiplied by the state before each step, not by the one that it made."
)
def takes_h_t_in_dWh(dh, cache):  # noqa: N802 - the array's name
    return swept(dh, cache, before=lambda h0, h, t: h[:, t])


@rnn_backward.mistake("Only dWh is wrong: before the first step stands h0. Which state does the index −1 name?")
def takes_the_last_state_before_the_first(dh, cache):
    return swept(dh, cache, before=lambda h0, h, t: h[:, t - 1])


@rnn_backward.mistake("Gradients of weights are divided by T: steps add up, as examples do.")
def averages_over_time(dh, cache):
    dx, dh0, *of_weights = swept(dh, cache)
    return dx, dh0, *(d / dh.shape[1] for d in of_weights)


@rnn_backward.mistake("What is carried back went through Wh from the wrong side: dx is exact at the last step only.")
def carries_without_the_transpose(dh, cache):
    return swept(dh, cache, carry=lambda da, Wh: da @ Wh)


@rnn_backward.mistake("What is carried back skips Wh: dx is exact at the last step only.")
def carries_past_the_weights(dh, cache):
    return swept(dh, cache, carry=lambda da, Wh: da)


@rnn_backward.mistake(
    "The sweep runs from the first step to the last: a gradient at step t needs what comes back from t + 1."
)
def sweeps_forwards(dh, cache):
    return swept(dh, cache, forwards=True)


@rnn_backward.mistake(
    "The carried gradient is added behind the slope of tanh, which it has to pass like the other: dx is exact at the "
    "last step only."
)
def adds_behind_the_slope(dh, cache):
    x, h0, Wx, Wh, h = cache
    dx, carried, of_weights = np.zeros_like(x), np.zeros_like(h0), (0 * Wx, 0 * Wh, 0 * Wh[0])
    for t in reversed(range(x.shape[1])):
        da = dh[:, t] * (1 - h[:, t] ** 2) + carried
        dx[:, t], carried, *new = step_back(da, x[:, t], h[:, t - 1] if t else h0, Wx, Wh)
        of_weights = tuple(a + b for a, b in zip(of_weights, new, strict=True))
    return dx, carried, *of_weights


@rnn_backward.mistake(
    "dh0 is the gradient by the first state: one more step, with its tanh and its weights, lies between that state and h0."
)
def stops_at_the_first_state(dh, cache):
    totals = []

    def carry(da, Wh):
        totals.append(da)
        return da @ Wh.T

    dx, _, *of_weights = swept(dh, cache, carry=carry)
    _x, _h0, _Wx, Wh, h = cache
    back = totals[-2] @ Wh.T if h.shape[1] > 1 else 0.0
    return dx, dh[:, 0] + back, *of_weights


@rnn_backward.mistake(
    "Entries of the weights' gradients end at −5 and 5: what is asked is the gradient as it is, and clipping is a step of its own."
)
def clips_the_gradients(dh, cache):
    dx, dh0, *of_weights = swept(dh, cache)
    return dx, dh0, *(np.clip(d, -5, 5) for d in of_weights)
