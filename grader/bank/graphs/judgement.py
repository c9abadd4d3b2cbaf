"""Exercises of judgement: a fault to find and mend, and a test to write that wrong accumulations fail."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.forms import checker, planted_fault
from grader.bank.graphs.candidates import RIGHT, WRONG
from grader.judging import array, drawn, scalar


# -------------------------------------------------------------------------------------- planted fault
def some_pairs(making: Any):
    """Draw pairs (P, 2) of entries of x (N,): about twice as many as there are entries, so that entries come again."""
    n = making.size("N")
    pairs = making.rng.integers(0, n, (n + 2, 2))
    pairs[-1] = pairs[-1, 0]
    return pairs


mended_pair_bars = planted_fault(
    "graphs.mended_pair_bars",
    {"bar": scalar(-3, 3), "x": array("N"), "pairs": drawn(some_pairs)},
    ("x_bar",),
    planted="overwrites_bars",
    points=2,
)


@mended_pair_bars.mistake("An entry that comes in several pairs keeps what the last of them gave it.")
def overwrites_bars(bar, x, pairs):
    x_bar = np.zeros_like(x)
    for i, j in pairs:
        x_bar[i] = bar * x[j]
        x_bar[j] = bar * x[i]
    return x_bar


@mended_pair_bars.mistake(
    "One of the two entries of a pair collects its bars now; the other still keeps the last one only."
)
def mends_the_first_line_only(bar, x, pairs):
    x_bar = np.zeros_like(x)
    for i, j in pairs:
        x_bar[i] += bar * x[j]
        x_bar[j] = bar * x[i]
    return x_bar


@mended_pair_bars.mistake(
    "One of the two entries of a pair collects its bars now; the other still keeps the last one only."
)
def mends_the_second_line_only(bar, x, pairs):
    x_bar = np.zeros_like(x)
    for i, j in pairs:
        x_bar[i] = bar * x[j]
        x_bar[j] += bar * x[i]
    return x_bar


@mended_pair_bars.mistake(
    "An index that is repeated in x_bar[indices] += ... is added to once: numpy reads all old entries before it writes."
)
def adds_through_repeated_indices(bar, x, pairs):
    x_bar = np.zeros_like(x)
    x_bar[pairs[:, 0]] += bar * x[pairs[:, 1]]
    x_bar[pairs[:, 1]] += bar * x[pairs[:, 0]]
    return x_bar


@mended_pair_bars.mistake("A pair of an entry with itself counts once: x[i]·x[i] uses x[i] twice.")
def counts_a_square_once(bar, x, pairs):
    x_bar = np.zeros_like(x)
    for i, j in pairs:
        x_bar[i] += bar * x[j]
        if i != j:
            x_bar[j] += bar * x[i]
    return x_bar


# -------------------------------------------------------------------------------------- test to write
def put_one(checker, backward):
    """Adapt the student's checker: call it with one candidate."""
    return bool(checker(backward))


accumulation_checker = checker("graphs.accumulation_checker", put_one, right=RIGHT, wrong=WRONG, points=4)


@accumulation_checker.mistake("It tries graphs in which every node is used once. In a tree nothing has to be added up.")
def looks_at_trees_only(backward):
    bars = backward([("p", "multiply", "x", "y"), ("q", "subtract", "p", "z")], {"x": 3.0, "y": 5.0, "z": 2.0})
    return bars == {"x": 5.0, "y": 3.0, "z": -1.0, "p": 1.0, "q": 1.0}


@accumulation_checker.mistake(
    "It tries one fan-out, of a node that one step uses twice. Nodes that several steps use, at different distances, are others."
)
def looks_at_a_plus_a_only(backward):
    return abs(backward([("b", "add", "a", "a")], {"a": 3.0})["a"] - 2.0) < 1e-9


@accumulation_checker.mistake("It refuses a right one that differs in the last digit: right is right to rounding.")
def wants_the_last_digit(backward):
    steps = [
        ("p", "multiply", "x", "y"),
        ("q", "multiply", "p", "x"),
        ("r", "subtract", "q", "p"),
        ("s", "multiply", "r", "r"),
    ]
    bars = backward(steps, {"x": 0.1, "y": 0.7})
    p, r = 0.1 * 0.7, 0.1 * 0.7 * 0.1 - 0.1 * 0.7
    return bars["x"] == 2 * r * p + (2 * r * 0.1 - 2 * r) * 0.7


@accumulation_checker.mistake(
    "It looks at the bars of the inputs alone, and so never at a node that the output does not need."
)
def looks_at_the_used_inputs_only(backward):
    steps = [("p", "multiply", "x", "y"), ("q", "add", "p", "x"), ("r", "multiply", "q", "q")]
    bars = backward(steps, {"x": 1.5, "y": -0.7})
    q = 1.5 * -0.7 + 1.5
    return abs(bars["x"] - 2 * q * 0.3) < 1e-9 and abs(bars["y"] - 2 * q * 1.5) < 1e-9


@accumulation_checker.mistake("It accepts whatever it is given.")
def accepts_everything(backward):
    return True


@accumulation_checker.mistake("It accepts nothing, the right ones neither.")
def accepts_nothing(backward):
    return False
