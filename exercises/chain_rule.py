"""Unit 01, the chain rule: local derivatives, their composition, and one function as program, graph and formula.

Numbers that are given are Python floats unless a docstring says integer, or array, which is float64. In what is returned whole
numbers and truth values count as numbers (as the answer to a prediction a truth value does not), and where several numbers are
asked for, a tuple, a list or an array of them is right. What is off by rounding alone is right.
A function that takes functions calls them, as often as it likes, with numbers, or with arrays where it says so. A formula is
returned as text, in one variable or several: numbers (``1e-3`` too), pi, names, ``+ - * / ^`` (``**`` too), parentheses, and
the functions exp, log, sqrt, sin, cos, tan, tanh, abs, and of two numbers max and min. They bind as in Python: ``-x^2`` is
−(x²), ``a^b^c`` is a^(b^c). Any formula that has the right values is right, whatever its form; single points at which it has
none, such as 0 for ``x/x``, are not tried. No argument is changed in place.

The functions below are yours to write: each docstring says what is asked. Put your code where it says
``raise NotImplementedError`` and leave the other lines as they are; ``status()`` in the notebook tells how far you are.
"""

# Derived from the model answers by `gradmark stubs`: course authors change those, not this file.
# The names that ruff misses here are for the student to define, and those that it finds unused to use.
# ruff: noqa: ARG001, ARG002, F821, F841, RUF059, RUF100

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Function = Callable[[Any], Any]


def arithmetic_local(a: float, b: float) -> list[tuple[float, float]]:
    """Local derivatives of a + b, a − b and a · b, in this order: for each the pair (∂/∂a, ∂/∂b).

    a, b numbers; returns a list of three pairs of numbers. Source: Griewank & Walther 2008, §2.2.
    """
    raise NotImplementedError("chain_rule.arithmetic_local: not written yet")


def divide_local(a: float, b: float) -> tuple[float, float]:
    """Local derivatives of the quotient q = a / b: the pair (∂q/∂a, ∂q/∂b).

    a, b numbers of either sign, b not 0. Source: Griewank & Walther 2008, §2.2.
    """
    raise NotImplementedError("chain_rule.divide_local: not written yet")


def power_local(a: float, b: float) -> tuple[float, float]:
    """Local derivatives of the power p = a^b: the pair (∂p/∂a, ∂p/∂b).

    a a positive number, b a number of either sign, which varies too.
    """
    raise NotImplementedError("chain_rule.power_local: not written yet")


def max_local(a: float, b: float) -> tuple[float, float]:
    """Local derivatives of m = max(a, b): the pair (∂m/∂a, ∂m/∂b).

    a, b numbers. At a tie, a = b, m has no derivative; the convention here is that a gets all of it: (1, 0).
    """
    raise NotImplementedError("chain_rule.max_local: not written yet")


def elementary_local(x: float) -> tuple[Any, Any, Any, Any, Any, Any]:
    """Derivatives of exp, log, sin, cos, tanh and sqrt at x: six numbers in this order, in a tuple or a list.

    x a number, 0 < x < 10; angles are in radians. Source: Griewank & Walther 2008, §2.2.
    """
    raise NotImplementedError("chain_rule.elementary_local: not written yet")


def slope_of_sine_of_square() -> str:
    """Write the derivative of sin(x²) with respect to x as a formula in x: return the text, such as "3*x^2 + exp(x)".

    Write every product with *, powers with ^ or **, functions with parentheses. Any form with the right values is right.
    """
    raise NotImplementedError("chain_rule.slope_of_sine_of_square: not written yet")


def slope_of_quotient() -> str:
    """Write the derivative of x / (1 + x²) with respect to x as a formula in x: return the text, such as "3*x^2 + exp(x)".

    Write every product with *, powers with ^ or **, functions with parentheses. Any form with the right values is right.
    """
    raise NotImplementedError("chain_rule.slope_of_quotient: not written yet")


