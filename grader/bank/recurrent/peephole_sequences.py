"""An LSTM with peepholes over all steps, and back through time."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.bank.recurrent.lstm_sequences import LAYER as WITHOUT
from grader.bank.recurrent.peepholes import sent_back, size, stepped
from grader.bank.recurrent.units import LSTM, blocks, placed, started, states

LAYER = {name: WITHOUT[name] for name in ("x", "h0", "Wx", "Wh")} | {"p": states("3", "H"), "b": WITHOUT["b"]}

# --------------------------------------------------------------------------------------- forward
peephole_forward = forward_pass("recurrent.peephole_forward", LAYER, outputs=("h",), slack=started, places=placed("h"))


def run(x, h0, Wx, Wh, p, b, hand_on=lambda h, c, t: (h, c), peepholes=lambda p, t: p, c0=None):
    """Return h and its cache; ``hand_on`` makes what step t starts from, ``peepholes`` those that it has."""
    h, c = h0, np.zeros_like(h0) if c0 is None else c0
    kept = []
    for t in range(x.shape[1]):
        h, c = hand_on(h, c, t)
        h, c, (*_, i, f, o, g, _) = stepped(x[:, t], h, c, Wx, Wh, peepholes(p, t), b)
        kept.append((np.concatenate([i, f, o, g], axis=1), c, h))
    gates, cells, hidden = (np.stack(rows, axis=1) for rows in zip(*kept, strict=True))
    return hidden, (x, h0, Wx, Wh, p, gates, cells, hidden)


@peephole_forward.mistake("No gate sees the cell: this is the LSTM without peepholes.")
def closes_the_peepholes(x, h0, Wx, Wh, p, b):
    return run(x, h0, Wx, Wh, p, b, peepholes=lambda p, t: 0 * p)


@peephole_forward.mistake("The cell is emptied before each step: only the hidden state is handed on.")
def empties_the_cell(x, h0, Wx, Wh, p, b):
    return run(x, h0, Wx, Wh, p, b, hand_on=lambda h, c, t: (h, 0 * c))


@peephole_forward.mistake("The cell starts from h0: its first state is 0.")
def starts_the_cell_from_h0(x, h0, Wx, Wh, p, b):
    return run(x, h0, Wx, Wh, p, b, c0=h0)


# -------------------------------------------------------------------------------------- backward
peephole_backward = backward_pass(
    "recurrent.peephole_backward",
    LAYER,
    {"dh": ("N", "T", "H")},
    points=6,
    outputs=("dx", "dh0", "dWx", "dWh", "dp", "db"),
    slack=lambda inputs: 4 * size(inputs) * inputs["x"].shape[1],
    places=placed("dx", "dh0", "dWx", "dWh", "dp", "db", last=LSTM),
)


def swept(dh, cache, hand_on=lambda h, c: (h, c), add=lambda total, new: total + new, back=None):
    """Return the gradients of a sweep; ``hand_on`` makes what step t − 1 gets, ``back`` is the backward pass of a step."""
    x, h0, Wx, Wh, p, gates, c, h = cache
    dx, carried, of_weights = np.zeros_like(x), (0 * h0, 0 * h0), (0 * Wx, 0 * Wh, 0 * p, 0 * Wh[0])
    for t in reversed(range(x.shape[1])):
        earlier = (h[:, t - 1], c[:, t - 1]) if t else (h0, 0 * h0)
        step = (x[:, t], *earlier, Wx, Wh, p, *blocks(gates[:, t], 4), c[:, t])
        dx[:, t], dprev_h, dprev_c, *new = (back or sent_back)(dh[:, t] + carried[0], carried[1], step)
        carried, last = hand_on(dprev_h, dprev_c), dprev_h
        of_weights = tuple(map(add, of_weights, new))
    return dx, last, *of_weights


@peephole_backward.mistake("dx is exact at the last step only: what comes back along the cell state is lost.")
def drops_what_the_cell_carries(dh, cache):
    return swept(dh, cache, hand_on=lambda h, c: (h, 0 * c))


@peephole_backward.mistake(
    "dx is exact at the last step only. Each step may be right, but two gradients come back from it, and they are "
    "mixed up between steps."
)
def mixes_the_carried_gradients(dh, cache):
    return swept(dh, cache, hand_on=lambda h, c: (c, h))


@peephole_backward.mistake(
    "dx and dh0 are exact, the gradients of the weights are those of one step: every step uses the same weights, and "
    "each has its say."
)
def overwrites_over_time(dh, cache):
    return swept(dh, cache, add=lambda total, new: new)


@peephole_backward.mistake(
    "dx is exact at the last step only: what comes back along the cell leaves out the peepholes, by which it moved "
    "the next step's gates."
)
def carries_past_the_peepholes(dh, cache):
    def back(dnext_h, dnext_c, step):
        dx, dprev_h, _, *others = sent_back(dnext_h, dnext_c, step)
        dc = dnext_c + dnext_h * step[8] * (1 - np.tanh(step[10]) ** 2)
        return dx, dprev_h, dc * step[7], *others

    return swept(dh, cache, back=back)
