"""Answers that are the right one, changed afterwards: cut to whole numbers, clipped, squared, put in another order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.recognise.evidence import EXACT, WITNESSES, Seen, is_constant, predicts
from grader.judging.recognise.recognised import Prediction, Recognised

__all__ = ["right_but_transformed"]

Array = NDArray[np.float64]
FACES: dict[str, Callable[[Array], Array]] = {
    "abs": np.abs,
    "whole": np.trunc,
    "floor": np.floor,
    "ceil": np.ceil,
    "rounded": np.round,
    "positive_part": lambda r: np.maximum(r, 0.0),
    "sign": np.sign,
    "squared": np.square,
    "root": np.sqrt,
    "inverse": lambda r: 1.0 / r,
    "one_minus": lambda r: 1.0 - r,
    "exp": np.exp,
    "log": np.log,
    "reversed": lambda r: r[..., ::-1],
    "reversed_rows": lambda r: r[::-1],
    "sorted": lambda r: np.sort(r, axis=-1),
    "over_its_largest": lambda r: r / np.max(r),
    "over_its_sum": lambda r: r / np.sum(r),
    "over_its_norm": lambda r: r / np.sqrt(np.sum(r * r)),
    "less_its_mean": lambda r: r - np.mean(r),
    "mean_of_all": lambda r: np.full(r.shape, np.mean(r)),
    "running_sum": lambda r: np.cumsum(r, axis=-1),
    "running_sum_rows": lambda r: np.cumsum(r, axis=0),
    "diagonal": lambda r: np.diag(np.diag(r)),
    "rounded_1": lambda r: np.round(r, 1),
    "rounded_2": lambda r: np.round(r, 2),
    "rounded_3": lambda r: np.round(r, 3),
    "rounded_4": lambda r: np.round(r, 4),
    "rounded_6": lambda r: np.round(r, 6),
}
"""What a student may have done to a right answer, by the end of the fact's code."""
SQUARE, ROWS, ALONG = (
    ("diagonal",),
    ("reversed_rows", "running_sum_rows"),
    ("reversed", "sorted", "running_sum", "mean_of_all"),
)
"""Of these what needs a matrix, two axes, and one axis."""
OF_MANY = ("over_its_largest", "over_its_sum", "over_its_norm", "less_its_mean", "mean_of_all")
"""Of these what means something of several entries only."""
LEAST = tuple(10.0**-k for k in range(1, 16))
MOVES = ("w",)
"""Inputs that a rule moves on from: an output of their shape is a step away from them."""


def right_but_transformed(seen: Sequence[Seen]) -> Recognised | None:
    """Recognise an output that is the right one with something done to it, on every case."""
    if any(s.got.shape != s.right.shape for s in seen) or is_constant(seen):
        return None
    axes = {s.right.ndim for s in seen}
    single = all(s.right.size == 1 for s in seen)
    for code, face in FACES.items():
        if (code in SQUARE and axes != {2}) or (code in ROWS and min(axes) < 2) or (code in ALONG and min(axes) < 1):
            continue
        if single and code in OF_MANY:
            continue
        if predicts(seen, predict := _of_right(face)):
            return Recognised(f"answer_{code}", "answer", predict=predict)
    for bound in LEAST:
        for code, low, high in (("within", bound, 1.0 - bound), ("at_least", bound, np.inf)):
            if predicts(seen, predict := _of_right(partial(np.clip, a_min=low, a_max=high))):
                return Recognised(f"answer_{code}", "answer", values={"bound": bound}, predict=predict)
    return _returned(seen) or _step(seen) or _offset(seen)


def _of_right(face: Callable[[Array], Array]) -> Prediction:
    return lambda _, right: face(right)


def _returned(seen: Sequence[Seen]) -> Recognised | None:
    """An input came back as it was."""
    for name, x in seen[0].case.inputs.items():
        if isinstance(x, np.ndarray) and predicts(seen, predict := _input(name)):
            return Recognised("answer_is_input", "answer", values={"input": name}, predict=predict)
    return None


def _input(name: str) -> Prediction:
    def predict(inputs: Mapping[str, Any], right: Array) -> Array | None:
        x = np.asarray(inputs[name])
        return (
            np.asarray(x, dtype=np.float64) if x.shape == right.shape and x.dtype.kind in "fiu" else np.full(1, np.nan)
        )

    return predict


def _step(seen: Sequence[Seen]) -> Recognised | None:
    """A step of another length: from w on, c times as far as it should be."""
    for name in MOVES:
        given = [s.case.inputs.get(name) for s in seen]
        starts = [w for w, s in zip(given, seen, strict=True) if isinstance(w, np.ndarray) and w.shape == s.right.shape]
        if len(starts) < len(seen):
            continue
        ratios = [
            float(np.sum((s.got - w) * (s.right - w)) / size)
            for w, s in zip(starts, seen, strict=True)
            if np.isfinite(s.got).all() and (size := float(np.sum((s.right - w) ** 2))) > 0
        ]
        if len(ratios) < WITNESSES:
            continue
        c = median(ratios)

        def stepped(inputs: Mapping[str, Any], right: Array, name: str = name, c: float = c) -> Array:
            return np.asarray(inputs[name] + c * (right - inputs[name]))

        if abs(c - 1) > EXACT and predicts(seen, stepped):
            return Recognised("step_length", "answer", values={"constant": c, "input": name}, predict=stepped)
    return None


def _offset(seen: Sequence[Seen]) -> Recognised | None:
    """The right answer and a constant more."""
    finite = [s for s in seen if np.isfinite(s.got).all() and s.got.size]
    if len(finite) < WITNESSES:
        return None
    c = median(float(np.median(s.got - s.right)) for s in finite)
    if c != 0 and predicts(seen, predict := _of_right(lambda r: r + c)):
        return Recognised("offset", "answer", values={"constant": c}, predict=predict)
    return None
