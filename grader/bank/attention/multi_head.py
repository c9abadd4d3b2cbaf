"""Multi-head attention, forward and backward."""

from __future__ import annotations

import numpy as np

from grader.bank.attention.words import (
    apart,
    attend,
    dot_backward,
    masks,
    of_heads,
    projection,
    softmax,
    swapped,
    together,
)
from grader.bank.forms import backward_pass, forward_pass
from grader.judging import Invariant, array, drawn, optional

# -------------------------------------------------------------------------------------- multi-head
HEADS = {
    "x": array("N", "T", "D"),
    "Wq": projection(("D",), ("H", "d_k")),
    "Wk": projection(("D",), ("H", "d_k")),
    "Wv": projection(("D",), ("H", "d_v")),
    "Wo": projection(("H", "d_v"), ("D",)),
    "heads": drawn(lambda m: of_heads(m, "H")),
    "mask": optional(masks("N", "T", "T")),
}
PLACES = {
    "dx": ("sequence", "token", "feature"),
    "dWq": ("input", "column"),
    "dWk": ("input", "column"),
    "dWv": ("input", "column"),
    "dWo": ("row", "output"),
}
multi_head_forward = forward_pass(
    "attention.multi_head_forward", HEADS, points=4, places={"out": ("sequence", "token", "feature")}
)


def passed(x, Wq, Wk, Wv, Wo, heads, mask, split=apart, merge=together, weigh=None):
    """Return out and cache of multi-head attention; ``split``, ``merge`` and ``weigh(Q, K)``, the scores, may be others."""
    Q, K, V = (split(x @ W, heads) for W in (Wq, Wk, Wv))
    S = Q @ swapped(K) / np.sqrt(K.shape[-1]) if weigh is None else weigh(Q, K)
    A = softmax(S, None if mask is None else mask[:, None])
    return merge(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)


@multi_head_forward.mistake(
    "The heads are split by a reshape alone: head 0 works with the first tokens, and not with the first columns of all tokens."
)
def splits_by_a_reshape(x, Wq, Wk, Wv, Wo, heads, mask=None):
    def split(x, heads):
        return x.reshape(x.shape[0], heads, x.shape[1], -1)

    return passed(x, Wq, Wk, Wv, Wo, heads, mask, split, lambda y: y.reshape(x.shape[0], x.shape[1], -1))


@multi_head_forward.mistake(
    "The heads are split by a reshape alone, and merged as they should be: head 0 works with the first tokens."
)
def splits_otherwise_than_it_merges(x, Wq, Wk, Wv, Wo, heads, mask=None):
    return passed(x, Wq, Wk, Wv, Wo, heads, mask, lambda y, H: y.reshape(y.shape[0], H, y.shape[1], -1))


@multi_head_forward.mistake("The heads are merged by a reshape alone: their outputs land at other tokens.")
def merges_by_a_reshape(x, Wq, Wk, Wv, Wo, heads, mask=None):
    return passed(x, Wq, Wk, Wv, Wo, heads, mask, merge=lambda y: y.reshape(x.shape[0], x.shape[1], -1))


@multi_head_forward.mistake("The scores of a head are divided by the root of H·d_k: a head works with d_k features.")
def scales_by_all_heads(x, Wq, Wk, Wv, Wo, heads, mask=None):
    return passed(x, Wq, Wk, Wv, Wo, heads, mask, weigh=lambda Q, K: Q @ swapped(K) / np.sqrt(K.shape[-1] * heads))


@multi_head_forward.mistake(
    "The scores of a head are divided by the root of D, the features of x: a head works with d_k."
)
def scales_by_the_features_of_x(x, Wq, Wk, Wv, Wo, heads, mask=None):
    return passed(x, Wq, Wk, Wv, Wo, heads, mask, weigh=lambda Q, K: Q @ swapped(K) / np.sqrt(x.shape[-1]))


@multi_head_forward.mistake("The scores are not divided by √d_k.")
def forgets_the_scale_of_heads(x, Wq, Wk, Wv, Wo, heads, mask=None):
    return passed(x, Wq, Wk, Wv, Wo, heads, mask, weigh=lambda Q, K: Q @ swapped(K))


@multi_head_forward.mistake("There is one head here, of all features together: each head has weights of its own.")
def has_one_head(x, Wq, Wk, Wv, Wo, heads, mask=None):
    return passed(x, Wq, Wk, Wv, Wo, 1, mask)


@multi_head_forward.mistake("The mask is not used: all tokens are seen.")
def ignores_the_mask_of_heads(x, Wq, Wk, Wv, Wo, heads, mask=None):
    return passed(x, Wq, Wk, Wv, Wo, heads, None)


@multi_head_forward.mistake("The keys are made with Wq: they have weights of their own.")
def makes_keys_of_queries(x, Wq, Wk, Wv, Wo, heads, mask=None):
    return passed(x, Wq, Wq, Wv, Wo, heads, mask)


