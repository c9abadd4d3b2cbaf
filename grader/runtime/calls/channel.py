"""The trusted end of the wire: sends requests, waits for their answers within their time, believes nothing it reads."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from grader.judging import Reply
from grader.runtime.calls.encoding import Request
from grader.runtime.calls.reading import failed, returned
from grader.runtime.inside import HEADER, Kind, WireError, apart, decode, encode, frame, joined, read_header

__all__ = ["Channel", "Gone", "Terms"]

GRACE = 1.0
"""Seconds after its soft limit in which a call may still answer that it was interrupted."""
AT_ONCE, MOST_AT_ONCE = 1 << 16, 1 << 20
"""Bytes that are asked for at a time, at least and at most: most answers come whole."""


class Gone(Exception):  # noqa: N818 - it names a state of the student's process
    """The other end hung up, fell silent or talks nonsense; the process behind it is of no more use.

    ``reason`` is empty if the process hung up: then how it ended is the reason.
    """

    def __init__(self, status: Literal["timed_out", "crashed"], reason: str = "") -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@dataclass(frozen=True)
class Terms:
    """Limits of each call of an exchange, by the clock and of the processor, in seconds; and a seed if a new exercise begins."""

    seconds: float
    cpu_seconds: float
    seed: int | None = None


class Channel:
    """Calls over one end of a socket pair whose other end is an agent's.

    Args:
        end: the connected socket, which belongs to the kernel and ends with it.
        cap: the most bytes of one frame, either way.

    """

    def __init__(self, end: socket.socket, cap: int) -> None:
        self._end, self._cap, self._exchange = end, cap, 0
        self._came = bytearray()

    def control(self, request: Mapping[str, Any], seconds: float) -> Any:
        """Ask the agent itself, and wait ``seconds`` for its answer.

        Raises:
            Gone: no answer, or no sensible one.

        """
        until = time.monotonic() + seconds
        self._ask(Kind.CONTROL, encode(dict(request), self._cap), until)
        kind, payload = self._answer(until)
        with _as_gone():
            values = apart(payload) if kind == Kind.RESULT else []
            if len(values) != 1:
                raise WireError("no answer to the question")
            return decode(values[0])

    def put(self, request: Request, terms: Terms) -> Iterator[list[Reply | None]]:
        """Have chains performed, and yield the replies as they come, as far as the first that brings no value.

        All are sent before the first is answered, and who does not take all replies must end the process.

        Args:
            request: the chains.
            terms: limits of each call; with a seed, random numbers are seeded before the first.

        Yields:
            Replies to some calls that came one after the other; a None stands for a chain that cannot go on, since an earlier call
            did not return the value that the next one takes.

        Raises:
            Gone: the process died, did not answer in time, or answered nonsense.

        """
        seconds, cpu_seconds, watched = float(terms.seconds), float(terms.cpu_seconds), request.watched
        limits = [encode(term, self._cap) for term in (seconds, cpu_seconds, terms.seed)]
        self._ask(Kind.CHAINS, joined([*limits, request.forms, request.chains]), time.monotonic() + seconds + GRACE)
        patience = seconds * (1 if len(watched) == 1 else 2) + GRACE  # an answer may wait for the one after it
        done = 0
        while done < len(watched):
            kind, payload = self._answer(time.monotonic() + patience)
            with _as_gone():
                values = apart(payload) if kind == Kind.RESULT else []
                if len(values) > len(watched) - done:
                    raise WireError("more answers than there were calls")
                replies: list[Reply | None] = [*map(returned, values, watched[done:])]
                replies = replies or [failed(kind, payload, cpu_seconds, seconds)]
            yield replies
            if kind != Kind.RESULT:
                return
            done += len(values)

    # -------------------------------------------------------------------------------------- bytes
    def _ask(self, kind: int, request: bytes, until: float) -> None:
        self._exchange = (self._exchange + 1) % 2**32
        with _as_gone():
            self._wait_until(until)
            self._end.sendall(frame(kind, self._exchange, request))

    def _answer(self, until: float) -> tuple[int, bytes]:
        with _as_gone():
            kind, exchange, length = read_header(self._receive(HEADER.size, until), self._cap)
            if exchange != self._exchange:
                raise WireError("an answer to another call")
            return kind, self._receive(length, until)

    def _receive(self, count: int, until: float) -> bytes:
        """Take so many bytes; what came with them waits for the next time."""
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


@contextmanager
def _as_gone() -> Iterator[None]:
    """Turn whatever goes wrong on the line into :class:`Gone`."""
    try:
        yield
    except WireError as error:
        raise Gone("crashed", f"the process answered nonsense: {error}") from None
    except TimeoutError:
        raise Gone("timed_out", "it did not return in time, and swallowed every interruption") from None
    except OSError:
        raise Gone("crashed") from None
