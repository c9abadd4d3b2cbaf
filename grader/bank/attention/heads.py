"""Features split between heads, and merged again."""

from __future__ import annotations

import numpy as np

from grader.bank.attention.words import apart, together
from grader.bank.forms import plain
from grader.judging import array, drawn, styled

# ------------------------------------------------------------------------------------------ split
split_heads = plain(
    "attention.split_heads",
    {
        "x": drawn(lambda m: styled(m.recipe.style, m.rng, (m.size("N"), m.size("T"), m.size("H") * m.size("d")))),
        "heads": drawn(lambda m: m.size("H")),
    },
    ("out",),
    regimes=("randn", "odd"),
    places={"out": ("sequence", "head", "token", "feature")},
)


@split_heads.mistake(
    "The numbers are all there, but head 0 holds the first tokens, and not the first features of all tokens: "
    "a reshape alone reads the numbers in their old order."
)
def reshapes_for_a_transpose(x, heads):
    return x.reshape(x.shape[0], heads, x.shape[1], -1)


@split_heads.mistake("The features are dealt out to the heads in turn: a head gets d of them that stand side by side.")
def deals_out_the_features(x, heads):
    N, T, _ = x.shape
    return np.moveaxis(x.reshape(N, T, -1, heads), 3, 1)


@split_heads.mistake("The heads come after the tokens: their axis is to stand before that of the tokens.")
def leaves_the_heads_behind(x, heads):
    N, T, _ = x.shape
    return x.reshape(N, T, heads, -1)


@split_heads.mistake("All heads got the features of the first: each has a block of its own.")
def repeats_the_first_head(x, heads):
    return np.repeat(apart(x, heads)[:, :1], heads, axis=1)


@split_heads.mistake("``heads`` is taken for the size of a head: it is their number.")
def takes_the_number_for_the_size(x, heads):
    return apart(x, x.shape[-1] // heads)


merge_heads = plain(
    "attention.merge_heads",
    {"x": array("N", "H", "T", "d")},
    ("out",),
    1,
    regimes=("randn", "odd"),
    places={"out": ("sequence", "token", "feature")},
)


@merge_heads.mistake(
    "The numbers are all there, but the first tokens hold head 0: a reshape alone reads the numbers in their old order."
)
def reshapes_the_heads_away(x):
    return x.reshape(x.shape[0], x.shape[2], -1)


@merge_heads.mistake("The features of the heads alternate: all of one head's stand side by side.")
def interleaves_the_heads(x):
    return np.moveaxis(x, 1, 3).reshape(x.shape[0], x.shape[2], -1)


@merge_heads.mistake("The heads are added up: they are put side by side, and out has H·d features.")
def adds_up_the_heads(x):
    return x.sum(axis=1)


@merge_heads.mistake("The heads come in reverse order.")
def merges_from_the_end(x):
    return together(x[:, ::-1])
