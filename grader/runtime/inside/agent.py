"""The agent: serves calls of the student's functions from inside their kernel, once the notebook has run.

It shares the process with hostile code, so nothing here is trusted by the other side: it holds no expected value, and the worst
that a student can do to it is to make their own answers wrong.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import linecache
import os
import random
import signal
import socket
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from typing import Any

import _gradmark_wire as wire  # type: ignore[import-not-found]  # it is loaded under this name
import numpy as np

TEXT = 2000
"""Messages, tracebacks and printed output of a call are cut at this many characters."""
TOGETHER = 1 << 16
SOON = 0.2
"""Answers to several calls wait for each other: at most so many bytes, and seconds."""
TICK = 0.05
"""After its time a call is interrupted again and again: code that swallows one interruption meets the next."""


SEEDS = (random.seed, np.random.seed)
"""Taken before any student code could put something else in their place."""


NO_PAIR = "the call before it returned no pair"
"""``grader.judging.asking.answers`` knows it too."""


class NoPair(BaseException):
    """What was to be called first returned no pair, of which the second value was wanted."""


class OutOfTime(BaseException):
    """A soft time limit of a call passed."""


class Sink(io.TextIOBase):
    """Takes what a call prints and keeps its beginning."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.room = TEXT

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Keep what there is room for."""
        if self.room > 0:
            self.kept.append(text[: self.room])
            self.room -= len(text)
        return len(text)


class Agent:
    """Serves one channel: ``fd`` is the inherited end of a socket pair."""

    def __init__(self, fd: int, root: str, cap: int) -> None:
        self.fd, self.root, self.cap = fd, root, cap
        self.process = os.getpid()
        self.kept: dict[int, Any] = {}
        self.adapters: dict[str, Any] = {}
        self.running = self.cpu_is_used_up = self.alarms = False
        """Whether a call is being made; whether it was interrupted for its processor time; whether it can be interrupted at all:
        otherwise only the other side's patience limits it."""
        self.namespace: dict[str, Any] = {}
        self.came = bytearray()

    # ------------------------------------------------------------------------------------ channel
    def serve(self, namespace: dict[str, Any]) -> None:
        """Answer frames until the other side hangs up."""
        self.namespace = namespace
        channel = socket.socket(fileno=os.dup(self.fd))
        channel.setblocking(True)
        with contextlib.suppress(ValueError, AttributeError):  # elsewhere than in the main thread of a Unix process
            signal.signal(signal.SIGALRM, self._out_of_time)
            signal.signal(signal.SIGPROF, self._out_of_time)
            self.alarms = True
        with channel:
            while (head := self._read(channel, wire.HEADER.size)) is not None:
                kind, call, length = wire.read_header(head, self.cap)
                payload = self._read(channel, length)
                if payload is None:
                    return
                self._reply(channel, call, self._answers(kind, payload))

    def _reply(self, channel: socket.socket, call: int, answers: Iterable[tuple[int, bytes]]) -> None:
        """Send the answers, those that come soon after each other together."""
        waiting, since = bytearray(), time.monotonic()
        for kind, payload in answers:
            if os.getpid() != self.process:
                os._exit(0)  # a forked child of the student's never answers
            waiting += wire.frame(kind, call, payload)
            if len(waiting) > TOGETHER or time.monotonic() - since > SOON:
                channel.sendall(waiting)
                waiting, since = bytearray(), time.monotonic()
        channel.sendall(waiting)

    def _read(self, channel: socket.socket, count: int) -> bytes | None:
        while len(self.came) < count:
            piece = channel.recv(min(max(count - len(self.came), 1 << 16), 1 << 20))
            if not piece:
                return None
            self.came += piece
        data = bytes(self.came[:count])
        del self.came[:count]
        return data

    def _answers(self, kind: int, payload: bytes) -> Iterator[tuple[int, bytes]]:
        """One answer to a control request; to calls one for each, as far as the first that brings no value."""
        request = wire.decode(payload)
        if kind == wire.Kind.CONTROL:
            try:
                yield wire.Kind.RESULT, wire.encode(self._control(request), self.cap)
            except BaseException as error:  # the student's doing; the agent goes on
                yield wire.Kind.RAISED, wire.encode(self._raised(error, Sink()), self.cap)
            return
        seconds, cpu_seconds, seed, calls = request
        if seed is not None:
            try:
                self._forget(seed)
            except BaseException as error:  # they put a generator of theirs in the place of numpy's
                yield wire.Kind.RAISED, wire.encode(self._raised(error, Sink()), self.cap)
                return
        for asked in calls:
            answer = self._answer(asked, seconds, cpu_seconds)
            yield answer
            if answer[0] != wire.Kind.RESULT:
                return

    def _answer(self, asked: Any, seconds: float, cpu_seconds: float) -> tuple[int, bytes]:
        sink, streams = Sink(), (sys.stdout, sys.stderr)
        if asked[-1] is not None:  # there are two functions to call
            seconds, cpu_seconds = 2 * seconds, 2 * cpu_seconds
        sys.stdout = sys.stderr = sink
        try:
            try:
                self._alarm(seconds, cpu_seconds)
                value, mutated = self._call(*asked)
                return wire.Kind.RESULT, wire.encode((value, mutated), self.cap)
            finally:
                self.running = False
        except OutOfTime:
            return wire.Kind.TIMED_OUT, wire.encode("cpu" if self.cpu_is_used_up else "", self.cap)
        except NoPair:
            return wire.Kind.REFUSED, wire.encode(NO_PAIR, self.cap)
        except wire.WireError as error:
            return wire.Kind.REFUSED, wire.encode(f"it returned {error}, which cannot be graded", self.cap)
        except BaseException as error:
            return wire.Kind.RAISED, wire.encode(self._raised(error, sink), self.cap)
        finally:
            self._alarm(0, 0)
            sys.stdout, sys.stderr = streams

    def _alarm(self, seconds: float, cpu_seconds: float) -> None:
        """Have the call interrupted after so many seconds by the clock, or of the processor; 0 is never."""
        self.running, self.cpu_is_used_up = seconds > 0, self.cpu_is_used_up and seconds == 0
        if self.alarms:
            signal.setitimer(signal.ITIMER_REAL, seconds, TICK)
            signal.setitimer(signal.ITIMER_PROF, cpu_seconds, TICK)

    def _out_of_time(self, number: int, *_: Any) -> None:
        if self.running:
            self.cpu_is_used_up = number == signal.SIGPROF
            raise OutOfTime

    # -------------------------------------------------------------------------------------- calls
    def _control(self, request: dict[str, Any]) -> Any:
        match request["do"]:
            case "hello":
                return "hello"
            case "lookup":
                return [self._there(request["unit"], name, request["module"]) for name in request["names"]]
        return None

    def _forget(self, number: int) -> None:
        """Let go of what was kept, and seed the random numbers: a new exercise begins."""
        self.kept.clear()
        for seed in SEEDS:
            seed(number)

    def _there(self, unit: str, name: str, module: bool) -> bool:
        """Whether a name is there now: in the notebook, or in the submission's own module if it has one."""
        if callable(self.namespace.get(name)):
            return True
        if not module:
            return False
        with contextlib.suppress(BaseException):
            return callable(getattr(importlib.import_module(f"exercises.{unit}"), name, None))
        return True  # a module that cannot be imported says so when it is called

    def _find(self, unit: str, name: str, where: str) -> Any:
        if where != "module":
            found = self.namespace.get(name)
            if callable(found):
                return found
        module = importlib.import_module(f"exercises.{unit}")
        return getattr(module, name)

    def _call(
        self,
        unit: str,
        name: str,
        where: str,
        args: Any,
        kwargs: Any,
        keep: Any,
        adapter: str | None,
        watch: bool,
        after: Any,
    ) -> tuple[Any, tuple[int, ...]]:
        arguments = self._given(args)
        if after is not None:
            pair = self._find(unit, after[0], after[1])(*self._given(after[2]))
            if not isinstance(pair, (tuple, list)) or len(pair) != 2:
                raise NoPair
            arguments = (*arguments, pair[1])
        function = self._find(unit, name, where)
        named = self._given(kwargs)
        before = [self._bytes(a) for a in arguments] if watch else []
        value = (
            function(*arguments, **named) if adapter is None else self._adapter(adapter)(function, *arguments, **named)
        )
        mutated = tuple(i for i, was in enumerate(before) if was != self._bytes(arguments[i]))
        if inspect.isgenerator(value):
            raise wire.WireError("a generator")
        return self._kept(value, keep), mutated

    def _given(self, value: Any) -> Any:
        if type(value) is wire.Reference:
            return self.kept[value.number]
        if type(value) in (tuple, list):
            return type(value)(self._given(v) for v in value)
        if type(value) is dict:
            return {k: self._given(v) for k, v in value.items()}
        return value

    def _kept(self, value: Any, keep: tuple[int, ...]) -> Any:
        if not keep or not isinstance(value, (tuple, list)) or max(keep) >= len(value):
            return value
        parts = list(value)
        for position in keep:
            number = len(self.kept)
            self.kept[number] = parts[position]
            parts[position] = wire.Reference(number)
        return tuple(parts)

    def _bytes(self, argument: Any) -> bytes:
        try:
            return bytes(wire.encode(argument, self.cap))
        except wire.WireError:
            return b""

    def _adapter(self, source: str) -> Any:
        if source not in self.adapters:
            scope: dict[str, Any] = {"np": np}
            exec(source, scope)  # noqa: S102 - the bank's own source, sent by the trusted side
            self.adapters[source] = next(v for k, v in scope.items() if inspect.isfunction(v))
        return self.adapters[source]

    def _raised(self, error: BaseException, sink: Sink) -> tuple[str, str, str, str]:
        try:
            message = str(error)[:TEXT]
        except BaseException:
            message = "(its message cannot be printed)"
        try:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__]
            shown = "".join(traceback.format_list([self._named(f) for f in frames[-4:]]))[-TEXT:]
        except BaseException:
            shown = ""
        try:
            name = str(type(error).__name__)[:200]
        except BaseException:  # of a metaclass that says something else
            name = "Exception"
        return name, message, shown, "".join(sink.kept)

    def _named(self, frame: traceback.FrameSummary) -> traceback.FrameSummary:
        """A frame by the name of its file as the student knows it, without the folder that the grader put it in."""
        name = frame.filename
        if "ipykernel" in name:
            name = "notebook"
        elif name.startswith(self.root):
            name = name[len(self.root) :].lstrip("/")
        else:
            name = os.path.basename(name)  # noqa: PTH119 - a string that may be no path at all
        line = frame.line if frame.line is not None else linecache.getline(frame.filename, frame.lineno or 0)
        return traceback.FrameSummary(name, frame.lineno, frame.name, lookup_line=False, line=line)


def serve() -> None:
    """Serve the calls of this kernel; entered by the one request that follows the notebook's last cell."""
    shell = sys.modules["IPython"].get_ipython()
    assert _agent is not None
    _agent.serve(shell.user_ns)


_agent: Agent | None = None


def install(fd: int, root: str, cap: int) -> None:
    """Called before any student code."""
    global _agent  # noqa: PLW0603 - one kernel, one agent
    _agent = Agent(fd, root, cap)
