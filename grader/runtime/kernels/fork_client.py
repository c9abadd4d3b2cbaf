"""The client of the fork server: starts it, asks it for kernels over a socket pair, and hears from it how they ended.

The server itself is ``inside/fork_server.py``. It is lost when it hangs up or does not answer; ``fork_source`` then closes it and
starts another one.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import KernelError
from grader.runtime.inside import FORK_SERVER
from grader.runtime.isolation import record_level, visible
from grader.runtime.kernels.folders import remove_folder
from grader.runtime.kernels.processes import scrubbed_environment
from grader.runtime.limits import Limits

__all__ = ["PREFIX", "Ended", "ForkClient", "LostError"]

MESSAGE = 1 << 16
"""The most bytes of one message of the server's."""
PREFIX = f"gradmark-{Path('/proc/self/ns/pid').stat().st_ino:x}-"
"""The beginning of temporary folders' names, with the pid namespace, since process numbers mean something within one only."""
CLOSING = 1.0
"""Seconds in which the server must end by itself, once nobody holds the other end of its socket."""


class LostError(Exception):
    """The server is gone, or does not answer; its kernels went with it."""


@dataclass(frozen=True)
class Ended:
    """The end of a kernel's process: its wait status (wait(2)), CPU seconds, and peak memory in KiB."""

    status: int
    cpu: float
    peak_kib: int


class ForkClient:
    """A fork server, started and asked from here.

    Args:
        limits: what a submission may use up; the sandbox is made for them.
        level: of isolation.
        packages: what the course offers besides numpy.

    Raises:
        KernelError: it does not come up.

    """

    def __init__(self, limits: Limits, level: str, packages: tuple[str, ...]) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        self._ended: dict[int, Ended] = {}
        seen = visible(packages)
        settings = {
            "fd": theirs.fileno(),
            "packages": seen["packages"],
            "preload": list(packages),
            "frame_bytes": limits.frame_bytes,
            "output_bytes": limits.output_bytes,
            "sandbox": {"level": level, **seen, **limits.of_the_process()},
        }
        # A folder of its own, where the libraries expect to write; at `full` it is the one that the sandbox makes.
        self._folder = None if level == "full" else Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-server-"))
        command = [sys.executable, "-P", "-s", "-S", "-X", "utf8", str(FORK_SERVER), json.dumps(settings)]
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process lives
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                command, pass_fds=[theirs.fileno()], env=scrubbed_environment(self._folder or "/scratch"), cwd="/",
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._said,
            )  # fmt: skip
        try:
            record_level(level, self._heard(limits.startup_seconds)[0]["ready"])
        except LostError:
            said = self.last_words()
            self.close()
            raise KernelError(f"the fork server did not start: {said}") from None

    @property
    def alive(self) -> bool:
        """Return True if the server can be asked for kernels. When it dies it hangs up first, before its kernels die."""
        if self._control.fileno() < 0:
            return False
        line = select.poll()
        line.register(self._control, 0)
        return not line.poll(0)

    def fork(self, request: Mapping[str, Any], fds: Iterable[int], seconds: float) -> tuple[int, int]:
        """Have a kernel forked; return its process, by its number in the server's pid namespace and by a descriptor.

        Raises:
            LostError: the server is gone or hangs.

        """
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], list(fds))
        except OSError:
            raise LostError from None
        while True:
            message, pidfds = self._heard(seconds)
            if "pid" in message:
                return message["pid"], pidfds[0]
            self._note(message)

    def ended(self, pid: int, seconds: float = 1.0) -> Ended | None:
        """Return the end of a process that is known to have ended; None if the server cannot say any more."""
        try:
            while pid not in self._ended:
                self._note(self._heard(seconds)[0])
        except LostError:
            return None
        return self._ended.pop(pid)

    def _note(self, message: dict[str, Any]) -> None:
        self._ended[message["ended"]] = Ended(message["status"], message["cpu"], message["peak_kib"])

    def _heard(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        """Wait for the next message; return it with the descriptors that came with it."""
        if self._control.fileno() < 0:
            raise LostError  # it was closed
        waiting = select.poll()
        waiting.register(self._control, select.POLLIN)
        if not waiting.poll(1000 * seconds):
            raise LostError
        try:
            data, fds, _, _ = socket.recv_fds(self._control, MESSAGE, 1)
        except OSError:
            raise LostError from None
        if not data:
            raise LostError
        return json.loads(data), fds

    def last_words(self) -> str:
        """Return the last line that the server wrote on its standard error."""
        self._said.seek(0)
        said = self._said.read().decode("utf-8", "replace").strip()
        return said.rpartition("\n")[2] or "it said nothing"

    def close(self) -> None:
        """End the server, and with it all of its kernels."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(CLOSING)  # it ends what is left of its kernels
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._said.close()
        if self._folder is not None:
            remove_folder(self._folder)
