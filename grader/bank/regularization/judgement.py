"""Exercises that grade judgement: predictions, a norm with a planted fault, a test of a norm's backward pass to write."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import checker, planted_fault, prediction
from grader.bank.regularization.invariants import ROOTS
from grader.judging import array, drawn, optional

predict_batch_of_one = prediction(
    "regularization.predict_batch_of_one",
    {
        3.5: "x̂ is not 1. What is the mean of one number, and what is left when it is taken away?",
        126.5: "The entry goes in as x̂, not as x: it is centred first.",
        42.0: "A batch norm does not hand x on: what is the mean of one number?",
        0.0: "x̂ is 0, and that is not all: out is γ·x̂ + β.",
        3.0: "gamma multiplies x̂. What is x̂ here, and what is added?",
    },
    tolerance=1e-9,
)
predict_scaled_batch = prediction(
    "regularization.predict_scaled_batch",
    {
        7.1: "Mean and standard deviation were those of the old batch. How do they change with it?",
        2.1: "The mean of the batch moves with the shift, and so does the standard deviation with the scale.",
        5.7: "The scale goes out with the standard deviation. Where does the shift go?",
    },
    tolerance=1e-9,
)
predict_running_mean = prediction(
    "regularization.predict_running_mean",
    {
        10: "It comes close to 10 only after many batches: it starts at 0 and moves a tenth of the way at each call.",
        9.99: "That is with 0.9 on the new batch: the momentum weighs the old average.",
        7.29: "That is what is left of the way, not what has been walked.",
        1: "That is after the first call.",
        3: "Each call moves a tenth of the way that is left, not of the whole way.",
    },
    tolerance=5e-3,
)

# ----------------------------------------------------------------------------------- RMS norm, planted
rmsnorm_backward = planted_fault(
    "regularization.rmsnorm_backward",
    {
        "dout": array("N", "D"),
        "x": array("N", "D"),
        "gamma": array("D"),
        "eps": optional(drawn(lambda m: round(float(m.rng.uniform(1e-4, 0.5)), 4))),
    },
    ("dx", "dgamma"),
    planted="couples_without_gamma",
    points=3,
    places={"dx": ("example", "feature"), "dgamma": ("feature",)},
    invariants=ROOTS,
)


@rmsnorm_backward.mistake(
    "Two gradients are in dx, one with gamma and one without. Set all of gamma to 1: where does the fault go?"
)
def couples_without_gamma(dout, x, gamma, eps=1e-5):
    r = np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
    x_hat = x / r
    g = dout * gamma
    dx = (g - x_hat * (dout * x_hat).mean(axis=1, keepdims=True)) / r
    dgamma = (dout * x_hat).sum(axis=0)
    return dx, dgamma


def rms(dout, x, gamma, eps=1e-5, mean=0.0, along=1.0):
    """Return both gradients, with a path through a mean, and the one through r, each times a factor."""
    r = np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
    x_hat, g = x / r, dout * gamma
    dx = g - mean * g.mean(axis=1, keepdims=True) - along * x_hat * (g * x_hat).mean(axis=1, keepdims=True)
    return dx / r, (dout * x_hat).sum(axis=0)


@rmsnorm_backward.mistake("gamma is taken out of the mean over the features, and each of them has its own.")
def takes_gamma_out_of_the_mean(dout, x, gamma, eps=1e-5):
    return gamma * rms(dout, x, np.ones_like(gamma), eps)[0], rms(dout, x, gamma, eps)[1]


@rmsnorm_backward.mistake("A path leads through the mean: this norm takes no mean away.")
def goes_through_a_mean(dout, x, gamma, eps=1e-5):
    return rms(dout, x, gamma, eps, mean=1.0)


@rmsnorm_backward.mistake("r is taken as a constant: it depends on every entry of the row.")
def takes_r_as_a_constant(dout, x, gamma, eps=1e-5):
    return rms(dout, x, gamma, eps, along=0.0)


@rmsnorm_backward.mistake("gamma is missing from both parts of dx.")
def leaves_gamma_out(dout, x, gamma, eps=1e-5):
    return rms(dout, x, np.ones_like(gamma), eps)[0], rms(dout, x, gamma, eps)[1]


@rmsnorm_backward.mistake("The path through r is a sum over the features, where r holds their mean.")
def sums_the_coupling(dout, x, gamma, eps=1e-5):
    return rms(dout, x, gamma, eps, along=x.shape[1])


# ------------------------------------------------------------------------- a test of a norm's backward
def put(is_standardise_backward, candidate):
    return is_standardise_backward(candidate)


def one_line(dout, x):
    """One line, with two means."""
    s = np.sqrt(x.var(axis=0) + 1e-5)
    h = (x - x.mean(axis=0)) / s
    return (dout - dout.mean(axis=0) - h * (dout * h).mean(axis=0)) / s


def step_by_step(dout, x):
    """Back through the graph, step by step."""
    n = len(x)
    c = x - x.mean(axis=0)
    v = (c**2).mean(axis=0) + 1e-5
    dc = dout / np.sqrt(v)
    dv = (dout * c).sum(axis=0) * -0.5 * v**-1.5
    dc = dc + 2 * c * dv / n
    return dc - dc.sum(axis=0) / n


def by_jacobians(dout, x):
    """The full Jacobian of each column."""
    n, d = x.shape
    dx = np.zeros((n, d))
    for k in range(d):
        s = np.sqrt(x[:, k].var() + 1e-5)
        h = (x[:, k] - x[:, k].mean()) / s
        dx[:, k] = (np.eye(n) - 1 / n - np.outer(h, h) / n) @ dout[:, k] / s
    return dx


def without_the_variance(dout, x):
    s = np.sqrt(x.var(axis=0) + 1e-5)
    return (dout - dout.mean(axis=0)) / s


def without_the_mean(dout, x):
    s = np.sqrt(x.var(axis=0) + 1e-5)
    h = (x - x.mean(axis=0)) / s
    return (dout - h * (dout * h).mean(axis=0)) / s


def of_constants(dout, x):
    return dout / np.sqrt(x.var(axis=0) + 1e-5)


def with_both_variances(dout, x):
    n = len(x)
    s = np.sqrt(x.var(axis=0) + 1e-5)
    h = (x - x.mean(axis=0)) / s
    return (dout - dout.mean(axis=0) - h * (dout * h).sum(axis=0) / max(1, n - 1)) / s


def of_zeros(dout, x):
    return np.zeros_like(x)


def of_ones(dout, x):
    s = np.sqrt(x.var(axis=0) + 1e-5)
    h = (x - x.mean(axis=0)) / s
    g = np.ones_like(dout)
    return (g - g.mean(axis=0) - h * (g * h).mean(axis=0)) / s


def along_rows(dout, x):
    s = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    h = (x - x.mean(axis=1, keepdims=True)) / s
    return (dout - dout.mean(axis=1, keepdims=True) - h * (dout * h).mean(axis=1, keepdims=True)) / s


def without_eps(dout, x):
    s = np.sqrt(x.var(axis=0) + 1e-300)
    h = (x - x.mean(axis=0)) / s
    return (dout - dout.mean(axis=0) - h * (dout * h).mean(axis=0)) / s


def of_one_column(dout, x):
    s = np.sqrt(x.var(axis=0) + 1e-5)
    h = (x - x.mean(axis=0)) / s
    return (dout - dout.mean(axis=0) - h * (dout * h).sum() / len(x)) / s


def over_columns(dout, x):
    d = x.shape[1]
    s = np.sqrt(x.var(axis=0) + 1e-5)
    h = (x - x.mean(axis=0)) / s
    return (dout - dout.sum(axis=0) / d - h * (dout * h).sum(axis=0) / d) / s


def of_another_size(dout, x):
    n, d = x.shape
    dx = np.zeros((n, d))
    for k in range(d):
        s = np.sqrt(x[:, k].var() + 1e-5)
        h = (x[:, k] - x[:, k].mean()) / s
        dx[:, k] = (np.eye(d) - 1 / n - np.outer(h, h) / n) @ dout[:, k] / s
    return dx


is_standardise_backward = checker(
    "regularization.is_standardise_backward",
    put,
    [one_line, step_by_step, by_jacobians],
    {
        "a dx without the path through the variance, whose columns add up to 0": without_the_variance,
        "a dx without the path through the mean": without_the_mean,
        "a dx that takes mean and variance as constants": of_constants,
        "a dx that mixes N and N − 1": with_both_variances,
        "a dx of zeros": of_zeros,
        "a backward pass that takes ones for dout": of_ones,
        "a dx that normalises rows": along_rows,
        "a dx without the 1e-5, which only a small x shows": without_eps,
        "a path through the variance summed over all columns, which a single column does not show": of_one_column,
        "a dx that divides by the number of columns, which a square x does not show": over_columns,
        "a dx that raises an error unless x is square": of_another_size,
    },
)


def checked(backward, cases, looks):
    """Try a candidate at cases ``(n, d, size)``; ``looks(dx, right, h)`` says whether its answer will do."""
    rng = np.random.default_rng(1)
    for n, d, size in cases:
        x, dout = size * rng.standard_normal((n, d)), rng.standard_normal((n, d))
        s = np.sqrt(x.var(axis=0) + 1e-5)
        h = (x - x.mean(axis=0)) / s
        right = (dout - dout.mean(axis=0) - h * (dout * h).mean(axis=0)) / s
        dx = backward(dout, x)
        if np.shape(dx) != x.shape or not looks(dx, right, h):
            return False
    return True


def near(dx, right, h):
    return np.allclose(dx, right, rtol=1e-6, atol=1e-7 * np.abs(right).max())


@is_standardise_backward.mistake("What it misses is what a dout of ones misses: dx is 0 there, whatever x is.")
def tries_a_dout_of_ones(backward):
    rng = np.random.default_rng(1)
    x = rng.standard_normal((6, 3))
    dx = backward(np.ones_like(x), x)
    return bool(np.shape(dx) == x.shape and np.abs(dx).max() < 1e-10)


@is_standardise_backward.mistake("What it misses is what the sums of dx alone do not show.")
def looks_at_the_sums(backward):
    return checked(backward, ((5, 3, 1.0),), lambda dx, _right, _h: np.allclose(dx.sum(axis=0), 0, atol=1e-9))


@is_standardise_backward.mistake(
    "What it misses is what ordinary numbers do not show: how the function behaves where x is small."
)
def tries_ordinary_numbers(backward):
    return checked(
        backward, ((5, 3, 1.0), (4, 2, 30.0)), lambda dx, right, _: np.allclose(dx, right, rtol=1e-3, atol=1e-3)
    )


@is_standardise_backward.mistake("What it misses is what a single column does not show.")
def tries_one_column(backward):
    return checked(backward, ((5, 1, 1.0), (4, 1, 1e-3)), near)


@is_standardise_backward.mistake("What it misses is what a square x hides, where N and D are one number.")
def tries_square_inputs(backward):
    return checked(backward, ((4, 4, 1.0), (5, 5, 1e-3)), near)


@is_standardise_backward.mistake("What it misses raises an error: a candidate that fails on an input is wrong.")
def passes_over_errors(backward):
    def said(case):
        try:
            return checked(backward, (case,), near)
        except ValueError:
            return True

    return all(said(case) for case in ((5, 3, 1.0), (3, 4, 1.0), (4, 2, 1e-3)))


@is_standardise_backward.mistake("It accepts whatever returns an array, right or wrong.")
def looks_at_the_shape(backward):
    x = np.random.default_rng(1).standard_normal((5, 3))
    return np.shape(backward(np.ones_like(x), x)) == x.shape


@is_standardise_backward.mistake("It accepts every candidate.")
def accepts_everything(backward):
    return True


@is_standardise_backward.mistake("It refuses all right candidates, in whatever way they are written.")
def refuses_everything(backward):
    return False


@is_standardise_backward.mistake(
    "It asks for more digits than rounding leaves: right candidates that add up in another order are refused."
)
def asks_for_every_digit(backward):
    return checked(backward, ((6, 4, 1.0),), lambda dx, right, _: np.array_equal(dx, right))


@is_standardise_backward.mistake("What it misses is what a large batch hides, where N and N − 1 are nearly the same.")
def tries_a_large_batch(backward):
    return checked(
        backward, ((2000, 3, 1.0), (2000, 2, 1e-3)), lambda dx, right, _: np.allclose(dx, right, rtol=1e-2, atol=1e-2)
    )
