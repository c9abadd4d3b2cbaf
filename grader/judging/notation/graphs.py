"""Graphs as data: a straight-line program ``[("s3", "mul", "s1", "s2"), ...]`` is read and evaluated here.

A step is a tuple ``(name, operation, *arguments)``; an argument is a number, an earlier step's name, or the name of an input, which
no step defines. Students return such lists; nothing of theirs is run to evaluate them. Any valid order and any equivalent graph is
as good as another: graphs are compared by what they compute.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judging.declare import Malformed
from grader.judging.notation.operations import OPERATIONS, perform

__all__ = ["OPERATIONS", "Graph", "Step", "read_graph"]

MOST_STEPS = 500
NAME = 60
"""The most characters of a name that are shown."""


@dataclass(frozen=True)
class Step:
    """One step: the node that it defines, its operation, and its arguments, numbers or names."""

    name: str
    operation: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Graph:
    """Steps in the order in which they were written, each name defined once."""

    steps: tuple[Step, ...]

    def values(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate every node.

        Args:
            inputs: by name, arrays or numbers.

        Raises:
            Malformed: a name is neither an input nor a step, steps wait for each other, or shapes do not fit.

        """
        values: dict[str, Any] = dict(inputs)
        with np.errstate(all="ignore"):
            for step in self.in_order(frozenset(inputs)):
                args = [values[a] if isinstance(a, str) else a for a in step.arguments]
                try:
                    values[step.name] = perform(step.operation, args)
                except ValueError as error:
                    raise Malformed(f"step {step.name}: {error}") from None
        return values

    def in_order(self, inputs: frozenset[str]) -> list[Step]:
        """Return the steps with each behind those whose values it takes: in the order they were written, where that is one.

        Raises:
            Malformed: a name is neither an input nor a step, or steps wait for each other.

        """
        known, waiting, order = set(inputs), list(self.steps), []
        defined = {step.name for step in self.steps}
        for step in self.steps:
            if step.name in inputs:
                raise Malformed(f"step {step.name} has the name of an input: no step may define it again")
            for name in step.arguments:
                if isinstance(name, str) and name not in defined | inputs:
                    raise Malformed(_unknown(step, name, defined | inputs))
        while waiting:
            ready = [s for s in waiting if all(a in known for a in s.arguments if isinstance(a, str))]
            if not ready:
                names = ", ".join(s.name for s in waiting[:5])
                raise Malformed(f"there is a circle: {names} wait for each other")
            order += ready
            known |= {s.name for s in ready}
            waiting = [s for s in waiting if s.name not in known]
        return order


def _unknown(step: Step, name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), 1)
    hint = f": did you mean {near[0]}?" if near else f"; the inputs and steps are {', '.join(sorted(known)[:12])}"
    return f"step {step.name} takes {name[:NAME]!r}, which is neither an input nor a step{hint}"


def read_graph(value: Any, function: str) -> Graph:
    """Read what a student's function returned as a graph.

    Raises:
        Malformed: it is no list of steps; the message names the first that is none, and why.

    """
    if not isinstance(value, (list, tuple)) or not value:
        raise Malformed(
            f"{function} must return a list of steps (name, operation, *arguments); it returned {_kind(value)}"
        )
    if len(value) > MOST_STEPS:
        raise Malformed(f"{function} returned {len(value)} steps; at most {MOST_STEPS} are read")
    steps = [_step(part, number) for number, part in enumerate(value, 1)]
    seen: set[str] = set()
    for step in steps:
        if step.name in seen:
            cut = f" (of a name the first {NAME} characters are read)" if len(step.name) == NAME else ""
            raise Malformed(f"two steps define {step.name}: each name is defined once{cut}")
        seen.add(step.name)
    return Graph(tuple(steps))


def _step(part: Any, number: int) -> Step:
    if not isinstance(part, (list, tuple)) or len(part) < 2 or not all(isinstance(text, str) for text in part[:2]):
        raise Malformed(
            f"step {number} is {_kind(part)}: a step is a tuple (name, operation, *arguments), the first two strings"
        )
    name, operation, *arguments = part
    name = name[:NAME]
    if operation not in OPERATIONS:
        near = difflib.get_close_matches(operation, list(OPERATIONS), 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(OPERATIONS)}"
        raise Malformed(f"step {name}: there is no operation {operation[:NAME]!r}: {hint}")
    count = OPERATIONS[operation][0]
    if len(arguments) != count:
        raise Malformed(f"step {name}: {operation} takes {count} argument{'s' * (count != 1)}, it has {len(arguments)}")
    return Step(name, operation, tuple(_argument(a, name) for a in arguments))


def _argument(argument: Any, step: str) -> Any:
    if isinstance(argument, np.ndarray) and argument.ndim == 0:
        argument = argument.item()
    if isinstance(argument, str):
        return argument[:NAME]
    if isinstance(argument, bool) or not isinstance(argument, (int, float)) or abs(argument) > 1e300:
        raise Malformed(f"step {step}: an argument is {_kind(argument)}: arguments are names or numbers")
    return float(argument)


def _kind(value: Any) -> str:
    if value is None:
        return "None: is a return missing?"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a {type(value).__name__}"
