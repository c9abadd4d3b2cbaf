"""Softmax regression and the multiclass hinge in CS231n's form, with loops and without, and a softmax regression to train."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain, training, vectorise
from grader.bank.linear_models.clouds import three_clouds
from grader.bank.linear_models.inputs import CLASSES, WITH_KINKS
from grader.judging import Malformed, gradient

OUTPUTS = ("loss", "dW")
SLOPES = (gradient(0, "dW"),)


def one_hot(s, y):
    """Return 1 at each label's place and 0 elsewhere (N, C)."""
    return (np.arange(s.shape[1]) == np.asarray(y)[:, None]) * 1.0


def softmax(s, axis=1):
    """Return the probabilities of these scores (N, C)."""
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def entropy(s, y):
    """Return the softmax cross-entropy of each example (N,)."""
    top = s.max(axis=1)
    return top + np.log(np.exp(s - top[:, None]).sum(axis=1)) - s[np.arange(len(s)), y]


def finished(data, push, W, X, reg):
    """Return loss and dW from the data's loss, its slopes for the scores (N, C) before the mean, and the penalty."""
    return data + reg * (W**2).sum(), X.T @ push / len(X) + 2 * reg * W


# ----------------------------------------------------------------------------- softmax, with loops
softmax_loss_naive = plain("linear_models.softmax_loss_naive", CLASSES, OUTPUTS, 3, SLOPES)


@softmax_loss_naive.mistake(
    "Scores of 1,000 leave the range of floats under exp: what may be taken out of a row first?"
)
def naive_overflows(W, X, y, reg):
    s = X @ W
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    return finished(-np.log(p[np.arange(len(X)), y]).mean(), p - one_hot(s, y), W, X, reg)


@softmax_loss_naive.mistake(
    "Scores of 1,000 leave the range of floats under exp, and the logarithm of their sum is infinite."
)
def naive_overflows_in_the_sum(W, X, y, reg):
    s = X @ W
    e = np.exp(s)
    data = (np.log(e.sum(axis=1)) - s[np.arange(len(X)), y]).mean()
    return finished(data, e / e.sum(axis=1, keepdims=True) - one_hot(s, y), W, X, reg)


@softmax_loss_naive.mistake("The penalty is averaged over the examples with the rest: it is added once.")
def naive_averages_the_penalty(W, X, y, reg):
    s = X @ W
    return finished(entropy(s, y).mean(), softmax(s) - one_hot(s, y), W, X, reg / len(X))


@softmax_loss_naive.mistake(
    "Only the column of the right class gets a gradient: every class has a probability to be moved."
)
def naive_moves_the_right_class_only(W, X, y, reg):
    s = X @ W
    h = one_hot(s, y)
    return finished(entropy(s, y).mean(), (softmax(s) - 1) * h, W, X, reg)


@softmax_loss_naive.mistake("dW has no part of the penalty: reg · Σ W² grows with every weight.")
def naive_forgets_the_slope_of_the_penalty(W, X, y, reg):
    s = X @ W
    loss, dW = finished(entropy(s, y).mean(), softmax(s) - one_hot(s, y), W, X, reg)
    return loss, dW - 2 * reg * W


@softmax_loss_naive.mistake("The label is missing in dW: these are the probabilities alone.")
def naive_forgets_the_label(W, X, y, reg):
    s = X @ W
    return finished(entropy(s, y).mean(), softmax(s), W, X, reg)


@softmax_loss_naive.mistake("dW is summed over the examples, and the loss is their mean.")
def naive_sums_the_gradient(W, X, y, reg):
    s = X @ W
    return finished(entropy(s, y).mean(), (softmax(s) - one_hot(s, y)) * len(X), W, X, reg)


# -------------------------------------------------------------------------- softmax, without loops
softmax_loss_vectorized = vectorise("linear_models.softmax_loss_vectorized", CLASSES, OUTPUTS, points=4)


@softmax_loss_vectorized.mistake("The penalty is halved in dW: the slope of reg · W² is twice reg · W.")
def halves_the_slope_of_the_penalty(W, X, y, reg):
    s = X @ W
    loss, dW = finished(entropy(s, y).mean(), softmax(s) - one_hot(s, y), W, X, reg)
    return loss, dW - reg * W


@softmax_loss_vectorized.mistake("The penalty is counted double here: it is reg · Σ W², whose slope is 2 reg W.")
def counts_the_penalty_twice(W, X, y, reg):
    s = X @ W
    return finished(entropy(s, y).mean(), softmax(s) - one_hot(s, y), W, X, 2 * reg)


