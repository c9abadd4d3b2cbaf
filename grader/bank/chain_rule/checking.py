"""The gradient checker to write, and a part of one to mend."""

from __future__ import annotations

import numpy as np

from grader.bank.chain_rule import candidates
from grader.bank.chain_rule.values import but_at, number_of
from grader.bank.forms import checker, planted_fault
from grader.judging import array, drawn, scalar


def put(gradient_checker, candidate):
    """Call a checker with what a candidate makes."""
    f, df, x = candidate()
    return gradient_checker(f, df, x)


gradient_checker = checker(
    "chain_rule.gradient_checker",
    put,
    right=[
        candidates.ordinary,
        candidates.of_one_number,
        candidates.with_large_slopes,
        candidates.with_small_slopes,
        candidates.far_out,
        candidates.far_out_beside_near,
        candidates.at_zero,
        candidates.at_a_minimum,
        candidates.with_an_entry_of_zero,
        candidates.of_entries_that_meet,
        candidates.of_a_hundred_entries,
        candidates.beside_large_values,
    ],
    wrong={
        "a gradient that is a one-sided difference, off by 4e-5": candidates.one_sided,
        "a gradient that is off by a factor of 2": candidates.off_by_a_factor,
        "a gradient that is too large by a thousandth": candidates.off_by_a_thousandth,
        "a gradient that is right at 0 only": candidates.right_at_zero_only,
        "a gradient that loses its sign where an entry of x is negative": candidates.loses_the_sign_in_a_region,
        "a gradient whose last entry is wrong": candidates.wrong_in_the_last_entry,
        "a gradient whose first entry is wrong": candidates.wrong_in_the_first_entry,
        "a gradient without the inner derivative": candidates.forgets_the_inner_derivative,
        "a gradient whose errors add up to 0": candidates.errors_that_cancel,
        "a gradient with its entries in another order": candidates.entries_in_another_order,
        "a wrong gradient with entries near 1e-8": candidates.wrong_with_small_slopes,
        "a gradient with entries near 1e-8 that is too large by a thousandth": candidates.barely_wrong_with_small_slopes,
        "a wrong gradient with entries near 1e8": candidates.wrong_with_large_slopes,
        "a wrong gradient at a point with entries near 1e6": candidates.wrong_far_out,
        "a gradient with an entry that is to be 0 and is not": candidates.wrong_where_it_is_zero,
        "a gradient of which one entry of a hundred is off by 4e-5": candidates.one_wrong_of_a_hundred,
        "a gradient that is not 0 where that of f is 0 altogether": candidates.wrong_at_a_minimum,
        "a gradient that is 0 where that of f is not": candidates.all_zero,
        "a gradient one entry of which is not a number": candidates.one_entry_is_not_a_number,
        "a gradient that is not a number": candidates.not_a_number,
    },
    points=4,
)


def differences(f, x, h=1e-5):
    """Return the central differences of f at x (D,), with a step in proportion to each entry."""
    steps = [h * max(1.0, abs(x[d])) * e for d, e in enumerate(np.eye(len(x)))]
    return np.array([(f(x + s) - f(x - s)) / (2 * s.max()) for s in steps])


def off(n, g):
    """Return the largest error of a gradient in units of the largest entry; 0 for 0 beside 0."""
    size = max(np.abs(n).max(), np.abs(g).max())
    return np.abs(n - g).max() / size if size else 0.0


@gradient_checker.mistake("It accepts whatever it is given.")
def accepts_all(f, df, x):
    return True


@gradient_checker.mistake(
    "What it misses is what a tolerance of one per cent misses: wrong gradients may be closer than that."
)
def is_loose(f, df, x):
    return bool(off(differences(f, x), df(x)) <= 1e-2)


@gradient_checker.mistake(
    "What it misses is what an absolute tolerance misses: beside small slopes every error is small."
)
def measures_against_one(f, df, x):
    n, g = differences(f, x), df(x)
    return bool(np.abs(n - g).max() <= 1e-5 * max(1.0, np.abs(g).max()))


@gradient_checker.mistake("What it misses is what a look at the first entry alone misses.")
def looks_at_the_first_entry(f, df, x):
    return bool(off(differences(f, x)[:1], df(x)[:1]) <= 2e-6)


