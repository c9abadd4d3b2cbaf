"""The reading of an answer as an array, before ``comparison``: strict, but for the policies that become notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from grader.judging.declare import Steps

__all__ = ["Problem", "Read", "read_array"]

LARGEST_INT = 2**63
Problem = Literal["type", "dtype", "shape", "nonfinite", "value"]
"""The faults of an answer; ``nonfinite`` and ``value`` are found by the comparison only."""


@dataclass(frozen=True)
class Read:
    """An answer as an array, with the policies that applied; or the problem that forbids reading it, with a sentence."""

    array: Any
    notes: tuple[str, ...] = ()
    problem: Problem | None = None
    message: str = ""


def read_array(got: Any, like: NDArray[Any]) -> Read:
    """Read an answer as an array of the shape of ``like``: nested lists, (1, D) for (D,) and integers are read with a note."""
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
            return Read(None, problem="type", message="it is a nested list whose rows differ in length")
        if converted.dtype.kind not in "fiub":
            return Read(None, problem="type", message=f"it is a {type(got).__name__}, an array was asked for")
        got = converted
        notes.append("list_for_array")
    if not isinstance(got, np.ndarray):
        what = "None" if got is None else f"a {type(got).__name__}"
        hint = ": is a return missing?" if got is None else ""
        return Read(None, problem="type", message=f"it is {what}, an array of shape {like.shape} was asked for{hint}")
    if got.shape != like.shape:
        squeezed = _policy_shape(got, like.shape)
        if squeezed is None:
            message = f"its shape is {got.shape}, it must be {like.shape}"
            return Read(got, tuple(notes), "shape", message)
        notes.append("row_vector" if like.ndim else "scalar_shape")
        got = squeezed
    if got.dtype.kind in "iub":
        notes.append("integer_dtype")
    elif got.dtype != np.float64:
        return Read(got, tuple(notes), "dtype", f"its dtype is {got.dtype}, it must be float64")
    return Read(got, tuple(notes))


def _policy_shape(got: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any] | None:
    """Reshape (1, D) to (D,), and (1,) or (1, 1) to a scalar; None for any other shape."""
    if len(shape) <= 1 and got.size == int(np.prod(shape)) and got.ndim in (1, 2) and got.shape[0] == 1:
        return got.reshape(shape)
    return None


def _read_steps(got: Steps, like: NDArray[Any]) -> Read:
    if all(type(step) is np.ndarray and step.dtype == np.float64 and step.shape == like.shape[1:] for step in got):
        return Read(np.stack(got))  # no policy applies to any of them
    reads = [read_array(step, like[i]) for i, step in enumerate(got)]
    for i, read in enumerate(reads, 1):
        if read.problem is not None:
            return Read(None, read.notes, read.problem, f"after step {i}: {read.message}")
    notes = tuple(dict.fromkeys(note for read in reads for note in read.notes))
    return Read(np.stack([np.asarray(read.array, dtype=np.float64) for read in reads]), notes)
