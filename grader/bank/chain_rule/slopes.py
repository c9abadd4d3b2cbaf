"""Numerical slopes: central difference, complex step, and the choice of the step."""

from __future__ import annotations

import numpy as np

from grader.bank.chain_rule.values import but_at, listed, positive
from grader.bank.forms import higher_order, plain, prediction
from grader.judging import OMITTED, drawn, scalar

USUAL = ("randn", "odd")


def is_left_out(making):
    """Return True in the cases that ask for the default step; one of the worked examples does."""
    return making.recipe.seed == 2 or making.recipe.seed % 12 == 9


# -------------------------------------------------------------------------------- central difference
def differenced(central_difference, which, x, *h):
    """Adapt ``central_difference``: call it with the function of this number, and without a step if none is given.

    Before that it is called with another function at the same place, which must not matter.
    """
    functions = [
        lambda v: np.sin(3 * v),
        np.exp,
        lambda v: v**3 - 2 * v,
        lambda v: 1 / (1 + v * v),
        lambda v: np.tanh(v) + v * v,
        lambda v: v,
        lambda _: 1.5,
        np.abs,
    ]
    central_difference(functions[which - 1], x, *h)
    return central_difference(functions[which], x, *h)


central_difference = higher_order(
    "chain_rule.central_difference",
    {
        # Functions with nothing to them, a kink between the two points, and steps that are large.
        "which": but_at(drawn(lambda m: int(m.rng.integers(5))), {1: 5, 5: 6, 7: 7}),
        "x": but_at(scalar(-2, 2), {0: 0.0, 1: -250.0, 4: 1.0, 7: 0.05}),
        "h": but_at(
            drawn(lambda m: OMITTED if is_left_out(m) else float(10.0 ** m.rng.uniform(-4, -0.5))),
            {0: 2.5, 4: 1.0, 7: 0.3},
        ),
    },
    ("slope",),
    differenced,
    points=2,
    regimes=USUAL,
)


@central_difference.mistake(
    "The difference is one-sided: its error falls like h, and at h = 1e-4 it is 4e-5 where the central one's is 9e-10."
)
def is_one_sided(f, x, h=1e-5):
    return (f(x + h) - f(x)) / h


@central_difference.mistake("The difference is one-sided, to the left: its error falls like h, not like h².")
def looks_back_only(f, x, h=1e-5):
    return (f(x) - f(x - h)) / h


