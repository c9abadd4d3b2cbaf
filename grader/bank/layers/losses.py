"""Losses with their gradients: squared error, cross-entropy from logits, hinge."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import loss
from grader.bank.layers.softmax import logsumexp, softmax
from grader.judging.inputs import array, drawn, labels
from grader.judging.spec import law

__all__ = ["LOSSES"]

REGRESSION = {"x": array("N", "D"), "y": array("N", "D")}
CLASSES = {"x": array("N", "C"), "y": labels("N", "C")}
BINARY = {"x": array("N"), "y": drawn(lambda m: m.rng.integers(0, 2, m.size("N")).astype(float))}

# --------------------------------------------------------------------------------- squared error
squared_error_loss = loss("layers.squared_error_loss", REGRESSION)


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


mse_loss = loss("layers.mse_loss", REGRESSION)


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


# --------------------------------------------------------------- binary cross-entropy from logits
bce_with_logits_loss = loss("layers.bce_with_logits_loss", BINARY, tails=1.0)


def sigmoid(u):
    """Safe at both ends."""
    return np.exp(-np.logaddexp(0, -u))


def entropy(u, y):
    """y·log(1 + e^−u) + (1 − y)·log(1 + e^u), safe at both ends."""
    return y * np.logaddexp(0, -u) + (1 - y) * np.logaddexp(0, u)


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


# -------------------------------------------------------------------------- softmax cross-entropy
def keeps_its_balance(run, inputs):
    """Probability only moves between the classes of a row."""
    dx = run()["dx"]
    yield dx.sum(axis=-1) + 1.0, [1.0] * len(dx)


softmax_loss = loss(
    "layers.softmax_loss", CLASSES, laws=(law("balance", "each row of dx adds up to 0", keeps_its_balance),)
)


def picked(x, y):
    """The loss of each example."""
    return logsumexp(x)[:, 0] - x[np.arange(len(x)), y]


def off_by(x, y):
    """Probabilities less the one-hot label."""
    p = softmax(x)
    p[np.arange(len(x)), y] -= 1
    return p


@softmax_loss.mistake("exp overflows at logits of 1,000. What may be taken out of a row first?")
def loss_overflows(x, y):
    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(x)), y]).mean(), off_by(x, y) / len(x)


@softmax_loss.mistake(
    "The softmax is safe, but a probability that was rounded to 0 has no logarithm: subtract logarithms instead."
)
def takes_the_logarithm_of_zero(x, y):
    return -np.log(softmax(x)[np.arange(len(x)), y]).mean(), off_by(x, y) / len(x)


@softmax_loss.mistake("The loss is averaged over the batch and dx is not.")
def forgets_to_average_dx(x, y):
    return picked(x, y).mean(), off_by(x, y)


@softmax_loss.mistake("The loss is summed over the batch, where the mean is asked.")
def sums_over_examples(x, y):
    return picked(x, y).sum(), off_by(x, y) / len(x)


@softmax_loss.mistake("The label is missing from dx: these are the probabilities alone.")
def forgets_the_label(x, y):
    return picked(x, y).mean(), softmax(x) / len(x)


@softmax_loss.mistake("dx points the other way: it is the label less the probabilities.")
def subtracts_the_wrong_way(x, y):
    return picked(x, y).mean(), -off_by(x, y) / len(x)


@softmax_loss.mistake("The average runs over all entries of the batch: it is over the examples.")
def averages_over_entries(x, y):
    return picked(x, y).sum() / x.size, off_by(x, y) / x.size


# ----------------------------------------------------------------------------------------- hinge
svm_loss = loss("layers.svm_loss", CLASSES, kinks=True)


def hinge(x, y, margin=1.0, keep_label=False):
    """Margins that are violated."""
    rows = np.arange(len(x))
    m = np.maximum(0, x - x[rows, y][:, None] + margin)
    if not keep_label:
        m[rows, y] = 0
    return m


def hinge_slope(m, y, label=True):
    """One for each violated margin, less their number at the label."""
    d = (m > 0) * 1.0
    if label:
        rows = np.arange(len(m))
        d[rows, y] -= d.sum(axis=1)
    return d


@svm_loss.mistake("The right class is counted too: its own margin is always 1.")
def counts_the_right_class(x, y):
    m = hinge(x, y)
    return hinge(x, y, keep_label=True).sum() / len(x), hinge_slope(m, y) / len(x)


@svm_loss.mistake("The column of the right class gets nothing: every violated margin pushes it too.")
def forgets_the_right_class_in_dx(x, y):
    m = hinge(x, y)
    return m.sum() / len(x), hinge_slope(m, y, label=False) / len(x)


@svm_loss.mistake("The right class is pushed once, where it is pushed once for every violated margin.")
def pushes_the_right_class_once(x, y):
    m = hinge(x, y)
    d = hinge_slope(m, y, label=False)
    d[np.arange(len(x)), y] -= d.any(axis=1)
    return m.sum() / len(x), d / len(x)


@svm_loss.mistake("The margin is missing: a class that is only just behind costs something too.")
def has_no_margin(x, y):
    m = hinge(x, y, margin=0.0)
    return m.sum() / len(x), hinge_slope(m, y) / len(x)


@svm_loss.mistake("dx is not averaged over the batch, and the loss is.")
def sums_dx(x, y):
    m = hinge(x, y)
    return m.sum() / len(x), hinge_slope(m, y)


@svm_loss.mistake("The loss is summed over the batch, where the mean is asked.")
def sums_margins(x, y):
    m = hinge(x, y)
    return m.sum(), hinge_slope(m, y) / len(x)


LOSSES = (squared_error_loss, mse_loss, bce_with_logits_loss, softmax_loss, svm_loss)
