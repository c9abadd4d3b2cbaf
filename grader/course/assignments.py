"""Assignments, extensions and exceptions of a course, as they were read; the exercises are compared with the bank by a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Literal

from grader.course.late import Policy
from grader.course.times import days_after
from grader.exam import ExamAsked

__all__ = ["EVERY", "Assignment", "Extension", "Waiver", "Wanted", "due_for", "waiver_for"]

EVERY = "*"
"""In an extension or exception: all assignments."""


@dataclass(frozen=True)
class Wanted:
    """One exercise of an assignment as the course file names it, with its points if it gives any, and ``file:line``."""

    name: str
    points: float | None = None
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One assignment of a course.

    Args:
        name: as commands and the gradebook know it.
        title: for people.
        units: whose exercises it has, all of them; empty where ``exercises`` are named.
        exercises: as the file names them; empty where ``units`` are.
        exam: what is drawn for each student; None where all have the same exercises.
        points: of the whole, to which the exercises are scaled; None to add them up.
        over: an exercise may get more than its points.
        opens: when it is handed out.
        due: with its zone; None if nothing is ever late.
        released: when students see what is shown after the release; None where nothing is said.
        count: the attempt that counts.
        notebook: the file name of the notebook, where it is not the unit's.
        late: the policy.
        platforms: its number elsewhere, by platform.
        column: the header of its column in tables.
        where: ``file:line``.

    """

    name: str
    title: str = ""
    units: tuple[str, ...] = ()
    exercises: tuple[Wanted, ...] = ()
    exam: ExamAsked | None = None
    points: float | None = None
    over: bool = False
    opens: datetime | None = None
    due: datetime | None = None
    released: bool | datetime | None = None
    count: Literal["last", "best"] = "last"
    notebook: str = ""
    late: Policy = field(default_factory=Policy)
    platforms: Mapping[str, str] = field(default_factory=dict)
    column: str = ""
    where: str = ""

    @property
    def shown(self) -> str:
        """Return the title, or the name of one without."""
        return self.title or self.name

    @property
    def canvas_id(self) -> str:
        """Return its number in Canvas, or nothing."""
        return self.platforms.get("canvas", "")

    @property
    def moodle_id(self) -> str:
        """Return its number in Moodle, or nothing."""
        return self.platforms.get("moodle", "")

    @property
    def gradescope_id(self) -> str:
        """Return its number in Gradescope, or nothing."""
        return self.platforms.get("gradescope", "")

    @property
    def named_units(self) -> tuple[str, ...]:
        """Return the units of which it has exercises, by what the file names."""
        return tuple(dict.fromkeys((*self.units, *(wanted.name.partition(".")[0] for wanted in self.exercises))))


@dataclass(frozen=True, kw_only=True)
class Extension:
    """More time for one student on one assignment, or on :data:`EVERY` one: days, or until when."""

    student: str
    assignment: str = EVERY
    days: float | None = None
    until: datetime | None = None
    reason: str = ""
    where: str = ""

    def of(self, due: datetime, zone: tzinfo | None) -> datetime:
        """Return the due date that it makes of one."""
        return self.until if self.until is not None else days_after(due, self.days or 0.0, zone)


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """An exception for one student on one assignment, or on :data:`EVERY` one: excused, or exempt from the late policy."""

    student: str
    assignment: str = EVERY
    excused: bool = False
    exempt: bool = False
    reason: str = ""
    where: str = ""


def due_for(
    assignment: Assignment, student: str, extensions: Iterable[Extension], zone: tzinfo | None
) -> tuple[datetime | None, Extension | None]:
    """Return the due date of one student, and the extension that makes it: of several the one that ends last."""
    due, found = assignment.due, None
    if assignment.due is None:
        return None, None
    for extension in extensions:
        if extension.student == student and extension.assignment in (EVERY, assignment.name):
            moved = extension.of(assignment.due, zone)
            if due is None or moved > due:
                due, found = moved, extension
    return due, found


def waiver_for(assignment: str, student: str, exceptions: Iterable[Waiver]) -> Waiver:
    """Return what is excepted for one student: all that their exceptions for this assignment say."""
    own = [e for e in exceptions if e.student == student and e.assignment in (EVERY, assignment)]
    return Waiver(
        student=student,
        assignment=assignment,
        excused=any(e.excused for e in own),
        exempt=any(e.exempt for e in own),
        reason="; ".join(dict.fromkeys(e.reason for e in own if e.reason)),
        where=own[0].where if own else "",
    )
