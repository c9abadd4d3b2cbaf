"""Initialisers of weights, ``(rng, fan_in, fan_out) -> W (fan_in, fan_out)``; every model's ``init`` takes one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Initialiser", "gates", "he", "xavier", "zeros"]

Array = NDArray[np.float64]
Initialiser = Callable[[np.random.Generator, int, int], Array]


def xavier(rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
    """Draw uniformly with variance 2 / (fan_in + fan_out): signals and gradients keep their size through tanh near 0.

    Source: Glorot & Bengio 2010, eq. 16.
    """
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, (fan_in, fan_out))


def he(rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
    """Draw normally with variance 2 / fan_in: twice a linear unit's, since a ReLU passes half. Source: He et al. 2015, eq. 10."""
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def zeros(rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:  # noqa: ARG001 - every initialiser takes rng
    """Start at 0: right for biases, wrong for weights, whose hidden units then stay equal for ever.

    Source: Goodfellow et al. 2016, §8.4.
    """
    return np.zeros((fan_in, fan_out))


def gates(initialiser: Initialiser, rng: np.random.Generator, fan_in: int, fan_out: int, count: int) -> Array:
    """Draw weights of ``count`` gates side by side, (fan_in, count·fan_out), each as a matrix of its own."""
    return np.hstack([initialiser(rng, fan_in, fan_out) for _ in range(count)])
