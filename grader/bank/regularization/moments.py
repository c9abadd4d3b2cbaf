"""The mean and the variance of a unit behind inverted dropout."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.judging import array, scalar

dropout_moments = plain(
    "regularization.dropout_moments",
    {"x": array("N", "D"), "w": array("D"), "p": scalar(0.05, 0.95)},
    ("mean", "variance"),
    places={"mean": ("example",), "variance": ("example",)},
)


def moments(x, w, p, mean=1.0, variance=None):
    """Return the mean times a factor, and the variance with ``variance`` in place of (1 − p)/p."""
    return mean * (x @ w), (x**2) @ (w**2) * ((1 - p) / p if variance is None else variance)


@dropout_moments.mistake("The mean is that of dropout without 1/p: the inverted kind makes up for what is dropped.")
def mean_without_the_scale(x, w, p):
    return moments(x, w, p, mean=p)


@dropout_moments.mistake("The variance is that of dropout without 1/p: scaling by 1/p multiplies it by 1/p².")
def variance_without_the_scale(x, w, p):
    return moments(x, w, p, variance=p * (1 - p))


@dropout_moments.mistake("The variance holds the means of the squares: the squares of the means are to be taken away.")
def forgets_the_square_of_the_mean(x, w, p):
    return moments(x, w, p, variance=1 / p)


@dropout_moments.mistake("The variance holds standard deviations: the square is missing.")
def gives_standard_deviations(x, w, p):
    mean, variance = moments(x, w, p)
    return mean, np.sqrt(variance)


@dropout_moments.mistake("p and 1 − p change places in the variance: with p near 1 next to nothing is dropped.")
def variance_of_dropping(x, w, p):
    return moments(x, w, p, variance=p / (1 - p))


@dropout_moments.mistake(
    "The variance is that of a unit whose inputs are all dropped together: each is dropped for itself."
)
def drops_all_together(x, w, p):
    return x @ w, (x @ w) ** 2 * (1 - p) / p


@dropout_moments.mistake("The weights are not squared in the variance, which can then be negative.")
def forgets_to_square_the_weights(x, w, p):
    return x @ w, (x**2) @ w * (1 - p) / p
