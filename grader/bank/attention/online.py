"""Attention in pieces: token by token with a cache of keys and values, and block by block with an online softmax."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.attention.words import softmax
from grader.bank.forms import plain
from grader.judging import Chain, Earlier, Plan, Steps, array, drawn, outputs_of, read_as, styled

NAMES = ("out", "past")


def token_by_token(asked, inputs):
    """Plan T calls, each with the past that the call before returned; the first one leaves it out if T is even.

    Where T is odd, the same tokens are read from the last to the first as a second batch, in turns with the first one.
    The steps are the rows of the inputs: what travels to students refers to rows.
    """
    T, calls = len(inputs["q"]), list[Any]()
    orders = [range(T)] if T % 2 == 0 else [range(T), range(T)[::-1]]
    for t in range(T):
        for order in orders:
            newest = (inputs[name][order[t]] for name in ("q", "k", "v"))
            past = (Earlier(len(calls) - len(orders), 1, NAMES),) if t else () if T % 2 == 0 else (None,)
            calls.append(asked.call(*newest, *past, keep=(1,)))
    return Plan(Chain(tuple(calls)), read_as(read_first, function=asked.own, names=NAMES, batches=len(orders)))


def read_first(*values, function, names, batches):
    """Read the outputs of the first batch."""
    return (Steps(outputs_of(value, len(names), function, names)[0] for value in values[::batches]),)


attend_with_cache = plain(
    "attention.attend_with_cache",
    {"q": array("T", "N", "d_k"), "k": array("T", "N", "d_k"), "v": array("T", "N", "d_v")},
    ("outs",),
    3,
    drive=token_by_token,
    places={"outs": ("step", "sequence", "feature")},
)


def kept(past, k, v):
    """Return the keys and values so far (N, t, d)."""
    if past is None:
        return k[:, None], v[:, None]
    return np.concatenate([past[0], k[:, None]], axis=1), np.concatenate([past[1], v[:, None]], axis=1)


def seen(q, keys, values, scale=None):
    s = np.einsum("nd,ntd->nt", q, keys) / (np.sqrt(q.shape[1]) if scale is None else scale)
    return np.einsum("nt,ntd->nd", softmax(s), values)


@attend_with_cache.mistake(
    "Each token sees itself alone: it is right at the first one, and nothing is kept for those after it."
)
def keeps_nothing(q, k, v, past=None):
    return seen(q, k[:, None], v[:, None]), None


@attend_with_cache.mistake(
    "The past holds the token before alone: the first two are right, and from the third on the older ones are missing."
)
def keeps_the_last_token(q, k, v, past=None):
    return seen(q, *kept(past, k, v)), (k[:, None], v[:, None])


@attend_with_cache.mistake("The newest token does not see itself: its own key and value come in before it looks.")
def looks_before_it_keeps(q, k, v, past=None):
    keys, values = kept(past, k, v)
    if past is None:
        return v.copy(), (keys, values)
    return seen(q, *past), (keys, values)


@attend_with_cache.mistake("The scores are not divided by √d_k.")
def forgets_the_scale_of_steps(q, k, v, past=None):
    keys, values = kept(past, k, v)
    return seen(q, keys, values, 1.0), (keys, values)


@attend_with_cache.mistake(
    "The scores are divided by the root of the number of tokens: it is that of the features of a key."
)
def scales_by_the_tokens(q, k, v, past=None):
    keys, values = kept(past, k, v)
    return seen(q, keys, values, np.sqrt(keys.shape[1])), (keys, values)


@attend_with_cache.mistake("The values are kept in another order than their keys.")
def keeps_values_the_other_way(q, k, v, past=None):
    keys, values = kept(past, k, v)
    return seen(q, keys, values[:, ::-1]), (keys, values)


@attend_with_cache.mistake(
    "The queries are kept in the place of the keys: of the tokens before, their keys are compared."
)
def keeps_the_queries(q, k, v, past=None):
    old = [] if past is None else past[0]
    queries = np.stack([*old, k], axis=1)
    values = v[:, None] if past is None else np.concatenate([past[1], v[:, None]], axis=1)
    return seen(q, queries, values), ([*old, q], values)


@attend_with_cache.mistake("The outputs are kept as values: what a token hands to those after it is its own value.")
def keeps_the_outputs(q, k, v, past=None):
    keys, values = kept(past, k, v)
    out = seen(q, keys, values)
    return out, (keys, np.concatenate([values[:, :-1], out[:, None]], axis=1))


@attend_with_cache.mistake("The keys of all sequences are kept in one table: a token sees those of its own sequence.")
def mixes_the_sequences(q, k, v, past=None):
    keys, values = (k, v) if past is None else (np.concatenate([past[0], k]), np.concatenate([past[1], v]))
    return softmax(q @ keys.T / np.sqrt(q.shape[1])) @ values, (keys, values)


@attend_with_cache.mistake("The weights add up to 1 over the sequences: they do so over the tokens of one.")
def normalises_over_the_batch(q, k, v, past=None):
    keys, values = kept(past, k, v)
    A = softmax(np.einsum("nd,ntd->nt", q, keys) / np.sqrt(q.shape[1]), axis=0)
    return np.einsum("nt,ntd->nd", A, values), (keys, values)


@attend_with_cache.mistake(
    "Sums over the tokens before are kept, made for the queries of then: each new query weighs all keys again."
)
def keeps_sums_of_earlier_queries(q, k, v, past=None):
    w = np.exp((q * k).sum(axis=1, keepdims=True) / np.sqrt(q.shape[1]))
    total, sums = (0.0, 0.0) if past is None else past
    return (sums + w * v) / (total + w), (total + w, sums + w * v)


ASIDE: dict[str, Any] = {}


@attend_with_cache.mistake(
    "Keys and values are kept outside of ``past``: if two batches are read in turns, each sees the other's."
)
def keeps_the_past_aside(q, k, v, past=None):
    ASIDE["past"] = kept(None if past is None else ASIDE["past"], k, v)
    return seen(q, *ASIDE["past"]), "aside"


# -------------------------------------------------------------------------------- online softmax
def below(m, s):
    """Return scores as they are, in each fifth case none of them above 0."""
    return s if m.recipe.seed % 5 else 0.0 - np.abs(s)


def before(m):
    """Return m, z and o as they are when the block comes: often nothing was seen, or nothing by some queries."""
    T, D = m.size("T"), m.size("D")
    rng = np.random.default_rng(m.recipe.seed)
    kind, blocks = m.recipe.seed % 4, 1 + m.recipe.seed % 3
    s = below(m, styled(m.recipe.style, rng, (T, 3 * blocks)))
    v = styled(m.recipe.style, rng, (3 * blocks, D))
    top = s.max(axis=1)
    e = np.exp(s - top[:, None])
    nothing = (
        np.zeros(T, dtype=bool) if kind in (0, 3) else np.ones(T, dtype=bool) if kind == 1 else rng.random(T) < 0.4
    )
    largest = np.where(nothing, -np.inf, top)
    return largest, np.where(nothing, 0.0, e.sum(axis=1)), np.where(nothing[:, None], 0.0, e @ v)


online_softmax_update = plain(
    "attention.online_softmax_update",
    {
        "m": drawn(lambda m: before(m)[0]),
        "z": drawn(lambda m: before(m)[1]),
        "o": drawn(lambda m: before(m)[2]),
        "s": drawn(lambda m: below(m, styled(m.recipe.style, m.rng, (m.size("T"), m.size("B"))))),
        "v": array("B", "D"),
    },
    ("next_m", "next_z", "next_o"),
    3,
    places={"next_m": ("query",), "next_z": ("query",), "next_o": ("query", "feature")},
)


def updated(m, z, o, s, v, shrink_z=True, shrink_o=True, turned=False):
    """Return the new m, z and o."""
    top = np.maximum(m, s.max(axis=1))
    with np.errstate(all="ignore"):
        shrink = np.exp(top - m) if turned else np.exp(m - top)
    e = np.exp(s - top[:, None])
    return (
        top,
        z * (shrink if shrink_z else 1.0) + e.sum(axis=1),
        o * (shrink[:, None] if shrink_o else 1.0) + e @ v,
    )


@online_softmax_update.mistake("The old o was made for the old maximum, and is added to the new one as it is.")
def forgets_to_shrink_the_output(m, z, o, s, v):
    return updated(m, z, o, s, v, shrink_o=False)


@online_softmax_update.mistake("The old z was made for the old maximum, and is added to the new one as it is.")
def forgets_to_shrink_the_sum(m, z, o, s, v):
    return updated(m, z, o, s, v, shrink_z=False)


@online_softmax_update.mistake(
    "The old sums grow where they shrink: the exponent has the two maxima the wrong way round."
)
def grows_the_old_sums(m, z, o, s, v):
    return updated(m, z, o, s, v, turned=True)


@online_softmax_update.mistake("What was seen before grows where it shrinks: the two maxima stand the wrong way round.")
def grows_what_was_seen(m, z, o, s, v):
    top, total, sums = updated(m, z, o, s, v, turned=True)
    new = (top, *updated(m, 0 * z, 0 * o, s, v)[1:])
    return top, np.where(z == 0, new[1], total), np.where(z[:, None] == 0, new[2], sums)


@online_softmax_update.mistake(
    "A query that has seen nothing starts from a maximum of 0: where all its scores are below 0, none of them reaches it."
)
def takes_zero_for_nothing(m, z, o, s, v):
    return updated(np.where(np.isfinite(m), m, 0.0), z, o, s, v)


@online_softmax_update.mistake(
    "What was seen before is lost if the first query has seen nothing: each query has a past of its own."
)
def looks_at_the_first_query(m, z, o, s, v):
    if np.isfinite(m[0]):
        return updated(m, z, o, s, v)
    return updated(np.full_like(m, -np.inf), 0 * z, 0 * o, s, v)


@online_softmax_update.mistake("The maximum is that of the block alone: an older score may be larger.")
def takes_the_maximum_of_the_block(m, z, o, s, v):
    top = s.max(axis=1)
    with np.errstate(all="ignore"):
        shrink, e = np.exp(m - top), np.exp(s - top[:, None])
        return top, z * shrink + e.sum(axis=1), o * shrink[:, None] + e @ v


@online_softmax_update.mistake(
    "The maximum stays where it was: a larger score in the block leaves the range of floats, and so does the first one."
)
def keeps_the_old_maximum(m, z, o, s, v):
    with np.errstate(all="ignore"):
        e = np.exp(s - m[:, None])
        return m.copy(), z + e.sum(axis=1), o + e @ v


@online_softmax_update.mistake("o comes back divided by z: the division is left to the end.")
def divides_too_soon(m, z, o, s, v):
    top, total, sums = updated(m, z, o, s, v)
    return top, total, sums / total[:, None]


@online_softmax_update.mistake("What was seen before the block is lost.")
def starts_anew(m, z, o, s, v):
    top = np.maximum(m, s.max(axis=1))
    e = np.exp(s - top[:, None])
    return top, e.sum(axis=1), e @ v


@online_softmax_update.mistake(
    "One maximum is taken for all queries: where another query's score is far larger, a query's own sums vanish."
)
def shares_one_maximum(m, z, o, s, v):
    top = np.full_like(m, max(m.max(), s.max()))
    shrink, e = np.exp(m - top), np.exp(s - top[:, None])
    return top, z * shrink + e.sum(axis=1), o * shrink[:, None] + e @ v
