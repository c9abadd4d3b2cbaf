"""L2 regularisation of all weights of a net: the loss, and a gradient for each weight and bias."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from grader.bank.mlp.units import as_one, listed
from grader.bank.regularization.invariants import TWICE
from grader.judging import Chain, Exercise, Plan, contract, drawn, example, outputs_of, read_as, scalar, styled, value


def depths(m):
    """Choose the sizes of the layers: one to three layers, of widths that differ."""
    return [m.size(name) for name in ("D", "H", "K", "C")[: 2 + m.recipe.seed % 3]]


def matrices(m):
    """Draw the weights, a matrix (D_l, M_l) a layer."""
    sizes = depths(m)
    return [styled(m.recipe.style, m.rng, shape) for shape in pairwise(sizes)]


def vectors(m):
    """Draw the biases, a vector (M_l,) a layer."""
    return [styled(m.recipe.style, m.rng, (size,)) for size in depths(m)[1:]]


def of_list(asked, inputs):
    """Plan ``loss, gradients = f(weights, biases, reg)``; the list of gradients is read as all of its entries."""
    shapes = [a.shape for name in ("weights", "biases") for a in inputs[name]]
    call = asked.call(inputs["weights"], inputs["biases"], inputs["reg"])
    return Plan(Chain((call,)), read_as(read_list, as_one, listed, shapes=shapes, function=asked.own))


def read_list(returned, shapes, function):
    """Read a loss, and all entries of the list of gradients."""
    names = ("loss", "gradients")
    loss, gradients = outputs_of(returned, len(names), function, names)
    return loss, as_one(gradients, shapes, function, "gradients")


l2_regularization = Exercise(
    "regularization.l2_regularization",
    {"weights": drawn(matrices), "biases": drawn(vectors), "reg": scalar(0.01, 2.0)},
    ("loss", "gradients"),
    (contract(), example(), value(1, "loss"), value(2, "gradients")),
    drive=of_list,
    arranged=True,
    invariants=TWICE,
)


def penalised(weights, biases, reg, loss=1.0, slope=2.0, bias=0.0):
    """Return reg · ΣW², its gradients for weights and biases, each times a factor."""
    return (
        loss * reg * sum((W**2).sum() for W in weights),
        [*(slope * reg * W for W in weights), *(bias * reg * b for b in biases)],
    )


@l2_regularization.mistake("The gradient belongs to half of the loss that stands beside it: a square's slope has a 2.")
def forgets_the_two(weights, biases, reg):
    return penalised(weights, biases, reg, slope=1.0)


@l2_regularization.mistake("The loss is halved: that is the convention ½·reg·Σ W², and this exercise has no ½.")
def halves_the_loss(weights, biases, reg):
    return penalised(weights, biases, reg, loss=0.5, slope=1.0)


@l2_regularization.mistake("The biases are pulled towards 0, though the loss does not depend on them.")
def pulls_at_the_biases(weights, biases, reg):
    return penalised(weights, biases, reg, bias=2.0)


@l2_regularization.mistake("The biases are regularised too: here the loss does not depend on them.")
def regularises_the_biases(weights, biases, reg):
    loss, gradients = penalised(weights, biases, reg, bias=2.0)
    return loss + reg * sum((b**2).sum() for b in biases), gradients


@l2_regularization.mistake("The loss holds the norms of the weights: their squares are added, and no root is taken.")
def takes_norms(weights, biases, reg):
    loss = reg * sum(np.sqrt((W**2).sum()) for W in weights)
    return loss, penalised(weights, biases, reg)[1]


@l2_regularization.mistake("This is the L1 penalty, with absolute values in place of squares.")
def takes_absolute_values(weights, biases, reg):
    loss = reg * sum(np.abs(W).sum() for W in weights)
    return loss, [*(reg * np.sign(W) for W in weights), *(0 * b for b in biases)]


@l2_regularization.mistake("Only the last weight counts: the loss of the layers before it is overwritten.")
def keeps_the_last_layer_only(weights, biases, reg):
    return reg * (weights[-1] ** 2).sum(), penalised(weights, biases, reg)[1]


@l2_regularization.mistake("The squares are averaged over the entries of each weight, where they are summed.")
def averages_squares(weights, biases, reg):
    loss = reg * sum((W**2).mean() for W in weights)
    return loss, [*(2 * reg * W / W.size for W in weights), *(0 * b for b in biases)]


@l2_regularization.mistake("``reg`` is missing from the gradients.")
def forgets_reg_in_the_gradients(weights, biases, reg):
    return penalised(weights, biases, reg)[0], [*(2 * W for W in weights), *(0 * b for b in biases)]
