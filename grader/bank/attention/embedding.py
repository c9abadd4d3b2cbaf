"""Embedding lookup, forward and backward: each use of a row adds to its gradient."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.judging import Invariant, array, drawn

KINDS = ("i8", "i4", "u8", "i1", "i2", "u4", "u1", "u2")
"""The dtypes of tokens, by the recipe's seed."""


def tokens(m):
    """Draw tokens (N, T), in all integer dtypes in turn; the number of words comes third."""
    N, T = m.size("N"), m.size("T")
    return m.rng.integers(0, m.size("V"), (N, T)).astype(KINDS[m.recipe.seed % len(KINDS)])


LOOKUP = {"x": drawn(tokens), "W": array("V", "D")}

# --------------------------------------------------------------------------------------- forward
word_embedding_forward = forward_pass(
    "attention.word_embedding_forward", LOOKUP, points=1, places={"out": ("sequence", "token", "feature")}
)


@word_embedding_forward.mistake("The output is scaled by √D, which is part of some models and not of the lookup.")
def scales_by_the_root(x, W):
    return W[x] * np.sqrt(W.shape[1]), (x, W)


@word_embedding_forward.mistake("The rows are counted from the end of W: token 0 got the last one.")
def counts_from_the_end(x, W):
    return W[::-1][x.astype(int)], (x, W)


@word_embedding_forward.mistake("All sequences got the words of the first: each row of x is a sequence of its own.")
def reads_the_first_sequence(x, W):
    return np.broadcast_to(W[x[0]], (*x.shape, W.shape[1])).copy(), (x, W)


@word_embedding_forward.mistake(
    "The vectors of a sequence are added up: each token keeps a vector of its own, and out has three axes."
)
def adds_up_a_sequence(x, W):
    return W[x].sum(axis=1), (x, W)


# -------------------------------------------------------------------------------------- backward
def nothing_is_lost(inputs, outputs):
    return outputs["dW"].sum(axis=0) - inputs["dout"].sum(axis=(0, 1))


word_embedding_backward = backward_pass(
    "attention.word_embedding_backward",
    LOOKUP,
    ("N", "T", "D"),
    outputs=("dW",),
    places={"dW": ("word", "feature")},
    invariants=(
        Invariant(
            "nothing_is_lost",
            "The rows of dW add up to what came from above, over all tokens; yours do not.",
            nothing_is_lost,
        ),
    ),
)


@word_embedding_backward.mistake(
    "A token that comes twice has the gradient of one of its places only: an assignment overwrites what was there before."
)
def overwrites_repeated_tokens(dout, cache):
    x, W = cache
    dW = np.zeros_like(W)
    dW[x] = dout
    return dW


@word_embedding_backward.mistake(
    "Within a sequence a token that comes twice counts once: += with an array of indices writes each row once.",
)
def overwrites_within_a_sequence(dout, cache):
    x, W = cache
    dW = np.zeros_like(W)
    for n in range(len(x)):
        dW[x[n]] += dout[n]
    return dW


@word_embedding_backward.mistake("The gradients of a word are averaged over its places: paths to the loss add up.")
def averages_over_places(dout, cache):
    x, W = cache
    dW = np.zeros_like(W)
    np.add.at(dW, x, dout)
    return dW / np.maximum(np.bincount(x.ravel().astype(int), minlength=len(W)), 1)[:, None]


@word_embedding_backward.mistake(
    "The gradient is averaged over the sequences. Nothing is averaged here: paths to the loss add up."
)
def averages_over_sequences(dout, cache):
    x, W = cache
    dW = np.zeros_like(W)
    np.add.at(dW, x, dout)
    return dW / len(x)


@word_embedding_backward.mistake("The vectors of W are multiplied in: a lookup only copies them, and its slope is 1.")
def multiplies_by_the_vectors(dout, cache):
    x, W = cache
    dW = np.zeros_like(W)
    np.add.at(dW, x, dout)
    return dW * W


@word_embedding_backward.mistake(
    "dW ends with the largest token that comes: it has a row for each word of W, also for those that do not come."
)
def ends_with_the_largest_token(dout, cache):
    x, _ = cache
    dW = np.zeros((int(x.max()) + 1, dout.shape[-1]))
    np.add.at(dW, x, dout)
    return dW
