"""Embedding: a row of weights for each word of a vocabulary (Bengio et al. 2003)."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff import concrete
from reference.nn.initialisers import Array

__all__ = ["apply", "init", "labelled"]


def init(rng: np.random.Generator, V: int, D: int) -> Array:
    """Draw weights W (V, D), normal with variance 1/D: rows of length about 1."""
    return rng.normal(0, np.sqrt(1 / D), (V, D))


def apply(W: Any, words: Any) -> Any:
    """Look up rows of W (V, D) by integer words (...); returns (..., D). In the gradient repeated words add up.

    Raises:
        ValueError: a word is no integer, or not in the vocabulary.

    """
    return W[labelled(words, W.shape[0])]


def labelled(labels: Any, count: int) -> Any:
    """Check integer labels (...) and return them; a compiled function checks when it is written.

    Raises:
        ValueError: a label is no integer, or not in [0, count).

    """
    given = np.asarray(concrete(labels))
    if given.dtype.kind not in "iu":
        raise ValueError(f"labels are integers, these are {given.dtype}: convert them, y.astype(int)")
    if given.size and (given.min() < 0 or given.max() >= count):
        raise ValueError(f"labels are 0 to {count - 1}, these reach from {given.min()} to {given.max()}: count from 0")
    return labels
