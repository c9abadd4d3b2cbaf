"""Composition: functions one inside another, and several paths."""

from __future__ import annotations

import numpy as np

from grader.bank.chain_rule.values import but_at, number_of, signed
from grader.bank.forms import formula, higher_order, plain, raised
from grader.judging import Personal, array, drawn, scalar

# --------------------------------------------------------------------------------------- formulas
slope_of_sine_of_square = formula(
    "chain_rule.slope_of_sine_of_square",
    {"x": signed(-1, 0.5)},
    points=1,
    personal=Personal(
        {"factor": tuple(n / 100 for n in range(101, 1000) if n % 100), "power": (2, 3, 4, 5)},
        says={
            "sin(x²)": "sin({inside})",
            "x² moves": "{inside} moves",
            "taken of x²": "taken of {inside}",
            "this is 2x times": "this is {slope} times",
        },
        notebook={r"$\sin(x^2)$": r"$\sin({factor}\,x^{power})$", "has the value 1.0806": "has the value {at_one}"},
        words=lambda factor, power: {
            "inside": f"{factor:g}x{raised(power)}",
            "slope": f"{factor * power:.12g}x{raised(power - 1)}",
            "at_one": f"{factor * power * np.cos(factor):.4f}",
        },
    ),
)


@slope_of_sine_of_square.mistake("The inner derivative is forgotten: x² moves too, and at its own rate.")
def forgets_the_inner_derivative(*, factor=1.0, power=2):
    return f"cos({factor}*x^{power})"


@slope_of_sine_of_square.mistake("The outer slope is taken at x, where the sine is taken of x².")
def takes_the_outer_slope_at_x(*, factor=1.0, power=2):
    return f"{factor * power:.12g}*x^{power - 1}*cos(x)"


@slope_of_sine_of_square.mistake("The inner derivative stands inside the cosine: it is a factor of its own.")
def puts_the_inner_derivative_inside(*, factor=1.0, power=2):
    return f"cos({factor * power:.12g}*x^{power - 1})"


@slope_of_sine_of_square.mistake("The sine is not differentiated: this is 2x times the function itself.")
def keeps_the_sine(*, factor=1.0, power=2):
    return f"{factor * power:.12g}*x^{power - 1}*sin({factor}*x^{power})"


@slope_of_sine_of_square.mistake("The sign: which of sine and cosine changes it when it is differentiated?")
def changes_the_sign(*, factor=1.0, power=2):
    return f"-{factor * power:.12g}*x^{power - 1}*cos({factor}*x^{power})"


slope_of_quotient = formula("chain_rule.slope_of_quotient", {"x": signed(-1, 0.5)}, points=1)


@slope_of_quotient.mistake(
    "The sign of the quotient rule is lost: the part that comes from the denominator takes away."
)
def adds_in_the_quotient_rule():
    return "(1 + x^2 + 2*x^2) / (1 + x^2)^2"


@slope_of_quotient.mistake("The two terms of the numerator are the wrong way round: at 0 the function rises.")
def turns_the_quotient_rule_round():
    return "(x^2 - 1) / (1 + x^2)^2"


@slope_of_quotient.mistake("The denominator is not squared.")
def leaves_the_denominator():
    return "(1 - x^2) / (1 + x^2)"


@slope_of_quotient.mistake(
    "The numerator's and the denominator's derivatives are divided: that is not the derivative of a quotient."
)
def divides_derivatives():
    return "1 / (2*x)"


@slope_of_quotient.mistake("The denominator is treated as a constant: it depends on x as well.")
def differentiates_the_numerator_only():
    return "1 / (1 + x^2)"


# --------------------------------------------------------------------------------- any number of functions
def composed(compose_derivative, order, x, y):
    """Adapt ``compose_derivative``: call it with the functions of these numbers and their derivatives, at x and then at y.

    Before that it is called with as many other functions at x, which must not matter.
    """
    table = [
        (np.sin, np.cos),
        (lambda v: (v * v + 1) / 2, lambda v: v),
        (lambda v: np.exp(v / 3), lambda v: np.exp(v / 3) / 3),
        (np.tanh, lambda v: 1 - np.tanh(v) ** 2),
        (lambda v: 1 / (1 + v * v), lambda v: -2 * v / (1 + v * v) ** 2),
        (lambda v: 3 - 2 * v, lambda _: -2.0),
        (lambda v: v, lambda _: 1),
        (lambda v: np.abs(v) - 0.6, np.sign),
        (lambda _: 0.7, lambda _: 0.0),
    ]
    compose_derivative([table[k - 1][0] for k in order], [table[k - 1][1] for k in order], x)
    functions, derivatives = [table[k][0] for k in order], [table[k][1] for k in order]
    return compose_derivative(functions, derivatives, x), compose_derivative(functions, derivatives, y)


