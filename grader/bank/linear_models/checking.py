"""A test of a regularised logistic loss, to be written by the student, with the right and the wrong losses it is put to."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import checker


def put(logistic_checker, candidate):
    """Ask a student's checker for its verdict on one candidate."""
    return logistic_checker(candidate)


def by_logaddexp(w, X, y, lam):
    """It takes the logarithms by np.logaddexp and the probabilities by tanh."""
    z = X @ w
    J = np.mean(np.logaddexp(0, z) - y * z) + 0.5 * lam * np.sum(w**2)
    return J, X.T @ (0.5 * (1 + np.tanh(z / 2)) - y) / len(X) + lam * w


def by_loops(w, X, y, lam):
    """It adds up in loops, and so rounds otherwise in the last digits."""
    J, dw = 0.5 * lam * float(sum(v * v for v in w)), lam * np.array(w, dtype=float)
    for x, label in zip(X, y, strict=True):
        z = sum(a * c for a, c in zip(x, w, strict=True))
        e = np.exp(-abs(z))
        p = 1 / (1 + e) if z >= 0 else e / (1 + e)
        J = J + (max(z, 0.0) - label * z + np.log1p(e)) / len(X)
        dw = dw + (p - label) * x / len(X)
    return J, dw


def by_signed_margins(w, X, y, lam):
    """It turns the labels into signs first."""
    s = 2.0 * y - 1.0
    m = s * X.dot(w)
    J = np.logaddexp(0.0, -m).mean() + lam * w.dot(w) / 2
    return J, (-s * np.exp(-np.logaddexp(0.0, m)))[None, :].dot(X)[0] / X.shape[0] + lam * w


def by_einsum(w, X, y, lam):
    """It multiplies by np.einsum."""
    z = np.einsum("nd,d->n", X, w)
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1.0, e) / (1 + e)
    J = (y * np.maximum(-z, 0) + (1 - y) * np.maximum(z, 0) + np.log1p(e)).sum() / len(y) + 0.5 * lam * np.einsum(
        "d,d", w, w
    )
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


def with_log_odds(w, X, y, lam):
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-(X @ w)))
        J = -np.mean(y * np.log(p / (1 - p)) + np.log(1 - p)) + 0.5 * lam * np.sum(w**2)
    return J, X.T @ (p - y) / len(X) + lam * w


def dividing_by_the_probabilities(w, X, y, lam):
    z = X @ w
    J = np.mean(np.logaddexp(0, z) - y * z) + 0.5 * lam * np.sum(w**2)
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z))
        slope = ((1 - y) / (1 - p) - y / p) * p * (1 - p)
    return J, X.T @ slope / len(X) + lam * w


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
        "a J that is not a number where the model is sure": with_log_odds,
        "a dw that is not a number where the model is sure": dividing_by_the_probabilities,
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


def values_agree(function, w, X, y, lam, close=np.allclose):
    """Return True if J and dw are the right ones."""
    J, dw = function(w, X, y, lam)
    right_J, right_dw = by_logaddexp(w, X, y, lam)
    return bool(close(J, right_J) and close(dw, right_dw))


W, LABELS = np.array([0.5, -1.0, 2.0]), np.array([0.0, 1.0, 1.0, 0.0, 1.0])
X = np.array([[1.0, 0.5, -1.0], [0.2, 2.0, 0.3], [-1.5, 1.0, 0.1], [0.4, -0.3, 1.2], [2.0, 0.7, -0.6]])


@logistic_checker.mistake(
    "What it misses is what a comparison of dw with the slope of J misses: a J that is wrong together with its slope."
)
def looks_at_slopes_only(function):
    return slopes_agree(function, W, X, LABELS, 0.7)


@logistic_checker.mistake(
    "What it misses is what a test at w = 0 misses: there no penalty shows, and no model is sure of anything."
)
def asks_at_zero_weights(function):
    return values_agree(function, np.zeros(3), X, LABELS, 0.7)


@logistic_checker.mistake(
    "What it misses is what a test with a single example misses: a sum of one term is its own mean."
)
def asks_for_one_example(function):
    return all(
        values_agree(function, size * W, X[:1], np.array([label]), 0.7) for size in (1, 600) for label in (0.0, 1.0)
    )


@logistic_checker.mistake(
    "What it misses is a J or a dw that breaks where the model is sure, at |z| of 40 or more: ordinary logits do not show it, "
    "nor does a comparison that is False for nan."
)
def never_asks_where_sure(function):
    return values_agree(function, W, X, LABELS, 0.7)


@logistic_checker.mistake(
    "What it misses is what a test with the labels 1 alone misses: there 0 and 1 read as signs make no difference."
)
def asks_for_one_label(function):
    ones = np.ones(len(X))
    return values_agree(function, W, X, ones, 0.7) and values_agree(function, 100 * W, X, ones, 0.7)


@logistic_checker.mistake("What it misses is what a look at J alone misses: a dw that is wrong beside a right J.")
def looks_at_the_loss_only(function):
    with np.errstate(all="ignore"):
        return all(
            np.allclose(function(size * W, X, LABELS, 0.7)[0], by_logaddexp(size * W, X, LABELS, 0.7)[0])
            for size in (1, 100)
        )


@logistic_checker.mistake(
    "Even a right function that is written in whole arrays, with np.logaddexp, is refused: right ones differ in their last digits."
)
def refuses_everything(function):
    return False


@logistic_checker.mistake("What it misses is what a test without a penalty, lam = 0, misses.")
def asks_without_a_penalty(function):
    return values_agree(function, W, X, LABELS, 0.0) and values_agree(function, 100 * W, X, LABELS, 0.0)


@logistic_checker.mistake(
    "It refuses a right function, as a test for equality to the last digit does: right functions add up in different orders."
)
def asks_for_the_last_digit(function):
    return all(values_agree(function, size * W, X, LABELS, 0.7, close=np.array_equal) for size in (1.0, 0.3, 0.7, 1.9))


@logistic_checker.mistake(
    "What it misses is a J or a dw that is nan: every comparison with nan is False, that for a difference too large as well."
)
def asks_for_a_difference_too_large(function):
    def differs(got, right):
        return np.any(np.abs(got - right) > 1e-6 * (1 + np.abs(right)))

    for size in (1, 100):
        J, dw = function(size * W, X, LABELS, 0.7)
        right_J, right_dw = by_logaddexp(size * W, X, LABELS, 0.7)
        if differs(J, right_J) or differs(dw, right_dw):
            return False
    return True


@logistic_checker.mistake("It accepts all that it is given, right or wrong.")
def accepts_everything(function):
    return True
