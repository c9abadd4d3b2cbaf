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


def sgd(w, dw, config=None):
    """Gradient descent: w ← w − γ·dw, with γ = learning_rate (1e-2).

    Source: Robbins & Monro 1951; Goodfellow et al. 2016, Alg. 8.1.
    """
    config = {"learning_rate": 1e-2, **(config or {})}
    return w - config["learning_rate"] * dw, config


def sgd_momentum(w, dw, config=None):
    """Gradient descent with momentum: v ← μ·v − γ·dw, then w ← w + v.

    γ = learning_rate (1e-2), μ = momentum (0.9), v = velocity (0, in the shape of w): the velocity is the step.
    Source: Polyak 1964; Goodfellow et al. 2016, Alg. 8.2.
    """
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
    v = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + v, {**config, "velocity": v}


def nesterov(w, grad, config=None):
    """Nesterov's momentum: the gradient is taken where the velocity leads, v ← μ·v − γ·grad(w + μ·v), then w ← w + v.

    grad is a function from a point to the gradient there, both in the shape of w. γ = learning_rate (1e-2),
    μ = momentum (0.9), v = velocity (0, in the shape of w). Source: Sutskever et al. 2013, eq. 3 and 4.
    """
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
    glide = config["momentum"] * config["velocity"]
    v = glide - config["learning_rate"] * grad(w + glide)
    return w + v, {**config, "velocity": v}


def adagrad(w, dw, config=None):
    """AdaGrad: c ← c + dw², then w ← w − γ·dw / (√c + ε), elementwise.

    γ = learning_rate (1e-2), ε = epsilon (1e-8, outside the root), c = cache (0, in the shape of w).
    Source: Duchi, Hazan & Singer 2011; Goodfellow et al. 2016, Alg. 8.4.
    """
    config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
    config["cache"] = config["cache"] + dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config


def rmsprop(w, dw, config=None):
    """RMSProp: c ← ρ·c + (1 − ρ)·dw², then w ← w − γ·dw / (√c + ε), elementwise.

    γ = learning_rate (1e-2), ρ = decay_rate (0.99), ε = epsilon (1e-8, outside the root), c = cache (0, in the shape
    of w). Source: Tieleman & Hinton 2012, lecture 6.5.
    """
    config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
    config["cache"] = config["decay_rate"] * config["cache"] + (1 - config["decay_rate"]) * dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config