@softmax_loss_vectorized.mistake("The penalty has half its weight here: it is reg · Σ W², whose slope is 2 reg W.")
def halves_the_penalty(W, X, y, reg):
    s = X @ W
    return finished(entropy(s, y).mean(), softmax(s) - one_hot(s, y), W, X, reg / 2)


@softmax_loss_vectorized.mistake("The penalty sums all products of a row of W with another: Σ W² has the squares only.")
def penalises_all_products(W, X, y, reg):
    s = X @ W
    loss, dW = finished(entropy(s, y).mean(), softmax(s) - one_hot(s, y), W, X, reg)
    return loss - reg * (W**2).sum() + reg * (W @ W.T).sum(), dW


@softmax_loss_vectorized.mistake(
    "The exponentials are normalised down the columns: a row holds the scores of one example."
)
def normalises_columns(W, X, y, reg):
    s = X @ W
    p = softmax(s, axis=0)
    return finished(-np.log(p[np.arange(len(X)), y]).mean(), p - one_hot(s, y), W, X, reg)


@softmax_loss_vectorized.mistake(
    "p[:, y] takes 1 off every row in the column of every label: each row has its own label."
)
def takes_the_label_off_every_row(W, X, y, reg):
    s = X @ W
    p = softmax(s)
    p[:, y] -= 1
    return finished(entropy(s, y).mean(), p, W, X, reg)


@softmax_loss_vectorized.mistake("dW is averaged over all scores of the batch: the mean is over the examples.")
def averages_over_all_scores(W, X, y, reg):
    s = X @ W
    return finished(entropy(s, y).mean(), (softmax(s) - one_hot(s, y)) / s.shape[1], W, X, reg)


# ------------------------------------------------------------------------------- hinge, with loops
# Each margin of 1 that is counted and taken off again leaves the rounding of 1.
svm_loss_naive = plain("linear_models.svm_loss_naive", WITH_KINKS, OUTPUTS, 3, SLOPES, kinks=True, tails=1.0)


def margins(W, X, y, margin=1.0):
    """Return the violated margins (N, C), 0 where none is, and at the label."""
    s = X @ W
    return np.maximum(0, s - s[np.arange(len(X)), y][:, None] + margin) * (1 - one_hot(s, y))


def pushes(m, y):
    """Return the slopes of the summed margins for the scores (N, C)."""
    d = (m > 0) * 1.0
    return d - d.sum(axis=1, keepdims=True) * one_hot(m, y)


@svm_loss_naive.mistake("The right class is counted too: its own margin is always 1, and the loss is too large by 1.")
def naive_counts_the_right_class(W, X, y, reg):
    m = margins(W, X, y)
    return finished(m.sum() / len(X) + 1, pushes(m, y), W, X, reg)


@svm_loss_naive.mistake("The column of the right class gets nothing: every violated margin pushes it too.")
def naive_forgets_the_right_class(W, X, y, reg):
    m = margins(W, X, y)
    return finished(m.sum() / len(X), (m > 0) * 1.0, W, X, reg)


@svm_loss_naive.mistake("The right class is pushed once a row, where it is pushed once for every violated margin.")
def naive_pushes_the_right_class_once(W, X, y, reg):
    m = margins(W, X, y)
    d = (m > 0) * 1.0
    return finished(m.sum() / len(X), d - one_hot(m, y) * d.max(axis=1, keepdims=True), W, X, reg)


@svm_loss_naive.mistake("The largest violation of a row counts alone: this loss is the sum over all wrong classes.")
def naive_takes_the_worst_class(W, X, y, reg):
    m = margins(W, X, y)
    worst = m * (np.arange(m.shape[1]) == m.argmax(axis=1)[:, None])
    return finished(worst.sum() / len(X), pushes(worst, y), W, X, reg)


@svm_loss_naive.mistake("dW is not divided by the number of examples, and the loss is.")
def naive_sums_the_pushes(W, X, y, reg):
    m = margins(W, X, y)
    return finished(m.sum() / len(X), pushes(m, y) * len(X), W, X, reg)


@svm_loss_naive.mistake("dW has no part of the penalty: reg · Σ W² grows with every weight.")
def naive_forgets_the_penalty(W, X, y, reg):
    m = margins(W, X, y)
    loss, dW = finished(m.sum() / len(X), pushes(m, y), W, X, reg)
    return loss, dW - 2 * reg * W


