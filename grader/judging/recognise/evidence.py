"""The evidence for a fact: the answers at each case beside the right ones, and the rule by which a claim explains them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Trial
from grader.judging.cases import Case
from grader.judging.declare import Steps
from grader.judging.numerics import read_array
from grader.judging.recognise.recognised import Prediction

__all__ = ["EXACT", "WITNESSES", "Seen", "close", "explains", "floats", "is_constant", "predicts", "reals", "seen_of"]

Array = NDArray[np.float64]
EXACT = 1e-9
WITNESSES = 3
"""A claim needs this many cases that tell it from the right answer, all of them finite: infinities are alike for any reason."""


@dataclass(frozen=True, eq=False)
class Seen:
    """One case: the answer that came, the right one, and how far the two may be apart by rounding."""

    case: Case
    got: Array
    right: Array
    slack: Array
    ok: bool


def seen_of(output: int, trials: Sequence[Trial]) -> Iterator[Seen]:
    """Yield the answers for one output beside the right ones, where both can be read as arrays."""
    for trial in trials:
        if trial.failure is not None or trial.case.expected is None:
            continue
        expected = trial.case.expected[output]
        got = floats(trial.outputs[output])
        if got is None or not isinstance(expected.value, np.ndarray):
            continue
        yield Seen(trial.case, got, expected.value, expected.allowed, trial.matches[output].ok)


def floats(x: Any) -> Array | None:
    """Read an answer as a float array, whatever its shape; None if it is none."""
    if isinstance(x, Steps):
        rows = [floats(step) for step in x]
        if any(row is None or row.shape != (rows[0].shape if rows[0] is not None else ()) for row in rows):
            return None
        return np.stack([row for row in rows if row is not None])
    if isinstance(x, np.ndarray):
        return x.astype(np.float64) if x.dtype.kind in "fiub" else None
    if isinstance(x, (int, float, list, tuple)):
        try:  # as it is: a list of one number is not taken for a number
            read = read_array(x, np.empty(np.shape(x)))
        except ValueError:
            return None  # rows of several lengths
        return np.asarray(read.array, dtype=np.float64) if read.array is not None else None
    return None


def is_constant(seen: Sequence[Seen]) -> bool:
    """Return True if one number is answered to everything: rounding, signs and the like may then give it by chance."""
    values = {float(v) for s in seen for v in np.unique(s.got)[:2]}
    return len(values) <= 1


def reals(x: Any) -> Array | None:
    """Read an answer of ours as a float array; None if it is none, complex numbers included."""
    try:
        return None if np.iscomplexobj(x) else np.asarray(x, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):  # a mutant may return anything
        return None


def close(a: Array, b: Array, slack: Any = 0.0) -> bool:
    """Return True if two arrays of one shape are the same to nine digits of their largest entry, or within ``slack``."""
    if a.shape != b.shape:
        return False
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    finite = np.isfinite(a) & np.isfinite(b)
    size = max(np.abs(a[finite]).max(initial=0.0), np.abs(b[finite]).max(initial=0.0))
    with np.errstate(invalid="ignore"):
        return bool(np.all(same | (np.abs(a - b) <= EXACT * size + slack)))


def explains(seen: Sequence[Seen], claim: Callable[[Seen], Array | None], lost: float = 0.0) -> bool:
    """Return True if a claim gives the answers of every case where it applies, and finite ones that are not right in enough.

    ``lost`` is what an answer may be off beyond rounding.
    """
    told_apart = 0
    for s in seen:
        with np.errstate(all="ignore"):
            claimed = claim(s)
        if claimed is None:
            continue
        slack = (s.slack if s.slack.shape == claimed.shape else 0.0) + lost
        if not close(s.got, claimed, slack):
            return False
        told_apart += bool(np.isfinite(claimed).all()) and not close(s.right, claimed, slack)
    return told_apart >= WITNESSES


def predicts(seen: Sequence[Seen], prediction: Prediction) -> bool:
    """Return True if a prediction gives the answers of every case where it says anything; see :func:`explains`."""
    return explains(seen, lambda s: prediction(s.case.inputs, s.right))
