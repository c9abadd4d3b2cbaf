"""Numerical slopes: what a derivative is held against when no formula is to be trusted.

``phi`` is always a scalar function of one real variable, the step along a direction, so that a whole
gradient costs four evaluations whatever its size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["Slope", "central", "complex_step", "kinked", "richardson"]

UNIT_ROUNDOFF = np.finfo(np.float64).eps / 2
Phi = Callable[[float], float]


@dataclass(frozen=True)
class Slope:
    """A slope and how far it may be off (an estimate, in the units of the slope)."""

    value: float
    error: float


def central(phi: Phi, step: float) -> float:
    """Central difference, (phi(h) - phi(-h)) / 2h: error h²/6 · phi'''."""
    return (phi(step) - phi(-step)) / (2 * step)


def richardson(phi: Phi, scale: float = 1.0) -> Slope:
    """Richardson-extrapolated central difference in four evaluations (Richardson 1911).

    The step is ``u**(1/5) * max(1, scale)``, which balances truncation (h⁴) against rounding (u/h);
    ``scale`` is the size of the point divided by that of the direction.
    """
    h = UNIT_ROUNDOFF**0.2 * max(1.0, scale)
    ahead, behind = phi(h), phi(-h)
    half_ahead, half_behind = phi(h / 2), phi(-h / 2)
    coarse, fine = (ahead - behind) / (2 * h), (half_ahead - half_behind) / h
    value = (4 * fine - coarse) / 3
    noise = 50 * UNIT_ROUNDOFF * max(abs(ahead), abs(behind), abs(half_ahead), abs(half_behind)) / h
    return Slope(value, abs(value - fine) + noise)


def complex_step(phi: Callable[[complex], complex], step: float = 1e-30) -> float:
    """Im phi(ih) / h: no cancellation, so right to rounding where ``phi`` is analytic (Squire & Trapp 1998)."""
    return float(np.imag(phi(1j * step)) / step)


def kinked(phi: Phi, scale: float = 1.0) -> bool:
    """Whether the slopes to the left and to the right differ at a step as long as Richardson's."""
    h = UNIT_ROUNDOFF**0.2 * max(1.0, scale)
    here = phi(0.0)
    right, left = (phi(h) - here) / h, (here - phi(-h)) / h
    # A smooth function bends by h·phi'' between the two; a kink does not get smaller with h.
    finer = h / 64
    right_fine, left_fine = (phi(finer) - here) / finer, (here - phi(-finer)) / finer
    size = max(abs(right), abs(left), abs(right_fine), abs(left_fine))
    bends = abs(right - left) > 1e-3 * size
    stays = abs(right_fine - left_fine) > 0.25 * abs(right - left) or abs(right_fine - right) > 0.05 * size
    return bool(bends and stays)
