"""The start: weights by Xavier and by He, and what a net's layers hand on at its start."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain, prediction
from grader.bank.mlp.units import ACTIVATIONS, activated, layers, listed, with_ones
from grader.judging import MET, Chain, Exercise, Malformed, Plan, array, contract, drawn, example, read_as, unmet, value

FANS = ((60, 100), (100, 50), (40, 150))
"""Pairs of layers' sizes, far enough from equal that n + m is not 2n."""


# ------------------------------------------------------------------------------ random weights
def from_seed(draw, fan_in, fan_out, seed):
    """Adapt an initialiser: call it with a generator that starts from this seed."""
    return draw(fan_in, fan_out, np.random.default_rng(seed))


def one_after_the_other(draw, fan_in, fan_out, seed):
    """Adapt an initialiser: draw two layers from one generator."""
    rng = np.random.default_rng(seed)
    return [draw(fan_in, fan_out, rng), draw(fan_in, fan_out, rng)]


def initialiser(name, law, kurtosis, distribution):
    """Declare ``f(fan_in, fan_out, rng)``, judged by the moments of what it draws.

    Args:
        name: unit and function.
        law: from the two fans the variance.
        kurtosis: the fourth moment over the square of the second.
        distribution: what the law is called.

    """

    def three_draws(asked, inputs):
        fans = inputs["fan_in"], inputs["fan_out"]
        calls = [asked.call(*fans, seed, adapter=from_seed) for seed in (1, 1, 2)]
        calls.append(asked.call(1, 1, 3, adapter=one_after_the_other))
        told = {"variance": law(*fans), "kurtosis": kurtosis, "distribution": distribution, "fans": fans}
        helpers = (weights_of, listed, spread_of, shape_of, source_of)
        return Plan(Chain(tuple(calls)), read_as(read_draws, *helpers, function=asked.own, **told))

    return Exercise(
        name,
        {
            "fan_in": drawn(lambda m: FANS[m.recipe.seed % len(FANS)][0]),
            "fan_out": drawn(lambda m: FANS[m.recipe.seed % len(FANS)][1]),
        },
        ("spread", "distribution", "source"),
        (contract(), example(), value(1.5, "spread"), value(0.25, "distribution"), value(0.25, "source")),
        drive=three_draws,
        derived=True,
        regimes=("randn",),
    )


def read_draws(*drawn_arrays, function, fans, variance, kurtosis, distribution):
    """Read three draws of a layer, and two layers of one generator, as what is found of their moments and their source."""
    first, again, other = (weights_of(W, fans, function) for W in drawn_arrays[:3])
    layer, next_layer = (weights_of(W, (1, 1), function) for W in drawn_arrays[3])
    return (
        spread_of(first, variance),
        shape_of(first, kurtosis, distribution),
        source_of(first, again, other, np.array_equal(layer, next_layer)),
    )


def weights_of(W, fans, function):
    """Return what was drawn, lists of numbers as an array.

    Raises:
        Malformed: it is no float array of the shape of the two fans.

    """
    W = listed(W)
    if not hasattr(W, "shape") or W.shape != fans:
        came = f"shape {W.shape}" if hasattr(W, "shape") else f"a {type(W).__name__}"
        raise Malformed(f"{function} must return an array of shape {fans}, it returned {came}")
    if W.dtype != np.float64 or not np.isfinite(W).all():
        raise Malformed(f"{function} must return finite float64 numbers")
    return W


def spread_of(W, variance):
    """Hold mean and variance against the law: of 5,000 draws and more, chance moves them by less than these bounds."""
    if abs(W.mean()) > 6 * np.sqrt(variance / W.size):
        return unmet("the mean of what it draws is not 0")
    ratio = W.var() / variance
    return (
        MET
        if abs(ratio - 1) < 0.12
        else unmet(f"the variance of what it draws is about {ratio:.1g} times the one asked for")
    )


def shape_of(W, kurtosis, distribution):
    """Tell a uniform from a normal distribution: the fourth moment is 1.8 or 3 times the square of the second."""
    centred = W - W.mean()
    variance = (centred**2).mean()
    if variance == 0 or abs((centred**4).mean() / variance**2 / kurtosis - 1) > 0.14:
        return unmet(f"what it draws is not {distribution}")
    return MET


