"""What starts a kernel for one submission, and ends it: a protocol, and a fresh stock kernel as its simplest form.

``forkserver`` has the form that is used where processes can be forked, ``pool`` the one for other platforms.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from grader.errors import KernelError
from grader.runtime.limits import Limits

__all__ = [
    "Kernel",
    "KernelSource",
    "PlainKernels",
    "capped_context",
    "cpu_seconds_of",
    "environment",
    "how_it_ended",
    "lay_out",
    "removed",
    "sweep",
]

LAUNCHER = Path(__file__).parent / "inside" / "launch.py"


class Kernel(Protocol):
    """A live kernel with a submission's files around it."""

    manager: AsyncKernelManager
    client: AsyncKernelClient
    agent: socket.socket

    async def died(self) -> str:
        """Wait until the process is gone; how it ended, in words."""
        ...

    def cpu_seconds(self) -> float:
        """What its process has used so far, of all threads; 0 where that is not to be had, as of a stock kernel that has ended."""
        ...

    def blameless(self) -> bool:
        """Whether it was lost through no fault of the submission."""
        ...

    def kill(self) -> None:
        """End it and all it started, at once."""
        ...

    async def end(self) -> None:
        """Kill it and remove all that it left behind."""
        ...


class KernelSource(Protocol):
    """Starts kernels of one level of isolation."""

    async def start(self, files: Mapping[str, bytes], folder: str, seed: int) -> Kernel:
        """A new kernel in a private copy of ``files``, its working directory ``folder`` in it."""
        ...


@dataclass(frozen=True)
class PlainKernels:
    """A fresh stock ipykernel each time, in a session of its own.

    Raises:
        KernelError: from :meth:`start`, when the kernel does not come up.

    """

    limits: Limits
    level: str

    async def start(self, files: Mapping[str, bytes], folder: str, seed: int) -> Kernel:
        """See :class:`KernelSource`."""
        base = Path(tempfile.mkdtemp(prefix="gradmark-"))
        kernel = PlainKernel(base)
        try:
            await kernel.start(files, folder, seed, self.limits, self.level)
        except BaseException as error:
            await kernel.end()
            if isinstance(error, (OSError, RuntimeError, TimeoutError, zmq.ZMQError)):
                raise KernelError(f"no kernel could be started ({type(error).__name__}: {error})") from error
            raise
        return kernel


class _OneSpec(KernelSpecManager):
    """Whatever a notebook names, the kernel is ours."""

    argv: list[str] = []  # noqa: RUF012 - set on the instance

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002 - the signature is the base's
        """Our own specification."""
        return KernelSpec(argv=self.argv, display_name="Gradmark", language="python")


