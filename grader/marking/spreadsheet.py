"""Marks as a spreadsheet, one line an exercise and student: written from grades, read back as the marks that were changed in it.

What a person may change are ``points`` (empty: the automatic ones), ``comment`` (one a line), ``rubric`` (ids), ``honour`` and
``excused``. The column ``was`` holds a digest of the line as it was written, so that reading tells a line that was changed in the
file from one that was changed in the gradebook since.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from grader.errors import UsageError
from grader.grades import ExerciseGrade, Grade, Mark, RubricItem
from grader.marking.decisions import Wanted, honourable, mark_of
from grader.marking.tables import Row, number, read_table, written

__all__ = ["changed_marks", "written_marks"]

COLUMNS = (
    "student", "name", "assignment", "exercise", "status", "automatic", "max", "points", "comment", "rubric", "honour", "excused",
    "was",
)  # fmt: skip
NEEDED = ("student", "assignment", "exercise", "points", "was")
FREE = ("points", "comment", "rubric", "honour", "excused")
"""The columns that a person may change."""
FIXED = ("automatic", "max", "status")
"""Those that are for reading; a line in which one was changed was changed by mistake."""
YES = ("yes", "y", "true", "1", "x", "ja", "wahr", "oui", "vrai")
NO = ("", "no", "n", "false", "0", "nein", "falsch", "non", "faux")
MOST_TOLD = 20

Marks = Mapping[tuple[str, str, str], Mark]
"""The present marks, by student, assignment and exercise."""


def written_marks(grades: Sequence[Grade], marks: Sequence[Mark]) -> str:
    """Return the spreadsheet of grades: for each student a line for each exercise, after one for the assignment as a whole."""
    present = _by_key(marks)
    return written(COLUMNS, (line for grade in grades for line in _lines(grade, present)))


def _by_key(marks: Sequence[Mark]) -> dict[tuple[str, str, str], Mark]:
    return {(m.student, m.assignment, m.exercise): m for m in marks}


def _lines(grade: Grade, present: Marks) -> list[dict[str, object]]:
    return [_line(grade, exercise, present) for exercise in (None, *grade.exercises)]


def _line(grade: Grade, exercise: ExerciseGrade | None, present: Marks) -> dict[str, object]:
    name = exercise.exercise if exercise else ""
    mark = present.get((grade.person.id, grade.assignment, name)) or _empty(grade.person.id, grade.assignment, name)
    line: dict[str, object] = {
        "student": grade.person.id,
        "name": grade.person.name,
        "assignment": grade.assignment,
        "exercise": name,
        "status": (exercise.status or "") if exercise else grade.state,
        "automatic": exercise.automatic if exercise else None,
        "max": exercise.max_points if exercise else grade.max_points,
        "points": mark.points,
        "comment": "\n".join(mark.comments),
        "rubric": " ".join(mark.rubric),
        "honour": mark.honour,
        "excused": mark.excused,
    }
    return {**line, "was": _digest({key: _canonical(key, value) for key, value in line.items()})}


def _empty(student: str, assignment: str, exercise: str) -> Mark:
    return Mark(student=student, assignment=assignment, exercise=exercise)


def _canonical(column: str, value: object) -> object:
    """Return a cell's value as both sides of a comparison have it, whatever a spreadsheet made of its looks."""
    if column in ("points", "automatic", "max"):
        parsed = value if isinstance(value, (int, float)) else number(str(value or ""))
        return None if parsed is None else f"{parsed:.6f}".rstrip("0").rstrip(".")
    if column in ("honour", "excused"):
        return value if isinstance(value, bool) else _yes(str(value or ""))
    if column == "rubric":
        return str(value or "").replace(",", " ").split()
    return [row.strip() for row in str(value or "").replace("\r\n", "\n").strip().split("\n")]


def _yes(text: str) -> bool:
    folded = text.strip().casefold()
    if folded in YES:
        return True
    if folded in NO:
        return False
    raise ValueError(f"{text[:40]!r} is neither yes nor no")


def _digest(line: Mapping[str, object]) -> str:
    told = json.dumps([line[key] for key in (*FIXED, *FREE)], ensure_ascii=True)
    return (
        f"w{hashlib.sha256(told.encode()).hexdigest()[:12]}"  # a letter in front: no spreadsheet reads it as a number
    )


