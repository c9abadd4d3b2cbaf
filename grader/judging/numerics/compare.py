"""One answer against one expected value: equal within rounding, equal but for a policy, or wrong and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from grader.judging.declare.drives import Steps

__all__ = ["Expected", "Match", "Problem", "as_array", "match", "tolerance"]

Array = NDArray[np.float64]
SAFETY = 1000.0
"""Accept |got - expected| <= SAFETY · eps · E: the worst right answer of our study needed 100, the weakest wrong one 2.5e6."""
EPS = float(np.finfo(np.float64).eps)
TINY = float(np.finfo(np.float64).tiny)
LARGEST_INT = 2**63
Problem = Literal["type", "dtype", "shape", "nonfinite", "value"]


@dataclass(frozen=True)
class Expected:
    """A right answer: an array with its rounding bound E (same shape), or a plain value (string, int, list)."""

    value: Any
    bound: Array | None = None

    @cached_property
    def allowed(self) -> Array:
        """How far an answer may be off, entry by entry."""
        return tolerance(self)


@dataclass(frozen=True)
class Match:
    """The outcome of one comparison. ``got`` is the answer as an array, where it could be read as one."""

    ok: bool
    notes: tuple[str, ...] = ()
    problem: Problem | None = None
    message: str = ""
    got: Array | None = None
    worst: tuple[int, ...] | None = None


@dataclass(frozen=True)
class _Read:
    array: Any
    notes: tuple[str, ...] = ()
    problem: Problem | None = None
    message: str = ""


def tolerance(expected: Expected, tails: float = 0.0) -> Array:
    """How far an answer may be off, entry by entry; the smallest normal number allows for underflow."""
    assert expected.bound is not None
    bound = expected.bound
    if tails:
        bound = np.maximum(bound, max(tails, float(np.abs(expected.value).max(initial=0.0))))
    return np.asarray(SAFETY * EPS * bound + TINY)


def match(got: Any, expected: Expected, *, tails: float = 0.0, relative: float | None = None) -> Match:
    """Compare what came back with what is right.

    Args:
        got: arrays, numbers, strings or lists of them, as they crossed the wire; or :class:`Steps` of arrays.
        expected: the right answer.
        tails: judge against the largest entry of the array, or this number if it is larger (the exercise's choice).
        relative: a relative error that is accepted instead of the rounding bound (questions with a number).

    """
    if not isinstance(expected.value, np.ndarray):
        return _match_plain(got, expected.value, relative)
    if type(got) is np.ndarray and got.dtype == np.float64 and np.array_equal(got, expected.value):
        return Match(True, got=got)  # most answers are right to the last digit
    read = as_array(got, expected.value)
    if read.problem is not None:
        return Match(False, read.notes, read.problem, read.message, _float(read.array))
    array = np.asarray(read.array, dtype=np.float64)
    with np.errstate(all="ignore"):
        return _match_array(array, read, expected, tails, relative)


def _match_array(array: Array, read: _Read, expected: Expected, tails: float, relative: float | None) -> Match:
    off = np.abs(array - expected.value)
    allowed = expected.allowed if relative is None else relative * np.abs(expected.value)
    bad = ~(off <= allowed)
    if not bad.any():
        return Match(True, read.notes, got=array)
    if tails and not (~(off <= tolerance(expected, tails))).any():
        return Match(True, (*read.notes, "precision"), got=array)
    broken = ~np.isfinite(array) & np.isfinite(expected.value)
    if broken.any():
        where = tuple(int(i) for i in np.argwhere(broken)[0])
        return Match(False, read.notes, "nonfinite", f"it holds {array[where]}", array, where)
    excess = np.where(bad, off / allowed, 0.0)
    where = tuple(int(i) for i in np.unravel_index(int(np.argmax(excess)), excess.shape))
    return Match(False, read.notes, "value", "", array, where)


def _float(x: Any) -> Array | None:
    if isinstance(x, np.ndarray) and x.dtype.kind in "fiub":
        return x.astype(np.float64)
    return None


def as_array(got: Any, like: NDArray[Any]) -> _Read:
    """Read an answer as an array of the shape of ``like``, strictly but for the policies that are notes."""
    if isinstance(got, Steps):
        return _read_steps(got, like)
    notes: list[str] = []
    if isinstance(got, (bool, int, float)):
        # A Python integer may be larger than any float: as an answer it is infinite.
        got = np.asarray(
            got if isinstance(got, float) or abs(got) < LARGEST_INT else np.copysign(np.inf, 1 if got > 0 else -1)
        )
    elif isinstance(got, (list, tuple)):
        try:
            converted = np.array(got)
        except ValueError:
            return _Read(None, problem="type", message="it is a nested list whose rows differ in length")
        if converted.dtype.kind not in "fiub":
            return _Read(None, problem="type", message=f"it is a {type(got).__name__}, an array was asked for")
        got = converted
        notes.append("list_for_array")
    if not isinstance(got, np.ndarray):
        what = "None" if got is None else f"a {type(got).__name__}"
        hint = ": is a return missing?" if got is None else ""
        return _Read(None, problem="type", message=f"it is {what}, an array of shape {like.shape} was asked for{hint}")
    if got.shape != like.shape:
        squeezed = _policy_shape(got, like.shape)
        if squeezed is None:
            message = f"its shape is {got.shape}, it must be {like.shape}"
            return _Read(got, tuple(notes), "shape", message)
        notes.append("row_vector" if like.ndim else "scalar_shape")
        got = squeezed
    if got.dtype.kind in "iub":
        notes.append("integer_dtype")
    elif got.dtype != np.float64:
        return _Read(got, tuple(notes), "dtype", f"its dtype is {got.dtype}, it must be float64")
    return _Read(got, tuple(notes))


def _policy_shape(got: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any] | None:
    """(1, D) for (D,), and (1,) or (1, 1) for a scalar, are right in substance."""
    if len(shape) <= 1 and got.size == int(np.prod(shape)) and got.ndim in (1, 2) and got.shape[0] == 1:
        return got.reshape(shape)
    return None


def _read_steps(got: Steps, like: NDArray[Any]) -> _Read:
    reads = [as_array(step, like[i]) for i, step in enumerate(got)]
    for i, read in enumerate(reads, 1):
        if read.problem is not None:
            return _Read(None, read.notes, read.problem, f"after step {i}: {read.message}")
    notes = tuple(dict.fromkeys(note for read in reads for note in read.notes))
    return _Read(np.stack([np.asarray(read.array, dtype=np.float64) for read in reads]), notes)


def _match_plain(got: Any, expected: Any, relative: float | None) -> Match:
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got.item()
    elif isinstance(got, np.ndarray):
        got = got.tolist()
    if isinstance(expected, str):
        ok = isinstance(got, str) and _letter(got) == _letter(expected)
        return Match(ok, problem=None if ok else "value")
    if isinstance(expected, (list, tuple, set, frozenset)):
        chosen = list(got) if isinstance(got, (list, tuple, str)) else []
        ok = bool(chosen) and all(isinstance(c, str) for c in chosen) and _letters(chosen) == _letters(expected)
        return Match(ok, problem=None if ok else "value")
    if isinstance(expected, (int, float)):
        if isinstance(got, bool) or not isinstance(got, (int, float)):
            return Match(False, problem="type", message=f"it is a {type(got).__name__}, a number was asked for")
        ok = got == expected or abs(got - expected) <= (relative or 0.0) * abs(expected)
        return Match(ok, problem=None if ok else "value")
    raise TypeError(f"no comparison for an expected {type(expected).__name__}")


def _letter(answer: str) -> str:
    return answer.strip().strip("().").casefold()


def _letters(answers: Sequence[Any] | set[Any] | frozenset[Any]) -> set[str]:
    return {_letter(a) for a in answers if _letter(a)}
