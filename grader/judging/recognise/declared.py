"""Declared mistakes: wrong answers that the bank holds as code, recognised by what they return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.judging.asking import Trial
from grader.judging.cases import Bench
from grader.judging.declare import Exercise, Finding, Mistake
from grader.judging.numerics import Expected, Print, compare
from grader.judging.recognise.evidence import EXACT, WITNESSES, close, floats

__all__ = ["declared_mistake"]


def declared_mistake(
    exercise: Exercise, output: int, trials: Sequence[Trial], bench: Bench, *, whole: bool = False
) -> Mistake | None:
    """Return the first declared mistake that gives one output as it came back, on every case.

    Of several, one that gives all outputs comes first: what the others say may be false of the other outputs. With ``whole``
    none but such a one is returned.
    """
    found = [m for m in exercise.mistakes if _makes(exercise, output, trials, bench, m)]
    others = [other for other in range(len(exercise.outputs)) if other != output]
    for mistake in found if whole or len(found) > 1 else ():
        if all(_makes(exercise, other, trials, bench, mistake, alone=False) for other in others):
            return mistake
    return found[0] if found and not whole else None


def _makes(
    exercise: Exercise, output: int, trials: Sequence[Trial], bench: Bench, mistake: Mistake, alone: bool = True
) -> bool:
    """Return True if a mistake gives an output as it came back; ``alone``: and that is told from the right one by some case."""
    told_apart = witnesses = 0
    for trial in trials:
        outputs = bench.wrong_answer(exercise, mistake.name, mistake.answer, trial.case)
        if trial.failure is not None or outputs is None:
            if (trial.failure is None) != (outputs is not None):
                return False
            continue
        assert trial.case.expected is not None
        if len(outputs) != len(exercise.outputs):
            continue
        expected, got, wrong = trial.case.expected[output], trial.outputs[output], outputs[output]
        if isinstance(expected.value, Finding):
            # One missed goal is alike for many reasons: it is this mistake only if all that was found is the same.
            if tuple(trial.outputs) != tuple(outputs):
                return False
            witnesses, told_apart = WITNESSES, 1
            continue
        if not isinstance(expected.value, np.ndarray):
            if not _plainly_equal(got, wrong):
                return False
            witnesses, told_apart = WITNESSES, 1
            continue
        if isinstance(wrong, Print):
            came = floats(got)  # None of rows of several lengths, too
            slack = expected.allowed if came is not None and came.shape == expected.value.shape else 0.0
            if came is None or not wrong.fits(came, expected.value, slack):
                return False
            witnesses += 1
            told_apart += not wrong.fits(expected.value, expected.value, expected.allowed)
            continue
        came, mistaken = floats(got), floats(wrong)
        if came is None or mistaken is None:
            return False
        slack = expected.allowed if came.shape == expected.value.shape == mistaken.shape else 0.0
        if not close(came, mistaken, slack):
            return False
        witnesses += 1
        told_apart += not close(np.asarray(expected.value), mistaken, slack)
    return witnesses >= min(WITNESSES, len(trials)) and (told_apart >= 1 or not alone)


def _plainly_equal(got: Any, wrong: Any) -> bool:
    return compare(got, Expected(wrong), relative=EXACT).ok
