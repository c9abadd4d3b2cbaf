"""Linear regression: with loops, without, as a formula, a step of it, and a version to mend."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import formula, plain, planted_fault, vectorise
from grader.bank.linear_models.inputs import LINEAR, bias, counted_first, rows, targets, weight_of_penalty
from grader.judging import array, drawn, gradient, scalar

OUTPUTS = ("J", "dw", "db")
SLOPES = (gradient(0, "dw"), gradient(0, "db"))
"""Shown to students: the gradients agree with the slopes of their own loss."""

# -------------------------------------------------------------------------------------- with loops
linear_loss_loop = plain("linear_models.linear_loss_loop", LINEAR, OUTPUTS, 3, SLOPES)


def error(w, b, X, y):
    """Return predictions less targets (N,)."""
    return X @ w + b - y


@linear_loss_loop.mistake("J is summed over the examples, where the mean is asked.")
def loop_sums_the_loss(w, b, X, y):
    e = error(w, b, X, y)
    return (e**2).sum(), 2 * X.T @ e / len(X), 2 * e.mean()


@linear_loss_loop.mistake("The share of the last example is there alone: each pass of the loop adds its own.")
def loop_keeps_the_last_example(w, b, X, y):
    e = error(w, b, X, y)
    return (e**2).mean(), 2 * X[-1] * e[-1] / len(X), 2 * e[-1] / len(X)


@linear_loss_loop.mistake("The gradient is summed over the examples: it is that of a mean, as J is.")
def loop_sums_the_gradients(w, b, X, y):
    e = error(w, b, X, y)
    return (e**2).mean(), 2 * X.T @ e, 2 * e.sum()


@linear_loss_loop.mistake("The 2 that comes down from the square is missing: there is no ½ in this J.")
def loop_forgets_the_two(w, b, X, y):
    e = error(w, b, X, y)
    return (e**2).mean(), X.T @ e / len(X), e.mean()


@linear_loss_loop.mistake("The bias is not part of the prediction: b moves every one of them.")
def loop_forgets_the_bias(w, b, X, y):
    e = error(w, 0.0, X, y)
    return (e**2).mean(), 2 * X.T @ e / len(X), 2 * e.mean()


# ----------------------------------------------------------------------------------- without loops
linear_loss = vectorise("linear_models.linear_loss", LINEAR, OUTPUTS, points=3)


@linear_loss.mistake(
    "X and w are multiplied entry by entry and added up over the whole batch: each example has a prediction of its own."
)
def multiplies_entry_by_entry(w, b, X, y):
    e = np.sum(X * w) + b - y
    return (e**2).mean(), 2 * X.T @ e / len(X), 2 * e.mean()


@linear_loss.mistake("dw keeps a column for each example: w is shared by all of them, so their shares add up.")
def keeps_the_examples_apart(w, b, X, y):
    e = error(w, b, X, y)
    return (e**2).mean(), 2 * X.T * e / len(X), 2 * e.mean()


@linear_loss.mistake("The gradient is averaged twice: it is divided by N², where the mean divides by N.")
def averages_the_gradients_twice(w, b, X, y):
    e = error(w, b, X, y)
    return (e**2).mean(), 2 * X.T @ e / len(X) ** 2, 2 * e.mean() / len(X)


@linear_loss.mistake("The 2 that comes down from the square is missing: there is no ½ in this J.")
def forgets_the_two(w, b, X, y):
    e = error(w, b, X, y)
    return (e**2).mean(), X.T @ e / len(X), e.mean()


@linear_loss.mistake("J is halved: this course's J is the mean of the squares.")
def halves_the_loss(w, b, X, y):
    e = error(w, b, X, y)
    return (e**2).mean() / 2, 2 * X.T @ e / len(X), 2 * e.mean()


@linear_loss.mistake("The gradient points the other way, as with target less prediction for the error.")
def takes_predictions_from_targets(w, b, X, y):
    e = error(w, b, X, y)
    return (e**2).mean(), -2 * X.T @ e / len(X), -2 * e.mean()


# ---------------------------------------------------------------------------------------- formula
mse_gradient = formula(
    "linear_models.mse_gradient",
    {"X": array("N", "D"), "w": array("D"), "y": array("N"), "N": drawn(lambda m: float(m.size("N")))},
    points=2,
    matrices=True,
)


@mse_gradient.mistake("The 2 that comes down from the square is missing.")
def formula_without_the_two():
    return "1 / N * X^T * (X * w - y)"


@mse_gradient.mistake("The error is target less prediction: the gradient points the other way.")
def formula_of_the_other_sign():
    return "2 / N * X^T * (y - X * w)"


@mse_gradient.mistake("The mean is missing: J is divided by N, and so is its gradient.")
def formula_of_the_sum():
    return "2 * X^T * (X * w - y)"


@mse_gradient.mistake("This is J itself, a number.")
def formula_of_the_loss():
    return "1 / N * (X * w - y)^T * (X * w - y)"


@mse_gradient.mistake("The targets are missing: only the part of the gradient that depends on w is there.")
def formula_without_targets():
    return "2 / N * X^T * X * w"


# ------------------------------------------------------------------------------------------- step
gradient_step = plain(
    "linear_models.gradient_step",
    {"w": array("D"), "b": drawn(bias), "dw": array("D"), "db": drawn(bias), "learning_rate": scalar(0.001, 2.0)},
    ("w", "b"),
    1,
)


@gradient_step.mistake("The step goes uphill: a gradient points where the loss grows.")
def steps_uphill(w, b, dw, db, learning_rate):
    return w + learning_rate * dw, b + learning_rate * db


@gradient_step.mistake("The learning rate is left out.")
def takes_the_whole_gradient(w, b, dw, db, learning_rate):
    return w - dw, b - db


@gradient_step.mistake(
    "The gradient of w and b is divided by its length: the step is as long where the loss is flat as where it is steep."
)
def steps_of_one_length(w, b, dw, db, learning_rate):
    length = np.sqrt(np.sum(dw**2) + db**2) + 1e-12
    return w - learning_rate * dw / length, b - learning_rate * db / length


@gradient_step.mistake("The bias stays where it was: it is a parameter like the weights.")
def leaves_the_bias(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b


@gradient_step.mistake("These are the steps, not the parameters after them.")
def returns_the_steps(w, b, dw, db, learning_rate):
    return -learning_rate * dw, -learning_rate * db


# ---------------------------------------------------------------------------------- planted fault
mended_ridge_loss = planted_fault(
    "linear_models.mended_ridge_loss",
    {"w": counted_first(array("D", "1"), "N"), "X": drawn(rows), "y": drawn(targets), "lam": drawn(weight_of_penalty)},
    ("loss", "dw"),
    planted="compares_all_with_all",
    points=2,
)


@mended_ridge_loss.mistake(
    "A column (N, 1) less a row (N,) is an (N, N) table: every prediction is compared with every target, not with its own."
)
def compares_all_with_all(w, X, y, lam):
    N = len(X)
    error = X @ w - y
    loss = np.mean(error**2) + lam * np.sum(w**2)
    dw = 2 / N * np.mean(X.T @ error, axis=1, keepdims=True) + 2 * lam * w
    return loss, dw


@mended_ridge_loss.mistake("The predictions are a row now, and dw with them: dw must have the shape of w, a column.")
def returns_a_flat_gradient(w, X, y, lam):
    N = len(X)
    error = (X @ w)[:, 0] - y
    return np.mean(error**2) + lam * np.sum(w**2), 2 / N * X.T @ error + 2 * lam * w[:, 0]


@mended_ridge_loss.mistake(
    "The error is a row now and w still a column: adding the two parts of dw makes a table of all their pairs."
)
def adds_a_row_to_a_column(w, X, y, lam):
    N = len(X)
    error = (X @ w)[:, 0] - y
    return np.mean(error**2) + lam * np.sum(w**2), 2 / N * X.T @ error + 2 * lam * w


@mended_ridge_loss.mistake(
    "The comparison is mended, and with it the mean over the examples has left dw: the loss is a mean."
)
def loses_the_mean_in_dw(w, X, y, lam):
    error = X @ w - y[:, None]
    return np.mean(error**2) + lam * np.sum(w**2), 2 * X.T @ error + 2 * lam * w
