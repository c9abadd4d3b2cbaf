"""Unit 06, local gradients: layers and losses, each with its forward and its backward pass.

Arrays are float64 and rows are examples. ``*_forward(...)`` returns ``(out, cache)``; ``*_backward(dout, cache)`` takes
the upstream gradient ``dout`` = ∂L/∂out, in the shape of ``out``, and returns the gradients ∂L/∂(argument) in the order
and the shapes of the forward's arguments. A loss returns ``(loss, dx)``. Results are right for logits of ±1500 too, and
no argument is changed in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.layers_judgement import huber_loss, is_linear_backward, prediction_copies  # noqa: F401 - the unit's answers too
from reference.layers_questions import (  # noqa: F401 - the unit's answers too
    question_jacobian_size,
    question_largest_logit,
    question_not_true,
    question_relu_routes,
    question_saturation,
    question_sigmoid_slope,
    question_softmax_neighbour,
    question_what_to_keep,
)

Array = NDArray[np.float64]
Labels = NDArray[np.integer[Any]]
Number = np.floating[Any]
Backward = Callable[[Array, Array, Array], tuple[Array, Array]]


def affine_forward(x: Array, w: Array, b: Array) -> tuple[Array, tuple[Array, Array, Array]]:
    """Affine layer: out = X w + b, X being x with each example flattened to a row.

    x (N, d1, ..., dk), w (D, M), b (M,), D = d1·...·dk; out (N, M), cache = (x, w, b).
    Source: Goodfellow et al. 2016, §6.1; CS231n, assignment 2.
    """
    ### BEGIN SOLUTION
    out = x.reshape(len(x), -1) @ w + b
    ### END SOLUTION
    cache = (x, w, b)
    return out, cache


def affine_backward(dout: Array, cache: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
    """Gradients of the affine layer out = X w + b: dx = ∂L/∂x, dw = ∂L/∂w, db = ∂L/∂b.

    dout (N, M), cache = (x, w, b); dx in the shape of x, dw (D, M), db (M,). Nothing is averaged here.
    Source: Goodfellow et al. 2016, §6.5.6.
    """
    ### BEGIN SOLUTION
    x, w, _ = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    ### END SOLUTION
    return dx, dw, db


def linear_forward(x: Array, w: Array) -> tuple[Array, tuple[Array, Array]]:
    """Linear layer without a bias: out = x w.

    x (N, D), w (D, M); out (N, M), cache = (x, w). Source: Goodfellow et al. 2016, §6.1.
    """
    ### BEGIN SOLUTION
    out = x @ w
    ### END SOLUTION
    cache = (x, w)
    return out, cache


def linear_backward(dout: Array, cache: tuple[Array, Array]) -> tuple[Array, Array]:
    """Gradients of the linear layer out = x w: dx = ∂L/∂x, dw = ∂L/∂w.

    dout (N, M), cache = (x, w); dx (N, D), dw (D, M). Source: Goodfellow et al. 2016, §6.5.6.
    """
    ### BEGIN SOLUTION
    x, w = cache
    dx = dout @ w.T
    dw = x.T @ dout
    ### END SOLUTION
    return dx, dw


def linear_jacobian(w: Array) -> Array:
    """Full Jacobian of one row's out = x w with respect to x: J[i, j] = ∂out_i/∂x_j.

    w (D, M); J (M, D), one row an output. Source: Goodfellow et al. 2016, §4.3.1.
    """
    return w.T.copy()


def relu_forward(x: Array) -> tuple[Array, Array]:
    """Rectified linear unit: out = max(0, x), elementwise.

    x, out of any one shape, cache = x. Source: Nair & Hinton 2010; Goodfellow et al. 2016, §6.3.1.
    """
    ### BEGIN SOLUTION
    out = np.maximum(0, x)
    ### END SOLUTION
    cache = x
    return out, cache


def relu_backward(dout: Array, cache: Array) -> Array:
    """Gradient of the ReLU: dx = dout · ∂max(0, x)/∂x, elementwise.

    dout, dx in the shape of x, cache = x; at the kink x = 0 any slope from 0 to 1 is right.
    Source: Goodfellow et al. 2016, §6.3.
    """
    x = cache
    return dout * (x > 0)


def relu_jacobian(x: Array) -> Array:
    """Full Jacobian of the ReLU of one row: J[i, j] = ∂out_i/∂x_j.

    x (D,); J (D, D), diagonal, of zeros and ones. One never builds it: at most D of its D² entries are not 0, and
    dout @ J takes D² multiplications for what ``relu_backward`` does in D. Source: CS231n notes, "Backpropagation".
    """
    return np.diag((x > 0).astype(np.float64))


def leaky_relu_forward(x: Array, alpha: float = 0.01) -> tuple[Array, tuple[Array, float]]:
    """Leaky ReLU: out = x where x > 0, else alpha·x.

    x, out of any one shape, alpha a number in (0, 1), cache = (x, alpha). Source: Maas et al. 2013, eq. 2.
    """
    ### BEGIN SOLUTION
    out = np.where(x > 0, x, alpha * x)
    ### END SOLUTION
    cache = (x, alpha)
    return out, cache


def leaky_relu_backward(dout: Array, cache: tuple[Array, float]) -> Array:
    """Gradient of the leaky ReLU: dx = dout · ∂out/∂x, elementwise.

    dout, dx in the shape of x, cache = (x, alpha); at the kink x = 0 any slope from alpha to 1 is right.
    Source: Maas et al. 2013, eq. 2.
    """
    x, alpha = cache
    return np.where(x > 0, dout, alpha * dout)


def sigmoid_forward(x: Array) -> tuple[Array, Array]:
    """Logistic sigmoid: out = 1 / (1 + e^−x), with no overflow at ±1500.

    x, out of any one shape, cache = out. Source: Goodfellow et al. 2016, eq. 3.30.
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(x))  # at most 1, so it cannot overflow
    out = np.where(x >= 0, 1.0, e) / (1 + e)
    ### END SOLUTION
    cache = out
    return out, cache


