"""Functions without a derivative: comparisons, indices, shapes. They see values only; a branch on a tie is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from reference.autodiff.core import Primitive, Traced, bind, concrete, implement, undifferentiated

__all__ = ["COMPARISONS", "STATIC", "Tie", "without_derivative"]

COMPARISONS: set[Any] = {np.equal, np.not_equal, np.greater, np.greater_equal, np.less, np.less_equal}
STATIC: set[Any] = {np.ndim, np.shape, np.size}
"""Functions whose result is known when a program is written: shapes do not depend on values."""


def without_derivative(*functions: Callable[..., Any]) -> None:
    """Say of functions of numpy's, such as comparisons and indices, that they see values only."""
    implement({f: partial(_plainly, f) for f in functions})


class Tie(np.ndarray[Any, np.dtype[np.bool_]]):
    """A boolean array, of values that are equal; ``if tie:`` raises, because the derivative is undefined at a tie."""

    def __bool__(self) -> bool:
        raise TypeError(
            "a branch on values that tie: on either side of this point another formula holds, so the derivative of the branch "
            "taken may be wrong; use np.where, np.maximum or np.minimum, or move the point"
        )

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        """Keep boolean results of operations on a tie ties, and make other results plain arrays."""
        return np.asarray(array).view(Tie) if np.asarray(array).dtype == bool else np.asarray(array)[()]


def _plainly(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function without a derivative on the values under differentiation; record it if a program is being written."""
    args = tuple(map(undifferentiated, args))
    if function in STATIC or not any(isinstance(x, Traced) for x in args):
        args = tuple(map(concrete, args))
        outcome = function(*args, **kwargs)
        if function in COMPARISONS and np.size(outcome) == 1 and np.all(np.equal(*args)):
            return np.asarray(outcome).view(Tie)
        return outcome
    return bind(Primitive(function.__name__, function, (), ()), *args, **kwargs)
