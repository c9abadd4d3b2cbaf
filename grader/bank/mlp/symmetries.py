"""Many nets of one function: hidden units permuted, flipped and scaled; a deep linear net as one map."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain, prediction
from grader.bank.mlp.units import layers
from grader.judging import array, drawn

NET = {"W": array("M", "C"), "V": array("D", "M")}
BOTH = ("W", "V")

# ----------------------------------------------------------------------------------- permutation
permute_hidden = plain("mlp.permute_hidden", {**NET, "order": drawn(lambda m: m.rng.permutation(m.size("M")))}, BOTH, 1)


@permute_hidden.mistake(
    "The order is read the other way: unit j of the old net became unit order[j], where the new unit j is the old unit order[j]."
)
def inverts_the_order(W, V, order):
    back = np.argsort(order)
    return W[back], V[:, back]


@permute_hidden.mistake("Only V is reordered: each unit must keep its weights into the output.")
def permutes_the_lower_layer_only(W, V, order):
    return W.copy(), V[:, order]


@permute_hidden.mistake("Only W is reordered: each unit must keep its weights from the inputs.")
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


@flip_hidden.mistake("Only V changes: the output now gets the units with the wrong sign.")
def flips_the_lower_layer_only(W, V, units):
    return W.copy(), V * signs(W, units)


@flip_hidden.mistake("Only W changes: the units are as they were, and the output is not.")
def flips_the_upper_layer_only(W, V, units):
    return W * signs(W, units)[:, None], V.copy()


@flip_hidden.mistake("All units are flipped, where some are named.")
def flips_every_unit(W, V, units):
    return -W, -V


@flip_hidden.mistake("The units that are not named are flipped.")
def flips_the_others(W, V, units):
    return -W * signs(W, units)[:, None], -V * signs(W, units)


# ----------------------------------------------------------------------------------------- scale
scale_hidden = plain(
    "mlp.scale_hidden", {**NET, "factors": drawn(lambda m: 2.0 ** m.rng.uniform(-3, 3, m.size("M")))}, BOTH, 1
)


@scale_hidden.mistake("The two layers are scaled the same way: the output grows with the square of the factor.")
def scales_both_up(W, V, factors):
    return W * factors[:, None], V * factors


@scale_hidden.mistake("The factors are the wrong way round: a unit gives 1/factor of what it gave.")
def scales_the_other_way(W, V, factors):
    return W * factors[:, None], V / factors


@scale_hidden.mistake("Only V is scaled: the output must not notice.")
def scales_the_lower_layer_only(W, V, factors):
    return W.copy(), V * factors


@scale_hidden.mistake("The factor is shared between the layers by its root: the unit gives root times what it gave.")
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


predict_without_nonlinearity = prediction(
    "mlp.predict_without_nonlinearity",
    {
        1.0: "All four points would need a curve, or two lines. What is the net without its nonlinearity?",
        0.5: "A line that leaves three of the points on their right sides can be drawn.",
        0.25: "A line that is right on one point only is right on three when its sides are swapped.",
    },
    tolerance=1e-6,
)
