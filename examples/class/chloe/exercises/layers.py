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

from dataclasses import dataclass
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.integer[Any]]
Number = np.floating[Any]
Backward = Callable[[Array, Array, Array], tuple[Array, Array]]


@dataclass
class Product:
    """What the backward pass of a matrix product needs."""

    rows: np.ndarray
    weights: np.ndarray
    shape: tuple


def elementwise(x, out, slope):
    """An output and the function that pulls a gradient back through it."""
    return out, lambda dout: dout * slope


def stable_sigmoid(x):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def probabilities(x):
    """Each row's softmax, and its log-sum-exp as a column."""
    top = np.max(x, axis=-1, keepdims=True)
    e = np.exp(x - top)
    total = np.sum(e, axis=-1, keepdims=True)
    return e / total, top + np.log(total)


def affine_forward(x, w, b):
    """Affine layer: out = X w + b, X being x with each example flattened to a row.

    x (N, d1, ..., dk), w (D, M), b (M,), D = d1·...·dk; out (N, M), cache = (x, w, b).
    Source: Goodfellow et al. 2016, §6.1; CS231n, assignment 2.
    """
    rows = np.reshape(x, (x.shape[0], w.shape[0]))
    return np.einsum("nd,dm->nm", rows, w) + b[np.newaxis], Product(rows, w, x.shape)


def affine_backward(dout, cache):
    """Gradients of the affine layer out = X w + b: dx = ∂L/∂x, dw = ∂L/∂w, db = ∂L/∂b.

    dout (N, M), cache = (x, w, b); dx in the shape of x, dw (D, M), db (M,). Nothing is averaged here.
    Source: Goodfellow et al. 2016, §6.5.6.
    """
    dx = np.einsum("nm,dm->nd", dout, cache.weights).reshape(cache.shape)
    dw = np.einsum("nd,nm->dm", cache.rows, dout)
    return dx, dw, np.einsum("nm->m", dout)


def linear_forward(x, w):
    """Linear layer without a bias: out = x w.

    x (N, D), w (D, M); out (N, M), cache = (x, w). Source: Goodfellow et al. 2016, §6.1.
    """
    return np.einsum("nd,dm->nm", x, w), Product(x, w, x.shape)


def linear_backward(dout, cache):
    """Gradients of the linear layer out = x w: dx = ∂L/∂x, dw = ∂L/∂w.

    dout (N, M), cache = (x, w); dx (N, D), dw (D, M). Source: Goodfellow et al. 2016, §6.5.6.
    """
    return np.einsum("nm,dm->nd", dout, cache.weights), np.einsum("nd,nm->dm", cache.rows, dout)


def linear_jacobian(w):
    """Full Jacobian of one row's out = x w with respect to x: J[i, j] = ∂out_i/∂x_j.

    w (D, M); J (M, D), one row an output. Source: Goodfellow et al. 2016, §4.3.1.
    """
    return np.einsum("dm->md", w).copy()


def relu_forward(x):
    """Rectified linear unit: out = max(0, x), elementwise.

    x, out of any one shape, cache = x. Source: Nair & Hinton 2010; Goodfellow et al. 2016, §6.3.1.
    """
    on = (x > 0).astype(float)
    return elementwise(x, x * on, on)


def relu_backward(dout, cache):
    """Gradient of the ReLU: dx = dout · ∂max(0, x)/∂x, elementwise.

    dout, dx in the shape of x, cache = x; at the kink x = 0 any slope from 0 to 1 is right.
    Source: Goodfellow et al. 2016, §6.3.
    """
    return cache(dout)


def relu_jacobian(x):
    """Full Jacobian of the ReLU of one row: J[i, j] = ∂out_i/∂x_j.

    x (D,); J (D, D), diagonal, of zeros and ones. One never builds it: at most D of its D² entries are not 0, and
    dout @ J takes D² multiplications for what ``relu_backward`` does in D. Source: CS231n notes, "Backpropagation".
    """
    return np.eye(len(x)) * np.heaviside(x, 0.0)


