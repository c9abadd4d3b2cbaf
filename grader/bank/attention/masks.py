"""The places of tokens and what they may see: the sinusoidal encoding, and the causal mask with padding."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.judging import Chain, Invariant, Plan, drawn, read_as

# --------------------------------------------------------------------------- positional encoding


def rounding(inputs):
    """Return the size of the largest angle, whose rounding the sine hands on."""
    return 4.0 * inputs["T"]


def on_a_circle(inputs, outputs):
    return outputs["P"][:, 0::2] ** 2 + outputs["P"][:, 1::2] ** 2 - 1


positional_encoding = plain(
    "attention.positional_encoding",
    {
        "T": drawn(lambda m: int(m.rng.integers(1, 12)) if m.recipe.seed % 4 else 40),
        "D": drawn(lambda m: 2 * int(m.rng.integers(1, 8))),
    },
    ("P",),
    slack=rounding,
    regimes=("randn", "odd", "small"),
    places={"P": ("position", "feature")},
    invariants=(
        Invariant("on_a_circle", "Each pair of features lies on the unit circle; some of yours do not.", on_a_circle),
    ),
)


def angles(T, D, exponent=None, first=0):
    i = np.arange(D // 2)
    return np.arange(first, first + T)[:, None] / 10000.0 ** (2 * i / D if exponent is None else exponent(i, D))


def woven(angle, turned=False):
    """Return sines at even and cosines at odd features."""
    P = np.zeros((len(angle), 2 * angle.shape[1]))
    P[:, turned::2], P[:, 1 - turned :: 2] = np.sin(angle), np.cos(angle)
    return P


@positional_encoding.mistake("Sine and cosine have changed places: at position 0 the even features are 0.")
def swaps_sine_and_cosine(T, D):
    return woven(angles(T, D), turned=True)


@positional_encoding.mistake("All sines come first, then all cosines: they alternate, feature by feature.")
def puts_the_sines_first(T, D):
    return np.concatenate([np.sin(angles(T, D)), np.cos(angles(T, D))], axis=1)


@positional_encoding.mistake(
    "The wavelengths grow half as fast as they should from pair to pair: the exponent is that of feature 2i."
)
def forgets_the_two(T, D):
    return woven(angles(T, D, lambda i, D: i / D))


@positional_encoding.mistake("The positions are counted from 1: the first token stands at 0.")
def counts_from_one(T, D):
    return woven(angles(T, D, first=1))


@positional_encoding.mistake("Each feature has a wavelength of its own here: the two of a pair share one.")
def gives_each_feature_a_wavelength(T, D):
    t, j = np.arange(T)[:, None], np.arange(D)
    angle = t / 10000.0 ** (j / D)
    return np.where(j % 2 == 0, np.sin(angle), np.cos(angle))


@positional_encoding.mistake("The angles grow from pair to pair: a power of 10000 is multiplied where it divides.")
def multiplies_by_the_power(T, D):
    return woven(np.arange(T)[:, None] * 10000.0 ** (np.arange(0, D, 2) / D))


# --------------------------------------------------------------------------------- attention mask
def tokens(m):
    """Draw tokens (N, T), about a third of them padding: at the end, in front, or anywhere."""
    N, T = m.size("N"), m.size("T")
    x, places = m.rng.integers(0, 5, (N, T)), np.arange(T)
    pad = m.dims["pad"] = m.recipe.seed % 6
    kind, cut = m.recipe.seed % 3, m.rng.integers(0, T + 1, (N, 1))
    x = np.where(x == pad, 7, x)
    off = (places >= cut, places < T - cut, m.rng.random((N, T)) < 0.35)[kind]
    return np.where(off, pad, x)


def of_truth_values(asked, inputs):
    """Plan ``f(tokens, pad)``; truth values are read as 0 and 1."""
    return Plan(Chain((asked.call(*inputs.values()),)), read_as(read_mask))


def read_mask(value):
    """Read a mask as numbers."""
    return (value.astype(float),) if isinstance(value, np.ndarray) and value.dtype == bool else (value,)


attention_mask = plain(
    "attention.attention_mask",
    {"tokens": drawn(tokens), "pad": drawn(lambda m: m.dims["pad"])},
    ("mask",),
    drive=of_truth_values,
    regimes=("randn", "odd", "small"),
    places={"mask": ("sequence", "query", "key")},
)


def lower(tokens, offset=0):
    T = tokens.shape[1]
    return np.tril(np.ones((T, T), dtype=bool), offset)


def padded(tokens, pad):
    """Return (N, 1, T), True at tokens that are no padding."""
    return (tokens != pad)[:, None, :]


@attention_mask.mistake("A query sees what comes after it, and not what came before.")
def looks_ahead(tokens, pad):
    return lower(tokens).T & padded(tokens, pad)


@attention_mask.mistake("The mask is turned around: it is True where a key is hidden.")
def marks_what_is_hidden(tokens, pad):
    return ~(lower(tokens) & padded(tokens, pad))


@attention_mask.mistake("A query does not see itself: its own key is not after it.")
def hides_the_query_itself(tokens, pad):
    return lower(tokens, -1) & padded(tokens, pad)


@attention_mask.mistake(
    "The rows of padded tokens are off, and their columns are not: as keys they are seen by all others."
)
def hides_padded_queries(tokens, pad):
    return lower(tokens) & (tokens != pad)[:, :, None]


@attention_mask.mistake("The padding is seen: this is the causal mask alone.")
def forgets_the_padding(tokens, pad):
    return np.broadcast_to(lower(tokens), (len(tokens), *lower(tokens).shape)).copy()


@attention_mask.mistake("The future is seen: this is the padding mask alone.")
def forgets_the_order(tokens, pad):
    return np.repeat(padded(tokens, pad), tokens.shape[1], axis=1)


@attention_mask.mistake("One of the two is enough here: a key must be allowed by both masks.")
def takes_either(tokens, pad):
    return lower(tokens) | padded(tokens, pad)


@attention_mask.mistake(
    "The rows of padded tokens are off too: nothing is asked of the token that looks, only of the one that is seen."
)
def hides_padding_both_ways(tokens, pad):
    return lower(tokens) & padded(tokens, pad) & (tokens != pad)[:, :, None]


@attention_mask.mistake(
    "The tokens that are no padding are counted, and as many are seen from the first on: padding may stand anywhere."
)
def takes_padding_to_be_last(tokens, pad):
    lengths = (tokens != pad).sum(axis=1)
    return lower(tokens) & (np.arange(tokens.shape[1]) < lengths[:, None])[:, None, :]


@attention_mask.mistake("Token 0 is taken for padding, whatever ``pad`` is.")
def takes_zero_for_padding(tokens, pad):
    return lower(tokens) & padded(tokens, 0)


@attention_mask.mistake("What comes back is to be added to scores, 0 or −∞: truth values are asked.")
def returns_what_is_added(tokens, pad):
    return np.where(lower(tokens) & padded(tokens, pad), 0.0, -np.inf)
