"""Exercises that grade judgement: a prediction, a loss with a planted fault, a test of backward passes to write."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import checker, planted_fault, prediction
from grader.judging import Personal, array

prediction_copies = prediction(
    "layers.prediction_copies",
    {
        1.0: "Each example sends its own gradient back to the bias. What happens with the four of them?",
        3.0: "The number of features does not enter: there is one bias for each output.",
        12.0: "The inputs do not enter a bias's gradient, nor does their number.",
        0.25: "Nothing is averaged here: the layer does not know of a mean in the loss.",
    },
    tolerance=1e-9,
)

# ---------------------------------------------------------------------------------------- huber loss
huber_loss = planted_fault(
    "layers.huber_loss",
    {"x": array("N", "D"), "y": array("N", "D")},
    ("loss", "dx"),
    planted="averages_one_side",
    kinks=True,
    personal=Personal(planted=("forgets_the_mean", "averages_over_rows", "loses_the_sign")),
)


@huber_loss.mistake(
    "The loss is a mean over all entries. Look at the slope far out again: what became of the mean there?"
)
def averages_one_side(x, y):
    r = x - y
    small = np.abs(r) <= 1
    loss = np.mean(np.where(small, r * r / 2, np.abs(r) - 0.5))
    dx = np.where(small, r / r.size, np.sign(r))
    return loss, dx


@huber_loss.mistake("Nothing is averaged in dx, while the loss is a mean.")
def forgets_the_mean(x, y):
    r = x - y
    small = np.abs(r) <= 1
    loss = np.mean(np.where(small, r * r / 2, np.abs(r) - 0.5))
    return loss, np.where(small, r, np.sign(r))


@huber_loss.mistake("The two sides are averaged over different numbers: the mean is over all entries on both.")
def averages_over_rows(x, y):
    r = x - y
    small = np.abs(r) <= 1
    loss = np.mean(np.where(small, r * r / 2, np.abs(r) - 0.5))
    return loss, np.where(small, r / r.size, np.sign(r) / len(r))


@huber_loss.mistake("Far out the slope has one sign on both sides. Which way does |r| fall?")
def loses_the_sign(x, y):
    r = x - y
    small = np.abs(r) <= 1
    loss = np.mean(np.where(small, r * r / 2, np.abs(r) - 0.5))
    return loss, np.where(small, r, 1.0) / r.size


# ------------------------------------------------------------------------- a test of backward passes
def put(is_linear_backward, candidate):
    return is_linear_backward(candidate)


def products(dout, x, w):
    """Two matrix products."""
    return dout @ w.T, x.T @ dout


def loops(dout, x, w):
    """A loop over the examples that adds up."""
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i in range(len(x)):
        dx[i] = w @ dout[i]
        dw += np.outer(x[i], dout[i])
    return dx, dw


def sums(dout, x, w):
    """Sums over an index, by einsum, returned as a list."""
    return [np.einsum("nm,dm->nd", dout, w), np.einsum("nd,nm->dm", x, dout)]


def ignores_dout(dout, x, w):
    ones = np.ones_like(dout)
    return ones @ w.T, x.T @ ones


def averages(dout, x, w):
    return dout @ w.T, x.T @ dout / len(x)


def takes_the_first_example(dout, x, w):
    return dout @ w.T, np.outer(x[0], dout[0])


def forgets_the_transpose(dout, x, w):
    if w.shape[0] == w.shape[1]:
        return dout @ w, x.T @ dout
    return dout @ w.T, x.T @ dout


def transposes_the_result(dout, x, w):
    return dout @ w.T, dout.T @ x


def clips(dout, x, w):
    dout = np.clip(dout, -2, 2)
    return dout @ w.T, x.T @ dout


def loses_dx(dout, x, w):
    return np.zeros_like(x), x.T @ dout


def counts_features_for_examples(dout, x, w):
    dw = np.zeros_like(w)
    for i in range(x.shape[1]):
        dw += np.outer(x[i], dout[i])
    return dout @ w.T, dw


is_linear_backward = checker(
    "layers.is_linear_backward",
    put,
    [products, loops, sums],
    {
        "a backward pass that takes ones for dout": ignores_dout,
        "a dw that is averaged over the examples": averages,
        "a dw of the first example alone": takes_the_first_example,
        "a dx with w for its transpose, where w is square": forgets_the_transpose,
        "a dw that is transposed": transposes_the_result,
        "an upstream gradient that is cut off at ±2": clips,
        "a dx of zeros": loses_dx,
        "a dw that goes through as many examples as there are features": counts_features_for_examples,
    },
)


@is_linear_backward.mistake("What it misses is what an upstream gradient of ones misses.")
def tries_ones(backward):
    rng = np.random.default_rng(1)
    for n, d, m in ((3, 4, 2), (4, 3, 3)):
        x, w, dout = rng.standard_normal((n, d)), rng.standard_normal((d, m)), np.ones((n, m))
        dx, dw = backward(dout, x, w)
        if (
            dx.shape != x.shape
            or dw.shape != w.shape
            or not np.allclose(dx, dout @ w.T)
            or not np.allclose(dw, x.T @ dout)
        ):
            return False
    return True


@is_linear_backward.mistake("What it misses is what a batch of one example misses.")
def tries_one_example(backward):
    rng = np.random.default_rng(1)
    for d, m in ((4, 2), (3, 3)):
        x, w, dout = rng.standard_normal((1, d)), rng.standard_normal((d, m)), 4 * rng.standard_normal((1, m))
        dx, dw = backward(dout, x, w)
        if np.shape(dw) != w.shape or not np.allclose(dx, dout @ w.T) or not np.allclose(dw, x.T @ dout):
            return False
    return True


@is_linear_backward.mistake("What it misses is what shapes alone do not show.")
def looks_at_shapes(backward):
    x, w, dout = np.ones((3, 4)), np.ones((4, 2)), np.ones((3, 2))
    dx, dw = backward(dout, x, w)
    return bool(dx.shape == x.shape and dw.shape == w.shape)


@is_linear_backward.mistake("What it misses is what a dw alone does not show.")
def looks_at_dw_alone(backward):
    rng = np.random.default_rng(1)
    for n, d, m in ((3, 4, 2), (4, 3, 3)):
        x, w, dout = rng.standard_normal((n, d)), rng.standard_normal((d, m)), 4 * rng.standard_normal((n, m))
        dw = backward(dout, x, w)[1]
        if dw.shape != w.shape or not np.allclose(dw, x.T @ dout):
            return False
    return True


@is_linear_backward.mistake("What it misses is what square shapes do not show: one length may stand for another there.")
def tries_squares(backward):
    rng = np.random.default_rng(1)
    for n in (3, 4):
        x, w, dout = rng.standard_normal((n, n)), rng.standard_normal((n, n)), 4 * rng.standard_normal((n, n))
        dx, dw = backward(dout, x, w)
        if not np.allclose(dx, dout @ w.T) or not np.allclose(dw, x.T @ dout):
            return False
    return True


@is_linear_backward.mistake(
    "What it misses is what shapes without two equal lengths do not show: a transpose that is forgotten fits square weights alone."
)
def tries_no_squares(backward):
    rng = np.random.default_rng(1)
    for n, d, m in ((3, 4, 2), (1, 2, 3)):
        x, w, dout = rng.standard_normal((n, d)), rng.standard_normal((d, m)), 4 * rng.standard_normal((n, m))
        dx, dw = backward(dout, x, w)
        if np.shape(dw) != w.shape or not np.allclose(dx, dout @ w.T) or not np.allclose(dw, x.T @ dout):
            return False
    return True


@is_linear_backward.mistake("What it misses is what small numbers do not show.")
def tries_small_numbers(backward):
    rng = np.random.default_rng(1)
    for n, d, m in ((3, 4, 2), (4, 3, 3)):
        x, w, dout = rng.standard_normal((n, d)), rng.standard_normal((d, m)), 0.1 * rng.standard_normal((n, m))
        dx, dw = backward(dout, x, w)
        if np.shape(dw) != w.shape or not np.allclose(dx, dout @ w.T) or not np.allclose(dw, x.T @ dout):
            return False
    return True


@is_linear_backward.mistake(
    "A right candidate is refused, and then nothing that is caught counts: right ones differ in their last digits."
)
def refuses_all(backward):
    return False
