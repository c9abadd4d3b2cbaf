"""Unit 05, linear models: their losses and gradients, with loops and without, and how they are trained.

Arrays are float64 and rows are examples: X is (N, D), weights w are (D,), a bias b is a number. A loss returns its value
together with its gradients, ``(J, dw, db)`` or ``(loss, dW)``; it is the mean over the N examples where nothing else is
said. N, D and C are at least 1. No argument is changed in place. Values are right to rounding; numpy's warnings are no
fault. Where loops are forbidden, so is what loops in their place: generators, recursion, ``map``, ``np.vectorize`` and
their like, but not ``sum``. Where they are not, they are not needed either: a way without is as good.

The functions below are yours to write: each docstring says what is asked. Put your code where it says
``raise NotImplementedError`` and leave the other lines as they are; ``status()`` in the notebook tells how far you are.
"""

# Derived from the model answers by `gradmark stubs`: course authors change those, not this file.
# The names that ruff misses here are for the student to define, and those that it finds unused to use.
# ruff: noqa: ARG001, ARG002, F821, F841, RUF059, RUF100

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    raise NotImplementedError("linear_models.linear_loss_loop: not written yet")
    return J, dw, db


def linear_loss(w: Array, b: float, X: Array, y: Array) -> tuple[Number, Array, Number]:
    """Linear regression without a loop: J, dw and db as in ``linear_loss_loop``, by operations on whole arrays.

    w (D,), b a number, X (N, D), targets y (N,); J = (1/N) Σ_n (w·x_n + b − y_n)² and db numbers, dw (D,). No loops and no
    comprehensions, here or in a function that is called from here. Source: Goodfellow et al. 2016, §5.1.4.
    """
    raise NotImplementedError("linear_models.linear_loss: not written yet")
    return J, dw, db


def mse_gradient() -> str:
    """Write the gradient for w of J(w) = (1/N) ‖X w − y‖² as a formula, and return it as text.

    X (N, D), w (D,), y (N,) and N, a number, are the names that it may use; * multiplies numbers and matrices and is always
    written, X^T or X' is the transpose of X, in place of numpy's .T. Vectors are neither rows nor columns. Any formula whose
    value is the gradient (D,) is right. Source: Goodfellow et al. 2016, §5.1.4.
    """
    raise NotImplementedError("linear_models.mse_gradient: not written yet")


def gradient_step(w: Array, b: float, dw: Array, db: float, learning_rate: float) -> tuple[Array, Number]:
    """Take a step of gradient descent and return the new (w, b): both move against their gradient, times the learning rate.

    w, dw (D,), b, db and learning_rate > 0 numbers; the arrays that come in stay as they are.
    """
    raise NotImplementedError("linear_models.gradient_step: not written yet")


def mended_ridge_loss(w: Array, X: Array, y: Array, lam: float) -> tuple[Number, Array]:
    """Mend this function: loss = (1/N) Σ_n (x_n·w − y_n)² + λ Σ_d w_d², and dw = ∂loss/∂w. It has one fault.

    The weights are a column here, w (D, 1); X (N, D), y (N,), lam = λ a number; loss a number, dw (D, 1). The function runs
    without complaint, and its dw is the slope of its loss: a gradient check passes. Still both are wrong as soon as N > 1.
    Writing it anew is as good as mending it.
    """
    N = len(X)
    error = X @ w - y
    loss = np.mean(error**2) + lam * np.sum(w**2)
    dw = 2 / N * np.mean(X.T @ error, axis=1, keepdims=True) + 2 * lam * w
    return loss, dw


# ---------------------------------------------------------------------------- logistic regression
def logistic_loss_loop(w: Array, b: float, X: Array, y: Array) -> tuple[Number, Array, Number]:
    """Logistic regression with loops: J = −(1/N) Σ_n [y_n log p_n + (1 − y_n) log(1 − p_n)], p_n = σ(w·x_n + b).

    w (D,), b a number, X (N, D), labels y (N,) of 0 and 1, int64 or float64; J and db = ∂J/∂b numbers, dw = ∂J/∂w (D,).
    Right for |w·x_n + b| in the thousands too, where p_n rounds to 0 or 1: J is finite there. Rounding is that of 1, or of the
    largest entry if that is larger: a J of 1e-20 may come out as 0.
    Source: Bishop 2006, eq. 4.90 and 4.91, divided by N.
    """
    raise NotImplementedError("linear_models.logistic_loss_loop: not written yet")
    return J, dw, db


def logistic_loss(w: Array, b: float, X: Array, y: Array) -> tuple[Number, Array, Number]:
    """Logistic regression without a loop: J, dw and db as in ``logistic_loss_loop``, by operations on whole arrays.

    w (D,), b a number, X (N, D), labels y (N,) of 0 and 1, int64 or float64; J (the mean over n) and db numbers, dw (D,).
    Right for |w·x_n + b| in the thousands too, to the rounding of ``logistic_loss_loop``. No loops and no comprehensions,
    here or in a function called from here.
    Source: Bishop 2006, eq. 4.90 and 4.91, divided by N.
    """
    raise NotImplementedError("linear_models.logistic_loss: not written yet")
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
    raise NotImplementedError("linear_models.prediction_doubled_data: not written yet")


