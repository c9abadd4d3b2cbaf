"""Newton's method for logistic regression, and a test of a regularised logistic loss, to be written."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import checker, plain
from grader.bank.linear_models.inputs import binary, counted_first, sigmoid
from grader.judging import array, scalar

# ------------------------------------------------------------------------------------------ Newton


def parts(w, X, y, ridge):
    """Return the gradient (D,) and the Hessian (D, D) of the mean loss with its ridge."""
    p = sigmoid(X @ w)
    g = X.T @ (p - y) / len(X) + ridge * w
    H = (X.T * (p * (1 - p))) @ X / len(X) + ridge * np.eye(len(w))
    return g, H


def saturated(inputs):
    """Return as slack how far the step moves if each p and 1 − p is right to the rounding of 1, and not to its own."""
    w, X, y, ridge = inputs["w"], inputs["X"], inputs["y"], inputs["ridge"]
    g, H = parts(w, X, y, ridge)
    size = np.abs(X)
    moved = size.T @ size / len(X) @ np.abs(np.linalg.solve(H, g)) + size.mean(axis=0)
    return np.abs(np.linalg.inv(H)) @ moved


newton_logistic_step = plain(
    "linear_models.newton_logistic_step",
    {"w": counted_first(array("D"), "N"), "X": array("N", "D"), "y": binary(0), "ridge": scalar(0.05, 1.0)},
    ("next_w",),
    4,
    slack=saturated,
)


@newton_logistic_step.mistake("The step goes the other way: w less the solution of the system.")
def newton_climbs(w, X, y, ridge):
    g, H = parts(w, X, y, ridge)
    return w + np.linalg.solve(H, g)


@newton_logistic_step.mistake("Every example weighs ¼ in the Hessian: its weight is p(1 − p), which is ¼ at p = ½ only.")
def weighs_all_examples_alike(w, X, y, ridge):
    g, _ = parts(w, X, y, ridge)
    return w - np.linalg.solve(0.25 * X.T @ X / len(X) + ridge * np.eye(len(w)), g)


@newton_logistic_step.mistake("The examples weigh 1 in the Hessian, as in a linear regression: the weight is the slope of the sigmoid.")
def weighs_examples_by_one(w, X, y, ridge):
    g, _ = parts(w, X, y, ridge)
    return w - np.linalg.solve(X.T @ X / len(X) + ridge * np.eye(len(w)), g)


@newton_logistic_step.mistake("The gradient is averaged over the examples, and the data's part of the Hessian is summed.")
def sums_the_hessian(w, X, y, ridge):
    p = sigmoid(X @ w)
    g, _ = parts(w, X, y, ridge)
    return w - np.linalg.solve((X.T * (p * (1 - p))) @ X + ridge * np.eye(len(w)), g)


@newton_logistic_step.mistake("The ridge stands in the Hessian and not in the gradient: the step leads to another minimum.")
def forgets_the_ridge_in_the_gradient(w, X, y, ridge):
    g, H = parts(w, X, y, ridge)
    return w - np.linalg.solve(H, g - ridge * w)


@newton_logistic_step.mistake("The ridge stands in the gradient and not in the Hessian: that one may have no inverse.")
def forgets_the_ridge_in_the_hessian(w, X, y, ridge):
    g, H = parts(w, X, y, ridge)
    return w - np.linalg.lstsq(H - ridge * np.eye(len(w)), g, rcond=None)[0]


@newton_logistic_step.mistake("Only the diagonal of the Hessian is used: the features are not independent.")
def divides_by_the_diagonal(w, X, y, ridge):
    g, H = parts(w, X, y, ridge)
    return w - g / np.diag(H)


@newton_logistic_step.mistake("This is the step alone: next_w is where it leads.")
def returns_the_step(w, X, y, ridge):
    g, H = parts(w, X, y, ridge)
    return -np.linalg.solve(H, g)


# ---------------------------------------------------------------------------------- test to write
def put(logistic_checker, candidate):
    """Ask a student's checker for its verdict on one candidate."""
    return logistic_checker(candidate)


def by_logaddexp(w, X, y, lam):
    z = X @ w
    J = np.mean(np.logaddexp(0, z) - y * z) + 0.5 * lam * np.sum(w**2)
    return J, X.T @ (0.5 * (1 + np.tanh(z / 2)) - y) / len(X) + lam * w


def by_loops(w, X, y, lam):
    J, dw = 0.5 * lam * float(sum(v * v for v in w)), lam * np.array(w, dtype=float)
    for x, label in zip(X, y):
        z = sum(a * c for a, c in zip(x, w))
        e = np.exp(-abs(z))
        p = 1 / (1 + e) if z >= 0 else e / (1 + e)
        J = J + (max(z, 0.0) - label * z + np.log1p(e)) / len(X)
        dw = dw + (p - label) * x / len(X)
    return J, dw


