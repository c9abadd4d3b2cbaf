"""Unit 05, the questions at the end of the notebook, with their answers. They are part of ``linear_models``, and of its stub."""

from __future__ import annotations


def question_column_less_row() -> str:
    """Choose what ``p - y`` gives for predictions p of shape (5, 1) and targets y of shape (5,). Return one letter.

    (a) an error: the shapes do not fit
    (b) an array of shape (5,)
    (c) an array of shape (5, 1)
    (d) an array of shape (5, 5)
    """
    return "d"


def question_squared_norm() -> list[str]:
    """Choose all expressions whose value is ‖w‖², be it in an array of one entry, for weights w of shape (3, 1).

    (a) w.T @ w   (b) w @ w.T   (c) np.sum(w * w)   (d) np.sum(w) ** 2   (e) w * w
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    return ["a", "c"]


def question_logarithm_of_zero() -> str:
    """Choose what numpy gives for np.log(1 - 1 / (1 + np.exp(-40.0))), whose exact value is close to −40.

    Return one letter.

    (a) −40, to 15 digits or so
    (b) −inf, because 1 − σ(40) rounds to 0
    (c) nan, because e⁻⁴⁰ underflows
    (d) −36.04, because 1 − σ(40) rounds to the machine epsilon
    """
    return "b"


def question_newton_steps() -> int:
    """Count the steps of Newton's method to the minimum of a linear regression.

    It takes the exact Hessian and the full step. J(w) = (1/N) ‖X w − y‖², where X (100, 3) has rank 3;
    the start is any w that is not the minimum. Return the number.
    """
    return 1


def question_hinge_pushes() -> list[str]:
    """Choose all examples that the hinge loss max(0, 1 − y s) still pushes: their gradient at the score s is not 0.

    (a) y = 1, s = 0.4   (b) y = 1, s = 3   (c) y = −1, s = −0.2   (d) y = −1, s = −1.5   (e) y = −1, s = 2
    Return the list of their letters in alphabetical order, such as ["a", "b"].
    """
    return ["a", "c", "e"]


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
    return {"a": "2", "b": "3", "c": "4", "d": "1"}
