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
        except KeyboardInterrupt:  # by the student: no answer, and no reason to go on
            raise
        except BaseException as error:
            # An answer too, whatever a student's function raises: sys.exit() ends the call alone.
            return _raised(error), None
        mutated = tuple(i for i, (a, b) in enumerate(zip(arguments, before, strict=False)) if not _equal(a, b))
        parts = _data(value) if issubclass(type(value), (tuple, list)) else ()
        kept = call.keep if call.keep and max(call.keep) < len(parts) else ()
        try:
            crossed = _crossed(tuple(None if i in kept else v for i, v in enumerate(parts)) if kept else value)
        except _Stays as stays:
            return Refused(f"it returned {stays}, which cannot be graded"), None
        later = tuple(parts[i] if i in kept else v for i, v in enumerate(crossed)) if kept else crossed
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


MOST_BYTES, MOST_PARTS, MOST_DEPTH, MOST_BITS, MOST_TEXT = 64 << 20, 100_000, 12, 3 * 640, 2000
"""The largest value that is looked at, as at grading: bytes of arrays, parts, levels of nesting, bits of an integer; and the
longest message of an exception."""
BASES: tuple[tuple[type, Any], ...] = (
    (bool, lambda value: value),
    (int, lambda value: int.__add__(value, 0)),
    (float, float.__float__),
    (str, str.__str__),
    (tuple, lambda value: tuple.__getitem__(value, slice(None))),
    (list, list.copy),
    (dict, lambda value: dict(dict.items(value))),
)
"""Functions that read the data of a subclass without its own methods, by base class."""
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


def _raised(error: BaseException) -> Raised:
    """Return what was raised in words; the methods of a student's exception may do anything."""
    try:
        said = str.__str__(str(error))[:MOST_TEXT]
    except BaseException:
        said = "(its message cannot be printed)"
    frames = traceback.extract_tb(error.__traceback__)[1:]
    return Raised(type(error).__name__, said, "".join(traceback.format_list(frames[-3:])))


def _crossed(value: Any) -> Any:
    """Return a value as it would arrive from a kernel: no numpy scalars, no subclasses, no views that change later.

    Raises:
        _Stays: it is of no class that crosses, or larger than what does.

    """
    return _copy(value, 0, [MOST_BYTES, MOST_PARTS])


def _copy(value: Any, depth: int, room: list[int]) -> Any:
    room[1] -= 1
    if depth > MOST_DEPTH:
        raise _Stays("a value that is nested too deeply")
    if room[1] < 0:
        raise _Stays("a value of too many parts")
    kind = type(value)
    if issubclass(kind, (np.ndarray, np.generic)):
        array = np.ndarray.view(value, np.ndarray) if issubclass(kind, np.ndarray) else np.asarray(value)
        if array.dtype.kind not in "fiubc" or array.dtype.itemsize > (16 if array.dtype.kind == "c" else 8):
            raise _Stays(f"an array of dtype {array.dtype}")
        room[0] -= array.nbytes
        if room[0] < 0:
            raise _Stays(f"an array of {array.nbytes} bytes, which is too large")
        return np.array(array)
    if value is None or kind in (bool, float, str):
        return value
    if issubclass(kind, int):
        if int.bit_length(value) > MOST_BITS:
            raise _Stays("an integer of more than 570 digits")
        return _data(value)
    if issubclass(kind, (float, str)):
        return _data(value)
    if issubclass(kind, (list, tuple)):
        base = list if issubclass(kind, list) else tuple
        return base(_copy(part, depth + 1, room) for part in _data(value))
    if issubclass(kind, dict):
        plain = _data(value)
        if not all(type(key) is str for key in plain):
            raise _Stays("a dict whose keys are not all strings")
        return {key: _copy(part, depth + 1, room) for key, part in plain.items()}
    raise _Stays(f"a {kind.__name__} object")


def _data(value: Any) -> Any:
    """Return an instance of a subclass as its base class: its data, read without its own methods."""
    return next(read(value) for base, read in BASES if issubclass(type(value), base))


def _equal(a: Any, b: Any) -> bool:
    """Compare an argument with its copy; what cannot be compared any more was changed."""
    try:
        return _same(a, b)
    except Exception:  # by a method of something that the student put into it
        return False


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(_same, a, b))
    return a is b or bool(a == b)
