"""The HTML report: one self-contained page, no script, nothing loaded, readable in light, dark and print.

Of a submission the faults come first, each once, with its diagnosis and the smallest input that shows it; all exercises that
passed share one line. Before several submissions stand a table of them and the statistics of the class.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.report import svg
from grader.report.arrays import Dense, Grid, as_python, dense, formatter, grid, plain
from grader.report.findings import findings
from grader.report.follow_through import kept, notes_left
from grader.report.graphs import drawing
from grader.report.statistics import class_statistics
from grader.report.text import clean, counted, inline, percent, points
from grader.report.wording import (
    SIGNS,
    UNANSWERED,
    WORDS,
    headline,
    note_sentence,
    notebook_sentence,
    notebook_word,
    remark,
    unanswered,
)
from grader.result import Counterexample, ItemResult, Result
from grader.shown import unseen_points

__all__ = ["page", "student_page"]

_TONES: dict[str, str] = {
    "passed": "good",
    "ok": "good",
    "partial": "part",
    "wrong": "bad",
    "raised": "bad",
    "failed": "bad",
    "missing": "soft",
    "absent": "soft",
    "not_attempted": "soft",
    "skipped": "soft",
}
"""The CSS class of each status; the other statuses (time-outs, crashes, faults of the grader) have the class ``odd``."""
_HEAT_FROM, _HEAT_TO = 4, 400
"""The fewest and the most entries of a heat map: fewer are read as quickly as numbers, more would make the drawing large."""

_PHONE = 34
"""How many letters of a grid a phone of 360 pixels shows in a row, with two for the room between columns."""
_TALL = 8
"""From how many lines on a block of text may scroll, so that it must be reached by keyboard."""


@dataclass(frozen=True)
class Panel:
    """One value of a counterexample: an array as a grid, or anything else as a line of text."""

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


def page(results: Sequence[Result], title: str = "Gradmark report") -> str:
    """Render results as one HTML page: a table and the class's statistics if there are several, then each submission."""
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=title,
            results=results,
            classes=class_statistics(results) if len(results) > 1 else [],
            light=svg.LIGHT,
            dark=svg.DARK,
            ids=_Ids(),
        )
    )


def student_page(seen: Result) -> str:
    """Render a result as its author's own page: it and nothing else.

    Args:
        seen: what they may see of it (:func:`grader.shown.may_see`); all of it is shown.

    """
    return (
        _environment()
        .get_template("student.html.j2")
        .render(
            title=f"{inline(seen.submission.id, 60)} · {inline(seen.assignment or 'no assignment', 40)}",
            seen=seen,
            unseen=unseen_points(seen),
            light=svg.LIGHT,
            dark=svg.DARK,
            ids=_Ids(),
        )
    )


class _Ids:
    """The ids for elements of one page, each given once."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def next(self) -> str:
        """Return an id that this page does not have yet."""
        return f"h{next(self._numbers)}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        SIGNS=SIGNS,
        WORDS=WORDS,
        as_python=as_python,
        counted=counted,
        drawn_graph=_drawn_graph,
        findings=findings,
        groups=_groups,
        headline=headline,
        heat=_heat,
        kept=kept,
        notebook_sentence=notebook_sentence,
        notebook_word=notebook_word,
        notes_left=notes_left,
        panels=_panels,
        percent=percent,
        unanswered=unanswered,
        tone=lambda status: _TONES.get(status, "odd"),
    )
    environment.filters.update(
        clean=clean,
        inline=inline,
        note=note_sentence,
        remark=remark,
        points=points,
        tall=lambda text: text.count("\n") >= _TALL or len(text) > _TALL * 60,
        short=lambda name: inline(name.rpartition(".")[2], 80),
    )
    return environment


def _groups(items: Sequence[ItemResult]) -> dict[str, list[ItemResult]]:
    """Group exercises, in the order of the course: ``faulty``, ``passed``, and one group a status of work not begun."""
    return {
        "faulty": [i for i in items if i.status not in ("passed", *UNANSWERED)],
        "passed": [i for i in items if i.status == "passed"],
        **{status: [i for i in items if i.status == status] for status in UNANSWERED},
    }


def _panels(example: Counterexample) -> dict[str, list[Panel]]:
    """Return the panels of a counterexample: its inputs, and each output expected beside got, in one format."""
    inputs = [_panel("", name, value, _array(value)) for name, value in example.inputs.items()]
    return {"inputs": inputs, "outputs": [panel for name in example.expected for panel in _pair(example, name)]}


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


def _heat(example: Counterexample, ident: str) -> Markup | None:
    """Draw |got − expected| of the output that is furthest off; None if shapes differ, none is off, or the size is unfit."""
    name = example.worst.get("output") or next(iter(example.expected), "")
    expected, got = _array(example.expected.get(name)), _array(example.got.get(name))
    if expected is None or got is None or expected.shape != got.shape:
        return None
    if not _HEAT_FROM <= len(expected.values) <= _HEAT_TO:
        return None
    off = [0.0 if g == e else abs(g - e) for g, e in zip(got.values, expected.values, strict=True)]
    if not any(off):
        return None
    height, width = expected.matrix
    rows = [off[i * width : (i + 1) * width] for i in range(height)]
    index = _worst(example, name)
    title = f"How far {inline(name, 40)} is off, entry by entry"
    drawn = svg.heatmap(
        rows, title, _caption(off), ident=ident, worst=expected.row_of(index) if index is not None else None
    )
    return Markup(drawn)  # noqa: S704 - numbers, and two texts that the drawing escapes


def _drawn_graph(example: Counterexample) -> Markup | None:
    """Draw the graph that was handed in, if it was one."""
    drawn = drawing(example.graph)
    return None if drawn is None else Markup(drawn)  # noqa: S704 - the engine escapes its texts


def _caption(off: Sequence[float]) -> str:
    """Return the heat map in words: the number of entries that are off, and the largest finite error."""
    wrong = [v for v in off if v]
    finite = [v for v in wrong if math.isfinite(v)]
    most = f", by {max(finite):.3g} at most" if finite else ""
    lost = len(wrong) - len(finite)
    return f"{len(wrong)} of {len(off)} entries are off{most}" + (f"; {lost} not finite" if lost else "")
