"""Greedy decoding: what a net says by itself."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.bank.recurrent.units import short
from grader.judging import Chain, Malformed, Plan, drawn, read_as


def smooth(*dims, scale=1.0):
    """Specify an array from a continuum in any regime: no two scores are equal."""
    return drawn(lambda m: short(m, scale * m.rng.standard_normal(tuple(m.size(d) for d in dims))))


def token(m):
    return int(m.rng.integers(0, m.size("V")))


def read_tokens(*values, function):
    """Read tokens, which are integers; as numbers they are compared."""
    tokens = np.asarray(values[-1])
    if tokens.dtype.kind not in "iu":
        raise Malformed(f"{function} must return an array of integers, the tokens; it returned {tokens.dtype} numbers")
    return (tokens.astype(float),)


def of_tokens(asked, inputs):
    """Plan a function that returns tokens."""
    return Plan(Chain((asked.call(*inputs.values()),)), read_as(read_tokens, function=asked.own))


greedy_decode = plain(
    "recurrent.greedy_decode",
    {
        "h0": smooth("N", "H"),
        "E": smooth("V", "D"),
        "Wx": smooth("D", "H", scale=0.8),
        "Wh": smooth("H", "H", scale=0.8),
        "b": smooth("H", scale=0.5),
        "Wy": smooth("H", "V", scale=1.5),
        "by": smooth("V", scale=0.2),
        "start": drawn(token),
        "end": drawn(token),
        "length": drawn(lambda m: int(m.rng.integers(3, 9))),
    },
    ("tokens",),
    points=3,
    drive=of_tokens,
    regimes=("randn", "odd"),
    places={"tokens": ("sequence", "step")},
)


def said(
    h0,
    E,
    Wx,
    Wh,
    b,
    Wy,
    by,
    start,
    end,
    length,
    feed=lambda new, first: new,
    carry=True,
    stop=True,
    pick=None,
    early=False,
):
    """Return tokens; what is fed back, if the state is carried, and if an end is heeded can be spoilt."""
    first = np.full(len(h0), start)
    token, h, over, tokens = first, h0, np.zeros(len(h0), dtype=bool), []
    for _ in range(length):
        new = np.tanh(E[token] @ Wx + h @ Wh + b)
        scores = (h if early else new) @ Wy + by
        h = new if carry else h0
        best = np.argmax(scores, axis=1) if pick is None else pick(scores)
        best = np.where(over, end, best) if stop else best
        over = over | (best == end)
        tokens.append(best)
        token = feed(best, first)
    return np.stack(tokens, axis=1)


@greedy_decode.mistake("The start token is fed at each step: what was said is the input of the next step.")
def feeds_the_start_again(h0, E, Wx, Wh, b, Wy, by, start, end, length):
    return said(h0, E, Wx, Wh, b, Wy, by, start, end, length, feed=lambda new, first: first)


@greedy_decode.mistake("After its end a sequence goes on: all tokens after the first end are to be ends.")
def talks_on_after_the_end(h0, E, Wx, Wh, b, Wy, by, start, end, length):
    return said(h0, E, Wx, Wh, b, Wy, by, start, end, length, stop=False)


@greedy_decode.mistake("Each step starts from h0 again: the state is carried from token to token.")
def forgets_the_state(h0, E, Wx, Wh, b, Wy, by, start, end, length):
    return said(h0, E, Wx, Wh, b, Wy, by, start, end, length, carry=False)


@greedy_decode.mistake("The start token stands first: it was given, and is not said.")
def says_the_start(h0, E, Wx, Wh, b, Wy, by, start, end, length):
    tokens = said(h0, E, Wx, Wh, b, Wy, by, start, end, length)
    return np.concatenate([np.full((len(h0), 1), start), tokens[:, :-1]], axis=1)


@greedy_decode.mistake("The token with the smallest score is said.")
def takes_the_smallest(h0, E, Wx, Wh, b, Wy, by, start, end, length):
    return said(h0, E, Wx, Wh, b, Wy, by, start, end, length, pick=lambda scores: np.argmin(scores, axis=1))


@greedy_decode.mistake("All sequences say what the first one says: each has a state and an input of its own.")
def lets_the_first_speak_for_all(h0, E, Wx, Wh, b, Wy, by, start, end, length):
    return said(
        h0, E, Wx, Wh, b, Wy, by, start, end, length, pick=lambda scores: np.full(len(scores), np.argmax(scores[0]))
    )


@greedy_decode.mistake("The scores come from the state before the step: the token that was fed has no say in them.")
def scores_the_state_before(h0, E, Wx, Wh, b, Wy, by, start, end, length):
    return said(h0, E, Wx, Wh, b, Wy, by, start, end, length, early=True)


@greedy_decode.mistake("The start token is never said: its score counts like any other.")
def never_says_the_start(h0, E, Wx, Wh, b, Wy, by, start, end, length):
    def without(scores):
        return np.argmax(np.where(np.arange(len(by)) == start, -np.inf, scores), axis=1)

    return said(h0, E, Wx, Wh, b, Wy, by, start, end, length, pick=without)


@greedy_decode.mistake("The first sequence that ends takes the others with it: each ends by itself.")
def ends_all_with_the_first(h0, E, Wx, Wh, b, Wy, by, start, end, length):
    tokens = said(h0, E, Wx, Wh, b, Wy, by, start, end, length)
    over = np.cumsum((tokens == end).any(axis=0)) > 0
    return np.where(np.concatenate([[False], over[:-1]]), end, tokens)


@greedy_decode.mistake("The scores lack their bias by.")
def forgets_the_bias_of_the_scores(h0, E, Wx, Wh, b, Wy, by, start, end, length):
    return said(h0, E, Wx, Wh, b, Wy, 0 * by, start, end, length)
