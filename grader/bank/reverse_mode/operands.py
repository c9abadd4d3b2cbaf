"""Inputs of this unit: operands that broadcast, upstream gradients in the shape of a result; and the sums over copies."""

from __future__ import annotations

import numpy as np

from grader.judging import drawn, styled, upstream

ANY = ("...",)
PAIRS = (
    # The dimensions of out, of a and of b. The worked examples with ties get the fifth and the second: b has many entries there.
    (("N", "D"), ("N", "D"), ("D",)),
    (("N", "D", "K"), ("N", "D", "K"), ("D", "1")),
    (("N", "D"), ("N", "D"), ()),
    (("N", "D"), ("N", "1"), ("1", "D")),
    (("N", "D"), ("D",), ("N", "D")),
    (("N", "D"), ("N", "D"), ("N", "1")),
    (("N", "D"), ("N", "D"), ("N", "D")),
    (("N", "D", "K"), ("N", "1", "K"), ("D", "K")),
    (("N", "D"), (), ("N", "D")),
    (("N", "D", "K"), ("K",), ("N", "D", "1")),
    ((), (), ()),
)


def turn(m, choices):
    """Choose one of several in turn, by the recipe's seed and style; the battery's first recipe gets the first."""
    return choices[(m.recipe.seed + sum(m.recipe.style.encode()) - sum(b"randn")) % len(choices)]


def pulled_back(m, shape):
    """Draw an upstream gradient of this shape, never all ones; a number for ()."""
    g = upstream(*map(str, shape)).draw(m)
    return g if shape else float(g)


def shape_of_pair(m, which):
    """Return the shape of out (0), a (1) or b (2) in the pair whose turn it is."""
    dims = turn(m, PAIRS)
    m.shape(dims[0])  # N, D and K get their lengths in this order, whichever operand is drawn first
    return m.shape(dims[which])


def operand(which):
    """Specify a (1) or b (2) of two operands that broadcast."""
    # asarray: arithmetic makes a number of an array of shape (), which has to stay an array.
    return drawn(lambda m: np.asarray(styled(m.recipe.style, m.rng, shape_of_pair(m, which))))


G = drawn(lambda m: np.asarray(upstream(*map(str, shape_of_pair(m, 0))).draw(m)))
OPERANDS = {"g": G, "a": operand(1), "b": operand(2)}


def nonzero(x):
    """Put 1 where an entry is 0."""
    return np.where(x == 0, 1.0, x)


TINY = {1: 1e-9, 2: 1e-30}
"""Further scales of small positive entries, by the recipe's seed modulo 3: below what is put in their place to be safe."""


def positive(dims):
    """Specify an array of positive entries."""

    def make(m):
        x = nonzero(np.abs(styled(m.recipe.style, m.rng, m.shape(dims))))
        return x * TINY.get(m.recipe.seed % 3, 1.0) if m.recipe.style == "small" else x

    return drawn(make)


def reduced(g, shape):
    """Sum over the axes along which an array of this shape was broadcast."""
    front = tuple(range(g.ndim - len(shape)))
    kept = tuple(len(front) + i for i, size in enumerate(shape) if size == 1)
    return g.sum(axis=front + kept, keepdims=True).reshape(shape)


def averaged(g, shape):
    """Average over the axes along which an array of this shape was broadcast."""
    return reduced(g, shape) / (g.size / max(1, int(np.prod(shape))))
