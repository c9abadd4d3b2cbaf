"""The two-layer classifier: its cost, what that is where nothing is learnt, and its gradients."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain, prediction
from grader.bank.mlp.units import logistic, logsumexp, one_hot, smooth, softmax
from grader.judging import array

NET = {"X": array("N", "D"), "Y": one_hot("N", "C"), "W": array("M", "C"), "V": smooth("D", "M")}

# ------------------------------------------------------------------------------------------ cost
cost = plain("mlp.cost", NET, ("J",))


def losses(Y, u):
    """Return the loss of each example (N,)."""
    return logsumexp(u)[:, 0] - (Y * u).sum(axis=1)


@cost.mistake("The cost is summed over the examples, where their mean is asked.")
def sums_the_cost(X, Y, W, V):
    return losses(Y, logistic(X @ V) @ W).sum()


@cost.mistake("The sum is divided by all entries of Y: the mean is over the examples.")
def averages_the_cost_over_entries(X, Y, W, V):
    return losses(Y, logistic(X @ V) @ W).sum() / Y.size


@cost.mistake("The hidden layer has no nonlinearity here: that is one linear map, X V W.")
def forgets_the_hidden_units(X, Y, W, V):
    return losses(Y, X @ V @ W).mean()


@cost.mistake("The hidden units are tanh, where the logistic function is asked.")
def hides_tanh(X, Y, W, V):
    return losses(Y, np.tanh(X @ V) @ W).mean()


@cost.mistake("The outputs are squashed by the logistic function before the softmax: u is linear in h.")
def squashes_the_logits(X, Y, W, V):
    return losses(Y, logistic(logistic(X @ V) @ W)).mean()


@cost.mistake("The term of the right class is missing: this is the log-sum-exp alone.")
def forgets_the_right_class(X, Y, W, V):
    return logsumexp(logistic(X @ V) @ W).mean()


@cost.mistake(
    "Large logits leave the range of floats under exp, and the cost breaks.",
)
def overflows_in_the_logits(X, Y, W, V):
    u = logistic(X @ V) @ W
    return (np.log(np.exp(u).sum(axis=1)) - (Y * u).sum(axis=1)).mean()


@cost.mistake("The softmax runs over the examples: each example has its own distribution over the classes.")
def normalises_over_examples(X, Y, W, V):
    u = logistic(X @ V) @ W
    return (Y * (logsumexp(u, axis=0) - u)).sum() / len(X)


@cost.mistake("Each logit has a logistic output and a loss of its own here: the classes share one softmax.")
def asks_each_class_by_itself(X, Y, W, V):
    u = logistic(X @ V) @ W
    return (np.logaddexp(0, u) - Y * u).sum(axis=1).mean()


@cost.mistake("The hidden units break where z is large: in e^z / (1 + e^z) both parts leave the range of floats.")
def overflows_in_the_hidden_units(X, Y, W, V):
    e = np.exp(X @ V)
    return losses(Y, e / (1 + e) @ W).mean()


@cost.mistake(
    "Probabilities below 1e-12 are raised to it: no example can cost more than 27.6, however wrong the net is of it."
)
def caps_the_loss(X, Y, W, V):
    return -(Y * np.log(np.clip(softmax(logistic(X @ V) @ W), 1e-12, 1))).sum(axis=1).mean()


# ------------------------------------------------------------------------------------ prediction
predict_zero_net_loss = prediction(
    "mlp.predict_zero_net_loss",
    {
        0.0: "A net that knows nothing is not certain of the right class: its loss is not 0.",
        0.25: "That is the probability of the right class. The loss is minus its logarithm.",
        2.0: "That is the logarithm to the base 2, and the loss has the natural one.",
        4.0: "That is the number of classes: what is asked is a mean of logarithms.",
        0.6931471805599453: "That is the loss for two classes, and there are four.",
        2.302585092994046: "That is log 10: the softmax is over the classes, not over the hidden units.",
        69.31471805599453: "That is the sum over the examples: J is their mean.",
    },
    tolerance=5e-3,  # 1.38 and 1.39 are three digits of it
)


# ------------------------------------------------------------------------------------- gradients
def saturated(inputs):
    """Return the size of dV where no unit saturates: h(1 − h) and e^−z σ(z)² part in the tails."""
    X, W = np.abs(inputs["X"]), np.abs(inputs["W"])
    return float(X.sum(axis=0).max() * W.sum(axis=1).max() / len(X))


gradients = plain(
    "mlp.gradients",
    NET,
    ("dW", "dV"),
    4,
    slack=saturated,
    places={"dW": ("hidden unit", "class"), "dV": ("feature", "hidden unit")},
)


def errors(X, Y, W, V):
    """Return the hidden units, and probabilities less labels, not averaged."""
    h = logistic(X @ V)
    return h, softmax(h @ W) - Y


@gradients.mistake(
    "dV is divided by N once too often: the mean is taken once, where the error starts, and travels down with it."
)
def averages_the_lower_layer_twice(X, Y, W, V):
    h, e = errors(X, Y, W, V)
    e = e / len(X)
    return h.T @ e, X.T @ (e @ W.T * h * (1 - h)) / len(X)


@gradients.mistake("dW is divided by N twice: J is a mean, and that is one division.")
def averages_the_upper_layer_twice(X, Y, W, V):
    h, e = errors(X, Y, W, V)
    e = e / len(X)
    return h.T @ e / len(X), X.T @ (e @ W.T * h * (1 - h))


@gradients.mistake("It is the sum over the examples: J is their mean.")
def sums_both_gradients(X, Y, W, V):
    h, e = errors(X, Y, W, V)
    return h.T @ e, X.T @ (e @ W.T * h * (1 - h))


@gradients.mistake(
    "The hidden slope is taken at the activation, where it belongs to the pre-activation: σ was applied a second time."
)
def takes_the_slope_at_h(X, Y, W, V):
    h, e = errors(X, Y, W, V)
    s = logistic(h)
    return h.T @ e / len(X), X.T @ (e @ W.T * s * (1 - s)) / len(X)


@gradients.mistake("The slope of the hidden units is missing from dV: the error went through them unchanged.")
def forgets_the_hidden_slope(X, Y, W, V):
    h, e = errors(X, Y, W, V)
    return h.T @ e / len(X), X.T @ (e @ W.T) / len(X)


@gradients.mistake("The labels are missing from the error: these are the probabilities alone.")
def forgets_the_labels(X, Y, W, V):
    h = logistic(X @ V)
    e = softmax(h @ W) / len(X)
    return h.T @ e, X.T @ (e @ W.T * h * (1 - h))


@gradients.mistake("It points the other way: the error is the probability less the label.")
def turns_the_error(X, Y, W, V):
    h, e = errors(X, Y, W, V)
    return -h.T @ e / len(X), -X.T @ (e @ W.T * h * (1 - h)) / len(X)


@gradients.mistake("On its way down the error is shared out without the weights: each unit's share goes through W.")
def ignores_weights_on_the_way_down(X, Y, W, V):
    h, e = errors(X, Y, W, V)
    return h.T @ e / len(X), X.T @ (e @ np.ones_like(W).T * h * (1 - h)) / len(X)


@gradients.mistake("W is reshaped on the way down, where it must be transposed: its numbers land in other pairs.")
def reshapes_weights_on_the_way_down(X, Y, W, V):
    h, e = errors(X, Y, W, V)
    return h.T @ e / len(X), X.T @ (e @ W.reshape(W.shape[::-1]) * h * (1 - h)) / len(X)


@gradients.mistake("The slope is 1 − h², which is that of tanh: the hidden units are logistic.")
def takes_the_slope_of_tanh(X, Y, W, V):
    h, e = errors(X, Y, W, V)
    return h.T @ e / len(X), X.T @ (e @ W.T * (1 - h**2)) / len(X)


@gradients.mistake("The error is made with a logistic output for each logit: the classes share one softmax.")
def makes_the_error_class_by_class(X, Y, W, V):
    h = logistic(X @ V)
    e = (logistic(h @ W) - Y) / len(X)
    return h.T @ e, X.T @ (e @ W.T * h * (1 - h))


@gradients.mistake("The error is multiplied by p(1 − p): with the loss that belongs to the softmax, its slope cancels.")
def multiplies_the_output_slope(X, Y, W, V):
    h, e = errors(X, Y, W, V)
    p = e + Y
    e = e * p * (1 - p) / len(X)
    return h.T @ e, X.T @ (e @ W.T * h * (1 - h))
