"""The options of an exercise that every form leaves open, and the checks of its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict

from grader.judging import Axes, Check, Invariant, Personal, value

__all__ = ["Options", "raised", "shared"]


class Options(TypedDict, total=False):
    """The options of an :class:`grader.judging.Exercise` that a form leaves open."""

    kinks: bool
    regimes: tuple[str, ...]
    tails: float
    tolerance: float
    slack: Callable[[Mapping[str, Any]], Any]
    places: Mapping[str, Axes]
    invariants: tuple[Invariant, ...]
    personal: Personal


def shared(points: float, outputs: Sequence[str]) -> list[Check]:
    """Make a value check for each output, which share the points equally; of a single output one that does not name it."""
    return [value(points)] if len(outputs) == 1 else [value(points / len(outputs), output) for output in outputs]


def raised(power: int) -> str:
    """Write a power behind a name: ``³``, and nothing for the first."""
    return "" if power == 1 else str(power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