@central_difference.mistake("The slope is twice too steep: how far apart are the two points?")
def divides_by_one_step(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / h


@central_difference.mistake("The slope has the wrong sign: what comes out where f rises?")
def subtracts_the_later_value(f, x, h=1e-5):
    return (f(x - h) - f(x + h)) / (2 * h)


@central_difference.mistake("The step is always 1e-12, where rounding alone makes the slope wrong by 1e-5.")
def steps_too_small(f, x, h=1e-5):
    return (f(x + 1e-12) - f(x - 1e-12)) / 2e-12


@central_difference.mistake("The step that is given is not used: it is always 1e-5.")
def ignores_the_step(f, x, h=1e-5):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


@central_difference.mistake("The points are half a step away from x, where they are to be a step away.")
def takes_half_steps(f, x, h=1e-5):
    return (f(x + h / 2) - f(x - h / 2)) / h


# ------------------------------------------------------------------------------------------ prediction
prediction_falling_error = prediction(
    "chain_rule.prediction_falling_error",
    {
        10: "That is a one-sided difference, whose error falls like h.",
        1000: "The error falls like a power of h: which is the first term of Taylor's series that does not cancel?",
        10000: "The error falls like a power of h: which is the first term of Taylor's series that does not cancel?",
        20: "The error falls like a power of h, and does not fall twice as fast.",
    },
    tolerance=1e-2,
)


# ---------------------------------------------------------------------------------------- complex step
def stepped(complex_step, which, thousandths, *exponent):
    """Adapt ``complex_step``: call it with the function of this number at thousandths / 1000, with h = 10^-exponent.

    Before that it is called with another function at the same place, which must not matter.
    """
    functions = [
        lambda v: np.exp(v) * (2 + np.sin(v)),
        lambda v: v**3 + 2 * v,
        lambda v: 1 / (3 + v),
        lambda v: np.exp(-v),
        lambda v: v,
    ]
    x, h = thousandths / 1000, [10.0**-e for e in exponent]
    complex_step(functions[which - 1], x, *h)
    return complex_step(functions[which], x, *h)


complex_step = higher_order(
    "chain_rule.complex_step",
    {
        # Whole numbers, since a rounding bound of complex numbers is not to be had: the slopes of these functions are never small.
        "which": but_at(drawn(lambda m: int(m.rng.integers(4))), {1: 4}),
        "thousandths": but_at(scalar(-1500, 1500, integer=True), {0: 0, 5: 1000}),
        "exponent": but_at(
            drawn(lambda m: OMITTED if is_left_out(m) else int(m.rng.choice((1, 2, 3, 8, 20, 30)))), {4: 0}
        ),
    },
    ("slope",),
    stepped,
    points=2,
    regimes=USUAL,
)


@complex_step.mistake("The real part is taken, which holds the value of f; the slope is in the other part.")
def takes_the_real_part(f, x, h=1e-20):
    return np.real(f(x + 1j * h)) / h


@complex_step.mistake("The imaginary part is not divided by h: it is h times the slope.")
def does_not_divide(f, x, h=1e-20):
    return np.imag(f(x + 1j * h))


@complex_step.mistake("The step is real, so that digits cancel: for very small h nothing is left.")
def steps_along_the_real_axis(f, x, h=1e-20):
    return (f(x + h) - f(x)) / h


@complex_step.mistake("It is divided by 2h, as a central difference is: here only one step is taken.")
def divides_by_two_steps(f, x, h=1e-20):
    return np.imag(f(x + 1j * h)) / (2 * h)


@complex_step.mistake("The modulus is taken, in which value and slope are mixed.")
def takes_the_modulus(f, x, h=1e-20):
    return abs(f(x + 1j * h)) / h


# ----------------------------------------------------------------------------------- choice of the step
step_for_error = plain(
    "chain_rule.step_for_error",
    {
        "error": but_at(positive(-12, -2), {1: 2.0, 5: 0.5}),  # steps above 1 too
        "third": but_at(positive(-3, 3), {1: 0.03, 2: 1.0, 5: 3.0}),
    },
    ("h",),
    1,
    regimes=USUAL,
)


@step_for_error.mistake("The 6 of the bound is lost.")
def loses_the_six(error, third):
    return np.sqrt(error / third)


@step_for_error.mistake("The root is missing: the bound grows like the square of h.")
def forgets_the_root(error, third):
    return 6 * error / third


@step_for_error.mistake("That step is for the one-sided difference, whose error grows like h.")
def chooses_for_a_one_sided_difference(error, third):
    return 2 * error / third


@step_for_error.mistake("The fraction is upside down: a smaller error needs a smaller step.")
def turns_the_fraction_over(error, third):
    return np.sqrt(6 * third / error)


best_step = plain(
    "chain_rule.best_step",
    {
        "size": but_at(positive(-3, 3), {1: 500.0, 5: 1.0}),
        "third": but_at(positive(-3, 3), {1: 1e-3, 5: 1.0}),
        "u": but_at(positive(-16, -4), {1: 2.0**-11}),  # a step above 1 too
    },
    ("h", "error"),
    2,
    drive=listed(),
    regimes=USUAL,
)


@best_step.mistake(
    "The step is the square root: that is the best one of a one-sided difference, whose truncation grows like h."
)
def takes_the_square_root(size, third, u):
    h = np.sqrt(2 * u * size / third)
    return h, third * h**2 / 6 + u * size / h


@best_step.mistake("A factor is lost in h: what becomes of the 6 when the bound is differentiated?")
def loses_the_three(size, third, u):
    h = (u * size / third) ** (1 / 3)
    return h, third * h**2 / 6 + u * size / h


@best_step.mistake("At this h the two errors are equal. That is near the bottom of their sum, and not on it.")
def makes_both_errors_equal(size, third, u):
    h = (6 * u * size / third) ** (1 / 3)
    return h, third * h**2 / 6 + u * size / h


@best_step.mistake("The error holds the truncation only: rounding is the larger part of it at the best h.")
def counts_the_truncation_only(size, third, u):
    h = (3 * u * size / third) ** (1 / 3)
    return h, third * h**2 / 6


@best_step.mistake("The error holds the rounding only.")
def counts_the_rounding_only(size, third, u):
    h = (3 * u * size / third) ** (1 / 3)
    return h, u * size / h
