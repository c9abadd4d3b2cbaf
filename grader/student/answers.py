"""Answers from plain Python functions in this process: a student's own machine, and the tests of the judge.

Never used for a submission that is graded: there the functions live in a kernel of their own.
"""

from __future__ import annotations

import contextlib
import io
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judging.asking.answers import NO_PAIR, Attempt, Call, Raised, Refused, Reply, Returned
from grader.judging.cases.case import copied

__all__ = ["LocalAnswers"]


@dataclass(frozen=True)
class _Kept:
    """What stays with the student: a cache, an optimizer's state."""

    thing: Any


class LocalAnswers:
    """Answers of functions by their short names.

    Args:
        functions: name to function; what is not callable counts as missing.
        quiet: swallow what the functions print.

    """

    def __init__(self, functions: Mapping[str, Any], quiet: bool = True) -> None:
        self._functions, self._quiet = functions, quiet
        self._adapters: dict[str, Callable[..., Any]] = {}

    def attempt(self, function: str) -> Attempt:
        """A stub shows when it is called; before that, what is there counts as attempted."""
        return "attempted" if callable(self._functions.get(_short(function))) else "missing"

    def call(self, call: Call) -> Reply:
        """Call on fresh copies of the arguments."""
        function = self._functions[_short(call.function)]
        given = call.args
        if call.after is not None:
            before_it = self.call(call.after)
            if not isinstance(before_it, Returned):
                return before_it
            if not isinstance(before_it.value, (tuple, list)) or len(before_it.value) != 2:
                return Refused(NO_PAIR)
            given = (*given, before_it.value[1])
        arguments = [a.thing if isinstance(a, _Kept) else copied(a) for a in given]
        before = [copied(a) for a in arguments] if call.watch else []
        quiet = contextlib.redirect_stdout(io.StringIO()) if self._quiet else contextlib.nullcontext()
        try:
            with quiet, np.errstate(all="ignore"):
                if call.adapter is not None:
                    value = self._adapter(call.adapter)(function, *arguments, **call.kwargs)
                else:
                    value = function(*arguments, **call.kwargs)
        except Exception as error:  # whatever a student's function raises is an answer
            frames = traceback.extract_tb(error.__traceback__)[1:]
            return Raised(type(error).__name__, str(error), "".join(traceback.format_list(frames[-3:])))
        mutated = tuple(i for i, (a, b) in enumerate(zip(arguments, before, strict=False)) if not _equal(a, b))
        if isinstance(value, tuple) and call.keep and max(call.keep) < len(value):
            value = tuple(_Kept(v) if i in call.keep else v for i, v in enumerate(value))
        try:
            return Returned(_crossed(value), mutated)
        except _Stays as stays:
            return Refused(f"it returned {stays}, which cannot be graded")
        except RecursionError:
            return Refused("it returned a value that is nested too deeply, which cannot be graded")

    def calls(self, calls: Sequence[Call]) -> Iterator[Reply]:
        """One after the other."""
        return map(self.call, calls)

    def _adapter(self, source: str) -> Callable[..., Any]:
        if source not in self._adapters:
            scope: dict[str, Any] = {"np": np}
            exec(source, scope)  # noqa: S102 - an adapter is the bank's own source, not the student's
            self._adapters[source] = next(
                v for k, v in scope.items() if callable(v) and not k.startswith("__") and k != "np"
            )
        return self._adapters[source]


def _short(function: str) -> str:
    return function.rpartition(".")[2]


class _Stays(Exception):  # noqa: N818 - it names the value, not the event
    """A value that would not come out of a kernel either; the text names it."""


def _crossed(value: Any) -> Any:
    """As it would arrive from a kernel: no numpy scalars, no subclasses, no views that change later, and nothing but data."""
    if isinstance(value, (np.ndarray, np.generic)):
        if value.dtype.kind not in "fiubc" or value.dtype.itemsize > (16 if value.dtype.kind == "c" else 8):
            raise _Stays(f"an array of dtype {value.dtype}")
        return np.array(value, subok=False)
    if value is None or isinstance(value, (bool, int, float, str, _Kept)):
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
