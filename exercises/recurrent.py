"""Unit 09, recurrent networks: steps and sequences, forward and back through time.

Arrays are float64. A batch has N sequences of T steps: x (N, T, D) are the inputs, h (N, T, H) the hidden states, and step t
of all of them is ``x[:, t]``. ``*_step_forward`` is one step from the state before it, ``prev_h``, to the next, ``next_h``;
``*_forward`` runs all T of them from ``h0``, with the same weights at each. A backward pass takes the gradients of the loss L by
what its forward pass returned, and returns those by the forward's arguments, in their order and shapes. Nothing is averaged on
the way. σ(z) = 1 / (1 + e^−z); ∘ multiplies entry by entry. Results are right for inputs of ±1500 too, and no argument is changed
in place.

The functions below are yours to write: each docstring says what is asked. Put your code where it says
``raise NotImplementedError`` and leave the other lines as they are; ``status()`` in the notebook tells how far you are.
"""

# Derived from the model answers by `gradmark stubs`: course authors change those, not this file.
# The names that ruff misses here are for the student to define, and those that it finds unused to use.
# ruff: noqa: ARG001, ARG002, F821, F841, RUF059, RUF100

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.integer[Any]]
Mask = NDArray[np.bool_]
Number = np.floating[Any]
Five = tuple[Array, Array, Array, Array, Array]
Step = tuple[Array, ...]
Tokens = NDArray[np.int64]
Parameters = tuple[Array, Array, Array, Array, Array]
Backward = Callable[[Array, Array, Array, Array], tuple[Array, Array, Array]]

TEXT = "how much wood would a woodchuck chuck if a woodchuck could chuck wood?"
"""The text that ``learn_text`` learns. Behind "chuck" comes another word each time: the letters before it tell which."""


def rnn_step_forward(x: Array, prev_h: Array, Wx: Array, Wh: Array, b: Array) -> tuple[Array, Five]:
    """One step of a recurrent layer: next_h = tanh(x Wx + prev_h Wh + b).

    x (N, D), prev_h (N, H), Wx (D, H), Wh (H, H), b (H,); next_h (N, H), cache = (x, prev_h, Wx, Wh, next_h).
    Source: Goodfellow et al. 2016, eq. 10.8 and 10.9; CS231n, assignment 3.
    """
    raise NotImplementedError("recurrent.rnn_step_forward: not written yet")
    cache = (x, prev_h, Wx, Wh, next_h)
    return next_h, cache


def rnn_step_backward(dnext_h: Array, cache: Five) -> Five:
    """Gradients of one step next_h = tanh(x Wx + prev_h Wh + b): (dx, dprev_h, dWx, dWh, db).

    dnext_h (N, H) is ∂L/∂next_h, cache = (x, prev_h, Wx, Wh, next_h); dx (N, D), dprev_h (N, H), dWx (D, H), dWh (H, H), db (H,).
    Source: Goodfellow et al. 2016, §10.2.2.
    """
    raise NotImplementedError("recurrent.rnn_step_backward: not written yet")
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> tuple[Array, Five]:
    """Run a recurrent layer over all T steps: h[:, t] = tanh(x[:, t] Wx + h[:, t − 1] Wh + b), where h0 stands before h[:, 0].

    x (N, T, D), h0 (N, H), Wx (D, H), Wh (H, H), b (H,); h (N, T, H), cache = (x, h0, Wx, Wh, h).
    Source: Goodfellow et al. 2016, §10.2; CS231n, assignment 3.
    """
    raise NotImplementedError("recurrent.rnn_forward: not written yet")
    cache = (x, h0, Wx, Wh, h)
    return h, cache


def rnn_backward(dh: Array, cache: Five) -> Five:
    """Gradients of ``rnn_forward``, back through time: (dx, dh0, dWx, dWh, db).

    dh (N, T, H): dh[:, t] is the gradient that reaches h[:, t] from outside the layer, from the loss at step t alone; what
    comes back from the steps after t is for you to add. cache = (x, h0, Wx, Wh, h); dx (N, T, D), dh0 (N, H), dWx (D, H),
    dWh (H, H), db (H,). Source: Werbos 1990; Goodfellow et al. 2016, §10.2.2.
    """
    raise NotImplementedError("recurrent.rnn_backward: not written yet")
    return dx, dh0, dWx, dWh, db


