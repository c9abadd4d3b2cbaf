"""Training: a text learnt by heart."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.forms import training
from grader.judging import Malformed, model


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
