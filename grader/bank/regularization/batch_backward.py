"""Batch normalisation, backward: step by step, and in one line."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass
from grader.bank.regularization.invariants import COLUMNS
from grader.judging import array, drawn, without_loops


def training_param(m):
    """Draw a ``bn_param`` of training: with eps in every second case, and averages in every third."""
    seed, d = m.recipe.seed, m.size("D")
    eps = {"eps": round(float(m.rng.uniform(1e-4, 0.5)), 4)} if seed % 2 else {}
    old = {"running_mean": m.rng.standard_normal(d), "running_var": m.rng.uniform(0.2, 3.0, d)} if seed % 3 == 0 else {}
    return {"mode": "train", **eps, **old}


BATCH = {"x": array("N", "D"), "gamma": array("D"), "beta": array("D"), "bn_param": drawn(training_param)}
GRADIENTS = ("dx", "dgamma", "dbeta")
PLACES = {"dx": ("example", "feature"), "dgamma": ("feature",), "dbeta": ("feature",)}


def parts(dout, cache):
    """Return x̂, γ/√(v + eps), and the gradients for gamma and beta, from the documented cache."""
    x_hat, gamma, std = cache
    return x_hat, gamma / std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def composed(dout, cache, mean=1.0, along=1.0):
    """Return the three gradients, with the path through the mean and the one through the variance each times a factor."""
    x_hat, scale, dgamma, dbeta = parts(dout, cache)
    dx = scale * (dout - mean * dout.mean(axis=0) - along * x_hat * (dout * x_hat).mean(axis=0))
    return dx, dgamma, dbeta


def ddof(dout):
    """Return N/(N − 1), and 1 for a batch of one."""
    return len(dout) / max(1, len(dout) - 1)


batchnorm_backward = backward_pass(
    "regularization.batchnorm_backward", BATCH, ("N", "D"), 6, GRADIENTS, places=PLACES, invariants=COLUMNS
)


@batchnorm_backward.mistake(
    "No path leads through the variance: Σdx over the batch is 0, but Σdx·x̂ is not. Moving one x changes v, and so all of x̂."
)
def forgets_the_variance(dout, cache):
    return composed(dout, cache, along=0)


@batchnorm_backward.mistake(
    "No path leads through the mean: Σdx·x̂ over the batch is as it must be, but Σdx is not 0. Moving one x changes μ as well."
)
def forgets_the_mean(dout, cache):
    return composed(dout, cache, mean=0)


@batchnorm_backward.mistake(
    "Mean and variance are taken as constants, as in test mode: in training both of them depend on x."
)
def takes_the_statistics_as_constants(dout, cache):
    return composed(dout, cache, mean=0, along=0)


@batchnorm_backward.mistake(
    "Two variances are mixed: the path through v is N/(N − 1) times what this forward pass has."
)
def mixes_ddof(dout, cache):
    return composed(dout, cache, along=ddof(dout))


@batchnorm_backward.mistake("gamma is missing from dx: what reaches x̂ is dout times gamma.")
def forgets_gamma(dout, cache):
    x_hat, gamma, std = cache
    return composed(dout, (x_hat, np.ones_like(gamma), std))[0], *parts(dout, cache)[2:]


@batchnorm_backward.mistake("dgamma is the sum of dout alone, as dbeta is: gamma is multiplied by x̂.")
def forgets_x_hat_in_dgamma(dout, cache):
    dx, _, dbeta = composed(dout, cache)
    return dx, dbeta, dbeta


@batchnorm_backward.mistake("dgamma is a sum of dout·(x − μ): gamma is multiplied by x̂, which is divided by the root.")
def takes_what_is_centred_for_x_hat(dout, cache):
    dx, _, dbeta = composed(dout, cache)
    return dx, (dout * cache[0] * cache[2]).sum(axis=0), dbeta


@batchnorm_backward.mistake("dx is divided by the variance, where x̂ divides by its root.")
def divides_dx_by_the_variance(dout, cache):
    dx, dgamma, dbeta = composed(dout, cache)
    return dx / cache[2], dgamma, dbeta


@batchnorm_backward.mistake("dgamma and dbeta are averaged over the batch: each example adds its own part.")
def averages_dgamma_and_dbeta(dout, cache):
    dx, dgamma, dbeta = composed(dout, cache)
    return dx, dgamma / len(dout), dbeta / len(dout)


@batchnorm_backward.mistake("dgamma is taken of the layer's output before gamma and beta, scaled once more by gamma.")
def scales_dgamma_by_gamma(dout, cache):
    dx, dgamma, dbeta = composed(dout, cache)
    return dx, dgamma * cache[1], dbeta


@batchnorm_backward.mistake("The path through the variance is added, where it takes away.")
def adds_the_path_through_the_variance(dout, cache):
    return composed(dout, cache, along=-1)


@batchnorm_backward.mistake("The two paths are sums over the batch, where mean and variance divide by N.")
def forgets_to_divide_by_n(dout, cache):
    n = len(dout)
    return composed(dout, cache, mean=n, along=n)


@batchnorm_backward.mistake(
    "dx is 0 everywhere. That is right for a dout of ones, and for no other that is not constant along a column."
)
def gives_zeros(dout, cache):
    return np.zeros_like(dout), *parts(dout, cache)[2:]


@batchnorm_backward.mistake(
    "The paths through mean and variance run over the features of an example, where the batch is meant."
)
def runs_over_features(dout, cache):
    x_hat, gamma, std = cache
    g = dout * gamma
    dx = (g - g.mean(axis=1, keepdims=True) - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / std
    return dx, *parts(dout, cache)[2:]


# ------------------------------------------------------------------------------------- in one line
batchnorm_backward_alt = backward_pass(
    "regularization.batchnorm_backward_alt",
    BATCH,
    ("N", "D"),
    2,
    GRADIENTS,
    pair="batchnorm_forward",
    further=(without_loops(1),),
    places=PLACES,
    invariants=COLUMNS,
)


@batchnorm_backward_alt.mistake(
    "The second mean is missing: Σdx is 0, but Σdx·x̂ is not, so the spread of the batch would move."
)
def line_without_the_variance(dout, cache):
    return composed(dout, cache, along=0)


@batchnorm_backward_alt.mistake("The first mean is missing: Σdx is not 0, so the mean of the batch would move.")
def line_without_the_mean(dout, cache):
    return composed(dout, cache, mean=0)


@batchnorm_backward_alt.mistake(
    "x̂ is missing from the second term: a mean of dout·x̂ alone is the same for all examples."
)
def line_without_x_hat(dout, cache):
    x_hat, scale, dgamma, dbeta = parts(dout, cache)
    return scale * (dout - dout.mean(axis=0) - (dout * x_hat).mean(axis=0)), dgamma, dbeta


@batchnorm_backward_alt.mistake("The second mean is divided by N − 1: this variance divides by N.")
def line_with_the_other_variance(dout, cache):
    return composed(dout, cache, along=ddof(dout))


@batchnorm_backward_alt.mistake("It is divided by the variance, where x̂ divides by its root.")
def line_over_the_variance(dout, cache):
    dx, dgamma, dbeta = composed(dout, cache)
    return dx / cache[2], dgamma, dbeta


@batchnorm_backward_alt.mistake(
    "The factor N is left over: the sums were multiplied by N once and not divided by it again."
)
def line_times_n(dout, cache):
    dx, dgamma, dbeta = composed(dout, cache)
    return dx * len(dout), dgamma, dbeta


@batchnorm_backward_alt.mistake("dx is divided by gamma, where gamma is a factor of out and so of dx.")
def line_over_gamma(dout, cache):
    x_hat, gamma, std = cache
    return composed(dout, (x_hat, 1 / gamma, std))


@batchnorm_backward_alt.mistake("gamma is missing: dx is that of x̂, and not of γ·x̂ + β.")
def line_without_gamma(dout, cache):
    return forgets_gamma(dout, cache)
