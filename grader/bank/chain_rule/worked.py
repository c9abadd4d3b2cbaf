"""The worked example of Bücker et al.: one function as straight-line program, graph and formula."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.chain_rule.values import but_at, listed, signed
from grader.bank.forms import formula, graph, plain, prediction
from grader.judging import Exercise, contract, drawn, example, scalar, value

POINT = {
    # The point of the lecture comes up among the drawn ones.
    "x": but_at(
        drawn(lambda m: 2.0 if m.recipe.seed % 7 == 0 else round(float(m.rng.uniform(-4, 4)), 3)),
        {1: 0.0, 2: 3.0, 5: 37.5, 6: -64.2},  # many turns away too
    ),
    "y": but_at(
        drawn(lambda m: 8.0 if m.recipe.seed % 7 == 0 else round(float(m.rng.uniform(-4, 9)), 3)),
        {1: -2.0, 2: 3.0, 6: -40.5, 7: 0.0},
    ),
}
USUAL = ("randn", "odd")

prediction_sine_of_degrees = prediction(
    "chain_rule.prediction_sine_of_degrees",
    {
        3966.732: "That is what the lecture had: the sine was cut to 0.034 on the way. Two decimals of the result need more of it.",
        4140.0408905115: "That is the value in radians. Here the sine is taken of 2 degrees.",
        3960.0: "The sine of 2 degrees is small, and not 0.",
        4158.0: "That sine is 1, which is the sine of 90 degrees.",
    },
    tolerance=1e-5,
)

# --------------------------------------------------------------------------------------- the program
worked_program = Exercise(
    "chain_rule.worked_program",
    POINT,
    tuple(f"s{i}" for i in range(1, 11)),
    (contract(), example(), value(2)),
    drive=listed(),
    regimes=USUAL,
)


def program(x, y, **changes):
    """Return s1 to s10, where a line of this name is replaced by a function of the lines before it."""
    lines = {
        "s1": lambda _: x,
        "s2": lambda _: y,
        "s3": lambda s: s[0] * s[1],
        "s4": lambda s: np.sin(s[0]),
        "s5": lambda s: s[2] + s[3],
        "s6": lambda s: s[4] + 4,
        "s7": lambda s: s[1] ** 2,
        "s8": lambda s: 3 * s[6],
        "s9": lambda s: s[7] + 6,
        "s10": lambda s: s[5] * s[8],
    } | changes
    s: list[Any] = []
    for line in lines.values():
        s.append(line(s))
    return s


@worked_program.mistake("s4 is the sine of x degrees. The derivative of the sine is the cosine only in radians.")
def takes_the_sine_of_degrees(x, y):
    return program(x, y, s4=lambda s: np.sin(np.deg2rad(s[0])))


@worked_program.mistake("s4 is taken of y, where the sine is of x.")
def takes_the_sine_of_y(x, y):
    return program(x, y, s4=lambda s: np.sin(s[1]))


@worked_program.mistake("s5 multiplies where the formula adds.")
def multiplies_at_s5(x, y):
    return program(x, y, s5=lambda s: s[2] * s[3])


@worked_program.mistake("s7 is 2y: that is the derivative of the square, where its value is asked.")
def differentiates_at_s7(x, y):
    return program(x, y, s7=lambda s: 2 * s[1])


@worked_program.mistake("The last line adds the two factors of f.")
def adds_at_s10(x, y):
    return program(x, y, s10=lambda s: s[5] + s[8])


@worked_program.mistake("s9 lacks the constant 6.")
def forgets_the_six(x, y):
    return program(x, y, s9=lambda s: s[7])


# ----------------------------------------------------------------------------------------- the graph
worked_graph = graph(
    "chain_rule.worked_graph",
    {"x": scalar(-4, 4), "y": scalar(-4, 9)},
    points=2,
    at_most=8,
    operations=("add", "multiply", "power", "square", "sin"),
)
STEPS = (
    ("s3", "multiply", "x", "y"),
    ("s4", "sin", "x"),
    ("s5", "add", "s3", "s4"),
    ("s6", "add", "s5", 4),
    ("s7", "square", "y"),
    ("s8", "multiply", 3, "s7"),
    ("s9", "add", "s8", 6),
    ("s10", "multiply", "s6", "s9"),
)


def steps(**changes):
    """Return the steps of the graph, some of them replaced by name."""
    return [changes.get(step[0], step) for step in STEPS]


@worked_graph.mistake("The graph ends before the two factors of f are multiplied.")
def ends_at_a_factor():
    return steps()[:-1]


@worked_graph.mistake("The first factor lacks the sine: x has two arrows to it, one for each place where it is used.")
def leaves_out_the_sine():
    return steps(s5=("s5", "add", "s3", 0))


@worked_graph.mistake("2 is raised to the power y, where y is squared: the order of a power's arguments matters.")
def swaps_base_and_exponent():
    return steps(s7=("s7", "power", 2, "y"))


@worked_graph.mistake("x is squared in the second factor, which depends on y alone.")
def squares_x():
    return steps(s7=("s7", "square", "x"))


@worked_graph.mistake("The two factors of f are added.")
def adds_the_factors():
    return steps(s10=("s10", "add", "s6", "s9"))


# --------------------------------------------------------------------------------------- the formula
worked_formula = formula("chain_rule.worked_formula", {"x": signed(-1, 0.6), "y": signed(-1, 0.9)}, points=1)


@worked_formula.mistake("The second factor is gone: it does not depend on x, and so it stays as it is.")
def loses_the_constant_factor():
    return "y + cos(x)"


@worked_formula.mistake("The sign of the sine's derivative is wrong.")
def subtracts_the_cosine():
    return "(y - cos(x)) * (3*y^2 + 6)"


@worked_formula.mistake("The derivatives of the two factors are multiplied: that is not the derivative of a product.")
def multiplies_the_derivatives():
    return "(y + cos(x)) * 6*y"


@worked_formula.mistake("The product x·y is taken for a constant: it moves with x.")
def forgets_the_product():
    return "cos(x) * (3*y^2 + 6)"


# -------------------------------------------------------------------------------------- the gradient
worked_gradient = plain(
    "chain_rule.worked_gradient", POINT, ("df/dx", "df/dy"), points=2, drive=listed(), regimes=USUAL
)


def factors(x, y):
    """Return the two factors of f, which are s6 and s9."""
    return x * y + np.sin(x) + 4, 3 * y**2 + 6


@worked_gradient.mistake("Sine and cosine are taken of x degrees: their derivatives are each other only in radians.")
def differentiates_in_degrees(x, y):
    s9 = 3 * y**2 + 6
    return (y + np.cos(np.deg2rad(x))) * s9, x * s9 + (x * y + np.sin(np.deg2rad(x)) + 4) * 6 * y


@worked_gradient.mistake("In ∂f/∂y one path is missing: y reaches f through the first factor as well.")
def follows_the_square_only(x, y):
    s6, s9 = factors(x, y)
    return (y + np.cos(x)) * s9, s6 * 6 * y


@worked_gradient.mistake("In ∂f/∂y one path is missing: y reaches f through the second factor as well.")
def follows_the_product_only(x, y):
    _, s9 = factors(x, y)
    return (y + np.cos(x)) * s9, x * s9


@worked_gradient.mistake("In ∂f/∂x one path is missing: x reaches f through the sine as well.")
def forgets_the_path_through_the_sine(x, y):
    s6, s9 = factors(x, y)
    return y * s9, x * s9 + s6 * 6 * y


@worked_gradient.mistake(
    "In ∂f/∂y the derivatives of the factors are multiplied: that is not the derivative of a product."
)
def multiplies_derivatives_of_the_factors(x, y):
    _, s9 = factors(x, y)
    return (y + np.cos(x)) * s9, x * 6 * y


@worked_gradient.mistake("The pair is the wrong way round: ∂f/∂x comes first.")
def gives_y_first(x, y):
    s6, s9 = factors(x, y)
    return x * s9 + s6 * 6 * y, (y + np.cos(x)) * s9
