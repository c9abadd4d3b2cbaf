"""Small exercises with named axes and invariants, their model answers, and what is told of an answer to one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from grader.diagnosis import explain
from grader.judging import (
    Bench,
    Blocks,
    Exercise,
    Input,
    Invariant,
    Judge,
    array,
    contract,
    drawn,
    example,
    scalar,
    value,
)
from grader.student import LocalAnswers

sys.modules.setdefault("own", ModuleType("own"))
sys.modules["own.placed"] = sys.modules[__name__]  # where the model answers are looked up

GATES = ("input", "forget", "output", "candidate")


def rnn_gradients(x, Wx, Wh, dh):  # type: ignore[no-untyped-def]
    """h_t = tanh(x_t Wx + h_(t-1) Wh) from h_0 = 0; backward through time."""
    h = [np.zeros((x.shape[0], Wh.shape[0]))]
    for t in range(x.shape[1]):
        h.append(np.tanh(x[:, t] @ Wx + h[t] @ Wh))
    dx, dWx, dWh, carried = [], 0.0 * Wx, 0.0 * Wh, 0.0
    for t in range(x.shape[1] - 1, -1, -1):
        da = (dh[:, t] + carried) * (1 - h[t + 1] ** 2)
        dx.append(da @ Wx.T)
        dWx = dWx + x[:, t].T @ da
        dWh = dWh + h[t].T @ da
        carried = da @ Wh.T
    return np.stack(dx[::-1], axis=1), dWx, dWh


def hidden(x, Wx, Wh):  # type: ignore[no-untyped-def]
    """All states of h_t = tanh(x_t Wx + h_(t-1) Wh), from 0."""
    h, states = np.zeros((x.shape[0], Wh.shape[0])), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ Wx + h @ Wh)
        states.append(h)
    return np.stack(states, axis=1)


def _sigmoid(a):  # type: ignore[no-untyped-def]
    return 0.5 * (1 + np.tanh(a / 2))


def gate_gradients(x, c, Wx, dc):  # type: ignore[no-untyped-def]
    """The gradient for Wx of next_c·o summed with dc, where the gates are i, f, o, g side by side."""
    i, f, o, g = np.split(x @ Wx, 4, axis=1)
    i, f, o, g = _sigmoid(i), _sigmoid(f), _sigmoid(o), np.tanh(g)
    parts = (
        dc * g * o * i * (1 - i),
        dc * c * o * f * (1 - f),
        dc * (i * g + f * c) * o * (1 - o),
        dc * i * o * (1 - g**2),
    )
    return x.T @ np.concatenate(parts, axis=1)


def split_heads(x, heads):  # type: ignore[no-untyped-def]
    """(N, T, D) as (N, heads, T, D/heads)."""
    n, t, d = x.shape
    return np.transpose(np.reshape(x, (n, t, heads, d // heads)), (0, 2, 1, 3))


def merge_heads(x):  # type: ignore[no-untyped-def]
    """(N, 2, T, d) as (N, T, 2d)."""
    n, h, t, d = x.shape
    return np.reshape(np.transpose(x, (0, 2, 1, 3)), (n, t, h * d))


def correlation_gradient(x, dout):  # type: ignore[no-untyped-def]
    """The gradient for a 3×3 kernel of a valid correlation."""
    height, width = dout.shape[1:]
    windows = [x[:, i : i + height, j : j + width] for i in range(3) for j in range(3)]
    return np.stack([np.sum(window * dout) for window in windows]).reshape(3, 3)


def blur(x):  # type: ignore[no-untyped-def]
    """The sum over each 3×3 window, with zeros around."""
    n, h, w = x.shape
    wide = np.concatenate([np.zeros((n, 1, w)), x, np.zeros((n, 1, w))], axis=1)
    rows = wide[:, :h] + wide[:, 1 : h + 1] + wide[:, 2:]
    wide = np.concatenate([np.zeros((n, h, 1)), rows, np.zeros((n, h, 1))], axis=2)
    return wide[:, :, :w] + wide[:, :, 1 : w + 1] + wide[:, :, 2:]


def normalised_gradient(x, gamma, dout):  # type: ignore[no-untyped-def]
    """The gradient for x of a batch norm without epsilon."""
    apart = x - x.mean(axis=0)
    spread = np.sqrt(np.mean(apart * apart, axis=0))
    hat, d = apart / spread, gamma * dout
    return (d - d.mean(axis=0) - hat * np.mean(d * hat, axis=0)) / spread


def attention_gradient(Q, K, dS):  # type: ignore[no-untyped-def]
    """The gradient for Q of the scores QKᵀ/√d."""
    return dS @ K / np.sqrt(Q.shape[1])


def no_mean(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> Any:
    return outputs["dx"].sum(axis=0)


def no_correlation(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> Any:
    x = inputs["x"]
    return (outputs["dx"] * (x - x.mean(axis=0)) / x.std(axis=0)).sum(axis=0)


def images(*lengths: int) -> Input:
    """Images of which the height and the width are so much larger than two numbers of the recipe."""
    return drawn(lambda m: m.rng.standard_normal((m.size("N"), m.size("H") + lengths[0], m.size("W") + lengths[0])))


def _exercise(name: str, inputs: Mapping[str, Input], outputs: tuple[str, ...], **more: Any) -> Exercise:
    checks = (contract(), example(), *(value(2.0, output) for output in outputs))
    usual = {"regimes": ("randn", "odd"), "homes": ("own",)}
    return Exercise(f"placed.{name}", inputs, outputs, checks, **{**usual, **more})


RNN = _exercise(
    "rnn_gradients",
    {"x": array("N", "T", "D"), "Wx": array("D", "H"), "Wh": array("H", "H"), "dh": array("N", "T", "H")},
    ("dx", "dWx", "dWh"),
    places={"dx": ("example", "step", "feature"), "dWx": ("feature", "unit"), "dWh": ("from unit", "to unit")},
)
HIDDEN = _exercise(
    "hidden",
    {"x": array("N", "T", "D"), "Wx": array("D", "H"), "Wh": array("H", "H")},
    ("h",),
    places={"h": ("example", "step", "unit")},
)
GATED = _exercise(
    "gate_gradients",
    {
        "x": array("N", "D"),
        "c": array("N", "H"),
        "Wx": drawn(lambda m: m.rng.standard_normal((m.size("D"), 4 * m.size("H")))),
        "dc": array("N", "H"),
    },
    ("dWx",),
    places={"dWx": ("feature", Blocks("gate", GATES))},
)
SPLIT = _exercise(
    "split_heads",
    {
        "x": drawn(lambda m: m.rng.standard_normal((m.size("N"), m.size("T"), 3 * m.size("W")))),
        "heads": scalar(3, 3, integer=True),
    },
    ("out",),
    places={"out": ("example", "head", "token", "feature")},
)
MERGE = _exercise(
    "merge_heads",
    {"x": drawn(lambda m: m.rng.standard_normal((m.size("N"), 2, m.size("T"), m.size("W"))))},
    ("out",),
    places={"out": ("example", "token", Blocks("head", ("first", "second")))},
)
KERNEL = _exercise(
    "correlation_gradient",
    {"x": images(2), "dout": images(0)},
    ("dw",),
    places={"dw": ("height", "width")},
)
BLUR = _exercise("blur", {"x": images(1)}, ("out",), places={"out": ("image", "height", "width")})
NORM = _exercise(
    "normalised_gradient",
    {
        "x": drawn(lambda m: m.rng.standard_normal((2 + m.size("N"), m.size("D")))),
        "gamma": array("D"),
        "dout": drawn(lambda m: m.rng.standard_normal((2 + m.size("N"), m.size("D")))),
    },
    ("dx",),
    places={"dx": ("example", "feature")},
    invariants=(
        Invariant("no_mean", "Over the batch dx sums to 0; yours does not.", no_mean),
        Invariant("no_correlation", "Over the batch dx·x̂ sums to 0; yours does not.", no_correlation),
    ),
)
SCORES = _exercise(
    "attention_gradient",
    {"Q": array("T", "d"), "K": array("S", "d"), "dS": array("T", "S")},
    ("dQ",),
    places={"dQ": ("query", "feature")},
)


BENCHES: dict[str, Bench] = {}


def told(exercise: Exercise, answer: Callable[..., Any]) -> dict[str, tuple[str, str]]:
    """What is told of an answer: of each output that is diagnosed the code and the sentence."""
    bench = BENCHES.setdefault(exercise.where + str(exercise.inputs), Bench([exercise], drawn=6))
    answers = LocalAnswers({exercise.short: answer})
    explained = explain(exercise, verdicts := Judge(answers, bench).verdicts(exercise), answers, bench)
    return {
        verdict.check.output: (words.diagnosis.mistake, words.diagnosis.text)
        for verdict, words in zip(verdicts, explained, strict=True)
        if words.diagnosis is not None and verdict.check.output is not None
    }
