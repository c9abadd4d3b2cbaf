"""One submission, start to end: run its notebook, put the questions, judge the answers, write the result."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

import grader
from grader.bank import catalogue
from grader.errors import GraderError, SubmissionError
from grader.judging.cases.bench import Bench
from grader.judging.checks.judge import Judge
from grader.judging.checks.score import item_status, points, points_of
from grader.judging.declare import exercise as spec
from grader.judging.declare.exercise import Exercise, Verdict
from grader.result import (
    CheckResult,
    Counterexample,
    Diagnosis,
    GradedBy,
    ItemResult,
    NotebookResult,
    NotebookStatus,
    Result,
    SubmissionInfo,
)
from grader.runtime import isolation
from grader.runtime.life.session import Session
from grader.runtime.limits import Limits
from grader.submission import Submission

__all__ = ["Graded", "Settings", "bank_digest", "failure", "grade", "graded_by", "item_of"]

SHOWN_ENTRIES = 400
SHOWN_TEXT = 4000
UNTOUCHED = {"missing", "not_attempted"}


@dataclass(frozen=True)
class Settings:
    """What one run of the grader was told: passed down, never looked up."""

    seed: int = 0
    isolation: str = "auto"
    limits: Limits = field(default_factory=Limits)
    drawn: int = 50
    packages: tuple[str, ...] = ()
    executed: bool = True
    """Whether the executed notebook is written down too."""


@dataclass(frozen=True)
class Graded:
    """A result, and the notebook as it was executed (its JSON text), if it got so far."""

    result: Result
    executed: str | None = None


@lru_cache(maxsize=8)
def bench_of(unit: str, seed: int, drawn: int) -> Bench:
    """The workbench of an assignment, made once in a process."""
    return Bench(catalogue().unit(unit).exercises, seed=seed, drawn=drawn)


@lru_cache(maxsize=1)
def bank_digest() -> str:
    """sha256 over the sources that decide a verdict: bank, judge and model answers."""
    root = Path(grader.__file__).parent
    digest = hashlib.sha256()
    for folder in (root / "bank", root / "judging", root.parent / "reference"):
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(root.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def graded_by(settings: Settings) -> GradedBy:
    """How results of these settings are obtained, as each of them says.

    Raises:
        IsolationError: the isolation that was asked for is not to be had here.

    """
    level, mechanisms = isolation.resolve(settings.isolation)
    return GradedBy(
        version=grader.__version__,
        bank=bank_digest(),
        seed=settings.seed,
        isolation=level,  # type: ignore[arg-type]  # of all strings only these come from there
        mechanisms=list(mechanisms),
    )


def grade(submission: Submission, settings: Settings) -> Graded:
    """Grade one submission. Never raises for anything that is in it.

    Raises:
        IsolationError: the isolation that was asked for is not to be had here.

    """
    by = graded_by(settings)
    if submission.problem is not None or submission.assignment is None:
        reason = submission.problem or "it holds no exercise of any assignment"
        return Graded(failure(submission, by, "unreadable", reason))
    unit = catalogue().unit(submission.assignment)
    bench = bench_of(unit.name, settings.seed, settings.drawn)
    try:
        with Session(submission, settings.limits, settings.isolation, settings.seed, settings.packages) as session:
            judge = Judge(session, bench)
            items = []
            for exercise in unit.exercises:
                session.new_exercise()
                items.append(_item(judge, exercise))
            ran = session.notebook
    except SubmissionError as error:
        return Graded(failure(submission, by, "unreadable", str(error)))
    except GraderError as error:
        return Graded(_broken(submission, by, str(error)))
    except (
        Exception
    ) as error:  # whatever escapes is a fault of ours, which costs this submission a person and no other anything
        return Graded(_broken(submission, by, f"{type(error).__name__}: {error}"))
    notebook = NotebookResult(status=ran.status, cell=ran.cell, error=ran.error, seconds=round(ran.seconds, 3))
    nothing_left = ran.status in ("crashed", "timed_out") and all(i.status in ("crashed", "timed_out") for i in items)
    result = Result(
        assignment=unit.name,
        submission=_info(submission),
        graded_by=by,
        notebook=notebook,
        score=_rounded(sum(item.score for item in items)),
        max_score=unit.points,
        graded=not nothing_left,
        needs_person=any(item.status == "grader_error" for item in items),
        notes=list(submission.notes),
        items=items,
    )
    return Graded(result, ran.executed_text() if settings.executed else None)


def _item(judge: Judge, exercise: Exercise) -> ItemResult:
    try:
        verdicts = judge.verdicts(exercise)
        made = {v.status for v in verdicts} - UNTOUCHED
        return item_of(exercise, verdicts) if made else _untouched(exercise.name, verdicts)
    except Exception as error:  # a fault of ours must cost this item only, and never read as a zero
        message = f"the grader itself failed here ({type(error).__name__}: {error}): this item needs a person"
        return item_of(exercise, [Verdict(check, "grader_error", message) for check in exercise.checks])


@lru_cache(maxsize=1024)
def _untouched(name: str, verdicts: tuple[Verdict, ...]) -> ItemResult:
    """The result of an exercise for which nothing was written: made once, and kept once, for a whole class."""
    return item_of(catalogue().exercise(name), verdicts)


def item_of(exercise: Exercise, verdicts: Sequence[Verdict]) -> ItemResult:
    """The result of an exercise from the verdicts of its checks."""
    checks = [
        CheckResult(
            name=v.check.name,
            kind=v.check.kind,
            visibility=v.check.visibility,
            status=v.status,
            score=_rounded(points_of(v, verdicts)),
            max_score=v.check.points,
            message=_text(v.message),
            notes=list(v.notes),
            counterexample=_shown(v.counterexample),
            diagnosis=Diagnosis(**vars(v.diagnosis)) if v.diagnosis else None,
        )
        for v in verdicts
    ]
    return ItemResult(
        exercise=exercise.name,
        status=item_status(verdicts),
        score=_rounded(points(verdicts)),
        max_score=exercise.points,
        message=_headline(checks),
        checks=checks,
    )


def _headline(checks: Sequence[CheckResult]) -> str:
    """What to say of an exercise in one line: a diagnosis, else the first thing that is wrong."""
    order = ("value", "gradient", "example", "law", "contract")
    failed = sorted((c for c in checks if c.status != "passed"), key=lambda c: order.index(c.kind))
    diagnosed = next((c.diagnosis.text for c in failed if c.diagnosis), None)
    return diagnosed or next((c.message.partition("\n")[0] for c in failed if c.message), "")


def failure(submission: Submission, by: GradedBy, status: NotebookStatus, reason: str) -> Result:
    """The result of a submission that could not be graded at all: every item skipped, and why."""
    exercises = catalogue().unit(submission.assignment).exercises if submission.assignment else ()
    items = [
        item_of(exercise, [Verdict(check, "skipped", "the submission could not be read") for check in exercise.checks])
        for exercise in exercises
    ]
    return Result(
        assignment=submission.assignment,
        submission=_info(submission),
        graded_by=by,
        notebook=NotebookResult(status=status, error=_text(reason)),
        score=0.0,
        max_score=sum(exercise.points for exercise in exercises),
        graded=False,
        notes=list(submission.notes),
        items=items,
    )


def _broken(submission: Submission, by: GradedBy, reason: str) -> Result:
    """The grader broke: nothing is said about the student."""
    assert submission.assignment is not None
    exercises = catalogue().unit(submission.assignment).exercises
    items = [
        item_of(e, [Verdict(check, "grader_error", f"the grader itself failed: {reason}") for check in e.checks])
        for e in exercises
    ]
    return replace(failure(submission, by, "crashed", reason), needs_person=True, items=items)


def _info(submission: Submission) -> SubmissionInfo:
    return SubmissionInfo(id=_text(submission.id), source=_text(submission.source), sha256=submission.sha256)


def _rounded(score: float) -> float:
    """Points are halves and quarters: sums of them must not show their binary tails."""
    return round(score, 6)


def _shown(example: spec.Counterexample | None) -> Counterexample | None:
    if example is None:
        return None
    return Counterexample(
        inputs={k: _plain(v) for k, v in example.inputs.items()},
        expected={k: _plain(v) for k, v in example.expected.items()},
        got={k: _plain(v) for k, v in example.got.items()},
        worst=dict(example.worst),
    )


def _plain(x: Any, depth: int = 0) -> Any:
    """A value for display: nested lists of numbers rounded to 6 digits, everything capped."""
    if isinstance(x, (np.ndarray, np.generic)):
        if x.size > SHOWN_ENTRIES:
            return f"an array of shape {x.shape}"
        return _plain(x.tolist())
    if isinstance(x, bool) or x is None:
        return x
    if isinstance(x, int):
        return x if abs(x) < 2**53 else str(x)[:40]
    if isinstance(x, float):
        return float(f"{x:.6g}") if math.isfinite(x) else x
    if isinstance(x, (list, tuple)) and depth < 6:
        return [_plain(v, depth + 1) for v in x[:SHOWN_ENTRIES]]
    if isinstance(x, Mapping) and depth < 6:
        return {_text(str(k)): _plain(v, depth + 1) for k, v in list(x.items())[:SHOWN_ENTRIES]}
    return _text(str(x) if isinstance(x, str) else f"a {type(x).__name__}")


def _text(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair has no place in JSON
    return text if len(text) <= SHOWN_TEXT else text[: SHOWN_TEXT - 1] + "…"
