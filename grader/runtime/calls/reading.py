"""Replies read from the bytes of an agent's answers; the same bytes are read once for a class."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from grader.judging import Lost, Raised, Refused, Reply, Returned
from grader.runtime.inside import Kind, WireError, decode
from grader.runtime.stable_text import stable_text

__all__ = ["failed", "returned"]

SMALL, REMEMBERED = 1 << 11, 1 << 13
"""Values of so many bytes at most are remembered, and so many of them."""


def returned(payload: bytes, watched: bool) -> Returned:
    """Read the value that a call returned, with the arguments that it changed if it was watched.

    A right answer is nearly always the same to the last bit: for the same bytes the same object is returned, if they are few, and
    what the judge concludes from it need not be concluded again. Its arrays cannot be written.

    Raises:
        WireError: it is none.

    """
    return _shared(payload, watched) if len(payload) <= SMALL else Returned(*_read(payload, watched))


@lru_cache(maxsize=REMEMBERED)
def _shared(payload: bytes, watched: bool) -> Returned:
    value, mutated = _read(payload, watched)
    _protect(value)
    return Returned(value, mutated, shared=True)


def _read(payload: bytes, watched: bool) -> tuple[Any, tuple[int, ...]]:
    value = decode(payload)
    if not watched:
        return value, ()
    match value:
        case (value, tuple(mutated)) if all(type(i) is int for i in mutated):
            return value, mutated
    raise WireError("no value with the numbers of the arguments that were changed")


def _protect(value: Any) -> None:
    """Forbid to write to the arrays of a value, which another submission may share."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, (tuple, list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            _protect(item)


def failed(kind: int, payload: bytes, cpu_seconds: float, seconds: float) -> Reply | None:
    """Read an answer of the agent's to a call that brought no value; None if it was not made, since its chain could not go on.

    Args:
        kind: of the frame.
        payload: of the frame.
        cpu_seconds: the limit of the processor's time that the call had.
        seconds: the limit by the clock.

    Raises:
        WireError: it is none.

    """
    match kind, decode(payload):
        case Kind.RAISED, (str(name), str(message), str(traceback), str(output)):
            return Raised(stable_text(name), stable_text(message), stable_text(traceback), stable_text(output))
        case Kind.REFUSED, str(reason):
            return Refused(stable_text(reason))
        case Kind.TIMED_OUT, "cpu":
            return Lost("timed_out", f"it used more than {cpu_seconds:g} s of processor time")
        case Kind.TIMED_OUT, _:
            return Lost("timed_out", f"it did not return within {seconds:g} s")
        case Kind.CUT, None:
            return None
    raise WireError("no answer to a call")
