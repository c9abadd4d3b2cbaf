"""A plain kernel that is started ahead of its submission, waits for it, and serves it alone.

The protocol is that of every other kernel, on TCP connections to 127.0.0.1: the calls on one that the kernel opens and proves with
a token, which it got by a pipe; the cells on ipykernel's own sockets, signed, and encrypted where ZeroMQ can. Nothing here forks,
passes descriptors or names a Unix socket, so it should do on macOS and Windows; it has been tested on Linux only.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from grader.runtime.inside import HEADER, WAITING_KERNEL, Kind, decode, encode, frame, read_header
from grader.runtime.kernels.folders import remove_folder, write_files
from grader.runtime.kernels.processes import cpu_seconds_of, describe_exit, kill_strays, scrubbed_environment
from grader.runtime.kernels.sockets import capped_context
from grader.runtime.limits import Limits

__all__ = ["WaitingKernel", "WaitingProcess"]

LOOPBACK = "127.0.0.1"
HANDSHAKE = 1.0
"""Seconds in which whoever connects must say its token."""
GREETING = 1 << 14
"""The most bytes of what a kernel says of itself."""
GLANCE = 0.02
"""Seconds between two looks at whether a process has ended."""


class WaitingProcess:
    """A process that is becoming a kernel, or has become one and waits for its submission.

    Raises:
        OSError: no process, folder or socket is to be had.
        RuntimeError: the process has ended already.

    """

    def __init__(self, limits: Limits, level: str) -> None:
        self.limits, self._token = limits, secrets.token_hex(32)
        with contextlib.ExitStack() as undo:
            self.base = Path(tempfile.mkdtemp(prefix="gradmark-"))
            undo.callback(remove_folder, self.base)
            self._home = self.base / "home"
            self._home.mkdir()
            # A socket for each kernel, closed as soon as its own has come: no student's code runs while it could be reached.
            self._door = undo.enter_context(socket.create_server((LOOPBACK, 0), backlog=16))
            self._door.setblocking(False)
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                [sys.executable, "-P", "-s", "-S", "-X", "utf8", str(WAITING_KERNEL)],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                cwd=self._home, env={**scrubbed_environment(self._home), **_system()}, start_new_session=True,
            )  # fmt: skip
            undo.callback(self._end)
            self._tell(json.dumps(self._settings(level)).encode() + b"\n")
            undo.pop_all()

    def _tell(self, line: bytes) -> None:
        """Write a line to the process; one that has ended already cannot read it, and how it ended is what matters."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
        except BrokenPipeError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                raise RuntimeError(describe_exit(self.process.wait(HANDSHAKE))) from None
            raise

    def _settings(self, level: str) -> dict[str, Any]:
        return {
            "port": self._door.getsockname()[1],
            "token": self._token,
            "base": str(self.base),
            "root": str(self.base / "copy"),
            "packages": list(dict.fromkeys(sysconfig.get_path(p) for p in ("purelib", "platlib"))),
            "connection": str(self.base / "connection.json"),
            "parent": os.getpid(),
            "level": level,
            "memory_bytes": self.limits.memory_bytes,
            "file_bytes": self.limits.file_bytes,
            "frame_bytes": self.limits.frame_bytes,
            "output_bytes": self.limits.output_bytes,
            "cpu_seconds": self.limits.last_cpu_second(),
        }

    async def connection(self) -> socket.socket:
        """Wait for the connection of this very process.

        Raises:
            RuntimeError: the process ended.
            TimeoutError: it did not connect in time.

        """
        async with asyncio.timeout(self.limits.startup_seconds):
            loop = asyncio.get_running_loop()
            while True:
                knock = asyncio.ensure_future(loop.sock_accept(self._door))
                try:
                    while not (await asyncio.wait({knock}, timeout=GLANCE))[0]:
                        if self.process.poll() is not None:
                            raise RuntimeError(describe_exit(self.process.returncode))
                finally:
                    knock.cancel()
                end, _ = knock.result()
                end.setblocking(False)
                if await self._is_ours(end):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self._door.close()
                    return end
                end.close()

    async def _is_ours(self, end: socket.socket) -> bool:
        try:
            async with asyncio.timeout(HANDSHAKE):
                said = await _exactly(end, len(self._token))
        except (TimeoutError, OSError):
            return False
        return hmac.compare_digest(said, self._token.encode("ascii"))

    def kill(self) -> None:
        """End the process and what it started."""
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        elif self.process.poll() is None:
            tree = ["taskkill", "/F", "/T", "/PID", str(self.process.pid)]
            subprocess.run(tree, check=False, capture_output=True)  # noqa: S603 - our own words
            self.process.kill()

    def close(self) -> None:
        """Kill the process, and remove all traces."""
        self._door.close()
        self._end()
        remove_folder(self.base)

    def _end(self) -> None:
        self.kill()
        self.process.wait()
        with contextlib.suppress(OSError):
            self.process.stdin.close()  # type: ignore[union-attr]  # it is a pipe
        self.kill()  # what it left running in its group
        kill_strays(self._home)


