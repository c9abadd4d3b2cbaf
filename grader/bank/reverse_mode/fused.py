"""The fused forms of what the small net was taken apart into: a line each."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import at_most_operations, formula, only_names, plain
from grader.bank.reverse_mode.network import CLASSES, NORMALISED, SCALED, chosen, entropy_backward, probabilities
from grader.judging import Invariant, scalar


# --------------------------------------------------------------------------------- cross-entropy
def row_sums(inputs, outputs):
    """Return what each row of dlogits adds up to."""
    return outputs["dlogits"].sum(axis=1)


fused_cross_entropy = plain(
    "reverse_mode.fused_cross_entropy",
    CLASSES,
    ("dlogits",),
    points=2,
    regimes=(*SCALED, "large"),  # beyond the steps: here probabilities may round to 0
    places={"dlogits": ("example", "class")},
    invariants=(Invariant("rows_sum_to_zero", "Each row of dlogits adds up to 0; not all of yours do.", row_sums),),
)


@fused_cross_entropy.mistake("The loss is a mean over the examples: the factor 1/N is missing.")
def fused_not_averaged(logits, y):
    return probabilities(logits) - chosen(logits, y)


@fused_cross_entropy.mistake(
    "These are the probabilities: nothing was taken off at the right class, and the rows do not add up to 0."
)
def fused_without_the_label(logits, y):
    return probabilities(logits) / len(y)


@fused_cross_entropy.mistake("The sign is turned: a step against this gradient makes the right class less likely.")
def fused_turned_round(logits, y):
    return (chosen(logits, y) - probabilities(logits)) / len(y)


@fused_cross_entropy.mistake(
    "The slope p(1 − p) is multiplied in once more: it cancels against the slope of the logarithm."
)
def fused_with_another_slope(logits, y):
    p = probabilities(logits)
    return p * (1 - p) * (p - chosen(logits, y)) / len(y)


@fused_cross_entropy.mistake("1 is taken off in the column of every label, in all rows: each row has its own label.")
def fused_with_all_labels(logits, y):
    p = probabilities(logits)
    p[:, y] -= 1
    return p / len(y)


@fused_cross_entropy.mistake("The softmax runs down the columns: the classes of an example stand in a row.")
def fused_down_the_columns(logits, y):
    return (probabilities(logits, axis=0) - chosen(logits, y)) / len(y)


@fused_cross_entropy.mistake("The exponentials overflow for large logits, and inf / inf is not a number.")
def fused_overflows(logits, y):
    e = np.exp(logits)
    return (e / e.sum(axis=1, keepdims=True) - chosen(logits, y)) / len(y)


@fused_cross_entropy.mistake(
    "It goes through the steps, which divide by probs: where one of these rounds to 0, 0 / 0 is not a number."
)
def fused_by_the_steps(logits, y):
    return entropy_backward(logits, y)[-1]


# --------------------------------------------------------------------------- batch normalisation
def column_sums(inputs, outputs):
    """Return what each column of dhprebn adds up to."""
    return outputs["dhprebn"].sum(axis=0)


fused_batchnorm = plain(
    "reverse_mode.fused_batchnorm",
    NORMALISED,
    ("dhprebn",),
    points=3,
    regimes=SCALED,
    places={"dhprebn": ("example", "unit")},
    invariants=(
        Invariant("columns_sum_to_zero", "Each column of dhprebn adds up to 0; not all of yours do.", column_sums),
    ),
)


def fused(dhpreact, hprebn, gain, mean=1, along=1, ddof=0):
    """Return the fused form with its two terms weighted; ``ddof`` is taken off N under the second."""
    n = len(hprebn)
    bndiff = hprebn - hprebn.mean(axis=0)
    inverse = ((bndiff**2).mean(axis=0) + 1e-5) ** -0.5
    bnraw = bndiff * inverse
    second = (dhpreact * bnraw).sum(axis=0) / max(1, n - ddof)
    return gain * inverse * (dhpreact - mean * dhpreact.mean(axis=0) - along * bnraw * second)


@fused_batchnorm.mistake("The path through the variance is missing: the gradient is not orthogonal to bnraw.")
def fused_without_the_variance(dhpreact, hprebn, gain):
    return fused(dhpreact, hprebn, gain, along=0)


@fused_batchnorm.mistake("The path through the mean is missing: a column of the gradient does not add up to 0.")
def fused_without_the_mean(dhpreact, hprebn, gain):
    return fused(dhpreact, hprebn, gain, mean=0)


@fused_batchnorm.mistake(
    "Mean and variance are taken for constants: both depend on hprebn, and their paths are missing."
)
def fused_with_constants(dhpreact, hprebn, gain):
    return fused(dhpreact, hprebn, gain, mean=0, along=0)


@fused_batchnorm.mistake(
    "The two means run over the features of an example: those of the forward pass run over the batch."
)
def fused_over_the_features(dhpreact, hprebn, gain):
    bndiff = hprebn - hprebn.mean(axis=0)
    inverse = ((bndiff**2).mean(axis=0) + 1e-5) ** -0.5
    bnraw = bndiff * inverse
    along = (dhpreact * bnraw).mean(axis=1, keepdims=True)
    return gain * inverse * (dhpreact - dhpreact.mean(axis=1, keepdims=True) - bnraw * along)


@fused_batchnorm.mistake("The second mean is divided by N − 1: the variance of this forward pass divides by N.")
def fused_with_the_other_variance(dhpreact, hprebn, gain):
    return fused(dhpreact, hprebn, gain, ddof=1)


@fused_batchnorm.mistake("gain is missing: hpreact is gain times bnraw.")
def fused_without_gain(dhpreact, hprebn, gain):
    return fused(dhpreact, hprebn, 1.0)


@fused_batchnorm.mistake("The second term is added: it takes away what the spread of the batch absorbs.")
def fused_adds_the_second_term(dhpreact, hprebn, gain):
    return fused(dhpreact, hprebn, gain, along=-1)


# --------------------------------------------------------------------- a sigmoid, as a formula
fused_sigmoid_formula = formula(
    "reverse_mode.fused_sigmoid_formula",
    {"s": scalar(0.05, 0.95), "y": scalar(0.05, 0.95)},
    points=1,
    form=(only_names("s", "y"), at_most_operations(2)),
    regimes=("randn", "odd"),
)


@fused_sigmoid_formula.mistake("The sign is turned: L falls as s comes nearer to y.")
def formula_turned_round():
    return "y - s"


@fused_sigmoid_formula.mistake(
    "The slope s(1 − s) of the sigmoid is left over: it cancels against the slopes of the logarithms."
)
def formula_keeps_a_slope():
    return "s * (s - y)"


@fused_sigmoid_formula.mistake("Only the term with y is there: the one with 1 − y has a slope too.")
def formula_of_one_term():
    return "y * (s - 1)"


@fused_sigmoid_formula.mistake("The label has no part in it: a prediction is right or wrong beside its label.")
def formula_without_the_label():
    return "s"
