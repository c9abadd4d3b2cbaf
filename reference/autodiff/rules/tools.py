"""Helpers of the rules: linear primitives, the shapes of reductions and of broadcasting, and the refusal of options."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff.core import Primitive, Rule, bind, declare, shape_of

__all__ = ["axes_of", "kept", "linear", "only", "unbroadcast"]


def linear(name: str, forward: Rule, vjp: Rule) -> Primitive:
    """Declare a linear function of one argument: its JVP is the function itself, its VJP the adjoint."""
    primitive = declare(name, forward, lambda i, t, y, x, **params: bind(primitive, t, **params), vjp)
    return primitive


def unbroadcast(g: Any, like: Any) -> Any:
    """Sum a cotangent over the axes along which ``like`` was broadcast: the adjoint of broadcasting."""
    shape, have = shape_of(like), shape_of(g)
    if shape == have:
        return g
    extra = len(have) - len(shape)
    stretched = [extra + i for i, n in enumerate(shape) if n == 1 and have[extra + i] != 1]
    axes = (*range(extra), *stretched)
    if not axes:
        return g
    return np.add.reduce(g, axis=axes).reshape(shape)


def axes_of(x: Any, axis: Any) -> tuple[int, ...]:
    """Return the axes of a reduction as a tuple of non-negative numbers."""
    ndim = len(shape_of(x))
    if axis is None or ndim == 0:
        return tuple(range(ndim))
    return tuple(a % ndim for a in (axis if isinstance(axis, tuple) else (axis,)))


def kept(y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """Restore the axes of ``x`` over which ``y`` was reduced, as axes of length 1."""
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
