"""A function with a planted fault: the rotary embedding."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import planted_fault
from grader.judging import Invariant, drawn, styled


def pairs_turn(inputs, outputs):
    x, out = inputs["x"], outputs["out"]
    return (out**2 - x**2)[..., 0::2] + (out**2 - x**2)[..., 1::2]


rotary_embedding = planted_fault(
    "attention.rotary_embedding",
    {"x": drawn(lambda m: styled(m.recipe.style, m.rng, (m.size("N"), m.size("T"), 2 * m.size("D"))))},
    ("out",),
    planted="reads_what_it_wrote",
    points=3,
    slack=lambda inputs: 4.0 * inputs["x"].shape[1] * float(np.abs(inputs["x"]).max()),
    places={"out": ("sequence", "token", "feature")},
    invariants=(Invariant("pairs_turn", "A pair that is turned keeps its length; some of yours do not.", pairs_turn),),
)


@rotary_embedding.mistake("The second of each pair is made from the new first one, where it belongs to the old one.")
def reads_what_it_wrote(x):
    _, T, D = x.shape
    angle = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)
    cos, sin = np.cos(angle), np.sin(angle)
    out = x.copy()
    even, odd = out[..., ::2], out[..., 1::2]
    out[..., ::2] = even * cos - odd * sin
    out[..., 1::2] = even * sin + odd * cos
    return out


def turned(x, angle, way=1.0, pairs=None):
    """Turn pairs by angles; ``pairs`` are the slices of the first and of the second of them."""
    first, second = (slice(0, None, 2), slice(1, None, 2)) if pairs is None else pairs
    cos, sin = np.cos(angle), way * np.sin(angle)
    out = np.zeros_like(x)
    out[..., first] = x[..., first] * cos - x[..., second] * sin
    out[..., second] = x[..., first] * sin + x[..., second] * cos
    return out


def angles(T, D, first=0):
    return np.arange(first, first + T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)


@rotary_embedding.mistake("The pairs are turned clockwise.")
def turns_the_other_way(x):
    return turned(x, angles(*x.shape[1:]), way=-1.0)


@rotary_embedding.mistake("The positions are counted from 1: the first token is not turned.")
def counts_positions_from_one(x):
    return turned(x, angles(x.shape[1], x.shape[2], first=1))


@rotary_embedding.mistake(
    "The first half of the features is paired with the second half: a pair are two that stand side by side."
)
def pairs_the_halves(x):
    half = x.shape[2] // 2
    return turned(x, angles(*x.shape[1:]), pairs=(slice(None, half), slice(half, None)))


@rotary_embedding.mistake(
    "The angle grows with the number of the sequence in the batch, where it grows with the position in the sequence."
)
def turns_by_the_sequence(x):
    N, T, D = x.shape
    return turned(x, np.broadcast_to(angles(N, D)[:, None], (N, T, D // 2)))


@rotary_embedding.mistake("All pairs are turned by the same angle: later ones turn more slowly.")
def turns_all_alike(x):
    _, T, D = x.shape
    return turned(x, np.broadcast_to(np.arange(T)[:, None], (T, D // 2)))


@rotary_embedding.mistake("Both of a pair lose: one sign of a rotation is +.")
def loses_a_sign(x):
    angle = angles(*x.shape[1:])
    out = turned(x, angle)
    out[..., 1::2] = -x[..., 0::2] * np.sin(angle) + x[..., 1::2] * np.cos(angle)
    return out
