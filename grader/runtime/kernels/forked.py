"""Kernels that are forked, and the source of them.

One server serves all submissions of this process. A kernel comes up in a few milliseconds, in the sandbox of the level that was
asked for; cells go to it over sockets that were bound here, calls over a socket pair, and its end is noticed when it happens. What
runs over there is ``inside/forkserver.py``.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from grader.errors import KernelError, SubmissionError
from grader.runtime.kernels import processor
from grader.runtime.kernels.fork_client import PREFIX, Ended, ForkServer, LostError
from grader.runtime.kernels.kernel import capped_context, cpu_seconds_of, how_it_ended, removed
from grader.runtime.kernels.provisioner import ForkProvisioner
from grader.runtime.limits import Limits

__all__ = ["ForkedKernel", "ForkedKernels", "shared_source"]

SLOW = {b"matplotlib": "matplotlib.pyplot", b"testing": "numpy.testing", b"fft": "numpy.fft"}
"""Words in a submission, and the modules that they announce."""
TRIES = 3
"""How often a kernel is asked for, each time of a new server, before the grader gives up."""


class ForkedKernels:
    """A source of kernels (:class:`grader.runtime.kernels.KernelSource`) that are forked from one server.

    Raises:
        KernelError: from :meth:`start`, when no kernel comes up, not even from a new server.
        SubmissionError: from there too, when its files do not fit.

    """

    def __init__(self, limits: Limits, level: str, packages: tuple[str, ...] = ()) -> None:
        self._limits, self._level, self._packages = limits, level, packages
        self._server: ForkServer | None = None
        self._context: zmq.asyncio.Context | None = None
        _sweep_leftovers()

    async def start(self, files: Mapping[str, bytes], folder: str, seed: int) -> ForkedKernel:
        """See :class:`grader.runtime.kernels.KernelSource`."""
        self._measure(files)
        reason = ""
        for _ in range(TRIES):
            server = self._running()
            kernel = ForkedKernel(server, self._limits, self._level)
            try:
                await kernel.start(files, folder, seed, self._sockets(), _wanted(files))
            except BaseException as error:
                await kernel.end()
                if not isinstance(error, (LostError, OSError, RuntimeError, TimeoutError, zmq.ZMQError)):
                    raise
                reason = str(error) or "the fork server was lost"
                if isinstance(error, (LostError, TimeoutError)):
                    server.close()
            else:
                return kernel
        raise KernelError(f"no kernel could be started: {reason}")

    def begin(self) -> None:
        """Start the server now, and not with the first submission.

        Raises:
            KernelError: it does not come up, perhaps since the level is not to be had.

        """
        self._running()

    def _measure(self, files: Mapping[str, bytes]) -> None:
        """Refuse what does not fit into a sandbox's folder: that is the submission's fault, and is said before it is tried."""
        if self._level != "full":
            return
        folders = {str(parent) for name in files for parent in PurePosixPath(name).parents}
        size, count = sum(map(len, files.values())), len(files) + len(folders)
        if size > self._limits.disk_bytes // 2 or count > self._limits.inodes // 2:
            raise SubmissionError(
                f"its {len(files)} files in {len(folders)} folders ({size:,} bytes) need more room than a submission has here"
            )

    def _running(self) -> ForkServer:
        if self._server is None or not self._server.alive:
            if self._server is not None:
                self._server.close()
            self._server = ForkServer(self._limits, self._level, self._packages)
        return self._server

    def _sockets(self) -> zmq.asyncio.Context:
        if self._context is None:
            self._context = capped_context(self._limits)
        return self._context

    def close(self) -> None:
        """End the server."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._context is not None:
            self._context.destroy(linger=0)
            self._context = None


@lru_cache(maxsize=4)
def shared_source(limits: Limits, level: str, packages: tuple[str, ...]) -> ForkedKernels:
    """The one source of this process for these settings; its server ends with this process."""
    source = ForkedKernels(limits, level, packages)
    atexit.register(source.close)
    return source