class PlainKernel:
    """See :class:`PlainKernels`."""

    manager: AsyncKernelManager
    client: AsyncKernelClient
    agent: socket.socket

    def __init__(self, base: Path) -> None:
        self._base = base
        self._process: subprocess.Popen[bytes] | None = None
        self._context: zmq.asyncio.Context | None = None

    async def start(self, files: Mapping[str, bytes], folder: str, seed: int, limits: Limits, level: str) -> None:
        """Lay out the private copy and bring the kernel up."""
        work, home = self._base / "copy", self._base / "home"
        home.mkdir()
        lay_out(work, files)
        where = work / folder
        where.mkdir(parents=True, exist_ok=True)
        self.agent, theirs = socket.socketpair()
        with theirs:
            settings = {
                "fd": theirs.fileno(),
                "root": str(work),
                "paths": list(dict.fromkeys([str(work), str(where)])),
                "packages": list(dict.fromkeys(sysconfig.get_path(p) for p in ("purelib", "platlib"))),
                "connection": str(self._base / "connection.json"),
                "parent": os.getpid(),
                "level": level,
                "seed": seed,
                "memory_bytes": limits.memory_bytes,
                "file_bytes": limits.file_bytes,
                "frame_bytes": limits.frame_bytes,
                "output_bytes": limits.output_bytes,
                "cpu_seconds": limits.last_cpu_second(),
            }
            await self._launch(settings, home, where, limits, theirs.fileno())
        await self.client.wait_for_ready(timeout=limits.startup_seconds)

    async def _launch(self, settings: dict[str, Any], home: Path, where: Path, limits: Limits, fd: int) -> None:
        self._context = capped_context(limits)
        specs = _OneSpec()
        specs.argv = [sys.executable, "-P", "-s", "-S", "-X", "utf8", str(LAUNCHER), json.dumps(settings)]
        manager = AsyncKernelManager(
            kernel_name="gradmark", kernel_spec_manager=specs, context=self._context, transport="ipc",
            connection_file=settings["connection"], ip=str(self._base / "ipc"), cache_ports=False,
        )  # fmt: skip
        self.manager = manager
        await manager.start_kernel(
            cwd=str(where), env=environment(home), pass_fds=(fd,),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._process = manager.provisioner.process  # type: ignore[union-attr]  # LocalProvisioner's, which we asked for
        self.client = manager.client(context=self._context)
        self.client.start_channels(stdin=False, hb=False)

    async def died(self) -> str:
        """See :class:`Kernel`."""
        assert self._process is not None
        while (code := self._process.poll()) is None:
            await _exit_of(self._process.pid)
        return how_it_ended(code)

    def cpu_seconds(self) -> float:
        """See :class:`Kernel`."""
        return 0.0 if self._process is None else cpu_seconds_of(self._process.pid)

    def blameless(self) -> bool:
        """See :class:`Kernel`."""
        return False

    def kill(self) -> None:
        """See :class:`Kernel`."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def end(self) -> None:
        """See :class:`Kernel`."""
        if self._process is not None:
            group = self._process.pid
            self.kill()
            self._process.wait()
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)  # what it left running in its group
        if hasattr(self, "client"):
            self.client.stop_channels()
        if hasattr(self, "manager"):
            await self.manager.cleanup_resources()
        if self._context is not None:
            self._context.destroy(linger=0)
        if hasattr(self, "agent"):
            self.agent.close()
        sweep(self._base / "home")
        removed(self._base)


def capped_context(limits: Limits) -> zmq.asyncio.Context:
    """Sockets whose floods cannot fill this process: few messages wait, and none is larger than all that may be printed."""
    context = zmq.asyncio.Context()
    context.setsockopt(zmq.RCVHWM, 200)
    context.setsockopt(zmq.MAXMSGSIZE, 4 * limits.output_bytes)
    return context


def sweep(home: Path) -> None:
    """Kill what left the kernel's process group: it is known by the environment that it inherited, whose HOME is unique.

    A process that was started with another environment escapes this; only a process namespace holds those.
    """
    mark = f"HOME={home}\0".encode()
    proc = Path("/proc")
    found = sys.platform == "linux"
    while found:  # until none is left: they may be starting more
        found = False
        for entry in proc.iterdir():
            if not entry.name.isdecimal() or int(entry.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):  # another user's, or gone meanwhile
                environment = b"\0" + (entry / "environ").read_bytes()
                if b"\0" + mark in environment:
                    os.kill(int(entry.name), signal.SIGKILL)
                    found = True


def removed(folder: Path) -> None:
    """Remove a folder that a student's code could write to: too deep, too long or closed for the usual way, perhaps."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        if not folder.exists():
            return
        removed(folder)  # something in it went meanwhile
    except (OSError, RecursionError):
        for tool in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):  # neither follows a link, and both go to any depth
            subprocess.run([*tool, "--", str(folder)], check=False, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words


def lay_out(work: Path, files: Mapping[str, bytes]) -> None:
    """Write a submission's files into a new folder."""
    work.mkdir()
    for name, data in files.items():
        path = work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def environment(home: Path | str) -> dict[str, str]:
    """Nothing of the grader's own environment but where programs and the language are."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home),
        "IPYTHONDIR": str(Path(home, "ipython")),
        "JUPYTER_RUNTIME_DIR": str(home),
        "MPLCONFIGDIR": str(home),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "MALLOC_ARENA_MAX": "1",  # one for each thread would take 64 MiB of addresses each, and those are counted
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }


def cpu_seconds_of(pid: int) -> float:
    """The processor time of a process, of all its threads (clock_getcpuclockid(3), whose number it is made of); 0 if it is gone."""
    if sys.platform != "linux":
        return 0.0
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


async def _exit_of(pid: int) -> None:
    """Wait for a child to end, noticed at once where the system tells."""
    if not hasattr(os, "pidfd_open"):
        await asyncio.sleep(0.05)
        return
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    loop.add_reader(fd, gone.set)
    try:
        await gone.wait()
    finally:
        loop.remove_reader(fd)
        os.close(fd)


FLOODED = 87
"""The exit status of a kernel that printed too much (``inside/launch.py``)."""


def how_it_ended(code: int) -> str:
    """An exit code, or minus a signal, in words."""
    if code == FLOODED:
        return "it printed more than is allowed"
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        hints = {"SIGSEGV": " (a segmentation fault)", "SIGXCPU": " (too much processor time)", "SIGKILL": " (killed)"}
        return f"its process was ended by {name}{hints.get(name, '')}"
    return f"its process ended itself with status {code}"
