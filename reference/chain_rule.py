"""Unit 01, the chain rule: local derivatives, their composition, and one function as program, graph and formula.

Numbers that are given are Python floats unless a docstring says integer, or array, which is float64. In what is returned whole
numbers and truth values count as numbers (as the answer to a prediction a truth value does not), and where several numbers are
asked for, a tuple, a list or an array of them is right. What is off by rounding alone is right.
A function that takes functions calls them, as often as it likes, with numbers, or with arrays where it says so. A formula is
returned as text, in one variable or several: numbers (``1e-3`` too), pi, names, ``+ - * / ^`` (``**`` too), parentheses, and
the functions exp, log, sqrt, sin, cos, tan, tanh, abs, and of two numbers max and min. They bind as in Python: ``-x^2`` is
−(x²), ``a^b^c`` is a^(b^c). Any formula that has the right values is right, whatever its form; single points at which it has
none, such as 0 for ``x/x``, are not tried. No argument is changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.chain_rule_questions import (  # noqa: F401 - the unit's answers too
    prediction_branch,
    prediction_falling_error,
    prediction_sine_of_degrees,
    question_blind_checks,
    question_complex_step,
    question_errors,
    question_moving_exponent,
    question_representations,
    question_table_of_slopes,
)
from reference.chain_rule_slopes import (  # noqa: F401 - the unit's answers too
    best_step,
    central_difference,
    complex_step,
    expanded_operations,
    gradient_checker,
    iterated_slope,
    mended_error,
    second_derivative_formula,
    slope_of_huber,
    step_for_error,
)

Array = NDArray[np.float64]
Function = Callable[[Any], Any]


def arithmetic_local(a: float, b: float) -> list[tuple[float, float]]:
    """Local derivatives of a + b, a − b and a · b, in this order: for each the pair (∂/∂a, ∂/∂b).

    a, b numbers; returns a list of three pairs of numbers. Source: Griewank & Walther 2008, §2.2.
    """
    return [(1.0, 1.0), (1.0, -1.0), (b, a)]


def divide_local(a: float, b: float) -> tuple[float, float]:
    """Local derivatives of the quotient q = a / b: the pair (∂q/∂a, ∂q/∂b).

    a, b numbers of either sign, b not 0. Source: Griewank & Walther 2008, §2.2.
    """
    return 1 / b, -a / b**2


def power_local(a: float, b: float) -> tuple[float, float]:
    """Local derivatives of the power p = a^b: the pair (∂p/∂a, ∂p/∂b).

    a a positive number, b a number of either sign, which varies too.
    """
    return b * np.power(a, b - 1), np.power(a, b) * np.log(a)


def max_local(a: float, b: float) -> tuple[float, float]:
    """Local derivatives of m = max(a, b): the pair (∂m/∂a, ∂m/∂b).

    a, b numbers. At a tie, a = b, m has no derivative; the convention here is that a gets all of it: (1, 0).
    """
    return (1.0, 0.0) if a >= b else (0.0, 1.0)


def elementary_local(x: float) -> tuple[Any, Any, Any, Any, Any, Any]:
    """Derivatives of exp, log, sin, cos, tanh and sqrt at x: six numbers in this order, in a tuple or a list.

    x a number, 0 < x < 10; angles are in radians. Source: Griewank & Walther 2008, §2.2.
    """
    return np.exp(x), 1 / x, np.cos(x), -np.sin(x), 1 - np.tanh(x) ** 2, 0.5 / np.sqrt(x)


def slope_of_sine_of_square(*, factor: float = 1.0, power: int = 2) -> str:
    """Write the derivative of sin(x²) with respect to x as a formula in x: return the text, such as "3*x^2 + exp(x)".

    Write every product with *, powers with ^ or **, functions with parentheses. Any form with the right values is right.
    """
    return f"{factor * power:.12g}*x^{power - 1}*cos({factor}*x^{power})"


def slope_of_quotient() -> str:
    """Write the derivative of x / (1 + x²) with respect to x as a formula in x: return the text, such as "3*x^2 + exp(x)".

    Write every product with *, powers with ^ or **, functions with parentheses. Any form with the right values is right.
    """
    return "(1 - x^2) / (1 + x^2)^2"


def compose_derivative(functions: Sequence[Function], derivatives: Sequence[Function], x: float) -> Any:
    """Derivative at x of functions one inside another, by the chain rule.

    functions = [f1, f2, ..., fn] in the order in which they are applied: the whole is x ↦ fn(... f2(f1(x))), n from 1 to 50.
    derivatives[i] is the derivative of functions[i]; all take a real number and return one. Both are lists, which may be
    used again afterwards. x a number; returns the derivative of the whole at x, a number.
    Source: Goodfellow et al. 2016, §6.5.2.
    """
    slope = 1.0
    for f, df in zip(functions, derivatives, strict=True):
        slope = slope * df(x)  # x is what reaches f: the value of all that is inside it
        x = f(x)
    return slope


def total_derivative(outer: Array, inner: Array) -> Array:
    """Derivatives of u(v_1, ..., v_K), each v_k a function of x_1, ..., x_D, from the partial derivatives.

    outer (K,) holds ∂u/∂v_k; inner (K, D) holds ∂v_k/∂x_d, a row for each v; K, D ≥ 1. Returns du/dx_d, an array (D,).
    For u(v(x, y), w(x, y)) this is outer = [u_v, u_w], inner = [[v_x, v_y], [w_x, w_y]].
    Source: Goodfellow et al. 2016, eq. 6.45.
    """
    return outer @ inner


def worked_program(x: float, y: float) -> list[Any]:
    """Straight-line program of f(x, y) = (x·y + sin x + 4)·(3y² + 6): the list [s1, ..., s10] of its values.

    s1 = x, s2 = y, s3 = s1·s2, s4 = sin s1, s5 = s3 + s4, s6 = s5 + 4, s7 = s2², s8 = 3·s7, s9 = s8 + 6, s10 = s6·s9.
    x, y numbers, x in radians; ten numbers, the last of which is f(x, y). Source: the example of Bücker et al. 2006.
    """
    s1, s2 = x, y
    s3 = s1 * s2
    s4 = np.sin(s1)
    s5 = s3 + s4
    s6 = s5 + 4
    s7 = s2**2
    s8 = 3 * s7
    s9 = s8 + 6
    s10 = s6 * s9
    return [s1, s2, s3, s4, s5, s6, s7, s8, s9, s10]


def worked_gradient(x: float, y: float) -> tuple[Any, Any]:
    """Gradient of f(x, y) = (x·y + sin x + 4)·(3y² + 6): the pair (∂f/∂x, ∂f/∂y) of numbers.

    x, y numbers, x in radians. Source of the example: Bücker et al. 2006.
    """
    s6 = x * y + np.sin(x) + 4
    s9 = 3 * y**2 + 6
    return (y + np.cos(x)) * s9, x * s9 + s6 * 6 * y


def worked_formula() -> str:
    """Write ∂f/∂x of f(x, y) = (x·y + sin x + 4)·(3y² + 6) as a formula in x and y: return the text, such as "3*x*y^2".

    Write every product with *, powers with ^ or **, functions with parentheses, as in sin(x). Any form with the right
    values is right.
    """
    return "(y + cos(x)) * (3*y^2 + 6)"


def worked_graph() -> list[tuple[Any, ...]]:
    """Build f(x, y) = (x·y + sin x + 4)·(3y² + 6) as a computation graph: the list of its steps.

    A step is a tuple or a list (name, operation, argument, ...). Its name is a text of yours; its arguments are names of earlier
    steps, numbers, or the inputs "x" and "y", which no step defines; no two steps have one name. The last step is f.
    Operations of two arguments: "add", "multiply", "power" (the second argument is the exponent); of one: "square", "sin".
    At most 8 steps. So 5·sin(y) would be [("a", "sin", "y"), ("b", "multiply", 5, "a")].
    """
    return [
        ("s3", "multiply", "x", "y"),
        ("s4", "sin", "x"),
        ("s5", "add", "s3", "s4"),
        ("s6", "add", "s5", 4),
        ("s7", "square", "y"),
        ("s8", "multiply", 3, "s7"),
        ("s9", "add", "s8", 6),
        ("s10", "multiply", "s6", "s9"),
    ]
