"""The values of a counterexample, ready to be drawn: inputs, each output expected beside got in one format, and how far it is off.

The class report (``html``) and the student's card (``card_html``, ``card_text``) draw the same panels, each in its own way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.report.arrays import Dense, Grid, dense, formatter, grid, plain
from grader.report.text import inline
from grader.result import Counterexample

__all__ = ["Errors", "Panel", "errors", "panels"]

_PHONE = 34
"""How many letters of a grid a phone of 360 pixels shows in a row, with two for the room between columns."""


@dataclass(frozen=True)
class Panel:
    """One value of a counterexample: an array as a grid, or anything else as a line of text; ``name`` and ``text`` are clean."""

    role: str
    name: str
    grid: Grid | None
    text: str

    @property
    def scrolls(self) -> bool:
        """Return whether a phone's page is narrower than the grid, which must then be reached by keyboard."""
        if self.grid is None:
            return False
        rows = [[*(self.grid.labels[i : i + 1]), *row] for i, row in enumerate(self.grid.rows)]
        return any(sum(map(len, row)) + 2 * len(row) > _PHONE for row in rows)


@dataclass(frozen=True)
class Errors:
    """|got − expected| of the output that is furthest off, by the rows and columns of its matrix.

    ``worst`` is the row and column of the entry that is furthest off for its size, ``size`` the largest finite value expected;
    ``caption`` says it all in words.
    """

    name: str
    rows: tuple[tuple[float, ...], ...]
    worst: tuple[int, int] | None
    size: float
    caption: str


def panels(example: Counterexample) -> dict[str, list[Panel]]:
    """Return the panels of a counterexample: its inputs, and each output expected beside got, in one format."""
    inputs = [_panel("", name, value, _array(value)) for name, value in example.inputs.items()]
    return {"inputs": inputs, "outputs": [panel for name in example.expected for panel in _pair(example, name)]}


def errors(example: Counterexample) -> Errors | None:
    """Return how far the output is off that is furthest off; None if shapes differ, it is no array, or none of it is off."""
    name = example.worst.get("output") or next(iter(example.expected), "")
    expected, got = _array(example.expected.get(name)), _array(example.got.get(name))
    if expected is None or got is None or expected.shape != got.shape:
        return None
    off = [_off(g, e) for g, e in zip(got.values, expected.values, strict=True)]
    if not any(off):
        return None
    height, width = expected.matrix
    rows = tuple(tuple(off[i * width : (i + 1) * width]) for i in range(height))
    index = _worst(example, name)
    place = expected.row_of(index) if index is not None else None
    size = max((abs(v) for v in expected.values if math.isfinite(v)), default=0.0)
    return Errors(inline(name, 40), rows, place, size, _caption(off))


def _off(got: float, expected: float) -> float:
    """Return how far an entry is off; nothing where both are NaN."""
    return 0.0 if got == expected or (math.isnan(got) and math.isnan(expected)) else abs(got - expected)


def _caption(off: Sequence[float]) -> str:
    """Return the errors in words: the number of entries that are off, and the largest finite error."""
    wrong = [v for v in off if v]
    finite = [v for v in wrong if math.isfinite(v)]
    lost = len(wrong) - len(finite)
    said = f"{len(wrong)} of {len(off)} entries are off"
    most = f"by {max(finite):.3g} at most" if finite else ""
    if not lost:
        return f"{said}, {most}"
    return f"{said}: {lost} not finite" + (f", the others {most}" if finite else "")


def _pair(example: Counterexample, name: str) -> Iterator[Panel]:
    values = {"expected": example.expected[name], "got": example.got.get(name)}
    arrays = {role: _array(value) for role, value in values.items()}
    shown = formatter(*(a for a in arrays.values() if a is not None))
    for role, value in values.items():
        yield _panel(role, name, value, arrays[role], shown, _worst(example, name))


def _panel(
    role: str,
    name: str,
    value: Any,
    array: Dense | None,
    shown: Mapping[float, str] | None = None,
    worst: Sequence[int] | None = None,
) -> Panel:
    name = inline(name, 40)
    if array is None:
        return Panel(role, name, None, plain(value))
    return Panel(role, name, grid(array, shown or formatter(array), worst), "")


def _worst(example: Counterexample, name: str) -> Sequence[int] | None:
    index = example.worst.get("index") if example.worst.get("output") == name else None
    return index if isinstance(index, list) and all(isinstance(i, int) for i in index) else None


def _array(value: Any) -> Dense | None:
    found = dense(value)
    return found if found is not None and found.shape and found.values else None