def predict(w: Array, b: float, X: Array) -> Array:
    """Predict labels: 1 where p(y = 1|x_n) = σ(w·x_n + b) is at least ½, that is w·x_n + b ≥ 0, and 0 elsewhere.

    w (D,), b a number, X (N, D); labels (N,) of 0 and 1, as floats, integers or truth values. Right for |w·x_n + b| in the
    thousands too. A logit that is 0 is a sum of whole numbers, and any other is further from 0 than rounding takes it.
    """
    raise NotImplementedError("linear_models.predict: not written yet")


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
    raise NotImplementedError("linear_models.train_logistic: not written yet")
    return w, b


def logistic_loss_signed(w: Array, x: Array, y: int, lam: float) -> tuple[Number, Array]:
    """Regularised logistic loss of one example: L = ½‖w‖² − λ log p(y|x), where p(y = 1|x) = σ(w·x), and dw = ∂L/∂w.

    w (D,), x (D,), label y = 1 or −1, lam = λ > 0 a number, which weighs the data; L a number, dw (D,). There is no bias.
    Right for |w·x| in the thousands too, to the rounding of 1, or of the largest entry if that is larger.
    """
    raise NotImplementedError("linear_models.logistic_loss_signed: not written yet")
    return L, dw


def newton_logistic_step(w: Array, X: Array, y: Array, ridge: float) -> Array:
    """Take one step of Newton's method for J(w) = mean_n [log(1 + e^{z_n}) − y_n z_n] + ½ ridge ‖w‖², z_n = w·x_n.

    Return next_w = w − H⁻¹ g (D,), with the gradient g = ∂J/∂w (D,) and the Hessian H (D, D) of J at w, ridge included in
    both; solve the system rather than invert H, though both are right. There is no bias and no step size. w (D,), X (N, D),
    labels y (N,) of 0 and 1, int64 or float64, ridge from 0.05 to 1, so that H is never singular, even where all p_n round
    to 0 or 1. Source: Bishop 2006, §4.3.3 (iterative reweighted least squares), with the mean over n and the ridge added.
    """
    raise NotImplementedError("linear_models.newton_logistic_step: not written yet")


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
    raise NotImplementedError("linear_models.logistic_checker: not written yet")


# ------------------------------------------------------------------------------------------ hinge
def hinge_loss(w: Array, b: float, X: Array, y: Array) -> tuple[Number, Array, Number]:
    """Hinge loss: J = (1/N) Σ_n max(0, 1 − y_n (w·x_n + b)), with dw = ∂J/∂w and db = ∂J/∂b.

    w (D,), b a number, X (N, D), labels y (N,) of −1 and 1, int64 or float64; J and db numbers, dw (D,). There is no penalty.
    Where y_n (w·x_n + b) is exactly 1, the hinge has a kink, and any slope between its two is right, in dw and in db, each for
    itself; beside it, a millionth away, only one is.
    Source: Hastie, Tibshirani & Friedman 2009, §12.3.2.
    """
    raise NotImplementedError("linear_models.hinge_loss: not written yet")
    return J, dw, db


def softmax_loss_naive(W: Array, X: Array, y: Labels, reg: float) -> tuple[Number, Array]:
    """Softmax regression with loops: loss = (1/N) Σ_n [log Σ_c e^{s_nc} − s_n,y_n] + reg · Σ W², s = X W, and dW = ∂loss/∂W.

    W (D, C), X (N, D), labels y (N,) of any integer dtype, signed or unsigned, 0 ≤ y < C, reg ≥ 0 a number; loss a number,
    dW (D, C). The penalty is not halved. Right for scores of ±1000 too. Source: CS231n, assignment 1; Bishop 2006, eq.
    4.108 and 4.109.
    """
    raise NotImplementedError("linear_models.softmax_loss_naive: not written yet")
    return loss, dW


def softmax_loss_vectorized(W: Array, X: Array, y: Labels, reg: float) -> tuple[Number, Array]:
    """Softmax regression without a loop: loss and dW as in ``softmax_loss_naive``, by operations on whole arrays.

    W (D, C), X (N, D), y (N,) and reg as there; loss (the mean over n, plus reg · Σ W²) a number, dW (D, C). Right for
    scores of ±1000 too. No loops and no comprehensions, here or in a function called from here. Source: CS231n, assignment
    1; Bishop 2006, eq. 4.108 and 4.109.
    """
    raise NotImplementedError("linear_models.softmax_loss_vectorized: not written yet")
    return loss, dW


