"""Grades as a table of our own, for people and their programs: one row a student, or one row a student and exercise.

The columns of an assignment are the same in each export, whatever is in it: those below, then its exercises in the order of the
assignment. Here is what the grader knows: who waits for a person has their points so far, beside the state that says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.export.cells import number, text_cell, whole_table
from grader.grades import ExerciseGrade, Grade

__all__ = ["exercises_csv", "students_csv"]

OF_A_STUDENT = (
    "student", "name", "email", "section", "assignment", "points", "max_points", "before_policy", "state", "late_hours",
    "slip_days", "attempts", "submitted", "comments",
)  # fmt: skip
OF_AN_EXERCISE = (
    "student", "name", "assignment", "exercise", "points", "max_points", "automatic", "status", "mistakes", "message", "comments",
)  # fmt: skip


def students_csv(grades: Sequence[Grade]) -> str:
    """Return one row a student and assignment; the last columns have the points of each exercise, empty where it was not asked."""
    exercises = list(dict.fromkeys(e.exercise for grade in grades for e in grade.exercises))
    header = [*OF_A_STUDENT, *(text_cell(name) for name in exercises)]
    return whole_table(header, ([*_student(grade), *_points(grade, exercises)] for grade in grades))


def exercises_csv(grades: Sequence[Grade]) -> str:
    """Return one row a student and exercise, with its status, the codes of its mistakes and what people said of it."""
    return whole_table(OF_AN_EXERCISE, (_exercise(grade, e) for grade in grades for e in grade.exercises))


def _student(grade: Grade) -> list[str]:
    submitted = grade.attempt.submitted if grade.attempt else None
    person = grade.person
    return [
        *map(text_cell, (person.id, person.name, person.email, person.section, grade.assignment)),
        number(grade.points),
        number(grade.max_points),
        number(grade.before_policy),
        grade.state,
        number(grade.late_seconds / 3600, 2),
        str(grade.slip_days),
        str(grade.attempts),
        submitted.isoformat() if submitted else "",
        text_cell(" | ".join(grade.comments), 2000),
    ]


def _points(grade: Grade, exercises: Sequence[str]) -> list[str]:
    earned = {e.exercise: e.points for e in grade.exercises}
    return [number(earned.get(name)) for name in exercises]


def _exercise(grade: Grade, one: ExerciseGrade) -> list[str]:
    return [
        *map(text_cell, (grade.person.id, grade.person.name, grade.assignment, one.exercise)),
        number(one.points),
        number(one.max_points),
        number(one.automatic),
        one.status or "",
        text_cell(" ".join(one.mistakes), 1000),
        text_cell(one.message, 1000),
        text_cell(" | ".join(one.comments), 2000),
    ]
