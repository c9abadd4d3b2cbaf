"""The picture of a graph that was handed in: its values, and the first step that is wrong, which the engine's drawing finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.judging import Graph, GraphPicture, PicturedStep

if TYPE_CHECKING:
    from reference.autodiff import Graph as Drawing

__all__ = ["pictured"]

SAME = 1e-9
"""The difference of two values that are the same, beside the larger one."""


def pictured(ours: Graph, model: Graph, leaves: Mapping[str, Any], nodes: Mapping[str, Any] | None) -> GraphPicture:
    """Compute a graph at some inputs, and compare it with the right one.

    Args:
        ours: what was handed in; it can be evaluated.
        model: the model answer.
        leaves: the inputs, by name.
        nodes: right values of nodes by name, where these are asked for; None where only the last step is: then the way back from
            it is followed for as long as one operand alone differs.

    """
    drawn = _drawn(ours, leaves)
    fault = drawn.first_fault(_drawn(model, leaves) if nodes is None else nodes)
    heirs: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    if fault is not None:
        right = {ours.steps[-1].name: model.values(leaves)[model.steps[-1].name]} if nodes is None else nodes
        heirs, others = _heirs(ours, leaves, fault.node.name, fault.expected, right)
    return GraphPicture(
        {node.name: node.value for node in drawn.nodes if not node.operation},
        tuple(PicturedStep(n.name, n.operation, n.operands, n.value) for n in drawn.nodes if n.operation),
        fault.node.name if fault else "",
        fault.expected if fault else None,
        heirs,
        others,
    )


def _heirs(
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
            ends = _users(ours, step.name) & set(right)
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
    size = max(np.abs(x).max(initial=0.0), np.abs(y).max(initial=0.0))
    return bool(np.all((np.abs(x - y) <= SAME * size) | (np.isnan(x) & np.isnan(y)) | (x == y)))


def _drawn(graph: Graph, leaves: Mapping[str, Any]) -> Drawing:
    from reference.autodiff import Graph as Drawing  # it is not there where a student checks their own work
    from reference.autodiff import GraphNode

    values = graph.values(leaves)
    inputs = (GraphNode(name, value=_double(value)) for name, value in leaves.items())
    steps = (
        GraphNode(step.name, step.operation, step.arguments, value=_double(values[step.name]))
        for step in graph.in_order(frozenset(leaves))
    )
    return Drawing((*inputs, *steps))


def _double(x: Any) -> Any:
    return np.asarray(x, dtype=np.float64)


def _wide(x: Any) -> Any:
    return np.asarray(x, dtype=np.longdouble)