def temporal_softmax_loss(x: Array, y: Labels, mask: Mask) -> tuple[Number, Array]:
    """Negative log-likelihood of sequences: summed over the steps that count, averaged over the N sequences.

    loss = 1/N Σ_n Σ_t mask[n, t] · (logsumexp(x[n, t]) − x[n, t, y[n, t]]): what is summed is not divided by T, nor by how
    many steps count. Scores x (N, T, V), labels y (N, T) of any integer dtype, 0 ≤ y < V, mask (N, T) of bool: a step counts
    where it is True; of a sequence none may count. loss a number, dx = ∂loss/∂x (N, T, V). Right for scores of ±1500. Source:
    Goodfellow et al. 2016, eq. 10.12 to 10.14; CS231n, assignment 3.
    """
    raise NotImplementedError("recurrent.temporal_softmax_loss: not written yet")
    return loss, dx


def clip_by_norm(gradients: list[Array], max_norm: float) -> list[Array]:
    """Clip gradients by their common norm: if ‖(all of them)‖ exceeds max_norm, scale all by max_norm / norm; else leave them.

    The norm is the root of the sum of all squares, over all entries of all arrays. The direction stays; of a list whose norm is
    at most max_norm, and of zeros, the same values come back. gradients is a list of arrays of one to three dimensions, max_norm
    > 0 a number; returns a list of arrays in the same order and shapes. Source: Pascanu et al. 2013, algorithm 1.
    """
    raise NotImplementedError("recurrent.clip_by_norm: not written yet")


def greedy_decode(
    h0: Array,
    E: Array,
    Wx: Array,
    Wh: Array,
    b: Array,
    Wy: Array,
    by: Array,
    start: int,
    end: int,
    length: int,
) -> Tokens:
    """Decode greedily: at each step the token with the largest score, which is the input of the next step.

    For each of N sequences: token₀ = start; h = tanh(E[token] Wx + h Wh + b) from h0, scores = h Wy + by, and the next token is
    the argmax of the scores. After an ``end`` all further tokens of that sequence are ``end``; ``start`` itself is not returned,
    and may come again. h0 (N, H), E (V, D), one row a token, Wx (D, H), Wh (H, H), b (H,), Wy (H, V), by (V,), start, end and
    length are ints; tokens (N, length) of ints. Source: Sutskever et al. 2014, §3.2, with a beam of 1.
    """
    raise NotImplementedError("recurrent.greedy_decode: not written yet")


def learn_text(tokens: Tokens, size: int, seed: int) -> Parameters:
    """Train a recurrent layer to say a text by heart: return (Wx, Wh, b, Wy, by) with a loss of at most 0.05 for each letter.

    tokens (L,) are the letters of TEXT as ints from 0 to size − 1. From the letter at place t the layer is to tell the one at t +
    1, for all L − 1 of them, from a state of zeros before the first: h_t = tanh(Wx[token_t] + h_{t−1} Wh + b), scores h_t Wy +
    by, and the loss is the mean of the L − 1 negative log-likelihoods, the natural logarithm. Wx (size, H), Wh (H, H), b (H,), Wy
    (H, size), by (size,); H is yours to choose, from 1 to 100. What you draw, draw from ``np.random.default_rng(seed)``; how you
    train is yours to choose too: you may use anything that you have written. The run has about ten seconds.
    """
    raise NotImplementedError("recurrent.learn_text: not written yet")


