"""One submission, from start to end: run its notebook, put the questions, settle the marks, explain them, write the result."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import grader
from grader.bank import catalogue
from grader.diagnosis import Explanation, explain, explain_untried
from grader.errors import GraderError, SubmissionError
from grader.items import item_of, rounded, shown_text
from grader.judging import Answers, Bench, Exercise, Judge, Raised, Unanswered, Unit, Untried, Verdict
from grader.result import GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo
from grader.runtime import Isolation, Limits, NotebookRun, Session
from grader.statuses import NotebookStatus, VerdictStatus
from grader.submission import Submission, reasons

__all__ = ["Graded", "Settings", "bank_digest", "failure", "grade", "graded_by", "lost"]

UNTOUCHED = {"missing", "not_attempted"}
MOST_CELLS_NAMED = 20
FAILED = "the grader itself failed"
UNEXPLAINED = "no explanation could be had"


@dataclass(frozen=True)
class Settings:
    """The settings of one run of the grader: passed down, never looked up.

    Args:
        isolation: the level that was found to be there, with its mechanisms.
        seed: of drawn cases, and of random numbers in the kernel.
        limits: what a submission may use up.
        drawn: how many cases Hypothesis draws beyond the battery.
        packages: what submissions may import besides the usual.
        executed: write the executed notebook too.
        diagnosed: explain what was rejected; the marks are the same without.
        banks: the folders of the course's private banks.

    """

    isolation: Isolation
    seed: int = 0
    limits: Limits = field(default_factory=Limits)
    drawn: int = 50
    packages: tuple[str, ...] = ()
    executed: bool = True
    diagnosed: bool = True
    banks: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Graded:
    """A result, and the notebook as it was executed (its JSON text), if it got so far."""

    result: Result
    executed: str | None = None


@lru_cache(maxsize=8)
def bench_of(unit: str, seed: int, drawn: int, banks: tuple[Path, ...] = ()) -> Bench:
    """Return the workbench of an assignment, made once in a process."""
    return Bench(catalogue(banks).unit(unit).exercises, seed=seed, drawn=drawn)


@lru_cache(maxsize=4)
def bank_digest(banks: tuple[Path, ...] = ()) -> str:
    """Return the sha256 over the sources that decide a verdict: bank, judge and model answers, those of private banks too."""
    digest = hashlib.sha256()
    for root, folder in _deciding(banks):
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _deciding(banks: tuple[Path, ...]) -> Iterator[tuple[Path, Path]]:
    """Yield the folders of those sources, each behind the one from which its files are named."""
    ours = Path(grader.__file__).parent
    yield from ((ours.parent, folder) for folder in (ours / "bank", ours / "judging", ours.parent / "reference"))
    yield from ((bank, bank / room) for bank in banks for room in ("bank", "reference"))


def graded_by(settings: Settings) -> GradedBy:
    """Describe how results of these settings are obtained, as each of them says."""
    return GradedBy(
        version=grader.__version__,
        bank=bank_digest(settings.banks),
        seed=settings.seed,
        isolation=settings.isolation.level,
        mechanisms=list(settings.isolation.mechanisms),
    )


def grade(submission: Submission, settings: Settings) -> Graded:
    """Grade one submission. Never raises for anything that is in it."""
    by, banks = graded_by(settings), settings.banks
    if submission.problem is not None or submission.assignment is None:
        reason = submission.problem or "it holds no exercise of any assignment"
        return Graded(failure(submission, by, "unreadable", reason, banks=banks))
    if submission.incomplete is not None:
        reason = f"the functions are not attached: the notebook takes them from {submission.incomplete}, hand in both together"
        return Graded(failure(submission, by, "incomplete", reason, "the functions are not attached", banks))
    unit = catalogue(settings.banks).unit(submission.assignment)
    try:
        items, ran = _items(submission, unit, settings)
    except SubmissionError as error:
        return Graded(failure(submission, by, "unreadable", str(error), banks=banks))
    except GraderError as error:
        return Graded(_broken(submission, by, str(error), banks))
    except Exception as error:  # a fault of ours, which costs this submission a person and no other anything
        return Graded(_broken(submission, by, f"{type(error).__name__}: {error}", banks))
    notebook = NotebookResult(status=ran.status, cell=ran.cell, error=ran.error, seconds=round(ran.seconds, 3))
    nothing_left = ran.status in ("crashed", "timed_out") and all(i.status in ("crashed", "timed_out") for i in items)
    untouched = all(item.status in UNTOUCHED for item in items)
    result = Result(
        assignment=unit.name,
        submission=_info(submission),
        graded_by=by,
        notebook=notebook,
        score=rounded(sum(item.score for item in items)),
        max_score=unit.points,
        graded=not nothing_left,
        needs_person=any(item.status == "grader_error" for item in items),
        notes=[*submission.notes, *_failed_too(ran), *(["nothing_attempted"] if untouched else [])],
        items=items,
    )
    return Graded(result, ran.executed_text() if settings.executed else None)


def _failed_too(ran: NotebookRun) -> list[str]:
    """Name the cells that failed after the first, of many the first ``MOST_CELLS_NAMED``."""
    more = len(ran.later) - MOST_CELLS_NAMED
    return [f"failed too: cell {cell}: {error}" for cell, error in ran.later[:MOST_CELLS_NAMED]] + (
        [f"and {more} more cells failed"] if more > 0 else []
    )


def _items(submission: Submission, unit: Unit, settings: Settings) -> tuple[list[ItemResult], NotebookRun]:
    """Settle the marks of all exercises first, then explain them, while the submission's process still lives."""
    bench = bench_of(unit.name, settings.seed, settings.drawn, settings.banks)
    with Session(submission, settings.limits, settings.isolation, settings.seed, settings.packages) as session:
        judge = Judge(session, bench)
        judged: list[tuple[Exercise, tuple[Verdict, ...], ItemResult | None]] = []
        for exercise in unit.exercises:
            session.new_exercise()
            judged.append((exercise, *_judged(judge, exercise)))
        items = []
        told: dict[str, str] = {}
        for exercise, verdicts, broken in judged:
            session.new_exercise()
            again = _again(exercise, verdicts, told) if settings.diagnosed else None
            item = broken or again or _explained(exercise, verdicts, session, bench, settings)
            items.append(_with_fingerprint(item, judge, exercise))
        return (_with_reasons(items, submission, session.notebook) if settings.diagnosed else items), session.notebook