def compose_derivative(functions: Sequence[Function], derivatives: Sequence[Function], x: float) -> Any:
    """Derivative at x of functions one inside another, by the chain rule.

    functions = [f1, f2, ..., fn] in the order in which they are applied: the whole is x ↦ fn(... f2(f1(x))), n from 1 to 50.
    derivatives[i] is the derivative of functions[i]; all take a real number and return one. Both are lists, which may be
    used again afterwards. x a number; returns the derivative of the whole at x, a number.
    Source: Goodfellow et al. 2016, §6.5.2.
    """
    raise NotImplementedError("chain_rule.compose_derivative: not written yet")


def total_derivative(outer: Array, inner: Array) -> Array:
    """Derivatives of u(v_1, ..., v_K), each v_k a function of x_1, ..., x_D, from the partial derivatives.

    outer (K,) holds ∂u/∂v_k; inner (K, D) holds ∂v_k/∂x_d, a row for each v; K, D ≥ 1. Returns du/dx_d, an array (D,).
    For u(v(x, y), w(x, y)) this is outer = [u_v, u_w], inner = [[v_x, v_y], [w_x, w_y]].
    Source: Goodfellow et al. 2016, eq. 6.45.
    """
    raise NotImplementedError("chain_rule.total_derivative: not written yet")


def worked_program(x: float, y: float) -> list[Any]:
    """Straight-line program of f(x, y) = (x·y + sin x + 4)·(3y² + 6): the list [s1, ..., s10] of its values.

    s1 = x, s2 = y, s3 = s1·s2, s4 = sin s1, s5 = s3 + s4, s6 = s5 + 4, s7 = s2², s8 = 3·s7, s9 = s8 + 6, s10 = s6·s9.
    x, y numbers, x in radians; ten numbers, the last of which is f(x, y). Source: the example of Bücker et al. 2006.
    """
    raise NotImplementedError("chain_rule.worked_program: not written yet")


def worked_gradient(x: float, y: float) -> tuple[Any, Any]:
    """Gradient of f(x, y) = (x·y + sin x + 4)·(3y² + 6): the pair (∂f/∂x, ∂f/∂y) of numbers.

    x, y numbers, x in radians. Source of the example: Bücker et al. 2006.
    """
    raise NotImplementedError("chain_rule.worked_gradient: not written yet")


def worked_formula() -> str:
    """Write ∂f/∂x of f(x, y) = (x·y + sin x + 4)·(3y² + 6) as a formula in x and y: return the text, such as "3*x*y^2".

    Write every product with *, powers with ^ or **, functions with parentheses, as in sin(x). Any form with the right
    values is right.
    """
    raise NotImplementedError("chain_rule.worked_formula: not written yet")


def worked_graph() -> list[tuple[Any, ...]]:
    """Build f(x, y) = (x·y + sin x + 4)·(3y² + 6) as a computation graph: the list of its steps.

    A step is a tuple or a list (name, operation, argument, ...). Its name is a text of yours; its arguments are names of earlier
    steps, numbers, or the inputs "x" and "y", which no step defines; no two steps have one name. The last step is f.
    Operations of two arguments: "add", "multiply", "power" (the second argument is the exponent); of one: "square", "sin".
    At most 8 steps. So 5·sin(y) would be [("a", "sin", "y"), ("b", "multiply", 5, "a")].
    """
    raise NotImplementedError("chain_rule.worked_graph: not written yet")


def prediction_sine_of_degrees() -> float:
    """Predict f(2, 8) if the sine is taken of 2 degrees.

    f(x, y) = (x·y + sin x + 4)·(3y² + 6), with sin 2° = 0.0348995 in the place of the sine of 2 radians, 0.9092974.
    Return the number, with two decimals or more.
    """
    raise NotImplementedError("chain_rule.prediction_sine_of_degrees: not written yet")


def prediction_falling_error() -> float:
    """Predict by which factor the error of a central difference falls when h is divided by 10.

    The step h is large enough for rounding not to matter yet. Return the factor, a number above 1.
    """
    raise NotImplementedError("chain_rule.prediction_falling_error: not written yet")


