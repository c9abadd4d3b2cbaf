"""Explanations of verdicts: which fact to tell, in which words and with which counterexample. Marks are settled before."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from grader.diagnosis.choice import diagnosed, failing_where
from grader.diagnosis.counterexample import Shown, example_of, simplest_trial, slope_entry
from grader.diagnosis.reach import Reach, reach_of
from grader.diagnosis.wording import (
    at_case,
    failure_sentence,
    inconstant_sentence,
    number,
    picture_words,
    untried_sentence,
    wrong_sentence,
)
from grader.judging import (
    Answers,
    Bench,
    BreaksLaw,
    Exercise,
    Inconstant,
    Loops,
    NoSlope,
    OffSlope,
    Raised,
    Rejected,
    Unanswered,
    Untried,
    Verdict,
    WrongForm,
    parting,
    picture_of,
    seen_of,
)
from grader.result import Diagnosis

__all__ = ["Explanation", "explain", "explain_untried"]

TELL_THE_STEP = ("first_step", "later_steps", "not_finite_from_step")
"""Facts that say from which step on a path is wrong."""


@dataclass(frozen=True)
class Explanation:
    """The words for one verdict: a message, an input that shows the fault, what explains it, and how far the fault reaches."""

    message: str = ""
    shown: Shown | None = None
    diagnosis: Diagnosis | None = None
    reach: Reach | None = None


@np.errstate(all="ignore")  # a student's numbers may be too large for ours
def explain(exercise: Exercise, verdicts: Sequence[Verdict], answers: Answers, bench: Bench) -> tuple[Explanation, ...]:
    """Explain the verdicts of an exercise, one for one; a check that passed needs no words.

    Args:
        exercise: what was asked.
        verdicts: what was decided; nothing here changes them.
        answers: asked once more where a simpler input, or another experiment, tells more.
        bench: the cases and what the declared mistakes answer.

    """

    @cache
    def diagnosis_of(output: int | None) -> Diagnosis | None:
        """Diagnose an output once, or (None) in which cases the function fails: each check of it has the same reason."""
        if output is None:
            failing = [v.fact for v in verdicts if isinstance(v.fact, Unanswered) and v.fact.trials]
            return failing_where(exercise, failing[0], answers, bench) if failing else None
        facts = [v.fact for v in verdicts if isinstance(v.fact, Rejected) and v.fact.output == output]
        facts = facts or [replace(v.fact, output=output) for v in verdicts if isinstance(v.fact, Rejected)]
        return diagnosed(exercise, max(facts, key=lambda fact: len(fact.trials)), answers, bench)

    @cache
    def reach_to(output: int) -> Reach:
        return reach_of(exercise, verdicts, output, bench)

    told = [_explained(exercise, verdict, verdicts, answers, bench, diagnosis_of, reach_to) for verdict in verdicts]
    if any(isinstance(verdict.fact, Inconstant) for verdict in verdicts):
        # An answer that depends on what was asked before bears out nothing else.
        told = [
            e if isinstance(v.fact, Inconstant) else replace(e, diagnosis=None)
            for v, e in zip(verdicts, told, strict=True)
        ]
    return tuple(told)


def explain_untried(exercise: Exercise, verdicts: Sequence[Verdict]) -> tuple[Explanation, ...]:
    """Explain the verdicts of an exercise for which nothing was written: nobody needs to be asked."""
    reasons = [verdict.fact.reason for verdict in verdicts if isinstance(verdict.fact, Untried)]
    return tuple(Explanation(untried_sentence(exercise, reason)) for reason in reasons)


def _explained(
    exercise: Exercise,
    verdict: Verdict,
    verdicts: Sequence[Verdict],
    answers: Answers,
    bench: Bench,
    diagnosis_of: Callable[[int | None], Diagnosis | None],
    reach_to: Callable[[int], Reach],
) -> Explanation:
    match verdict.fact:
        case Untried(reason):
            return Explanation(untried_sentence(exercise, reason))
        case Unanswered(case, failure):
            said = failure_sentence(exercise, case, failure)
            if isinstance(failure.reply, Raised) and failure.reply.importing:
                return Explanation(said)
            return Explanation(said, Shown(inputs=dict(case.inputs)), diagnosis_of(None))
        case Inconstant(case, after):
            return _inconstant(verdict, inconstant_sentence(exercise, case, after))
        case Rejected() as fact:
            reach = reach_to(fact.output)
            if verdict.check.kind == "example" and (telling := _most_telling(fact, diagnosis_of)) is not fact:
                fact, name = telling, exercise.outputs[telling.output]
                reach = replace(reach, wrong=(name, *(other for other in reach.wrong if other != name)))
            others = {exercise.outputs[v.fact.output] for v in verdicts if isinstance(v.fact, Rejected)}
            return _rejected(exercise, fact, answers, bench, diagnosis_of(fact.output), reach, others)
        case WrongForm(output, message, case):
            return Explanation(f"{output}: {message}" + (f" ({at_case(case)})" if case is not None else ""))
        case OffSlope() as fact:
            trials = (t for v in verdicts if isinstance(v.fact, Rejected) for t in v.fact.trials)
            function_wrong = any(t.failure is None and not t.matches[0].ok for t in trials)
            return _off_slope(exercise, fact, answers, by_step=exercise.pair is not None or not function_wrong)
        case NoSlope(why):
            return Explanation(_no_slope(exercise, why))
        case Loops(what, function, line):
            here = f"line {line} of {function}"
            return Explanation(f"{exercise.function} is to work without loops: {here} has {what}")
        case BreaksLaw(case):
            return Explanation(f"it does not hold that {verdict.check.describe} ({at_case(case)})")
    return Explanation()


def _most_telling(fact: Rejected, diagnosis_of: Callable[[int | None], Diagnosis | None]) -> Rejected:
    """Return what a check of all outputs is to tell: the first wrong one, or where nothing is known of it another one's fault.

    A fault in one gate makes all of dx wrong, and shows its place in the gradients of the weights.
    """
    if fact.worst.case.exercise.variants or diagnosis_of(fact.output) is not None:
        return fact
    matches = enumerate(fact.worst.matches)
    others = (other for other, match in matches if other != fact.output and not match.ok)
    return next((replace(fact, output=other) for other in others if diagnosis_of(other) is not None), fact)


def _inconstant(verdict: Verdict, said: str) -> Explanation:
    return Explanation(
        said, diagnosis=_exact("keeps_state", said) if verdict.check.kind in ("value", "example") else None
    )


def _no_slope(exercise: Exercise, why: str) -> str:
    if why == "model":
        return f"it is not the slope of {exercise.pair or exercise.outputs[0]}"
    what = exercise.pair or exercise.outputs[0]
    if why == "unknown":
        return f"it seems to fit your {what}, which is wrong in a way that nobody knows here: it counts only if a person says so"
    return f"{what} does not change with its input, or hands it back: there is no slope to agree with"


def _off_slope(exercise: Exercise, fact: OffSlope, answers: Answers, *, by_step: bool) -> Explanation:
    """Say which entry of a gradient is off, and by how much; ``by_step``: with the errors by step size.

    Beside a function that is wrong itself these would draw as right what is no right gradient.
    """
    what = f"the slope of {exercise.pair}" if exercise.pair else f"the slope of your {exercise.outputs[0]}"
    shown = slope_entry(exercise, fact, answers, by_step=by_step)
    if shown is None:
        return Explanation(f"{fact.output} is not {what}")
    worst = shown.worst
    place = f"{fact.output}[{', '.join(map(str, worst['index']))}]" if worst["index"] else fact.output
    return Explanation(f"{place} is {number(worst['got'])}, {what} there is {number(worst['expected'])}", shown)


def _rejected(
    exercise: Exercise,
    fact: Rejected,
    answers: Answers,
    bench: Bench,
    diagnosis: Diagnosis | None,
    reach: Reach,
    others: Container[str],
) -> Explanation:
    """Say what is wrong with an output; ``others`` are all that are rejected by some check, each with a message of its own."""
    trial = simplest_trial(exercise, fact, answers, bench) or fact.worst
    output = exercise.outputs[fact.output]
    shown = example_of(exercise, trial, fact.output)
    told = diagnosis is not None and diagnosis.mistake in TELL_THE_STEP
    of_a_path = replace(reach, parting=None) if told else reach
    here = None if told else parting(list(seen_of(fact.output, [trial])))
    picture = picture_of(trial.case, answers, bench)
    beside = of_a_path.words(output, here, outputs=picture is None)
    if picture is not None:
        beside = picture_words(picture, output) + beside
        if picture.wrong == output or picture.wrong not in others:  # once, with the step that is at fault
            shown = replace(shown, graph=picture)
    message = wrong_sentence(exercise, trial.case, fact.output, trial.matches[fact.output], beside)
    return Explanation(message, shown, diagnosis, reach)


def _exact(code: str, text: str) -> Diagnosis:
    return Diagnosis(mistake=code, text=text, certainty="exact")