@gradient_checker.mistake(
    "What it misses is what a single direction, that of ones, misses: errors of opposite sign cancel there."
)
def compares_sums(f, df, x):
    n, g = differences(f, x), df(x)
    return bool(abs(n.sum() - g.sum()) <= 2e-6 * max(np.abs(n).max(), np.abs(g).max()))


@gradient_checker.mistake(
    "What it misses is what a test for a large error misses: NaN is neither larger nor smaller than anything."
)
def lets_nan_pass(f, df, x):
    return not off(differences(f, x), df(x)) > 2e-6


@gradient_checker.mistake("What it misses is what a test at 0 misses: the point to test at is given.")
def tests_at_zero(f, df, x):
    x = np.zeros(len(x))
    return bool(off(differences(f, x), df(x)) <= 2e-6)


@gradient_checker.mistake("What it misses is what sizes without signs miss.")
def compares_sizes(f, df, x):
    return bool(off(np.abs(differences(f, x)), np.abs(df(x))) <= 2e-6)


@gradient_checker.mistake(
    "It refuses a right gradient for an entry that is 0: there the rounding of the difference is all there is to compare."
)
def measures_each_entry_against_itself(f, df, x):
    n, g = differences(f, x), df(x)
    return bool(np.all(np.abs(n - g) <= 2e-6 * np.maximum(np.abs(n), np.abs(g))))


@gradient_checker.mistake(
    "It refuses a right gradient where x is near 1e6: how large is a step beside the spacing of numbers there?"
)
def steps_alike_everywhere(f, df, x):
    n = np.array([(f(x + 1e-5 * e) - f(x - 1e-5 * e)) / 2e-5 for e in np.eye(len(x))])
    return bool(off(n, df(x)) <= 2e-6)


@gradient_checker.mistake(
    "It refuses a right gradient of ordinary size: are its own slopes rough, is the tolerance stricter than a difference can be, "
    "or is everything refused?"
)
def differs_one_sided(f, df, x):
    steps = [1e-5 * max(1.0, abs(x[d])) * e for d, e in enumerate(np.eye(len(x)))]
    n = np.array([(f(x + s) - f(x)) / s.max() for s in steps])
    return bool(off(n, df(x)) <= 2e-6)


@gradient_checker.mistake(
    "What it misses is what np.allclose misses with its defaults: they allow 1e-8 besides, which is much beside small slopes."
)
def takes_the_defaults_of_allclose(f, df, x):
    return bool(np.allclose(differences(f, x), df(x)))


@gradient_checker.mistake(
    "What it misses is what a ratio of norms misses: with many entries, an error in one of them is small beside the norm of all."
)
def compares_norms(f, df, x):
    n, g = differences(f, x), df(x)
    return bool(np.linalg.norm(n - g) <= 1e-5 * (np.linalg.norm(n) + np.linalg.norm(g)))


@gradient_checker.mistake(
    "What it misses is what errors with their signs miss: one that makes an entry too small counts as less than none."
)
def compares_with_signs(f, df, x):
    n, g = differences(f, x), df(x)
    return bool((g - n).max() <= 2e-6 * max(np.abs(n).max(), np.abs(g).max()))


@gradient_checker.mistake("What it misses is what the order of the entries tells: it compares them sorted.")
def sorts_the_entries(f, df, x):
    return bool(off(np.sort(differences(f, x)), np.sort(df(x))) <= 2e-6)


@gradient_checker.mistake("What it misses is what the direction of a gradient alone does not show: its length.")
def compares_directions(f, df, x):
    n, g = differences(f, x), df(x)
    lengths = np.linalg.norm(n) * np.linalg.norm(g)
    if np.linalg.norm(n) == 0 or np.linalg.norm(g) == 0:
        return bool(np.linalg.norm(n) == np.linalg.norm(g))
    return bool(1 - n @ g / lengths <= 1e-10)


@gradient_checker.mistake("What it misses is an error in the last entry: the others are looked at.")
def leaves_out_the_last_entry(f, df, x):
    n, g = differences(f, x), df(x)
    return bool(np.all(np.abs(n - g)[:-1] <= 2e-6 * max(np.abs(n).max(), np.abs(g).max())))


