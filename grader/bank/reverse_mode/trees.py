"""The engine's gradients in expressions that use each ``Value`` once."""

# The class that a mistake spoils is an argument, which mypy does not take for a base class.
# mypy: disable-error-code="misc, valid-type"

from __future__ import annotations

import numpy as np

from grader.bank.forms import of_class
from grader.bank.reverse_mode.numbers import TWO, XYN, begin


def trees(Value, x, y, n):
    """Return gradients in expressions that use each Value once."""

    def gradients(f, y=y):
        a, b = Value(x), Value(y)
        f(a, b).backward()
        return 1.0 * a.grad, 1.0 * b.grad  # an int is as good

    product_a, product_b = gradients(lambda a, b: 2 * a * b)
    quotient_a, quotient_b = gradients(lambda a, b: a / b)
    exp_of_sin, power = gradients(lambda a, b: -(3.0 / b**1.5 - a.sin().exp()), abs(y))
    whole_power, numbers = gradients(lambda a, b: a**n + (7 - 5 / b) * 2)
    relu, tanh_of_log = gradients(
        lambda a, b: (a * 1.5).relu() * 2.0 + (a - x).relu() * 5.0 + (1 - b.log()).tanh(), abs(y)
    )
    return product_a, product_b, quotient_a, quotient_b, exp_of_sin, power, whole_power, numbers, relu, tanh_of_log


value_gradients = of_class(
    "reverse_mode.value_gradients",
    "Value",
    XYN,
    (
        "product_a",
        "product_b",
        "quotient_a",
        "quotient_b",
        "exp_of_sin",
        "power",
        "whole_power",
        "numbers",
        "relu",
        "tanh_of_log",
    ),
    trees,
    points=4,
    regimes=TWO,
)


@value_gradients.mistake("Each factor of a product gets itself as its local gradient.", from_model=True)
def keeps_its_own_factor(Value):
    class Wrong(Value):
        def __mul__(self, other):
            other = self._lift(other)
            return type(self)(self.data * other.data, ((self, self.data), (other, other.data)))

    return Wrong


@value_gradients.mistake(
    "The denominator's gradient has the wrong sign: a larger b makes a / b smaller in size.", from_model=True
)
def loses_the_sign_of_the_denominator(Value):
    class Wrong(Value):
        def __truediv__(self, other):
            other = self._lift(other)
            out = self.data / other.data
            return type(self)(out, ((self, 1 / other.data), (other, out / other.data)))

    return Wrong


@value_gradients.mistake(
    "The local gradient of exp is its input: of which number is e^x its own slope?", from_model=True
)
def takes_the_input_for_the_exponential(Value):
    class Wrong(Value):
        def exp(self):
            return type(self)(np.exp(self.data), ((self, self.data),))

    return Wrong


@value_gradients.mistake(
    "The slope of a quotient for its denominator b goes with 1/b, where it goes with 1/b².", from_model=True
)
def loses_the_square_of_the_denominator(Value):
    class Wrong(Value):
        def __truediv__(self, other):
            other = self._lift(other)
            return type(self)(self.data / other.data, ((self, 1 / other.data), (other, -self.data / other.data)))

    return Wrong


@value_gradients.mistake("The sine stands where its slope belongs: at 0 the sine is steepest.", from_model=True)
def takes_the_sine_for_its_slope(Value):
    class Wrong(Value):
        def sin(self):
            return type(self)(np.sin(self.data), ((self, np.sin(self.data)),))

    return Wrong


@value_gradients.mistake("What comes back through −a keeps its sign: the slope of −a is −1.", from_model=True)
def loses_the_sign_of_a_negation(Value):
    class Wrong(Value):
        def __neg__(self):
            return type(self)(-self.data, ((self, 1.0),))

    return Wrong


@value_gradients.mistake("The slope of relu is 1 for negative numbers too, where it is 0.", from_model=True)
def never_closes(Value):
    class Wrong(Value):
        def relu(self):
            return type(self)(np.maximum(self.data, 0.0), ((self, 1.0),))

    return Wrong


@value_gradients.mistake("The slope of relu at 0 itself is 1, where it is 0 here.", from_model=True)
def opens_at_zero(Value):
    class Wrong(Value):
        def relu(self):
            return type(self)(np.maximum(self.data, 0.0), ((self, 1.0 if self.data >= 0 else 0.0),))

    return Wrong


@value_gradients.mistake("The factor n is missing in the slope of a power.", from_model=True)
def forgets_the_exponent(Value):
    class Wrong(Value):
        def __pow__(self, n):
            return type(self)(self.data**n, ((self, self.data ** (n - 1)),))

    return Wrong


@value_gradients.mistake("The exponent was not lowered by 1 in the local gradient of a power.", from_model=True)
def does_not_lower_the_exponent(Value):
    class Wrong(Value):
        def __pow__(self, n):
            return type(self)(self.data**n, ((self, n * self.data**n),))

    return Wrong


@value_gradients.mistake("1 − t² is taken at the input of tanh: t is its output.", from_model=True)
def takes_the_input_for_the_output_of_tanh(Value):
    class Wrong(Value):
        def tanh(self):
            return type(self)(np.tanh(self.data), ((self, 1 - self.data**2),))

    return Wrong


@value_gradients.mistake(
    "A leaf gets its local gradient alone: it is not multiplied by what comes from above.", from_model=True
)
def hands_on_local_gradients(Value):
    class Wrong(Value):
        def backward(self):
            for node in reversed(begin(self)):
                for parent, slope in node.edges:
                    parent.grad += slope

    return Wrong
