"""Unit 12, several heads, and a transformer block. They are part of ``attention``, and of its stub."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.attention_dot import _attend, attention_backward

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


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

    x (N, T, D); Wq and Wk have the shape (D, H·d_k), Wv (D, H·d_v) and Wo (H·d_v, D) with H = ``heads``: head h works
    with the h-th block of columns of Q, K and V, and with the scale √d_k of its own size. mask (N, T, T) as for
    ``attention_forward``, the same for all heads. out (N, T, D), cache = (x, Wq, Wk, Wv, Wo, Q, K, V, A), where Q, K
    and V are split into heads, as ``split_heads`` does, and A, of shape (N, H, T, T), holds the weights. Source:
    Vaswani et al. 2017, §3.2.2.
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

    dout (N, T, D), cache = (x, Wq, Wk, Wv, Wo, Q, K, V, A) as ``multi_head_forward`` returns it; each gradient in the
    shape of its argument. Source: Vaswani et al. 2017, §3.2.2; the chain rule.
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


def rms_norm_forward(x: Array) -> tuple[Array, tuple[Array, Array]]:
    """Root-mean-square norm of each token: out = x / r, where r = √(mean of x² over the last axis + 1e-5).

    x (N, T, D); out (N, T, D), cache = (out, r), where r keeps the last axis, with length 1. Source: Zhang & Sennrich
    2019, eq. 4.
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
    dx: Array = (dout - out * np.mean(dout * out, axis=-1, keepdims=True)) / r
    return dx


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

    dout (N, T, D), cache = (norm_x, attention, norm_h, b, a, W1, W2) as ``transformer_block_forward`` returns it; each
    gradient in the shape of its argument. Source: Xiong et al. 2020, §3.1; the chain rule.
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
