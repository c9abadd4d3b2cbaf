"""Kernels for platforms that have neither fork nor namespaces: plain ones, started ahead, over authenticated loopback.

A fresh ipykernel takes half a second to come up. Here one is up already when a submission comes, and its successor comes up while
this one is judged; each serves one submission and is killed. The protocol is that of every other kernel, on TCP connections to
127.0.0.1: the calls on one that the kernel opens and proves with a token, which it got by a pipe; the cells on ipykernel's own
sockets, signed, and encrypted where ZeroMQ can. Nothing here forks, passes descriptors or names a Unix socket, so it should do on
macOS and Windows; it has been tested on Linux only, where it is there to be asked for.
"""

from __future__ import annotations

import asyncio
import atexit
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
from functools import lru_cache
from pathlib import Path
from typing import Any

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from grader.errors import KernelError
from grader.runtime.inside import wire
from grader.runtime.kernels.kernel import (
    capped_context,
    cpu_seconds_of,
    environment,
    how_it_ended,
    lay_out,
    removed,
    sweep,
)
from grader.runtime.limits import Limits

__all__ = ["MECHANISMS", "PooledKernel", "PooledKernels", "shared_pool"]

STARTER = Path(__file__).parents[1] / "inside" / "waiting_kernel.py"
LOOPBACK = "127.0.0.1"
MECHANISMS = ("environment", "imports", "loopback")
"""What a result says of kernels from here at the level ``none``; at ``process``, more."""
HANDSHAKE = 1.0
"""Seconds in which whoever connects must say its token."""
GREETING = 1 << 14
"""The most bytes of what a kernel says of itself."""
GLANCE = 0.02
"""Seconds between two looks at whether a process has ended."""


class PooledKernels:
    """A source of kernels (:class:`grader.runtime.kernels.KernelSource`) that has some ready.

    Args:
        limits: what a submission may use up.
        level: ``none``, or ``process`` where that is to be had.
        ready: how many kernels wait, ahead of the one that is used.

    Raises:
        KernelError: from :meth:`start`, when no kernel comes up, neither the one that waited nor a fresh one.

    """

    def __init__(self, limits: Limits, level: str, ready: int = 1) -> None:
        self.limits, self.level, self.ready = limits, level, ready
        self._waiting: list[Waiting] = []

    async def start(self, files: Mapping[str, bytes], folder: str, seed: int) -> PooledKernel:
        """A kernel in a private copy of ``files``, its working directory ``folder`` in it."""
        self._forget_the_dead()
        failure: Exception | None = None
        for _ in range(2):  # one that waited may have died meanwhile, or hang: then a fresh one
            try:
                taken = self._waiting.pop(0) if self._waiting else Waiting(self.limits, self.level)
            except OSError as error:
                failure = error
                continue
            kernel = PooledKernel(taken)
            try:
                self._fill()  # comes up while this one is judged
                await kernel.start(files, folder, seed)
            except BaseException as error:
                await kernel.end()
                if not isinstance(error, (OSError, RuntimeError, TimeoutError, wire.WireError, zmq.ZMQError)):
                    raise
                failure = error
            else:
                return kernel
        raise KernelError(f"no kernel could be started ({type(failure).__name__}: {failure})") from failure

    def warm(self) -> None:
        """Start the kernels that wait, if they are not there; :meth:`start` does it too."""
        self._forget_the_dead()
        self._fill()

    def close(self) -> None:
        """End the kernels that wait. Those that were taken belong to whoever took them."""
        while self._waiting:
            self._waiting.pop().close()

    def _fill(self) -> None:
        while len(self._waiting) < self.ready:
            try:
                self._waiting.append(Waiting(self.limits, self.level))
            except OSError:  # not this submission's loss: whoever needs it tries again, and says so
                return

    def _forget_the_dead(self) -> None:
        for waiting in [w for w in self._waiting if w.process.poll() is not None]:
            self._waiting.remove(waiting)
            waiting.close()


