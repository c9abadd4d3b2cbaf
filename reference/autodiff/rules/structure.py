"""Functions that rearrange arrays, composed of a few linear primitives: numpy itself is asked for the arrangement.

A permutation is read off the shape of an array with axes of lengths 0, 1, 2, ...; a function that moves, repeats or drops entries
is applied to their numbers, and then the entries are taken by these. So each function of numpy's is one line.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference.autodiff.core import Primitive, Rule, Traced, bind, concrete, declare, dtype_of, implements, shape_of
from reference.autodiff.rules.indexing import getitem
from reference.autodiff.rules.tools import axes_of, linear, only, unbroadcast

__all__ = ["BROADCAST", "FLIP"]


# ---------------------------------------------------------------------------------------- primitives
def _filled(x: Any, shape: tuple[int, ...]) -> Any:
    """Broadcast as ``np.broadcast_to``, into memory of its own, in a quarter of the time."""
    out = np.empty(shape, dtype_of(x))
    out[...] = x
    return out


RESHAPE: Primitive = linear(
    "reshape",
    lambda x, shape: np.reshape(x, shape),
    lambda i, g, y, x, shape: bind(RESHAPE, g, shape=shape_of(x)),
)
TRANSPOSE: Primitive = linear(
    "transpose",
    lambda x, axes: np.transpose(x, axes),
    lambda i, g, y, x, axes: bind(TRANSPOSE, g, axes=tuple(int(a) for a in np.argsort(axes))),
)
BROADCAST: Primitive = linear("broadcast_to", _filled, lambda i, g, y, x, shape: unbroadcast(g, x))
FLIP: Primitive = linear("flip", np.flip, lambda i, g, y, x, axis: bind(FLIP, g, axis=axis))
PAD: Primitive = linear(
    "pad",
    np.pad,
    lambda i, g, y, x, pad_width: g[tuple(slice(a, a + n) for (a, _), n in zip(pad_width, shape_of(x), strict=True))],
)


def _concatenate_jvp(i: int, t: Any, y: Any, *arrays: Any, axis: int) -> Any:
    return np.concatenate([t if j == i else np.zeros(shape_of(x)) for j, x in enumerate(arrays)], axis=axis)


def _concatenate_vjp(i: int, g: Any, y: Any, *arrays: Any, axis: int) -> Any:
    """Cut out the piece of the cotangent that belongs to argument ``i``."""
    ends = np.cumsum([shape_of(x)[axis] for x in arrays])
    index = [slice(None)] * len(shape_of(g))
    index[axis] = slice(int(ends[i]) - shape_of(arrays[i])[axis], int(ends[i]))
    return g[tuple(index)]


CONCATENATE = declare(
    "concatenate", lambda *arrays, axis: np.concatenate(arrays, axis=axis), _concatenate_jvp, _concatenate_vjp
)


# -------------------------------------------------------------------------------- kinds of functions
def _permuting(f: Any) -> Rule:
    return lambda x, *args, **options: bind(
        TRANSPOSE, x, axes=f(np.empty(range(len(shape_of(x)))), *args, **options).shape
    )


def _reshaping(f: Any) -> Rule:
    return lambda x, *args, **options: bind(RESHAPE, x, shape=f(concrete(x), *args, **options).shape)


def _moving(f: Any) -> Rule:
    """Number the entries from 1, apply ``f`` to the numbers, and take the entries by them; a 0 stays a 0."""

    def moved(x: Any, *args: Any, **options: Any) -> Any:
        shape = shape_of(x)
        numbers = f(np.arange(1, math.prod(shape) + 1).reshape(shape), *args, **options)
        if not np.any(numbers):
            return np.zeros(numbers.shape, dtype_of(x))
        taken = np.ravel(x)[np.maximum(numbers - 1, 0)]
        return taken if np.all(numbers) else np.where(numbers > 0, taken, dtype_of(x).type(0))

    return moved


def _splitting(f: Any) -> Rule:
    def split(x: Any, sections: Any, axis: int = 0) -> Any:
        parts = f(np.arange(shape_of(x)[axis]), sections)
        ends = np.cumsum([len(part) for part in parts]).tolist()
        return [_within(x, axis, slice(end - len(part), end)) for part, end in zip(parts, ends, strict=True)]

    return split


def _at_least(f: Any) -> Rule:
    one = _reshaping(f)
    return lambda *arrays: one(arrays[0]) if len(arrays) == 1 else tuple(map(one, arrays))


_f: Any
for _f in (np.transpose, np.moveaxis, np.swapaxes, np.rollaxis, np.matrix_transpose):
    implements(_f)(_permuting(_f))
for _f in (np.expand_dims, np.squeeze):
    implements(_f)(_reshaping(_f))
for _f in (np.atleast_1d, np.atleast_2d, np.atleast_3d):
    implements(_f)(_at_least(_f))
for _f in (np.split, np.array_split):
    implements(_f)(_splitting(_f))
for _f in (
    np.delete,
    np.diag,
    np.diagflat,
    np.diagonal,
    np.repeat,
    np.roll,
    np.rot90,
    np.tile,
    np.tril,
    np.triu,
    sliding_window_view,
):
    implements(_f)(_moving(_f))
for _f in (np.empty_like, np.full_like, np.ones_like, np.zeros_like):
    implements(_f)(lambda x, *args, f=_f, **options: f(concrete(x), *args, **options))


# -------------------------------------------------------------------------------- functions of numpy
@implements(np.reshape)
def _reshape(x: Any, shape: Any, **options: Any) -> Any:
    only("reshape", options)
    return bind(RESHAPE, x, shape=shape)


@implements(np.ravel)
def _ravel(x: Any, **options: Any) -> Any:
    return _reshape(x, -1, **options)


@implements(np.concatenate)
def _concatenate(arrays: Any, axis: Any = 0, **options: Any) -> Any:
    only("concatenate", options)
    if axis is None:
        arrays, axis = [np.ravel(a) for a in arrays], 0
    return bind(CONCATENATE, *arrays, axis=axis)


@implements(np.pad)
def _pad(x: Any, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0.0, **options: Any) -> Any:
    only("pad", options)
    if mode in ("edge", "reflect", "symmetric", "wrap"):
        return _moving(lambda numbers: np.pad(numbers, pad_width, mode))(x)  # type: ignore[call-overload]
    if mode != "constant":
        raise TypeError(f"np.pad has no rule for mode {mode!r}: compute the border, and np.concatenate it")
    shape = shape_of(x)
    width = tuple((int(a), int(b)) for a, b in np.broadcast_to(pad_width, (len(shape), 2)))
    out = bind(PAD, x, pad_width=width)
    zeros = np.zeros(shape, dtype_of(x))
    return out + np.pad(zeros, width, constant_values=constant_values) if np.any(constant_values) else out


def _within(x: Any, axis: int, index: Any) -> Any:
    """Take the entries at an index into one axis."""
    return getitem(x, (slice(None),) * (axis % len(shape_of(x))) + (index,))


@implements(np.stack)
def _stack(arrays: Any, axis: int = 0, **options: Any) -> Any:
    return np.concatenate([np.expand_dims(a, axis) for a in arrays], axis, **options)


@implements(np.hstack)
def _hstack(arrays: Any, **options: Any) -> Any:
    rows = [np.atleast_1d(a) for a in arrays]
    return np.concatenate(rows, 0 if len(shape_of(rows[0])) == 1 else 1, **options)


@implements(np.column_stack)
def _column_stack(arrays: Any) -> Any:
    return np.concatenate([np.reshape(a, (-1, 1)) if len(shape_of(a)) < 2 else a for a in arrays], 1)


@implements(np.take)
def _take(x: Any, indices: Any, axis: Any = None, **options: Any) -> Any:
    only("take", options)
    indices = indices if isinstance(indices, Traced) else np.asarray(indices)
    return getitem(np.ravel(x), indices) if axis is None else _within(x, axis, indices)


@implements(np.take_along_axis)
def _take_along_axis(x: Any, indices: Any, axis: Any = -1) -> Any:
    if axis is None:
        return _take(x, indices)
    index = list(np.ogrid[tuple(slice(n) for n in shape_of(x))])
    index[axis] = indices
    return getitem(x, tuple(index))


@implements(np.sort)
def _sort(x: Any, axis: Any = -1, **options: Any) -> Any:
    """Sort; entries that tie keep the derivatives of the order that numpy finds."""
    only("sort", options)
    x, axis = (np.ravel(x), 0) if axis is None else (x, axis)
    return _take_along_axis(x, np.argsort(x, axis=axis), axis)


@implements(np.diff)
def _diff(x: Any, n: int = 1, axis: int = -1, **options: Any) -> Any:
    only("diff", options)
    for _ in range(n):
        x = _within(x, axis, slice(1, None)) - _within(x, axis, slice(None, -1))
    return x


@implements(np.nan_to_num)
def _nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    if dtype_of(x).kind != "f":
        return x
    top = np.finfo(dtype_of(x)).max
    infinite = np.where(x > 0, top if posinf is None else posinf, -top if neginf is None else neginf)
    return np.where(np.isfinite(x), x, np.where(np.isnan(x), nan, infinite))


implements(np.broadcast_to)(lambda x, shape, **_: bind(BROADCAST, x, shape=shape))
implements(np.copy)(lambda x, **_: x)
implements(np.flip)(lambda x, axis=None: bind(FLIP, x, axis=axes_of(x, axis)))
implements(np.fliplr)(lambda x: bind(FLIP, x, axis=(1,)))
implements(np.flipud)(lambda x: bind(FLIP, x, axis=(0,)))
implements(np.append)(lambda x, values, axis=None: np.concatenate([x, values], axis))
implements(np.vstack)(lambda arrays, **options: np.concatenate([np.atleast_2d(a) for a in arrays], 0, **options))
