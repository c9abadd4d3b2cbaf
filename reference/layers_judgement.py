"""Unit 06, what grades judgement: a prediction, a fault to find, a test to write. Part of ``layers``, and of its stub."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Number = np.floating[Any]
Backward = Callable[[Array, Array, Array], tuple[Array, Array]]


def prediction_copies() -> float:
    """Predict a bias gradient before you compute it. Return the number.

    An affine layer gets a batch that is one example four times, x of shape (4, 3). The upstream gradient is 1
    everywhere. What is the first entry of db?
    """
    return 4.0


def huber_loss(x: Array, y: Array) -> tuple[Number, Array]:
    """Huber loss: the mean over all entries of h(x − y), where h(r) = ½r² for |r| ≤ 1, and |r| − ½ beyond.

    **There is a fault in this function. Find it, and mend it.** x and y of one shape (N, D); returns the loss and
    dx = ∂loss/∂x. At |r| = 1 both formulas agree. Source: Huber 1964.
    """
    r = x - y
    small = np.abs(r) <= 1
    loss: Number = np.mean(np.where(small, r * r / 2, np.abs(r) - 0.5))
    dx = np.where(small, r, np.sign(r)) / r.size
    return loss, dx


def is_linear_backward(backward: Backward) -> bool:
    """Write a test: decide whether a function is the backward pass of out = x w.

    ``backward(dout, x, w)`` returns (dx, dw) for x (N, D), w (D, M) and dout (N, M): a candidate, right or wrong, that
    you get to call as often as you like, on inputs of your choice. Return True if it is right on all inputs of such
    shapes, and False if it is wrong on some. A candidate may raise an error; then it is wrong. You may use anything
    that you have written in this unit.
    """
    rng = np.random.default_rng(0)
    for n, d, m in ((3, 4, 2), (1, 2, 3), (4, 3, 3)):
        x, w, dout = rng.standard_normal((n, d)), rng.standard_normal((d, m)), 3 * rng.standard_normal((n, m))
        try:
            dx, dw = backward(dout.copy(), x.copy(), w.copy())
        except (ValueError, TypeError, IndexError):
            return False
        for got, right in ((dx, dout @ w.T), (dw, x.T @ dout)):
            if np.shape(got) != right.shape or not np.allclose(got, right, rtol=1e-9, atol=1e-12):
                return False
    return True
