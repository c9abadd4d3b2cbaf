"""Unit 05, linear models: their losses and gradients, with loops and without, and how they are trained.

Arrays are float64 and rows are examples: X is (N, D), weights w are (D,), a bias b is a number. A loss returns its value
together with its gradients, ``(J, dw, db)`` or ``(loss, dW)``; it is the mean over the N examples where nothing else is
said. N, D and C are at least 1. No argument is changed in place. Values are right to rounding; numpy's warnings are no
fault. Where loops are forbidden, so is what loops in their place: generators, recursion, ``map``, ``np.vectorize`` and
their like, but not ``sum``. Where they are not, they are not needed either: a way without is as good.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.linear_models_multiclass import (  # noqa: F401 - the unit's answers too
    prediction_hinge_at_zero,
    prediction_softmax_at_zero,
    softmax_loss_naive,
    softmax_loss_vectorized,
    svm_loss_naive,
    svm_loss_vectorized,
    three_clouds,
    train_softmax,
)
from reference.linear_models_questions import (  # noqa: F401 - the unit's answers too
    question_column_less_row,
    question_hinge_pushes,
    question_logarithm_of_zero,
    question_newton_steps,
    question_squared_norm,
    question_symptoms,
)

Array = NDArray[np.float64]
Labels = NDArray[np.integer[Any]]
Number = Any
"""A number: a float, or one of numpy's."""


# ------------------------------------------------------------------------------ linear regression
def linear_loss_loop(w: Array, b: float, X: Array, y: Array) -> tuple[Number, Array, Number]:
    """Linear regression with loops: J = (1/N) Σ_n (w·x_n + b − y_n)², with dw = ∂J/∂w and db = ∂J/∂b.

    w (D,), b a number, X (N, D) with the rows x_n, targets y (N,); J and db numbers, dw (D,). There is no ½ in J.
    Source: Goodfellow et al. 2016, §5.1.4.
    """
    ### BEGIN SOLUTION
    N, D = X.shape
    J: Number = 0.0
    db: Number = 0.0
    dw = np.zeros_like(w)
    for n in range(N):
        error = b - y[n]
        for d in range(D):
            error += w[d] * X[n, d]
        J += error**2 / N
        for d in range(D):
            dw[d] += 2 * error * X[n, d] / N
        db += 2 * error / N
    ### END SOLUTION
    return J, dw, db


def linear_loss(w: Array, b: float, X: Array, y: Array) -> tuple[Number, Array, Number]:
    """Linear regression without a loop: J, dw and db as in ``linear_loss_loop``, by operations on whole arrays.

    w (D,), b a number, X (N, D), targets y (N,); J = (1/N) Σ_n (w·x_n + b − y_n)² and db numbers, dw (D,). No loops and no
    comprehensions, here or in a function that is called from here. Source: Goodfellow et al. 2016, §5.1.4.
    """
    ### BEGIN SOLUTION
    error = X @ w + b - y
    J = np.mean(error**2)
    dw = 2 * (X.T @ error) / len(X)
    db = 2 * np.mean(error)
    ### END SOLUTION
    return J, dw, db


def mse_gradient() -> str:
    """Write the gradient for w of J(w) = (1/N) ‖X w − y‖² as a formula, and return it as text.

    X (N, D), w (D,), y (N,) and N, a number, are the names that it may use; * multiplies numbers and matrices and is always
    written, X^T or X' is the transpose of X, in place of numpy's .T. Vectors are neither rows nor columns. Any formula whose
    value is the gradient (D,) is right. Source: Goodfellow et al. 2016, §5.1.4.
    """
    return "2 / N * X^T * (X * w - y)"


def gradient_step(w: Array, b: float, dw: Array, db: float, learning_rate: float) -> tuple[Array, Number]:
    """Take a step of gradient descent and return the new (w, b): both move against their gradient, times the learning rate.

    w, dw (D,), b, db and learning_rate > 0 numbers; the arrays that come in stay as they are.
    """
    return w - learning_rate * dw, b - learning_rate * db


def mended_ridge_loss(w: Array, X: Array, y: Array, lam: float) -> tuple[Number, Array]:
    """Mend this function: loss = (1/N) Σ_n (x_n·w − y_n)² + λ Σ_d w_d², and dw = ∂loss/∂w. It has one fault.

    The weights are a column here, w (D, 1); X (N, D), y (N,), lam = λ a number; loss a number, dw (D, 1). The function runs
    without complaint, and its dw is the slope of its loss: a gradient check passes. Still both are wrong as soon as N > 1.
    Writing it anew is as good as mending it.
    """
    ### BEGIN SOLUTION
    N = len(X)
    error = X @ w - y.reshape(N, 1)
    loss = np.mean(error**2) + lam * np.sum(w**2)
    dw = 2 / N * np.mean(X.T @ error, axis=1, keepdims=True) + 2 * lam * w
    ### END SOLUTION
    return loss, dw


