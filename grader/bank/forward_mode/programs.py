"""Tangent programs by hand: the worked example s1..s10, and a tangent as a formula."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.forms import formula, plain
from grader.bank.forward_mode.numbers import edged, tangent
from grader.judging import Input, Personal, drawn, scalar

PRINTED = {11: (2.0, 8.0, 1.0, 0.0), 12: (2.0, 8.0, 0.0, 1.0)}
"""The worked examples whose digits are printed in the docstring and the notebook, by the recipe's seed."""


def printed(position: int, else_from: Input) -> Input:
    """Specify the printed input in the first worked examples, and another one elsewhere."""

    def make(m: Any) -> Any:
        other = else_from.draw(m)
        return PRINTED[m.recipe.seed][position] if m.recipe.seed in PRINTED else other

    return drawn(make)


worked_tangent = plain(
    "forward_mode.worked_tangent",
    {
        "x": printed(0, edged(scalar(-4, 4), 0.0, 1.0)),
        "y": printed(1, edged(scalar(-8, 8), 0.0, 1.0)),
        "dx": printed(2, tangent()),
        "dy": printed(3, tangent()),
    },
    ("f", "df"),
    3,
)


@worked_tangent.mistake("The sine was taken of x in degrees: here, and in numpy, angles are in radians.")
def takes_degrees(x, y, dx, dy):
    turn = np.pi / 180
    s6, s9 = x * y + np.sin(turn * x) + 4, 3 * y**2 + 6
    return s6 * s9, (dx * y + x * dy + turn * np.cos(turn * x) * dx) * s9 + s6 * 6 * y * dy


@worked_tangent.mistake(
    "Sine and cosine are taken of x in degrees, and even so a factor is missing: the slope of sin(πx/180) has one of its own."
)
def takes_degrees_and_forgets_the_factor(x, y, dx, dy):
    turn = np.pi / 180
    s6, s9 = x * y + np.sin(turn * x) + 4, 3 * y**2 + 6
    return s6 * s9, (dx * y + x * dy + np.cos(turn * x) * dx) * s9 + s6 * 6 * y * dy


@worked_tangent.mistake("The tangent of s4 = sin s1 is not sin s1 · ds1: what is the derivative of the sine?")
def keeps_the_sine(x, y, dx, dy):
    s6, s9 = x * y + np.sin(x) + 4, 3 * y**2 + 6
    return s6 * s9, (dx * y + x * dy + np.sin(x) * dx) * s9 + s6 * 6 * y * dy


@worked_tangent.mistake("The last line multiplies the two tangents: a product of tangents is ε², which is 0 here.")
def multiplies_the_tangents(x, y, dx, dy):
    s6, s9 = x * y + np.sin(x) + 4, 3 * y**2 + 6
    return s6 * s9, (dx * y + x * dy + np.cos(x) * dx) * (6 * y * dy)


@worked_tangent.mistake("The last line moves the first factor only: s9 depends on y, and so moves f too.")
def forgets_the_second_factor(x, y, dx, dy):
    s6, s9 = x * y + np.sin(x) + 4, 3 * y**2 + 6
    return s6 * s9, (dx * y + x * dy + np.cos(x) * dx) * s9


@worked_tangent.mistake("x reaches f by two ways, the product and the sine: the tangent of the sine is missing.")
def forgets_the_path_through_the_sine(x, y, dx, dy):
    s6, s9 = x * y + np.sin(x) + 4, 3 * y**2 + 6
    return s6 * s9, (dx * y + x * dy) * s9 + s6 * 6 * y * dy


@worked_tangent.mistake("s3 = s1·s2 depends on y too: its tangent has two terms.")
def forgets_y_in_the_product(x, y, dx, dy):
    s6, s9 = x * y + np.sin(x) + 4, 3 * y**2 + 6
    return s6 * s9, (dx * y + np.cos(x) * dx) * s9 + s6 * 6 * y * dy


@worked_tangent.mistake("The constants 4 and 6 were given a tangent: a constant does not move.")
def moves_the_constants(x, y, dx, dy):
    s6, s9 = x * y + np.sin(x) + 4, 3 * y**2 + 6
    return s6 * s9, (dx * y + x * dy + np.cos(x) * dx + 1) * s9 + s6 * (6 * y * dy + 1)


@worked_tangent.mistake("The direction is not used: this is the sum of the two partial derivatives.")
def ignores_the_direction(x, y, dx, dy):
    s6, s9 = x * y + np.sin(x) + 4, 3 * y**2 + 6
    return s6 * s9, (y + x + np.cos(x)) * s9 + s6 * 6 * y


tangent_of_tanh = formula(
    "forward_mode.tangent_of_tanh",
    {"x": scalar(-1.5, 1.5), "y": scalar(-1.5, 1.5), "dx": tangent(), "dy": tangent()},
    points=2,
    personal=Personal(
        {"factor": tuple(n / 100 for n in range(101, 1000) if n % 100)},
        says={
            "tanh(x·y)": "tanh({factor}·x·y)",
            "tangent of x·y alone": "tangent of {factor}·x·y alone",
            "tangent of x·y is missing": "tangent of {factor}·x·y is missing",
            "taken at x·y and": "taken at {factor}·x·y and",
        },
        notebook={
            r"For $z = \tanh(x\,y)$ it takes": r"For $z = \tanh({factor}\,x\,y)$ it takes",
            r"the tangent of $z = \tanh(x\,y)$ in": r"the tangent of $z = \tanh({factor}\,x\,y)$ in",
            r"must come to $3\,\mathrm{d}x$": r"must come to ${example}\,\mathrm{{d}}x$",
        },
        words=lambda factor: {"example": f"{3 * factor:.12g}"},
    ),
)


@tangent_of_tanh.mistake("The square is missing: the slope of tanh u is 1 − tanh² u.")
def forgets_the_square(*, factor=1.0):
    return f"(1 - tanh({factor}*x*y)) * {factor} * (dx*y + x*dy)"


@tangent_of_tanh.mistake(
    "The tangent of the product x·y is taken to be dx·dy, a product of tangents: that is ε², which is 0."
)
def multiplies_directions(*, factor=1.0):
    return f"(1 - tanh({factor}*x*y)^2) * {factor} * dx * dy"


@tangent_of_tanh.mistake("The tangent of x·y is missing: the outer slope says how tanh moves when its argument does.")
def forgets_the_argument(*, factor=1.0):
    return f"1 - tanh({factor}*x*y)^2"


@tangent_of_tanh.mistake("The slope of tanh is missing: this is the tangent of x·y alone.")
def forgets_the_outer_slope(*, factor=1.0):
    return f"{factor} * (dx*y + x*dy)"


@tangent_of_tanh.mistake("dx stands with x, and dy with y. When x moves by dx, by how much does x·y move?")
def pairs_each_with_its_own(*, factor=1.0):
    return f"(1 - tanh({factor}*x*y)^2) * {factor} * (x*dx + y*dy)"


@tangent_of_tanh.mistake("tanh was put around the tangent: its slope is taken at x·y and multiplies the tangent.")
def wraps_the_tangent(*, factor=1.0):
    return f"tanh({factor} * (dx*y + x*dy))"
