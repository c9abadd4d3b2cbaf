"""Batch norm in test mode, where its statistics are constants: its gradients, and how it is folded into the layer before."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.judging import array, drawn, optional

RUNNING = {
    "running_mean": array("D"),
    "running_var": drawn(lambda m: m.rng.uniform(0.1, 4.0, m.size("D"))),
    "eps": optional(drawn(lambda m: round(float(m.rng.uniform(1e-4, 0.5)), 4))),
}

frozen_batchnorm_backward = plain(
    "regularization.frozen_batchnorm_backward",
    {"dout": array("N", "D"), "x": array("N", "D"), "gamma": array("D"), **RUNNING},
    ("dx", "dgamma", "dbeta"),
    3,
    places={"dx": ("example", "feature"), "dgamma": ("feature",), "dbeta": ("feature",)},
)


def frozen(dout, x, gamma, running_mean, running_var, eps=1e-5):
    """Return x̂, the standard deviations, and the three gradients."""
    std = np.sqrt(running_var + eps)
    x_hat = (x - running_mean) / std
    return x_hat, std, dout * gamma / std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


@frozen_batchnorm_backward.mistake(
    "dx goes through mean and variance of the batch: in test mode x moves neither of them."
)
def moves_the_statistics(dout, x, gamma, running_mean, running_var, eps=1e-5):
    x_hat, _, dx, dgamma, dbeta = frozen(dout, x, gamma, running_mean, running_var, eps)
    n = len(dout)
    return dx - dx.mean(axis=0) - x_hat * (dx * x_hat).sum(axis=0) / n, dgamma, dbeta


@frozen_batchnorm_backward.mistake("x is normalised by mean and variance of the batch: test mode has the running ones.")
def normalises_by_the_batch(dout, x, gamma, running_mean, running_var, eps=1e-5):
    return frozen(dout, x, gamma, x.mean(axis=0), x.var(axis=0), eps)[2:]


@frozen_batchnorm_backward.mistake("dx is divided by the variance, where x̂ divides by its root.")
def divides_by_the_running_variance(dout, x, gamma, running_mean, running_var, eps=1e-5):
    _, std, dx, dgamma, dbeta = frozen(dout, x, gamma, running_mean, running_var, eps)
    return dx / std, dgamma, dbeta


@frozen_batchnorm_backward.mistake("eps has no part in it: the forward pass divides by √(running_var + eps).")
def frozen_without_eps(dout, x, gamma, running_mean, running_var, eps=1e-5):
    return frozen(dout, x, gamma, running_mean, running_var, 0.0)[2:]


@frozen_batchnorm_backward.mistake("gamma is missing from dx.")
def frozen_without_gamma(dout, x, gamma, running_mean, running_var, eps=1e-5):
    _, std, _, dgamma, dbeta = frozen(dout, x, gamma, running_mean, running_var, eps)
    return dout / std, dgamma, dbeta


@frozen_batchnorm_backward.mistake("dgamma holds the sum of dout·x: gamma multiplies x̂, which is centred and scaled.")
def takes_x_for_x_hat(dout, x, gamma, running_mean, running_var, eps=1e-5):
    _, _, dx, _, dbeta = frozen(dout, x, gamma, running_mean, running_var, eps)
    return dx, (dout * x).sum(axis=0), dbeta


# -------------------------------------------------------------------------------------------- fold
fold_batchnorm = plain(
    "regularization.fold_batchnorm",
    {"w": array("K", "D"), "b": array("D"), "gamma": array("D"), "beta": array("D"), **RUNNING},
    ("w", "b"),
    places={"w": ("input", "unit"), "b": ("unit",)},
)


@fold_batchnorm.mistake("b is left as it was before the scaling: the batch norm scales the old bias too.")
def does_not_scale_the_bias(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return w * scale, b - running_mean * scale + beta


@fold_batchnorm.mistake("The running mean is not scaled: it is taken away before gamma and the standard deviation act.")
def does_not_scale_the_mean(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return w * scale, b * scale - running_mean + beta


@fold_batchnorm.mistake("The running mean is added, where the batch norm takes it away.")
def adds_the_mean(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return w * scale, (b + running_mean) * scale + beta


@fold_batchnorm.mistake("beta is scaled with the rest: it is added at the very end.")
def scales_beta(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return w * scale, (b - running_mean + beta) * scale


@fold_batchnorm.mistake("gamma has no part in the new weight: only the standard deviation scales it.")
def folds_without_gamma(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = 1 / np.sqrt(running_var + eps)
    return w * scale, (b - running_mean) * gamma * scale + beta


@fold_batchnorm.mistake("The running mean is in w: it is taken away once, from what the affine layer puts out.")
def takes_the_mean_from_the_weight(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return (w - running_mean) * scale, (b - running_mean) * scale + beta


@fold_batchnorm.mistake("It is divided by the variance, where the batch norm divides by its root.")
def folds_the_variance(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / (running_var + eps)
    return w * scale, (b - running_mean) * scale + beta