@multi_head_forward.mistake(
    "Columns are dealt out to the heads in turn: a head works with a block of columns that stand side by side."
)
def deals_out_the_columns(x, Wq, Wk, Wv, Wo, heads, mask=None):
    def split(x, heads):
        return np.moveaxis(x.reshape(*x.shape[:2], -1, heads), 3, 1)

    return passed(
        x, Wq, Wk, Wv, Wo, heads, mask, split, lambda y: np.moveaxis(y, 1, 3).reshape(x.shape[0], x.shape[1], -1)
    )


@multi_head_forward.mistake(
    "Within a head the softmax runs over the queries: the weights of a key add up to 1, not those of a query."
)
def normalises_heads_over_queries(x, Wq, Wk, Wv, Wo, heads, mask=None):
    Q, K, V = (apart(x @ W, heads) for W in (Wq, Wk, Wv))
    A = softmax(Q @ swapped(K) / np.sqrt(K.shape[-1]), None if mask is None else mask[:, None], axis=-2)
    return together(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)


def weighed(x, Wq, Wk, Wv, Wo, heads, weights):
    """Return out and cache of multi-head attention with ``weights(S)`` of all heads."""
    Q, K, V = (apart(x @ W, heads) for W in (Wq, Wk, Wv))
    A = weights(Q @ swapped(K) / np.sqrt(K.shape[-1]))
    return together(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)


@multi_head_forward.mistake("The mask holds in the first head alone: it is the same for all.")
def masks_the_first_head(x, Wq, Wk, Wv, Wo, heads, mask=None):
    first = np.arange(heads)[:, None, None] == 0
    return weighed(x, Wq, Wk, Wv, Wo, heads, lambda S: softmax(S, None if mask is None else mask[:, None] | ~first))


@multi_head_forward.mistake("The weights are masked after the softmax: those that are left do not add up to 1.")
def masks_heads_after_the_softmax(x, Wq, Wk, Wv, Wo, heads, mask=None):
    return weighed(x, Wq, Wk, Wv, Wo, heads, lambda S: softmax(S) * (1 if mask is None else mask[:, None]))


@multi_head_forward.mistake(
    "A token that may see nothing gets the mean of all values: a large negative score is harmless only beside others that are not."
)
def averages_heads_that_see_nothing(x, Wq, Wk, Wv, Wo, heads, mask=None):
    def weights(S):
        A = softmax(S, None if mask is None else mask[:, None])
        return A if mask is None else np.where(mask.any(axis=2)[:, None, :, None], A, 1 / S.shape[-1])

    return weighed(x, Wq, Wk, Wv, Wo, heads, weights)


@multi_head_forward.mistake(
    "The softmax runs over the heads: the weights of each head by itself add up to 1 over the tokens."
)
def normalises_over_heads(x, Wq, Wk, Wv, Wo, heads, mask=None):
    return weighed(x, Wq, Wk, Wv, Wo, heads, lambda S: softmax(S, axis=1) * (1 if mask is None else mask[:, None]))


@multi_head_forward.mistake("All heads look where the first one looks: each has weights of its own.")
def looks_as_the_first_head(x, Wq, Wk, Wv, Wo, heads, mask=None):
    def weights(S):
        return np.repeat(softmax(S[:, :1], None if mask is None else mask[:, None]), heads, axis=1)

    return weighed(x, Wq, Wk, Wv, Wo, heads, weights)


@multi_head_forward.mistake("x is added to the output: that is the skip of a block, and no part of attention.")
def adds_a_skip(x, Wq, Wk, Wv, Wo, heads, mask=None):
    out, cache = passed(x, Wq, Wk, Wv, Wo, heads, mask)
    return x + out, cache


# ----------------------------------------------------------------------------- multi-head, backward
def scores_of_heads(inputs, outputs):
    pairs = [(outputs["d" + name] * inputs[name]).sum(axis=0) for name in ("Wq", "Wk")]
    q, k = (pair.reshape(inputs["heads"], -1).sum(axis=1) for pair in pairs)
    return q - k


def values_of_heads(inputs, outputs):
    v = (outputs["dWv"] * inputs["Wv"]).sum(axis=0)
    return v - (outputs["dWo"] * inputs["Wo"]).sum(axis=1)


INVARIANTS = (
    Invariant(
        "scores_of_heads",
        "In each head queries and keys meet in their products alone, so dWq times Wq and dWk times Wk add up to one number; "
        "yours differ.",
        scores_of_heads,
    ),
    Invariant(
        "values_of_heads",
        "A column of Wv acts through one row of Wo alone, so dWv times Wv and dWo times Wo add up to one number; yours differ.",
        values_of_heads,
    ),
)
multi_head_backward = backward_pass(
    "attention.multi_head_backward",
    HEADS,
    ("N", "T", "D"),
    points=6,
    outputs=("dx", "dWq", "dWk", "dWv", "dWo"),
    regimes=("randn", "odd", "small", "ties"),
    places=PLACES,
    invariants=INVARIANTS,
)


def summed(x, g):
    """Return the gradient of weights: the sum over sequences and tokens."""
    return np.einsum("nti,nto->io", x, g)


