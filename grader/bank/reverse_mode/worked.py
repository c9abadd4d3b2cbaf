"""The worked example of ten steps, gone back through by hand."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.judging import drawn


def printed(printed_value, low, high):
    """Specify a number in a range, at times an int; in the first worked example and the first case that of the printed digits."""

    def make(m):
        first = m.recipe.style == "integers" or (m.recipe.style == "randn" and m.recipe.seed == 0)
        other = round(float(m.rng.uniform(low, high)), 3)
        return printed_value if first else int(other) if m.recipe.seed % 4 == 2 else other

    return drawn(make)


worked_adjoint = plain(
    "reverse_mode.worked_adjoint",
    {"x": printed(2.0, -3, 3), "y": printed(8.0, -4, 9)},
    ("f", "df_dx", "df_dy"),
    points=3,
    regimes=("randn", "odd"),
)


def adjoints(x, y, sine=np.sin, cosine=np.cos):
    """Return the value and both derivatives."""
    s6, s9 = x * y + sine(x) + 4, 3 * y**2 + 6
    return s6 * s9, s9 * y + s9 * cosine(x), s9 * x + 6 * y * s6


@worked_adjoint.mistake("The sine is that of an angle in degrees: s4 is 0.035 at x = 2, where 2 radians have 0.909.")
def takes_degrees(x, y):
    return adjoints(x, y, lambda s: np.sin(np.deg2rad(s)), lambda s: np.cos(np.deg2rad(s)))


@worked_adjoint.mistake("x reaches f through s3 and through s4: one of the two paths is missing.")
def misses_the_sine(x, y):
    f, _, df_dy = adjoints(x, y)
    return f, (3 * y**2 + 6) * y, df_dy


@worked_adjoint.mistake("x reaches f through s3 and through s4: one of the two paths is missing.")
def misses_the_product(x, y):
    f, _, df_dy = adjoints(x, y)
    return f, (3 * y**2 + 6) * np.cos(x), df_dy


@worked_adjoint.mistake("y reaches f through s3 and through s7: one of the two paths is missing.")
def misses_the_square(x, y):
    f, df_dx, _ = adjoints(x, y)
    return f, df_dx, (3 * y**2 + 6) * x


@worked_adjoint.mistake("At the product s10 = s6·s9 each factor gets itself as its local gradient.")
def does_not_switch(x, y):
    s6, s9 = x * y + np.sin(x) + 4, 3 * y**2 + 6
    return s6 * s9, s6 * (y + np.cos(x)), s6 * x + 6 * y * s9


@worked_adjoint.mistake("The slope of the square s7 = s2² is not the one on the way to y: its 2 is missing.")
def loses_the_two(x, y):
    f, df_dx, _ = adjoints(x, y)
    return f, df_dx, (3 * y**2 + 6) * x + 3 * y * (x * y + np.sin(x) + 4)
