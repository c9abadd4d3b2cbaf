"""Drives: the calls that obtain an exercise's outputs from its inputs, as data.

A drive makes a :class:`Plan`: a chain of calls, and how the outputs are read from what they return. It is written once and the
plan is carried out everywhere: by a student's live kernel, by the model answer, by a declared mistake, and by the model answer
on shadow arrays.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from grader.judging.declare.calls import Call, Chain, Earlier
from grader.judging.declare.inputs import OMITTED

__all__ = [
    "CACHE",
    "Asked",
    "Drive",
    "Malformed",
    "Plan",
    "Reading",
    "Steps",
    "Unread",
    "adapted",
    "adapter_source",
    "backward",
    "direct",
    "drive_kind",
    "forward",
    "outputs_of",
    "passed",
    "read_as",
    "read_outputs",
    "read_steps",
    "returned",
    "steps",
    "trajectory",
]

CACHE = "cache"
"""The last of the values that a forward pass returns."""


class Malformed(Exception):  # noqa: N818 - it names the value, not the event
    """A returned value of another form than was asked for: the student's fault, said in one sentence."""


class Unread(Malformed):
    """A text that cannot be read: it costs nothing but the time to type it again."""


class Steps(list[Any]):
    """Answers of one kind that were obtained one after the other, compared step by step."""


@dataclass(frozen=True)
class Asked:
    """The functions that a drive may call.

    Args:
        unit: the exercise's unit.
        own: short name of the exercise's function.
        pair: short name of its forward pass, if it has one.
        outputs: names of its outputs.
        cache: used in place of the forward pass's cache, which is then not called: the one that the stub documents.
        upstream: names of the inputs that are upstream gradients, of a backward pass.

    """

    unit: str
    own: str
    pair: str | None
    outputs: tuple[str, ...]
    cache: Any = None
    upstream: tuple[str, ...] = ("dout",)

    def call(
        self,
        *args: Any,
        keep: tuple[int, ...] = (),
        adapter: Callable[..., Any] | str | None = None,
        seconds: float | None = None,
    ) -> Call:
        """Make a call of the exercise's own function.

        Args:
            args: what it is called with.
            keep: see :class:`Call`.
            adapter: calls the function beside the student's code: a function (see :func:`adapter_source`), or its source.
            seconds: see :class:`Call`.

        """
        source = adapter_source(adapter) if callable(adapter) else adapter
        return Call(f"{self.unit}.{self.own}", args, keep=keep, adapter=source, seconds=seconds)

    def forward(self, *args: Any, keep: tuple[int, ...] | None = None) -> Call:
        """Make a call of the paired forward pass; by default nothing that it returns crosses."""
        assert self.pair is not None
        return Call(
            f"{self.unit}.{self.pair}", args, keep=tuple(range(len(self.upstream) + 1)) if keep is None else keep
        )


@dataclass(frozen=True)
class Plan:
    """The calls for one input, and the function that reads the outputs from the values that the calls return, in order.

    ``read`` raises :class:`Malformed` where a value has not the form that was asked for.
    """

    chain: Chain
    read: Callable[..., Sequence[Any]]


@dataclass(frozen=True, eq=False)
class Reading:
    """The way from values to outputs, as data: ``function(*values, **given)``, so that it can be done where the bank is not.

    Args:
        function: one plain function, which calls nothing but numpy, what ``grader.judging`` offers to readings, and its helpers.
        given: what it is called with beside the values: plain data.
        helpers: plain functions that it calls.

    """

    function: Callable[..., Sequence[Any]]
    given: Mapping[str, Any]
    helpers: tuple[Callable[..., Any], ...] = ()

    def __call__(self, *values: Any) -> Sequence[Any]:
        """Read the outputs from the values that the calls of a plan returned; errors as :class:`Plan`."""
        return self.function(*values, **self.given)


def read_as(function: Callable[..., Sequence[Any]], /, *helpers: Callable[..., Any], **given: Any) -> Reading:
    """Make a :class:`Reading`: ``function(*values, **given)``, which calls the ``helpers``."""
    return Reading(function, given, helpers)


Drive = Callable[[Asked, Mapping[str, Any]], Plan]
"""From the functions that may be called and the inputs by name to a plan; its outputs come in the order of ``asked.outputs``."""


