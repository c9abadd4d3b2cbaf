"""Losses over classes: softmax cross-entropy, and the multiclass hinge."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import loss
from grader.bank.layers.softmax import logsumexp, softmax
from grader.judging import Invariant, array, labels, law

CLASSES = {"x": array("N", "C"), "y": labels("N", "C")}


# -------------------------------------------------------------------------- softmax cross-entropy
def keeps_its_balance(run, inputs):
    """Yield the pair of the law that each row of dx adds up to 0; both sides are moved by 1."""
    dx = run()["dx"]
    yield dx.sum(axis=-1) + 1.0, [1.0] * len(dx)


def row_sums(inputs, outputs):
    """Return what each row of dx adds up to."""
    return outputs["dx"].sum(axis=1)


EXAMPLES_BY_CLASS = {"dx": ("example", "class")}
softmax_loss = loss(
    "layers.softmax_loss",
    CLASSES,
    laws=(law("balance", "each row of dx adds up to 0", keeps_its_balance),),
    places=EXAMPLES_BY_CLASS,
    invariants=(Invariant("rows_sum_to_zero", "Each row of dx adds up to 0; not all of yours do.", row_sums),),
)


def picked(x, y):
    """Return the softmax cross-entropy of each example (N,)."""
    return logsumexp(x)[:, 0] - x[np.arange(len(x)), y]


def off_by(x, y):
    """Return the probabilities less the one-hot labels (N, C)."""
    p = softmax(x)
    p[np.arange(len(x)), y] -= 1
    return p


@softmax_loss.accepts_guard
def guards_the_sum_of_exponentials(x, y, eps):
    z = x - x.max(axis=1, keepdims=True)
    total = np.exp(z).sum(axis=1, keepdims=True) + eps
    dx = np.exp(z) / total
    dx[np.arange(len(x)), y] -= 1
    return (np.log(total[:, 0]) - z[np.arange(len(x)), y]).mean(), dx / len(x)


@softmax_loss.mistake(
    "Logits of 1,000 leave the range of floats under exp, and the loss breaks. What may be taken out of a row first?"
)
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


@softmax_loss.mistake("The labels are shifted by one: classes are counted from 0.")
def counts_classes_from_one(x, y):
    return picked(x, (y - 1) % x.shape[1]).mean(), off_by(x, (y - 1) % x.shape[1]) / len(x)


@softmax_loss.mistake("dx[:, y] takes 1 off every row in the column of every label: each row has its own label.")
def takes_the_label_off_every_row(x, y):
    d = softmax(x)
    d[:, y] -= 1
    return picked(x, y).mean(), d / len(x)


@softmax_loss.mistake("Only the right class gets a gradient: the others share the probability that is to be moved.")
def moves_the_right_class_only(x, y):
    d, rows = np.zeros_like(x), np.arange(len(x))
    d[rows, y] = softmax(x)[rows, y] - 1
    return picked(x, y).mean(), d / len(x)


# ----------------------------------------------------------------------------------------- hinge
svm_loss = loss(
    "layers.svm_loss",
    CLASSES,
    kinks=True,
    places=EXAMPLES_BY_CLASS,
    invariants=(
        Invariant(
            "rows_sum_to_zero",
            "A margin is a difference of two scores, so each row of dx adds up to 0; not all of yours do.",
            row_sums,
        ),
    ),
)


def hinge(x, y, margin=1.0, keep_label=False):
    """Return the violated margins (N, C), 0 where none is; the label's own are 0 too unless ``keep_label``."""
    rows = np.arange(len(x))
    m = np.maximum(0, x - x[rows, y][:, None] + margin)
    if not keep_label:
        m[rows, y] = 0
    return m


def hinge_slope(m, y, label=True):
    """Return 1 for each violated margin (N, C), less their number at the label if ``label``."""
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


@svm_loss.mistake("The margins are squared: that is another loss, the squared hinge.")
def squares_the_margins(x, y):
    m = hinge(x, y)
    return (m**2).sum() / len(x), hinge_slope(m, y) / len(x)


@svm_loss.mistake("Only the worst class counts: this loss sums over all that violate the margin.")
def counts_the_worst_class_only(x, y):
    m = hinge(x, y)
    return m.max(axis=1).sum() / len(x), hinge_slope(m, y) / len(x)


@svm_loss.mistake("dx holds the margins: how far a class is behind does not matter for the slope, only that it is.")
def hands_back_margins(x, y):
    m = hinge(x, y)
    d, rows = m.copy(), np.arange(len(x))
    d[rows, y] -= m.sum(axis=1)
    return m.sum() / len(x), d / len(x)


@svm_loss.mistake("The right class is pushed up in the loss: its score lowers the loss, so its gradient is negative.")
def adds_at_the_right_class(x, y):
    m = hinge(x, y)
    d, rows = hinge_slope(m, y, label=False), np.arange(len(x))
    d[rows, y] += d.sum(axis=1)
    return m.sum() / len(x), d / len(x)
