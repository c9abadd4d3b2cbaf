"""An LSTM over all steps, and back through time."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.bank.recurrent.lstm import before_gates, cell, gathered, one, slope, stepped, tanh_slope
from grader.bank.recurrent.units import LSTM, STEPS, blocks, ended, placed, started, states, weights

LAYER = {
    "x": STEPS,
    "h0": states("N", "H"),
    "Wx": weights("D", "H", 4),
    "Wh": weights("H", "H", 4),
    "b": states("H", count=4),
}

# --------------------------------------------------------------------------------------- forward
lstm_forward = forward_pass("recurrent.lstm_forward", LAYER, outputs=("h",), slack=started, places=placed("h"))


def run(x, h0, Wx, Wh, b, c0=None, hand_on=lambda h, c, t: (h, c)):
    """Return h and its cache; ``hand_on`` makes what step t starts from."""
    h, c = h0, np.zeros_like(h0) if c0 is None else c0
    kept = []
    for t in range(x.shape[1]):
        h, c = hand_on(h, c, t)
        h, c, (*_, i, f, o, g, _) = stepped(x[:, t], h, c, Wx, Wh, b)
        kept.append((np.concatenate([i, f, o, g], axis=1), c, h))
    gates, cells, hidden = (np.stack(rows, axis=1) for rows in zip(*kept, strict=True))
    return hidden, (x, h0, Wx, Wh, gates, cells, hidden)


@lstm_forward.mistake("The cell is emptied before each step: only the hidden state is handed on.")
def empties_the_cell(x, h0, Wx, Wh, b):
    return run(x, h0, Wx, Wh, b, hand_on=lambda h, c, t: (h, 0 * c))


@lstm_forward.mistake("The cell starts from h0: its first state is 0.")
def starts_the_cell_from_h0(x, h0, Wx, Wh, b):
    return run(x, h0, Wx, Wh, b, c0=h0)


@lstm_forward.mistake("The cell states come back, and the hidden states are asked.")
def returns_the_cells(x, h0, Wx, Wh, b):
    _, cache = run(x, h0, Wx, Wh, b)
    return cache[5], cache


@lstm_forward.mistake("Each step starts from h0 again: the hidden state is not handed on.")
def starts_each_step_from_h0(x, h0, Wx, Wh, b):
    return run(x, h0, Wx, Wh, b, hand_on=lambda h, c, t: (h0, c))


@lstm_forward.mistake("Hidden state and cell state change places from step to step.")
def swaps_the_states(x, h0, Wx, Wh, b):
    return run(x, h0, Wx, Wh, b, hand_on=lambda h, c, t: (c, h) if t else (h, c))


# -------------------------------------------------------------------------------------- backward
lstm_backward = backward_pass(
    "recurrent.lstm_backward",
    LAYER,
    {"dh": ("N", "T", "H")},
    points=5,
    outputs=("dx", "dh0", "dWx", "dWh", "db"),
    slack=lambda inputs: 4 * ended(inputs) * started(inputs) * inputs["x"].shape[1],
    places=placed("dx", "dh0", "dWx", "dWh", "db", last=LSTM),
)


SLOPES = (slope, slope, slope, tanh_slope)


def swept(
    dh,
    cache,
    hand_on=lambda h, c: (h, c),
    add=lambda total, new: total + new,
    before=None,
    start=lambda c, h0: 0 * h0,
    slopes=SLOPES,
    above=0.0,
):
    """Return the gradients of a sweep.

    ``hand_on`` makes what step t − 1 gets from step t, ``before`` the state before step t, ``start`` the cell before the first;
    ``slopes`` are those of the gates, ``above`` is the share of dh that the cells get beside their own gradient.
    """
    x, h0, Wx, Wh, gates, c, h = cache
    dx, carried, of_weights = np.zeros_like(x), (0 * h0, 0 * h0), (0 * Wx, 0 * Wh, 0 * Wh[0])
    for t in reversed(range(x.shape[1])):
        first = (h0, start(c, h0))
        earlier = ((h[:, t - 1], c[:, t - 1]) if t else first) if before is None else before(h, c, t, first)
        step = (x[:, t], *earlier, Wx, Wh, *blocks(gates[:, t], 4), c[:, t])
        dnext_h, dnext_c = dh[:, t] + carried[0], carried[1] + above * dh[:, t]
        dc = cell(dnext_h, dnext_c, step)
        dx[:, t], dprev_h, dprev_c, *new = gathered(before_gates(dnext_h, dc, step, slopes), dc * step[6], step)
        carried, last = hand_on(dprev_h, dprev_c), dprev_h
        of_weights = tuple(map(add, of_weights, new))
    return dx, last, *of_weights


@lstm_backward.mistake(
    "dx is exact at the last step only: nothing comes back from the steps after, neither along the hidden state nor along the cell."
)
def drops_both_carried_gradients(dh, cache):
    return swept(dh, cache, hand_on=lambda h, c: (0 * h, 0 * c))


@lstm_backward.mistake("dx is exact at the last step only: what comes back along the cell state is lost.")
def drops_what_the_cell_carries(dh, cache):
    return swept(dh, cache, hand_on=lambda h, c: (h, 0 * c))


@lstm_backward.mistake("dx is exact at the last step only: what comes back along the hidden state is lost.")
def drops_what_the_hidden_state_carries(dh, cache):
    return swept(dh, cache, hand_on=lambda h, c: (0 * h, c))


@lstm_backward.mistake(
    "dx is exact at the last step only. Each step may be right, but two gradients come back from it, and they are "
    "mixed up between steps."
)
def mixes_the_carried_gradients(dh, cache):
    return swept(dh, cache, hand_on=lambda h, c: (c, h))


@lstm_backward.mistake(
    "dx and dh0 are exact, and what is wrong is of one step alone: every step uses the same weights, and each has its say."
)
def overwrites_over_time(dh, cache):
    return swept(dh, cache, add=lambda total, new: new)


@lstm_backward.mistake(
    "Only dWh is wrong: Wh was multiplied by the state before each step, not by the one that it made."
)
def takes_h_t_in_dWh(dh, cache):  # noqa: N802 - the array's name
    return swept(dh, cache, before=lambda h, c, t, first: (h[:, t], c[:, t - 1] if t else first[1]))


@lstm_backward.mistake("The forget gate decided on the cell before the step; here it is that after it.")
def takes_c_t_for_the_cell_before(dh, cache):
    return swept(dh, cache, before=lambda h, c, t, first: (h[:, t - 1] if t else first[0], c[:, t]))


@lstm_backward.mistake(
    "Before the first step the cell is 0; here it is the last one. Which state does the index −1 name?"
)
def takes_the_last_cell_before_the_first(dh, cache):
    return swept(dh, cache, start=lambda c, h0: c[:, -1])


@lstm_backward.mistake("Gradients of weights are divided by T: steps add up, as examples do.")
def averages_over_time(dh, cache):
    dx, dh0, *of_weights = swept(dh, cache)
    return dx, dh0, *(d / dh.shape[1] for d in of_weights)


@lstm_backward.mistake(
    "The slope of the input gate's σ is missing: what comes back through it is wrong, in all its columns and at the steps before."
)
def forgets_the_input_slope(dh, cache):
    return swept(dh, cache, slopes=(one, slope, slope, tanh_slope))


@lstm_backward.mistake(
    "The slope of the forget gate's σ is missing: what comes back through it is wrong, in all its columns and at the steps before."
)
def forgets_the_forget_slope(dh, cache):
    return swept(dh, cache, slopes=(slope, one, slope, tanh_slope))


@lstm_backward.mistake(
    "The slope of the output gate's σ is missing: what comes back through it is wrong, in all its columns and at the steps before."
)
def forgets_the_output_slope(dh, cache):
    return swept(dh, cache, slopes=(slope, slope, one, tanh_slope))


@lstm_backward.mistake(
    "The slope of the candidate's tanh is missing: what comes back through it is wrong, in all its columns and at the steps before."
)
def forgets_the_candidate_slope(dh, cache):
    return swept(dh, cache, slopes=(slope, slope, slope, one))


@lstm_backward.mistake("dh reaches the hidden states alone: here it is added to the gradients of the cells as well.")
def gives_dh_to_the_cells(dh, cache):
    return swept(dh, cache, above=1.0)
