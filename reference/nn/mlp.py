"""Multilayer perceptrons of any depth and width: affine maps with a nonlinearity between them (Rumelhart et al. 1986).

Parameters are a list of layers, each ``{"W": (D, M), "b": (M,)}``; without biases, as in ŷ = g(W h(Vx)) where a column of ones
among the inputs takes their part, ``{"W": (D, M)}``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from reference.autodiff import logistic, softmax
from reference.layers import relu_forward
from reference.nn.initialisers import Array, Initialiser, xavier
from reference.nn.losses import binary_cross_entropy, softmax_cross_entropy, squared_error

__all__ = ["HIDDEN", "OUTPUTS", "apply", "cost", "init", "predict"]

Function = Callable[..., Any]
HIDDEN: dict[str, Function] = {
    "linear": lambda z: z,
    "logistic": logistic,
    "relu": lambda z: relu_forward(z)[0],
    "tanh": np.tanh,
}
"""Hidden units h by name."""
OUTPUTS: dict[str, tuple[Function, Function]] = {
    "regression": (lambda u: u, squared_error),
    "binary": (lambda u: logistic(np.squeeze(u, -1)), lambda u, y: binary_cross_entropy(np.squeeze(u, -1), y)),
    "multiclass": (softmax, softmax_cross_entropy),
}
"""Outputs by name: ŷ = g(u), and the loss from u itself, where nothing overflows."""


def init(
    rng: np.random.Generator, sizes: Sequence[int], initialiser: Initialiser = xavier, *, bias: bool = True
) -> list[dict[str, Array]]:
    """Draw layers from ``sizes[0]`` inputs to ``sizes[-1]`` outputs through the hidden widths between; biases start at 0."""
    params = [{"W": initialiser(rng, D, M)} for D, M in pairwise(sizes)]
    return [{**layer, "b": np.zeros(layer["W"].shape[1])} for layer in params] if bias else params


def apply(params: Any, x: Any, hidden: str = "relu") -> Any:
    """Compute the last layer's linear output u (..., C), the logits of a classifier, for inputs x (..., D)."""
    h = _named(hidden, HIDDEN, "hidden unit")
    *below, top = params
    for layer in below:
        x = h(_affine(layer, x))
    return _affine(top, x)


def predict(params: Any, x: Any, hidden: str = "relu", output: str = "multiclass") -> Any:
    """Compute ŷ = g(u): numbers (N, C), a probability of class 1 (N,) for binary output, or class probabilities (N, C)."""
    return _named(output, OUTPUTS, "output")[0](apply(params, x, hidden))


def cost(params: Any, x: Any, y: Any, hidden: str = "relu", output: str = "multiclass") -> Any:
    """Compute J, the loss of the outputs, for x (N, D) and y: numbers (N, C), labels 0 and 1 (N,), or integer labels (N,).

    Reduced as in ``losses``: ½ Σ for regression, the mean over examples for classes.
    """
    return _named(output, OUTPUTS, "output")[1](apply(params, x, hidden), y)


def _affine(layer: Any, x: Any) -> Any:
    return x @ layer["W"] + layer["b"] if "b" in layer else x @ layer["W"]


def _named(name: str, table: dict[str, Any], what: str) -> Any:
    if name not in table:
        raise ValueError(f"{name!r} is no {what} here: choose from {', '.join(table)}")
    return table[name]