def sigmoid_backward(dout: Array, cache: Array) -> Array:
    """Gradient of the sigmoid, from its output s alone: dx = dout · σ'(x), elementwise.

    dout, dx in the shape of x, cache = s. Source: Bishop 2006, eq. 4.88.
    """
    s = cache
    return dout * s * (1 - s)


def tanh_forward(x: Array) -> tuple[Array, Array]:
    """Hyperbolic tangent: out = (e^x − e^−x) / (e^x + e^−x), with no overflow at ±1500.

    x, out of any one shape, cache = out. Source: Goodfellow et al. 2016, §6.3.2.
    """
    ### BEGIN SOLUTION
    out = np.tanh(x)
    ### END SOLUTION
    cache = out
    return out, cache


def tanh_backward(dout: Array, cache: Array) -> Array:
    """Gradient of tanh, from its output t alone: dx = dout · tanh'(x), elementwise.

    dout, dx in the shape of x, cache = t. Source: Bishop 2006, eq. 5.60.
    """
    t = cache
    return dout * (1 - t**2)


def softplus_forward(x: Array) -> tuple[Array, Array]:
    """Softplus: out = log(1 + e^x), with no overflow at ±1500 and no digits lost where e^x is small.

    x, out of any one shape, cache = x. Source: Dugas et al. 2001; Goodfellow et al. 2016, eq. 3.31.
    """
    ### BEGIN SOLUTION
    out = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    ### END SOLUTION
    cache = x
    return out, cache


def softplus_backward(dout: Array, cache: Array) -> Array:
    """Gradient of softplus: dx = dout · ∂log(1 + e^x)/∂x, elementwise, with no overflow at ±1500.

    dout, dx in the shape of x, cache = x. Source: Goodfellow et al. 2016, eq. 3.36.
    """
    x = cache
    e = np.exp(-np.abs(x))
    slope: Array = np.where(x >= 0, 1.0, e) / (1 + e)
    return dout * slope


def logsumexp_forward(x: Array) -> tuple[Array, tuple[Array, Array]]:
    """Log-sum-exp over the last axis: out[n] = log Σ_d e^x[n, d], with no overflow at logits of 1500.

    x (N, D); out (N,), cache = (x, out).
    Source: Goodfellow et al. 2016, §4.1; Blanchard, Higham & Higham 2021, §1.
    """
    ### BEGIN SOLUTION
    top = x.max(axis=-1, keepdims=True)
    out = top[..., 0] + np.log(np.exp(x - top).sum(axis=-1))
    ### END SOLUTION
    cache = (x, out)
    return out, cache


def logsumexp_backward(dout: Array, cache: tuple[Array, Array]) -> Array:
    """Gradient of log-sum-exp: dx[n, d] = dout[n] · ∂out[n]/∂x[n, d], with no overflow at logits of 1500.

    dout (N,), cache = (x, out) with x (N, D), out (N,); dx (N, D). Source: Boyd & Vandenberghe 2004, §3.1.5.
    """
    x, out = cache
    return dout[..., None] * np.exp(x - out[..., None])