MANY = (9, 181)
"""The seeds of the recipes with as many functions as the prompt promises: one of the battery, and one that is drawn."""


ORDERS = {1: [6], 5: [0, 6, 7, 2], 7: [1, 8, 3]}
"""One that hands back its input, one that takes no complex numbers, and a constant, by the number of the case."""


def some_functions(making):
    """Draw 1 to 5 numbers of functions, in every third case one that comes twice; in some cases 50 that do not grow."""
    if making.recipe.seed in MANY:
        return making.rng.choice((0, 3, 4), 50).tolist()
    order = making.rng.integers(0, 6, 1 + making.recipe.seed % 5).tolist()
    order = ORDERS.get(number_of(making.recipe), order)
    return [*order, order[0]] if making.recipe.seed % 3 == 2 else order


compose_derivative = higher_order(
    "chain_rule.compose_derivative",
    {"order": drawn(some_functions), "x": but_at(scalar(-2, 2), {2: 0.0, 4: 2.0, 6: 0.0}), "y": scalar(-2, 2)},
    ("derivative", "derivative_elsewhere"),
    composed,
    points=3,
    regimes=("randn", "odd"),
)


@compose_derivative.mistake("Every slope is taken at x. Each is due at the value that arrives at its function.")
def takes_all_slopes_at_x(functions, derivatives, x):
    slope = 1.0
    for df in derivatives:
        slope = slope * df(x)
    return slope


@compose_derivative.mistake("The inner derivatives are forgotten: this is the slope of the outermost function alone.")
def forgets_inner_derivatives(functions, derivatives, x):
    for f in functions[:-1]:
        x = f(x)
    return derivatives[-1](x)


@compose_derivative.mistake("The functions are applied from the end of the list: the first one is the innermost.")
def goes_from_the_outside(functions, derivatives, x):
    slope = 1.0
    for f, df in zip(functions[::-1], derivatives[::-1], strict=True):
        slope = slope * df(x)
        x = f(x)
    return slope


@compose_derivative.mistake("The value moves on before the slope is taken: each slope is taken one function too late.")
def moves_on_too_early(functions, derivatives, x):
    slope = 1.0
    for f, df in zip(functions, derivatives, strict=True):
        x = f(x)
        slope = slope * df(x)
    return slope


@compose_derivative.mistake("The slopes are added: along one path they multiply.")
def adds_slopes_along_a_path(functions, derivatives, x):
    slope = 0.0
    for f, df in zip(functions, derivatives, strict=True):
        slope = slope + df(x)
        x = f(x)
    return slope


@compose_derivative.mistake("The slope of the outermost function, the last of the list, is missing.")
def leaves_out_the_last(functions, derivatives, x):
    slope = 1.0
    for f, df in list(zip(functions, derivatives, strict=True))[:-1]:
        slope = slope * df(x)
        x = f(x)
    return slope


@compose_derivative.mistake("At a second call with the same two lists 1 comes out: what did the first call do to them?")
def empties_the_lists(functions, derivatives, x):
    slope = 1.0
    while functions:
        slope, x = slope * derivatives.pop(0)(x), functions.pop(0)(x)
    return slope


@compose_derivative.mistake("This is the value of the composition, where its derivative is asked.")
def gives_the_value(functions, derivatives, x):
    for f in functions:
        x = f(x)
    return x


# ------------------------------------------------------------------------------------------ several paths
total_derivative = plain(
    "chain_rule.total_derivative", {"outer": array("K"), "inner": array("K", "D")}, ("du_dx",), points=2
)


@total_derivative.mistake(
    "Only the first path is counted: u moves through all the intermediate values, and the paths add up."
)
def follows_the_first_path(outer, inner):
    return outer[0] * inner[0]


@total_derivative.mistake("The paths are averaged, where they add up.")
def averages_paths(outer, inner):
    return outer @ inner / len(outer)


@total_derivative.mistake("The outer partial derivatives are not used: along a path the slopes multiply.")
def adds_inner_derivatives(outer, inner):
    return inner.sum(axis=0)


@total_derivative.mistake("The inner partial derivatives are not used: along a path the slopes multiply.")
def adds_outer_derivatives(outer, inner):
    return outer.sum() * np.ones(inner.shape[1])


@total_derivative.mistake(
    "The sum runs over the variables: one number for each variable is asked, summed over the paths to it."
)
def adds_over_the_variables(outer, inner):
    return outer * inner.sum(axis=1)


@total_derivative.mistake("The products along the paths are not added up: all paths of a variable end in one number.")
def leaves_paths_apart(outer, inner):
    return outer[:, None] * inner
