"""Scaled dot-product attention with a mask, forward and backward."""

from __future__ import annotations

import numpy as np

from grader.bank.attention.words import attend, dot_backward, masks, softmax, swapped
from grader.bank.forms import backward_pass, forward_pass
from grader.judging import Invariant, array, optional

ATTENTION = {
    "Q": array("N", "T_q", "d_k"),
    "K": array("N", "T_k", "d_k"),
    "V": array("N", "T_k", "d_v"),
    "mask": optional(masks("N", "T_q", "T_k")),
}
PLACES = {
    "dQ": ("sequence", "query", "feature"),
    "dK": ("sequence", "key", "feature"),
    "dV": ("sequence", "key", "feature"),
}


# --------------------------------------------------------------------------------------- forward
def beyond_the_values(inputs, outputs):
    out, V, mask = outputs["out"], inputs["V"], inputs["mask"]
    seen = np.ones(out.shape[:2]) if isinstance(mask, str) else mask.any(axis=2)
    high, low = V.max(axis=1, keepdims=True), V.min(axis=1, keepdims=True)
    return (np.maximum(out - high, 0) + np.maximum(low - out, 0)) * seen[:, :, None]


attention_forward = forward_pass(
    "attention.attention_forward",
    ATTENTION,
    points=3,
    places={"out": ("sequence", "query", "feature")},
    invariants=(
        Invariant(
            "means_of_values",
            "An output is a weighted mean of the values, and lies between the smallest and the largest of them; yours does not.",
            beyond_the_values,
        ),
    ),
)


def weighted(A, Q, K, V):
    """Return what a forward pass with these weights returns."""
    return A @ V, (Q, K, V, A)


def scores(Q, K):
    return Q @ swapped(K) / np.sqrt(K.shape[-1])


@attention_forward.mistake("The scores are not divided by √d_k.")
def forgets_the_scale(Q, K, V, mask=None):
    return weighted(softmax(Q @ swapped(K), mask), Q, K, V)


@attention_forward.mistake("The scores are divided by d_k, and not by its root.")
def divides_by_the_width(Q, K, V, mask=None):
    return weighted(softmax(Q @ swapped(K) / K.shape[-1], mask), Q, K, V)


@attention_forward.mistake(
    "The scores are divided by the root of the number of features of the values: it is that of the keys."
)
def scales_by_the_values(Q, K, V, mask=None):
    return weighted(softmax(Q @ swapped(K) / np.sqrt(V.shape[-1]), mask), Q, K, V)


@attention_forward.mistake("The scores are divided by the root of the number of keys: it is that of their features.")
def scales_by_the_number_of_keys(Q, K, V, mask=None):
    return weighted(softmax(Q @ swapped(K) / np.sqrt(K.shape[1]), mask), Q, K, V)


@attention_forward.mistake(
    "The score of a masked key is set to 0, which is a score like any other: such a key is still seen."
)
def masks_with_zero(Q, K, V, mask=None):
    S = scores(Q, K)
    return weighted(softmax(S if mask is None else np.where(mask, S, 0.0)), Q, K, V)


@attention_forward.mistake("The weights are masked after the softmax: those that are left do not add up to 1.")
def masks_after_the_softmax(Q, K, V, mask=None):
    A = softmax(scores(Q, K))
    return weighted(A if mask is None else A * mask, Q, K, V)


@attention_forward.mistake(
    "The softmax runs over the queries: the weights of a key add up to 1, and not those of a query."
)
def normalises_over_queries(Q, K, V, mask=None):
    return weighted(softmax(scores(Q, K), mask, axis=-2), Q, K, V)


@attention_forward.mistake("The mask is not used: all keys are seen.")
def ignores_the_mask(Q, K, V, mask=None):
    return weighted(softmax(scores(Q, K)), Q, K, V)


@attention_forward.mistake("What the mask allows is hidden, and the rest is seen: True means that a key may be seen.")
def turns_the_mask_around(Q, K, V, mask=None):
    return weighted(softmax(scores(Q, K), None if mask is None else ~mask), Q, K, V)


