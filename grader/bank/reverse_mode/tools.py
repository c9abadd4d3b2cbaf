"""Uses of VJPs: a test of one, Jacobians row by row, Hessians times vectors."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import checker, higher_order
from grader.judging import drawn


# ------------------------------------------------------------------------------ a test to write
def put(checker, candidate):
    """Put one candidate to the student's checker."""
    return checker(candidate)


def with_einsum(g, x, b):
    """It sums in another order, and rounds otherwise."""
    return np.einsum("nd,d->nd", g, b), np.einsum("nd,nd->d", g[::-1] / 3, x[::-1] * 3)


def ignores_g_for_b(g, x, b):
    return g * b, x.sum(axis=0)


def ignores_g_for_x(g, x, b):
    return np.ones(g.shape) * b, (g * x).sum(axis=0)


def never_sums(g, x, b):
    return g * b, g * x


def averages(g, x, b):
    return g * b, (g * x).mean(axis=0)


def right_in_squares(g, x, b):
    return g * b, (g * x).mean(axis=0) * x.shape[1]


def wrong_in_squares(g, x, b):
    return g * (b[:, None] if len(b) == len(g) else b), (g * x).sum(axis=0)


def as_many_rows_as_columns(g, x, b):
    return g * b, (g * x)[: len(b)].sum(axis=0)


def as_many_columns_as_rows(g, x, b):
    return g * b * (np.arange(len(b)) < len(g)), (g * x).sum(axis=0)


def one_row_as_it_is(g, x, b):
    return g * b, g * x if len(x) == 1 else (g * x).sum(axis=0)


def one_column_flat(g, x, b):
    return np.squeeze(g * b, axis=1) if len(b) == 1 else g * b, (g * x).sum(axis=0)


def right_for_positive(g, x, b):
    return g * b, (g * np.abs(x)).sum(axis=0)


def right_for_positive_b(g, x, b):
    return g * np.abs(b), (g * x).sum(axis=0)


def first_row_only(g, x, b):
    return g * b, g[0] * x[0]


def slightly_off(g, x, b):
    return 1.001 * g * b, (g * x).sum(axis=0)


adjoint_checker = checker(
    "reverse_mode.adjoint_checker",
    put,
    right=[with_einsum],
    wrong={
        "a db that does not depend on g": ignores_g_for_b,
        "a dx that does not depend on g": ignores_g_for_x,
        "a db that is not summed over the rows": never_sums,
        "a db that is averaged over the rows": averages,
        "a db that is right where N = D only": right_in_squares,
        "a dx that is wrong where N = D": wrong_in_squares,
        "a db that is wrong where N > D": as_many_rows_as_columns,
        "a dx that is wrong where N < D": as_many_columns_as_rows,
        "a db that has not the shape of b where N = 1": one_row_as_it_is,
        "a dx that has not the shape of x where D = 1": one_column_flat,
        "a db that is right where x is positive only": right_for_positive,
        "a dx that is right where b is positive only": right_for_positive_b,
        "a db of the first row only": first_row_only,
        "a dx that is off by a thousandth": slightly_off,
    },
    points=4.5,
)


SHAPES = ((4, 3), (2, 5), (1, 4), (3, 3), (5, 1))


def identity(vjp, shapes=SHAPES, ones=False, positive=False, forms=True, only_x=False, close=1e-9):
    """Check a candidate as the model answer does, with a blindness."""
    rng = np.random.default_rng(5)
    for n, d in shapes:
        x, g, tx = rng.standard_normal((3, n, d))
        b, tb = rng.standard_normal((2, d))
        if ones:
            g = np.ones((n, d))
        if positive:
            x, b = np.abs(x), np.abs(b)
        dx, db = vjp(g, x, b)
        if forms and (np.shape(dx) != x.shape or np.shape(db) != b.shape):
            return False
        forward, backward = np.sum(g * tx * b), np.sum(dx * tx)
        if not only_x:
            forward, backward = forward + np.sum(g * x * tb), backward + np.sum(db * tb)
        if not abs(forward - backward) <= close * max(1, abs(forward)):
            return False
    return True


