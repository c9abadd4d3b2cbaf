"""A machine of its own for the fork server, and one more for each child: the new root contains only what this module mounts there.

``enclose`` takes the server out of the machine once: into user, mount, pid, network, IPC, UTS and cgroup namespaces
(namespaces(7)), under a root that holds the interpreter's libraries, read-only, and nothing else. ``enter`` does the same for a
child: its root is the server's, its folder and its emptiness are its own.
"""

# The kernel's calls take paths as text, and most of these are names inside a root that is not there yet.
# ruff: noqa: PTH100, PTH103, PTH110, PTH112, PTH114, PTH115, PTH118, PTH120, PTH211

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.runtime.inside.walls import linux
else:
    import _gradmark_linux as linux

__all__ = ["DEVICES", "NOBODY", "SCRATCH", "can_be_nobody", "enclose", "enter", "fork", "map_ids"]

SCRATCH = "/scratch"
DEVICES = ("null", "zero", "full", "random", "urandom")
LINKS = {"/tmp": SCRATCH, "/dev/shm": SCRATCH}  # noqa: S108 - names inside the new root, where both are the child's own folder
HOST = "gradmark"
NOBODY = 65534
STUDENT = 1000
"""The user that student code sees itself as."""

MIB = 1 << 20
CLOSED = linux.NOSUID | linux.NODEV | linux.NOEXEC
OWN = linux.NEWUSER | linux.NEWNS | linux.NEWIPC | linux.NEWUTS | linux.NEWNET | linux.NEWCGROUP
ROOMS = ("/sys", "/mnt", "/srv", "/media", "/tmp")  # noqa: S108 - where the new root is put together, hidden behind a mount of ours


# ------------------------------------------------------------------------------------- the server's
def enclose(readable: Iterable[str], hidden: Iterable[str]) -> int:
    """Take this process into namespaces of its own; return in process 1 of them, with the caller's process as its waiter.

    Args:
        readable: files and folders that are to be seen, read-only.
        hidden: folders below them that are not.

    Returns:
        A descriptor of the pid namespace, for ``fork``.

    Raises:
        OSError: the system does not allow it; the text says which step.

    """
    root = can_be_nobody()
    os.umask(0o022)  # the folders of the new root are for all to pass
    if root:
        # Root reads what others may not, so it puts the new root together. It must not stay root, though: outside of its
        # namespaces the server would be root to whatever escaped from them, and root's processes are not counted.
        linux.unshare(linux.NEWNS)
        _new_root(readable, hidden)
        linux.become(NOBODY, NOBODY)
        linux.hide_memory(hidden=False)  # for the files of /proc by which the ids are mapped
    uid, gid = os.getuid(), os.getgid()
    linux.unshare(OWN | linux.NEWPID)
    map_ids(0, uid, gid)
    if not root:
        _new_root(readable, hidden)
    socket.sethostname(HOST)
    _leave_a_waiter()
    linux.tmpfs(SCRATCH, CLOSED, 16 * MIB, 1024, 0o700)
    os.chdir(SCRATCH)
    os.umask(0o077)
    return os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)


def can_be_nobody() -> bool:
    """Return True if this is root and may become the user nobody, which not every user namespace has."""
    lines = Path("/proc/self/uid_map").read_text().splitlines()
    mapped = [range(first, first + count) for first, _, count in (map(int, line.split()) for line in lines)]
    return os.geteuid() == 0 and any(NOBODY in those for those in mapped)


def map_ids(inside: int, uid: int, gid: int) -> None:
    """Give the user and the group outside a number in the new user namespace (user_namespaces(7))."""
    for file, text in (("setgroups", "deny"), ("uid_map", f"{inside} {uid} 1"), ("gid_map", f"{inside} {gid} 1")):
        _write(f"/proc/self/{file}", text)


