"""The inputs of an exercise, made of what a student's file has, in the types of the exercise's own cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging import OMITTED, Bench, Exercise

__all__ = ["UnfitError", "inputs_of", "numbers"]

NUMBERS = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}
"""Texts that stand for numbers which JSON has not."""


class UnfitError(ValueError):
    """Inputs that are not those of the exercise; the reason."""


def inputs_of(exercise: Exercise, given: Mapping[str, Any]) -> dict[str, Any]:
    """Make the inputs in the types of the exercise's own cases.

    Raises:
        UnfitError: a name is unknown or missing, or a value does not fit.

    """
    unknown = [name for name in given if name not in exercise.inputs]
    if unknown:
        raise UnfitError(
            f"{exercise.name} has no input {unknown[0]!r}; there are {', '.join(exercise.inputs) or 'none'}"
        )
    cases = Bench([exercise], drawn=0).cases(exercise)
    inputs: dict[str, Any] = {}
    for name in exercise.inputs:
        samples = [case.inputs[name] for case in cases]
        may_be_left_out = any(_is_omitted(sample) for sample in samples)
        if name not in given or _is_omitted(given[name]):
            if not may_be_left_out:
                raise UnfitError(f"the input {name!r} of {exercise.name} is missing")
            inputs[name] = OMITTED
            continue
        there = [sample for sample in samples if not _is_omitted(sample)]
        inputs[name] = _made(name, given[name], there)
    return inputs


def _is_omitted(value: Any) -> bool:
    return isinstance(value, str) and value == OMITTED


def _made(name: str, value: Any, samples: Sequence[Any]) -> Any:
    """Make a value of a type that the samples have, all of one input."""
    by_type: dict[type, list[Any]] = {}
    for sample in samples:
        by_type.setdefault(type(sample), []).append(sample)
    refused = UnfitError(f"{name} is in no case: the model answer cannot be asked")
    for of_type in by_type.values():
        try:
            return _of_type(name, value, of_type)
        except UnfitError as error:
            refused = error
    raise refused


def _of_type(name: str, value: Any, samples: Sequence[Any]) -> Any:
    """Make a value of the type of the samples, which all have one."""
    sample = next((s for s in samples if not (isinstance(s, (list, tuple, dict)) and not s)), samples[0])
    if isinstance(sample, np.ndarray):
        return _array(name, value, {np.ndim(s) for s in samples}, sample.dtype.kind)
    if isinstance(sample, str):
        if value not in [s for s in samples if isinstance(s, str)]:
            raise UnfitError(f"{name} is one of {', '.join(sorted({str(s) for s in samples}))}")
        return value
    if isinstance(sample, bool):
        return _of(name, value, bool)
    if isinstance(sample, (int, np.integer)):
        return _of(name, int(value) if isinstance(value, float) and value.is_integer() else value, int)
    if isinstance(sample, (float, np.floating)):
        return float(_of(name, NUMBERS.get(value, value) if isinstance(value, str) else value, (int, float)))
    if isinstance(sample, (list, tuple)):
        entries = _of(name, value, list)
        return type(sample)(_entry(name, entry, sample) for entry in entries)
    if isinstance(sample, Mapping):
        return _entry(name, _of(name, value, dict), (sample,))
    if sample is None and value is None:
        return None
    raise UnfitError(f"{name} is a {type(sample).__name__}, which a file cannot hold: the model answer cannot be asked")


def _entry(name: str, value: Any, samples: Sequence[Any]) -> Any:
    """Make an entry of a list or object: an array if its sample is one, a tuple likewise, else as it came."""
    sample = samples[0] if samples else None
    if isinstance(sample, np.ndarray):
        return _array(name, value, None, sample.dtype.kind)
    if isinstance(sample, tuple) and isinstance(value, list):
        return tuple(_entry(name, v, sample[i : i + 1]) for i, v in enumerate(value))
    if isinstance(value, list) and isinstance(sample, list):
        return [_entry(name, v, sample) for v in value]
    if isinstance(value, Mapping) and isinstance(sample, Mapping):
        return {k: _entry(name, v, (sample[k],) if k in sample else ()) for k, v in value.items()}
    return NUMBERS.get(value, value) if isinstance(value, str) and isinstance(sample, float) else value


def _of(name: str, value: Any, kind: type | tuple[type, ...]) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        wanted = kind.__name__ if isinstance(kind, type) else "number"
        raise UnfitError(f"{name} is a {wanted}, not {str(value)[:60]!r}")
    return value


def _array(name: str, value: Any, dims: set[int] | None, kind: str) -> NDArray[Any]:
    """Make an array with so many axes, of floats, of whole numbers (``kind`` i or u), or of truth values (b)."""
    try:
        found = np.array(numbers(value, truth=kind == "b"), dtype=np.float64)
    except (TypeError, ValueError, RecursionError):
        raise UnfitError(f"{name} is an array: lists of numbers, all rows of one length") from None
    if dims is not None and found.ndim not in dims:
        raise UnfitError(f"{name} has {found.ndim} axes, and {' or '.join(map(str, sorted(dims)))} are asked")
    if kind == "b":
        return found.astype(np.bool_)
    if kind in "iu":
        if not (np.isfinite(found).all() and (found == np.round(found)).all()):
            raise UnfitError(f"{name} holds whole numbers alone")
        return found.astype(np.int64)
    return found


def numbers(value: Any, *, truth: bool = False) -> Any:
    """Return nested lists of floats; truth values count as numbers if they are asked.

    Raises:
        TypeError: something else is in them.

    """
    if isinstance(value, list):
        return [numbers(entry, truth=truth) for entry in value]
    if isinstance(value, str) and value in NUMBERS:
        return NUMBERS[value]
    if isinstance(value, bool) is truth and isinstance(value, (bool, int, float)):
        return float(value)
    raise TypeError
