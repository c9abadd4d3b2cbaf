"""Gradient descent, with momentum, and with Nesterov's look-ahead."""

from __future__ import annotations

import numpy as np

from grader.bank.optimizers.trajectories import STEPS, config, filled, shape_of, step_rule, zeros
from grader.judging import Exercise, contract, drawn, example, steps, value

# ------------------------------------------------------------------------------------------- SGD
sgd = step_rule("optimizers.sgd", 2, learning_rate=(1e-3, 0.5))


@sgd.mistake("The step goes uphill: the gradient points to where the loss grows.")
def climbs(w, dw, config=None):
    c = filled(config, learning_rate=1e-2)
    return w + c["learning_rate"] * dw, c


@sgd.mistake("The learning rate of the config is not used.")
def ignores_learning_rate(w, dw, config=None):
    return w - 1e-2 * dw, config or {}


@sgd.mistake("The default learning rate is not 1e-2.")
def has_another_default(w, dw, config=None):
    c = filled(config, learning_rate=1e-3)
    return w - c["learning_rate"] * dw, c


@sgd.mistake("Only the sign of the gradient is used: a small slope then gets as long a step as a steep one.")
def steps_by_sign(w, dw, config=None):
    c = filled(config, learning_rate=1e-2)
    return w - c["learning_rate"] * np.sign(dw), c


@sgd.mistake("The gradient is divided by its length: the steeper the slope, the longer the step has to be.")
def normalises_the_gradient(w, dw, config=None):
    c = filled(config, learning_rate=1e-2)
    return w - c["learning_rate"] * dw / np.sqrt((dw * dw).sum()), c


@sgd.mistake("The config that comes back does not hold the learning rate: the second step falls back to the default.")
def forgets_the_config(w, dw, config=None):
    c = filled(config, learning_rate=1e-2)
    return w - c["learning_rate"] * dw, {}


# -------------------------------------------------------------------------------------- momentum
sgd_momentum = step_rule("optimizers.sgd_momentum", 3, learning_rate=(1e-3, 0.3), momentum=(0.3, 0.95))


def momentum(c, w):
    """Return a config with momentum's defaults and state."""
    return filled(c, learning_rate=1e-2, momentum=0.9, velocity=zeros(w))


@sgd_momentum.mistake(
    "The velocity is not kept: every step starts from rest. What must the config hold when it comes back?"
)
def forgets_velocity(w, dw, config=None):
    c = momentum(config, w)
    return w + c["momentum"] * zeros(w) - c["learning_rate"] * dw, c


@sgd_momentum.mistake("The step goes uphill: the velocity must point downhill, and is the step, w + v.")
def subtracts_velocity(w, dw, config=None):
    c = momentum(config, w)
    c["velocity"] = c["momentum"] * c["velocity"] - c["learning_rate"] * dw
    return w - c["velocity"], c


@sgd_momentum.mistake("The gradient is damped by 1 − momentum: that is an average of gradients, another convention.")
def averages_gradients(w, dw, config=None):
    c = momentum(config, w)
    c["velocity"] = c["momentum"] * c["velocity"] - (1 - c["momentum"]) * c["learning_rate"] * dw
    return w + c["velocity"], c


@sgd_momentum.mistake("The step uses the velocity from before this gradient: update the velocity first.")
def steps_with_the_old_velocity(w, dw, config=None):
    c = momentum(config, w)
    old = c["velocity"]
    c["velocity"] = c["momentum"] * old - c["learning_rate"] * dw
    return w + old, c


@sgd_momentum.mistake("The velocity is never damped: momentum is not used.")
def never_damps(w, dw, config=None):
    c = momentum(config, w)
    c["velocity"] = c["velocity"] - c["learning_rate"] * dw
    return w + c["velocity"], c


@sgd_momentum.mistake("momentum is 0.9 whatever the config says.")
def hard_codes_momentum(w, dw, config=None):
    c = momentum(config, w)
    c["velocity"] = 0.9 * c["velocity"] - c["learning_rate"] * dw
    return w + c["velocity"], c


@sgd_momentum.mistake("The step looks ahead along the new velocity: that is Nesterov's form, not plain momentum.")
def looks_ahead(w, dw, config=None):
    c = momentum(config, w)
    c["velocity"] = c["momentum"] * c["velocity"] - c["learning_rate"] * dw
    return w + c["momentum"] * c["velocity"] - c["learning_rate"] * dw, c


# -------------------------------------------------------------------------------------- Nesterov
def on_quadratic(nesterov, w, A, b, *config):
    """Adapt ``nesterov``: call it with the gradient of ½wᵀAw − bᵀw as ``grad``, and without a config if none is given."""
    return nesterov(w, lambda v: A @ v - b, *config)


def look_ahead(asked, inputs):
    """Plan six steps on a quadratic, of which the student's function may ask the gradient at any point."""
    quadratic = (inputs["A"], inputs["b"])
    return steps(asked, STEPS, inputs["w"], inputs["config"], lambda _: quadratic, adapter=on_quadratic)


def curvature(m):
    """Draw a symmetric positive definite matrix (D, D) with eigenvalues around 1."""
    d = m.size("D")
    B = m.rng.standard_normal((d, d)) / np.sqrt(d)
    return B @ B.T + 0.5 * np.eye(d)


nesterov = Exercise(
    "optimizers.nesterov",
    {
        "w": drawn(lambda m: m.rng.standard_normal(shape_of(m))),
        "A": drawn(curvature),
        "b": drawn(lambda m: m.rng.standard_normal(shape_of(m))),
        "config": config(learning_rate=(0.01, 0.3), momentum=(0.3, 0.95)),
    },
    ("w",),
    (contract(), example(), value(4)),
    drive=look_ahead,
    regimes=("randn", "odd"),
)


@nesterov.mistake(
    "The gradient is taken at w: that is plain momentum. Nesterov asks for it where the velocity is about to lead."
)
def looks_where_it_stands(w, grad, config=None):
    c = momentum(config, w)
    c["velocity"] = c["momentum"] * c["velocity"] - c["learning_rate"] * grad(w)
    return w + c["velocity"], c


@nesterov.mistake("The look-ahead point is on the wrong side: w + μv, with v the step.")
def looks_back(w, grad, config=None):
    c = momentum(config, w)
    g = grad(w - c["momentum"] * c["velocity"])
    c["velocity"] = c["momentum"] * c["velocity"] - c["learning_rate"] * g
    return w + c["velocity"], c


@nesterov.mistake("The look-ahead goes the whole velocity, where it goes momentum times it.")
def looks_too_far(w, grad, config=None):
    c = momentum(config, w)
    g = grad(w + c["velocity"])
    c["velocity"] = c["momentum"] * c["velocity"] - c["learning_rate"] * g
    return w + c["velocity"], c


@nesterov.mistake("The step starts at the look-ahead point: the gradient is taken there, the step starts at w.")
def starts_ahead(w, grad, config=None):
    c = momentum(config, w)
    ahead = w + c["momentum"] * c["velocity"]
    c["velocity"] = c["momentum"] * c["velocity"] - c["learning_rate"] * grad(ahead)
    return ahead + c["velocity"], c


@nesterov.mistake("The velocity is not kept: every step starts from rest.")
def forgets_where_it_was_going(w, grad, config=None):
    c = filled(config, learning_rate=1e-2)
    return w - c["learning_rate"] * grad(w), {}