def leaky_relu_forward(x, alpha=0.01):
    """Leaky ReLU: out = x where x > 0, else alpha·x.

    x, out of any one shape, alpha a number in (0, 1), cache = (x, alpha). Source: Maas et al. 2013, eq. 2.
    """
    slope = np.where(x > 0, 1.0, alpha)
    return elementwise(x, x * slope, slope)


def leaky_relu_backward(dout, cache):
    """Gradient of the leaky ReLU: dx = dout · ∂out/∂x, elementwise.

    dout, dx in the shape of x, cache = (x, alpha); at the kink x = 0 any slope from alpha to 1 is right.
    Source: Maas et al. 2013, eq. 2.
    """
    return cache(dout)


def sigmoid_forward(x):
    """Logistic sigmoid: out = 1 / (1 + e^−x), with no overflow at ±1500.

    x, out of any one shape, cache = out. Source: Goodfellow et al. 2016, eq. 3.30.
    """
    s = stable_sigmoid(x)
    return elementwise(x, s, s * (1 - s))


def sigmoid_backward(dout, cache):
    """Gradient of the sigmoid, from its output s alone: dx = dout · σ'(x), elementwise.

    dout, dx in the shape of x, cache = s. Source: Bishop 2006, eq. 4.88.
    """
    return cache(dout)


def tanh_forward(x):
    """Hyperbolic tangent: out = (e^x − e^−x) / (e^x + e^−x), with no overflow at ±1500.

    x, out of any one shape, cache = out. Source: Goodfellow et al. 2016, §6.3.2.
    """
    t = np.tanh(x)
    return elementwise(x, t, (1 - t) * (1 + t))


def tanh_backward(dout, cache):
    """Gradient of tanh, from its output t alone: dx = dout · tanh'(x), elementwise.

    dout, dx in the shape of x, cache = t. Source: Bishop 2006, eq. 5.60.
    """
    return cache(dout)


def softplus_forward(x):
    """Softplus: out = log(1 + e^x), with no overflow at ±1500 and no digits lost where e^x is small.

    x, out of any one shape, cache = x. Source: Dugas et al. 2001; Goodfellow et al. 2016, eq. 3.31.
    """
    return elementwise(x, np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), stable_sigmoid(x))


def softplus_backward(dout, cache):
    """Gradient of softplus: dx = dout · ∂log(1 + e^x)/∂x, elementwise, with no overflow at ±1500.

    dout, dx in the shape of x, cache = x. Source: Goodfellow et al. 2016, eq. 3.36.
    """
    return cache(dout)


def logsumexp_forward(x):
    """Log-sum-exp over the last axis: out[n] = log Σ_d e^x[n, d], with no overflow at logits of 1500.

    x (N, D); out (N,), cache = (x, out).
    Source: Goodfellow et al. 2016, §4.1; Blanchard, Higham & Higham 2021, §1.
    """
    p, lse = probabilities(x)
    return lse[:, 0], {"p": p}


def logsumexp_backward(dout, cache):
    """Gradient of log-sum-exp: dx[n, d] = dout[n] · ∂out[n]/∂x[n, d], with no overflow at logits of 1500.

    dout (N,), cache = (x, out) with x (N, D), out (N,); dx (N, D). Source: Boyd & Vandenberghe 2004, §3.1.5.
    """
    return np.einsum("n,nd->nd", dout, cache["p"])


def softmax_forward(x):
    """Softmax over the last axis: out[n, d] = e^x[n, d] / Σ_k e^x[n, k], with no overflow at logits of 1500.

    x (N, D); out (N, D), each row adds up to 1, cache = out. Source: Goodfellow et al. 2016, eq. 6.29 and §4.1.
    """
    p, _ = probabilities(x)
    return p, {"p": p}


