"""The running averages over several calls: batches in training one after the other, and a test batch at the end."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import of_class
from grader.bank.regularization.batch import normalised
from grader.judging import array, drawn

CALLS = 4


def batches(m):
    """Draw the batches, each of its own mean and spread, so that their order shows."""
    shape = (m.size("N"), m.size("D"))
    drawn_batches = [(1 + 0.5 * i) * m.rng.standard_normal(shape) + 3.0 * i for i in range(CALLS)]
    return np.array(drawn_batches) * (1e-3 if m.recipe.style == "small" else 1.0)


def momentum_of(m):
    """Draw a ``bn_param`` for the first call: the mode alone, or with a momentum."""
    return (
        {"mode": "train"}
        if m.recipe.seed % 2
        else {"mode": "train", "momentum": round(float(m.rng.uniform(0.1, 0.9)), 3)}
    )


def one_after_the_other(forward, batches, x, gamma, beta, bn_param):
    """Adapt a forward pass: train on each batch with one bn_param, then test; return the averages after each, and out."""
    param, none = dict(bn_param), np.zeros(x.shape[1])
    means, variances = [], []
    for batch in batches:
        forward(batch.copy(), gamma.copy(), beta.copy(), param)
        means.append(np.copy(param.get("running_mean", none)))
        variances.append(np.copy(param.get("running_var", none)))
    param.setdefault("running_mean", none)
    param.setdefault("running_var", none)
    param["mode"] = "test"
    out = forward(x, gamma, beta, param)[0]
    return [np.stack(means), np.stack(variances), out]


batchnorm_over_batches = of_class(
    "regularization.batchnorm_over_batches",
    "batchnorm_forward",
    {
        "batches": drawn(batches),
        "x": array("K", "D"),
        "gamma": array("D"),
        "beta": array("D"),
        "bn_param": drawn(momentum_of),
    },
    ("running_mean", "running_var", "out"),
    one_after_the_other,
    1.5,  # a fault of the forward pass is charged for there
    regimes=("randn", "odd", "small", "offset"),
)


@batchnorm_over_batches.mistake(
    "The running averages do not come back in bn_param: at test nothing is known of the batches."
)
def forgets_all_batches(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, dict(bn_param))


@batchnorm_over_batches.mistake(
    "The average forgets too fast, or too slowly: the momentum weighs the new batch, not the old average."
)
def weighs_the_wrong_side(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, bn_param, keep=lambda momentum, old, now: (1 - momentum) * old + momentum * now)


@batchnorm_over_batches.mistake("Only the last batch is remembered: each call replaces what the ones before it left.")
def remembers_the_last_batch(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, bn_param, keep=lambda _momentum, _old, now: now)


@batchnorm_over_batches.mistake("The batches are added up, and the old average does not fade.")
def adds_up(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, bn_param, keep=lambda momentum, old, now: old + (1 - momentum) * now)


@batchnorm_over_batches.mistake("The first batch is taken as it is, where the averages start at zeros.")
def starts_at_the_first_batch(x, gamma, beta, bn_param):
    first = "running_mean" not in bn_param
    return normalised(
        x,
        gamma,
        beta,
        bn_param,
        keep=lambda momentum, old, now: now if first else momentum * old + (1 - momentum) * now,
    )


@batchnorm_over_batches.mistake(
    "At test the batch at hand is normalised by its own statistics, and the averages stand unused."
)
def never_uses_the_averages(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, bn_param, test=lambda x, _: (x.mean(axis=0), x.var(axis=0)))


@batchnorm_over_batches.mistake("All batches weigh the same: the momentum has no part in the averages.")
def weighs_all_batches_alike(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        bn_param["calls"] = bn_param.get("calls", 0) + 1
    return normalised(x, gamma, beta, bn_param, keep=lambda _momentum, old, now: old + (now - old) / bn_param["calls"])


@batchnorm_over_batches.mistake("The averages start at variances of 1, where they start at zeros.")
def starts_at_ones(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        bn_param.setdefault("running_var", np.ones(x.shape[1]))
    return normalised(x, gamma, beta, bn_param)
