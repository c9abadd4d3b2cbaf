"""Numbers over some decades, and answers that are lists of numbers, for the exercises on the chain rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.judging import Asked, Chain, Drive, Input, Malformed, Plan, Recipe, drawn, outputs_of, read_as

__all__ = ["but_at", "listed", "number_of", "positive", "signed", "values_of"]

ROUND = 20
"""The numbers of cases begin again after so many. The battery has 0, 1, 2, 4, 5, 6, 7 and 9; the worked examples have others."""


def positive(low: float, high: float) -> Input:
    """Specify a positive number whose decimal logarithm is uniform in [low, high]."""
    return drawn(lambda m: float(10.0 ** m.rng.uniform(low, high)))


def signed(low: float, high: float) -> Input:
    """Specify a number of either sign, not 0, the decimal logarithm of whose size is uniform in [low, high]."""
    return drawn(lambda m: float(m.rng.choice((-1.0, 1.0)) * 10.0 ** m.rng.uniform(low, high)))


def number_of(recipe: Recipe) -> int:
    """Return the number of a case, by which it gets what is never drawn from a continuum: zeros, ties, whole numbers."""
    return (recipe.seed + {"randn": 0, "odd": 4}.get(recipe.style, 8)) % ROUND


def but_at(spec: Input, edges: Mapping[int, Any]) -> Input:
    """Specify what ``spec`` draws, but in the cases of these numbers (:func:`number_of`) the value that stands there."""

    def make(making: Any) -> Any:
        value = spec.draw(making)  # drawn in any case: what comes after it is the same
        return edges.get(number_of(making.recipe), value)

    return drawn(make)


def values_of(value: Any) -> Any:
    """Return an array as the list of its numbers, nested as the array is; anything else as it is."""
    return value.tolist() if isinstance(value, np.ndarray) and value.ndim else value


def listed(*, each: int | None = None, form: str = "") -> Drive:
    """Make the drive of a function that returns as many numbers as there are outputs, in a tuple, a list or an array.

    Args:
        each: the numbers stand in groups of this many, which are flattened.
        form: the form that is asked for, in words, where they stand in groups.

    """

    def drive(asked: Asked, inputs: Mapping[str, Any]) -> Plan:
        reading = read_as(numbers_of, values_of, function=asked.own, names=list(asked.outputs), each=each, form=form)
        return Plan(Chain((asked.call(*inputs.values()),)), reading)

    return drive


def numbers_of(value: Any, function: str, names: Sequence[str], each: int | None, form: str) -> Sequence[Any]:
    """Read as many numbers as there are names, one by one or in groups of ``each``.

    Raises:
        Malformed: they are not in this form.

    """
    value = values_of(value)
    if each is None:
        return outputs_of(value, len(names), function, names)
    groups = [values_of(group) for group in value] if isinstance(value, (tuple, list)) else []
    right = [isinstance(group, (tuple, list)) and len(group) == each for group in groups]
    if not all(right) or each * len(groups) != len(names):
        raise Malformed(f"{function} must return {form}")
    return [number for group in groups for number in group]
