"""Inputs of the exercises on linear models. N is the first dimension that is drawn, so that it is 1 in some cases."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judging import Input, array, drawn, labels, styled

__all__ = [
    "BINARY",
    "CLASSES",
    "LINEAR",
    "SIGNED",
    "WEIGHTS",
    "WITH_KINKS",
    "bias",
    "binary",
    "counted_first",
    "rows",
    "sigmoid",
    "softplus",
    "targets",
    "weight_of_penalty",
]

WHOLE = ("ties", "integers")
"""The styles of whole numbers, in which kinks are met exactly."""


def counted_first(spec: Input, *dims: str) -> Input:
    """Specify ``spec`` after these dimensions have taken their lengths: the examples first, whatever argument comes first."""

    def make(m: Any) -> Any:
        for name in dims:
            m.size(name)
        return spec.draw(m)

    return drawn(make)


def binary(low: int) -> Input:
    """Specify labels (N,) of ``low`` and 1, float64 and int64 in turn."""

    def make(m: Any) -> Any:
        kind = np.int64 if m.recipe.seed % 2 else np.float64
        return np.where(m.rng.integers(0, 2, m.size("N")) == 1, 1, low).astype(kind)

    return drawn(make)


def one_row_of_integers(m: Any) -> Any:
    """Draw X (N, D); in the styles of whole numbers the first row alone is whole, so that one example at most is at a kink.

    With more, the slopes nearby would be too many to try them all.
    """
    shape = m.size("N"), m.size("D")
    if m.recipe.style not in WHOLE:
        X = styled(m.recipe.style, m.rng, shape)
        if m.recipe.style == "odd" and len(X) > 2:
            X[-1] = X[0]  # twice the same example counts twice
        return X
    X = m.rng.standard_normal(shape)
    X[0] = m.rng.integers(-2, 3, shape[1])
    return X


def targets(m: Any) -> Any:
    """Draw y (N,); among ties, and beside one whole number a row, all are equal: then equal rows are equal examples."""
    y = styled(m.recipe.style, m.rng, (m.size("N"),))
    if m.recipe.style == "odd" and len(y) > 2:
        y[-1] = y[0]
    alike = m.recipe.style == "ties" or (m.recipe.style in WHOLE and m.size("D") == 1)
    return np.full_like(y, y[0]) if alike else y


def rows(m: Any) -> Any:
    """Draw X (N, D); where it is wide the last row is the first one: with ``targets``, the same example twice."""
    X = styled(m.recipe.style, m.rng, (m.size("N"), m.size("D")))
    if m.recipe.style == "odd" and len(X) > 2:
        X[-1] = X[0]
    return X


def weight_of_penalty(m: Any) -> float:
    """Draw the weight of a penalty from 0 to 1, and now and then 0 itself."""
    weight = round(float(m.rng.uniform(0, 1)), 3)
    return 0.0 if m.recipe.seed % 6 == 5 else weight


def beside_kinks(m: Any) -> float:
    """Draw a bias; 1 or −1 where all else is small: margins then miss 1 by a millionth, to both sides, and are not at a kink."""
    return float(m.rng.choice((-1.0, 1.0))) if m.recipe.style == "small" else bias(m)


def scores_beside_kinks(m: Any) -> Any:
    """Draw W (D, C); where all else is small its first row is whole, so that scores differ by whole numbers, almost."""
    W = styled(m.recipe.style, m.rng, (m.size("D"), m.size("C")))
    if m.recipe.style == "small":
        W[0] = m.rng.permutation(W.shape[1])
    return W


def beside_one(m: Any) -> Any:
    """Draw X (N, D) as ``one_row_of_integers`` does; where all is small its first column is almost 1, for the scores above."""
    X = one_row_of_integers(m)
    if m.recipe.style == "small":
        X[:, 0] = 1 + 1e-3 * X[:, 0]
    return X


def bias(m: Any) -> float:
    """Draw a bias; a whole number in the styles of whole numbers."""
    return float(m.rng.integers(-1, 2)) if m.recipe.style in WHOLE else round(float(m.rng.uniform(-2, 2)), 3)


WEIGHTS = {"w": counted_first(array("D"), "N"), "b": drawn(bias)}
LINEAR = {**WEIGHTS, "X": drawn(rows), "y": drawn(targets)}
BINARY = {**WEIGHTS, "X": array("N", "D"), "y": binary(0)}
SIGNED = {**WEIGHTS, "b": drawn(beside_kinks), "X": drawn(one_row_of_integers), "y": binary(-1)}
CLASSES = {
    "W": counted_first(array("D", "C"), "N", "D"), "X": array("N", "D"), "y": labels("N", "C"), "reg": drawn(weight_of_penalty),
}  # fmt: skip
WITH_KINKS = {**CLASSES, "W": counted_first(drawn(scores_beside_kinks), "N", "D"), "X": drawn(beside_one)}


def sigmoid(z: Any) -> Any:
    """Return σ(z), elementwise, with no overflow, from which the mistakes of this unit start."""
    return np.exp(-softplus(-z))


def softplus(z: Any) -> Any:
    """Return log(1 + e^z), elementwise, with no overflow."""
    return np.logaddexp(0, z)
