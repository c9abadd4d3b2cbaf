"""Unit 12, attention: embeddings, masks, scaled dot-product attention, heads, and a transformer block, forward and backward.

Arrays are float64. A batch has N sequences of T tokens; the last axis holds the features of one token.
``*_forward(...)`` returns ``(out, cache)``; ``*_backward(dout, cache)`` takes the upstream gradient ``dout`` = ∂L/∂out,
in the shape of ``out``, and returns the gradients ∂L/∂(argument) in the order and the shapes of the forward's
arguments. A mask is an array of truth values, True where a query may see a key. A query that may see no key at all gets
the output 0, and hands no gradient on. No argument is changed in place.

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
Ints = NDArray[np.integer[Any]]
Mask = NDArray[np.bool_]
Number = np.floating[Any]
Backward = Callable[[Array, Array, Array, Array, Mask], tuple[Array, Array, Array]]


def word_embedding_forward(x: Ints, W: Array) -> tuple[Array, tuple[Ints, Array]]:
    """Embedding lookup: out[n, t] = W[x[n, t]], one row of W for each token.

    Tokens x (N, T) of any integer dtype, each the number of a row of W (V, D); out (N, T, D), cache = (x, W). Source:
    CS231n, assignment 3.
    """
    raise NotImplementedError("attention.word_embedding_forward: not written yet")
    cache = (x, W)
    return out, cache


def word_embedding_backward(dout: Array, cache: tuple[Ints, Array]) -> Array:
    """Gradient of the embedding lookup out[n, t] = W[x[n, t]]: dW = ∂L/∂W.

    dout (N, T, D), cache = (x, W) with x (N, T) and W (V, D); dW (V, D). A token often comes twice.
    Source: CS231n, assignment 3.
    """
    raise NotImplementedError("attention.word_embedding_backward: not written yet")
    return dW


def negative_sampling_loss(v: Array, U: Array, context: int, negatives: Ints) -> tuple[Number, Array, Array]:
    """Loss of word2vec with negative sampling, for one pair of words, and its gradients dv = ∂loss/∂v and dU = ∂loss/∂U.

    loss = −log σ(u_c · v) − Σ_k log σ(−u_k · v), where v (D,) is the vector of the centre word, u_c the row ``context``
    of U (V, D), and u_k its row ``negatives[k]``, for all of negatives (K,). A negative often comes twice, and counts
    twice; none is the context. Returns the loss, a number, dv (D,) and dU (V, D). Right for products u · v of ±1500
    too. Source: Mikolov et al. 2013, eq. 4.
    """
    raise NotImplementedError("attention.negative_sampling_loss: not written yet")
    return loss, dv, dU


def positional_encoding(T: int, D: int) -> Array:
    """Sinusoidal encoding of the positions t = 0, ..., T − 1 in an even number D of features.

    P[t, 2i] = sin(t / 10000^(2i/D)) and P[t, 2i + 1] = cos(t / 10000^(2i/D)), for i = 0, ..., D/2 − 1; returns P, T rows of
    D columns. Source: Vaswani et al. 2017, §3.5.
    """
    raise NotImplementedError("attention.positional_encoding: not written yet")


def attention_mask(tokens: Ints, pad: int) -> Mask:
    """Causal mask and padding mask together: mask[n, i, j] is True where query i may see key j of sequence n.

    It may, if j is not after i, and token j is no padding. tokens (N, T) are integers, those equal to ``pad`` are
    padding, at the end of a sequence or anywhere else; mask (N, T, T), of truth values. Nothing is asked of token i,
    and where all tokens up to i are padding, row i is False throughout. Source: Vaswani et al. 2017, §3.2.3.
    """
    raise NotImplementedError("attention.attention_mask: not written yet")


def attention_forward(
    Q: Array, K: Array, V: Array, mask: Mask | None = None
) -> tuple[Array, tuple[Array, Array, Array, Array]]:
    """Scaled dot-product attention: out = A V, where A is the softmax of S = Q Kᵀ / √d_k over the keys.

    Q (N, T_q, d_k), K (N, T_k, d_k), V (N, T_k, d_v), mask (N, T_q, T_k) of truth values; out (N, T_q, d_v), cache =
    (Q, K, V, A) with the weights A (N, T_q, T_k). Where the mask is False, a key has weight 0, as if its score were −∞:
    the other weights of a row add up to 1. A row of the mask that is False throughout gives weights and output 0.
    Without a mask every query sees every key. Right for large scores too. Source: Vaswani et al. 2017, eq. 1.
    """
    raise NotImplementedError("attention.attention_forward: not written yet")
    cache = (Q, K, V, A)
    return out, cache


def attention_backward(dout: Array, cache: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array]:
    """Gradients of attention out = A V, A = softmax(Q Kᵀ / √d_k): dQ = ∂L/∂Q, dK = ∂L/∂K, dV = ∂L/∂V.

    dout (N, T_q, d_v), cache = (Q, K, V, A) with Q (N, T_q, d_k), K (N, T_k, d_k), V (N, T_k, d_v) and the weights A
    (N, T_q, T_k), which are 0 where the mask was False; dQ, dK and dV in the shapes of Q, K and V. Source: Dao et al.
    2022, §B.4.
    """
    raise NotImplementedError("attention.attention_backward: not written yet")
    return dQ, dK, dV


def attend_with_cache(q: Array, k: Array, v: Array, past: Any = None) -> tuple[Array, Any]:
    """Attention of the newest token to itself and to all tokens before it, whose keys and values are kept in ``past``.

    q, k and v belong to the newest token of each of N sequences: q and k have the shape (N, d_k), v has (N, d_v).
    ``past`` is None for the first token, then what the call before returned; what it holds is yours. Several batches
    may be read in turns, each with a past of its own. Returns out, of shape (N, d_v), and the new past. Token by token
    this gives the rows of ``attention_forward`` with a causal mask. Source: Shazeer 2019, §2.4.
    """
    raise NotImplementedError("attention.attend_with_cache: not written yet")


def online_softmax_update(m: Array, z: Array, o: Array, s: Array, v: Array) -> tuple[Array, Array, Array]:
    """Take in one more block of keys, without the blocks before it: the step of an online softmax.

    Over all keys j seen so far, query i has the largest score m[i] = max_j s_ij, the sum z[i] = Σ_j e^(s_ij − m[i]),
    and the sum o[i] = Σ_j e^(s_ij − m[i]) v_j, which is not divided yet: attention's output is o / z. A query that has
    seen nothing has m = −∞, z = 0, o = 0. m, z (T,), o (T, D); the block brings the scores s (T, B), all finite, and
    the values v (B, D) of B more keys. Returns the new (m, z, o). Right for scores of ±1500 too.
    Source: Milakov & Gimelshein 2018, alg. 3; Dao et al. 2022, alg. 1.
    """
    raise NotImplementedError("attention.online_softmax_update: not written yet")


def split_heads(x: Array, heads: int) -> Array:
    """Split the features of each token between heads: head h gets the h-th block of d of them, of every token.

    x has the shape (N, T, H·d) with H = ``heads``; returns an array of shape (N, H, T, d).
    Source: Vaswani et al. 2017, §3.2.2.
    """
    raise NotImplementedError("attention.split_heads: not written yet")


def merge_heads(x: Array) -> Array:
    """Undo ``split_heads``: put the features of all heads side by side again, token by token.

    x (N, H, T, d); returns an array of shape (N, T, H·d). Source: Vaswani et al. 2017, §3.2.2.
    """
    raise NotImplementedError("attention.merge_heads: not written yet")


def multi_head_forward(
    x: Array, Wq: Array, Wk: Array, Wv: Array, Wo: Array, heads: int, mask: Mask | None = None
) -> tuple[Array, tuple[Any, ...]]:
    """Multi-head self-attention: Q = x Wq, K = x Wk, V = x Wv, attention in each head by itself, out = (all heads side by side) Wo.

    x (N, T, D); Wq and Wk have the shape (D, H·d_k), Wv (D, H·d_v) and Wo (H·d_v, D) with H = ``heads``: head h works
    with the h-th block of columns of Q, K and V, and with the scale √d_k of its own size. mask (N, T, T) as for
    ``attention_forward``, the same for all heads. out (N, T, D), cache = (x, Wq, Wk, Wv, Wo, Q, K, V, A), where Q, K
    and V are split into heads, as ``split_heads`` does, and A, of shape (N, H, T, T), holds the weights. Source:
    Vaswani et al. 2017, §3.2.2.
    """
    raise NotImplementedError("attention.multi_head_forward: not written yet")
    cache = (x, Wq, Wk, Wv, Wo, Q, K, V, A)
    return out, cache


def multi_head_backward(dout: Array, cache: tuple[Any, ...]) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of multi-head attention: dx, dWq, dWk, dWv, dWo.

    dout (N, T, D), cache = (x, Wq, Wk, Wv, Wo, Q, K, V, A) as ``multi_head_forward`` returns it; each gradient in the
    shape of its argument. Source: Vaswani et al. 2017, §3.2.2; the chain rule.
    """
    raise NotImplementedError("attention.multi_head_backward: not written yet")
    return dx, dWq, dWk, dWv, dWo