class WaitingKernel:
    """A plain kernel that has got its submission (:class:`grader.runtime.kernels.Kernel`); made by :meth:`start`."""

    takes_several = False

    def __init__(
        self, process: WaitingProcess, agent: socket.socket, context: zmq.asyncio.Context, info: dict[str, Any]
    ) -> None:
        self._process, self.agent, self._context = process, agent, context
        self.manager = AsyncKernelManager(kernel_name="gradmark", context=context)
        self.client = AsyncKernelClient(context=context)
        self.client.load_connection_info(info)  # type: ignore[arg-type]  # ports and keys, as it wants them

    @classmethod
    async def start(cls, process: WaitingProcess, files: Mapping[str, bytes], folder: str, seed: int) -> Self:
        """Lay out the private copy, tell the process that waits, and wait until it serves; whatever fails ends the process.

        Raises:
            RuntimeError: the process ended.
            TimeoutError: it did not come up in time.
            WireError: it talks nonsense.
            OSError: a folder or a socket is not to be had.

        """
        limits, work = process.limits, process.base / "copy"
        until = time.monotonic() + limits.startup_seconds
        with contextlib.ExitStack() as undo:
            undo.callback(process.close)
            write_files(work, files)
            where = work / folder
            where.mkdir(parents=True, exist_ok=True)
            agent = undo.enter_context(await process.connection())
            async with asyncio.timeout(limits.startup_seconds):
                info = await _connection_info(agent)
                told = {"folder": str(where), "paths": list(dict.fromkeys([str(work), str(where)])), "seed": seed}
                request = frame(Kind.CONTROL, 0, encode(told, GREETING))
                await asyncio.get_running_loop().sock_sendall(agent, request)
            kernel = cls(process, agent, capped_context(limits), info)
            undo.pop_all()
        try:
            await kernel._ready(max(1.0, until - time.monotonic()))
        except BaseException:
            await kernel.end()
            raise
        return kernel

    async def _ready(self, seconds: float) -> None:
        """Wait until the kernel answers and what it prints arrives; the client's own way takes a fifth of a second to be sure.

        A kernel of protocol 5.4 greets each subscriber (``iopub_welcome``, Jupyter Enhancement Proposal 65).
        """
        self.client.start_channels(stdin=False, hb=False)
        async with asyncio.timeout(seconds):
            asked = self.client.kernel_info()
            while (await self.client.get_iopub_msg(timeout=seconds))["msg_type"] != "iopub_welcome":
                pass
            while (await self.client.get_shell_msg(timeout=seconds))["parent_header"].get("msg_id") != asked:
                pass

    async def died(self) -> str:
        """Wait until the process is gone; say how it ended."""
        while (code := self._process.process.poll()) is None:
            await asyncio.sleep(GLANCE)
        return describe_exit(code)

    def cpu_seconds(self) -> float:
        """Return the CPU seconds of all threads so far; 0.0 once the process has ended."""
        return cpu_seconds_of(self._process.process.pid)

    def blameless(self) -> bool:
        """Return False: nothing but its own code ends a plain kernel."""
        return False

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        if self._process.process.poll() is None:
            self._process.kill()

    async def end(self) -> None:
        """Kill the kernel and remove all that it left behind."""
        self.kill()
        self.client.stop_channels()
        self._context.destroy(linger=0)
        self.agent.close()
        self._process.close()


async def _connection_info(agent: socket.socket) -> dict[str, Any]:
    """Read the ports and keys of the kernel, which runs no student's code yet."""
    _, _, length = read_header(await _exactly(agent, HEADER.size), GREETING)
    info = decode(await _exactly(agent, length))
    return {
        "transport": "tcp",
        "ip": LOOPBACK,
        **{name: value for name, value in info.items() if value is not None},
    }


def _system() -> dict[str, str]:
    """Return what Windows needs of its own environment for a program to start and open sockets; nothing elsewhere."""
    if sys.platform != "win32":
        return {}
    kept = ("SYSTEMROOT", "SYSTEMDRIVE", "PATH", "PATHEXT", "COMSPEC")
    return {name: os.environ[name] for name in kept if name in os.environ}


async def _exactly(end: socket.socket, count: int) -> bytes:
    """Read so many bytes.

    Raises:
        ConnectionResetError: the other end hung up before.

    """
    data, loop = b"", asyncio.get_running_loop()
    while len(data) < count:
        piece = await loop.sock_recv(end, count - len(data))
        if not piece:
            raise ConnectionResetError("it hung up")
        data += piece
    return data
