"""One submission, from start to end: run its notebook, put the questions, settle the marks, explain them, write the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from grader.bank import Whose, catalogue, unit_for
from grader.diagnosis import Explanation, explain, explain_untried
from grader.errors import GraderError, SubmissionError
from grader.grading.failures import FAILED, all_alike, broken, failure, info
from grader.grading.fits import fitting
from grader.grading.settings import Settings, bank_digest, graded_by
from grader.items import item_of, rounded, shown_text
from grader.judging import Answers, Bench, Exercise, Judge, Raised, Unanswered, Unit, Untried, VariantBench, Verdict
from grader.result import ItemResult, NotebookResult, Result
from grader.runtime import NotebookRun, Session
from grader.submission import Submission, reasons

__all__ = [
    "LOST", "UNEXPLAINED", "Graded", "Known", "Ran", "Settings", "bank_digest", "failure", "grade", "graded_by", "lost"
]  # fmt: skip

UNTOUCHED = {"missing", "not_attempted"}
LOST = {"crashed", "timed_out"}
MOST_CELLS_NAMED = 20
UNEXPLAINED = "no explanation could be had"


@dataclass(frozen=True)
class Ran:
    """The outcome of a notebook as a result tells it, with the notes on cells that failed after the first."""

    notebook: NotebookResult
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """The items of a submission from an earlier grading under the same settings, and how its notebook ran."""

    items: Mapping[str, ItemResult] = field(default_factory=dict)
    ran: Ran | None = None


@dataclass(frozen=True)
class Graded:
    """A result, and the notebook as it was executed (its JSON text), if it got so far.

    ``ran`` and ``fresh``, the items that were made now and not known before, are of a submission that was executed.
    """

    result: Result
    executed: str | None = None
    ran: Ran | None = None
    fresh: tuple[ItemResult, ...] = ()


@lru_cache(maxsize=8)
def bench_of(unit: str, seed: int, drawn: int, banks: tuple[Path, ...] = ()) -> Bench:
    """Return the workbench of an assignment, made once in a process."""
    return Bench(catalogue(banks).unit(unit).exercises, seed=seed, drawn=drawn)


def bench_for(unit: Unit, settings: Settings) -> Bench:
    """Return the workbench of a unit: the one that all share, and beside it what is one student's own."""
    shared = bench_of(unit.name, settings.seed, settings.drawn, settings.banks)
    return VariantBench(shared, unit.exercises) if any(e.is_of_one_student for e in unit.exercises) else shared


def grade(
    submission: Submission, settings: Settings, asked: frozenset[str] | None = None, known: Known | None = None
) -> Graded:
    """Grade one submission. Never raises for anything that is in it.

    Args:
        submission: what was handed in for one unit.
        settings: of the run.
        asked: the exercises that are wanted, by full name; None for all of the unit.
        known: what need not be graded again; if nothing else is wanted, nothing is executed.

    """
    by, banks = graded_by(settings), settings.banks
    asked = submission.asked if asked is None else asked
    if submission.problem is not None or submission.assignment is None:
        reason = submission.problem or "it holds no exercise of any assignment"
        return Graded(failure(submission, by, "unreadable", reason, banks=banks, asked=asked))
    if submission.incomplete is not None:
        reason = f"the functions are not attached: the notebook takes them from {submission.incomplete}, hand in both together"
        of_each = "the functions are not attached"
        return Graded(failure(submission, by, "incomplete", reason, of_each, banks, asked))
    unit = unit_for(submission.assignment, Whose(submission.student, settings.variants), settings.banks)
    wanted = [exercise for exercise in unit.exercises if asked is None or exercise.name in asked]
    known = known or Known()
    executed, fresh = None, tuple[ItemResult, ...]()
    try:
        if known.ran is not None and all(exercise.name in known.items for exercise in wanted):
            told, items = known.ran, [known.items[exercise.name] for exercise in wanted]
        else:
            made, ran = _items(submission, unit, settings, [e for e in wanted if e.name not in known.items])
            by_name = {**known.items, **{item.exercise: item for item in made}}
            items = [by_name[exercise.name] for exercise in wanted]
            told, fresh = _told(ran), tuple(made)
            executed = ran.executed_text() if settings.executed else None
    except SubmissionError as error:
        return Graded(failure(submission, by, "unreadable", str(error), banks=banks, asked=asked))
    except GraderError as error:
        return Graded(broken(submission, by, str(error), banks, asked))
    except Exception as error:  # a fault of ours, which costs this submission a person and no other anything
        return Graded(broken(submission, by, f"{type(error).__name__}: {error}", banks, asked))
    nothing_left = told.notebook.status in LOST and all(item.status in LOST for item in items)
    untouched = all(item.status in UNTOUCHED for item in items)
    result = Result(
        assignment=unit.name,
        submission=info(submission),
        graded_by=by,
        notebook=told.notebook,
        score=rounded(sum(item.score for item in items)),
        max_score=unit.points if len(wanted) == len(unit.exercises) else sum(e.points for e in wanted),
        graded=not nothing_left,
        needs_person=any(item.status == "grader_error" for item in items),
        notes=[
            *submission.notes,
            *_of_nobody(submission, unit, settings),
            *told.notes,
            *(["nothing_attempted"] if untouched else []),
        ],
        paper=shown_text(submission.paper),
        items=items,
    )
    return Graded(result, executed, told, fresh)