@gradient_checker.mistake(
    "It refuses a right gradient that is 0 altogether: which number does it divide by there, and what comes of it?"
)
def divides_zero_by_zero(f, df, x):
    n, g = differences(f, x), df(x)
    with np.errstate(all="ignore"):
        return bool(np.abs(n - g).max() / max(np.abs(n).max(), np.abs(g).max()) <= 2e-6)


@gradient_checker.mistake("It refuses a right gradient at the point 0: how far does it step there?")
def steps_in_proportion_alone(f, df, x):
    steps = [1e-5 * abs(x[d]) * e for d, e in enumerate(np.eye(len(x)))]
    with np.errstate(all="ignore"):
        n = np.array([(f(x + s) - f(x - s)) / (2 * s.max()) for s in steps])
        return bool(off(n, df(x)) <= 2e-6)


@gradient_checker.mistake(
    "It refuses a right gradient with entries near 1e8: rounding alone is more there than it allows. In which unit does it "
    "measure errors?"
)
def measures_absolutely(f, df, x):
    return bool(np.abs(differences(f, x) - df(x)).max() <= 1e-6)


@gradient_checker.mistake(
    "It refuses a right gradient of a function whose every slope moves with all the twenty entries of x: is each step taken back "
    "before the next, and does the tolerance hold for many entries?"
)
def leaves_its_steps(f, df, x):
    g, x = df(x), x.copy()
    n = np.zeros(len(x))
    for d in range(len(x)):
        h = 1e-5 * max(1.0, abs(x[d]))
        x[d] += h
        up = f(x)
        x[d] -= 2 * h
        n[d] = (up - f(x)) / (2 * h)
    return bool(off(n, g) <= 2e-5)


# -------------------------------------------------------------------------------- a part of a checker to mend
def scaled(factor, edges):
    """Specify an array (D,) that is drawn and multiplied by a factor, in the cases of some numbers by another one."""
    return drawn(lambda m: array("D").draw(m) * edges.get(number_of(m.recipe), factor))


mended_error = planted_fault(
    "chain_rule.mended_error",
    {
        # In one case all is small, in one the gradient is 0.
        "gradient": scaled(-1.0, {2: 1e-10, 7: 0.0}),
        "plus": scaled(1.0, {2: 1e-10}),
        "minus": scaled(1.0, {2: 1e-10}),
        "h": but_at(scalar(0.1, 1), {1: 1e-5, 5: 20.0}),
    },
    ("error",),
    planted="loses_the_absolute_value",
    points=2,
)


@mended_error.mistake(
    "Errors that make the gradient too small do not count: a large one of them passes for a small error."
)
def loses_the_absolute_value(gradient, plus, minus, h):
    numerical = (plus - minus) / (2 * h)
    size = np.maximum(np.max(np.abs(gradient)), np.max(np.abs(numerical)))
    return np.max(gradient - numerical) / size


@mended_error.mistake("The differences are taken over one step, where the two points are two steps apart.")
def divides_by_one_step(gradient, plus, minus, h):
    numerical = (plus - minus) / h
    size = np.maximum(np.max(np.abs(gradient)), np.max(np.abs(numerical)))
    return np.max(np.abs(gradient - numerical)) / size


@mended_error.mistake("The error is not divided by anything: beside small slopes every error is small.")
def gives_the_absolute_error(gradient, plus, minus, h):
    return np.max(np.abs(gradient - (plus - minus) / (2 * h)))


@mended_error.mistake(
    "The absolute value is taken of the largest difference: errors that make the gradient too small still hide."
)
def takes_the_absolute_value_too_late(gradient, plus, minus, h):
    numerical = (plus - minus) / (2 * h)
    size = np.maximum(np.max(np.abs(gradient)), np.max(np.abs(numerical)))
    return np.abs(np.max(gradient - numerical)) / size


@mended_error.mistake("The errors are averaged: one entry that is wrong then hides among many that are right.")
def averages_errors(gradient, plus, minus, h):
    numerical = (plus - minus) / (2 * h)
    size = np.maximum(np.max(np.abs(gradient)), np.max(np.abs(numerical)))
    return np.mean(np.abs(gradient - numerical)) / size


@mended_error.mistake("Only the gradient that is claimed sets the scale: both of them do, and the larger one counts.")
def measures_against_the_claim(gradient, plus, minus, h):
    return np.max(np.abs(gradient - (plus - minus) / (2 * h))) / np.max(np.abs(gradient))
