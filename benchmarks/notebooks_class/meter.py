"""CPU, wall time and peak memory of a whole tree of processes, with nobody overlooked.

:func:`measured` starts this file as a script, in an interpreter of its own that does nothing else. That one runs the commands in
a control group made for them (the kernel's own account: whoever is killed, orphaned or in a namespace is in it), and is the
subreaper of all that they start, so that each is waited for and ``getrusage`` counts it too. Where no control group is to be had,
the second account stands alone. On a system that knows neither, only children that their parents waited for are counted.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Cost", "burners", "measured"]

PR_SET_CHILD_SUBREAPER = 36
SAMPLE = 0.02
"""Seconds between two looks at the memory."""
PATIENCE = 5.0
"""Seconds that what a command left running may take to end by itself; then it is killed, and counted as left over."""
MIB = 1 << 20


@dataclass(frozen=True)
class Cost:
    """Of one series of commands: milliseconds, MiB (None when memory was not looked at), and how it went.

    ``reaped_ms`` is CPU by ``getrusage`` alone, ``account`` which of the two ``cpu_ms`` is. ``peak_mib`` is of all processes
    together, ``first_mib`` of the commands' own processes without their children, the largest; None on systems that do not tell.
    """

    cpu_ms: float
    wall_ms: float
    reaped_ms: float
    account: str
    peak_mib: float | None
    first_mib: float | None
    statuses: tuple[int, ...]
    left_over: int
    output: str


def measured(commands: Sequence[Sequence[str]], cwd: Path, env: Mapping[str, str], *, memory: bool = False) -> Cost:
    """Run the commands one after the other, as a user would, and say what they cost together.

    Args:
        commands: argument lists; their standard output goes to one file, which is returned.
        cwd: where to run them.
        env: their whole environment.
        memory: look at the memory of the tree every ``SAMPLE`` s. Looking takes time of its own: leave it out of timed rounds.

    Raises:
        RuntimeError: the meter itself failed; a command that fails is no error, its status is in the result.

    """
    told = json.dumps({"commands": [list(c) for c in commands], "cwd": str(cwd), "env": dict(env)})
    with subprocess.Popen(  # noqa: S603 - this file
        [sys.executable, "-I", "-S", str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as wrapper:
        peak, first = Peak(wrapper.pid) if memory else None, First(wrapper.pid)
        said, _ = wrapper.communicate(told)
        peak_mib, first_mib = peak.end() if peak is not None else None, first.end()
    if wrapper.returncode:
        raise RuntimeError(f"the meter itself failed with status {wrapper.returncode}")
    found = json.loads(said)
    return Cost(peak_mib=peak_mib, first_mib=first_mib, **{**found, "statuses": tuple(found["statuses"])})


class First:
    """The largest resident size that a child of a process ever had, its own children aside, by the kernel's account.

    The kernel remembers the peak, so that a look a tenth of a second is enough; that much is left on in timed rounds.
    """

    def __init__(self, pid: int) -> None:
        self._children, self._most, self._over = Path(f"/proc/{pid}/task/{pid}/children"), 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(5 * SAMPLE):
            with contextlib.suppress(OSError):
                for child in self._children.read_text().split():
                    for line in Path(f"/proc/{child}/status").read_bytes().splitlines():
                        if line.startswith(b"VmHWM:"):
                            self._most = max(self._most, 1024 * int(line.split()[1]))

    def end(self) -> float | None:
        """Stop looking; MiB, None where nothing could be seen."""
        self._over.set()
        self._thread.join()
        return self._most / MIB if self._most else None


class Peak:
    """The largest memory of the descendants of a process: proportional set size, resident size where that is not to be had."""

    def __init__(self, pid: int) -> None:
        self._pid, self._most, self._over = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        import psutil

        with contextlib.suppress(psutil.NoSuchProcess):
            top = psutil.Process(self._pid)
            while not self._over.wait(SAMPLE):
                self._most = max(self._most, sum(map(_memory, top.children(recursive=True))))

    def end(self) -> float:
        """Stop looking; MiB."""
        self._over.set()
        self._thread.join()
        return self._most / MIB


def _memory(process: object) -> int:
    import psutil

    assert isinstance(process, psutil.Process)
    with contextlib.suppress(psutil.Error, OSError):
        if sys.platform == "linux":
            for line in Path(f"/proc/{process.pid}/smaps_rollup").read_bytes().splitlines():
                if line.startswith(b"Pss:"):
                    return 1024 * int(line.split()[1])
        return int(process.memory_info().rss)
    return 0


def burners(seconds: float) -> dict[str, list[str]]:
    """Programs that burn ``seconds`` of CPU where a careless account would miss it; what one is called tells where."""
    burn = f"import time; [0 for _ in iter(lambda: time.process_time() < {seconds}, False)]"
    python = [sys.executable, "-I", "-S", "-c"]
    programs = {
        "in a grandchild": f"sys.exit(os.spawnv(os.P_WAIT, sys.executable, {[*python, burn]!r}))",
        "in an orphan": f"os.fork() and os._exit(0); os.setsid(); os.execv(sys.executable, {[*python, burn]!r})",
        "in a killed grandchild": (
            f"p = subprocess.Popen({[*python, burn + '; print(1, flush=True); time.sleep(60)']!r}, stdout=subprocess.PIPE); "
            "p.stdout.readline(); p.kill(); os._exit(0)"
        ),
    }
    return {where: [*python, f"import os, subprocess, sys; {code}"] for where, code in programs.items()}


# ------------------------------------------------------------------------------- in its own process
def _group() -> tuple[Path | None, str]:
    """A control group for the commands, with the file of its account; (None, "") where there is none to be had."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        number, controllers, path = line.split(":", 2)
        unified = number == "0"
        if not unified and "cpuacct" not in controllers.split(","):
            continue
        account = "cpu.stat" if unified else "cpuacct.usage"
        for root in ("/sys/fs/cgroup",) if unified else (f"/sys/fs/cgroup/{controllers}", "/sys/fs/cgroup/cpuacct"):
            group = Path(root + path) / f"gradmark-bench-{os.getpid()}"
            with contextlib.suppress(OSError):
                group.mkdir()
                if (group / account).exists() and _may_enter(group):
                    return group, account
                group.rmdir()
    return None, ""