@lru_cache(maxsize=4)
def shared_pool(limits: Limits, level: str) -> PooledKernels:
    """The one pool of this process for these limits, ended with it."""
    pool = PooledKernels(limits, level)
    atexit.register(pool.close)
    return pool


class Waiting:
    """A process that is becoming a kernel, or has become one and waits for its submission.

    Raises:
        OSError: no process, folder or socket is to be had.

    """

    def __init__(self, limits: Limits, level: str) -> None:
        self.limits, self.token = limits, secrets.token_hex(32)
        self.base = Path(tempfile.mkdtemp(prefix="gradmark-"))
        self.home = self.base / "home"
        self.home.mkdir()
        # A socket for each kernel, closed as soon as its own has come: no student's code runs while it could be reached.
        self.door = socket.create_server((LOOPBACK, 0), backlog=16)
        self.door.setblocking(False)
        settings = {
            "port": self.door.getsockname()[1],
            "token": self.token,
            "base": str(self.base),
            "root": str(self.base / "copy"),
            "packages": list(dict.fromkeys(sysconfig.get_path(p) for p in ("purelib", "platlib"))),
            "connection": str(self.base / "connection.json"),
            "parent": os.getpid(),
            "level": level,
            "memory_bytes": limits.memory_bytes,
            "file_bytes": limits.file_bytes,
            "frame_bytes": limits.frame_bytes,
            "output_bytes": limits.output_bytes,
            "cpu_seconds": limits.last_cpu_second(),
        }
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                [sys.executable, "-P", "-s", "-S", "-X", "utf8", str(STARTER)],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                cwd=self.home, env={**environment(self.home), **_system()}, start_new_session=True,
            )  # fmt: skip
            assert self.process.stdin is not None
            self.process.stdin.write(json.dumps(settings).encode() + b"\n")
            self.process.stdin.flush()
        except BaseException:
            self.close()
            raise

    async def channel(self) -> socket.socket:
        """The connection of this very process.

        Raises:
            RuntimeError: the process ended.
            TimeoutError: it did not connect in time.

        """
        async with asyncio.timeout(self.limits.startup_seconds):
            loop = asyncio.get_running_loop()
            while True:
                knock = asyncio.ensure_future(loop.sock_accept(self.door))
                try:
                    while not (await asyncio.wait({knock}, timeout=GLANCE))[0]:
                        if self.process.poll() is not None:
                            raise RuntimeError(how_it_ended(self.process.returncode))
                finally:
                    knock.cancel()
                end, _ = knock.result()
                end.setblocking(False)
                if await self._is_ours(end):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.door.close()
                    return end
                end.close()

    async def _is_ours(self, end: socket.socket) -> bool:
        try:
            async with asyncio.timeout(HANDSHAKE):
                said = await _exactly(end, len(self.token))
        except (TimeoutError, OSError):
            return False
        return hmac.compare_digest(said, self.token.encode("ascii"))

    def kill(self) -> None:
        """End the process and what it started."""
        if not hasattr(self, "process"):
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        elif self.process.poll() is None:
            tree = ["taskkill", "/F", "/T", "/PID", str(self.process.pid)]
            subprocess.run(tree, check=False, capture_output=True)  # noqa: S603 - our own words
            self.process.kill()

    def close(self) -> None:
        """Kill, and remove all traces."""
        self.door.close()
        self.kill()
        if hasattr(self, "process"):
            self.process.wait()
            with contextlib.suppress(OSError):
                self.process.stdin.close()  # type: ignore[union-attr]  # it is a pipe
            self.kill()  # what it left running in its group
            sweep(self.home)
        removed(self.base)