def outputs_of(value: Any, count: int, function: str, names: Sequence[str] = ()) -> Sequence[Any]:
    """Split a returned value in ``count`` outputs.

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


def direct(asked: Asked, inputs: Mapping[str, Any]) -> Plan:
    """Plan ``f(*inputs)``: its value is the output, or the tuple of outputs."""
    return _of_one(asked, asked.call(*passed(inputs.values())))


def adapted(adapter: Callable[..., Any], *helpers: Callable[..., Any]) -> Drive:
    """Make the drive that plans ``adapter(f, *inputs)``, called beside the student's code: its value is the outputs.

    So are reached classes (f is the class) and functions that take functions (the adapter carries them). ``helpers`` are plain
    functions that the adapter calls.
    """

    def drive(asked: Asked, inputs: Mapping[str, Any]) -> Plan:
        return _of_one(asked, asked.call(*passed(inputs.values()), adapter=adapter_source(adapter, *helpers)))

    return drive


def forward(asked: Asked, inputs: Mapping[str, Any]) -> Plan:
    """Plan ``out, cache = f(*inputs)``: the output is ``out``, or several of them; the cache stays with the student."""
    count = len(asked.outputs)
    call = asked.call(*passed(inputs.values()), keep=(count,))
    return Plan(Chain((call,)), read_as(read_outputs, function=asked.own, names=(*asked.outputs, CACHE), count=count))


def backward(asked: Asked, inputs: Mapping[str, Any]) -> Plan:
    """Plan ``f(dout, cache)`` with the cache of the paired forward pass on the other inputs; upstream gradients come first."""
    above, names = [inputs[name] for name in asked.upstream], returned(asked.upstream)
    if asked.cache is not None:
        return _of_one(asked, asked.call(*above, asked.cache))
    first = asked.forward(*passed(v for k, v in inputs.items() if k not in asked.upstream))
    return _of_one(asked, asked.call(*above, Earlier(0, len(above), names)), first)


def returned(upstream: Sequence[str]) -> tuple[str, ...]:
    """Return the names of what a forward pass returns, by its upstream gradients (``dout`` is that of ``out``), and the cache."""
    return (*(name.removeprefix("d") for name in upstream), CACHE)


def drive_kind(drive: Drive) -> str:
    """Return the name of a drive that is one call, or steps of it, of the student's function as it is; empty for others."""
    known: dict[Drive, str] = {direct: "direct", forward: "forward", backward: "backward", trajectory: "trajectory"}
    return str(getattr(drive, "kind", known.get(drive, "")))


def passed(arguments: Iterable[Any]) -> tuple[Any, ...]:
    """Leave out the arguments that a case omits."""
    return tuple(x for x in arguments if not (isinstance(x, str) and x == OMITTED))


def _of_one(asked: Asked, call: Call, *before: Call) -> Plan:
    """Plan ``call`` after those ``before`` it: the outputs are its own alone."""
    return Plan(Chain((*before, call)), read_as(read_outputs, function=asked.own, names=asked.outputs))


def read_outputs(*values: Any, function: str, names: Sequence[str], count: int | None = None) -> Sequence[Any]:
    """Read the outputs from the value that the last call returned: those of these ``names``, of which the first ``count`` count.

    Raises:
        Malformed: it is no tuple or list of that length.

    """
    return outputs_of(values[-1], len(names), function, names)[:count]


def trajectory(asked: Asked, inputs: Mapping[str, Any]) -> Plan:
    """Plan the steps of an optimizer from ``w`` along the gradients ``dw`` (T, ...), its state handed on unseen.

    The output is the list of all points visited, (T, ...): what the state means is the student's business.
    """
    return steps(asked, len(inputs["dw"]), inputs["w"], inputs["config"], lambda i: (inputs["dw"][i],))


def steps(
    asked: Asked,
    count: int,
    w: Any,
    config: Any,
    given: Callable[[int], tuple[Any, ...]],
    adapter: Callable[..., Any] | None = None,
) -> Plan:
    """Plan ``count`` calls ``w, config = f(w, *given(i), config)``, each from where the one before it ended.

    Args:
        asked: the functions that may be called.
        count: how many steps.
        w: where the first one starts.
        config: of the first call; :data:`OMITTED` makes it without one.
        given: the arguments of step i, from 0, between the point and the config.
        adapter: calls the function beside the student's code.

    """
    names = ("next_w", "config")
    calls: list[Call] = []
    for i in range(count):
        if i == 0:
            start, state = w, passed((config,))
        else:
            start, state = Earlier(i - 1, 0, names), (Earlier(i - 1, 1, names),)
        calls.append(asked.call(start, *given(i), *state, keep=(1,), adapter=adapter))

    return Plan(Chain(tuple(calls)), read_as(read_steps, function=asked.own, names=names))


def read_steps(*values: Any, function: str, names: Sequence[str]) -> tuple[Steps]:
    """Read the one output of a trajectory, the first of what each step returned; errors as :func:`outputs_of`."""
    return (Steps(outputs_of(value, len(names), function, names)[0] for value in values),)


@lru_cache(maxsize=256)
def adapter_source(adapter: Callable[..., Any], *helpers: Callable[..., Any], name: str | None = None) -> str:
    """Return the source of an adapter: one plain function, which runs beside the student's code with numpy as ``np``.

    Args:
        adapter: the function.
        helpers: plain functions that it calls.
        name: what it is called there, where that is not its own name.

    """
    source, *others = (textwrap.dedent(inspect.getsource(function)) for function in (adapter, *helpers))
    if name is not None:
        source = source.replace(f"def {adapter.__name__}(", f"def {name}(", 1)
    return "\n\n".join([source, *others])
