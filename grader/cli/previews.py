"""The printing of what a change would come to, before it is made; the same for marks, rubrics, comments and regrades."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.terminal import echo, show_on_terminal
from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from grader.cli.graded import Instead, ReadClass
    from grader.grades import Grade
    from grader.marking import Moved
    from grader.people import Person

__all__ = [
    "APPLY",
    "BLIND",
    "MOST_ROWS",
    "known_exercises",
    "moved_by",
    "plain_table",
    "scrubbed",
    "shown_as",
    "tell_moved",
    "written_to",
]

APPLY = click.option("--apply", "apply_", is_flag=True, help="Do it; without it, what it would change is shown.")
BLIND = click.option("--blind", is_flag=True, help="Show pseudonyms in the place of names; no number changes.")
MOST_ROWS = 60
Names = Callable[["Person"], "Person"]


def moved_by(found: ReadClass, instead: Instead, assignments: Iterable[str] | None = None) -> list[Moved]:
    """Return who would move if the facts were these instead, in these assignments, or in those that were asked for."""
    from grader.marking import moved

    before: list[Grade] = []
    after: list[Grade] = []
    for name in found.assignments if assignments is None else assignments:
        before += found.graded(name)
        after += found.graded(name, instead)
    return moved(before, after)


def shown_as(found: ReadClass, *, blind: bool) -> Mapping[str, Person]:
    """Return whom to show for the id of each person: themselves, or their pseudonym.

    Raises:
        UsageError: blind mode without a salt.

    """
    if not blind:
        return {person.id: person for person in found.people}
    from grader.blind import pseudonyms

    if not found.course.salt:
        raise UsageError("--blind needs a salt in the course file: without one, pseudonyms could be worked out")
    return pseudonyms(found.people, found.course.salt)


def scrubbed(found: ReadClass, student: str, text: str, *, blind: bool) -> str:
    """Return a text of a student without what names them in it, in blind mode; else as it is."""
    person = found.course.roster.get(student)
    if not blind or person is None:
        return text
    from grader.blind import blinded
    from grader.grades import Grade

    # Grades are what blind mode knows how to hide: the text goes through as a comment on one.
    grade = Grade(person=person, assignment="", state="graded", points=None, max_points=0.0, comments=(text,))
    return blinded([grade], found.course.salt)[0].comments[0]


def tell_moved(moves: Sequence[Moved], people: Mapping[str, Person], *, exercises: bool = True) -> None:
    """Print who moves, and the sentence that sums it up.

    Args:
        moves: see :func:`moved_by`.
        people: whom to show for each id.
        exercises: sum up the scores of exercises; else the grades of assignments.

    """
    from grader.marking import summary

    if moves:
        show_on_terminal(_table(moves[:MOST_ROWS], people))
    if len(moves) > MOST_ROWS:
        echo(f"... and {len(moves) - MOST_ROWS} more")
    echo(summary(moves, exercises=exercises))


def _table(moves: Sequence[Moved], people: Mapping[str, Person]) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    from grader.marking import exercise_line
    from grader.report import inline

    shown = Table(expand=True, header_style="bold", border_style="dim", show_edge=False, pad_edge=False)
    shown.add_column("student", overflow="fold", min_width=10, ratio=2)
    several = len({move.assignment for move in moves}) > 1
    if several:
        shown.add_column("assignment", overflow="fold", ratio=1, min_width=10)
    shown.add_column("grade", no_wrap=True)
    shown.add_column("exercises", ratio=4)
    for move in moves:
        lines = [exercise_line(before, after) for before, after in move.exercises]
        shown.add_row(
            Text(inline(people[move.person.id].shown, 60)),
            *([Text(inline(move.assignment, 40))] if several else []),
            Text(f"{_grade(move.before)} → {_grade(move.after)}"),
            Text("\n".join(inline(line, 120) for line in lines) or _state(move)),
        )
    return shown


def _grade(grade: Grade) -> str:
    return "EX" if grade.state == "excused" else "–" if grade.points is None else f"{round(grade.points, 3):g}"


def _state(move: Moved) -> str:
    return "" if move.before.state == move.after.state else f"{move.before.state} → {move.after.state}"


def known_exercises(found: ReadClass, path: Path, named: Iterable[str]) -> None:
    """Look if the exercises that a file names are there.

    Raises:
        UsageError: one is not; the message names the file, and the closest.

    """
    for name in dict.fromkeys(named):
        try:
            found.catalogue.exercise(name)
        except UsageError as error:
            raise UsageError(f"{path}: {error}") from None


def written_to(path: Path, text: str, what: str) -> int:
    """Write a file and say so; return the exit code.

    Raises:
        UsageError: it cannot be written.

    """
    from grader.writing import write_whole

    try:
        write_whole(path, text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None
    echo(f"written: {path} ({what})")
    return 0


def plain_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> RenderableType:
    """Render a table of cleaned texts in 80 columns."""
    from rich.table import Table
    from rich.text import Text

    from grader.report import inline

    shown = Table(expand=True, header_style="bold", border_style="dim", show_edge=False, pad_edge=False)
    for name in columns:
        shown.add_column(name, overflow="fold", justify="right" if name in ("points", "applied", "told") else "left")
    for row in rows:
        shown.add_row(*(Text(inline(cell, 200)) for cell in row))
    return shown
