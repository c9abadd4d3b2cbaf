"""Training: gradients clipped by their norm, and a text learnt by heart."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.forms import plain, training
from grader.bank.mlp.units import as_one, listed
from grader.judging import Chain, Invariant, Malformed, Plan, drawn, model, read_as, styled

# -------------------------------------------------------------------------------------- clipping
SHAPES = (("D",), ("D", "M"), ("2", "D", "M"), ("M",))


def gradients(m):
    """Draw 2 to 4 arrays, in every seventh case of zeros; their norm is noted for the bound."""
    count = 2 + m.recipe.seed % 3
    arrays = [styled(m.recipe.style, m.rng, m.shape(dims)) for dims in SHAPES[-count:]]
    if m.recipe.digits is not None:
        arrays = [np.round(a, 3) for a in arrays]
    if m.recipe.seed % 7 == 6:
        arrays = [0 * a for a in arrays]
    m.dims["norm"] = float(np.sqrt(sum((a**2).sum() for a in arrays)))
    return arrays


def bound(m):
    """Draw max_norm on both sides of the norm, a whole one in some cases."""
    share = (0.25, 0.9, 1.1, 4.0)[m.recipe.seed % 4]
    found = float(f"{share * (m.dims['norm'] or 1.0):.3g}")
    return round(found) if found > 3 and m.recipe.seed % 3 == 0 else found


def of_lists(asked, inputs):
    """Plan a function that returns a list of arrays; the output is all entries of them, array after array."""
    shapes = [a.shape for a in inputs["gradients"]]
    reading = read_as(read_clipped, as_one, listed, shapes=shapes, function=asked.own)
    return Plan(Chain((asked.call(*inputs.values()),)), reading)


def read_clipped(*values, shapes, function):
    """Read a list of arrays as all of their entries."""
    return (as_one(values[-1], shapes, function, "what it returns"),)


def above_the_bound(inputs, outputs):
    """Return by how much the norm of all entries exceeds max_norm."""
    return np.maximum(np.sqrt((outputs["all_entries"] ** 2).sum(keepdims=True)) - inputs["max_norm"], 0)


def off_the_direction(inputs, outputs):
    """Return what the entries have beside their direction before: scaled to its length they are what they were."""
    before = np.concatenate([a.ravel() for a in inputs["gradients"]])
    after = outputs["all_entries"]
    return after * np.sqrt((before**2).sum()) - before * np.sqrt((after**2).sum())


clip_by_norm = plain(
    "recurrent.clip_by_norm",
    {"gradients": drawn(gradients), "max_norm": drawn(bound)},
    ("all_entries",),
    drive=of_lists,
    invariants=(
        Invariant("within_the_bound", "The norm of all entries is at most max_norm; yours is larger.", above_the_bound),
        Invariant("same_direction", "All entries keep their direction; yours do not.", off_the_direction),
    ),
)


def norm(arrays):
    return np.sqrt(sum((a**2).sum() for a in arrays))


@clip_by_norm.mistake("Each array is clipped by its own norm: all of them together have one, and one factor.")
def clips_each_array(gradients, max_norm):
    return [a * min(1.0, max_norm / max(norm([a]), 1e-300)) for a in gradients]


@clip_by_norm.mistake("Each entry is clipped by itself, and the direction changes: all entries have one common factor.")
def clips_each_entry(gradients, max_norm):
    return [np.clip(a, -max_norm, max_norm) for a in gradients]


@clip_by_norm.mistake(
    "Gradients that are short enough are scaled too, up to the bound: they are to be left as they are."
)
def scales_up_as_well(gradients, max_norm):
    size = norm(gradients)
    return [a * (max_norm / size) if size else a for a in gradients]


@clip_by_norm.mistake("It is clipped by the square of the norm: the root is missing.")
def forgets_the_root(gradients, max_norm):
    size = norm(gradients) ** 2
    return [a * min(1.0, max_norm / size) if size else a for a in gradients]


@clip_by_norm.mistake("It is clipped by the largest entry, which is another norm.")
def takes_the_largest_entry(gradients, max_norm):
    size = max(np.abs(a).max() for a in gradients)
    return [a * min(1.0, max_norm / size) if size else a for a in gradients]


@clip_by_norm.mistake("Long gradients get the length 1, whatever the bound is.")
def makes_unit_length(gradients, max_norm):
    size = norm(gradients)
    return [a / size if size > max_norm else a for a in gradients]


@clip_by_norm.mistake(
    "The norms of the arrays are added up: the norm of all entries is the root of the sum of all squares."
)
def adds_up_the_norms(gradients, max_norm):
    size = sum(norm([a]) for a in gradients)
    return [a * (max_norm / size) if size > max_norm else a for a in gradients]


@clip_by_norm.mistake("It is clipped by the sum of magnitudes, which is another norm.")
def sums_the_magnitudes(gradients, max_norm):
    size = sum(np.abs(a).sum() for a in gradients)
    return [a * (max_norm / size) if size > max_norm else a for a in gradients]


@clip_by_norm.mistake("Gradients that are too long are thrown away: they are to be shortened.")
def throws_long_ones_away(gradients, max_norm):
    return [a * (norm(gradients) <= max_norm) for a in gradients]


# ---------------------------------------------------------------------------------------- a text
def letters():
    text: Any = model("recurrent.TEXT")
    known, tokens = np.unique(list(text), return_inverse=True)
    return tokens, len(known), 0


def net_of(returned, size, function):
    """Return the five parameters of a net.

    Raises:
        Malformed: they are not finite arrays of the shapes that were asked for.

    """
    if not isinstance(returned, (tuple, list)) or len(returned) != 5:
        raise Malformed(f"{function} must return five values (Wx, Wh, b, Wy, by)")
    arrays = [np.asarray(part, dtype=float) for part in returned]
    H = arrays[2].size
    due = [(size, H), (H, H), (H,), (H, size), (size,)]
    if not 1 <= H <= 100 or [a.shape for a in arrays] != due:
        shapes = ", ".join(str(a.shape) for a in arrays)
        raise Malformed(
            f"{function} must return shapes ({size}, H), (H, H), (H,), (H, {size}), ({size},), H from 1 to 100; they are {shapes}"
        )
    return arrays


def said_by_heart(returned, tokens, size, seed):
    """Measure the mean loss of one text, from letter to letter; what is asked elsewhere is batches of vectors."""
    Wx, Wh, b, Wy, by = net_of(returned, size, "learn_text")
    h, total = 0 * b, 0.0
    for t in range(len(tokens) - 1):
        h = np.tanh(Wx[tokens[t]] + h @ Wh + b)
        scores = h @ Wy + by
        total += np.logaddexp.reduce(scores) - scores[tokens[t + 1]]
    return {"loss": total / (len(tokens) - 1)}


learn_text = training(
    "recurrent.learn_text", letters, said_by_heart, at_most={"loss": 0.05}, points=4, helpers=(net_of,)
)


def learnt(tokens, size, seed, epochs=150, H=32, rate=0.02, carry=1.0, memory=1.0):
    """Train by Adam; ``carry`` and ``memory`` are what goes back and forth between the steps."""
    rng, given, due, T = np.random.default_rng(seed), tokens[:-1], tokens[1:], len(tokens) - 1
    shapes = ((size, H), (H, H), (H,), (H, size), (size,))
    parts = [rng.standard_normal(s) / np.sqrt(s[0]) if len(s) == 2 else np.zeros(s) for s in shapes]
    m, v = [np.zeros(s) for s in shapes], [np.zeros(s) for s in shapes]
    for epoch in range(1, epochs + 1):
        Wx, Wh, b, Wy, by = parts
        h, da, back = np.zeros((T + 1, H)), np.zeros((T, H)), np.zeros(H)
        for t in range(T):
            h[t] = np.tanh(Wx[given[t]] + memory * h[t - 1] @ Wh + b)
        scores = h[:-1] @ Wy + by
        error = np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None])
        error[np.arange(T), due] -= 1
        error /= T
        for t in reversed(range(T)):
            da[t] = (error[t] @ Wy.T + carry * back) * (1 - h[t] ** 2)
            back = Wh @ da[t]
        dWx = np.zeros_like(Wx)
        np.add.at(dWx, given, da)
        found = (
            dWx,
            memory * np.vstack([0 * h[:1], h[: T - 1]]).T @ da,
            da.sum(axis=0),
            h[:-1].T @ error,
            error.sum(axis=0),
        )
        for k, d in enumerate(found):
            m[k], v[k] = 0.9 * m[k] + 0.1 * d, 0.99 * v[k] + 0.01 * d**2
            parts[k] = parts[k] - rate * (m[k] / (1 - 0.9**epoch)) / (np.sqrt(v[k] / (1 - 0.99**epoch)) + 1e-8)
    return tuple(parts)


@learn_text.mistake("The weights are those of the start: nothing was learnt.")
def returns_the_start(tokens, size, seed):
    return learnt(tokens, size, seed, epochs=0)


@learn_text.mistake("The run ends long before the loss has come down.")
def ends_too_soon(tokens, size, seed):
    return learnt(tokens, size, seed, epochs=10)


@learn_text.mistake("The net was trained without its memory: from one letter alone the next one cannot be told.")
def trains_without_a_memory(tokens, size, seed):
    return learnt(tokens, size, seed, epochs=100, memory=0.0)


@learn_text.mistake("One hidden unit cannot hold what came before.")
def has_one_unit(tokens, size, seed):
    return learnt(tokens, size, seed, epochs=100, H=1)


@learn_text.mistake("The steps go uphill: the loss rises.")
def climbs(tokens, size, seed):
    return learnt(tokens, size, seed, epochs=20, rate=-0.02)
