"""What the tests of this tier know about processes: who descends from whom, and who still lives."""

from __future__ import annotations

import os
import time
from pathlib import Path

__all__ = ["Process", "descendants", "gone_within", "living", "zombies"]

Process = tuple[int, str]
"""A process by its number and the time of its start, for numbers are given again."""


def _stat(pid: int) -> tuple[str, int, str] | None:
    """State, parent and start of a process; None if there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return fields[0], int(fields[1]), fields[19]


def _all() -> dict[int, tuple[str, int, str]]:
    found = {int(e.name): _stat(int(e.name)) for e in Path("/proc").iterdir() if e.name.isdecimal()}
    return {pid: stat for pid, stat in found.items() if stat is not None}


def descendants(pid: int) -> list[Process]:
    """The living children of a process, their children, and so on; the elder first."""
    everybody, found, waiting = _all(), [], [pid]
    while waiting:
        above = waiting.pop(0)
        children = sorted(child for child, (state, parent, _) in everybody.items() if parent == above and state != "Z")
        found += [(child, everybody[child][2]) for child in children]
        waiting += children
    return found


def living(processes: list[Process]) -> list[Process]:
    """Those that have not ended; one that ended and was not waited for has."""
    return [(pid, start) for pid, start in processes if (s := _stat(pid)) is not None and s[0] != "Z" and s[2] == start]


def gone_within(seconds: float, processes: list[Process]) -> bool:
    """Whether all have ended before that time has passed."""
    until = time.monotonic() + seconds
    while living(processes):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def zombies() -> list[int]:
    """Children of this process that ended and were not waited for."""
    return [pid for pid, (state, parent, _) in _all().items() if parent == os.getpid() and state == "Z"]
