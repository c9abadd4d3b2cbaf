"""The kinds of values that a notebook's code writes down, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

__all__ = [
    "MOST_ENTRIES",
    "UNKNOWN",
    "Called",
    "Part",
    "Shaped",
    "Unknown",
    "is_exact",
    "is_small",
    "number",
    "numeric",
    "tried",
]

MOST_ENTRIES = 20_000
LARGEST = 1e300


class Unknown:
    """A value that is not written down."""


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Shaped:
    """An array of which the shape is known, and the kind of its entries: ``f``, ``i`` or ``b``; of whole ones the range."""

    shape: tuple[int, ...]
    kind: str = "f"
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, eq=False)
class Called:
    """The return of a function of the course: its name, and the values of its arguments, by place and by name."""

    function: str
    args: tuple[Any, ...]
    named: Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One of several things that a call returns."""

    of: Called
    index: int


def is_exact(value: Any) -> bool:
    """Return True if a value is known to its last digit."""
    if isinstance(value, (list, tuple)):
        return all(map(is_exact, value))
    return value is None or isinstance(value, (bool, int, float, str, np.ndarray, np.generic))


def is_small(value: Any) -> bool:
    """Return True for lists that hold few entries in all, those of lists in lists counted as often as they stand there."""
    room, waiting = MOST_ENTRIES, [value]
    while waiting and room > 0:
        inner = waiting.pop()
        room -= 1
        if isinstance(inner, (list, tuple)):
            waiting += inner[: room + 1]
            room -= len(inner)
        elif isinstance(inner, np.ndarray):
            room -= inner.size
    return room > 0


def number(value: Any) -> bool:
    """Return True for a float, and an int that a float can hold."""
    return type(value) is float or (type(value) is int and abs(value) <= LARGEST)


def numeric(value: Any) -> bool:
    """Return True for a number or an array of numpy."""
    return number(value) or isinstance(value, (np.ndarray, np.generic))


def tried(make: Callable[[], Any]) -> Any:
    """Return a value if it can be made, is small and of a known kind."""
    try:
        with np.errstate(all="ignore"):
            found = make()
    except (ArithmeticError, ValueError, TypeError, IndexError, MemoryError, OverflowError):
        return UNKNOWN
    if isinstance(found, np.ndarray):
        return found if found.dtype.kind in "fiub" and found.size <= MOST_ENTRIES else UNKNOWN
    return found if number(found) or isinstance(found, (np.floating, np.integer, bool)) else UNKNOWN
