"""A forked kernel: up in a few milliseconds, in the sandbox of the level that was asked for.

Cells go to it over sockets that were bound here, calls over a socket pair, and its end is noticed when it happens. The server that
forks it is ``inside/fork_server.py``.
"""

from __future__ import annotations

import asyncio
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
from pathlib import Path
from typing import Any, Self

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from grader.errors import KernelError
from grader.runtime.kernels import pinning
from grader.runtime.kernels.folders import remove_folder
from grader.runtime.kernels.fork_client import PREFIX, Ended, ForkClient
from grader.runtime.kernels.processes import cpu_seconds_of, describe_exit
from grader.runtime.kernels.provisioner import ForkProvisioner
from grader.runtime.limits import Limits

__all__ = ["ForkedKernel"]

PATIENCE = 5.0
"""Seconds that the grader waits for the end of a kernel that it has killed."""


class ForkedKernel:
    """A forked kernel with a submission's files around it (:class:`grader.runtime.kernels.Kernel`); made by :meth:`start`.

    Args:
        server: which forked it, and tells how it ended.
        base: the folder of its sockets, and below level ``full`` of its files.
        agent: the grader's end of the channel for calls.
        manager: what nbclient asks about its process.
        client: the channels for cells, not yet opened.
        process: the process itself.

    """

    takes_several = True

    def __init__(
        self,
        server: ForkClient,
        base: Path,
        agent: socket.socket,
        manager: AsyncKernelManager,
        client: AsyncKernelClient,
        process: ForkProvisioner,
    ) -> None:
        self._server, self._base, self._process = server, base, process
        self.agent, self.manager, self.client = agent, manager, client
        self._ended: Ended | None = None

    @classmethod
    async def start(
        cls,
        server: ForkClient,
        limits: Limits,
        level: str,
        files: Mapping[str, bytes],
        folder: str,
        seed: int,
        context: zmq.asyncio.Context,
        preload: list[str],
    ) -> Self:
        """Have a kernel forked, and wait until what it prints can be heard.

        Args:
            server: which forks it.
            limits: of which the seconds for the start are taken.
            level: of isolation.
            files: the submission's, by their paths.
            folder: the working directory, in them.
            seed: of ``random`` and ``numpy.random``.
            context: of the sockets on which cells go to it.
            preload: modules that the server imports before.

        Raises:
            LostError: the server is gone or hangs.
            RuntimeError: the kernel ended before it greeted.
            TimeoutError: it did not greet.
            OSError: a folder or a socket is not to be had.

        """
        with contextlib.ExitStack() as undo:
            base = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
            undo.callback(remove_folder, base)
            undo.callback(pinning.unpin)
            agent, theirs = socket.socketpair()
            undo.callback(agent.close)
            key = secrets.token_hex(16)
            manager = AsyncKernelManager(kernel_name="gradmark", context=context)
            manager.provisioner = process = ForkProvisioner(parent=manager)
            client = _client(context, base, key)
            with contextlib.ExitStack() as opened:
                given = [opened.enter_context(theirs), *(opened.enter_context(s) for s in _listening(base))]
                given.append(opened.enter_context(_packed(files)))
                request = {"folder": folder, "seed": seed, "key": key, "preload": preload, "processor": pinning.pin()}
                if level != "full":
                    scratch = base / "scratch"
                    scratch.mkdir()
                    request["scratch"] = str(scratch)
                process.adopt(*server.fork(request, [file.fileno() for file in given], limits.startup_seconds))
            undo.pop_all()
            kernel = cls(server, base, agent, manager, client, process)
        try:
            await kernel._greeted(limits.startup_seconds)
        except BaseException:
            await kernel.end()
            raise
        if level == "full":
            shutil.rmtree(base, ignore_errors=True)  # both ends are connected: nothing needs its names any more
        return kernel

    async def _greeted(self, seconds: float) -> None:
        """Wait for the greeting that follows a subscription (``iopub_welcome``, Jupyter Enhancement Proposal 65), or for death.

        Raises:
            RuntimeError: the kernel ended before.
            TimeoutError: so many seconds have passed.

        """
        self.client.start_channels(stdin=False, hb=False, control=False)
        until = time.monotonic() + seconds
        death = asyncio.ensure_future(self._process.wait_for_end())
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
        """Wait until the process is gone; say how it ended."""
        await self._process.wait_for_end()
        if self._ended is None and self._process.pid is not None:
            self._ended = self._server.ended(self._process.pid)
        if self._ended is None:
            return "its process was lost together with the fork server"
        return describe_exit(os.waitstatus_to_exitcode(self._ended.status))

    def cpu_seconds(self) -> float:
        """Return the CPU seconds of all threads so far; 0.0 if unknown."""
        if self._ended is not None:
            return self._ended.cpu
        return 0.0 if self._process.local_pid is None else cpu_seconds_of(self._process.local_pid)

    def blameless(self) -> bool:
        """Return True if the server is lost, and the kernel with it."""
        return not self._server.alive

    def kill(self) -> None:
        """End the process at once."""
        self._process.signal(signal.SIGKILL)

    async def end(self) -> None:
        """Kill the kernel and remove all that it left behind."""
        pinning.unpin()
        self.kill()
        if self.client.channels_running:
            self.client.shell_channel.stop()  # the others were never opened
            self.client.iopub_channel.stop()
        self.agent.close()
        if self._process.has_process:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.died(), PATIENCE)
            await self._process.cleanup()
        remove_folder(self._base)


