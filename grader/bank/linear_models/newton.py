"""Newton's method for logistic regression: one step, with a ridge."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.bank.linear_models.inputs import binary, counted_first, sigmoid
from grader.judging import array, scalar


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


@newton_logistic_step.mistake(
    "Every example weighs ¼ in the Hessian: its weight is p(1 − p), which is ¼ at p = ½ only."
)
def weighs_all_examples_alike(w, X, y, ridge):
    g, _ = parts(w, X, y, ridge)
    return w - np.linalg.solve(0.25 * X.T @ X / len(X) + ridge * np.eye(len(w)), g)


@newton_logistic_step.mistake(
    "The examples weigh 1 in the Hessian, as in a linear regression: the weight is the slope of the sigmoid."
)
def weighs_examples_by_one(w, X, y, ridge):
    g, _ = parts(w, X, y, ridge)
    return w - np.linalg.solve(X.T @ X / len(X) + ridge * np.eye(len(w)), g)


@newton_logistic_step.mistake(
    "The gradient is averaged over the examples, and the data's part of the Hessian is summed."
)
def sums_the_hessian(w, X, y, ridge):
    p = sigmoid(X @ w)
    g, _ = parts(w, X, y, ridge)
    return w - np.linalg.solve((X.T * (p * (1 - p))) @ X + ridge * np.eye(len(w)), g)


@newton_logistic_step.mistake(
    "The ridge stands in the Hessian and not in the gradient: the step leads to another minimum."
)
def forgets_the_ridge_in_the_gradient(w, X, y, ridge):
    g, H = parts(w, X, y, ridge)
    return w - np.linalg.solve(H, g - ridge * w)


@newton_logistic_step.mistake("The ridge stands in the gradient and not in the Hessian: that one may have no inverse.")
def forgets_the_ridge_in_the_hessian(w, X, y, ridge):
    g, H = parts(w, X, y, ridge)
    return w - np.linalg.lstsq(H - ridge * np.eye(len(w)), g, rcond=None)[0]


@newton_logistic_step.mistake(
    "The ridge is added to all entries of the Hessian: that of ½ ridge ‖w‖² has it on the diagonal only."
)
def spreads_the_ridge(w, X, y, ridge):
    g, _ = parts(w, X, y, ridge)
    p = sigmoid(X @ w)
    return w - np.linalg.solve((X.T * (p * (1 - p))) @ X / len(X) + ridge, g)


@newton_logistic_step.mistake("Only the diagonal of the Hessian is used: the features are not independent.")
def divides_by_the_diagonal(w, X, y, ridge):
    g, H = parts(w, X, y, ridge)
    return w - g / np.diag(H)


@newton_logistic_step.mistake("This is the step alone: next_w is where it leads.")
def returns_the_step(w, X, y, ridge):
    g, H = parts(w, X, y, ridge)
    return -np.linalg.solve(H, g)