def _may_enter(group: Path) -> bool:
    """Tell whether a child can be moved there: a group that is ours to make need not be ours to fill."""
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            (group / "cgroup.procs").write_text(str(os.getpid()))
            os._exit(0)
        os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def _used(group: Path | None, account: str) -> float:
    """Milliseconds of CPU by the account of a control group."""
    if group is None:
        return 0.0
    text = (group / account).read_text()
    return int(text.split()[1]) / 1e3 if account == "cpu.stat" else int(text) / 1e6


def _reaped() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e3 * (used.ru_utime + used.ru_stime)


def _run(told: dict[str, Any], output: int, group: Path | None) -> list[int]:
    statuses = []
    for command in told["commands"]:
        child = os.fork()
        if not child:
            try:
                if group is not None:
                    (group / "cgroup.procs").write_text(str(os.getpid()))
                os.chdir(told["cwd"])
                quiet = os.open(os.devnull, os.O_RDWR)
                for to, fd in ((quiet, 0), (output, 1), (quiet, 2)):
                    os.dup2(to, fd)
                os.execvpe(command[0], command, told["env"])  # noqa: S606 - none is wanted
            finally:
                os._exit(127)
        statuses.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    return statuses


def _gather() -> int:
    """Wait for what is still running; how many had to be killed."""
    until, killed = time.monotonic() + PATIENCE, set()
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return len(killed)
        if pid == 0:
            time.sleep(0.005)
            if time.monotonic() > until:
                for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
                    killed.add(child)
                    os.kill(int(child), signal.SIGKILL)


def main() -> None:
    """Run what standard input names, and print what it cost."""
    told = json.load(sys.stdin)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    group, account = _group() if sys.platform == "linux" else (None, "")
    with tempfile.TemporaryFile() as output:
        before, entered, started = _reaped(), _used(group, account), time.perf_counter()
        statuses = _run(told, output.fileno(), group)
        wall = 1e3 * (time.perf_counter() - started)
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    left_over = _gather()
    reaped = _reaped() - before
    cpu = reaped if group is None else _used(group, account) - entered
    if group is not None:
        group.rmdir()
    found = {
        "cpu_ms": cpu, "wall_ms": wall, "reaped_ms": reaped, "account": "control group" if group else "getrusage",
        "statuses": statuses, "left_over": left_over, "output": said,
    }  # fmt: skip
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
