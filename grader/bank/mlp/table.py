"""Three outputs times three hidden activations from one table, and a hidden slope as a formula."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import formula, no_function
from grader.bank.mlp.units import ACTIVATIONS, activated, logistic, logsumexp, slope, smooth, softmax
from grader.judging import Exercise, Personal, array, contract, drawn, example, gradient, value

OUTPUTS = ("regression", "binary", "multiclass")


def nth_output(recipe):
    return OUTPUTS[(recipe.seed + len(recipe.style)) % 3]


def nth_hidden(recipe):
    """Return the number of the hidden unit: among large numbers ReLUs go with the softmax, so that its rows part by far."""
    return recipe.seed // 3 % 3 if recipe.seed > 2 else (recipe.seed + (recipe.style == "large")) % 3


def targets(m):
    """Draw targets (N, C) that go with the output of the same recipe."""
    n, c = m.size("N"), m.size("C")
    match nth_output(m.recipe):
        case "regression":
            return m.rng.standard_normal((n, c))
        case "binary":
            return m.rng.integers(0, 2, (n, c)).astype(float)
        case _:
            return np.eye(c)[m.rng.integers(0, c, n)]


def saturated(inputs):
    """Return the size of dV where no unit saturates: formulas of one slope part in the tails."""
    X, W = np.abs(inputs["X"]), np.abs(inputs["W"])
    if inputs["output"] == "regression":
        h = activated(inputs["X"] @ inputs["V"], inputs["hidden"])
        error = float(np.abs(h @ inputs["W"] - inputs["Y"]).max())
    else:
        error = 1.0
    return 0.0 if inputs["hidden"] == "relu" else float(X.sum(axis=0).max() * W.sum(axis=1).max() / len(X)) * error


network_loss = Exercise(
    "mlp.network_loss",
    {
        "X": array("N", "D"),
        "Y": drawn(targets),
        "W": array("M", "C"),
        "V": smooth("D", "M"),
        "output": drawn(lambda m: nth_output(m.recipe)),
        "hidden": drawn(lambda m: ACTIVATIONS[nth_hidden(m.recipe)]),
    },
    ("J", "dW", "dV"),
    (contract(), example(), value(1, "J"), value(1, "dW"), value(1, "dV"), gradient(2)),
    slack=saturated,
)


def parts(X, Y, W, V, output, hidden):
    """Return the hidden units, the loss of each example, and prediction less target, not averaged."""
    h = activated(X @ V, hidden)
    u = h @ W
    if output == "regression":
        return h, 0.5 * ((u - Y) ** 2).sum(axis=1), u - Y
    if output == "binary":
        return h, (np.maximum(u, 0) + np.log1p(np.exp(-np.abs(u))) - Y * u).sum(axis=1), logistic(u) - Y
    return h, logsumexp(u)[:, 0] - (Y * u).sum(axis=1), softmax(u) - Y


def sent_down(X, W, h, e, local):
    """Return dW and dV for an error and the slopes of the hidden units."""
    return h.T @ e, X.T @ (e @ W.T * local)


@network_loss.mistake("It is the sum over the examples: J is their mean.")
def forgets_to_average_gradients(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, output, hidden)
    return losses.mean(), *sent_down(X, W, h, e, slope(h, hidden))


@network_loss.mistake(
    "The slope of the logistic function serves for all hidden units: tanh and ReLU have slopes of their own."
)
def knows_one_slope(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, output, hidden)
    return losses.mean(), *sent_down(X, W, h, e / len(X), h * (1 - h))


@network_loss.mistake(
    "The slope of the hidden units is taken at their activation, where it belongs to the pre-activation."
)
def takes_slopes_at_h(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, output, hidden)
    return losses.mean(), *sent_down(X, W, h, e / len(X), slope(activated(h, hidden), hidden))


@network_loss.mistake(
    "The slope of the output unit is multiplied in once more: with the loss that belongs to it, it cancels."
)
def multiplies_the_output_slope(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, output, hidden)
    if output == "binary":
        p = e + Y
        e = e * p * (1 - p)
    return losses.mean(), *sent_down(X, W, h, e / len(X), slope(h, hidden))


@network_loss.mistake("Binary outputs are made to compete in a softmax: each of them is a question of its own.")
def lets_binary_outputs_compete(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, "multiclass" if output == "binary" else output, hidden)
    return losses.mean(), *sent_down(X, W, h, e / len(X), slope(h, hidden))


@network_loss.mistake("The half of the squared error is missing from J.")
def loses_the_half(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, output, hidden)
    J = losses.mean() * (2 if output == "regression" else 1)
    return J, *sent_down(X, W, h, e / len(X), slope(h, hidden))


@network_loss.mistake(
    "It is divided by N·C: the mean is over the examples, and the loss of each is the sum over its outputs."
)
def averages_over_outputs(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, output, hidden)
    return losses.sum() / Y.size, *sent_down(X, W, h, e / Y.size, slope(h, hidden))


@network_loss.mistake("dV is divided by N once too often: the mean is taken once, and travels down with the error.")
def averages_the_lower_layer_twice(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, output, hidden)
    dW, dV = sent_down(X, W, h, e / len(X), slope(h, hidden))
    return losses.mean(), dW, dV / len(X)


@network_loss.mistake(
    "Squared errors and binary losses are divided by N·C: the mean is over the examples, and each sums over its outputs."
)
def averages_some_over_outputs(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, output, hidden)
    count = len(X) if output == "multiclass" else Y.size
    return losses.sum() / count, *sent_down(X, W, h, e / count, slope(h, hidden))


@network_loss.mistake(
    "log(1 + e^u) leaves the range of floats where u is large: J breaks in the binary loss.",
    hidden="it shows only where an output is above 709, which none in a binary example is",
)
def overflows_in_the_binary_loss(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, output, hidden)
    if output == "binary":
        u = h @ W
        losses = (np.log(1 + np.exp(u)) - Y * u).sum(axis=1)
    return losses.mean(), *sent_down(X, W, h, e / len(X), slope(h, hidden))


@network_loss.mistake("ReLUs let the error through where it is positive: they must where they are on themselves.")
def masks_by_the_error(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, output, hidden)
    local = (e @ W.T > 0) * 1.0 if hidden == "relu" else slope(h, hidden)
    return losses.mean(), *sent_down(X, W, h, e / len(X), local)


@network_loss.mistake("With squared errors the gradient is divided by N twice: J is a mean, and that is one division.")
def averages_regression_twice(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, output, hidden)
    count = len(X) ** 2 if output == "regression" else len(X)
    return losses.mean(), *sent_down(X, W, h, e / count, slope(h, hidden))


@network_loss.mistake(
    "The slope of tanh is taken at the activation, where it belongs to the pre-activation; other slopes are right."
)
def takes_the_slope_of_tanh_at_h(X, Y, W, V, output, hidden):
    h, losses, e = parts(X, Y, W, V, output, hidden)
    local = 1 - np.tanh(h) ** 2 if hidden == "tanh" else slope(h, hidden)
    return losses.mean(), *sent_down(X, W, h, e / len(X), local)


# ------------------------------------------------------------------------------ a slope as formula
tanh_slope = formula(
    "mlp.tanh_slope",
    {"h": drawn(lambda m: float(m.rng.uniform(-1, 1)))},
    1,
    form=(no_function("tanh"),),
    regimes=("randn", "odd"),
    personal=Personal(
        {"height": tuple(n / 100 for n in range(111, 250)), "rate": tuple(n / 100 for n in range(31, 95))},
        says={
            "h = tanh(z)": "h = {height}·tanh({rate}·z)",
            "Source: Bishop 2006, eq. 5.60.": "Compare Bishop 2006, eq. 5.60.",
        },
        notebook={
            "returns what stands in the place of the question mark, as text: a formula in `h`\n> alone": "is about a scaled"
            " unit, $h = {height}\\tanh({rate}\\,z)$, and returns its derivative for $z$ as text: a formula in `h`\n> alone",
            "At $h = 0$ it has the value 1.": "At $h = 0$ it has the value {steepest}.",
        },
        words=lambda height, rate: {"steepest": f"{height * rate:.12g}"},
        without=("forgets_the_square", "squares_the_difference"),
    ),
)


@tanh_slope.mistake("That is the slope of the logistic function in terms of its output.")
def gives_the_logistic_slope():
    return "h*(1 - h)"


@tanh_slope.mistake("h is the output already: at h = 0.9 the curve is flat, and this is not.")
def forgets_the_square():
    return "1 - h"


@tanh_slope.mistake("The slope falls as h leaves 0, on both sides: this one grows.")
def adds_the_square(*, height=1.0, rate=1.0):
    return f"{rate} * ({height} + h^2 / {height})"


@tanh_slope.mistake("That is the reciprocal: dz/dh, where dh/dz is asked.")
def turns_the_slope_over(*, height=1.0, rate=1.0):
    return f"1 / ({rate} * ({height} - h^2 / {height}))"


@tanh_slope.mistake("(1 − h)² is 1 − 2h + h²: at h = −1 the curve is flat as well, and this is 4.")
def squares_the_difference():
    return "(1 - h)^2"


@tanh_slope.mistake("That is the slope at h = 0 alone: it falls on both sides.")
def gives_the_steepest(*, height=1.0, rate=1.0):
    return f"{rate} * {height}"
