"""Grades that nobody earned, for the tests of what is made of grades: a small class, one of each state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from grader.grades import Attempt, ExerciseGrade, Grade
from grader.people import Person
from grader.result import CheckResult, GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo

__all__ = ["HOSTILE_NAMES", "a_class", "a_grade", "a_person", "a_result", "an_attempt", "an_exercise"]

HOSTILE_NAMES = (
    '=HYPERLINK("http://example.org","Ada")',
    "-Ada",
    "@SUM(1+1)",
    "+49 Ada",
    "\tAda",
    "\r=1+1",
    'Ada "the" Lovelace, Countess',
    "Points Possible",
    "    Points Possible",
    "x;=1+1",
    "'=1",
    "Ada\nLovelace",
    "Ada\u202eevil",
    "Žofie Ångström-Ñúñez",
    "李小龍",
    "a_b_c_d_e",
    "../../etc/passwd",
    "",
)


def a_person(ident: str = "ada", name: str = "Ada Lovelace", **more: Any) -> Person:
    digits = str(1000 + sum(map(ord, ident)) * 7 + len(ident))
    fields = {
        "email": f"{ident}@example.org",
        "login": f"{ident}99",
        "section": "A",
        "platforms": {"canvas": digits},
        **more,
    }
    return Person(id=ident, name=name, **fields)


def an_exercise(
    name: str = "layers.relu_backward", points: float = 2.0, worth: float = 4.0, **more: Any
) -> ExerciseGrade:
    fields = {"automatic": points, "status": "wrong" if points < worth else "passed", **more}
    return ExerciseGrade(exercise=name, points=points, max_points=worth, **fields)


def a_result(
    ident: str = "ada", unit: str = "layers", message: str = "dx[0] is 1, it must be 0", **more: Any
) -> Result:
    check = CheckResult(
        name="value", kind="value", visibility="hidden", status="wrong", score=2.0, max_score=4.0, message=message
    )
    item = ItemResult(
        exercise=f"{unit}.relu_backward", status="wrong", score=2.0, max_score=4.0, message=message, checks=[check]
    )
    fields: dict[str, Any] = {
        "assignment": unit,
        "submission": SubmissionInfo(id=ident, source=f"{ident}/{unit}.ipynb", sha256="cd" * 32),
        "graded_by": GradedBy(version="0", bank="ab", seed=0, isolation="full"),
        "notebook": NotebookResult(status="ok", seconds=0.5),
        "score": 2.0,
        "max_score": 4.0,
        "graded": True,
        "items": [item],
    }
    return Result(**{**fields, **more})


def an_attempt(person: Person, *results: Result) -> Attempt:
    return Attempt(
        student=person.id,
        assignment="hw1",
        sha256="cd" * 32,
        submitted=datetime(2026, 10, 1, 12, tzinfo=UTC),
        results=results or (a_result(person.id),),
        source=f"{person.id}_layers.ipynb",
    )


def a_grade(person: Person | None = None, points: float | None = 6.0, state: Any = "graded", **more: Any) -> Grade:
    person = person or a_person()
    handed_in = state not in ("missing", "excused")
    fields: dict[str, Any] = {
        "max_points": 10.0,
        "before_policy": points,
        "exercises": (an_exercise(), an_exercise("layers.relu_forward", 4.0, 6.0)) if handed_in else (),
        "attempt": an_attempt(person) if handed_in else None,
        "attempts": int(handed_in),
        **more,
    }
    return Grade(person=person, assignment="hw1", state=state, points=points, **fields)


def a_class() -> list[Grade]:
    """One student of each state, with points that differ."""
    ada = a_grade(a_person("ada", "Ada Lovelace"), 7.25, comments=("Well explained.",))
    return [
        ada,
        a_grade(a_person("blaise", "Blaise Pascal"), 10.0),
        a_grade(a_person("carl", "Carl Friedrich Gauß"), 0.0, "missing"),
        a_grade(a_person("emmy", "Emmy Noether"), None, "excused"),
        a_grade(a_person("grace", "Grace Hopper"), 3.0, "needs_person"),
        a_grade(a_person("kurt", "Kurt Gödel"), 0.0, "not_gradable"),
        replace(a_grade(a_person("sofja", "Софья Ковалевская"), 1 / 3), late_seconds=5400.0, slip_days=1),
    ]
