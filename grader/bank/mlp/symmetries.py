"""Many nets of one function: hidden units permuted, flipped and scaled; a deep linear net as one map."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain, prediction
from grader.bank.mlp.units import layers
from grader.judging import array, drawn

NET = {"W": array("M", "C"), "V": array("D", "M")}
BOTH = ("W", "V")


# ----------------------------------------------------------------------------------- permutation
def orders(m):
    """Draw an order that is not its own inverse, so that it shows which way it is read; of two units or one there is none."""
    count = m.size("M")
    order = m.rng.permutation(count)
    while count > 2 and (order[order] == np.arange(count)).all():
        order = m.rng.permutation(count)
    return order


permute_hidden = plain("mlp.permute_hidden", {**NET, "order": drawn(orders)}, BOTH, 1)


@permute_hidden.mistake(
    "The order is read the other way: unit j of the old net became unit order[j], where the new unit j is the old unit order[j]."
)
def inverts_the_order(W, V, order):
    back = np.argsort(order)
    return W[back], V[:, back]


@permute_hidden.mistake("W is not reordered: each unit must keep its weights into the output.")
def permutes_the_lower_layer_only(W, V, order):
    return W.copy(), V[:, order]


@permute_hidden.mistake("V is not reordered: each unit must keep its weights from the inputs.")
def permutes_the_upper_layer_only(W, V, order):
    return W[order], V.copy()


# ------------------------------------------------------------------------------------------ sign
flip_hidden = plain(
    "mlp.flip_hidden",
    {**NET, "units": drawn(lambda m: m.rng.permutation(m.size("M"))[: int(m.rng.integers(1, m.size("M") + 1))])},
    BOTH,
    1,
)


def signs(W, units):
    s = np.ones(len(W))
    s[units] = -1
    return s


@flip_hidden.mistake("W does not change: the output must not notice that a unit changed its sign.")
def flips_the_lower_layer_only(W, V, units):
    return W.copy(), V * signs(W, units)


@flip_hidden.mistake("V does not change: a unit gets another sign by its weights from the inputs.")
def flips_the_upper_layer_only(W, V, units):
    return W * signs(W, units)[:, None], V.copy()


@flip_hidden.mistake("All signs change, where some units are named.")
def flips_every_unit(W, V, units):
    return -W, -V


@flip_hidden.mistake(
    "The signs that change are those of as many units from the first on: ``units`` names them by number."
)
def flips_the_first_ones(W, V, units):
    s = signs(W, np.arange(len(units)))
    return W * s[:, None], V * s


@flip_hidden.mistake("One unit alone changes its sign, the first that is named.")
def flips_the_first_named(W, V, units):
    s = signs(W, units[:1])
    return W * s[:, None], V * s


@flip_hidden.mistake("The signs that change are those of the units that are not named.")
def flips_the_others(W, V, units):
    return -W * signs(W, units)[:, None], -V * signs(W, units)


# ----------------------------------------------------------------------------------------- scale
def factors_of(m):
    """Draw factors, in every third case of any size from 1e-12 to 1e12."""
    widest = 39.8 if m.recipe.seed % 3 == 2 else 3
    return 2.0 ** m.rng.uniform(-widest, widest, m.size("M"))


scale_hidden = plain("mlp.scale_hidden", {**NET, "factors": drawn(factors_of)}, BOTH, 1)


@scale_hidden.mistake("W is multiplied by the factors: what a unit gives more must count for less behind it.")
def multiplies_the_upper_layer(W, V, factors):
    return W * factors[:, None], V * factors


@scale_hidden.mistake("V is divided by the factors: a unit then gives 1/factors[j] times what it gave.")
def divides_the_lower_layer(W, V, factors):
    return W / factors[:, None], V / factors


@scale_hidden.mistake("W is not scaled: the output must not notice that a unit gives more or less.")
def scales_the_lower_layer_only(W, V, factors):
    return W.copy(), V * factors


@scale_hidden.mistake("V is not scaled: a unit gives more or less by its weights from the inputs.")
def scales_the_upper_layer_only(W, V, factors):
    return W / factors[:, None], V.copy()


@scale_hidden.mistake("It is the root of the factor that is used: a unit is to give factors[j] times what it gave.")
def scales_by_roots(W, V, factors):
    return W / np.sqrt(factors)[:, None], V * np.sqrt(factors)


# ------------------------------------------------------------------------------- deep linear nets
linear_map = plain("mlp.linear_map", {"weights": layers("D")}, ("A",), tails=1e-9)


def composed(weights, bias):
    """Return the product of the layers; ``bias(b, W)`` carries a bias through the next layer."""
    A, b = weights[0][:, :-1], weights[0][:, -1]
    for W in weights[1:]:
        A, b = W[:, :-1] @ A, bias(b, W)
    return np.hstack([A, b[:, None]])


@linear_map.mistake("Only the last bias is there: those below it go through the layers above, and arrive too.")
def keeps_the_last_bias(weights):
    return composed(weights, lambda _, W: W[:, -1])


@linear_map.mistake("The biases of the layers above the first are lost.")
def carries_the_first_bias_only(weights):
    return composed(weights, lambda b, W: W[:, :-1] @ b)


@linear_map.mistake("There are no biases in it: the last column is 0.")
def drops_all_biases(weights):
    return composed(weights, lambda _, W: np.zeros(len(W))) * np.r_[np.ones(weights[0].shape[1] - 1), 0]


@linear_map.mistake("The bias that comes from below is taken away, where it is added.")
def subtracts_the_lower_bias(weights):
    return composed(weights, lambda b, W: W[:, -1] - W[:, :-1] @ b)


@linear_map.mistake("The layers are left out: these are the last layer's weights alone.")
def keeps_the_last_layer(weights):
    return weights[-1].copy()


@linear_map.mistake("The bias stands in the first column, and belongs in the last.")
def puts_the_bias_first(weights):
    return np.roll(composed(weights, lambda b, W: W[:, :-1] @ b + W[:, -1]), 1, axis=1)


@linear_map.mistake(
    "All biases are added up to one number: each output has its own, and those of lower layers go through the weights above."
)
def adds_the_biases(weights):
    total = sum(W[:, -1].sum() for W in weights)
    return composed(weights, lambda _, W: np.full(len(W), total))


predict_without_nonlinearity = prediction(
    "mlp.predict_without_nonlinearity",
    {
        1.0: "All four points would need a curve, or two lines. What is the net without its nonlinearity?",
        0.5: "A line that leaves three of the points on their right sides can be drawn.",
        0.25: "A line that is right on one point only is right on three when its sides are swapped.",
    },
    tolerance=1e-6,
)
