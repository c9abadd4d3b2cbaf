"""Unit 12, a transformer block, and attention one step or one block at a time. They are part of ``attention``, and of its stub."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.attention_heads import multi_head_backward, multi_head_forward

Array = NDArray[np.float64]


def rms_norm_forward(x: Array) -> tuple[Array, tuple[Array, Array]]:
    """Root-mean-square norm of each token: out = x / r, where r = √(mean of x² over the last axis + 1e-5).

    x (N, T, D); out (N, T, D), cache = (out, r), where r keeps the last axis, with length 1. Source: Zhang & Sennrich 2019, eq. 4.
    """
    ### BEGIN SOLUTION
    r = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-5)
    out = x / r
    ### END SOLUTION
    cache = (out, r)
    return out, cache


def rms_norm_backward(dout: Array, cache: tuple[Array, Array]) -> Array:
    """Gradient of the root-mean-square norm out = x / r: dx = ∂L/∂x. All features of a token share its r.

    dout, dx (N, T, D), cache = (out, r) as ``rms_norm_forward`` returns it. Source: Zhang & Sennrich 2019, appendix.
    """
    out, r = cache
    return (dout - out * np.mean(dout * out, axis=-1, keepdims=True)) / r


def transformer_block_forward(
    x: Array, Wq: Array, Wk: Array, Wv: Array, Wo: Array, W1: Array, W2: Array, heads: int
) -> tuple[Array, tuple[Any, ...]]:
    """Transformer block with a causal mask, norms in front (pre-norm), and no biases.

    h = x + MultiHead(rms_norm(x)), then out = h + relu(rms_norm(h) W1) W2. x (N, T, D); Wq, Wk, Wv, Wo and ``heads`` are those of
    ``multi_head_forward``, W1 (D, F), W2 (F, D); token i sees the tokens up to i. out (N, T, D),
    cache = (norm_x, attention, norm_h, b, a, W1, W2): the caches of the norm of x, of the multi-head attention and of the norm of h,
    then b = rms_norm(h), and a = relu(b W1). Source: Xiong et al. 2020, §3.1, with the norm of Zhang & Sennrich 2019.
    """
    ### BEGIN SOLUTION
    N, T, _ = x.shape
    causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
    normed, norm_x = rms_norm_forward(x)
    mixed, attention = multi_head_forward(normed, Wq, Wk, Wv, Wo, heads, causal)
    h = x + mixed
    b, norm_h = rms_norm_forward(h)
    a = np.maximum(0, b @ W1)
    out = h + a @ W2
    ### END SOLUTION
    cache = (norm_x, attention, norm_h, b, a, W1, W2)
    return out, cache


def transformer_block_backward(dout: Array, cache: tuple[Any, ...]) -> tuple[Array, ...]:
    """Gradients of the transformer block: dx, dWq, dWk, dWv, dWo, dW1, dW2.

    dout (N, T, D), cache = (norm_x, attention, norm_h, b, a, W1, W2) as ``transformer_block_forward`` returns it; each gradient in
    the shape of its argument. Source: Xiong et al. 2020, §3.1; the chain rule.
    """
    ### BEGIN SOLUTION
    norm_x, attention, norm_h, b, a, W1, W2 = cache
    dW2 = np.einsum("ntf,nto->fo", a, dout)
    dz = dout @ W2.T * (a > 0)
    dW1 = np.einsum("nti,ntf->if", b, dz)
    dh = dout + rms_norm_backward(dz @ W1.T, norm_h)
    dnormed, dWq, dWk, dWv, dWo = multi_head_backward(dh, attention)
    dx = dh + rms_norm_backward(dnormed, norm_x)
    ### END SOLUTION
    return dx, dWq, dWk, dWv, dWo, dW1, dW2


def attend_with_cache(q: Array, k: Array, v: Array, past: Any = None) -> tuple[Array, Any]:
    """Attention of the newest token to itself and to all tokens before it, whose keys and values are kept in ``past``.

    q, k (N, d_k) and v (N, d_v) belong to the newest token of each of N sequences. ``past`` is None for the first token, then what the
    call before returned; what it holds is yours. Returns out, of shape (N, d_v), and the new past. Token by token this gives the rows
    of ``attention_forward`` with a causal mask. Source: Shazeer 2019, §2.4.
    """
    keys, values = (k[:, None], v[:, None]) if past is None else past
    if past is not None:
        keys = np.concatenate([keys, k[:, None]], axis=1)
        values = np.concatenate([values, v[:, None]], axis=1)
    s = np.einsum("nd,ntd->nt", q, keys) / np.sqrt(k.shape[1])
    e = np.exp(s - s.max(axis=1, keepdims=True))
    weights = e / e.sum(axis=1, keepdims=True)
    return np.einsum("nt,ntd->nd", weights, values), (keys, values)


def online_softmax_update(m: Array, l: Array, o: Array, s: Array, v: Array) -> tuple[Array, Array, Array]:  # noqa: E741 - its name
    """Take in one more block of keys, without the blocks before it: the step of an online softmax.

    Over all keys j seen so far, query i has the largest score m[i] = max_j s_ij, the sum l[i] = Σ_j e^(s_ij − m[i]), and the sum
    o[i] = Σ_j e^(s_ij − m[i]) v_j, which is not divided yet: attention's output is o / l. A query that has seen nothing has m = −∞, l = 0,
    o = 0. m, l (T,), o (T, D); the block brings the scores s (T, B), all finite, and the values v (B, D) of B more keys. Returns the
    new (m, l, o). Right for scores of ±1500 too. Source: Milakov & Gimelshein 2018, alg. 3; Dao et al. 2022, alg. 1.
    """
    top = np.maximum(m, s.max(axis=1))
    shrink = np.exp(m - top)
    e = np.exp(s - top[:, None])
    return top, l * shrink + e.sum(axis=1), o * shrink[:, None] + e @ v
