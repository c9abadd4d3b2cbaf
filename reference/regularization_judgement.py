"""Unit 10, what grades judgement: predictions, a fault to find, a test to write. Part of ``regularization``, and of its stub."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Backward = Callable[[Array, Array], Array]


def predict_batch_of_one() -> float:
    """Predict what batch normalisation makes of a batch of one example. Return the number.

    In training, with gamma = 3 and beta = 0.5 for every feature, x is one row: (1, 7) with the entry 42 in its
    first column. What is the first entry of out?
    """
    return 0.5


def predict_scaled_batch() -> float:
    """Predict what batch normalisation makes of a batch that was scaled and shifted. Return the number.

    In training, an entry of out is 0.7, with gamma = 1 and beta = 0. Now the same batch is put in as 3·x + 5.
    The variances are so large that eps does not count. What is that entry of out?
    """
    return 0.7


def predict_running_mean() -> float:
    """Predict a running average. Return the number; three digits of it will do.

    ``batchnorm_forward`` is called three times in training, with the default momentum and one ``bn_param``
    that holds no running averages at first. The batches differ, and in each of them the first feature has the
    mean 10. What is the first entry of running_mean after the third call?
    """
    return 2.71


def rmsnorm_backward(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> tuple[Array, Array]:
    """Gradients of root-mean-square normalisation: out = γ·x/r with r = √(mean(x²) + eps), where each row has its own r.

    **There is a fault in this function. Find it, and mend it.** dout and x are (N, D), gamma is (D,), the mean runs over the D
    features of a row; returns dx (N, D) and dgamma (D,). Source: Zhang & Sennrich 2019.
    """
    r = np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
    x_hat = x / r
    g = dout * gamma
    dx = (g - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / r
    dgamma = (dout * x_hat).sum(axis=0)
    return dx, dgamma


def is_standardise_backward(backward: Backward) -> bool:
    """Write a test: decide whether a function is the backward pass of out = (x − μ)/√(v + 1e-5), the core of batch norm.

    μ and v are mean and biased variance over the N rows, for each column. ``backward(dout, x)`` returns dx for x and dout
    (N, D): a candidate, right or wrong, that you get to call as often as you like, on inputs of your choice. Return True
    if it is right on all inputs of such shapes, and False if it is wrong on some. A candidate may raise an error; then it
    is wrong. You may use anything that you have written in this unit.
    """
    rng = np.random.default_rng(0)
    for n, d, size in ((5, 3, 1.0), (2, 4, 1e-3), (4, 4, 30.0)):
        x, dout = size * rng.standard_normal((n, d)), 3 * rng.standard_normal((n, d))
        std = np.sqrt(x.var(axis=0) + 1e-5)
        x_hat = (x - x.mean(axis=0)) / std
        right = (dout - dout.mean(axis=0) - x_hat * (dout * x_hat).mean(axis=0)) / std
        try:
            dx = backward(dout.copy(), x.copy())
        except (ValueError, TypeError, IndexError):
            return False
        if np.shape(dx) != x.shape or not np.allclose(dx, right, rtol=1e-6, atol=1e-8 * np.abs(right).max()):
            return False
    return True
