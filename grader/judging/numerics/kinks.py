"""Kinks: at a point without a derivative, every value between the derivatives nearby is right.

At a kink the gradients of nearby inputs are the vertices of a polytope (the generalised gradient of
Clarke 1975); an answer is accepted anywhere in that polytope. So ``>``, ``>=`` and one half all pass for a ReLU at 0,
and a full gradient to each of two tied maxima does not.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Block", "blocks", "in_hull"]

Array = NDArray[np.float64]
NUDGE = 2.0**-36
"""The distance by which an entry is moved off its kink, relative to max(1, |x|)."""
JUMP = 1e-6
"""The change of a gradient, relative to its size, above which it is a kink and no curvature."""
EXACT_SITES = 8
"""The most kinked entries of a block of which all patterns are tried; a larger block gets this many random ones an entry."""
Move = tuple[str, tuple[int, ...], int]
"""A nudge: the array's name, the entry's index, and the side (1 or -1)."""


@dataclass(frozen=True)
class Block:
    """The entries (size,) of a flattened gradient that jump together, and their values nearby, a vertex a row (V, size)."""

    entries: NDArray[np.intp]
    corners: Array


class Site(NamedTuple):
    """An entry of an input at which the gradient jumps, a mask of the entries that jump, and the gradients on both sides."""

    entry: tuple[str, tuple[int, ...]]
    jumps: NDArray[np.bool_]
    ahead: Array
    behind: Array


def blocks(
    gradient: Callable[[Mapping[str, Any]], Array], inputs: Mapping[str, Any], wrt: tuple[str, ...]
) -> list[Block]:
    """Collect the gradients at nearby inputs in independent blocks; return no block if the function is smooth at the inputs.

    The rows of a batch are independent, so a batch with a kink in each row has few vertices a row instead of their product.

    Args:
        gradient: maps inputs to the flattened gradient (size,).
        inputs: by name.
        wrt: the names of the float arrays to nudge.

    """
    entries = [(name, index) for name in wrt for index in np.ndindex(np.shape(inputs[name]))]
    if not entries:
        return []
    here = gradient(inputs)
    ahead, behind = (np.array([gradient(_nudged(inputs, [(*entry, sign)])) for entry in entries]) for sign in (1, -1))
    near = np.abs([ahead, behind, np.broadcast_to(here, ahead.shape)])
    size = np.fmax.reduce(near, axis=(0, 2), initial=1e-300)[:, None]
    jumps = (np.abs(ahead - behind) > JUMP * size) | (np.abs(ahead - here) > JUMP * size)
    sites = [Site(*found) for found in zip(entries, jumps, ahead, behind, strict=True) if found[1].any()]
    return [_block(gradient, inputs, here, group) for group in _connected(sites)]


def _connected(sites: list[Site]) -> list[list[Site]]:
    """Group the sites that move common entries of the gradient."""
    groups: list[list[Site]] = []
    for site in sites:
        touching = [g for g in groups if any((site.jumps & other.jumps).any() for other in g)]
        groups = [g for g in groups if g not in touching] + [[site, *(s for g in touching for s in g)]]
    return groups


def _block(
    gradient: Callable[[Mapping[str, Any]], Array], inputs: Mapping[str, Any], here: Array, group: list[Site]
) -> Block:
    entries = np.flatnonzero(np.logical_or.reduce([site.jumps for site in group]))
    if len(group) == 1:
        nearby = [group[0].ahead, group[0].behind]
    else:
        nearby = [
            gradient(_nudged(inputs, [(*site.entry, sign) for site, sign in zip(group, pattern, strict=True)]))
            for pattern in _patterns(len(group))
        ]
    rows = {tuple(there[entries].tolist()) for there in (here, *nearby)}
    return Block(entries, np.array(sorted(rows)))  # np.unique imports numpy.ma for this


def _patterns(sites: int) -> list[tuple[int, ...]]:
    if sites <= EXACT_SITES:
        return list(itertools.product((1, -1), repeat=sites))
    drawn = np.random.default_rng(sites).choice((1, -1), size=(EXACT_SITES * sites, sites))
    one_up = [tuple(1 if i == j else -1 for j in range(sites)) for i in range(sites)]
    uniform = [tuple([1] * sites), tuple([-1] * sites)]
    return [*uniform, *one_up, *(tuple(int(s) for s in row) for row in drawn)]


def _nudged(inputs: Mapping[str, Any], moves: list[Move]) -> dict[str, Any]:
    moved = dict(inputs)
    for name in {name for name, _, _ in moves}:
        moved[name] = np.array(inputs[name], dtype=np.float64)
    for name, index, sign in moves:
        moved[name][index] += sign * NUDGE * max(1.0, abs(moved[name][index]))
    return moved


def in_hull(point: Array, corners: Array) -> bool:
    """Return True if ``point`` (size,) is in the convex hull of the rows of ``corners`` (V, size), to six digits.

    Solved as non-negative least squares with weights that sum to 1 (Lawson & Hanson 1974, ch. 23).
    """
    size = max(1e-300, float(np.abs(corners).max()))
    scaled, target = corners / size, point / size
    weight = 1e3  # how much the sum to one counts against the fit
    A = np.vstack([scaled.T, weight * np.ones(len(scaled))])
    solution = _nnls(A, np.append(target, weight))
    return bool(np.abs(scaled.T @ solution - target).max() < JUMP and abs(solution.sum() - 1) < JUMP)


def _nnls(A: Array, b: Array) -> Array:
    """Solve min ‖A x − b‖ for x ≥ 0, A (m, n), b (m,), x (n,), by the active-set method of Lawson & Hanson (1974, ch. 23)."""
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
