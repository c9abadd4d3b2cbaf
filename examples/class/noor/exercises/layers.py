"""Unit 06, local gradients: layers and losses, each with its forward and its backward pass.

Arrays are float64 and rows are examples. ``*_forward(...)`` returns ``(out, cache)``; ``*_backward(dout, cache)`` takes
the upstream gradient ``dout`` = ∂L/∂out, in the shape of ``out``, and returns the gradients ∂L/∂(argument) in the order
and the shapes of the forward's arguments. A loss returns ``(loss, dx)``. Results are right for logits of ±1500 too, and
no argument is changed in place.

The functions below are yours to write: each docstring says what is asked. Put your code where it says
``raise NotImplementedError`` and leave the other lines as they are; ``status()`` in the notebook tells how far you are.
"""

# Derived from the model answers by `gradmark stubs`: course authors change those, not this file.
# The names that ruff misses here are for the student to define, and those that it finds unused to use.
# ruff: noqa: ARG001, ARG002, F821, F841, RUF059, RUF100

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.integer[Any]]
Number = np.floating[Any]
Backward = Callable[[Array, Array, Array], tuple[Array, Array]]


def affine_forward(x, w, b):
    """Affine layer: out = X w + b, X being x with each example flattened to a row.

    x (N, d1, ..., dk), w (D, M), b (M,), D = d1·...·dk; out (N, M), cache = (x, w, b).
    Source: Goodfellow et al. 2016, §6.1; CS231n, assignment 2.
    """
    return x.reshape(len(x), -1) @ w + b, (x, w, b)


def affine_backward(dout, cache):
    """Gradients of the affine layer out = X w + b: dx = ∂L/∂x, dw = ∂L/∂w, db = ∂L/∂b.

    dout (N, M), cache = (x, w, b); dx in the shape of x, dw (D, M), db (M,). Nothing is averaged here.
    Source: Goodfellow et al. 2016, §6.5.6.
    """
    x, w, b = cache
    flat = x.reshape(len(x), -1)
    return (dout @ w.T).reshape(x.shape), flat.T @ dout, dout.sum(axis=0)


def linear_forward(x, w):
    """Linear layer without a bias: out = x w.

    x (N, D), w (D, M); out (N, M), cache = (x, w). Source: Goodfellow et al. 2016, §6.1.
    """
    return x @ w, (x, w)


def linear_backward(dout, cache):
    """Gradients of the linear layer out = x w: dx = ∂L/∂x, dw = ∂L/∂w.

    dout (N, M), cache = (x, w); dx (N, D), dw (D, M). Source: Goodfellow et al. 2016, §6.5.6.
    """
    x, w = cache
    return dout @ w.T, x.T @ dout


def linear_jacobian(w):
    """Full Jacobian of one row's out = x w with respect to x: J[i, j] = ∂out_i/∂x_j.

    w (D, M); J (M, D), one row an output. Source: Goodfellow et al. 2016, §4.3.1.
    """
    return w.T.copy()


def relu_forward(x):
    """Rectified linear unit: out = max(0, x), elementwise.

    x, out of any one shape, cache = x. Source: Nair & Hinton 2010; Goodfellow et al. 2016, §6.3.1.
    """
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    """Gradient of the ReLU: dx = dout · ∂max(0, x)/∂x, elementwise.

    dout, dx in the shape of x, cache = x; at the kink x = 0 any slope from 0 to 1 is right.
    Source: Goodfellow et al. 2016, §6.3.
    """
    return dout * (cache <= 0)


def relu_jacobian(x):
    """Full Jacobian of the ReLU of one row: J[i, j] = ∂out_i/∂x_j.

    x (D,); J (D, D), diagonal, of zeros and ones. One never builds it: at most D of its D² entries are not 0, and
    dout @ J takes D² multiplications for what ``relu_backward`` does in D. Source: CS231n notes, "Backpropagation".
    """
    return np.diag(np.where(x > 0, 1.0, 0.0))


