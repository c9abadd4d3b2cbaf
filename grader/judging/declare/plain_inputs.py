"""Inputs for functions that were declared elsewhere: lists, whole numbers, one of a few things, what is still to be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.errors import BankError
from grader.judging.declare.inputs import Input, Making, drawn

__all__ = ["chosen", "is_unsaid", "listed", "unsaid", "whole"]


def listed(*dims: str, integer: bool = False, least: int = 1) -> Input:
    """Specify a list of floats with three decimals, or of ints from -5 to 5; of several dimensions, a list of lists.

    It is by ``least`` - 1 longer than its first dimension, so that it has so many items at least.
    """

    def make(making: Making) -> Any:
        first, *rest = making.shape(dims)
        shape = (first + least - 1, *rest)
        numbers = making.rng.integers(-5, 6, shape) if integer else np.round(2 * making.rng.standard_normal(shape), 3)
        return numbers.tolist()

    return drawn(make)


def whole(low: int, high: int | str, *dims: str, boolean: bool = False) -> Input:
    """Specify an array of integers from ``low`` to ``high``, or below the length of that dimension; or of truth values."""

    def make(making: Making) -> Any:
        numbers = making.rng.integers(low, making.size(high) if isinstance(high, str) else high + 1, making.shape(dims))
        return numbers.astype(bool) if boolean else numbers

    return drawn(make)


def chosen(*values: Any) -> Input:
    """Specify one of some values, such as texts or truth values."""
    return drawn(lambda making: values[int(making.rng.integers(len(values)))])


@dataclass(frozen=True)
class _Unsaid:
    text: str

    def draw(self, making: Making) -> Any:  # noqa: ARG002 - the protocol's
        raise BankError(self.text)

    def __str__(self) -> str:
        return self.text


def unsaid(text: str) -> Input:
    """Specify an input of which nobody has said yet what it is drawn from; ``text`` says what is to be done."""
    return _Unsaid(text)


def is_unsaid(spec: Input) -> bool:
    """Return True for an input of :func:`unsaid`."""
    return isinstance(spec, _Unsaid)