def lstm_step_forward(
    x: Array, prev_h: Array, prev_c: Array, Wx: Array, Wh: Array, b: Array
) -> tuple[Array, Array, Step]:
    """One step of an LSTM: input gate i, forget gate f, output gate o, candidate g, in this order in Wx, Wh and b.

    [a_i, a_f, a_o, a_g] = x Wx + prev_h Wh + b, four blocks of H columns;  i = σ(a_i), f = σ(a_f), o = σ(a_o), g = tanh(a_g);
    next_c = f ∘ prev_c + i ∘ g,  next_h = o ∘ tanh(next_c).
    x (N, D), prev_h and prev_c (N, H), Wx (D, 4H), Wh (H, 4H), b (4H,); next_h and next_c (N, H),
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c). Source: Hochreiter & Schmidhuber 1997; Gers et al. 2000, for f.
    """
    raise NotImplementedError("recurrent.lstm_step_forward: not written yet")
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)
    return next_h, next_c, cache


def lstm_step_backward(dnext_h: Array, dnext_c: Array, cache: Step) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Gradients of one LSTM step: (dx, dprev_h, dprev_c, dWx, dWh, db).

    dnext_h (N, H) is ∂L/∂next_h along all paths but the one through next_c of the steps to come, which is dnext_c (N, H): next_c
    itself has both, that one and the one through next_h. cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c); dx (N, D),
    dprev_h and dprev_c (N, H), dWx (D, 4H), dWh (H, 4H), db (4H,), gates in the order i, f, o, g.
    Source: Greff et al. 2017, appendix A, without the peepholes.
    """
    raise NotImplementedError("recurrent.lstm_step_backward: not written yet")
    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_forward(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> tuple[Array, Step]:
    """Run an LSTM over all T steps, from h0 and a cell state of zeros.

    x (N, T, D), h0 (N, H), Wx (D, 4H), Wh (H, 4H), b (4H,), gates in the order i, f, o, g; h (N, T, H),
    cache = (x, h0, Wx, Wh, gates, c, h): gates (N, T, 4H) after σ and tanh, c (N, T, H) the cell states.
    Source: CS231n, assignment 3.
    """
    raise NotImplementedError("recurrent.lstm_forward: not written yet")
    cache = (x, h0, Wx, Wh, gates, c, h)
    return h, cache


def lstm_backward(dh: Array, cache: Step) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of ``lstm_forward``, back through time: (dx, dh0, dWx, dWh, db).

    dh (N, T, H): dh[:, t] is the gradient that reaches h[:, t] from outside the layer; what comes back from later steps, along
    the hidden state and along the cell state, is for you to add. cache = (x, h0, Wx, Wh, gates, c, h), gates (N, T, 4H) after σ
    and tanh in the order i, f, o, g, c (N, T, H) the cell states, of which the one before the first step is 0; dx (N, T, D), dh0
    (N, H), dWx (D, 4H), dWh (H, 4H), db (4H,). Source: Greff et al. 2017, appendix A; CS231n, assignment 3.
    """
    raise NotImplementedError("recurrent.lstm_backward: not written yet")
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
    raise NotImplementedError("recurrent.peephole_step_forward: not written yet")
    cache = (x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c)
    return next_h, next_c, cache


def peephole_step_backward(
    dnext_h: Array, dnext_c: Array, cache: Step
) -> tuple[Array, Array, Array, Array, Array, Array, Array]:
    """Gradients of one LSTM step with peepholes: (dx, dprev_h, dprev_c, dWx, dWh, dp, db).

    dnext_h and dnext_c (N, H) as in ``lstm_step_backward``; cache = (x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c); dx (N,
    D), dprev_h and dprev_c (N, H), dWx (D, 4H), dWh (H, 4H), dp (3, H), db (4H,). Source: Greff et al. 2017, appendix A.
    """
    raise NotImplementedError("recurrent.peephole_step_backward: not written yet")
    return dx, dprev_h, dprev_c, dWx, dWh, dp, db


