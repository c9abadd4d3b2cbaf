"""Unit 12, attention: embeddings, masks, scaled dot-product attention, heads, and a transformer block, forward and backward.

Arrays are float64. A batch has N sequences of T tokens; the last axis holds the features of one token.
``*_forward(...)`` returns ``(out, cache)``; ``*_backward(dout, cache)`` takes the upstream gradient ``dout`` = ∂L/∂out,
in the shape of ``out``, and returns the gradients ∂L/∂(argument) in the order and the shapes of the forward's
arguments. A mask is an array of truth values, True where a query may see a key. A query that may see no key at all gets
the output 0, and hands no gradient on. No argument is changed in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.attention_dot import (  # noqa: F401 - the unit's answers too
    attend_with_cache,
    attention_backward,
    attention_forward,
    online_softmax_update,
)
from reference.attention_heads import (  # noqa: F401 - the unit's answers too
    merge_heads,
    multi_head_backward,
    multi_head_forward,
    rms_norm_backward,
    rms_norm_forward,
    split_heads,
    transformer_block_backward,
    transformer_block_forward,
)
from reference.attention_judgement import (  # noqa: F401 - the unit's answers too
    is_attention_backward,
    prediction_equal_keys,
    prediction_one_key,
    prediction_score_size,
    rotary_embedding,
    train_previous_token,
)
from reference.attention_questions import (  # noqa: F401 - the unit's answers too
    question_cache_size,
    question_embedding,
    question_order,
    question_parameters,
    question_sampling_slope,
    question_scale,
    question_symptoms,
)

Array = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]
Mask = NDArray[np.bool_]
Number = np.floating[Any]
Backward = Callable[[Array, Array, Array, Array, Mask], tuple[Array, Array, Array]]


def word_embedding_forward(x: Ints, W: Array) -> tuple[Array, tuple[Ints, Array]]:
    """Embedding lookup: out[n, t] = W[x[n, t]], one row of W for each token.

    Tokens x (N, T) of any integer dtype, each the number of a row of W (V, D); out (N, T, D), cache = (x, W). Source:
    CS231n, assignment 3.
    """
    ### BEGIN SOLUTION
    out = W[x]
    ### END SOLUTION
    cache = (x, W)
    return out, cache


def word_embedding_backward(dout: Array, cache: tuple[Ints, Array]) -> Array:
    """Gradient of the embedding lookup out[n, t] = W[x[n, t]]: dW = ∂L/∂W.

    dout (N, T, D), cache = (x, W) with x (N, T) and W (V, D); dW (V, D). A token often comes twice.
    Source: CS231n, assignment 3.
    """
    ### BEGIN SOLUTION
    x, W = cache
    dW = np.zeros_like(W)
    np.add.at(dW, x, dout)
    ### END SOLUTION
    return dW


def negative_sampling_loss(v: Array, U: Array, context: int, negatives: Ints) -> tuple[Number, Array, Array]:
    """Loss of word2vec with negative sampling, for one pair of words, and its gradients dv = ∂loss/∂v and dU = ∂loss/∂U.

    loss = −log σ(u_c · v) − Σ_k log σ(−u_k · v), where v (D,) is the vector of the centre word, u_c the row ``context``
    of U (V, D), and u_k its row ``negatives[k]``, for all of negatives (K,). A negative often comes twice, and counts
    twice; none is the context. Returns the loss, a number, dv (D,) and dU (V, D). Right for products u · v of ±1500
    too. Source: Mikolov et al. 2013, eq. 4.
    """
    ### BEGIN SOLUTION
    rows = np.concatenate([[context], negatives])
    sign = np.where(np.arange(len(rows)) == 0, 1.0, -1.0)
    s = sign * (U[rows] @ v)
    e = np.exp(-np.abs(s))  # at most 1, so it cannot overflow
    loss = np.sum(np.maximum(-s, 0) + np.log1p(e))
    slope = -sign * np.where(s > 0, e, 1.0) / (1 + e)
    dv = slope @ U[rows]
    dU = np.zeros_like(U)
    np.add.at(dU, rows, np.outer(slope, v))
    ### END SOLUTION
    return loss, dv, dU


def positional_encoding(T: int, D: int) -> Array:
    """Sinusoidal encoding of the positions t = 0, ..., T − 1 in an even number D of features.

    P[t, 2i] = sin(t / 10000^(2i/D)) and P[t, 2i + 1] = cos(t / 10000^(2i/D)), for i = 0, ..., D/2 − 1; returns P, T rows of
    D columns. Source: Vaswani et al. 2017, §3.5.
    """
    angle = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)
    P = np.zeros((T, D))
    P[:, ::2] = np.sin(angle)
    P[:, 1::2] = np.cos(angle)
    return P


def attention_mask(tokens: Ints, pad: int) -> Mask:
    """Causal mask and padding mask together: mask[n, i, j] is True where query i may see key j of sequence n.

    It may, if j is not after i, and token j is no padding. tokens (N, T) are integers, those equal to ``pad`` are
    padding, at the end of a sequence or anywhere else; mask (N, T, T), of truth values. Nothing is asked of token i,
    and where all tokens up to i are padding, row i is False throughout. Source: Vaswani et al. 2017, §3.2.3.
    """
    T = tokens.shape[1]
    mask: Mask = np.tril(np.ones((T, T), dtype=bool)) & (tokens != pad)[:, None, :]
    return mask
