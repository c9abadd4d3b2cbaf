"""Which isolation is to be had on this machine, and what it consists of.

Levels: ``full`` (namespaces, Landlock, seccomp), ``landlock`` (no namespaces), ``process`` (resource limits, a session of its
own, a scrubbed environment, an import guard) and ``none``. This version has the last two; the others are refused, never pretended.
"""

from __future__ import annotations

import sys

from grader.errors import IsolationError

__all__ = ["LEVELS", "resolve"]

LEVELS = ("full", "landlock", "process", "none")
MECHANISMS = {
    "process": ("session", "rlimits", "pdeathsig", "environment", "imports"),
    "none": ("environment", "imports"),
}


def resolve(requested: str) -> tuple[str, tuple[str, ...]]:
    """The level that ``requested`` gives here, with its mechanisms; ``auto`` takes the best there is.

    Raises:
        IsolationError: that level is not to be had; the message says which are.

    """
    best = "process" if sys.platform == "linux" else "none"
    level = best if requested == "auto" else requested
    if level not in LEVELS:
        raise IsolationError(f"there is no isolation level {level!r}: it is auto, {', '.join(LEVELS)}")
    if level not in MECHANISMS or (level == "process" and best == "none"):
        raise IsolationError(
            f"isolation {level!r} is not to be had here: this version has {best!r} on this machine, "
            f"which --isolation auto takes. Nothing was graded."
        )
    return level, MECHANISMS[level]
