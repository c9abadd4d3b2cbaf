"""Answers that are right for other inputs: for |x|, for x cut to whole numbers, for another default, for two inputs exchanged.

The model answer is asked at the changed inputs. What it says there is what came back on every case, or nothing is recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.cases import Bench, run_locally, with_defaults
from grader.judging.declare import Exercise, trajectory
from grader.judging.recognise.evidence import WITNESSES, Seen, close, explains, is_constant, reals
from grader.judging.recognise.recognised import Prediction, Recognised
from grader.judging.recognise.settings import FLOATS, Change, Inputs, of_config, of_params

__all__ = ["right_for_other_inputs"]

Array = NDArray[np.float64]
LOST = 4e-16
"""What an equal formula may lose near 0, where the model's does not."""


def right_for_other_inputs(exercise: Exercise, output: int, seen: Sequence[Seen], bench: Bench) -> Recognised | None:
    """Recognise an output that is the right one for other inputs, on every case.

    Args:
        exercise: what was asked.
        output: the number of the output.
        seen: its answers beside the right ones.
        bench: keeps what the model answer says.

    """
    if exercise.kinks:  # at a kink other answers than the model's are right
        seen = [s for s in seen if not s.case.may_be_at_kinks]
    moved = any(s.got.shape != s.right.shape for s in seen)
    whole = len(seen)
    seen = [s for s in seen if np.isfinite(s.got).all()]
    finite = {"finite": True} if len(seen) < whole else {}
    wrong = [s for s in seen if not s.ok]
    if len(wrong) < WITNESSES or is_constant(seen):
        return None
    for change in _of_lengths(seen) if moved else _changes(exercise, seen):

        def answered(s: Seen, change: Change = change) -> Array | None:
            changed = change.of(with_defaults(exercise, s.case.inputs))
            if changed is None:
                return s.right
            outputs = bench.elsewhere(exercise, (change.code, *change.values.values()), changed, s.case)
            return None if outputs is None else reals(outputs[output])

        if all(_gives(answered, s) for s in wrong[:WITNESSES]) and all(
            answered(s) is not None for s in seen if s.case.inputs
        ):
            with np.errstate(all="ignore"):
                if explains(seen, answered, LOST):
                    return Recognised(
                        change.code,
                        "inputs",
                        values={**change.values, **finite},
                        predict=_prediction(exercise, output, change),
                    )
    return None


def _gives(answered: Callable[[Seen], Array | None], s: Seen) -> bool:
    came = answered(s)
    return came is not None and close(s.got, came, (s.slack if came.shape == s.slack.shape else 0.0) + LOST)


def _prediction(exercise: Exercise, output: int, change: Change) -> Prediction:
    def predict(inputs: Inputs, right: Array) -> Array | None:
        changed = change.of(with_defaults(exercise, inputs))
        if changed is None:
            return right
        try:
            return reals(run_locally(exercise, changed)[output])
        except Exception:  # the changed inputs may be none that the model answer takes
            return None

    return predict


# ----------------------------------------------------------------------------------------- the changes
def _rows_norm(x: Array) -> Array:
    return np.asarray(np.sqrt((x * x).sum(axis=-1, keepdims=True)))


def _only(x: Array, place: Any) -> Array:
    kept = np.zeros_like(x)
    kept[place] = x[place]
    return kept


def _without(x: Array, place: Any) -> Array:
    kept = x.copy()
    kept[place] = 0.0
    return kept


ARRAYS: dict[str, Callable[[Array], Array | None]] = {
    "zeroed": np.zeros_like,  # first: where it explains an answer, small numbers that are cut to whole ones do so too
    "abs": np.abs,
    "negated": np.negative,
    "whole": np.trunc,
    "rounded": np.round,
    "positive_part": lambda x: np.maximum(x, 0.0),
    "sign": np.sign,
    "doubled": lambda x: 2.0 * x,
    "halved": lambda x: 0.5 * x,
    "squared": np.square,
    "less_its_mean": lambda x: x - x.mean(),
    "less_mean_of_batch": lambda x: x - x.mean(axis=0) if x.ndim > 1 else None,
    "less_mean_of_row": lambda x: x - x.mean(axis=-1, keepdims=True) if x.ndim > 1 else None,
    "less_its_largest": lambda x: x - x.max(initial=-np.inf) if x.size else None,
    "over_its_norm": lambda x: x / np.sqrt((x * x).sum()),
    "over_norm_of_row": lambda x: x / _rows_norm(x) if x.ndim > 1 else None,
    "over_its_largest": lambda x: x / np.abs(x).max(initial=0.0),
    "over_first_length": lambda x: x / len(x),
    "mean_of_batch": lambda x: np.broadcast_to(x.mean(axis=0), x.shape) if x.ndim > 1 else None,
    "transposed": lambda x: x.swapaxes(-1, -2).copy() if x.ndim > 1 and x.shape[-1] == x.shape[-2] else None,
    "column_major": lambda x: x.reshape(len(x), -1, order="F").reshape(x.shape) if x.ndim > 2 else None,
    "reversed": lambda x: x[..., ::-1].copy(),
    "reversed_rows": lambda x: x[::-1].copy() if x.ndim > 1 else None,
    "only_last_row": lambda x: _only(x, -1) if x.ndim > 1 else None,
    "only_first_row": lambda x: _only(x, 0) if x.ndim > 1 else None,
    "without_last_row": lambda x: _without(x, -1) if x.ndim > 1 else None,
    "without_first_row": lambda x: _without(x, 0) if x.ndim > 1 else None,
    "without_last": lambda x: _without(x, (..., -1)) if x.size else None,
    "without_first": lambda x: _without(x, (..., 0)) if x.size else None,
    "ones": np.ones_like,
    "turned": lambda x: x[..., ::-1, ::-1].copy() if x.ndim > 2 else None,
    "reversed_second": lambda x: x[:, ::-1].copy() if x.ndim > 2 else None,
    "late": lambda x: np.concatenate([np.zeros_like(x[:, :1]), x[:, :-1]], axis=1) if x.ndim > 2 else None,
    "only_last_of_second": lambda x: _only(x, (slice(None), -1)) if x.ndim > 2 and x.shape[1] else None,
    "without_last_of_second": lambda x: _without(x, (slice(None), -1)) if x.ndim > 2 and x.shape[1] else None,
}
LABELS: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "one_less": lambda y: y.astype(np.int64) - 1,
    "one_more": lambda y: y.astype(np.int64) + 1,
    "reversed": lambda y: y[::-1].copy(),
    "sorted": np.sort,
    "zeroed": np.zeros_like,
}
CLIPS = (1.0, 3.0, 5.0, 6.0, 10.0, 20.0, 30.0, 50.0, 100.0, 500.0)
COUNTS: dict[str, Callable[[int], int]] = {
    "one_more": lambda n: n + 1,
    "one_less": lambda n: n - 1,
    "one_less_from_one": lambda n: max(n - 1, 1),
    "two_less": lambda n: n - 2,
    "doubled": lambda n: 2 * n,
    "halved": lambda n: n // 2,
}
VALUES = (0.0, 1.0, 2.0, 0.5, 0.1, 0.2, 0.3, 0.05, 0.01, 0.02, 0.001, 1e-4, 0.9, 0.99)
"""Numbers that people write into a function, or take for its default."""


