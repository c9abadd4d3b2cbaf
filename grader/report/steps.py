"""The steps of a graph in words: how an operation is written, and which steps inherit the fault of an earlier one.

``card_values`` writes them as a table, ``step_arcs`` draws them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.report.arrays import plain
from grader.report.text import inline

__all__ = ["Step", "Steps", "first_wrong", "steps_of", "written"]

NAME, VALUE = 24, 80
"""The most characters of a name, and of a value or an operation."""

WRITTEN = {
    "add": "{} + {}",
    "subtract": "{} − {}",
    "multiply": "{} × {}",
    "divide": "{} / {}",
    "power": "{} ^ {}",
    "negative": "−{}",
    "square": "{}²",
    "transpose": "{}ᵀ",
    "matmul": "{} @ {}",
    "maximum": "max({}, {})",
    "minimum": "min({}, {})",
}
"""How an operation is written; the others as functions, by their names."""


def written(operation: str, arguments: Sequence[str]) -> str:
    """Return an operation on its arguments as text: ``a + b``, ``exp(a)``; one with too few arguments is written as a function."""
    form = WRITTEN.get(operation)
    if form is None or form.count("{}") != len(arguments):
        return f"{operation}({', '.join(arguments)})"
    return form.format(*arguments)


@dataclass(frozen=True)
class Step:
    """A step of a graph as it is shown: all of it clean text.

    ``state`` is ``wrong`` for the first that is, ``inherited`` for one that is wrong for its sake alone, ``too`` for one that is
    wrong even with the first put right, ``using`` for one that uses a wrong one, of which nothing more is known; ``uses`` are the
    names of the values that it is made of.
    """

    name: str
    written: str
    value: str
    state: str = ""
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Steps:
    """A graph as a table of steps; ``expected`` is what the value of the first wrong one must be, empty if it is not known.

    ``last``: the first that is known to be wrong is the last of all; often it alone is known, and one before it may be at fault.
    """

    inputs: tuple[Step, ...]
    steps: tuple[Step, ...]
    expected: str = ""
    last: bool = False


def steps_of(graph: Mapping[str, Any]) -> Steps | None:
    """Read the graph of a counterexample (see ``grader.result``); None if there is none, or if it has another form."""
    try:
        inputs = tuple(Step(_name(k), "", plain(v, VALUE)) for k, v in graph.get("inputs", {}).items())
        wrong = graph.get("wrong") or ""
        reached = {wrong} if wrong else set()
        heirs, others = graph.get("inherited"), graph.get("still_wrong", ())
        steps = []
        for step in graph.get("steps", ()):
            names = [a for a in step["arguments"] if isinstance(a, str)]
            uses_wrong = bool(reached & set(names))
            if step["name"] in (wrong, *others):
                state = "wrong" if step["name"] == wrong else "too"
            elif uses_wrong:  # a result that was written before there was a list of them says nothing of heirs
                state = "inherited" if heirs is None or step["name"] in heirs else "using"
            else:
                state = ""
            reached |= {step["name"]} if state else set()
            arguments = [_name(a) if isinstance(a, str) else plain(a, NAME) for a in step["arguments"]]
            said = written(_name(step["operation"]), arguments)
            value, uses = plain(step["value"], VALUE), tuple(map(_name, names))
            steps.append(Step(_name(step["name"]), inline(said, VALUE), value, state, uses))
        expected = graph.get("expected")
        if not steps:
            return None
        return Steps(
            inputs, tuple(steps), "" if expected is None else plain(expected, VALUE), steps[-1].state == "wrong"
        )
    except (AttributeError, KeyError, TypeError):
        return None  # a result that was written by another hand


def first_wrong(graph: Mapping[str, Any]) -> str:
    """Return the sentence on the first step that is wrong; empty if it is not known."""
    found = steps_of(graph)
    step = next((s for s in found.steps if s.state == "wrong"), None) if found else None
    if found is None or step is None:
        return ""
    must = f", it must be {found.expected}" if found.expected else ""
    return f"{step.name} = {step.written} is {step.value}{must}"


def _name(text: str) -> str:
    return inline(text, NAME)
