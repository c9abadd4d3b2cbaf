"""From the settings of a course file to the course's parts: its zone, its assignments, and when they are released."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from grader.course.assignments import Assignment, Wanted
from grader.course.late import Policy
from grader.course.lines import Key, Places
from grader.course.policies import read_policy
from grader.course.times import in_zone, zone_named
from grader.exam import ExamAsked
from grader.shown import Rule, Rules

if TYPE_CHECKING:
    from grader.course.model import AssignmentTable, CourseFile, ExamTable

__all__ = ["read_assignments", "read_zone", "roster_path", "with_releases"]

NAME_LENGTH = 80


def read_zone(places: Places, named: Any) -> ZoneInfo | None:
    """Return the zone of the course; None where the file names none, or what is no name at all.

    Raises:
        UsageError: there is no such zone.

    """
    if not named or not isinstance(named, str):
        return None
    try:
        return zone_named(named)
    except ValueError as error:
        raise places.refusal(("zone",), str(error)) from None


def read_assignments(places: Places, found: CourseFile, late: Policy, zone: tzinfo | None) -> dict[str, Assignment]:
    """Return the assignments by name, in the order of the file.

    Raises:
        UsageError: one has a name that is none, exercises twice or none, points that are none, or dates that cannot be.

    """
    return {name: _assignment(places, name, table, late, zone) for name, table in found.assignment.items()}


def _assignment(places: Places, name: str, table: AssignmentTable, late: Policy, zone: tzinfo | None) -> Assignment:
    key: Key = ("assignment", name)
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable() or set(name) & set('/\\"*') or name[0] in ".-":
        raise places.refusal(key, "is no name: letters, digits, blanks, - and _, at most 80")
    if table.unit is not None and table.exercises is not None:
        raise places.refusal((*key, "exercises"), "stands beside unit; the one or the other says what is asked")
    units = [table.unit] if isinstance(table.unit, str) else table.unit
    if table.exam is not None:
        if table.unit is not None or table.exercises is not None:
            raise places.refusal((*key, "exam"), "stands beside unit or exercises; an exam names its units itself")
        units = list(table.exam.units)
    if units is None and table.exercises is None:
        units = [name]
    for setting, named in (("unit", units), ("exercises", table.exercises)):
        if named is not None and not named:
            raise places.refusal((*key, setting), "is empty: an assignment asks for one exercise at least")
    exercises = _wanted(places, (*key, "exercises"), table.exercises or [])
    for at, unit in enumerate(units or []):
        if unit in (units or [])[:at]:
            raise places.refusal((*key, "unit"), f"names {unit} twice")
    if table.points is not None and table.points <= 0:
        raise places.refusal((*key, "points"), f"must be more than 0 (it is {table.points:g})")
    dates = {
        setting: _moment(places, (*key, setting), moment, zone)
        for setting, moment in (("opens", table.opens), ("due", table.due), ("released", table.released))
        if isinstance(moment, datetime)
    }
    opens, due = dates.get("opens"), dates.get("due")
    if opens and due and opens >= due:
        raise places.refusal((*key, "opens"), f"is not before it is due, which is {due.isoformat()}")
    if table.notebook and (
        Path(table.notebook).name != table.notebook or not table.notebook.endswith((".ipynb", ".py"))
    ):
        raise places.refusal(
            (*key, "notebook"), f"is no file name that ends with .ipynb or .py (it is {table.notebook!r})"
        )
    numbers = {"canvas": table.canvas, "moodle": table.moodle, "gradescope": table.gradescope}
    return Assignment(
        name=name,
        title=table.title,
        units=tuple(units or ()),
        exercises=exercises,
        exam=_exam(table.exam),
        points=table.points,
        over=table.over,
        opens=opens,
        due=due,
        released=dates.get("released", table.released),
        count=table.count,
        notebook=table.notebook,
        late=late if table.late is None else read_policy(places, (*key, "late"), table.late),
        platforms={platform: str(number) for platform, number in numbers.items() if number != ""},
        column=table.column,
        where=places.at(*key),
    )


def _exam(table: ExamTable | None) -> ExamAsked | None:
    if table is None:
        return None
    return ExamAsked(
        points=table.points,
        seed=table.seed,
        units=table.units,
        forms=table.forms,
        same=table.same,
        made=table.made,
    )


def _wanted(places: Places, key: Key, exercises: Sequence[str] | Mapping[str, float]) -> tuple[Wanted, ...]:
    if isinstance(exercises, Mapping):
        for name, points in exercises.items():
            if points <= 0:
                raise places.refusal(_written(places, key, name), f"must have more than 0 points (they are {points:g})")
        return tuple(
            Wanted(name, float(points), places.at(*_written(places, key, name))) for name, points in exercises.items()
        )
    for at, name in enumerate(exercises):
        if name in exercises[:at]:
            raise places.refusal((*key, at), f"names {name} a second time")
    return tuple(Wanted(name, None, places.at(*key, at)) for at, name in enumerate(exercises))


def _written(places: Places, key: Key, name: str) -> Key:
    """Return the key of an exercise in a table: as one name in quotes, or without them as two, ``layers.relu_backward``."""
    without = (*key, *name.split("."))
    return without if without in places else (*key, name)


def _moment(places: Places, key: Key, moment: datetime, zone: tzinfo | None) -> datetime:
    try:
        return in_zone(moment, zone)
    except ValueError as error:
        raise places.refusal(key, f"{error} (it is {moment.isoformat()})") from None


def roster_path(places: Places, found: CourseFile) -> Path:
    """Return where the roster is.

    Raises:
        UsageError: it is not there.

    """
    path = places.path.parent / found.roster
    if not path.is_file():
        raise places.refusal(("roster",), f"names {found.roster}, and there is no such file beside the course file")
    return path


def with_releases(rules: Rules, assignments: Iterable[Assignment]) -> Rules:
    """Return the rules of what is shown with the releases of assignments: of each unit of theirs, if ``[shown.UNIT]`` says none.

    Where two assignments ask for exercises of one unit, the later release holds for both: nothing is shown too early.
    """
    by_name = dict(rules.by_name)
    for assignment in assignments:
        for unit in assignment.named_units:
            said = rules.by_name.get(unit, Rule()).released
            if assignment.released is None or said is not None:
                continue
            rule = by_name.get(unit, Rule(where=assignment.where))
            by_name[unit] = replace(rule, released=_later(rule.released, assignment.released))
    return Rules(by_name)


def _later(one: bool | datetime | None, other: bool | datetime) -> bool | datetime:
    if one is None or one is True or other is False:
        return other
    if one is False or other is True:
        return one
    return max(one, other)
