"""The rules of reductions: sums, means, extremes, products and cumulative sums."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reference.autodiff.core import bind, implement, primitive, shape_of
from reference.autodiff.rules.linear import CUMSUM, SUM, axes_of, kept, only

__all__: list[str] = []


def _extreme(name: str, f: Callable[..., Any]) -> Callable[..., Any]:
    """Declare max or min: entries that tie share equally."""

    def weights(y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
        hit = np.equal(x, kept(y, x, axis, keepdims)) * 1.0
        return hit / np.sum(hit, axis=axis, keepdims=True)

    declared = primitive(
        name,
        lambda x, axis, keepdims: f(x, axis=axis, keepdims=keepdims),
        (lambda t, y, x, axis, keepdims: np.sum(t * weights(y, x, axis, keepdims), axis=axis, keepdims=keepdims),),
        (lambda g, y, x, axis, keepdims: kept(g, x, axis, keepdims) * weights(y, x, axis, keepdims),),
    )

    def extreme(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
        only(name, options)
        return declared(x, axis=axis, keepdims=keepdims)

    return extreme


_max, _min = _extreme("max", np.max), _extreme("min", np.min)


def _sum(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
    if options:
        only("sum", options)
    return bind(SUM, x, axis=axis, keepdims=keepdims)


def _count(x: Any, axis: Any) -> int:
    """Count the entries that a reduction takes together."""
    return math.prod(shape_of(x)[a] for a in axes_of(x, axis))


def _mean(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
    only("mean", options)
    return _sum(x, axis, keepdims=keepdims) / _count(x, axis)


def _var(x: Any, axis: Any = None, *, ddof: float = 0, keepdims: bool = False, **options: Any) -> Any:
    """Compute the mean squared distance from the mean; the sum is divided by the number of entries less ``ddof``."""
    only("var", options)
    off = x - _mean(x, axis, keepdims=True)
    return _sum(off * off, axis, keepdims=keepdims) / (_count(x, axis) - ddof)


def _folding(f: Callable[..., Any], neutral: float) -> Callable[..., Any]:
    """Make a reduction by an associative function, half of the entries with the other half: right at zeros of a product too."""

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


implement(
    {
        np.sum: _sum,
        np.mean: _mean,
        np.var: _var,
        np.std: lambda x, axis=None, **options: np.sqrt(_var(x, axis, **options)),
        np.prod: _prod,
        np.ptp: lambda x, axis=None, **options: np.max(x, axis, **options) - np.min(x, axis, **options),
        np.cumsum: _cumsum,
        **dict.fromkeys((np.max, np.amax), _max),
        **dict.fromkeys((np.min, np.amin), _min),
    }
)
implement(
    {
        # Where numpy's functions reduce all axes, a ufunc's reduce takes the first.
        (ufunc, "reduce"): lambda x, axis=0, f=f, **options: f(x, axis, **options)
        for ufunc, f in {
            np.add: _sum,
            np.multiply: _prod,
            np.maximum: _max,
            np.minimum: _min,
            np.logaddexp: _folding(np.logaddexp, -np.inf),
        }.items()
    }
)