def by_signed_margins(w, X, y, lam):
    s = 2.0 * y - 1.0
    m = s * X.dot(w)
    J = np.logaddexp(0.0, -m).mean() + lam * w.dot(w) / 2
    return J, (-s * np.exp(-np.logaddexp(0.0, m)))[None, :].dot(X)[0] / X.shape[0] + lam * w


def by_einsum(w, X, y, lam):
    z = np.einsum("nd,d->n", X, w)
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1.0, e) / (1 + e)
    J = (y * np.maximum(-z, 0) + (1 - y) * np.maximum(z, 0) + np.log1p(e)).sum() / len(y) + 0.5 * lam * np.einsum("d,d", w, w)
    return J, np.einsum("n,nd->d", p - y, X) / len(y) + lam * w


def with_the_penalty_doubled(w, X, y, lam):
    z = X @ w
    J = np.mean(np.logaddexp(0, z) - y * z) + lam * np.sum(w**2)
    return J, X.T @ (0.5 * (1 + np.tanh(z / 2)) - y) / len(X) + 2 * lam * w


def without_the_slope_of_the_penalty(w, X, y, lam):
    z = X @ w
    J = np.mean(np.logaddexp(0, z) - y * z) + 0.5 * lam * np.sum(w**2)
    return J, X.T @ (0.5 * (1 + np.tanh(z / 2)) - y) / len(X)


def with_an_extra_slope(w, X, y, lam):
    z = X @ w
    p = 0.5 * (1 + np.tanh(z / 2))
    J = np.mean(np.logaddexp(0, z) - y * z) + 0.5 * lam * np.sum(w**2)
    return J, X.T @ ((p - y) * p * (1 - p)) / len(X) + lam * w


def averaging_twice(w, X, y, lam):
    z = X @ w
    J = np.mean(np.logaddexp(0, z) - y * z) + 0.5 * lam * np.sum(w**2)
    return J, X.T @ (0.5 * (1 + np.tanh(z / 2)) - y) / len(X) ** 2 + lam * w


def summing(w, X, y, lam):
    z = X @ w
    J = np.sum(np.logaddexp(0, z) - y * z) + 0.5 * lam * np.sum(w**2)
    return J, X.T @ (0.5 * (1 + np.tanh(z / 2)) - y) + lam * w


def reading_signs(w, X, y, lam):
    m = y * (X @ w)
    J = np.mean(np.logaddexp(0, -m)) + 0.5 * lam * np.sum(w**2)
    return J, X.T @ (-y * 0.5 * (1 - np.tanh(m / 2))) / len(X) + lam * w


def swapping_labels(w, X, y, lam):
    z = X @ w
    J = np.mean(np.logaddexp(0, z) - (1 - y) * z) + 0.5 * lam * np.sum(w**2)
    return J, X.T @ (0.5 * (1 + np.tanh(z / 2)) - (1 - y)) / len(X) + lam * w


def overflowing(w, X, y, lam):
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-(X @ w)))
        J = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + 0.5 * lam * np.sum(w**2)
    return J, X.T @ (p - y) / len(X) + lam * w


RIGHT = [by_logaddexp, by_loops, by_signed_margins, by_einsum]
logistic_checker = checker(
    "linear_models.logistic_checker",
    put,
    right=RIGHT,
    wrong={
        "a penalty that is counted double, in J and in dw": with_the_penalty_doubled,
        "a dw without the slope of the penalty": without_the_slope_of_the_penalty,
        "a dw with a slope σ' too many": with_an_extra_slope,
        "a dw that is averaged twice": averaging_twice,
        "a sum over the examples where the mean is asked, in J and in dw": summing,
        "labels that are read as −1 and 1": reading_signs,
        "labels that are swapped, in J and in dw": swapping_labels,
        "a J that is infinite where the model is sure and wrong": overflowing,
    },
    points=4,
)


def slopes_agree(function, w, X, y, lam):
    """Return True if dw is the slope of J in each direction, as far as central differences tell."""
    _, dw = function(w, X, y, lam)
    for d in range(len(w)):
        e = np.zeros(len(w))
        e[d] = 1e-5
        slope = (function(w + e, X, y, lam)[0] - function(w - e, X, y, lam)[0]) / 2e-5
        if not abs(dw[d] - slope) <= 1e-6 * max(1.0, abs(slope)):
            return False
    return True
