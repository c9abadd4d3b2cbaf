"""Attention: each position reads from all positions that it may see (Vaswani et al. 2017, §3.2)."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff import softmax
from reference.nn.initialisers import Array, Initialiser, xavier

__all__ = ["apply", "attend", "causal_mask", "init"]


def attend(q: Any, k: Any, v: Any, mask: Any = None) -> Any:
    """Attend by scaled products, softmax(q kᵀ / √d) v: queries (..., T, d), keys (..., S, d), values (..., S, e) to (..., T, e).

    ``mask`` (T, S) is true where a query sees a key; each must see at least one. Source: Vaswani et al. 2017, eq. 1.
    """
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    return softmax(scores if mask is None else np.where(mask, scores, -np.inf)) @ v


def causal_mask(T: int) -> Any:
    """Make the mask (T, T) by which position t sees positions 0 to t, and nothing of its future."""
    return np.tri(T, dtype=bool)


def init(rng: np.random.Generator, D: int, heads: int, initialiser: Initialiser = xavier) -> dict[str, Array]:
    """Draw weights of multi-head attention: Wq, Wk, Wv (heads, D, d) and Wo (heads, d, D), with d = D / heads.

    Raises:
        ValueError: heads do not divide D.

    """
    if D % heads:
        raise ValueError(f"{heads} heads cannot share {D} features evenly: choose a divisor of {D}")
    params = {
        name: initialiser(rng, D, D).reshape(D, heads, D // heads).swapaxes(0, 1).copy() for name in ("Wq", "Wk", "Wv")
    }
    return {**params, "Wo": initialiser(rng, D, D).reshape(heads, D // heads, D)}


def apply(params: Any, x: Any, mask: Any = None) -> Any:
    """Apply multi-head self-attention to x (N, T, D); returns (N, T, D).

    The heads' outputs side by side times one Wo are the sum of each times its own rows of it: no array is taken apart.
    Source: Vaswani et al. 2017, §3.2.2.
    """
    x = np.expand_dims(x, 1)
    heads = attend(x @ params["Wq"], x @ params["Wk"], x @ params["Wv"], mask)
    return np.sum(heads @ params["Wo"], axis=1)
