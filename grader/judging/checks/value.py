"""The check ``value``: each output agrees with the model answer, or with an accepted variant of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.judging.asking import Trial
from grader.judging.checks.facts import Rejected, Unanswered, status_of
from grader.judging.checks.hearing import Hearing
from grader.judging.declare import Check, Variant, Verdict
from grader.judging.numerics import Print, compare

__all__ = ["check_value", "is_variant"]


def check_value(hearing: Hearing, check: Check, found: Mapping[str, Verdict]) -> Verdict:
    """Hold the outputs of a check against the right ones; wrong too is an answer that changes when it is asked for again."""
    exercise = hearing.exercise
    notes: list[str] = []
    for name in [check.output] if check.output else exercise.outputs:
        verdict = _check_output(hearing, check, exercise.outputs.index(name))
        notes += [note for note in verdict.notes if note not in notes]
        if verdict.status != "passed":
            return _by_state(hearing, verdict) or verdict
    if hearing.inconstant:
        return Verdict(check, "wrong", fact=hearing.inconstant)
    return Verdict(check, "passed", tuple(notes))


def _by_state(hearing: Hearing, verdict: Verdict) -> Verdict | None:
    """Return the verdict on a function that keeps something between calls, where an answer in the right form is wrong."""
    fact = verdict.fact
    of_its_value = isinstance(fact, Rejected) and fact.worst.matches[fact.output].problem in ("value", "nonfinite")
    return Verdict(verdict.check, "wrong", fact=hearing.inconstant) if hearing.inconstant and of_its_value else None


def _check_output(hearing: Hearing, check: Check, output: int) -> Verdict:
    notes: list[str] = []
    wrong: Trial | None = None
    for trial in hearing.trials:
        if trial.failure is not None:
            if wrong is None:
                fact = Unanswered(trial.case, trial.failure, hearing.trials, hearing.documented)
                return Verdict(check, status_of(trial.failure), fact=fact)
            continue
        found = trial.matches[output]
        notes += [note for note in found.notes if note not in notes]
        if not found.ok and wrong is None:
            wrong = trial
    if wrong is None:
        return Verdict(check, "passed", tuple(notes))
    for variant in hearing.exercise.variants:
        if is_variant(hearing, variant, output, hearing.trials):
            return Verdict(check, "passed", (*notes, variant.note))
    rejected = Rejected(output, wrong, hearing.trials, hearing.documented, fresh=True)
    return Verdict(check, "wrong", fact=rejected)


def is_variant(hearing: Hearing, variant: Variant, output: int, trials: Sequence[Trial]) -> bool:
    """Return True if an accepted variant gives the answers that came back, on every case."""
    return all(_gives(hearing, variant, output, trial) for trial in trials)


def _gives(hearing: Hearing, variant: Variant, output: int, trial: Trial) -> bool:
    outputs: Any = hearing.bench.wrong_answer(hearing.exercise, variant.name, variant.answer, trial.case)
    if trial.failure is not None or outputs is None or trial.case.expected is None:
        return False
    expected = trial.case.expected[output]
    if isinstance(outputs[output], Print):
        got = trial.matches[output].got
        return got is not None and outputs[output].fits(got, expected.value, expected.allowed)
    accepted = type(expected)(np.asarray(outputs[output], dtype=np.float64), expected.bound)
    return compare(trial.outputs[output], accepted).ok
