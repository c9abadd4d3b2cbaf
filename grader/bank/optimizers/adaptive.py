"""Steps of a length of their own for each parameter: AdaGrad, RMSProp, Adam, AdamW."""

from __future__ import annotations

import numpy as np

from grader.bank.optimizers.trajectories import filled, step_rule, zeros

__all__ = ["ADAPTIVE"]

EPS = (1e-9, 1e-6)

# --------------------------------------------------------------------------------------- AdaGrad
adagrad = step_rule("optimizers.adagrad", 3, learning_rate=(1e-3, 0.3), epsilon=EPS)


def accumulating(c, w, **more):
    """Config with defaults and a cache of squares."""
    return filled(c, learning_rate=1e-2, epsilon=1e-8, cache=zeros(w), **more)


def scaled(c, w, dw, root=np.sqrt):
    """The step of AdaGrad and RMSProp."""
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


# ------------------------------------------------------------------------------------------ Adam
ADAM = {"learning_rate": (1e-4, 0.1), "beta1": (0.5, 0.95), "beta2": (0.8, 0.999), "epsilon": EPS}
adam = step_rule("optimizers.adam", 4, **ADAM)


def moments(config, w, dw, steps=True, **more):
    """Config with defaults, t counted up and both moments brought up to date."""
    c = filled(config, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, m=zeros(w), v=zeros(w), t=0, **more)
    c["t"] = c["t"] + 1 if steps else 1
    c["m"] = c["beta1"] * c["m"] + (1 - c["beta1"]) * dw
    c["v"] = c["beta2"] * c["v"] + (1 - c["beta2"]) * dw * dw
    return c


def corrected(c, first=True, second=True):
    """Both moments, with the bias corrections that are asked for."""
    m = c["m"] / (1 - c["beta1"] ** c["t"]) if first else c["m"]
    v = c["v"] / (1 - c["beta2"] ** c["t"]) if second else c["v"]
    return m, v


def adam_step(c, m, v):
    """The step without the learning rate."""
    return m / (np.sqrt(v) + c["epsilon"])


@adam.mistake("The moments start at 0 and are not corrected for it: the first steps have the wrong length.")
def corrects_nothing(w, dw, config=None):
    c = moments(config, w, dw)
    return w - c["learning_rate"] * adam_step(c, *corrected(c, False, False)), c


@adam.mistake("Only the first moment is corrected for its start at 0.")
def corrects_first_only(w, dw, config=None):
    c = moments(config, w, dw)
    return w - c["learning_rate"] * adam_step(c, *corrected(c, second=False)), c


@adam.mistake("Only the second moment is corrected for its start at 0.")
def corrects_second_only(w, dw, config=None):
    c = moments(config, w, dw)
    return w - c["learning_rate"] * adam_step(c, *corrected(c, first=False)), c


@adam.mistake("t never grows: every step is corrected as if it were the first. Is it written back to the config?")
def stops_the_clock(w, dw, config=None):
    c = moments(config, w, dw, steps=False)
    return w - c["learning_rate"] * adam_step(c, *corrected(c)), c


@adam.mistake("t is counted up after it was used: the first step has t = 0, and 1 − β⁰ is 0.")
def counts_from_zero(w, dw, config=None):
    c = moments(config, w, dw)
    c["t"] -= 1
    step = adam_step(c, *corrected(c))
    c["t"] += 1
    return w - c["learning_rate"] * step, c


@adam.mistake("t is one too large: the first step has t = 1.")
def counts_from_two(w, dw, config=None):
    c = moments(config, w, dw)
    late = {**c, "t": c["t"] + 1}
    return w - c["learning_rate"] * adam_step(c, *corrected(late)), c


@adam.mistake("epsilon stands inside the root: this course adds it outside.")
def guards_inside_the_root(w, dw, config=None):
    c = moments(config, w, dw)
    m, v = corrected(c)
    return w - c["learning_rate"] * m / np.sqrt(v + c["epsilon"]), c


@adam.mistake("The root is missing: the step is divided by the mean square itself.")
def adam_without_root(w, dw, config=None):
    c = moments(config, w, dw)
    m, v = corrected(c)
    return w - c["learning_rate"] * m / (v + c["epsilon"]), c


@adam.mistake("The second moment gathers gradients, where it gathers their squares.")
def forgets_to_square(w, dw, config=None):
    c = moments(config, w, dw)
    c["v"] = c["v"] - (1 - c["beta2"]) * dw * dw + (1 - c["beta2"]) * np.abs(dw)
    return w - c["learning_rate"] * adam_step(c, *corrected(c)), c


# ----------------------------------------------------------------------------------------- AdamW
adamw = step_rule("optimizers.adamw", 4, **ADAM, weight_decay=(1e-3, 0.2))


@adamw.mistake("The decay goes into the gradient, and so through both moments: AdamW decouples it from them.")
def couples_the_decay(w, dw, config=None):
    decay = filled(config, weight_decay=1e-2)["weight_decay"]
    c = moments(config, w, dw + decay * w, weight_decay=1e-2)
    return w - c["learning_rate"] * adam_step(c, *corrected(c)), c


@adamw.mistake("There is no decay: this is Adam.")
def does_not_decay(w, dw, config=None):
    c = moments(config, w, dw, weight_decay=1e-2)
    return w - c["learning_rate"] * adam_step(c, *corrected(c)), c


@adamw.mistake("The decay is not multiplied by the learning rate.")
def decays_at_full_rate(w, dw, config=None):
    c = moments(config, w, dw, weight_decay=1e-2)
    return w - c["learning_rate"] * adam_step(c, *corrected(c)) - c["weight_decay"] * w, c


@adamw.mistake("The weights after the step are decayed: it is the old w that decays.")
def decays_the_new_weights(w, dw, config=None):
    c = moments(config, w, dw, weight_decay=1e-2)
    new = w - c["learning_rate"] * adam_step(c, *corrected(c))
    return new - c["learning_rate"] * c["weight_decay"] * new, c


@adamw.mistake("The weights grow: the decay has the wrong sign.")
def lets_weights_grow(w, dw, config=None):
    c = moments(config, w, dw, weight_decay=1e-2)
    return w - c["learning_rate"] * (adam_step(c, *corrected(c)) - c["weight_decay"] * w), c


@adamw.mistake("The moments start at 0 and are not corrected for it.")
def adamw_corrects_nothing(w, dw, config=None):
    c = moments(config, w, dw, weight_decay=1e-2)
    return w - c["learning_rate"] * (adam_step(c, *corrected(c, False, False)) + c["weight_decay"] * w), c


ADAPTIVE = (adagrad, rmsprop, adam, adamw)
