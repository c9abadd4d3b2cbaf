"""Extensions and exceptions, of a course file and of the list of extensions that it names: for whom, for what, and how much."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from grader.course.assignments import EVERY, Assignment, Extension, Waiver
from grader.course.lines import Key, Places
from grader.course.roster import Roster, near
from grader.course.tables import read_table
from grader.course.times import end_of_day, in_zone
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.model import CourseFile

__all__ = ["read_exceptions", "read_extensions"]

COLUMNS = {
    "student": ("student", "id", "student id", "login", "user"),
    "assignment": ("assignment", "assignments", "homework", "task"),
    "days": ("days", "day", "days more", "extension days"),
    "until": ("until", "new due", "new due date", "due", "extended to", "extended due date"),
    "reason": ("reason", "why", "note", "comment"),
}


def read_extensions(
    places: Places,
    found: CourseFile,
    roster: Roster,
    assignments: Mapping[str, Assignment],
    zone: tzinfo | None,
) -> tuple[Extension, ...]:
    """Return the extensions of the course file and of the file that it names.

    Raises:
        UsageError: one is for nobody or nothing, says both days and a date, or does not extend; with file, line and reason.

    """
    read: list[Extension] = []
    for at, table in enumerate(found.extension):
        key: Key = ("extension", at)
        names = [table.assignment] if isinstance(table.assignment, str) else table.assignment
        where = places.at(*key)
        read += _extensions(where, table.student, names, table.days, table.until, table.reason, zone)
    if found.extensions:
        path = places.path.parent / found.extensions
        if not path.is_file():
            raise places.refusal(
                ("extensions",), f"names {found.extensions}, and there is no such file beside the course file"
            )
        for row in read_table(path, COLUMNS, "list of extensions").rows:
            where = f"{path}:{row.line}"
            names = [name for name in row["assignment"].replace(";", ",").split(",") if name.strip()] or [EVERY]
            days, until = _days(where, row["days"]), _until(where, row["until"])
            read += _extensions(where, row["student"], [n.strip() for n in names], days, until, row["reason"], zone)
    for extension in read:
        _refuse_strangers(extension, roster, assignments)
        due = assignments[extension.assignment].due if extension.assignment in assignments else None
        if extension.assignment in assignments and due is None:
            raise UsageError(f"{extension.where}: {extension.assignment} has no due date that could be extended")
        if due is not None and extension.until is not None and extension.until <= due:
            raise UsageError(
                f"{extension.where}: until {extension.until.isoformat()} is not after {extension.assignment} is due, "
                f"which is {due.isoformat()}"
            )
    return tuple(read)


def _extensions(
    where: str,
    student: str,
    names: Iterable[str],
    days: float | None,
    until: datetime | date | None,
    reason: str,
    zone: tzinfo | None,
) -> list[Extension]:
    if (days is None) == (until is None):
        raise UsageError(
            f"{where}: an extension has either days or until when, and this has {'neither' if days is None else 'both'}"
        )
    if days is not None and not 0 < days < 10_000:
        raise UsageError(f"{where}: an extension is of more than 0 days (it is {days:g})")
    if until is not None:
        try:
            until = in_zone(until if isinstance(until, datetime) else end_of_day(until), zone)
        except ValueError as error:
            raise UsageError(f"{where}: until {error} (it is {until})") from None
    return [
        Extension(student=student, assignment=name, days=days, until=until, reason=reason, where=where)
        for name in names
    ]


def _days(where: str, written: str) -> float | None:
    try:
        return float(written.replace(",", ".")) if written else None
    except ValueError:
        raise UsageError(f"{where}: days is no number (it is {written!r})") from None


def _until(where: str, written: str) -> datetime | date | None:
    if not written:
        return None
    for reading in (date.fromisoformat, datetime.fromisoformat):
        try:
            return reading(written)
        except ValueError:
            continue
    raise UsageError(f"{where}: until is no date: write 2026-11-22 or 2026-11-22T18:00 (it is {written!r})")


def read_exceptions(
    places: Places, found: CourseFile, roster: Roster, assignments: Mapping[str, Assignment]
) -> tuple[Waiver, ...]:
    """Return the exceptions.

    Raises:
        UsageError: one is for nobody or nothing, or excepts nothing; with file, line and reason.

    """
    read = []
    for at, table in enumerate(found.exception):
        where = places.at("exception", at)
        if not table.excused and not table.exempt:
            raise UsageError(
                f"{where}: the exception says neither excused = true nor exempt = true (from the late policy)"
            )
        for name in [table.assignment] if isinstance(table.assignment, str) else table.assignment:
            waiver = Waiver(
                student=table.student,
                assignment=name,
                excused=table.excused,
                exempt=table.exempt,
                reason=table.reason,
                where=where,
            )
            _refuse_strangers(waiver, roster, assignments)
            read.append(waiver)
    return tuple(read)


def _refuse_strangers(entry: Extension | Waiver, roster: Roster, assignments: Mapping[str, Assignment]) -> None:
    kind = "an extension" if isinstance(entry, Extension) else "an exception"
    if not entry.student:
        raise UsageError(f"{entry.where}: {kind} names no student")
    if roster.people and roster.get(entry.student) is None:
        raise UsageError(
            f"{entry.where}: {kind} for {entry.student}, who is not in the roster: {near(entry.student, roster)}"
        )
    if assignments and entry.assignment not in (EVERY, *assignments):
        close = difflib.get_close_matches(entry.assignment, list(assignments), 1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(assignments)}"
        raise UsageError(f"{entry.where}: {kind} for {entry.assignment}, which is no assignment: {hint}")
