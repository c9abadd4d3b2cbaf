"""The numbers of a class as CSV: its exercises, its mistakes, and its groups of alike answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from grader.grades import Grade
from grader.report.class_pages.answers import alike
from grader.report.class_pages.numbers import class_numbers
from grader.report.text import inline, neutral

__all__ = ["class_sheets"]


def class_sheets(grades: Sequence[Grade]) -> Mapping[str, str]:
    """Return the text of each sheet by the name of its file: all mistakes and groups are there, none is left out."""
    numbers = class_numbers(grades)
    names = [grade.person.id for grade in grades]

    def who(places: Iterable[int]) -> str:
        return " ".join(inline(names[place], 120).replace(" ", "_") for place in places)

    exercises = [
        (e.name, e.max_points, e.mean, e.passed, e.partial, e.wrong, e.absent, e.unjudged, e.discrimination)
        for e in numbers.exercises
    ]
    mistakes = [(m.exercise, m.code, len(m.who), m.text, who(m.who)) for m in numbers.mistakes]
    answers = [
        (g.exercise, g.status, " ".join(g.mistakes), g.fingerprint, len(g.who), g.message, who(g.who))
        for groups in alike(grades).values()
        for g in groups
    ]
    head = "exercise,max_points,mean,passed,partly_right,wrong,not_written,not_judged,discrimination"
    return {
        "exercises.csv": _sheet(head, exercises),
        "mistakes.csv": _sheet("exercise,mistake,students,text,who", mistakes),
        "answers.csv": _sheet("exercise,status,mistakes,fingerprint,students,message,who", answers),
    }


def _sheet(head: str, rows: Iterable[Sequence[object]]) -> str:
    written = io.StringIO()
    sheet = csv.writer(written, lineterminator="\n")
    sheet.writerow(head.split(","))
    sheet.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def _cell(value: object) -> object:
    """Return a value as a sheet holds it: a number rounded, and no text that is a formula for whichever delimiter is looked for."""
    if isinstance(value, float):
        return round(value, 6)
    return neutral(value) if isinstance(value, str) else value
