"""The regularised logistic loss of one example, with labels −1 and 1."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.bank.linear_models.inputs import sigmoid, softplus
from grader.judging import array, drawn, gradient, scalar


def signs(m):
    """Draw the label of one example; far from 0, where w·x is large and positive, by turns: the model is sure, and often wrong."""
    label = int(m.rng.choice((-1, 1)))
    return 1 - 2 * (m.recipe.seed % 2) if m.recipe.style == "offset" else label


logistic_loss_signed = plain(
    "linear_models.logistic_loss_signed",
    {"w": array("D"), "x": array("D"), "y": drawn(signs), "lam": scalar(0.1, 3.0)},
    ("L", "dw"),
    3,
    (gradient(0, "dw"),),
    tails=1.0,
)


def penalised(w, x, y, lam):
    """Return L, and the slope of its second term for w."""
    m = y * (w @ x)
    return 0.5 * (w @ w) + lam * softplus(-m), -lam * y * sigmoid(-m) * x


@logistic_loss_signed.mistake(
    "The penalty is the product of w with itself as a table, summed: ‖w‖² has its diagonal only."
)
def sums_the_outer_product(w, x, y, lam):
    L, slope = penalised(w, x, y, lam)
    return L - 0.5 * (w @ w) + 0.5 * np.outer(w, w).sum(), w + slope


@logistic_loss_signed.mistake("The penalty is counted double: it is ½‖w‖², whose slope is w.")
def counts_the_penalty_double(w, x, y, lam):
    L, slope = penalised(w, x, y, lam)
    return L + 0.5 * (w @ w), 2 * w + slope


@logistic_loss_signed.mistake("λ weighs the penalty, where it weighs the data.")
def weighs_the_penalty(w, x, y, lam):
    m = y * (w @ x)
    return 0.5 * lam * (w @ w) + softplus(-m), lam * w - y * sigmoid(-m) * x


@logistic_loss_signed.mistake(
    "The label is read as 0 or 1, and it is −1 or 1: for y = −1 the loss is that of no model."
)
def reads_the_sign_as_zero_or_one(w, x, y, lam):
    z = w @ x
    return 0.5 * (w @ w) + lam * (softplus(z) - y * z), w + lam * (sigmoid(z) - y) * x


@logistic_loss_signed.mistake("dw has no part of the penalty: ½‖w‖² grows with w.")
def forgets_the_slope_of_the_penalty(w, x, y, lam):
    L, slope = penalised(w, x, y, lam)
    return L, slope


@logistic_loss_signed.mistake(
    "The gradient carries a slope σ' too many: it cancels between the logarithm and the sigmoid."
)
def carries_an_extra_slope(w, x, y, lam):
    L, slope = penalised(w, x, y, lam)
    return L, w + slope * sigmoid(w @ x)


@logistic_loss_signed.mistake("The label is missing in dw: for y = −1 the second term pulls the other way.")
def forgets_the_label_in_dw(w, x, y, lam):
    L, slope = penalised(w, x, y, lam)
    return L, w + y * slope


@logistic_loss_signed.mistake(
    "e^{−y w·x} leaves the range of floats where the model is sure and wrong, and L is infinite."
)
def overflows_where_sure_and_wrong(w, x, y, lam):
    return 0.5 * (w @ w) + lam * np.log(1 + np.exp(-y * (w @ x))), w + penalised(w, x, y, lam)[1]
