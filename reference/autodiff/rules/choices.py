"""Choices: comparisons, ``np.where`` and ``np.clip``, and the functions that have no derivative at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.autodiff.core import (
    Primitive,
    Traced,
    bind,
    concrete,
    declare,
    dtype_of,
    implements,
    shape_of,
    undifferentiated,
)
from reference.autodiff.rules.tools import only, unbroadcast

__all__ = ["Tie"]

_f: Any  # each function of a list of numpy's


# ------------------------------------------------------------------------------ without a derivative
for _f in (np.ndim, np.shape, np.size):
    # Shapes do not depend on values: they are known when a program is written.
    implements(_f)(lambda x, *args, f=_f, **options: f(concrete(x), *args, **options))
for _f in (
    np.all, np.allclose, np.any, np.argmax, np.argmin, np.argsort, np.array_equal, np.bitwise_and, np.bitwise_or, np.bitwise_xor,
    np.ceil, np.count_nonzero, np.floor, np.floor_divide, np.heaviside, np.invert, np.isclose, np.isfinite, np.isinf, np.isnan,
    np.logical_and, np.logical_not, np.logical_or, np.logical_xor, np.rint, np.round, np.signbit, np.trunc,
):  # fmt: skip
    implements(_f)(declare(_f.__name__, _f))


# -------------------------------------------------------------------------------------- comparisons
class Tie(np.ndarray[Any, np.dtype[np.bool_]]):
    """A boolean array, from a comparison of equal values; ``if tie:`` raises, since the derivative is undefined at a tie."""

    def __bool__(self) -> bool:
        raise TypeError(
            "a branch on values that tie: on either side of this point another formula holds, so the derivative of the branch "
            "taken may be wrong; use np.where, np.maximum or np.minimum, or move the point"
        )

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        """Keep boolean results of operations a Tie; make the others plain arrays."""
        return np.asarray(array).view(Tie) if np.asarray(array).dtype == bool else np.asarray(array)[()]


def _compared(primitive: Primitive) -> Callable[..., Any]:
    def compare(*args: Any) -> Any:
        args = tuple(map(undifferentiated, args))
        outcome = primitive(*args)
        if isinstance(outcome, Traced) or np.size(outcome) != 1 or not np.all(np.equal(*args)):
            return outcome
        return np.asarray(outcome).view(Tie)

    return compare


for _f in (np.equal, np.not_equal, np.greater, np.greater_equal, np.less, np.less_equal):
    implements(_f)(_compared(declare(_f.__name__, _f)))


# ------------------------------------------------------------------------------------------ choices
def _where_jvp(i: int, t: Any, y: Any, condition: Any, *_: Any) -> Any:
    if i == 0:
        return np.zeros(shape_of(y))
    return np.broadcast_to(np.where(condition, *((t, 0.0) if i == 1 else (0.0, t))), shape_of(y))


def _where_vjp(i: int, g: Any, y: Any, condition: Any, *args: Any) -> Any:
    if i == 0:
        return np.zeros(shape_of(condition))
    return unbroadcast(np.where(condition, *((g, 0.0) if i == 1 else (0.0, g))), args[i - 1])


WHERE = declare("where", np.where, _where_jvp, _where_vjp)


@implements(np.where)
def _where(condition: Any, a: Any = None, b: Any = None) -> Any:
    """Choose between ``a`` and ``b``; the condition has no derivative.

    Raises:
        TypeError: of a value of a program it is asked where it is true.

    """
    condition = undifferentiated(condition)
    if a is not None:
        return WHERE(condition, a, b)
    if isinstance(condition, Traced):
        raise TypeError(
            "how many entries are true depends on their values, a program is written for all: use np.where(mask, a, b)"
        )
    return np.where(condition)


# -------------------------------------------------------------------------------------------- casts
def _cast_jvp(i: int, t: Any, y: Any, x: Any, dtype: np.dtype[Any]) -> Any:
    return bind(ASTYPE, t, dtype=dtype) if dtype_of(x).kind == "f" else np.zeros(shape_of(x))


def _cast_vjp(i: int, g: Any, y: Any, x: Any, dtype: np.dtype[Any]) -> Any:
    return bind(ASTYPE, g, dtype=dtype_of(x)) if dtype_of(x).kind == "f" else np.zeros(shape_of(x))


ASTYPE = declare("astype", lambda x, dtype: np.asarray(x).astype(dtype)[()], _cast_jvp, _cast_vjp)


@implements(np.ndarray.astype, *[getattr(np, name) for name in ("astype",) if hasattr(np, name)])  # numpy 2.1
def _astype(x: Any, dtype: Any, *, copy: bool = True) -> Any:
    """Cast; from float to float with the derivative 1, to integers and truth values with none."""
    dtype = np.dtype(dtype)
    if dtype.kind not in "fiub":
        raise TypeError(f"a traced value is real, and cannot become {dtype}: cast it to floats, integers or bool")
    return bind(ASTYPE, x if dtype.kind == "f" else undifferentiated(x), dtype=dtype)


@implements(np.clip)
def _clip(x: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None, **options: Any) -> Any:  # noqa: A002 - numpy's names
    only("clip", options)
    low, high = a_min if min is None else min, a_max if max is None else max
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)
