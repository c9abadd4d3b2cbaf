"""A trial of a sandbox: a child is taken through all of it, and then must be refused what the level forbids.

What the kernel says of itself is not asked. ``probe`` does this for every level by itself, the fork server for its own.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from grader.runtime.inside.walls import linux
else:
    import _gradmark_linux as linux

__all__ = ["is_refused", "prove", "read_answer", "tell"]

REFUSED: dict[str, Callable[[], Any]] = {
    "a socket": socket.socket,
    "a process": lambda: os._exit(0) if os.fork() == 0 else None,
    "reading /etc/passwd": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "reading /proc": lambda: os.open("/proc/self/environ", os.O_RDONLY),
    "a new user namespace": lambda: linux.unshare(linux.NEWUSER),
}
"""Acts that the levels with walls forbid, by what is said of them."""


class Box(Protocol):
    """A prepared sandbox."""

    scratch: str | None

    def fork(self) -> int:
        """Fork a child; return its number, and 0 in the child."""
        ...

    def enter(self, scratch: str) -> None:
        """In the child: enter its own surroundings."""
        ...

    def lock(self, scratch: str, keep: Collection[int] | None = None) -> None:
        """In the child: put up the walls."""
        ...


def prove(box: Box, *, walled: bool) -> None:
    """Take a child through a prepared sandbox.

    Raises:
        OSError: a step failed, or something was not refused that a level with walls forbids.

    """
    scratch = box.scratch or tempfile.mkdtemp(prefix="gradmark-")

    def enter() -> None:
        box.enter(scratch)
        box.lock(scratch, [there])
        for what, act in REFUSED.items() if walled else ():
            if not is_refused(act):
                raise OSError(f"{what} was not refused")

    here, there = os.pipe()
    child = box.fork()
    if child == 0:
        tell(there, enter)
    os.close(there)
    said = read_answer(here)
    os.waitpid(child, 0)
    if box.scratch is None:
        Path(scratch).rmdir()
    if "error" in said:
        raise OSError(said["error"])


def is_refused(act: Callable[[], Any]) -> bool:
    """Return True if the system does not let this process do something."""
    try:
        act()
    except OSError:
        return True
    return False


def tell(there: int, act: Callable[[], Any]) -> None:
    """Write the result of ``act``, or the reason why there is none, and end this process."""
    try:
        said = {"value": act()}
    except Exception as error:  # whatever it is, it is the reason
        said = {"error": str(error) or type(error).__name__}
    os.write(there, json.dumps(said).encode())
    os._exit(0)


def read_answer(here: int) -> dict[str, Any]:
    """Read what :func:`tell` wrote at the other end."""
    with open(here, "rb") as pipe:
        text = pipe.read()
    return dict(json.loads(text)) if text else {"error": "its process was ended"}
