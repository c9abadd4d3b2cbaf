"""Processes of kernels: their environment, the processor time that they use, how they ended, and what they left running."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

from grader.runtime.inside import FLOODED

__all__ = ["cpu_seconds_of", "describe_exit", "kill_strays", "scrubbed_environment"]


def scrubbed_environment(home: Path | str) -> dict[str, str]:
    """Return an environment with nothing of the grader's own but where programs and the language are."""
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
    """Return the CPU seconds of all threads of a process (clock_getcpuclockid(3)); 0.0 if it is gone."""
    if sys.platform != "linux":
        return 0.0
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def describe_exit(code: int) -> str:
    """Say in words what an exit code means; a negative one is minus the number of a signal."""
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


def kill_strays(home: Path) -> None:
    """Kill processes that left the kernel's process group, known by the environment that they inherited, whose HOME is unique.

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
