"""Prints of answers: a few digits by which an answer is known again, and from which it cannot be had."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Print", "print_of"]

Array = NDArray[np.float64]
GOLDEN = 0.6180339887498949
CLOSE = 1e-9
"""The part of its size by which the print of an answer may be off: a print tells as much as nine digits of each entry."""
DIGITS = 10


@dataclass(frozen=True)
class Print:
    """The print of an array.

    Args:
        number: the sum of its finite entries, each with a weight of its own.
        shape: of the array; None for that of the right answer.
        holes: a checksum of where it is not finite, and how; 0 if it is finite everywhere.

    """

    number: float
    shape: tuple[int, ...] | None = None
    holes: int = 0

    def fits(self, answer: Array, right: Array, slack: Any = 0.0) -> bool:
        """Return True if this is the print of an answer.

        Args:
            answer: what came, of any shape.
            right: the right answer, whose shape is meant where the print has none.
            slack: what each entry may be off beyond rounding, a number or of the answer's shape.

        """
        shape = right.shape if self.shape is None else self.shape
        if answer.shape != shape or _holes(answer) != self.holes:
            return False
        number, size = _weighed(answer)
        beyond = float(np.sum(_weights(answer.size) * np.broadcast_to(slack, answer.shape).ravel()))
        return abs(number - self.number) <= CLOSE * max(size, abs(self.number)) + beyond


def print_of(answer: Array, right: Array) -> Print:
    """Return the print of an answer (any shape) beside the right one, rounded so that every processor gets the same."""
    number, size = _weighed(answer)
    digits = DIGITS - 1 - math.floor(math.log10(size)) if size > 0 else 0
    shape = None if answer.shape == right.shape else answer.shape
    return Print(round(number, digits) + 0.0, shape, _holes(answer))


def _weights(count: int) -> Array:
    return np.asarray(0.5 + (GOLDEN * np.arange(1, count + 1)) % 1.0, dtype=np.float64)


def _weighed(answer: Array) -> tuple[float, float]:
    """Return the weighed sum of the finite entries, and the same of their sizes."""
    flat = np.where(np.isfinite(answer), answer, 0.0).ravel()
    with np.errstate(all="ignore"):
        parts = _weights(flat.size) * flat
        number, size = float(parts.sum()), float(np.abs(parts).sum())
    return (number, size) if math.isfinite(size) else (0.0, 0.0)


def _holes(answer: Array) -> int:
    flat = answer.ravel()
    finite = np.isfinite(flat)
    if finite.all():
        return 0
    kinds = np.where(finite, 0, np.where(np.isnan(flat), 1, np.where(flat > 0, 2, 3)))
    return zlib.crc32(kinds.astype(np.uint8).tobytes())
