"""The Jacobian-vector product: all outputs of a function, and their tangents in one direction, in one run."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import higher_order
from grader.bank.forward_mode.numbers import EARLY, LAST_EXAMPLE
from grader.judging import array, drawn, upstream

REGIMES = ("randn", "odd", "small", "ties")
POINT = {"x": array("m")}


def direction(m):
    """Draw v, of any size: in some cases all entries but the first are 0, in one all of them."""
    v, along_the_first = upstream("m").draw(m), m.rng.random() < 0.2 and m.recipe.seed > LAST_EXAMPLE
    if m.recipe.seed == EARLY[0]:
        return 0.0 * v
    return np.where(np.arange(len(v)) > 0, 0.0, v) if along_the_first else v


POINT_AND_DIRECTION = {"x": array("m"), "v": drawn(direction)}


# ------------------------------------------------------------------------------------------- jvp
def products_with_jacobians(jvp, x, v):
    """Adapt jvp: of one output, also at a Dual; at lists, of outputs with a constant first or last, or all, or of a list of one."""

    def one(x):
        total = 0.0
        for i in range(len(x)):
            total = total + x[i] * x[i - 1] + x[i].sin()
        return total

    def several(x):
        if len(x) == 1:
            return [x[0] * x[0].sin()]
        return [x[0] * x[-1], x[0] * x[0] * x[-1] - 2.0 * x[-1].sin(), 3.0]

    def constants_first(x):
        if len(x) == 1:
            return [2.0, 3.0]
        return [7, 2.5, x[-1], x[0] * x[0]]  # a whole number, and an input that is handed back

    def slope(x):
        return jvp(lambda t: t[0] * t[0] * t[0] + t[0].sin(), [x[-1]], [1.5])[1]

    value, tangent = jvp(one, x, v)
    values, tangents = jvp(several, list(x), list(v))
    behind_constants, tangents_behind = jvp(constants_first, x, v)
    return value, tangent, values, tangents, behind_constants, tangents_behind, jvp(slope, x, v)[1]


jvp = higher_order(
    "forward_mode.jvp",
    POINT_AND_DIRECTION,
    (
        "value",
        "tangent",
        "values",
        "tangents",
        "values_behind_constants",
        "tangents_behind_constants",
        "tangent_of_a_tangent",
    ),
    products_with_jacobians,
    points=5,
    regimes=REGIMES,
)


@jvp.mistake("The direction is not used: every input was given a tangent of 1.", from_model=True)
def seeds_ones(jvp):
    def wrong(f, x, v):
        return jvp(f, x, np.ones(len(x)))

    return wrong


@jvp.mistake("The direction was scaled to length 1: the derivative grows with v.", from_model=True)
def scales_the_direction(jvp):
    def wrong(f, x, v):
        return jvp(f, x, np.asarray(v) / np.linalg.norm(v))

    return wrong


@jvp.mistake("Only the first input has a tangent: v has an entry for each of them.", from_model=True)
def seeds_the_first_input(jvp):
    def wrong(f, x, v):
        return jvp(f, x, [v[0]] + [0.0] * (len(x) - 1))

    return wrong


@jvp.mistake("The two values of the pair are exchanged: f(x) comes first, then the tangent.", from_model=True)
def returns_the_tangent_first(jvp):
    def wrong(f, x, v):
        return jvp(f, x, v)[::-1]

    return wrong


@jvp.mistake("This is f(x + v) − f(x): the same as the derivative only where f is linear.", from_model=True)
def takes_a_whole_step(jvp):
    def wrong(f, x, v):
        here, there = jvp(f, x, v)[0], jvp(f, np.asarray(x) + v, v)[0]
        return here, there - here

    return wrong


@jvp.mistake("The outputs of a list are added up: each has a value and a tangent of its own.", from_model=True)
def adds_up_the_outputs(jvp):
    def wrong(f, x, v):
        value, tangent = jvp(f, x, v)
        return np.sum(value), np.sum(tangent)

    return wrong
