"""The fork server as this process sees it: one process, asked for kernels over a socket pair, which tells how they ended.

What runs over there is ``inside/forkserver.py``. It is lost when it hangs up or does not answer, and then closed and started anew
by ``forkserver``, which decides what that means for a submission.
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
from grader.runtime.isolation import proved
from grader.runtime.isolation.visible import visible
from grader.runtime.kernels.kernel import environment, removed
from grader.runtime.limits import Limits

__all__ = ["PREFIX", "Ended", "ForkServer", "LostError"]

SERVER = Path(__file__).parents[1] / "inside" / "fork_server.py"
RUN = """
import importlib.machinery, sys
sys.dont_write_bytecode = False
__file__ = sys.argv.pop(1)
exec(importlib.machinery.SourceFileLoader("__main__", __file__).get_code("__main__"))
"""
"""Runs a script from its bytecode, which Python alone keeps for modules only."""
MESSAGE = 1 << 16
PREFIX = f"gradmark-{Path('/proc/self/ns/pid').stat().st_ino:x}-"  # process numbers mean something within their namespace only
CLOSING = 1.0


class LostError(Exception):
    """The server is gone, or does not answer: its kernels went with it."""


@dataclass(frozen=True)
class Ended:
    """How a child ended: its wait status, CPU seconds and peak memory."""

    status: int
    cpu: float
    peak_kib: int


class ForkServer:
    """The process that forks, from here.

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
        command = [sys.executable, "-P", "-s", "-S", "-X", "utf8", "-c", RUN, str(SERVER), json.dumps(settings)]
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process lives
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                command, pass_fds=[theirs.fileno()], env=environment(self._folder or "/scratch"), cwd="/",
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._said,
            )  # fmt: skip
        try:
            proved(level, self._heard(limits.startup_seconds)[0]["ready"])
        except LostError:
            said = self.last_words()
            self.close()
            raise KernelError(f"the fork server did not start: {said}") from None

    @property
    def alive(self) -> bool:
        """Whether it can be asked for kernels. When it dies it hangs up first: before its kernels die, and before that is known."""
        if self._control.fileno() < 0:
            return False
        line = select.poll()
        line.register(self._control, 0)
        return not line.poll(0)

    def fork(self, request: Mapping[str, Any], fds: Iterable[int], seconds: float) -> tuple[int, int]:
        """A new kernel: its process, by number and by descriptor.

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
        """How a child ended that is known to have ended; None if the server cannot say any more."""
        try:
            while pid not in self._ended:
                self._note(self._heard(seconds)[0])
        except LostError:
            return None
        return self._ended.pop(pid)

    def _note(self, message: dict[str, Any]) -> None:
        self._ended[message["ended"]] = Ended(message["status"], message["cpu"], message["peak_kib"])

    def _heard(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        """The next message, with the descriptors that came with it."""
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
        """The last line that it wrote on its standard error."""
        self._said.seek(0)
        said = self._said.read().decode("utf-8", "replace").strip()
        return said.rpartition("\n")[2] or "it said nothing"

    def close(self) -> None:
        """End it, and with it all of its kernels."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(CLOSING)  # it ends what is left of its kernels
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._said.close()
        if self._folder is not None:
            removed(self._folder)
