"""Layer normalisation, forward and backward: each example by itself."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.bank.regularization.invariants import ROWS
from grader.judging import array, drawn

FEATURES = {
    "x": array("N", "D"),
    "gamma": array("D"),
    "beta": array("D"),
    "ln_param": drawn(lambda m: {"eps": round(float(m.rng.uniform(1e-4, 0.5)), 4)} if m.recipe.seed % 2 else {}),
}

layernorm_forward = forward_pass("regularization.layernorm_forward", FEATURES, places={"out": ("example", "feature")})


def normalised_rows(x, gamma, beta, ln_param, axis=1, ddof=0, root=lambda var, eps: np.sqrt(var + eps)):
    """Return out and a cache: normalised along ``axis``, divided by ``root(var, eps)``."""
    centred = x - x.mean(axis=axis, keepdims=True)
    var = (centred**2).mean(axis=axis, keepdims=True)
    if ddof:
        var = var * x.shape[1] / np.float64(x.shape[1] - ddof)  # of one feature it is 0/0, as with numpy's ddof
    std = root(var, ln_param.get("eps", 1e-5))
    x_hat = centred / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


@layernorm_forward.mistake("Mean and variance are those of a column over the batch: that is a batch norm.")
def normalises_columns(x, gamma, beta, ln_param):
    return normalised_rows(x, gamma, beta, ln_param, axis=0)


@layernorm_forward.mistake("One mean and one variance are taken of the whole batch: each example has its own.")
def normalises_the_whole_batch(x, gamma, beta, ln_param):
    return normalised_rows(x, gamma, beta, ln_param, axis=(0, 1))


@layernorm_forward.mistake("The variance is divided by D − 1: this norm divides by D.")
def divides_by_d_less_one(x, gamma, beta, ln_param):
    return normalised_rows(x, gamma, beta, ln_param, ddof=1)


@layernorm_forward.mistake("eps is added to the standard deviation: its place is beside the variance, under the root.")
def puts_eps_beside_the_root(x, gamma, beta, ln_param):
    return normalised_rows(x, gamma, beta, ln_param, root=lambda var, eps: np.sqrt(var) + eps)


@layernorm_forward.mistake("The root is missing: x − μ is divided by the variance.")
def divides_rows_by_the_variance(x, gamma, beta, ln_param):
    return normalised_rows(x, gamma, beta, ln_param, root=lambda var, eps: var + eps)


@layernorm_forward.mistake("The mean is not taken away: that is closer to an RMS norm.")
def does_not_centre_rows(x, gamma, beta, ln_param):
    _, (_, _, std) = normalised_rows(x, gamma, beta, ln_param)
    return gamma * x / std + beta, (x / std, gamma, std)


@layernorm_forward.mistake("eps is always 1e-5, where ``ln_param`` may hold another.")
def ignores_eps_of_rows(x, gamma, beta, ln_param):
    return normalised_rows(x, gamma, beta, {})


@layernorm_forward.mistake("beta is scaled by gamma too: it is added at the very end.")
def scales_the_shift_of_rows(x, gamma, beta, ln_param):
    return normalised_rows(x, gamma, gamma * beta, ln_param)


# -------------------------------------------------------------------------------------- backward
layernorm_backward = backward_pass(
    "regularization.layernorm_backward",
    FEATURES,
    ("N", "D"),
    6,
    ("dx", "dgamma", "dbeta"),
    places={"dx": ("example", "feature"), "dgamma": ("feature",), "dbeta": ("feature",)},
    invariants=ROWS,
)


def composed_rows(dout, cache, mean=1.0, along=1.0, axis=1):
    """Return the three gradients, with the path through the mean and the one through the variance each times a factor."""
    x_hat, gamma, std = cache
    g = dout * gamma
    dx = g - mean * g.mean(axis=axis, keepdims=True) - along * x_hat * (g * x_hat).mean(axis=axis, keepdims=True)
    return dx / std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@layernorm_backward.mistake(
    "gamma was taken out of the means, as in a batch norm: here it differs from feature to feature within a mean."
)
def takes_gamma_out_of_the_means(dout, cache):
    x_hat, gamma, std = cache
    dx, _, _ = composed_rows(dout, (x_hat, np.ones_like(gamma), std))
    return gamma * dx, *composed_rows(dout, cache)[1:]


@layernorm_backward.mistake("The means run over the batch: mean and variance of this norm are those of a row.")
def runs_over_the_batch(dout, cache):
    return composed_rows(dout, cache, axis=0)


@layernorm_backward.mistake(
    "No path leads through the variance: the sum of dx over a row is 0, but that of dx·x̂ is not."
)
def forgets_the_variance_of_rows(dout, cache):
    return composed_rows(dout, cache, along=0)


@layernorm_backward.mistake("No path leads through the mean: the sum of dx over a row is not 0.")
def forgets_the_mean_of_rows(dout, cache):
    return composed_rows(dout, cache, mean=0)


@layernorm_backward.mistake("Mean and variance are taken as constants: both of them depend on x.")
def takes_row_statistics_as_constants(dout, cache):
    return composed_rows(dout, cache, mean=0, along=0)


@layernorm_backward.mistake("The path through the variance is D/(D − 1) times what this norm's variance gives.")
def mixes_ddof_in_rows(dout, cache):
    return composed_rows(dout, cache, along=dout.shape[1] / max(1, dout.shape[1] - 1))


@layernorm_backward.mistake("dgamma and dbeta are summed over features: all examples share one gamma for each feature.")
def sums_over_features(dout, cache):
    x_hat = cache[0]
    return composed_rows(dout, cache)[0], (dout * x_hat).sum(axis=1), dout.sum(axis=1)


@layernorm_backward.mistake("gamma is missing from dx: what reaches x̂ is dout times gamma.")
def forgets_gamma_of_rows(dout, cache):
    x_hat, gamma, std = cache
    return composed_rows(dout, (x_hat, np.ones_like(gamma), std))[0], *composed_rows(dout, cache)[1:]