def prediction_branch() -> float:
    """Predict the derivative at x = 2 that comes out if the branch that was taken is differentiated.

    The program is ``4.0 if x == 2 else x * x``: the branch taken at x = 2 is the formula 4.0. (The
    function it computes is x², everywhere.) Return the number.
    """
    raise NotImplementedError("chain_rule.prediction_branch: not written yet")


def question_errors() -> dict[str, str]:
    """Match four numerical slopes of sin at x = 1 with the sizes of their errors.

    (a) the one-sided difference with h = 1e-4   (b) the central difference with h = 1e-4
    (c) the central difference with h = 1e-12    (d) the complex step with h = 1e-20
    (1) about 1e-16   (2) about 1e-9   (3) about 1e-5, mostly by rounding   (4) about 4e-5, mostly by truncation
    Return a dict from each letter to its number as a text, such as {"a": "1", "b": "2", "c": "3", "d": "4"}.
    """
    raise NotImplementedError("chain_rule.question_errors: not written yet")


def question_complex_step() -> str:
    """Choose why the complex step may use h = 1e-20 where a central difference may not. Return one letter.

    (a) Complex numbers are held with twice as many digits as real ones.
    (b) It takes no difference of two nearly equal values, so no digits cancel.
    (c) Its truncation error falls as h^4, so that h may be smaller.
    (d) Divisions by a small h are exact for complex numbers.
    """
    raise NotImplementedError("chain_rule.question_complex_step: not written yet")


def question_blind_checks() -> list[str]:
    """Choose all checks that a certain wrong gradient of f(x_1, x_2) = x_1² + x_2³ passes.

    The wrong gradient is (2·x_1, 3·x_2): its second entry lacks the square of x_2.
    (a) Compare it with central differences at x = (1, 1).
    (b) Compare it with central differences at x = (1, 0).
    (c) Compare it with central differences at x = (1, 2).
    (d) Compare its first entry alone with a central difference, at x = (1, 2).
    Return the list of the letters of the checks that it passes, in alphabetical order, such as ["b", "c"].
    """
    raise NotImplementedError("chain_rule.question_blind_checks: not written yet")


def question_representations() -> str:
    """Choose the statement that is NOT true of f(f(f(w))) with f(w) = 4w(1 − w). Return one letter.

    (a) Its straight-line program has 9 operations: two multiplications and a subtraction for each f.
    (b) Written out as one formula, it mentions w 8 times.
    (c) The derivative can be had from the program with a few operations more for each step.
    (d) The derivative needs the written-out formula, since the chain rule applies to formulas only.
    """
    raise NotImplementedError("chain_rule.question_representations: not written yet")


def question_table_of_slopes() -> float:
    """Compute the derivative of f(g(x)) at x = 1 from a table. Return the number.

    g(1) = 3 and g'(1) = 5; f'(1) = 4, f'(3) = 2 and f'(5) = 6. Not all of it is needed.
    """
    raise NotImplementedError("chain_rule.question_table_of_slopes: not written yet")


def question_moving_exponent() -> str:
    """Write dz/dt of z = x^y, where x > 0 and y both depend on t: a formula in x, y, dx and dy. Return it as text.

    dx stands for dx/dt and dy for dy/dt. Write every product with *, powers with ^ or **, and log(...) for the natural
    logarithm, such as "dx*log(y)" (which is not it). Any form with the right values is right.
    """
    raise NotImplementedError("chain_rule.question_moving_exponent: not written yet")


def central_difference(f: Function, x: float, h: float = 1e-5) -> Any:
    """Numerical slope of f at x by the central difference with step h: (f(x + h) − f(x − h)) / 2h.

    f takes a real number and returns one; x a number, h a positive number. Returns a number.
    Source: Nocedal & Wright 2006, §8.1.
    """
    raise NotImplementedError("chain_rule.central_difference: not written yet")


def complex_step(f: Function, x: float, h: float = 1e-20) -> Any:
    """Numerical slope of f at x by the complex step: the imaginary part of f(x + ih), divided by h.

    f takes a real or a complex number and returns one of the same kind; x a real number, h a positive number. Returns a real
    number.
    Source: Squire & Trapp 1998.
    """
    raise NotImplementedError("chain_rule.complex_step: not written yet")


