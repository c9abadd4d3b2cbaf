"""Laws: relations that every right answer satisfies whatever the numbers, and the few that many exercises share.

A law is passed by the zero function too; its points count only once a value check passes (see ``score``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from grader.judging.cases import Case
from grader.judging.compare import as_array
from grader.judging.drives import Malformed, Steps
from grader.judging.spec import Exercise, Law
from grader.judging.trials import Failure, RemoteAsk, run

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
        outputs = run(exercise, ask, {**case.inputs, **changes})
        if isinstance(outputs, Failure):
            raise _Stopped(outputs)
        return {name: _plain(name, out) for name, out in zip(exercise.outputs, outputs, strict=True)}

    try:
        pairs: Iterable[Pair] = law(ask_with, dict(case.inputs))
        return all(_equal(left, right) for left, right in pairs)
    except _Stopped as stop:
        return stop.failure
    except Malformed as wrong:
        return Failure(str(wrong))


def _plain(name: str, out: Any) -> Any:
    if isinstance(out, Steps):
        return np.stack([_plain(name, step) for step in out])
    if isinstance(out, (np.ndarray, int, float, list, tuple)):
        read = as_array(out, np.empty(np.shape(out)) if not isinstance(out, np.ndarray) else out)
        if read.problem is None:
            return np.asarray(read.array, dtype=np.float64)
    if isinstance(out, np.ndarray) or out is None:
        raise Malformed(f"{name} is not an array of float64")
    return out


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
