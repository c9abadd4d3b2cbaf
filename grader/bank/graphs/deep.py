"""Chains of 10,000 steps, through the functions of this unit: worth a point each, apart from what is asked of them otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.graphs.drawing import VALUES, number_of, valid
from grader.bank.graphs.order import (
    keeps_the_order_of_the_list,
    lists_inputs_too,
    runs_backward,
    subtracts_the_wrong_way,
    takes_the_unknown_for_zero,
)
from grader.bank.graphs.passes import begins_with_the_value, goes_forward, subtracts_with_two_pluses
from grader.judging import (
    Asked,
    Chain,
    Drive,
    Exercise,
    Malformed,
    Plan,
    adapter_source,
    contract,
    drawn,
    example,
    read_as,
    value,
)

DEEP = 10_000
DEEP_SEEDS = (2, 15)
"""Of the recipes of large graphs the seeds of those with a chain so long: one of the battery, and the worked example."""


def length_of(making: Any) -> int:
    """Return the number of steps: few, or 10,000."""
    recipe = making.recipe
    if recipe.style == "large" and recipe.seed in DEEP_SEEDS and recipe.sizes[0] in (1, 3):
        return DEEP
    return int(6 + 3 * recipe.sizes[0] + recipe.seed % 3)


def chain(length):
    """Return a chain in a valid order, of which each step uses the one before: a recursion goes as deep as it is long."""
    steps = []
    before = "x"
    for number in range(length):
        operation = (("add", before, 0.001), ("subtract", 0.3, before), ("multiply", before, 1.0001))[number % 3]
        steps.append((f"v{number}", *operation))
        before = f"v{number}"
    return steps


def mixed(steps):
    """Return the steps in another order, always the same."""
    return [steps[k] for k in np.random.default_rng(len(steps)).permutation(len(steps))]


def numbers_of_a_chain(f, length, order, x, names):
    """Adapt a function from a graph and its inputs to numbers by name: of 10,000 numbers only those of some names cross."""
    steps = chain(length)
    found = f(mixed(steps) if order == "mixed" else steps, {"x": x})
    return [found.get(name) for name in names] if isinstance(found, dict) else found


def numbers_of_an_order(f, length):
    """Adapt a function from a graph to the order of its steps: their numbers cross, -1 for a name that is no step's."""
    steps = chain(length)
    order = f(mixed(steps))
    if not isinstance(order, (list, tuple)) or not all(isinstance(name, str) for name in order):
        return None
    number_of = {step[0]: number for number, step in enumerate(steps)}
    return np.array([number_of.get(name, -1) for name in order], dtype=np.int64)


NUMBERS, ORDER = (adapter_source(adapter, chain, mixed) for adapter in (numbers_of_a_chain, numbers_of_an_order))
INPUTS = {"x": 0.7}


def some(steps: list[tuple[Any, ...]]) -> list[str]:
    """Return the names of which numbers are compared: the input, the first, the last, and three between."""
    return ["x", *(steps[k * (len(steps) - 1) // 4][0] for k in range(5))]


def order_of_a_chain(asked: Asked, given: Any) -> Plan:
    """Plan the order of a chain; the output is how many steps stand well in it, and how many other names it holds."""
    reading = read_as(read_order, standing_well, length=given["length"])
    return Plan(Chain((asked.call(given["length"], adapter=ORDER),)), reading)


def read_order(order: Any, length: int) -> tuple[Any]:
    """Read the numbers of steps in an order as how many stand well in it."""
    if not isinstance(order, np.ndarray):
        raise Malformed("topological_order must return a list of names")
    return (standing_well(order, length),)


def standing_well(order, length):
    """Return how many numbers stand in an order once and after the number below them, and how many are -1."""
    known = order[order >= 0]
    often = np.bincount(known, minlength=length)
    place = np.full(length, len(known))
    place[known[::-1]] = np.arange(len(known))[::-1]  # the first place of each
    well = often == 1
    well[1:] &= place[:-1] < place[1:]
    return np.array([well.sum(), len(order) - len(known)], dtype=float)


def values_of_a_chain(asked: Asked, given: Any) -> Plan:
    """Plan the values of a chain, of which some are compared."""
    return numbers_plan(asked, given["length"], "mixed")


def bars_of_a_chain(asked: Asked, given: Any) -> Plan:
    """Plan the bars of a chain, of which some are compared."""
    return numbers_plan(asked, given["length"], "valid")


def numbers_plan(asked: Asked, length: int, order: str) -> Plan:
    """Plan some of the numbers that a function gives to the steps of a chain."""
    names = some(chain(length))
    reading = read_as(read_numbers, number_of, function=asked.own, names=names)
    return Plan(Chain((asked.call(length, order, INPUTS["x"], names, adapter=NUMBERS),)), reading)


def read_numbers(found: Any, function: str, names: list[str]) -> tuple[Any]:
    """Read the numbers of these names."""
    if not isinstance(found, list) or len(found) != len(names):
        raise Malformed(f"{function} must return a dict from names to numbers")
    return (np.stack([number_of(v, f"{function}(...)[{name!r}]") for v, name in zip(found, names, strict=True)]),)


def deep(name: str, asks: str, output: str, drive: Drive) -> Exercise:
    """Declare that a function manages a chain of 10,000 steps: one point."""
    return Exercise(
        name,
        {"length": drawn(length_of)},
        (output,),
        (contract(), example(), value(1)),
        drive=drive,
        derived=True,
        regimes=("randn", "large"),
        asks=asks,
    )


deep_order = deep("graphs.deep_order", "topological_order", "follows", order_of_a_chain)
deep_order.mistake("The steps come back as they were given: some stand before what they use.")(
    keeps_the_order_of_the_list
)
deep_order.mistake("The order is turned around: each step stands before what it uses.")(runs_backward)
deep_order.mistake("The input of the chain stands in the order too: no step computes it.")(lists_inputs_too)

deep_values = deep("graphs.deep_values", "evaluate", "values", values_of_a_chain)
deep_values.mistake("Subtraction has its arguments the wrong way round.")(subtracts_the_wrong_way)
deep_values.mistake("The steps are taken as they stand in the list, and what is not known yet counts as 0.")(
    takes_the_unknown_for_zero
)


@deep_values.mistake("A number among the arguments of a step counts as 0.")
def takes_numbers_for_zero(steps, inputs):
    values = dict(inputs)
    for name, operation, *arguments in valid(steps):
        values[name] = VALUES[operation](*(values.get(a, 0.0) for a in arguments))
    return values


deep_bars = deep("graphs.deep_bars", "backpropagate", "bars", bars_of_a_chain)
deep_bars.mistake("The bar of a subtraction's second argument has the sign of the first.")(subtracts_with_two_pluses)
deep_bars.mistake("The steps hand on their bars in forward order: most of them have none yet.")(goes_forward)
deep_bars.mistake("The pass begins with the value of the output, and not with its derivative in itself.")(
    begins_with_the_value
)
