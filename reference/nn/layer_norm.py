"""Layer normalisation (Ba, Kiros & Hinton 2016): each example to mean 0 and variance 1 over its own features."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.nn.initialisers import Array

__all__ = ["apply", "init"]


def init(D: int) -> dict[str, Array]:
    """Make gain gamma (D,) of 1 and bias beta (D,) of 0."""
    return {"gamma": np.ones(D), "beta": np.zeros(D)}


def apply(params: Any, x: Any, eps: float = 1e-5) -> Any:
    """Compute gamma·(x − mean)/√(variance + eps) + beta over the last axis of x (..., D). Source: Ba et al. 2016, eq. 4."""
    centred = x - np.mean(x, axis=-1, keepdims=True)
    variance = np.mean(centred**2, axis=-1, keepdims=True)
    return params["gamma"] * centred / np.sqrt(variance + eps) + params["beta"]
