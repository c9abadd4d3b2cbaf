"""Unit 03, forward mode: dual numbers, tangents, and Jacobians column by column.

A tangent is the derivative of a value in one direction, carried along with the value from the inputs to the output. Functions that
are differentiated here are ordinary Python: they use ``+ - * / **``, comparisons, and the methods ``exp log sin cos tanh sqrt`` of
:class:`Dual`, which numpy's functions of these names call too. Numbers are float64; as answers, whole numbers are right too, and a
list for an array or a pair. Values alone count: they are right to rounding, however they are found and however often f is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.forward_mode_programs import (  # noqa: F401 - the unit's answers too
    jvp_checker,
    mended_horner,
    tangent_of_tanh,
    worked_tangent,
)
from reference.forward_mode_questions import (  # noqa: F401 - the unit's answers too
    prediction_confusion,
    prediction_maximum,
    prediction_sweeps,
    question_hours,
    question_many_inputs,
    question_product_by_hand,
    question_slot_of_second_derivative,
    question_symptoms,
    question_where_forward_is_cheaper,
)

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
        ### BEGIN SOLUTION
        return type(self)(a.value + b.value, a.tangent + b.tangent, a.level)
        ### END SOLUTION

    def __radd__(self, other: float) -> Dual:
        """Return other + self, where other is a number."""
        return self + other

    def __neg__(self) -> Dual:
        """Return −self."""
        ### BEGIN SOLUTION
        return type(self)(-self.value, -self.tangent, self.level)
        ### END SOLUTION

    def __sub__(self, other: Number) -> Dual:
        """Return self − other."""
        a, b = self.paired(other)
        ### BEGIN SOLUTION
        return type(self)(a.value - b.value, a.tangent - b.tangent, a.level)
        ### END SOLUTION

    def __rsub__(self, other: Number) -> Dual:
        """Return other − self, where other is a number."""
        ### BEGIN SOLUTION
        return type(self)(other - self.value, -self.tangent, self.level)
        ### END SOLUTION

    def __mul__(self, other: Number) -> Dual:
        """Return self · other: the product rule."""
        a, b = self.paired(other)
        ### BEGIN SOLUTION
        return type(self)(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)
        ### END SOLUTION

    def __rmul__(self, other: float) -> Dual:
        """Return other · self, where other is a number."""
        return self * other

    def __truediv__(self, other: Number) -> Dual:
        """Return self / other: the quotient rule. The value of other is not 0."""
        a, b = self.paired(other)
        ### BEGIN SOLUTION
        quotient = a.value / b.value
        return type(self)(quotient, (a.tangent - quotient * b.tangent) / b.value, a.level)
        ### END SOLUTION

    def __rtruediv__(self, other: Number) -> Dual:
        """Return other / self, where other is a number and the value of self is not 0."""
        ### BEGIN SOLUTION
        quotient = other / self.value
        return type(self)(quotient, -quotient * self.tangent / self.value, self.level)
        ### END SOLUTION

    def __pow__(self, other: Number) -> Dual:
        """Return self ** other.

        If other is a number p: any int for a value that is not 0, of either sign; any p ≥ 1 for the value 0; any p for a
        positive value; and p = 0 (or 0.0) gives 1 with tangent 0, at the value 0 too. If other is a Dual, the value of self is
        positive, and the value of other may be 0.
        """
        ### BEGIN SOLUTION
        if isinstance(other, Dual):
            a, b = self.paired(other)
            power = a.value**b.value
            by_base = b.value * a.value ** (b.value - 1) * a.tangent
            return type(self)(power, by_base + power * np.log(a.value) * b.tangent, a.level)
        slope = 0.0 if other == 0 else other * self.value ** (other - 1)  # 0 · 0^−1 is not a number
        return type(self)(self.value**other, slope * self.tangent, self.level)
        ### END SOLUTION

    def __rpow__(self, other: Number) -> Dual:
        """Return other ** self, where other is a positive number."""
        ### BEGIN SOLUTION
        power = other**self.value
        return type(self)(power, power * np.log(other) * self.tangent, self.level)
        ### END SOLUTION

    def exp(self) -> Dual:
        """Return e^self."""
        ### BEGIN SOLUTION
        power = np.exp(self.value)
        return type(self)(power, power * self.tangent, self.level)
        ### END SOLUTION

    def log(self) -> Dual:
        """Return the natural logarithm of self, whose value is positive."""
        ### BEGIN SOLUTION
        return type(self)(np.log(self.value), self.tangent / self.value, self.level)
        ### END SOLUTION

    def sin(self) -> Dual:
        """Return the sine of self, in radians."""
        ### BEGIN SOLUTION
        return type(self)(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)
        ### END SOLUTION

    def cos(self) -> Dual:
        """Return the cosine of self, in radians."""
        ### BEGIN SOLUTION
        return type(self)(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)
        ### END SOLUTION

    def tanh(self) -> Dual:
        """Return the hyperbolic tangent of self, also far out, at ±400, where it is ±1."""
        ### BEGIN SOLUTION
        t = np.tanh(self.value)
        return type(self)(t, (1.0 - t * t) * self.tangent, self.level)
        ### END SOLUTION

    def sqrt(self) -> Dual:
        """Return the square root of self, whose value is positive."""
        ### BEGIN SOLUTION
        root = np.sqrt(self.value)
        return type(self)(root, 0.5 / root * self.tangent, self.level)
        ### END SOLUTION

    def __lt__(self, other: Number) -> bool:
        """Return True if the value of self is less than other, or than its value if it is a Dual. Tangents do not count."""
        a, b = self.paired(other)
        ### BEGIN SOLUTION
        return bool(a.value < b.value)
        ### END SOLUTION

    def __le__(self, other: Number) -> bool:
        """Return True if self ≤ other, by their values."""
        a, b = self.paired(other)
        ### BEGIN SOLUTION
        return bool(a.value <= b.value)
        ### END SOLUTION

    def __gt__(self, other: Number) -> bool:
        """Return True if self > other, by their values."""
        a, b = self.paired(other)
        ### BEGIN SOLUTION
        return bool(a.value > b.value)
        ### END SOLUTION

    def __ge__(self, other: Number) -> bool:
        """Return True if self ≥ other, by their values."""
        a, b = self.paired(other)
        ### BEGIN SOLUTION
        return bool(a.value >= b.value)
        ### END SOLUTION

    def __eq__(self, other: object) -> bool:
        """Return True if self = other, by their values."""
        a, b = self.paired(other)
        ### BEGIN SOLUTION
        return bool(a.value == b.value)
        ### END SOLUTION

    __hash__ = None  # type: ignore[assignment] # what compares equal would have to hash alike, whatever the tangent

    def __abs__(self) -> Dual:
        """Return |self|, for a value that is not 0."""
        ### BEGIN SOLUTION
        return self if self.value > 0 else -self
        ### END SOLUTION


### BEGIN SOLUTION
def _parts(out: Number) -> tuple[Number, Number]:
    """Return the value and the tangent of what a function returned: a plain number does not depend on the inputs."""
    return (out.value, out.tangent) if isinstance(out, Dual) else (out, 0.0)


### END SOLUTION
def jvp(f: Callable[[list[Dual]], Any], x: Numbers, v: Numbers) -> tuple[Any, Any]:
    """Jacobian-vector product: f(x) and its derivative in the direction v. One run of f is enough.

    x, v: m numbers each, m ≥ 1 (arrays or lists). f is called with a list of m Duals and returns one Dual, or a list of n ≥ 1; it
    may return plain numbers for Duals where an output of a list does not depend on x, and their tangent is 0. Returns the pair
    (value, tangent): two numbers if f returns one, two arrays (n,) if f returns a list, (1,) for a list of one. tangent = J v, with
    J[i, j] = ∂f_i/∂x_j at x. If f returns one Dual, entries of x may be Duals in their turn, as in section 6 of the notebook; value
    and tangent then are Duals. Entries of v are numbers, and f uses no Duals but those of its list.
    Source: Griewank & Walther 2008, §3.1; Baydin et al. 2018, §3.1.
    """
    out = f([Dual(value, tangent) for value, tangent in zip(x, v, strict=True)])
    if not isinstance(out, (list, tuple)):
        return _parts(out)
    values, tangents = zip(*map(_parts, out), strict=True)
    return np.stack(values), np.stack(tangents)


def gradient_by_sweeps(f: Callable[[list[Dual]], Dual], x: Numbers) -> Array:
    """Gradient of f at x by forward mode: one sweep in the direction of each unit vector.

    x: m numbers, m ≥ 1 (an array or a list). f is called with a list of m Duals and returns one Dual. Returns an array (m,) of
    ∂f/∂x_j. Source: Baydin et al. 2018, §3.1.
    """
    return np.stack([jvp(f, x, direction)[1] for direction in np.eye(len(x))])


def jacobian_by_columns(f: Callable[[list[Dual]], Any], x: Numbers) -> Array:
    """Full Jacobian of f at x by forward mode, a column a sweep: J[i, j] = ∂f_i/∂x_j.

    x: m numbers, m ≥ 1 (an array or a list). f is called with a list of m Duals and returns a list of n Duals, or one Dual, which
    counts as a list of one; plain numbers may stand among the Duals of a list, and their row is 0. Returns an array (n, m).
    Source: Baydin et al. 2018, §3.1.
    """
    columns = [np.atleast_1d(jvp(f, x, direction)[1]) for direction in np.eye(len(x))]
    return np.stack(columns, axis=1)


def babylonian_root(a: float, steps: int) -> tuple[Number, Number]:
    """Square root of a by a loop, and the derivative of what the loop computed: the pair (x, dx/da), two numbers.

    Start from x = 1 and do ``steps`` times x ← (x + a/x)/2. a is a number from 1e-8 to 1e8, steps an int from 0 to 50. The
    derivative is that of the x after these steps, however far it is from √a: for steps = 0 the pair is (1, 0), for steps = 1 it is
    ((1 + a)/2, 1/2). Run the loop on a Dual, or carry the tangent along by hand. Source of the iteration: Heron of Alexandria,
    *Metrica*.
    """
    number, x = Dual(a, 1.0), Dual(1.0, 0.0)
    for _ in range(steps):
        x = (x + number / x) / 2.0
    return x.value, x.tangent


### BEGIN SOLUTION
_LEVELS = [0]  # the highest level that is taken


### END SOLUTION
def derivative(f: Callable[[Any], Any], x: Number) -> Number:
    """Derivative f'(x) of a function of one number, where f may itself call ``derivative``.

    x: a number, or a Dual of a derivative further out. f is called with one Dual and returns one, or a plain number; within f,
    ``derivative`` may be applied to a function that uses f's own argument. Returns a number, or a Dual if x or f brings in Duals of
    a derivative further out. So ``derivative(lambda x: x * derivative(lambda y: x + y, 1.0), 1.0)`` is 1: the inner derivative is 1
    whatever x is. What f returns may not depend on its own argument at all; its derivative is then 0. f raises nothing, makes
    no Duals of its own, and keeps none for later.
    Source: Siskind & Pearlmutter 2005, *Perturbation Confusion and Referential Transparency*.
    """
    _LEVELS[0] += 1
    level = _LEVELS[0]
    out = f(Dual(x, 1.0, level))
    return out.tangent if isinstance(out, Dual) and out.level == level else 0.0


def second_derivative(f: Callable[[Any], Any], x: float) -> Number:
    """Second derivative f''(x) of a function of one number, by duals whose value and tangent are Duals.

    x: a number. f is called with one Dual, uses its operators (comparisons too) and methods, and returns one; f is neither
    constant nor linear.
    Returns a number, exact to rounding: a difference quotient is not.
    """
    return derivative(lambda t: derivative(f, t), x)
