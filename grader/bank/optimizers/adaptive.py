"""Steps of a length of their own for each parameter: AdaGrad and RMSProp."""

from __future__ import annotations

import numpy as np

from grader.bank.optimizers.trajectories import EPS, filled, step_rule, zeros

# --------------------------------------------------------------------------------------- AdaGrad
adagrad = step_rule("optimizers.adagrad", 3, learning_rate=(1e-3, 0.3), epsilon=EPS)


def accumulating(c, w, **more):
    """Return a config with defaults and a cache of squares."""
    return filled(c, learning_rate=1e-2, epsilon=1e-8, cache=zeros(w), **more)


def scaled(c, w, dw, root=np.sqrt):
    """Return the weights after a step of AdaGrad or RMSProp."""
    return w - c["learning_rate"] * dw / (root(c["cache"]) + c["epsilon"])


@adagrad.mistake(
    "The squares are not accumulated: each step sees its own gradient only, so its length hardly depends on it."
)
def forgets_earlier_squares(w, dw, config=None):
    c = accumulating(config, w)
    return scaled({**c, "cache": dw * dw}, w, dw), c


@adagrad.mistake("The root is missing: the gradient is divided by the sum of squares itself.")
def adagrad_without_root(w, dw, config=None):
    c = accumulating(config, w)
    c["cache"] = c["cache"] + dw * dw
    return scaled(c, w, dw, root=lambda v: v), c


@adagrad.mistake("epsilon stands inside the root: this course adds it outside.")
def adagrad_guards_inside(w, dw, config=None):
    c = accumulating(config, w)
    c["cache"] = c["cache"] + dw * dw
    return w - c["learning_rate"] * dw / np.sqrt(c["cache"] + c["epsilon"]), c


@adagrad.mistake("The step divides by the sum before this gradient was added: the first one explodes.")
def adagrad_steps_too_early(w, dw, config=None):
    c = accumulating(config, w)
    step = scaled(c, w, dw)
    c["cache"] = c["cache"] + dw * dw
    return step, c


@adagrad.mistake("Old squares fade: that is RMSProp. AdaGrad keeps all of them.")
def adagrad_forgets_slowly(w, dw, config=None):
    c = accumulating(config, w)
    c["cache"] = 0.99 * c["cache"] + 0.01 * dw * dw
    return scaled(c, w, dw), c


@adagrad.mistake("Magnitudes are summed where squares are: the root of a sum of squares is not a sum of magnitudes.")
def sums_magnitudes(w, dw, config=None):
    c = accumulating(config, w)
    c["cache"] = c["cache"] + np.abs(dw)
    return scaled(c, w, dw, root=lambda v: v), c


@adagrad.mistake("epsilon is missing: where no gradient has come yet, the step is 0/0.")
def adagrad_without_epsilon(w, dw, config=None):
    c = accumulating(config, w)
    c["cache"] = c["cache"] + dw * dw
    return w - c["learning_rate"] * dw / np.sqrt(c["cache"]), c


@adagrad.mistake("All parameters share one sum of squares: each has its own rate.")
def shares_one_rate(w, dw, config=None):
    c = accumulating(config, w)
    c["cache"] = c["cache"] + (dw * dw).sum()
    return scaled(c, w, dw), c


# --------------------------------------------------------------------------------------- RMSProp
rmsprop = step_rule("optimizers.rmsprop", 3, learning_rate=(1e-3, 0.1), decay_rate=(0.5, 0.99), epsilon=EPS)


@rmsprop.mistake("The root is missing: the gradient is divided by the mean square itself.")
def rmsprop_without_root(w, dw, config=None):
    c = accumulating(config, w, decay_rate=0.99)
    c["cache"] = c["decay_rate"] * c["cache"] + (1 - c["decay_rate"]) * dw * dw
    return scaled(c, w, dw, root=lambda v: v), c


@rmsprop.mistake("Old and new are weighted the wrong way round: decay_rate is the share of the old.")
def swaps_the_weights(w, dw, config=None):
    c = accumulating(config, w, decay_rate=0.99)
    c["cache"] = (1 - c["decay_rate"]) * c["cache"] + c["decay_rate"] * dw * dw
    return scaled(c, w, dw), c


@rmsprop.mistake("The squares are summed and never fade: that is AdaGrad.")
def never_forgets(w, dw, config=None):
    c = accumulating(config, w, decay_rate=0.99)
    c["cache"] = c["cache"] + dw * dw
    return scaled(c, w, dw), c


@rmsprop.mistake("epsilon stands inside the root: this course adds it outside.")
def rmsprop_guards_inside(w, dw, config=None):
    c = accumulating(config, w, decay_rate=0.99)
    c["cache"] = c["decay_rate"] * c["cache"] + (1 - c["decay_rate"]) * dw * dw
    return w - c["learning_rate"] * dw / np.sqrt(c["cache"] + c["epsilon"]), c


@rmsprop.mistake("The gradient is averaged, where its square is.")
def averages_without_squaring(w, dw, config=None):
    c = accumulating(config, w, decay_rate=0.99)
    c["cache"] = c["decay_rate"] * c["cache"] + (1 - c["decay_rate"]) * np.abs(dw)
    return scaled(c, w, dw), c


@rmsprop.mistake("The mean square is not kept in the config: each step starts from zero.")
def rmsprop_forgets(w, dw, config=None):
    c = accumulating(config, w, decay_rate=0.99)
    fresh = {**c, "cache": (1 - c["decay_rate"]) * dw * dw}
    return scaled(fresh, w, dw), c


@rmsprop.mistake("The mean square is corrected for its start at 0: that is Adam's correction, RMSProp has none.")
def rmsprop_corrects_bias(w, dw, config=None):
    c = accumulating(config, w, decay_rate=0.99, t=0)
    c["t"] = c["t"] + 1
    c["cache"] = c["decay_rate"] * c["cache"] + (1 - c["decay_rate"]) * dw * dw
    return scaled({**c, "cache": c["cache"] / (1 - c["decay_rate"] ** c["t"])}, w, dw), c


@rmsprop.mistake("The mean square starts at 1: an empty config starts at 0.")
def rmsprop_starts_from_ones(w, dw, config=None):
    c = accumulating(config, w, decay_rate=0.99)
    if "cache" not in (config or {}):
        c["cache"] = zeros(w) + 1.0
    c["cache"] = c["decay_rate"] * c["cache"] + (1 - c["decay_rate"]) * dw * dw
    return scaled(c, w, dw), c
