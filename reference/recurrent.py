"""Unit 09, recurrent networks: steps and sequences, forward and back through time.

Arrays are float64. A batch has N sequences of T steps: x (N, T, D) are the inputs, h (N, T, H) the hidden states, and step t
of all of them is ``x[:, t]``. ``*_step_forward`` is one step from the state before it, ``prev_h``, to the next, ``next_h``;
``*_forward`` runs all T of them from ``h0``, with the same weights at each. A backward pass takes the gradients of the loss L by
what its forward pass returned, and returns those by the forward's arguments, in their order and shapes. Nothing is averaged on
the way. σ(z) = 1 / (1 + e^−z); ∘ multiplies entry by entry. Results are right for inputs of ±1500 too, and no argument is changed
in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.recurrent_decoding import (  # noqa: F401 - the unit's answers too
    clip_by_norm,
    greedy_decode,
    learn_text,
)
from reference.recurrent_gates import (  # noqa: F401 - the unit's answers too
    gru_step_backward,
    gru_step_forward,
    lstm_backward,
    lstm_forward,
    lstm_step_backward,
    lstm_step_forward,
    peephole_backward,
    peephole_forward,
    peephole_step_backward,
    peephole_step_forward,
)
from reference.recurrent_horizon import (  # noqa: F401 - the unit's answers too
    is_recurrent_backward,
    leaky_gradients,
    lstm_gradient_norms,
    rnn_gradient_norms,
    truncated_gradients,
)
from reference.recurrent_questions import (  # noqa: F401 - the unit's answers too
    cell_gradient,
    predict_carried_gradient,
    predict_first_loss,
    predict_gate_memory,
    question_clipping,
    question_dropped_carry,
    question_exact_parts,
    question_gates,
    question_lstm_parameters,
    question_masked_loss,
    question_truncation,
)

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
    ### BEGIN SOLUTION
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    ### END SOLUTION
    cache = (x, prev_h, Wx, Wh, next_h)
    return next_h, cache


def rnn_step_backward(dnext_h: Array, cache: Five) -> Five:
    """Gradients of one step next_h = tanh(x Wx + prev_h Wh + b): (dx, dprev_h, dWx, dWh, db).

    dnext_h (N, H) is ∂L/∂next_h, cache = (x, prev_h, Wx, Wh, next_h); dx (N, D), dprev_h (N, H), dWx (D, H), dWh (H, H), db (H,).
    Source: Goodfellow et al. 2016, §10.2.2.
    """
    ### BEGIN SOLUTION
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)  # by what tanh was applied to
    dx, dprev_h = da @ Wx.T, da @ Wh.T
    dWx, dWh, db = x.T @ da, prev_h.T @ da, da.sum(axis=0)
    ### END SOLUTION
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> tuple[Array, Five]:
    """Run a recurrent layer over all T steps: h[:, t] = tanh(x[:, t] Wx + h[:, t − 1] Wh + b), where h0 stands before h[:, 0].

    x (N, T, D), h0 (N, H), Wx (D, H), Wh (H, H), b (H,); h (N, T, H), cache = (x, h0, Wx, Wh, h).
    Source: Goodfellow et al. 2016, §10.2; CS231n, assignment 3.
    """
    ### BEGIN SOLUTION
    states, last = [], h0
    for t in range(x.shape[1]):
        last, _ = rnn_step_forward(x[:, t], last, Wx, Wh, b)
        states.append(last)
    h = np.stack(states, axis=1)
    ### END SOLUTION
    cache = (x, h0, Wx, Wh, h)
    return h, cache


def rnn_backward(dh: Array, cache: Five) -> Five:
    """Gradients of ``rnn_forward``, back through time: (dx, dh0, dWx, dWh, db).

    dh (N, T, H): dh[:, t] is the gradient that reaches h[:, t] from outside the layer, from the loss at step t alone; what
    comes back from the steps after t is for you to add. cache = (x, h0, Wx, Wh, h); dx (N, T, D), dh0 (N, H), dWx (D, H),
    dWh (H, H), db (H,). Source: Werbos 1990; Goodfellow et al. 2016, §10.2.2.
    """
    ### BEGIN SOLUTION
    x, h0, Wx, Wh, h = cache
    carried = np.zeros_like(h0)
    inputs: list[Array] = []
    weights: list[list[Array]] = []
    for t in reversed(range(x.shape[1])):
        before = h[:, t - 1] if t else h0
        dx_t, carried, *of_weights = rnn_step_backward(dh[:, t] + carried, (x[:, t], before, Wx, Wh, h[:, t]))
        inputs.append(dx_t)
        weights.append(of_weights)
    dx, dh0 = np.stack(inputs[::-1], axis=1), carried
    dWx, dWh, db = (sum(steps, np.zeros(())) for steps in zip(*weights, strict=True))
    ### END SOLUTION
    return dx, dh0, dWx, dWh, db


def temporal_softmax_loss(x: Array, y: Labels, mask: Mask) -> tuple[Number, Array]:
    """Negative log-likelihood of sequences: summed over the steps that count, averaged over the N sequences.

    loss = 1/N Σ_n Σ_t mask[n, t] · (logsumexp(x[n, t]) − x[n, t, y[n, t]]): what is summed is not divided by T, nor by how
    many steps count. Scores x (N, T, V), labels y (N, T) of any integer dtype, 0 ≤ y < V, mask (N, T) of bool: a step counts
    where it is True; of a sequence none may count. loss a number, dx = ∂loss/∂x (N, T, V). Right for scores of ±1500. Source:
    Goodfellow et al. 2016, eq. 10.12 to 10.14; CS231n, assignment 3.
    """
    ### BEGIN SOLUTION
    N, T, _ = x.shape
    n, t = np.arange(N)[:, None], np.arange(T)
    shifted = x - x.max(axis=2, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))
    counts = mask / N
    loss = -np.sum(counts * logp[n, t, y])
    dx = np.exp(logp)
    dx[n, t, y] -= 1
    dx = dx * counts[:, :, None]
    ### END SOLUTION
    return loss, dx
