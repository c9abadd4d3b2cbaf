"""The rules of linear functions that move entries, of reductions, and of choices: value, JVP and VJP side by side.

What numpy has beyond these few primitives is composed of them: reductions here, all that rearranges arrays in ``structure``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reference.autodiff.core import FUNCTIONS, REDUCTIONS, Primitive, bind, concrete, undifferentiated
from reference.autodiff.elementwise import declared, shape_of, unbroadcast

__all__ = ["CONCATENATE", "FLIP", "GETITEM", "RESHAPE", "TRANSPOSE", "axes_of", "kept", "linear", "only"]


# ------------------------------------------------------------------------- functions that are linear
def linear(name: str, value: Callable[..., Any], adjoint: Callable[..., Any]) -> Primitive:
    """A linear function of its one argument: the JVP is the function itself, the VJP its adjoint.

    ``adjoint(cotangent, argument, **params)``.
    """
    primitive = declared(
        name,
        value,
        (lambda t, _, x, **params: bind(primitive, t, **params),),
        (lambda g, _, x, **params: adjoint(g, x, **params),),
    )
    return primitive


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
    lambda g, x, index: bind(SCATTER, g, index=index, shape=shape_of(x)),
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
    parts = index if isinstance(index, tuple) else (index,)
    if all(part is None or part is Ellipsis or isinstance(part, (slice, int, np.integer)) for part in parts):
        out[index] = g  # slices name nothing twice, and writing takes a tenth of the time of adding
    else:
        np.add.at(out, index, g)
    return out


def axes_of(x: Any, axis: Any) -> tuple[int, ...]:
    """The axes of a reduction as a tuple of non-negative numbers."""
    ndim = np.ndim(concrete(x))
    if axis is None or ndim == 0:
        return tuple(range(ndim))
    return tuple(a % ndim for a in (axis if isinstance(axis, tuple) else (axis,)))


def kept(y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """A reduced value with the axes that were reduced back as axes of length 1."""
    if keepdims:
        return y
    shape = shape_of(x)
    axes = axes_of(x, axis)
    full = tuple([1 if i in axes else n for i, n in enumerate(shape)])
    return y.reshape(full) if isinstance(y, np.ndarray) else np.reshape(y, full)


def only(name: str, options: dict[str, Any]) -> None:
    """Refuse options, such as ``out`` and ``where``, that would change a value without its derivative.

    Raises:
        TypeError: one is given.

    """
    asked = [key for key, value in options.items() if value is not None]
    if asked:
        raise TypeError(
            f"np.{name} under differentiation knows no {', '.join(asked)}: leave it out, and write it with np.where and arithmetic"
        )


# --------------------------------------------------------------------------------------- reductions
def _extreme(name: str, f: Callable[..., Any]) -> None:
    """Max or min: what ties, shares equally."""

    def weights(y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
        hit = np.equal(x, kept(y, x, axis, keepdims)) * 1.0
        return hit / np.sum(hit, axis=axis, keepdims=True)

    primitive = declared(
        name,
        lambda x, axis, keepdims: f(x, axis=axis, keepdims=keepdims),
        (lambda t, y, x, axis, keepdims: np.sum(t * weights(y, x, axis, keepdims), axis=axis, keepdims=keepdims),),
        (lambda g, y, x, axis, keepdims: kept(g, x, axis, keepdims) * weights(y, x, axis, keepdims),),
    )

    def extreme(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
        only(name, options)
        return bind(primitive, x, axis=axis, keepdims=keepdims)

    FUNCTIONS.update({getattr(np, name): extreme, getattr(np, f"a{name}"): extreme})


_extreme("max", np.max)
_extreme("min", np.min)


def _sum(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
    if options:
        only("sum", options)
    return bind(SUM, x, axis=axis, keepdims=keepdims)


def _count(x: Any, axis: Any) -> int:
    """How many entries a reduction takes together."""
    return math.prod(shape_of(x)[a] for a in axes_of(x, axis))


def _mean(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
    only("mean", options)
    return _sum(x, axis, keepdims=keepdims) / _count(x, axis)


def _var(x: Any, axis: Any = None, *, ddof: float = 0, keepdims: bool = False, **options: Any) -> Any:
    """The mean squared distance from the mean; the sum is divided by the number of entries less ``ddof``."""
    only("var", options)
    off = x - _mean(x, axis, keepdims=True)
    return _sum(off * off, axis, keepdims=keepdims) / (_count(x, axis) - ddof)


def _folding(f: Callable[..., Any], neutral: float) -> Callable[..., Any]:
    """A reduction by an associative function, half of the entries with the other half: a product is right at zeros too."""

    def fold(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
        only(f"{f.__name__}.reduce", options)
        axes, shape = axes_of(x, axis), shape_of(x)
        free = tuple(i for i in range(len(shape)) if i not in axes)
        n = math.prod(shape[i] for i in axes)
        rows = np.reshape(np.transpose(x, free + axes), (*(shape[i] for i in free), n))
        while n > 1:
            half = n // 2
            pairs = f(rows[..., :half], rows[..., half : 2 * half])
            rows = pairs if n == 2 * half else np.concatenate([pairs, rows[..., -1:]], axis=-1)
            n -= half
        out = rows[..., 0] if n else np.full(shape_of(rows)[:-1], neutral)
        return kept(out, x, axis, False) if keepdims else out

    return fold


_prod = _folding(np.multiply, 1.0)


def _cumsum(x: Any, axis: Any = None, **options: Any) -> Any:
    only("cumsum", options)
    return bind(CUMSUM, np.ravel(x), axis=0) if axis is None else bind(CUMSUM, x, axis=axis)


# ------------------------------------------------------------------------------- choices and joints
def _concatenate(arrays: Any, axis: Any = 0, **options: Any) -> Any:
    only("concatenate", options)
    if axis is None:
        arrays, axis = [np.ravel(a) for a in arrays], 0
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
    "concatenate",
    lambda *arrays, axis: np.concatenate(arrays, axis=axis),
    _placed,
    lambda g, _, *arrays, i, axis: _part(g, *arrays, i=i, axis=axis),
)


def _where_jvp(t: Any, out: Any, condition: Any, *_: Any, i: int) -> Any:
    if i == 0:
        return np.zeros(np.shape(concrete(out)))
    return np.broadcast_to(np.where(condition, *((t, 0.0) if i == 1 else (0.0, t))), np.shape(concrete(out)))


def _where_vjp(g: Any, _: Any, condition: Any, *args: Any, i: int) -> Any:
    if i == 0:
        return np.zeros(np.shape(concrete(condition)))
    return unbroadcast(np.where(condition, *((g, 0.0) if i == 1 else (0.0, g))), args[i - 1])


WHERE: Primitive = declared("where", np.where, _where_jvp, _where_vjp)


def _where(condition: Any, a: Any = None, b: Any = None) -> Any:
    """Which branch is taken has no derivative."""
    condition = undifferentiated(condition)
    return np.where(concrete(condition)) if a is None else bind(WHERE, condition, a, b)


def _clip(x: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None, **options: Any) -> Any:  # noqa: A002 - numpy's names
    only("clip", options)
    low, high = a_min if min is None else min, a_max if max is None else max
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


FUNCTIONS.update(
    {
        "getitem": lambda x, index: bind(GETITEM, x, index=index),
        np.sum: _sum,
        np.mean: _mean,
        np.var: _var,
        np.std: lambda x, axis=None, **options: np.sqrt(_var(x, axis, **options)),
        np.prod: _prod,
        np.ptp: lambda x, axis=None, **options: np.max(x, axis, **options) - np.min(x, axis, **options),
        np.cumsum: _cumsum,
        np.broadcast_to: lambda x, shape, **_: bind(BROADCAST, x, shape=shape),
        np.concatenate: _concatenate,
        np.where: _where,
        np.clip: _clip,
        np.copy: lambda x, **_: x,
    }
)
REDUCTIONS.update(
    {
        # Where numpy's functions reduce all axes, a ufunc's reduce takes the first.
        ufunc: lambda x, axis=0, f=f, **options: f(x, axis, **options)
        for ufunc, f in {
            np.add: _sum,
            np.multiply: _prod,
            np.maximum: FUNCTIONS[np.max],
            np.minimum: FUNCTIONS[np.min],
            np.logaddexp: _folding(np.logaddexp, -np.inf),
        }.items()
    }
)
