"""Answers from plain Python functions in this process: a student's own machine, and the tests of the judge.

Never used for a submission that is graded: there the functions live in a kernel of their own.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import linecache
import textwrap
import traceback
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from grader.judging import (
    Attempt,
    Call,
    Chain,
    Earlier,
    Raised,
    Refused,
    Reply,
    Returned,
    adapter_of,
    copied,
)

__all__ = ["LocalAnswers"]


class LocalAnswers:
    """Answers of functions by their short names (:class:`grader.judging.Answers`).

    Args:
        functions: name to function; an entry that is not callable counts as missing.
        quiet: swallow what the functions print.
        source: the text in which they stand, if that is not to be found by their modules.
        untouched: names of functions that are there and in which nothing was written.

    """

    def __init__(
        self,
        functions: Mapping[str, Any],
        quiet: bool = True,
        source: str | None = None,
        untouched: Collection[str] = (),
    ) -> None:
        self._functions, self._quiet, self._source, self._untouched = functions, quiet, source, untouched

    def attempt(self, function: str) -> Attempt:
        """Tell if a function is there; a stub shows when it is called, before that it counts as attempted."""
        if _short(function) in self._untouched:
            return "not_attempted"
        return "attempted" if callable(self._functions.get(_short(function))) else "missing"

    def source(self, function: str) -> str | None:
        """Return the text of the function's module; in a notebook, of all its cells; None if it cannot be read."""
        return self._source or _source_around(self._functions.get(_short(function)))

    def put(self, chains: Sequence[Chain]) -> Iterator[tuple[Reply, ...]]:
        """Perform chains, each when its replies are asked for."""
        return map(self._perform, chains)

    def _perform(self, chain: Chain) -> tuple[Reply, ...]:
        replies: list[Reply] = []
        values: list[Any] = []
        for call in chain.calls:
            arguments = [_given(argument, chain, values) for argument in call.args]
            if MISSING in arguments:
                break
            reply, value = self._call(call, [argument for (argument,) in arguments])
            replies.append(reply)
            values.append(value)
            if not isinstance(reply, Returned):
                break
        return tuple(replies)

    def _call(self, call: Call, arguments: list[Any]) -> tuple[Reply, Any]:
        """Call a function; return the reply, and the value as later calls of the chain get it."""
        function = self._functions[_short(call.function)]
        before = [copied(argument) for argument in arguments] if call.watch else []
        quiet = contextlib.redirect_stdout(io.StringIO()) if self._quiet else contextlib.nullcontext()
        try:
            with quiet, np.errstate(all="ignore"):
                adapted = function if call.adapter is None else partial(adapter_of(call.adapter), function)
                value = adapted(*arguments)
        except Exception as error:  # an answer too, whatever a student's function raises
            frames = traceback.extract_tb(error.__traceback__)[1:]
            return Raised(type(error).__name__, str(error), "".join(traceback.format_list(frames[-3:]))), None
        mutated = tuple(i for i, (a, b) in enumerate(zip(arguments, before, strict=False)) if not _equal(a, b))
        kept = call.keep if isinstance(value, (tuple, list)) and call.keep and max(call.keep) < len(value) else ()
        try:
            shown = tuple(None if i in kept else v for i, v in enumerate(value)) if kept else value
            crossed = _crossed(shown)
        except _Stays as stays:
            return Refused(f"it returned {stays}, which cannot be graded"), None
        except RecursionError:
            return Refused("it returned a value that is nested too deeply, which cannot be graded"), None
        later = tuple(value[i] if i in kept else v for i, v in enumerate(crossed)) if kept else crossed
        return Returned(crossed, mutated), later


def _source_around(function: Any) -> str | None:
    """Return the text of the module in which a function was defined; in a notebook, that of all functions defined there."""
    with contextlib.suppress(OSError, TypeError):  # cells are no module with a file
        file = inspect.getsourcefile(function) or ""
        module = inspect.getmodule(function)
        if Path(file).exists():
            return "".join(linecache.getlines(file))
        if module is not None:
            return inspect.getsource(module)
    beside = getattr(function, "__globals__", {}).values()
    sources = []
    for other in (*(f for f in beside if inspect.isfunction(f) and f.__module__ == function.__module__), function):
        with contextlib.suppress(OSError, TypeError):
            sources.append(textwrap.dedent(inspect.getsource(other)))
    return "\n".join(sources) or None


MISSING = ()
"""In the place of an argument that an earlier call did not return."""


def _given(argument: Any, chain: Chain, values: Sequence[Any]) -> tuple[Any, ...]:
    """Return an argument of a call in a tuple; :data:`MISSING` if an earlier call did not return it.

    A value that stayed on the student's side is handed on as it is; one that crossed comes back as a fresh copy.
    """
    if not isinstance(argument, Earlier):
        return (copied(argument),)
    value = values[argument.call]
    if not isinstance(value, (tuple, list)) or len(value) != len(argument.names):
        return MISSING
    stayed = argument.position in chain.calls[argument.call].keep
    return (value[argument.position] if stayed else copied(value[argument.position]),)


def _short(function: str) -> str:
    return function.rpartition(".")[2]


class _Stays(Exception):  # noqa: N818 - it names the value, not the event
    """A value that would not come out of a kernel either; the text names it."""


def _crossed(value: Any) -> Any:
    """Return a value as it would arrive from a kernel: no numpy scalars, no subclasses, no views that change later."""
    if isinstance(value, (np.ndarray, np.generic)):
        if value.dtype.kind not in "fiubc" or value.dtype.itemsize > (16 if value.dtype.kind == "c" else 8):
            raise _Stays(f"an array of dtype {value.dtype}")
        return np.array(value, subok=False)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return (list if isinstance(value, list) else tuple)(map(_crossed, value))
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise _Stays("a dict whose keys are not all strings")
        return {key: _crossed(part) for key, part in value.items()}
    raise _Stays(f"a {type(value).__name__} object")


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_equal(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(_equal, a, b))
    return a is b or bool(a == b)