def softmax_backward(dout, cache):
    """Gradient of the softmax, from its output s alone: dx_d = Σ_k dout_k · ∂s_k/∂x_d, row by row.

    dout, dx (N, D), cache = s (N, D). Source: Bishop 2006, eq. 4.106.
    """
    p = cache["p"]
    return p * (dout - np.einsum("nd,nd->n", dout, p)[:, np.newaxis])


def squared_error_loss(x, y):
    """Squared error, half the sum over all entries: loss = ½ Σ (x − y)², and dx = ∂loss/∂x.

    Predictions x and targets y of any one shape; loss a number, dx in the shape of x. Source: Bishop 2006, eq. 5.11.
    """
    error = x - y
    return np.vdot(error, error) / 2, error


def mse_loss(x, y):
    """Mean squared error, the mean over all entries (not only over rows): loss = mean (x − y)², and dx = ∂loss/∂x.

    Predictions x and targets y of any one shape; loss a number, dx in the shape of x.
    Source: Goodfellow et al. 2016, eq. 5.4.
    """
    loss, dx = squared_error_loss(x, y)
    return loss * 2 / dx.size, dx * 2 / dx.size


def bce_with_logits_loss(x, y):
    """Binary cross-entropy from logits u = x: the mean over n of y log(1 + e^−u) + (1 − y) log(1 + e^u).

    Logits x (N,), labels y (N,) of 0.0 and 1.0; loss a number, dx = ∂loss/∂x (N,). Right for logits of ±1500.
    Source: Goodfellow et al. 2016, eq. 6.23 to 6.26; the gradient is Bishop 2006, eq. 4.91, divided by N.
    """
    toward, _ = softplus_forward(np.where(y == 1, -x, x))
    return toward.mean(), (stable_sigmoid(x) - y) / x.shape[0]


def softmax_loss(x, y):
    """Softmax cross-entropy: the mean over n of logsumexp(x[n]) − x[n, y[n]].

    Logits x (N, C), labels y (N,) of any integer dtype, 0 ≤ y < C; loss a number, dx = ∂loss/∂x (N, C).
    Right for logits of ±1500. Source: Goodfellow et al. 2016, eq. 6.30; the gradient is Bishop 2006, eq. 4.109, over N.
    """
    p, lse = probabilities(x)
    chosen = np.eye(x.shape[1])[y]
    return np.mean(lse[:, 0] - np.sum(x * chosen, axis=1)), (p - chosen) / x.shape[0]


def svm_loss(x, y):
    """Multiclass hinge loss with margin 1: the mean over n of Σ_{j ≠ y[n]} max(0, x[n, j] − x[n, y[n]] + 1).

    Scores x (N, C), labels y (N,) of any integer dtype, 0 ≤ y < C; loss a number, dx = ∂loss/∂x (N, C).
    Source: Weston & Watkins 1999; CS231n notes, "Linear classification".
    """
    chosen = np.eye(x.shape[1])[y]
    margins = x - np.sum(x * chosen, axis=1, keepdims=True) + 1 - chosen
    violated = (margins > 0) * (1 - chosen)
    pushes = violated - chosen * violated.sum(axis=1, keepdims=True)
    return np.sum(margins * violated) / len(x), pushes / len(x)


def prediction_copies():
    """Predict a bias gradient before you compute it. Return the number.

    An affine layer gets a batch that is one example four times, x of shape (4, 3). The upstream gradient is 1
    everywhere. What is the first entry of db?
    """
    return 4.0


def huber_loss(x, y):
    """Huber loss: the mean over all entries of h(x − y), where h(r) = ½r² for |r| ≤ 1, and |r| − ½ beyond.

    **There is a fault in this function. Find it, and mend it.** x and y of one shape (N, D); returns the loss and
    dx = ∂loss/∂x. At |r| = 1 both formulas agree. Source: Huber 1964.
    """
    r = x - y
    near = np.abs(r) <= 1
    loss = np.mean(np.where(near, r**2 / 2, np.abs(r) - 0.5))
    return loss, np.where(near, r, np.sign(r)) / r.size


