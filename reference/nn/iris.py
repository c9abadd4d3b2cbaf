"""Fisher's irises (1936): 150 flowers of three species, four lengths each, as the paper prints them.

The values are those of Fisher's table, as R and scikit-learn ship them. The UCI repository's copy differs in the 35th and the 38th
flower, both setosa: where it has 4.9, 3.1, 1.5, 0.1 in both, the paper has 4.9, 3.1, 1.5, 0.2 and 4.9, 3.6, 1.4, 0.1.
Source: Fisher 1936, "The use of multiple measurements in taxonomic problems", table I; collected by Anderson.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.nn.initialisers import Array

__all__ = ["iris", "iris_plane"]


def iris() -> tuple[Array, NDArray[np.integer[Any]], tuple[str, ...]]:
    """Load X (150, 4) in cm: sepal length, sepal width, petal length, petal width; y (150,) of 0, 1, 2; the species' names."""
    with files("reference.nn").joinpath("iris.csv").open(encoding="utf-8") as lines:
        _, *rows = csv.reader(lines)
    names = tuple(dict.fromkeys(row[4] for row in rows))
    return np.array([row[:4] for row in rows], dtype=float), np.array([names.index(row[4]) for row in rows]), names


def iris_plane(features: Sequence[int] = (2, 3)) -> tuple[Array, NDArray[np.integer[Any]]]:
    """Load X (150, 3), two of the features (by default the petals') and a column of ones for the bias; y (150,)."""
    X, y, _ = iris()
    return np.column_stack([X[:, list(features)], np.ones(len(X))]), y
