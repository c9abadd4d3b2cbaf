"""Unit 12, what grades judgement, and a training run: predictions, a fault to find, a test to write. Part of ``attention``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.attention_dot import attention_backward, attention_forward

Array = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]
Mask = NDArray[np.bool_]
Backward = Callable[[Array, Array, Array, Array, Mask], tuple[Array, Array, Array]]


def prediction_equal_keys() -> float:
    """Predict the output of attention whose keys are all equal. Return the number.

    Three keys are equal to one another, and their values are the numbers 1, 2 and 6. What does a query get,
    whatever it is?
    """
    return 3.0


def prediction_one_key() -> float:
    """Predict a gradient where there is one key alone. Return the number.

    One query q = (1, 1, 1, 1), one key k = (2, 2, 2, 2), one value v = (3), and the upstream gradient is 5. What is the
    first entry of dQ?
    """
    return 0.0


def prediction_score_size() -> float:
    """Predict how large scores are before they are divided by √d_k. Return the number.

    The entries of q and k are independent, with mean 0 and variance 1, and d_k = 64. What is the standard
    deviation of q · k?
    """
    return 8.0


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
    even, odd = x[..., ::2], x[..., 1::2]
    out = np.zeros_like(x)
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
    rng = np.random.default_rng(0)
    for N, T_q, T_k, d_k, d_v in ((2, 3, 4, 5, 6), (3, 5, 2, 4, 1), (2, 4, 4, 3, 3)):
        Q, K = rng.standard_normal((N, T_q, d_k)), rng.standard_normal((N, T_k, d_k))
        V, dout = rng.standard_normal((N, T_k, d_v)), 3 * rng.standard_normal((N, T_q, d_v))
        mask = rng.random((N, T_q, T_k)) < 0.7
        mask[0, 1] = False
        right = attention_backward(dout, attention_forward(Q, K, V, mask)[1])
        try:
            found = backward(dout.copy(), Q.copy(), K.copy(), V.copy(), mask.copy())
        except (ValueError, TypeError, IndexError):
            return False
        for got, due in zip(found, right, strict=True):
            if np.shape(got) != due.shape or not np.allclose(got, due, rtol=1e-7, atol=1e-10):
                return False
    return True


def train_previous_token(tokens: Ints, seed: int) -> tuple[Array, Array]:
    """Train one attention layer to look up the previous token: return (Wq, Wk) with a loss of at most 0.05.

    tokens (N, T) are integers from 0 to 4, and T is 8. A token becomes 13 features: the one-hot vector of its value, 5
    long, then that of its position, 8 long; these are X. Q = X Wq and K = X Wk with Wq and Wk (13, d), d of your choice
    up to 32; the scores are divided by √d, and the mask is causal. The values V are the one-hot vectors of the tokens
    themselves, so that out[n, t] is a distribution over the 5 tokens. The loss is the mean over n and t ≥ 1 of −log
    out[n, t, tokens[n, t − 1]]: each position is to say which token stood one place before. Draw the start from
    ``np.random.default_rng(seed)``. Source: Elhage et al. 2021, "Previous token heads".
    """
    N, T = tokens.shape
    V, places = np.eye(5)[tokens], np.broadcast_to(np.eye(T), (N, T, T))
    X = np.concatenate([V, places], axis=-1)
    causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
    Wq, Wk = 0.3 * np.random.default_rng(seed).standard_normal((2, 13, 8))
    for _ in range(150):
        out, cache = attention_forward(X @ Wq, X @ Wk, V, causal)
        hit = out[:, 1:] * V[:, :-1]
        dout = np.zeros_like(out)
        dout[:, 1:] = -V[:, :-1] / hit.sum(axis=-1, keepdims=True) / (N * (T - 1))
        dQ, dK, _ = attention_backward(dout, cache)
        Wq = Wq - 2.0 * np.einsum("nti,ntd->id", X, dQ)
        Wk = Wk - 2.0 * np.einsum("nti,ntd->id", X, dK)
    return Wq, Wk