def source_of(first, again, other, standing):
    """Tell whether all entries come from the generator that was passed in, each for itself.

    The mean of independent draws is not 0 to rounding, nor is the spread of different draws the same to rounding.
    ``standing``: two layers drawn from one generator are the same.
    """
    if not np.array_equal(first, again):
        return unmet("the same generator gives other weights the second time: they must come from rng alone")
    if np.array_equal(first, other):
        return unmet("another generator gives the same weights: they must come from rng")
    fitted = 1e-10  # a part of the spread by which chance never comes as close
    if first.std() > 0 and (abs(first.mean()) < fitted * first.std() or abs(first.std() / other.std() - 1) < fitted):
        return unmet("what it draws was made to fit as a whole: each entry is drawn for itself")
    if len(np.unique(first)) != first.size:
        return unmet("some entries are copies of others: each is drawn for itself")
    return unmet("two layers drawn from one generator, one after the other, are the same") if standing else MET


xavier_weights = initialiser("mlp.xavier_weights", lambda n, m: 2 / (n + m), 1.8, "uniform")


@xavier_weights.mistake(
    "The variance is about a third of what is asked: √3 lies between a standard deviation and the bound of its interval."
)
def takes_the_spread_for_the_bound(fan_in, fan_out, rng):
    a = np.sqrt(2 / (fan_in + fan_out))
    return rng.uniform(-a, a, (fan_in, fan_out))


@xavier_weights.mistake("The mean is not 0, as if the weights were drawn from [0, a]: half of them must be negative.")
def draws_positive_weights(fan_in, fan_out, rng):
    return rng.uniform(0, np.sqrt(6 / (fan_in + fan_out)), (fan_in, fan_out))


@xavier_weights.mistake("The variance is right and the distribution is not: a uniform one is asked.")
def draws_a_normal(fan_in, fan_out, rng):
    return np.sqrt(2 / (fan_in + fan_out)) * rng.standard_normal((fan_in, fan_out))


@xavier_weights.mistake("All weights are 0: the hidden units are alike, and stay so.")
def starts_at_zero(fan_in, fan_out, rng):
    return np.zeros((fan_in, fan_out))


@xavier_weights.mistake("The generator that is passed in is not used.")
def draws_from_its_own(fan_in, fan_out, rng):
    a = np.sqrt(6 / (fan_in + fan_out))
    return np.random.default_rng(0).uniform(-a, a, (fan_in, fan_out))


@xavier_weights.mistake("Some weights are copies of others: hidden units that start equal stay equal.")
def repeats_one_column(fan_in, fan_out, rng):
    a = np.sqrt(6 / (fan_in + fan_out))
    return np.tile(rng.uniform(-a, a, (fan_in, 1)), (1, fan_out))


@xavier_weights.mistake(
    "The same generator gives other weights the second time: they come from another source of chance."
)
def draws_from_the_global_state(fan_in, fan_out, rng):
    a = np.sqrt(6 / (fan_in + fan_out))
    return np.random.uniform(-a, a, (fan_in, fan_out))


@xavier_weights.mistake("The variance is 1 / fan_in: fan_out is left out, which is right only where the two are equal.")
def leaves_out_the_fan_out(fan_in, fan_out, rng):
    a = np.sqrt(3 / fan_in)
    return rng.uniform(-a, a, (fan_in, fan_out))


@xavier_weights.mistake("The root is taken of the 6 alone: fan_in + fan_out stands under it too.")
def takes_the_root_of_six(fan_in, fan_out, rng):
    a = np.sqrt(6) / (fan_in + fan_out)
    return rng.uniform(-a, a, (fan_in, fan_out))


he_weights = initialiser("mlp.he_weights", lambda n, _: 2 / n, 3.0, "normal")


@he_weights.mistake("The root is missing: 2 / fan_in is the variance, and the draws were multiplied by it.")
def multiplies_by_the_variance(fan_in, fan_out, rng):
    return 2 / fan_in * rng.standard_normal((fan_in, fan_out))


@he_weights.mistake("The variance is 1 / fan_in: that keeps a linear unit's scale, and a ReLU passes half.")
def forgets_the_half_that_is_cut(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in)


@he_weights.mistake("The weights are standard normal: the sum over fan_in inputs makes their outputs ever larger.")
def does_not_scale(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out))


@he_weights.mistake("The variance is about 2 / fan_out: it is the inputs of a unit that are summed.")
def takes_the_fan_out(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_out) * rng.standard_normal((fan_in, fan_out))


