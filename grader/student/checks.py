"""The public checks: of each exercise the verdicts, and what explains them, on the student's own machine.

Needs numpy and the standard library. The public data stand in for the model answers, and a gradient is held against the slope of
the student's own forward pass. One engine for the notebook (``notebook``) and the terminal (``terminal``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from grader.diagnosis import Explanation, explain
from grader.errors import GradmarkError
from grader.items import item_of
from grader.judging import Case, Exercise, Inconstant, Judge, Rejected, Unanswered, Verdict, WrongForm
from grader.result import CheckResult, ItemResult
from grader.student.answers import LocalAnswers
from grader.student.public import public_unit
from grader.student.stops import failed
from grader.student.work import Work, is_stub, untouched

__all__ = ["CALM", "Checked", "checked", "first_sentence"]

SENTENCES = re.compile(r"(?<=[.:?!])\s+(?=[A-Z\"'(`0-9])")


CALM: Final = ("passed", "skipped", "not_attempted", "missing")
"""The states of an exercise that ask for nothing, in the order in which they are listed."""


@dataclass(frozen=True)
class Checked:
    """The outcome of the public checks of one exercise.

    Args:
        exercise: what was checked.
        item: the verdicts in words, as a grader gives them; of an exercise of which nothing is public its state alone.
        explanations: of the public checks, in their order; with the whole texts of their diagnoses.
        later: the number of further checks, which run at grading.
        note: a sentence on what was checked, if it is not plain.
        wrong: the worked examples at which what was written is wrong, as far as single ones tell.

    """

    exercise: Exercise
    item: ItemResult
    explanations: tuple[Explanation, ...]
    later: int
    note: str = ""
    wrong: tuple[Case, ...] = ()

    @property
    def at_fault(self) -> bool:
        """Return True if something that was written is wrong; what is not written yet, or not checked here, is not."""
        return self.item.status not in CALM


def checked(exercise: Exercise, work: Work) -> Checked:
    """Judge the public checks of an exercise, and explain their verdicts.

    A fault of the checker is a state of the exercise too: it costs the others nothing, and is none of the student's.
    """
    later = sum(check.visibility != "public" for check in exercise.checks)
    try:
        return _judged(exercise, work, later)
    except GradmarkError:
        raise
    except Exception as error:
        return Checked(exercise, _all_alike(exercise, "grader_error", failed(error)), (), later)


def _judged(exercise: Exercise, work: Work, later: int) -> Checked:
    fault = work.module.fault if work.module is not None else ""
    if fault and not callable(work.functions.get(exercise.function)):
        return Checked(exercise, _all_alike(exercise, "raised", fault), (), later)
    given = public_unit(exercise.unit)
    body = given.exercises[exercise.name].planted
    unwritten = untouched({exercise.function: body}, work.functions)
    pair = work.functions.get(exercise.pair) if exercise.pair is not None else None
    if exercise.pair is not None and callable(pair) and is_stub(pair):
        unwritten |= {exercise.pair}  # that it is not written yet is no fault of the backward pass
    answers = LocalAnswers(work.functions, untouched=unwritten)
    of_its_pair = _of_its_pair(exercise, work)
    note = _older(exercise, work) or of_its_pair
    if all(check.visibility != "public" for check in exercise.checks):
        return Checked(exercise, _handed_in(exercise, work, answers), (), later, note)
    verdicts = [v for v in Judge(answers, given.bench).verdicts(exercise) if v.check.visibility == "public"]
    said = explain(exercise, verdicts, answers, given.bench)
    if of_its_pair:  # what is the slope of a wrong forward pass is drawn as no right gradient
        said = tuple(e if e.shown is None else replace(e, shown=replace(e.shown, step_sizes={})) for e in said)
    item = item_of(exercise, verdicts, [_short(e) for e in said])
    if unread := _illegible(verdicts, said):
        item = replace(item, message=unread)
    return Checked(exercise, item, said, later, note, tuple(_wrong_cases(verdicts)))


def _wrong_cases(verdicts: Sequence[Verdict]) -> Iterator[Case]:
    """Yield the worked examples that come out wrong: of the first output that is, where single outputs are told apart."""
    facts = [verdict.fact for verdict in verdicts]
    rejected = [fact for fact in facts if isinstance(fact, Rejected)]
    for fact in rejected[:1]:
        yield from (t.case for t in fact.trials if t.failure is None and not t.matches[fact.output].ok)
    for other in facts if not rejected else ():
        if isinstance(other, Unanswered | WrongForm | Inconstant) and other.case is not None:
            yield other.case


def first_sentence(text: str) -> str:
    """Return the first sentence of a text: of a mistake's the symptom, which a question about the concept may follow."""
    first = SENTENCES.split(text, maxsplit=1)[0]
    return f"{first[:-1]}." if first.endswith(":") else first


def _short(explanation: Explanation) -> Explanation:
    if explanation.diagnosis is None:
        return explanation
    return replace(
        explanation, diagnosis=replace(explanation.diagnosis, text=first_sentence(explanation.diagnosis.text))
    )


def _handed_in(exercise: Exercise, work: Work, answers: LocalAnswers) -> ItemResult:
    """Return the state of an exercise of which nothing is checked here."""
    function: Any = work.functions.get(exercise.function)
    if not callable(function):
        return _unwritten(exercise, "missing", f"there is no function {exercise.function}")
    if is_stub(function) or answers.attempt(exercise.target) == "not_attempted":
        return _unwritten(exercise, "not_attempted", "not attempted")
    return _unwritten(exercise, "skipped", "it is written; what it is worth is seen at grading alone")


def _all_alike(exercise: Exercise, status: Any, message: str) -> ItemResult:
    """Return the result of an exercise whose checks all fail for one reason, as a module that cannot be imported."""
    checks = [
        CheckResult(
            name=c.name, kind=c.kind, visibility="public", status=status, score=0.0, max_score=c.points, message=message
        )
        for c in exercise.checks
        if c.visibility == "public"
    ]
    return replace(_unwritten(exercise, status, message), checks=checks)


def _unwritten(exercise: Exercise, status: Any, message: str) -> ItemResult:
    return ItemResult(exercise=exercise.name, status=status, score=0.0, max_score=exercise.points, message=message)


def _illegible(verdicts: Sequence[Verdict], said: Sequence[Explanation]) -> str:
    """Return why a text could not be read, with the place; empty if that is not what happened."""
    pairs = zip(verdicts, said, strict=True)
    return next((e.message for v, e in pairs if v.status == "not_attempted" and isinstance(v.fact, Unanswered)), "")


def _of_its_pair(exercise: Exercise, work: Work) -> str:
    """Return what to know of a backward pass whose forward pass is not right yet; empty for everything else."""
    if exercise.pair is None:
        return ""
    pair = public_unit(exercise.unit).exercises[f"{exercise.unit}.{exercise.pair}"].exercise
    if not checked(pair, work).at_fault:
        return ""
    return (
        f"{exercise.pair} does not pass its own public checks: mend it first. At grading a backward pass that is right for a wrong "
        "forward pass can keep its points."
    )


def _older(exercise: Exercise, work: Work) -> str:
    if exercise.function not in work.older:
        return ""
    if work.module is None:
        return (
            f"There is no exercises/{exercise.unit}.py any more: was it moved or renamed? The copy of {exercise.function} that the "
            "notebook still has does not count."
        )
    return (
        f"This is about {exercise.function} as it stands in exercises/{exercise.unit}.py. The notebook still has another copy: "
        "restart the kernel, and its other cells use the new one too."
    )
