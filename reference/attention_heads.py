"""Unit 12, scaled dot-product attention, the split into heads, and multi-head attention. They are part of ``attention``, and of its stub."""

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

    Q (N, T_q, d_k), K (N, T_k, d_k), V (N, T_k, d_v), mask (N, T_q, T_k) of truth values; out (N, T_q, d_v), cache = (Q, K, V, A)
    with the weights A (N, T_q, T_k). Where the mask is False, a key has weight 0, as if its score were −∞: the other weights of a row
    add up to 1. A row of the mask that is False throughout gives weights and output 0. Without a mask every query sees every key.
    Right for large scores too. Source: Vaswani et al. 2017, eq. 1.
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
    total = E.sum(axis=-1, keepdims=True)
    A = E / np.where(total > 0, total, 1.0)
    return A @ V, A


### END SOLUTION
def attention_backward(dout: Array, cache: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array]:
    """Gradients of attention out = A V, A = softmax(Q Kᵀ / √d_k): dQ = ∂L/∂Q, dK = ∂L/∂K, dV = ∂L/∂V.

    dout (N, T_q, d_v), cache = (Q, K, V, A) with Q (N, T_q, d_k), K (N, T_k, d_k), V (N, T_k, d_v) and the weights A (N, T_q, T_k),
    which are 0 where the mask was False; dQ, dK and dV in the shapes of Q, K and V. Source: Dao et al. 2022, §B.4.
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


def split_heads(x: Array, heads: int) -> Array:
    """Split the features of each token between heads: head h gets the h-th block of d of them, of every token.

    x has the shape (N, T, H·d) with H = ``heads``; returns an array of shape (N, H, T, d).
    Source: Vaswani et al. 2017, §3.2.2.
    """
    N, T, _ = x.shape
    return np.swapaxes(x.reshape(N, T, heads, -1), 1, 2)


def merge_heads(x: Array) -> Array:
    """Undo ``split_heads``: put the features of all heads side by side again, token by token.

    x (N, H, T, d); returns an array of shape (N, T, H·d). Source: Vaswani et al. 2017, §3.2.2.
    """
    N, _, T, _ = x.shape
    return np.swapaxes(x, 1, 2).reshape(N, T, -1)


def multi_head_forward(
    x: Array, Wq: Array, Wk: Array, Wv: Array, Wo: Array, heads: int, mask: Mask | None = None
) -> tuple[Array, tuple[Any, ...]]:
    """Multi-head self-attention: Q = x Wq, K = x Wk, V = x Wv, attention in each head by itself, out = (all heads side by side) Wo.

    x (N, T, D); Wq and Wk have the shape (D, H·d_k), Wv (D, H·d_v) and Wo (H·d_v, D) with H = ``heads``: head h works with the h-th
    block of columns of Q, K and V, and with the scale √d_k of its own size. mask (N, T, T) as for ``attention_forward``, the same for
    all heads. out (N, T, D), cache = (x, Wq, Wk, Wv, Wo, Q, K, V, A), where Q, K and V are split into heads, as ``split_heads``
    does, and A, of shape (N, H, T, T), holds the weights. Source: Vaswani et al. 2017, §3.2.2.
    """
    ### BEGIN SOLUTION
    Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
    mixed, A = _attend(Q, K, V, None if mask is None else mask[:, None])
    out = merge_heads(mixed) @ Wo
    ### END SOLUTION
    cache = (x, Wq, Wk, Wv, Wo, Q, K, V, A)
    return out, cache


def multi_head_backward(dout: Array, cache: tuple[Any, ...]) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of multi-head attention: dx, dWq, dWk, dWv, dWo.

    dout (N, T, D), cache = (x, Wq, Wk, Wv, Wo, Q, K, V, A) as ``multi_head_forward`` returns it; each gradient in the shape of its
    argument. Source: Vaswani et al. 2017, §3.2.2; the chain rule.
    """
    ### BEGIN SOLUTION
    x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
    heads = A.shape[1]
    dWo = np.einsum("nti,nto->io", merge_heads(A @ V), dout)
    split = attention_backward(split_heads(dout @ Wo.T, heads), (Q, K, V, A))
    dQ, dK, dV = (merge_heads(gradient) for gradient in split)
    dx = dQ @ Wq.T + dK @ Wk.T + dV @ Wv.T
    dWq, dWk, dWv = (np.einsum("nti,nto->io", x, gradient) for gradient in (dQ, dK, dV))
    ### END SOLUTION
    return dx, dWq, dWk, dWv, dWo