# ---------------------------------------------------------------------------- logistic regression
def logistic_loss_loop(w: Array, b: float, X: Array, y: Array) -> tuple[Number, Array, Number]:
    """Logistic regression with loops: J = −(1/N) Σ_n [y_n log p_n + (1 − y_n) log(1 − p_n)], p_n = σ(w·x_n + b).

    w (D,), b a number, X (N, D), labels y (N,) of 0 and 1, int64 or float64; J and db = ∂J/∂b numbers, dw = ∂J/∂w (D,).
    Right for |w·x_n + b| in the thousands too, where p_n rounds to 0 or 1: J is finite there. Rounding is that of 1, or of the
    largest entry if that is larger: a J of 1e-20 may come out as 0.
    Source: Bishop 2006, eq. 4.90 and 4.91, divided by N.
    """
    ### BEGIN SOLUTION
    N, D = X.shape
    J: Number = 0.0
    db: Number = 0.0
    dw = np.zeros_like(w)
    for n in range(N):
        z = b
        for d in range(D):
            z = z + w[d] * X[n, d]
        e = np.exp(-np.abs(z))  # at most 1, so it cannot overflow
        J += (np.maximum(z, 0) - y[n] * z + np.log1p(e)) / N
        slope = (1 / (1 + e) if z >= 0 else e / (1 + e)) - y[n]
        for d in range(D):
            dw[d] += slope * X[n, d] / N
        db += slope / N
    ### END SOLUTION
    return J, dw, db


def logistic_loss(w: Array, b: float, X: Array, y: Array) -> tuple[Number, Array, Number]:
    """Logistic regression without a loop: J, dw and db as in ``logistic_loss_loop``, by operations on whole arrays.

    w (D,), b a number, X (N, D), labels y (N,) of 0 and 1, int64 or float64; J (the mean over n) and db numbers, dw (D,).
    Right for |w·x_n + b| in the thousands too, to the rounding of ``logistic_loss_loop``. No loops and no comprehensions,
    here or in a function called from here.
    Source: Bishop 2006, eq. 4.90 and 4.91, divided by N.
    """
    ### BEGIN SOLUTION
    z = X @ w + b
    e = np.exp(-np.abs(z))
    J = np.mean(np.maximum(z, 0) - y * z + np.log1p(e))
    slope = np.where(z >= 0, 1.0, e) / (1 + e) - y
    dw = X.T @ slope / len(X)
    db = np.mean(slope)
    ### END SOLUTION
    return J, dw, db


def prediction_doubled_data() -> list[str]:
    """Predict what changes if every example is given twice, so that X is (2N, D), with w and b as they were.

    (a) J of logistic_loss
    (b) dw of logistic_loss
    (c) db of logistic_loss
    (d) dw, had the losses been summed over the examples and not averaged
    (e) db, had the losses been summed over the examples and not averaged
    Return the list of the letters of all that change, in alphabetical order, such as ["a", "b"].
    """
    return ["d", "e"]


def predict(w: Array, b: float, X: Array) -> Array:
    """Predict labels: 1 where p(y = 1|x_n) = σ(w·x_n + b) is at least ½, that is w·x_n + b ≥ 0, and 0 elsewhere.

    w (D,), b a number, X (N, D); labels (N,) of 0 and 1, as floats, integers or truth values. Right for |w·x_n + b| in the
    thousands too. A logit that is 0 is a sum of whole numbers, and any other is further from 0 than rounding takes it.
    """
    return np.where(X @ w + b >= 0, 1.0, 0.0)


def _two_clouds(seed: int = 5) -> tuple[Array, Array]:
    """Make the data of ``train_logistic``: X (120, 2), two clouds that overlap, and labels y (120,) of 0.0 and 1.0. Provided."""
    rng = np.random.default_rng(seed)
    y = np.repeat([0.0, 1.0], 60)
    X = rng.standard_normal((120, 2)) @ np.array([[1.1, 0.4], [0.0, 0.8]]) + np.where(y[:, None] == 1, 1.6, -0.4)
    return X, y


two_clouds = _two_clouds  # its public name, by which a notebook imports it


def train_logistic(X: Array, y: Array) -> tuple[Array, Number]:
    """Train logistic regression on the data of ``two_clouds()`` and return the parameters (w, b).

    X (120, 2), y (120,) of 0.0 and 1.0; w (2,), b a number. With them J of ``logistic_loss`` must be at most 0.205 (its
    minimum is 0.1998), and ``predict`` right for at least 88 % of the examples. Only what it returns for these data counts, and
    how you get there is free: ``logistic_loss`` and ``gradient_step`` in a loop from zeros, say. If it takes more than ten
    seconds, you are told so, at no cost; a run of thirty is ended.
    """
    ### BEGIN SOLUTION
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(200):
        _, dw, db = logistic_loss(w, b, X, y)
        w, b = gradient_step(w, b, dw, db, learning_rate=1.0)
    ### END SOLUTION
    return w, b