def peephole_forward(x: Array, h0: Array, Wx: Array, Wh: Array, p: Array, b: Array) -> tuple[Array, Step]:
    """Run an LSTM with peepholes over all T steps, from h0 and a cell state of zeros: see ``peephole_step_forward``.

    x (N, T, D), h0 (N, H), Wx (D, 4H), Wh (H, 4H), p (3, H), b (4H,); h (N, T, H),
    cache = (x, h0, Wx, Wh, p, gates, c, h): gates (N, T, 4H) after σ and tanh in the order i, f, o, g, c (N, T, H) the cell
    states. Source: Gers & Schmidhuber 2000.
    """
    raise NotImplementedError("recurrent.peephole_forward: not written yet")
    cache = (x, h0, Wx, Wh, p, gates, c, h)
    return h, cache


def peephole_backward(dh: Array, cache: Step) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Gradients of ``peephole_forward``, back through time: (dx, dh0, dWx, dWh, dp, db).

    dh (N, T, H) from outside the layer; cache = (x, h0, Wx, Wh, p, gates, c, h), gates (N, T, 4H) after σ and tanh in the order
    i, f, o, g, c (N, T, H) the cell states, of which the one before the first step is 0; dx (N, T, D), dh0 (N, H), dWx (D, 4H),
    dWh (H, 4H), dp (3, H), db (4H,). Source: Greff et al. 2017, appendix A.
    """
    raise NotImplementedError("recurrent.peephole_backward: not written yet")
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
    raise NotImplementedError("recurrent.gru_step_forward: not written yet")
    cache = (x, prev_h, Wx, Wh, r, z, g)
    return next_h, cache


def gru_step_backward(dnext_h: Array, cache: Step) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of one GRU step, as ``gru_step_forward`` has it: (dx, dprev_h, dWx, dWh, db).

    dnext_h (N, H), cache = (x, prev_h, Wx, Wh, r, z, g); dx (N, D), dprev_h (N, H), dWx (D, 3H), dWh (H, 3H), db (3H,), blocks in
    the order r, z, g. Source: Cho et al. 2014, eq. 5 to 8.
    """
    raise NotImplementedError("recurrent.gru_step_backward: not written yet")
    return dx, dprev_h, dWx, dWh, db


def truncated_gradients(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array, dh: Array, k: int) -> Five:
    """Truncated backpropagation through time: (dx, dh0, dWx, dWh, db) of a recurrent layer, cut every k steps.

    The steps fall into windows of k from the start, [0, k), [k, 2k), ...; the last one may be shorter. The layer runs over all T
    steps as ``rnn_forward`` does: a window starts from the state in which the one before it ended. On the way back nothing passes
    from the first step of a window to the step before it: that state counts as a constant. dh0 is what the first window sends
    back. x (N, T, D), h0 (N, H), Wx (D, H), Wh (H, H), b (H,), dh (N, T, H) from outside the layer, k ≥ 1 an int, which may
    exceed T; dx (N, T, D), dh0 (N, H), dWx (D, H), dWh (H, H), db (H,). Source: Williams & Peng 1990; Goodfellow et al. 2016,
    §10.2.2.
    """
    raise NotImplementedError("recurrent.truncated_gradients: not written yet")
    return dx, dh0, dWx, dWh, db