def svm_loss_naive(W: Array, X: Array, y: Labels, reg: float) -> tuple[Number, Array]:
    """Multiclass hinge with loops: loss = (1/N) Σ_n Σ_{c ≠ y_n} max(0, s_nc − s_n,y_n + 1) + reg · Σ W², s = X W, and dW.

    W (D, C), X (N, D), labels y (N,) of any integer dtype, signed or unsigned, 0 ≤ y < C, reg ≥ 0 a number; loss a number,
    dW = ∂loss/∂W (D, C). The margin is 1, the penalty is not halved. Where a margin is met exactly, there is a kink, and
    any slope between the two is right, if both columns of dW that it moves have the same. Rounding is that of 1, or of the
    largest entry if that is larger. Source: Weston & Watkins 1999; CS231n, assignment 1.
    """
    raise NotImplementedError("linear_models.svm_loss_naive: not written yet")
    return loss, dW


def svm_loss_vectorized(W: Array, X: Array, y: Labels, reg: float) -> tuple[Number, Array]:
    """Multiclass hinge without a loop: loss and dW as in ``svm_loss_naive``, by operations on whole arrays.

    W (D, C), X (N, D), y (N,) and reg as there; loss (the mean over n of the sum over the wrong classes, margin 1, plus
    reg · Σ W²) a number, dW (D, C). At a kink any slope between the two is right, as there. No loops and no
    comprehensions, here or in a function called from here. Source: Weston & Watkins 1999; CS231n, assignment 1.
    """
    raise NotImplementedError("linear_models.svm_loss_vectorized: not written yet")
    return loss, dW


def prediction_softmax_at_zero() -> float:
    """Predict the loss of softmax regression before the first step: W = 0, ten classes, reg = 0.5.

    Return the number, right to a thousandth of itself.
    """
    raise NotImplementedError("linear_models.prediction_softmax_at_zero: not written yet")


def prediction_hinge_at_zero() -> float:
    """Predict the loss of the multiclass hinge, margin 1, before the first step: W = 0, ten classes, reg = 0.5.

    Return the number.
    """
    raise NotImplementedError("linear_models.prediction_hinge_at_zero: not written yet")


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
    raise NotImplementedError("linear_models.train_softmax: not written yet")
    return W


def question_column_less_row() -> str:
    """Choose what ``p - y`` gives for predictions p of shape (5, 1) and targets y of shape (5,). Return one letter.

    (a) an error: the shapes do not fit
    (b) an array of shape (5,)
    (c) an array of shape (5, 1)
    (d) an array of shape (5, 5)
    """
    raise NotImplementedError("linear_models.question_column_less_row: not written yet")


def question_squared_norm() -> list[str]:
    """Choose all expressions whose value is ‖w‖², be it in an array of one entry, for weights w of shape (3, 1).

    (a) w.T @ w   (b) w @ w.T   (c) np.sum(w * w)   (d) np.sum(w) ** 2   (e) w * w
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    raise NotImplementedError("linear_models.question_squared_norm: not written yet")


def question_logarithm_of_zero() -> str:
    """Choose what numpy gives for np.log(1 - 1 / (1 + np.exp(-40.0))), whose exact value is close to −40.

    Return one letter.

    (a) −40, to 15 digits or so
    (b) −inf, because 1 − σ(40) rounds to 0
    (c) nan, because e⁻⁴⁰ underflows
    (d) −36.04, because 1 − σ(40) rounds to the machine epsilon
    """
    raise NotImplementedError("linear_models.question_logarithm_of_zero: not written yet")


def question_newton_steps() -> int:
    """Count the steps of Newton's method to the minimum of a linear regression.

    It takes the exact Hessian and the full step. J(w) = (1/N) ‖X w − y‖², where X (100, 3) has rank 3;
    the start is any w that is not the minimum. Return the number.
    """
    raise NotImplementedError("linear_models.question_newton_steps: not written yet")


def question_hinge_pushes() -> list[str]:
    """Choose all examples that the hinge loss max(0, 1 − y s) still pushes: their gradient at the score s is not 0.

    (a) y = 1, s = 0.4   (b) y = 1, s = 3   (c) y = −1, s = −0.2   (d) y = −1, s = −1.5   (e) y = −1, s = 2
    Return the list of their letters in alphabetical order, such as ["a", "b"].
    """
    raise NotImplementedError("linear_models.question_hinge_pushes: not written yet")


def question_symptoms() -> dict[str, str]:
    """Match what is seen of a linear classifier with the mistake.

    (a) At W = 0 the multiclass hinge, margin 1, is 10 for ten classes.
    (b) All is well at first; once the model is sure of a wrong label, the loss is inf.
    (c) The check by differences passes with λ = 0. With λ > 0 the gradient is off by λw.
    (d) Training hardly corrects the examples that the model is most wrong about.
    (1) The gradient has a slope σ' too many.   (2) The margin of the right class is counted.
    (3) The logarithm is taken of 1 − σ(z).   (4) The gradient of ½λ‖w‖² is taken to be 2λw.
    Return a dict from each letter to a digit, such as {"a": "1", "b": "2", "c": "3", "d": "4"}; each digit is used once.
    """
    raise NotImplementedError("linear_models.question_symptoms: not written yet")
