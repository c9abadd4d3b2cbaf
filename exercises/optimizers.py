"""Unit 08, optimizers: update rules, landscapes with their curvature, mini-batches and learning-rate schedules.

An update rule is ``step(w, dw, config=None) -> (next_w, config)``: w and its gradient dw are float64 arrays of one
shape, ``config`` is a dict of hyperparameters and state. What it lacks (all of it, if it is None or empty) is filled in
by default, in a copy; the defaults stand in parentheses. Pass the returned config to the next step. No argument is
changed in place.

The functions below are yours to write: each docstring says what is asked. Put your code where it says
``raise NotImplementedError`` and leave the other lines as they are; ``status()`` in the notebook tells how far you are.
"""

# Derived from the model answers by `gradmark stubs`: course authors change those, not this file.
# The names that ruff misses here are for the student to define, and those that it finds unused to use.
# ruff: noqa: ARG001, ARG002, F821, F841, RUF059, RUF100

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Config = dict[str, Any]
Number = np.floating[Any]


def sgd(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """Gradient descent: w ← w − γ·dw, with γ = learning_rate (1e-2).

    Source: Robbins & Monro 1951; Goodfellow et al. 2016, Alg. 8.1.
    """
    config = {"learning_rate": 1e-2, **(config or {})}
    raise NotImplementedError("optimizers.sgd: not written yet")
    return next_w, config


def sgd_momentum(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """Gradient descent with momentum: v ← μ·v − γ·dw, then w ← w + v.

    γ = learning_rate (1e-2), μ = momentum (0.9), v = velocity (0, in the shape of w): the velocity is the step.
    Source: Polyak 1964; Goodfellow et al. 2016, Alg. 8.2.
    """
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
    raise NotImplementedError("optimizers.sgd_momentum: not written yet")
    return next_w, config


def nesterov(w: Array, grad: Callable[[Array], Array], config: Config | None = None) -> tuple[Array, Config]:
    """Nesterov's momentum: the gradient is taken where the velocity leads, v ← μ·v − γ·grad(w + μ·v), then w ← w + v.

    grad is a function from a point to the gradient there, both in the shape of w. γ = learning_rate (1e-2),
    μ = momentum (0.9), v = velocity (0, in the shape of w). Source: Sutskever et al. 2013, eq. 3 and 4.
    """
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
    raise NotImplementedError("optimizers.nesterov: not written yet")
    return next_w, config


def adagrad(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """AdaGrad: c ← c + dw², then w ← w − γ·dw / (√c + ε), elementwise.

    γ = learning_rate (1e-2), ε = epsilon (1e-8, outside the root), c = cache (0, in the shape of w).
    Source: Duchi, Hazan & Singer 2011; Goodfellow et al. 2016, Alg. 8.4.
    """
    config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
    raise NotImplementedError("optimizers.adagrad: not written yet")
    return next_w, config


def rmsprop(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """RMSProp: c ← ρ·c + (1 − ρ)·dw², then w ← w − γ·dw / (√c + ε), elementwise.

    γ = learning_rate (1e-2), ρ = decay_rate (0.99), ε = epsilon (1e-8, outside the root), c = cache (0, in the shape
    of w). Source: Tieleman & Hinton 2012, lecture 6.5.
    """
    config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
    raise NotImplementedError("optimizers.rmsprop: not written yet")
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
    raise NotImplementedError("optimizers.adam: not written yet")
    return next_w, config


def adamw(w: Array, dw: Array, config: Config | None = None) -> tuple[Array, Config]:
    """AdamW: Adam with weight decay that does not pass through the moments, w ← w − γ·(m̂ / (√v̂ + ε) + λ·w).

    The w that decays is the old one; λ = weight_decay (1e-2); all else, and every default, is as in ``adam``.
    Source: Loshchilov & Hutter 2019, Alg. 2, with the decay multiplied by γ too.
    """
    config = {"weight_decay": 1e-2, **(config or {})}
    raise NotImplementedError("optimizers.adamw: not written yet")
    return next_w, config


def newton_step(w: Array, grad: Array, hessian: Array) -> Array:
    """Newton's method: w ← w − H⁻¹·grad, by solving H·step = grad and never inverting H.

    w and its gradient grad (D,), hessian H (D, D), symmetric and not singular; next_w (D,).
    Source: Boyd & Vandenberghe 2004, §9.5; Goodfellow et al. 2016, eq. 8.27.
    """
    raise NotImplementedError("optimizers.newton_step: not written yet")


def preconditioned_step(w: Array, dw: Array, A: Array, learning_rate: float) -> Array:
    """Gradient step in the coordinates u with w = A·u, written in w: w ← w − γ·A Aᵀ dw.

    w and its gradient dw (D,), A (D, D), γ = learning_rate; next_w (D,). Source: Boyd & Vandenberghe 2004, §9.4.1.
    """
    raise NotImplementedError("optimizers.preconditioned_step: not written yet")


def elongated_bowl(w: Array) -> tuple[Number, Array, Array]:
    """Evaluate f(x, y) = 4x² + (y + 3)²/15 at w = (x, y), with both derivatives.

    w (2,); returns (f, gradient, hessian): a number, (2,) and (2, 2). Source: elementary calculus.
    """
    raise NotImplementedError("optimizers.elongated_bowl: not written yet")
    return f, gradient, hessian


def rotated_bowl(w: Array) -> tuple[Number, Array, Array]:
    """Evaluate f(x, y) = 2(x − y)² + (x + y + 3√2)²/30 at w = (x, y), with both derivatives.

    This is the elongated bowl turned by 45°: no diagonal preconditioner makes it round.
    w (2,); returns (f, gradient, hessian): a number, (2,) and (2, 2). Source: elementary calculus.
    """
    raise NotImplementedError("optimizers.rotated_bowl: not written yet")
    return f, gradient, hessian


def rounding_scales(hessian: Array) -> Array:
    """Scales s that make a bowl with a diagonal Hessian round: in w' = s·w the Hessian is 2·I, so s_i = √(H_ii / 2).

    hessian (D, D), diagonal with positive entries; s (D,). For the elongated bowl x' = 2x and y' = y/√15.
    Source: Boyd & Vandenberghe 2004, §9.4.1.
    """
    raise NotImplementedError("optimizers.rounding_scales: not written yet")


def largest_stable_step(hessian: Array) -> Number:
    """Largest learning rate at which gradient descent does not diverge on a quadratic bowl: 2 / λmax.

    hessian (D, D), symmetric positive definite with largest eigenvalue λmax; returns a number.
    Source: LeCun et al. 1998, "Efficient BackProp", §5.
    """
    raise NotImplementedError("optimizers.largest_stable_step: not written yet")


def minibatch_gradient(
    grads: Array, batch: NDArray[np.integer[Any]], reduction: Literal["mean", "sum"] = "mean"
) -> Array:
    """Unbiased estimate of the full gradient from a mini-batch drawn uniformly.

    grads (N, D) has one row for each example's gradient; batch (B,) holds integer indices of rows, and one that comes
    twice counts twice. If the loss is the mean over the N examples, average over the batch; if it is their sum, return
    N/B times the sum over the batch. Returns (D,). Source: Goodfellow et al. 2016, §8.1.3.
    """
    raise NotImplementedError("optimizers.minibatch_gradient: not written yet")


def minibatches(
    X: NDArray[Any], y: NDArray[Any], size: int, rng: np.random.Generator
) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Yield (Xb, yb), every example once, in an order drawn from rng, in batches of ``size``.

    X (N, ...), y (N,); the last batch is smaller if size does not divide N. X and y stay paired.
    Source: Goodfellow et al. 2016, §8.1.3.
    """
    raise NotImplementedError("optimizers.minibatches: not written yet")


def constant(t: int, base: float) -> float:  # noqa: ARG001 - every schedule takes t
    """Constant learning rate: base at every step t. Source: Goodfellow et al. 2016, §8.3.1."""
    raise NotImplementedError("optimizers.constant: not written yet")


def step_decay(t: int, base: float, drop: float, every: int) -> float:
    """Piecewise constant learning rate: base · drop^⌊t / every⌋, with t counted from 0.

    It is base for t < every, and first falls at t = every. Source: CS231n notes, "Neural networks 3", annealing.
    """
    raise NotImplementedError("optimizers.step_decay: not written yet")


def inverse_time(t: int, base: float) -> float:
    """Learning rate base / t, with t counted from 1: base at the first step.

    The rates add up to infinity and their squares do not. Source: Robbins & Monro 1951.
    """
    raise NotImplementedError("optimizers.inverse_time: not written yet")


def cosine(t: int, base: float, total: int, floor: float = 0) -> Number:
    """Cosine annealing: floor + (base − floor)·(1 + cos(π·min(t, total)/total)) / 2, with t counted from 0.

    It is base at t = 0, floor at t = total, and stays at floor after that.
    Source: Loshchilov & Hutter 2017, eq. 5, without restarts.
    """
    raise NotImplementedError("optimizers.cosine: not written yet")


def warmup(t: int, base: float, steps: int) -> float:
    """Linear warm-up: base · min(1, t / steps), with t counted from 0.

    It is 0 at t = 0, base at t = steps, and stays at base after that. Source: Goyal et al. 2017, §2.2.
    """
    raise NotImplementedError("optimizers.warmup: not written yet")


def question_non_diagonal() -> str:
    """Choose the method whose preconditioner is in general not diagonal. Return one letter.

    (a) gradient descent   (b) momentum   (c) Nesterov's momentum   (d) AdaGrad   (e) Adam   (f) Newton's method
    """
    raise NotImplementedError("optimizers.question_non_diagonal: not written yet")


def question_oscillating_loss() -> str:
    """Choose the reading of a loss curve. Return one letter.

    Full-batch gradient descent on a smooth function: the loss jumps up and down from step to step and does not settle.
    (a) The learning rate is too small: the steps do not get anywhere.
    (b) The learning rate is too large: the steps shoot over the valley.
    (c) A minimum has been found: the curve is what rounding leaves.
    (d) The batches are too small: their gradients differ.
    """
    raise NotImplementedError("optimizers.question_oscillating_loss: not written yet")


def question_newton_saddle() -> str:
    """Choose what one Newton step does on f(x, y) = x² − y² from the point (1, 1). Return one letter.

    (a) It fails: the Hessian is singular.
    (b) It lowers f along y, away from the saddle.
    (c) It lands on the saddle at (0, 0), the stationary point of the quadratic model.
    (d) It stays where it is: the gradient is 0.
    """
    raise NotImplementedError("optimizers.question_newton_saddle: not written yet")


def question_stable_step() -> float:
    """Compute the largest learning rate at which gradient descent does not diverge on f(x, y) = 4x² + (y + 3)²/15.

    Return the number.
    """
    raise NotImplementedError("optimizers.question_stable_step: not written yet")


def question_adam_first_step() -> float:
    """Compute the change of a single weight, with its sign, in Adam's first step.

    The gradient is +1000, the config is empty, and epsilon is neglected. Return the number next_w − w.
    """
    raise NotImplementedError("optimizers.question_adam_first_step: not written yet")


def gradient_in_new_coordinates(grad: Array, A: Array) -> Array:
    """Gradient with respect to θ′, where θ = A θ′: the gradient of L(A θ′) by the chain rule.

    grad (D,) is ∇L at θ, A is (D, D) and can be inverted; returns (D,).
    """
    raise NotImplementedError("optimizers.gradient_in_new_coordinates: not written yet")


def steps_per_epoch(examples: int, size: int) -> int:
    """Count the steps of one epoch: the mini-batches that visit each example once, the last one perhaps smaller.

    ``examples`` and ``size`` are positive integers, and size may be larger than examples. Returns an integer.
    """
    raise NotImplementedError("optimizers.steps_per_epoch: not written yet")


def heavy_ball(w: Array, dw: Array, previous: Array, learning_rate: float, momentum: float) -> Array:
    """Polyak's heavy ball: the next weights are w − learning_rate·dw + momentum·(w − previous).

    **There is a fault in this function. Find it, and mend it.** w, dw and previous are (D,), where ``previous`` are
    the weights one step before w; returns the next weights (D,). Source: Polyak 1964.
    """
    velocity = previous - w
    return w - learning_rate * dw + momentum * velocity


def prediction_new_coordinates() -> float:
    """Predict what other coordinates do to gradient descent. Return the number.

    One step of gradient descent in w changes a weight by −0.1. Now the same step, at the same point and with the same
    learning rate, is taken in the coordinate w′ = w/2 instead, so that w = 2w′. By how much does w change?
    """
    raise NotImplementedError("optimizers.prediction_new_coordinates: not written yet")


def prediction_newton_at_a_maximum() -> float:
    """Predict where one step of Newton's method leads from x = 3, when f(x) = 5 − (x − 2)² is to be minimised.

    The step is that of ``newton_step``, with the gradient and the Hessian of f at x = 3. Return the new x.
    """
    raise NotImplementedError("optimizers.prediction_newton_at_a_maximum: not written yet")


def is_free_of_coordinates(step: Callable[[Array, Array, Array], Array]) -> bool:
    """Write a test: decide whether a step goes to the same point in all coordinates.

    ``step(w, grad, hessian)`` returns the next point, for w and grad (D,) and a symmetric hessian (D, D) that can be
    inverted: a candidate that you get to call as often as you like, on inputs of your choice. In the coordinates w′
    of w = A w′, with A any matrix that can be inverted, the gradient is Aᵀ grad and the Hessian is Aᵀ H A. Return True
    if for every such A, at minima, maxima and saddles alike, A times the step's result in w′ is its result in w, to
    rounding; else False.
    """
    raise NotImplementedError("optimizers.is_free_of_coordinates: not written yet")


def question_loss_curves() -> dict[str, str]:
    """Match what a loss curve shows with what to try first.

    (a) The loss jumps up and down and does not settle.   (b) The loss falls smoothly, and slowly, all the time.
    (c) The loss falls fast at first, and then stays at one level with noise on it.
    (d) The training loss goes on falling, while the loss on held-out examples rises.
    (1) A larger learning rate.   (2) A learning rate that falls over time.   (3) A smaller learning rate from
    the start.
    (4) Nothing of the optimizer's: less capacity, more data, or to stop here.
    Return a dict from each letter to a digit, such as {"a": "1", "b": "2", "c": "3", "d": "4"}; each digit is
    used once.
    """
    raise NotImplementedError("optimizers.question_loss_curves: not written yet")


def question_loss_in_other_units() -> list[str]:
    """Choose all methods whose first step, from an empty config, is the same if the loss is multiplied by 1000.

    epsilon is so small that it does not count; gradient and Hessian are those of the loss.
    (a) gradient descent   (b) momentum   (c) AdaGrad   (d) Adam   (e) Newton's method
    Return the list of their letters in alphabetical order, such as ["a", "b"].
    """
    raise NotImplementedError("optimizers.question_loss_in_other_units: not written yet")


def question_two_steps() -> str:
    """Write where two steps of gradient descent lead from x on f(x) = k·x²/2: a formula in x, k and the learning rate r, as text.

    Numbers, these names, + - * / ^ (or **) and parentheses, no operator left out, such as "x - k*r" (which is not it).
    """
    raise NotImplementedError("optimizers.question_two_steps: not written yet")
