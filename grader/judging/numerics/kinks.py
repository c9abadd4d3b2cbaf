"""Kinks: where a function has no derivative, any point between the derivatives nearby is right.

At a kink the gradients of nearby inputs are the vertices of a polytope (the generalised gradient of
Clarke 1975); an answer is accepted anywhere in it. So ``>``, ``>=`` and one half all pass for a ReLU at 0,
and a full gradient to each of two tied maxima does not.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["in_hull", "vertices"]

Array = NDArray[np.float64]
NUDGE = 2.0**-36
"""How far an entry is moved off its kink, relative to max(1, |x|)."""
JUMP = 1e-6
"""A change of the gradient by more than this, relative to its size, is a kink and no curvature."""
EXACT_SITES = 8
"""With more kinked entries than this, only this many random patterns per entry are tried."""


def vertices(gradient: Callable[[Mapping[str, Any]], Array], inputs: Mapping[str, Any], wrt: tuple[str, ...]) -> Array:
    """The gradients at nearby inputs, one a row, (V, size): one row only where the input is smooth.

    ``gradient`` maps inputs to the flattened gradient; ``wrt`` names the float arrays to nudge.
    """
    here = gradient(inputs)
    size = max(1e-300, float(np.abs(here).max(initial=0.0)))
    sites = []
    for name in wrt:
        for index in np.ndindex(np.shape(inputs[name])):
            ahead = gradient(_nudged(inputs, [(name, index, 1)]))
            behind = gradient(_nudged(inputs, [(name, index, -1)]))
            largest = max(size, float(np.abs(ahead).max()), float(np.abs(behind).max()))
            if np.abs(ahead - behind).max() > JUMP * largest or np.abs(ahead - here).max() > JUMP * largest:
                sites.append((name, index))
    rows = [here]
    for pattern in _patterns(len(sites)):
        moves = [(name, index, sign) for (name, index), sign in zip(sites, pattern, strict=True)]
        rows.append(gradient(_nudged(inputs, moves)))
    return np.unique(np.array(rows), axis=0)


def _patterns(sites: int) -> list[tuple[int, ...]]:
    if sites <= EXACT_SITES:
        return list(itertools.product((1, -1), repeat=sites))[: 2**sites if sites else 0]
    rng = np.random.default_rng(sites)
    drawn = rng.choice((1, -1), size=(EXACT_SITES * sites, sites))
    uniform = [tuple([1] * sites), tuple([-1] * sites)]
    return [*uniform, *(tuple(int(s) for s in row) for row in drawn)]


def _nudged(inputs: Mapping[str, Any], moves: list[tuple[str, tuple[int, ...], int]]) -> dict[str, Any]:
    moved = dict(inputs)
    for name in {name for name, _, _ in moves}:
        moved[name] = np.array(inputs[name], dtype=np.float64)
    for name, index, sign in moves:
        moved[name][index] += sign * NUDGE * max(1.0, abs(moved[name][index]))
    return moved


def in_hull(point: Array, corners: Array, tolerance: Array) -> bool:
    """Whether ``point`` (size,) is within ``tolerance`` of the convex hull of the rows of ``corners`` (V, size).

    Entries in which the corners agree must be met to their own tolerance; the others are solved for by
    non-negative least squares with weights that sum to 1 (Lawson & Hanson 1974, ch. 23).
    """
    spread = corners.max(axis=0) - corners.min(axis=0)
    size = max(1e-300, float(np.abs(corners).max()))
    free = spread > JUMP * size
    middle = corners[0]
    if np.any(np.abs(point - middle)[~free] > tolerance[~free] + spread[~free]):
        return False
    if not free.any():
        return True
    scaled, target = corners[:, free] / size, point[free] / size
    weight = 1e3  # how much the sum to one counts against the fit
    A = np.vstack([scaled.T, weight * np.ones(len(scaled))])
    b = np.append(target, weight)
    solution = _nnls(A, b)
    return bool(np.abs(scaled.T @ solution - target).max() < 1e-6 and abs(solution.sum() - 1) < 1e-6)


def _nnls(A: Array, b: Array) -> Array:
    """Non-negative least squares by the active-set method of Lawson & Hanson."""
    n = A.shape[1]
    x, passive = np.zeros(n), np.zeros(n, dtype=bool)
    for _ in range(3 * n + 10):
        descent = A.T @ (b - A @ x)
        descent[passive] = -np.inf
        best = int(np.argmax(descent))
        if descent[best] <= 1e-10:
            break
        passive[best] = True
        while True:
            trial = np.zeros(n)
            trial[passive] = np.linalg.lstsq(A[:, passive], b, rcond=None)[0]
            if (trial[passive] > 0).all():
                break
            blocking = passive & (trial <= 0)
            step = np.min(x[blocking] / (x[blocking] - trial[blocking] + 1e-300))
            x += step * (trial - x)
            passive &= x > 1e-14
            x[~passive] = 0.0
            if not passive.any():
                break
        x = trial if passive.any() else x
    return x
