"""The engine on single numbers: the class ``Value``, asked in six exercises."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import of_class, prediction
from grader.judging import drawn, scalar

XY = {"x": scalar(-2, 2), "y": scalar(0.3, 3)}
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
def operators(Value, x, y):
    """Return the numbers of expressions in two Values."""
    a, b = Value(x), Value(y)
    made = (3.0 + a + b + 2.0, a - b - 1.5, 2.0 * a * b * 0.5, a / b / 4.0, b**-2, -a, 2.0 - a, 3.0 / b)
    return tuple(value.data for value in made)


value_operators = of_class(
    "reverse_mode.value_operators",
    "Value",
    XY,
    ("sum", "difference", "product", "quotient", "power", "negative", "number_minus_value", "number_over_value"),
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
    a, b = Value(x), Value(y)
    made = (a.exp(), b.log(), a.sin(), a.tanh(), b.relu(), (-b).relu(), a.sin().exp(), (a * b).tanh() - b.log())
    return tuple(value.data for value in made)


value_functions = of_class(
    "reverse_mode.value_functions",
    "Value",
    XY,
    ("exp", "log", "sin", "tanh", "relu", "relu_of_negative", "exp_of_sin", "mixed"),
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
def trees(Value, x, y):
    """Return gradients in expressions that use each Value once."""

    def gradients(f):
        a, b = Value(x), Value(y)
        f(a, b).backward()
        return a.grad, b.grad

    product_a, product_b = gradients(lambda a, b: 2.0 * a * b)
    quotient_a, quotient_b = gradients(lambda a, b: a / b)
    exp_of_sin, power = gradients(lambda a, b: a.sin().exp() - 3.0 / b**2)
    relu, tanh_of_log = gradients(lambda a, b: (a * 1.5).relu() + (1.0 - b.log()).tanh())
    return product_a, product_b, quotient_a, quotient_b, exp_of_sin, power, relu, tanh_of_log


value_gradients = of_class(
    "reverse_mode.value_gradients",
    "Value",
    XY,
    ("product_a", "product_b", "quotient_a", "quotient_b", "exp_of_sin", "power", "relu", "tanh_of_log"),
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


# --------------------------------------------------------------------------------------- fan-out
def fan_out(Value, x, y):
    """Return gradients in expressions that use a Value several times."""
    a = Value(x)
    b = a + a
    c = b + b
    (c * y).backward()
    doubled = a.grad
    a, b = Value(x), Value(y)
    (a * b + a.sin() + a**2 / b).backward()
    shared_a, shared_b = a.grad, b.grad
    a, b = Value(x), Value(y)
    u = a * b
    v = u.tanh() * u + a
    (v * a + u + v).backward()
    return doubled, shared_a, shared_b, a.grad


value_fan_out = of_class(
    "reverse_mode.value_fan_out",
    "Value",
    XY,
    ("doubled", "shared_a", "shared_b", "braided"),
    fan_out,
    points=4,
    regimes=TWO,
)


@value_fan_out.mistake(
    "A Value hands on before all its uses have come back, and hands on again at each: b = a + a, c = b + b gives 8 where "
    "4 is right.",
    from_model=True,
)
def hands_on_at_each_visit(Value):
    class Wrong(Value):
        def backward(self):
            def push(node):
                for parent, slope in node.edges:
                    parent.grad += slope * node.grad
                for parent, _ in node.edges:
                    push(parent)

            begin(self)
            push(self)

    return Wrong


@value_fan_out.mistake(
    "The Values are gone through from the leaves: nothing has come back yet when they hand on, and the leaves get 0.",
    from_model=True,
)
def goes_from_the_leaves(Value):
    class Wrong(Value):
        def backward(self):
            for node in begin(self):
                for parent, slope in node.edges:
                    parent.grad += slope * node.grad

    return Wrong


@value_fan_out.mistake(
    "Of what comes back from several uses of a Value one is kept, and the others are lost: uses of one Value add up.",
    from_model=True,
)
def keeps_the_last_use(Value):
    class Wrong(Value):
        def backward(self):
            for node in reversed(begin(self)):
                for parent, slope in node.edges:
                    parent.grad = slope * node.grad

    return Wrong


@value_fan_out.mistake(
    "A Value takes what comes back from one of its uses and leaves out the rest: uses of one Value add up.",
    from_model=True,
)
def keeps_the_first_use(Value):
    class Wrong(Value):
        def backward(self):
            reached = set()
            for node in reversed(begin(self)):
                for parent, slope in node.edges:
                    if id(parent) not in reached:
                        reached.add(id(parent))
                        parent.grad = slope * node.grad

    return Wrong


@value_fan_out.mistake(
    "The Values are gone through by their distance from the output: one that is used near it and far from it hands on "
    "before all its uses have come back.",
    from_model=True,
)
def goes_by_distance(Value):
    class Wrong(Value):
        def backward(self):
            begin(self)
            queue, seen = [self], {id(self)}
            for node in queue:
                for parent, slope in node.edges:
                    parent.grad += slope * node.grad
                    if id(parent) not in seen:
                        seen.add(id(parent))
                        queue.append(parent)

    return Wrong


# ------------------------------------------------------------------------------- a second backward
prediction_second_backward = prediction(
    "reverse_mode.prediction_second_backward",
    {
        4: "That is what a pass gives that begins at 0. What stands in b.grad when the second one begins?",
        8: "a keeps its 4, and gets more than 4 again: b keeps something too, and hands on what it has.",
        16: "c.grad is set to 1 at the start of each call: nothing of the first call is left there.",
    },
)


def second_backward(Value, x, y):
    """Return gradients after a second call, and after a call on another output."""
    a = Value(x)
    b = a * y
    m = b * b
    c = m * a
    c.backward()
    c.backward()
    again, between = a.grad, b.grad
    (b + a * 3.0).backward()
    return again, between, a.grad, m.grad


value_second_backward = of_class(
    "reverse_mode.value_second_backward",
    "Value",
    XY,
    ("leaf", "between", "other_output", "not_reached"),
    second_backward,
    points=2,
    regimes=TWO,
)


@value_second_backward.mistake(
    "A Value between the leaves and the output begins the second call with its gradient of the first, and hands that on again.",
    from_model=True,
)
def clears_the_leaves_only(Value):
    class Wrong(Value):
        def backward(self):
            order = order_of(self)
            for node in order:
                if not node.edges:
                    node.grad = 0.0
            self.grad = 1.0
            for node in reversed(order):
                for parent, slope in node.edges:
                    parent.grad += slope * node.grad

    return Wrong


@value_second_backward.mistake(
    "No gradient of the first call was cleared before the second, in the leaves or in between: for b = a + a, c = b + b "
    "a.grad goes from 4 to 12.",
    from_model=True,
)
def clears_nothing(Value):
    class Wrong(Value):
        def backward(self):
            self.grad = 1.0
            for node in reversed(order_of(self)):
                for parent, slope in node.edges:
                    parent.grad += slope * node.grad

    return Wrong


@value_second_backward.mistake(
    "The leaves add up over calls, and what lies in between does not: for b = a + a, c = b + b a.grad goes from 4 to 8.",
    from_model=True,
)
def keeps_the_leaves(Value):
    class Wrong(Value):
        def backward(self):
            order = order_of(self)
            for node in order:
                if node.edges:
                    node.grad = 0.0
            self.grad = 1.0
            for node in reversed(order):
                for parent, slope in node.edges:
                    parent.grad += slope * node.grad

    return Wrong


# ------------------------------------------------------------------------------------ deep chains
DEEP = 10_000


def deep_chain(Value, start, depth):
    """Return the number and the gradient at the two ends of a chain."""
    x = Value(float(start))
    y = x
    for _ in range(depth):
        y = y + x
    y.backward()
    return y.data, x.grad


value_deep_chain = of_class(
    "reverse_mode.value_deep_chain",
    "Value",
    {
        "start": scalar(2, 9, integer=True),
        "depth": drawn(
            lambda m: DEEP if m.recipe.style == "randn" and m.recipe.seed in (0, 12) else 2 + m.recipe.seed % 40
        ),
    },
    ("data", "grad"),
    deep_chain,
    points=2,
    regimes=TWO,
)


@value_deep_chain.mistake("x is used at every step, and its gradient is that of one use only.", from_model=True)
def counts_one_use_of_many(Value):
    class Wrong(Value):
        def backward(self):
            for node in reversed(begin(self)):
                for parent, slope in node.edges:
                    parent.grad = slope * node.grad

    return Wrong


@value_deep_chain.mistake(
    "Short chains come out right; of a long one only the last thousand operations are gone through.", from_model=True
)
def stops_after_a_thousand(Value):
    class Wrong(Value):
        def backward(self):
            for node in list(reversed(begin(self)))[:1000]:
                for parent, slope in node.edges:
                    parent.grad += slope * node.grad

    return Wrong


@value_deep_chain.mistake(
    "The chain is gone through from its beginning: nothing has come back yet, and the leaf gets 0.", from_model=True
)
def goes_from_the_beginning(Value):
    class Wrong(Value):
        def backward(self):
            for node in begin(self):
                for parent, slope in node.edges[::-1]:
                    if node is not self:
                        parent.grad += slope * node.grad

    return Wrong
