"""Numbers that are drawn for the class ``Value``, and the order of a backward pass through it."""

from __future__ import annotations

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
