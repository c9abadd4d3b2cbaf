"""Functions that rearrange arrays, composed of a few linear primitives: numpy itself is asked what goes where.

A permutation is read off the shape of an array with axes of lengths 0, 1, 2, ...; a function that moves, repeats or drops entries
is applied to their numbers, and then the entries are taken by these. So each function of numpy's is a line of a table.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reference.autodiff.core import (
    FUNCTIONS,
    Primitive,
    Traced,
    bind,
    concrete,
    implement,
    shape_of,
)
from reference.autodiff.plain import without_derivative
from reference.autodiff.rules.linear import FLIP, RESHAPE, TRANSPOSE, axes_of, linear, only

__all__ = ["PAD"]

Function = Callable[..., Any]
PAD: Primitive = linear(
    "pad",
    lambda x, pad_width: np.pad(x, pad_width),
    lambda g, x, pad_width: g[tuple(slice(a, a + n) for (a, _), n in zip(pad_width, shape_of(x), strict=True))],
)
"""Zeros around an array: (before, after) for each axis."""


def _permuting(f: Function) -> Function:
    return lambda x, *args, **options: bind(
        TRANSPOSE, x, axes=f(np.empty(range(np.ndim(concrete(x)))), *args, **options).shape
    )


def _reshaping(f: Function) -> Function:
    return lambda x, *args, **options: bind(RESHAPE, x, shape=f(concrete(x), *args, **options).shape)


def _moving(f: Function) -> Function:
    """Number entries from 1; where the function puts a 0 among the numbers, it puts one among the entries."""

    def moved(x: Any, *args: Any, **options: Any) -> Any:
        shape = shape_of(x)
        numbers = f(np.arange(1, math.prod(shape) + 1).reshape(shape), *args, **options)
        if not np.any(numbers):
            return np.zeros(numbers.shape)
        taken = np.ravel(x)[np.maximum(numbers - 1, 0)]
        return taken if np.all(numbers) else np.where(numbers > 0, taken, 0.0)

    return moved


def _pad(x: Any, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0.0, **options: Any) -> Any:
    only("pad", options)
    if mode in ("edge", "reflect", "symmetric", "wrap"):
        return _moving(lambda numbers: np.pad(numbers, pad_width, mode))(x)  # type: ignore[call-overload]
    if mode != "constant":
        raise TypeError(f"np.pad has no rule for mode {mode!r}: compute the border, and np.concatenate it")
    shape = shape_of(x)
    width = tuple((int(a), int(b)) for a, b in np.broadcast_to(pad_width, (len(shape), 2)))
    out = bind(PAD, x, pad_width=width)
    return out + np.pad(np.zeros(shape), width, constant_values=constant_values) if np.any(constant_values) else out


def _within(x: Any, axis: int, index: Any) -> Any:
    """Take the entries at an index into one axis."""
    return FUNCTIONS["getitem"](x, (slice(None),) * (axis % np.ndim(concrete(x))) + (index,))


def _splitting(f: Function) -> Function:
    def split(x: Any, sections: Any, axis: int = 0) -> Any:
        parts = f(np.arange(shape_of(x)[axis]), sections)
        ends = np.cumsum([len(part) for part in parts]).tolist()
        return [_within(x, axis, slice(end - len(part), end)) for part, end in zip(parts, ends, strict=True)]

    return split


def _stack(arrays: Any, axis: int = 0, **options: Any) -> Any:
    return np.concatenate([np.expand_dims(a, axis) for a in arrays], axis, **options)


def _hstack(arrays: Any, **options: Any) -> Any:
    rows = [np.atleast_1d(a) for a in arrays]
    return np.concatenate(rows, 0 if np.ndim(concrete(rows[0])) == 1 else 1, **options)


def _column_stack(arrays: Any) -> Any:
    return np.concatenate([np.reshape(a, (-1, 1)) if np.ndim(concrete(a)) < 2 else a for a in arrays], 1)


def _at_least(f: Function) -> Function:
    one = _reshaping(f)
    return lambda *arrays: one(arrays[0]) if len(arrays) == 1 else tuple(map(one, arrays))


def _reshape(x: Any, shape: Any, **options: Any) -> Any:
    only("reshape", options)
    return bind(RESHAPE, x, shape=shape)


def _take(x: Any, indices: Any, axis: Any = None, **options: Any) -> Any:
    only("take", options)
    indices = indices if isinstance(indices, Traced) else np.asarray(indices)
    return FUNCTIONS["getitem"](np.ravel(x), indices) if axis is None else _within(x, axis, indices)


def _take_along_axis(x: Any, indices: Any, axis: Any = -1) -> Any:
    if axis is None:
        return _take(x, indices)
    index = list(np.ogrid[tuple(slice(n) for n in shape_of(x))])
    index[axis] = indices
    return FUNCTIONS["getitem"](x, tuple(index))


def _sort(x: Any, axis: Any = -1, **options: Any) -> Any:
    """Sort entries; where some tie, they keep the derivatives of the order that numpy finds."""
    only("sort", options)
    x, axis = (np.ravel(x), 0) if axis is None else (x, axis)
    return _take_along_axis(x, np.argsort(x, axis=axis), axis)


def _diff(x: Any, n: int = 1, axis: int = -1, **options: Any) -> Any:
    only("diff", options)
    for _ in range(n):
        x = _within(x, axis, slice(1, None)) - _within(x, axis, slice(None, -1))
    return x


def _nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    top = np.finfo(np.float64).max
    infinite = np.where(x > 0, top if posinf is None else posinf, -top if neginf is None else neginf)
    return np.where(np.isfinite(x), x, np.where(np.isnan(x), nan, infinite))


implement({f: _permuting(f) for f in (np.transpose, np.moveaxis, np.swapaxes, np.rollaxis, np.matrix_transpose)})
implement({f: _reshaping(f) for f in (np.expand_dims, np.squeeze)})
implement({f: _at_least(f) for f in (np.atleast_1d, np.atleast_2d, np.atleast_3d)})
implement({f: _splitting(f) for f in (np.split, np.array_split)})
MOVING = (np.delete, np.diag, np.diagflat, np.diagonal, np.repeat, np.roll, np.rot90, np.tile, np.tril, np.triu)
implement({f: _moving(f) for f in MOVING})
implement(
    {
        like: lambda x, *args, f=like, **options: f(concrete(x), *args, **options)
        for like in (np.empty_like, np.full_like, np.ones_like, np.zeros_like)
    }
)
implement(
    {
        np.reshape: _reshape,
        np.ravel: lambda x, **options: _reshape(x, -1, **options),
        np.flip: lambda x, axis=None: bind(FLIP, x, axis=axes_of(x, axis)),
        np.fliplr: lambda x: bind(FLIP, x, axis=(1,)),
        np.flipud: lambda x: bind(FLIP, x, axis=(0,)),
        np.stack: _stack,
        np.vstack: lambda arrays, **options: np.concatenate([np.atleast_2d(a) for a in arrays], 0, **options),
        np.hstack: _hstack,
        np.column_stack: _column_stack,
        np.append: lambda x, values, axis=None: np.concatenate([x, values], axis),
        np.pad: _pad,
        np.take: _take,
        np.take_along_axis: _take_along_axis,
        np.sort: _sort,
        np.diff: _diff,
        np.nan_to_num: _nan_to_num,
    }
)
without_derivative(np.all, np.any, np.argmax, np.argmin, np.argsort, np.count_nonzero, np.isclose, np.round)