@adjoint_checker.mistake(
    "What it misses is what an upstream gradient of ones misses: one that is not used looks right then."
)
def tries_ones(vjp):
    return identity(vjp, ones=True)


@adjoint_checker.mistake("What it misses is what square arrays miss: N and D are the same number there.")
def tries_squares(vjp):
    return identity(vjp, shapes=((3, 3), (4, 4), (1, 1)))


@adjoint_checker.mistake(
    "What it misses is what square arrays of several rows miss: N and D are the same number there, and not 1."
)
def tries_squares_of_several_rows(vjp):
    return identity(vjp, shapes=((3, 3), (4, 4)))


@adjoint_checker.mistake(
    "What it misses is what a single row misses: a sum over one row, its mean and its first term are the same."
)
def tries_one_row(vjp):
    return identity(vjp, shapes=((1, 4), (1, 3)))


@adjoint_checker.mistake(
    "What it misses is what a single row misses without a look at the shapes: nothing has to be summed there."
)
def tries_one_row_and_looks_at_no_shape(vjp):
    return identity(vjp, shapes=((1, 4), (1, 3), (1, 1)), forms=False)


@adjoint_checker.mistake(
    "What it misses is what shapes with more rows than columns miss, several of both: N = D, N < D, N = 1 and D = 1 are not there."
)
def tries_more_rows_than_columns(vjp):
    return identity(vjp, shapes=((4, 3), (6, 2)))


@adjoint_checker.mistake(
    "What it misses is what the identity misses without a look at the shapes: an array that was not summed is summed by "
    "the inner product."
)
def does_not_look_at_shapes(vjp):
    return identity(vjp, forms=False)


@adjoint_checker.mistake("What it misses is what positive numbers miss: an absolute value changes nothing there.")
def tries_positive_numbers(vjp):
    return identity(vjp, positive=True)


@adjoint_checker.mistake("What it misses is what a tolerance of a hundredth lets through.")
def is_generous(vjp):
    rng = np.random.default_rng(5)
    for n, d in SHAPES:
        g, x, b = rng.standard_normal((n, d)), rng.standard_normal((n, d)), rng.standard_normal(d)
        dx, db = vjp(g, x, b)
        if np.shape(dx) != x.shape or np.shape(db) != b.shape:
            return False
        if not (np.allclose(dx, g * b, rtol=1e-2) and np.allclose(db, (g * x).sum(axis=0), rtol=1e-2)):
            return False
    return True


@adjoint_checker.mistake(
    "What it misses is what a test of db and of the shapes misses: the numbers of dx have no part in it."
)
def tries_b_only(vjp):
    rng = np.random.default_rng(5)
    for n, d in SHAPES:
        g, x, b = rng.standard_normal((n, d)), rng.standard_normal((n, d)), rng.standard_normal(d)
        dx, db = vjp(g, x, b)
        if np.shape(dx) != x.shape or np.shape(db) != b.shape or not np.allclose(db, (g * x).sum(axis=0)):
            return False
    return True


@adjoint_checker.mistake("It accepts all that it is given, right or wrong.")
def accepts_everything(vjp):
    return True


@adjoint_checker.mistake(
    "Even g * b and (g * x).sum(axis=0) are refused, which are right: the identity holds to a few roundings, not to the last digit."
)
def refuses_everything(vjp):
    return False


@adjoint_checker.mistake("What it misses is what a test of dx alone misses: db is not looked at.")
def tries_x_only(vjp):
    return identity(vjp, forms=False, only_x=True)


# ------------------------------------------------------------------------------ Jacobians by rows
def of_a_layer(jacobian_by_rows, W, x):
    """Ask for the Jacobian of tanh(W x), whose VJP the function gets."""

    def vjp(g, z):
        # reshape: of a matrix of several g nothing is promised, and it would come out as a matrix of rows.
        return W.T @ (np.reshape(g, len(W)) * (1 - np.tanh(W @ z) ** 2))

    return jacobian_by_rows(vjp, x, len(W))


