"""The negative log-likelihood of sequences, with a mask; and a prediction of it."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import loss, prediction
from grader.judging import Invariant, array, drawn


def tokens(m):
    """Draw labels (N, T), of all integer dtypes in turn."""
    kinds = ("i8", "i4", "u8", "i1", "i2", "u4", "u1", "u2")
    drawn_ = m.rng.integers(0, m.size("V"), (m.size("N"), m.size("T")))
    return drawn_.astype(kinds[m.recipe.seed % len(kinds)])


def which_count(m):
    """Draw the steps that count, in most cases those before each sequence's end; of one sequence in some cases none."""
    N, T = m.size("N"), m.size("T")
    mask = m.rng.random((N, T)) < 0.6 if m.recipe.seed % 3 == 2 else np.arange(T) < m.rng.integers(1, T + 1, N)[:, None]
    if m.recipe.seed % 2:
        mask[m.rng.integers(0, N)] = False
    elif not mask.any():
        mask[0, 0] = True
    return mask


def sums_over_tokens(inputs, outputs):
    """Return the sums of dx over the tokens, one for each step."""
    return outputs["dx"].sum(axis=2)


def where_the_mask_is_off(inputs, outputs):
    """Return dx at the steps that do not count, and 0 elsewhere."""
    return outputs["dx"] * ~inputs["mask"][:, :, None]


temporal_softmax_loss = loss(
    "recurrent.temporal_softmax_loss",
    {"x": array("N", "T", "V"), "y": drawn(tokens), "mask": drawn(which_count)},
    places={"dx": ("example", "step", "token")},
    invariants=(
        Invariant("tokens_sum_to_zero", "At each step dx sums to 0 over the tokens; yours does not.", sums_over_tokens),
        Invariant("masked_is_zero", "Where the mask is off dx is 0; yours is not.", where_the_mask_is_off),
    ),
)


def parts(x, y, axis=2):
    """Return the negative log-likelihoods (N, T), and probabilities less one-hot labels."""
    top = x.max(axis=axis, keepdims=True)
    logp = x - top - np.log(np.exp(x - top).sum(axis=axis, keepdims=True))
    right = y.astype(int)[:, :, None]
    error = np.exp(logp)
    np.put_along_axis(error, right, np.take_along_axis(error, right, 2) - 1, 2)
    return -np.take_along_axis(logp, right, 2)[:, :, 0], error


@temporal_softmax_loss.mistake("It is divided by T as well: a sum over the steps is asked, a mean over the sequences.")
def averages_over_time(x, y, mask):
    nll, error = parts(x, y)
    return (nll * mask).sum() / mask.size, error * mask[:, :, None] / mask.size


@temporal_softmax_loss.mistake(
    "It is divided by how many steps count: a sum over the steps is asked, a mean over the sequences."
)
def averages_over_what_counts(x, y, mask):
    nll, error = parts(x, y)
    count = max(1, mask.sum())
    return (nll * mask).sum() / count, error * mask[:, :, None] / count


@temporal_softmax_loss.mistake(
    "It is divided by how many steps count, which may be none: a sum over the steps is asked, a mean over the sequences."
)
def divides_by_what_counts(x, y, mask):
    nll, error = parts(x, y)
    count = np.float64(mask.sum())
    return (nll * mask).sum() / count, error * mask[:, :, None] / count


@temporal_softmax_loss.mistake(
    "Each sequence is divided by how many of its steps count: a sum over the steps is asked."
)
def averages_each_sequence(x, y, mask):
    nll, error = parts(x, y)
    share = mask / np.maximum(mask.sum(axis=1, keepdims=True), 1) / len(x)
    return (nll * share).sum(), error * share[:, :, None]


@temporal_softmax_loss.mistake("The sequences are summed: their mean is asked.")
def sums_over_sequences(x, y, mask):
    nll, error = parts(x, y)
    return (nll * mask).sum(), error * mask[:, :, None]


@temporal_softmax_loss.mistake("Steps that do not count have their say here.")
def ignores_the_mask(x, y, mask):
    nll, error = parts(x, y)
    return nll.sum() / len(x), error / len(x)


@temporal_softmax_loss.mistake(
    "The softmax runs over the steps: at each step there is one distribution over the tokens."
)
def normalises_over_time(x, y, mask):
    nll, error = parts(x, y, axis=1)
    return (nll * mask).sum() / len(x), error * mask[:, :, None] / len(x)


@temporal_softmax_loss.mistake("Large scores leave the range of floats under exp, and the loss breaks.")
def overflows(x, y, mask):
    n, t = np.indices(y.shape)
    p = np.exp(x) / np.exp(x).sum(axis=2, keepdims=True)
    dx = p.copy()
    dx[n, t, y] -= 1
    return -(np.log(p[n, t, y]) * mask).sum() / len(x), dx * mask[:, :, None] / len(x)


@temporal_softmax_loss.mistake(
    "The scores of steps that do not count are set to 0 first: those steps still cost log V each."
)
def masks_the_scores(x, y, mask):
    nll, error = parts(x * mask[:, :, None], y)
    return nll.sum() / len(x), error * mask[:, :, None] / len(x)


@temporal_softmax_loss.mistake(
    "One maximum is taken off all scores: at a step whose scores lie far below it, exp gives 0 for each, and the loss breaks.",
    hidden="it shows only where scores of two steps are some 745 apart, which those of no example are",
)
def takes_one_maximum(x, y, mask):
    N, T, V = x.shape
    top = x.max()
    logp = (x - top - np.log(np.exp(x - top).sum(axis=2, keepdims=True))).reshape(N * T, V)
    rows, labels, counts = np.arange(N * T), y.reshape(-1), mask.reshape(-1)
    dx = np.exp(logp)
    dx[rows, labels] -= 1
    return -(counts * logp[rows, labels]).sum() / N, (dx * counts[:, None] / N).reshape(N, T, V)


predict_first_loss = prediction(
    "recurrent.predict_first_loss",
    {
        2.0794415416798357: "That is the loss of one step. It is summed over the steps.",
        103.97207708399179: "That is the sum over the sequences: the loss is their mean.",
        0.0: "A model that knows nothing gives each token the probability 1/8, and is not certain of the right one.",
        30.0: "That is the logarithm to the base 2, and the loss has the natural one.",
        10.397207708399179: "That is a mean over the steps and a sum over the sequences: it is the other way round.",
    },
    tolerance=5e-3,
)
