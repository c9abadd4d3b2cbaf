"""Unit 01, numerical slopes, gradient checking and symbolic derivatives. They are part of ``chain_rule``, and of its stub."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Function = Callable[[Any], Any]


def central_difference(f: Function, x: float, h: float = 1e-5) -> Any:
    """Numerical slope of f at x by the central difference with step h: (f(x + h) − f(x − h)) / 2h.

    f takes a real number and returns one; x a number, h a positive number. Returns a number.
    Source: Nocedal & Wright 2006, §8.1.
    """
    return (f(x + h) - f(x - h)) / (2 * h)


def complex_step(f: Function, x: float, h: float = 1e-20) -> Any:
    """Numerical slope of f at x by the complex step: the imaginary part of f(x + ih), divided by h.

    f takes a real or a complex number and returns one of the same kind; x a real number, h a positive number. Returns a real
    number.
    Source: Squire & Trapp 1998.
    """
    return np.imag(f(x + 1j * h)) / h


def step_for_error(error: float, third: float) -> Any:
    """Largest step h at which the bound third · h² / 6 of the central difference's truncation error is at most ``error``.

    ``error`` a positive number; ``third`` a positive number, a bound of |f'''| near x. Returns h, a number.
    Rounding is left out of account. Source of the bound: Nocedal & Wright 2006, §8.1.
    """
    return np.sqrt(6 * error / third)


def best_step(size: float, third: float, u: float) -> tuple[Any, Any]:
    """Step h at which the bound E(h) = third · h² / 6 + u · size / h of the central difference's whole error is least.

    ``third`` bounds |f'''| and ``size`` bounds |f| near x, u is the unit roundoff: positive numbers all three. The first
    term is the truncation error, the second the rounding error. Returns the pair (h, E(h)) of numbers, both right to
    rounding: a search for the least E finds h to eight digits only.
    """
    h = np.power(3 * u * size / third, 1 / 3)
    return h, third * h**2 / 6 + u * size / h


def gradient_checker(f: Function, df: Function, x: Array) -> bool:
    """Tell whether df is the gradient of f at the point x: return True or False.

    x an array (D,), D from 1 to 100; f takes arrays (D,) of float64 and returns a number; df(x) is an array (D,) of float64
    that claims to hold ∂f/∂x_d. A right gradient is right to rounding; a wrong one is off, in one entry or more, by 4e-5 or
    more of the largest entry of the two, the claimed gradient and the right one, or holds NaN (nothing is infinite).
    Entries of x may be 0 or as large as 1e6, and f is defined everywhere and varies on a scale of max(1, |x_d|); gradients
    may be as small as 1e-8 or as large as 1e8, and have entries that are 0 beside others that are not. |f| is at most
    2000·g·s, with g the largest entry of the right gradient and s the least of the max(1, |x_d|). The right gradient may be
    0 altogether: then central differences of f are exactly 0. f and df do not change x.
    """
    numerical = np.zeros_like(x)
    for d in range(len(x)):
        h = 1e-5 * max(1.0, abs(x[d]))
        up, down = x.copy(), x.copy()
        up[d] += h
        down[d] -= h
        numerical[d] = (f(up) - f(down)) / (up[d] - down[d])
    claimed = df(x)
    size = max(np.max(np.abs(numerical)), np.max(np.abs(claimed)))
    return bool(np.max(np.abs(claimed - numerical)) <= 2e-6 * size)  # a NaN is not <= anything


def mended_error(gradient: Array, plus: Array, minus: Array, h: float) -> Any:
    """Find the fault in this last part of a gradient checker, which accepts some wrong gradients, and mend it.

    plus[d] is f with h added to x_d, minus[d] is f with h taken from x_d; gradient[d] claims to be ∂f/∂x_d. All are
    arrays (D,), D ≥ 1, h is a positive number. The central differences are numerical = (plus − minus) / 2h. To be returned is
    the relative error, a number: the largest |gradient_d − numerical_d|, divided by the larger of max |gradient_d| and
    max |numerical_d|. (That one is never 0 here.)
    """
    numerical = (plus - minus) / (2 * h)
    size = np.maximum(np.max(np.abs(gradient)), np.max(np.abs(numerical)))
    return np.max(np.abs(gradient - numerical)) / size


def expanded_operations(k: int, m: int, n: int) -> tuple[int, int]:
    """Count the operations of f(f(... f(w))), f applied n times: written out as one formula, and as a program.

    The formula of f(w) has k operations and mentions w m times; k, m, n are integers from 1 to 7. Written out, each mention of
    w in the formula of f is replaced by the whole formula of what is inside. A straight-line program keeps each value
    in a variable and uses it m times. Returns the pair (operations of the formula, operations of the program) of
    integers. Compare Baydin et al. 2018, table 1.
    """
    formula = 0
    for _ in range(n):
        formula = k + m * formula
    return formula, k * n


def iterated_slope(w0: float, n: int) -> tuple[Any, Any]:
    """Value and derivative at the number w0 of f(f(... f(w))), where f(w) = 4w(1 − w) is applied n times, step by step.

    w0 is in [0, 1], n an integer from 1 to 10; returns the pair (value, derivative with respect to w) of numbers.
    Source of the example: Baydin et al. 2018, table 1.
    """
    w, slope = w0, 1.0
    for _ in range(n):
        slope = slope * (4.0 - 8.0 * w)
        w = 4.0 * w * (1.0 - w)
    return w, slope


def second_derivative_formula() -> str:
    """Write the second derivative of exp(−x²) with respect to x as a formula in x: return the text, such as "3*x^2 + exp(x)".

    Write every product with *, powers with ^ or **, functions with parentheses. Any form with the right values is right.
    """
    return "(4*x^2 - 2) * exp(-x^2)"


def slope_of_huber() -> str:
    """Write the derivative of Huber's function as one formula in x and d, without cases: return the text.

    Huber's function is x²/2 where |x| ≤ d, and d·(|x| − d/2) elsewhere; d > 0. The derivative is with respect to x.
    Besides + - * / ^ there are abs(...), and max(..., ...) and min(..., ...) of two arguments each, which may help: so
    "max(x, 2*d)" is the larger of x and 2d. Source: Huber 1964.
    """
    return "max(-d, min(x, d))"
