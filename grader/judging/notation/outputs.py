"""The readings of graphs and formulas: from what a function returned to the outputs that it computes at given inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.judging.declare import Malformed
from grader.judging.notation.formulas import read_formula
from grader.judging.notation.graphs import Graph, read_graph
from grader.judging.notation.shape import FormTest

__all__ = ["read_formula_value", "read_graph_values", "wide"]


def read_graph_values(
    value: Any,
    *,
    function: str,
    leaves: Mapping[str, Any],
    nodes: Sequence[str] | None,
    at_most: int | None,
    operations: Sequence[str] | None,
) -> list[Any]:
    """Compute the outputs of a graph that was returned.

    Args:
        value: what came back.
        function: who returned it.
        leaves: the inputs of the graph, by name.
        nodes: the names of the outputs; None for the last step.
        at_most: the largest number of steps.
        operations: the operations that may be used; None for all.

    Raises:
        Malformed: it is no graph, breaks a rule on its structure, or lacks a node.

    """
    found = read_graph(value, function)
    _structure(found, at_most, operations)
    values = found.values({name: wide(leaf) for name, leaf in leaves.items()})
    names = [found.steps[-1].name] if nodes is None else [_node(found, node) for node in nodes]
    return [_narrow(values[name]) for name in names]


def _structure(found: Graph, at_most: int | None, operations: Sequence[str] | None) -> None:
    """Hold a graph against the rules on its structure.

    Raises:
        Malformed: it breaks one.

    """
    if at_most is not None and len(found.steps) > at_most:
        raise Malformed(f"the graph has {len(found.steps)} steps, at most {at_most} are needed")
    other = next((s for s in found.steps if operations is not None and s.operation not in operations), None)
    if other is not None:
        raise Malformed(
            f"step {other.name}: {other.operation} may not be used here, only {', '.join(operations or ())}"
        )


def _node(found: Graph, output: str) -> str:
    if all(step.name != output for step in found.steps):
        raise Malformed(f"the graph has no node {output}; its nodes are {', '.join(s.name for s in found.steps[:12])}")
    return output


def read_formula_value(
    value: Any, *, function: str, leaves: Mapping[str, Any], form: Sequence[FormTest], matrices: bool
) -> list[Any]:
    """Compute a formula that was returned as text, at the inputs ``leaves``, whose names may occur in it.

    Raises:
        Unread: it cannot be read.
        Malformed: it is no text, has not the form that is asked for, or cannot be computed.

    """
    text = value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value
    found = read_formula(text, function, list(leaves), matrices=matrices)
    complaint = next((said for test in form if (said := test(found))), "")
    if complaint:
        raise Malformed(complaint)
    return [_narrow(found.at({name: wide(leaf) for name, leaf in leaves.items()}, matrices=matrices))]


def wide(x: Any) -> Any:
    """Return a number or an array in extended precision: an expanded formula is as right as a factored one."""
    if isinstance(x, np.ndarray) and x.dtype == np.float64:
        return x.astype(np.longdouble)
    return np.longdouble(x) if type(x) in (int, float) else x


def _narrow(x: Any) -> Any:
    """Return a value in double precision, a shadow as it is."""
    return np.asarray(x, dtype=np.float64) if isinstance(x, (np.ndarray, np.generic, int, float)) else x