def leaky_relu_forward(x, alpha=0.01):
    """Leaky ReLU: out = x where x > 0, else alpha·x.

    x, out of any one shape, alpha a number in (0, 1), cache = (x, alpha). Source: Maas et al. 2013, eq. 2.
    """
    return np.where(x > 0, x, alpha * x), (x, alpha)


def leaky_relu_backward(dout, cache):
    """Gradient of the leaky ReLU: dx = dout · ∂out/∂x, elementwise.

    dout, dx in the shape of x, cache = (x, alpha); at the kink x = 0 any slope from alpha to 1 is right.
    Source: Maas et al. 2013, eq. 2.
    """
    x, alpha = cache
    return dout * np.where(x > 0, 1.0, alpha)


def sigmoid_forward(x):
    """Logistic sigmoid: out = 1 / (1 + e^−x), with no overflow at ±1500.

    x, out of any one shape, cache = out. Source: Goodfellow et al. 2016, eq. 3.30.
    """
    s = np.exp(-np.logaddexp(0, -x))
    return s, s


def sigmoid_backward(dout, cache):
    """Gradient of the sigmoid, from its output s alone: dx = dout · σ'(x), elementwise.

    dout, dx in the shape of x, cache = s. Source: Bishop 2006, eq. 4.88.
    """
    return dout * cache * (1 - cache)


def tanh_forward(x: Array) -> tuple[Array, Array]:
    """Hyperbolic tangent: out = (e^x − e^−x) / (e^x + e^−x), with no overflow at ±1500.

    x, out of any one shape, cache = out. Source: Goodfellow et al. 2016, §6.3.2.
    """
    raise NotImplementedError("layers.tanh_forward: not written yet")
    cache = out
    return out, cache


def tanh_backward(dout: Array, cache: Array) -> Array:
    """Gradient of tanh, from its output t alone: dx = dout · tanh'(x), elementwise.

    dout, dx in the shape of x, cache = t. Source: Bishop 2006, eq. 5.60.
    """
    raise NotImplementedError("layers.tanh_backward: not written yet")


def softplus_forward(x: Array) -> tuple[Array, Array]:
    """Softplus: out = log(1 + e^x), with no overflow at ±1500 and no digits lost where e^x is small.

    x, out of any one shape, cache = x. Source: Dugas et al. 2001; Goodfellow et al. 2016, eq. 3.31.
    """
    raise NotImplementedError("layers.softplus_forward: not written yet")
    cache = x
    return out, cache


def softplus_backward(dout: Array, cache: Array) -> Array:
    """Gradient of softplus: dx = dout · ∂log(1 + e^x)/∂x, elementwise, with no overflow at ±1500.

    dout, dx in the shape of x, cache = x. Source: Goodfellow et al. 2016, eq. 3.36.
    """
    raise NotImplementedError("layers.softplus_backward: not written yet")


def logsumexp_forward(x: Array) -> tuple[Array, tuple[Array, Array]]:
    """Log-sum-exp over the last axis: out[n] = log Σ_d e^x[n, d], with no overflow at logits of 1500.

    x (N, D); out (N,), cache = (x, out).
    Source: Goodfellow et al. 2016, §4.1; Blanchard, Higham & Higham 2021, §1.
    """
    raise NotImplementedError("layers.logsumexp_forward: not written yet")
    cache = (x, out)
    return out, cache


def logsumexp_backward(dout: Array, cache: tuple[Array, Array]) -> Array:
    """Gradient of log-sum-exp: dx[n, d] = dout[n] · ∂out[n]/∂x[n, d], with no overflow at logits of 1500.

    dout (N,), cache = (x, out) with x (N, D), out (N,); dx (N, D). Source: Boyd & Vandenberghe 2004, §3.1.5.
    """
    raise NotImplementedError("layers.logsumexp_backward: not written yet")


def softmax_forward(x: Array) -> tuple[Array, Array]:
    """Softmax over the last axis: out[n, d] = e^x[n, d] / Σ_k e^x[n, k], with no overflow at logits of 1500.

    x (N, D); out (N, D), each row adds up to 1, cache = out. Source: Goodfellow et al. 2016, eq. 6.29 and §4.1.
    """
    raise NotImplementedError("layers.softmax_forward: not written yet")
    cache = out
    return out, cache