def rms_norm_forward(x: Array) -> tuple[Array, tuple[Array, Array]]:
    """Root-mean-square norm of each token: out = x / r, where r = √(mean of x² over the last axis + 1e-5).

    x (N, T, D); out (N, T, D), cache = (out, r), where r keeps the last axis, with length 1. Source: Zhang & Sennrich
    2019, eq. 4.
    """
    raise NotImplementedError("attention.rms_norm_forward: not written yet")
    cache = (out, r)
    return out, cache


def rms_norm_backward(dout: Array, cache: tuple[Array, Array]) -> Array:
    """Gradient of the root-mean-square norm out = x / r: dx = ∂L/∂x. All features of a token share its r.

    dout, dx (N, T, D), cache = (out, r) as ``rms_norm_forward`` returns it. Source: Zhang & Sennrich 2019, appendix.
    """
    raise NotImplementedError("attention.rms_norm_backward: not written yet")


def transformer_block_forward(
    x: Array, Wq: Array, Wk: Array, Wv: Array, Wo: Array, W1: Array, W2: Array, heads: int
) -> tuple[Array, tuple[Any, ...]]:
    """Transformer block with a causal mask, norms in front (pre-norm), and no biases.

    h = x + MultiHead(rms_norm(x)), then out = h + relu(rms_norm(h) W1) W2. x (N, T, D); Wq, Wk, Wv, Wo and ``heads``
    are those of ``multi_head_forward``, W1 (D, F), W2 (F, D); token i sees the tokens up to i. out (N, T, D), cache =
    (norm_x, attention, norm_h, b, a, W1, W2): the caches of the norm of x, of the multi-head attention and of the norm
    of h, then b = rms_norm(h), and a = relu(b W1). Source: Xiong et al. 2020, §3.1, with the norm of Zhang & Sennrich
    2019.
    """
    raise NotImplementedError("attention.transformer_block_forward: not written yet")
    cache = (norm_x, attention, norm_h, b, a, W1, W2)
    return out, cache


