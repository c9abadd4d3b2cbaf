"""Small attempts and their results for the tests of the gradebook."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from grader.grades import Attempt
from grader.result import CheckResult, Counterexample, GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOSTILE = "=1+1 \0 \x1b[31m </script> ☃ 𝄞"
"""What a student may put into a text that gets into a result."""


def a_result(
    student: str = "ada", *, score: float = 3.0, unit: str = "layers", seconds: float = 0.5, message: str = ""
) -> Result:
    """A result of one exercise with one check and a counterexample."""
    check = CheckResult(
        name="value",
        kind="value",
        visibility="hidden",
        status="wrong" if score < 4 else "passed",
        score=score,
        max_score=4.0,
        message=message,
        counterexample=Counterexample(inputs={"x": [[1.5, float("nan")]]}, got={"out": [float("inf")]}),
    )
    item = ItemResult(exercise=f"{unit}.relu_forward", status="partial", score=score, max_score=4.0, checks=[check])
    return Result(
        assignment=unit,
        submission=SubmissionInfo(id=student, source=f"{student}.ipynb", sha256="ab"),
        graded_by=GradedBy(version="0.1.0", bank="cd", seed=0, isolation="full", mechanisms=["userns"]),
        notebook=NotebookResult(status="ok", seconds=seconds),
        score=score,
        max_score=4.0,
        graded=True,
        items=[item],
    )


def an_attempt(student: str = "ada", number: int = 0, *, assignment: str = "layers", score: float = 3.0) -> Attempt:
    """The attempt of a student that came so many hours after the start."""
    return Attempt(
        student=student,
        assignment=assignment,
        sha256=f"{student}-{number}",
        submitted=START + timedelta(hours=number),
        results=(a_result(student, score=score, unit=assignment),),
        source=f"{student}_{number}.ipynb",
    )


def graded_again(attempt: Attempt, score: float) -> Attempt:
    """The same attempt with another score."""
    return replace(attempt, results=(a_result(attempt.student, score=score, unit=attempt.assignment),))


def scores(attempts: list[Attempt]) -> list[float]:
    return [result.score for attempt in attempts for result in attempt.results]
