"""Why an answer is wrong: a claim is made only if it reproduces what the student's code returned on every case.

Declared mistakes come first, since their text was written by someone who teaches; then algebra that needs no
declaration: shapes, constant factors matched to the sizes of the batch, a missing or extra factor, the upstream
gradient ignored, overflow in one regime, ties. Where nothing explains the answer to 1e-9, nothing is claimed.
The text names the place, the symptom and the concept, never the fix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking.trials import Failure, RemoteAsk, Trial, run
from grader.judging.cases.bench import Bench
from grader.judging.cases.case import Case, run_locally
from grader.judging.declare.exercise import Diagnosis, Exercise
from grader.judging.recognise.algebra import claimed
from grader.judging.recognise.evidence import EXACT, WITNESSES, Seen, close, explains, floats, seen_of
from grader.judging.recognise.mutants import Mutant, mutants

__all__ = ["diagnose"]

FACTORS = ("times_", "over_", "half_", "factor_", "constant_", "sign")
"""Claims that say more than a mistake's own text does: by exactly which constant an answer is off."""

Array = NDArray[np.float64]


def diagnose(
    exercise: Exercise, k: int, trials: Sequence[Trial], bench: Bench, asker: Callable[[Case], RemoteAsk]
) -> Diagnosis | None:
    """The best explanation of one rejected output, or None.

    Args:
        exercise: what was asked.
        k: which of its outputs was rejected.
        trials: all that came back.
        bench: for what the declared mistakes answer.
        asker: to put one more question to the student's function at a case.

    """
    seen = list(seen_of(exercise, k, trials))
    name = exercise.outputs[k]
    declared = _declared(exercise, k, trials, bench)
    if not seen:
        return declared
    algebra = _swapped(exercise, k, trials) or claimed(name, seen)
    if declared is None and algebra is None and "dout" in exercise.inputs:
        algebra = _upstream(exercise, k, name, seen, asker)
    if declared is None and bench.knows_answers and (algebra is None or algebra.certainty == "evidence"):
        algebra = _mutant(exercise, k, name, seen) or algebra
    if declared is not None and algebra is not None and algebra.mistake.startswith(FACTORS):
        return Diagnosis(declared.mistake, f"{declared.text} ({algebra.text})")
    return declared or algebra


# ------------------------------------------------------------------------------------ declared mistakes
def _declared(exercise: Exercise, k: int, trials: Sequence[Trial], bench: Bench) -> Diagnosis | None:
    for mistake in exercise.mistakes:
        if _makes(exercise, k, trials, bench, mistake.name):
            return Diagnosis(mistake.name, mistake.text)
    return None


def _makes(exercise: Exercise, k: int, trials: Sequence[Trial], bench: Bench, mistake: str) -> bool:
    told_apart = witnesses = 0
    for trial in trials:
        outputs = bench.mistaken(exercise, mistake, trial.case)
        if trial.failure is not None or outputs is None:
            if (trial.failure is None) != (outputs is not None):
                return False
            continue
        assert trial.case.expected is not None
        if len(outputs) != len(exercise.outputs):
            continue
        expected, got, wrong = trial.case.expected[k], trial.outputs[k], outputs[k]
        if not isinstance(expected.value, np.ndarray):
            if not _plainly_equal(got, wrong):
                return False
            witnesses, told_apart = WITNESSES, 1
            continue
        came, mistaken = floats(got), floats(wrong)
        if came is None or mistaken is None:
            return False
        slack = expected.allowed if came.shape == expected.value.shape == mistaken.shape else 0.0
        if not close(came, mistaken, slack):
            return False
        witnesses += 1
        told_apart += not close(np.asarray(expected.value), mistaken, slack)
    return witnesses >= min(WITNESSES, len(trials)) and told_apart >= 1


def _plainly_equal(got: Any, wrong: Any) -> bool:
    from grader.judging.numerics.compare import Expected, match

    return match(got, Expected(wrong), relative=EXACT).ok


# ------------------------------------------------------------------------------- outputs in each other's place
def _swapped(exercise: Exercise, k: int, trials: Sequence[Trial]) -> Diagnosis | None:
    """Whether one output is another of the same exercise."""
    for other in range(len(exercise.outputs)):
        theirs = list(seen_of(exercise, other, trials)) if other != k else []
        mine = list(seen_of(exercise, k, trials))
        if len(theirs) == len(mine) >= WITNESSES and all(
            close(m.got, t.right, t.slack if t.slack.shape == m.got.shape else 0.0)
            for m, t in zip(mine, theirs, strict=True)
        ):
            a, b = exercise.outputs[k], exercise.outputs[other]
            return Diagnosis("swapped_outputs", f"in the place of {a} stands {b}: in which order are they asked for?")
    return None


# ------------------------------------------------------------------------- slips that nobody declared
def _mutant(exercise: Exercise, k: int, name: str, seen: Sequence[Seen]) -> Diagnosis | None:
    """The first mutant of the model answer that gives what came back on every case."""
    wrong = [s for s in seen if not s.ok]
    if len(seen) < WITNESSES or not wrong:
        return None
    for mutant in mutants(exercise.name):

        def answered(s: Seen, mutant: Mutant = mutant) -> Array | None:
            try:
                outputs = run_locally(exercise, s.case.inputs, mutant.answer)
                return np.asarray(outputs[k], dtype=np.float64) if len(outputs) == len(exercise.outputs) else None
            except Exception:  # a mutant may fail in any way
                return None

        first = answered(wrong[0])
        if first is None or not close(
            wrong[0].got, first, wrong[0].slack if first.shape == wrong[0].slack.shape else 0.0
        ):
            continue
        if all(answered(s) is not None for s in seen) and explains(seen, answered):
            return Diagnosis(mutant.kind, f"{name} is what the right formula gives when {mutant.text}")
    return None


# ------------------------------------------------------------------------------- one more question
def _upstream(
    exercise: Exercise, k: int, name: str, seen: Sequence[Seen], asker: Callable[[Case], RemoteAsk]
) -> Diagnosis | None:
    """Whether the upstream gradient is ignored, or enters other than linearly."""
    ignored = nonlinear = asked = 0
    for s in seen[:4]:
        changed: Mapping[str, Any] = {**s.case.inputs, "dout": 2.0 * s.case.inputs["dout"]}
        outputs = run(exercise, asker(s.case), changed)
        doubled = None if isinstance(outputs, Failure) else floats(outputs[k])
        if doubled is None or not (s.got != 0).any():
            continue
        asked += 1
        ignored += close(doubled, s.got)
        nonlinear += not close(doubled, 2.0 * s.got)
    if asked and ignored == asked:
        return Diagnosis(
            "ignores_upstream", f"{name} does not depend on dout at all: where does the chain rule come in?"
        )
    if asked and nonlinear == asked:
        return Diagnosis(
            "nonlinear_upstream", f"{name} does not double when dout doubles: a backward pass is linear in dout"
        )
    return None
