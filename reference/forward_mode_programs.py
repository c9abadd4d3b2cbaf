"""Unit 03, the exercises that need no Dual of one's own: tangent programs written by hand, a formula, and a test of a jvp."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def worked_tangent(x: float, y: float, dx: float, dy: float) -> tuple[float, float]:
    """Tangent program of f(x, y) = (x·y + sin x + 4)(3y² + 6), x in radians: the pair (f, df), two numbers.

    df is the derivative of f at (x, y) in the direction (dx, dy), so ∂f/∂x·dx + ∂f/∂y·dy. The program of f is s1 = x, s2 = y,
    s3 = s1·s2, s4 = sin s1, s5 = s3 + s4, s6 = s5 + 4, s7 = s2², s8 = 3·s7, s9 = s8 + 6, s10 = s6·s9.
    At (2, 8): f = 4140.0408905115; df = 1501.6029263637 for (1, 0) and 1399.6462764876 for (0, 1).
    Source: Bücker et al. 2006, *Automatic Differentiation: Applications, Theory, and Implementations*.
    """
    s3, ds3 = x * y, dx * y + x * dy
    s4, ds4 = np.sin(x), np.cos(x) * dx
    s6, ds6 = s3 + s4 + 4.0, ds3 + ds4
    s9, ds9 = 3.0 * y**2 + 6.0, 6.0 * y * dy
    return s6 * s9, ds6 * s9 + s6 * ds9


def tangent_of_tanh(*, factor: float = 1.0) -> str:
    """Write the tangent of z = tanh(x·y) in the direction (dx, dy) as text: a formula in x, y, dx and dy.

    So return ∂z/∂x·dx + ∂z/∂y·dy, such as "x*dx + sin(y)*dy" (which is the tangent of another function). Grammar: numbers, these
    four names, + - * / ^ (also **), parentheses, and the functions exp log sqrt sin cos tan tanh.
    """
    return f"(1 - tanh({factor}*x*y)^2) * {factor} * (dx*y + x*dy)"


def mended_horner(coefficients: Array, x: float, dx: float) -> tuple[float, float]:
    """Tangent program of Horner's rule: a polynomial p at x and its tangent dp in the direction dx, as the pair (p, dp).

    coefficients (D,), D ≥ 1, those of the highest power first: (2, 0, 5) stands for 2x² + 0·x + 5. dp = p'(x)·dx.
    The code that you are given has one fault: find and mend it. Any other code with the right values is right too.
    """
    p = dp = 0.0
    for c in coefficients:
        dp = dp * x + p * dx
        p = p * x + c
    return p, dp


def jvp_checker(jvp: Callable[..., tuple[Any, Any]]) -> bool:
    """Test a candidate for ``jvp(f, x, v)``: return True if it is right, False if it is wrong.

    The candidate takes f, x and v and returns (f(x), J v), two arrays or lists of n numbers, also for n = 1. You choose f, x and v
    (arrays or lists of m floats), and how often to ask. f takes a list of m numbers and returns a list of n; write it with + - * /
    and ** (integer powers) and numpy's np.exp, np.sin, np.cos, np.tanh alone, without comparisons: a candidate may call it with
    floats, complex numbers or Duals. A right candidate has at least eight right digits of each number, where the entries of x, f(x)
    and J v are of ordinary size (from 0.1 to 10, of either sign) and those of v are too, or 0; a difference quotient with the usual
    steps has fewer. A wrong one returns numbers of this form too; it may be right for many f, x and v, and is far off (in the third
    digit or before) for others of ordinary size.
    """
    rng = np.random.default_rng(0)

    def f(x: Any) -> list[Any]:
        return [x[0] * x[1] * x[2], np.sin(x[0]) - x[2] ** 2, np.exp(x[1]) / 3 + x[0], x[2] * x[1]]

    h = 1e-6
    for _ in range(10):
        x, v = rng.standard_normal(3), 3 * rng.standard_normal(3)
        slope = (np.array(f(x + h * v)) - np.array(f(x - h * v))) / (2 * h)
        value, tangent = jvp(f, list(x), list(v))
        if not (np.allclose(value, f(x)) and np.allclose(tangent, slope, rtol=1e-5, atol=1e-5)):
            return False
    return True
