"""The data of the two runs, as the stub's helpers make it; written again, since a student's check has no ``reference``."""

from __future__ import annotations

import numpy as np

__all__ = ["three_clouds", "two_clouds"]


def two_clouds():
    """Return X (120, 2) and labels y (120,) of 0.0 and 1.0, the arguments of ``train_logistic``."""
    rng = np.random.default_rng(5)
    y = np.repeat([0.0, 1.0], 60)
    X = rng.standard_normal((120, 2)) @ np.array([[1.1, 0.4], [0.0, 0.8]]) + np.where(y[:, None] == 1, 1.6, -0.4)
    return X, y


def three_clouds():
    """Return X (150, 3), whose last column is 1, and labels y (150,), the arguments of ``train_softmax``."""
    rng = np.random.default_rng(3)
    y = np.repeat(np.arange(3), 50)
    centres = np.array([[0.0, 2.0], [-1.8, -1.0], [1.8, -1.0]])
    return np.column_stack([centres[y] + 0.8 * rng.standard_normal((150, 2)), np.ones(150)]), y
