"""The engine on single numbers: what the operators and functions of ``Value`` compute."""

# The class that a mistake spoils is an argument, which mypy does not take for a base class.
# mypy: disable-error-code="misc, valid-type"

from __future__ import annotations

import numpy as np

from grader.bank.forms import of_class
from grader.bank.reverse_mode.numbers import TWO, XY, XYN


# ------------------------------------------------------------------------------------- operators
def operators(Value, x, y, n):
    """Return the numbers of expressions in two Values."""
    a, b = Value(x), Value(y)
    root = Value(abs(y)) ** 0.5
    made = (3.0 + a + b + 2, a - b - 1.5, 2 * a * b * 0.5, a / b / 4, b**-2, root, a**n, -a, 2 - a, 3.0 / b)
    return tuple(1.0 * value.data for value in made)  # an int is as good


value_operators = of_class(
    "reverse_mode.value_operators",
    "Value",
    XYN,
    (
        "sum",
        "difference",
        "product",
        "quotient",
        "power",
        "root",
        "whole_power",
        "negative",
        "number_minus_value",
        "number_over_value",
    ),
    operators,
    points=2,
    regimes=TWO,
)


@value_operators.mistake(
    "2 − a comes out as a − 2: with the number on the left the operands keep their places.", from_model=True
)
def subtracts_the_wrong_way(Value):
    class Wrong(Value):
        def __rsub__(self, other):
            return self - other

    return Wrong


@value_operators.mistake(
    "3 / b comes out as b / 3: with the number on the left the operands keep their places.", from_model=True
)
def divides_the_wrong_way(Value):
    class Wrong(Value):
        def __rtruediv__(self, other):
            return self / other

    return Wrong


@value_operators.mistake("The quotient of two Values is rounded down to a whole number.", from_model=True)
def divides_to_whole_numbers(Value):
    class Wrong(Value):
        def __truediv__(self, other):
            return type(self)(self.data // self._lift(other).data)

    return Wrong


@value_operators.mistake("The power comes out as 1, whatever b is.", from_model=True)
def multiplies_no_factor(Value):
    class Wrong(Value):
        def __pow__(self, n):
            return type(self)(1.0)

    return Wrong


@value_operators.mistake("A power comes out as a product: b ** n is not n·b.", from_model=True)
def multiplies_for_a_power(Value):
    class Wrong(Value):
        def __pow__(self, n):
            return self * n

    return Wrong


@value_operators.mistake("The sign of −a is that of a.", from_model=True)
def does_not_negate(Value):
    class Wrong(Value):
        def __neg__(self):
            return self * 1.0

    return Wrong


# ------------------------------------------------------------------------------------- functions
def functions(Value, x, y):
    """Return the numbers of functions of two Values."""
    a, b = Value(x), Value(abs(y))
    made = (a.exp(), b.log(), a.sin(), a.tanh(), a.relu(), (b - 1.0).relu(), a.sin().exp(), (a * b).tanh() - b.log())
    return tuple(1.0 * value.data for value in made)  # an int is as good


value_functions = of_class(
    "reverse_mode.value_functions",
    "Value",
    XY,
    ("exp", "log", "sin", "tanh", "relu", "relu_of_difference", "exp_of_sin", "mixed"),
    functions,
    points=2,
    regimes=TWO,
)


@value_functions.mistake("The logarithm is to base 10: the natural one is asked.", from_model=True)
def takes_the_common_logarithm(Value):
    class Wrong(Value):
        def log(self):
            return type(self)(np.log10(self.data))

    return Wrong


@value_functions.mistake("The sine is that of an angle in degrees.", from_model=True)
def takes_the_sine_of_degrees(Value):
    class Wrong(Value):
        def sin(self):
            return type(self)(np.sin(np.deg2rad(self.data)))

    return Wrong


@value_functions.mistake("A negative number keeps its size: a ReLU gives 0 there.", from_model=True)
def takes_the_absolute_value(Value):
    class Wrong(Value):
        def relu(self):
            return type(self)(abs(self.data))

    return Wrong


@value_functions.mistake(
    "relu returns 1 or 0, its slope: its value for a positive number is the number.", from_model=True
)
def returns_the_mask(Value):
    class Wrong(Value):
        def relu(self):
            return type(self)(1.0 if self.data > 0 else 0.0)

    return Wrong


@value_functions.mistake("tanh returns the logistic sigmoid, between 0 and 1.", from_model=True)
def returns_the_sigmoid(Value):
    class Wrong(Value):
        def tanh(self):
            return type(self)(1 / (1 + np.exp(-self.data)))

    return Wrong