class PooledKernel:
    """A kernel that has got its submission (:class:`grader.runtime.kernels.Kernel`)."""

    manager: AsyncKernelManager
    client: AsyncKernelClient
    agent: socket.socket

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._context: zmq.asyncio.Context | None = None

    async def start(self, files: Mapping[str, bytes], folder: str, seed: int) -> None:
        """Lay out the private copy, and tell the kernel that waits."""
        limits, work = self._waiting.limits, self._waiting.base / "copy"
        until = time.monotonic() + limits.startup_seconds
        lay_out(work, files)
        where = work / folder
        where.mkdir(parents=True, exist_ok=True)
        self.agent = await self._waiting.channel()
        async with asyncio.timeout(limits.startup_seconds):
            info = await self._where_it_listens()
            told = {"folder": str(where), "paths": list(dict.fromkeys([str(work), str(where)])), "seed": seed}
            request = wire.frame(wire.Kind.CONTROL, 0, wire.encode(told, GREETING))
            await asyncio.get_running_loop().sock_sendall(self.agent, request)
        self._connect(info, limits)
        await self._ready(max(1.0, until - time.monotonic()))

    async def _where_it_listens(self) -> dict[str, Any]:
        """The ports and keys of the kernel, which runs no student's code yet."""
        _, _, length = wire.read_header(await _exactly(self.agent, wire.HEADER.size), GREETING)
        info = wire.decode(await _exactly(self.agent, length))
        return {
            "transport": "tcp",
            "ip": LOOPBACK,
            **{name: value for name, value in info.items() if value is not None},
        }

    async def _ready(self, seconds: float) -> None:
        """Wait until the kernel answers and what it prints arrives; the client's own way takes a fifth of a second to be sure.

        A kernel of protocol 5.4 greets each subscriber (``iopub_welcome``, Jupyter Enhancement Proposal 65).
        """
        async with asyncio.timeout(seconds):
            asked = self.client.kernel_info()
            while (await self.client.get_iopub_msg(timeout=seconds))["msg_type"] != "iopub_welcome":
                pass
            while (await self.client.get_shell_msg(timeout=seconds))["parent_header"].get("msg_id") != asked:
                pass

    def _connect(self, info: dict[str, Any], limits: Limits) -> None:
        self._context = capped_context(limits)
        self.manager = AsyncKernelManager(kernel_name="gradmark", context=self._context)
        self.client = AsyncKernelClient(context=self._context)
        self.client.load_connection_info(info)  # type: ignore[arg-type]  # ports and keys, as it wants them
        self.client.start_channels(stdin=False, hb=False)

    async def died(self) -> str:
        """See :class:`grader.runtime.kernels.Kernel`."""
        while (code := self._waiting.process.poll()) is None:
            await asyncio.sleep(GLANCE)
        return how_it_ended(code)

    def cpu_seconds(self) -> float:
        """See :class:`grader.runtime.kernels.Kernel`."""
        return cpu_seconds_of(self._waiting.process.pid)

    def blameless(self) -> bool:
        """See :class:`grader.runtime.kernels.Kernel`."""
        return False

    def kill(self) -> None:
        """See :class:`grader.runtime.kernels.Kernel`."""
        if self._waiting.process.poll() is None:
            self._waiting.kill()

    async def end(self) -> None:
        """See :class:`grader.runtime.kernels.Kernel`."""
        self.kill()
        if hasattr(self, "client"):
            self.client.stop_channels()
        if self._context is not None:
            self._context.destroy(linger=0)
        if hasattr(self, "agent"):
            self.agent.close()
        self._waiting.close()


def _system() -> dict[str, str]:
    """What Windows needs of its own environment for a program to start and open sockets; nothing elsewhere."""
    if sys.platform != "win32":
        return {}
    kept = ("SYSTEMROOT", "SYSTEMDRIVE", "PATH", "PATHEXT", "COMSPEC")
    return {name: os.environ[name] for name in kept if name in os.environ}


async def _exactly(end: socket.socket, count: int) -> bytes:
    data, loop = b"", asyncio.get_running_loop()
    while len(data) < count:
        piece = await loop.sock_recv(end, count - len(data))
        if not piece:
            raise ConnectionResetError("it hung up")
        data += piece
    return data
