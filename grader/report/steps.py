"""The steps of a graph in words: how an operation is written, and which steps inherit the fault of an earlier one.

Needs no engine: a student's machine has none. ``graphs`` draws the same steps where it is installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["inheriting", "written"]

WRITTEN = {
    "add": "{} + {}",
    "subtract": "{} − {}",
    "multiply": "{} × {}",
    "divide": "{} / {}",
    "power": "{} ^ {}",
    "negative": "−{}",
    "square": "{}²",
    "transpose": "{}ᵀ",
    "matmul": "{} @ {}",
    "maximum": "max({}, {})",
    "minimum": "min({}, {})",
}
"""How an operation is written; the others as functions, by their names."""


def written(operation: str, arguments: Sequence[str]) -> str:
    """Return an operation on its arguments as text: ``a + b``, ``exp(a)``; one with too few arguments is written as a function."""
    form = WRITTEN.get(operation)
    if form is None or form.count("{}") != len(arguments):
        return f"{operation}({', '.join(arguments)})"
    return form.format(*arguments)


def inheriting(steps: Iterable[Mapping[str, Any]], wrong: str) -> frozenset[str]:
    """Return the names of the steps that use a wrong one, themselves or through others; steps come before those that use them."""
    reached = {wrong}
    for step in steps:
        if step["name"] != wrong and any(isinstance(a, str) and a in reached for a in step["arguments"]):
            reached.add(step["name"])
    return frozenset(reached - {wrong})