def _listening(base: Path) -> list[socket.socket]:
    """Bind the sockets of a kernel, for cells and for what it prints, and listen on them."""
    with contextlib.ExitStack() as undo:
        listeners = []
        for port in (SHELL_PORT, IOPUB_PORT):
            listener = undo.enter_context(socket.socket(socket.AF_UNIX))
            _bind(listener, base / f"k-{port}")
            listener.listen(8)
            listeners.append(listener)
        undo.pop_all()
        return listeners


def _bind(listener: socket.socket, path: Path) -> None:
    """Bind a listener to a path.

    Raises:
        KernelError: the path is longer than the address of a socket may be (sun_path, unix(7)).

    """
    if len(os.fsencode(path)) >= LONGEST:
        raise KernelError(
            f"the folder for temporary files, {tempfile.gettempdir()}, has too long a name: its sockets' names have "
            f"{len(os.fsencode(path))} bytes, and may have {LONGEST - 1}; set TMPDIR to a folder with a shorter name"
        )
    listener.bind(str(path))


LONGEST = 108
"""Bytes of a socket's address on Linux, with the zero at its end."""
SHELL_PORT, IOPUB_PORT = 1, 2
"""The numbers at the end of the sockets' names, which ZeroMQ's ``ipc`` takes for ports."""


def _client(context: zmq.asyncio.Context, base: Path, key: str) -> AsyncKernelClient:
    """Make the client of a kernel; of its channels only those for cells and for what it prints are ever opened."""
    client = AsyncKernelClient(context=context)
    client.load_connection_info(
        {"transport": "ipc", "ip": str(base / "k"), "key": key, "signature_scheme": "hmac-sha256",
         "shell_port": SHELL_PORT, "iopub_port": IOPUB_PORT, "stdin_port": 3, "control_port": 4, "hb_port": 5}
    )  # fmt: skip
    return client


def _packed(files: Mapping[str, bytes]) -> Any:
    """Pack the submission's files in one anonymous file: a line of JSON with names and sizes, then their bytes."""
    packed = open(os.memfd_create("submission"), "w+b")  # noqa: PTH123, SIM115 - on no disk; the caller closes it
    packed.write(json.dumps([(name, len(data)) for name, data in files.items()]).encode() + b"\n")
    for data in files.values():
        packed.write(data)
    packed.flush()
    return packed