@attention_forward.mistake(
    "A query that may see no key gets the mean of all values: a large negative score is harmless only beside others that are not.",
)
def averages_where_nothing_is_seen(Q, K, V, mask=None):
    A = softmax(scores(Q, K), mask)
    if mask is not None:
        A = np.where(mask.any(axis=2, keepdims=True), A, 1 / K.shape[1])
    return weighted(A, Q, K, V)


@attention_forward.mistake(
    "A query that may see no key sees all of them: a large number that is taken from every score of a row changes no weight."
)
def takes_the_same_from_all(Q, K, V, mask=None):
    S = scores(Q, K)
    return weighted(softmax(S if mask is None else S + (1 - mask) * -1e9), Q, K, V)


@attention_forward.mistake("A query that may see no key gets no number: its row is divided by a sum that is 0.")
def divides_by_nothing(Q, K, V, mask=None):
    A = softmax(scores(Q, K), mask)
    if mask is not None:
        A = np.where(mask.any(axis=2, keepdims=True), A, np.nan)
    return weighted(A, Q, K, V)


@attention_forward.mistake("Large scores leave the range of floats under exp, and the weights break.")
def overflows(Q, K, V, mask=None):
    with np.errstate(all="ignore"):
        E = np.exp(scores(Q, K))
        E = E if mask is None else np.where(mask, E, 0.0)
        total = E.sum(axis=-1, keepdims=True)
        return weighted(E / np.where(total == 0, 1.0, total), Q, K, V)


@attention_forward.mistake("Large scores leave the range of floats under exp, hidden ones too, and the weights break.")
def overflows_behind_the_mask(Q, K, V, mask=None):
    with np.errstate(all="ignore"):
        E = np.exp(scores(Q, K)) * (1 if mask is None else mask)
        total = E.sum(axis=-1, keepdims=True)
        return weighted(E / np.where(total == 0, 1.0, total), Q, K, V)


@attention_forward.mistake(
    "One maximum is taken away from all scores of the batch: a row whose own scores are far below it vanishes."
)
def shares_one_maximum(Q, K, V, mask=None):
    S = scores(Q, K)
    E = np.exp(S - S.max()) * (1 if mask is None else mask)
    total = E.sum(axis=-1, keepdims=True)
    return weighted(E / np.where(total == 0, 1.0, total), Q, K, V)


@attention_forward.mistake("The mask of the first sequence is used for all of them: each has its own.")
def uses_the_first_mask(Q, K, V, mask=None):
    return weighted(softmax(scores(Q, K), None if mask is None else mask[:1]), Q, K, V)


@attention_forward.mistake("Without a mask the later keys are hidden: every query sees every key then.")
def is_always_causal(Q, K, V, mask=None):
    S = scores(Q, K)
    return weighted(softmax(S, np.tril(np.ones(S.shape, dtype=bool)) if mask is None else mask), Q, K, V)


# -------------------------------------------------------------------------------------- backward
def moves_all_keys(inputs, outputs):
    return outputs["dK"].sum(axis=1)


def scores_alone(inputs, outputs):
    return (outputs["dQ"] * inputs["Q"]).sum(axis=(1, 2)) - (outputs["dK"] * inputs["K"]).sum(axis=(1, 2))


def shares_all(inputs, outputs):
    dout, mask = inputs["dout"], inputs["mask"]
    seen = np.ones(dout.shape[:2]) if isinstance(mask, str) else mask.any(axis=2)
    return outputs["dV"].sum(axis=1) - (dout * seen[:, :, None]).sum(axis=1)


attention_backward = backward_pass(
    "attention.attention_backward",
    ATTENTION,
    ("N", "T_q", "d_v"),
    points=6,
    outputs=("dQ", "dK", "dV"),
    places=PLACES,
    invariants=(
        Invariant(
            "moves_all_keys",
            "One vector added to all keys changes no weight, so dK adds up to 0 over the keys; yours does not.",
            moves_all_keys,
        ),
        Invariant(
            "scores_alone",
            "Queries and keys meet in their products alone, so dQ times Q and dK times K add up to one number; yours differ.",
            scores_alone,
        ),
        Invariant(
            "shares_all",
            "Weights share out all of what comes from above, so dV adds up to dout over the queries that see; yours does not.",
            shares_all,
        ),
    ),
)


