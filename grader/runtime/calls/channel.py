"""The trusted end of the wire: sends a call, waits for its reply within its time, believes nothing it reads."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from grader.judging.asking.answers import Call, Handle, Lost, Raised, Refused, Reply, Returned
from grader.runtime.inside import wire
from grader.runtime.inside.wire import Kind, Reference, WireError

__all__ = ["Channel", "Gone", "Stale", "stable"]

GRACE = 1.0
"""How long after its soft limit a call may still answer that it was interrupted."""


AT_ONCE, MOST_AT_ONCE = 1 << 16, 1 << 20
"""Bytes that are asked for at a time: most answers come whole."""


class Gone(Exception):  # noqa: N818 - it names a state of the student's process
    """The other end hung up, fell silent or talks nonsense; the process behind it is of no more use."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Stale(Exception):  # noqa: N818 - as Gone
    """An argument is a handle on something that was lost with an earlier process, that of its ``generation``."""

    def __init__(self, generation: int) -> None:
        super().__init__("what an earlier call returned was lost with its process")
        self.generation = generation


class Channel:
    """Calls over one end of a socket pair whose other end is an agent's.

    Args:
        end: the connected socket; closed by :meth:`close`.
        cap: the most bytes of one frame, either way.
        generation: which process of its submission this is, counted from 0. Every agent counts what it keeps from 0, so a
            handle carries its generation: one of a lost process must never be taken for a new one.

    """

    def __init__(self, end: socket.socket, cap: int, generation: int = 0) -> None:
        self._end, self._cap, self._number = end, cap, 0
        self._generation = generation
        self._came = bytearray()

    def close(self) -> None:
        """Hang up."""
        self._end.close()

    def control(self, request: Mapping[str, Any], seconds: float) -> Any:
        """Ask the agent itself.

        Raises:
            Gone: no answer, or no sensible one.

        """
        until = time.monotonic() + seconds
        self._ask(Kind.CONTROL, wire.encode(dict(request), self._cap), until)
        kind, value = self._answer(until)
        if kind != Kind.RESULT:
            raise Gone("crashed", "the process answered nonsense")
        return value

    def call(
        self, call: Call, where: Callable[[str], str], seconds: float, cpu_seconds: float, seed: int | None = None
    ) -> Reply:
        """Perform one call; see :meth:`calls`."""
        (reply,) = self.calls([call], where, seconds, cpu_seconds, seed)
        return reply

    def calls(
        self,
        calls: Sequence[Call],
        where: Callable[[str], str],
        seconds: float,
        cpu_seconds: float,
        seed: int | None = None,
    ) -> Iterator[Reply]:
        """Perform calls one after the other, as far as the first that brings no value: its reply is the last.

        All are sent before the first is answered, and who does not take all replies must hang up. ``where`` tells of a function by
        its full name where it is to be looked for. Each call may take ``seconds`` by the clock, and ``cpu_seconds`` of the
        processor's time; a pair of calls twice that. With ``seed``, what was kept is dropped before and random numbers are seeded.

        Raises:
            Gone: the process died, did not answer in time, or answered nonsense.
            Stale: an argument was kept by a process that is gone.
            WireError: an argument cannot be sent; the fault is the caller's.

        """
        encoded = self._encoded if len(calls) == 1 else self._kept
        asked = wire.joined([encoded(call, where) for call in calls])
        terms = (wire.encode(term, self._cap) for term in (float(seconds), float(cpu_seconds), seed))
        self._ask(Kind.CALL, wire.joined([*terms, asked]), time.monotonic() + seconds + GRACE)
        for call in calls:
            factor = 1 if call.after is None else 2
            # An answer may wait for the one after it.
            patience = factor * seconds * (1 if len(calls) == 1 else 2) + GRACE
            reply = self._reply(*self._answer(time.monotonic() + patience), factor * seconds, factor * cpu_seconds)
            yield reply
            if not isinstance(reply, Returned):
                return

    def _encoded(self, call: Call, where: Callable[[str], str]) -> bytes:
        # A tuple and no dict: every name on the wire costs its time twice, and there are some hundred calls a submission.
        after = call.after
        first = None if after is None else (_short(after.function), where(after.function), self._outward(after.args))
        request = (
            *call.function.split(".", 1), where(call.function), self._outward(call.args), self._outward(dict(call.kwargs)),
            call.keep, call.adapter, call.watch, first,
        )  # fmt: skip
        return wire.encode(request, self._cap)

    def _kept(self, call: Call, where: Callable[[str], str]) -> bytes:
        """The same calls are put to every submission."""
        places = (where(call.function), None if call.after is None else where(call.after.function))
        if places not in call.encoded:
            call.encoded[places] = self._encoded(call, where)
        return call.encoded[places]

    def _reply(self, kind: int, value: Any, seconds: float, cpu_seconds: float) -> Reply:
        match kind, value:
            case Kind.RESULT, (value, tuple(mutated)) if all(type(i) is int for i in mutated):
                return Returned(self._inward(value), mutated)
            case Kind.RAISED, (str(name), str(message), str(traceback), str(output)):
                return Raised(stable(name), stable(message), stable(traceback), stable(output))
            case Kind.REFUSED, str(reason):
                return Refused(stable(reason))
            case Kind.TIMED_OUT, "cpu":
                return Lost("timed_out", f"it used more than {cpu_seconds:g} s of processor time")
            case Kind.TIMED_OUT, _:
                return Lost("timed_out", f"it did not return within {seconds:g} s")
        raise Gone("crashed", "the process answered nonsense")

    # -------------------------------------------------------------------------------------- bytes
    def _ask(self, kind: int, request: bytes, until: float) -> None:
        self._number = (self._number + 1) % 2**32
        with self._trouble():
            self._wait_until(until)
            self._end.sendall(wire.frame(kind, self._number, request))

    def _answer(self, until: float) -> tuple[int, Any]:
        with self._trouble():
            kind, number, length = wire.read_header(self._receive(wire.HEADER.size, until), self._cap)
            if number != self._number:
                raise WireError("an answer to another call")
            return kind, wire.decode(self._receive(length, until))

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        """What goes wrong on the line means that the other end is gone."""
        try:
            yield
        except WireError as error:
            raise Gone("crashed", f"the process answered nonsense: {error}") from None
        except TimeoutError:
            raise Gone("timed_out", "it did not return in time, and swallowed every interruption") from None
        except OSError:
            raise Gone("crashed", "") from None

    def _receive(self, count: int, until: float) -> bytes:
        """So many bytes; what came with them waits for the next time."""
        while len(self._came) < count:
            self._wait_until(until)
            piece = self._end.recv(min(max(count - len(self._came), AT_ONCE), MOST_AT_ONCE))
            if not piece:
                raise ConnectionError
            self._came += piece
        taken = bytes(self._came[:count])
        del self._came[:count]
        return taken

    def _wait_until(self, until: float) -> None:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._end.settimeout(left)

    # ------------------------------------------------------------------------------------ handles
    def _outward(self, value: Any) -> Any:
        """Handles as the wire writes them."""
        if type(value) is np.ndarray:  # most are, and there are hundreds of calls a submission
            return value
        if isinstance(value, Handle):
            generation, number = divmod(value.number, NUMBERS)
            if generation != self._generation:
                raise Stale(generation)
            return Reference(number)
        return _mapped(value, self._outward)

    def _inward(self, value: Any) -> Any:
        if type(value) is np.ndarray:
            return value
        if type(value) is Reference:
            return Handle(self._generation * NUMBERS + value.number)
        return _mapped(value, self._inward)


def _short(function: str) -> str:
    return function.partition(".")[2]


NUMBERS = 2**32
"""How many handles the wire can tell apart."""


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """A container with its parts changed; anything else as it is."""
    if type(value) is tuple:
        return tuple([change(v) for v in value])
    if type(value) is list:
        return [change(v) for v in value]
    if type(value) is dict:
        return {k: change(v) for k, v in value.items()}
    return value


# The repetitions are bounded: these run over hostile text, where an open `\S*` takes quadratic time.
ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,16}")
SCRATCH = re.compile(r"/\S{0,200}?/gradmark-[^/\s'\"]{1,40}/(?:copy/?)?")
CELL = re.compile(r"/\S{0,200}?ipykernel_\d{1,9}/\d{1,20}\.py")
MOST_TEXT = 4000


def stable(text: str) -> str:
    """A student's text without what differs between runs: memory addresses, process numbers, the grader's folders.

    Cut at ``MOST_TEXT`` characters, here too: the agent's own caps are kept by the student's process.
    """
    text = text[:MOST_TEXT].encode("utf-8", "replace").decode()  # half a surrogate pair cannot be written down
    return CELL.sub("notebook", SCRATCH.sub("", ADDRESS.sub("0x…", text)))
