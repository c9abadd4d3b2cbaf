"""Shared by the exercises of this unit: attention in one formula for wrong answers, masks, projections, continuous inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judging import Input, drawn, styled

__all__ = [
    "apart",
    "attend",
    "causal",
    "continuous",
    "dot_backward",
    "masks",
    "of_heads",
    "projection",
    "softmax",
    "swapped",
    "together",
]


def swapped(x):
    """Return an array with its last two axes swapped."""
    return np.swapaxes(x, -1, -2)


def softmax(S, mask=None, axis=-1):
    """Return the softmax of scores; what is masked, and what has nothing left, is 0."""
    S = S if mask is None else np.where(mask, S, -np.inf)
    top = S.max(axis=axis, keepdims=True)
    E = np.exp(S - np.where(np.isfinite(top), top, 0.0))
    total = E.sum(axis=axis, keepdims=True)
    return E / np.where(total > 0, total, 1.0)


def attend(Q, K, V, mask=None, scale=None):
    """Return output and weights of attention over any axes in front; ``scale`` in place of 1/√d_k."""
    A = softmax(Q @ swapped(K) * (1 / np.sqrt(K.shape[-1]) if scale is None else scale), mask)
    return A @ V, A


def dot_backward(dout, Q, K, V, A):
    """Return the gradients of attention, given its weights."""
    dA = dout @ swapped(V)
    dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) / np.sqrt(K.shape[-1])
    return dS @ K, swapped(dS) @ Q, swapped(A) @ dout


def apart(x, heads):
    """Return (N, T, H·d) as (N, H, T, d)."""
    return np.swapaxes(x.reshape(*x.shape[:2], heads, -1), 1, 2)


def together(x):
    """Return (N, H, T, d) as (N, T, H·d)."""
    return np.swapaxes(x, 1, 2).reshape(x.shape[0], x.shape[2], -1)


def causal(N, T):
    """Return the causal mask (N, T, T)."""
    return np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))


# --------------------------------------------------------------------------------------- inputs
def masks(*dims: str) -> Input:
    """Specify a mask (N, T_q, T_k) by the seed: at random, causal with padding, or open; many with rows that are off throughout."""

    def make(m: Any) -> Any:
        shape = tuple(m.size(name) for name in dims)
        mask = m.rng.random(shape) < 0.65
        kind = m.recipe.seed % 5
        if kind == 1:
            mask = np.tril(np.ones(shape, dtype=bool)) & (m.rng.random((shape[0], 1, shape[2])) < 0.8)
        elif kind == 3:
            mask[:] = True
        if kind in (0, 4):
            mask[m.rng.integers(shape[0]), m.rng.integers(shape[1])] = False
        return mask

    return drawn(make)


def continuous(*dims: str) -> Input:
    """Specify an array in the recipe's style, from a continuum in any regime: no unit sits on its kink."""
    return drawn(lambda m: _of_continuum(m, tuple(m.size(name) for name in dims)))


def _of_continuum(m: Any, shape: tuple[int, ...]) -> Any:
    return styled("randn" if m.recipe.style in ("ties", "integers") else m.recipe.style, m.rng, shape)


def of_heads(m: Any, name: str) -> int:
    """Return the length of a dimension; of H, d_k and d_v a small one."""
    size = int(m.size(name))
    return {"H": 1 + size % 3, "d_k": 2 + size % 3, "d_v": 1 + size % 3}.get(name, size)


def projection(rows: tuple[str, ...], columns: tuple[str, ...]) -> Input:
    """Specify weights of ordinary size, whose rows and columns are products of dimensions, ``("H", "d_k")`` for H·d_k.

    Of heads there are 1 to 3, with 2 to 4 features and 1 to 3 values, whatever the sizes of a recipe: caches travel to students.
    """

    def make(m: Any) -> Any:
        shape = tuple(int(np.prod([of_heads(m, name) for name in names])) for names in (rows, columns))
        return np.round(m.rng.standard_normal(shape) / np.sqrt(shape[0]), 3)

    return drawn(make)