def _changes(exercise: Exercise, seen: Sequence[Seen]) -> Iterator[Change]:
    """Yield the changes that fit the inputs of an exercise, the simplest first."""
    inputs = next((s.case.inputs for s in seen if not s.ok), seen[0].case.inputs)
    yield from _exchanges(inputs)
    stepwise = (
        exercise.drive is trajectory
    )  # where the gradients of all steps are one array, and the start is of no interest
    arrays = [k for k, v in inputs.items() if isinstance(v, np.ndarray) and v.dtype == np.float64 and v.ndim]
    for name in ["dw"] if stepwise else arrays:
        for code, change in ARRAYS.items():
            yield Change(f"input_{code}", {"input": name}, _on_array(name, _each(change) if stepwise else change))
        for bound in CLIPS:

            def clipped(x: Array, bound: float = bound) -> Array:
                return np.clip(x, -bound, bound)

            yield Change("input_clipped", {"input": name, "bound": bound}, _on_array(name, clipped))
    for name, value in inputs.items():
        if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
            for code, labels in LABELS.items():
                yield Change(f"input_{code}", {"input": name}, _on_labels(name, labels))
        if type(value) is int:
            for code, count in COUNTS.items():
                yield Change(f"input_{code}", {"input": name}, _on_number(name, int, count))
        if type(value) is float:
            for code, number in FLOATS.items():
                yield Change(f"input_{code}", {"input": name}, _on_number(name, float, number))
            for fixed in VALUES:
                yield Change("input_fixed", {"input": name, "fixed": fixed}, _fixed(name, fixed))
    yield from of_config(exercise, seen)
    yield from of_params(seen)


def _of_lengths(seen: Sequence[Seen]) -> Iterator[Change]:
    """Yield the changes of whole numbers alone: no other moves the shape of an output."""
    inputs = {name: value for name, value in seen[0].case.inputs.items() if type(value) is int}
    yield from _exchanges(inputs)
    for name in inputs:
        for code, count in COUNTS.items():
            yield Change(f"input_{code}", {"input": name}, _on_number(name, int, count))
    yield from of_params(seen)


def _on_array(name: str, change: Callable[[Array], Array | None]) -> Callable[[Inputs], Inputs | None]:
    def of(inputs: Inputs) -> Inputs | None:
        with np.errstate(all="ignore"):
            changed = change(inputs[name])
        return None if changed is None else {**inputs, name: np.asarray(changed)}

    return of


def _each(change: Callable[[Array], Array | None]) -> Callable[[Array], Array | None]:
    """Return the change of each row of an array by itself; None where one of them is left as it is."""

    def of(x: Array) -> Array | None:
        rows = [row for row in map(change, x) if row is not None]
        return np.stack(rows) if len(rows) == len(x) else None

    return of


def _on_labels(name: str, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Callable[[Inputs], Inputs | None]:
    return lambda inputs: {**inputs, name: change(inputs[name])}


def _on_number(name: str, kind: type, change: Callable[[Any], Any]) -> Callable[[Inputs], Inputs | None]:
    return lambda inputs: {**inputs, name: change(inputs[name])} if type(inputs[name]) is kind else None


def _fixed(name: str, value: float) -> Callable[[Inputs], Inputs | None]:
    return lambda inputs: {**inputs, name: value}


def _exchanges(inputs: Inputs) -> Iterator[Change]:
    for a, b in combinations(inputs, 2):
        x, y = inputs[a], inputs[b]
        alike = (
            type(x) is type(y)
            and type(x) in (int, float, np.ndarray)
            and getattr(x, "dtype", 0) == getattr(y, "dtype", 0)
        )
        if alike and np.shape(x) == np.shape(y):
            yield Change("inputs_exchanged", {"input": a, "other": b}, _exchanged(a, b))


def _exchanged(a: str, b: str) -> Callable[[Inputs], Inputs | None]:
    return lambda inputs: {**inputs, a: inputs[b], b: inputs[a]} if np.shape(inputs[a]) == np.shape(inputs[b]) else None
