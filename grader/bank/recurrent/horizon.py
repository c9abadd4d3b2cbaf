"""The reach of gradients: their norms step by step."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.bank.recurrent.lstm import stepped
from grader.bank.recurrent.truncation import states_of
from grader.bank.recurrent.units import short, states
from grader.judging import Invariant, drawn

LONG = 100


def length(m):
    """Return the number of steps: in some cases a hundred, never in those that people look at."""
    return LONG if m.recipe.seed % 4 == 1 and m.recipe.digits is None else 1 + m.size("T")


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


lstm_gradient_norms = plain(
    "recurrent.lstm_gradient_norms",
    {**TALL, "Wx": narrow("D", 4), "Wh": drawn(small_recurrence), "b": states("H", count=4)},
    ("norms",),
    regimes=REGIMES,
    places={"norms": ("step",)},
)


def cell_norms(
    x,
    h0,
    Wx,
    Wh,
    b,
    hidden=1.0,
    root=np.sqrt,
    slope=lambda s: 1 - s**2,
    gates=(1, 1, 1, 1),
    of=None,
    c0=0.0,
    above=(1.0, 0.0),
):
    """Return the norms by the cells; the way through the hidden states, or through some gates, can be left out.

    ``of`` makes another gradient of that by h, that by c from the steps after, and that by c; ``c0`` of h0 is
    the first cell, ``above`` what arrives at the last h and c.
    """
    h, c, steps = h0, c0 * h0, []
    for t in range(x.shape[1]):
        h, c, cache = stepped(x[:, t], h, c, Wx, Wh, b)
        steps.append(cache)
    dh, dc, found = above[0] * np.ones_like(h), above[1] * np.ones_like(h), []
    for _, _, before, _, _, i, f, o, g, after in reversed(steps):
        shown = np.tanh(after)
        later, dc = dc, dc + dh * o * slope(shown)
        found.append(root(((dc if of is None else of(dh, later, dc)) ** 2).sum()))
        da = [dc * g * i * (1 - i), dc * before * f * (1 - f), dh * shown * o * (1 - o), dc * i * (1 - g**2)]
        dh = hidden * np.concatenate([d * on for d, on in zip(da, gates, strict=True)], axis=1) @ Wh.T
        dc = dc * f
    return np.array(found[::-1])


@lstm_gradient_norms.mistake(
    "Only the way along the cells is counted: a cell also shows in h, and h moves the gates of the next step."
)
def follows_the_cells_alone(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, hidden=0.0)


@lstm_gradient_norms.mistake("The way from h[:, t] to c[:, t] leads through a tanh, and its slope is missing.")
def forgets_the_slope_of_the_shown_cell(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, slope=np.ones_like)


@lstm_gradient_norms.mistake("The roots are missing: these are the squares of the norms.")
def forgets_the_root_of_cells(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, root=lambda square: square)


@lstm_gradient_norms.mistake("The last step stands first.")
def turns_the_steps_of_cells_around(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b)[::-1]


@lstm_gradient_norms.mistake(
    "The way through the forget gates is left out: what they let through depends on the hidden state before."
)
def leaves_out_the_forget_gates(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, gates=(1, 0, 1, 1))


@lstm_gradient_norms.mistake("These are the norms of the gradient by the hidden states: that by the cells is asked.")
def takes_the_hidden_states(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, of=lambda dh, later, dc: dh)


@lstm_gradient_norms.mistake("What reaches a cell through the h of its own step is missing from its norm.")
def takes_the_norm_too_soon(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, of=lambda dh, later, dc: later)


@lstm_gradient_norms.mistake("The squares are averaged under the root: a norm is the root of their sum.")
def averages_the_squares_of_cells(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, root=lambda square: np.sqrt(square / h0.size))


@lstm_gradient_norms.mistake("L is the sum of the last cells here: that of the last hidden states is asked.")
def sums_the_last_cells(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, above=(0.0, 1.0))


@lstm_gradient_norms.mistake("The cell starts from h0: its first state is 0.")
def starts_the_cells_from_h0(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, c0=1.0)