def transformer_block_backward(dout: Array, cache: tuple[Any, ...]) -> tuple[Array, ...]:
    """Gradients of the transformer block: dx, dWq, dWk, dWv, dWo, dW1, dW2.

    dout (N, T, D), cache = (norm_x, attention, norm_h, b, a, W1, W2) as ``transformer_block_forward`` returns it; each
    gradient in the shape of its argument. Source: Xiong et al. 2020, §3.1; the chain rule.
    """
    raise NotImplementedError("attention.transformer_block_backward: not written yet")
    return dx, dWq, dWk, dWv, dWo, dW1, dW2


def prediction_equal_keys() -> float:
    """Predict the output of attention whose keys are all equal. Return the number.

    Three keys are equal to one another, and their values are the numbers 1, 2 and 6. What does a query get,
    whatever it is?
    """
    raise NotImplementedError("attention.prediction_equal_keys: not written yet")


def prediction_one_key() -> float:
    """Predict a gradient where there is one key alone. Return the number.

    One query q = (1, 1, 1, 1), one key k = (2, 2, 2, 2), one value v = (3), and the upstream gradient is 5. What is the
    first entry of dQ?
    """
    raise NotImplementedError("attention.prediction_one_key: not written yet")


def prediction_score_size() -> float:
    """Predict how large scores are before they are divided by √d_k. Return the number.

    The entries of q and k are independent, with mean 0 and variance 1, and d_k = 64. What is the standard
    deviation of q · k?
    """
    raise NotImplementedError("attention.prediction_score_size: not written yet")


def rotary_embedding(x: Array) -> Array:
    """Rotary embedding: turn each pair of features by an angle that grows with the token's position.

    **There is a fault in this function. Find it, and mend it.** x has N sequences of T tokens with an even number D of
    features; the result has the shape of x. Of token t = 0, ..., T − 1 the pair (x[2i], x[2i + 1]) is turned by the
    angle φ = t / 10000^(2i/D), counter-clockwise: it becomes (x[2i] cos φ − x[2i + 1] sin φ, x[2i] sin φ + x[2i + 1]
    cos φ). Source: Su et al. 2021, eq. 15.
    """
    _, T, D = x.shape
    angle = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)
    cos, sin = np.cos(angle), np.sin(angle)
    out = x.copy()
    even, odd = out[..., ::2], out[..., 1::2]
    out[..., ::2] = even * cos - odd * sin
    out[..., 1::2] = even * sin + odd * cos
    return out


