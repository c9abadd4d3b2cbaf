"""Unit 07, multilayer perceptrons: two layers, any number of layers, their start, their symmetries, their training.

Arrays are float64 and rows are examples. A two-layer net has no bias vectors here: where a bias is
wanted, X has a column of ones. It is u = h(X V) W with X (N, D), V (D, M), W (M, C): V is the lower layer, W the upper
one, h the hidden units, elementwise, and u (N, C) the outputs before the output function (the logits of a classifier).
The net with any number of layers has its biases inside the weights, as a last column. No argument is changed in place; what
comes back may be a view of one. A list is as good as a tuple or an array that is asked for, and a tuple as a list. What is off by
rounding alone is right, however it is computed; a warning of numpy's on the way to the right number does no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.mlp_approximation import approximate, bump, soft_step  # noqa: F401 - the unit's answers too
from reference.mlp_deep import (  # noqa: F401 - the unit's answers too
    _activated,
    _slope,
    flatten,
    flip_hidden,
    he_weights,
    layer_scales,
    linear_map,
    mlp_backward,
    mlp_forward,
    permute_hidden,
    scale_hidden,
    unflatten,
    xavier_weights,
)
from reference.mlp_questions import (  # noqa: F401 - the unit's answers too
    predict_equal_columns,
    predict_without_nonlinearity,
    predict_zero_net_loss,
    question_he_variance,
    question_parameters,
    question_same_function,
    question_symptoms,
    question_tanh_symmetries,
    question_universal,
    question_zero_start,
)

Array = NDArray[np.float64]
Number = np.floating[Any]
Gradients = Callable[[Array, Array, Array, Array], tuple[Array, Array]]
Cache = tuple[list[Array], list[Array], str]

# The petals of 150 irises: length, width in millimetres, 50 flowers of each of setosa, versicolor, virginica in turn.
# Source: Fisher 1936, "The use of multiple measurements in taxonomic problems", table I; measured by Anderson.
PETALS = """
14,2 14,2 13,2 15,2 14,2 17,4 14,3 15,2 14,2 15,1 15,2 16,2 14,1 11,1 12,2 15,4 13,4 14,3 17,3 15,3 17,2 15,4
10,2 17,5 19,2 16,2 16,4 15,2 14,2 16,2 16,2 15,4 15,1 14,2 15,2 12,2 13,2 14,1 13,2 15,2 13,3 13,3 13,2 16,6
19,4 14,3 16,2 14,2 15,2 14,2
47,14 45,15 49,15 40,13 46,15 45,13 47,16 33,10 46,13 39,14 35,10 42,15 40,10 47,14 36,13 44,14 45,15 41,10
45,15 39,11 48,18 40,13 49,15 47,12 43,13 44,14 48,14 50,17 45,15 35,10 38,11 37,10 39,12 51,16 45,15 45,16
47,15 44,13 41,13 40,13 44,12 46,14 40,12 33,10 42,13 42,12 42,13 43,13 30,11 41,13
60,25 51,19 59,21 56,18 58,22 66,21 45,17 63,18 58,18 61,25 51,20 53,19 55,21 50,20 51,24 53,23 55,18 67,22
69,23 50,15 57,23 49,20 67,20 49,18 57,21 60,18 48,18 49,18 56,21 58,16 61,19 64,20 56,22 51,15 56,14 61,23
56,24 55,18 48,18 54,21 56,24 51,23 51,19 59,23 57,25 52,23 50,19 52,20 54,23 51,18
"""
IRIS_X = np.array([[*map(int, flower.split(",")), 10] for flower in PETALS.split()]) / 10
"""Petal length and width in cm, and a column of ones, (150, 3)."""
IRIS_Y = np.repeat(np.eye(3), 50, axis=0)
"""The species as one-hot rows, (150, 3)."""


# ---------------------------------------------------------------------------------------------- two layers, one of each
def cost(X: Array, Y: Array, W: Array, V: Array) -> Number:
    """Cost of the two-layer classifier with logistic hidden units and softmax output, the mean over the N examples.

    J = 1/N Σ_n ( log Σ_c e^u[n, c] − Σ_c Y[n, c] u[n, c] ),  u = σ(X V) W,  σ(z) = 1 / (1 + e^−z) elementwise.
    X (N, D), Y (N, C) one-hot rows, W (M, C), V (D, M); J is a number. No overflow at ±1500 in X, W and V.
    Source: Goodfellow et al. 2016, §6.2.2.3, for the loss.
    """
    ### BEGIN SOLUTION
    u = _logistic(X @ V) @ W
    losses: Array = _logsumexp(u)[:, 0] - np.sum(Y * u, axis=1)
    return np.mean(losses)
    ### END SOLUTION


def gradients(X: Array, Y: Array, W: Array, V: Array) -> tuple[Array, Array]:
    """Gradients of ``cost``: (dW, dV) = (∂J/∂W, ∂J/∂V), in this order, J being the mean over the N examples.

    X (N, D), Y (N, C) one-hot rows, W (M, C), V (D, M); dW in the shape of W, dV in that of V. No overflow at ±1500
    in X, W and V; h (1 − h) may be 0 where h rounds to 1. Source: Bishop 2006, §5.3.
    """
    ### BEGIN SOLUTION
    h = _logistic(X @ V)
    u = h @ W
    error = (np.exp(u - _logsumexp(u)) - Y) / len(X)
    dW = h.T @ error
    dV = X.T @ (error @ W.T * h * (1 - h))
    return dW, dV
    ### END SOLUTION


# ------------------------------------------------------------------------- three outputs times three hidden activations
def network_loss(X: Array, Y: Array, W: Array, V: Array, output: str, hidden: str) -> tuple[Number, Array, Array]:
    """Cost of the two-layer net u = h(X V) W and its gradients, (J, dW, dV), for any pair of output and hidden units.

    J is the mean over the N examples of a sum over the C outputs; ``output`` says which:
    "regression"  Σ_c ½ (u_c − y_c)², y of any real numbers;
    "binary"      Σ_c ( log(1 + e^u_c) − y_c u_c ), y of 0.0 and 1.0: each output is a question of its own;
    "multiclass"  log Σ_c e^u_c − Σ_c y_c u_c, y one-hot.
    ``hidden`` is "logistic" (1 / (1 + e^−z)), "tanh", or "relu" (max(0, z); z is 0 for rows of zeros alone, where no slope counts).
    X (N, D), Y (N, C), W (M, C), V (D, M); J a number, dW = ∂J/∂W, dV = ∂J/∂V. No overflow at ±1500 in X, W and V; h (1 − h)
    and 1 − h² may be 0 where h rounds to 1.
    Source: Bishop 2006, §5.2 for the matching pairs of output and error, §5.3 for the gradients.
    """
    ### BEGIN SOLUTION
    h = _activated(X @ V, hidden)
    u = h @ W
    if output == "regression":
        losses, error = 0.5 * np.sum((u - Y) ** 2, axis=1), u - Y
    elif output == "binary":
        softplus = np.maximum(u, 0) + np.log1p(np.exp(-np.abs(u)))
        losses, error = np.sum(softplus - Y * u, axis=1), _logistic(u) - Y
    else:
        top = _logsumexp(u)
        losses, error = top[:, 0] - np.sum(Y * u, axis=1), np.exp(u - top) - Y
    error = error / len(X)  # the same for all three outputs: prediction less target
    return np.mean(losses), h.T @ error, X.T @ (error @ W.T * _slope(h, hidden))
    ### END SOLUTION


def tanh_slope(*, height: float = 1.0, rate: float = 1.0) -> str:
    """Write the derivative of h = tanh(z) as a formula in h alone, without z and without any function.

    Return text such as "2*h + 1": numbers, the name h, + - * / ^ (or **) and parentheses, no operator left out. Any formula
    that has the right values is right. Source: Bishop 2006, eq. 5.60.
    """
    return f"{rate} * ({height} - h^2 / {height})"


def mended_gradients(x: Array, y: Array, W1: Array, W2: Array, lam: float) -> tuple[Array, Array]:
    """Mend a function: it is to return the gradients (dW1, dW2) of J below, and has one fault in it. Find it.

    J = 1/N Σ_n ‖ŷ_n − y_n‖² + lam/2 (ΣW1[:, :-1]² + ΣW2[:, :-1]²): the biases are not decayed.
    ŷ_n = W2 [h_n; 1],  h_n = tanh(W1 [x_n; 1]),  [a; 1] being a with a 1 appended: the last column of a weight is the bias.
    x (N, D), y (N, C), W1 (M, D + 1), W2 (C, M + 1), lam ≥ 0 a number; dW1 and dW2 in the shapes of W1 and W2.
    What the body computes is right but for one fault. Compare it with numerical slopes of J. Any other code with the right
    values is right too.
    """
    ones = np.ones((len(x), 1))
    x1 = np.concatenate([x, ones], axis=1)
    h = np.tanh(x1 @ W1.T)
    h1 = np.concatenate([h, ones], axis=1)
    error = 2 * (h1 @ W2.T - y) / len(x)
    below = error @ W2[:, :-1] * (1 - h**2)
    dW1 = below.T @ x1
    dW2 = error.T @ h1
    dW1[:, :-1] += lam * W1[:, :-1]
    dW2[:, :-1] += lam * W2[:, :-1]
    return dW1, dW2


def gradients_checker(candidate: Gradients) -> bool:
    """Tell whether ``candidate`` computes what ``gradients`` is asked to: True if it does, False if not.

    ``candidate(X, Y, W, V)`` takes float64 arrays as ``gradients`` does and returns (dW, dV), two arrays. You choose at
    which arrays you call it, and how you know what is right there: a numerical slope of the cost is enough. It must
    accept every right candidate, however it is written, and refuse every wrong one. A right one is right to rounding; a wrong
    one may be right for some arrays, and for others of ordinary size (standard normal X, W and V, say) is off by a thousandth
    or more of some entries, or returns another shape. None raises an error or changes its arguments; overflow is not asked
    about. An error that your checker raises counts as False. It is put to a dozen candidates, one after the other, within
    two seconds in all.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(0)
    for N, D, M, C in ((5, 4, 3, 2), (1, 2, 5, 3), (4, 3, 2, 6)):  # no two equal: square shapes hide a transpose
        X, Y = rng.standard_normal((N, D)), np.eye(C)[rng.integers(0, C, N)]
        W, V = rng.standard_normal((M, C)), rng.standard_normal((D, M))
        dW, dV = candidate(X.copy(), Y.copy(), W.copy(), V.copy())
        slope_W = _numerical(lambda w: cost(X, Y, w, V), W)  # noqa: B023 - it is called at once
        slope_V = _numerical(lambda v: cost(X, Y, W, v), V)  # noqa: B023
        for claimed, slope in ((dW, slope_W), (dV, slope_V)):
            if np.shape(claimed) != slope.shape or not np.allclose(claimed, slope, rtol=1e-5, atol=1e-8):
                return False
    return True
    ### END SOLUTION


