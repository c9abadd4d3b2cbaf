"""Batch normalisation, forward: what is put out, and the running averages that are written back."""

from __future__ import annotations

import numpy as np

from grader.bank.regularization.invariants import CENTRED
from grader.judging import (
    Chain,
    Exercise,
    Malformed,
    Plan,
    array,
    contract,
    drawn,
    example,
    law,
    read_as,
    value,
)


def drawn_param(m):
    """Draw a ``bn_param``: in training with or without averages, eps and momentum; in every third case of test mode."""
    seed, d = m.recipe.seed, m.size("D")
    old = {"running_mean": m.rng.standard_normal(d), "running_var": m.rng.uniform(0.2, 3.0, d)}
    chosen = {"eps": round(float(m.rng.uniform(1e-4, 0.5)), 4), "momentum": round(float(m.rng.uniform(0.05, 0.95)), 3)}
    if seed % 3 == 1:
        return {"mode": "test", **old, **(chosen if seed % 2 else {})}
    return {"mode": "train", **(old if seed % 3 == 2 else {}), **(chosen if seed % 4 in (2, 3) else {})}


NORM = {"x": array("N", "D"), "gamma": array("D"), "beta": array("D"), "bn_param": drawn(drawn_param)}


# ------------------------------------------------------------------------------------------ drive
def written_back(forward, x, gamma, beta, bn_param):
    """Adapt a forward pass: return out, and the running averages that its bn_param holds afterwards; None is the cache."""
    param = dict(bn_param)
    returned = forward(x, gamma, beta, param)
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        return None
    none = np.zeros(x.shape[1])
    return [returned[0], param.get("running_mean", none), param.get("running_var", none)]


def normalising(asked, inputs):
    """Plan ``out, cache = f(x, gamma, beta, bn_param)``: the outputs are out and what is in bn_param then."""
    return Plan(Chain((asked.call(*inputs.values(), adapter=written_back),)), read_as(read_written, function=asked.own))


def read_written(returned, function):
    """Read out and both running averages.

    Raises:
        Malformed: the forward pass did not return two values.

    """
    if returned is None:
        raise Malformed(f"{function} must return 2 values (out, cache)")
    return returned


def standardised(run, inputs):
    """Yield the pair of the law that in training the columns of (out − beta) add up to 0; both sides are moved by 1."""
    if inputs["bn_param"]["mode"] == "train":
        out, one = run()["out"], np.ones_like(inputs["beta"])
        yield (out - inputs["beta"]).mean(axis=0) + one, one


batchnorm_forward = Exercise(
    "regularization.batchnorm_forward",
    NORM,
    ("out", "running_mean", "running_var"),
    (
        contract(),
        example(),
        value(2, "out"),
        value(0.5, "running_mean"),
        value(0.5, "running_var"),
        law("centred", "in training each column of out has the mean beta", standardised),
    ),
    drive=normalising,
    places={"out": ("example", "feature"), "running_mean": ("feature",), "running_var": ("feature",)},
    invariants=CENTRED,
    form="forward pass",
)