def _write(path: str, text: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def _leave_a_waiter() -> None:
    """Fork: a process enters a new pid namespace by being born there. Whoever started the server waits for the parent."""
    here, there = os.pipe()
    child = os.fork()
    if child:
        os.closerange(3, there)
        os.closerange(there + 1, os.sysconf("SC_OPEN_MAX"))
        _end_as(os.waitpid(child, 0)[1])
    linux.die_with_parent(signal.SIGKILL)
    os.close(there)
    waiter = select.poll()
    waiter.register(here, 0)
    if waiter.poll(0):
        os._exit(1)  # it was gone before this process could ask to die with it
    os.close(here)


def _end_as(status: int) -> None:
    """End this process with the child's wait status."""
    if os.WIFSIGNALED(status):
        with contextlib.suppress(OSError, ValueError):
            signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


# ------------------------------------------------------------------------------------- its root
def _new_root(readable: Iterable[str], hidden: Iterable[str]) -> None:
    """Make a root that shows ``readable`` but for what is ``hidden``, five devices, the old /proc, and nothing else."""
    shown = sorted({os.path.abspath(p) for p in readable if os.path.exists(p)}, key=_depth)
    masks = sorted({os.path.realpath(p) for p in hidden if os.path.isdir(p)}, key=_depth)
    masks = [mask for i, mask in enumerate(masks) if not any(_within(mask, above) for above in masks[:i])]
    linux.mount(None, "/", None, linux.REC | linux.PRIVATE)
    new = _room(shown)
    linux.tmpfs(new, linux.NOSUID, 4 * MIB, 8192, 0o755)
    placed: list[str] = []
    for path in shown:
        place = _follow(path, new)
        above = max((p for p in (*placed, *masks) if _within(place, p)), key=len, default=None)
        if above not in placed:
            _show(place, new, masks)
            placed.append(place)
    for folder in (SCRATCH, "/proc", "/dev"):
        os.makedirs(new + folder, exist_ok=True)
    for link, target in LINKS.items():
        if not os.path.lexists(new + link):
            os.symlink(target, new + link)
    for device in DEVICES:
        _touch(f"{new}/dev/{device}")
    linux.make_read_only(new)
    for device in DEVICES:
        linux.bind(f"/dev/{device}", f"{new}/dev/{device}")
        linux.make_read_only(f"{new}/dev/{device}", linux.NOSUID | linux.NOEXEC)
    linux.bind("/proc", new + "/proc")
    linux.pivot_into(new)


def _room(shown: Iterable[str]) -> str:
    """A folder to mount the new root on, so that nothing which is to be shown disappears behind it."""
    places = [os.path.realpath(path) for path in shown]
    for room in ROOMS:
        if os.path.isdir(room) and not any(_within(place, room) for place in places):
            return room
    raise FileNotFoundError(f"none of {', '.join(ROOMS)} is a folder in which a new root could be put together")


def _show(place: str, new: str, masks: Iterable[str]) -> None:
    """Bind one file or folder into the new root, under its own name, and cover what is hidden in it."""
    if os.path.isdir(place):
        os.makedirs(new + place, exist_ok=True)
    else:
        _touch(new + place)
    linux.bind(place, new + place)
    for mask in masks:
        if mask != place and _within(mask, place):
            linux.tmpfs(new + mask, linux.NOSUID | linux.NODEV, MIB, 4096, 0o755)


def _follow(path: str, new: str) -> str:
    """Resolve a path; make the folders and the links on its way in the new root, the links as they are."""
    here, parts = "/", list(PurePosixPath(path).parts[1:])
    for _ in range(256):
        if not parts:
            return here
        part = parts.pop(0)
        step = os.path.join(here, part)
        if part == "..":
            here = os.path.dirname(here)
        elif os.path.islink(step):
            target = os.readlink(step)
            if not os.path.lexists(new + step):
                os.symlink(target, new + step)
            here = "/" if target.startswith("/") else here
            parts[:0] = [p for p in PurePosixPath(target).parts if p != "/"]
        else:
            here = step
            if parts:
                os.makedirs(new + here, exist_ok=True)
    raise OSError(f"{path} has more links on its way than can be followed")


def _touch(path: str) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o444))


def _depth(path: str) -> tuple[int, str]:
    """Return a key that sorts folders before what is in them."""
    return os.path.realpath(path).count("/"), path


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


# --------------------------------------------------------------------------------------- a child's
def fork(pid_namespace: int) -> int:
    """Fork, the child as process 1 of a pid namespace of its own; ``pid_namespace`` is the server's, as ``enclose`` gave it."""
    linux.unshare(linux.NEWPID)
    child = -1
    try:
        child = os.fork()
    finally:
        if child:
            linux.setns(pid_namespace, linux.NEWPID)
    return child


def enter(disk_bytes: int, inodes: int) -> None:
    """Take this child into namespaces of its own, with an empty folder of limited size, and no /proc, not even of itself."""
    uid, gid = os.getuid(), os.getgid()
    linux.unshare(OWN)
    map_ids(STUDENT, uid, gid)
    with contextlib.suppress(OSError):  # a read-only /proc/sys: seccomp and the lack of capabilities say no as well
        _write("/proc/sys/user/max_user_namespaces", "0")
    linux.tmpfs(SCRATCH, CLOSED, disk_bytes, inodes, 0o700)
    linux.tmpfs("/proc", CLOSED | linux.RDONLY, 4096, 1, 0o555)
    os.chdir(SCRATCH)