def adam(w, dw, config=None):
    """Adam: two moments of the gradient, both corrected for their start at 0, elementwise.

    t ← t + 1;  m ← β₁·m + (1 − β₁)·dw;  v ← β₂·v + (1 − β₂)·dw²;
    w ← w − γ·m̂ / (√v̂ + ε)  with  m̂ = m / (1 − β₁ᵗ)  and  v̂ = v / (1 − β₂ᵗ).
    γ = learning_rate (1e-3), β₁ = beta1 (0.9), β₂ = beta2 (0.999), ε = epsilon (1e-8, outside the root), t (0, counted
    up before it is used), m and v (0, in the shape of w). Source: Kingma & Ba 2015, Alg. 1.
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0}
    config = {**defaults, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
    config["t"] += 1
    config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * dw**2
    m = config["m"] / (1 - config["beta1"] ** config["t"])
    v = config["v"] / (1 - config["beta2"] ** config["t"])
    return w - config["learning_rate"] * m / (np.sqrt(v) + config["epsilon"]), config


def adamw(w, dw, config=None):
    """AdamW: Adam with weight decay that does not pass through the moments, w ← w − γ·(m̂ / (√v̂ + ε) + λ·w).

    The w that decays is the old one; λ = weight_decay (1e-2); all else, and every default, is as in ``adam``.
    Source: Loshchilov & Hutter 2019, Alg. 2, with the decay multiplied by γ too.
    """
    next_w, config = adam(w, dw, {"weight_decay": 1e-2, **(config or {})})
    return next_w - config["learning_rate"] * config["weight_decay"] * w, config


def newton_step(w, grad, hessian):
    """Newton's method: w ← w − H⁻¹·grad, by solving H·step = grad and never inverting H.

    w and its gradient grad (D,), hessian H (D, D), symmetric and not singular; next_w (D,).
    Source: Boyd & Vandenberghe 2004, §9.5; Goodfellow et al. 2016, eq. 8.27.
    """
    from scipy.linalg import cho_factor, cho_solve

    return w - cho_solve(cho_factor(hessian), grad)


def preconditioned_step(w, dw, A, learning_rate):
    """Gradient step in the coordinates u with w = A·u, written in w: w ← w − γ·A Aᵀ dw.

    w and its gradient dw (D,), A (D, D), γ = learning_rate; next_w (D,). Source: Boyd & Vandenberghe 2004, §9.4.1.
    """
    return w - learning_rate * A @ (A.T @ dw)


def elongated_bowl(w):
    """Evaluate f(x, y) = 4x² + (y + 3)²/15 at w = (x, y), with both derivatives.

    w (2,); returns (f, gradient, hessian): a number, (2,) and (2, 2). Source: elementary calculus.
    """
    x, y = w
    f = 4 * x**2 + (y + 3) ** 2 / 15
    return f, np.array([8 * x, 2 * (y + 3) / 15]), np.diag([8, 2 / 15])


def rotated_bowl(w):
    """Evaluate f(x, y) = 2(x − y)² + (x + y + 3√2)²/30 at w = (x, y), with both derivatives.

    This is the elongated bowl turned by 45°: no diagonal preconditioner makes it round.
    w (2,); returns (f, gradient, hessian): a number, (2,) and (2, 2). Source: elementary calculus.
    """
    a, b = w[0] - w[1], w[0] + w[1] + 3 * np.sqrt(2)
    steep, flat = np.array([1.0, -1.0]), np.array([1.0, 1.0])
    f = 2 * a**2 + b**2 / 30
    return f, 4 * a * steep + b / 15 * flat, 4 * np.outer(steep, steep) + np.outer(flat, flat) / 15


def rounding_scales(hessian):
    """Scales s that make a bowl with a diagonal Hessian round: in w' = s·w the Hessian is 2·I, so s_i = √(H_ii / 2).

    hessian (D, D), diagonal with positive entries; s (D,). For the elongated bowl x' = 2x and y' = y/√15.
    Source: Boyd & Vandenberghe 2004, §9.4.1.
    """
    return np.sqrt(np.diag(hessian) / 2)


def largest_stable_step(hessian):
    """Largest learning rate at which gradient descent does not diverge on a quadratic bowl: 2 / λmax.

    hessian (D, D), symmetric positive definite with largest eigenvalue λmax; returns a number.
    Source: LeCun et al. 1998, "Efficient BackProp", §5.
    """
    return 2 / np.linalg.eigvalsh(hessian).max()


def minibatch_gradient(grads, batch, reduction="mean"):
    """Unbiased estimate of the full gradient from a mini-batch drawn uniformly.

    grads (N, D) has one row for each example's gradient; batch (B,) holds integer indices of rows, and one that comes
    twice counts twice. If the loss is the mean over the N examples, average over the batch; if it is their sum, return
    N/B times the sum over the batch. Returns (D,). Source: Goodfellow et al. 2016, §8.1.3.
    """
    mean = grads[batch].mean(axis=0)
    return mean if reduction == "mean" else len(grads) * mean


def minibatches(X, y, size, rng):
    """Yield (Xb, yb), every example once, in an order drawn from rng, in batches of ``size``.

    X (N, ...), y (N,); the last batch is smaller if size does not divide N. X and y stay paired.
    Source: Goodfellow et al. 2016, §8.1.3.
    """
    order = rng.permutation(len(X))
    for i in range(0, len(X), size):
        yield X[order[i : i + size]], y[order[i : i + size]]


def constant(t, base):
    """Constant learning rate: base at every step t. Source: Goodfellow et al. 2016, §8.3.1."""
    return base


def step_decay(t, base, drop, every):
    """Piecewise constant learning rate: base · drop^⌊t / every⌋, with t counted from 0.

    It is base for t < every, and first falls at t = every. Source: CS231n notes, "Neural networks 3", annealing.
    """
    return base * drop ** (t // every)


def inverse_time(t, base):
    """Learning rate base / t, with t counted from 1: base at the first step.

    The rates add up to infinity and their squares do not. Source: Robbins & Monro 1951.
    """
    return base / t


def cosine(t, base, total, floor=0):
    """Cosine annealing: floor + (base − floor)·(1 + cos(π·min(t, total)/total)) / 2, with t counted from 0.

    It is base at t = 0, floor at t = total, and stays at floor after that.
    Source: Loshchilov & Hutter 2017, eq. 5, without restarts.
    """
    return floor + (base - floor) * (1 + np.cos(np.pi * min(t, total) / total)) / 2


def warmup(t, base, steps):
    """Linear warm-up: base · min(1, t / steps), with t counted from 0.

    It is 0 at t = 0, base at t = steps, and stays at base after that. Source: Goyal et al. 2017, §2.2.
    """
    return base * min(1, t / steps)


def question_non_diagonal():
    """Choose the method whose preconditioner is in general not diagonal. Return one letter.

    (a) gradient descent   (b) momentum   (c) Nesterov's momentum   (d) AdaGrad   (e) Adam   (f) Newton's method
    """
    return "f"


def question_oscillating_loss():
    """Choose the reading of a loss curve. Return one letter.

    Full-batch gradient descent on a smooth function: the loss jumps up and down from step to step and does not settle.
    (a) The learning rate is too small: the steps do not get anywhere.
    (b) The learning rate is too large: the steps shoot over the valley.
    (c) A minimum has been found: the curve is what rounding leaves.
    (d) The batches are too small: their gradients differ.
    """
    return "b"


def question_newton_saddle():
    """Choose what one Newton step does on f(x, y) = x² − y² from the point (1, 1). Return one letter.

    (a) It fails: the Hessian is singular.
    (b) It lowers f along y, away from the saddle.
    (c) It lands on the saddle at (0, 0), the stationary point of the quadratic model.
    (d) It stays where it is: the gradient is 0.
    """
    return "c"


def question_stable_step():
    """Compute the largest learning rate at which gradient descent does not diverge on f(x, y) = 4x² + (y + 3)²/15.

    Return the number.
    """
    return 0.25


def question_adam_first_step():
    """Compute the change of a single weight, with its sign, in Adam's first step.

    The gradient is +1000, the config is empty, and epsilon is neglected. Return the number next_w − w.
    """
    return -0.001


# % Other coordinates, and is it right?
def gradient_in_new_coordinates(grad, A):
    """Gradient with respect to θ′, where θ = A θ′: the gradient of L(A θ′) by the chain rule.

    grad (D,) is ∇L at θ, A is (D, D) and can be inverted; returns (D,).
    """
    return A.T @ grad


def steps_per_epoch(examples, size):
    """Count the steps of one epoch: the mini-batches that visit each example once, the last one perhaps smaller.

    ``examples`` and ``size`` are positive integers, and size may be larger than examples. Returns an integer.
    """
    return -(-examples // size)


def heavy_ball(w, dw, previous, learning_rate, momentum):
    """Polyak's heavy ball: the next weights are w − learning_rate·dw + momentum·(w − previous).

    **There is a fault in this function. Find it, and mend it.** w, dw and previous are (D,), where ``previous`` are
    the weights one step before w; returns the next weights (D,). Source: Polyak 1964.
    """
    return w - learning_rate * dw + momentum * (w - previous)


def prediction_new_coordinates():
    """Predict what other coordinates do to gradient descent. Return the number.

    One step of gradient descent in w changes a weight by −0.1. Now the same step, at the same point and with the same
    learning rate, is taken in the coordinate w′ = w/2 instead, so that w = 2w′. By how much does w change?
    """
    return -0.4


def prediction_newton_at_a_maximum():
    """Predict where one step of Newton's method leads from x = 3, when f(x) = 5 − (x − 2)² is to be minimised.

    The step is that of ``newton_step``, with the gradient and the Hessian of f at x = 3. Return the new x.
    """
    return 2.0


def is_free_of_coordinates(step):
    """Write a test: decide whether a step goes to the same point in all coordinates.

    ``step(w, grad, hessian)`` returns the next point, for w and grad (D,) and a symmetric hessian (D, D) that can be
    inverted: a candidate that you get to call as often as you like, on inputs of your choice. In the coordinates w′
    of w = A w′, with A any matrix that can be inverted, the gradient is Aᵀ grad and the Hessian is Aᵀ H A. Return True
    if for every such A, at minima, maxima and saddles alike, A times the step's result in w′ is its result in w, to
    rounding; else False.
    """
    rng = np.random.default_rng(0)
    for signs in ([1, 1, 1], [1, -1, 1], [-1, -1, -1]):
        A, B = rng.normal(size=(3, 3)) + 2 * np.eye(3), np.linalg.qr(rng.normal(size=(3, 3)))[0]
        H = B @ np.diag(np.array(signs) * [0.3, 2.0, 5.0]) @ B.T
        w, g = rng.normal(size=3), rng.normal(size=3)
        here, there = step(w, g, H), A @ step(np.linalg.solve(A, w), A.T @ g, A.T @ H @ A)
        if not np.allclose(here, there, rtol=1e-6, atol=1e-7):
            return False
    return True


def question_loss_curves():
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
    return {"a": "3", "b": "1", "c": "2", "d": "4"}


def question_loss_in_other_units():
    """Choose all methods whose first step, from an empty config, is the same if the loss is multiplied by 1000.

    epsilon is so small that it does not count; gradient and Hessian are those of the loss.
    (a) gradient descent   (b) momentum   (c) AdaGrad   (d) Adam   (e) Newton's method
    Return the list of their letters in alphabetical order, such as ["a", "b"].
    """
    return ["c", "d", "e"]


def question_two_steps():
    """Write where two steps of gradient descent lead from x on f(x) = k·x²/2: a formula in x, k and the learning rate r, as text.

    Numbers, these names, + - * / ^ (or **) and parentheses, no operator left out, such as "x - k*r" (which is not it).
    """
    return "x*(1 - r*k)^2"
