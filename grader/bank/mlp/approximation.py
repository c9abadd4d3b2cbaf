"""Drawings of one hidden layer of ReLUs: a step, a bump, and a function to a stated error."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain, training
from grader.judging import Chain, Malformed, Plan, array, drawn, read_as, read_outputs


# ------------------------------------------------------------------------------------------ step
def by_columns_in_memory(f, first, *others):
    """Adapt a function: the entries of the first argument lie in memory with the first axis fastest, as in a transpose."""
    return f(first.T.copy().T, *others)


def in_some_memory(asked, inputs):
    """Plan one call; in every third case, by the number of its entries, the first argument is not row-major in memory."""
    first, *others = inputs.values()
    call = asked.call(first, *others, adapter=by_columns_in_memory if first.size % 3 == 0 else None)
    return Plan(Chain((call,)), read_as(read_outputs, function=asked.own, names=asked.outputs))


soft_step = plain(
    "mlp.soft_step",
    {"z": array("...")},
    ("step",),
    1,
    drive=in_some_memory,
    slack=lambda inputs: 1 + np.abs(inputs["z"]),  # the flat parts too may be what is left of large numbers
)


def g(t):
    return np.maximum(t, 0)


@soft_step.mistake("The step is not in the middle: it must begin at −½ and end at ½.")
def begins_at_zero(z):
    return g(z) - g(z - 1)


@soft_step.mistake("One ReLU alone goes on rising: the second one has to stop it at 1.")
def never_ends(z):
    return g(z + 0.5)


@soft_step.mistake("The step jumps: two ReLUs make a ramp, one wide.")
def jumps(z):
    return (z > 0) * 1.0


@soft_step.mistake("The step jumps, and is 1 at 0 already: two ReLUs make a ramp, one wide.")
def jumps_at_zero(z):
    return (z >= 0) * 1.0


@soft_step.mistake("The step is a logistic curve, steepest at 0 and nowhere straight: ReLUs make it of straight lines.")
def bends_smoothly(z):
    return 0.5 * (1 + np.tanh(2 * z))


@soft_step.mistake("The step goes down: which of the two ReLUs starts first?")
def goes_down(z):
    return g(z - 0.5) - g(z + 0.5)


@soft_step.mistake("The two ReLUs are added: behind the second one the sum rises twice as fast.")
def adds_the_two(z):
    return g(z + 0.5) + g(z - 0.5)


# ------------------------------------------------------------------------------------------ bump
def whole(m):
    """Return True in every fifth case: its numbers are whole, and its flanks touch."""
    return m.recipe.seed % 5 == 4


def edge(lowest, highest):
    """Specify where a flank is: a whole number, or one of three digits."""
    return drawn(
        lambda m: (
            int(m.rng.integers(np.ceil(lowest), highest, endpoint=True))
            if whole(m)
            else round(float(m.rng.uniform(lowest, highest)), 3)
        )
    )


def width_of(m):
    """Draw a width: in every third case one that may be larger than the bump, so that its flanks overlap."""
    if whole(m):
        return int(m.rng.integers(1, 4))
    widest = 9.0 if m.recipe.seed % 3 == 1 else 1.5
    return round(float(m.rng.uniform(0.1, widest)), 3)


def rounded(inputs):
    """Return the size of what is divided by the width: at a corner, and on the flat parts, its rounding is left over."""
    return 1 + (np.abs(inputs["x"]) + abs(inputs["left"]) + abs(inputs["right"])) / inputs["width"]


bump = plain(
    "mlp.bump",
    {"x": array("..."), "left": edge(-3, -0.5), "right": edge(-0.4, 3), "width": drawn(width_of)},
    ("bump",),
    drive=in_some_memory,
    slack=rounded,
)


def step(z):
    return np.maximum(z + 0.5, 0) - np.maximum(z - 0.5, 0)


@bump.mistake("The two steps are added: the second one has to go down.")
def climbs_twice(x, left, right, width):
    return step((x - left) / width) + step((x - right) / width)


@bump.mistake("The width multiplies where it divides: a wide flank became a steep one.")
def multiplies_by_width(x, left, right, width):
    return step((x - left) * width) - step((x - right) * width)


@bump.mistake("The width is not used: all flanks are one wide.")
def ignores_the_width(x, left, right, width):
    return step(x - left) - step(x - right)


@bump.mistake("The flanks begin at left and at right, where their middles belong.")
def begins_at_the_flanks(x, left, right, width):
    return step((x - left) / width - 0.5) - step((x - right) / width - 0.5)


@bump.mistake("The bump is upside down.")
def digs_a_hole(x, left, right, width):
    return step((x - right) / width) - step((x - left) / width)


@bump.mistake("A box has no flanks: each of them is a straight line, as wide as ``width`` says.")
def stands_upright(x, left, right, width):
    return ((x >= left) & (x <= right)) * 1.0


@bump.mistake(
    "The sum is divided by the width, where what goes into the steps is: height and flanks are off, unless the width is 1."
)
def divides_the_height(x, left, right, width):
    return (step(x - left) - step(x - right)) / width


WIDER = "Where the flanks overlap (a width above right − left) it is not the difference of the two steps. Elsewhere it is right."


@bump.mistake(WIDER)
def takes_the_lower_flank(x, left, right, width):
    return np.minimum(step((x - left) / width), step((right - x) / width))


@bump.mistake(WIDER)
def multiplies_the_flanks(x, left, right, width):
    return step((x - left) / width) * step((right - x) / width)


@bump.mistake(WIDER)
def joins_four_corners(x, left, right, width):
    half = width / 2
    return np.interp(x, [left - half, left + half, right - half, right + half], [0.0, 1.0, 1.0, 0.0])


# ---------------------------------------------------------------------------------- any function
"""Units that the net may have."""


def target(t):
    return np.sin(3 * t) * np.exp(-(t**2) / 4)


def points():
    x = np.linspace(-3, 3, 601)
    return x, target(x)


def drawn_by(returned, x, y):
    """Measure a net of ReLUs: its largest error on 6,001 points.

    Raises:
        Malformed: it is not (v, b, w, c) as asked, or has too many units.

    """
    if not isinstance(returned, (tuple, list)) or len(returned) != 4:
        raise Malformed("approximate must return four values (v, b, w, c)")
    v, b, w = (np.asarray(part, dtype=float) for part in returned[:3])
    c = np.asarray(returned[3], dtype=float)
    if v.ndim != 1 or v.shape != b.shape or v.shape != w.shape:
        raise Malformed(
            f"v, b and w must be vectors of one length, they have shapes {v.shape}, {b.shape} and {w.shape}"
        )
    if c.size != 1:
        raise Malformed(f"c must be one number, it has shape {c.shape}")
    if len(v) > 64:
        raise Malformed(f"the net has {len(v)} units, it may have at most 64")
    t = np.linspace(-3, 3, 6001)
    net = c.reshape(()) + np.maximum(0, np.outer(t, v) + b) @ w
    return {"error": np.abs(net - target(t)).max()}


approximate = training("mlp.approximate", points, drawn_by, at_most={"error": 0.02}, points=3, helpers=(target,))


def knotted(x, y, count):
    """Return knots with the heights there and the slopes between them."""
    knots = np.linspace(x[0], x[-1], count + 1)
    heights = np.interp(knots, x, y)
    return knots, heights, np.diff(heights) / np.diff(knots)


@approximate.mistake("Each unit has the slope of its own piece as its weight: but the units before it go on rising.")
def weighs_by_slopes(x, y):
    knots, heights, slopes = knotted(x, y, 60)
    return np.ones(60), -knots[:-1], slopes, heights[0]


@approximate.mistake("The curve starts at height 0, where the function does not: c is missing.")
def forgets_the_first_height(x, y):
    knots, _, slopes = knotted(x, y, 60)
    return np.ones(60), -knots[:-1], np.diff(slopes, prepend=0.0), 0.0


@approximate.mistake("There are too few pieces: where the function bends most, straight ones leave it.")
def has_too_few_units(x, y):
    knots, heights, slopes = knotted(x, y, 12)
    return np.ones(12), -knots[:-1], np.diff(slopes, prepend=0.0), heights[0]


@approximate.mistake("The kinks are on the wrong side of 0: where does a unit with the bias b turn on?")
def mirrors_the_kinks(x, y):
    knots, heights, slopes = knotted(x, y, 60)
    return np.ones(60), knots[:-1], np.diff(slopes, prepend=0.0), heights[0]