def _of_nobody(submission: Submission, unit: Unit, settings: Settings) -> list[str]:
    """Note that a submission was graded by variants of nobody who takes part: its name is no id, or the id was mistyped."""
    if not settings.roster or submission.student in settings.roster or not any(e.values for e in unit.exercises):
        return []
    return [shown_text(f"graded by the variants of {submission.student!r}, an id that is not in the roster")]


def _told(ran: NotebookRun) -> Ran:
    seconds = round(ran.seconds, 3)
    notebook = NotebookResult(status=ran.status, cell=ran.cell, error=ran.error, seconds=seconds)
    return Ran(notebook, tuple(_failed_too(ran)))


def _failed_too(ran: NotebookRun) -> list[str]:
    """Name the cells that failed after the first, of many the first ``MOST_CELLS_NAMED``."""
    more = len(ran.later) - MOST_CELLS_NAMED
    return [f"failed too: cell {cell}: {error}" for cell, error in ran.later[:MOST_CELLS_NAMED]] + (
        [f"and {more} more cells failed"] if more > 0 else []
    )


def _items(
    submission: Submission, unit: Unit, settings: Settings, wanted: Sequence[Exercise]
) -> tuple[list[ItemResult], NotebookRun]:
    """Settle the marks of the exercises first, then explain them, while the submission's process still lives.

    Some of a unit's exercises get the items that they would get among all of them. Where one may depend on the others (a time
    that ran out, a process that died, a module that was told of once) all are graded, and all are returned.
    """
    bench = bench_for(unit, settings)
    with Session(submission, settings.limits, settings.isolation, settings.seed, settings.packages) as session:
        judge = Judge(session, bench)
        judged: list[tuple[Exercise, tuple[Verdict, ...], ItemResult | None]] = []
        for exercise in _with_pairs(unit, wanted):
            session.new_exercise()
            judged.append((exercise, *_judged(judge, exercise)))
        if len(wanted) == len(unit.exercises) or not _disturbed(judged, session.notebook):
            items = []
            told: dict[str, str] = {}
            names = {exercise.name for exercise in wanted}
            for exercise, verdicts, failed in judged:
                if exercise.name not in names:
                    continue
                session.new_exercise()
                again = _again(exercise, verdicts, told) if settings.diagnosed else None
                item = failed or again or _explained(exercise, verdicts, session, bench, settings)
                item = _with_fit(_with_fingerprint(item, judge, exercise), exercise, submission, session, settings)
                items.append(item)
            ran = session.notebook
            return (_with_reasons(items, submission, ran) if settings.diagnosed else items), ran
    return _items(submission, unit, settings, unit.exercises)


def _with_pairs(unit: Unit, wanted: Sequence[Exercise]) -> list[Exercise]:
    """Return exercises with the forward passes of backward passes among them, in the order of the unit."""
    names = {e.name for e in wanted} | {f"{unit.name}.{e.pair}" for e in wanted if e.pair}
    return [exercise for exercise in unit.exercises if exercise.name in names]


def _disturbed(judged: Sequence[tuple[Exercise, tuple[Verdict, ...], ItemResult | None]], ran: NotebookRun) -> bool:
    """Return True if an exercise may have been judged, or is told, otherwise than among all exercises of the unit."""
    verdicts = [verdict for _, of_one, _ in judged for verdict in of_one]
    replies = [v.fact.failure.reply for v in verdicts if isinstance(v.fact, Unanswered)]
    return (
        ran.status in LOST
        or any(v.status in LOST for v in verdicts)
        or any(isinstance(reply, Raised) and reply.importing for reply in replies)
        or any(failed is not None for _, _, failed in judged)
    )


def _with_fingerprint(item: ItemResult, judge: Judge, exercise: Exercise) -> ItemResult:
    """Add the fingerprint of the answers that were judged; a fault of ours there costs no item anything."""
    try:
        found = judge.fingerprint(exercise)
    except Exception:  # it serves to find alike answers, and is no part of a verdict
        found = None
    return item if found is None else replace(item, fingerprint=found)


def _with_fit(
    item: ItemResult, exercise: Exercise, submission: Submission, answers: Answers, settings: Settings
) -> ItemResult:
    """Add whose variant a wrong answer fits; a fault of ours there costs no item anything."""
    if not exercise.values or item.status not in ("wrong", "partial", "raised"):
        return item
    try:
        shared = bench_of(exercise.unit, settings.seed, settings.drawn, settings.banks)
        return replace(item, fits=shown_text(fitting(exercise, submission.student, answers, shared, settings)))
    except Exception:  # it is for the person who grades, and no part of a verdict
        return item


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
        return (), all_alike(exercise, "grader_error", message)


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


def lost(submission: Submission, settings: Settings, asked: frozenset[str] | None = None) -> Graded:
    """Make the result of a submission on which the grader's own process died."""
    reason = "the grader's own process died on this submission: it needs a person"
    result = failure(submission, graded_by(settings), "crashed", reason, banks=settings.banks, asked=asked)
    return Graded(replace(result, needs_person=True))
