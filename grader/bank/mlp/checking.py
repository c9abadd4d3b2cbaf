"""A test to write: a checker of two-layer gradients."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import checker


# ------------------------------------------------------------------------------------ candidates
def put(checker, candidate):
    return checker(candidate)


def vectorised(X, Y, W, V):
    """Return the right gradients, for what a blind checker compares with."""
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


# --------------------------------------------------------------------------------------- checker
gradients_checker = checker(
    "mlp.gradients_checker",
    put,
    right=[example_by_example, by_einsum],
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
    points=5,
)


def normal(rng, rows, columns):
    return rng.standard_normal((rows, columns))


def checks(candidate, shapes, inputs=normal, tolerance=1e-5, which=(0, 1)):
    """Hold a candidate against the right gradients at drawn arrays, X by ``inputs(rng, rows, columns)``; return the answer."""
    rng = np.random.default_rng(1)
    for N, D, M, C in shapes:
        X, W, V = inputs(rng, N, D), normal(rng, M, C), normal(rng, D, M)
        Y = np.eye(C)[rng.integers(0, C, N)]
        claimed, right = candidate(X, Y, W, V), vectorised(X, Y, W, V)
        for i in which:
            size = np.abs(right[i]).max() + 1e-6
            if claimed[i].shape != right[i].shape or np.abs(claimed[i] - right[i]).max() > tolerance * size:
                return False
    return True


UNLIKE = ((5, 4, 3, 2), (4, 3, 2, 6))


@gradients_checker.mistake(
    "What it misses is what a checker misses whose inputs X are all ones: what is multiplied by them does not show there."
)
def uses_ones(candidate):
    return checks(candidate, UNLIKE, lambda _, rows, columns: np.ones((rows, columns)))


@gradients_checker.mistake(
    "What it misses is what a checker misses that looks at one example only: a sum and a mean are the same there."
)
def looks_at_one_example(candidate):
    return checks(candidate, ((1, 4, 3, 2),))


@gradients_checker.mistake(
    "What it misses is what a checker misses that looks at square shapes only: one size may stand for another there."
)
def looks_at_squares(candidate):
    return checks(candidate, ((4, 4, 4, 4),))


@gradients_checker.mistake("What it misses is what a checker misses that looks at dW only.")
def looks_at_the_upper_layer(candidate):
    return checks(candidate, UNLIKE, which=(0,))


@gradients_checker.mistake("What it misses is what a checker misses that looks at dV only.")
def looks_at_the_lower_layer(candidate):
    return checks(candidate, UNLIKE, which=(1,))


@gradients_checker.mistake("What it misses is what a checker misses that tolerates an error of a thousandth.")
def tolerates_a_thousandth(candidate):
    return checks(candidate, UNLIKE, tolerance=0.01)


@gradients_checker.mistake("Every candidate of ours was accepted, and not all of them are right.")
def accepts_everything(candidate):
    return True


@gradients_checker.mistake(
    "A right candidate was refused. How exactly can a slope be known, and how may a right gradient be written?"
)
def refuses_everything(candidate):
    return False
