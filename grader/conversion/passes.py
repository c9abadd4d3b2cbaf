"""Forward passes with a cache and their backward passes, as a course on backprop writes them: told by names and by shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.conversion.asserts import Seen
from grader.conversion.functions import Function
from grader.conversion.inputs import Declared, bound_in, shape_of_value
from grader.conversion.texts import Asked

__all__ = ["is_backward", "is_forward", "with_backward"]

SAY = "FILL IN: declare it by backward_pass, with the inputs of its forward pass and the dimensions of its output"


def is_forward(function: Function) -> bool:
    """Return True for a function that returns an output and a cache."""
    return len(function.returns) == 2 and function.returns[1] == "cache"


def is_backward(function: Function, functions: Mapping[str, Function]) -> bool:
    """Return True for a function of an upstream gradient and a cache, beside which its forward pass stands."""
    pair = functions.get(function.name.replace("_backward", "_forward"))
    arguments = function.node.args
    two = len(arguments.args) == 2 and not arguments.posonlyargs and not arguments.kwonlyargs
    return function.name.endswith("_backward") and two and pair is not None and is_forward(pair)


def with_backward(asked: Asked, pair: Asked | None, seen: Sequence[Seen], before: Sequence[Seen]) -> Asked:
    """Return a backward pass with what it is drawn from: the inputs of its forward pass, and the dimensions of that one's output.

    Args:
        asked: the backward pass.
        pair: its forward pass, if that is an exercise.
        seen: the calls of the backward pass in tests.
        before: those of the forward pass.

    """
    unsaid = replace(asked, declared=_unsaid(asked))
    if pair is None or pair.declared.unknown:
        return unsaid
    due = {f"d{name}" for name in pair.declared.inputs}
    dims = _dims(pair, seen, before)
    if not set(asked.function.returns) <= due or not dims:
        return unsaid
    words = {word for word in pair.declared.words if any(f"{word}(" in text for text in pair.declared.drawn.values())}
    made = replace(pair.declared, inputs=pair.declared.drawn, words=words)  # an asserted input has no upstream gradient
    return replace(asked, declared=made, form="backward_pass", out=dims)


def _unsaid(asked: Asked) -> Declared:
    names = [a.arg for a in asked.function.node.args.args]
    return Declared(inputs=dict.fromkeys(names, f'unsaid("{SAY}")'), words={"unsaid"}, unknown=names)


def _dims(pair: Asked, seen: Sequence[Seen], before: Sequence[Seen]) -> tuple[str, ...]:
    """Return the names of the dimensions of an upstream gradient, by their lengths in a test; nothing where that leaves a doubt."""
    parameters = [*pair.declared.inputs]
    for call in seen:
        given = [*call.call.args, *call.call.named.values()]
        shape = shape_of_value(given[0]) if given else None
        for forward in (s for s in before if s.cell <= call.cell):
            bound = bound_in(parameters, forward.call) or {}
            lengths: dict[int, set[str]] = {}
            for (name, axis), dim in pair.declared.axes.items():
                known = shape_of_value(bound.get(name))
                if known is not None and axis < len(known):
                    lengths.setdefault(known[axis], set()).add(dim)
            found = [lengths.get(n, set()) for n in shape or ()]
            if found and all(len(names) == 1 for names in found):
                return tuple(next(iter(names)) for names in found)
            alike = [n for n in parameters if shape and shape_of_value(bound.get(n)) == shape]
            if len(alike) == 1 and shape:
                return tuple(pair.declared.axes[alike[0], axis] for axis in range(len(shape)))
    return ()
