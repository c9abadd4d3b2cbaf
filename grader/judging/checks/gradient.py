"""The check ``gradient``: a gradient agrees with the slope of the student's own forward pass, or loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.judging.asking import Trial, replay
from grader.judging.cases import Case
from grader.judging.checks.facts import NoSlope, Unanswered, Untried, status_of
from grader.judging.checks.follow_through import FOLLOWED, NOT_PAID, fits_own_forward
from grader.judging.checks.hearing import Hearing
from grader.judging.checks.slope import CLOSE, Agreement, examine, gradients_of
from grader.judging.declare import Check, Verdict

__all__ = ["check_gradient"]


def check_gradient(hearing: Hearing, check: Check, found: Mapping[str, Verdict]) -> Verdict:
    """Hold gradients against the slopes of the model answer, or of the student's own wrong forward pass where that is known."""
    exercise = hearing.exercise
    asked = (check.output,) if check.output else gradients_of(exercise)
    values = [verdict for verdict in found.values() if verdict.check.kind == "value"]
    about = [verdict for verdict in values if verdict.check.output is None or verdict.check.output in asked]
    if about and all(verdict.status == "passed" for verdict in about):
        return Verdict(check, "passed")
    if hearing.broken is not None and hearing.broken.failure is not None:
        failure = hearing.broken.failure
        return Verdict(check, status_of(failure), fact=Unanswered(hearing.broken.case, failure))
    if hearing.documented:
        if about:
            return Verdict(check, "wrong", fact=NoSlope("model"))
        if hearing.answers.attempt(f"{exercise.unit}.{exercise.pair}") != "attempted":
            return Verdict(check, "skipped", fact=Untried("slope_needed"))
    if fits_own_forward(hearing, asked, found):
        return Verdict(check, "passed", (FOLLOWED,))
    if hearing.own is not None and hearing.own.standing == "model":  # so its slopes are the model's, and known
        right = all(_is_slope(trial, exercise.outputs.index(name)) for trial in hearing.trials for name in asked)
        return Verdict(check, "passed") if right else Verdict(check, "wrong", fact=NoSlope("model"))
    if hearing.slopes is None:
        hearing.slopes = examine(exercise, hearing.answers, hearing.bench.slopes(exercise))
    verdict = _verdict(hearing, check, _worst([hearing.slopes[name] for name in asked]))
    if hearing.bench.knows_answers:
        return Verdict(check, "wrong", (NOT_PAID,), NoSlope("unknown")) if verdict.status == "passed" else verdict
    return Verdict(check, "passed") if verdict.status != "passed" and _right_without(hearing, asked) else verdict


def _right_without(hearing: Hearing, asked: Sequence[str]) -> bool:
    """Return True if gradients are right at all worked examples, and the student's own function is wrong at one of them.

    At grading these are right by their values; there is no blame in that they are no slopes of a function that is wrong.
    """
    exercise, trials = hearing.exercise, hearing.trials
    places = [exercise.outputs.index(name) for name in asked]
    if not trials or any(t.failure is not None or not all(t.matches[i].ok for i in places) for t in trials):
        return False
    if exercise.pair is None:
        return not all(trial.matches[0].ok for trial in trials)
    pair = hearing.bench.exercise(f"{exercise.unit}.{exercise.pair}")
    forward = replay(hearing.answers, hearing.bench.cases(pair)) if pair is not None else []
    return any(trial.failure is not None or not trial.matches[0].ok for trial in forward)


def _is_slope(trial: Trial, output: int) -> bool:
    """Return True if a gradient is the model's to as many digits as a numerical slope would tell."""
    if trial.failure is not None:
        return False
    match = trial.matches[output]
    if match.ok or match.got is None or trial.case.expected is None:
        return match.ok
    right, slack = np.asarray(trial.case.expected[output].value), trial.case.exercise.slack
    size = np.abs(right).max(initial=0.0) + (0.0 if slack is None else np.max(slack(trial.case.inputs), initial=0.0))
    return match.got.shape == right.shape and bool(np.all(np.abs(match.got - right) <= CLOSE * size))


def _worst(agreements: list[Agreement]) -> Agreement:
    return min(agreements, key=lambda a: (a.failure is None, a.agrees is not False, bool(a.agrees)))


def _verdict(hearing: Hearing, check: Check, worst: Agreement) -> Verdict:
    if worst.failure is not None:
        return Verdict(check, status_of(worst.failure), fact=Unanswered(_case_at(hearing, worst), worst.failure))
    if worst.agrees is None:
        return Verdict(check, "skipped", fact=Untried("slope_undecided"))
    if worst.agrees and not worst.depends:
        return Verdict(check, "wrong", fact=NoSlope("flat"))
    return Verdict(check, "passed" if worst.agrees else "wrong", fact=worst.fact)


def _case_at(hearing: Hearing, found: Agreement) -> Case:
    """Return the case with the inputs at which the slope could not be taken."""
    cases = [trial.case for trial in hearing.trials]
    same = (case for case in cases if case.inputs is found.inputs)
    return next(
        same, replace(cases[0], recipe=replace(cases[0].recipe, style="randn"), inputs=found.inputs, expected=None)
    )
