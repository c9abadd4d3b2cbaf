"""Unit 04, the vector–Jacobian products of numpy's operations on arrays. They are part of ``reverse_mode``, and of its stub."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.integer[Any]]
Truths = NDArray[np.bool_]
Sizes = tuple[int, ...]
Axis = int | tuple[int, ...] | None


def exp_vjp(g: Array, x: Array) -> Array:
    """VJP of out = e^x, elementwise: dx.

    g, x, dx of any one shape; e^x is finite.
    """
    return g * np.exp(x)


def log_vjp(g: Array, x: Array) -> Array:
    """VJP of the natural logarithm out = log x, elementwise: dx.

    g, x, dx of any one shape, x > 0.
    """
    return g / x


def sin_vjp(g: Array, x: Array) -> Array:
    """VJP of out = sin x, elementwise, x in radians: dx.

    g, x, dx of any one shape.
    """
    return g * np.cos(x)


def tanh_vjp(g: Array, x: Array) -> Array:
    """VJP of out = tanh x, elementwise, from the input x: dx, with no overflow at ±1500.

    g, x, dx of any one shape. Right to the rounding of g: where tanh x rounds to ±1, dx may be 0.
    """
    slope: Array = 1 - np.tanh(x) ** 2
    return g * slope


def power_vjp(g: Array, x: Array, n: float) -> Array:
    """VJP of out = x**n for a constant number n, elementwise: dx. There is no gradient for n.

    g, x, dx of any one shape, x > 0; n an int or a float, negative and fractional ones too.
    """
    slope: Array = n * x ** (n - 1)
    return g * slope


def unbroadcast(g: Array, shape: Sizes) -> Array:
    """Gradient of an array of this shape that numpy has broadcast to the shape of g: the sum over all its copies.

    shape is a tuple, shorter than g.shape or as long, () included; where it has a 1, or lacks an axis at the front, the array
    was repeated. Returns an array of exactly this shape (a number for ()). For g of shape (4, 3): shape (3,) sums over axis 0 to
    (3,), shape (4, 1) over axis 1 to (4, 1), shape () over both, shape (4, 3) over nothing.
    """
    front = tuple(range(g.ndim - len(shape)))
    kept = tuple(i + len(front) for i, size in enumerate(shape) if size == 1)
    total: Array = g.sum(axis=front + kept)
    return total.reshape(shape)  # which puts the axes of length 1 back


def add_vjp(g: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """VJP of out = a + b, where a and b may be broadcast: (da, db).

    a, b of shapes that numpy broadcasts, up to three dimensions, () included; g in the shape of a + b; da in that of a, db in
    that of b.
    """
    return unbroadcast(g, a.shape), unbroadcast(g, b.shape)


def multiply_vjp(g: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """VJP of the elementwise out = a * b, where a and b may be broadcast: (da, db).

    Shapes as for add_vjp.
    """
    return unbroadcast(g * b, a.shape), unbroadcast(g * a, b.shape)


def divide_vjp(g: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """VJP of the elementwise out = a / b, where a and b may be broadcast: (da, db).

    Shapes as for add_vjp; no entry of b is 0.
    """
    return unbroadcast(g / b, a.shape), unbroadcast(-g * a / b**2, b.shape)


def maximum_vjp(g: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """VJP of the elementwise out = max(a, b), where a and b may be broadcast: (da, db).

    Shapes as for add_vjp. The larger of the two gets the upstream gradient, by however little it is larger; where they
    are equal each gets half of it.
    """
    share = (np.sign(a - b) + 1) / 2  # 1, 1/2 or 0
    return unbroadcast(g * share, a.shape), unbroadcast(g * (1 - share), b.shape)


def where_vjp(g: Array, condition: Truths, a: Array, b: Array) -> tuple[Array, Array]:
    """VJP of out = np.where(condition, a, b), where a and b may be broadcast: (da, db).

    g and condition, of True and False, in the shape of a + b; da in the shape of a, db in that of b; shapes as for add_vjp.
    """
    return unbroadcast(g * condition, a.shape), unbroadcast(g * ~condition, b.shape)


def sum_vjp(g: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    """VJP of out = x.sum(axis=axis, keepdims=keepdims): dx in the shape of x.

    x of two or three dimensions; axis None, an int (which may be negative), or a tuple of ints from 0 on, in any order, not
    empty; keepdims True or False.
    g has the shape of out: without keepdims the summed axes are gone, and g is a number if all of them are.
    """
    if axis is not None and not keepdims:
        g = np.expand_dims(g, axis)
    return np.broadcast_to(g, x.shape)


def mean_vjp(g: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    """VJP of out = x.mean(axis=axis, keepdims=keepdims): dx in the shape of x.

    Arguments as for sum_vjp.
    """
    return sum_vjp(g, x, axis, keepdims) * np.size(g) / x.size


def reshape_vjp(g: Array, x: Array, shape: Sizes) -> Array:  # noqa: ARG001 - what the forward pass was given
    """VJP of out = x.reshape(shape), in numpy's usual order of entries: dx in the shape of x.

    x (N, D, K); shape a tuple without −1; g of this shape.
    """
    return g.reshape(x.shape)


def transpose_vjp(g: Array, x: Array, axes: Sizes) -> Array:  # noqa: ARG001 - as above
    """VJP of out = np.transpose(x, axes): dx in the shape of x.

    x of two to four dimensions; axes is a tuple, a permutation of 0 to x.ndim − 1, and axis i of out is axis axes[i] of x.
    """
    return np.transpose(g, np.argsort(axes))


def matmul_vjp(g: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """VJP of the matrix product out = a @ b: (da, db).

    a (N, K), b (K, M), g (N, M); da (N, K), db (K, M). Source: Giles 2008, §2.2.
    """
    return g @ b.T, a.T @ g


def take_vjp(g: Array, x: Array, index: Integers) -> Array:
    """VJP of out = x[index], the rows of x with these numbers, which may repeat: dx in the shape of x.

    x (N, D), index (M,) of int64 from 0 to N − 1, g (M, D), M ≥ 1; dx (N, D).
    """
    dx: Array = np.zeros_like(x)
    np.add.at(dx, index, g)
    return dx


def logsumexp_vjp(g: Array, x: Array) -> Array:
    """VJP of out[n] = log Σ_d e^x[n, d]: dx, with no overflow at entries of ±1500.

    x (N, D), g (N,); dx (N, D). Source: Boyd & Vandenberghe 2004, §3.1.5.
    """
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    weights: Array = e / e.sum(axis=-1, keepdims=True)
    return g[:, None] * weights
