"""Backpropagation, and what goes wrong without an order or with an assignment in the place of a sum."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import prediction
from grader.bank.graphs.drawing import SLOPES, VALUES, in_turn, inputs
from grader.bank.graphs.order import REGIMES, by_name
from grader.judging import Exercise, contract, example, value

prediction_without_order = prediction(
    "graphs.prediction_without_order",
    {
        4: "That is the derivative dc/da, which a right backpropagation gives. How often does this recursion visit b?",
        2: "That is what arrives at b. It goes on to a through two edges, and how often?",
        12: "That is what a second backward pass leaves, each node's bar kept. Here there is one run.",
        6: "That would be so if each argument were visited as soon as something was added to it. Here both additions come first.",
    },
)

backpropagate = Exercise(
    "graphs.backpropagate",
    {"steps": in_turn(), "inputs": inputs()},
    ("bars",),
    (contract(), example(), value(4)),
    drive=by_name,
    derived=True,
    regimes=REGIMES,
)


def passed_back(steps, inputs, changed=None, collect=None, order=None, seed=1.0):
    """Return the bars of a backward pass that has a fault: changed slopes, another way to collect, another order.

    Args:
        steps: in a valid order.
        inputs: by name.
        changed: slopes by operation, in place of the right ones.
        collect: ``collect(old, new)``, in place of the sum.
        order: the steps in the order in which they hand on their bars, in place of the reverse of ``steps``.
        seed: the bar of the output.

    """
    values = dict(inputs)
    for name, operation, *arguments in steps:
        values[name] = VALUES[operation](*(values.get(a, a) for a in arguments))
    bars = dict.fromkeys(values, 0.0)
    bars[steps[-1][0]] = values[steps[-1][0]] if seed is None else seed
    slopes = {**SLOPES, **(changed or {})}
    for name, operation, *arguments in steps[::-1] if order is None else order:
        at = [values.get(a, a) for a in arguments]
        for argument, slope in zip(arguments, slopes[operation](*at, values[name]), strict=True):
            if argument in bars:
                new = slope * bars[name]
                bars[argument] = bars[argument] + new if collect is None else collect(bars[argument], new)
    return bars


@backpropagate.mistake(
    "A node that several steps use keeps the bar from one of them: each new one replaces what was there. What do paths do?"
)
def overwrites(steps, inputs):
    return passed_back(steps, inputs, collect=lambda old, new: new)


@backpropagate.mistake(
    "A node keeps the first bar that reaches it: those that come later, along other paths, are lost."
)
def takes_the_first_path(steps, inputs):
    return passed_back(steps, inputs, collect=lambda old, new: old if old else new)


@backpropagate.mistake("A step that uses one node twice hands on to it once: a + a has two edges to a.")
def counts_a_double_edge_once(steps, inputs):
    values = dict(inputs)
    for name, operation, *arguments in steps:
        values[name] = VALUES[operation](*(values.get(a, a) for a in arguments))
    bars = dict.fromkeys(values, 0.0)
    bars[steps[-1][0]] = 1.0
    for name, operation, *arguments in reversed(steps):
        slopes = SLOPES[operation](*(values.get(a, a) for a in arguments), values[name])
        for argument, slope in dict(zip(arguments, slopes, strict=True)).items():
            if argument in bars:
                bars[argument] += slope * bars[name]
    return bars


@backpropagate.mistake("The steps hand on their bars in forward order: most of them have none yet.")
def goes_forward(steps, inputs):
    return passed_back(steps, inputs, order=steps)


@backpropagate.mistake(
    "The bar of a subtraction's second argument has the sign of the first. What does a − b do when b grows?"
)
def subtracts_with_two_pluses(steps, inputs):
    return passed_back(steps, inputs, {"subtract": lambda a, b, v: (1.0, 1.0)})


@backpropagate.mistake("A multiplication hands each argument the bar times that argument's own value.")
def multiplies_by_the_own_value(steps, inputs):
    return passed_back(steps, inputs, {"multiply": lambda a, b, v: (a, b)})


@backpropagate.mistake(
    "The slope of a/b in b has the wrong sign: a larger denominator makes the quotient smaller in size."
)
def loses_the_quotients_sign(steps, inputs):
    return passed_back(steps, inputs, {"divide": lambda a, b, v: (1 / b, a / b**2)})


@backpropagate.mistake("The slope of a/b in b holds one power of b too few.")
def forgets_the_square_of_the_denominator(steps, inputs):
    return passed_back(steps, inputs, {"divide": lambda a, b, v: (1 / b, -a / b)})


@backpropagate.mistake("maximum hands the bar to both of its arguments: the smaller one does not move it.")
def copies_through_the_maximum(steps, inputs):
    return passed_back(steps, inputs, {"maximum": lambda a, b, v: (1.0, 1.0)})


@backpropagate.mistake("The slope of exp is taken at the wrong place: it is the value of exp, and not its argument.")
def takes_the_argument_for_the_exponential(steps, inputs):
    return passed_back(steps, inputs, {"exp": lambda a, v: (a,)})


@backpropagate.mistake("The slope of tanh is 1 − tanh² of the step's value: it is the value that is squared.")
def takes_the_tangent_twice(steps, inputs):
    return passed_back(steps, inputs, {"tanh": lambda a, v: (1 - np.tanh(v) ** 2,)})


@backpropagate.mistake("A step that has a number among its arguments hands nothing on: its other argument has a slope.")
def stops_at_numbers(steps, inputs):
    numbered = {name for name, _, *arguments in steps if not all(isinstance(a, str) for a in arguments)}
    return passed_back(steps, inputs, order=[s for s in steps[::-1] if s[0] not in numbered])


@backpropagate.mistake("Every step that no step uses begins with the bar 1: only the last one is the output.")
def seeds_every_end(steps, inputs):
    used = {a for _, _, *arguments in steps for a in arguments}
    values = dict(inputs)
    for name, operation, *arguments in steps:
        values[name] = VALUES[operation](*(values.get(a, a) for a in arguments))
    bars = {name: float(any(name == s[0] for s in steps) and name not in used) for name in values}
    for name, operation, *arguments in reversed(steps):
        slopes = SLOPES[operation](*(values.get(a, a) for a in arguments), values[name])
        for argument, slope in zip(arguments, slopes, strict=True):
            if argument in bars:
                bars[argument] += slope * bars[name]
    return bars


@backpropagate.mistake("The slope of tanh is written in its output, and the argument was put in its place.")
def takes_the_argument_for_the_tangent(steps, inputs):
    return passed_back(steps, inputs, {"tanh": lambda a, v: (1 - a**2,)})


@backpropagate.mistake("The pass begins with the value of the output. What is the derivative of the output in itself?")
def begins_with_the_value(steps, inputs):
    return passed_back(steps, inputs, seed=None)


@backpropagate.mistake(
    "Bars are handed on along every path anew, before a node has all of its own: what arrives first is counted several times."
)
def recurses_without_an_order(steps, inputs):
    if len(steps) > 14:
        raise RecursionError("one visit for each path: too many")
    values = dict(inputs)
    of = {}
    for name, operation, *arguments in steps:
        values[name] = VALUES[operation](*(values.get(a, a) for a in arguments))
        of[name] = (operation, arguments)
    bars = dict.fromkeys(values, 0.0)
    bars[steps[-1][0]] = 1.0

    def visit(name):
        operation, arguments = of.get(name, (None, ()))
        if operation is None:
            return
        slopes = SLOPES[operation](*(values.get(a, a) for a in arguments), values[name])
        for argument, slope in zip(arguments, slopes, strict=True):
            if argument in bars:
                bars[argument] += slope * bars[name]
        for argument in arguments:
            if argument in of:
                visit(argument)

    visit(steps[-1][0])
    return bars


prediction_second_backward = prediction(
    "graphs.prediction_second_backward",
    {
        8: "That would be right if only the inputs kept their bars. Here b keeps its bar from the first run as well.",
        4: "That is the bar after the first run. Nothing is set back before the second.",
        16: "The bar of c is set to 1 in each run, and not added to: only b and a begin with what the first run left.",
    },
)