def softmax_backward(dout: Array, cache: Array) -> Array:
    """Gradient of the softmax, from its output s alone: dx_d = Σ_k dout_k · ∂s_k/∂x_d, row by row.

    dout, dx (N, D), cache = s (N, D). Source: Bishop 2006, eq. 4.106.
    """
    raise NotImplementedError("layers.softmax_backward: not written yet")


def squared_error_loss(x: Array, y: Array) -> tuple[Number, Array]:
    """Squared error, half the sum over all entries: loss = ½ Σ (x − y)², and dx = ∂loss/∂x.

    Predictions x and targets y of any one shape; loss a number, dx in the shape of x. Source: Bishop 2006, eq. 5.11.
    """
    raise NotImplementedError("layers.squared_error_loss: not written yet")
    return loss, dx


def mse_loss(x: Array, y: Array) -> tuple[Number, Array]:
    """Mean squared error, the mean over all entries (not only over rows): loss = mean (x − y)², and dx = ∂loss/∂x.

    Predictions x and targets y of any one shape; loss a number, dx in the shape of x.
    Source: Goodfellow et al. 2016, eq. 5.4.
    """
    raise NotImplementedError("layers.mse_loss: not written yet")
    return loss, dx


def bce_with_logits_loss(x: Array, y: Array) -> tuple[Number, Array]:
    """Binary cross-entropy from logits u = x: the mean over n of y log(1 + e^−u) + (1 − y) log(1 + e^u).

    Logits x (N,), labels y (N,) of 0.0 and 1.0; loss a number, dx = ∂loss/∂x (N,). Right for logits of ±1500.
    Source: Goodfellow et al. 2016, eq. 6.23 to 6.26; the gradient is Bishop 2006, eq. 4.91, divided by N.
    """
    raise NotImplementedError("layers.bce_with_logits_loss: not written yet")
    return loss, dx


def softmax_loss(x: Array, y: Labels) -> tuple[Number, Array]:
    """Softmax cross-entropy: the mean over n of logsumexp(x[n]) − x[n, y[n]].

    Logits x (N, C), labels y (N,) of any integer dtype, 0 ≤ y < C; loss a number, dx = ∂loss/∂x (N, C).
    Right for logits of ±1500. Source: Goodfellow et al. 2016, eq. 6.30; the gradient is Bishop 2006, eq. 4.109, over N.
    """
    raise NotImplementedError("layers.softmax_loss: not written yet")
    return loss, dx


def svm_loss(x: Array, y: Labels) -> tuple[Number, Array]:
    """Multiclass hinge loss with margin 1: the mean over n of Σ_{j ≠ y[n]} max(0, x[n, j] − x[n, y[n]] + 1).

    Scores x (N, C), labels y (N,) of any integer dtype, 0 ≤ y < C; loss a number, dx = ∂loss/∂x (N, C).
    Source: Weston & Watkins 1999; CS231n notes, "Linear classification".
    """
    raise NotImplementedError("layers.svm_loss: not written yet")
    return loss, dx


def prediction_copies() -> float:
    """Predict a bias gradient before you compute it. Return the number.

    An affine layer gets a batch that is one example four times, x of shape (4, 3). The upstream gradient is 1
    everywhere. What is the first entry of db?
    """
    raise NotImplementedError("layers.prediction_copies: not written yet")


def huber_loss(x: Array, y: Array) -> tuple[Number, Array]:
    """Huber loss: the mean over all entries of h(x − y), where h(r) = ½r² for |r| ≤ 1, and |r| − ½ beyond.

    **There is a fault in this function. Find it, and mend it.** x and y of one shape (N, D); returns the loss and
    dx = ∂loss/∂x. At |r| = 1 both formulas agree. Source: Huber 1964.
    """
    r = x - y
    small = np.abs(r) <= 1
    loss = np.mean(np.where(small, r * r / 2, np.abs(r) - 0.5))
    dx = np.where(small, r / r.size, np.sign(r))
    return loss, dx


