"""Trials: cases that were put to a student's function, each with the outputs that came back, or the reason for none."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking.answers import Answers, Lost, Reply, Returned
from grader.judging.asking.plans import Failure, outcome_of
from grader.judging.cases import Case
from grader.judging.numerics import Match, compare, in_hull

Array = NDArray[np.float64]
__all__ = ["Trial", "replay", "same_answer", "tried_in_turn"]

SAME = 1e-12
"""The relative difference of two answers to one question that are the same."""
GIVE_UP = 3
"""After this many failures in a row from the start, the rest is not tried."""
REMEMBERED = 1 << 13
"""So many trials are remembered, of cases in which many submissions answer alike."""


@dataclass(frozen=True, eq=False)
class Trial:
    """One case and its ``outputs``, or the ``failure`` in their place."""

    case: Case
    outputs: tuple[Any, ...] = ()
    failure: Failure | None = None

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """Compare each output with the right one, kinks considered; empty after a failure."""
        return tuple(_compared(self.case, output, got) for output, got in enumerate(self.outputs))


def replay(answers: Answers, cases: Iterable[Case], documented: bool = False) -> list[Trial]:
    """Put cases one after the other; stop when the process is lost, or when nothing works from the start.

    Args:
        answers: of the student's functions.
        cases: of one exercise.
        documented: use the cache that the stub documents, and not that of the student's forward pass.

    """
    cases = tuple(cases)
    return tried_in_turn(cases, documented, answers.put([case.plan(documented).chain for case in cases]))


def tried_in_turn(cases: Iterable[Case], documented: bool, replies: Iterable[tuple[Reply, ...]]) -> list[Trial]:
    """Pair cases with the replies to their plans; stop where :func:`replay` does, and take no replies behind that."""
    trials: list[Trial] = []
    for case, of_a_case in zip(cases, replies, strict=False):
        trials.append(_tried(case, documented, of_a_case))
        failure = trials[-1].failure
        if failure is None:
            continue
        if isinstance(failure.reply, Lost) or (len(trials) == GIVE_UP and all(trial.failure for trial in trials)):
            break
    return trials


def _tried(case: Case, documented: bool, replies: tuple[Reply, ...]) -> Trial:
    """Make the trial of a case; of shared replies it is made once, and compared once, for a class."""
    shared = all(isinstance(reply, Returned) and reply.shared for reply in replies)
    return _remembered(case, documented, replies) if shared else _trial(case, documented, replies)


def _trial(case: Case, documented: bool, replies: tuple[Reply, ...]) -> Trial:
    outcome = outcome_of(case.plan(documented), replies)
    return Trial(case, failure=outcome) if isinstance(outcome, Failure) else Trial(case, outcome)


_remembered = lru_cache(maxsize=REMEMBERED)(_trial)


def _compared(case: Case, output: int, got: Any) -> Match:
    """Compare one output of a case with the right one; at a kink any subgradient is right."""
    assert case.expected is not None
    exercise, expected = case.exercise, case.expected[output]
    found = compare(got, expected, tails=exercise.tails, relative=exercise.tolerance)
    if found.ok or not exercise.kinks or found.problem != "value" or found.got is None:
        return found
    if not case.may_be_at_kinks:
        return found
    if _any_subgradient(case, output, found.got, expected.allowed):
        return Match(True, (*found.notes, "subgradient"), got=found.got)
    return found


def _any_subgradient(case: Case, output: int, got: Array, allowed: Array) -> bool:
    """Return True if an output is off only at kinks, and there within the gradients nearby."""
    assert case.expected is not None
    sizes = [np.size(e.value) for e in case.expected]
    start = sum(sizes[:output])
    point, smooth = got.ravel(), np.ones(got.size, dtype=bool)
    blocks = [(b, (b.entries >= start) & (b.entries < start + got.size)) for b in case.kinks]
    for block, mine in blocks:
        smooth[block.entries[mine] - start] = False
    right = np.abs(point - np.ravel(case.expected[output].value)) <= allowed.ravel()
    if not blocks or not right[smooth].all():
        return False
    return all(
        in_hull(point[block.entries[mine] - start], block.corners[:, mine]) for block, mine in blocks if mine.any()
    )


def same_answer(a: Any, b: Any) -> bool:
    """Return True if two answers to one question are the same, but for the last digits."""
    if isinstance(a, (np.ndarray, list, tuple, dict)) or isinstance(b, (np.ndarray, list, tuple, dict)):
        if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
            return _same_array(a, b)
        if isinstance(a, dict) and isinstance(b, dict):
            return a.keys() == b.keys() and all(same_answer(a[key], b[key]) for key in a)
        rows = isinstance(a, (list, tuple)) and isinstance(b, (list, tuple))
        return rows and len(a) == len(b) and all(map(same_answer, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=SAME) or (a != a and b != b)  # noqa: PLR0124 - NaN
    return bool(a == b)


def _same_array(a: NDArray[Any], b: NDArray[Any]) -> bool:
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return a.tobytes() == b.tobytes() or bool(np.allclose(a, b, rtol=SAME, atol=0.0, equal_nan=True))
