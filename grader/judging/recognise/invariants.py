"""Invariants: relations that every right answer satisfies, held against an answer without a right one beside it.

How far a residual is from 0 is measured against what it is for outputs of the same sizes that are drawn at random: where these keep
the relation too, a case says nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Answers, Trial, replay
from grader.judging.cases import Bench, Case
from grader.judging.declare import Exercise, Invariant
from grader.judging.recognise.evidence import WITNESSES, floats
from grader.judging.recognise.fresh import ENOUGH, ordinary
from grader.judging.recognise.recognised import Recognised

__all__ = ["Measured", "breaks_invariant", "measured"]

Array = NDArray[np.float64]
Standing = Literal["kept", "broken"]
KEPT, BROKEN = 1e-9, 1e-6
"""The residual beside that of random outputs up to which a relation is kept, and from which on it is broken."""
DRAWS = 2
ROUNDINGS = 4.0
"""How many times as much as rounding made of some drawn entries it may make of others."""


def _residual(invariant: Invariant, case: Case, outputs: Sequence[Any]) -> Array | None:
    """Return the residual of some outputs; None if these or that are not finite arrays of the right shapes.

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
    return off if np.isfinite(off).all() else None


def _largest(off: Array) -> float:
    return float(np.abs(off).max(initial=0.0))


class Measured(NamedTuple):
    """The sizes of an invariant's residual at a case: of the right outputs, of others drawn at random, and of mere rounding."""

    right: float
    usual: float
    rounded: float

    @property
    def held(self) -> bool:
        """Return True if the residual of the right outputs is 0 to rounding."""
        return self.right <= self.kept

    @property
    def kept(self) -> float:
        """Return the residual up to which the relation is kept."""
        return KEPT * self.usual + self.rounded

    @property
    def tells(self) -> bool:
        """Return True if others break the relation, beyond all that rounding may do."""
        return self.rounded < BROKEN * self.usual


def measured(invariant: Invariant, case: Case, only: int | None = None) -> Measured | None:
    """Measure an invariant at a case; None where it is not finite at the right outputs.

    Args:
        invariant: of the case's exercise.
        case: with its right outputs.
        only: the one output that is drawn at random, the others being the right ones; None draws all.

    Raises:
        Exception: the residual, which is the bank's own, raises.

    """
    assert case.expected is not None
    values = [floats(expected.value) for expected in case.expected]
    right = [value for value in values if value is not None]
    here = _residual(invariant, case, right) if len(right) == len(values) else None
    if here is None:
        return None
    rng = np.random.default_rng(0)
    usual = rounded = 0.0
    for _ in range(DRAWS):
        others = [x + np.abs(x).max(initial=0.0) * rng.standard_normal(x.shape) for x in right]
        drawn = [other if only in (None, i) else right[i] for i, other in enumerate(others)]
        near = [x + e.allowed * rng.choice((-1.0, 1.0), x.shape) for x, e in zip(right, case.expected, strict=True)]
        there, beside = _residual(invariant, case, drawn), _residual(invariant, case, near)
        if there is None or beside is None:
            return Measured(_largest(here), 0.0, 0.0)
        usual, rounded = max(usual, _largest(there)), max(rounded, _largest(beside - here))
    return Measured(_largest(here), usual, ROUNDINGS * rounded)


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
            found = measured(invariant, trial.case, only=output)
            off = _residual(invariant, trial.case, trial.outputs)
        except Exception:  # noqa: S112 - the bank's residual, at outputs that nobody foresaw
            continue
        if found is None or off is None or not found.held or not found.tells:
            continue
        if _largest(off) <= found.kept:
            yield "kept"
        else:
            yield "broken" if _largest(off) > BROKEN * found.usual else None
