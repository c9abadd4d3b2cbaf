"""What starts a kernel for one submission, and ends it: a protocol, and what all who keep it share.

``forkserver`` keeps it where processes can be forked, ``pool`` on other platforms.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from grader.runtime.limits import Limits

__all__ = [
    "Kernel",
    "KernelSource",
    "capped_context",
    "cpu_seconds_of",
    "environment",
    "how_it_ended",
    "lay_out",
    "removed",
    "sweep",
]


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


FLOODED = 87
"""The exit status of a kernel that printed too much (``inside/shared.py``)."""


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
