"""The named operations of graphs and formulas, on arrays: numpy's where numpy has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["LARGEST", "OPERATIONS", "perform", "sigmoid", "transposed"]

LARGEST = 100_000
"""The most entries of a value: broadcasting can make a large one of two small ones."""


def sigmoid(x: Any) -> Any:
    """Return 1/(1 + e^−x), without overflow at either end."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def transposed(x: Any) -> Any:
    """Return the transpose of a matrix; a vector stays as it is."""
    return x if np.ndim(x) < 2 else np.transpose(x)


def _outer(a: Any, b: Any) -> Any:
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


OPERATIONS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "add": (2, lambda a, b: a + b),
    "subtract": (2, lambda a, b: a - b),
    "multiply": (2, lambda a, b: a * b),
    "divide": (2, lambda a, b: a / b),
    "power": (2, lambda a, b: a**b),
    "negative": (1, lambda a: -a),
    "exp": (1, np.exp),
    "log": (1, np.log),
    "sqrt": (1, np.sqrt),
    "sin": (1, np.sin),
    "cos": (1, np.cos),
    "tanh": (1, np.tanh),
    "sigmoid": (1, sigmoid),
    "relu": (1, lambda a: np.maximum(a, 0.0)),
    "square": (1, lambda a: a * a),
    "absolute": (1, np.abs),
    "maximum": (2, np.maximum),
    "minimum": (2, np.minimum),
    "sum": (1, np.sum),
    "mean": (1, np.mean),
    "matmul": (2, np.matmul),
    "transpose": (1, transposed),
    "outer": (2, _outer),
}
"""By name the number of arguments and the function. ``sum`` and ``mean`` are over all entries."""


def perform(name: str, args: list[Any]) -> Any:
    """Compute one operation.

    Raises:
        ValueError: the shapes do not fit, or the value would be too large; the message says so.

    """
    try:
        if name == "outer" or len(args) == 2:
            _bounded(name, args)
        return OPERATIONS[name][1](*args)
    except ArithmeticError:  # of two constants, 1/0 or 9**9**9: Python raises where an array has an infinity
        with np.errstate(all="ignore"):
            return OPERATIONS[name][1](*map(np.float64, args))
    except ValueError:
        shapes = " and ".join(str(np.shape(a)) for a in args)
        raise ValueError(f"{name} does not fit the shapes {shapes}") from None


def _bounded(name: str, args: list[Any]) -> None:
    """Refuse two operands whose result would hold too many entries.

    Raises:
        ValueError: it would.

    """
    size = math.prod(map(np.size, args)) if name in ("outer", "matmul") else _broadcast_size(args)
    if size > LARGEST * (100 if name == "matmul" else 1):
        raise ValueError("too large")


def _broadcast_size(args: list[Any]) -> int:
    shapes = [np.shape(a) for a in args]
    return math.prod(np.broadcast_shapes(*shapes)) if any(shapes) else 1