def rnn_gradient_norms(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> Array:
    """Norms of the gradient in a recurrent layer, by step: norms[t] = ‖∂L/∂h[:, t]‖, L being the sum of the last state's entries.

    L = Σ h[:, T − 1], so norms[T − 1] is that of an array of ones; ∂L/∂h[:, t] counts all paths from step t to the end. The norm
    is the root of the sum of all squares, over examples and units. x (N, T, D), h0 (N, H), Wx (D, H), Wh (H, H), b (H,), the
    layer is that of ``rnn_forward``; norms (T,), first step first. Source: Pascanu et al. 2013, §2.
    """
    raise NotImplementedError("recurrent.rnn_gradient_norms: not written yet")


def lstm_gradient_norms(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> Array:
    """Norms of the gradient in an LSTM's cells, by step: norms[t] = ‖∂L/∂c[:, t]‖, L being the sum of the last h.

    L = Σ h[:, T − 1]; ∂L/∂c[:, t] counts all paths from the cell state of step t to the end, those through h[:, t] and the gates
    of the steps after it too. The norm is the root of the sum of all squares, over examples and units. x (N, T, D), h0 (N, H), Wx
    (D, 4H), Wh (H, 4H), b (4H,), the layer is that of ``lstm_forward``, with a first cell state of zeros; norms (T,), first step
    first. Source: Hochreiter & Schmidhuber 1997, §3; Pascanu et al. 2013, §2.
    """
    raise NotImplementedError("recurrent.lstm_gradient_norms: not written yet")


def leaky_gradients(
    x: Array, h0: Array, Wx: Array, Wh: Array, alpha: float, dh: Array
) -> tuple[Array, Array, Array, Array]:
    """Mend a function: it is to return the gradients (dx, dh0, dWx, dWh) of a layer that leaks, and has one fault. Find it.

    The layer keeps a share of its state: h[:, t] = (1 − alpha) h[:, t − 1] + alpha tanh(x[:, t] Wx + h[:, t − 1] Wh), where h0
    stands before h[:, 0]. dh (N, T, H) are the gradients that reach h from outside the layer, one for each step. x (N, T, D), h0
    (N, H), Wx (D, H), Wh (H, H), alpha a number in (0, 1); each gradient in the shape of its argument. What the body computes is
    right but for one fault. Compare it with numerical slopes of Σ dh ∘ h. Any other code with the right values is right too.
    Source: Jaeger et al. 2007, for the layer.
    """
    states, squashed = [h0], []
    for t in range(x.shape[1]):
        squashed.append(np.tanh(x[:, t] @ Wx + states[t] @ Wh))
        states.append((1 - alpha) * states[t] + alpha * squashed[t])
    inputs, steps, carried = [], [], np.zeros_like(h0)
    for t in reversed(range(len(squashed))):
        total = dh[:, t] + carried
        da = alpha * total * (1 - squashed[t] ** 2)
        inputs.append(da @ Wx.T)
        steps.append((x[:, t].T @ da, states[t].T @ da))
        carried = (1 - alpha) * dh[:, t] + da @ Wh.T
    dWx, dWh = (sum(parts, np.zeros(())) for parts in zip(*steps, strict=True))
    return np.stack(inputs[::-1], axis=1), carried, dWx, dWh


def is_recurrent_backward(backward: Backward) -> bool:
    """Write a test: tell whether a function is the backward pass of the recurrence h[:, t] = x[:, t] + h[:, t − 1] A.

    The recurrence is linear: h[:, 0] = x[:, 0] + h0 A, with x (N, T, H), h0 (N, H) and A (H, H). ``backward(dh, x, h0, A)``
    returns
    (dx, dh0, dA) for dh (N, T, H), the gradients that reach h from outside: a candidate, right or wrong, that you get to call
    as often as you like, on float64 arrays of your choice, also of one step or one example. Return True if it is right on all
    inputs of such shapes, and False if it is wrong on some: off by a thousandth or more of some entry for standard normal arrays
    of some size, or in another shape. A right one is right to rounding. A candidate that raises an error is wrong. It is put to
    some sixteen candidates, one after the other, within two seconds in all.
    """
    raise NotImplementedError("recurrent.is_recurrent_backward: not written yet")


def predict_carried_gradient() -> float:
    """Predict how much of a gradient comes back through four steps.

    A recurrent layer with one unit, Wh = 0.5, b = 0, and inputs and first state of 0, so that all its states
    are 0. The loss is the state after the fourth step. What is ∂L/∂h0? Return the number.
    """
    raise NotImplementedError("recurrent.predict_carried_gradient: not written yet")


def predict_first_loss() -> float:
    """Predict the loss of a sequence model that knows nothing.

    ``temporal_softmax_loss`` on scores that are all 0: N = 5 sequences of T = 10 steps, all of which count,
    and V = 8 tokens. Return the number; three digits of it will do, rounded or cut off.
    """
    raise NotImplementedError("recurrent.predict_first_loss: not written yet")


def predict_gate_memory() -> float:
    """Predict what a cell keeps of its gradient over 100 steps.

    An LSTM whose forget gates are all 0.99 and whose Wh is 0, so that nothing passes but along the cell. By
    which factor is ∂L/∂c at the first of 101 steps smaller than at the last, where L depends on the last cell
    state alone? Return ∂L/∂c_first over ∂L/∂c_last; three digits of it will do, rounded or cut off.
    """
    raise NotImplementedError("recurrent.predict_gate_memory: not written yet")


def cell_gradient() -> str:
    """Write ∂L/∂prev_c of one LSTM step for one unit, as a formula in dh, dc, f, o and s.

    dh and dc are what comes from above, ∂L/∂next_h and ∂L/∂next_c, f and o are the forget and the output gate,
    s = tanh(next_c). Return text such as "dh*(1 + f)": numbers, these names, + - * / ^ (or **) and
    parentheses, no operator left out. Any formula that has the right values is right. Source: Greff et al.
    2017, appendix A.
    """
    raise NotImplementedError("recurrent.cell_gradient: not written yet")


def question_lstm_parameters() -> int:
    """Count the parameters of an LSTM layer without peepholes: D = 10 inputs, H = 20 hidden units. Return the number."""
    raise NotImplementedError("recurrent.question_lstm_parameters: not written yet")


def question_gates() -> dict[str, str]:
    """Match each part of an LSTM with what it decides. Return a dict from letters to numbers, such as {"a": "2", ...}.

    (a) the input gate i    (b) the forget gate f    (c) the output gate o    (d) the candidate g

    (1) the share of the cell state that is shown outside    (2) what could be written into the cell, of either sign
    (3) the share of that which is written    (4) the share of the old cell state that stays
    """
    raise NotImplementedError("recurrent.question_gates: not written yet")


def question_dropped_carry() -> str:
    """Choose the symptom. A backward pass of ``rnn_forward`` forgets to add what comes back from the step after. Return one letter.

    (a) dx is right at the first step, and wrong at all others.
    (b) dx is right at the last step, and wrong at the steps before it.
    (c) dx is right everywhere, and dWx, dWh and db are wrong.
    (d) All gradients are too small by the factor T.
    """
    raise NotImplementedError("recurrent.question_dropped_carry: not written yet")


def question_exact_parts() -> list[str]:
    """Choose all gradients that are right, where a backward pass through time overwrites what it should add up.

    It runs through T = 5 steps, and has dWx = ..., dWh = ... and db = ... inside its loop, where += belongs.

    (a) dx    (b) dh0    (c) dWx    (d) dWh    (e) db
    Return the list of their letters in alphabetical order, such as ["c", "d"].
    """
    raise NotImplementedError("recurrent.question_exact_parts: not written yet")


def question_truncation() -> str:
    """Choose what backpropagation that is truncated to windows of k = 20 steps changes. Return one letter.

    (a) The state is set to 0 at the start of each window, so that nothing older than 20 steps can be used.
    (b) Values are as before; but no weight is moved because of what it did to a loss in a later window.
    (c) Gradients are exact, and come with less memory.
    (d) Only the loss of the last window counts.
    """
    raise NotImplementedError("recurrent.question_truncation: not written yet")


def question_clipping() -> list[str]:
    """Choose all that is true of clipping by the common norm. Return the list of letters in alphabetical order, such as ["c", "d"].

    (a) The direction of the step stays as it is.
    (b) It makes up for gradients that vanish.
    (c) A single batch with an enormous gradient moves the weights no further than the bound allows.
    (d) Clipping each entry to [−c, c] does the same.
    """
    raise NotImplementedError("recurrent.question_clipping: not written yet")


def question_masked_loss() -> float:
    """Tell how a masked loss depends on padding.

    A batch has N = 2 sequences; the first has 3 steps that count, the second 5. At each of them the negative
    log-likelihood is 2. Both are padded to T = 10. What does ``temporal_softmax_loss`` return? Return the number.
    """
    raise NotImplementedError("recurrent.question_masked_loss: not written yet")
