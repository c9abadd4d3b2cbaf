"""Backpropagations for the student's checker to judge, right ones and wrong ones: each stands alone, as it travels.

They take steps ``(name, operation, a, b)`` in a valid order, of add, subtract and multiply on names and numbers, and the inputs by
name; they return the bar of every input and step.
"""

from __future__ import annotations

import numpy as np

__all__ = ["RIGHT", "WRONG"]


def in_reverse(steps, inputs):
    """It goes from the last step to the first, and adds to the bars of each one's arguments."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    bars = dict.fromkeys(values, 0.0)
    bars[steps[-1][0]] = 1.0
    for name, op, a, b in reversed(steps):
        slopes = {
            "add": (1.0, 1.0),
            "subtract": (1.0, -1.0),
            "multiply": (values.get(b, b), values.get(a, a)),
        }[op]
        for argument, slope in zip((a, b), slopes, strict=True):
            if argument in bars:
                bars[argument] += slope * bars[name]
    return bars


def by_users(steps, inputs):
    """It asks for each node which steps use it, and sums what they hand on."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    known = {steps[-1][0]: 1.0}

    def bar(node):
        if node not in known:
            total = 0.0
            for name, op, a, b in steps:
                if a == node:
                    total += bar(name) * (values.get(b, b) if op == "multiply" else 1.0)
                if b == node:
                    total += bar(name) * {"add": 1.0, "subtract": -1.0, "multiply": values.get(a, a)}[op]
            known[node] = total
        return known[node]

    return {node: bar(node) for node in values}


def by_tangents(steps, inputs):
    """It works forward, once for every node, and sees how fast the output moves with it."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    bars = {}
    for node in values:
        moved = {node: 1.0}
        for name, op, a, b in steps:
            if name != node:
                da, db = moved.get(a, 0.0), moved.get(b, 0.0)
                va, vb = values.get(a, a), values.get(b, b)
                moved[name] = {"add": da + db, "subtract": da - db, "multiply": da * vb + va * db}[op]
        bars[node] = float(moved.get(steps[-1][0], 0.0))
    return bars


def by_a_linear_system(steps, inputs):
    """It solves a linear system for all bars at once: right to rounding, not to the last digit."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    nodes = list(values)
    J = np.zeros((len(nodes), len(nodes)))
    for name, op, a, b in steps:
        slope = {"add": (1.0, 1.0), "subtract": (1.0, -1.0), "multiply": (values.get(b, b), values.get(a, a))}[op]
        for k in (0, 1):
            if (a, b)[k] in values:
                J[nodes.index(name), nodes.index((a, b)[k])] += slope[k]
    seed = np.zeros(len(nodes))
    seed[nodes.index(steps[-1][0])] = 1.0
    bars = np.linalg.solve(np.eye(len(nodes)) - J.T, seed)
    return {node: float(bars[k]) for k, node in enumerate(nodes)}


def overwriting(steps, inputs):
    """Keep the bar from the last user only."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    bars = dict.fromkeys(values, 0.0)
    bars[steps[-1][0]] = 1.0
    for name, op, a, b in reversed(steps):
        slopes = {"add": (1.0, 1.0), "subtract": (1.0, -1.0), "multiply": (values.get(b, b), values.get(a, a))}[op]
        for argument, slope in zip((a, b), slopes, strict=True):
            if argument in bars:
                bars[argument] = slope * bars[name]
    return bars


def first_come(steps, inputs):
    """Keep the bar that arrives first."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    bars = dict.fromkeys(values, 0.0)
    bars[steps[-1][0]] = 1.0
    for name, op, a, b in reversed(steps):
        slopes = {"add": (1.0, 1.0), "subtract": (1.0, -1.0), "multiply": (values.get(b, b), values.get(a, a))}[op]
        for argument, slope in zip((a, b), slopes, strict=True):
            if argument in bars and bars[argument] == 0.0:
                bars[argument] = slope * bars[name]
    return bars


def one_edge_a_pair(steps, inputs):
    """Lose one of two edges between the same nodes."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    bars = dict.fromkeys(values, 0.0)
    bars[steps[-1][0]] = 1.0
    for name, op, a, b in reversed(steps):
        slopes = {"add": (1.0, 1.0), "subtract": (1.0, -1.0), "multiply": (values.get(b, b), values.get(a, a))}[op]
        for argument, slope in {a: slopes[0], b: slopes[1]}.items():
            if argument in bars:
                bars[argument] += slope * bars[name]
    return bars


def numbers_dropped(steps, inputs):
    """Pair the names that are left with the first slopes."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    bars = dict.fromkeys(values, 0.0)
    bars[steps[-1][0]] = 1.0
    for name, op, a, b in reversed(steps):
        slopes = {"add": (1.0, 1.0), "subtract": (1.0, -1.0), "multiply": (values.get(b, b), values.get(a, a))}[op]
        for argument, slope in zip([n for n in (a, b) if n in bars], slopes, strict=False):
            bars[argument] += slope * bars[name]
    return bars