# ------------------------------------------------------------------------------------------------------------- training
def overfit_ten(X: Array, Y: Array, seed: int) -> tuple[Array, Array]:
    """Learn ten rows by heart: return (W, V) with which ``cost`` is at most 0.01 on these rows.

    X (10, 3): two columns of standard normal numbers, no two rows alike, and a column of ones; Y (10, 3) one-hot, labels
    without any sense in them. V (3, M), W (M, 3), M is yours to choose, from 1 to 200. What you draw, draw from
    ``np.random.default_rng(seed)``; how you find W and V is yours to choose too. The run has about ten seconds.
    """
    ### BEGIN SOLUTION
    return _descend(X, Y, width=32, learning_rate=4.0, steps=1000, seed=seed)
    ### END SOLUTION


def train_iris(X: Array, Y: Array, seed: int) -> tuple[Array, Array]:
    """Train the two-layer classifier on Iris: return (W, V) with an accuracy of 0.95 or more and a ``cost`` of at most 0.1.

    X (150, 3) is IRIS_X: petal length and width in cm, and a column of ones for the bias; Y (150, 3) is IRIS_Y, one-hot.
    M = 16 hidden units: V (3, 16), W (16, 3). Both figures are taken on these 150 rows, the accuracy as the share of rows
    in which the largest logit is that of the right class. What you draw, draw from ``np.random.default_rng(seed)``;
    how you find W and V is yours to choose. The run has about ten seconds. The data: Fisher 1936, table I (the petals of all
    150 flowers, PETALS above).
    """
    ### BEGIN SOLUTION
    return _descend(X, Y, width=16, learning_rate=0.25, steps=2000, seed=seed)
    ### END SOLUTION


### BEGIN SOLUTION
def _logistic(z: Array) -> Array:
    return _activated(z, "logistic")


def _logsumexp(u: Array) -> Array:
    """Return log Σ_c e^u[n, c] as a column (N, 1)."""
    top: Array = u.max(axis=1, keepdims=True)
    below: Array = np.log(np.exp(u - top).sum(axis=1, keepdims=True))
    return top + below


def _numerical(f: Callable[[Array], Number], at: Array, h: float = 1e-5) -> Array:
    """Return the central differences of f in each entry, in the shape of ``at``."""
    slope = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        step = np.zeros_like(at)
        step[index] = h
        slope[index] = (f(at + step) - f(at - step)) / (2 * h)
    return slope


def _descend(X: Array, Y: Array, width: int, learning_rate: float, steps: int, seed: int) -> tuple[Array, Array]:
    """Run gradient descent on all rows from a random start; return (W, V)."""
    rng = np.random.default_rng(seed)
    V = rng.standard_normal((X.shape[1], width))
    W = rng.standard_normal((width, Y.shape[1]))
    for _ in range(steps):
        dW, dV = gradients(X, Y, W, V)
        W, V = W - learning_rate * dW, V - learning_rate * dV
    return W, V


### END SOLUTION
