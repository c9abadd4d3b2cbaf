"""The checks of an exercise: predicates that are worth points, by kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from grader.statuses import CheckKind

__all__ = ["Check", "Law", "Visibility", "contract", "example", "gradient", "law", "value", "without_loops"]

Visibility = Literal["public", "hidden"]
Law = Callable[..., Any]
"""``law(run, inputs)`` yields pairs (left, right) that are equal for every right answer. ``run(**changes)`` asks
the student's function at ``inputs`` with some of them changed and returns its outputs by name."""


@dataclass(frozen=True)
class Check:
    """One predicate worth points. ``output`` restricts it to one named output."""

    name: str
    kind: CheckKind
    points: float = 0.0
    visibility: Visibility = "hidden"
    describe: str = ""
    output: str | None = None
    law: Law | None = None


def contract(points: float = 0.0) -> Check:
    """Declare that shapes and dtypes are as documented, and that the same question gets the same answer twice."""
    return Check("contract", "contract", points, "public", "shapes, dtype, the same answer twice")


def example(points: float = 0.0) -> Check:
    """Declare agreement with the worked examples that students are given."""
    return Check("example", "example", points, "public", "agrees with the worked examples")


def value(points: float, output: str | None = None) -> Check:
    """Declare agreement with the model answer within rounding; of one of several outputs, if ``output`` names it."""
    name = "value" if output is None else f"value:{output}"
    what = "the answer" if output is None else output
    return Check(name, "value", points, "hidden", f"{what} agrees with the model answer within rounding", output)


def gradient(points: float, output: str | None = None) -> Check:
    """Declare agreement with the numerical slope of the student's own forward pass (or loss); of one gradient, if named."""
    name = "gradient" if output is None else f"gradient:{output}"
    what = "it" if output is None else output
    return Check(name, "gradient", points, "public", f"{what} agrees with the slope of your own forward pass", output)


def without_loops(points: float) -> Check:
    """Declare that the source of the function, and of those that it calls, holds no loop; it earns nothing alone."""
    return Check("source", "source", points, "public", "there is no loop in its source")


def law(name: str, statement: str, of: Law, points: float = 0.0) -> Check:
    """Declare a relation that every right answer satisfies; it earns nothing alone."""
    return Check(f"law:{name}", "law", points, "public", statement, law=of)
