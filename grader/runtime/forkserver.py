"""Kernels that are forked: the handle of the fork server, and the source of kernels that uses it.

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
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from grader.errors import KernelError, SubmissionError
from grader.runtime.isolation import proved
from grader.runtime.kernels import capped_context, cpu_seconds_of, environment, how_it_ended, removed
from grader.runtime.limits import Limits
from grader.runtime.packages import visible
from grader.runtime.provisioner import ForkProvisioner

__all__ = ["ForkServer", "ForkedKernel", "ForkedKernels", "shared_source"]

SERVER = Path(__file__).parent / "inside" / "forkserver.py"
MESSAGE = 1 << 16
PREFIX = f"gradmark-{Path('/proc/self/ns/pid').stat().st_ino:x}-"  # process numbers mean something within their namespace only
SLOW = {b"matplotlib": "matplotlib.pyplot", b"testing": "numpy.testing", b"fft": "numpy.fft"}
"""Words in a submission, and the modules that they announce."""
CLOSING = 1.0
TRIES = 3
"""How often a kernel is asked for, each time of a new server, before the grader gives up."""


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
        command = [sys.executable, "-P", "-s", "-S", "-X", "utf8", str(SERVER), json.dumps(settings)]
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process lives
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                command, pass_fds=[theirs.fileno()], env=environment(self._folder or "/scratch"), cwd="/",
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._said,
            )  # fmt: skip
        try:
            proved(level, self._heard(limits.startup_seconds)[0]["ready"])
        except LostError:
            said = self._last_words()
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

    def _last_words(self) -> str:
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
            request = {"folder": folder, "seed": seed, "key": key, "preload": preload}
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
                    raise RuntimeError(f"{await self.died()}; {self._server._last_words()}")
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
