"""Unit 03, forward mode: dual numbers, tangents, and Jacobians column by column.

A tangent is the derivative of a value in one direction, carried along with the value from the inputs to the output. Functions that
are differentiated here are ordinary Python: they use ``+ - * / **``, comparisons, and the methods ``exp log sin cos tanh sqrt`` of
:class:`Dual`, which numpy's functions of these names call too. Numbers are float64; as answers, whole numbers are right too, and a
list for an array or a pair. Values alone count: they are right to rounding, however they are found and however often f is called.

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
Numbers = Sequence[float] | Array
Number = Any
"""A float, or a Dual."""


class Dual:
    """A dual number, value + tangent·ε with ε² = 0: a value, and its derivative in one direction.

    Operators take a Dual or a number on either side, and a number is a constant: its tangent is 0. Every operation returns a Dual
    (a comparison a truth value) and changes neither operand. A value or a tangent may be a Dual in its turn: use operators on it
    and the six functions ``np.exp np.log np.sin np.cos np.tanh np.sqrt``, which call the methods of these names, and not
    ``math.sin``. Each level of nested derivatives has duals of its own: a result has the higher level of its operands, as
    ``paired`` gives it. The exercises ``dual_...`` do not look at levels; ``derivative`` needs them. Of other operands, such as
    None or nan, nothing is asked, nor where a square overflows.
    Source: Baydin et al. 2018, §3.1.1.
    """

    def __init__(self, value: Number, tangent: Number = 0.0, level: int = 0) -> None:
        self.value = value
        self.tangent = tangent
        self.level = level

    def __repr__(self) -> str:
        return f"Dual({self.value}, {self.tangent})"

    def paired(self, other: Number) -> tuple[Dual, Dual]:
        """Return (self, other) as two Duals of one level, the higher of the two: what is constant there has tangent 0."""
        level = max(self.level, other.level) if isinstance(other, Dual) else self.level
        first, second = (
            x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
        )
        return first, second

    def __add__(self, other: Number) -> Dual:
        """Return self + other."""
        a, b = self.paired(other)
        raise NotImplementedError("forward_mode.Dual.__add__: not written yet")

    def __radd__(self, other: float) -> Dual:
        """Return other + self, where other is a number."""
        return self + other

    def __neg__(self) -> Dual:
        """Return −self."""
        raise NotImplementedError("forward_mode.Dual.__neg__: not written yet")

    def __sub__(self, other: Number) -> Dual:
        """Return self − other."""
        a, b = self.paired(other)
        raise NotImplementedError("forward_mode.Dual.__sub__: not written yet")

    def __rsub__(self, other: Number) -> Dual:
        """Return other − self, where other is a number."""
        raise NotImplementedError("forward_mode.Dual.__rsub__: not written yet")

    def __mul__(self, other: Number) -> Dual:
        """Return self · other: the product rule."""
        a, b = self.paired(other)
        raise NotImplementedError("forward_mode.Dual.__mul__: not written yet")

    def __rmul__(self, other: float) -> Dual:
        """Return other · self, where other is a number."""
        return self * other

    def __truediv__(self, other: Number) -> Dual:
        """Return self / other: the quotient rule. The value of other is not 0."""
        a, b = self.paired(other)
        raise NotImplementedError("forward_mode.Dual.__truediv__: not written yet")

    def __rtruediv__(self, other: Number) -> Dual:
        """Return other / self, where other is a number and the value of self is not 0."""
        raise NotImplementedError("forward_mode.Dual.__rtruediv__: not written yet")

    def __pow__(self, other: Number) -> Dual:
        """Return self ** other.

        If other is a number p: any int for a value that is not 0, of either sign; any p ≥ 1 for the value 0; any p for a
        positive value; and p = 0 (or 0.0) gives 1 with tangent 0, at the value 0 too. If other is a Dual, the value of self is
        positive, and the value of other may be 0.
        """
        raise NotImplementedError("forward_mode.Dual.__pow__: not written yet")

    def __rpow__(self, other: Number) -> Dual:
        """Return other ** self, where other is a positive number."""
        raise NotImplementedError("forward_mode.Dual.__rpow__: not written yet")

    def exp(self) -> Dual:
        """Return e^self."""
        raise NotImplementedError("forward_mode.Dual.exp: not written yet")

    def log(self) -> Dual:
        """Return the natural logarithm of self, whose value is positive."""
        raise NotImplementedError("forward_mode.Dual.log: not written yet")

    def sin(self) -> Dual:
        """Return the sine of self, in radians."""
        raise NotImplementedError("forward_mode.Dual.sin: not written yet")

    def cos(self) -> Dual:
        """Return the cosine of self, in radians."""
        raise NotImplementedError("forward_mode.Dual.cos: not written yet")

    def tanh(self) -> Dual:
        """Return the hyperbolic tangent of self, also far out, at ±400, where it is ±1."""
        raise NotImplementedError("forward_mode.Dual.tanh: not written yet")

    def sqrt(self) -> Dual:
        """Return the square root of self, whose value is positive."""
        raise NotImplementedError("forward_mode.Dual.sqrt: not written yet")

    def __lt__(self, other: Number) -> bool:
        """Return True if the value of self is less than other, or than its value if it is a Dual. Tangents do not count."""
        a, b = self.paired(other)
        raise NotImplementedError("forward_mode.Dual.__lt__: not written yet")

    def __le__(self, other: Number) -> bool:
        """Return True if self ≤ other, by their values."""
        a, b = self.paired(other)
        raise NotImplementedError("forward_mode.Dual.__le__: not written yet")

    def __gt__(self, other: Number) -> bool:
        """Return True if self > other, by their values."""
        a, b = self.paired(other)
        raise NotImplementedError("forward_mode.Dual.__gt__: not written yet")

    def __ge__(self, other: Number) -> bool:
        """Return True if self ≥ other, by their values."""
        a, b = self.paired(other)
        raise NotImplementedError("forward_mode.Dual.__ge__: not written yet")

    def __eq__(self, other: object) -> bool:
        """Return True if self = other, by their values."""
        a, b = self.paired(other)
        raise NotImplementedError("forward_mode.Dual.__eq__: not written yet")

    __hash__ = None  # type: ignore[assignment] # what compares equal would have to hash alike, whatever the tangent

    def __abs__(self) -> Dual:
        """Return |self|, for a value that is not 0."""
        raise NotImplementedError("forward_mode.Dual.__abs__: not written yet")


def jvp(f: Callable[[list[Dual]], Any], x: Numbers, v: Numbers) -> tuple[Any, Any]:
    """Jacobian-vector product: f(x) and its derivative in the direction v. One run of f is enough.

    x, v: m numbers each, m ≥ 1 (arrays or lists). f is called with a list of m Duals and returns one Dual, or a list of n ≥ 1; it
    may return plain numbers for Duals where an output of a list does not depend on x, and their tangent is 0. Returns the pair
    (value, tangent): two numbers if f returns one, two arrays (n,) if f returns a list, (1,) for a list of one. tangent = J v, with
    J[i, j] = ∂f_i/∂x_j at x. If f returns one Dual, entries of x may be Duals in their turn, as in section 6 of the notebook; value
    and tangent then are Duals. Entries of v are numbers, and f uses no Duals but those of its list.
    Source: Griewank & Walther 2008, §3.1; Baydin et al. 2018, §3.1.
    """
    raise NotImplementedError("forward_mode.jvp: not written yet")


def gradient_by_sweeps(f: Callable[[list[Dual]], Dual], x: Numbers) -> Array:
    """Gradient of f at x by forward mode: one sweep in the direction of each unit vector.

    x: m numbers, m ≥ 1 (an array or a list). f is called with a list of m Duals and returns one Dual. Returns an array (m,) of
    ∂f/∂x_j. Source: Baydin et al. 2018, §3.1.
    """
    raise NotImplementedError("forward_mode.gradient_by_sweeps: not written yet")


def jacobian_by_columns(f: Callable[[list[Dual]], Any], x: Numbers) -> Array:
    """Full Jacobian of f at x by forward mode, a column a sweep: J[i, j] = ∂f_i/∂x_j.

    x: m numbers, m ≥ 1 (an array or a list). f is called with a list of m Duals and returns a list of n Duals, or one Dual, which
    counts as a list of one; plain numbers may stand among the Duals of a list, and their row is 0. Returns an array (n, m).
    Source: Baydin et al. 2018, §3.1.
    """
    raise NotImplementedError("forward_mode.jacobian_by_columns: not written yet")


def babylonian_root(a: float, steps: int) -> tuple[Number, Number]:
    """Square root of a by a loop, and the derivative of what the loop computed: the pair (x, dx/da), two numbers.

    Start from x = 1 and do ``steps`` times x ← (x + a/x)/2. a is a number from 1e-8 to 1e8, steps an int from 0 to 50. The
    derivative is that of the x after these steps, however far it is from √a: for steps = 0 the pair is (1, 0), for steps = 1 it is
    ((1 + a)/2, 1/2). Run the loop on a Dual, or carry the tangent along by hand. Source of the iteration: Heron of Alexandria,
    *Metrica*.
    """
    raise NotImplementedError("forward_mode.babylonian_root: not written yet")


def derivative(f: Callable[[Any], Any], x: Number) -> Number:
    """Derivative f'(x) of a function of one number, where f may itself call ``derivative``.

    x: a number, or a Dual of a derivative further out. f is called with one Dual and returns one, or a plain number; within f,
    ``derivative`` may be applied to a function that uses f's own argument. Returns a number, or a Dual if x or f brings in Duals of
    a derivative further out. So ``derivative(lambda x: x * derivative(lambda y: x + y, 1.0), 1.0)`` is 1: the inner derivative is 1
    whatever x is. What f returns may not depend on its own argument at all; its derivative is then 0. f raises nothing, makes
    no Duals of its own, and keeps none for later.
    Source: Siskind & Pearlmutter 2005, *Perturbation Confusion and Referential Transparency*.
    """
    raise NotImplementedError("forward_mode.derivative: not written yet")


def second_derivative(f: Callable[[Any], Any], x: float) -> Number:
    """Second derivative f''(x) of a function of one number, by duals whose value and tangent are Duals.

    x: a number. f is called with one Dual, uses its operators (comparisons too) and methods, and returns one; f is neither
    constant nor linear.
    Returns a number, exact to rounding: a difference quotient is not.
    """
    raise NotImplementedError("forward_mode.second_derivative: not written yet")


def worked_tangent(x: float, y: float, dx: float, dy: float) -> tuple[float, float]:
    """Tangent program of f(x, y) = (x·y + sin x + 4)(3y² + 6), x in radians: the pair (f, df), two numbers.

    df is the derivative of f at (x, y) in the direction (dx, dy), so ∂f/∂x·dx + ∂f/∂y·dy. The program of f is s1 = x, s2 = y,
    s3 = s1·s2, s4 = sin s1, s5 = s3 + s4, s6 = s5 + 4, s7 = s2², s8 = 3·s7, s9 = s8 + 6, s10 = s6·s9.
    At (2, 8): f = 4140.0408905115; df = 1501.6029263637 for (1, 0) and 1399.6462764876 for (0, 1).
    Source: Bücker et al. 2006, *Automatic Differentiation: Applications, Theory, and Implementations*.
    """
    raise NotImplementedError("forward_mode.worked_tangent: not written yet")


def tangent_of_tanh() -> str:
    """Write the tangent of z = tanh(x·y) in the direction (dx, dy) as text: a formula in x, y, dx and dy.

    So return ∂z/∂x·dx + ∂z/∂y·dy, such as "x*dx + sin(y)*dy" (which is the tangent of another function). Grammar: numbers, these
    four names, + - * / ^ (also **), parentheses, and the functions exp log sqrt sin cos tan tanh.
    """
    raise NotImplementedError("forward_mode.tangent_of_tanh: not written yet")


def mended_horner(coefficients: Array, x: float, dx: float) -> tuple[float, float]:
    """Tangent program of Horner's rule: a polynomial p at x and its tangent dp in the direction dx, as the pair (p, dp).

    coefficients (D,), D ≥ 1, those of the highest power first: (2, 0, 5) stands for 2x² + 0·x + 5. dp = p'(x)·dx.
    The code that you are given has one fault: find and mend it. Any other code with the right values is right too.
    """
    p = dp = 0.0
    for c in coefficients:
        p = p * x + c
        dp = dp * x + p * dx
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
    raise NotImplementedError("forward_mode.jvp_checker: not written yet")


def prediction_maximum() -> float:
    """Predict a tangent before you run the cell.

    a = Dual(2.0, 5.0) and b = Dual(3.0, -4.0), with the comparisons of this unit.
    What is max(a, b).tangent? Return the number.
    """
    raise NotImplementedError("forward_mode.prediction_maximum: not written yet")


def prediction_sweeps() -> int:
    """Predict a count before you run the cell.

    f takes 3 numbers and returns 1000. How many forward sweeps give its full Jacobian, all 3000
    entries? Return the number.
    """
    raise NotImplementedError("forward_mode.prediction_sweeps: not written yet")


def prediction_confusion() -> float:
    """Predict a number before you run the cell.

    All Duals are of one level, so that two nested derivatives share one ε. Inner: at y = Dual(1, 1)
    take the tangent of x + y. Outer: at x = Dual(1, 1) take the tangent of x · (what the inner one
    gave, a plain number). What comes out? Return the number.
    """
    raise NotImplementedError("forward_mode.prediction_confusion: not written yet")


def question_product_by_hand() -> float:
    """Multiply two dual numbers by hand.

    (3 + 2ε)(4 − ε) = 12 + ?·ε, where ε² = 0. Return the number in the place of the question mark.
    """
    raise NotImplementedError("forward_mode.question_product_by_hand: not written yet")


def question_hours() -> float:
    """Estimate what a gradient by forward mode costs.

    A loss has 3.6 million weights, and one forward sweep (the loss and its derivative in one direction)
    takes 10 milliseconds. How many hours does one gradient take, all its entries, sweep by sweep?
    Return the number of hours.
    """
    raise NotImplementedError("forward_mode.question_hours: not written yet")


def question_many_inputs() -> str:
    """Choose why one does not train a network of a million weights by forward mode. Return one letter.

    (a) A tangent is less accurate than a gradient found in reverse.
    (b) A sweep gives the loss's derivative in one direction, and a gradient needs a million of them.
    (c) A single sweep takes a million times as long as running the network.
    (d) Forward mode has to keep all intermediate values until the end, which takes too much memory.
    """
    raise NotImplementedError("forward_mode.question_many_inputs: not written yet")


def question_where_forward_is_cheaper() -> list[str]:
    """Choose all tasks for which forward mode needs fewer sweeps than reverse mode.

    Reverse mode finds one row of a Jacobian in a sweep.

    (a) the full Jacobian of a function from R² to R⁵⁰
    (b) the gradient of a loss from R⁵⁰⁰ to R
    (c) the velocity of a point on a curve, t in R to R³
    (d) the full Jacobian of a function from R¹⁰ to R¹⁰
    (e) the product J v for one given v, of a function from R¹⁰⁰ to R¹⁰⁰
    Return the list of their letters in alphabetical order, such as ["b", "d"].
    """
    raise NotImplementedError("forward_mode.question_where_forward_is_cheaper: not written yet")


def question_slot_of_second_derivative() -> str:
    """Choose where the second derivative is found. Return one letter.

    x = Dual(Dual(2, 1), Dual(1, 0)): both levels move with x, at the rate 1. y = f(x). Where does f''(2) stand?
    (a) y.value.value   (b) y.value.tangent   (c) y.tangent.value   (d) y.tangent.tangent
    """
    raise NotImplementedError("forward_mode.question_slot_of_second_derivative: not written yet")


def question_symptoms() -> dict[str, str]:
    """Match how a class of dual numbers fails with its fault.

    (a) 1/x has the derivative 1/4 at x = 2.
    (b) x**2 and x**3 are right, and x**-1 and x**0.5 are not.
    (c) d/dx (x · d/dy (x + y)) at x = 1, y = 1 comes out as 2.
    (d) A loop ``while a < b`` turns once more than with plain numbers, where a and b have the same value.
    (1) One ε is used for two levels.   (2) A comparison looks at the tangents too.
    (3) The quotient rule has the wrong sign.   (4) A power is made by repeated multiplication.
    Return a dict from each letter to a digit, such as {"a": "1", "b": "2", "c": "3", "d": "4"}; each digit is used once.
    """
    raise NotImplementedError("forward_mode.question_symptoms: not written yet")
