"""Unit 08, coordinates, epochs, and what grades judgement: part of ``optimizers``, and of its stub."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def gradient_in_new_coordinates(grad: Array, A: Array) -> Array:
    """Gradient with respect to θ′, where θ = A θ′: the gradient of L(A θ′) by the chain rule.

    grad (D,) is ∇L at θ, A is (D, D) and can be inverted; returns (D,).
    """
    return A.T @ grad


def steps_per_epoch(examples: int, size: int) -> int:
    """Count the steps of one epoch: the mini-batches that visit each example once, the last one perhaps smaller.

    ``examples`` and ``size`` are positive integers, and size may be larger than examples. Returns an integer.
    """
    return -(-examples // size)


def heavy_ball(w: Array, dw: Array, previous: Array, learning_rate: float, momentum: float) -> Array:
    """Polyak's heavy ball: the next weights are w − learning_rate·dw + momentum·(w − previous).

    **There is a fault in this function. Find it, and mend it.** w, dw and previous are (D,), where ``previous`` are
    the weights one step before w; returns the next weights (D,). Source: Polyak 1964.
    """
    return w - learning_rate * dw + momentum * (w - previous)


def prediction_new_coordinates() -> float:
    """Predict what other coordinates do to gradient descent. Return the number.

    One step of gradient descent in w changes a weight by −0.1. Now the same step, at the same point and with the same
    learning rate, is taken in the coordinate w′ = w/2 instead, so that w = 2w′. By how much does w change?
    """
    return -0.4


def prediction_newton_at_a_maximum() -> float:
    """Predict where one step of Newton's method leads from x = 3, when f(x) = 5 − (x − 2)² is to be minimised.

    The step is that of ``newton_step``, with the gradient and the Hessian of f at x = 3. Return the new x.
    """
    return 2.0


def is_free_of_coordinates(step: Callable[[Array, Array, Array], Array]) -> bool:
    """Write a test: decide whether a step goes to the same point in all coordinates.

    ``step(w, grad, hessian)`` returns the next point, for w and grad (D,) and a symmetric hessian (D, D) that can be
    inverted: a candidate that you get to call as often as you like, on inputs of your choice. In the coordinates w′
    of w = A w′, with A any matrix that can be inverted, the gradient is Aᵀ grad and the Hessian is Aᵀ H A. Return True
    if for every such A, at minima, maxima and saddles alike, A times the step's result in w′ is its result in w, to
    rounding; else False.
    """
    rng = np.random.default_rng(0)
    for signs in ((1.0, 1.0, 1.0), (1.0, -1.0, 1.0), (-1.0, -1.0, -1.0)):
        A: Array = rng.standard_normal((3, 3)) + 2 * np.eye(3)
        Q: Any = np.linalg.qr(rng.standard_normal((3, 3)))[0]
        H: Array = (Q * (np.array(signs) * np.array([0.5, 2.0, 7.0]))) @ Q.T
        w, g = rng.standard_normal(3), rng.standard_normal(3)
        moved: Any = np.linalg.solve(A, w)
        if not np.allclose(A @ step(moved, A.T @ g, A.T @ H @ A), step(w, g, H), rtol=1e-6, atol=1e-8):
            return False
    return True


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
    return {"a": "3", "b": "1", "c": "2", "d": "4"}


def question_loss_in_other_units() -> list[str]:
    """Choose all methods whose first step, from an empty config, is the same if the loss is multiplied by 1000.

    epsilon is so small that it does not count; gradient and Hessian are those of the loss.
    (a) gradient descent   (b) momentum   (c) AdaGrad   (d) Adam   (e) Newton's method
    Return the list of their letters in alphabetical order, such as ["a", "b"].
    """
    return ["c", "d", "e"]


def question_two_steps() -> str:
    """Write where two steps of gradient descent lead from x on f(x) = k·x²/2: a formula in x, k and the learning rate r, as text.

    Numbers, these names, + - * / ^ (or **) and parentheses, no operator left out, such as "x - k*r" (which is not it).
    """
    return "x * (1 - r * k)^2"
