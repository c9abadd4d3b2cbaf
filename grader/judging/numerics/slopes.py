"""Numerical slopes, against which a derivative is held where no formula is to be trusted.

``phi`` is always a scalar function of one real variable, the step along a direction, so that a whole
gradient costs four evaluations whatever its size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = [
    "Slope",
    "central",
    "complex_step",
    "kink_stencil",
    "kinked",
    "kinked_by",
    "richardson",
    "slope_of",
    "stencil",
]

UNIT_ROUNDOFF = np.finfo(np.float64).eps / 2
Phi = Callable[[float], float]


@dataclass(frozen=True)
class Slope:
    """A slope, and an estimate of its error in the units of the slope."""

    value: float
    error: float


def central(phi: Phi, step: float) -> float:
    """Compute the central difference (phi(h) - phi(-h)) / 2h, whose error is h²/6 times the third derivative."""
    return (phi(step) - phi(-step)) / (2 * step)


def stencil(scale: float = 1.0) -> tuple[float, float, float, float]:
    """Return the four steps at which :func:`slope_of` wants its function: h, -h, h/2, -h/2.

    ``h = u**(1/5) * max(1, scale)`` balances truncation (h⁴) against rounding (u/h); ``scale`` is the size of the point divided
    by that of the direction.
    """
    h = UNIT_ROUNDOFF**0.2 * max(1.0, scale)
    return h, -h, h / 2, -h / 2


def slope_of(values: Sequence[float], scale: float = 1.0) -> Slope:
    """Extrapolate the slope at 0 from the values at the steps of :func:`stencil` (Richardson 1911)."""
    h = stencil(scale)[0]
    ahead, behind, half_ahead, half_behind = values
    coarse, fine = (ahead - behind) / (2 * h), (half_ahead - half_behind) / h
    value = (4 * fine - coarse) / 3
    noise = 50 * UNIT_ROUNDOFF * max(map(abs, values)) / h
    return Slope(value, abs(value - fine) + noise)


def richardson(phi: Phi, scale: float = 1.0) -> Slope:
    """Compute a Richardson-extrapolated central difference in four evaluations; ``scale`` as for :func:`stencil`."""
    return slope_of([phi(step) for step in stencil(scale)], scale)


def complex_step(phi: Callable[[complex], complex], step: float = 1e-30) -> float:
    """Compute Im phi(ih) / h: no cancellation, so right to rounding where ``phi`` is analytic (Squire & Trapp 1998)."""
    return float(np.imag(phi(1j * step)) / step)


def kink_stencil(scale: float = 1.0) -> tuple[float, float, float, float, float]:
    """Return the five steps at which :func:`kinked_by` wants its function: 0, h, -h, h/64, -h/64 (h: :func:`stencil`)."""
    h = UNIT_ROUNDOFF**0.2 * max(1.0, scale)
    return 0.0, h, -h, h / 64, -h / 64


def kinked_by(values: Sequence[float], scale: float = 1.0) -> bool:
    """Return True if the slopes to the left and to the right differ at a step as long as Richardson's.

    Args:
        values: the function at the steps of :func:`kink_stencil`.
        scale: as for :func:`kink_stencil`.

    """
    _, h, _, finer, _ = kink_stencil(scale)
    here, ahead, behind, near_ahead, near_behind = values
    right, left = (ahead - here) / h, (here - behind) / h
    # A smooth function bends by h times its second derivative between the two; a kink does not get smaller with h.
    right_fine, left_fine = (near_ahead - here) / finer, (here - near_behind) / finer
    size = max(abs(right), abs(left), abs(right_fine), abs(left_fine))
    bends = abs(right - left) > 1e-3 * size
    stays = abs(right_fine - left_fine) > 0.25 * abs(right - left) or abs(right_fine - right) > 0.05 * size
    return bool(bends and stays)


def kinked(phi: Phi, scale: float = 1.0) -> bool:
    """Return True if ``phi`` has a kink at 0; ``scale`` as for :func:`stencil`."""
    return kinked_by([phi(step) for step in kink_stencil(scale)], scale)