def is_attention_backward(backward: Backward) -> bool:
    """Write a test: decide whether a function is the backward pass of scaled dot-product attention.

    ``backward(dout, Q, K, V, mask)`` returns (dQ, dK, dV) for Q (N, T_q, d_k), K (N, T_k, d_k), V (N, T_k, d_v), dout
    (N, T_q, d_v) and a mask (N, T_q, T_k) of truth values, of the function that ``attention_forward`` computes: a
    candidate, right or wrong, that you get to call as often as you like, on inputs of your choice. Return True if it is
    right on all such inputs, and False if it is wrong on some. A candidate may raise an error; then it is wrong. You
    may use anything that you have written in this unit.
    """
    raise NotImplementedError("attention.is_attention_backward: not written yet")


def train_previous_token(tokens: Ints, seed: int) -> tuple[Array, Array]:
    """Train one attention layer to look up the previous token: return (Wq, Wk) with a loss of at most 0.05.

    tokens (N, T) are integers from 0 to 4, and T is 8. A token becomes 13 features: the one-hot vector of its value, 5
    long, then that of its position, 8 long; these are X. Q = X Wq and K = X Wk with Wq and Wk (13, d), d of your choice
    up to 32; the scores are divided by √d, and the mask is causal. The values V are the one-hot vectors of the tokens
    themselves, so that out[n, t] is a distribution over the 5 tokens. The loss is the mean over n and t ≥ 1 of −log
    out[n, t, tokens[n, t − 1]]: each position is to say which token stood one place before. Draw the start from
    ``np.random.default_rng(seed)``. Source: Elhage et al. 2021, "Previous token heads".
    """
    raise NotImplementedError("attention.train_previous_token: not written yet")


def question_scale() -> str:
    """Choose why the scores of attention are divided by √d_k. Return one letter.

    (a) So that the weights of a query add up to 1.
    (b) So that the exponential cannot overflow, however long the vectors of queries and keys are.
    (c) So that scores keep their size as d_k grows: large ones make one weight nearly 1, and hardly a gradient returns.
    (d) So that the product Q Kᵀ costs no more for long vectors than for short ones.
    """
    raise NotImplementedError("attention.question_scale: not written yet")


def question_order() -> list[str]:
    """Choose all that is true of self-attention without positions (the x that goes in knows nothing of them).

    (a) Without a mask, if two tokens swap their places, their outputs swap places too, and all others stay as they are.
    (b) Without a mask, two equal tokens at different places get equal outputs.
    (c) Without a mask, the output of a token depends on how many places lie between it and the others.
    (d) With a causal mask, two equal tokens at different places may get different outputs.
    (e) With several heads, the heads tell the places apart, since each has its own Wq and Wk.
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    raise NotImplementedError("attention.question_order: not written yet")


def question_parameters() -> int:
    """Count the parameters of multi-head attention.

    D = 512 features, 8 heads with d_k = d_v = 64, the matrices Wq, Wk, Wv and Wo, and no biases. Return the number.
    """
    raise NotImplementedError("attention.question_parameters: not written yet")


def question_cache_size() -> int:
    """Count the numbers that a key–value cache holds.

    A model of 12 layers, each with 12 heads of d_k = d_v = 64, has read one sequence of 1000 tokens. Return the number.
    """
    raise NotImplementedError("attention.question_cache_size: not written yet")


def question_symptoms() -> dict[str, str]:
    """Match each fault in attention with the way in which it shows, whatever the numbers. Return pairs of letter and number.

    (a) √d_k is forgotten in the backward pass.
    (b) Of the softmax's Jacobian only the diagonal is kept.
    (c) The mask sets weights to 0 after the softmax.
    (d) Heads are split by a reshape to (N, H, T, d) alone.
    (1) Rows of the weights add up to less than 1.
    (2) dV is right, and dQ and dK are a constant factor too large.
    (3) The first head works with the first tokens alone.
    (4) dV is right, and the rows of dS do not add up to 0.
    Return a dict such as {"a": "1", "b": "2", "c": "3", "d": "4"}.
    """
    raise NotImplementedError("attention.question_symptoms: not written yet")


def question_embedding() -> str:
    """Choose what ``dW[x] += dout`` does in numpy, where x holds the token 7 three times. Return one letter.

    (a) It adds all three gradients to row 7 of dW.
    (b) It adds one of the three gradients to row 7 of dW, and the others are lost.
    (c) It adds the mean of the three gradients to row 7 of dW.
    (d) It raises an error, since an index may not be repeated.
    """
    raise NotImplementedError("attention.question_embedding: not written yet")


def question_sampling_slope() -> str:
    """Write the derivative of −log σ(u) with respect to u as text: a formula in s = σ(u) alone, such as "2*s + 3" (not it)."""
    raise NotImplementedError("attention.question_sampling_slope: not written yet")
