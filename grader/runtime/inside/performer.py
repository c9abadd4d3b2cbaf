"""Performs the calls of a chain on the student's functions. Loaded by path as ``_gradmark_performer``.

It stands between the agent, which reads requests and writes answers, and the student's code. It shares the process with that code,
so it holds no expected value, and the grader trusts nothing that it says.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from grader.runtime.inside import alarm, raised, wire
else:
    import _gradmark_alarm as alarm
    import _gradmark_raised as raised
    import _gradmark_wire as wire

__all__ = ["Performer"]

SEEDS = (random.seed, np.random.seed)
"""Taken before any student code could put something else in their place."""
ERRORS, SET_ERRORS = np.geterr(), np.seterr
"""The reactions of numpy to float errors as they are by default: a cell may have changed them, and calls do not depend on cells."""

Answer = tuple[int, bytes]
"""The kind of a frame, and its payload."""


class Taken(NamedTuple):
    """An argument of a call that an earlier call of its chain returned.

    ``argument`` is its place among the arguments; ``call`` the number of the earlier call, from 0; ``position`` the value's place
    in the tuple or list of ``length`` values that it must have returned.
    """

    argument: int
    call: int
    position: int
    length: int


class Head(NamedTuple):
    """All of one call but its arguments, as it comes over the wire; see ``Call`` in ``grader.judging.declare``."""

    unit: str
    name: str
    where: str
    taken: tuple[tuple[int, int, int, int], ...]
    keep: tuple[int, ...]
    adapter: str | None
    watch: bool


class Cut(Exception):  # noqa: N818 - it says where a chain ends, and nothing is broken
    """An earlier call did not return the value that this one takes."""


@dataclass
class Given:
    """The values that a call of the chain returned: those that stay here by position, the others as they crossed.

    ``length`` is how many there are; -1 if it returned no tuple and no list. ``fresh`` are copies that nobody has taken yet.
    """

    length: int
    kept: dict[int, Any] = field(default_factory=dict)
    payload: bytes = b""
    watched: bool = False
    fresh: dict[int, Any] = field(default_factory=dict)

    def value(self, position: int) -> Any:
        """Return one value: the object itself if it stays here, a fresh copy if it crossed, as the grader would send it back."""
        if position in self.kept:
            return self.kept[position]
        if position not in self.fresh:
            value = wire.decode(self.payload)
            self.fresh = dict(enumerate(value[0] if self.watched else value))
        return self.fresh.pop(position)


class Performer:
    """Performs calls, each within limits of its own.

    Args:
        root: the folder of the submission.
        cap: the most bytes of one value that crosses.
        ours: the names of the grader's own files, which no traceback shows.

    """

    def __init__(self, root: str, cap: int, ours: frozenset[str]) -> None:
        self._root, self._cap, self._ours = root, cap, ours
        self._alarm = alarm.Alarm()
        self._adapters: dict[str, Any] = {}
        self.namespace: dict[str, Any] = {}

    def prepare(self, namespace: dict[str, Any]) -> None:
        """Look for functions in this namespace from now on, and take the signals of the timers."""
        self.namespace = namespace
        self._alarm.install()

    def chains(self, request: Sequence[Any]) -> Iterator[Answer]:
        """Perform chains of calls, an answer for each call, as far as the first that brings no value.

        ``request`` is ``(seconds, cpu_seconds, seed, forms, chains)``: the limits of each call; the seed of the random numbers, or
        None if they go on; the forms, each a tuple of heads; and the chains, each the number of its form and the arguments of its
        calls.
        """
        SET_ERRORS(**ERRORS)
        seconds, cpu_seconds, seed, heads, chains = request
        forms = [[Head(*head) for head in form] for form in heads]
        if seed is not None:
            try:
                for start in SEEDS:
                    start(seed)
            except BaseException as error:  # they put a generator of theirs in the place of numpy's
                yield self.raised(error)
                return
        try:
            for form, *arguments in chains:
                given: list[Given] = []
                for head, args in zip(forms[form], arguments, strict=True):
                    answer = self._answer(head, args, given, seconds, cpu_seconds)
                    yield answer
                    if answer[0] != wire.Kind.RESULT:
                        return
        finally:
            self._alarm.stop()

    def raised(self, error: BaseException, printed: str = "") -> Answer:
        """Return the answer that says what was raised."""
        return wire.Kind.RAISED, wire.encode(raised.texts(error, printed, self._root, self._ours), self._cap)

    def has(self, unit: str, name: str, *, module: bool) -> bool:
        """Return True if a name is there: in the notebook, or in the submission's own module of that unit if it has one."""
        if callable(self.namespace.get(name)):
            return True
        if not module:
            return False
        with contextlib.suppress(BaseException):
            return callable(getattr(importlib.import_module(f"exercises.{unit}"), name, None))
        return False  # a module that cannot be imported says so where one of its functions is called

    # -------------------------------------------------------------------------------------- one call
    def _answer(
        self, head: Head, args: Sequence[Any], given: list[Given], seconds: float, cpu_seconds: float
    ) -> Answer:
        """Perform one call; note in ``given`` what it returned."""
        sink, streams = raised.Sink(), (sys.stdout, sys.stderr)
        sys.stdout = sys.stderr = sink
        try:
            try:
                self._alarm.start(seconds, cpu_seconds)
                return self._returned(head, args, given)
            finally:
                self._alarm.disarm()
        except alarm.OutOfTime:
            return wire.Kind.TIMED_OUT, wire.encode("cpu" if self._alarm.of_the_processor else "", self._cap)
        except Cut:
            return wire.Kind.CUT, wire.encode(None, self._cap)
        except wire.WireError as error:
            return wire.Kind.REFUSED, wire.encode(f"it returned {error}, which cannot be graded", self._cap)
        except BaseException as error:
            return self.raised(error, sink.text())
        finally:
            sys.stdout, sys.stderr = streams

    def _returned(self, head: Head, args: Sequence[Any], given: list[Given]) -> Answer:
        arguments = _arguments(head, args, given)
        function = self._find(head)
        before = [self._bytes(a) for a in arguments] if head.watch else []
        if head.adapter is not None:
            function = partial(self._adapter(head.adapter), function)
        value = function(*arguments)
        mutated = tuple(i for i, was in enumerate(before) if was != self._bytes(arguments[i]))
        if inspect.isgenerator(value):
            raise wire.WireError("a generator")
        values = wire.base_data(value) if isinstance(value, (tuple, list)) else None
        found = Given(-1 if values is None else len(values), watched=head.watch)
        if values is not None and head.keep and max(head.keep) < len(values):
            found.kept = {position: values[position] for position in head.keep}
            value = tuple(None if i in found.kept else part for i, part in enumerate(values))
        found.payload = wire.encode((value, mutated) if head.watch else value, self._cap)
        given.append(found)
        return wire.Kind.RESULT, found.payload

    def _find(self, head: Head) -> Any:
        if head.where != "module":
            found = self.namespace.get(head.name)
            if callable(found):
                return found
        return getattr(importlib.import_module(f"exercises.{head.unit}"), head.name)

    def _bytes(self, argument: Any) -> bytes:
        try:
            return bytes(wire.encode(argument, self._cap))
        except wire.WireError:
            return b""

    def _adapter(self, source: str) -> Any:
        if source not in self._adapters:
            scope: dict[str, Any] = {"np": np}
            exec(source, scope)  # noqa: S102 - the bank's own source, sent by the trusted side
            self._adapters[source] = next(v for k, v in scope.items() if inspect.isfunction(v))
        return self._adapters[source]


def _arguments(head: Head, args: Sequence[Any], given: Sequence[Given]) -> Sequence[Any]:
    """Return the arguments of a call, those of earlier calls filled in.

    Raises:
        Cut: an earlier call did not return that many values.

    """
    if not head.taken:
        return args
    arguments = list(args)
    for taken in (Taken(*entry) for entry in head.taken):
        earlier = given[taken.call]
        if earlier.length != taken.length:
            raise Cut
        arguments[taken.argument] = earlier.value(taken.position)
    return arguments
