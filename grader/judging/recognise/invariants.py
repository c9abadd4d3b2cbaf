"""Invariants: relations that every right answer satisfies, held against an answer without a right one beside it.

How far a residual is from 0 is measured against what it is for outputs of the same sizes that are drawn at random: where these keep
the relation too, a case says nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Answers, Trial, replay
from grader.judging.cases import Bench, Case
from grader.judging.declare import Exercise, Invariant
from grader.judging.recognise.evidence import WITNESSES, floats
from grader.judging.recognise.fresh import ENOUGH, ordinary
from grader.judging.recognise.recognised import Recognised

__all__ = ["breaks_invariant", "holds_of_right"]

Array = NDArray[np.float64]
Standing = Literal["kept", "broken"]
KEPT, BROKEN = 1e-9, 1e-6
"""The residual beside that of random outputs up to which a relation is kept, and from which on it is broken."""
DRAWS = 2
ROUNDINGS = 4.0
"""How many times as much as rounding made of some drawn entries it may make of others."""


def residue(invariant: Invariant, case: Case, outputs: Sequence[Any]) -> float | None:
    """Return the largest entry of a residual in size; None if the outputs are not finite arrays of the right shapes.

    Raises:
        Exception: the residual, which is the bank's own, raises.

    """
    assert case.expected is not None
    arrays: list[Array] = []
    for expected, output in zip(case.expected, outputs, strict=True):
        got = floats(output)
        if got is None or got.shape != np.shape(expected.value) or not np.isfinite(got).all():
            return None
        arrays.append(got)
    with np.errstate(all="ignore"):
        off = np.asarray(invariant.residual(case.inputs, dict(zip(case.exercise.outputs, arrays, strict=True))), float)
    return float(np.abs(off).max(initial=0.0)) if np.isfinite(off).all() else None


def usual_residue(invariant: Invariant, case: Case, only: int | None = None) -> float:
    """Return the residual of outputs of the right sizes that are drawn at random; 0 where they keep the relation too.

    Args:
        invariant: of the case's exercise.
        case: with its right outputs.
        only: the one output that is drawn, the others being the right ones; None draws all.

    """
    return _drawn(
        invariant,
        case,
        lambda right, _, rng: float(np.abs(right).max(initial=0.0)) * rng.normal(size=right.shape),
        only,
    )


def rounded_residue(invariant: Invariant, case: Case) -> float:
    """Return the residual that rounding may make of the right outputs: each entry is off by what it may be."""
    return _drawn(invariant, case, lambda right, allowed, rng: allowed * rng.choice((-1.0, 1.0), right.shape))


def _drawn(
    invariant: Invariant,
    case: Case,
    change: Callable[[Array, Any, np.random.Generator], Array],
    only: int | None = None,
) -> float:
    """Return the residual of the right outputs after a change by random numbers, the largest of some; 0 if it is not finite."""
    assert case.expected is not None
    rng = np.random.default_rng(0)
    found = []
    for _ in range(DRAWS):
        drawn = []
        for number, expected in enumerate(case.expected):
            right = floats(expected.value)
            if right is None:
                return 0.0
            drawn.append(right + change(right, expected.allowed, rng) if only in (None, number) else right)
        found.append(residue(invariant, case, drawn))
    return 0.0 if None in found else max(f for f in found if f is not None)


def holds_of_right(invariant: Invariant, case: Case) -> tuple[float | None, bool, bool]:
    """Hold an invariant against the right outputs of a case.

    Returns:
        Their residual (None if it is not finite), whether that is rounding, and whether other outputs would break the relation.

    Raises:
        Exception: the residual, which is the bank's own, raises.

    """
    assert case.expected is not None
    right = residue(invariant, case, [expected.value for expected in case.expected])
    usual, rounded = usual_residue(invariant, case), ROUNDINGS * rounded_residue(invariant, case)
    return right, right is not None and right <= KEPT * usual + rounded, BROKEN * usual > rounded


def breaks_invariant(
    exercise: Exercise,
    output: int,
    trials: Sequence[Trial],
    answers: Answers,
    bench: Bench,
    documented: bool,
) -> Recognised | None:
    """Recognise the first declared invariant that an answer breaks, clearly and in every case that can tell, fresh ones included.

    Where it keeps another one of the same output, that is told beside it.

    Args:
        exercise: what was asked.
        output: the output that is wrong: an invariant of other outputs alone says nothing of it.
        trials: its answers.
        answers: asked at fresh cases.
        bench: makes them; without the model answers there are none.
        documented: use the cache that the stub documents.

    """
    if not exercise.invariants or not (broken := _all(exercise.invariants, output, trials, "broken")):
        return None
    fresh = _fresh(exercise, answers, bench, documented)
    if bench.knows_answers:
        broken = [found for found in broken if _stands(found, output, fresh, ENOUGH) == "broken"]
    if not broken:
        return None
    kept = [i for i in _all(exercise.invariants, output, trials, "kept") if i not in broken]
    if bench.knows_answers:
        kept = [found for found in kept if _stands(found, output, fresh, ENOUGH) == "kept"]
    first = broken[0]
    values = {"text": first.text, "kept": tuple(found.statement for found in kept)}
    return Recognised(f"breaks_{first.name}", "invariant", "evidence", values)


def _all(invariants: Sequence[Invariant], output: int, trials: Sequence[Trial], standing: Standing) -> list[Invariant]:
    return [found for found in invariants if _stands(found, output, trials, WITNESSES) == standing]


def _fresh(exercise: Exercise, answers: Answers, bench: Bench, documented: bool) -> list[Trial]:
    return replay(answers, list(ordinary(exercise, bench)), documented)


def _stands(invariant: Invariant, output: int, trials: Sequence[Trial], least: int) -> Standing | None:
    """Return how an answer stands to an invariant in all cases that can tell; None if these are few, or differ, or are unclear."""
    found = list(_standings(invariant, output, trials))
    if len(found) < least or len(set(found)) > 1:
        return None
    return found[0]


def _standings(invariant: Invariant, output: int, trials: Sequence[Trial]) -> Iterator[Standing | None]:
    """Yield how an answer stands to an invariant in each case in which its output is wrong and could keep it or break it."""
    for trial in trials:
        if trial.failure is not None or trial.matches[output].ok or trial.case.expected is None:
            continue
        try:
            right = residue(invariant, trial.case, [e.value for e in trial.case.expected])
            usual = usual_residue(invariant, trial.case, only=output)
            rounded = ROUNDINGS * rounded_residue(invariant, trial.case)
            mine = residue(invariant, trial.case, trial.outputs)
        except Exception:  # noqa: S112 - the bank's residual, at outputs that nobody foresaw
            continue
        if right is None or mine is None or right > KEPT * usual + rounded or rounded >= BROKEN * usual:
            continue  # it cannot tell
        if mine <= KEPT * usual + rounded:
            yield "kept"
        else:
            yield "broken" if mine > BROKEN * usual else None