def changed_marks(
    path: Path,
    grades: Sequence[Grade],
    marks: Sequence[Mark],
    rubric: Mapping[str, RubricItem],
    *,
    names: Mapping[str, str] | None = None,
    over: Collection[str] = (),
) -> list[Mark]:
    """Return the marks that were changed in a spreadsheet, as they shall be; lines that nobody touched give none.

    Args:
        path: the file that :func:`written_marks` began.
        grades: of now, of the assignments that may be in it.
        marks: of now.
        rubric: the items of the course, by id.
        names: by what may stand in the column ``student``, the id of the student: themselves, and their pseudonyms.
        over: the assignments of which an exercise may get more than its points.

    Raises:
        UsageError: lines are refused; the message has file, line and reason of each, and nothing of the file is taken.

    """
    present, now = _by_key(marks), {(g.person.id, g.assignment): g for g in grades}
    found: list[Mark] = []
    refused: list[str] = []
    seen: dict[tuple[str, str, str], int] = {}
    for row in read_table(path, COLUMNS, NEEDED):
        student = (names or {}).get(row.cells["student"], row.cells["student"])
        key = (student, row.cells["assignment"], row.cells["exercise"])
        try:
            if key in seen:
                raise UsageError(f"the same student and exercise are in line {seen[key]}")
            seen[key] = row.line
            mark = _changed(row, student, now, present, rubric, over)
        except (UsageError, ValueError) as error:
            refused.append(f"{path}:{row.line}: {error}")
        else:
            found += [mark] if mark else []
    if refused:
        more = len(refused) - MOST_TOLD
        told = [*refused[:MOST_TOLD], *([f"and {more} more lines"] if more > 0 else [])]
        raise UsageError(f"nothing was taken, {len(refused)} line(s) are refused: " + " | ".join(told))
    return found


def _changed(
    row: Row,
    student: str,
    now: Mapping[tuple[str, str], Grade],
    present: Marks,
    rubric: Mapping[str, RubricItem],
    over: Collection[str],
) -> Mark | None:
    assignment, name = row.cells["assignment"], row.cells["exercise"]
    grade = now.get((student, assignment))
    if grade is None and assignment not in {of for _, of in now}:
        raise UsageError(f"{assignment!r} is none of the assignments that are asked for: delete its lines")
    if grade is None:
        raise UsageError(f"there is no student {row.cells['student']!r} in the class: delete their lines")
    exercise = next((e for e in grade.exercises if e.exercise == name), None)
    if name and exercise is None:
        raise UsageError(f"there is no exercise {name!r} in {assignment}")
    current = _line(grade, exercise, present)
    is_now = {key: _canonical(key, current[key]) for key in (*FIXED, *FREE)}
    wanted = {key: _read(row, key, is_now) for key in (*FIXED, *FREE)}
    if _digest(wanted) == row.cells["was"]:
        return None
    if all(wanted[key] == is_now[key] for key in FREE):
        return None  # it was changed to what it is, or in the columns for reading
    if row.cells["was"] != current["was"]:
        raise UsageError(f"{name or assignment}: it was changed in the gradebook since the export: export again")
    if changed := [key for key in FIXED if wanted[key] != is_now[key]]:
        raise UsageError(f"{name or assignment}: the column {changed[0]!r} is for reading: change points instead")
    before = present.get((student, assignment, name)) or _empty(student, assignment, name)
    most = math.inf if assignment in over else exercise.max_points if exercise else grade.max_points
    return _mark(row, before, wanted, most, grade, rubric)


def _read(row: Row, column: str, is_now: Mapping[str, object]) -> object:
    """Return a cell's value; of a column that was deleted, that of now: nothing was wanted there."""
    if column not in row.cells:
        return is_now[column]
    try:
        return _canonical(column, row.cells[column])
    except ValueError as error:
        raise ValueError(f"{column}: {error}") from None


def _mark(
    row: Row,
    before: Mark,
    wanted: Mapping[str, object],
    most: float,
    grade: Grade,
    rubric: Mapping[str, RubricItem],
) -> Mark:
    points = number(row.cells["points"])
    ids = wanted["rubric"] if isinstance(wanted["rubric"], list) else []
    comments = wanted["comment"] if isinstance(wanted["comment"], list) else []
    still = tuple(
        ident for ident in before.rubric if ident in ids
    )  # one that was taken back since may stay where it was
    blank = replace(_empty(before.student, before.assignment, before.exercise), rubric=still)
    return mark_of(
        blank,
        Wanted(
            points=points,
            comments=tuple(text for text in comments if text),
            rubric=tuple(ids),
            honour=True if wanted["honour"] else None,
            excused=True if wanted["excused"] else None,
        ),
        most=most,
        rubric=rubric,
        may_honour=before.honour or honourable(grade.attempt, before.exercise),
    )