def from_scores(dS, dout, cache):
    """Return the gradients that follow from dS and the weights."""
    Q, K, _, A = cache
    return dS @ K, swapped(dS) @ Q, swapped(A) @ dout


def coupled(dout, cache):
    """Return dS before the scale."""
    _, _, V, A = cache
    dA = dout @ swapped(V)
    return A * (dA - (dA * A).sum(axis=-1, keepdims=True))


@attention_backward.mistake(
    "The scale of the scores is part of their slope: without it a gradient comes out √d_k times too large."
)
def loses_the_scale(dout, cache):
    return from_scores(coupled(dout, cache), dout, cache)


@attention_backward.mistake("The scale comes in twice: d_k divides, and not its root.")
def divides_twice(dout, cache):
    return from_scores(coupled(dout, cache) / cache[1].shape[-1], dout, cache)


@attention_backward.mistake(
    "On the way back the scores are divided by the root of the number of features of the values: it is that of the keys."
)
def scales_back_by_the_values(dout, cache):
    return from_scores(coupled(dout, cache) / np.sqrt(cache[2].shape[-1]), dout, cache)


@attention_backward.mistake(
    "Only the diagonal of the softmax's Jacobian is there, and rows of dS do not add up to 0: one score moves all weights."
)
def keeps_the_diagonal(dout, cache):
    _, K, V, A = cache
    return from_scores(A * (1 - A) * (dout @ swapped(V)) / np.sqrt(K.shape[-1]), dout, cache)


@attention_backward.mistake(
    "dS is the weights times dA: that raising one score lowers the other weights of its row is not in it."
)
def forgets_the_coupling(dout, cache):
    _, K, V, A = cache
    return from_scores(A * (dout @ swapped(V)) / np.sqrt(K.shape[-1]), dout, cache)


@attention_backward.mistake(
    "The softmax's Jacobian couples the queries of one key here: it couples the keys of one query."
)
def couples_the_queries(dout, cache):
    _, K, V, A = cache
    dA = dout @ swapped(V)
    return from_scores(A * (dA - (dA * A).sum(axis=-2, keepdims=True)) / np.sqrt(K.shape[-1]), dout, cache)


@attention_backward.mistake("dA is handed on as if there were no softmax between the weights and the scores.")
def skips_the_softmax(dout, cache):
    _, K, V, _ = cache
    return from_scores(dout @ swapped(V) / np.sqrt(K.shape[-1]), dout, cache)


@attention_backward.mistake("The coupling within a row is added, where it takes away.")
def adds_the_coupling(dout, cache):
    _, K, V, A = cache
    dA = dout @ swapped(V)
    return from_scores(A * (dA + (dA * A).sum(axis=-1, keepdims=True)) / np.sqrt(K.shape[-1]), dout, cache)


@attention_backward.mistake(
    "dV is scaled by 1/√d_k as well: the values come in after the softmax, where no scale is left."
)
def scales_the_values_too(dout, cache):
    Q, K, V, A = cache
    dQ, dK, dV = dot_backward(dout, Q, K, V, A)
    return dQ, dK, dV / np.sqrt(K.shape[-1])


@attention_backward.mistake("What comes back through the scores points the other way.")
def turns_the_scores(dout, cache):
    dQ, dK, dV = dot_backward(dout, *cache)
    return -dQ, -dK, dV


@attention_backward.mistake("dV does not use the weights: it gives each key all that comes from above.")
def gives_all_to_each_key(dout, cache):
    Q, K, V, A = cache
    dQ, dK, _ = dot_backward(dout, Q, K, V, A)
    return dQ, dK, np.ones_like(swapped(A)) @ dout


@attention_backward.mistake("All sequences got the gradients of the first: each has its own queries, keys and values.")
def uses_the_first_sequence(dout, cache):
    first = dot_backward(dout[:1], *(x[:1] for x in cache))
    return tuple(np.repeat(g, len(dout), axis=0) for g in first)


@attention_backward.mistake("The mask is forgotten on the way back: the weights were computed again, with all keys.")
def sees_all_keys_again(dout, cache):
    Q, K, V, _ = cache
    return dot_backward(dout, Q, K, V, attend(Q, K, V)[1])
