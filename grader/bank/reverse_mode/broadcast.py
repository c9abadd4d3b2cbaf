"""Broadcasting and its adjoint, and VJPs of operations of two arrays, entry by entry."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain, prediction
from grader.bank.reverse_mode.operands import (
    OPERANDS,
    G,
    averaged,
    nonzero,
    operand,
    reduced,
    shape_of_pair,
    turn,
)
from grader.judging import Personal, drawn, styled, upstream

PULLED = ("da", "db")
STRETCHED = (
    # The dimensions of g, and of the array that was broadcast to them.
    (("N", "D"), ("D",)),
    (("N", "D"), ("N", "1")),
    (("N", "D"), ()),
    (("N", "D"), ("1", "D")),
    (("N", "D"), ("N", "D")),
    (("N", "D", "K"), ("D", "1")),
    (("N", "D", "K"), ("N", "1", "K")),
    (("N", "D"), ("1", "1")),
    (("N", "D", "K"), ("K",)),
    (("N",), ("1",)),
    (("N", "D", "K"), ("1", "D", "1")),
    ((), ()),
    (("N", "D", "K"), ()),
)


def stretched(m, which):
    """Return the shape of g (0) or of the array that was broadcast (1)."""
    dims = turn(m, STRETCHED)
    m.shape(dims[0])
    return m.shape(dims[which])


# ----------------------------------------------------------------------------------- unbroadcast
PRIMES = 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97
"""Entries that no number of copies is: each wrong answer has one reason."""
prediction_broadcast = prediction(
    "reverse_mode.prediction_broadcast",
    {
        7: "That is the mean over the six copies of b. Each copy has its own path to the loss.",
        6: "That counts the copies, as if every entry of g were 1.",
        21: "That is the sum over a row: b was added to both rows.",
        14: "That is the sum over a column: b was added to all three columns.",
    },
    personal=Personal(
        {"rows": (2, 3, 4, 5, 6), "columns": (7, 8, 9, 10, 11, 12, 13), "entry": PRIMES},
        says={
            "x (2, 3)": "x ({rows}, {columns})",
            "g (2, 3) is 7": "g ({rows}, {columns}) is {entry}",
            "the six copies": "the {copies} copies",
            "both rows": "all {rows} rows",
            "all three columns": "all {columns} columns",
        },
        notebook={
            "np.full((2, 3), 7.0), np.arange(6.0).reshape(2, 3), 0.5, 1e-6": "np.full(({rows}, {columns}), {entry}.0),"
            " np.arange({copies}.0).reshape({rows}, {columns}), 0.5, 1e-6"
        },
        words=lambda rows, columns, entry: {"copies": str(rows * columns)},
        wrong={
            "answers_7": lambda rows, columns, entry: entry,
            "answers_6": lambda rows, columns, entry: rows * columns,
            "answers_21": lambda rows, columns, entry: columns * entry,
            "answers_14": lambda rows, columns, entry: rows * entry,
        },
    ),
)
unbroadcast = plain(
    "reverse_mode.unbroadcast",
    {
        "g": drawn(lambda m: np.asarray(upstream(*map(str, stretched(m, 0))).draw(m))),
        "shape": drawn(lambda m: stretched(m, 1)),
    },
    ("sum",),
    points=3,
)


@unbroadcast.mistake("The copies are averaged: each copy has its own path to the loss, and paths add up.")
def averages_the_copies(g, shape):
    return averaged(g, shape)


@unbroadcast.mistake("Only axes that numpy added at the front are summed: an axis of length 1 was repeated too.")
def sums_the_front_only(g, shape):
    return g.sum(axis=tuple(range(g.ndim - len(shape))))


@unbroadcast.mistake(
    "Of the axes that numpy added at the front one is summed: where it added two, one copy is left for each entry of the other."
)
def sums_one_axis_at_the_front(g, shape):
    g = g.sum(axis=0) if g.ndim > len(shape) else g
    return g.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)


@unbroadcast.mistake("Nothing is summed: the gradient has the shape of the result, not of the array.")
def sums_nothing(g, shape):
    return g.copy()


@unbroadcast.mistake("The axes of length 1 are summed away: the array has them, and so has its gradient.")
def loses_the_ones(g, shape):
    front = tuple(range(g.ndim - len(shape)))
    return g.sum(axis=front + tuple(len(front) + i for i, size in enumerate(shape) if size == 1))


@unbroadcast.mistake("One of the copies is taken: the others reach the loss as well.")
def takes_one_copy(g, shape):
    front = (0,) * (g.ndim - len(shape))
    return g[front + tuple(slice(0, size) for size in shape)].reshape(shape)


@unbroadcast.mistake("Every entry gets the sum of the whole upstream gradient: only its own copies count.")
def sums_everything(g, shape):
    return np.full(shape, g.sum())


# ------------------------------------------------------------------------------------------- add
add_vjp = plain("reverse_mode.add_vjp", OPERANDS, PULLED, points=2)


@add_vjp.mistake("The upstream gradient is not summed over the copies: it has not the shape of the operand.")
def add_not_reduced(g, a, b):
    return g.copy(), g.copy()


@add_vjp.mistake("The copies of a broadcast operand are averaged, where their paths add up.")
def add_averaged(g, a, b):
    return averaged(g, a.shape), averaged(g, b.shape)


@add_vjp.mistake("The copies are counted and the upstream gradient is not used.")
def add_counts_the_copies(g, a, b):
    ones = np.ones(g.shape)
    return reduced(ones, a.shape), reduced(ones, b.shape)


@add_vjp.mistake("The second operand gets a minus sign: that is a subtraction.")
def add_subtracts(g, a, b):
    return reduced(g, a.shape), -reduced(g, b.shape)


# -------------------------------------------------------------------------------------- multiply
multiply_vjp = plain("reverse_mode.multiply_vjp", OPERANDS, PULLED, points=2)


@multiply_vjp.mistake("Each factor gets itself as its local gradient.")
def multiply_not_switched(g, a, b):
    return reduced(g * (a + 0 * b), a.shape), reduced(g * (b + 0 * a), b.shape)


@multiply_vjp.mistake("Nothing is summed over the copies of a broadcast factor.")
def multiply_not_reduced(g, a, b):
    return g * b, g * a


@multiply_vjp.mistake("The copies of a broadcast factor are averaged, where their paths add up.")
def multiply_averaged(g, a, b):
    return averaged(g * b, a.shape), averaged(g * a, b.shape)


@multiply_vjp.mistake("The upstream gradient is not used: these are the local gradients.")
def multiply_without_upstream(g, a, b):
    ones = np.ones(g.shape)
    return reduced(ones * b, a.shape), reduced(ones * a, b.shape)


@multiply_vjp.mistake("The upstream gradient is summed before it is multiplied: each copy has its own partner.")
def multiply_sums_too_early(g, a, b):
    early_a, early_b = reduced(g, a.shape) + 0 * g, reduced(g, b.shape) + 0 * g
    return averaged(early_a * b, a.shape), averaged(early_b * a, b.shape)


# ---------------------------------------------------------------------------------------- divide
divide_vjp = plain(
    "reverse_mode.divide_vjp",
    {
        "g": G,
        "a": operand(1),
        "b": drawn(lambda m: nonzero(np.asarray(styled(m.recipe.style, m.rng, shape_of_pair(m, 2))))),
    },
    PULLED,
    points=2,
)


@divide_vjp.mistake("A sign: a larger denominator makes the quotient smaller.")
def divide_without_the_sign(g, a, b):
    return reduced(g / b, a.shape), reduced(g * a / b**2, b.shape)


@divide_vjp.mistake("The denominator's derivative goes with 1/b², not with 1/b.")
def divide_without_the_square(g, a, b):
    return reduced(g / b, a.shape), reduced(-g * a / b, b.shape)


@divide_vjp.mistake("Nothing is summed over the copies of a broadcast operand.")
def divide_not_reduced(g, a, b):
    return g / b, -g * a / b**2


@divide_vjp.mistake("The numerator's gradient is multiplied by the denominator.")
def divide_multiplies(g, a, b):
    return reduced(g * b, a.shape), reduced(-g * a / b**2, b.shape)


@divide_vjp.mistake("The numerator is missing from the denominator's gradient.")
def divide_forgets_the_numerator(g, a, b):
    return reduced(g / b, a.shape), reduced(-g / b**2, b.shape)


# --------------------------------------------------------------------------------------- maximum
def nearly_tied(m):
    """Draw b; where whole numbers tie with a, every third entry is moved by so little that only a tolerance takes it for equal."""
    b = np.array(styled(m.recipe.style, m.rng, shape_of_pair(m, 2)))
    if m.recipe.style in ("ties", "integers"):
        step = (1e-6, 1e-9, 1e-13)[m.recipe.seed % 3]
        moved = np.arange(b.size) % 3 == 1
        b.ravel()[moved] += step * m.rng.choice((-1.0, 1.0), moved.sum())
    return b


maximum_vjp = plain("reverse_mode.maximum_vjp", {**OPERANDS, "b": drawn(nearly_tied)}, PULLED, points=2)


@maximum_vjp.mistake(
    "Where the two are equal this operand gets the whole upstream gradient. Which share of it is asked?"
)
def maximum_pays_all_at_ties(g, a, b):
    return reduced(g * (a >= b), a.shape), reduced(g * (b >= a), b.shape)


@maximum_vjp.mistake(
    "Where the two are equal this operand gets nothing. Which share of the upstream gradient is asked?"
)
def maximum_pays_nothing_at_ties(g, a, b):
    return reduced(g * (a > b), a.shape), reduced(g * (b > a), b.shape)


@maximum_vjp.mistake(
    "Numbers that differ by a little are taken for equal: only equal ones share the upstream gradient."
)
def maximum_takes_near_for_equal(g, a, b):
    share = np.where(np.isclose(a, b), 0.5, 1.0 * (a > b))
    return reduced(g * share, a.shape), reduced(g * (1 - share), b.shape)


@maximum_vjp.mistake("The smaller of the two gets the gradient: that is the rule of the minimum.")
def maximum_routes_to_the_smaller(g, a, b):
    share = (1 - np.sign(a - b)) / 2
    return reduced(g * share, a.shape), reduced(g * (1 - share), b.shape)


@maximum_vjp.mistake("Nothing is summed over the copies of a broadcast operand.")
def maximum_not_reduced(g, a, b):
    share = (1 + np.sign(a - b)) / 2
    return g * share, g * (1 - share)


@maximum_vjp.mistake("The mask itself is returned: the upstream gradient is not used.")
def maximum_without_upstream(g, a, b):
    share = (1 + np.sign(a - b)) / 2 + 0 * g
    return reduced(share, a.shape), reduced(1 - share, b.shape)


# ----------------------------------------------------------------------------------------- where
where_vjp = plain(
    "reverse_mode.where_vjp",
    {
        "g": G,
        # All True, and all False, at every pair of shapes: five, and there are eleven pairs.
        "condition": drawn(
            lambda m: np.asarray(m.rng.random(shape_of_pair(m, 0)) < turn(m, (0.5, 0.5, 1.0, 0.5, 0.0)))
        ),
        "a": operand(1),
        "b": operand(2),
    },
    PULLED,
    points=2,
)


@where_vjp.mistake("The two branches are exchanged: a was chosen where the condition is True.")
def where_exchanges(g, condition, a, b):
    return reduced(g * ~condition, a.shape), reduced(g * condition, b.shape)


@where_vjp.mistake(
    "Both branches get the upstream gradient everywhere: an entry that was not chosen reaches no output."
)
def where_ignores_the_condition(g, condition, a, b):
    return reduced(g, a.shape), reduced(g, b.shape)


@where_vjp.mistake("Nothing is summed over the copies of a broadcast branch.")
def where_not_reduced(g, condition, a, b):
    return g * condition, g * ~condition


@where_vjp.mistake("The upstream gradient is multiplied by the value that was chosen: the slope of a choice is 1.")
def where_multiplies_by_the_value(g, condition, a, b):
    return reduced(g * condition * a, a.shape), reduced(g * ~condition * b, b.shape)


@where_vjp.mistake("The condition is ones and zeros and is returned as it is: the upstream gradient is not used.")
def where_without_upstream(g, condition, a, b):
    return reduced(1.0 * condition, a.shape), reduced(1.0 * ~condition, b.shape)
