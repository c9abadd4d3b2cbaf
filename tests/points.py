"""Where inputs must lie: maps of standard normal entries to where a function is smooth. For every tier that proves the engine."""

from __future__ import annotations

import numpy as np

__all__ = ["apart", "beyond", "inside", "near_two", "positive"]


def positive(x: np.ndarray) -> np.ndarray:
    return np.abs(x) + 0.5


def beyond(x: np.ndarray) -> np.ndarray:
    return np.abs(x) + 1.5


def inside(x: np.ndarray) -> np.ndarray:
    return np.tanh(x) * 0.9


def near_two(x: np.ndarray) -> np.ndarray:
    return 2.0 + 0.3 * np.tanh(x)


def apart(x: np.ndarray) -> np.ndarray:
    """No two entries nearly tie, none is nearly 0."""
    return np.random.default_rng(x.size).permutation(x.size).reshape(x.shape) + 1.0 + 0.3 * np.tanh(x)
