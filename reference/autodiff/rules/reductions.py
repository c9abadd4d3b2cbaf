"""Reductions: sums, means, extremes, products and cumulative sums, along axes or over all entries."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reference.autodiff.core import Primitive, Rule, bind, declare, dtype_of, implements, shape_of
from reference.autodiff.rules.elementwise import ROOT
from reference.autodiff.rules.structure import BROADCAST, FLIP
from reference.autodiff.rules.tools import axes_of, kept, linear, only

__all__: list[str] = []


# --------------------------------------------------------------------------------------------- sums
SUM: Primitive = linear(
    "sum",
    lambda x, axis, keepdims: np.add.reduce(x, axis=axis, keepdims=keepdims),
    lambda i, g, y, x, axis, keepdims: bind(BROADCAST, kept(g, x, axis, keepdims), shape=shape_of(x)),
)
CUMSUM: Primitive = linear(
    "cumsum",
    np.cumsum,
    lambda i, g, y, x, axis: bind(FLIP, bind(CUMSUM, bind(FLIP, g, axis=axis), axis=axis), axis=axis),
)


@implements(np.sum)
def _sum(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
    if options:
        only("sum", options)
    return bind(SUM, x, axis=axis, keepdims=keepdims)


@implements(np.cumsum)
def _cumsum(x: Any, axis: Any = None, **options: Any) -> Any:
    only("cumsum", options)
    return bind(CUMSUM, np.ravel(x), axis=0) if axis is None else bind(CUMSUM, x, axis=axis)


def _count(x: Any, axis: Any) -> int:
    """Count the entries that a reduction takes together."""
    return math.prod(shape_of(x)[a] for a in axes_of(x, axis))


@implements(np.mean)
def _mean(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
    only("mean", options)
    return _sum(x, axis, keepdims=keepdims) / _count(x, axis)


@implements(np.var)
def _var(x: Any, axis: Any = None, *, ddof: float = 0, keepdims: bool = False, **options: Any) -> Any:
    """Sum the squared distances from the mean, and divide by the number of entries less ``ddof``."""
    only("var", options)
    off = x - _mean(x, axis, keepdims=True)
    return _sum(off * off, axis, keepdims=keepdims) / (_count(x, axis) - ddof)


implements(np.std)(lambda x, axis=None, **options: bind(ROOT, _var(x, axis, **options)))


# ----------------------------------------------------------------------------------------- extremes
def _extreme(*functions: Any) -> Rule:
    """Declare a maximum or minimum: entries that tie share equally."""
    name = functions[0].__name__

    def weights(y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
        hit = np.equal(x, kept(y, x, axis, keepdims)) * 1.0
        return hit / np.sum(hit, axis=axis, keepdims=True)

    def jvp(i: int, t: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
        return np.sum(t * weights(y, x, axis, keepdims), axis=axis, keepdims=keepdims)

    def vjp(i: int, g: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
        return kept(g, x, axis, keepdims) * weights(y, x, axis, keepdims)

    primitive = declare(name, functions[0], jvp, vjp)

    @implements(*functions)
    def extreme(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
        only(name, options)
        return bind(primitive, x, axis=axis, keepdims=keepdims)

    return extreme


_max, _min = _extreme(np.max, np.amax), _extreme(np.min, np.amin)
implements(np.ptp)(lambda x, axis=None, **options: np.max(x, axis, **options) - np.min(x, axis, **options))


# ---------------------------------------------------------------------------------- folds and ufuncs
def _folding(f: np.ufunc, neutral: float) -> Rule:
    """Reduce by an associative function, half of the entries with the other half: a product is right at zeros too."""

    def fold(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
        only(f"{f.__name__}.reduce", options)
        if f is np.multiply and dtype_of(x).kind in "biu":  # numpy multiplies small integers as large ones
            x = x.astype(np.multiply.reduce(np.ones(1, dtype_of(x))).dtype)
        axes, shape = axes_of(x, axis), shape_of(x)
        free = tuple(i for i in range(len(shape)) if i not in axes)
        n = math.prod(shape[i] for i in axes)
        rows = np.reshape(np.transpose(x, free + axes), (*(shape[i] for i in free), n))
        while n > 1:
            half = n // 2
            pairs = f(rows[..., :half], rows[..., half : 2 * half])
            rows = pairs if n == 2 * half else np.concatenate([pairs, rows[..., -1:]], axis=-1)
            n -= half
        out = rows[..., 0] if n else np.full(shape_of(rows)[:-1], neutral, dtype_of(x))
        return kept(out, x, axis, False) if keepdims else out

    return fold


_prod = implements(np.prod)(_folding(np.multiply, 1.0))
for _ufunc, _reduction in {
    np.add: _sum,
    np.multiply: _prod,
    np.maximum: _max,
    np.minimum: _min,
    np.logaddexp: _folding(np.logaddexp, -np.inf),
}.items():
    # Where numpy's functions reduce all axes, a ufunc's reduce takes the first.
    implements(_ufunc.reduce)(lambda x, axis=0, f=_reduction, **options: f(x, axis, **options))
