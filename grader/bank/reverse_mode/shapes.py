"""VJPs of reductions and of moves: sums and means over axes, reshape, transpose, rows by number."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.bank.reverse_mode.operands import pulled_back, turn
from grader.judging import array, drawn, styled

REDUCTIONS = (
    # The dimensions of x, the axis, keepdims. The first worked example gets the square: there a lost axis does not show in the
    # shape, and the hint can name it.
    (("N", "N"), 1, False),
    (("N", "D", "K"), (0, 2), False),
    (("N", "D"), -1, False),
    (("N", "D", "K"), 1, False),
    (("N", "D"), 1, True),
    (("N", "D", "K"), -2, False),
    (("N", "D", "K"), None, False),
    (("N", "D", "K"), (2, 0), False),
    (("N", "D", "K"), (0, 1), True),
    (("N", "D"), None, True),
    (("N", "D", "K"), -1, True),
    (("N", "D", "K"), (1, 0, 2), False),
    (("N", "D"), 0, False),
    (("N", "D"), None, False),
    (("N", "D"), (1,), False),
)


def of_reduction(m):
    """Draw the upstream gradient of a reduction."""
    dims, axis, keepdims = turn(m, REDUCTIONS)
    return pulled_back(m, np.zeros(m.shape(dims)).sum(axis=axis, keepdims=keepdims).shape)


REDUCED = {
    "g": drawn(of_reduction),
    "x": drawn(lambda m: styled(m.recipe.style, m.rng, m.shape(turn(m, REDUCTIONS)[0]))),
    "axis": drawn(lambda m: turn(m, REDUCTIONS)[1]),
    "keepdims": drawn(lambda m: turn(m, REDUCTIONS)[2]),
}


def spread(g, x, axis, keepdims):
    """Give every entry of x the upstream gradient of its sum."""
    if axis is not None and not keepdims:
        g = np.expand_dims(g, axis)
    return np.broadcast_to(g, x.shape).copy()


def terms(g, x):
    """Return how many entries went into each sum."""
    return x.size / np.size(g)


# ------------------------------------------------------------------------------------------- sum
sum_vjp = plain("reverse_mode.sum_vjp", REDUCED, ("dx",), points=3)


@sum_vjp.mistake("Every entry gets 1: that is the local gradient, and the upstream gradient is not used.")
def sum_gives_ones(g, x, axis, keepdims):
    return np.ones(x.shape)


@sum_vjp.mistake(
    "The summed axis was not put back, and broadcasting lines g up with the last axes of x: in a square matrix "
    "nobody notices."
)
def sum_loses_the_axis(g, x, axis, keepdims):
    return np.broadcast_to(g, x.shape).copy()


@sum_vjp.mistake("The gradient is divided by the number of entries: that belongs to a mean.")
def sum_divides(g, x, axis, keepdims):
    return spread(g, x, axis, keepdims) / terms(g, x)


@sum_vjp.mistake("The entries of x come into it: the slope of a sum is 1 for every term, whatever its size.")
def sum_multiplies_by_x(g, x, axis, keepdims):
    return spread(g, x, axis, keepdims) * x


@sum_vjp.mistake("Every entry gets the sum of all upstream gradients: it went into one of the sums only.")
def sum_adds_up_the_upstream(g, x, axis, keepdims):
    return np.full(x.shape, np.sum(g))


# ------------------------------------------------------------------------------------------ mean
mean_vjp = plain("reverse_mode.mean_vjp", REDUCED, ("dx",), points=2)


@mean_vjp.mistake("Nothing is divided: that is the gradient of a sum.")
def mean_does_not_divide(g, x, axis, keepdims):
    return spread(g, x, axis, keepdims)


@mean_vjp.mistake("It is divided by the number of all entries, where only those along the axis are averaged.")
def mean_divides_by_all(g, x, axis, keepdims):
    return spread(g, x, axis, keepdims) / x.size


@mean_vjp.mistake("It is divided by the length of the first axis, whatever axis is averaged.")
def mean_divides_by_rows(g, x, axis, keepdims):
    return spread(g, x, axis, keepdims) / len(x)


@mean_vjp.mistake("The averaged axis was not put back, and broadcasting lines g up with the last axes of x.")
def mean_loses_the_axis(g, x, axis, keepdims):
    return np.broadcast_to(g, x.shape) / terms(g, x)


@mean_vjp.mistake("Every entry gets one over the count: the upstream gradient is not used.")
def mean_without_upstream(g, x, axis, keepdims):
    return np.ones(x.shape) / terms(g, x)


# --------------------------------------------------------------------------------------- reshape
def target(m):
    """Return the shape to which x (N, D, K) is reshaped."""
    n, d, k = m.shape(("N", "D", "K"))
    return turn(m, ((n, d * k), (n * d, k), (k, n * d), (d * k, n), (n * d * k,), (k, n, d), (d, k, n)))


reshape_vjp = plain(
    "reverse_mode.reshape_vjp",
    {"g": drawn(lambda m: pulled_back(m, target(m))), "x": array("N", "D", "K"), "shape": drawn(target)},
    ("dx",),
    points=1,
)


@reshape_vjp.mistake("The upstream gradient keeps the shape of the output.")
def reshape_keeps_the_shape(g, x, shape):
    return g.copy()


@reshape_vjp.mistake("The shape is right and the entries are in another order: numpy counts the last axis first.")
def reshape_by_columns(g, x, shape):
    return g.reshape(x.shape, order="F")


@reshape_vjp.mistake("The upstream gradient was transposed first: a reshape moves no entry past another.")
def reshape_of_the_transpose(g, x, shape):
    return g.T.reshape(x.shape)


@reshape_vjp.mistake("Every entry gets 1: the upstream gradient is not used.")
def reshape_gives_ones(g, x, shape):
    return np.ones(x.shape)


# ------------------------------------------------------------------------------------- transpose
PERMUTATIONS = (
    (1, 2, 0), (1, 0), (0, 2, 1), (3, 0, 1, 2), (2, 1, 0), (1, 3, 0, 2), (0, 1), (2, 0, 3, 1),
)  # fmt: skip
"""Eight: the seeds of the battery reach every place of a table of eight."""


def untransposed(m):
    """Return the shape of x."""
    return m.shape(("N", "D", "K", "M")[: len(turn(m, PERMUTATIONS))])


transpose_vjp = plain(
    "reverse_mode.transpose_vjp",
    {
        "g": drawn(lambda m: pulled_back(m, [untransposed(m)[axis] for axis in turn(m, PERMUTATIONS)])),
        "x": drawn(lambda m: styled(m.recipe.style, m.rng, untransposed(m))),
        "axes": drawn(lambda m: turn(m, PERMUTATIONS)),
    },
    ("dx",),
    points=2,
)


@transpose_vjp.mistake("The same permutation is applied once more: it undoes itself only where it exchanges two axes.")
def transpose_again(g, x, axes):
    return np.transpose(g, axes)


@transpose_vjp.mistake("The axes are reversed, whatever the permutation was.")
def transpose_reversed(g, x, axes):
    return g.T


@transpose_vjp.mistake(
    "The shape is right and the entries are not where they came from: a reshape does not exchange axes."
)
def transpose_by_reshape(g, x, axes):
    return g.reshape(x.shape)


@transpose_vjp.mistake("The upstream gradient is handed on as it came, with the axes of the output.")
def transpose_passes_on(g, x, axes):
    return g.copy()


# ------------------------------------------------------------------------------------------ take
def uses(m):
    """Return how many rows are taken: more than a few as a rule, and a single one."""
    return 1 if m.recipe.seed % 12 == 9 else m.size("M") + 2


take_vjp = plain(
    "reverse_mode.take_vjp",
    {
        "g": drawn(lambda m: pulled_back(m, (uses(m), m.size("D")))),
        "x": array("N", "D"),
        "index": drawn(lambda m: m.rng.integers(0, m.size("N"), uses(m))),
    },
    ("dx",),
    points=2,
)


@take_vjp.mistake("A row that was taken twice gets the gradient of its last use only: repeated indices add up.")
def take_overwrites(g, x, index):
    dx = np.zeros(x.shape)
    dx[index] = g
    return dx


@take_vjp.mistake("A row that was taken several times gets the mean of its gradients, where they add up.")
def take_averages(g, x, index):
    dx, count = np.zeros(x.shape), np.zeros((len(x), 1))
    np.add.at(dx, index, g)
    np.add.at(count, index, 1)
    return dx / np.maximum(count, 1)


@take_vjp.mistake("Each row gets the number of its uses: the upstream gradient is not used.")
def take_counts(g, x, index):
    dx = np.zeros(x.shape)
    np.add.at(dx, index, 1.0)
    return dx


@take_vjp.mistake("The upstream gradient is multiplied by the row that was taken: picking has the slope 1.")
def take_multiplies_by_the_row(g, x, index):
    dx = np.zeros(x.shape)
    np.add.at(dx, index, g * x[index])
    return dx


@take_vjp.mistake("The upstream gradient is handed on with a row for each use, where x has a row for each number.")
def take_passes_on(g, x, index):
    return g.copy()