def softmax_forward(x: Array) -> tuple[Array, Array]:
    """Softmax over the last axis: out[n, d] = e^x[n, d] / Σ_k e^x[n, k], with no overflow at logits of 1500.

    x (N, D); out (N, D), each row adds up to 1, cache = out. Source: Goodfellow et al. 2016, eq. 6.29 and §4.1.
    """
    ### BEGIN SOLUTION
    e = np.exp(x - x.max(axis=-1, keepdims=True))  # a common shift cancels; with this one nothing exceeds 1
    out = e / e.sum(axis=-1, keepdims=True)
    ### END SOLUTION
    cache = out
    return out, cache


def softmax_backward(dout: Array, cache: Array) -> Array:
    """Gradient of the softmax, from its output s alone: dx_d = Σ_k dout_k · ∂s_k/∂x_d, row by row.

    dout, dx (N, D), cache = s (N, D). Source: Bishop 2006, eq. 4.106.
    """
    s = cache
    mean: Array = (dout * s).sum(axis=-1, keepdims=True)
    return s * (dout - mean)


def squared_error_loss(x: Array, y: Array) -> tuple[Number, Array]:
    """Squared error, half the sum over all entries: loss = ½ Σ (x − y)², and dx = ∂loss/∂x.

    Predictions x and targets y of any one shape; loss a number, dx in the shape of x. Source: Bishop 2006, eq. 5.11.
    """
    ### BEGIN SOLUTION
    dx = x - y
    loss = 0.5 * np.sum(dx**2)
    ### END SOLUTION
    return loss, dx


def mse_loss(x: Array, y: Array) -> tuple[Number, Array]:
    """Mean squared error, the mean over all entries (not only over rows): loss = mean (x − y)², and dx = ∂loss/∂x.

    Predictions x and targets y of any one shape; loss a number, dx in the shape of x.
    Source: Goodfellow et al. 2016, eq. 5.4.
    """
    ### BEGIN SOLUTION
    error = x - y
    loss = np.mean(error**2)
    dx = 2 * error / error.size
    ### END SOLUTION
    return loss, dx


def bce_with_logits_loss(x: Array, y: Array) -> tuple[Number, Array]:
    """Binary cross-entropy from logits u = x: the mean over n of y log(1 + e^−u) + (1 − y) log(1 + e^u).

    Logits x (N,), labels y (N,) of 0.0 and 1.0; loss a number, dx = ∂loss/∂x (N,). Right for logits of ±1500.
    Source: Goodfellow et al. 2016, eq. 6.23 to 6.26; the gradient is Bishop 2006, eq. 4.91, divided by N.
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(x))
    tail = np.log1p(e)
    loss = np.mean(y * (np.maximum(-x, 0) + tail) + (1 - y) * (np.maximum(x, 0) + tail))
    dx = (np.where(x >= 0, 1.0, e) / (1 + e) - y) / len(x)
    ### END SOLUTION
    return loss, dx


def softmax_loss(x: Array, y: Labels) -> tuple[Number, Array]:
    """Softmax cross-entropy: the mean over n of logsumexp(x[n]) − x[n, y[n]].

    Logits x (N, C), labels y (N,) of any integer dtype, 0 ≤ y < C; loss a number, dx = ∂loss/∂x (N, C).
    Right for logits of ±1500. Source: Goodfellow et al. 2016, eq. 6.30; the gradient is Bishop 2006, eq. 4.109, over N.
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -np.mean(logp[rows, y])
    dx = np.exp(logp)
    dx[rows, y] -= 1
    dx = dx / len(x)
    ### END SOLUTION
    return loss, dx


def svm_loss(x: Array, y: Labels) -> tuple[Number, Array]:
    """Multiclass hinge loss with margin 1: the mean over n of Σ_{j ≠ y[n]} max(0, x[n, j] − x[n, y[n]] + 1).

    Scores x (N, C), labels y (N,) of any integer dtype, 0 ≤ y < C; loss a number, dx = ∂loss/∂x (N, C).
    Source: Weston & Watkins 1999; CS231n notes, "Linear classification".
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y][:, None] + 1)
    margins[rows, y] = 0
    loss = np.sum(margins) / len(x)
    dx = (margins > 0).astype(np.float64)
    dx[rows, y] -= dx.sum(axis=1)
    dx = dx / len(x)
    ### END SOLUTION
    return loss, dx
