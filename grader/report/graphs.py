"""A graph that was handed in, drawn by the engine with its values: the first step that is wrong is outlined.

What comes from a result is a student's: names are cleaned, and whatever makes no graph is not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.report.arrays import dense
from grader.report.steps import written
from grader.report.text import inline
from reference.autodiff import Graph, GraphNode

__all__ = ["drawing"]

NAME = 24


def drawing(graph: Mapping[str, Any]) -> str | None:
    """Draw the graph of a counterexample as an SVG; None if there is none."""
    try:
        nodes = [GraphNode(_name(name), value=_value(value)) for name, value in graph.get("inputs", {}).items()]
        nodes += [_node(step) for step in graph.get("steps", ())]
        wrong, expected = _name(graph.get("wrong", "")), _value(graph.get("expected"))
        if not nodes:
            return None
        drawn = Graph(tuple(nodes), title="the graph that was handed in, with its values")
        return drawn.svg({wrong: expected} if wrong and expected is not None else None)
    except (AttributeError, KeyError, TypeError, ValueError):
        # Two names that are one when they are cleaned, or a result that was written by another hand.
        return None


def _node(step: Mapping[str, Any]) -> GraphNode:
    operands = tuple(_name(a) if isinstance(a, str) else a for a in step["arguments"])
    operation = _name(step["operation"])
    shown = [a if isinstance(a, str) else f"{a:g}" for a in operands]
    return GraphNode(_name(step["name"]), operation, operands, written(operation, shown), _value(step["value"]))


def _name(text: str) -> str:
    return inline(text, NAME)


def _value(value: Any) -> Any:
    """Return a number or an array; None for what is shown in words, such as an array that is too large."""
    if isinstance(value, (int, float)):
        return float(value)
    found = dense(value)
    return np.reshape(np.array(found.values), found.shape) if found is not None and found.shape else None
