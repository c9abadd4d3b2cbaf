"""The rules of reductions and of functions that move entries: value, JVP and VJP side by side."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reference.autodiff.core import FUNCTIONS, REDUCTIONS, Primitive, bind, concrete, undifferentiated
from reference.autodiff.elementwise import declared, shape_of, unbroadcast

__all__ = ["GETITEM", "kept", "linear"]


# ------------------------------------------------------------------------- functions that are linear
def linear(name: str, value: Callable[..., Any], adjoint: Callable[..., Any]) -> Primitive:
    """A linear function of its one argument: the JVP is the function itself, the VJP its adjoint.

    ``adjoint(cotangent, argument, **params)``.
    """
    primitive = Primitive(
        name,
        value,
        (lambda t, _, x, **params: bind(primitive, t, **params),),
        (lambda g, _, x, **params: adjoint(g, x, **params),),
    )
    return declared(primitive)


RESHAPE: Primitive = linear(
    "reshape",
    lambda x, shape: np.reshape(x, shape),
    lambda g, x, shape: bind(RESHAPE, g, shape=np.shape(concrete(x))),
)
TRANSPOSE: Primitive = linear(
    "transpose",
    lambda x, axes: np.transpose(x, axes),
    lambda g, x, axes: bind(TRANSPOSE, g, axes=tuple(int(i) for i in np.argsort(axes))),
)
BROADCAST: Primitive = linear(
    "broadcast_to",
    lambda x, shape: filled(x, shape),
    lambda g, x, shape: unbroadcast(g, x),
)
SUM: Primitive = linear(
    "sum",
    lambda x, axis, keepdims: np.add.reduce(x, axis=axis, keepdims=keepdims),
    lambda g, x, axis, keepdims: bind(BROADCAST, kept(g, x, axis, keepdims), shape=shape_of(x)),
)
GETITEM: Primitive = linear(
    "getitem",
    lambda x, index: x[index],
    lambda g, x, index: bind(SCATTER, g, index=index, shape=np.shape(concrete(x))),
)
SCATTER: Primitive = linear(
    "scatter_add",
    lambda g, index, shape: _scattered(g, index, shape),
    lambda h, g, index, shape: bind(GETITEM, h, index=index),
)
CUMSUM: Primitive = linear(
    "cumsum",
    lambda x, axis: np.cumsum(x, axis=axis),
    lambda g, x, axis: bind(FLIP, bind(CUMSUM, bind(FLIP, g, axis=axis), axis=axis), axis=axis),
)
FLIP: Primitive = linear(
    "flip",
    lambda x, axis: np.flip(x, axis),
    lambda g, x, axis: bind(FLIP, g, axis=axis),
)


def filled(x: Any, shape: tuple[int, ...]) -> Any:
    """As ``np.broadcast_to``, with memory of its own, in a quarter of the time."""
    out = np.empty(shape)
    out[...] = x
    return out


def _scattered(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros with ``g`` added at an index; an entry that is named twice gets both."""
    out = np.zeros(shape)
    np.add.at(out, index, g)
    return out


def _axes(x: Any, axis: Any) -> tuple[int, ...]:
    """The axes of a reduction as a tuple of non-negative numbers."""
    ndim = np.ndim(concrete(x))
    if axis is None:
        return tuple(range(ndim))
    return tuple(a % ndim for a in (axis if isinstance(axis, tuple) else (axis,)))


