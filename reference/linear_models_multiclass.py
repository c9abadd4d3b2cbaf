"""Unit 05, linear classifiers of several classes in CS231n's form. They are part of ``linear_models``, and of its stub."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.integer[Any]]
Number = Any


def softmax_loss_naive(W: Array, X: Array, y: Labels, reg: float) -> tuple[Number, Array]:
    """Softmax regression with loops: loss = (1/N) Σ_n [log Σ_c e^{s_nc} − s_n,y_n] + reg · Σ W², s = X W, and dW = ∂loss/∂W.

    W (D, C), X (N, D), labels y (N,) of any integer dtype, signed or unsigned, 0 ≤ y < C, reg ≥ 0 a number; loss a number,
    dW (D, C). The penalty is not halved. Right for scores of ±1000 too. Source: CS231n, assignment 1; Bishop 2006, eq.
    4.108 and 4.109.
    """
    ### BEGIN SOLUTION
    N, C = len(X), W.shape[1]
    loss: Number = 0.0
    dW = np.zeros_like(W)
    for n in range(N):
        s = X[n] @ W
        s = s - s.max()  # a common shift cancels; with this one nothing exceeds 1 under the exponential
        total = np.exp(s).sum()
        loss += (np.log(total) - s[y[n]]) / N
        for c in range(C):
            p = np.exp(s[c]) / total
            dW[:, c] += (p - (1.0 if c == y[n] else 0.0)) * X[n] / N
    loss += reg * np.sum(W**2)
    dW += 2 * reg * W
    ### END SOLUTION
    return loss, dW


def softmax_loss_vectorized(W: Array, X: Array, y: Labels, reg: float) -> tuple[Number, Array]:
    """Softmax regression without a loop: loss and dW as in ``softmax_loss_naive``, by operations on whole arrays.

    W (D, C), X (N, D), y (N,) and reg as there; loss (the mean over n, plus reg · Σ W²) a number, dW (D, C). Right for
    scores of ±1000 too. No loops and no comprehensions, here or in a function called from here. Source: CS231n, assignment
    1; Bishop 2006, eq. 4.108 and 4.109.
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(X))
    s = X @ W
    s = s - s.max(axis=1, keepdims=True)
    e = np.exp(s)
    total = e.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(total[:, 0]) - s[rows, y]) + reg * np.sum(W**2)
    p = e / total
    p[rows, y] -= 1
    dW = X.T @ p / len(X) + 2 * reg * W
    ### END SOLUTION
    return loss, dW


def svm_loss_naive(W: Array, X: Array, y: Labels, reg: float) -> tuple[Number, Array]:
    """Multiclass hinge with loops: loss = (1/N) Σ_n Σ_{c ≠ y_n} max(0, s_nc − s_n,y_n + 1) + reg · Σ W², s = X W, and dW.

    W (D, C), X (N, D), labels y (N,) of any integer dtype, signed or unsigned, 0 ≤ y < C, reg ≥ 0 a number; loss a number,
    dW = ∂loss/∂W (D, C). The margin is 1, the penalty is not halved. Where a margin is met exactly, there is a kink, and
    any slope between the two is right, if both columns of dW that it moves have the same. Rounding is that of 1, or of the
    largest entry if that is larger. Source: Weston & Watkins 1999; CS231n, assignment 1.
    """
    ### BEGIN SOLUTION
    N, C = len(X), W.shape[1]
    loss: Number = 0.0
    dW = np.zeros_like(W)
    for n in range(N):
        s = X[n] @ W
        for c in range(C):
            margin = s[c] - s[y[n]] + 1
            if c != y[n] and margin > 0:
                loss += margin / N
                dW[:, c] += X[n] / N
                dW[:, y[n]] -= X[n] / N
    loss += reg * np.sum(W**2)
    dW += 2 * reg * W
    ### END SOLUTION
    return loss, dW


def svm_loss_vectorized(W: Array, X: Array, y: Labels, reg: float) -> tuple[Number, Array]:
    """Multiclass hinge without a loop: loss and dW as in ``svm_loss_naive``, by operations on whole arrays.

    W (D, C), X (N, D), y (N,) and reg as there; loss (the mean over n of the sum over the wrong classes, margin 1, plus
    reg · Σ W²) a number, dW (D, C). At a kink any slope between the two is right, as there. No loops and no
    comprehensions, here or in a function called from here. Source: Weston & Watkins 1999; CS231n, assignment 1.
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(X))
    s = X @ W
    margins = np.maximum(0, s - s[rows, y][:, None] + 1)
    margins[rows, y] = 0
    loss = np.sum(margins) / len(X) + reg * np.sum(W**2)
    pushes = np.where(margins > 0, 1.0, 0.0)
    pushes[rows, y] = -pushes.sum(axis=1)
    dW = X.T @ pushes / len(X) + 2 * reg * W
    ### END SOLUTION
    return loss, dW


def prediction_softmax_at_zero(*, classes: int = 10) -> float:
    """Predict the loss of softmax regression before the first step: W = 0, ten classes, reg = 0.5.

    Return the number, right to a thousandth of itself.
    """
    return float(np.log(classes))


def prediction_hinge_at_zero(*, classes: int = 10) -> float:
    """Predict the loss of the multiclass hinge, margin 1, before the first step: W = 0, ten classes, reg = 0.5.

    Return the number.
    """
    return classes - 1


def _three_clouds(seed: int = 3) -> tuple[Array, Labels]:
    """Make the data of ``train_softmax``: X (150, 3), whose last column is 1, and labels y (150,), 0, 1 or 2. Provided."""
    rng = np.random.default_rng(seed)
    y = np.repeat(np.arange(3), 50)
    centres = np.array([[0.0, 2.0], [-1.8, -1.0], [1.8, -1.0]])
    return np.column_stack([centres[y] + 0.8 * rng.standard_normal((150, 2)), np.ones(150)]), y


three_clouds = _three_clouds  # its public name, by which a notebook imports it


def train_softmax(X: Array, y: Labels) -> Array:
    """Train softmax regression on the data of ``three_clouds()`` and return its weights W (3, 3).

    X (150, 3), whose last column of ones does what a bias does; y (150,), 0, 1 or 2. With W the loss without a penalty
    must be at most 0.1 (its minimum is 0.085), and the largest of the scores X W that of the label for at least 93 % of
    the examples. Only what it returns for these data counts, and how you get there is free: ``softmax_loss_vectorized``
    with reg = 0 in a loop from zeros, say. If it takes more than ten seconds, you are told so, at no cost; a run of thirty
    is ended.
    """
    ### BEGIN SOLUTION
    W = np.zeros((X.shape[1], 3))
    for _ in range(300):
        _, dW = softmax_loss_vectorized(W, X, y, 0.0)
        W = W - 1.0 * dW
    ### END SOLUTION
    return W
