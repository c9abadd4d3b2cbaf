"""Losses of one number: squared errors, and binary cross-entropy from logits."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import loss
from grader.judging import array, drawn

PAIRS = {"x": array("..."), "y": array("...")}
BINARY = {"x": array("N"), "y": drawn(lambda m: m.rng.integers(0, 2, m.size("N")).astype(float))}

# --------------------------------------------------------------------------------- squared error
squared_error_loss = loss("layers.squared_error_loss", PAIRS)


@squared_error_loss.mistake("The half is missing from the loss.")
def forgets_the_half(x, y):
    return ((x - y) ** 2).sum(), x - y


@squared_error_loss.mistake("dx is twice too large: the half in the loss cancels the 2 of the square.")
def keeps_the_two(x, y):
    return 0.5 * ((x - y) ** 2).sum(), 2 * (x - y)


@squared_error_loss.mistake("dx points the other way: which of x and y is the loss differentiated by?")
def differentiates_by_the_target(x, y):
    return 0.5 * ((x - y) ** 2).sum(), y - x


@squared_error_loss.mistake("The loss is averaged over the batch: this one is a plain sum.")
def averages_the_squares(x, y):
    return 0.5 * ((x - y) ** 2).sum() / len(x), x - y


@squared_error_loss.mistake("dx is divided by the size of the batch, which the loss is not.")
def divides_dx(x, y):
    return 0.5 * ((x - y) ** 2).sum(), (x - y) / len(x)


@squared_error_loss.mistake("The errors are not squared: their magnitudes are summed.")
def sums_magnitudes(x, y):
    return 0.5 * np.abs(x - y).sum(), x - y


@squared_error_loss.mistake("The sum is squared, where the squares are summed: errors of opposite sign cancel.")
def squares_the_sum(x, y):
    return 0.5 * (x - y).sum() ** 2, x - y


mse_loss = loss("layers.mse_loss", PAIRS)


@mse_loss.mistake("The mean is over the examples, where it is over all entries.")
def averages_over_examples_only(x, y):
    return ((x - y) ** 2).sum() / len(x), 2 * (x - y) / len(x)


@mse_loss.mistake("dx lacks the 2 of the square.")
def loses_the_two(x, y):
    return ((x - y) ** 2).mean(), (x - y) / x.size


@mse_loss.mistake("dx is that of the sum: the mean's division is missing.")
def forgets_to_divide_dx(x, y):
    return ((x - y) ** 2).mean(), 2 * (x - y)


@mse_loss.mistake("The loss is the sum of the squares, where their mean is asked.")
def sums_the_squares(x, y):
    return ((x - y) ** 2).sum(), 2 * (x - y) / x.size


@mse_loss.mistake("The loss has an extra half: the mean of the squares has none.")
def halves_the_mean(x, y):
    return 0.5 * ((x - y) ** 2).mean(), (x - y) / x.size


@mse_loss.mistake("The root of the mean is taken: this loss is the mean itself.")
def takes_the_root(x, y):
    return np.sqrt(((x - y) ** 2).mean()), 2 * (x - y) / x.size


@mse_loss.mistake("One loss for each example comes back: the mean is over the examples too.")
def keeps_the_examples(x, y):
    return ((x - y) ** 2).mean(axis=-1), 2 * (x - y) / x.size


# --------------------------------------------------------------- binary cross-entropy from logits
bce_with_logits_loss = loss("layers.bce_with_logits_loss", BINARY, tails=1.0)


def sigmoid(u):
    """Return the logistic sigmoid of u, safe at both ends."""
    return np.exp(-np.logaddexp(0, -u))


def entropy(u, y):
    """Return y·log(1 + e^−u) + (1 − y)·log(1 + e^u), safe at both ends."""
    return y * np.logaddexp(0, -u) + (1 - y) * np.logaddexp(0, u)


@bce_with_logits_loss.accepts_guard
def guards_the_logits(x, y, eps):
    e = np.exp(-np.abs(x))
    s = np.where(x >= 0, 1.0, e) / (1 + e + eps)
    return (np.maximum(x, 0) - x * y + np.log(1 + e + eps)).mean(), (s - y) / len(x)


@bce_with_logits_loss.mistake(
    "exp overflows for large logits: the loss is inf where it is just |u|. Which equal form is safe?"
)
def exponentiates_logits(x, y):
    return (y * np.log(1 + np.exp(-x)) + (1 - y) * np.log(1 + np.exp(x))).mean(), (sigmoid(x) - y) / len(x)


@bce_with_logits_loss.mistake(
    "log(0): the probability was rounded to 0 or 1 before its logarithm was taken. Stay with the logits."
)
def takes_logarithms_of_probabilities(x, y):
    p = 1 / (1 + np.exp(-x))
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(), (p - y) / len(x)


@bce_with_logits_loss.mistake(
    "The probabilities are clipped, so a confident error costs too little. Stay with the logits."
)
def clips_probabilities(x, y):
    p = np.clip(sigmoid(x), 1e-12, 1 - 1e-12)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(), (sigmoid(x) - y) / len(x)


@bce_with_logits_loss.mistake("The loss is averaged and dx is not.")
def forgets_mean_in_dx(x, y):
    return entropy(x, y).mean(), sigmoid(x) - y


@bce_with_logits_loss.mistake("The loss is summed over the batch, where the mean is asked.")
def sums_entropies(x, y):
    return entropy(x, y).sum(), (sigmoid(x) - y) / len(x)


@bce_with_logits_loss.mistake(
    "The slope of the sigmoid is multiplied in: it cancels between the logarithm and the sigmoid."
)
def multiplies_by_the_sigmoids_slope(x, y):
    s = sigmoid(x)
    return entropy(x, y).mean(), (s - y) * s * (1 - s) / len(x)


@bce_with_logits_loss.mistake("The labels are swapped: y = 1 must cost most where the logit is very negative.")
def swaps_the_labels(x, y):
    return entropy(x, 1 - y).mean(), (sigmoid(x) - (1 - y)) / len(x)


@bce_with_logits_loss.mistake("Only positive examples cost anything: the term of 1 − y is missing.")
def forgets_negative_examples(x, y):
    return (y * np.logaddexp(0, -x)).mean(), (sigmoid(x) - y) / len(x)
