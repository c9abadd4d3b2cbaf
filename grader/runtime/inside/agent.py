"""The agent: serves calls of the student's functions from inside their kernel, once the notebook has run.

Loaded by path as ``_gradmark_agent``. It shares the process with hostile code, so nothing here is trusted by the other side: it
holds no expected value, and the worst that a student can do to it is to make their own answers wrong.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.runtime.inside import performer, preparation, raised, wire
else:
    import _gradmark_performer as performer
    import _gradmark_preparation as preparation
    import _gradmark_raised as raised
    import _gradmark_wire as wire

__all__ = ["Agent", "install", "serve"]

ROOM = 64
"""Bytes of a frame that are not its value."""
TOGETHER = 1 << 16
"""Bytes of answers that wait for each other at most."""
SOON = 0.2
"""Seconds that an answer waits for the next one at most."""
OURS = frozenset(module.__file__ for module in (performer, preparation, raised, wire) if module.__file__) | {__file__}


class Agent:
    """Serves one channel.

    Args:
        fd: the inherited end of a socket pair.
        root: the folder of the submission.
        cap: the most bytes of one frame.

    """

    def __init__(self, fd: int, root: str, cap: int) -> None:
        self._fd, self._cap = fd, cap
        self._process = os.getpid()
        self._performer = performer.Performer(root, cap - ROOM, OURS)
        self._came = bytearray()

    def serve(self, namespace: dict[str, Any]) -> None:
        """Answer frames, with the functions of this namespace, until the other side hangs up."""
        self._performer.prepare(namespace)
        channel = socket.socket(fileno=os.dup(self._fd))
        channel.setblocking(True)
        with channel:
            while (head := self._read(channel, wire.HEADER.size)) is not None:
                kind, exchange, length = wire.read_header(head, self._cap)
                payload = self._read(channel, length)
                if payload is None:
                    return
                self._reply(channel, exchange, self._answers(kind, payload))

    def _reply(self, channel: socket.socket, exchange: int, answers: Iterable[performer.Answer]) -> None:
        """Send the answers; values that come soon after each other go in one frame."""
        values: list[bytes] = []
        size, since = 0, time.monotonic()
        for kind, payload in answers:
            if os.getpid() != self._process:
                os._exit(0)  # a forked child of the student's never answers
            is_value = kind == wire.Kind.RESULT
            if values and (not is_value or size + len(payload) > TOGETHER or time.monotonic() - since > SOON):
                channel.sendall(wire.frame(wire.Kind.RESULT, exchange, wire.together(values)))
                values, size, since = [], 0, time.monotonic()
            if is_value:
                values.append(payload)
                size += len(payload)
            else:
                channel.sendall(wire.frame(kind, exchange, payload))
        if values:
            channel.sendall(wire.frame(wire.Kind.RESULT, exchange, wire.together(values)))

    def _read(self, channel: socket.socket, count: int) -> bytes | None:
        while len(self._came) < count:
            piece = channel.recv(min(max(count - len(self._came), 1 << 16), 1 << 20))
            if not piece:
                return None
            self._came += piece
        data = bytes(self._came[:count])
        del self._came[:count]
        return data

    def _answers(self, kind: int, payload: bytes) -> Iterator[performer.Answer]:
        """Yield one answer to a control request; to chains of calls one for each call, as far as the first that brings no value."""
        request = wire.decode(payload)
        if kind != wire.Kind.CONTROL:
            yield from self._performer.chains(request)
            return
        try:
            yield wire.Kind.RESULT, wire.encode(self._control(request), self._cap)
        except BaseException as error:  # the student's doing; the agent goes on
            yield self._performer.raised(error)

    def _control(self, request: dict[str, Any]) -> Any:
        match request["do"]:
            case "hello":
                return "hello"
            case "lookup":
                unit, module = request["unit"], request["module"]
                return [self._performer.has(unit, name, module=module) for name in request["names"]]
        return None


def serve() -> None:
    """Serve the calls of this kernel; entered by the one request that follows the notebook's last cell."""
    shell = sys.modules["IPython"].get_ipython()
    assert _agent is not None
    _agent.serve(shell.user_ns)


_agent: Agent | None = None


def install(fd: int, root: str, cap: int) -> None:
    """Make the agent of this kernel, before any student code runs; the arguments are those of :class:`Agent`."""
    global _agent  # noqa: PLW0603 - one kernel, one agent
    _agent = Agent(fd, root, cap)
