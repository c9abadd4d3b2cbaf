"""Adam, with both bias corrections, and AdamW, with decoupled weight decay."""

from __future__ import annotations

import numpy as np

from grader.bank.optimizers.trajectories import EPS, filled, step_rule, zeros

# ------------------------------------------------------------------------------------------ Adam
ADAM = {"learning_rate": (1e-4, 0.1), "beta1": (0.5, 0.95), "beta2": (0.8, 0.999), "epsilon": EPS}
adam = step_rule("optimizers.adam", 4, **ADAM)


def moments(config, w, dw, steps=True, **more):
    """Return a config with defaults, t counted up (or set to 1 without ``steps``) and both moments brought up to date."""
    c = filled(config, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, m=zeros(w), v=zeros(w), t=0, **more)
    c["t"] = c["t"] + 1 if steps else 1
    c["m"] = c["beta1"] * c["m"] + (1 - c["beta1"]) * dw
    c["v"] = c["beta2"] * c["v"] + (1 - c["beta2"]) * dw * dw
    return c


def corrected(c, first=True, second=True):
    """Return both moments, with the bias corrections that are asked for."""
    m = c["m"] / (1 - c["beta1"] ** c["t"]) if first else c["m"]
    v = c["v"] / (1 - c["beta2"] ** c["t"]) if second else c["v"]
    return m, v


def adam_step(c, m, v):
    """Return the step without the learning rate."""
    return m / (np.sqrt(v) + c["epsilon"])


@adam.accepts("epsilon_hat")
def guards_the_uncorrected_root(w, dw, config=None):
    """Kingma & Ba 2015, §2, the faster order: γ·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε), whose ε is another one."""
    c = moments(config, w, dw)
    rate = c["learning_rate"] * np.sqrt(1 - c["beta2"] ** c["t"]) / (1 - c["beta1"] ** c["t"])
    return w - rate * c["m"] / (np.sqrt(c["v"]) + c["epsilon"]), c


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


@adam.mistake("The step goes uphill.")
def adam_climbs(w, dw, config=None):
    c = moments(config, w, dw)
    return w + c["learning_rate"] * adam_step(c, *corrected(c)), c


@adam.mistake("The corrected moments are stored: the next step corrects them again.")
def stores_the_corrected_moments(w, dw, config=None):
    c = moments(config, w, dw)
    c["m"], c["v"] = corrected(c)
    return w - c["learning_rate"] * adam_step(c, c["m"], c["v"]), c


@adam.mistake("The corrections use β·t where they need β to the power of t.")
def multiplies_beta_by_t(w, dw, config=None):
    c = moments(config, w, dw)
    m, v = c["m"] / (1 - c["beta1"] * c["t"]), c["v"] / (1 - c["beta2"] * c["t"])
    return w - c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"]), c


@adam.mistake("β₁ and β₂ are exchanged in the corrections: each moment has its own.")
def exchanges_the_betas_in_the_corrections(w, dw, config=None):
    c = moments(config, w, dw)
    m, v = c["m"] / (1 - c["beta2"] ** c["t"]), c["v"] / (1 - c["beta1"] ** c["t"])
    return w - c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"]), c


@adam.mistake("The second moment never falls: that is AMSGrad.")
def keeps_the_largest_second_moment(w, dw, config=None):
    c = moments(config, w, dw)
    c["largest"] = np.maximum(c.get("largest", 0.0), corrected(c)[1])
    return w - c["learning_rate"] * corrected(c)[0] / (np.sqrt(c["largest"]) + c["epsilon"]), c


@adam.mistake("The default learning rate is 1e-2, that of plain descent: Adam's is 1e-3.")
def adam_has_the_default_of_sgd(w, dw, config=None):
    c = moments(filled(config, learning_rate=1e-2), w, dw)
    return w - c["learning_rate"] * adam_step(c, *corrected(c)), c


# ----------------------------------------------------------------------------------------- AdamW
adamw = step_rule("optimizers.adamw", 4, **ADAM, weight_decay=(1e-3, 0.2))


@adamw.accepts("epsilon_hat")
def decays_beside_the_uncorrected_root(w, dw, config=None):
    c = moments(config, w, dw, weight_decay=1e-2)
    rate = c["learning_rate"] * np.sqrt(1 - c["beta2"] ** c["t"]) / (1 - c["beta1"] ** c["t"])
    step = rate * c["m"] / (np.sqrt(c["v"]) + c["epsilon"])
    return w - step - c["learning_rate"] * c["weight_decay"] * w, c


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


@adamw.mistake("The decay is divided by the root of the second moment too: it stands beside the quotient, not in it.")
def decays_inside_the_quotient(w, dw, config=None):
    c = moments(config, w, dw, weight_decay=1e-2)
    m, v = corrected(c)
    return w - c["learning_rate"] * (m + c["weight_decay"] * w) / (np.sqrt(v) + c["epsilon"]), c


@adamw.mistake("The sign of the weights decays: that is an L1 penalty.")
def decays_by_sign(w, dw, config=None):
    c = moments(config, w, dw, weight_decay=1e-2)
    return w - c["learning_rate"] * (adam_step(c, *corrected(c)) + c["weight_decay"] * np.sign(w)), c