def is_linear_backward(backward: Backward) -> bool:
    """Write a test: decide whether a function is the backward pass of out = x w.

    ``backward(dout, x, w)`` returns (dx, dw) for x (N, D), w (D, M) and dout (N, M): a candidate, right or wrong, that
    you get to call as often as you like, on inputs of your choice. Return True if it is right on all inputs of such
    shapes, and False if it is wrong on some. A candidate may raise an error; then it is wrong. You may use anything
    that you have written in this unit.
    """
    raise NotImplementedError("layers.is_linear_backward: not written yet")


def question_jacobian_size() -> int:
    """Count the entries of a Jacobian.

    A ReLU takes a batch of shape (64, 1000) to one of the same shape. With input and output flattened to vectors, how
    many entries, zeros included, has its full Jacobian? Return the number.
    """
    raise NotImplementedError("layers.question_jacobian_size: not written yet")


def question_relu_routes():
    """Choose what a ReLU does with the upstream gradient in its backward pass. Return one letter.

    (a) It hands on the entries of dout that are positive, and 0 elsewhere.
    (b) It multiplies dout by max(0, x), its output.
    (c) It hands on dout where its input was positive, and 0 elsewhere.
    (d) It hands on all of dout: the mask acts in the forward pass only.
    """
    return "c"


def question_not_true() -> str:
    """Choose the statement that is NOT true of neural networks. Return one letter.

    (a) Reordering the hidden units of a layer, with their weights, leaves the function of the network as it was.
    (b) A multilayer perceptron without biases can be a universal approximator.
    (c) Layers without a nonlinearity between them are one affine map, however many they are.
    (d) One hidden layer of sigmoids with biases, if wide enough, comes close to any continuous function on [0, 1].
    """
    raise NotImplementedError("layers.question_not_true: not written yet")


def question_saturation() -> list[str]:
    """Choose all activations whose slope tends to 0 both as x → −∞ and as x → +∞.

    (a) logistic sigmoid   (b) ReLU   (c) leaky ReLU   (d) tanh   (e) softplus
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    raise NotImplementedError("layers.question_saturation: not written yet")


def question_sigmoid_slope(s: Array) -> Array:
    """Write the derivative σ'(x) of the sigmoid as a formula in its output s = σ(x) alone, elementwise.

    s of any shape, between 0 and 1; returns σ'(x) in the shape of s. Source: Bishop 2006, eq. 4.88.
    """
    raise NotImplementedError("layers.question_sigmoid_slope: not written yet")


def question_largest_logit() -> str:
    """Choose why a softmax takes the largest logit away from all of them before it takes exponentials. Return one letter.

    (a) Only then do the probabilities add up to 1.
    (b) No exponential is larger than 1 then, and one of them is 1: nothing overflows, and the sum is not 0.
    (c) The exponential needs positive numbers.
    (d) It evens out the probabilities, so that gradients do not vanish.
    """
    raise NotImplementedError("layers.question_largest_logit: not written yet")


def question_what_to_keep() -> dict[str, str]:
    """Match each layer with the least that its backward pass needs beside dout.

    (a) affine   (b) ReLU   (c) tanh   (d) a layer that adds up two inputs of one shape
    (1) nothing   (2) a truth value for each entry   (3) its output alone   (4) its input, and its weights
    Return a dict from each letter to a digit, such as {"a": "1", "b": "2", "c": "3", "d": "4"}; each digit is used once.
    """
    raise NotImplementedError("layers.question_what_to_keep: not written yet")


def question_softmax_neighbour() -> str:
    """Write ∂p_i/∂u_j of p = softmax(u) for two different entries i ≠ j as text: a formula in p and q, where p = p_i and q = p_j.

    Numbers, these two names, + - * / ^ (or **) and parentheses, such as "2*p + q" (which is not it).
    """
    raise NotImplementedError("layers.question_softmax_neighbour: not written yet")
