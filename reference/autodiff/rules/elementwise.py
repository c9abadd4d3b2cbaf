"""The rules of elementwise functions: each by its slope in each argument, which serves both modes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from reference.autodiff.core import Primitive, Traced, bind, implement, primitive, shape_of
from reference.autodiff.plain import COMPARISONS, STATIC, without_derivative

__all__ = ["elementwise", "unbroadcast"]


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


# -------------------------------------------------------------------------------------- elementwise
def elementwise(ufunc: Any, *slopes: Callable[..., Any] | float) -> Primitive:
    """Declare a ufunc by the slope in each argument, a number or ``(out, *args) -> slope``: both rules multiply by it."""
    jvps = tuple(_elementwise_jvp(slope) for slope in slopes)
    vjps = tuple(_elementwise_vjp(i, slope) for i, slope in enumerate(slopes))
    declared = primitive(ufunc.__name__, ufunc, jvps, vjps)
    implement({ufunc: partial(bind, declared)})
    return declared


def _elementwise_jvp(slope: Callable[..., Any] | float) -> Callable[..., Any]:
    def jvp(t: Any, out: Any, *args: Any) -> Any:
        part = t * (slope(out, *args) if callable(slope) else slope)
        return part if shape_of(part) == shape_of(out) else np.broadcast_to(part, shape_of(out))

    return jvp


def _elementwise_vjp(i: int, slope: Callable[..., Any] | float) -> Callable[..., Any]:
    if callable(slope):
        return lambda g, out, *args: unbroadcast(g * slope(out, *args), args[i])
    if slope == 1.0:
        return lambda g, out, *args: unbroadcast(g, args[i])
    return lambda g, out, *args: unbroadcast(-g if slope == -1.0 else g * slope, args[i])


def _share(larger: Any, smaller: Any) -> Any:
    """Return the share of the larger of two in a cotangent: all, nothing, or half of a tie."""
    return np.heaviside(larger - smaller, 0.5)


def _sigma(x: Any) -> Any:
    """Compute the logistic function, safe at both ends."""
    return np.exp(-np.logaddexp(0.0, -x))


def _lowered(a: Any, b: Any) -> Any:
    """Return the exponent b − 1; but 1 for 0⁰, whose slope in the base is 0."""
    if isinstance(b, Traced):
        return np.where(np.logical_and(np.equal(a, 0), np.equal(b, 0)), 1.0, b - 1.0)
    return np.where(np.equal(b, 0), 1.0, b - 1.0)


elementwise(np.add, 1.0, 1.0)
elementwise(np.subtract, 1.0, -1.0)
elementwise(np.multiply, lambda _, a, b: b, lambda _, a, b: a)
elementwise(np.divide, lambda _, a, b: 1 / b, lambda y, a, b: -y / b)
for _power in (np.power, np.float_power):
    elementwise(
        _power,
        lambda _, a, b: b * a ** _lowered(a, b),
        lambda y, a, b: y * np.log(np.where(np.greater(a, 0), a, 1.0)),
    )
elementwise(np.maximum, lambda _, a, b: _share(a, b), lambda _, a, b: _share(b, a))
elementwise(np.minimum, lambda _, a, b: _share(b, a), lambda _, a, b: _share(a, b))
elementwise(np.logaddexp, lambda _, a, b: _sigma(a - b), lambda _, a, b: _sigma(b - a))
elementwise(np.hypot, lambda y, a, b: a / y, lambda y, a, b: b / y)
elementwise(np.remainder, 1.0, lambda _, a, b: -np.floor_divide(a, b))
elementwise(np.arctan2, lambda _, a, b: b / (a * a + b * b), lambda _, a, b: -a / (a * a + b * b))
elementwise(np.negative, -1.0)
elementwise(np.positive, 1.0)
elementwise(np.exp, lambda y, _: y)
elementwise(np.exp2, lambda y, _: y * np.log(2.0))
elementwise(np.expm1, lambda _, x: np.exp(x))
elementwise(np.log, lambda _, x: 1 / x)
elementwise(np.log1p, lambda _, x: 1 / (1 + x))
elementwise(np.log2, lambda _, x: 1 / (x * np.log(2.0)))
elementwise(np.log10, lambda _, x: 1 / (x * np.log(10.0)))
elementwise(np.sqrt, lambda y, _: 0.5 / y)
elementwise(np.cbrt, lambda y, _: 1 / (3 * y * y))
elementwise(np.square, lambda _, x: 2 * x)
elementwise(np.reciprocal, lambda y, _: -y * y)
elementwise(np.sin, lambda _, x: np.cos(x))
elementwise(np.cos, lambda _, x: -np.sin(x))
elementwise(np.tan, lambda y, _: 1 + y * y)
elementwise(np.arcsin, lambda _, x: 1 / np.sqrt(1 - x * x))
elementwise(np.arccos, lambda _, x: -1 / np.sqrt(1 - x * x))
elementwise(np.arctan, lambda _, x: 1 / (1 + x * x))
elementwise(np.sinh, lambda _, x: np.cosh(x))
elementwise(np.cosh, lambda _, x: np.sinh(x))
elementwise(np.tanh, lambda y, _: 1 - y * y)
elementwise(np.arcsinh, lambda _, x: 1 / np.sqrt(x * x + 1))
elementwise(np.arccosh, lambda _, x: 1 / np.sqrt(x * x - 1))
elementwise(np.arctanh, lambda _, x: 1 / (1 - x * x))
elementwise(np.absolute, lambda _, x: np.sign(x))
elementwise(np.fabs, lambda _, x: np.sign(x))
elementwise(np.sign, 0.0)

without_derivative(*STATIC, *COMPARISONS)
without_derivative(
    np.logical_and, np.logical_not, np.logical_or, np.logical_xor, np.isfinite, np.isinf, np.isnan, np.signbit
)
without_derivative(np.floor, np.ceil, np.rint, np.trunc, np.floor_divide, np.heaviside)