# --------------------------------------------------------------------------------------- mistakes
def normalised(x, gamma, beta, bn_param, *, ddof=0, test=None, keep=None, root=None, statistics=None):
    """Return out and a cache, and write the averages back, as the model answer does but for what is asked.

    ``test``: from x, mean and var the statistics of test mode. ``keep(momentum, old, now)`` gives the new average. ``root(var,
    eps)`` is what is divided by. ``statistics(x)`` gives those of the batch.
    """
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mean, var = (x.mean(axis=0), x.var(axis=0)) if statistics is None else statistics(x)
    if ddof:
        var = var * len(x) / np.float64(len(x) - ddof)  # of one example it is 0/0, as with numpy's ddof
    if bn_param["mode"] == "train":
        for name, now in (("running_mean", mean), ("running_var", var)):
            old = bn_param.get(name, np.zeros(x.shape[1]))
            bn_param[name] = momentum * old + (1 - momentum) * now if keep is None else keep(momentum, old, now)
    elif test is None:
        mean, var = bn_param["running_mean"], bn_param["running_var"]
    else:
        mean, var = test(x, bn_param)
    std = np.sqrt(var + eps) if root is None else root(var, eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


@batchnorm_forward.mistake(
    "In training the running averages in bn_param are not replaced: test mode has nothing to go by.", carries=False
)
def does_not_write_back(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, dict(bn_param))


@batchnorm_forward.mistake(
    "The momentum is on the wrong side: it weighs the new batch, where it weighs the old average."
)
def turns_the_momentum_round(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, bn_param, keep=lambda momentum, old, now: (1 - momentum) * old + momentum * now)


@batchnorm_forward.mistake("The running averages are those of the last batch: nothing is averaged over batches.")
def keeps_the_last_batch(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, bn_param, keep=lambda _momentum, _old, now: now)


@batchnorm_forward.mistake(
    "The running variance is averaged from N/(N − 1) times the variance that normalises the batch."
)
def mixes_two_variances(x, gamma, beta, bn_param):
    out = normalised(x, gamma, beta, dict(bn_param))
    normalised(x, gamma, beta, bn_param, ddof=1)
    return out


@batchnorm_forward.mistake(
    "The variance is divided by N − 1, here and in the running average: this norm divides by N, and N − 1 breaks at N = 1."
)
def divides_by_one_less(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, bn_param, ddof=1)


@batchnorm_forward.mistake("In test mode the batch is normalised by its own statistics, and not by the running ones.")
def uses_the_batch_in_test_mode(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, bn_param, test=lambda x, _: (x.mean(axis=0), x.var(axis=0)))


@batchnorm_forward.mistake("In test mode the running averages are moved on: at test nothing is learnt from a batch.")
def moves_the_averages_in_test_mode(x, gamma, beta, bn_param):
    if bn_param["mode"] == "train":
        return normalised(x, gamma, beta, bn_param)
    out = normalised(x, gamma, beta, bn_param)
    normalised(x, gamma, beta, training := bn_param | {"mode": "train"})
    bn_param |= training | {"mode": "test"}
    return out


@batchnorm_forward.mistake("In training the batch is normalised by the running averages: those are for test mode.")
def uses_the_averages_in_training(x, gamma, beta, bn_param):
    normalised(x, gamma, beta, bn_param)
    return normalised(x, gamma, beta, bn_param | {"mode": "test"})


@batchnorm_forward.mistake("The root is missing: x − μ is divided by the variance.")
def divides_by_the_variance(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, bn_param, root=lambda var, eps: var + eps)


@batchnorm_forward.mistake("eps is added to the standard deviation: its place is beside the variance, under the root.")
def puts_eps_outside_the_root(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, bn_param, root=lambda var, eps: np.sqrt(var) + eps)


@batchnorm_forward.mistake("eps is always 1e-5, where ``bn_param`` may hold another.")
def ignores_eps(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, bn_param, root=lambda var, _: np.sqrt(var + 1e-5))


@batchnorm_forward.mistake("The momentum is always 0.9, where ``bn_param`` may hold another.")
def ignores_momentum(x, gamma, beta, bn_param):
    return normalised(x, gamma, beta, bn_param, keep=lambda _momentum, old, now: 0.9 * old + 0.1 * now)


@batchnorm_forward.mistake("Mean and variance are those of a row over its features: that is a layer norm.")
def normalises_rows(x, gamma, beta, bn_param):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    out = gamma * (x - mean) / np.sqrt(var + bn_param.get("eps", 1e-5)) + beta
    normal = normalised(x, gamma, beta, bn_param)
    return normal if bn_param["mode"] == "test" else (out, normal[1])


@batchnorm_forward.mistake("The output is x̂ itself: gamma and beta have no part in it.")
def forgets_gamma_and_beta(x, gamma, beta, bn_param):
    return normalised(x, np.ones_like(gamma), np.zeros_like(beta), bn_param)


@batchnorm_forward.mistake("The mean is not taken away: the batch is scaled, and not centred.")
def does_not_centre(x, gamma, beta, bn_param):
    _, (_, _, std) = normalised(x, gamma, beta, bn_param)
    return gamma * x / std + beta, (x / std, gamma, std)


@batchnorm_forward.mistake("The running variance holds standard deviations.")
def averages_standard_deviations(x, gamma, beta, bn_param):
    out = normalised(x, gamma, beta, dict(bn_param))
    eps = bn_param.get("eps", 1e-5)
    normalised(x, gamma, beta, bn_param, statistics=lambda x: (x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)))
    return out


@batchnorm_forward.mistake("beta is scaled by gamma too: it is added at the very end.")
def scales_the_shift(x, gamma, beta, bn_param):
    return normalised(x, gamma, gamma * beta, bn_param)
