"""The faults of a graph that was handed in: its first wrong node among those whose right values are known, and what inherits it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.judging.notation.graphs import Graph

__all__ = ["first_wrong", "heirs_of"]

SAME = 1e-9
"""The difference of two values that are the same, beside the larger one."""


def first_wrong(graph: Graph, leaves: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """Return the first node, each behind those that it uses, whose value is not the ``right`` one, by name; empty if none is."""
    values = graph.values(leaves)
    order = (step.name for step in graph.in_order(frozenset(leaves)))
    return next((name for name in order if name in right and not _alike(values[name], right[name])), "")


def heirs_of(
    ours: Graph, leaves: Mapping[str, Any], wrong: str, expected: Any, right: Mapping[str, Any]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Put one wrong value right and compute the graph again: return the steps that thereby are right, and outputs that are not.

    Of a step between, whose right value nobody knows, it counts that all outputs which use it are right then, and one was not.
    """
    before = ours.values(leaves)
    mended = Graph(tuple(step for step in ours.steps if step.name != wrong)) if len(ours.steps) > 1 else None
    after = {**leaves, wrong: expected} if mended is None else mended.values({**leaves, wrong: _wide(expected)})
    was_wrong = {name for name, value in right.items() if not _alike(before[name], value)}
    is_wrong = {name for name, value in right.items() if not _alike(after[name], value)}
    heirs = []
    for step in ours.in_order(frozenset(leaves)):
        if step.name != wrong and not _alike(before[step.name], after[step.name]):
            ends = {step.name} if step.name in right else _users(ours, step.name) & set(right)
            if not ends & is_wrong and ends & was_wrong:
                heirs.append(step.name)
    return tuple(heirs), tuple(name for name in right if name in is_wrong and name != wrong)


def _users(graph: Graph, name: str) -> set[str]:
    """Return a step and all that use it, at first or second hand."""
    found, waiting = {name}, [name]
    while waiting:
        used = waiting.pop()
        more = {step.name for step in graph.steps if used in step.arguments} - found
        found |= more
        waiting += more
    return found


def _alike(a: Any, b: Any) -> bool:
    """Return True if two values are the same but for rounding."""
    x, y = _double(a), _double(b)
    if x.shape != y.shape:
        return False
    size = max(np.abs(v[np.isfinite(v)]).max(initial=0.0) for v in (x, y))
    return bool(np.all((np.abs(x - y) <= SAME * size) | (np.isnan(x) & np.isnan(y)) | (x == y)))


def _double(x: Any) -> Any:
    return np.asarray(x, dtype=np.float64)


def _wide(x: Any) -> Any:
    return np.asarray(x, dtype=np.longdouble)
