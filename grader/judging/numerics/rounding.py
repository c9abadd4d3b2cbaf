"""The distance that two right answers may have: a first-order running bound on the rounding error.

The model answer is run once on :class:`Shadow` arrays, which carry next to each value a bound E such
that a computation in floating point is within ``u * E`` of the true value to first order, u being
half the machine epsilon (Higham 2002, *Accuracy and Stability of Numerical Algorithms*, §3.3, "running error
analysis"). Inputs start at ``E = |x|`` (each is right to half a unit in its last place), so the bound contains the
conditioning of the function as well as its rounding; sums of n terms count the square root of n (Higham & Mary 2019:
rounding errors behave like independent variables).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.errors import BankError
from grader.judging.numerics import rules  # noqa: F401 - teaches shadows numpy's functions
from grader.judging.numerics.shadow import Shadow, each, value_of

__all__ = ["Shadow", "bound_of", "shadowed", "value_of"]

Array = NDArray[np.float64]


def shadowed(tree: Any) -> Any:
    """Wrap every floating-point array and float of a nested value; leave integers, strings and ``None`` alone."""

    def leaf(x: Any) -> Any:
        if isinstance(x, np.ndarray) and x.dtype.kind == "f":
            return Shadow(x)
        return Shadow(x) if isinstance(x, float) else x

    return each(tree, leaf)


def bound_of(x: Any) -> Array:
    """Return the bound E of an answer, in the shape of its value.

    Raises:
        BankError: the bound is not finite at a finite value, so that any answer would be accepted.

    """
    if not isinstance(x, Shadow):
        return np.abs(np.array(x, dtype=np.float64))
    if not np.isfinite(x.error[np.isfinite(x.value)]).all():
        raise BankError("the rounding bound of a model answer is not finite: the case is too extreme for it")
    return x.error
