"""The results of submissions of which nothing could be graded, by their own fault or by ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from grader.bank import catalogue
from grader.diagnosis import Explanation
from grader.items import item_of, shown_text
from grader.judging import Exercise, Verdict
from grader.result import GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo
from grader.statuses import NotebookStatus, VerdictStatus
from grader.submission import Submission

__all__ = ["FAILED", "all_alike", "broken", "failure", "info"]

FAILED = "the grader itself failed"


def all_alike(exercise: Exercise, status: VerdictStatus, message: str) -> ItemResult:
    """Make the item of an exercise whose checks all have one status, for one reason."""
    verdicts = [Verdict(check, status) for check in exercise.checks]
    return item_of(exercise, verdicts, [Explanation(message)] * len(verdicts))


def failure(
    submission: Submission,
    by: GradedBy,
    status: NotebookStatus,
    reason: str,
    of_each: str = "the submission could not be read",
    banks: tuple[Path, ...] = (),
    asked: frozenset[str] | None = None,
) -> Result:
    """Make the result of a submission that could not be graded at all: every item skipped, and why."""
    exercises = _wanted(submission, banks, asked)
    return Result(
        assignment=submission.assignment,
        submission=info(submission),
        graded_by=by,
        notebook=NotebookResult(status=status, error=shown_text(reason)),
        score=0.0,
        max_score=sum(exercise.points for exercise in exercises),
        graded=False,
        notes=list(submission.notes),
        items=[all_alike(exercise, "skipped", of_each) for exercise in exercises],
    )


def _wanted(submission: Submission, banks: tuple[Path, ...], asked: frozenset[str] | None) -> list[Exercise]:
    exercises = catalogue(banks).unit(submission.assignment).exercises if submission.assignment else ()
    return [exercise for exercise in exercises if asked is None or exercise.name in asked]


def broken(
    submission: Submission, by: GradedBy, reason: str, banks: tuple[Path, ...], asked: frozenset[str] | None
) -> Result:
    """Make the result of a submission on which the grader broke: nothing is said about the student."""
    exercises = _wanted(submission, banks, asked)
    items = [all_alike(exercise, "grader_error", f"{FAILED}: {reason}") for exercise in exercises]
    result = failure(submission, by, "crashed", reason, banks=banks, asked=asked)
    return replace(result, needs_person=True, items=items)


def info(submission: Submission) -> SubmissionInfo:
    """Return what a result says of the submission that it is of."""
    return SubmissionInfo(id=shown_text(submission.id), source=shown_text(submission.source), sha256=submission.sha256)
