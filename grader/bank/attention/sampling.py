"""Word2vec with negative sampling: the loss of one pair of words, and its gradients."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.judging import Invariant, array, drawn, gradient, styled


def vectors(m):
    """Draw U (V, D), of two words at least."""
    return styled(m.recipe.style, m.rng, (m.size("V") + 1, m.size("D")))


def context(m):
    """Draw the context word, in every third case the last one."""
    V = m.size("V") + 1
    m.dims["context"] = V - 1 if m.recipe.seed % 3 == 0 else int(m.rng.integers(0, V))
    return m.dims["context"]


def negatives(m):
    """Draw K words that are not the context; of 3 or more the last is the first again."""
    drawn_ = m.rng.integers(0, m.size("V"), m.size("K"))
    if len(drawn_) > 2:
        drawn_[-1] = drawn_[0]
    return drawn_ + (drawn_ >= m.dims["context"])


def size(inputs):
    """Return the size of the gradients where no pair saturates: σ(s) − 1 and −σ(−s) part in the tails."""
    v, U = np.abs(inputs["v"]), np.abs(inputs["U"])
    return float((1 + len(inputs["negatives"])) * max(1.0, v.max(), U.max()))


def products_alone(inputs, outputs):
    return (outputs["dv"] * inputs["v"]).sum() - (outputs["dU"] * inputs["U"]).sum()


negative_sampling_loss = plain(
    "attention.negative_sampling_loss",
    {"v": array("D"), "U": drawn(vectors), "context": drawn(context), "negatives": drawn(negatives)},
    ("loss", "dv", "dU"),
    4,
    (gradient(0, "dv"), gradient(0, "dU")),
    slack=size,
    places={"dv": ("feature",), "dU": ("word", "feature")},
    invariants=(
        Invariant(
            "products_alone",
            "The loss knows v and U by their products alone, so dv · v is the sum of dU times U; yours differ.",
            products_alone,
        ),
    ),
)


def sampled(v, U, context, negatives, slope=None, weight=1.0):
    """Return loss and gradients; ``slope(s, sign)`` in place of that of −log σ(s), ``weight`` of each negative."""
    rows = np.concatenate([[context], negatives])
    sign = np.where(np.arange(len(rows)) == 0, 1.0, -1.0)
    weights = np.where(sign > 0, 1.0, weight)
    s = sign * (U[rows] @ v)
    g = weights * sign * (-np.exp(-np.logaddexp(0, s)) if slope is None else slope(s))
    dU = np.zeros_like(U)
    np.add.at(dU, rows, np.outer(g, v))
    return (weights * np.logaddexp(0, -s)).sum(), g @ U[rows], dU


@negative_sampling_loss.mistake(
    "A negative that comes twice counts once in dU, while it counts twice in the loss: the rows were overwritten."
)
def overwrites_repeated_negatives(v, U, context, negatives):
    loss, dv, _ = sampled(v, U, context, negatives)
    dU = np.zeros_like(U)
    dU[negatives] = np.outer(np.exp(-np.logaddexp(0, -U[negatives] @ v)), v)
    dU[context] = -np.exp(-np.logaddexp(0, U[context] @ v)) * v
    return loss, dv, dU


@negative_sampling_loss.mistake("Each negative counts once, however often it was drawn.")
def counts_each_negative_once(v, U, context, negatives):
    return sampled(v, U, context, np.unique(negatives))


@negative_sampling_loss.mistake(
    "The negatives are pulled near like the context: their product has the other sign inside σ."
)
def pulls_the_negatives(v, U, context, negatives):
    rows = np.concatenate([[context], negatives])
    s = U[rows] @ v
    g = -np.exp(-np.logaddexp(0, s))
    dU = np.zeros_like(U)
    np.add.at(dU, rows, np.outer(g, v))
    return np.logaddexp(0, -s).sum(), g @ U[rows], dU


@negative_sampling_loss.mistake("The negatives are missing from dv: the centre word is pushed by each of them.")
def forgets_the_negatives_in_dv(v, U, context, negatives):
    loss, _, dU = sampled(v, U, context, negatives)
    return loss, -np.exp(-np.logaddexp(0, U[context] @ v)) * U[context], dU


@negative_sampling_loss.mistake("The negatives are averaged: each of them counts in full.")
def averages_the_negatives(v, U, context, negatives):
    return sampled(v, U, context, negatives, weight=1 / len(negatives))


@negative_sampling_loss.mistake("Both gradients point the other way.")
def turns_the_gradients(v, U, context, negatives):
    loss, dv, dU = sampled(v, U, context, negatives)
    return loss, -dv, -dU


@negative_sampling_loss.mistake(
    "In the gradients stands the slope of σ, σ(1 − σ): of −log σ one of the two factors cancels."
)
def takes_the_slope_of_the_sigmoid(v, U, context, negatives):
    return sampled(v, U, context, negatives, slope=lambda s: -np.exp(-np.logaddexp(0, s) - np.logaddexp(0, -s)))


@negative_sampling_loss.mistake("Large products break: σ becomes 0 to the last digit, and its logarithm is not finite.")
def takes_the_logarithm_of_zero(v, U, context, negatives):
    _, dv, dU = sampled(v, U, context, negatives)
    with np.errstate(all="ignore"):
        right, wrong = 1 / (1 + np.exp(-U[context] @ v)), 1 / (1 + np.exp(U[negatives] @ v))
        return -np.log(right) - np.log(wrong).sum(), dv, dU


@negative_sampling_loss.mistake(
    "The softmax over the drawn words is taken: negative sampling asks a yes or no of each pair by itself."
)
def takes_a_softmax(v, U, context, negatives):
    rows = np.concatenate([[context], negatives])
    u = U[rows] @ v
    p = np.exp(u - u.max()) / np.exp(u - u.max()).sum()
    g = p - (np.arange(len(rows)) == 0)
    dU = np.zeros_like(U)
    np.add.at(dU, rows, np.outer(g, v))
    return u.max() + np.log(np.exp(u - u.max()).sum()) - u[0], g @ U[rows], dU


@negative_sampling_loss.mistake(
    "The context's part of the gradients has σ where σ − 1 belongs: the loss falls as its product grows."
)
def pushes_the_context(v, U, context, negatives):
    loss, dv, dU = sampled(v, U, context, negatives)
    dU[context] += v
    return loss, dv + U[context], dU


@negative_sampling_loss.mistake(
    "dU has a row for each word that was drawn, in the order of the draws: it has the shape of U."
)
def returns_the_drawn_rows(v, U, context, negatives):
    loss, dv, _ = sampled(v, U, context, negatives)
    u = U[np.concatenate([[context], negatives])] @ v
    return loss, dv, np.outer(np.exp(-np.logaddexp(0, -u)) - (np.arange(len(u)) == 0), v)
