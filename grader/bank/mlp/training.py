"""Runs: ten rows learnt by heart, and Iris."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import training
from grader.bank.mlp.units import logistic, softmax
from grader.judging import Malformed, model

SEED = 3


def outputs_and_cost(X, Y, W, V):
    """Return the outputs of a net (N, 3), before the softmax, and its cost.

    For three classes and no other number: students are given this, and ``cost`` asks for any.
    """
    u = 1 / (1 + np.exp(-X @ V)) @ W
    a, b, c = u.T
    return u, (np.logaddexp(np.logaddexp(a, b), c) - (Y * u).sum(axis=1)).mean()


def net_of(returned, features, classes, function, widths):
    """Return W and V of a two-layer net.

    Raises:
        Malformed: they are not finite arrays of the shapes that were asked for.

    """
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        raise Malformed(f"{function} must return two values (W, V)")
    W, V = (np.asarray(part, dtype=float) for part in returned)
    if W.ndim != 2 or V.ndim != 2 or V.shape != (features, len(W)) or W.shape[1] != classes or len(W) not in widths:
        width = widths[0] if len(widths) == 1 else "M"
        raise Malformed(
            f"W must have shape ({width}, {classes}) and V ({features}, {width}), they have {W.shape} and {V.shape}"
        )
    return W, V


def descend(X, Y, seed, width, learning_rate, steps, start=1.0):
    """Run gradient descent from weights of this size; return W and V."""
    rng = np.random.default_rng(seed)
    V, W = start * rng.standard_normal((X.shape[1], width)), start * rng.standard_normal((width, Y.shape[1]))
    for _ in range(steps):
        h = logistic(X @ V)
        e = (softmax(h @ W) - Y) / len(X)
        W, V = W - learning_rate * (h.T @ e), V - learning_rate * (X.T @ (e @ W.T * h * (1 - h)))
    return W, V


# --------------------------------------------------------------------------------- ten rows
def ten_rows():
    rng = np.random.default_rng(SEED)
    X = np.column_stack([rng.standard_normal((10, 2)), np.ones(10)])
    return X, np.eye(3)[np.arange(10) % 3], 0


def learnt(returned, X, Y, seed):
    W, V = net_of(returned, 3, 3, "overfit_ten", range(1, 201))
    return {"cost": outputs_and_cost(X, Y, W, V)[1]}


overfit_ten = training(
    "mlp.overfit_ten", ten_rows, learnt, at_most={"cost": 0.01}, points=3, helpers=(net_of, outputs_and_cost)
)


@overfit_ten.mistake("The run starts from zero: all hidden units stay alike, and one of them cannot hold ten rows.")
def starts_from_zero(X, Y, seed):
    return descend(X, Y, seed, 32, 2.0, 4000, start=0.0)


@overfit_ten.mistake("The run ends long before the cost has come down.")
def ends_too_soon(X, Y, seed):
    return descend(X, Y, seed, 32, 2.0, 100)


@overfit_ten.mistake("One or two hidden units cannot tell ten rows apart.")
def has_too_narrow_a_layer(X, Y, seed):
    return descend(X, Y, seed, 2, 2.0, 4000)


@overfit_ten.mistake("The weights are those of the start: nothing was learnt.")
def returns_the_start(X, Y, seed):
    return descend(X, Y, seed, 32, 2.0, 0)


# -------------------------------------------------------------------------------------- Iris
def irises():
    return model("mlp.IRIS_X"), model("mlp.IRIS_Y"), 0


def told_apart(returned, X, Y, seed):
    W, V = net_of(returned, 3, 3, "train_iris", (16,))
    u, cost = outputs_and_cost(X, Y, W, V)
    return {"accuracy": (u.argmax(axis=1) == Y.argmax(axis=1)).mean(), "cost": cost}


train_iris = training(
    "mlp.train_iris",
    irises,
    told_apart,
    at_least={"accuracy": 0.95},
    at_most={"cost": 0.1},
    points=4,
    helpers=(net_of, outputs_and_cost),
)


@train_iris.mistake(
    "The run starts from zero: the columns of V stay equal, and 16 hidden units are worth no more than one."
)
def starts_from_all_zero(X, Y, seed):
    return descend(X, Y, seed, 16, 0.3, 3000, start=0.0)


@train_iris.mistake("The steps go uphill: the cost rises.")
def climbs(X, Y, seed):
    return descend(X, Y, seed, 16, -0.3, 300)


@train_iris.mistake("The learning rate is too small for the number of steps: the cost is still on its way down.")
def steps_too_small(X, Y, seed):
    return descend(X, Y, seed, 16, 0.003, 3000)


@train_iris.mistake("The learning rate is so large that the run jumps about and settles nowhere.")
def steps_too_large(X, Y, seed):
    return descend(X, Y, seed, 16, 30.0, 3000)


@train_iris.mistake("The gradients are those of the start throughout: the first step is taken again and again.")
def repeats_the_first_step(X, Y, seed):
    W, V = descend(X, Y, seed, 16, 0.3, 0)
    W1, V1 = descend(X, Y, seed, 16, 0.3, 1)
    return W + 3000 * (W1 - W), V + 3000 * (V1 - V)
