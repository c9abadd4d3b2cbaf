"""A function with a fault in it, to be found and mended."""

from __future__ import annotations

from grader.bank.forms import planted_fault
from grader.judging import Personal, drawn, upstream

transition_vjp = planted_fault(
    "reverse_mode.transition_vjp",
    {
        "g": upstream("V", "V"),
        "counts": drawn(lambda m: 1.0 + m.rng.integers(0, 9, (m.size("V"), m.size("V")))),
    },
    ("dcounts",),
    planted="loses_an_axis",
    personal=Personal(
        planted=("loses_both_axes", "takes_the_total_for_a_constant", "sums_the_columns", "sums_without_weights")
    ),
    points=2,
    regimes=("randn", "odd", "small"),
)


@transition_vjp.mistake(
    "A sum over the rows lost its axis, and broadcasting lines it up with the columns: the square shape hides it."
)
def loses_an_axis(g, counts):
    total = counts.sum(axis=1, keepdims=True)
    out = counts / total
    inner = (g * out).sum(axis=1)
    return (g - inner) / total


@transition_vjp.mistake(
    "Both sums lost their axes, and broadcasting lines them up with the columns: the square shape hides it."
)
def loses_both_axes(g, counts):
    total = counts.sum(axis=1)
    out = counts / total
    inner = (g * out).sum(axis=1)
    return (g - inner) / total


@transition_vjp.mistake("The sum below the fraction line depends on counts too: its path is missing.")
def takes_the_total_for_a_constant(g, counts):
    return g / counts.sum(axis=1, keepdims=True)


@transition_vjp.mistake("The columns are summed: each row is divided by its own sum.")
def sums_the_columns(g, counts):
    total = counts.sum(axis=0, keepdims=True)
    out = counts / total
    return (g - (g * out).sum(axis=0, keepdims=True)) / total


@transition_vjp.mistake("The upstream gradient of a row is summed without the weights out.")
def sums_without_weights(g, counts):
    total = counts.sum(axis=1, keepdims=True)
    return (g - g.sum(axis=1, keepdims=True)) / total
