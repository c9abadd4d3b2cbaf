"""The nodes of a computation graph: what each of them says, and which is the first that differs from what is expected.

``drawing`` makes graphs of them. Nodes come in an order in which each stands behind those that it is computed from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

__all__ = ["Fault", "GraphNode", "constant", "counterparts", "first_fault", "summary"]

SIGNS = {
    "add": "+", "subtract": "−", "-": "−", "negative": "−", "multiply": "×", "*": "×", "divide": "/", "matmul": "@", "power": "^",
    "**": "^", "equal": "=", "==": "=", "not_equal": "≠", "greater": ">", "greater_equal": "≥", "less": "<", "less_equal": "≤",
    "maximum": "max", "minimum": "min", "absolute": "abs", "getitem": "[]", "gather": "[]",
}  # fmt: skip
"""Operations as the course writes them, by numpy's names and Python's signs; all others go by their names."""
INFIX = set("+−×/@^=≠>≥<≤")
COMMUTATIVE = {"+", "×", "max", "min", "=", "≠"}
CANCELLING = {"+", "−", "sum", "@", "sin", "cos"}
"""Operations whose value may be small where their operands are large: it is no more exact than these."""
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, eq=False)
class GraphNode:
    """One node: an operation on ``operands``, which are names of earlier nodes (strings) or constants (anything else).

    An input has no operation. ``detail``: the name of an input in the function, or an operation's parameters, ``axis=1``.
    ``value``, and ``gradient`` of the graph's output for this node: numbers, or arrays of one shape; None if not known.
    """

    name: str
    operation: str = ""
    operands: tuple[Any, ...] = ()
    detail: str = ""
    value: Any = None
    gradient: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "operation", SIGNS.get(self.operation, self.operation))

    @property
    def inputs(self) -> tuple[str, ...]:
        """The nodes that this one is computed from."""
        return tuple(x for x in self.operands if isinstance(x, str))

    @property
    def formula(self) -> str:
        """The right-hand side, as the course writes it: ``s5 + 4``, ``sin s1``, ``s2²``, ``sum(s3, axis=1)``."""
        texts = [x if isinstance(x, str) else constant(x) for x in self.operands]
        if self.operation == "[]":
            return f"{texts[0]}{self.detail}"
        if self.operation == "^" and texts[1:] and texts[1].isdecimal():
            return f"{texts[0]}{texts[1].translate(RAISED)}"
        if self.operation in INFIX and len(texts) == 2:
            return f" {self.operation} ".join(f"({text})" if text.startswith("−") else text for text in texts)
        if len(texts) == 1 and not self.detail:
            return f"{self.operation}{'' if self.operation in INFIX else ' '}{texts[0]}"
        return f"{self.operation}({', '.join(filter(None, [*texts, self.detail]))})" if self.operation else self.detail

    @property
    def heading(self) -> str:
        """The line of the program: ``s6 = s5 + 4``."""
        return f"{self.name} = {self.formula}" if self.formula not in ("", self.name) else self.name


# ------------------------------------------------------------------------------------------- texts
def constant(x: Any) -> str:
    """A constant as it is written in a formula, or in an index; an array by its shape."""
    if isinstance(x, slice):
        parts = (x.start, x.stop) if x.step is None else (x.start, x.stop, x.step)
        return ":".join("" if part is None else str(part) for part in parts)
    if isinstance(x, (tuple, str)) or x is None or x is ...:
        return "..." if x is ... else str(x)
    return f"array{np.shape(x)}" if np.ndim(x) else number(x)


def number(x: Any, digits: int = 4) -> str:
    """A number with so many significant digits."""
    if np.asarray(x).dtype.kind == "b":
        return str(bool(x))
    return re.sub(r"e\+?(-?)0*", r"e\1", f"{float(x):.{digits}g}").replace("-", "−")


def summary(x: Any, shape: str | None = None) -> str:
    """A number with four digits; an array by its shape, or what is given in its place, and its mean."""
    if x is None or np.ndim(x) == 0:
        return "" if x is None else number(x)
    mean, size = (np.mean(x), np.max(np.abs(x))) if np.size(x) else (0.0, 0.0)
    # A sum of rounding errors is no mean.
    mean = 0.0 if abs(mean) <= 1e-14 * size else mean
    return f"{f'{np.shape(x)} · ' if shape is None else shape}mean {number(mean, 3)}"


# ------------------------------------------------------------------------------------------ faults
@dataclass(frozen=True, eq=False)
class Fault:
    """The first node at fault: in which ``quantity``, ``value`` or ``gradient``, and what was expected of it."""

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
    """The first node whose value differs from its counterpart's beyond rounding; or, if none does, the last whose gradient does.

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
    """For each of our nodes that has one its counterpart in a model, and whether all nodes of both have one.

    Inputs correspond in their order; so do nodes of the same operation on counterparts (value numbering; operands that commute in
    any order), and the outputs, ``ends``. From an output that differs the way leads back as long as both do the same operation
    and one operand alone differs: the others being right, it is wrong.
    """
    table: dict[Any, int] = {}
    theirs = dict(zip(_kinds(model, table), model.values(), strict=True))
    found = {name: theirs[kind] for name, kind in zip(ours, _kinds(ours, table), strict=True) if kind in theirs}
    alike = len(found) == len(ours) == len(model)
    for end in ends:
        steps = [end]
        while steps and steps[0][0] not in found:
            a, b = ours[steps[0][0]], model[steps[0][1]]
            found[a.name] = b
            steps = []
            if (a.operation, len(a.inputs)) == (b.operation, len(b.inputs)) and _differs(ours, a, b):
                orders = [b.inputs, b.inputs[::-1]] if a.operation in COMMUTATIVE else [b.inputs]
                pairs = [list(zip(a.inputs, order, strict=True)) for order in orders]
                wrong = [[(p, q) for p, q in pair if _differs(ours, ours[p], model[q])] for pair in pairs]
                steps = next((pair for pair in wrong if len(pair) == 1), [])
    return found, alike


