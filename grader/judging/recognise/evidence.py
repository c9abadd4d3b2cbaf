"""The evidence of a diagnosis: what came back at each case beside what is right, and when a claim explains it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking.trials import Trial, judged
from grader.judging.cases.case import Case
from grader.judging.declare.drives import Steps
from grader.judging.declare.exercise import Exercise
from grader.judging.numerics.compare import as_array

__all__ = ["EXACT", "WITNESSES", "Seen", "close", "explains", "floats", "seen_of"]

Array = NDArray[np.float64]
EXACT = 1e-9
WITNESSES = 3
"""A claim must be borne out by at least this many cases, and by the right answer on fewer."""


@dataclass(frozen=True, eq=False)
class Seen:
    """One case: what came, what is right, how far the two may be apart by rounding."""

    case: Case
    got: Array
    right: Array
    slack: Array
    ok: bool


def seen_of(exercise: Exercise, k: int, trials: Sequence[Trial]) -> Iterator[Seen]:
    """What came back for one output, where it can be read as an array and what is right is one."""
    for trial in trials:
        if trial.failure is not None or trial.case.expected is None:
            continue
        expected = trial.case.expected[k]
        got = floats(trial.outputs[k])
        if got is None or not isinstance(expected.value, np.ndarray):
            continue
        yield Seen(trial.case, got, expected.value, expected.allowed, judged(exercise, trial, k).ok)


def floats(x: Any) -> Array | None:
    """What came back as a float array, whatever its shape."""
    if isinstance(x, Steps):
        rows = [floats(step) for step in x]
        if any(row is None or row.shape != (rows[0].shape if rows[0] is not None else ()) for row in rows):
            return None
        return np.stack([row for row in rows if row is not None])
    if isinstance(x, np.ndarray):
        return x.astype(np.float64) if x.dtype.kind in "fiub" else None
    if isinstance(x, (int, float, list, tuple)):
        read = as_array(x, np.empty(()))
        return np.asarray(read.array, dtype=np.float64) if read.array is not None else None
    return None


def close(a: Array, b: Array, slack: Any = 0.0) -> bool:
    """Whether two arrays of one shape are the same to nine digits of their largest entry, or within ``slack``."""
    if a.shape != b.shape:
        return False
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    finite = np.isfinite(a) & np.isfinite(b)
    size = max(np.abs(a[finite]).max(initial=0.0), np.abs(b[finite]).max(initial=0.0))
    with np.errstate(invalid="ignore"):
        return bool(np.all(same | (np.abs(a - b) <= EXACT * size + slack)))


def explains(seen: Sequence[Seen], claim: Callable[[Seen], Array | None]) -> bool:
    """Whether a claim gives what came back on every case where it applies, against the model answer somewhere."""
    told_apart = witnesses = 0
    for s in seen:
        with np.errstate(all="ignore"):
            claimed = claim(s)
        if claimed is None:
            continue
        slack = s.slack if s.slack.shape == claimed.shape else 0.0
        if not close(s.got, claimed, slack):
            return False
        witnesses += 1
        told_apart += not close(s.right, claimed, slack)
    return witnesses >= WITNESSES and told_apart >= 1
