"""The few lines of Python that show a fault again in the student's own notebook: the inputs, the call, what was expected."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from keyword import kwlist
from typing import Any, Literal

from grader.judging import Exercise, drive_kind
from grader.report.arrays import as_python, plain
from grader.report.text import inline
from grader.result import Counterexample

__all__ = ["HowCalled", "how_called", "repro"]

LONGEST = 6000
"""More characters than this nobody copies."""
_OMITTED = "omitted"
"""What a counterexample holds in the place of an argument that was left out of the call."""


@dataclass(frozen=True)
class HowCalled:
    """The way in which a function is called in a notebook to obtain its outputs.

    Args:
        kind: ``direct``: ``outputs = function(*inputs)``; ``forward``: with a cache beside; ``backward``: on the cache of ``pair``;
            ``trajectory``: once for each gradient in ``dw``, its state handed on.
        function: short name of the function.
        pair: of a backward pass its forward pass.
        outputs: names of what it returns, in order; without any, the value is printed as it is.
        arrays: names of inputs that are arrays, also where one of no axes is a number in a result.
        tuples: names of inputs that are tuples: a result holds them as lists.
        texts: names of inputs that are texts: in a result a text may also describe a value that is too large.
        upstream: of a backward pass the inputs that are upstream gradients.

    """

    kind: Literal["direct", "forward", "backward", "trajectory"]
    function: str
    pair: str = ""
    outputs: tuple[str, ...] = ()
    arrays: tuple[str, ...] = ()
    tuples: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    upstream: tuple[str, ...] = ("dout",)


def how_called(exercise: Exercise) -> HowCalled | None:
    """Return how the function of an exercise is called; None if more than its inputs is needed (a class, a function, a graph)."""
    match drive_kind(exercise.drive):
        case "direct" | "forward" as kind:
            return HowCalled(kind, exercise.function, outputs=exercise.outputs)
        case "backward" if exercise.pair:
            return HowCalled("backward", exercise.function, exercise.pair, exercise.outputs, upstream=exercise.upstream)
        case "trajectory":
            return HowCalled("trajectory", exercise.function)
        case _:
            return None


def by_name(function: str, outputs: Sequence[str], inputs: Mapping[str, Any]) -> HowCalled | None:
    """Guess how a function is called from its name, for what the course calls a forward and a backward pass; else None."""
    if function.endswith("_backward") and "dout" in inputs:
        return HowCalled("backward", function, function.removesuffix("backward") + "forward", tuple(outputs))
    return HowCalled("forward", function, outputs=tuple(outputs)) if function.endswith("_forward") else None


def repro(example: Counterexample, called: HowCalled | None) -> str:
    """Return Python lines that rebuild the inputs, call the function, and name the value expected in a comment.

    Without ``called``, or where an input cannot be written down, there is no call; where nothing can be, the text is empty.
    """
    built = _built(example.inputs, called)
    if not built:
        return ""
    written = {line.partition(" = ")[0] for line in built.split("\n")}
    given = [name for name, value in example.inputs.items() if value != _OMITTED]
    rows = ["import numpy as np", "", built]
    if called is not None and set(given) <= written:
        if not example.expected:  # the form of what comes back is at fault: it is shown as it is
            called = replace(called, outputs=())
        rows += ["", *_calls(called, given)]
        rows.append(_shown(called, next(iter(example.expected), "")))
    rows += [f"# expected: {_value(name, value)}" for name, value in example.expected.items()]
    return "\n".join(row for i, row in enumerate(rows) if row or rows[i - 1])


def _built(inputs: Mapping[str, Any], called: HowCalled | None) -> str:
    """Return the lines that build the inputs, in their order; empty if they are too long."""
    text = "\n".join(filter(None, (_line(name, value, called) for name, value in inputs.items())))
    return text if len(text) <= LONGEST else ""


def _line(name: str, value: Any, called: HowCalled | None) -> str:
    """Return the line that builds an input in the type that the function gets; empty if it cannot be written."""
    line = as_python({name: value})
    if called is None or not name.isidentifier():
        return line
    if name in called.texts and isinstance(value, str):
        return f"{name} = {inline(value, 80)!r}"
    if name in called.tuples and isinstance(value, list) and all(type(v) is int for v in value):
        return f"{name} = {tuple(value)}"
    if name in called.arrays and type(value) in (int, float) and line:
        return f"{name} = np.array({line.partition(' = ')[2]})"
    return line


def _calls(called: HowCalled, given: Sequence[str]) -> list[str]:
    left = ", ".join(called.outputs) if _assignable(called) else "answer"
    match called.kind:
        case "forward" if not called.outputs:
            return [f"answer = {called.function}({', '.join(given)})"]
        case "direct":
            return [f"{left} = {called.function}({', '.join(given)})"]
        case "forward":
            return [f"{', '.join(called.outputs)}, cache = {called.function}({', '.join(given)})"]
        case "backward":
            others = ", ".join(name for name in given if name not in called.upstream)
            outs = ", ".join(name.removeprefix("d") for name in called.upstream)
            above = ", ".join(called.upstream)
            return [f"{outs}, cache = {called.pair}({others})", f"{left} = {called.function}({above}, cache)"]
        case "trajectory":
            first = ["path = []"] if "config" in given else ["path, config = [], None"]
            step = f"    w, config = {called.function}(w, gradient, config)"
            return [*first, "for gradient in dw:", step, "    path.append(w)"]


def _shown(called: HowCalled, name: str) -> str:
    if called.kind == "trajectory":
        return "print(np.array(path))"
    if called.kind == "forward" and called.outputs:
        return f"print({name if name in called.outputs else called.outputs[0]})"
    return f"print({name if name in called.outputs and _assignable(called) else 'answer'})"


def _assignable(called: HowCalled) -> bool:
    """Return True if the outputs can be assigned to their names, and nothing that the notebook still needs is lost by that."""
    needed = {called.function, called.pair, *dir(builtins), *kwlist}
    return bool(called.outputs) and all(name.isidentifier() and name not in needed for name in called.outputs)


def _value(name: str, value: Any) -> str:
    """Return an expected value as one line: as Python where it can be written, else in words."""
    return as_python({name: value}) or f"{inline(name, 40)} is {plain(value)}"