def every_end_seeded(steps, inputs):
    """Seed dead ends as well as the output."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    used = {n for _, _, a, b in steps for n in (a, b)}
    bars = {n: 0.0 if n in used or n in inputs else 1.0 for n in values}
    for name, op, a, b in reversed(steps):
        slopes = {"add": (1.0, 1.0), "subtract": (1.0, -1.0), "multiply": (values.get(b, b), values.get(a, a))}[op]
        for argument, slope in zip((a, b), slopes, strict=True):
            if argument in bars:
                bars[argument] += slope * bars[name]
    return bars


def unused_left_out(steps, inputs):
    """Return the bars that were reached."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    bars = {steps[-1][0]: 1.0}
    for name, op, a, b in reversed(steps):
        slopes = {"add": (1.0, 1.0), "subtract": (1.0, -1.0), "multiply": (values.get(b, b), values.get(a, a))}[op]
        for argument, slope in zip((a, b), slopes, strict=True):
            if argument in values and name in bars:
                bars[argument] = bars.get(argument, 0.0) + slope * bars[name]
    return bars


def idle_inputs_left_out(steps, inputs):
    """Return no bar for an input that no step uses."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    used = {n for _, _, a, b in steps for n in (a, b)}
    bars = {n: 0.0 for n in values if n in used or n not in inputs}
    bars[steps[-1][0]] = 1.0
    for name, op, a, b in reversed(steps):
        slopes = {"add": (1.0, 1.0), "subtract": (1.0, -1.0), "multiply": (values.get(b, b), values.get(a, a))}[op]
        for argument, slope in zip((a, b), slopes, strict=True):
            if argument in bars:
                bars[argument] += slope * bars[name]
    return bars


def plus_for_minus(steps, inputs):
    """Add the bar of a difference to both of its arguments."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    bars = dict.fromkeys(values, 0.0)
    bars[steps[-1][0]] = 1.0
    for name, op, a, b in reversed(steps):
        slopes = {"add": (1.0, 1.0), "subtract": (1.0, 1.0), "multiply": (values.get(b, b), values.get(a, a))}[op]
        for argument, slope in zip((a, b), slopes, strict=True):
            if argument in bars:
                bars[argument] += slope * bars[name]
    return bars


def without_an_order(steps, inputs):
    """Hand on along every path, before a node has all of its bar."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    bars = dict.fromkeys(values, 0.0)
    bars[steps[-1][0]] = 1.0
    of = {step[0]: step for step in steps}
    waiting = [steps[-1][0]]
    while waiting:
        name, op, a, b = of[waiting.pop()]
        slopes = {"add": (1.0, 1.0), "subtract": (1.0, -1.0), "multiply": (values.get(b, b), values.get(a, a))}[op]
        for argument, slope in zip((a, b), slopes, strict=True):
            if argument in bars:
                bars[argument] += slope * bars[name]
        waiting += [argument for argument in (a, b) if argument in of]
    return bars


def level_by_level(steps, inputs):
    """Visit each node once, in the order of its distance from the output: too early where a longer path leads to it too."""
    values = dict(inputs)
    for name, op, a, b in steps:
        p, q = values.get(a, a), values.get(b, b)
        values[name] = {"add": p + q, "subtract": p - q, "multiply": p * q}[op]
    bars = dict.fromkeys(values, 0.0)
    bars[steps[-1][0]] = 1.0
    of = {step[0]: step for step in steps}
    waiting = [steps[-1][0]]
    for node in waiting:
        name, op, a, b = of[node]
        slopes = {"add": (1.0, 1.0), "subtract": (1.0, -1.0), "multiply": (values.get(b, b), values.get(a, a))}[op]
        for argument, slope in zip((a, b), slopes, strict=True):
            if argument in bars:
                bars[argument] += slope * bars[name]
            if argument in of and argument not in waiting:
                waiting.append(argument)
    return bars


RIGHT = [in_reverse, by_users, by_tangents, by_a_linear_system]
WRONG = {
    "one that overwrites, = for +=": overwriting,
    "one that keeps the first path only": first_come,
    "one that counts the two edges of a + a once": one_edge_a_pair,
    "one that drops numbers before it pairs arguments with slopes": numbers_dropped,
    "one that begins at every node that nothing uses": every_end_seeded,
    "one that returns no bar for what the output does not need": unused_left_out,
    "one that returns no bar for an input that no step uses": idle_inputs_left_out,
    "one that adds the bar of a difference to both arguments": plus_for_minus,
    "one that recurses without an order: 8 for 4": without_an_order,
    "one that goes by the distance from the output": level_by_level,
}
