"""Unit 02, a list of steps read as a graph: its inputs and outputs, an order of its steps, and their values."""

from __future__ import annotations

from typing import Any

import numpy as np

Step = tuple[Any, ...]


def inputs_and_outputs(steps: list[Step]) -> tuple[list[str], list[str]]:
    """Tell which nodes of a graph are its inputs, and which its outputs.

    steps: tuples ``(name, operation, *arguments)`` in any order; an argument is a name or a number. An input is a name
    that is used and that no step defines; an output is the name of a step that no step uses. Returns two lists of
    names (tuples will do, sets will not), inputs and outputs, each name once, in any order.
    """
    defined = [name for name, *_ in steps]
    used = {argument for _, _, *arguments in steps for argument in arguments if isinstance(argument, str)}
    return sorted(used - set(defined)), [name for name in defined if name not in used]


def topological_order(steps: list[Step]) -> list[str]:
    """Return the names of a graph's steps in an order in which each comes after all steps that it uses.

    steps: tuples ``(name, operation, *arguments)`` in any order, without a cycle; an argument is a name or a number, and
    a step may use one name twice. Returns a list that holds the name of each step once, and no input's name. Any such
    order is right. A chain of 10,000 steps must work, in a second: no function calls itself for each step of a path, and
    names are looked up in dicts or sets, not in lists. Source: Kahn 1962.
    """
    users: dict[str, list[str]] = {name: [] for name, *_ in steps}
    waits_for: dict[str, int] = {}
    for name, _, *arguments in steps:
        needed = dict.fromkeys(a for a in arguments if isinstance(a, str) and a in users)
        waits_for[name] = len(needed)
        for argument in needed:
            users[argument].append(name)
    order = [name for name, count in waits_for.items() if not count]
    for name in order:  # the list grows while it is read
        for user in users[name]:
            waits_for[user] -= 1
            if not waits_for[user]:
                order.append(user)
    return order


def evaluate(steps: list[Step], inputs: dict[str, float]) -> dict[str, Any]:
    """Compute the value of every node of a graph, its forward pass.

    steps: tuples ``(name, operation, *arguments)`` in any order; an argument is a name or a number. Operations, on
    numbers: add, subtract, multiply, divide, maximum of two arguments, negative, exp, log, tanh of one. inputs: by name,
    of all inputs and perhaps of others that no step uses. Returns the value of every step and of every entry of inputs,
    by name, in a dict that may hold other names too. Nothing overflows or is undefined, and no tanh is taken of more than
    2 in size. A chain of 10,000 steps must work, in a second.
    """
    ### BEGIN SOLUTION
    operations: dict[str, Any] = {
        "add": lambda a, b: a + b,
        "subtract": lambda a, b: a - b,
        "multiply": lambda a, b: a * b,
        "divide": lambda a, b: a / b,
        "maximum": np.maximum,
        "negative": lambda a: -a,
        "exp": np.exp,
        "log": np.log,
        "tanh": np.tanh,
    }
    step_of = {name: (operation, arguments) for name, operation, *arguments in steps}
    values: dict[str, Any] = dict(inputs)
    for name in topological_order(steps):
        operation, arguments = step_of[name]
        values[name] = operations[operation](*(values[a] if isinstance(a, str) else a for a in arguments))
    ### END SOLUTION
    return values
