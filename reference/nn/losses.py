"""Losses: from a model's outputs and the targets to one number, reduced as their namesakes in the unit ``layers``."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff import logsumexp, softplus
from reference.layers import squared_error_loss
from reference.nn.embedding import labelled

__all__ = ["binary_cross_entropy", "sequence_cross_entropy", "softmax_cross_entropy", "squared_error"]


def squared_error(x: Any, y: Any) -> Any:
    """Compute ½ Σ (x − y)² over all entries; x and y of one shape. Source: Bishop 2006, eq. 5.11."""
    if np.shape(x) != np.shape(y):
        raise ValueError(f"predictions and targets have one shape: these have {np.shape(x)} and {np.shape(y)}")
    return squared_error_loss(x, y)[0]


def binary_cross_entropy(u: Any, y: Any) -> Any:
    """Average y log(1 + e⁻ᵘ) + (1 − y) log(1 + eᵘ); logits u and labels y in {0, 1} of one shape (N,).

    Source: Goodfellow et al. 2016, eq. 6.23 to 6.26.
    """
    if np.shape(u) != np.shape(y):
        raise ValueError(f"logits and labels have one shape: these have {np.shape(u)} and {np.shape(y)}")
    return np.mean(y * softplus(-u) + (1 - y) * softplus(u))


def softmax_cross_entropy(u: Any, y: Any) -> Any:
    """Average logsumexp(u) − u[y] over the examples; logits u (N, C), integer labels y (N,).

    Source: Goodfellow et al. 2016, eq. 6.30.
    """
    return np.mean(_surprise(u, y))


def sequence_cross_entropy(u: Any, y: Any, mask: Any) -> Any:
    """Compute the negative log-likelihood: summed over the steps that the mask keeps, averaged over the N sequences.

    Logits u (N, T, C), integer labels y (N, T), mask (N, T) of 0 and 1. Source: Goodfellow et al. 2016, eq. 10.12 and 10.13.
    """
    return np.sum(_surprise(u, y) * mask) / u.shape[0]


def _surprise(u: Any, y: Any) -> Any:
    """Compute −log p(y) under softmax(u): logits (..., C), labels (...); returns (...)."""
    rows, C = np.reshape(u, (-1, u.shape[-1])), u.shape[-1]
    right = rows[np.arange(rows.shape[0]), np.reshape(labelled(y, C), -1)]
    return logsumexp(u) - np.reshape(right, u.shape[:-1])
