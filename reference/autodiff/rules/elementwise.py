"""Elementwise primitives: a ufunc with its slope in each argument, from which both rules follow.

What slopes are at the edge, such as that of a root at 0, is in ``docs/reference/values-at-the-edge.md``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reference.autodiff.core import Primitive, Traced, bind, declare, implements, shape_of
from reference.autodiff.rules.tools import only, unbroadcast

__all__ = ["ROOT", "TIMES", "elementwise", "gap"]

Slope = Callable[..., Any] | float


# ---------------------------------------------------------------------------- cotangent times slope
def _times(g: Any, slope: Any) -> Any:
    """Multiply; where ``g``, a tangent or a cotangent, is 0 the product is 0, with an infinite slope too: nothing was asked for."""
    if math.isfinite(abs(np.vdot(slope, slope))):
        return g * slope
    out = np.zeros(np.broadcast_shapes(shape_of(g), shape_of(slope)), np.result_type(g, slope))
    return np.multiply(g, slope, out=out, where=np.not_equal(g, 0))[()]


def _scaled(g: Any, slope: Any) -> Any:
    """Multiply a tangent or cotangent by a slope; a constant that is finite needs no care."""
    if not isinstance(slope, Traced) and math.isfinite(abs(np.vdot(slope, slope))):
        return g * slope
    return bind(TIMES, g, slope)


def _times_vjp(i: int, h: Any, y: Any, g: Any, slope: Any) -> Any:
    return unbroadcast(bind(TIMES, h, g if i else slope), slope if i else g)


def _times_jvp(i: int, t: Any, y: Any, g: Any, slope: Any) -> Any:
    part = bind(TIMES, *((g, t) if i else (t, slope)))
    return part if shape_of(part) == shape_of(y) else np.broadcast_to(part, shape_of(y))


TIMES: Primitive = declare("times", _times, _times_jvp, _times_vjp)


# --------------------------------------------------------------------------------------- the table
def elementwise(ufunc: np.ufunc, *slopes: Slope, bounded: bool = False) -> Primitive:
    """Declare a ufunc with its slope in each argument, a number or ``(out, *args) -> slope``: both rules multiply by it.

    Slopes that are finite everywhere, at infinite arguments too, are ``bounded``: for them a plain product will do.
    """

    def jvp(i: int, t: Any, y: Any, *args: Any) -> Any:
        slope: Any = slopes[i]
        if callable(slope) and not bounded:
            part = _scaled(t, slope(y, *args))
        else:
            part = t * (slope(y, *args) if callable(slope) else slope)
        return part if shape_of(part) == shape_of(y) else np.broadcast_to(part, shape_of(y))

    def vjp(i: int, g: Any, y: Any, *args: Any) -> Any:
        slope: Any = slopes[i]
        if callable(slope):
            return unbroadcast((g * slope(y, *args)) if bounded else _scaled(g, slope(y, *args)), args[i])
        return unbroadcast(g if slope == 1.0 else -g if slope == -1.0 else g * slope, args[i])

    primitive = declare(ufunc.__name__, ufunc, jvp, vjp)

    @implements(ufunc)
    def call(*args: Any, **options: Any) -> Any:
        if options:
            only(ufunc.__name__, options)
        return bind(primitive, *args)

    return primitive


def _share(larger: Any, smaller: Any) -> Any:
    """Return the share of a cotangent for the larger of two: 1, 0, or 1/2 at a tie."""
    return np.heaviside(larger - smaller, 0.5)


def _nonzero(y: Any) -> Any:
    """Return ``y`` with 1 in place of 0, as a divisor of what is 0 there too."""
    return np.where(np.equal(y, 0), 1.0, y)


def _half_over(y: Any) -> Any:
    return np.where(np.equal(y, 0), 0.0, 0.5 / _nonzero(y))


def _gap(a: Any, b: Any) -> Any:
    """Subtract; the gap between equal infinities is 0."""
    out = np.zeros(np.broadcast_shapes(shape_of(a), shape_of(b)), np.result_type(a, b, np.float16))
    return np.subtract(a, b, out=out, where=np.not_equal(a, b))[()]


def _gap_jvp(i: int, t: Any, y: Any, a: Any, b: Any) -> Any:
    part = -t if i else t
    return part if shape_of(part) == shape_of(y) else np.broadcast_to(part, shape_of(y))


GAP: Primitive = declare("gap", _gap, _gap_jvp, lambda i, g, y, a, b: unbroadcast(-g if i else g, (a, b)[i]))


def gap(a: Any, b: Any) -> Any:
    """Subtract; the gap between equal infinities is 0."""
    return bind(GAP, a, b)


def _sigma(x: Any) -> Any:
    """Compute the logistic function, without overflow at both ends."""
    return np.exp(-np.logaddexp(0.0, -x))


def _lowered(a: Any, b: Any) -> Any:
    """Return the exponent b − 1; but 1 for 0⁰, whose slope in the base is 0."""
    if isinstance(b, Traced):
        return np.where(np.logical_and(np.equal(a, 0), np.equal(b, 0)), 1.0, b - 1.0)
    return np.where(np.equal(b, 0), 1.0, b - 1.0)


elementwise(np.add, 1.0, 1.0)
elementwise(np.subtract, 1.0, -1.0)
elementwise(np.multiply, lambda y, a, b: b, lambda y, a, b: a)
elementwise(np.divide, lambda y, a, b: 1 / b, lambda y, a, b: -y / b)
for _power in (np.power, np.float_power):
    elementwise(
        _power,
        lambda y, a, b: b * a ** _lowered(a, b),
        lambda y, a, b: y * np.log(np.where(np.equal(a, 0), 1.0, a)),
    )
elementwise(np.maximum, lambda y, a, b: _share(a, b), lambda y, a, b: _share(b, a), bounded=True)
elementwise(np.minimum, lambda y, a, b: _share(b, a), lambda y, a, b: _share(a, b), bounded=True)
elementwise(np.logaddexp, lambda y, a, b: _sigma(gap(a, b)), lambda y, a, b: _sigma(gap(b, a)), bounded=True)
elementwise(np.hypot, lambda y, a, b: a / _nonzero(y), lambda y, a, b: b / _nonzero(y))
elementwise(np.remainder, 1.0, lambda y, a, b: -np.floor_divide(a, b))
elementwise(np.arctan2, lambda y, a, b: b / (a * a + b * b), lambda y, a, b: -a / (a * a + b * b))
elementwise(np.negative, -1.0)
elementwise(np.positive, 1.0)
elementwise(np.exp, lambda y, x: y)
elementwise(np.exp2, lambda y, x: y * np.log(2.0))
elementwise(np.expm1, lambda y, x: np.exp(x))
elementwise(np.log, lambda y, x: 1 / x)
elementwise(np.log1p, lambda y, x: 1 / (1 + x))
elementwise(np.log2, lambda y, x: 1 / (x * np.log(2.0)))
elementwise(np.log10, lambda y, x: 1 / (x * np.log(10.0)))
elementwise(np.sqrt, lambda y, x: 0.5 / y)
ROOT = declare(
    # The length of a vector from its square, with the slope 0 at 0, as the least steep of a cone's.
    "root",
    np.sqrt,
    lambda i, t, y, x: t * _half_over(y),
    lambda i, g, y, x: bind(TIMES, g, _half_over(y)),
)
elementwise(np.cbrt, lambda y, x: 1 / (3 * y * y))
elementwise(np.square, lambda y, x: 2 * x)
elementwise(np.reciprocal, lambda y, x: -y * y)
elementwise(np.sin, lambda y, x: np.cos(x))
elementwise(np.cos, lambda y, x: -np.sin(x))
elementwise(np.tan, lambda y, x: 1 + y * y)
elementwise(np.arcsin, lambda y, x: 1 / np.sqrt(1 - x * x))
elementwise(np.arccos, lambda y, x: -1 / np.sqrt(1 - x * x))
elementwise(np.arctan, lambda y, x: 1 / (1 + x * x))
elementwise(np.sinh, lambda y, x: np.cosh(x))
elementwise(np.cosh, lambda y, x: np.sinh(x))
elementwise(np.tanh, lambda y, x: 1 - y * y)
elementwise(np.arcsinh, lambda y, x: 1 / np.sqrt(x * x + 1))
elementwise(np.arccosh, lambda y, x: 1 / np.sqrt(x * x - 1))
elementwise(np.arctanh, lambda y, x: 1 / (1 - x * x))
elementwise(np.absolute, lambda y, x: np.sign(x))
elementwise(np.fabs, lambda y, x: np.sign(x))
elementwise(np.sign, 0.0)
