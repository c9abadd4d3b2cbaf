"""The sandbox of the fork server: the walls between a submission's code and everything else, by level.

``full``: namespaces, Landlock, seccomp, resource limits, no capabilities. ``landlock``: the same without namespaces. ``process``:
resource limits. ``none``: nothing. The server calls, in this order, ``enclose`` and ``prepare`` once, then for each submission
``fork``, and in the child ``enter`` and ``lock``; every later call relies on the earlier ones. What each level promises is in
docs/explanation/security.md; that each mechanism holds is shown by tests/runtime/test_sandbox.py.

Standard library only, and nothing of the grader: this file and its siblings are loaded by path, before the walls go up.
"""

from __future__ import annotations

import contextlib
import errno
import importlib.util
import os
import resource
import signal
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any


def _load(name: str) -> None:
    """Make a file beside this one importable under a name that no submission shadows."""
    if f"_gradmark_{name}" not in sys.modules:
        spec = importlib.util.spec_from_file_location(f"_gradmark_{name}", Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


if TYPE_CHECKING:
    from grader.runtime.inside.walls import landlock, linux, namespaces, proof, seccomp, syscalls
else:
    for _sibling in ("syscalls", "linux", "landlock", "seccomp", "namespaces", "proof"):
        _load(_sibling)
    import _gradmark_landlock as landlock
    import _gradmark_linux as linux
    import _gradmark_namespaces as namespaces
    import _gradmark_proof as proof
    import _gradmark_seccomp as seccomp
    import _gradmark_syscalls as syscalls

__all__ = ["Sandbox"]

WALLED = ("full", "landlock")
PROCESS = ("session", "rlimits", "pdeathsig")
MECHANISMS = {
    "full": (
        "userns",
        "mountns",
        "pidns",
        "netns",
        "ipcns",
        "utsns",
        "cgroupns",
        "session",
        "rlimits",
        "capabilities",
        "seccomp",
    ),
    "landlock": (*PROCESS, "capabilities", "seccomp"),
    "process": PROCESS,
    "none": (),
}


class Sandbox:
    """The sandbox of the fork server, and by inheritance of each child.

    Args:
        settings: ``level``; ``readonly``, the files and folders that may be read, ``hidden``, folders below them that may not, and
            ``packages``, folders whose names may be listed; ``memory_bytes`` and ``file_bytes`` (of address space beyond the
            server's own, of one file); ``cpu_seconds``; ``disk_bytes`` and ``inodes`` of a child's scratch folder at ``full``;
            ``processes``, threads included, and ``open_files``. A limit that is not given is not set.

    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.level: str = settings["level"]
        self.scratch = namespaces.SCRATCH if self.level == "full" else None
        self._pid_namespace = -1
        self._rules: list[landlock.Rule] = []
        self._program: seccomp.Program | None = None
        self._base = 0
        self._nobody = False
        self._others = 0
        self._server = 0
        self._open_max = 0

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """The names of the mechanisms that are applied to every child; complete after ``prepare``."""
        return (*MECHANISMS[self.level], *(("landlock",) if self._rules else ()))

    # ------------------------------------------------------------------------------------ the server
    def enclose(self) -> None:
        """Take the server itself out of the machine. First of all, with one thread; returns in another process (at ``full``).

        Raises:
            OSError: the machine does not have the level; the text names the step that failed.

        """
        if self.level == "full":
            readonly = self.settings["readonly"]
            self._pid_namespace = namespaces.enclose(readonly, self.settings.get("hidden", ()))

    def prepare(self) -> None:
        """Do once, after all that the children inherit was loaded, the work that need not be done in each."""
        self._server = os.getpid()
        self._base = _address_space()
        self._open_max = os.sysconf("SC_OPEN_MAX")
        if self.level not in WALLED:
            return
        among_others = self.level == "landlock"
        self._program = seccomp.Program(syscalls.machine(), among_others=among_others, landlock=landlock.version())
        if among_others and not landlock.version():
            raise OSError(errno.ENOSYS, "landlock: this kernel has none, or it is switched off")
        if landlock.version():
            self._rules = self._readable()
        if among_others and namespaces.can_be_nobody():
            there = [path for path in map(Path, self.settings["readonly"]) if path.exists()]
            self._nobody = _nobody_may(lambda: [path.stat() for path in there])

    def prove(self) -> None:
        """Show, after ``prepare``, that the level holds.

        Raises:
            OSError: it does not; the text says what failed, or what was not refused.

        """
        if self.level != "none":
            proof.prove(self, walled=self.level in WALLED)

    def _readable(self) -> list[landlock.Rule]:
        """Return every child's rights, as rules of Landlock. Rules only add: a folder that hides something is given in pieces."""
        hidden = [os.path.realpath(p) for p in self.settings.get("hidden", ())] if self.level == "landlock" else []
        whole, listed = [], list(self.settings.get("packages", ()))
        waiting = [os.path.realpath(path) for path in self.settings["readonly"]]
        while waiting:
            path = waiting.pop()
            if path in hidden:
                continue
            if any(h.startswith(path + "/") for h in hidden):
                listed.append(path)
                with contextlib.suppress(OSError):
                    # A link gives no right to what it leads to: that has a rule of its own, or none.
                    waiting += [entry.path for entry in os.scandir(path) if not entry.is_symlink()]
            else:
                whole.append(path)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if 0 <= soft < len(whole) + 512:
            wanted = len(whole) + 1024
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(hard, wanted), hard))
            self._open_max = os.sysconf("SC_OPEN_MAX")
        return landlock.rules(whole, listed, [f"/dev/{device}" for device in namespaces.DEVICES])

    def fork(self) -> int:
        """Fork; at ``full`` the child is process 1 of a pid namespace of its own."""
        return namespaces.fork(self._pid_namespace) if self.level == "full" else os.fork()

    # ------------------------------------------------------------------------------------- the child
    def enter(self, scratch: str) -> None:
        """In the child: leave the server's surroundings. ``scratch`` is its own folder, empty, and becomes the current one."""
        if self.level == "none":
            os.chdir(scratch)
            return
        os.setsid()
        os.umask(0o077)
        if self.level == "full":  # dies with the server, which is process 1 of the pid namespace around its own
            namespaces.enter(self.settings["disk_bytes"], self.settings["inodes"])
            return
        if self._nobody and _give_to_nobody(Path(scratch)):
            linux.become(namespaces.NOBODY, namespaces.NOBODY)
        linux.die_with_parent(signal.SIGKILL)
        if os.getppid() != self._server:
            os._exit(1)  # the server was gone before this process could ask to die with it
        self._others = _threads_of(os.getuid())
        os.chdir(scratch)

    def lock(self, scratch: str, keep: Collection[int] | None = None) -> None:
        """In the child, which has one thread: give up, for good, all that student code must not have.

        ``keep``: the descriptors that it is to have; all others are closed, and 0, 1 and 2 lead nowhere.

        Raises:
            OSError: a wall could not be put up. No student code may run then.

        """
        if self.level == "none":
            self._close(keep)
            return
        if self.level in WALLED:
            linux.drop_capabilities()
            linux.hide_memory(hidden=True)
        if self._rules:
            landlock.restrict(self._rules, scratch)
        self._close(keep)
        self._limit()
        if self._program is not None:
            seccomp.install(self._program.for_process(os.getpid()))

    def _limit(self) -> None:
        """Set the limits of getrlimit(2): soft and hard, so that they cannot be raised."""
        s = self.settings
        limits = {resource.RLIMIT_CORE: (0, 0), resource.RLIMIT_MSGQUEUE: (0, 0), resource.RLIMIT_MEMLOCK: (0, 0)}
        for name, kind, extra in (
            ("memory_bytes", resource.RLIMIT_AS, self._base),
            ("file_bytes", resource.RLIMIT_FSIZE, 0),
            ("open_files", resource.RLIMIT_NOFILE, 0),
            ("processes", resource.RLIMIT_NPROC, 0),
        ):
            if s.get(name) is not None:
                limits[kind] = (s[name] + extra,) * 2
        if self.level != "full" and resource.RLIMIT_NPROC in limits:
            # The limit counts all threads of the user. Twice, since others of theirs may come while this one runs.
            limits[resource.RLIMIT_NPROC] = (2 * s["processes"] + self._others,) * 2
        if s.get("cpu_seconds") is not None:
            # SIGXCPU tells why; a second later SIGKILL ends what survives it, process 1 of a namespace for one.
            limits[resource.RLIMIT_CPU] = (s["cpu_seconds"], s["cpu_seconds"] + 1)
        for kind, (soft, hard) in limits.items():
            ceiling = resource.getrlimit(kind)[1]
            if ceiling != resource.RLIM_INFINITY:
                soft, hard = min(soft, ceiling), min(hard, ceiling)  # noqa: PLW2901 - as far as the system's own limits leave room
            resource.setrlimit(kind, (soft, hard))

    def _close(self, keep: Collection[int] | None) -> None:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            # What the server has there is one file for all children: each could read what another wrote.
            os.dup2(nowhere, stream)
        os.close(nowhere)
        ours = [fd for _, fd in self._rules] + ([self._pid_namespace] if self._pid_namespace >= 0 else [])
        if keep is None:
            for fd in ours:
                os.close(fd)
            return
        last = 2
        for fd in sorted({fd for fd in keep if fd > 2}):
            os.closerange(last + 1, fd)
            last = fd
        os.closerange(last + 1, self._open_max)  # by the limit of before: descriptors do not go when it is lowered


