"""The check ``law``: a relation that every right answer satisfies, tried on a few ordinary cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judging.asking import Failure, ask_at
from grader.judging.cases import Case
from grader.judging.checks.facts import BreaksLaw, Unanswered, status_of
from grader.judging.checks.hearing import Hearing
from grader.judging.checks.value import is_variant
from grader.judging.declare import Check, Law, Malformed, Verdict
from grader.judging.numerics import read_array

__all__ = ["check_law"]

CLOSE = 1e-9
"""Relative to the largest entry: laws hold to a few roundings."""
CASES = 4
REGIMES = ("randn", "odd", "integers")


class _Stopped(Exception):  # noqa: N818 - carries a failure out of a law
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


def check_law(hearing: Hearing, check: Check, found: Mapping[str, Verdict]) -> Verdict:
    """Try a law at ordinary cases; an answer that agrees with the model answer obeys it."""
    assert check.law is not None
    values = [verdict.status for verdict in found.values() if verdict.check.kind == "value"]
    if values and all(status == "passed" for status in values):
        return Verdict(check, "passed")
    if hearing.broken is not None and hearing.broken.failure is not None:
        failure = hearing.broken.failure
        return Verdict(check, status_of(failure), fact=Unanswered(hearing.broken.case, failure))
    for case in [trial.case for trial in hearing.trials if trial.case.regime in REGIMES][:CASES]:
        outcome = _holds(check.law, hearing, case)
        if isinstance(outcome, Failure):
            return Verdict(check, status_of(outcome), fact=Unanswered(case, outcome))
        if not outcome and not _accepted(hearing):
            return Verdict(check, "wrong", fact=BreaksLaw(case))
    return Verdict(check, "passed")


def _accepted(hearing: Hearing) -> bool:
    """Return True if what is not right is an accepted variant's, which may break a law in digits that no check asks for."""
    if any(trial.failure is not None for trial in hearing.trials):
        return False
    off = [
        output
        for output in range(len(hearing.exercise.outputs))
        if not all(trial.matches[output].ok for trial in hearing.trials)
    ]
    variants = hearing.exercise.variants
    return bool(off) and all(any(is_variant(hearing, v, output, hearing.trials) for v in variants) for output in off)


def _holds(law: Law, hearing: Hearing, case: Case) -> bool | Failure:
    """Return True if a law holds at a case; a failure if the function could not be asked."""
    try:
        with np.errstate(all="ignore"):
            pairs: Iterable[tuple[Any, Any]] = law(_Asking(hearing, case), dict(case.inputs))
            return all(_equal(left, right) for left, right in pairs)
    except _Stopped as stop:
        return stop.failure
    except Malformed as wrong:
        return Failure(str(wrong))


@dataclass(frozen=True)
class _Asking:
    """Asks the function of a hearing at a case, with some inputs changed."""

    hearing: Hearing
    case: Case

    @property
    def upstream(self) -> tuple[str, ...]:
        return self.hearing.exercise.upstream

    def __call__(self, **changes: Any) -> dict[str, Any]:
        exercise, case = self.hearing.exercise, self.case
        inputs = {**case.inputs, **changes}
        outputs = ask_at(exercise, self.hearing.answers, inputs, self.hearing.cache_of(case))
        if isinstance(outputs, Failure):
            raise _Stopped(outputs)
        known = case.expected if all(_alike(inputs[k], v) for k, v in case.inputs.items()) else None
        likes = [None] * len(outputs) if known is None else [expected.value for expected in known]
        named = zip(exercise.outputs, outputs, likes, strict=True)
        return {name: _array(name, out, like) for name, out, like in named}


def _alike(changed: Any, given: Any) -> bool:
    """Return True if an input still has its shape, so that the outputs have theirs."""
    return changed is given or (isinstance(given, np.ndarray) and np.shape(changed) == given.shape)


def _array(name: str, out: Any, like: Any) -> Any:
    """Read an output as an array, of the shape of ``like`` where that is known: a law reckons with it."""
    read = read_array(out, like if like is not None else np.empty(_shape(out)))
    if read.problem is not None:
        raise Malformed(f"{name}: {read.message}")
    return np.asarray(read.array, dtype=np.float64)


def _shape(out: Any) -> tuple[int, ...]:
    try:
        return np.shape(out)
    except ValueError:
        return ()


def _equal(left: Any, right: Any) -> bool:
    left, right = np.asarray(left), np.asarray(right)
    if left.shape != right.shape:
        return False
    size = max(np.abs(left).max(initial=0.0), np.abs(right).max(initial=0.0))
    return bool(np.all(np.abs(left - right) <= CLOSE * size))
