"""The reach of gradients in an LSTM: what gates leave of one, and norms step by step."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain, prediction
from grader.bank.recurrent.horizon import REGIMES, TALL, narrow, small_recurrence
from grader.bank.recurrent.lstm import stepped
from grader.bank.recurrent.units import states
from grader.judging import drawn

predict_gate_memory = prediction(
    "recurrent.predict_gate_memory",
    {
        0.0: "0.99 to the power of 100 is not that small.",
        1.0: "Each step multiplies by the forget gate.",
        0.99: "That is one step, and there are a hundred between the two.",
        0.01: "The hundred steps do not each take 1 % of the first gradient: each takes 1 % of what is left.",
        2.7319990264290284: "That is the last over the first.",
    },
    tolerance=5e-3,
)

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
