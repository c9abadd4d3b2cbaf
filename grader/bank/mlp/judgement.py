"""A checker of two-layer gradients to write, and a function with a planted fault."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import checker, planted_fault
from grader.bank.mlp.units import with_ones
from grader.judging import array, drawn, scalar, styled


# -------------------------------------------------------------------------------- a test to write
def put(checker, candidate):
    return checker(candidate)


def vectorised(X, Y, W, V):
    """One that is written with matrix products."""
    h = 1 / (1 + np.exp(-(X @ V)))
    u = h @ W
    p = np.exp(u - u.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    e = (p - Y) / len(X)
    return h.T @ e, X.T @ (e @ W.T * h * (1 - h))


def example_by_example(X, Y, W, V):
    """One that goes through the examples in a loop."""
    dW, dV = np.zeros_like(W), np.zeros_like(V)
    for x, y in zip(X, Y, strict=True):
        h = 0.5 * (1 + np.tanh(x @ V / 2))
        u = h @ W
        p = np.exp(u - u.max()) / np.exp(u - u.max()).sum()
        dW += np.outer(h, p - y) / len(X)
        dV += np.outer(x, (W @ (p - y)) * h * (1 - h)) / len(X)
    return dW, dV


def by_einsum(X, Y, W, V):
    """One that is written with einsum, and takes the softmax by its logarithm."""
    s = np.exp(-np.logaddexp(0, -np.einsum("nd,dm->nm", X, V)))
    u = np.einsum("nm,mc->nc", s, W)
    u = u - u.max(axis=1, keepdims=True)
    e = np.exp(u - np.log(np.exp(u).sum(axis=1, keepdims=True))) - Y
    below = np.einsum("nc,mc,nm->nm", e, W, s - s * s)
    return np.einsum("nm,nc->mc", s, e) / X.shape[0], np.einsum("nd,nm->dm", X, below) / X.shape[0]


def averages_twice(X, Y, W, V):
    h = 1 / (1 + np.exp(-(X @ V)))
    p = np.exp(h @ W)
    e = (p / p.sum(axis=1, keepdims=True) - Y) / len(X)
    return h.T @ e, X.T @ (e @ W.T * h * (1 - h)) / len(X)


def sums(X, Y, W, V):
    h = 1 / (1 + np.exp(-(X @ V)))
    p = np.exp(h @ W)
    e = p / p.sum(axis=1, keepdims=True) - Y
    return h.T @ e, X.T @ (e @ W.T * h * (1 - h))


def divides_by_features(X, Y, W, V):
    h = 1 / (1 + np.exp(-(X @ V)))
    p = np.exp(h @ W)
    e = (p / p.sum(axis=1, keepdims=True) - Y) / X.shape[1]
    return h.T @ e, X.T @ (e @ W.T * h * (1 - h))


def mixes_up_weights(X, Y, W, V):
    h = 1 / (1 + np.exp(-(X @ V)))
    p = np.exp(h @ W)
    e = (p / p.sum(axis=1, keepdims=True) - Y) / len(X)
    return h.T @ e, X.T @ (e @ W.reshape(W.shape[1], W.shape[0]) * h * (1 - h))


def ignores_the_inputs(X, Y, W, V):
    h = 1 / (1 + np.exp(-(X @ V)))
    p = np.exp(h @ W)
    e = (p / p.sum(axis=1, keepdims=True) - Y) / len(X)
    return h.T @ e, np.ones_like(X).T @ (e @ W.T * h * (1 - h))


def slope_at_the_activation(X, Y, W, V):
    h = 1 / (1 + np.exp(-(X @ V)))
    p = np.exp(h @ W)
    e = (p / p.sum(axis=1, keepdims=True) - Y) / len(X)
    s = 1 / (1 + np.exp(-h))
    return h.T @ e, X.T @ (e @ W.T * s * (1 - s))


def slope_of_a_quarter(X, Y, W, V):
    h = 1 / (1 + np.exp(-(X @ V)))
    p = np.exp(h @ W)
    e = (p / p.sum(axis=1, keepdims=True) - Y) / len(X)
    return h.T @ e, X.T @ (e @ W.T) / 4


def off_by_a_thousandth(X, Y, W, V):
    h = 1 / (1 + np.exp(-(X @ V)))
    p = np.exp(h @ W)
    e = (p / p.sum(axis=1, keepdims=True) - Y) / len(X)
    return 1.001 * h.T @ e, X.T @ (e @ W.T * h * (1 - h))


def forgets_labels(X, Y, W, V):
    h = 1 / (1 + np.exp(-(X @ V)))
    p = np.exp(h @ W)
    e = p / p.sum(axis=1, keepdims=True) / len(X)
    return h.T @ e, X.T @ (e @ W.T * h * (1 - h))


def transposes_the_upper_gradient(X, Y, W, V):
    h = 1 / (1 + np.exp(-(X @ V)))
    p = np.exp(h @ W)
    e = (p / p.sum(axis=1, keepdims=True) - Y) / len(X)
    return e.T @ h, X.T @ (e @ W.T * h * (1 - h))


gradients_checker = checker(
    "mlp.gradients_checker",
    put,
    right=[vectorised, example_by_example, by_einsum],
    wrong={
        "a gradient dV that is divided by N twice": averages_twice,
        "gradients that are summed over the examples, not averaged": sums,
        "gradients that are divided by the number of features in place of that of examples": divides_by_features,
        "a dV for which W was reshaped and not transposed": mixes_up_weights,
        "a dV that does not depend on X as it should": ignores_the_inputs,
        "a dV whose hidden slope is taken at the activation": slope_at_the_activation,
        "a dV whose hidden slope is ¼ everywhere": slope_of_a_quarter,
        "a dW that is off by a thousandth": off_by_a_thousandth,
        "gradients from which the labels are missing": forgets_labels,
        "a dW that comes out transposed": transposes_the_upper_gradient,
    },
    points=4,
)


def checks(candidate, shapes, make, tolerance=1e-5, which=(0, 1)):
    """Hold a candidate against the right gradients at arrays that ``make(rng, rows, columns)`` draws; return the answer."""
    rng = np.random.default_rng(1)
    for N, D, M, C in shapes:
        X, W, V = make(rng, N, D), make(rng, M, C), make(rng, D, M)
        Y = np.eye(C)[rng.integers(0, C, N)]
        claimed, right = candidate(X, Y, W, V), vectorised(X, Y, W, V)
        for i in which:
            size = np.abs(right[i]).max()
            if claimed[i].shape != right[i].shape or np.abs(claimed[i] - right[i]).max() > tolerance * size:
                return False
    return True


UNLIKE = ((5, 4, 3, 2), (4, 3, 2, 6))


def normal(rng, rows, columns):
    return rng.standard_normal((rows, columns))


@gradients_checker.mistake(
    "What it misses is what a checker misses that looks at arrays of ones only: weights and inputs cannot be told apart there."
)
def uses_ones(candidate):
    return checks(candidate, UNLIKE, lambda _, rows, columns: np.ones((rows, columns)))


@gradients_checker.mistake(
    "What it misses is what a checker misses that looks at one example only: a sum and a mean are the same there."
)
def looks_at_one_example(candidate):
    return checks(candidate, ((1, 4, 3, 2),), normal)


@gradients_checker.mistake(
    "What it misses is what a checker misses that looks at square shapes only: one size may stand for another there."
)
def looks_at_squares(candidate):
    return checks(candidate, ((4, 4, 4, 4),), normal)


@gradients_checker.mistake("What it misses is what a checker misses that looks at dW only.")
def looks_at_the_upper_layer(candidate):
    return checks(candidate, UNLIKE, normal, which=(0,))


@gradients_checker.mistake("What it misses is what a checker misses that looks at dV only.")
def looks_at_the_lower_layer(candidate):
    return checks(candidate, UNLIKE, normal, which=(1,))


@gradients_checker.mistake("What it misses is what a checker misses that tolerates errors of some percent.")
def tolerates_a_tenth(candidate):
    return checks(candidate, UNLIKE, normal, tolerance=0.15)


@gradients_checker.mistake("Every candidate of ours was accepted, and not all of them are right.")
def accepts_everything(candidate):
    return True


@gradients_checker.mistake(
    "A right candidate was refused. How exactly can a slope be known, and how may a right gradient be written?"
)
def refuses_everything(candidate):
    return False


# ------------------------------------------------------------------------------- a planted fault
def wide(rows, columns):
    """Specify weights with their bias as a last column more."""
    return drawn(lambda m: styled(m.recipe.style, m.rng, (m.size(rows), m.size(columns) + 1)))


def saturated(inputs):
    """Return the size of dW1 where no unit saturates: 1 − h² and 1/cosh² part in the tails."""
    x, y, W1, W2 = (inputs[name] for name in ("x", "y", "W1", "W2"))
    error = np.abs(with_ones(np.tanh(with_ones(x) @ W1.T)) @ W2.T - y).max()
    return float(2 * error * np.abs(W2).sum(axis=0).max() * max(1.0, np.abs(x).sum(axis=0).max() / len(x)))


mended_gradients = planted_fault(
    "mlp.mended_gradients",
    {"x": array("N", "D"), "y": array("N", "C"), "W1": wide("M", "D"), "W2": wide("C", "M"), "lam": scalar(0.1, 2.0)},
    ("dW1", "dW2"),
    planted="takes_the_slope_of_the_slope",
    points=3,
    slack=saturated,
)


@mended_gradients.mistake(
    "The slope of tanh is taken at the activation, where it belongs to the pre-activation: dW1 is off by some percent, dW2 exact."
)
def takes_the_slope_of_the_slope(x, y, W1, W2, lam):
    ones = np.ones((len(x), 1))
    x1 = np.concatenate([x, ones], axis=1)
    h = np.tanh(x1 @ W1.T)
    h1 = np.concatenate([h, ones], axis=1)
    error = 2 * (h1 @ W2.T - y) / len(x)
    below = error @ W2[:, :-1] * (1 - np.tanh(h) ** 2)
    dW1 = below.T @ x1
    dW2 = error.T @ h1
    dW1[:, :-1] += lam * W1[:, :-1]
    dW2[:, :-1] += lam * W2[:, :-1]
    return dW1, dW2


def of_the_error(x, y, W1, W2, factor=2.0, keep_slope=True):
    """Return the gradients of the squared error alone, ``factor`` being what the square brings down."""
    x1 = with_ones(x)
    h = np.tanh(x1 @ W1.T)
    e = factor * (with_ones(h) @ W2.T - y) / len(x)
    below = e @ W2[:, :-1]
    return (below * (1 - h**2) if keep_slope else below).T @ x1, e.T @ with_ones(h)


def decayed(gradients, weights, lam):
    """Add the decay of all but the biases."""
    return tuple(
        d + lam * np.hstack([w[:, :-1], np.zeros((len(w), 1))]) for d, w in zip(gradients, weights, strict=True)
    )


@mended_gradients.mistake("The biases are decayed too: their columns are the only ones that are wrong.")
def decays_the_biases(x, y, W1, W2, lam):
    dW1, dW2 = of_the_error(x, y, W1, W2)
    return dW1 + lam * W1, dW2 + lam * W2


@mended_gradients.mistake("2/N is lost: the gradients of the squared error are those of half its sum.")
def loses_two_over_n(x, y, W1, W2, lam):
    return decayed(of_the_error(x, y, W1, W2, factor=1.0 * len(x)), (W1, W2), lam)


@mended_gradients.mistake("The 2 that the square brings down is lost.")
def loses_the_two(x, y, W1, W2, lam):
    return decayed(of_the_error(x, y, W1, W2, factor=1.0), (W1, W2), lam)


@mended_gradients.mistake("The decay is twice as strong as the half in J makes it.")
def decays_twice(x, y, W1, W2, lam):
    return decayed(of_the_error(x, y, W1, W2), (W1, W2), 2 * lam)


@mended_gradients.mistake("Nothing decays: the gradients are those of the squared error alone.")
def forgets_the_decay(x, y, W1, W2, lam):
    return of_the_error(x, y, W1, W2)


@mended_gradients.mistake("The slope of the hidden units is missing from dW1.")
def leaves_out_the_slope(x, y, W1, W2, lam):
    return decayed(of_the_error(x, y, W1, W2, keep_slope=False), (W1, W2), lam)