jacobian_by_rows = higher_order(
    "reverse_mode.jacobian_by_rows",
    {
        "W": drawn(lambda m: m.rng.standard_normal((m.size("M"), m.size("D"))) / 2),
        "x": drawn(lambda m: m.rng.standard_normal(m.size("D"))),
    },
    ("J",),
    of_a_layer,
    points=2,
    regimes=("randn", "odd"),
)


@jacobian_by_rows.mistake("The Jacobian is transposed: it has a row for each output.")
def stacks_columns(vjp, x, m):
    return np.stack([vjp(row, x) for row in np.eye(m)]).T


@jacobian_by_rows.mistake("Every row is the sum of all rows: each sweep begins with ones, not with one output.")
def pulls_ones_back(vjp, x, m):
    return np.stack([vjp(np.ones(m), x)] * m)


@jacobian_by_rows.mistake(
    "Each row holds the rows before it too: the outputs of earlier sweeps were not set back to 0."
)
def does_not_reset(vjp, x, m):
    return np.stack([vjp(row, x) for row in np.tri(m)])


@jacobian_by_rows.mistake("The last row is 0: each output has a sweep, the last one too.")
def leaves_out_the_last_row(vjp, x, m):
    rows = np.stack([vjp(row, x) for row in np.eye(m)])
    rows[-1] = 0
    return rows


@jacobian_by_rows.mistake("The rows come in the wrong order: row i belongs to output i.")
def begins_at_the_end(vjp, x, m):
    return np.stack([vjp(row, x) for row in np.eye(m)[::-1]])


# ------------------------------------------------------------------------------ Hessian times vector
def of_a_function(hvp, x, v, A):
    """Ask for H v of f(z) = zᵀAz + Σ sin z, whose gradient the function gets."""

    def gradient(z):
        return A @ z + A.T @ z + np.cos(z)

    return hvp(gradient, x, v)


hvp = higher_order(
    "reverse_mode.hvp",
    {
        "x": drawn(lambda m: m.rng.standard_normal(m.size("D"))),
        "v": drawn(lambda m: (m.recipe.seed % 12 != 9) * m.rng.standard_normal(m.size("D"))),  # and v = 0
        "A": drawn(lambda m: m.rng.standard_normal((m.size("D"), m.size("D")))),
    },
    ("Hv",),
    of_a_function,
    points=2,
    regimes=("randn", "odd"),
)


@hvp.mistake("The difference is one-sided: its error falls with h, that of a central one with h².")
def differs_on_one_side(gradient, x, v):
    return (gradient(x + 1e-5 * v) - gradient(x)) / 1e-5


@hvp.mistake("The difference is divided by h: the two points are 2h apart.")
def divides_by_half_the_distance(gradient, x, v):
    return (gradient(x + 1e-5 * v) - gradient(x - 1e-5 * v)) / 1e-5


@hvp.mistake("The point is moved along (1, ..., 1): v is not used.")
def moves_along_ones(gradient, x, v):
    return (gradient(x + 1e-5) - gradient(x - 1e-5)) / 2e-5


@hvp.mistake("The gradient is multiplied by v, entry by entry: that is no derivative of the gradient.")
def multiplies_the_gradient(gradient, x, v):
    return gradient(x) * v


@hvp.mistake(
    "This is the gradient times its inner product with v: the Hessian is not the gradient times its transpose."
)
def takes_the_gradient_for_the_hessian(gradient, x, v):
    g = gradient(x)
    return g * (g @ v)


@hvp.mistake("The row sums of the Hessian are multiplied by v: that is H v for a diagonal Hessian only.")
def takes_the_hessian_for_diagonal(gradient, x, v):
    return v * (gradient(x + 1e-5) - gradient(x - 1e-5)) / 2e-5
