"""Grades on a terminal, and as JSON: the table of a class, and one student's number with the sentences that explain it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.grades import ExerciseGrade, Grade
from grader.people import Person
from grader.report.text import clean, counted, inline, points
from grader.report.wording import SIGNS, WORDS, for_graders

__all__ = ["grade_details", "grades_json", "grades_table"]

SCHEMA = "gradmark/grades/1"
STATES = {
    "graded": "",
    "missing": "nothing handed in",
    "excused": "excused",
    "needs_person": "a person must look: the grader failed on part of it",
    "not_gradable": "could not be graded",
}
DAY, HOUR = 86400.0, 3600.0
NEAR = 1e-9


def grades_table(grades: Sequence[Sequence[Grade]]) -> RenderableType:
    """Render the table of a class: a row a student; of one assignment with what is to be known of it, of several with their sum.

    Args:
        grades: for each assignment those of all students, in one order.

    """
    shown = Table(expand=True, header_style="bold", border_style="dim", show_edge=False, pad_edge=False)
    shown.add_column("student", overflow="fold", min_width=10, ratio=2)
    if len(grades) == 1:
        _of_one(shown, grades[0])
    else:
        _of_several(shown, grades)
    return shown


def _of_one(shown: Table, grades: Sequence[Grade]) -> None:
    shown.add_column("points", justify="right", no_wrap=True)
    shown.add_column("of", justify="right", no_wrap=True)
    before = [_before(grade) for grade in grades]
    if any(before):
        shown.add_column("in time", justify="right", no_wrap=True)
    shown.add_column("to know", ratio=4)
    for grade, earlier in zip(grades, before, strict=True):
        shown.add_row(
            _who(grade.person),
            Text(_number(grade), style=_style(grade)),
            Text(points(grade.max_points)),
            *([Text(earlier)] if any(before) else []),
            Text(inline(_remark(grade), 160)),
        )


def _before(grade: Grade) -> str:
    """Return the points before the late policy, where it changes them."""
    before, after = grade.before_policy, grade.points
    return points(before) if before is not None and after is not None and abs(before - after) > NEAR else ""


def _of_several(shown: Table, grades: Sequence[Sequence[Grade]]) -> None:
    for of_one in grades:
        name = of_one[0].assignment if of_one else "?"
        most = f"\n/{points(of_one[0].max_points)}" if of_one else ""
        shown.add_column(Text(f"{inline(name, 30)}{most}"), justify="right", overflow="fold")
    shown.add_column("sum", justify="right", no_wrap=True)
    for row in zip(*grades, strict=True):
        numbers = [grade.points for grade in row if grade.points is not None]
        cells = [Text(_number(grade), style=_style(grade)) for grade in row]
        shown.add_row(_who(row[0].person), *cells, Text(points(sum(numbers)) if numbers else "–"))


def _who(person: Person) -> Text:
    told = Text(inline(person.shown, 60))
    return told.append(f" {inline(person.id, 40)}", style="dim") if person.name and person.name != person.id else told


def _number(grade: Grade) -> str:
    """Return the number of a table: ``EX`` for who is excused, with a question mark where a person must look."""
    if grade.points is None:
        return "EX" if grade.state == "excused" else "–"
    return f"{points(grade.points)}{'?' if grade.state == 'needs_person' else ''}"


def _style(grade: Grade) -> str:
    if grade.state in ("needs_person", "not_gradable"):
        return "bold magenta"
    if grade.points is None or grade.state == "missing":
        return "dim"
    return "green" if grade.points >= grade.max_points else "yellow" if 2 * grade.points >= grade.max_points else "red"


def _remark(grade: Grade) -> str:
    """Return what is to be known of a grade in a line: how it stands, attempts, lateness, marks by hand."""
    by_hand = sum(1 for e in grade.exercises if e.automatic is not None and abs(e.points - e.automatic) > NEAR)
    told = [
        STATES[grade.state],
        counted(grade.attempts, "attempt") if grade.attempts > 1 else "",
        f"{_late(grade.late_seconds)} late" if grade.late_seconds > 0 else "",
        "marked as late, by how much is not known" if _late_unknown(grade) else "",
        counted(grade.slip_days, "slip day") if grade.slip_days else "",
        f"{counted(by_hand, 'exercise')} by hand" if by_hand else "",
        "another paper" if grade.attempt is not None and grade.attempt.paper else "",
        _faults(grade),
    ]
    return "; ".join(part for part in told if part)


def _late_unknown(grade: Grade) -> bool:
    attempt = grade.attempt
    return attempt is not None and attempt.late_mark and attempt.submitted is None


def _faults(grade: Grade) -> str:
    lost = [e.exercise.rpartition(".")[2] for e in grade.exercises if e.points < e.max_points - NEAR]
    if grade.state in ("missing", "excused", "not_gradable") or not lost:
        return ""
    return f"lost points: {', '.join(lost[:3])}{f' and {len(lost) - 3} more' if len(lost) > 3 else ''}"


def _late(seconds: float) -> str:
    if seconds >= DAY:
        return f"{seconds / DAY:.1f} d"
    return f"{seconds / HOUR:.1f} h" if seconds >= HOUR else f"{max(1, round(seconds / 60))} min"


def grade_details(grade: Grade) -> RenderableType:
    """Render one student's grade: each exercise with its number and how it came to be, then the sentences of the whole."""
    head = Text(f"{inline(grade.person.shown, 60)} · {inline(grade.assignment, 40)}", style="bold")
    number = "no number" if grade.points is None else f"{points(grade.points)} of {points(grade.max_points)} points"
    state = STATES[grade.state]
    parts: list[RenderableType] = [head, Text(f"{number}{f' ({state})' if state else ''}", style=_style(grade))]
    if grade.attempt is not None:
        when = grade.attempt.submitted
        at = when.strftime("%Y-%m-%d %H:%M %Z") if when else "at an unknown time"
        source = f", from {inline(grade.attempt.source, 100)}" if grade.attempt.source else ""
        parts.append(Text(f"counts: handed in {at}{source}; {counted(grade.attempts, 'attempt')} in all", style="dim"))
    if grade.attempt is not None and grade.attempt.paper:
        parts.append(Text(for_graders(grade.attempt.paper), style="bold"))
    for exercise in grade.exercises:
        # Where nothing was judged, why is said once below.
        if grade.state not in ("missing", "not_gradable") or exercise.sentences or exercise.comments:
            parts += _exercise(exercise)
    if grade.sentences or grade.comments:
        parts.append(Text(""))
    parts += [Text(clean(sentence)) for sentence in grade.sentences]
    parts += [Padding(Text(f"“{clean(text)}”", style="italic"), (0, 0, 0, 2)) for text in grade.comments]
    return Group(*parts)


