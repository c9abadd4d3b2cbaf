"""A run: one attention layer learns to look up the previous token."""

from __future__ import annotations

import numpy as np

from grader.bank.attention.words import attend, causal, dot_backward
from grader.bank.forms import training
from grader.judging import Malformed


def sequences():
    return np.random.default_rng(7).integers(0, 5, (24, 8)), 0


def layer_of(returned):
    """Return Wq and Wk.

    Raises:
        Malformed: they are no two arrays of the shape that was asked for.

    """
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        raise Malformed("train_previous_token must return two values (Wq, Wk)")
    Wq, Wk = (np.asarray(part, dtype=float) for part in returned)
    if Wq.ndim != 2 or Wq.shape != Wk.shape or len(Wq) != 13 or not 1 <= Wq.shape[1] <= 32:
        raise Malformed(f"Wq and Wk must have one shape (13, d), d up to 32; they have {Wq.shape} and {Wk.shape}")
    return Wq, Wk


def looked_up(returned, tokens, seed):
    """Measure the loss, one sequence at a time: how much of a query's weight lies on tokens like the one before it."""
    Wq, Wk = layer_of(returned)
    losses = []
    for row in tokens:
        s = (Wq[row] + Wq[5:]) @ (Wk[row] + Wk[5:]).T / Wq.shape[1] ** 0.5
        for t in range(1, len(row)):
            alike = row[: t + 1] == row[t - 1]
            losses.append(np.logaddexp.reduce(s[t, : t + 1]) - np.logaddexp.reduce(s[t, : t + 1][alike]))
    return {"loss": np.mean(losses)}


train_previous_token = training(
    "attention.train_previous_token", sequences, looked_up, at_most={"loss": 0.05}, points=4, helpers=(layer_of,)
)


def descend(tokens, seed, rate=2.0, steps=150, start=0.3, back=1, mask=causal):
    """Run gradient descent towards the token ``back`` places before; return Wq and Wk."""
    N, T = tokens.shape
    V = np.eye(5)[tokens]
    X = np.concatenate([V, np.broadcast_to(np.eye(T), (N, T, T))], axis=-1)
    Wq, Wk = start * np.random.default_rng(seed).standard_normal((2, 13, 8))
    due = np.zeros_like(V)
    due[:, back:] = V[:, : T - back]
    for _ in range(steps):
        Q, K = X @ Wq, X @ Wk
        out, A = attend(Q, K, V, mask(N, T) if mask else None)
        hit = (out * due).sum(axis=-1, keepdims=True)
        dout = -due / np.where(hit > 0, hit, 1.0) / (N * (T - back))
        dQ, dK, _ = dot_backward(dout, Q, K, V, A)
        Wq = Wq - rate * np.einsum("nti,ntd->id", X, dQ)
        Wk = Wk - rate * np.einsum("nti,ntd->id", X, dK)
    return Wq, Wk


@train_previous_token.mistake("The weights are those of the start: nothing was learnt.")
def returns_the_start(tokens, seed):
    return descend(tokens, seed, steps=0)


@train_previous_token.mistake(
    "A query looks at all tokens alike, as it does at Wq = Wk = 0, where both gradients are 0: a run that starts there stays there."
)
def starts_from_zero(tokens, seed):
    return descend(tokens, seed, start=0.0)


@train_previous_token.mistake("The layer has learnt to look up the token itself, not the one before it.")
def looks_up_the_token_itself(tokens, seed):
    return descend(tokens, seed, back=0)


@train_previous_token.mistake("The steps are too small for their number: the loss is still on its way down.")
def takes_small_steps(tokens, seed):
    return descend(tokens, seed, rate=0.02)


@train_previous_token.mistake("The steps go uphill: the loss rises.")
def climbs(tokens, seed):
    return descend(tokens, seed, rate=-2.0)


@train_previous_token.mistake("The layer has learnt to look two places back.")
def looks_two_places_back(tokens, seed):
    return descend(tokens, seed, back=2)