def logistic_loss_signed(w: Array, x: Array, y: int, lam: float) -> tuple[Number, Array]:
    """Regularised logistic loss of one example: L = ½‖w‖² − λ log p(y|x), where p(y = 1|x) = σ(w·x), and dw = ∂L/∂w.

    w (D,), x (D,), label y = 1 or −1, lam = λ > 0 a number, which weighs the data; L a number, dw (D,). There is no bias.
    Right for |w·x| in the thousands too, to the rounding of 1, or of the largest entry if that is larger.
    """
    ### BEGIN SOLUTION
    margin = y * (w @ x)
    e = np.exp(-np.abs(margin))
    L = 0.5 * (w @ w) + lam * (np.maximum(-margin, 0) + np.log1p(e))
    p_wrong = np.where(margin >= 0, e, 1.0) / (1 + e)  # σ(−margin) = 1 − p(y|x)
    dw = w - lam * y * p_wrong * x
    ### END SOLUTION
    return L, dw


def newton_logistic_step(w: Array, X: Array, y: Array, ridge: float) -> Array:
    """Take one step of Newton's method for J(w) = mean_n [log(1 + e^{z_n}) − y_n z_n] + ½ ridge ‖w‖², z_n = w·x_n.

    Return next_w = w − H⁻¹ g (D,), with the gradient g = ∂J/∂w (D,) and the Hessian H (D, D) of J at w, ridge included in
    both; solve the system rather than invert H, though both are right. There is no bias and no step size. w (D,), X (N, D),
    labels y (N,) of 0 and 1, int64 or float64, ridge from 0.05 to 1, so that H is never singular, even where all p_n round
    to 0 or 1. Source: Bishop 2006, §4.3.3 (iterative reweighted least squares), with the mean over n and the ridge added.
    """
    z = X @ w
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1.0, e) / (1 + e)
    g = X.T @ (p - y) / len(X) + ridge * w
    H = (X.T * (p * (1 - p))) @ X / len(X) + ridge * np.eye(len(w))
    return w - np.linalg.solve(H, g)


def logistic_checker(function: Callable[..., Any]) -> bool:
    """Write a test: return True if ``function`` computes the regularised logistic loss and its gradient, else False.

    function(w, X, y, lam) is to return (J, dw) with J = (1/N) Σ_n [log(1 + e^{z_n}) − y_n z_n] + ½ lam ‖w‖², z_n = w·x_n, and
    dw = ∂J/∂w; w (D,), X (N, D), labels y (N,) of 0.0 and 1.0, lam ≥ 0 a number. A right one is right to about 12 digits (of 1
    and of z_n, where J is small), not to the last one, and stays finite for |z_n| up to 1000. Your test chooses what it calls
    the function with. It is given right functions, all of which it must accept, and wrong ones: some have a J that is wrong,
    some a dw, some both in such a way that dw is the slope of J. Each wrong one is off by a hundredth or more in ordinary
    examples of both labels, with N > 1 and lam > 0, or else where |z_n| is large, nan and inf included; all return a number and an
    array (D,).
    If your test raises an error, that counts as False. Only ``np`` and this module's functions are there.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(0)
    for scale in (1.0, 100.0):
        w, X, y, lam = rng.standard_normal(3), rng.standard_normal((5, 3)), np.array([0.0, 1.0, 1.0, 0.0, 1.0]), 0.7
        with np.errstate(all="ignore"):  # a wrong function may overflow, and is refused for it
            J, dw = function(scale * w, X, y, lam)
        z = X @ (scale * w)
        p = 0.5 * (1 + np.tanh(z / 2))
        right_J = np.mean(np.logaddexp(0, z) - y * z) + 0.5 * lam * np.sum((scale * w) ** 2)
        right_dw = X.T @ (p - y) / len(X) + lam * scale * w
        if not (np.allclose(J, right_J, rtol=1e-9, atol=0) and np.allclose(dw, right_dw, rtol=1e-7, atol=1e-9)):
            return False
    return True
    ### END SOLUTION


# ------------------------------------------------------------------------------------------ hinge
def hinge_loss(w: Array, b: float, X: Array, y: Array) -> tuple[Number, Array, Number]:
    """Hinge loss: J = (1/N) Σ_n max(0, 1 − y_n (w·x_n + b)), with dw = ∂J/∂w and db = ∂J/∂b.

    w (D,), b a number, X (N, D), labels y (N,) of −1 and 1, int64 or float64; J and db numbers, dw (D,). There is no penalty.
    Where y_n (w·x_n + b) is exactly 1, the hinge has a kink, and any slope between its two is right, in dw and in db, each for
    itself; beside it, a millionth away, only one is.
    Source: Hastie, Tibshirani & Friedman 2009, §12.3.2.
    """
    ### BEGIN SOLUTION
    missing = 1 - y * (X @ w + b)
    J = np.mean(np.maximum(0, missing))
    slope = np.where(missing > 0, -y, 0)
    dw = X.T @ slope / len(X)
    db = np.mean(slope)
    ### END SOLUTION
    return J, dw, db
