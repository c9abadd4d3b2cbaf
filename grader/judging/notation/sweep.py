"""The bars of an operation's arguments from the bar of its value: one rule an operation, for the reverse sweep over graphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.judging.notation.operations import sigmoid

__all__ = ["pulled_back"]


def _of_a_product(g: Any, a: Any, b: Any) -> tuple[Any, Any]:
    """Return the bars of a matrix product; a vector counts as a row on the left and as a column on the right."""
    left, right = np.atleast_2d(a), b.reshape(-1, 1) if b.ndim == 1 else b
    g = np.reshape(g, (left.shape[0], right.shape[1]))
    return np.reshape(g @ right.T, a.shape), np.reshape(left.T @ g, b.shape)


def _summed(part: Any, shape: tuple[int, ...]) -> Any:
    """Sum a bar over what was broadcast."""
    part = np.asarray(part)
    part = part.sum(axis=tuple(range(part.ndim - len(shape))))
    stretched = tuple(i for i, n in enumerate(shape) if n == 1 and part.shape[i] != 1)
    return np.reshape(part.sum(axis=stretched), shape)


# ruff: noqa: ARG005 - a table of rules reads better when all take the same
RULES: Mapping[str, Callable[..., tuple[Any, ...]]] = {
    # From the bar g of the value and the arguments to their bars, before what was broadcast is summed up.
    "add": lambda g, a, b: (g, g),
    "subtract": lambda g, a, b: (g, -g),
    "multiply": lambda g, a, b: (g * b, g * a),
    "divide": lambda g, a, b: (g / b, -g * a / b**2),
    "power": lambda g, a, b: (g * b * a ** (b - 1), g * a**b * np.log(a)),
    "negative": lambda g, a: (-g,),
    "exp": lambda g, a: (g * np.exp(a),),
    "log": lambda g, a: (g / a,),
    "sqrt": lambda g, a: (g / (2 * np.sqrt(a)),),
    "sin": lambda g, a: (g * np.cos(a),),
    "cos": lambda g, a: (-g * np.sin(a),),
    "tanh": lambda g, a: (g * (1 - np.tanh(a) ** 2),),
    "sigmoid": lambda g, a: (g * sigmoid(a) * sigmoid(-a),),
    "relu": lambda g, a: (g * (a > 0),),
    "square": lambda g, a: (2 * g * a,),
    "absolute": lambda g, a: (g * np.sign(a),),
    "maximum": lambda g, a, b: (g * (1 + np.sign(a - b)) / 2, g * (1 - np.sign(a - b)) / 2),
    "minimum": lambda g, a, b: (g * (1 - np.sign(a - b)) / 2, g * (1 + np.sign(a - b)) / 2),
    "sum": lambda g, a: (g + np.zeros_like(a),),
    "mean": lambda g, a: (g / a.size + np.zeros_like(a),),
    "matmul": _of_a_product,
    "transpose": lambda g, a: (np.transpose(g) if a.ndim == 2 else g,),
    "outer": lambda g, a, b: (g @ b.ravel(), a.ravel() @ g),
}


def pulled_back(operation: str, bar: Any, args: list[Any]) -> list[Any]:
    """Return the bar of each argument, in its shape."""
    return [_summed(part, np.shape(arg)) for part, arg in zip(RULES[operation](bar, *args), args, strict=True)]
