"""The hinge loss of two classes, and what the losses of several classes are before the first step."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain, prediction
from grader.bank.linear_models.inputs import SIGNED
from grader.judging import Personal, gradient

hinge_loss = plain(
    "linear_models.hinge_loss",
    SIGNED,
    ("J", "dw", "db"),
    3,
    (gradient(0, "dw"), gradient(0, "db")),
    kinks=True,
)


def missing(w, b, X, y):
    """Return what each example lacks of its margin, negative where it has more (N,)."""
    return 1 - y * (X @ w + b)


def gradients(active, X, y):
    """Return dw and db from the examples that count, 1 or 0 for each (N,)."""
    return X.T @ (-y * active) / len(X), np.mean(-y * active)


@hinge_loss.mistake("The labels are read as 0 and 1, and they are −1 and 1.")
def reads_the_labels_as_bits(w, b, X, y):
    t = 2 * y - 1
    m = missing(w, b, X, t)
    return np.maximum(0, m).mean(), *gradients(m > 0, X, t)


@hinge_loss.mistake("An example that is right costs nothing here, however small its margin: it must be 1 at least.")
def has_no_margin(w, b, X, y):
    m = missing(w, b, X, y) - 1
    return np.maximum(0, m).mean(), *gradients(m > 0, X, y)


@hinge_loss.mistake("Examples beyond their margin pull as well: the hinge is flat there.")
def never_stops(w, b, X, y):
    m = missing(w, b, X, y)
    return np.maximum(0, m).mean(), *gradients(np.ones(len(y)), X, y)


@hinge_loss.mistake("The hinge is squared: what an example lacks of its margin counts once.")
def squares_the_hinge(w, b, X, y):
    m = np.maximum(0, missing(w, b, X, y))
    return (m**2).mean(), *gradients(2 * m, X, y)


@hinge_loss.mistake("J is not cut off at 0: examples beyond their margin are counted as a gain.")
def counts_gains(w, b, X, y):
    m = missing(w, b, X, y)
    return m.mean(), *gradients(m > 0, X, y)


@hinge_loss.mistake("The mean is taken over the examples that violate their margin: it is over all N.")
def averages_over_the_active(w, b, X, y):
    m = missing(w, b, X, y)
    n = max(1, (m > 0).sum())
    dw, db = gradients(m > 0, X, y)
    return np.maximum(0, m).sum() / n, dw * len(y) / n, db * len(y) / n


@hinge_loss.mistake("The gradients are made of what is missing: for the slope only that something is missing counts.")
def weighs_by_what_is_missing(w, b, X, y):
    m = missing(w, b, X, y)
    return np.maximum(0, m).mean(), *gradients(np.maximum(0, m), X, y)


@hinge_loss.mistake("The label is missing in the gradient: an example of the other class pulls the other way.")
def forgets_the_label(w, b, X, y):
    m = missing(w, b, X, y)
    return np.maximum(0, m).mean(), *gradients(m > 0, X, np.ones(len(y)))


@hinge_loss.mistake(
    "An example that all but meets its margin is left out: there is no slack, as np.isclose leaves one."
)
def leaves_out_what_is_near_the_kink(w, b, X, y):
    m = missing(w, b, X, y)
    m = np.where(np.isclose(m, 0, atol=1e-5), 0, m)
    return np.maximum(0, m).mean(), *gradients(m > 0, X, y)


prediction_softmax_at_zero = prediction(
    "linear_models.prediction_softmax_at_zero",
    {
        1.0: "The logarithm is the natural one.",
        0.1: "That is the probability of each class. What is the loss of it?",
        10.0: "That is the number of classes, the inverse of each one's probability. The loss is a logarithm.",
        0.0: "Only a model that is sure and right costs nothing: this one calls all classes equally likely.",
        -2.302585092994046: "That is the logarithm of the probability. The loss is never negative.",
        9.0: "That is another loss: the hinge.",
    },
    tolerance=1e-3,
    personal=Personal(
        # So far apart that no right answer is another one's too: the logarithm has to be right to a thousandth of itself.
        {"classes": tuple(sorted({round(11 * 1.018**n) for n in range(340)}))},
        says={"ten classes": "{classes} classes"},
        notebook={"softmax_loss_vectorized(np.zeros((5, 10))": "softmax_loss_vectorized(np.zeros((5, {classes}))"},
        wrong={
            "answers_1.0": lambda classes: float(np.log10(classes)),
            "answers_0.1": lambda classes: 1 / classes,
            "answers_10.0": lambda classes: 1.0 * classes,
            "answers_0.0": lambda classes: 0.0 * classes,
            "answers_-2.302585092994046": lambda classes: -float(np.log(classes)),
            "answers_9.0": lambda classes: classes - 1.0,
        },
    ),
)
prediction_hinge_at_zero = prediction(
    "linear_models.prediction_hinge_at_zero",
    {
        10: "The right class is not in the sum.",
        1: "That is what each wrong class costs.",
        0: "All scores are equal, and a margin of 1 is asked: each wrong class is too close.",
        2.302585092994046: "That is another loss: softmax regression.",
    },
    tolerance=1e-3,
    personal=Personal(
        {"classes": range(11, 450)},
        says={"ten classes": "{classes} classes"},
        notebook={"svm_loss_vectorized(np.zeros((5, 10))": "svm_loss_vectorized(np.zeros((5, {classes}))"},
        wrong={
            "answers_10": lambda classes: classes,
            "answers_1": lambda classes: classes // classes,
            "answers_0": lambda classes: 0 * classes,
            "answers_2.302585092994046": lambda classes: float(np.log(classes)),
        },
    ),
)
