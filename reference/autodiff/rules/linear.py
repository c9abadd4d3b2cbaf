"""The rules of linear functions that move entries: value and adjoint side by side.

All that rearranges arrays beyond these few primitives is composed of them in ``structure``, all that reduces in ``reductions``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.autodiff.core import Primitive, bind, concrete, implement, primitive, shape_of
from reference.autodiff.rules.elementwise import unbroadcast

__all__ = ["CUMSUM", "FLIP", "GETITEM", "RESHAPE", "SUM", "TRANSPOSE", "axes_of", "kept", "linear", "only"]


def linear(name: str, value: Callable[..., Any], adjoint: Callable[..., Any]) -> Primitive:
    """Declare a linear function of its one argument: the JVP is the function itself, the VJP its adjoint.

    ``adjoint(cotangent, argument, **params)``.
    """
    declared = primitive(
        name,
        value,
        (lambda t, _, x, **params: declared(t, **params),),
        (lambda g, _, x, **params: adjoint(g, x, **params),),
    )
    return declared


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
    """Broadcast as ``np.broadcast_to`` does, into memory of its own, in a quarter of the time."""
    out = np.empty(shape)
    out[...] = x
    return out


def _scattered(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Make zeros with ``g`` added at an index; an entry that is named twice gets both."""
    out = np.zeros(shape)
    parts = index if isinstance(index, tuple) else (index,)
    if all(part is None or part is Ellipsis or isinstance(part, (slice, int, np.integer)) for part in parts):
        out[index] = g  # slices name nothing twice, and writing takes a tenth of the time of adding
    else:
        np.add.at(out, index, g)
    return out


def axes_of(x: Any, axis: Any) -> tuple[int, ...]:
    """Return the axes of a reduction as a tuple of non-negative numbers."""
    ndim = np.ndim(concrete(x))
    if axis is None or ndim == 0:
        return tuple(range(ndim))
    return tuple(a % ndim for a in (axis if isinstance(axis, tuple) else (axis,)))


def kept(y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """Reshape a reduced value to have the reduced axes back, of length 1."""
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


implement({np.broadcast_to: lambda x, shape, **_: bind(BROADCAST, x, shape=shape), np.copy: lambda x, **_: x})