class ForkedKernel:
    """A forked kernel with a submission's files around it (:class:`grader.runtime.kernels.Kernel`)."""

    manager: AsyncKernelManager
    client: AsyncKernelClient
    agent: socket.socket

    def __init__(self, server: ForkServer, limits: Limits, level: str) -> None:
        self._server, self._limits, self._level = server, limits, level
        self._base = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self.process: ForkProvisioner | None = None
        self.used: Ended | None = None

    async def start(
        self,
        files: Mapping[str, bytes],
        folder: str,
        seed: int,
        context: zmq.asyncio.Context,
        preload: list[str],
    ) -> None:
        """Have the kernel forked, and wait until what it prints can be heard."""
        self.agent, theirs = socket.socketpair()
        key = secrets.token_hex(16)
        given = [theirs.fileno()]
        with theirs, contextlib.ExitStack() as opened:
            for channel in ("shell", "iopub"):
                listener = opened.enter_context(socket.socket(socket.AF_UNIX))
                listener.bind(str(self._base / f"k-{1 if channel == 'shell' else 2}"))
                listener.listen(8)
                given.append(listener.fileno())
            packed = opened.enter_context(_packed(files))
            given.append(packed.fileno())
            request = {"folder": folder, "seed": seed, "key": key, "preload": preload, "processor": processor.stay()}
            if self._level != "full":
                scratch = self._base / "scratch"
                scratch.mkdir()
                request["scratch"] = str(scratch)
            self.manager = AsyncKernelManager(kernel_name="gradmark", context=context)
            self.process = ForkProvisioner(parent=self.manager)
            self.manager.provisioner = self.process
            self.process.take(*self._server.fork(request, given, self._limits.startup_seconds))
        self.client = AsyncKernelClient(context=context)
        self.client.load_connection_info(
            {"transport": "ipc", "ip": str(self._base / "k"), "key": key, "signature_scheme": "hmac-sha256",
             "shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5}
        )  # fmt: skip
        self.client.start_channels(stdin=False, hb=False, control=False)
        await self._greeted()
        if self._level == "full":
            shutil.rmtree(self._base, ignore_errors=True)  # both ends are connected: nothing needs its names any more

    async def _greeted(self) -> None:
        """Wait for the greeting that follows a subscription (``iopub_welcome``, Jupyter Enhancement Proposal 65), or for death."""
        assert self.process is not None
        until = time.monotonic() + self._limits.startup_seconds
        death = asyncio.ensure_future(self.process.gone())
        try:
            while (left := until - time.monotonic()) > 0:
                heard = asyncio.ensure_future(self.client.get_iopub_msg(timeout=left))
                done, _ = await asyncio.wait({heard, death}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                if heard in done and heard.exception() is None:
                    if heard.result()["msg_type"] == "iopub_welcome":
                        return
                    continue
                heard.cancel()
                if death in done:
                    raise RuntimeError(f"{await self.died()}; {self._server.last_words()}")
            raise TimeoutError("the kernel did not greet")
        finally:
            death.cancel()

    async def died(self) -> str:
        """See :class:`grader.runtime.kernels.Kernel`."""
        assert self.process is not None
        await self.process.gone()
        if self.used is None and self.process.pid is not None:
            self.used = self._server.ended(self.process.pid)
        if self.used is None:
            return "its process was lost together with the fork server"
        return how_it_ended(os.waitstatus_to_exitcode(self.used.status))

    def cpu_seconds(self) -> float:
        """See :class:`grader.runtime.kernels.Kernel`."""
        if self.used is not None:
            return self.used.cpu
        return 0.0 if self.process is None or self.process.here is None else cpu_seconds_of(self.process.here)

    def blameless(self) -> bool:
        """See :class:`grader.runtime.kernels.Kernel`."""
        return not self._server.alive

    def kill(self) -> None:
        """See :class:`grader.runtime.kernels.Kernel`."""
        if self.process is not None:
            self.process.signal(signal.SIGKILL)

    async def end(self) -> None:
        """See :class:`grader.runtime.kernels.Kernel`."""
        processor.roam()
        self.kill()
        if hasattr(self, "client") and self.client.channels_running:
            self.client.shell_channel.stop()  # the others were never opened
            self.client.iopub_channel.stop()
        if hasattr(self, "agent"):
            self.agent.close()
        if self.process is not None and self.process.has_process:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.died(), 5)
            await self.process.cleanup()
        removed(self._base)


def _packed(files: Mapping[str, bytes]) -> Any:
    """The submission's files in one anonymous file: a line of JSON with names and sizes, then their bytes."""
    packed = open(os.memfd_create("submission"), "w+b")  # noqa: PTH123, SIM115 - on no disk; the caller closes it
    packed.write(json.dumps([(name, len(data)) for name, data in files.items()]).encode() + b"\n")
    for data in files.values():
        packed.write(data)
    packed.flush()
    return packed


def _wanted(files: Mapping[str, bytes]) -> list[str]:
    """What a submission seems to import that takes long: it is loaded before the fork, once for it and for all that follow."""
    texts = b"".join(data for name, data in files.items() if name.endswith((".ipynb", ".py")))
    return [module for word, module in SLOW.items() if word in texts]


def _sweep_leftovers() -> None:
    """Remove the folders of drivers that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdecimal() and not _lives(owner):
            removed(folder)


def _lives(process: str) -> bool:
    """Whether a process has not ended; one that nobody waited for has."""
    try:
        return Path("/proc", process, "stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return False
