"""A small class for the tests of marks: a course of two exercises, three students, and a gradebook of theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.gradebook import Gradebook
from grader.grades import Attempt
from grader.result import CheckResult, Diagnosis, GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo

Run = Callable[..., tuple[int, str, str]]
COURSE = """\
salt = "only ours"
roster = "roster.csv"

[assignment.hw1]
exercises = {"layers.relu_forward" = 4, "layers.relu_backward" = 8}
"""
ROSTER = """\
id,name,email,login
s1,Ada Lovelace,ada@uni.example,ada
s2,Ben Ng,ben@uni.example,ben
s3,Çelik Yılmaz,celik@uni.example,celik
s4,Dora Absent,dora@uni.example,dora
"""
FORWARD, BACKWARD = "layers.relu_forward", "layers.relu_backward"
MASK = "layers.relu_backward/masks_by_upstream"
BY = GradedBy(version="0", bank="ab" * 32, seed=0, isolation="process")


def a_check(
    name: str, status: Any, worth: float, *, mistake: str = "", notes: tuple[str, ...] = (), message: str = ""
) -> CheckResult:
    return CheckResult(
        name=name,
        kind="value",
        visibility="hidden",
        status=status,
        score=worth if status == "passed" else 0.0,
        max_score=worth,
        message=message,
        notes=list(notes),
        diagnosis=Diagnosis(mistake=mistake, text="The mask comes from dout.", certainty="exact") if mistake else None,
    )


def an_item(exercise: str, *checks: CheckResult) -> ItemResult:
    score, most = sum(c.score for c in checks), sum(c.max_score for c in checks)
    worst = next((c.status for c in checks if c.status != "passed"), "passed")
    status: Any = "passed" if score == most and worst == "passed" else "partial" if score else worst
    return ItemResult(exercise=exercise, status=status, score=score, max_score=most, checks=list(checks))


def a_result(student: str, *items: ItemResult, **more: Any) -> Result:
    return Result(
        assignment="layers",
        submission=SubmissionInfo(id=student, source=f"{student}.py", sha256=f"{student:0>64}"),
        graded_by=more.pop("graded_by", BY),
        notebook=more.pop("notebook", NotebookResult(status="ok")),
        score=sum(i.score for i in items),
        max_score=sum(i.max_score for i in items),
        graded=more.pop("graded", True),
        items=list(items),
        **more,
    )


def an_attempt(student: str, *items: ItemResult, **more: Any) -> Attempt:
    return Attempt(
        student=student,
        assignment="hw1",
        sha256=f"{student:0>64}",
        submitted=datetime(2026, 11, 20, 12, tzinfo=UTC),
        results=(a_result(student, *items, **more),),
        source=f"{student}.py",
    )


def right() -> tuple[ItemResult, ItemResult]:
    return an_item(FORWARD, a_check("value:out", "passed", 2)), an_item(BACKWARD, a_check("value:dx", "passed", 4))


def masked() -> tuple[ItemResult, ItemResult]:
    """Return the items of whoever masks by the upstream gradient."""
    return right()[0], an_item(BACKWARD, a_check("value:dx", "wrong", 4, mistake=MASK))


def followed() -> tuple[ItemResult, ItemResult]:
    """Return the items of a wrong forward pass, to which the backward pass seems to fit."""
    wrong = an_item(FORWARD, a_check("value:out", "wrong", 2))
    return wrong, an_item(BACKWARD, a_check("value:dx", "wrong", 4, notes=("follows_own_forward",)))


def attempts() -> list[Attempt]:
    return [an_attempt("s1", *right()), an_attempt("s2", *masked()), an_attempt("s3", *followed())]


def write_class(folder: Path) -> Path:
    """Write course file, roster and gradebook into a folder; return the gradebook's path."""
    (folder / "gradmark.toml").write_text(COURSE, encoding="utf-8")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    path = folder / "gradebook.db"
    with Gradebook.open(path, create=True) as book:
        book.record(attempts(), by="the tests")
    return path


def with_result(attempt: Attempt, result: Result) -> Attempt:
    return replace(attempt, results=(result,))
