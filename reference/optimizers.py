"""Unit 08, optimizers: update rules, landscapes with their curvature, mini-batches and learning-rate schedules.

An update rule is ``step(w, dw, config=None) -> (next_w, config)``: w and its gradient dw are float64 arrays of one
shape, ``config`` is a dict of hyperparameters and state. What it lacks (all of it, if it is None or empty) is filled in
by default, in a copy; the defaults stand in parentheses. Pass the returned config to the next step. No argument is
changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reference.optimizers_judgement import (  # noqa: F401 - the unit's answers too
    gradient_in_new_coordinates,
    heavy_ball,
    is_free_of_coordinates,
    prediction_new_coordinates,
    prediction_newton_at_a_maximum,
    question_loss_curves,
    question_loss_in_other_units,
    question_two_steps,
    steps_per_epoch,
)

Array = NDArray[np.float64]
Config = dict[str, Any]
Number = np.floating[Any]


def sgd(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """Gradient descent: w ← w − γ·dw, with γ = learning_rate (1e-2).

    Source: Robbins & Monro 1951; Goodfellow et al. 2016, Alg. 8.1.
    """
    config = {"learning_rate": 1e-2, **(config or {})}
    ### BEGIN SOLUTION
    next_w = w - config["learning_rate"] * dw
    ### END SOLUTION
    return next_w, config


def sgd_momentum(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """Gradient descent with momentum: v ← μ·v − γ·dw, then w ← w + v.

    γ = learning_rate (1e-2), μ = momentum (0.9), v = velocity (0, in the shape of w): the velocity is the step.
    Source: Polyak 1964; Goodfellow et al. 2016, Alg. 8.2.
    """
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
    ### BEGIN SOLUTION
    config["velocity"] = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    next_w = w + config["velocity"]
    ### END SOLUTION
    return next_w, config


def nesterov(w: Array, grad: Callable[[Array], Array], config: Config | None = None) -> tuple[Array, Config]:
    """Nesterov's momentum: the gradient is taken where the velocity leads, v ← μ·v − γ·grad(w + μ·v), then w ← w + v.

    grad is a function from a point to the gradient there, both in the shape of w. γ = learning_rate (1e-2),
    μ = momentum (0.9), v = velocity (0, in the shape of w). Source: Sutskever et al. 2013, eq. 3 and 4.
    """
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
    ### BEGIN SOLUTION
    drift = config["momentum"] * config["velocity"]
    config["velocity"] = drift - config["learning_rate"] * grad(w + drift)
    next_w = w + config["velocity"]
    ### END SOLUTION
    return next_w, config


def adagrad(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """AdaGrad: c ← c + dw², then w ← w − γ·dw / (√c + ε), elementwise.

    γ = learning_rate (1e-2), ε = epsilon (1e-8, outside the root), c = cache (0, in the shape of w).
    Source: Duchi, Hazan & Singer 2011; Goodfellow et al. 2016, Alg. 8.4.
    """
    config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
    ### BEGIN SOLUTION
    config["cache"] = config["cache"] + dw**2
    next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
    ### END SOLUTION
    return next_w, config


def rmsprop(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """RMSProp: c ← ρ·c + (1 − ρ)·dw², then w ← w − γ·dw / (√c + ε), elementwise.

    γ = learning_rate (1e-2), ρ = decay_rate (0.99), ε = epsilon (1e-8, outside the root), c = cache (0, in the shape
    of w). Source: Tieleman & Hinton 2012, lecture 6.5.
    """
    config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
    ### BEGIN SOLUTION
    config["cache"] = config["decay_rate"] * config["cache"] + (1 - config["decay_rate"]) * dw**2
    next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
    ### END SOLUTION
    return next_w, config


def adam(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """Adam: two moments of the gradient, both corrected for their start at 0, elementwise.

    t ← t + 1;  m ← β₁·m + (1 − β₁)·dw;  v ← β₂·v + (1 − β₂)·dw²;
    w ← w − γ·m̂ / (√v̂ + ε)  with  m̂ = m / (1 − β₁ᵗ)  and  v̂ = v / (1 − β₂ᵗ).
    γ = learning_rate (1e-3), β₁ = beta1 (0.9), β₂ = beta2 (0.999), ε = epsilon (1e-8, outside the root), t (0, counted
    up before it is used), m and v (0, in the shape of w). Source: Kingma & Ba 2015, Alg. 1.
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    config = {**defaults, "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
    ### BEGIN SOLUTION
    beta1, beta2, t = config["beta1"], config["beta2"], config["t"] + 1
    m = beta1 * config["m"] + (1 - beta1) * dw
    v = beta2 * config["v"] + (1 - beta2) * dw**2
    step = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + config["epsilon"])
    next_w = w - config["learning_rate"] * step
    config.update(t=t, m=m, v=v)
    ### END SOLUTION
    return next_w, config


