"""Functions that numpy does not have and every model needs: logsumexp, softmax, sigmoid, softplus, relu, stop_gradient.

They work on plain arrays and on values under differentiation alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff.core import Traced, primitive, undifferentiated
from reference.autodiff.rules import kept
from reference.autodiff.trees import map_leaves

__all__ = ["log_softmax", "logistic", "logsumexp", "relu", "sigmoid", "softmax", "softplus", "stop_gradient"]


def _value(x: Any, axis: int, keepdims: bool) -> Any:
    """Compute log Σ exp(x) with the largest entry taken out first, so that nothing overflows."""
    top = x.max(axis=axis, keepdims=True)
    out = np.log(np.exp(x - top).sum(axis=axis, keepdims=True)) + top
    return out if keepdims else out.squeeze(axis)


def _shares(out: Any, x: Any, axis: int, keepdims: bool) -> Any:
    """Compute the softmax, which is the gradient of log-sum-exp."""
    return np.exp(x - kept(out, x, axis, keepdims))


LOGSUMEXP = primitive(
    "logsumexp",
    _value,
    (lambda t, out, x, axis, keepdims: np.sum(t * _shares(out, x, axis, keepdims), axis=axis, keepdims=keepdims),),
    (lambda g, out, x, axis, keepdims: kept(g, x, axis, keepdims) * _shares(out, x, axis, keepdims),),
)


def logsumexp(x: Any, axis: int = -1, keepdims: bool = False) -> Any:
    """Compute log Σ exp(x) along one axis, right at entries of any size (Goodfellow et al. 2016, §4.1)."""
    return LOGSUMEXP(x, axis=axis, keepdims=keepdims)


def softmax(x: Any, axis: int = -1) -> Any:
    """Compute exp(x) normalised along one axis."""
    return np.exp(x - logsumexp(x, axis, keepdims=True))


def softplus(x: Any) -> Any:
    """Compute log(1 + eˣ), right at both ends."""
    return np.logaddexp(0.0, x)


def logistic(x: Any) -> Any:
    """Compute 1 / (1 + e⁻ˣ), right at both ends."""
    return np.exp(-np.logaddexp(0.0, -x))


sigmoid = logistic
"""The logistic function, by its other name."""


def log_softmax(x: Any, axis: int = -1) -> Any:
    """Compute the logarithm of :func:`softmax`, right where that is 0 to rounding."""
    return x - logsumexp(x, axis, keepdims=True)


def relu(x: Any) -> Any:
    """Compute max(x, 0) with the slope 0 at 0, as PyTorch and JAX have it (``np.maximum`` shares a tie equally)."""
    return np.where(np.greater(x, 0.0), x, 0.0)


def stop_gradient(x: Any) -> Any:
    """Return the same values, of which derivatives of all orders are 0; ``x`` may be a tree of arrays."""
    return map_leaves(lambda leaf: undifferentiated(leaf) if isinstance(leaf, Traced) else leaf, x)
