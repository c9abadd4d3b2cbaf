"""Landlock: the files that a process may read and write, as a property of the process and without any privilege (Linux 5.13).

At the level ``landlock`` this is the wall around the file system; at ``full`` it stands behind the namespaces as a second one.
Source of the numbers: linux/landlock.h; landlock(7).
"""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.runtime.inside.walls import linux
else:
    import _gradmark_linux as linux

__all__ = ["Rule", "restrict", "rules", "version"]

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << i for i in range(6))
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = (1 << i for i in range(6, 13))
REFER, TRUNCATE, IOCTL_DEV = (1 << i for i in range(13, 16))
EVERY_VERSION = (1 << 13) - 1
BY_VERSION = ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV))
NET, SCOPES = 0b11, 0b11
"""Binding and connecting TCP sockets (version 4); signals to, and abstract sockets of, processes outside (version 6)."""

READ = READ_FILE | READ_DIR
USE = READ_FILE | WRITE_FILE
OWN = WRITE_FILE | READ_FILE | READ_DIR | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER | TRUNCATE
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

VERSION_FLAG, PATH_BENEATH = 1, 1

Rule = tuple[int, int]
"""A set of rights, and a descriptor of the file or folder at and below which they are given."""


def version() -> int:
    """Return the kernel's version of Landlock; 0 if it has none."""
    try:
        return linux.syscall("landlock_create_ruleset", None, 0, VERSION_FLAG)
    except OSError:
        return 0


def rules(readable: Iterable[str], listed: Iterable[str], devices: Iterable[str]) -> list[Rule]:
    """Open the paths that may be read (with all below them), listed, and used as devices, leaving out those that are not there."""
    wanted = [*((READ, p) for p in readable), *((READ_DIR, p) for p in listed), *((USE, p) for p in devices)]
    opened = [(rights, fd) for rights, path in wanted for fd in _opened(path)]
    return [(rights if _is_folder(fd) else rights & OF_A_FILE, fd) for rights, fd in opened]


def _opened(path: str) -> list[int]:
    with contextlib.suppress(FileNotFoundError, PermissionError):
        return [os.open(path, os.O_PATH | os.O_CLOEXEC)]
    return []


def restrict(given: Iterable[Rule], own: str) -> None:
    """Leave to this thread, and to those it starts, only the given rights and the use of the folder ``own``, for good.

    Raises:
        OSError: the kernel has no Landlock, or ``own`` is not there.

    """
    have = version()
    handled = EVERY_VERSION
    for since, right in BY_VERSION:
        handled |= right if have >= since else 0
    parts = [handled, NET, SCOPES][: 3 if have >= 6 else 2 if have >= 4 else 1]
    attributes = struct.pack(f"<{len(parts)}Q", *parts)
    ruleset = linux.syscall("landlock_create_ruleset", attributes, len(attributes), 0)
    folder = os.open(own, os.O_PATH | os.O_CLOEXEC)
    try:
        for rights, fd in (*given, (OWN, folder)):
            linux.syscall("landlock_add_rule", ruleset, PATH_BENEATH, struct.pack("<Qi", rights & handled, fd), 0)
        linux.no_new_privileges()
        linux.syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(folder)
        os.close(ruleset)


def _is_folder(fd: int) -> bool:
    return os.fstat(fd).st_mode & 0o170000 == 0o040000