def adamw(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """AdamW: Adam with weight decay that does not pass through the moments, w ← w − γ·(m̂ / (√v̂ + ε) + λ·w).

    The w that decays is the old one; λ = weight_decay (1e-2); all else, and every default, is as in ``adam``.
    Source: Loshchilov & Hutter 2019, Alg. 2, with the decay multiplied by γ too.
    """
    config = {"weight_decay": 1e-2, **(config or {})}
    ### BEGIN SOLUTION
    next_w, config = adam(w, dw, config)
    next_w = next_w - config["learning_rate"] * config["weight_decay"] * w
    ### END SOLUTION
    return next_w, config


def newton_step(w: Array, grad: Array, hessian: Array) -> Array:
    """Newton's method: w ← w − H⁻¹·grad, by solving H·step = grad and never inverting H.

    w and its gradient grad (D,), hessian H (D, D), symmetric and not singular; next_w (D,).
    Source: Boyd & Vandenberghe 2004, §9.5; Goodfellow et al. 2016, eq. 8.27.
    """
    return w - np.linalg.solve(hessian, grad)


def preconditioned_step(w: Array, dw: Array, A: Array, learning_rate: float) -> Array:
    """Gradient step in the coordinates u with w = A·u, written in w: w ← w − γ·A Aᵀ dw.

    w and its gradient dw (D,), A (D, D), γ = learning_rate; next_w (D,). Source: Boyd & Vandenberghe 2004, §9.4.1.
    """
    return w - learning_rate * (A @ (A.T @ dw))


def elongated_bowl(w: Array) -> tuple[Number, Array, Array]:
    """Evaluate f(x, y) = 4x² + (y + 3)²/15 at w = (x, y), with both derivatives.

    w (2,); returns (f, gradient, hessian): a number, (2,) and (2, 2). Source: elementary calculus.
    """
    ### BEGIN SOLUTION
    curvature = np.array([8, 2 / 15])
    offset = w - np.array([0.0, -3.0])
    gradient = curvature * offset
    f = np.sum(gradient * offset) / 2
    hessian = np.diag(curvature)
    ### END SOLUTION
    return f, gradient, hessian


def rotated_bowl(w: Array) -> tuple[Number, Array, Array]:
    """Evaluate f(x, y) = 2(x − y)² + (x + y + 3√2)²/30 at w = (x, y), with both derivatives.

    This is the elongated bowl turned by 45°: no diagonal preconditioner makes it round.
    w (2,); returns (f, gradient, hessian): a number, (2,) and (2, 2). Source: elementary calculus.
    """
    ### BEGIN SOLUTION
    across, along = w[0] - w[1], w[0] + w[1] + 3 * np.sqrt(2)
    f = 2 * across**2 + along**2 / 30
    gradient = np.stack([4 * across + along / 15, -4 * across + along / 15])
    hessian = np.array([[4 + 1 / 15, -4 + 1 / 15], [-4 + 1 / 15, 4 + 1 / 15]])
    ### END SOLUTION
    return f, gradient, hessian


def rounding_scales(hessian: Array) -> Array:
    """Scales s that make a bowl with a diagonal Hessian round: in w' = s·w the Hessian is 2·I, so s_i = √(H_ii / 2).

    hessian (D, D), diagonal with positive entries; s (D,). For the elongated bowl x' = 2x and y' = y/√15.
    Source: Boyd & Vandenberghe 2004, §9.4.1.
    """
    return np.sqrt(np.diag(hessian) / 2)


def largest_stable_step(hessian: Array) -> Number:
    """Largest learning rate at which gradient descent does not diverge on a quadratic bowl: 2 / λmax.

    hessian (D, D), symmetric positive definite with largest eigenvalue λmax; returns a number.
    Source: LeCun et al. 1998, "Efficient BackProp", §5.
    """
    largest: Number = np.linalg.eigvalsh(hessian)[-1]
    return 2 / largest


def minibatch_gradient(
    grads: Array, batch: NDArray[np.integer[Any]], reduction: Literal["mean", "sum"] = "mean"
) -> Array:
    """Unbiased estimate of the full gradient from a mini-batch drawn uniformly.

    grads (N, D) has one row for each example's gradient; batch (B,) holds integer indices of rows, and one that comes
    twice counts twice. If the loss is the mean over the N examples, average over the batch; if it is their sum, return
    N/B times the sum over the batch. Returns (D,). Source: Goodfellow et al. 2016, §8.1.3.
    """
    estimate: Array = {"mean": 1, "sum": len(grads)}[reduction] * grads[batch].mean(axis=0)
    return estimate


def minibatches(
    X: NDArray[Any], y: NDArray[Any], size: int, rng: np.random.Generator
) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Yield (Xb, yb), every example once, in an order drawn from rng, in batches of ``size``.

    X (N, ...), y (N,); the last batch is smaller if size does not divide N. X and y stay paired.
    Source: Goodfellow et al. 2016, §8.1.3.
    """
    order = rng.permutation(len(X))
    for start in range(0, len(X), size):
        batch = order[start : start + size]
        yield X[batch], y[batch]


def constant(t: int, base: float) -> float:  # noqa: ARG001 - every schedule takes t
    """Constant learning rate: base at every step t. Source: Goodfellow et al. 2016, §8.3.1."""
    return base


def step_decay(t: int, base: float, drop: float, every: int) -> float:
    """Piecewise constant learning rate: base · drop^⌊t / every⌋, with t counted from 0.

    It is base for t < every, and first falls at t = every. Source: CS231n notes, "Neural networks 3", annealing.
    """
    return base * drop ** (t // every)


def inverse_time(t: int, base: float) -> float:
    """Learning rate base / t, with t counted from 1: base at the first step.

    The rates add up to infinity and their squares do not. Source: Robbins & Monro 1951.
    """
    return base / t


def cosine(t: int, base: float, total: int, floor: float = 0) -> Number:
    """Cosine annealing: floor + (base − floor)·(1 + cos(π·min(t, total)/total)) / 2, with t counted from 0.

    It is base at t = 0, floor at t = total, and stays at floor after that.
    Source: Loshchilov & Hutter 2017, eq. 5, without restarts.
    """
    swing: Number = np.cos(np.pi * min(t, total) / total)
    return floor + (base - floor) * (1 + swing) / 2


def warmup(t: int, base: float, steps: int) -> float:
    """Linear warm-up: base · min(1, t / steps), with t counted from 0.

    It is 0 at t = 0, base at t = steps, and stays at base after that. Source: Goyal et al. 2017, §2.2.
    """
    return base * min(1, t / steps)


def question_non_diagonal() -> str:
    """Choose the method whose preconditioner is in general not diagonal. Return one letter.

    (a) gradient descent   (b) momentum   (c) Nesterov's momentum   (d) AdaGrad   (e) Adam   (f) Newton's method
    """
    return "f"


def question_oscillating_loss() -> str:
    """Choose the reading of a loss curve. Return one letter.

    Full-batch gradient descent on a smooth function: the loss jumps up and down from step to step and does not settle.
    (a) The learning rate is too small: the steps do not get anywhere.
    (b) The learning rate is too large: the steps shoot over the valley.
    (c) A minimum has been found: the curve is what rounding leaves.
    (d) The batches are too small: their gradients differ.
    """
    return "b"


def question_newton_saddle() -> str:
    """Choose what one Newton step does on f(x, y) = x² − y² from the point (1, 1). Return one letter.

    (a) It fails: the Hessian is singular.
    (b) It lowers f along y, away from the saddle.
    (c) It lands on the saddle at (0, 0), the stationary point of the quadratic model.
    (d) It stays where it is: the gradient is 0.
    """
    return "c"


def question_stable_step(*, steep: float = 4.0, flat: int = 15) -> float:
    """Compute the largest learning rate at which gradient descent does not diverge on f(x, y) = 4x² + (y + 3)²/15.

    Return the number.
    """
    del flat  # the curvatures are 2·steep and 2/flat, and the larger one decides
    return 1 / steep


def question_adam_first_step() -> float:
    """Compute the change of a single weight, with its sign, in Adam's first step.

    The gradient is +1000, the config is empty, and epsilon is neglected. Return the number next_w − w.
    """
    return -1e-3
