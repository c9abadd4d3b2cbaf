"""The source version of an nbgrader notebook: cells with their metadata, schema versions 1 to 3, and regions between comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grader.conversion.model import BEGIN, END, Cell, CourseNotebook, Left

__all__ = ["is_nbgrader", "points_of", "read_nbgrader"]

SOLUTION = ("BEGIN SOLUTION", "END SOLUTION")
HIDDEN = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
SCHEME = ("BEGIN MARK SCHEME", "END MARK SCHEME")
MOST_POINTS = 10_000.0
NEWEST = 3


def is_nbgrader(cells: Sequence[Any]) -> bool:
    """Return True if a cell says what it is to nbgrader."""
    return any(isinstance(cell.metadata.get("nbgrader"), dict) for cell in cells)


@dataclass(frozen=True)
class _Marks:
    """The metadata of a cell for nbgrader; a malformed entry counts as not there."""

    grade: bool = False
    solution: bool = False
    locked: bool = False
    task: bool = False
    points: float = 0.0
    name: str = ""
    version: int = 1


@dataclass
class _Regions:
    """The lines of a cell, from 1, that lie in regions, markers included; ``end`` is the mark that an ``open`` one has not."""

    lines: list[str]
    solution: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    scheme: set[int] = field(default_factory=set)
    markers: set[int] = field(default_factory=set)
    open: str = ""
    end: str = ""


def read_nbgrader(cells: Sequence[Any]) -> CourseNotebook:
    """Read the cells of a notebook for nbgrader."""
    made: list[Cell] = []
    left: list[Left] = []
    for number, cell in enumerate(cells, 1):
        marks = _marks(cell.metadata.get("nbgrader"))
        regions = _regions(cell.source)
        if regions.open:
            closed = _regions(f"{cell.source}\n{regions.end}")  # a bank is derived by both marks
            regions = replace(closed, open=regions.open)
            left.append(Left(number, f"the region of its {regions.open} has no end: it was taken to end with the cell"))
        if marks.version > NEWEST:
            left.append(
                Left(
                    number,
                    f"its metadata are of schema version {marks.version}, and up to {NEWEST} are known: look at it",
                )
            )
        made.append(_cell(number, cell, marks, regions))
    return CourseNotebook("nbgrader", tuple(made), tuple(left))


def _marks(found: Any) -> _Marks:
    if not isinstance(found, Mapping):
        return _Marks()
    points, version, name = found.get("points"), found.get("schema_version"), found.get("grade_id")
    return _Marks(
        grade=found.get("grade") is True,
        solution=found.get("solution") is True,
        locked=found.get("locked") is True,
        task=found.get("task") is True,
        points=points_of(points),
        name=name if isinstance(name, str) else "",
        version=version if type(version) is int else 1,
    )


def points_of(found: Any, otherwise: float = 0.0) -> float:
    """Return points as a number; ``otherwise`` for what is none, or too many."""
    number = isinstance(found, (int, float)) and not isinstance(found, bool)
    return float(found) if number and 0 <= found <= MOST_POINTS else otherwise


def _regions(source: str) -> _Regions:
    found = _Regions(source.split("\n"))
    inside: tuple[tuple[str, str], set[int]] | None = None
    for number, line in enumerate(found.lines, 1):
        for markers, lines in ((SOLUTION, found.solution), (HIDDEN, found.hidden), (SCHEME, found.scheme)):
            if inside is None and markers[0] in line:
                inside = markers, lines
                found.markers.add(number)
        if inside is not None:
            inside[1].add(number)
            if inside[0][1] in line:
                found.markers.add(number)
                inside = None
    if inside is not None:
        first = found.lines[max(inside[1] & found.markers) - 1]
        found.open = inside[0][0].removeprefix("BEGIN ").lower()
        found.end = f"{first[: len(first) - len(first.lstrip())]}### {inside[0][1]}"
    return found


def _cell(number: int, cell: Any, marks: _Marks, regions: _Regions) -> Cell:
    kind = cell.cell_type
    name, points = marks.name, marks.points
    common: dict[str, Any] = {"number": number, "kind": kind, "name": name, "points": points, "group": number}
    common |= {"output": cell.get("output"), "attachments": cell.get("attachments", {})}
    if kind != "code":
        shown = _without(regions, regions.scheme | regions.hidden | regions.solution)
        manual = marks.task or marks.solution or marks.grade
        if marks.solution:
            shown = "YOUR ANSWER HERE"
        return Cell(role="manual" if manual else "prose", source=cell.source, shown=shown, **common)
    if marks.grade and not marks.solution:
        lines = [line for i, line in enumerate(regions.lines, 1) if i not in regions.markers]
        kept = [i for i in range(1, len(regions.lines) + 1) if i not in regions.markers]
        hidden = frozenset(at for at, i in enumerate(kept, 1) if i in regions.hidden)
        shown = _without(regions, regions.hidden)
        return Cell(role="test", source="\n".join(lines), shown=shown, hidden=hidden, **common)
    solved = bool(regions.solution) or marks.solution
    if marks.grade or marks.task:
        return Cell(
            role="manual", source=cell.source, shown=_without(regions, regions.solution, "# YOUR CODE HERE"), **common
        )
    source = "\n".join(_normal(line) for line in regions.lines)
    if not solved:
        return Cell(role="given", source=source, shown=_without(regions, regions.hidden | regions.scheme), **common)
    return Cell(role="solution", source=source, shown=None, **common)


def _normal(line: str) -> str:
    """Return a marker of a solution in the one form that stubs are derived by."""
    indent = line[: len(line) - len(line.lstrip())]
    return indent + BEGIN if SOLUTION[0] in line else indent + END if SOLUTION[1] in line else line


def _without(regions: _Regions, lines: set[int], instead: str = "") -> str:
    """Return the text of a cell without some lines; with ``instead`` at the place of each run of them."""
    kept: list[str] = []
    for number, line in enumerate(regions.lines, 1):
        if number not in lines:
            kept.append(line)
        elif instead and number - 1 not in lines:
            kept.append(line[: len(line) - len(line.lstrip())] + instead)
    return "\n".join(kept).strip("\n")