def _with_fingerprint(item: ItemResult, judge: Judge, exercise: Exercise) -> ItemResult:
    """Add the fingerprint of the answers that were judged; a fault of ours there costs no item anything."""
    try:
        found = judge.fingerprint(exercise)
    except Exception:  # it serves to find alike answers, and is no part of a verdict
        found = None
    return item if found is None else replace(item, fingerprint=found)


def _with_reasons(items: list[ItemResult], submission: Submission, ran: NotebookRun) -> list[ItemResult]:
    """Say of functions that are not there, or stubs, why: where the cells of the notebook show it."""
    if submission.notebook is None or all(item.status not in UNTOUCHED for item in items):
        return items
    failed = {
        **dict(ran.later),
        **({ran.cell: ran.error or ran.status} if ran.cell is not None and ran.status != "ok" else {}),
    }
    untouched = [item.exercise.rpartition(".")[2] for item in items if item.status in UNTOUCHED]
    found = reasons(submission.notebook, untouched, failed)

    def told(item: ItemResult) -> ItemResult:
        reason = found.get(item.exercise.rpartition(".")[2]) if item.status in UNTOUCHED else None
        if reason is None or item.message.startswith(UNEXPLAINED):
            return item
        said = shown_text(reason)
        checks = [replace(check, message=said) if check.status in UNTOUCHED else check for check in item.checks]
        return replace(item, message=said, checks=checks)

    return [told(item) for item in items]


