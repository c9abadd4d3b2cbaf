"""One processor for a driver and the kernel that it talks to.

They take turns: one waits while the other works. Waking somebody on the same processor is a switch, on another one an interrupt
and cold caches, which is more than most calls take. The processor is the one on which the driver happens to be when a submission
begins, and the driver is let go when that ends: between two submissions the system may move it to where there is more room.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["pin", "unpin"]

LINUX = sys.platform == "linux"
ALL = frozenset(os.sched_getaffinity(0)) if LINUX else frozenset()
STAT = Path("/proc/thread-self/stat")
PROCESSOR = 36
"""The place of the processor's number in proc_pid_stat(5), counted from the field after the name."""


def pin() -> int | None:
    """Keep this thread on the processor that it is on; return the processor's number, or None where that cannot be done."""
    with suppress(OSError):
        if LINUX:
            processor = int(STAT.read_text().rpartition(")")[2].split()[PROCESSOR])
            os.sched_setaffinity(0, {processor})
            return processor
    return None


def unpin() -> None:
    """Let this thread run wherever it could when the program started."""
    with suppress(OSError):
        if LINUX:
            os.sched_setaffinity(0, ALL)
