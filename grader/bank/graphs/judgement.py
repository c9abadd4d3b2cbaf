"""Exercises of judgement: a fault to find and mend, and a test to write that wrong accumulations fail."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.forms import checker, planted_fault
from grader.bank.graphs.candidates import RIGHT, WRONG
from grader.judging import array, drawn, scalar


# -------------------------------------------------------------------------------------- planted fault
def some_pairs(making: Any) -> Any:
    """Draw pairs (P, 2) of entries of x (N,): one that comes again, both ways round, and one of an entry with itself.

    In some cases there is a single pair.
    """
    n = making.size("N")
    pairs = making.rng.integers(0, n, (n + 2, 2))
    pairs[1], pairs[2], pairs[-1] = pairs[0, ::-1], pairs[0], pairs[-1, 0]
    return pairs[:1] if making.recipe.seed % 6 == 3 else pairs


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


@mended_pair_bars.mistake("Pairs that come twice count once: each row is a term of L.")
def leaves_out_repeated_pairs(bar, x, pairs):
    return collected(bar, x, np.unique(pairs, axis=0))


@mended_pair_bars.mistake("Each entry of a pair gets its own value: the slope of x[i]·x[j] in x[i] is x[j].")
def takes_the_own_value(bar, x, pairs):
    x_bar = np.zeros_like(x)
    for i, j in pairs:
        x_bar[i] += bar * x[i]
        x_bar[j] += bar * x[j]
    return x_bar


@mended_pair_bars.mistake("The bars are added to x itself, where they begin at 0.")
def begins_with_x(bar, x, pairs):
    return x + collected(bar, x, pairs)


def collected(bar, x, pairs):
    """Return the right x_bar."""
    x_bar = np.zeros_like(x)
    for i, j in pairs:
        x_bar[i] += bar * x[j]
        x_bar[j] += bar * x[i]
    return x_bar


# -------------------------------------------------------------------------------------- test to write
def put_one(checker, backward):
    """Adapt the student's checker: call it with one candidate."""
    return bool(checker(backward))


accumulation_checker = checker("graphs.accumulation_checker", put_one, right=RIGHT, wrong=WRONG, points=4)


@accumulation_checker.mistake(
    "What it misses is what a test on trees misses: where every node is used once, nothing has to be added up."
)
def looks_at_trees_only(backward):
    bars = backward([("p", "multiply", "x", "y"), ("q", "subtract", "p", "z")], {"x": 3.0, "y": 5.0, "z": 2.0})
    return bars == {"x": 5.0, "y": 3.0, "z": -1.0, "p": 1.0, "q": 1.0}


@accumulation_checker.mistake(
    "What it misses is what a single a + a misses: every node is reached at once there, and none can come too early."
)
def looks_at_a_plus_a_only(backward):
    return abs(backward([("b", "add", "a", "a")], {"a": 3.0})["a"] - 2.0) < 1e-9


@accumulation_checker.mistake(
    "What it misses is what a chain of fan-outs misses: all paths to a node have one length there, and every node is used."
)
def looks_at_a_chain_of_fan_outs_only(backward):
    return abs(backward([("b", "add", "a", "a"), ("c", "add", "b", "b")], {"a": 3.0})["a"] - 4.0) < 1e-9


@accumulation_checker.mistake(
    "What it misses is what a test of the used inputs misses: it sees no node that the output does not depend on, and no number."
)
def looks_at_the_used_inputs_only(backward):
    steps = [
        ("p", "multiply", "x", "y"),
        ("q", "multiply", "p", "p"),
        ("r", "multiply", "q", "q"),
        ("s", "add", "r", "p"),
    ]
    bars = backward(steps, {"x": 1.5, "y": -0.7})
    p = 1.5 * -0.7
    return abs(bars["x"] + 0.7 * (4 * p**3 + 1)) < 1e-9 and abs(bars["y"] - 1.5 * (4 * p**3 + 1)) < 1e-9


@accumulation_checker.mistake(
    "It refuses a right one whose bars differ from its own in the last digit: right is right to rounding."
)
def wants_the_last_digit(backward):
    factors = {"p": 0.1, "q": 0.2, "r": 0.3}
    steps = [
        *((name, "multiply", "x", c) for name, c in factors.items()),
        ("s", "add", "p", "q"),
        ("t", "add", "s", "r"),
    ]
    return backward(steps, {"x": 1.0})["x"] == 0.3 + 0.2 + 0.1


@accumulation_checker.mistake("It refuses a right one: of what it refuses nothing can be said then.")
def accepts_nothing(backward):
    return False
