"""Functions that numpy does not have and every model needs: logsumexp, softmax, the logistic function, softplus.

They work on plain arrays and on values under differentiation alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff.core import bind
from reference.autodiff.elementwise import declared
from reference.autodiff.rules import kept

__all__ = ["logistic", "logsumexp", "softmax", "softplus"]


def _value(x: Any, axis: int, keepdims: bool) -> Any:
    """Log Σ exp(x) with the largest entry taken out first, so that nothing overflows."""
    top = x.max(axis=axis, keepdims=True)
    out = np.log(np.exp(x - top).sum(axis=axis, keepdims=True)) + top
    return out if keepdims else out.squeeze(axis)


def _shares(out: Any, x: Any, axis: int, keepdims: bool) -> Any:
    """The softmax, which is the gradient of log-sum-exp."""
    return np.exp(x - kept(out, x, axis, keepdims))


LOGSUMEXP = declared(
    "logsumexp",
    _value,
    (lambda t, out, x, axis, keepdims: np.sum(t * _shares(out, x, axis, keepdims), axis=axis, keepdims=keepdims),),
    (lambda g, out, x, axis, keepdims: kept(g, x, axis, keepdims) * _shares(out, x, axis, keepdims),),
)


def logsumexp(x: Any, axis: int = -1, keepdims: bool = False) -> Any:
    """Log Σ exp(x) along one axis, right at entries of any size (Goodfellow et al. 2016, §4.1)."""
    return bind(LOGSUMEXP, x, axis=axis, keepdims=keepdims)


def softmax(x: Any, axis: int = -1) -> Any:
    """exp(x) normalised along one axis."""
    return np.exp(x - logsumexp(x, axis, keepdims=True))


def softplus(x: Any) -> Any:
    """log(1 + eˣ)."""
    return np.logaddexp(0.0, x)


def logistic(x: Any) -> Any:
    """1 / (1 + e⁻ˣ), right at both ends."""
    return np.exp(-np.logaddexp(0.0, -x))
