"""Loops differentiated: the Babylonian root by duals, and a planted fault in the tangent program of Horner's rule."""

from __future__ import annotations

from grader.bank.forms import plain, planted_fault
from grader.bank.forward_mode.numbers import EARLY, LAST_EXAMPLE, edged, tangent
from grader.judging import Personal, array, drawn, scalar

# ------------------------------------------------------------------------------- Babylonian root
STEPS = dict(zip((*EARLY, 11, 12), (12, 50, 3, 0), strict=True))
"""By the seed of a recipe: the battery's first edge, 1e8, has not converged after 12 steps; a start is seen at 0 alone."""


def number_of_steps(m):
    """Draw 0 to 7 steps, in a worked example 0 or 3, in some drawn cases 8 to 20, and in two cases of the battery 12 and 50."""
    few, more, often = int(m.rng.integers(0, 8)), int(m.rng.integers(8, 21)), m.rng.random() < 0.5
    if m.recipe.seed > LAST_EXAMPLE:
        return more if often else few
    return STEPS.get(m.recipe.seed, few)


babylonian_root = plain(
    "forward_mode.babylonian_root",
    {"a": edged(scalar(0.2, 30.0), 1e8, 1.0, 1e-8, 4.0), "steps": drawn(number_of_steps)},
    ("root", "slope"),
    2,
)


@babylonian_root.mistake(
    "The slope is 1/(2x), that of the exact root. What was asked is the derivative of what the loop computed, which is another "
    "number until the loop has converged."
)
def differentiates_the_exact_root(a, steps):
    x = 1.0
    for _ in range(steps):
        x = (x + a / x) / 2
    return x, 0.5 / x


@babylonian_root.mistake(
    "The slope comes out as 1/(2√a), that of the exact root. What was asked is the derivative after this number of steps, which is "
    "another number until the loop has converged."
)
def takes_the_slope_of_the_exact_root(a, steps):
    x = 1.0
    for _ in range(steps):
        x = (x + a / x) / 2
    return x, 0.5 / a**0.5


@babylonian_root.mistake("x is held constant in each step: from the second step on it depends on a too, and so moves.")
def holds_x_in_each_step(a, steps):
    x, dx = 1.0, 0.0
    for _ in range(steps):
        x, dx = (x + a / x) / 2, 1 / (2 * x)
    return x, dx


@babylonian_root.mistake(
    "This is the derivative with respect to the start, x = 1, which is a constant: it is a that moves, in every step."
)
def moves_a_nowhere(a, steps):
    x, dx = 1.0, 1.0
    for _ in range(steps):
        x, dx = (x + a / x) / 2, (dx - a * dx / x**2) / 2
    return x, dx


@babylonian_root.mistake("The start, x = 1, was given a tangent of 1: it is a constant, and does not depend on a.")
def moves_the_start(a, steps):
    x, dx = 1.0, 1.0
    for _ in range(steps):
        x, dx = (x + a / x) / 2, (dx + 1 / x - a * dx / x**2) / 2
    return x, dx


@babylonian_root.mistake("The loop takes one step more than was asked.")
def takes_one_step_more(a, steps):
    x, dx = 1.0, 0.0
    for _ in range(steps + 1):
        x, dx = (x + a / x) / 2, (dx + 1 / x - a * dx / x**2) / 2
    return x, dx


@babylonian_root.mistake("The iteration starts from a, where it was to start from 1: the later numbers differ too.")
def starts_from_a(a, steps):
    x, dx = a, 1.0
    for _ in range(steps):
        x, dx = (x + a / x) / 2, (dx + 1 / x - a * dx / x**2) / 2
    return x, dx


@babylonian_root.mistake("The quotient rule's sign: when x grows, a/x falls.")
def adds_in_the_quotient(a, steps):
    x, dx = 1.0, 0.0
    for _ in range(steps):
        x, dx = (x + a / x) / 2, (dx + 1 / x + a * dx / x**2) / 2
    return x, dx


# ---------------------------------------------------------------------------------- Horner's rule
mended_horner = planted_fault(
    "forward_mode.mended_horner",
    {"coefficients": array("D"), "x": edged(scalar(-2.0, 2.0), 0.0, 1.0, -1.0), "dx": tangent()},
    ("p", "dp"),
    planted="value_first",
    points=2,
    personal=Personal(planted=("uses_the_direction_twice", "ignores_dx", "drops_the_tangent", "reads_from_the_lowest")),
    regimes=("randn", "odd", "small", "ties"),
)


@mended_horner.mistake(
    "p is right and dp is not: a constant, the polynomial of one coefficient, has a tangent here. Which p does each line see?"
)
def value_first(coefficients, x, dx):
    p = dp = 0.0
    for c in coefficients:
        p = p * x + c
        dp = dp * x + p * dx
    return p, dp


@mended_horner.mistake(
    "The direction is used at the end and in the loop too: dp grows with more than the first power of dx."
)
def uses_the_direction_twice(coefficients, x, dx):
    p = dp = 0.0
    for c in coefficients:
        dp = dp * x + p * dx
        p = p * x + c
    return p, dp * dx


@mended_horner.mistake("The direction is ignored: this is p'(x), for dx = 1.")
def ignores_dx(coefficients, x, dx):
    p = dp = 0.0
    for c in coefficients:
        dp = dp * x + p
        p = p * x + c
    return p, dp


@mended_horner.mistake(
    "The tangent that was there is not carried on: each step has a product of p and x, and both move."
)
def drops_the_tangent(coefficients, x, dx):
    p = dp = 0.0
    for c in coefficients:
        dp = p * dx
        p = p * x + c
    return p, dp


@mended_horner.mistake("The coefficients are read from the lowest power: the first one is that of the highest.")
def reads_from_the_lowest(coefficients, x, dx):
    p = dp = 0.0
    for c in coefficients[::-1]:
        dp = dp * x + p * dx
        p = p * x + c
    return p, dp
