"""The nodes of a computation graph, their texts, and the search for the first one that differs from the expected one.

``drawing`` makes graphs of them. Nodes come in an order in which each stands behind its operands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Fault", "GraphNode", "counterparts", "first_fault", "number", "steps", "summary"]

COMMUTATIVE = {"add", "multiply", "maximum", "minimum", "equal", "not_equal"}
CANCELLING = {"add", "subtract", "negative", "sum", "matmul", "sin", "cos"}
"""Operations whose value may be small where their operands are large: it is no more exact than these."""


@dataclass(frozen=True, eq=False)
class GraphNode:
    """One node: an operation, by numpy's name, on operands: names of earlier nodes (strings) or constants (anything else).

    An input has no operation. ``text`` is its expression, ``s5 + 4``; of an input its name in the function.
    ``value``, and ``gradient`` of the graph's output for this node: numbers, or arrays of one shape; None if not known.
    """

    name: str
    operation: str = ""
    operands: tuple[Any, ...] = ()
    text: str = ""
    value: Any = None
    gradient: Any = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the operands that are nodes."""
        return tuple(x for x in self.operands if isinstance(x, str))

    @property
    def heading(self) -> str:
        """The line of the program: ``s6 = s5 + 4``."""
        return f"{self.name} = {self.text}" if self.text not in ("", self.name) else self.name


# ------------------------------------------------------------------------------------------- texts
def number(x: Any, digits: int = 4) -> str:
    """Write a number with so many significant digits."""
    if np.asarray(x).dtype.kind == "b":
        return str(bool(x))
    return re.sub(r"e\+?(-?)0*", r"e\1", f"{float(x):.{digits}g}").replace("-", "−")


def summary(x: Any, *, shape: bool = True) -> str:
    """Write a number with four digits, an array by its shape and its mean."""
    if x is None or np.ndim(x) == 0:
        return "" if x is None else number(x)
    mean = np.sum(x) / max(np.size(x), 1)
    shown = number(0.0 if abs(mean) <= 1e-14 * _size(x) else mean, 3)  # a sum of rounding errors is no mean
    return f"{f'{np.shape(x)} · ' if shape else ''}mean {shown}"


# ------------------------------------------------------------------------------------------ faults
@dataclass(frozen=True, eq=False)
class Fault:
    """The first node at fault, the ``quantity`` that is wrong (``"value"`` or ``"gradient"``), and the expected one."""

    node: GraphNode
    quantity: str
    expected: Any

    def __str__(self) -> str:
        got, expected = np.asarray(getattr(self.node, self.quantity)), np.asarray(self.expected)
        if got.shape != expected.shape:
            return f"expected shape {expected.shape}"
        where = tuple(np.argwhere(_unlike(got, expected))[0].tolist())
        at = f"[{', '.join(map(str, where))}] = " if where else ""
        mark = "∂ " if self.quantity == "gradient" else ""
        # As many digits as it takes to see that it is another number.
        digits = next((d for d in range(4, 17) if number(got[where], d) != number(expected[where], d)), 17)
        return f"expected {mark}{at}{number(expected[where], digits)}"


Nodes = Mapping[str, GraphNode]


def first_fault(nodes: Nodes, expected: Mapping[str, GraphNode], *, alike: bool) -> Fault | None:
    """Find the first node whose value differs from its counterpart's beyond rounding, or else the last whose gradient does.

    ``expected``: counterparts by name. Unless the graphs are ``alike``, the gradients of inputs only are compared: a node on a
    way of its own to the output rightly has a gradient of its own.
    """
    pairs = [(node, expected[name]) for name, node in nodes.items() if name in expected]
    for node, other in pairs:
        if _differs(nodes, node, other):
            return Fault(node, "value", other.value)
    steep = max((_size(node.gradient) for node in nodes.values()), default=0.0)
    for node, other in reversed(pairs):
        known = node.gradient is not None and other.gradient is not None and (alike or not node.operation)
        if known and np.any(_unlike(node.gradient, other.gradient, steep)):
            return Fault(node, "gradient", other.gradient)
    return None


def counterparts(ours: Nodes, model: Nodes, ends: Sequence[tuple[str, str]]) -> tuple[dict[str, GraphNode], bool]:
    """Find the counterparts of our nodes in a model; return them by name, and True if the two are one program, step by step.

    If they are not, inputs correspond in their order, and so do the outputs, ``ends``. From these the way leads back as long as
    both do the same operation (operands that commute in any order) and one operand alone differs: the others being right, it is
    wrong.
    """
    if steps(ours) == steps(model):
        return dict(zip(ours, model.values(), strict=True)), True
    inputs = ([node for node in nodes.values() if not node.operation] for nodes in (ours, model))
    found = {node.name: other for node, other in zip(*inputs, strict=False)}
    ways = list(ends)
    while ways:
        a, b = (nodes[name] for nodes, name in zip((ours, model), ways.pop(), strict=True))
        if a.name not in found and (a.operation, len(a.inputs)) == (b.operation, len(b.inputs)):
            for order in (b.inputs, b.inputs[::-1]) if a.operation in COMMUTATIVE else (b.inputs,):
                pairs = list(zip(a.inputs, order, strict=True))
                wrong = sum(_differs(ours, ours[p], model[q]) for p, q in pairs)
                if wrong <= _differs(ours, a, b):
                    ways += pairs
                    break
        found.setdefault(a.name, b)
    return found, False


def steps(nodes: Nodes) -> list[tuple[str, list[int]]]:
    """List the operation of each node, with the numbers of its operands."""
    place = {name: i for i, name in enumerate(nodes)}
    return [(node.operation, [place[x] for x in node.inputs]) for node in nodes.values()]


def _differs(nodes: Nodes, node: GraphNode, other: GraphNode) -> bool:
    if node.value is None or other.value is None:
        return False
    operands = [nodes[x].value if isinstance(x, str) else x for x in node.operands if node.operation in CANCELLING]
    return bool(np.any(_unlike(node.value, other.value, max(map(_size, operands), default=0.0))))


def _size(x: Any) -> float:
    """Return the largest finite magnitude in a value, 0 if there is none."""
    array = np.abs(np.asarray(0.0 if x is None else x, dtype=float))
    return float(np.max(array, initial=0.0, where=np.isfinite(array)))


def _unlike(got: Any, expected: Any, scale: float = 0.0) -> Any:
    """Mark entries that differ beyond rounding: of the expected value, or of terms as large as ``scale`` that cancel in it."""
    if np.shape(got) != np.shape(expected):
        return np.True_
    return ~np.isclose(got, expected, rtol=1e-9, atol=1e-13 * max(scale, _size(expected)), equal_nan=True)
