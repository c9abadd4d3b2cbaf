"""One step of an LSTM whose gates see the previous cell, forward and backward."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.bank.recurrent.lstm import ABOVE, gates
from grader.bank.recurrent.lstm import STEP as WITHOUT
from grader.bank.recurrent.units import LSTM, blocks, ended, logistic, placed, started, states

STEP = {name: WITHOUT[name] for name in ("x", "prev_h", "prev_c", "Wx", "Wh")} | {
    "p": states("3", "H"),
    "b": WITHOUT["b"],
}

# --------------------------------------------------------------------------------------- forward
peephole_step_forward = forward_pass(
    "recurrent.peephole_step_forward",
    STEP,
    outputs=("next_h", "next_c"),
    slack=started,
    places=placed("next_h", "next_c"),
)


def seeing(prev_c, *peepholes):
    """Return what the gates see of a cell, as four blocks."""
    return np.concatenate([*(p * prev_c for p in peepholes), np.zeros_like(prev_c)], axis=1)


def finished(x, prev_h, prev_c, Wx, Wh, p, four):
    """Return a step with its cache from its gates."""
    i, f, o, g = four
    next_c = f * prev_c + i * g
    return o * np.tanh(next_c), next_c, (x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c)


def stepped(x, prev_h, prev_c, Wx, Wh, p, b):
    return finished(x, prev_h, prev_c, Wx, Wh, p, gates(x @ Wx + prev_h @ Wh + b + seeing(prev_c, *p)))


@peephole_step_forward.mistake("No gate sees the cell: this is the LSTM without peepholes.")
def closes_the_peepholes(x, prev_h, prev_c, Wx, Wh, p, b):
    return finished(x, prev_h, prev_c, Wx, Wh, p, gates(x @ Wx + prev_h @ Wh + b))


@peephole_step_forward.mistake(
    "next_c is right; the output gate sees the next cell, as in the original. Here it sees the previous one."
)
def shows_the_output_gate_the_next_cell(x, prev_h, prev_c, Wx, Wh, p, b):
    a = x @ Wx + prev_h @ Wh + b
    i, f, _, g = gates(a + seeing(prev_c, *p))
    next_c = f * prev_c + i * g
    return finished(x, prev_h, prev_c, Wx, Wh, p, (i, f, logistic(blocks(a, 4)[2] + p[2] * next_c), g))


@peephole_step_forward.mistake("next_c is right; the output gate sees no cell: all three gates have a peephole.")
def leaves_the_output_gate_blind(x, prev_h, prev_c, Wx, Wh, p, b):
    four = gates(x @ Wx + prev_h @ Wh + b + seeing(prev_c, p[0], p[1], 0 * p[2]))
    return finished(x, prev_h, prev_c, Wx, Wh, p, four)


@peephole_step_forward.mistake("All gates look through the first peephole: each has a row of p of its own.")
def shares_one_peephole(x, prev_h, prev_c, Wx, Wh, p, b):
    return finished(x, prev_h, prev_c, Wx, Wh, p, gates(x @ Wx + prev_h @ Wh + b + seeing(prev_c, p[0], p[0], p[0])))


@peephole_step_forward.mistake("The gates see the hidden state a second time: what they are to see is the cell.")
def sees_the_hidden_state(x, prev_h, prev_c, Wx, Wh, p, b):
    return finished(x, prev_h, prev_c, Wx, Wh, p, gates(x @ Wx + prev_h @ Wh + b + seeing(prev_h, *p)))


@peephole_step_forward.mistake("The peepholes of the input gate and the forget gate have changed places.")
def swaps_two_peepholes(x, prev_h, prev_c, Wx, Wh, p, b):
    return finished(x, prev_h, prev_c, Wx, Wh, p, gates(x @ Wx + prev_h @ Wh + b + seeing(prev_c, p[1], p[0], p[2])))


@peephole_step_forward.mistake("The candidate sees the cell too, by the last peephole: g sees no cell.")
def shows_the_candidate_the_cell(x, prev_h, prev_c, Wx, Wh, p, b):
    a = x @ Wx + prev_h @ Wh + b + np.concatenate([row * prev_c for row in p[[0, 1, 2, 2]]], axis=1)
    return finished(x, prev_h, prev_c, Wx, Wh, p, gates(a))


# -------------------------------------------------------------------------------------- backward
def size(inputs):
    """Return the size of gradients where no unit saturates; p multiplies the cell."""
    return ended(inputs) * started(inputs) * max(1.0, float(np.abs(inputs["p"]).max()))


peephole_step_backward = backward_pass(
    "recurrent.peephole_step_backward",
    STEP,
    ABOVE,
    points=7,
    outputs=("dx", "dprev_h", "dprev_c", "dWx", "dWh", "dp", "db"),
    slack=size,
    places=placed("dx", "dprev_h", "dprev_c", "dWx", "dWh", "dp", "db", last=LSTM),
)


def cell(dnext_h, dnext_c, cache):
    """Return the gradient of the next cell, along both of its ways."""
    return dnext_c + dnext_h * cache[8] * (1 - np.tanh(cache[10]) ** 2)


def before_gates(dnext_h, dc, cache):
    """Return the gradients of the four pre-activations from that of the cell."""
    _, _, prev_c, _, _, _, i, f, o, g, next_c = cache
    squashed = np.tanh(next_c)
    return [dc * g * i * (1 - i), dc * prev_c * f * (1 - f), dnext_h * squashed * o * (1 - o), dc * i * (1 - g**2)]


def seen_by(da, p, *which):
    """Return what comes back through some of the peepholes to the cell that was seen."""
    return sum(da[k] * p[k] for k in which)


def gathered(da, dprev_c, cache, seen=None):
    """Return all gradients from those of the pre-activations; ``seen`` is the cell that the gates saw."""
    x, prev_h, prev_c, Wx, Wh = cache[:5]
    dp = np.stack([(d * (prev_c if seen is None else seen)).sum(axis=0) for d in da[:3]])
    da = np.concatenate(da, axis=1)
    return da @ Wx.T, da @ Wh.T, dprev_c, x.T @ da, prev_h.T @ da, dp, da.sum(axis=0)


def sent_back(dnext_h, dnext_c, cache):
    dc = cell(dnext_h, dnext_c, cache)
    da = before_gates(dnext_h, dc, cache)
    return gathered(da, dc * cache[7] + seen_by(da, cache[5], 0, 1, 2), cache)


@peephole_step_backward.mistake(
    "Only dprev_c is wrong: it is that of an LSTM without peepholes. The old cell moved the gates too, and they send "
    "something back."
)
def forgets_the_peepholes_of_the_cell(dnext_h, dnext_c, cache):
    dc = cell(dnext_h, dnext_c, cache)
    return gathered(before_gates(dnext_h, dc, cache), dc * cache[7], cache)


@peephole_step_backward.mistake("Only dprev_c is wrong: the output gate's peephole sends nothing back to the cell.")
def forgets_the_output_peephole(dnext_h, dnext_c, cache):
    dc = cell(dnext_h, dnext_c, cache)
    da = before_gates(dnext_h, dc, cache)
    return gathered(da, dc * cache[7] + seen_by(da, cache[5], 0, 1), cache)


@peephole_step_backward.mistake("Only dp is wrong: the gates saw the cell before the step, not the one after it.")
def takes_the_next_cell_in_dp(dnext_h, dnext_c, cache):
    dc = cell(dnext_h, dnext_c, cache)
    da = before_gates(dnext_h, dc, cache)
    return gathered(da, dc * cache[7] + seen_by(da, cache[5], 0, 1, 2), cache, cache[10])


@peephole_step_backward.mistake("Only dp is wrong: it is divided by N, where the examples add up.")
def averages_dp(dnext_h, dnext_c, cache):
    *others, dp, db = sent_back(dnext_h, dnext_c, cache)
    return *others, dp / len(dnext_h), db


@peephole_step_backward.mistake(
    "dprev_c goes by dnext_c alone, and by the peepholes. next_h is made of next_c: what arrives at the one passes on to the other."
)
def leaves_dnext_h_out_of_dprev_c(dnext_h, dnext_c, cache):
    da = before_gates(dnext_h, cell(dnext_h, dnext_c, cache), cache)
    return gathered(da, dnext_c * cache[7] + seen_by(da, cache[5], 0, 1, 2), cache)


@peephole_step_backward.mistake("Only dp is wrong: its rows are in another order than those of p, which are i, f, o.")
def orders_dp_otherwise(dnext_h, dnext_c, cache):
    *others, dp, db = sent_back(dnext_h, dnext_c, cache)
    return *others, dp[[1, 0, 2]], db


@peephole_step_backward.mistake("dp lacks the slopes of the gates' σ: a peephole enters before it.")
def forgets_the_slopes_in_dp(dnext_h, dnext_c, cache):
    *others, _, db = sent_back(dnext_h, dnext_c, cache)
    dc, prev_c, g, squashed = cell(dnext_h, dnext_c, cache), cache[2], cache[9], np.tanh(cache[10])
    dp = np.stack([(d * prev_c).sum(axis=0) for d in (dc * g, dc * prev_c, dnext_h * squashed)])
    return *others, dp, db


@peephole_step_backward.mistake(
    "dp is wrong in the output gate's row: its peephole saw the cell before the step, not the one after it, as the others' did."
)
def takes_the_next_cell_for_the_output_gate(dnext_h, dnext_c, cache):
    *others, dp, db = sent_back(dnext_h, dnext_c, cache)
    dao = before_gates(dnext_h, cell(dnext_h, dnext_c, cache), cache)[2]
    return *others, np.stack([dp[0], dp[1], (dao * cache[10]).sum(axis=0)]), db
