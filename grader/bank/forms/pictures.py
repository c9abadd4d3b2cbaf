"""The picture of a graph that was handed in: its values, and the first step that is wrong, which the engine's drawing finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.judging import Graph, GraphPicture, PicturedStep, heirs_of

if TYPE_CHECKING:
    from reference.autodiff import Graph as Drawing

__all__ = ["pictured"]


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
        heirs, others = heirs_of(ours, leaves, fault.node.name, fault.expected, right)
    return GraphPicture(
        {node.name: node.value for node in drawn.nodes if not node.operation},
        tuple(PicturedStep(n.name, n.operation, n.operands, n.value) for n in drawn.nodes if n.operation),
        fault.node.name if fault else "",
        fault.expected if fault else None,
        heirs,
        others,
    )


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
