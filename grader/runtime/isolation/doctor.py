"""A checkup of this machine: its isolation, its libraries and extras, and what to do where something is missing.

The content of ``gradmark doctor``; ``grader.report.doctor`` is its text. Everything is tried or looked up when it is asked for.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from grader.runtime.isolation.level import levels, mechanisms, resolve

__all__ = ["Checkup", "Finding", "examine"]

Status = Literal["yes", "no", "absent"]
"""``absent``: an extra that is not there, which is no fault."""

GOOD = ("full", "landlock")
ROOM = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: its purpose (``about``), what was found, and advice if it is not as it should be."""

    name: str
    status: Status
    about: str
    found: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Checkup:
    """The findings of a checkup. ``level`` is the one that ``--isolation auto`` takes; ``good`` if it keeps hostile code in."""

    level: str
    levels: tuple[Finding, ...]
    mechanisms: tuple[Finding, ...]
    libraries: tuple[Finding, ...]
    extras: tuple[Finding, ...]
    machine: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """True if submissions of students who attack may be graded here."""
        return self.level in GOOD

    def as_json(self) -> dict[str, Any]:
        """Return ``{"schema": "gradmark/doctor/1", ...}``."""
        return {"schema": "gradmark/doctor/1", "good": self.good, **asdict(self)}


LEVELS = {
    "full": "namespaces, a read-only root, Landlock, seccomp, limits: for code that attacks",
    "landlock": "the same without namespaces: no files, no network, no processes",
    "process": "limits of time and memory only: for code that makes mistakes",
    "none": "a process of its own",
}
MECHANISMS = {
    "fork": "kernels forked from one that has loaded everything",
    "pidfd": "the end of a kernel noticed when it happens",
    "rlimits": "limits of memory, time, files and threads",
    "seccomp": "system calls denied: network, processes, the kernel's corners",
    "landlock": "files closed, whoever owns them",
    "userns": "privileges that are worth nothing outside",
    "mountns": "a file system of its own",
    "readonly": "libraries that cannot be written to",
    "pidns": "no other process in sight",
    "netns": "no network",
    "otherns": "its own IPC, host name and cgroups",
}
LIBRARIES = ("numpy", "ipykernel", "jupyter-client", "nbclient", "nbformat", "hypothesis", "pydantic")
EXTRAS = {
    "matplotlib": "plots in notebooks",
    "jupytext": "notebooks rebuilt from their text sources",
    "torch": "compared with in the benchmarks",
    "autograd": "compared with in the benchmarks",
    "distributed": "classes that outgrow one machine",
}
PROGRAMS = {"chromium": "tests of pages in a browser", "git": "submissions that are repositories"}


def examine() -> Checkup:
    """Look at everything; takes about a fifth of a second.

    Raises:
        KernelError: isolation could not even be tried.

    """
    tried, apart = levels(every=True), mechanisms()
    closed = "userns" in apart and bool(apart["userns"].reason)
    return Checkup(
        level=resolve("auto").level,
        levels=tuple(
            Finding(
                name,
                "no" if trial.reason else "yes",
                LEVELS[name],
                trial.reason,
                "" if not trial.reason else _lower(name),
            )
            for name, trial in tried.items()
        ),
        mechanisms=tuple(
            Finding(name, "no", MECHANISMS[name], trial.reason, _advice(name, closed=closed))
            if trial.reason
            else Finding(name, "yes", MECHANISMS[name], " ".join(trial.found))
            for name, trial in apart.items()
        ),
        libraries=tuple(_libraries()),
        extras=tuple(_extras()),
        machine=tuple(_machine()),
    )


def _lower(level: str) -> str:
    return f"--isolation {level} will refuse to grade; what is missing is below"


# -------------------------------------------------------------------------------------- what to do
def _advice(mechanism: str, *, closed: bool) -> str:
    """Say what opens a mechanism, as far as the system tells who closed it. With user namespaces go all that rest on them."""
    if mechanism == "landlock":
        return (
            "it needs Linux 5.13 with `landlock` among the security modules (cat /sys/kernel/security/lsm; boot parameter lsm=)"
            + (", and a container engine that lets its system calls through" if _in_container() else "")
        )
    if mechanism == "seccomp":
        return "the filter needs Linux on x86_64 or aarch64, with CONFIG_SECCOMP_FILTER"
    if mechanism in ("fork", "pidfd", "rlimits"):
        return "it needs Linux 5.3 or newer"
    if closed and mechanism != "userns":
        return "as userns"
    for file, value, remedy in SWITCHES:
        if _read(file) == value:
            return remedy.format(python=sys.executable)
    if _in_container():
        return (
            "the container's own filter denies it: start the container with a seccomp profile that allows unshare and mount, "
            "or grade outside of a container"
        )
    return "it needs Linux 5.12 or newer, with user namespaces open to this user"


SWITCHES = (
    ("/proc/sys/user/max_user_namespaces", "0", "sudo sysctl user.max_user_namespaces=15000"),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "sudo sysctl kernel.unprivileged_userns_clone=1"),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile that allows userns to {python}",
    ),
)
"""Settings that close user namespaces to ordinary users: the file, its value, and what opens them."""


def _read(file: str) -> str | None:
    try:
        return Path(file).read_text().strip()
    except OSError:
        return None


def _in_container() -> bool:
    return any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv")) or "container" in os.environ


# ------------------------------------------------------------------------------------ what is there
def _libraries() -> Iterator[Finding]:
    yield Finding(
        "python", "yes", "runs the grader and the submissions", f"{platform.python_version()} in {sys.prefix}"
    )
    for name in LIBRARIES:
        version = _version(name)
        advice = "" if version else f"pip install {name}, into {sys.prefix}"
        yield Finding(name, "yes" if version else "no", "", version or "not installed", advice)


def _extras() -> Iterator[Finding]:
    for name, about in EXTRAS.items():
        version = _version(name)
        yield Finding(name, "yes" if version else "absent", about, version or "not installed")
    for name, about in PROGRAMS.items():
        place = shutil.which(name)
        yield Finding(name, "yes" if place else "absent", about, place or "not installed")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _machine() -> Iterator[Finding]:
    yield Finding("system", "yes", "", f"{platform.system()} {platform.release()} on {platform.machine()}")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding("cores", "yes", "submissions graded at a time, unless --jobs says otherwise", str(cores))
    yield _temporary()
    if hasattr(os, "geteuid"):
        root = os.geteuid() == 0
        yield Finding(
            "user", "yes", "", "root: at level full, kernels run as nobody" if root else f"number {os.geteuid()}"
        )


def _temporary() -> Finding:
    about = "private copies of submissions, below level full"
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
        folder = tempfile.gettempdir()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding("temporary", "no", about, str(error), "set TMPDIR to a folder that can be written to")
    status: Status = "yes" if free > ROOM else "no"
    advice = "" if free > ROOM else "free some space, or set TMPDIR to a folder with more"
    return Finding("temporary", status, about, f"{folder}, {free / ROOM:.0f} GiB free", advice)
