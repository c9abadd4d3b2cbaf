"""Values as plain JSON and back: numbers, strings, lists, tuples, dicts, arrays, findings, and references to inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.declare import Earlier, Finding
from grader.judging.notation import FormTest
from grader.judging.numerics import Expected

__all__ = ["CACHE", "StaysError", "pack", "pack_expected", "unpack", "unpack_expected"]

Array = NDArray[np.float64]
CACHE = "cache"
"""The name of the documented cache among the things that may be referred to."""
DIGITS = 12
"""The significant digits of a right answer: processors differ beyond."""
TINY = 1e-290
USUAL = 64.0
"""The rounding bound of an entry, in its size, where none stands with it."""


class StaysError(ValueError):
    """Something of a declaration that cannot be made data; the message says what, and what to write in its place."""


def pack(value: Any, known: Mapping[str, Any]) -> Any:
    """Return a value as plain JSON; what is one of the ``known`` values, or a row of one, is a reference to it."""
    reference = _reference(value, known)
    if reference is not None:
        return {"input": reference}
    match value:
        case Finding(sentence):
            return {"finding": sentence}
        case Earlier(call, position, names):
            return {"earlier": [call, position, list(names)]}
        case FormTest(kind, arguments):
            return {"form": [kind, *arguments]}
        case np.ndarray():
            return {"array": _entries(value), "shape": list(value.shape), "dtype": str(value.dtype)}
        case np.generic():
            return pack(value.item(), known)
        case tuple():
            return {"tuple": [pack(v, known) for v in value]}
        case list():
            return [pack(v, known) for v in value]
        case Mapping():
            return {"dict": {k: pack(v, known) for k, v in value.items()}}
        case float() if not math.isfinite(value):
            return {"float": str(value)}
        case None | bool() | int() | float() | str():
            return value
    if hasattr(value, "__code__"):
        return {"function": value.__name__}
    raise StaysError(
        f"a {type(value).__name__} cannot travel with the public data: numbers, texts, arrays, and lists of them can"
    )


def _entries(array: NDArray[Any]) -> list[Any]:
    if array.dtype.kind != "f":
        return array.ravel().tolist()
    return [_entry(x) for x in array.ravel().tolist()]


def _entry(x: float) -> Any:
    if not math.isfinite(x):
        return str(x)
    whole = x == int(x) and abs(x) < 1e15 and str(x) != "-0.0"
    return int(x) if whole else x


def _reference(value: Any, known: Mapping[str, Any]) -> str | list[Any] | None:
    if isinstance(value, (bool, int, str)) or value is None:
        return None  # one small number is like another
    for name, other in known.items():
        if value is other:
            return name
        if isinstance(value, np.ndarray) and isinstance(other, np.ndarray) and other.ndim and value.base is not None:
            rows = [i for i, row in enumerate(other) if np.shares_memory(row, value) and row.shape == value.shape]
            if len(rows) == 1 and np.array_equal(other[rows[0]], value, equal_nan=True):
                return [name, rows[0]]
    return None


def unpack(packed: Any, known: Mapping[str, Any], function: Callable[[str], Any] | None = None) -> Any:
    """Undo :func:`pack`: references are to the values ``known`` here; ``function`` looks up a function by its name."""
    if isinstance(packed, list):
        return [unpack(v, known, function) for v in packed]
    if not isinstance(packed, dict):
        return packed
    (kind, value), *more = packed.items()
    match kind:
        case "input":
            return known[value] if isinstance(value, str) else known[value[0]][value[1]]
        case "finding":
            return Finding(value)
        case "earlier":
            return Earlier(value[0], value[1], tuple(value[2]))
        case "form":
            return FormTest(value[0], tuple(value[1:]))
        case "float":
            return float(value)
        case "array":
            shape, dtype = (v for _, v in more)
            return np.array([float(x) if isinstance(x, str) else x for x in value], dtype=dtype).reshape(shape)
        case "tuple":
            return tuple(unpack(v, known, function) for v in value)
        case "function" if function is not None:
            return function(value)
        case _:
            return {k: unpack(v, known, function) for k, v in value.items()}


def pack_expected(expected: Expected) -> Any:
    """Return a right answer as plain JSON, rounded to what every processor computes."""
    if expected.bound is None or not isinstance(expected.value, np.ndarray):
        return pack(expected.value, {})
    value, bound = np.asarray(expected.value, dtype=np.float64), np.asarray(expected.bound)
    places = np.maximum(np.abs(value) * 10.0**-DIGITS, expected.allowed / 10)
    entries = zip(value.ravel().tolist(), places.ravel().tolist(), strict=True)
    short = np.array([_rounded(x, place) for x, place in entries])
    packed = {"value": _entries(short), "shape": list(value.shape), **({"listed": True} if expected.listed else {})}
    if not np.all(bound <= USUAL * np.abs(short.reshape(value.shape))):
        # The rounding of the value is a part of what it may be off.
        packed["bound"] = [float(f"{e + 3 * abs(x):.2g}") for e, x in zip(bound.ravel(), short, strict=True)]
    return packed


def _rounded(x: float, place: float) -> float:
    return round(x, -math.floor(math.log10(place))) + 0.0 if place > TINY and math.isfinite(x) else x + 0.0


def unpack_expected(packed: Any) -> Expected:
    """Undo :func:`pack_expected`, but for the last digits."""
    if not (isinstance(packed, dict) and "value" in packed):
        return Expected(unpack(packed, {}))
    value = np.array(packed["value"], dtype=np.float64).reshape(packed["shape"])
    bound = packed.get("bound")
    near = USUAL * np.abs(value) if bound is None else np.reshape(np.array(bound, float), value.shape)
    return Expected(value, near, packed.get("listed") is True)
