"""Unit 01, predictions and questions with their answers. They are part of ``chain_rule``, and of its stub."""

from __future__ import annotations


def prediction_sine_of_degrees() -> float:
    """Predict f(2, 8) if the sine is taken of 2 degrees.

    f(x, y) = (x·y + sin x + 4)·(3y² + 6), with sin 2° = 0.0348995 in the place of the sine of 2 radians, 0.9092974.
    Return the number, with two decimals or more.
    """
    return 198 * (2 * 8 + 0.0348995 + 4)


def prediction_falling_error() -> float:
    """Predict by which factor the error of a central difference falls when h is divided by 10.

    The step h is large enough for rounding not to matter yet. Return the factor, a number above 1.
    """
    return 100


def prediction_branch() -> float:
    """Predict the derivative at x = 2 that comes out if the branch that was taken is differentiated.

    The program is ``4.0 if x == 2 else x * x``: the branch taken at x = 2 is the formula 4.0. (The
    function it computes is x², everywhere.) Return the number.
    """
    return 0


def question_errors() -> dict[str, str]:
    """Match four numerical slopes of sin at x = 1 with the sizes of their errors.

    (a) the one-sided difference with h = 1e-4   (b) the central difference with h = 1e-4
    (c) the central difference with h = 1e-12    (d) the complex step with h = 1e-20
    (1) about 1e-16   (2) about 1e-9   (3) about 1e-5, mostly by rounding   (4) about 4e-5, mostly by truncation
    Return a dict from each letter to its number as a text, such as {"a": "1", "b": "2", "c": "3", "d": "4"}.
    """
    return {"a": "4", "b": "2", "c": "3", "d": "1"}


def question_complex_step() -> str:
    """Choose why the complex step may use h = 1e-20 where a central difference may not. Return one letter.

    (a) Complex numbers are held with twice as many digits as real ones.
    (b) It takes no difference of two nearly equal values, so no digits cancel.
    (c) Its truncation error falls as h^4, so that h may be smaller.
    (d) Divisions by a small h are exact for complex numbers.
    """
    return "b"


def question_blind_checks() -> list[str]:
    """Choose all checks that a certain wrong gradient of f(x_1, x_2) = x_1² + x_2³ passes.

    The wrong gradient is (2·x_1, 3·x_2): its second entry lacks the square of x_2.
    (a) Compare it with central differences at x = (1, 1).
    (b) Compare it with central differences at x = (1, 0).
    (c) Compare it with central differences at x = (1, 2).
    (d) Compare its first entry alone with a central difference, at x = (1, 2).
    Return the list of the letters of the checks that it passes, in alphabetical order, such as ["b", "c"].
    """
    return ["a", "b", "d"]


def question_representations() -> str:
    """Choose the statement that is NOT true of f(f(f(w))) with f(w) = 4w(1 − w). Return one letter.

    (a) Its straight-line program has 9 operations: two multiplications and a subtraction for each f.
    (b) Written out as one formula, it mentions w 8 times.
    (c) The derivative can be had from the program with a few operations more for each step.
    (d) The derivative needs the written-out formula, since the chain rule applies to formulas only.
    """
    return "d"


def question_table_of_slopes() -> float:
    """Compute the derivative of f(g(x)) at x = 1 from a table. Return the number.

    g(1) = 3 and g'(1) = 5; f'(1) = 4, f'(3) = 2 and f'(5) = 6. Not all of it is needed.
    """
    return 10.0


def question_moving_exponent() -> str:
    """Write dz/dt of z = x^y, where x > 0 and y both depend on t: a formula in x, y, dx and dy. Return it as text.

    dx stands for dx/dt and dy for dy/dt. Write every product with *, powers with ^ or **, and log(...) for the natural
    logarithm, such as "dx*log(y)" (which is not it). Any form with the right values is right.
    """
    return "y * x^(y - 1) * dx + x^y * log(x) * dy"