@he_weights.mistake("The mean is not 0, as if all weights were made positive: half of them must be negative.")
def draws_no_negative_weights(fan_in, fan_out, rng):
    return np.abs(np.sqrt(2 / fan_in) * rng.standard_normal((fan_in, fan_out)))


@he_weights.mistake("The generator that is passed in is not used.")
def draws_from_one_of_its_own(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_in) * np.random.default_rng(0).standard_normal((fan_in, fan_out))


@he_weights.mistake(
    "Mean or spread is made to fit: then no entry is drawn for itself, and of one entry nothing is left."
)
def makes_it_fit(fan_in, fan_out, rng):
    w = rng.standard_normal((fan_in, fan_out))
    return (w - w.mean()) / (w.std() + 1e-300) * np.sqrt(2 / fan_in)


@he_weights.mistake("The variance is right and the distribution is not: a normal one is asked.")
def draws_uniformly(fan_in, fan_out, rng):
    a = np.sqrt(6 / fan_in)
    return rng.uniform(-a, a, (fan_in, fan_out))


@he_weights.mistake("Some weights are copies of others: hidden units that start equal stay equal.")
def repeats_a_column(fan_in, fan_out, rng):
    return np.tile(np.sqrt(2 / fan_in) * rng.standard_normal((fan_in, 1)), (1, fan_out))


# ------------------------------------------------------------------------- statistics by layer
layer_scales = plain(
    "mlp.layer_scales",
    {"x": array("N", "D"), "weights": layers("D"), "activation": drawn(lambda m: ACTIVATIONS[m.recipe.seed % 3])},
    ("scales",),
)


def measured(x, weights, activation, statistic, top=lambda z: z, before=False):
    """Return a statistic of each layer's output, or of what comes before the activation."""
    out, scales = x, []
    for layer, W in enumerate(weights):
        z = with_ones(out) @ W.T
        out = top(z) if layer == len(weights) - 1 else activated(z, activation)
        scales.append(statistic(z if before else out))
    return np.array(scales)


def rms(h):
    return np.sqrt((h**2).mean())


@layer_scales.mistake(
    "The mean is taken away first: that is the standard deviation, not the root of the mean of the squares."
)
def takes_deviations(x, weights, activation):
    return measured(x, weights, activation, np.std)


@layer_scales.mistake("The root is missing: these are the means of the squares.")
def forgets_the_root(x, weights, activation):
    return measured(x, weights, activation, lambda h: (h**2).mean())


@layer_scales.mistake("What is measured is what goes into the hidden units, where what comes out of them is asked.")
def measures_before_the_activation(x, weights, activation):
    return measured(x, weights, activation, rms, before=True)


@layer_scales.mistake("The 1 that is appended for the bias is measured with the units.")
def measures_the_ones_too(x, weights, activation):
    scales = measured(x, weights, activation, lambda h: rms(with_ones(h)))
    scales[-1] = measured(x, weights, activation, rms)[-1]
    return scales


@layer_scales.mistake("The last layer was given a nonlinearity: it has none.")
def activates_the_last_layer(x, weights, activation):
    return measured(x, weights, activation, rms, top=lambda z: activated(z, activation))


@layer_scales.mistake("The squares are summed, not averaged: a wide layer looks larger than a narrow one.")
def sums_squares(x, weights, activation):
    return measured(x, weights, activation, lambda h: np.sqrt((h**2).sum()))


@layer_scales.mistake("The root is taken of each example alone, and the mean of these roots: the root comes last.")
def averages_roots(x, weights, activation):
    return measured(x, weights, activation, lambda h: np.sqrt((h**2).mean(axis=1)).mean())


@layer_scales.mistake("That is the mean of the sizes |h|: the squares are averaged, and then the root is taken.")
def averages_sizes(x, weights, activation):
    return measured(x, weights, activation, lambda h: np.abs(h).mean())


@layer_scales.mistake("What is measured is what each layer gets, x the first: what it hands on is asked, out the last.")
def measures_the_inputs(x, weights, activation):
    return np.array([rms(x), *measured(x, weights, activation, rms)[:-1]])


# ------------------------------------------------------------------------------------ prediction
predict_equal_columns = prediction(
    "mlp.predict_equal_columns",
    {
        16: "The units would have to part first. What makes one unit's gradient differ from another's at the start?",
        3: "Neither the features nor the classes tell hidden units apart: each unit sees all of them.",
        0: "There are columns, and equal ones count as one.",
    },
)
