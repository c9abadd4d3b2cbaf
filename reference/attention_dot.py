"""Unit 12, scaled dot-product attention: at once, token by token, and block by block. It is part of ``attention``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def attention_forward(
    Q: Array, K: Array, V: Array, mask: Mask | None = None
) -> tuple[Array, tuple[Array, Array, Array, Array]]:
    """Scaled dot-product attention: out = A V, where A is the softmax of S = Q Kᵀ / √d_k over the keys.

    Q (N, T_q, d_k), K (N, T_k, d_k), V (N, T_k, d_v), mask (N, T_q, T_k) of truth values; out (N, T_q, d_v), cache =
    (Q, K, V, A) with the weights A (N, T_q, T_k). Where the mask is False, a key has weight 0, as if its score were −∞:
    the other weights of a row add up to 1. A row of the mask that is False throughout gives weights and output 0.
    Without a mask every query sees every key. Right for large scores too. Source: Vaswani et al. 2017, eq. 1.
    """
    ### BEGIN SOLUTION
    out, A = _attend(Q, K, V, mask)
    ### END SOLUTION
    cache = (Q, K, V, A)
    return out, cache


### BEGIN SOLUTION
def _attend(Q: Array, K: Array, V: Array, mask: Mask | None) -> tuple[Array, Array]:
    """Return the output and the weights of attention, over any axes in front."""
    S = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])
    if mask is not None:
        S = np.where(mask, S, -np.inf)
    top = np.max(S, axis=-1, keepdims=True)
    E = np.exp(S - np.where(np.isfinite(top), top, 0.0))  # exp(−∞) is 0
    A = E / np.maximum(E.sum(axis=-1, keepdims=True), 1.0)  # the largest score has e^0 = 1; without one, 0 / 1
    return A @ V, A


### END SOLUTION
def attention_backward(dout: Array, cache: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array]:
    """Gradients of attention out = A V, A = softmax(Q Kᵀ / √d_k): dQ = ∂L/∂Q, dK = ∂L/∂K, dV = ∂L/∂V.

    dout (N, T_q, d_v), cache = (Q, K, V, A) with Q (N, T_q, d_k), K (N, T_k, d_k), V (N, T_k, d_v) and the weights A
    (N, T_q, T_k), which are 0 where the mask was False; dQ, dK and dV in the shapes of Q, K and V. Source: Dao et al.
    2022, §B.4.
    """
    ### BEGIN SOLUTION
    Q, K, V, A = cache
    dV = np.swapaxes(A, -1, -2) @ dout
    dA = dout @ np.swapaxes(V, -1, -2)
    dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) / np.sqrt(K.shape[-1])
    dQ = dS @ K
    dK = np.swapaxes(dS, -1, -2) @ Q
    ### END SOLUTION
    return dQ, dK, dV


def attend_with_cache(q: Array, k: Array, v: Array, past: Any = None) -> tuple[Array, Any]:
    """Attention of the newest token to itself and to all tokens before it, whose keys and values are kept in ``past``.

    q, k and v belong to the newest token of each of N sequences: q and k have the shape (N, d_k), v has (N, d_v).
    ``past`` is None for the first token, then what the call before returned; what it holds is yours. Several batches
    may be read in turns, each with a past of its own. Returns out, of shape (N, d_v), and the new past. Token by token
    this gives the rows of ``attention_forward`` with a causal mask. Source: Shazeer 2019, §2.4.
    """
    keys, values = k[:, None], v[:, None]
    if past is not None:
        keys = np.concatenate([past[0], keys], axis=1)
        values = np.concatenate([past[1], values], axis=1)
    s = np.einsum("nd,ntd->nt", q, keys) / np.sqrt(k.shape[1])
    e = np.exp(s - s.max(axis=1, keepdims=True))
    weights = e / e.sum(axis=1, keepdims=True)
    return np.einsum("nt,ntd->nd", weights, values), (keys, values)


def online_softmax_update(m: Array, z: Array, o: Array, s: Array, v: Array) -> tuple[Array, Array, Array]:
    """Take in one more block of keys, without the blocks before it: the step of an online softmax.

    Over all keys j seen so far, query i has the largest score m[i] = max_j s_ij, the sum z[i] = Σ_j e^(s_ij − m[i]),
    and the sum o[i] = Σ_j e^(s_ij − m[i]) v_j, which is not divided yet: attention's output is o / z. A query that has
    seen nothing has m = −∞, z = 0, o = 0. m, z (T,), o (T, D); the block brings the scores s (T, B), all finite, and
    the values v (B, D) of B more keys. Returns the new (m, z, o). Right for scores of ±1500 too.
    Source: Milakov & Gimelshein 2018, alg. 3; Dao et al. 2022, alg. 1.
    """
    top = np.maximum(m, s.max(axis=1))
    shrink = np.exp(m - top)
    e = np.exp(s - top[:, None])
    return top, z * shrink + e.sum(axis=1), o * shrink[:, None] + e @ v
