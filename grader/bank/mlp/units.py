"""Shared by the exercises of this unit: hidden and output units, the inputs of nets, lists of arrays as outputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judging import Malformed, drawn, styled

__all__ = [
    "ACTIVATIONS",
    "activated",
    "as_one",
    "comes_twice",
    "layers",
    "listed",
    "logistic",
    "logsumexp",
    "one_hot",
    "slope",
    "smooth",
    "softmax",
    "with_ones",
]

ACTIVATIONS = ("tanh", "relu", "logistic")


def logistic(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1 + e)


def logsumexp(u, axis=1):
    """Return the log-sum-exp, the axis kept."""
    top = u.max(axis=axis, keepdims=True)
    return top + np.log(np.exp(u - top).sum(axis=axis, keepdims=True))


def softmax(u, axis=1):
    return np.exp(u - logsumexp(u, axis))


def activated(z, name):
    if name == "tanh":
        return np.tanh(z)
    return np.maximum(z, 0) if name == "relu" else logistic(z)


def slope(h, name):
    """Return the slope of hidden units in terms of their activation."""
    return {"tanh": 1 - h**2, "relu": (h > 0) * 1.0, "logistic": h * (1 - h)}[name]


def with_ones(h):
    return np.hstack([h, np.ones((len(h), 1))])


# --------------------------------------------------------------------------------------- inputs
def _styled(m: Any, *shape: int) -> Any:
    """Draw from a continuum in any regime: no unit sits on its kink."""
    return styled("randn" if m.recipe.style in ("ties", "integers") else m.recipe.style, m.rng, shape)


def one_hot(rows: str, classes: str) -> Any:
    """Specify one-hot rows (N, C)."""
    return drawn(lambda m: np.eye(m.size(classes))[m.rng.integers(0, m.size(classes), m.size(rows))])


def smooth(*dims: str) -> Any:
    """Specify an array in the recipe's style, from a continuum."""
    return drawn(lambda m: _styled(m, *(m.size(name) for name in dims)))


def layers(features: str) -> Any:
    """Specify the weights of a net of 1 to 4 layers over this dimension of its input, each with its bias as last column.

    Where ``comes_twice`` says so the third layer is the first one again.
    """

    def make(m: Any) -> list[Any]:
        below = m.size(features)
        weights: list[Any] = []
        again = m.recipe.seed % 2 == 0  # of an odd seed all layers are new
        for layer in range(1 + (m.recipe.seed + m.size(features)) % 4):
            if again and layer == 2:
                weights.append(weights[0].copy())
            else:
                width = int(m.rng.choice([k for k in (2, 3, 4, 5) if k != below]))
                if again and layer == 1:
                    width = m.size(features)  # so that the first layer fits on top of this one
                weights.append(_styled(m, width, below + 1))
            below = len(weights[-1])
        return weights

    return drawn(make)


def comes_twice(weights: Any) -> bool:
    """Return True if the third layer is the first one again."""
    if len(weights) < 3 or weights[2].shape != weights[0].shape:
        return False
    return bool(np.all(weights[2] == weights[0]))


# ------------------------------------------------------------------------------------ lists of arrays
def listed(item):
    """Return nested lists of numbers as an array, and anything else, ragged lists too, as it is."""
    if not isinstance(item, (list, tuple)):
        return item
    try:
        return np.array(item, dtype=float)
    except (TypeError, ValueError):
        return item


def as_one(arrays, shapes, function, what):
    """Return all entries of a list of arrays as one vector.

    Raises:
        Malformed: it is no list of arrays of these shapes.

    """
    if not isinstance(arrays, (list, tuple)) or len(arrays) != len(shapes):
        raise Malformed(f"{function}: {what} must be a list of {len(shapes)} arrays, one for each shape")
    rows = []
    for number, (item, shape) in enumerate(zip(arrays, shapes, strict=True)):
        entry = listed(item)
        if getattr(entry, "shape", None) != tuple(shape):
            came = f"shape {entry.shape}" if hasattr(entry, "shape") else f"a {type(entry).__name__}"
            raise Malformed(f"{function}: array {number} of {what} has {came}, it must have shape {tuple(shape)}")
        rows.append(entry.reshape(-1))
    return np.concatenate(rows)