def _judged(judge: Judge, exercise: Exercise) -> tuple[tuple[Verdict, ...], ItemResult | None]:
    """Judge an exercise; where the grader fails, the item is made at once: a fault of ours never reads as a zero."""
    try:
        return judge.verdicts(exercise), None
    except Exception as error:  # whatever it is, it costs this item only
        message = f"{FAILED} here ({type(error).__name__}: {error}): this item needs a person"
        return (), _all_alike(exercise, "grader_error", message)


def _explained(
    exercise: Exercise, verdicts: tuple[Verdict, ...], answers: Answers, bench: Bench, settings: Settings
) -> ItemResult:
    """Make the item of settled verdicts with their explanations; whatever goes wrong here costs the words and nothing else."""
    if not settings.diagnosed:
        return item_of(exercise, verdicts)
    try:
        if all(v.status in UNTOUCHED and isinstance(v.fact, Untried) for v in verdicts):
            return _untouched(exercise.name, verdicts, settings.banks)
        return item_of(exercise, verdicts, explain(exercise, verdicts, answers, bench))
    except Exception as error:  # a fault of ours, or a kernel that is not to be had again
        message = f"{UNEXPLAINED}: the diagnosis failed here ({type(error).__name__}: {error})"
        said = [Explanation() if v.status == "passed" else Explanation(message) for v in verdicts]
        return item_of(exercise, verdicts, said)


def _again(exercise: Exercise, verdicts: tuple[Verdict, ...], told: dict[str, str]) -> ItemResult | None:
    """Make the item of an exercise whose module could not be imported, where that was told already; ``told`` says of which."""
    replies = [v.fact.failure.reply for v in verdicts if isinstance(v.fact, Unanswered)]
    module = next((reply.importing for reply in replies if isinstance(reply, Raised) and reply.importing), None)
    if module is None or told.setdefault(module, exercise.function) == exercise.function:
        return None
    said = Explanation(f"{module} could not be imported: see {told[module]}")
    return item_of(exercise, verdicts, [Explanation() if v.status == "passed" else said for v in verdicts])


@lru_cache(maxsize=1024)
def _untouched(name: str, verdicts: tuple[Verdict, ...], banks: tuple[Path, ...]) -> ItemResult:
    """Return the result of an exercise for which nothing was written: made once, and kept once, for a whole class."""
    exercise = catalogue(banks).exercise(name)
    return item_of(exercise, verdicts, explain_untried(exercise, verdicts))


def _all_alike(exercise: Exercise, status: VerdictStatus, message: str) -> ItemResult:
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
) -> Result:
    """Make the result of a submission that could not be graded at all: every item skipped, and why."""
    exercises = catalogue(banks).unit(submission.assignment).exercises if submission.assignment else ()
    return Result(
        assignment=submission.assignment,
        submission=_info(submission),
        graded_by=by,
        notebook=NotebookResult(status=status, error=shown_text(reason)),
        score=0.0,
        max_score=sum(exercise.points for exercise in exercises),
        graded=False,
        notes=list(submission.notes),
        items=[_all_alike(exercise, "skipped", of_each) for exercise in exercises],
    )


def lost(submission: Submission, settings: Settings) -> Graded:
    """Make the result of a submission on which the grader's own process died."""
    reason = "the grader's own process died on this submission: it needs a person"
    return Graded(
        replace(failure(submission, graded_by(settings), "crashed", reason, banks=settings.banks), needs_person=True)
    )


def _broken(submission: Submission, by: GradedBy, reason: str, banks: tuple[Path, ...]) -> Result:
    """Make the result of a submission on which the grader broke: nothing is said about the student."""
    assert submission.assignment is not None
    exercises = catalogue(banks).unit(submission.assignment).exercises
    items = [_all_alike(exercise, "grader_error", f"{FAILED}: {reason}") for exercise in exercises]
    return replace(failure(submission, by, "crashed", reason, banks=banks), needs_person=True, items=items)


def _info(submission: Submission) -> SubmissionInfo:
    return SubmissionInfo(id=shown_text(submission.id), source=shown_text(submission.source), sha256=submission.sha256)
