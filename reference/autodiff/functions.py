"""Functions that numpy does not have and every model needs, for arrays and traced values alike."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reference.autodiff.core import declare
from reference.autodiff.rules import kept, unbroadcast
from reference.autodiff.trees import map_leaves

__all__ = ["log_softmax", "logistic", "logsumexp", "relu", "sigmoid", "softmax", "softplus", "stop_gradient"]


# -------------------------------------------------------------------------------------- log-sum-exp
def _forward(x: Any, axis: int, keepdims: bool) -> Any:
    """Compute log Σ exp(x) with the largest entry taken out first, so that nothing overflows."""
    top = x.max(axis=axis, keepdims=True)
    if not math.isfinite(abs(np.vdot(top, top))):
        top = np.where(np.isfinite(top), top, 0.0)
        with np.errstate(divide="ignore"):  # of entries that are all -inf
            out = np.log(np.exp(x - top).sum(axis=axis, keepdims=True)) + top
        return out if keepdims else out.squeeze(axis)
    out = np.log(np.exp(x - top).sum(axis=axis, keepdims=True)) + top
    return out if keepdims else out.squeeze(axis)


def _divided(x: Any, y: Any, axis: int) -> Any:
    """Compute exp(x - y); entries that are infinite as ``y`` share equally."""
    if math.isfinite(abs(np.vdot(y, y))):
        return np.exp(x - y)
    hit = np.equal(x, y)
    with np.errstate(invalid="ignore"):  # of equal infinities
        return np.where(np.isfinite(y), np.exp(x - y), hit / np.maximum(hit.sum(axis=axis, keepdims=True), 1))


SHARES = declare(
    # A product needs no care at the edge: shares are finite.
    "shares",
    _divided,
    lambda i, t, s, x, y, axis: -t * s if i else t * s,
    lambda i, g, s, x, y, axis: unbroadcast(-g * s if i else g * s, (x, y)[i]),
)


def _shares(y: Any, x: Any, axis: int, keepdims: bool) -> Any:
    """Compute the softmax, the gradient of log-sum-exp, from its value ``y``."""
    return SHARES(x, kept(y, x, axis, keepdims), axis=axis)


LOGSUMEXP = declare(
    "logsumexp",
    _forward,
    lambda i, t, y, x, axis, keepdims: np.sum(t * _shares(y, x, axis, keepdims), axis=axis, keepdims=keepdims),
    lambda i, g, y, x, axis, keepdims: kept(g, x, axis, keepdims) * _shares(y, x, axis, keepdims),
)


def logsumexp(x: Any, axis: int = -1, keepdims: bool = False) -> Any:
    """Compute log Σ exp(x) along one axis, right at entries of any size (Goodfellow et al. 2016, §4.1)."""
    return LOGSUMEXP(x, axis=axis, keepdims=keepdims)


def softmax(x: Any, axis: int = -1) -> Any:
    """Normalise exp(x) along one axis, in the shape of ``x``."""
    return np.exp(log_softmax(x, axis))


def log_softmax(x: Any, axis: int = -1) -> Any:
    """Compute the logarithm of the softmax along one axis, in the shape of ``x``, exact where the softmax rounds to 0."""
    return x - logsumexp(x, axis, keepdims=True)


# -------------------------------------------------------------------------------------- elementwise
def relu(x: Any) -> Any:
    """Compute max(x, 0) elementwise; the slope at 0 is 1/2."""
    return np.maximum(x, 0.0)


def softplus(x: Any) -> Any:
    """Compute log(1 + eˣ) elementwise."""
    return np.logaddexp(0.0, x)


def logistic(x: Any) -> Any:
    """Compute 1 / (1 + e⁻ˣ) elementwise, right at both ends."""
    return np.exp(-np.logaddexp(0.0, -x))


sigmoid = logistic


# -------------------------------------------------------------------------------------- no gradient
STOP = declare("stop_gradient", lambda x: x)


def stop_gradient(x: Any) -> Any:
    """Return ``x``, an array or a tree of arrays, as a constant: no derivative of any order flows through it."""
    return map_leaves(STOP, x)
