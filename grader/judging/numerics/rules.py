"""The rules by which numpy's functions move the rounding bound: conditioning times the operands' bounds, and own rounding.

Importing this module teaches :class:`~grader.judging.numerics.shadow.Shadow` these functions. A model answer that uses another
function fails when the bank is tested, with the name of that function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.numerics.shadow import FUNCTIONS, PLAIN, REDUCTIONS, RULES, STRUCTURAL, Shadow, lift, value_of

__all__: list[str] = []

Array = NDArray[np.float64]


def _elementary(
    f: Callable[..., Any], slope: Callable[[Any, Any], Any], ulps: float = 2.0
) -> Callable[[Shadow], Shadow]:
    """Make the rule of an elementary function: conditioned input error plus ``ulps`` · |value| for the library's own error."""

    def rule(a: Shadow) -> Shadow:
        v = f(a.value)
        return Shadow(v, _product(np.abs(slope(a.value, v)), a.error) + ulps * np.abs(v))

    return rule


def _exp(a: Shadow) -> Shadow:
    """Bound exp; where it is 0 at −∞, as of a masked score, it is 0 exactly, whatever the bound of −∞ is."""
    v = np.exp(a.value)
    return Shadow(v, np.where(a.value == -np.inf, 0.0, _product(v, a.error) + 2.0 * v))


def _product(slope: Array, error: Array) -> Array:
    """Return ``slope * error``, where an error of 0 stays 0 even at an infinite slope."""
    return np.where(error == 0, 0.0, slope * error)


def _add(a: Shadow, b: Shadow) -> Shadow:
    v = a.value + b.value
    return Shadow(v, a.error + b.error + np.abs(v))


def _subtract(a: Shadow, b: Shadow) -> Shadow:
    v = a.value - b.value
    return Shadow(v, a.error + b.error + np.abs(v))


def _multiply(a: Shadow, b: Shadow) -> Shadow:
    v = a.value * b.value
    return Shadow(v, np.abs(a.value) * b.error + np.abs(b.value) * a.error + np.abs(v))


def _divide(a: Shadow, b: Shadow) -> Shadow:
    v = a.value / b.value
    return Shadow(v, a.error / np.abs(b.value) + np.abs(v / b.value) * b.error + np.abs(v))


def _power(a: Shadow, b: Shadow) -> Shadow:
    v = a.value**b.value
    by_base = _product(np.abs(b.value * a.value ** (b.value - 1)), a.error)
    by_exponent = _product(np.abs(v * np.log(np.abs(a.value))), b.error)
    return Shadow(v, by_base + by_exponent + 2 * np.abs(v))


def _matmul(a: Shadow, b: Shadow) -> Shadow:
    return _bilinear(np.matmul, a, b, a.value.shape[-1])


def _bilinear(f: Callable[[Any, Any], Any], a: Any, b: Any, terms: float) -> Shadow:
    a, b = lift(a), lift(b)
    A, B = np.abs(a.value), np.abs(b.value)
    return Shadow(f(a.value, b.value), f(A, b.error) + f(a.error, B) + max(1.0, np.sqrt(terms)) * f(A, B))


def _choose(f: Callable[[Any, Any], Any], a: Shadow, b: Shadow) -> Shadow:
    v = f(a.value, b.value)
    return Shadow(v, np.where(a.value == v, np.where(b.value == v, np.maximum(a.error, b.error), a.error), b.error))


def _logaddexp(a: Shadow, b: Shadow) -> Shadow:
    v = np.logaddexp(a.value, b.value)
    return Shadow(v, np.exp(a.value - v) * a.error + np.exp(b.value - v) * b.error + 3 * np.abs(v))


RULES |= {
    np.add: _add,
    np.subtract: _subtract,
    np.multiply: _multiply,
    np.divide: _divide,
    np.power: _power,
    np.matmul: _matmul,
    np.logaddexp: _logaddexp,
    np.maximum: lambda a, b: _choose(np.maximum, a, b),
    np.minimum: lambda a, b: _choose(np.minimum, a, b),
    np.negative: lambda a: Shadow(-a.value, a.error),
    np.positive: lambda a: a.copy(),
    np.absolute: lambda a: Shadow(np.abs(a.value), a.error),
    np.sign: lambda a: Shadow(np.sign(a.value), 0.0),
    np.square: lambda a: _multiply(a, a),
    np.reciprocal: lambda a: _divide(lift(1.0), a),
    np.exp: _exp,
    np.expm1: _elementary(np.expm1, lambda _, v: v + 1),
    np.log: _elementary(np.log, lambda x, _: 1 / x),
    np.log1p: _elementary(np.log1p, lambda x, _: 1 / (1 + x)),
    np.sqrt: _elementary(np.sqrt, lambda _, v: 0.5 / v),
    np.sin: _elementary(np.sin, lambda x, _: np.cos(x)),
    np.cos: _elementary(np.cos, lambda x, _: np.sin(x)),
    np.tanh: _elementary(np.tanh, lambda _, v: 1 - v * v),
}


def _count(x: Shadow, reduced: Any) -> float:
    return x.size / max(1, np.size(reduced))


def _sum(x: Any, axis: Any = None, keepdims: bool = False, **_: Any) -> Shadow:
    x = lift(x)
    v = x.value.sum(axis=axis, keepdims=keepdims)
    rounding = np.sqrt(max(0.0, _count(x, v) - 1)) * np.abs(x.value).sum(axis=axis, keepdims=keepdims)
    return Shadow(v, x.error.sum(axis=axis, keepdims=keepdims) + rounding)


def _mean(x: Any, axis: Any = None, keepdims: bool = False, **_: Any) -> Shadow:
    x = lift(x)
    total = _sum(x, axis, keepdims)
    return _divide(total, lift(_count(x, total.value)))


