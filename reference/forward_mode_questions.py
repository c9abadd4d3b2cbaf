"""Unit 03, the predictions and the questions of the notebook, with their answers. They are part of the unit's stub."""

from __future__ import annotations


def prediction_maximum() -> float:
    """Predict a tangent before you run the cell.

    a = Dual(2.0, 5.0) and b = Dual(3.0, -4.0), with the comparisons of this unit.
    What is max(a, b).tangent? Return the number.
    """
    return -4.0


def prediction_sweeps() -> int:
    """Predict a count before you run the cell.

    f takes 3 numbers and returns 1000. How many forward sweeps give its full Jacobian, all 3000
    entries? Return the number.
    """
    return 3


def prediction_confusion() -> float:
    """Predict a number before you run the cell.

    All Duals are of one level, so that two nested derivatives share one ε. Inner: at y = Dual(1, 1)
    take the tangent of x + y. Outer: at x = Dual(1, 1) take the tangent of x · (what the inner one
    gave, a plain number). What comes out? Return the number.
    """
    return 2.0


def question_product_by_hand() -> float:
    """Multiply two dual numbers by hand.

    (3 + 2ε)(4 − ε) = 12 + ?·ε, where ε² = 0. Return the number in the place of the question mark.
    """
    return 5.0


def question_hours() -> float:
    """Estimate what a gradient by forward mode costs.

    A loss has 3.6 million weights, and one forward sweep (the loss and its derivative in one direction)
    takes 10 milliseconds. How many hours does one gradient take, all its entries, sweep by sweep?
    Return the number of hours.
    """
    return 3.6e6 * 0.01 / 3600


def question_many_inputs() -> str:
    """Choose why one does not train a network of a million weights by forward mode. Return one letter.

    (a) A tangent is less accurate than a gradient found in reverse.
    (b) A sweep gives the loss's derivative in one direction, and a gradient needs a million of them.
    (c) A single sweep takes a million times as long as running the network.
    (d) Forward mode has to keep all intermediate values until the end, which takes too much memory.
    """
    return "b"


def question_where_forward_is_cheaper() -> list[str]:
    """Choose all tasks for which forward mode needs fewer sweeps than reverse mode.

    Reverse mode finds one row of a Jacobian in a sweep.

    (a) the full Jacobian of a function from R² to R⁵⁰
    (b) the gradient of a loss from R⁵⁰⁰ to R
    (c) the velocity of a point on a curve, t in R to R³
    (d) the full Jacobian of a function from R¹⁰ to R¹⁰
    (e) the product J v for one given v, of a function from R¹⁰⁰ to R¹⁰⁰
    Return the list of their letters in alphabetical order, such as ["b", "d"].
    """
    return ["a", "c", "e"]


def question_slot_of_second_derivative() -> str:
    """Choose where the second derivative is found. Return one letter.

    x = Dual(Dual(2, 1), Dual(1, 0)): both levels move with x, at the rate 1. y = f(x). Where does f''(2) stand?
    (a) y.value.value   (b) y.value.tangent   (c) y.tangent.value   (d) y.tangent.tangent
    """
    return "d"


def question_symptoms() -> dict[str, str]:
    """Match how a class of dual numbers fails with its fault.

    (a) 1/x has the derivative 1/4 at x = 2.
    (b) x**2 and x**3 are right, and x**-1 and x**0.5 are not.
    (c) d/dx (x · d/dy (x + y)) at x = 1, y = 1 comes out as 2.
    (d) A loop ``while a < b`` turns once more than with plain numbers, where a and b have the same value.
    (1) One ε is used for two levels.   (2) A comparison looks at the tangents too.
    (3) The quotient rule has the wrong sign.   (4) A power is made by repeated multiplication.
    Return a dict from each letter to a digit, such as {"a": "1", "b": "2", "c": "3", "d": "4"}; each digit is used once.
    """
    return {"a": "3", "b": "4", "c": "1", "d": "2"}
