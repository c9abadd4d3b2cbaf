"""VJPs of the matrix product and of log-sum-exp, and both gradients of a quadratic form."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.bank.reverse_mode.operands import pulled_back, turn
from grader.judging import array, drawn, styled, upstream

# ---------------------------------------------------------------------------------------- matmul
FACTORS = (
    # N, K, M. A square comes second, which the first worked example gets: there a lost transpose does not show in the shape, and
    # the hint can name it.
    ("N", "K", "M"), ("N", "N", "N"), ("N", "K", "M"), ("N", "K", "M"),
)  # fmt: skip


def factors(m):
    """Return the lengths N, K, M of a product (N, K) @ (K, M)."""
    return m.shape(turn(m, FACTORS))


matmul_vjp = plain(
    "reverse_mode.matmul_vjp",
    {
        "g": drawn(lambda m: pulled_back(m, factors(m)[::2])),
        "a": drawn(lambda m: styled(m.recipe.style, m.rng, factors(m)[:2])),
        "b": drawn(lambda m: styled(m.recipe.style, m.rng, factors(m)[1:])),
    },
    ("da", "db"),
    points=3,
)


@matmul_vjp.mistake("Neither factor is transposed: with square matrices the shapes fit all the same.")
def matmul_without_transposes(g, a, b):
    return g @ b, a @ g


@matmul_vjp.mistake("The factors stand in the wrong order: with square matrices the shapes fit all the same.")
def matmul_in_the_other_order(g, a, b):
    return b.T @ g, g @ a.T


@matmul_vjp.mistake("The two gradients are returned in the wrong order: first that of a, then that of b.")
def matmul_exchanged(g, a, b):
    return a.T @ g, g @ b.T


@matmul_vjp.mistake("The gradients are transposed: da has the shape of a, db that of b.")
def matmul_transposed(g, a, b):
    return b @ g.T, g.T @ a


@matmul_vjp.mistake("The upstream gradient is taken to be ones: these are sums over the other factor.")
def matmul_without_upstream(g, a, b):
    ones = np.ones(g.shape)
    return ones @ b.T, a.T @ ones


@matmul_vjp.mistake("db is averaged over the rows of a, whose paths add up.")
def matmul_averages(g, a, b):
    return g @ b.T, a.T @ g / len(a)


# ------------------------------------------------------------------------------------- logsumexp
SMALLEST = 1.01e-295
"""The smallest normal number, in units of a rounding bound."""


def underflowing(inputs):
    """Return |g| times the smallest normal number as slack: a weight below it comes out as 0, or not, and meets a large g."""
    return SMALLEST * np.abs(inputs["g"])[:, None]


logsumexp_vjp = plain(
    "reverse_mode.logsumexp_vjp",
    {"g": upstream("N"), "x": array("N", "D")},
    ("dx",),
    points=2,
    slack=underflowing,
)


def shifted(x, axis=-1):
    """Return exponentials that cannot overflow."""
    return np.exp(x - x.max(axis=axis, keepdims=True))


@logsumexp_vjp.mistake("The weights of a row do not add up to 1: something is missing below the fraction line.")
def logsumexp_without_denominator(g, x):
    return g[:, None] * shifted(x)


@logsumexp_vjp.mistake("All goes to the largest entry of the row: that is the gradient of the maximum.")
def logsumexp_as_maximum(g, x):
    return g[:, None] * (x == x.max(axis=-1, keepdims=True))


@logsumexp_vjp.mistake("These are the weights alone: the upstream gradient is not used.")
def logsumexp_without_upstream(g, x):
    return shifted(x) / shifted(x).sum(axis=-1, keepdims=True)


@logsumexp_vjp.mistake("The weights add up to 1 over the whole batch: each row has its own sum.")
def logsumexp_over_the_batch(g, x):
    e = shifted(x, axis=None)
    return g[:, None] * e / e.sum()


@logsumexp_vjp.mistake(
    "One maximum is taken out of all rows: in a row that lies far below it all exponentials are 0, and 0 / 0 is not a number.",
)
def logsumexp_with_one_maximum(g, x):
    e = shifted(x, axis=None)
    return g[:, None] * e / e.sum(axis=-1, keepdims=True)


@logsumexp_vjp.mistake("The weights add up to 1 down the columns: each row has its own sum.")
def logsumexp_down_the_columns(g, x):
    e = shifted(x, axis=0)
    return g[:, None] * e / e.sum(axis=0, keepdims=True)


@logsumexp_vjp.mistake("The exponentials overflow for large entries, and inf / inf is not a number.")
def logsumexp_overflows(g, x):
    return g[:, None] * np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)


# -------------------------------------------------------------------------------- quadratic form
quadratic_form_gradients = plain(
    "reverse_mode.quadratic_form_gradients", {"x": array("D"), "A": array("D", "D")}, ("dx", "dA"), points=2
)


@quadratic_form_gradients.mistake("2Ax is right for a symmetric A only: x stands on both sides of A.")
def takes_the_matrix_for_symmetric(x, A):
    return 2 * A @ x, np.outer(x, x)


@quadratic_form_gradients.mistake("Only the path through the right x is there: x stands on both sides of A.")
def takes_the_right_side_only(x, A):
    return A.T @ x, np.outer(x, x)


@quadratic_form_gradients.mistake("Only the path through the left x is there: x stands on both sides of A.")
def takes_the_left_side_only(x, A):
    return A @ x, np.outer(x, x)


@quadratic_form_gradients.mistake(
    "The gradient for A has entries on the diagonal only: A[i, j] is multiplied by x[i] and by x[j], equal or not."
)
def takes_squares_on_the_diagonal(x, A):
    return A @ x + A.T @ x, np.diag(x**2)


@quadratic_form_gradients.mistake("xᵀx is a number: every entry of A gets the same gradient.")
def takes_the_inner_product(x, A):
    return A @ x + A.T @ x, np.full(A.shape, x @ x)


@quadratic_form_gradients.mistake(
    "The off-diagonal entries are counted twice, as if A[i, j] and A[j, i] were one number."
)
def counts_pairs_twice(x, A):
    both = np.outer(x, x)
    return A @ x + A.T @ x, 2 * both - np.diag(np.diag(both))
