"""Further functions of numpy's, composed of the primitives: cumulative products, averages, blocks, convolution in one axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff.core import bind, declare, implements, shape_of
from reference.autodiff.rules.tools import axes_of, only

__all__: list[str] = []


# ------------------------------------------------------------------------------------- reductions
@implements(np.cumprod)
def _cumprod(x: Any, axis: Any = None, **options: Any) -> Any:
    """Multiply up by doubling: after the step of width d each entry is the product of 2d, right at zeros too."""
    only("cumprod", options)
    x = np.ravel(x) if axis is None else np.moveaxis(x, axis, -1)
    width, n = 1, shape_of(x)[-1]
    while width < n:
        x = np.concatenate([x[..., :width], x[..., width:] * x[..., :-width]], axis=-1)
        width *= 2
    return x if axis is None else np.moveaxis(x, -1, axis)


@implements(np.average)
def _average(x: Any, axis: Any = None, weights: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
    only("average", {key: value or None for key, value in options.items()})
    if weights is None:
        return np.mean(x, axis=axis, keepdims=keepdims)
    if shape_of(weights) != shape_of(x):
        if isinstance(axis, tuple) or axis is None or len(shape_of(weights)) != 1:
            raise TypeError("np.average takes weights of the shape of the array here, or along one axis a vector")
        weights = np.reshape(weights, [-1 if i == axis % len(shape_of(x)) else 1 for i in range(len(shape_of(x)))])
        weights = np.broadcast_to(weights, shape_of(x))
    total = np.sum(weights, axis=axis, keepdims=keepdims)
    return np.sum(x * weights, axis=axis, keepdims=keepdims) / total


@implements(np.median)
def _median(x: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
    """Average the middle one or two of the sorted entries; of entries with nan the median is nan."""
    only("median", {key: value or None for key, value in options.items()})
    axes = axes_of(x, axis)
    free = tuple(i for i in range(len(shape_of(x))) if i not in axes)
    rows = np.reshape(np.transpose(x, free + axes), (*(shape_of(x)[i] for i in free), -1))
    n = shape_of(rows)[-1]
    middle = np.mean(np.sort(rows, axis=-1)[..., (n - 1) // 2 : n // 2 + 1], axis=-1)
    out = np.where(np.any(np.isnan(rows), axis=-1), np.nan, middle)
    return np.expand_dims(out, axes) if keepdims else out


def _without_nan(x: Any) -> Any:
    return np.where(np.isnan(x), 0.0, x)


implements(np.nansum)(lambda x, axis=None, **options: np.sum(_without_nan(x), axis=axis, **options))


@implements(np.nanmean)
def _nanmean(x: Any, axis: Any = None, **options: Any) -> Any:
    count = np.sum(np.logical_not(np.isnan(x)), axis=axis, **options)
    return np.sum(_without_nan(x), axis=axis, **options) / count


# ---------------------------------------------------------------------------------------- choices
def _ignoring_nan(f: Any) -> Any:
    def choose(a: Any, b: Any, **options: Any) -> Any:
        only(f.__name__, options)
        return f(np.where(np.isnan(a), b, a), np.where(np.isnan(b), a, b))

    return choose


implements(np.fmax)(_ignoring_nan(np.maximum))
implements(np.fmin)(_ignoring_nan(np.minimum))


# -------------------------------------------------------------------------------- pieces and blocks
implements(np.hsplit)(lambda x, sections: np.split(x, sections, axis=min(1, len(shape_of(x)) - 1)))
implements(np.vsplit)(lambda x, sections: np.split(x, sections, axis=0))
implements(np.dsplit)(lambda x, sections: np.split(x, sections, axis=2))
implements(np.dstack)(lambda arrays: np.concatenate([np.atleast_3d(a) for a in arrays], axis=2))


@implements(np.block)
def _block(arrays: Any) -> Any:
    """Join nested lists of arrays, the innermost along the last axis."""

    def depth(part: Any) -> int:
        return 1 + max(map(depth, part)) if isinstance(part, list) else 0

    def widest(part: Any) -> int:
        return max(map(widest, part)) if isinstance(part, list) else len(shape_of(part))

    levels = depth(arrays)
    axes = max(levels, widest(arrays))

    def join(part: Any, level: int) -> Any:
        if isinstance(part, list):
            return np.concatenate([join(one, level + 1) for one in part], axis=axes - levels + level)
        return np.reshape(part, (1,) * (axes - len(shape_of(part))) + shape_of(part))

    return join(arrays, 0)


CONVOLVE = declare(
    "convolve",
    lambda a, v: np.convolve(a, v),
    lambda i, t, y, a, v: np.convolve(*((a, t) if i else (t, v))),
    lambda i, g, y, a, v: np.convolve(g, np.flip((v, a)[i]), "valid"),
)


@implements(np.convolve)
def _convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """Convolve two vectors; the shorter forms are pieces of the full one."""
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"np.convolve knows the modes 'full', 'same' and 'valid', not {mode!r}")
    full = bind(CONVOLVE, np.atleast_1d(a), np.atleast_1d(v))
    m, n = sorted((np.size(a), np.size(v)))
    first, length = {"full": (0, n + m - 1), "same": ((m - 1) // 2, n), "valid": (m - 1, n - m + 1)}[mode]
    return full[first : first + length]
