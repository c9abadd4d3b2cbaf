"""How answers are obtained from inputs: a drive asks a function, once or in a sequence, and returns its outputs.

A drive is written once and runs everywhere: against a student's live kernel, against the model answer, against a
declared mistake, and against the model answer on shadow arrays. ``ask(function, *args)`` is all it knows.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

__all__ = [
    "ASK_ONCE",
    "Ask",
    "Drive",
    "Malformed",
    "Steps",
    "adapter_source",
    "backward",
    "direct",
    "forward",
    "outputs_of",
    "trajectory",
]


class Ask(Protocol):
    """Asks functions by their short names: ``own`` is the exercise's, ``pair`` its forward pass, if it has one."""

    own: str
    pair: str | None
    outputs: tuple[str, ...]

    def __call__(
        self,
        function: str,
        *args: Any,
        keep: tuple[int, ...] = (),
        adapter: Callable[..., Any] | None = None,
        after: Sequence[Any] | None = None,
    ) -> Any:
        """Call and return the value; positions in ``keep`` of a returned tuple stay with the student.

        ``after``: call the paired forward pass with these arguments before; its cache becomes the last argument.
        """
        ...


Drive = Callable[[Ask, Mapping[str, Any]], Sequence[Any]]
"""From ``ask`` and the inputs by name to the outputs, in the order in which the exercise names them."""


class Malformed(Exception):  # noqa: N818 - it names the value, not the event
    """What came back has not the form that was asked for: the student's fault, said in one sentence."""


class Steps(list[Any]):
    """Answers of one kind that were obtained one after the other, compared step by step."""


def outputs_of(value: Any, count: int, function: str, names: Sequence[str] = ()) -> Sequence[Any]:
    """Split what was returned in ``count`` outputs.

    Raises:
        Malformed: it is no tuple or list of that length.

    """
    if count == 1:
        return (value,)
    if isinstance(value, (tuple, list)) and len(value) == count:
        return value
    came = f"{len(value)} values" if isinstance(value, (tuple, list)) else "one value"
    named = f" ({', '.join(names)})" if names else ""
    raise Malformed(f"{function} must return {count} values{named}, it returned {came}")


def direct(ask: Ask, inputs: Mapping[str, Any]) -> Sequence[Any]:
    """``f(*inputs)``: its value is the output, or the tuple of outputs."""
    return outputs_of(ask(ask.own, *inputs.values()), len(ask.outputs), ask.own, ask.outputs)


def forward(ask: Ask, inputs: Mapping[str, Any]) -> Sequence[Any]:
    """``out, cache = f(*inputs)``: the output is ``out``; the cache stays where it is."""
    out, _ = outputs_of(ask(ask.own, *inputs.values(), keep=(1,)), 2, ask.own, ("out", "cache"))
    return (out,)


def backward(ask: Ask, inputs: Mapping[str, Any]) -> Sequence[Any]:
    """``f(dout, cache)`` with the cache of the paired forward pass on the other inputs."""
    assert ask.pair is not None
    arguments = [v for k, v in inputs.items() if k != "dout"]
    return outputs_of(ask(ask.own, inputs["dout"], after=arguments), len(ask.outputs), ask.own, ask.outputs)


ASK_ONCE: frozenset[Drive] = frozenset([direct, forward, backward])
"""The drives that make one call, which follows from the inputs."""
OMITTED = "omitted"
"""In the place of a config: the first call is made without one, so that a mutable default shows."""


def trajectory(ask: Ask, inputs: Mapping[str, Any]) -> Sequence[Any]:
    """Steps of an optimizer from ``w`` along the gradients ``dw`` (T, ...), its state handed on unseen.

    The output is the array of all points visited, (T, ...): what the state means is the student's business.
    """
    w, state, visited = inputs["w"], inputs["config"], []
    for dw in inputs["dw"]:
        arguments = (w, dw) if isinstance(state, str) and state == OMITTED else (w, dw, state)
        w, state = outputs_of(ask(ask.own, *arguments, keep=(1,)), 2, ask.own, ("next_w", "config"))
        visited.append(w)
    return (Steps(visited),)


@lru_cache(maxsize=256)
def adapter_source(adapter: Callable[..., Any]) -> str:
    """The source of an adapter: one plain function, which runs beside the student's code with numpy as ``np``."""
    return textwrap.dedent(inspect.getsource(adapter))
