"""Runs a command as a user without rights, from root: a script of the standard library. ``ordinary.py FOLDER... -- COMMAND...``

The interpreter, its packages and the checkout may lie below folders that are closed to others. In a mount namespace of its own each
such folder is covered by an empty one that is open, into which only what is named comes back.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

NOBODY = 65534
NEWNS, BIND, REC, PRIVATE = 0x20000, 0x1000, 0x4000, 1 << 18
libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    words = [None if word is None else word.encode() for word in (source, target, kind, data)]
    if libc.mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[3]) < 0:
        raise OSError(ctypes.get_errno(), f"mounting {target}")


def closed_above(path: Path) -> Path | None:
    """The first folder on the way to a path that others may not enter."""
    above = [*reversed(path.parents), path]
    return next((folder for folder in above if not folder.stat().st_mode & 0o001), None)


def open_up(wanted: list[Path]) -> None:
    """Let others reach some folders."""
    covers: dict[Path, list[tuple[Path, int]]] = {}
    for path in wanted:
        closed = closed_above(path)
        if closed is not None:
            covers.setdefault(closed, []).append((path, os.open(path, os.O_PATH)))
    for closed, below in covers.items():
        mount("tmpfs", str(closed), "tmpfs", 0, "mode=755")
        for path, fd in below:
            path.mkdir(parents=True, exist_ok=True)
            mount(f"/proc/self/fd/{fd}", str(path), None, BIND | REC)
            os.close(fd)


def main() -> None:
    cut = sys.argv.index("--")
    if libc.unshare(NEWNS) < 0:
        raise OSError(ctypes.get_errno(), "unshare")
    mount("none", "/", None, REC | PRIVATE)
    open_up([Path(name).resolve() for name in sys.argv[1:cut]])
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    os.execv(sys.argv[cut + 1], sys.argv[cut + 1 :])


if __name__ == "__main__":
    main()
