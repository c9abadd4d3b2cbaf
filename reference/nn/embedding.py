"""Embedding: a row of weights for each word of a vocabulary (Bengio et al. 2003), and words and labels as one-hot rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff.core import concrete
from reference.nn.initialisers import Array

__all__ = ["apply", "init", "one_hot"]


def init(rng: np.random.Generator, V: int, D: int) -> Array:
    """Weights W (V, D), normal with variance 1/D: rows of length about 1."""
    return rng.normal(0, np.sqrt(1 / D), (V, D))


def apply(W: Any, words: Any) -> Any:
    """Rows of W (V, D) by integer words (...): (..., D). As a product, in whose gradient repeated words add up.

    Raises:
        ValueError: a word is no integer, or not in the vocabulary.

    """
    return one_hot(words, W.shape[0]) @ W


def one_hot(labels: Any, count: int) -> Any:
    """Integer labels (...) as rows of zeros with a single one, (..., count).

    A comparison rather than an index: so a compiled program takes its labels anew at each call. It checks the labels when it is
    written, uncompiled functions at each call.

    Raises:
        ValueError: a label is no integer, or not in [0, count).

    """
    given = np.asarray(concrete(labels))
    if given.dtype.kind not in "iu":
        raise ValueError(f"labels are integers, these are {given.dtype}: convert them, y.astype(int)")
    if given.size and (given.min() < 0 or given.max() >= count):
        raise ValueError(f"labels are 0 to {count - 1}, these reach from {given.min()} to {given.max()}: count from 0")
    return np.where(np.equal(np.expand_dims(labels, -1), np.arange(count)), 1.0, 0.0)
