"""The engine on single numbers: what ``Value`` computes, and its gradients where each Value is used once."""

# The class that a mistake spoils is an argument, which mypy does not take for a base class.
# mypy: disable-error-code="misc, valid-type"

from __future__ import annotations

import numpy as np

from grader.bank.forms import of_class
from grader.judging import drawn


def is_zero(m):
    """Return whether x is 0 in this case: where a power is divided by its base, and a ReLU has its kink."""
    return m.recipe.seed % 6 == 3


def any_number(m):
    """Draw x: a float of either sign, an int, or a zero of either kind."""
    if is_zero(m):
        return 0.0 if m.recipe.style == "randn" else 0
    if m.recipe.seed % 6 in (2, 5):
        return int(m.rng.choice((-3, -2, -1, 1, 2, 3)))
    return round(float(m.rng.uniform(-2, 2)), 3)


def divisor(m):
    """Draw y: a float or an int of either sign, and never near 0."""
    if m.recipe.seed % 6 in (2, 4):
        return int(m.rng.choice((-3, -2, -1, 1, 2, 3)))
    return round(float(m.rng.uniform(0.3, 3) * m.rng.choice((-1.0, 1.0, 1.0))), 3)


def whole(m):
    """Draw a whole exponent, one that a base of 0 has a slope for where x is 0."""
    turn = m.recipe.seed // 6 + m.recipe.seed % 6
    return (1, 2, 3)[turn % 3] if is_zero(m) else (2, 3, -1, 2.0, 1, 0, -2)[turn % 7]


XY = {"x": drawn(any_number), "y": drawn(divisor)}
XYN = {**XY, "n": drawn(whole)}
TWO = ("randn", "odd")


def order_of(end):
    """List the Values on which one rests, each behind its parents."""
    order, seen, stack = [], set(), [(end, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent, _ in node.edges)
    return order


def begin(end):
    """Set the gradients to 0, that of the end to 1; return the Values, each behind its parents."""
    order = order_of(end)
    for node in order:
        node.grad = 0.0
    end.grad = 1.0
    return order


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


# ------------------------------------------------------------------------------ gradients of trees
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
