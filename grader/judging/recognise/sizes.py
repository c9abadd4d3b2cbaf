"""Constant factors that are made of named sizes: the root of a head's width, the number of steps, height times width."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from math import prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.declare import Blocks, Exercise
from grader.judging.recognise.evidence import EXACT, Seen, predicts
from grader.judging.recognise.recognised import Prediction, Recognised

__all__ = ["off_by_size"]

Array = NDArray[np.float64]
FACTORS: Mapping[str, Callable[[float], float]] = {
    "times_size": lambda n: n,
    "over_size": lambda n: 1 / n,
    "times_root_size": sqrt,
    "over_root_size": lambda n: 1 / sqrt(n),
    "size_for_one_less": lambda n: (n - 1) / n,
    "one_less_for_size": lambda n: n / (n - 1),
}
"""What a size makes of a right answer, by the fact's code."""
MOST = 4
"""More axes of one input than this are not multiplied with each other."""


def off_by_size(seen: Sequence[Seen]) -> Recognised | None:
    """Recognise an output that is the right one times a factor made of a size of the inputs, which is not the same in all cases."""
    first = next((s for s in seen if not s.ok and np.isfinite(s.got).all() and s.right.any()), None)
    if first is None:
        return None
    factor = float(np.sum(first.got * first.right) / np.sum(first.right * first.right))
    exercise = first.case.exercise
    for size, number in _sizes(exercise, first.case.inputs):
        for code in FACTORS:
            made = _factor(code, number)
            if made is None or abs(made - factor) > EXACT * abs(factor):
                continue
            predict = _predicted(exercise, size, code)
            if _varies(exercise, size, code, seen) and predicts(seen, predict):
                return Recognised(code, "factor", values={"size": size}, predict=predict)
    return None


def _factor(code: str, number: float) -> float | None:
    return FACTORS[code](number) if number > 1 else (1.0 if number == 1 and "one_less" not in code else None)


def _varies(exercise: Exercise, size: str, code: str, seen: Sequence[Seen]) -> bool:
    """Return True if every wrong case has a size, and it is not the same in all: else nobody could tell it from a constant."""
    found = {dict(_sizes(exercise, s.case.inputs)).get(size) for s in seen if not s.ok}
    return len(found) > 1 and all(number is not None and _factor(code, number) is not None for number in found)


def _predicted(exercise: Exercise, size: str, code: str) -> Prediction:
    def predict(inputs: Mapping[str, Any], right: Array) -> Array | None:
        number = dict(_sizes(exercise, inputs)).get(size)
        factor = None if number is None else _factor(code, number)
        return None if factor is None else factor * right

    return predict


def _sizes(exercise: Exercise, inputs: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield the sizes of a case's inputs in words: numbers that are given, lengths of axes, and products of these."""
    given = {name: x for name, x in inputs.items() if type(x) is int and x > 0}
    yield from given.items()
    for name, x in inputs.items():
        if not isinstance(x, np.ndarray) or x.ndim == 0 or x.size == 0:
            continue
        words = list(_axes(exercise, name, x.ndim))
        for word, length in zip(words, x.shape, strict=True):
            yield f"the length of {_the(word)} of {name}", length
            for other, number in given.items():
                if length % number == 0:
                    yield f"the length of {_the(word)} of {name} divided by {other}", length // number
        for count in range(2, x.ndim + 1 if x.ndim <= MOST else 0):
            for chosen in combinations(range(x.ndim), count):
                *first, last = (words[i] for i in chosen)
                yield (
                    f"the number of entries along {', '.join(first)} and {last} of {name}",
                    prod(x.shape[i] for i in chosen),
                )
        for axis, length in zip(exercise.places.get(f"d{name}", ()), x.shape, strict=False):
            if isinstance(axis, Blocks):
                yield f"the length of one {axis.name} of {name}", length / len(axis.names)


def _the(axis: str) -> str:
    return axis if axis.startswith("the") or axis[-1].isdigit() else f"the {axis}"


def _axes(exercise: Exercise, name: str, count: int) -> Iterator[str]:
    """Yield words for the axes of an input: their names, if the gradient for it has names for its own."""
    named = exercise.places.get(f"d{name}", ())
    for number in range(count):
        if len(named) == count:
            axis = named[number]
            yield f"axis {axis.name if isinstance(axis, Blocks) else axis}"
        else:
            yield "the last axis" if number == count - 1 else f"axis {number}"