def _address_space() -> int:
    """The bytes of address space that this process has already; 0 where the system does not say."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return 0


def _threads_of(user: int) -> int:
    """Count the threads of a user, in all of their processes."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            status = dict(line.partition(":")[::2] for line in (entry / "status").read_text().splitlines())
            if int(status["Uid"].split()[0]) == user:
                total += int(status["Threads"])
    return total


def _give_to_nobody(scratch: Path) -> bool:
    """Give the scratch folder to the user nobody and make its parent traversable; return True if nobody can then list it."""
    mode = scratch.parent.stat().st_mode & 0o7777
    scratch.parent.chmod(mode | 0o001)
    os.chown(scratch, namespaces.NOBODY, namespaces.NOBODY)
    if _nobody_may(lambda: list(scratch.iterdir())):
        return True
    os.chown(scratch, 0, 0)
    scratch.parent.chmod(mode)
    return False


def _nobody_may(look: Any) -> bool:
    """Return True if ``look`` succeeds for the user nobody. Called by root, which stays root."""
    groups = os.getgroups()
    try:
        os.setgroups([])
        os.setresgid(-1, namespaces.NOBODY, 0)
        os.setresuid(-1, namespaces.NOBODY, 0)
        look()
    except OSError:
        return False
    else:
        return True
    finally:
        os.setresuid(-1, 0, 0)
        os.setresgid(-1, 0, 0)
        os.setgroups(groups)
        linux.hide_memory(hidden=False)
