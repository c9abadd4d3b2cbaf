"""The engine on single numbers: gradients of Values that are used several times, a second call, and deep chains."""

# The class that a mistake spoils is an argument, which mypy does not take for a base class.
# mypy: disable-error-code="misc, valid-type"

from __future__ import annotations

from grader.bank.forms import of_class, prediction
from grader.bank.reverse_mode.scalar import TWO, XY, begin, order_of
from grader.judging import drawn


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
    braided = a.grad
    # Different Values of the same number; and w - w, w / w, whose two uses cancel.
    a, b, w = Value(x), Value(x), Value(y)
    p, q = a * y, b * y
    (p * 2 + q * 3 + (w - w) + w / w).backward()
    twins = a.grad * b.grad + w.grad
    return tuple(1.0 * grad for grad in (doubled, shared_a, shared_b, braided, twins))  # an int is as good


value_fan_out = of_class(
    "reverse_mode.value_fan_out",
    "Value",
    XY,
    ("doubled", "shared_a", "shared_b", "braided", "twins"),
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
    "Not all that comes back from several uses of a Value is kept: uses add up, two in one operation as well.",
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
    "The Values are gone through depth first, as they are met: one that is used several times hands on before all its uses "
    "have come back.",
    from_model=True,
)
def goes_depth_first(Value):
    class Wrong(Value):
        def backward(self):
            begin(self)
            order, seen, stack = [], set(), [self]
            while stack:
                node = stack.pop()
                if id(node) not in seen:
                    seen.add(id(node))
                    order.append(node)
                    stack.extend(parent for parent, _ in node.edges)
            for node in order:
                for parent, slope in node.edges:
                    parent.grad += slope * node.grad

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
    c = m * a + a
    aside = a * 1.0
    c.backward()
    c.backward()
    again, between = a.grad, b.grad * c.grad  # that of the output itself is 1
    (b + a * 3.0).backward()
    other, kept = a.grad, m.grad + aside.grad  # of which the second is still the 0 that it began with
    a.grad = 7.0
    c.backward()
    return tuple(1.0 * grad for grad in (again, between, other, kept, a.grad + b.grad))  # an int is as good


value_second_backward = of_class(
    "reverse_mode.value_second_backward",
    "Value",
    XY,
    ("leaf", "between", "other_output", "not_reached", "first_output_again"),
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
    "After a call on one output, another output no longer reaches the leaf through a Value that both rest on.",
    from_model=True,
)
def loses_the_record(Value):
    class Wrong(Value):
        def backward(self):
            order = begin(self)
            for node in reversed(order):
                for parent, slope in node.edges:
                    parent.grad += slope * node.grad
            for node in order:
                if node is not self:
                    node.edges = ()

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


def is_deep(m):
    """Return whether a chain is deep: that of one example and of one case, which are one question, and not asked again."""
    return (m.recipe.style, m.recipe.seed) in (("randn", 12), ("odd", 3))


def deep_chain(Value, start, depth):
    """Return the number and the gradient at the two ends of a chain."""
    x = Value(float(start))
    y = x
    for _ in range(depth):
        y = y + x
    y.backward()
    return 1.0 * y.data, 1.0 * x.grad  # an int is as good


value_deep_chain = of_class(
    "reverse_mode.value_deep_chain",
    "Value",
    {
        "start": drawn(lambda m: 3 if is_deep(m) else int(m.rng.integers(2, 10))),
        "depth": drawn(lambda m: DEEP if is_deep(m) else 2 + m.recipe.seed % 40),
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
