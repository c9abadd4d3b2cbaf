"""Laws: relations that every right answer satisfies whatever the numbers, and the few that many exercises share.

A law is passed by the zero function too; its points count only once a value check passes (see ``score``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from grader.judging.asking.trials import Failure, RemoteAsk, run
from grader.judging.cases.case import Case
from grader.judging.declare.drives import Malformed
from grader.judging.declare.exercise import Exercise, Law
from grader.judging.numerics.compare import as_array

__all__ = ["Pair", "holds", "linear_in_upstream", "rows_sum_to_one", "shift_invariant"]

Pair = tuple[Any, Any]
Run = Callable[..., dict[str, Any]]
CLOSE = 1e-9


class _Stopped(Exception):  # noqa: N818 - carries a failure out of a law
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


def holds(law: Law, exercise: Exercise, ask: RemoteAsk, case: Case) -> bool | Failure:
    """Whether a law holds at a case; a failure if the function could not be asked."""

    def ask_with(**changes: Any) -> dict[str, Any]:
        inputs = {**case.inputs, **changes}
        outputs = run(exercise, ask, inputs)
        if isinstance(outputs, Failure):
            raise _Stopped(outputs)
        known = case.expected if all(np.shape(inputs[k]) == np.shape(v) for k, v in case.inputs.items()) else None
        likes = [None] * len(outputs) if known is None else [expected.value for expected in known]
        named = zip(exercise.outputs, outputs, likes, strict=True)
        return {name: _array(name, out, like) for name, out, like in named}

    try:
        with np.errstate(all="ignore"):
            pairs: Iterable[Pair] = law(ask_with, dict(case.inputs))
            return all(_equal(left, right) for left, right in pairs)
    except _Stopped as stop:
        return stop.failure
    except Malformed as wrong:
        return Failure(str(wrong))


def _array(name: str, out: Any, like: Any) -> Any:
    """An output as an array, of the shape of ``like`` where that is known: a law reckons with it."""
    read = as_array(out, like if like is not None else np.empty(_shape(out)))
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


def linear_in_upstream(run: Run, inputs: dict[str, Any]) -> Iterable[Pair]:
    """A backward pass is linear in the upstream gradient: B(2a + b) = 2·B(a) + B(b)."""
    a = inputs["dout"]
    b = np.roll(a.ravel(), 1).reshape(a.shape) - 0.5
    both, of_a, of_b = run(dout=2 * a + b), run(dout=a), run(dout=b)
    for name in both:
        yield both[name], 2 * of_a[name] + of_b[name]


def shift_invariant(run: Run, inputs: dict[str, Any]) -> Iterable[Pair]:
    """Adding a constant to a row of logits changes nothing."""
    here, moved = run(), run(x=inputs["x"] + 3.0)
    for name in here:
        yield here[name], moved[name]


def rows_sum_to_one(run: Run, inputs: dict[str, Any]) -> Iterable[Pair]:  # noqa: ARG001 - a law's signature
    """Each row of the output is a probability distribution."""
    (out,) = run().values()
    yield out.sum(axis=-1), np.ones(out.shape[:-1])