def kept(y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """A reduced value with the axes that were reduced back as axes of length 1."""
    if keepdims:
        return y
    shape = shape_of(x)
    axes = _axes(x, axis)
    full = tuple([1 if i in axes else n for i, n in enumerate(shape)])
    return y.reshape(full) if isinstance(y, np.ndarray) else np.reshape(y, full)


# --------------------------------------------------------------------------------------- reductions
def _extreme(name: str, f: Callable[..., Any]) -> Primitive:
    """Max or min: what ties, shares equally."""

    def weights(y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
        hit = np.equal(x, kept(y, x, axis, keepdims)) * 1.0
        return hit / np.sum(hit, axis=axis, keepdims=True)

    return declared(
        Primitive(
            name,
            lambda x, axis, keepdims: f(x, axis=axis, keepdims=keepdims),
            (lambda t, y, x, axis, keepdims: np.sum(t * weights(y, x, axis, keepdims), axis=axis, keepdims=keepdims),),
            (lambda g, y, x, axis, keepdims: kept(g, x, axis, keepdims) * weights(y, x, axis, keepdims),),
        )
    )


MAX, MIN = _extreme("max", np.max), _extreme("min", np.min)


def _sum(x: Any, axis: Any = None, keepdims: bool = False, **_: Any) -> Any:
    return bind(SUM, x, axis=axis, keepdims=keepdims)


def _mean(x: Any, axis: Any = None, keepdims: bool = False, **_: Any) -> Any:
    shape = shape_of(x)
    count = math.prod(shape) if axis is None else math.prod(shape[a] for a in _axes(x, axis))
    return _sum(x, axis, keepdims) / count


def _prod(x: Any, axis: Any = None, keepdims: bool = False, **_: Any) -> Any:
    """A product of slices, one multiplication each: right at zeros too, where dividing by an entry is not."""
    axes = _axes(x, axis)
    order = tuple(i for i in range(np.ndim(concrete(x))) if i not in axes) + axes
    rows = np.reshape(
        np.transpose(x, order), (*(np.shape(concrete(x))[i] for i in order[: len(order) - len(axes)]), -1)
    )
    out: Any = np.ones(np.shape(concrete(rows))[:-1])
    for i in range(np.shape(concrete(rows))[-1]):
        out = out * rows[..., i]
    return kept(out, x, axis, False) if keepdims else out


def _concatenate(arrays: Any, axis: int = 0, **_: Any) -> Any:
    return bind(CONCATENATE, *arrays, axis=axis)


def _part(g: Any, *arrays: Any, i: int, axis: int) -> Any:
    """The piece of a concatenation that came from argument ``i``."""
    ends = np.cumsum([np.shape(concrete(a))[axis] for a in arrays])
    index = [slice(None)] * np.ndim(concrete(g))
    index[axis] = slice(int(ends[i]) - np.shape(concrete(arrays[i]))[axis], int(ends[i]))
    return g[tuple(index)]


def _placed(t: Any, out: Any, *arrays: Any, i: int, axis: int) -> Any:
    zeros = [np.zeros(np.shape(concrete(a))) for a in arrays]
    return np.concatenate([t if j == i else z for j, z in enumerate(zeros)], axis=axis)


CONCATENATE: Primitive = declared(
    Primitive(
        "concatenate",
        lambda *arrays, axis: np.concatenate(arrays, axis=axis),
        _placed,
        lambda g, _, *arrays, i, axis: _part(g, *arrays, i=i, axis=axis),
    )
)


def _stack(arrays: Any, axis: int = 0, **_: Any) -> Any:
    return _concatenate([np.expand_dims(a, axis) for a in arrays], axis)


def _where_jvp(t: Any, out: Any, condition: Any, *_: Any, i: int) -> Any:
    if i == 0:
        return np.zeros(np.shape(concrete(out)))
    return np.broadcast_to(np.where(condition, *((t, 0.0) if i == 1 else (0.0, t))), np.shape(concrete(out)))


def _where_vjp(g: Any, _: Any, condition: Any, *args: Any, i: int) -> Any:
    if i == 0:
        return np.zeros(np.shape(concrete(condition)))
    return unbroadcast(np.where(condition, *((g, 0.0) if i == 1 else (0.0, g))), args[i - 1])


WHERE: Primitive = declared(Primitive("where", np.where, _where_jvp, _where_vjp))


def _where(condition: Any, a: Any = None, b: Any = None) -> Any:
    """Which branch is taken has no derivative."""
    condition = undifferentiated(condition)
    return np.where(concrete(condition)) if a is None else bind(WHERE, condition, a, b)


def _clip(x: Any, low: Any = None, high: Any = None, **_: Any) -> Any:
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def _moved(x: Any, source: int, destination: int) -> Any:
    axes = list(range(np.ndim(concrete(x))))
    axes.insert(destination % len(axes), axes.pop(source % len(axes)))
    return bind(TRANSPOSE, x, axes=tuple(axes))


def _swapped(x: Any, first: int, second: int) -> Any:
    axes = list(range(np.ndim(concrete(x))))
    axes[first], axes[second] = axes[second], axes[first]
    return bind(TRANSPOSE, x, axes=tuple(axes))


def _transposed(x: Any, axes: Any = None) -> Any:
    ndim = np.ndim(concrete(x))
    order = tuple(reversed(range(ndim))) if axes is None else tuple(a % ndim for a in axes)
    return bind(TRANSPOSE, x, axes=order)


def _squeezed(x: Any, axis: Any = None) -> Any:
    return bind(RESHAPE, x, shape=np.squeeze(concrete(x), axis).shape)


FUNCTIONS.update(
    {
        "getitem": lambda x, index: bind(GETITEM, x, index=index),
        np.sum: _sum,
        np.mean: _mean,
        np.prod: _prod,
        np.max: lambda x, axis=None, keepdims=False, **_: bind(MAX, x, axis=axis, keepdims=keepdims),
        np.min: lambda x, axis=None, keepdims=False, **_: bind(MIN, x, axis=axis, keepdims=keepdims),
        np.cumsum: lambda x, axis=None, **_: (
            bind(CUMSUM, np.ravel(x), axis=0) if axis is None else bind(CUMSUM, x, axis=axis)
        ),
        np.flip: lambda x, axis=None: bind(FLIP, x, axis=_axes(x, axis)),
        np.reshape: lambda x, shape, **_: bind(RESHAPE, x, shape=shape),
        np.ravel: lambda x, **_: bind(RESHAPE, x, shape=-1),
        np.transpose: _transposed,
        np.moveaxis: _moved,
        np.swapaxes: _swapped,
        np.expand_dims: lambda x, axis: bind(RESHAPE, x, shape=np.expand_dims(concrete(x), axis).shape),
        np.squeeze: _squeezed,
        np.broadcast_to: lambda x, shape, **_: bind(BROADCAST, x, shape=shape),
        np.concatenate: _concatenate,
        np.stack: _stack,
        np.where: _where,
        np.clip: _clip,
        np.copy: lambda x, **_: x,
        np.zeros_like: lambda x, *_, **__: np.zeros_like(concrete(x)),
        np.ones_like: lambda x, *_, **__: np.ones_like(concrete(x)),
    }
)
REDUCTIONS.update({np.add: _sum, np.multiply: _prod, np.maximum: FUNCTIONS[np.max], np.minimum: FUNCTIONS[np.min]})
