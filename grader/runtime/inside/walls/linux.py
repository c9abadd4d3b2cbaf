"""The system calls that the sandbox is made of, through ctypes; an ``OSError`` names the call that failed.

Stands below ``namespaces``, ``landlock`` and ``seccomp``. Constants are those of the kernel's own headers.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.runtime.inside.walls import syscalls
else:
    import _gradmark_syscalls as syscalls

__all__ = [
    "become",
    "bind",
    "die_with_parent",
    "drop_capabilities",
    "hide_memory",
    "make_read_only",
    "mount",
    "no_new_privileges",
    "pivot_into",
    "prctl",
    "setns",
    "syscall",
    "tmpfs",
    "unshare",
]

NEWCGROUP, NEWIPC, NEWNET, NEWNS = 0x02000000, 0x08000000, 0x40000000, 0x00020000
NEWPID, NEWUSER, NEWUTS = 0x20000000, 0x10000000, 0x04000000
RDONLY, NOSUID, NODEV, NOEXEC = 1, 2, 4, 8
BIND, REC, PRIVATE = 1 << 12, 1 << 14, 1 << 18
DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 4, 24, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> int:
    """Return a result of libc's, or raise its ``errno`` as an exception."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def syscall(name: str, *arguments: int | bytes | None) -> int:
    """Make a system call by its name; numbers are passed as longs, bytes as pointers to them.

    Raises:
        OSError: it failed, or this machine does not have it.

    """
    number = syscalls.NUMBERS[name].get(syscalls.machine())
    if number is None:
        raise OSError(errno.ENOSYS, f"{name}: not known on {syscalls.machine()}")
    passed = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return checked(int(libc.syscall(ctypes.c_long(number), *passed)), name)


def prctl(option: int, value: int) -> int:
    """Set one attribute of this process."""
    return checked(libc.prctl(option, *map(ctypes.c_ulong, (value, 0, 0, 0))), f"prctl {option}")


# ------------------------------------------------------------------------------------- the process
def no_new_privileges() -> None:
    """Let no program gain privileges from now on, the condition for Landlock and seccomp without privileges."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent(signal: int) -> None:
    """Have this process killed when its parent ends. A change of identity clears this, so it comes after all of them."""
    prctl(PR_SET_PDEATHSIG, signal)


def hide_memory(*, hidden: bool) -> None:
    """Keep other processes of this user from this one's memory, and /proc from naming it as the user's; or let them again."""
    prctl(PR_SET_DUMPABLE, int(not hidden))


def become(uid: int, gid: int) -> None:
    """Give up root for good."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


def drop_capabilities() -> None:
    """Give up every capability, and every way to get one back."""
    bounding = 0
    while libc.prctl(PR_CAPBSET_DROP, *map(ctypes.c_ulong, (bounding, 0, 0, 0))) == 0:
        bounding += 1
    libc.prctl(PR_CAP_AMBIENT, *map(ctypes.c_ulong, (PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)))
    syscall("capset", struct.pack("<Ii", CAPABILITY_VERSION_3, 0), bytes(24))


# ----------------------------------------------------------------------------------- what it sees
def unshare(flags: int) -> None:
    """Leave the namespaces named by ``flags`` for new ones."""
    syscall("unshare", flags)


def setns(fd: int, kind: int) -> None:
    """Join the namespace behind a descriptor."""
    syscall("setns", fd, kind)


def mount(source: str | None, target: str, kind: str | None, flags: int = 0, options: str | None = None) -> None:
    """Attach a file system or a folder to a place, or change what is attached there."""
    words = [None if word is None else os.fsencode(word) for word in (source, target, kind, options)]
    result = libc.mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[3])
    checked(result, f"mount {kind or source or 'flags'} on {target}")


def tmpfs(target: str, flags: int, size: int, inodes: int, mode: int) -> None:
    """Mount an empty file system in memory, of at most ``size`` bytes and ``inodes`` files and folders."""
    mount("tmpfs", target, "tmpfs", flags, f"size={size},nr_inodes={inodes},mode={mode:o}")


def bind(source: str, target: str) -> None:
    """Show ``source``, with what is mounted below it, at ``target``."""
    mount(source, target, None, BIND | REC)


def make_read_only(path: str, flags: int = NOSUID | NODEV) -> None:
    """Make all that is mounted at ``path`` and below read-only, with further flags (Linux 5.12)."""
    attributes = struct.pack("<QQQQ", RDONLY | flags, 0, 0, 0)
    syscall("mount_setattr", AT_FDCWD, os.fsencode(path), AT_RECURSIVE, attributes, len(attributes))


def pivot_into(new: str) -> None:
    """Make ``new``, a mount, the root; what was there before is not to be seen any more (pivot_root(2), NOTES)."""
    os.chdir(new)
    syscall("pivot_root", b".", b".")
    checked(libc.umount2(b".", DETACH), "umount of the old root")
    os.chdir("/")