def step_for_error(error: float, third: float) -> Any:
    """Largest step h at which the bound third · h² / 6 of the central difference's truncation error is at most ``error``.

    ``error`` a positive number; ``third`` a positive number, a bound of |f'''| near x. Returns h, a number.
    Rounding is left out of account. Source of the bound: Nocedal & Wright 2006, §8.1.
    """
    raise NotImplementedError("chain_rule.step_for_error: not written yet")


def best_step(size: float, third: float, u: float) -> tuple[Any, Any]:
    """Step h at which the bound E(h) = third · h² / 6 + u · size / h of the central difference's whole error is least.

    ``third`` bounds |f'''| and ``size`` bounds |f| near x, u is the unit roundoff: positive numbers all three. The first
    term is the truncation error, the second the rounding error. Returns the pair (h, E(h)) of numbers, both right to
    rounding: a search for the least E finds h to eight digits only.
    """
    raise NotImplementedError("chain_rule.best_step: not written yet")


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
    raise NotImplementedError("chain_rule.gradient_checker: not written yet")


def mended_error(gradient: Array, plus: Array, minus: Array, h: float) -> Any:
    """Find the fault in this last part of a gradient checker, which accepts some wrong gradients, and mend it.

    plus[d] is f with h added to x_d, minus[d] is f with h taken from x_d; gradient[d] claims to be ∂f/∂x_d. All are
    arrays (D,), D ≥ 1, h is a positive number. The central differences are numerical = (plus − minus) / 2h. To be returned is
    the relative error, a number: the largest |gradient_d − numerical_d|, divided by the larger of max |gradient_d| and
    max |numerical_d|. (That one is never 0 here.)
    """
    numerical = (plus - minus) / (2 * h)
    size = np.maximum(np.max(np.abs(gradient)), np.max(np.abs(numerical)))
    return np.max(gradient - numerical) / size


def expanded_operations(k: int, m: int, n: int) -> tuple[int, int]:
    """Count the operations of f(f(... f(w))), f applied n times: written out as one formula, and as a program.

    The formula of f(w) has k operations and mentions w m times; k, m, n are integers from 1 to 7. Written out, each mention of
    w in the formula of f is replaced by the whole formula of what is inside. A straight-line program keeps each value
    in a variable and uses it m times. Returns the pair (operations of the formula, operations of the program) of
    integers. Compare Baydin et al. 2018, table 1.
    """
    raise NotImplementedError("chain_rule.expanded_operations: not written yet")


def iterated_slope(w0: float, n: int) -> tuple[Any, Any]:
    """Value and derivative at the number w0 of f(f(... f(w))), where f(w) = 4w(1 − w) is applied n times, step by step.

    w0 is in [0, 1], n an integer from 1 to 10; returns the pair (value, derivative with respect to w) of numbers.
    Source of the example: Baydin et al. 2018, table 1.
    """
    raise NotImplementedError("chain_rule.iterated_slope: not written yet")


def second_derivative_formula() -> str:
    """Write the second derivative of exp(−x²) with respect to x as a formula in x: return the text, such as "3*x^2 + exp(x)".

    Write every product with *, powers with ^ or **, functions with parentheses. Any form with the right values is right.
    """
    raise NotImplementedError("chain_rule.second_derivative_formula: not written yet")


def slope_of_huber() -> str:
    """Write the derivative of Huber's function as one formula in x and d, without cases: return the text.

    Huber's function is x²/2 where |x| ≤ d, and d·(|x| − d/2) elsewhere; d > 0. The derivative is with respect to x.
    Besides + - * / ^ there are abs(...), and max(..., ...) and min(..., ...) of two arguments each, which may help: so
    "max(x, 2*d)" is the larger of x and 2d. Source: Huber 1964.
    """
    raise NotImplementedError("chain_rule.slope_of_huber: not written yet")
