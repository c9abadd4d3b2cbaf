"""Unit 09, cells with gates: LSTM, LSTM with peepholes, GRU. They are part of ``recurrent``, and of its stub."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Step = tuple[Array, ...]


def lstm_step_forward(
    x: Array, prev_h: Array, prev_c: Array, Wx: Array, Wh: Array, b: Array
) -> tuple[Array, Array, Step]:
    """One step of an LSTM: input gate i, forget gate f, output gate o, candidate g, in this order in Wx, Wh and b.

    [a_i, a_f, a_o, a_g] = x Wx + prev_h Wh + b, four blocks of H columns;  i = σ(a_i), f = σ(a_f), o = σ(a_o), g = tanh(a_g);
    next_c = f ∘ prev_c + i ∘ g,  next_h = o ∘ tanh(next_c).
    x (N, D), prev_h and prev_c (N, H), Wx (D, 4H), Wh (H, 4H), b (4H,); next_h and next_c (N, H),
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c). Source: Hochreiter & Schmidhuber 1997; Gers et al. 2000, for f.
    """
    ### BEGIN SOLUTION
    i, f, o, g = _gates(x @ Wx + prev_h @ Wh + b)
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    ### END SOLUTION
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)
    return next_h, next_c, cache


def lstm_step_backward(dnext_h: Array, dnext_c: Array, cache: Step) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Gradients of one LSTM step: (dx, dprev_h, dprev_c, dWx, dWh, db).

    dnext_h (N, H) is ∂L/∂next_h along all paths but the one through next_c of the steps to come, which is dnext_c (N, H): next_c
    itself has both, that one and the one through next_h. cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c); dx (N, D),
    dprev_h and dprev_c (N, H), dWx (D, 4H), dWh (H, 4H), db (4H,), gates in the order i, f, o, g.
    Source: Greff et al. 2017, appendix A, without the peepholes.
    """
    ### BEGIN SOLUTION
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    squashed = np.tanh(next_c)
    dc = dnext_c + dnext_h * o * (1 - squashed**2)
    da = _before_gates(dc * g, dc * prev_c, dnext_h * squashed, dc * i, (i, f, o, g))
    dx, dprev_h, dprev_c = da @ Wx.T, da @ Wh.T, dc * f
    dWx, dWh, db = x.T @ da, prev_h.T @ da, da.sum(axis=0)
    ### END SOLUTION
    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_forward(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> tuple[Array, Step]:
    """Run an LSTM over all T steps, from h0 and a cell state of zeros.

    x (N, T, D), h0 (N, H), Wx (D, 4H), Wh (H, 4H), b (4H,), gates in the order i, f, o, g; h (N, T, H),
    cache = (x, h0, Wx, Wh, gates, c, h): gates (N, T, 4H) after σ and tanh, c (N, T, H) the cell states.
    Source: CS231n, assignment 3.
    """
    ### BEGIN SOLUTION
    prev_h, prev_c = h0, np.zeros_like(h0)
    rows: list[Array] = []
    cells: list[Array] = []
    states: list[Array] = []
    for t in range(x.shape[1]):
        prev_h, prev_c, (*_, i, f, o, g, _) = lstm_step_forward(x[:, t], prev_h, prev_c, Wx, Wh, b)
        rows.append(np.hstack([i, f, o, g]))
        cells.append(prev_c)
        states.append(prev_h)
    gates, c, h = np.stack(rows, axis=1), np.stack(cells, axis=1), np.stack(states, axis=1)
    ### END SOLUTION
    cache = (x, h0, Wx, Wh, gates, c, h)
    return h, cache


def lstm_backward(dh: Array, cache: Step) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of ``lstm_forward``, back through time: (dx, dh0, dWx, dWh, db).

    dh (N, T, H): dh[:, t] is the gradient that reaches h[:, t] from outside the layer; what comes back from later steps, along
    the hidden state and along the cell state, is for you to add. cache = (x, h0, Wx, Wh, gates, c, h), gates (N, T, 4H) after σ
    and tanh in the order i, f, o, g, c (N, T, H) the cell states, of which the one before the first step is 0; dx (N, T, D), dh0
    (N, H), dWx (D, 4H), dWh (H, 4H), db (4H,). Source: Greff et al. 2017, appendix A; CS231n, assignment 3.
    """
    ### BEGIN SOLUTION
    x, h0, Wx, Wh, gates, c, h = cache
    carried_h, carried_c = np.zeros_like(h0), np.zeros_like(h0)
    inputs: list[Array] = []
    weights: list[list[Array]] = []
    for t in reversed(range(x.shape[1])):
        before_h, before_c = (h[:, t - 1], c[:, t - 1]) if t else (h0, np.zeros_like(h0))
        i, f, o, g = np.hsplit(gates[:, t], 4)
        step = (x[:, t], before_h, before_c, Wx, Wh, i, f, o, g, c[:, t])
        dx_t, carried_h, carried_c, *of_weights = lstm_step_backward(dh[:, t] + carried_h, carried_c, step)
        inputs.append(dx_t)
        weights.append(of_weights)
    dx, dh0 = np.stack(inputs[::-1], axis=1), carried_h
    dWx, dWh, db = (sum(steps, np.zeros(())) for steps in zip(*weights, strict=True))
    ### END SOLUTION
    return dx, dh0, dWx, dWh, db


# --------------------------------------------------------------------------------------------------------- with peepholes
def peephole_step_forward(
    x: Array, prev_h: Array, prev_c: Array, Wx: Array, Wh: Array, p: Array, b: Array
) -> tuple[Array, Array, Step]:
    """One step of an LSTM with peepholes: the gates i, f and o see the previous cell state too.

    As ``lstm_step_forward``, but i = σ(a_i + p[0] ∘ prev_c), f = σ(a_f + p[1] ∘ prev_c), o = σ(a_o + p[2] ∘ prev_c): each unit's
    gates see the cell of this unit alone, all three the previous one (the original's output gate sees next_c). g sees no cell.
    x (N, D), prev_h and prev_c (N, H), Wx (D, 4H), Wh (H, 4H), p (3, H), b (4H,), blocks in the order i, f, o, g; next_h and
    next_c
    (N, H), cache = (x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c). Source: Gers & Schmidhuber 2000.
    """
    ### BEGIN SOLUTION
    a_i, a_f, a_o, a_g = np.hsplit(x @ Wx + prev_h @ Wh + b, 4)
    i, f, o = _sigmoid(a_i + p[0] * prev_c), _sigmoid(a_f + p[1] * prev_c), _sigmoid(a_o + p[2] * prev_c)
    g = np.tanh(a_g)
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    ### END SOLUTION
    cache = (x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c)
    return next_h, next_c, cache


def peephole_step_backward(
    dnext_h: Array, dnext_c: Array, cache: Step
) -> tuple[Array, Array, Array, Array, Array, Array, Array]:
    """Gradients of one LSTM step with peepholes: (dx, dprev_h, dprev_c, dWx, dWh, dp, db).

    dnext_h and dnext_c (N, H) as in ``lstm_step_backward``; cache = (x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c); dx (N,
    D), dprev_h and dprev_c (N, H), dWx (D, 4H), dWh (H, 4H), dp (3, H), db (4H,). Source: Greff et al. 2017, appendix A.
    """
    ### BEGIN SOLUTION
    x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c = cache
    squashed = np.tanh(next_c)
    dc = dnext_c + dnext_h * o * (1 - squashed**2)
    da = _before_gates(dc * g, dc * prev_c, dnext_h * squashed, dc * i, (i, f, o, g))
    da_i, da_f, da_o, _ = np.hsplit(da, 4)
    dx, dprev_h = da @ Wx.T, da @ Wh.T
    dprev_c = dc * f + da_i * p[0] + da_f * p[1] + da_o * p[2]
    dWx, dWh, db = x.T @ da, prev_h.T @ da, da.sum(axis=0)
    dp = np.stack([(gate * prev_c).sum(axis=0) for gate in (da_i, da_f, da_o)])
    ### END SOLUTION
    return dx, dprev_h, dprev_c, dWx, dWh, dp, db


def peephole_forward(x: Array, h0: Array, Wx: Array, Wh: Array, p: Array, b: Array) -> tuple[Array, Step]:
    """Run an LSTM with peepholes over all T steps, from h0 and a cell state of zeros: see ``peephole_step_forward``.

    x (N, T, D), h0 (N, H), Wx (D, 4H), Wh (H, 4H), p (3, H), b (4H,); h (N, T, H),
    cache = (x, h0, Wx, Wh, p, gates, c, h): gates (N, T, 4H) after σ and tanh in the order i, f, o, g, c (N, T, H) the cell
    states. Source: Gers & Schmidhuber 2000.
    """
    ### BEGIN SOLUTION
    prev_h, prev_c = h0, np.zeros_like(h0)
    rows: list[Array] = []
    cells: list[Array] = []
    states: list[Array] = []
    for t in range(x.shape[1]):
        prev_h, prev_c, (*_, i, f, o, g, _) = peephole_step_forward(x[:, t], prev_h, prev_c, Wx, Wh, p, b)
        rows.append(np.hstack([i, f, o, g]))
        cells.append(prev_c)
        states.append(prev_h)
    gates, c, h = np.stack(rows, axis=1), np.stack(cells, axis=1), np.stack(states, axis=1)
    ### END SOLUTION
    cache = (x, h0, Wx, Wh, p, gates, c, h)
    return h, cache


def peephole_backward(dh: Array, cache: Step) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Gradients of ``peephole_forward``, back through time: (dx, dh0, dWx, dWh, dp, db).

    dh (N, T, H) from outside the layer; cache = (x, h0, Wx, Wh, p, gates, c, h), gates (N, T, 4H) after σ and tanh in the order
    i, f, o, g, c (N, T, H) the cell states, of which the one before the first step is 0; dx (N, T, D), dh0 (N, H), dWx (D, 4H),
    dWh (H, 4H), dp (3, H), db (4H,). Source: Greff et al. 2017, appendix A.
    """
    ### BEGIN SOLUTION
    x, h0, Wx, Wh, p, gates, c, h = cache
    carried_h, carried_c = np.zeros_like(h0), np.zeros_like(h0)
    inputs: list[Array] = []
    weights: list[list[Array]] = []
    for t in reversed(range(x.shape[1])):
        before_h, before_c = (h[:, t - 1], c[:, t - 1]) if t else (h0, np.zeros_like(h0))
        i, f, o, g = np.hsplit(gates[:, t], 4)
        step = (x[:, t], before_h, before_c, Wx, Wh, p, i, f, o, g, c[:, t])
        dx_t, carried_h, carried_c, *of_weights = peephole_step_backward(dh[:, t] + carried_h, carried_c, step)
        inputs.append(dx_t)
        weights.append(of_weights)
    dx, dh0 = np.stack(inputs[::-1], axis=1), carried_h
    dWx, dWh, dp, db = (sum(steps, np.zeros(())) for steps in zip(*weights, strict=True))
    ### END SOLUTION
    return dx, dh0, dWx, dWh, dp, db


# -------------------------------------------------------------------------------------------------------------------- GRU
def gru_step_forward(x: Array, prev_h: Array, Wx: Array, Wh: Array, b: Array) -> tuple[Array, Step]:
    """One step of a GRU: reset gate r, update gate z, candidate g, in this order in Wx, Wh and b.

    r = σ(x Wx_r + prev_h Wh_r + b_r),  z = σ(x Wx_z + prev_h Wh_z + b_z),  g = tanh(x Wx_g + (r ∘ prev_h) Wh_g + b_g),
    next_h = z ∘ prev_h + (1 − z) ∘ g.  Two conventions, on which libraries differ: the reset is applied before the product with
    Wh_g, and z is the share of the old state that is kept. Wx_r are the columns 0 to H − 1 of Wx, Wx_z the next H, Wx_g the last
    H. x (N, D), prev_h (N, H), Wx (D, 3H), Wh (H, 3H), b (3H,); next_h (N, H), cache = (x, prev_h, Wx, Wh, r, z, g). Source: Cho
    et al. 2014, eq. 5 to 8.
    """
    ### BEGIN SOLUTION
    (a_r, a_z, a_g), (Wh_r, Wh_z, Wh_g) = np.hsplit(x @ Wx + b, 3), np.hsplit(Wh, 3)
    r, z = _sigmoid(a_r + prev_h @ Wh_r), _sigmoid(a_z + prev_h @ Wh_z)
    g = np.tanh(a_g + (r * prev_h) @ Wh_g)
    next_h = z * prev_h + (1 - z) * g
    ### END SOLUTION
    cache = (x, prev_h, Wx, Wh, r, z, g)
    return next_h, cache


def gru_step_backward(dnext_h: Array, cache: Step) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of one GRU step, as ``gru_step_forward`` has it: (dx, dprev_h, dWx, dWh, db).

    dnext_h (N, H), cache = (x, prev_h, Wx, Wh, r, z, g); dx (N, D), dprev_h (N, H), dWx (D, 3H), dWh (H, 3H), db (3H,), blocks in
    the order r, z, g. Source: Cho et al. 2014, eq. 5 to 8.
    """
    ### BEGIN SOLUTION
    x, prev_h, Wx, Wh, r, z, g = cache
    Wh_r, Wh_z, Wh_g = np.hsplit(Wh, 3)
    da_g = dnext_h * (1 - z) * (1 - g**2)
    dreset = da_g @ Wh_g.T  # by r ∘ prev_h
    da_r, da_z = dreset * prev_h * r * (1 - r), dnext_h * (prev_h - g) * z * (1 - z)
    da = np.hstack([da_r, da_z, da_g])
    dx, dWx, db = da @ Wx.T, x.T @ da, da.sum(axis=0)
    dprev_h = dnext_h * z + dreset * r + da_r @ Wh_r.T + da_z @ Wh_z.T
    dWh = np.hstack([prev_h.T @ da_r, prev_h.T @ da_z, (r * prev_h).T @ da_g])
    ### END SOLUTION
    return dx, dprev_h, dWx, dWh, db


### BEGIN SOLUTION
def _sigmoid(z: Array) -> Array:
    s: Array = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))  # no exponential is above 1
    return s


def _gates(a: Array) -> tuple[Array, Array, Array, Array]:
    a_i, a_f, a_o, a_g = np.hsplit(a, 4)
    return _sigmoid(a_i), _sigmoid(a_f), _sigmoid(a_o), np.tanh(a_g)


def _before_gates(di: Array, df: Array, do: Array, dg: Array, gates: tuple[Array, Array, Array, Array]) -> Array:
    """Return the gradient by what σ and tanh were applied to (N, 4H), from those by the gates."""
    i, f, o, g = gates
    return np.hstack([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)])


### END SOLUTION