def _kinds(nodes: Nodes, table: dict[Any, int]) -> list[int]:
    """A number for each node, the same for all nodes that do the same to the same."""
    kinds: dict[str, int] = {}
    inputs = count()
    for name, node in nodes.items():
        operands = [kinds[x] if isinstance(x, str) else repr(np.asarray(x).tolist()) for x in node.operands]
        operands = sorted(operands, key=str) if node.operation in COMMUTATIVE else operands
        key = (node.operation, node.detail, *operands) if node.operation else next(inputs)
        kinds[name] = table.setdefault(key, len(table))
    return list(kinds.values())


def _differs(nodes: Nodes, node: GraphNode, other: GraphNode) -> bool:
    if node.value is None or other.value is None:
        return False
    operands = (
        [nodes[x].value if isinstance(x, str) else x for x in node.operands] if node.operation in CANCELLING else []
    )
    return bool(np.any(_unlike(node.value, other.value, max(map(_size, operands), default=0.0))))


def _size(x: Any) -> float:
    """The largest finite magnitude in a value, 0 if there is none."""
    array = np.abs(np.asarray(0.0 if x is None else x, dtype=float))
    return float(np.max(array, initial=0.0, where=np.isfinite(array)))


def _unlike(got: Any, expected: Any, scale: float = 0.0) -> Any:
    """Where values differ beyond rounding: of what is expected, or of what ``scale`` says was cancelled in it."""
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    if got.shape != expected.shape:
        return np.True_
    with np.errstate(invalid="ignore"):
        room = 1e-9 * np.abs(expected) + 1e-13 * max(scale, _size(expected))
        near = np.isfinite(expected) & (np.abs(got - expected) <= room)
    return ~(near | (got == expected) | (np.isnan(got) & np.isnan(expected)))
