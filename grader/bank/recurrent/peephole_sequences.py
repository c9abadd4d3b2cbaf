"""An LSTM with peepholes over all steps, and back through time."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.bank.recurrent.lstm_sequences import LAYER as WITHOUT
from grader.bank.recurrent.peepholes import (
    before_gates,
    cell,
    sees_the_hidden_state,
    sent_back,
    shows_the_output_gate_the_next_cell,
    size,
    stepped,
)
from grader.bank.recurrent.units import LSTM, blocks, placed, started, states

LAYER = {name: WITHOUT[name] for name in ("x", "h0", "Wx", "Wh")} | {"p": states("3", "H"), "b": WITHOUT["b"]}

# --------------------------------------------------------------------------------------- forward
peephole_forward = forward_pass("recurrent.peephole_forward", LAYER, outputs=("h",), slack=started, places=placed("h"))


def run(x, h0, Wx, Wh, p, b, hand_on=lambda h, c, t: (h, c), peepholes=lambda p, t: p, c0=None, step=stepped):
    """Return h and its cache; ``hand_on`` makes what step t starts from, ``peepholes`` those that it has."""
    h, c = h0, np.zeros_like(h0) if c0 is None else c0
    kept = []
    for t in range(x.shape[1]):
        h, c = hand_on(h, c, t)
        h, c, (*_, i, f, o, g, _) = step(x[:, t], h, c, Wx, Wh, peepholes(p, t), b)
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


@peephole_forward.mistake("The output gate sees the next cell, as in the original. Here it sees the previous one.")
def shows_the_output_gate_the_next_cell_over_time(x, h0, Wx, Wh, p, b):
    return run(x, h0, Wx, Wh, p, b, step=shows_the_output_gate_the_next_cell)


@peephole_forward.mistake("The gates see the hidden state a second time: what they are to see is the cell.")
def sees_the_hidden_state_over_time(x, h0, Wx, Wh, p, b):
    return run(x, h0, Wx, Wh, p, b, step=sees_the_hidden_state)


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


def swept(
    dh, cache, hand_on=lambda h, c: (h, c), add=lambda total, new: total + new, back=None, start=lambda c: 0 * c[:, 0]
):
    """Return the gradients of a sweep.

    ``hand_on`` makes what step t − 1 gets, ``back`` is the backward pass of a step, ``start`` makes the cell before the first.
    """
    x, h0, Wx, Wh, p, gates, c, h = cache
    dx, carried, of_weights = np.zeros_like(x), (0 * h0, 0 * h0), (0 * Wx, 0 * Wh, 0 * p, 0 * Wh[0])
    for t in reversed(range(x.shape[1])):
        earlier = (h[:, t - 1], c[:, t - 1]) if t else (h0, start(c))
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
    "dx and dh0 are exact, and what is wrong is of one step alone: every step uses the same weights, and each has its say."
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


@peephole_backward.mistake("dx is exact at the last step only: what comes back along the hidden state is lost.")
def drops_what_the_hidden_state_carries(dh, cache):
    return swept(dh, cache, hand_on=lambda h, c: (0 * h, c))


@peephole_backward.mistake("In dp stands the cell after each step: the gates saw the one before it.")
def takes_c_t_in_dp(dh, cache):
    def back(dnext_h, dnext_c, step):
        *others, _, db = sent_back(dnext_h, dnext_c, step)
        da = before_gates(dnext_h, cell(dnext_h, dnext_c, step), step)
        return *others, np.stack([(d * step[10]).sum(axis=0) for d in da[:3]]), db

    return swept(dh, cache, back=back)


@peephole_backward.mistake(
    "Before the first step the cell is 0; here it is the last one. Which state does the index −1 name?"
)
def takes_the_last_cell_before_the_first(dh, cache):
    return swept(dh, cache, start=lambda c: c[:, -1])