def gone_back(dout, cache, split=apart, merge=together, through=dot_backward, paths=(1, 1, 1), total=summed):
    """Return the gradients of multi-head attention; the functions may be others, ``paths`` are the factors of dx's three terms."""
    x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
    heads = A.shape[1]
    parts = [merge(g) for g in through(split(dout @ Wo.T, heads), Q, K, V, A)]
    dx = sum(f * (g @ W.T) for f, g, W in zip(paths, parts, (Wq, Wk, Wv), strict=True))
    return dx, *(total(x, g) for g in parts), total(merge(A @ V), dout)


@multi_head_backward.mistake(
    "dx has the path through the queries alone: x is read three times, and the three paths add up."
)
def follows_the_queries_alone(dout, cache):
    return gone_back(dout, cache, paths=(1, 0, 0))


@multi_head_backward.mistake(
    "dx has the path through the values alone: x is read three times, and the three paths add up."
)
def follows_the_values_alone(dout, cache):
    return gone_back(dout, cache, paths=(0, 0, 1))


@multi_head_backward.mistake("dx lacks the path through the values: x is read three times, and the three paths add up.")
def forgets_the_path_of_the_values(dout, cache):
    return gone_back(dout, cache, paths=(1, 1, 0))


@multi_head_backward.mistake(
    "The scale of the scores is lost on the way back: what comes through them is √d_k times too large."
)
def loses_the_scale_of_heads(dout, cache):
    def through(dout, Q, K, V, A):
        dQ, dK, dV = dot_backward(dout, Q, K, V, A)
        return dQ * np.sqrt(K.shape[-1]), dK * np.sqrt(K.shape[-1]), dV

    return gone_back(dout, cache, through=through)


@multi_head_backward.mistake(
    "dWq and dWk are too small: they are scaled by the root of all H·d_k columns, and a head has d_k."
)
def scales_heads_by_all(dout, cache):
    def through(dout, Q, K, V, A):
        dQ, dK, dV = dot_backward(dout, Q, K, V, A)
        return dQ / np.sqrt(Q.shape[1]), dK / np.sqrt(Q.shape[1]), dV

    return gone_back(dout, cache, through=through)


@multi_head_backward.mistake(
    "What comes through the scores is divided by the root of D, the features of x: a head works with d_k."
)
def scales_back_by_the_features(dout, cache):
    def through(dout, Q, K, V, A):
        dQ, dK, dV = dot_backward(dout, Q, K, V, A)
        factor = np.sqrt(K.shape[-1] / cache[0].shape[-1])
        return dQ * factor, dK * factor, dV

    return gone_back(dout, cache, through=through)


@multi_head_backward.mistake(
    "What comes back to the values goes the way of the forward pass, from keys to queries: the weights are not transposed."
)
def turns_no_weights(dout, cache):
    return gone_back(dout, cache, through=lambda d, Q, K, V, A: (*dot_backward(d, Q, K, V, A)[:2], A @ d))


@multi_head_backward.mistake(
    "What comes back to the keys is handed to the queries' places: the scores' gradient is not transposed."
)
def turns_no_scores(dout, cache):
    def through(dout, Q, K, V, A):
        dA = dout @ swapped(V)
        dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) / np.sqrt(K.shape[-1])
        return dS @ K, dS @ Q, swapped(A) @ dout

    return gone_back(dout, cache, through=through)


@multi_head_backward.mistake(
    "Only the diagonal of the softmax's Jacobian is there: one score moves all weights of its row."
)
def keeps_the_diagonal_in_heads(dout, cache):
    def through(dout, Q, K, V, A):
        dS = A * (1 - A) * (dout @ swapped(V)) / np.sqrt(K.shape[-1])
        return dS @ K, swapped(dS) @ Q, swapped(A) @ dout

    return gone_back(dout, cache, through=through)


@multi_head_backward.mistake(
    "On the way back the heads are split by a reshape alone: gradients of other tokens land in them."
)
def splits_gradients_by_a_reshape(dout, cache):
    def split(y, heads):
        return y.reshape(y.shape[0], heads, y.shape[1], -1)

    return *gone_back(dout, cache, split)[:4], gone_back(dout, cache)[4]


@multi_head_backward.mistake(
    "On the way back the heads are merged by a reshape alone: their gradients land at other tokens."
)
def merges_gradients_by_a_reshape(dout, cache):
    def merge(y):
        return y.reshape(y.shape[0], y.shape[2], -1)

    return *gone_back(dout, cache, merge=merge)[:4], gone_back(dout, cache)[4]


@multi_head_backward.mistake("A gradient of weights is averaged over the sequences: all paths to the loss add up.")
def averages_over_the_batch(dout, cache):
    return gone_back(dout, cache, total=lambda x, g: summed(x, g) / len(x))


@multi_head_backward.mistake("The gradients of the weights see the first sequence alone.")
def sees_the_first_sequence(dout, cache):
    return gone_back(dout, cache, total=lambda x, g: summed(x[:1], g[:1]))


@multi_head_backward.mistake("The mask is forgotten on the way back: the weights were computed again, with all tokens.")
def sees_all_tokens_again(dout, cache):
    Q, K, V = cache[5:8]
    return gone_back(dout, (*cache[:8], attend(Q, K, V)[1]))
