"""Logistic regression: its loss with loops and without, with both kinds of labels, and what it predicts."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain, prediction, training, vectorise
from grader.bank.linear_models.clouds import two_clouds
from grader.bank.linear_models.inputs import BINARY, WEIGHTS, bias, sigmoid, softplus
from grader.judging import Malformed, drawn, gradient, styled

OUTPUTS = ("J", "dw", "db")
SLOPES = (gradient(0, "dw"), gradient(0, "db"))
"""Shown to students: the gradients agree with the slopes of their own loss."""

# -------------------------------------------------------------------------------------- with loops
logistic_loss_loop = plain("linear_models.logistic_loss_loop", BINARY, OUTPUTS, 3, SLOPES, tails=1.0)


def entropy(z, y):
    """Return the cross-entropy of each example (N,), from its logit."""
    return y * softplus(-z) + (1 - y) * softplus(z)


def gradients(slope, X):
    """Return dw and db from the slopes of the loss for each logit (N,), averaged."""
    return X.T @ slope / len(X), slope.mean()


@logistic_loss_loop.mistake("The logarithm of a probability that rounds to 0 or 1 breaks J where |z| is large.")
def loop_takes_the_logarithm_of_zero(w, b, X, y):
    z = X @ w + b
    p = sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), *gradients(p - y, X)


@logistic_loss_loop.mistake("J is summed over the examples, where the mean is asked.")
def loop_sums_the_entropies(w, b, X, y):
    z = X @ w + b
    return entropy(z, y).sum(), *gradients(sigmoid(z) - y, X)


@logistic_loss_loop.mistake("The share of the last example is there alone: each pass of the loop adds its own.")
def loop_keeps_the_last_gradient(w, b, X, y):
    z = X @ w + b
    s = sigmoid(z) - y
    return entropy(z, y).mean(), s[-1] * X[-1] / len(X), s[-1] / len(X)


@logistic_loss_loop.mistake("The gradient is summed over the examples: it is that of a mean, as J is.")
def loop_forgets_to_average(w, b, X, y):
    z = X @ w + b
    s = sigmoid(z) - y
    return entropy(z, y).mean(), X.T @ s, s.sum()


@logistic_loss_loop.mistake("There is a slope σ' too many: it cancels between the logarithm and the sigmoid.")
def loop_multiplies_by_the_slope(w, b, X, y):
    z = X @ w + b
    p = sigmoid(z)
    return entropy(z, y).mean(), *gradients((p - y) * p * sigmoid(-z), X)


@logistic_loss_loop.mistake("The bias is not part of the logit: b moves every one of them.")
def loop_leaves_the_bias_out(w, b, X, y):
    z = X @ w
    return entropy(z, y).mean(), *gradients(sigmoid(z) - y, X)


# ----------------------------------------------------------------------------------- without loops
logistic_loss = vectorise("linear_models.logistic_loss", BINARY, OUTPUTS, points=4, tails=1.0)


@logistic_loss.mistake(
    "1 − p is 0 to the last digit as soon as z exceeds 37, and the logarithm of 0 is infinite: J breaks where the model is sure."
)
def takes_the_logarithm_of_zero(w, b, X, y):
    z = X @ w + b
    p = sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), *gradients(p - y, X)


@logistic_loss.mistake("The gradient carries a slope σ' too many: it cancels between the logarithm and the sigmoid.")
def multiplies_by_the_slope_of_the_sigmoid(w, b, X, y):
    z = X @ w + b
    p = sigmoid(z)
    return entropy(z, y).mean(), *gradients((p - y) * p * (1 - p), X)


@logistic_loss.mistake(
    "The labels are read as −1 and 1, and they are 0 and 1: where y is 0, nothing depends on the logit."
)
def reads_the_labels_as_signs(w, b, X, y):
    z = X @ w + b
    return softplus(-y * z).mean(), *gradients(-y * sigmoid(-y * z), X)


@logistic_loss.mistake("e^z leaves the range of floats where z exceeds 709, and J is infinite or not a number.")
def overflows(w, b, X, y):
    z = X @ w + b
    return np.mean(np.log(1 + np.exp(z)) - y * z), *gradients(sigmoid(z) - y, X)


@logistic_loss.mistake("The gradient is averaged twice: it is divided by N², where the mean divides by N.")
def averages_twice(w, b, X, y):
    z = X @ w + b
    dw, db = gradients(sigmoid(z) - y, X)
    return entropy(z, y).mean(), dw / len(X), db / len(X)


@logistic_loss.mistake("J is summed over the examples, where the mean is asked.")
def sums_the_entropies(w, b, X, y):
    z = X @ w + b
    return entropy(z, y).sum(), *gradients(sigmoid(z) - y, X)


@logistic_loss.mistake("The gradient points the other way, as with labels less probabilities.")
def takes_probabilities_from_labels(w, b, X, y):
    z = X @ w + b
    return entropy(z, y).mean(), *gradients(y - sigmoid(z), X)


@logistic_loss.mistake("Only the examples with y = 1 cost anything: the term of 1 − y is missing in J.")
def forgets_the_other_class(w, b, X, y):
    z = X @ w + b
    return (y * softplus(-z)).mean(), *gradients(sigmoid(z) - y, X)


@logistic_loss.mistake("dw keeps a column for each example: w is shared by all of them, so their shares add up.")
def keeps_a_column_an_example(w, b, X, y):
    z = X @ w + b
    s = sigmoid(z) - y
    return entropy(z, y).mean(), X.T * s / len(X), s.mean()


# ------------------------------------------------------------------------------------- prediction
prediction_doubled_data = prediction(
    "linear_models.prediction_doubled_data",
    {
        "abc": "J, dw and db are means: of twice as many numbers, each of them twice.",
        "abcde": "Of these, means stay as they are when every example is given twice.",
        "bcde": "dw and db of logistic_loss are means too, as J is.",
        "d": "Both gradients of a sum have a term for each example, the one for b too.",
        "e": "Both gradients of a sum have a term for each example, the one for w too.",
        "bde": "J, dw and db are means alike: what moves one of them would move all three.",
        "cde": "J, dw and db are means alike: what moves one of them would move all three.",
        "ade": "J is a mean: of twice as many numbers, each of them twice.",
    },
    several=True,
)


# ---------------------------------------------------------------------------------------- predict
def near_the_boundary(m):
    """Draw a bias: where the weights are small, so small that the logits are a millionth, and of both signs; among ties none."""
    return bias(m) * {"small": 1e-7, "ties": 0.0}.get(m.recipe.style, 1.0)


def one_on_the_boundary(m):
    """Draw X (N, D); among ties the first row is 0, and as there is no bias its logit too, in a worked example as well."""
    X = styled(m.recipe.style, m.rng, (m.size("N"), m.size("D")))
    if m.recipe.style == "ties":
        X[0] = 0.0
    return X


predict = plain(
    "linear_models.predict",
    {
        **WEIGHTS,
        "b": drawn(near_the_boundary),
        "X": drawn(one_on_the_boundary),
    },  # not edited: a logit of 1e-17 has no sign that all could agree on
    ("labels",),
    1,
)


@predict.mistake("These are probabilities: a label is 0 or 1.")
def returns_probabilities(w, b, X):
    return sigmoid(X @ w + b)


@predict.mistake("The labels are −1 and 1: they are 0 and 1 here.")
def returns_signs(w, b, X):
    return np.where(X @ w + b >= 0, 1.0, -1.0)


@predict.mistake("The logit is compared with ½: that is the threshold for the probability.")
def compares_the_logit_with_a_half(w, b, X):
    return np.where(X @ w + b >= 0.5, 1.0, 0.0)


@predict.mistake("A logit of exactly 0 gives 0: the probability ½ counts as 1 here.")
def excludes_the_boundary(w, b, X):
    return np.where(X @ w + b > 0, 1.0, 0.0)


@predict.mistake("Logits that are a little below 0 give 1: the boundary is 0 itself.")
def tolerates_a_little(w, b, X):
    return np.where(X @ w + b >= -1e-5, 1.0, 0.0)


@predict.mistake("The bias is left out: it moves the boundary off the origin.")
def leaves_the_bias_out(w, b, X):
    return np.where(X @ w >= 0, 1.0, 0.0)


@predict.mistake("The labels are swapped: a large logit speaks for y = 1.")
def swaps_the_labels(w, b, X):
    return np.where(X @ w + b >= 0, 0.0, 1.0)


# --------------------------------------------------------------------------------------- training
def loss_and_accuracy(returned, X, y):
    """Measure parameters (w, b) of a logistic regression on its data."""
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        raise Malformed("train_logistic must return two values (w, b)")
    w, b = np.asarray(returned[0], dtype=np.float64), np.asarray(returned[1], dtype=np.float64)
    if w.shape != X.shape[1:] or b.size != 1:
        raise Malformed(f"train_logistic must return w of shape {X.shape[1:]} and a number b")
    z = X @ w + float(b.ravel()[0])
    loss = np.log(1 + np.exp(np.where(y == 1, -z, z)))  # it overflows long after the goal is missed
    return {"loss": float(np.mean(loss)), "accuracy": float(np.mean((z >= 0) == (y == 1)))}


train_logistic = training(
    "linear_models.train_logistic",
    two_clouds,
    loss_and_accuracy,
    at_most={"loss": 0.205},
    at_least={"accuracy": 0.88},
    points=4,
)


def descended(X, y, steps, rate=1.0, slope=lambda z, y: sigmoid(z) - y, bias=True):
    """Return (w, b) after gradient descent from zeros with these slopes for each logit."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        dw, db = gradients(slope(X @ w + b, y), X)
        w, b = w - rate * dw, b - rate * db * bias
    return w, b


@train_logistic.mistake("Training ends too soon: the loss is still falling.")
def stops_after_three_steps(X, y):
    return descended(X, y, 3)


@train_logistic.mistake("The loss grows from step to step: the steps go uphill.")
def climbs(X, y):
    return descended(X, y, 50, rate=-0.1)


@train_logistic.mistake("The parameters are those of the start, all 0.")
def does_not_train(X, y):
    return np.zeros(2), 0.0


@train_logistic.mistake("The bias stays at 0, and the clouds do not lie on two sides of the origin.")
def does_not_train_the_bias(X, y):
    return descended(X, y, 500, bias=False)