@svm_loss_naive.mistake("The margin is missing: a class that is only just behind costs something too.")
def naive_has_no_margin(W, X, y, reg):
    m = margins(W, X, y, margin=0.0)
    return finished(m.sum() / len(X), pushes(m, y), W, X, reg)


# ---------------------------------------------------------------------------- hinge, without loops
svm_loss_vectorized = vectorise(
    "linear_models.svm_loss_vectorized", WITH_KINKS, OUTPUTS, points=4, kinks=True, tails=1.0
)


@svm_loss_vectorized.mistake(
    "The right class is counted too: its own margin is always 1, and the loss is too large by 1."
)
def counts_the_right_class(W, X, y, reg):
    m = margins(W, X, y)
    return finished(m.sum() / len(X) + 1, pushes(m, y), W, X, reg)


@svm_loss_vectorized.mistake("The right class is pushed once, where it is pushed once for every violated margin.")
def pushes_the_right_class_once(W, X, y, reg):
    m = margins(W, X, y)
    d = (m > 0) * 1.0
    return finished(m.sum() / len(X), d - one_hot(m, y) * d.max(axis=1, keepdims=True), W, X, reg)


@svm_loss_vectorized.mistake(
    "The column of the right class gets −1 in every row: it is pushed as often as a margin is violated, not at all without one."
)
def pushes_the_right_class_always(W, X, y, reg):
    m = margins(W, X, y)
    return finished(m.sum() / len(X), (m > 0) * 1.0 - one_hot(m, y), W, X, reg)


@svm_loss_vectorized.mistake("The column of the right class gets nothing: every violated margin pushes it too.")
def forgets_the_right_class(W, X, y, reg):
    m = margins(W, X, y)
    return finished(m.sum() / len(X), (m > 0) * 1.0, W, X, reg)


@svm_loss_vectorized.mistake("dW is made of the margins: for the slope it only counts that one is violated.")
def weighs_by_the_margins(W, X, y, reg):
    m = margins(W, X, y)
    return finished(m.sum() / len(X), m - m.sum(axis=1, keepdims=True) * one_hot(m, y), W, X, reg)


@svm_loss_vectorized.mistake("The penalty has half its weight here: it is reg · Σ W², whose slope is 2 reg W.")
def svm_halves_the_penalty(W, X, y, reg):
    m = margins(W, X, y)
    return finished(m.sum() / len(X), pushes(m, y), W, X, reg / 2)


@svm_loss_vectorized.mistake("The loss is averaged over all entries of the margins: the mean is over the examples.")
def averages_over_all_margins(W, X, y, reg):
    m = margins(W, X, y)
    return finished(m.mean(), pushes(m, y), W, X, reg)


# --------------------------------------------------------------------------------------- training
def loss_and_accuracy(returned, X, y):
    """Measure the weights W of a softmax regression on its data."""
    W = np.asarray(returned, dtype=np.float64)
    if W.shape != (X.shape[1], 3):
        raise Malformed(f"train_softmax must return W of shape {(X.shape[1], 3)}, its shape is {W.shape}")
    s = X @ W
    right = s[np.arange(len(s)), y]
    loss = np.log(np.exp(s - right[:, None]).sum(axis=1))  # it overflows long after the goal is missed
    return {"loss": float(loss.mean()), "accuracy": float(np.mean(s.argmax(axis=1) == y))}


train_softmax = training(
    "linear_models.train_softmax",
    three_clouds,
    loss_and_accuracy,
    at_most={"loss": 0.1},
    at_least={"accuracy": 0.93},
    points=4,
)


def descended(X, y, steps, reg=0.0, rate=1.0):
    """Return W after gradient descent from zeros."""
    W = np.zeros((X.shape[1], 3))
    for _ in range(steps):
        s = X @ W
        W = W - rate * finished(0.0, softmax(s) - one_hot(s, y), W, X, reg)[1]
    return W


@train_softmax.mistake("Training ends too soon: the loss is still falling.")
def stops_after_ten_steps(X, y):
    return descended(X, y, 10)


@train_softmax.mistake("A penalty keeps the weights small: the loss that is asked for has none.")
def trains_with_a_penalty(X, y):
    return descended(X, y, 1000, reg=0.1)


@train_softmax.mistake("The weights are those of the start, all 0.")
def stays_at_the_start(X, y):
    return np.zeros((3, 3))


@train_softmax.mistake("The weights go uphill: the loss grows from step to step.")
def climbs(X, y):
    return descended(X, y, 50, rate=-0.1)
