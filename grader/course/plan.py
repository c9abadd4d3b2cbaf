"""The plan of an assignment: its exercises with their points on the course's scale, and all by which its grades are made.

The bank comes in as a value, so that this room needs none: whatever has units with exercises will do.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, cast
from zoneinfo import ZoneInfo

from grader.course.assignments import Assignment, Extension, Waiver
from grader.course.file import UTC, Course
from grader.course.roster import Roster
from grader.errors import UsageError
from grader.exam import Exam, make_exam, settings_of
from grader.judging import Unit

__all__ = ["Bank", "Plan", "PlannedExercise", "read_plan", "read_plans"]


class _Exercise(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def points(self) -> float: ...


class _Unit(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def exercises(self) -> Sequence[_Exercise]: ...


class Bank(Protocol):
    """All units by name, as :class:`grader.bank.Catalogue` has them."""

    @property
    def units(self) -> Mapping[str, _Unit]:
        """Return the units by name."""


@dataclass(frozen=True)
class PlannedExercise:
    """An exercise of an assignment, and its points on the course's scale."""

    name: str
    points: float


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An assignment, ready for grades.

    Args:
        assignment: as the course file has it.
        exercises: in the order of the assignment.
        roster: who takes part; of an empty one, whoever handed in.
        zone: of the course.
        extensions: of all students, and of all assignments.
        exceptions: likewise.
        earlier: the plans of the assignments that are due before this one, in the order of due dates, if they and this one share
            slip days: those that they use are spent.

    """

    assignment: Assignment
    exercises: tuple[PlannedExercise, ...]
    roster: Roster = field(default_factory=Roster)
    zone: ZoneInfo = UTC
    extensions: tuple[Extension, ...] = ()
    exceptions: tuple[Waiver, ...] = ()
    earlier: tuple[Plan, ...] = ()
    exam: Exam | None = None

    def of(self, student: str) -> Plan:
        """Return the plan of one student, by the id that the roster or the hand-in has: of an exam, that of their paper."""
        if self.exam is None:
            return self
        names = set(self.exam.of(student))
        return replace(self, exercises=tuple(e for e in self.exercises if e.name in names), exam=None)

    @property
    def units(self) -> tuple[str, ...]:
        """Return the units of which there are exercises, in the order of the assignment."""
        return tuple(dict.fromkeys(exercise.name.partition(".")[0] for exercise in self.exercises))

    @property
    def points(self) -> float:
        """Return the points of the whole, which are everybody's."""
        if self.exam is not None:
            return self.of("").points
        return round(sum(exercise.points for exercise in self.exercises), 6)


def read_plan(course: Course, assignment: str, bank: Bank) -> Plan:
    """Return the plan of an assignment of a course; in one without assignments, of the unit of that name.

    Raises:
        UsageError: there is no such assignment, or it names a unit or an exercise that is not in the bank; with file, line, reason.

    """
    found = _assignment(course, assignment, bank)
    return _planned(course, found, bank, tuple(_earlier(course, found, bank)))


def read_plans(course: Course, bank: Bank) -> dict[str, Plan]:
    """Return the plans of all assignments of a course by name; without assignments, of all units. Raises as :func:`read_plan`."""
    return {name: read_plan(course, name, bank) for name in course.assignments or bank.units}


def _assignment(course: Course, name: str, bank: Bank) -> Assignment:
    if name in course.assignments:
        return course.assignments[name]
    if not course.assignments and name in bank.units:
        return Assignment(name=name, title=bank.units[name].title, units=(name,), late=course.late)
    known = list(course.assignments or bank.units)
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    of = f" in {course.path}" if course.assignments else ""
    raise UsageError(f"there is no assignment {name!r}{of}: {hint}")


def _earlier(course: Course, assignment: Assignment, bank: Bank) -> list[Plan]:
    """Return the plans of what is due earlier and shares slip days; in a tie, of what stands earlier in the file."""
    if assignment.due is None or not assignment.late.has_slip_days:
        return []
    sharing = [a for a in course.assignments.values() if a.due is not None and a.late.has_slip_days]
    ordered = sorted(sharing, key=lambda a: (a.due is None, a.due))
    plans: list[Plan] = []
    for other in ordered[: ordered.index(assignment)]:
        plans.append(_planned(course, other, bank, tuple(plans)))
    return plans


def _planned(course: Course, assignment: Assignment, bank: Bank, earlier: tuple[Plan, ...]) -> Plan:
    exam = _exam(course, assignment, bank)
    points = _points(assignment, bank)
    if exam is not None:
        points = {name: points[name] for name in exam.names}
    total = sum(points.values()) if exam is None else exam.settings.points
    if total <= 0:
        raise UsageError(f"{assignment.where or assignment.name}: the exercises of {assignment.name} have no points")
    scale = 1.0 if assignment.points is None else assignment.points / total
    return Plan(
        assignment=assignment,
        exercises=tuple(PlannedExercise(name, value * scale) for name, value in points.items()),
        roster=course.roster,
        zone=course.zone,
        extensions=course.extensions,
        exceptions=course.exceptions,
        earlier=earlier,
        exam=exam,
    )


def _exam(course: Course, assignment: Assignment, bank: Bank) -> Exam | None:
    """Make the exam of an assignment that is one.

    Raises:
        UsageError: it cannot be made, or it is not that of which papers were made.

    """
    asked = assignment.exam
    if asked is None:
        return None
    units = cast("Mapping[str, Unit]", bank.units)
    try:
        exam = make_exam(settings_of(asked, list(units)), units, course.salt)
    except UsageError as error:
        raise UsageError(f"{assignment.where}: {assignment.name}: {error}") from None
    if asked.made and asked.made != exam.mark:
        raise UsageError(
            f"{assignment.where}: {assignment.name}: papers were made as {asked.made}, and now they would be {exam.mark}: "
            "the bank, the salt or a setting is another one; take back what was changed, or release the papers again"
        )
    return exam


def _points(assignment: Assignment, bank: Bank) -> dict[str, float]:
    """Return the exercises with their points before they are scaled."""
    known = {exercise.name: exercise.points for unit in bank.units.values() for exercise in unit.exercises}
    found: dict[str, float] = {}
    for name in assignment.units:
        if name not in bank.units:
            raise UsageError(f"{assignment.where or name}: there is no unit {name}: {_near(name, bank.units)}")
        found.update({exercise.name: exercise.points for exercise in bank.units[name].exercises})
    for wanted in assignment.exercises:
        if wanted.name not in known:
            raise UsageError(f"{wanted.where}: there is no exercise {wanted.name}: {_near(wanted.name, known)}")
        found[wanted.name] = known[wanted.name] if wanted.points is None else wanted.points
    return found


def _near(name: str, known: Mapping[str, object]) -> str:
    short = {full.rpartition(".")[2]: full for full in known}
    near = difflib.get_close_matches(name, list(known), 1) or [
        short[found] for found in difflib.get_close_matches(name.rpartition(".")[2], list(short), 1)
    ]
    return f"did you mean {near[0]}?" if near else "gradmark list has the names"
