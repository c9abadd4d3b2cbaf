"""The reach of gradients in a recurrent layer: what a step leaves of one, and norms step by step."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain, prediction
from grader.bank.recurrent.units import short, states
from grader.judging import Invariant, drawn

predict_carried_gradient = prediction(
    "recurrent.predict_carried_gradient",
    {
        0.5: "That is one step back. There are four between h0 and the loss.",
        0.125: "That is three steps: the first one leads from h0 to the first state.",
        2.0: "The steps do not add up along one path: along a path slopes multiply.",
        0.0: "The states are 0, and tanh is steepest there: its slope is 1.",
        1.0: "Each step passes through Wh.",
        0.03125: "Those are five steps.",
    },
    tolerance=1e-9,
)

LONG = 100


def length(m):
    """Return the number of steps: in some cases a hundred, never in those that people look at."""
    return LONG if m.recipe.seed % 8 == 1 and m.recipe.digits is None else 1 + m.size("T")


def inputs_(m):
    return short(m, m.rng.standard_normal((m.size("N"), length(m), m.size("D"))))


def recurrence(m):
    """Draw Wh; over many steps one of entries of one sign, under which rounding grows no faster than gradients do."""
    H = m.size("H")
    Wh = m.rng.standard_normal((H, H)) / np.sqrt(H)
    return np.abs(Wh) if length(m) == LONG else short(m, Wh)


def small_recurrence(m):
    H = m.size("H")
    scale = 0.1 if length(m) == LONG else 1 / np.sqrt(H)
    return short(m, scale * m.rng.standard_normal((H, 4 * H)))


def narrow(rows, count):
    return drawn(lambda m: short(m, 0.4 * m.rng.standard_normal((m.size(rows), count * m.size("H")))))


REGIMES = ("randn", "odd")
TALL = {"x": drawn(inputs_), "h0": states("N", "H")}


def last_norm(inputs, outputs):
    """Return what the last norm is above that of an array of ones."""
    return outputs["norms"][-1:] - np.sqrt(inputs["h0"].size)


rnn_gradient_norms = plain(
    "recurrent.rnn_gradient_norms",
    {**TALL, "Wx": narrow("D", 1), "Wh": drawn(recurrence), "b": states("H")},
    ("norms",),
    regimes=REGIMES,
    places={"norms": ("step",)},
    invariants=(Invariant("last_is_of_ones", "The last norm is that of ones, √(N·H); yours is not.", last_norm),),
)


def states_of(x, h0, Wx, Wh, b):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(np.tanh(x[:, t] @ Wx + h[t] @ Wh + b))
    return h[1:]


def norm(a):
    return np.sqrt((a**2).sum())


def norms_of(h, back, at_each=0.0, size=norm):
    """Return the norms of a sweep; ``back`` leads from the gradient by state t to that by state t − 1."""
    dh = np.ones_like(h[-1])
    norms = [size(dh)]
    for t in reversed(range(1, len(h))):
        dh = back(dh, h, t) + at_each
        norms.append(size(dh))
    return np.array(norms[::-1])


@rnn_gradient_norms.mistake("The slopes of tanh are missing: these are the norms in a layer without a nonlinearity.")
def forgets_the_slopes(x, h0, Wx, Wh, b):
    return norms_of(states_of(x, h0, Wx, Wh, b), lambda dh, h, t: dh @ Wh.T)


@rnn_gradient_norms.mistake(
    "The slope is that of the step before: from h[:, t] to h[:, t − 1] leads the tanh that made h[:, t]."
)
def takes_the_slope_a_step_early(x, h0, Wx, Wh, b):
    return norms_of(states_of(x, h0, Wx, Wh, b), lambda dh, h, t: (dh * (1 - h[t - 1] ** 2)) @ Wh.T)


@rnn_gradient_norms.mistake("Wh is gone through from the wrong side on the way back.")
def forgets_the_transpose(x, h0, Wx, Wh, b):
    return norms_of(states_of(x, h0, Wx, Wh, b), lambda dh, h, t: (dh * (1 - h[t] ** 2)) @ Wh)


@rnn_gradient_norms.mistake("The last step stands first.")
def turns_the_steps_around(x, h0, Wx, Wh, b):
    return norms_of(states_of(x, h0, Wx, Wh, b), lambda dh, h, t: (dh * (1 - h[t] ** 2)) @ Wh.T)[::-1]


@rnn_gradient_norms.mistake("Every state has a share in the loss here: L is the sum of the last state's entries alone.")
def counts_every_state(x, h0, Wx, Wh, b):
    return norms_of(states_of(x, h0, Wx, Wh, b), lambda dh, h, t: (dh * (1 - h[t] ** 2)) @ Wh.T, at_each=1.0)


@rnn_gradient_norms.mistake("The roots are missing: these are the squares of the norms.")
def forgets_the_root(x, h0, Wx, Wh, b):
    return norms_of(states_of(x, h0, Wx, Wh, b), lambda dh, h, t: (dh * (1 - h[t] ** 2)) @ Wh.T) ** 2


@rnn_gradient_norms.mistake("The squares are averaged under the root: a norm is the root of their sum.")
def averages_the_squares(x, h0, Wx, Wh, b):
    h = states_of(x, h0, Wx, Wh, b)
    return norms_of(h, lambda dh, h, t: (dh * (1 - h[t] ** 2)) @ Wh.T) / np.sqrt(h[0].size)


@rnn_gradient_norms.mistake(
    "The norm is the largest singular value: what is asked is the root of the sum of all squares."
)
def takes_the_largest_singular_value(x, h0, Wx, Wh, b):
    h = states_of(x, h0, Wx, Wh, b)
    return norms_of(h, lambda dh, h, t: (dh * (1 - h[t] ** 2)) @ Wh.T, size=lambda dh: np.linalg.norm(dh, 2))
