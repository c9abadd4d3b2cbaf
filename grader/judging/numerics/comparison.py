"""The comparison of one answer with one expected value: equal within rounding, equal but for a policy, or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.declare import Finding
from grader.judging.numerics.reading import Problem, Read, read_array

__all__ = ["Expected", "Match", "compare", "tolerance"]

Array = NDArray[np.float64]
SAFETY = 1000.0
"""The factor in |got - expected| <= SAFETY · eps · E.

The worst right answer of our study needed 100, the weakest wrong one 2.5e6.
"""
EPS = float(np.finfo(np.float64).eps)
TINY = float(np.finfo(np.float64).tiny)
OF_LISTS = ("list_for_array", "integer_dtype")
"""The notes that a list of whole numbers has where an array was asked for."""


@dataclass(frozen=True)
class Expected:
    """A right answer: an array with its rounding bound E (same shape), or a plain value (string, int, list of letters).

    ``listed``: the model answer returns a list of numbers, so of a list that comes back nothing is said.
    """

    value: Any
    bound: Array | None = None
    listed: bool = False

    @cached_property
    def bytes(self) -> bytes:
        """Return the bytes of a right answer that is an array."""
        return bytes(self.value.tobytes())

    @cached_property
    def allowed(self) -> Array:
        """Return the largest error that is accepted of each entry, in the shape of the value."""
        return tolerance(self)


@dataclass(frozen=True)
class Match:
    """The outcome of one comparison.

    ``got`` is the answer as an array, or None if it is not readable as one; ``worst`` is the index of an entry at fault.
    """

    ok: bool
    notes: tuple[str, ...] = ()
    problem: Problem | None = None
    message: str = ""
    got: Array | None = None
    worst: tuple[int, ...] | None = None


def tolerance(expected: Expected, tails: float = 0.0) -> Array:
    """Return the largest error that is accepted of each entry, in the value's shape; ``tails`` as for :func:`compare`.

    The smallest normal number is added, to allow for underflow.
    """
    assert expected.bound is not None
    bound = expected.bound
    if tails:
        bound = np.maximum(bound, max(tails, float(np.abs(expected.value).max(initial=0.0))))
    return np.asarray(SAFETY * EPS * bound + TINY)


def compare(got: Any, expected: Expected, *, tails: float = 0.0, relative: float | None = None) -> Match:
    """Compare an answer with the right one.

    Args:
        got: arrays, numbers, strings or lists of them, as they crossed the wire; or :class:`Steps` of arrays.
        expected: the right answer.
        tails: judge against the largest entry of the array, or this number if it is larger (the exercise's choice).
        relative: a relative error that is accepted instead of the rounding bound (questions with a number).

    Raises:
        TypeError: the expected value is of a type that has no comparison.

    """
    if isinstance(expected.value, Finding):
        met = got == expected.value
        return Match(met, problem=None if met else "value", message=got.sentence if isinstance(got, Finding) else "")
    if not isinstance(expected.value, np.ndarray):
        return _compare_plain(got, expected.value, relative)
    read = read_array(got, expected.value)
    if expected.listed:
        read = replace(read, notes=tuple(note for note in read.notes if note not in OF_LISTS))
    if read.problem is not None:
        return Match(False, read.notes, read.problem, read.message, _float(read.array))
    array = np.asarray(read.array, dtype=np.float64)
    if array.tobytes() == expected.bytes:
        return Match(True, read.notes, got=array)  # most answers are right to the last digit
    with np.errstate(all="ignore"):
        return _compare_array(array, read, expected, tails, relative)


def _compare_array(array: Array, read: Read, expected: Expected, tails: float, relative: float | None) -> Match:
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


def _compare_plain(got: Any, expected: Any, relative: float | None) -> Match:
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got.item()
    elif isinstance(got, np.ndarray):
        got = got.tolist()
    if isinstance(expected, dict):
        pairs = isinstance(got, dict) and all(type(v) in (str, int) for v in got.values())
        ok = pairs and {_letter(k): _letter(str(v)) for k, v in got.items()} == {
            _letter(k): _letter(v) for k, v in expected.items()
        }
        return Match(ok, problem=None if ok else "value")
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
