"""Derivatives of derivatives: nested ones without perturbation confusion, and second ones by duals of duals."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.forms import higher_order, prediction
from grader.bank.forward_mode.numbers import edged
from grader.judging import model, scalar

prediction_confusion = prediction(
    "forward_mode.prediction_confusion",
    {
        1.0: "That is the right derivative, and this program does not find it: x and y both have a tangent of 1.",
        0.0: "The inner tangent is that of a sum whose terms both have tangent 1.",
        3.0: "The outer product has one factor with a tangent: the inner result is a plain number.",
        4.0: "The inner result enters once, as a factor, and its own tangent is 0.",
    },
)


def derivatives(derivative, x, y):
    """Adapt derivative: plain ones, Siskind and Pearlmutter's, constant inner ones, at a point that moves, three levels."""

    def plain(t):
        return t * t * t + (2.0 * t).sin() / (1.0 + t * t)

    def outer(u):
        return u * derivative(lambda w: u + w, y)

    def outer_with_sine(u):
        return u * derivative(lambda w: u * w.sin() + w * w, y)

    def inner_is_constant(u):
        return u * derivative(lambda w: u + w, y) + u * derivative(lambda _: u * u * u, y)

    def at_a_point_that_moves(u):
        return derivative(lambda w: w * w * u, u)

    def hands_out(u):
        return derivative(lambda w: u * w, y) + u * derivative(lambda _: u, y)

    def three(u):
        return derivative(lambda w: w * u * derivative(lambda t: t * t * w * u, y), 1.5)

    nested = np.stack(
        [derivative(outer, x), derivative(outer_with_sine, x), derivative(three, x), derivative(hands_out, x)]
    )
    moving = np.stack([derivative(at_a_point_that_moves, x), derivative(lambda t: derivative(plain, t), x)])
    constant = np.stack([derivative(inner_is_constant, x), derivative(lambda _: 4.0, x)])
    return np.stack([derivative(plain, x), derivative(lambda t: t, x)]), nested, moving, constant


derivative = higher_order(
    "forward_mode.derivative",
    {"x": edged(scalar(-2.0, 2.0), 0.0, 1.0), "y": edged(scalar(0.3, 1.2), 0.0, 1.0)},
    ("plain", "nested", "at_a_moving_point", "of_a_constant"),
    derivatives,
    points=4,
)


@derivative.mistake(
    "Plain derivatives are right, and nested ones share one ε: the inner derivative counts the outer variable's tangent as its own "
    "(perturbation confusion; 2 for 1 in the example of the docstring)."
)
def has_one_epsilon_for_all(f, x):
    jvp = model("forward_mode.jvp")
    return jvp(lambda t: f(t[0]), [x], [1.0])[1]


@derivative.mistake(
    "A function that does not depend on its own argument has a derivative of 0: the tangent of another level is returned for it."
)
def reads_the_tangent_of_another_level(f, x):
    Dual: Any = model("forward_mode.Dual")
    levels: Any = model("forward_mode._LEVELS")
    levels[0] += 1
    out = f(Dual(x, 1.0, levels[0]))
    return out.tangent if isinstance(out, Dual) else 0.0


@derivative.mistake(
    "Only the value of x is used: where the inner point is the outer variable, it moves with it.", from_model=True
)
def forgets_that_the_point_moves(derivative):
    def wrong(f, x):
        while hasattr(x, "value"):
            x = x.value
        return derivative(f, x)

    return wrong


@derivative.mistake("This is f(x), the value: the derivative is the tangent of what f returned.")
def returns_the_value(f, x):
    return f(x) if hasattr(x, "tangent") else getattr(f(model("forward_mode.Dual")(x, 1.0)), "value", 4.0)


@derivative.mistake(
    "What comes out is a plain number, without the tangents of the derivative further out: that one finds 0, or a part.",
    from_model=True,
)
def drops_the_outer_tangents(derivative):
    def wrong(f, x):
        out = derivative(f, x)
        while hasattr(out, "value"):
            out = out.value
        return out

    return wrong


# ------------------------------------------------------------------------------------- second ones
def second_derivatives(second_derivative, x, u):
    """Adapt second_derivative: of polynomials, also by branches, of the functions of a Dual, and of quotients and powers."""

    def polynomial(t):
        return 2.0 * t * t * t - t * t + 5.0 * t - 1.0

    def by_branches(t):
        return abs(t) * t * t if t < 1.0 else t * t * t * t

    functions = [
        second_derivative(lambda t: (0.5 * t).exp() * t.sin(), x),
        second_derivative(lambda t: (t * t).cos() - t.tanh(), x),
        second_derivative(lambda t: t.log() * t.sqrt(), u),
    ]
    quotients = [
        second_derivative(lambda t: t / (1.0 + t * t), x),
        second_derivative(lambda t: t**3 - 1.0 / t, u),
        second_derivative(lambda t: t**-2 + t**1.5, u),
    ]
    branches = [second_derivative(by_branches, u), second_derivative(by_branches, -u)]
    return np.stack([second_derivative(polynomial, x), *branches]), np.stack(functions), np.stack(quotients)


second_derivative = higher_order(
    "forward_mode.second_derivative",
    {"x": edged(scalar(-2.0, 2.0), 0.0, 1.0), "u": scalar(0.4, 3.0)},
    ("polynomial", "functions", "quotients"),
    second_derivatives,
    points=3,
)


@second_derivative.mistake("This is the first derivative.")
def differentiates_once(f, x):
    return model("forward_mode.derivative")(f, x)


@second_derivative.mistake("This is the square of the first derivative: the second one is the derivative of the first.")
def squares_the_first(f, x):
    return model("forward_mode.derivative")(f, x) ** 2


@second_derivative.mistake(
    "Half of the second derivative: that is the coefficient of (Δx)² in the Taylor series.", from_model=True
)
def gives_the_taylor_coefficient(second_derivative):
    def wrong(f, x):
        return second_derivative(f, x) / 2

    return wrong


@second_derivative.mistake(
    "The inner value has no tangent of its own: the outer derivative finds slopes that were taken at a point that does not move."
)
def holds_the_inner_point(f, x):
    Dual = model("forward_mode.Dual")
    out = f(Dual(Dual(x, 0.0), Dual(1.0, 0.0)))
    return out.tangent.tangent


@second_derivative.mistake(
    "The tangent of the outer Dual was given a tangent of 1 too: what is counted then is the first derivative once more, on top."
)
def seeds_the_tangent_too(f, x):
    Dual = model("forward_mode.Dual")
    out = f(Dual(Dual(x, 1.0), Dual(1.0, 1.0)))
    return out.tangent.tangent