def is_linear_backward(backward):
    """Write a test: decide whether a function is the backward pass of out = x w.

    ``backward(dout, x, w)`` returns (dx, dw) for x (N, D), w (D, M) and dout (N, M): a candidate, right or wrong, that
    you get to call as often as you like, on inputs of your choice. Return True if it is right on all inputs of such
    shapes, and False if it is wrong on some. A candidate may raise an error; then it is wrong. You may use anything
    that you have written in this unit.
    """
    rng = np.random.default_rng(5)
    for n, d, m in ((4, 3, 5), (1, 2, 4), (3, 2, 2)):
        x, w, dout = rng.normal(size=(n, d)), rng.normal(size=(d, m)), 5 * rng.normal(size=(n, m))
        dx, dw = backward(dout, x, w)
        if np.shape(dx) != x.shape or np.shape(dw) != w.shape:
            return False
        if not (np.allclose(dx, dout @ w.T) and np.allclose(dw, x.T @ dout)):
            return False
    return True


def question_jacobian_size():
    """Count the entries of a Jacobian.

    A ReLU takes a batch of shape (64, 1000) to one of the same shape. With input and output flattened to vectors, how
    many entries, zeros included, has its full Jacobian? Return the number.
    """
    return 64_000**2


def question_relu_routes():
    """Choose what a ReLU does with the upstream gradient in its backward pass. Return one letter.

    (a) It hands on the entries of dout that are positive, and 0 elsewhere.
    (b) It multiplies dout by max(0, x), its output.
    (c) It hands on dout where its input was positive, and 0 elsewhere.
    (d) It hands on all of dout: the mask acts in the forward pass only.
    """
    return "c"


def question_not_true():
    """Choose the statement that is NOT true of neural networks. Return one letter.

    (a) Reordering the hidden units of a layer, with their weights, leaves the function of the network as it was.
    (b) A multilayer perceptron without biases can be a universal approximator.
    (c) Layers without a nonlinearity between them are one affine map, however many they are.
    (d) One hidden layer of sigmoids with biases, if wide enough, comes close to any continuous function on [0, 1].
    """
    return "b"


def question_saturation():
    """Choose all activations whose slope tends to 0 both as x → −∞ and as x → +∞.

    (a) logistic sigmoid   (b) ReLU   (c) leaky ReLU   (d) tanh   (e) softplus
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    return ["a", "d"]


def question_sigmoid_slope(s):
    """Write the derivative σ'(x) of the sigmoid as a formula in its output s = σ(x) alone, elementwise.

    s of any shape, between 0 and 1; returns σ'(x) in the shape of s. Source: Bishop 2006, eq. 4.88.
    """
    return s * (1 - s)


def question_largest_logit():
    """Choose why a softmax takes the largest logit away from all of them before it takes exponentials. Return one letter.

    (a) Only then do the probabilities add up to 1.
    (b) No exponential is larger than 1 then, and one of them is 1: nothing overflows, and the sum is not 0.
    (c) The exponential needs positive numbers.
    (d) It evens out the probabilities, so that gradients do not vanish.
    """
    return "b"


def question_what_to_keep():
    """Match each layer with the least that its backward pass needs beside dout.

    (a) affine   (b) ReLU   (c) tanh   (d) a layer that adds up two inputs of one shape
    (1) nothing   (2) a truth value for each entry   (3) its output alone   (4) its input, and its weights
    Return a dict from each letter to a digit, such as {"a": "1", "b": "2", "c": "3", "d": "4"}; each digit is used once.
    """
    return {"a": "4", "b": "2", "c": "3", "d": "1"}


def question_softmax_neighbour():
    """Write ∂p_i/∂u_j of p = softmax(u) for two different entries i ≠ j as text: a formula in p and q, where p = p_i and q = p_j.

    Numbers, these two names, + - * / ^ (or **) and parentheses, such as "2*p + q" (which is not it).
    """
    return "-p*q"