def _exercise(exercise: ExerciseGrade) -> list[RenderableType]:
    sign = SIGNS[exercise.status] if exercise.status else "·"
    word = WORDS[exercise.status] if exercise.status else "not handed in"
    line = Text(
        f"{sign} {inline(exercise.exercise, 80)}  {points(exercise.points)}/{points(exercise.max_points)}  {word}"
    )
    parts: list[RenderableType] = [line]
    if exercise.message and exercise.status != "passed":
        parts.append(Padding(Text(inline(exercise.message), style="dim"), (0, 0, 0, 4)))
    if exercise.fits:
        parts.append(Padding(Text(for_graders(exercise.fits), style="bold"), (0, 0, 0, 4)))
    parts += [Padding(Text(clean(sentence)), (0, 0, 0, 4)) for sentence in exercise.sentences]
    parts += [Padding(Text(f"“{clean(text)}”", style="italic"), (0, 0, 0, 4)) for text in exercise.comments]
    return parts


def grades_json(grades: Sequence[Grade]) -> str:
    """Return grades as one JSON document: all numbers and sentences, of the attempt that counts what tells it apart."""
    return json.dumps({"schema": SCHEMA, "grades": [_plain(grade) for grade in grades]}, indent=2, ensure_ascii=True)


def _plain(grade: Grade) -> Mapping[str, Any]:
    attempt = grade.attempt
    rest = {name: value for name, value in vars(grade).items() if name not in ("person", "attempt", "exercises")}
    return {
        "student": {"id": grade.person.id, "name": grade.person.name, "section": grade.person.section},
        **{name: list(value) if isinstance(value, tuple) else value for name, value in rest.items()},
        "attempt": attempt
        and {
            "sha256": attempt.sha256,
            "submitted": attempt.submitted.isoformat() if attempt.submitted else None,
            "source": attempt.source,
            "late_mark": attempt.late_mark,
        },
        "exercises": [
            {name: list(value) if isinstance(value, tuple) else value for name, value in vars(exercise).items()}
            for exercise in grade.exercises
        ],
    }