def _extreme(f: Callable[..., Any], x: Any, axis: Any = None, keepdims: bool = False, **_: Any) -> Shadow:
    return Shadow(f(x.value, axis=axis, keepdims=keepdims), np.max(x.error, axis=axis, keepdims=keepdims))


def _prod(x: Any, axis: Any = None, keepdims: bool = False, **_: Any) -> Shadow:
    v = x.value.prod(axis=axis, keepdims=keepdims)
    relative = np.where(x.value == 0, 0.0, x.error / np.abs(x.value)).sum(axis=axis, keepdims=keepdims)
    return Shadow(v, np.abs(v) * (relative + _count(x, v)))


def _where(condition: Any, a: Any = None, b: Any = None) -> Any:
    condition = value_of(condition)
    if a is None:
        return np.where(condition)
    a, b = lift(a), lift(b)
    return Shadow(np.where(condition, a.value, b.value), np.where(condition, a.error, b.error))


def _einsum(subscripts: str, *operands: Any, **_: Any) -> Shadow:
    if len(operands) > 2:
        raise TypeError("np.einsum of more than two operands has no rounding rule")
    x = [lift(o) for o in operands]
    value = np.einsum(subscripts, *(o.value for o in x))
    terms = np.prod([o.size for o in x]) / max(1, value.size)
    if len(x) == 1:
        return Shadow(
            value, np.einsum(subscripts, x[0].error) + np.sqrt(terms) * np.einsum(subscripts, np.abs(x[0].value))
        )
    return _bilinear(lambda p, q: np.einsum(subscripts, p, q), x[0], x[1], float(terms))


def _solve(a: Any, b: Any) -> Shadow:
    a, b = lift(a), lift(b)
    x, inverse = np.linalg.solve(a.value, b.value), np.abs(np.linalg.inv(a.value))
    backward = (a.error + len(a) * np.abs(a.value)) @ np.abs(x)
    return Shadow(x, inverse @ (backward + b.error))


def _inv(a: Any) -> Shadow:
    v = np.linalg.inv(a.value)
    return Shadow(v, np.abs(v) @ (a.error + len(a) * np.abs(a.value)) @ np.abs(v))


def _eigvalsh(a: Any, *_: Any) -> Shadow:
    """Bound the eigenvalues by Weyl's inequality: each moves by at most the norm of the perturbation."""
    moved = np.linalg.norm(a.error) + len(a) * np.linalg.norm(a.value)
    return Shadow(np.linalg.eigvalsh(a.value), moved)


def _norm(x: Any, *args: Any, **kwargs: Any) -> Shadow:
    v = np.linalg.norm(x.value, *args, **kwargs)
    return Shadow(v, np.linalg.norm(x.error, *args, **kwargs) + np.sqrt(_count(x, v)) * np.abs(v))


REDUCTIONS |= {
    np.add: _sum,
    np.multiply: _prod,
    np.maximum: lambda x, axis=0, keepdims=False, **_: _extreme(np.max, x, axis, keepdims),
    np.minimum: lambda x, axis=0, keepdims=False, **_: _extreme(np.min, x, axis, keepdims),
}
FUNCTIONS |= {
    np.sum: _sum,
    np.mean: _mean,
    np.prod: _prod,
    np.max: lambda x, axis=None, keepdims=False, **_: _extreme(np.max, x, axis, keepdims),
    np.min: lambda x, axis=None, keepdims=False, **_: _extreme(np.min, x, axis, keepdims),
    np.where: _where,
    np.einsum: _einsum,
    np.dot: np.matmul,
    np.outer: lambda a, b: _bilinear(np.outer, a, b, 1),
    np.tensordot: lambda a, b, axes=2: _bilinear(lambda p, q: np.tensordot(p, q, axes), a, b, lift(a).size),
    np.clip: lambda x, low=None, high=None, **_: np.minimum(
        np.maximum(x, -np.inf if low is None else low), np.inf if high is None else high
    ),
    np.zeros_like: lambda x, *_, shape=None, **__: Shadow(np.zeros(x.shape if shape is None else shape), 0.0),
    np.ones_like: lambda x, *_, **__: Shadow(np.ones_like(x.value), 0.0),
    np.empty_like: lambda x, *_, **__: Shadow(np.zeros_like(x.value), 0.0),
    np.full_like: lambda x, fill, *_, **__: Shadow(np.full_like(x.value, value_of(fill)), 0.0),
    np.linalg.solve: _solve,
    np.linalg.inv: _inv,
    np.linalg.eigvalsh: _eigvalsh,
    np.linalg.norm: _norm,
}
STRUCTURAL |= {
    np.atleast_1d,
    np.atleast_2d,
    np.broadcast_to,
    np.concatenate,
    np.copy,
    np.diag,
    np.diagonal,
    np.expand_dims,
    np.hsplit,
    np.hstack,
    np.lib.stride_tricks.sliding_window_view,
    np.moveaxis,
    np.pad,
    np.ravel,
    np.repeat,
    np.reshape,
    np.split,
    np.squeeze,
    np.stack,
    np.swapaxes,
    np.take,
    np.take_along_axis,
    np.tile,
    np.transpose,
    np.trace,
}
PLAIN |= {
    np.argmax,
    np.argmin,
    np.argsort,
    np.equal,
    np.floor,
    np.greater,
    np.greater_equal,
    np.isfinite,
    np.isnan,
    np.less,
    np.less_equal,
    np.logical_and,
    np.logical_not,
    np.logical_or,
    np.ndim,
    np.not_equal,
    np.shape,
    np.signbit,
    np.size,
}
