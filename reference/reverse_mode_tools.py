"""Unit 04, what VJPs are good for: a quadratic form, a test of a VJP, Jacobians, Hessian products. Part of ``reverse_mode``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
VJP = Callable[[Array, Array], Array]
Checked = Callable[[Array, Array, Array], tuple[Array, Array]]


def quadratic_form_gradients(x: Array, A: Array) -> tuple[Array, Array]:
    """Both gradients of the number f = xᵀAx: (∂f/∂x, ∂f/∂A).

    x (D,), A (D, D), not symmetric as a rule and with all entries free; ∂f/∂x (D,), ∂f/∂A (D, D).
    """
    return A @ x + A.T @ x, np.outer(x, x)


def adjoint_checker(vjp: Checked) -> bool:
    """Tell whether a candidate is a right VJP of out = x * b with x (N, D) and b (D,), for every N and D from 1 to 6.

    vjp(g, x, b), with g (N, D), claims to return (dx, db) in the shapes of x and b. Choose x, b and g yourself, and call it as
    often as you like. Its adjoint identity: for all tangents tx (N, D) and tb (D,), out moves by t = tx * b + x * tb, and
    Σ g·t = Σ dx·tx + Σ db·tb. A right one holds to a few roundings, in any order of summation; a wrong one is off by a part in
    a thousand at least, or in the shape of what it returns: always, or only where N > D, N = D, N < D, N = 1 or D = 1, or
    only where entries of x or of b are negative. All return two float64 arrays and raise nothing. Returns True or False;
    an error that is raised counts as False.
    """
    rng = np.random.default_rng(0)
    for n, d in ((4, 3), (2, 5), (1, 4), (3, 3), (5, 1)):
        x, g, tx = rng.standard_normal((3, n, d))
        b, tb = rng.standard_normal((2, d))
        dx, db = vjp(g, x, b)
        if np.shape(dx) != x.shape or np.shape(db) != b.shape:
            return False  # a sum over the wrong shape may come out right, since it broadcasts
        forward = np.sum(g * (tx * b + x * tb))
        backward = np.sum(dx * tx) + np.sum(db * tb)
        if not abs(forward - backward) <= 1e-9:
            return False
    return True


def jacobian_by_rows(vjp: VJP, x: Array, m: int) -> Array:
    """Full Jacobian of a function from n numbers to m, by reverse mode: J[i, j] = ∂f_i/∂x_j, one sweep a row.

    vjp is a function: vjp(g, x) with g (m,) and x (n,) returns gᵀJ (n,), a new array. J (m, n).
    """
    return np.stack([vjp(row, x) for row in np.eye(m)])


def hvp(gradient: Callable[[Array], Array], x: Array, v: Array) -> Array:
    """Product H v of the Hessian of f at x with a vector, by a central difference of the gradient along v.

    gradient is a function: gradient(x) returns ∇f (D,). H v = (∇f(x + h v) − ∇f(x − h v)) / 2h with h = 1e-5, and with no
    (D, D) matrix; another h from 1e-7 to 1e-4 is as good, and so is a method that comes nearer to H v. x, v, H v (D,); v may be 0.
    """
    h = 1e-5
    return (gradient(x + h * v) - gradient(x - h * v)) / (2 * h)
