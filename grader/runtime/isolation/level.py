"""Which isolation is to be had on this machine, and what it consists of: tried out, never assumed.

A child process is taken through a whole level, and it is looked whether what must be refused is refused (``inside/proof.py``): by
each fork server for its own level, and by ``inside/probe.py`` for those that no server of this process was started at. The level
that ``auto`` takes is the first of ``LEVELS`` for which that succeeds. What a level promises: docs/explanation/security.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from grader.errors import IsolationError, KernelError

__all__ = ["LEVELS", "Trial", "levels", "mechanisms", "proved", "resolve"]

LEVELS = ("full", "landlock", "process", "none")
ALWAYS = ("environment", "imports")
"""At every level: a scrubbed environment, and no import of the grader or the model answers."""
PROBE = Path(__file__).parents[1] / "inside" / "walls" / "probe.py"
ELSEWHERE = "it needs Linux; this is {}. Grade in a Linux container or virtual machine"
TRIED = {"readonly": ["/usr/lib", sys.base_prefix, sys.prefix], "disk_bytes": 1 << 20, "inodes": 64}


PROVED: dict[str, tuple[str, ...]] = {}
"""The levels that servers of this process came up at, which each try it on themselves, and their mechanisms."""


@dataclass(frozen=True)
class Trial:
    """What a trial showed: the mechanisms that were applied, or what was found out; ``reason`` says why it failed, if it did."""

    found: tuple[str, ...] = ()
    reason: str = ""


@cache
def levels(*, every: bool = False) -> dict[str, Trial]:
    """The levels that were tried, the best first, up to the first that is to be had; with ``every`` all of them.

    Raises:
        KernelError: the trial itself broke.

    """
    if sys.platform != "linux":
        reason = ELSEWHERE.format(sys.platform)
        return {level: Trial(reason=reason) for level in LEVELS[:-1]} | {"none": Trial(ALWAYS)}
    found = {
        level: Trial(() if "error" in heard else (*heard["value"], *ALWAYS), heard.get("error", ""))
        for level, heard in _asked({"do": "levels", "every": every, **TRIED}).items()
    }
    return found | {"none": Trial(ALWAYS)}


@cache
def mechanisms() -> dict[str, Trial]:
    """Each mechanism by itself, as ``gradmark doctor`` shows them; nothing where there is no Linux.

    Raises:
        KernelError: the trial itself broke.

    """
    if sys.platform != "linux":
        return {}
    asked = _asked({"do": "mechanisms"})
    return {
        name: Trial(tuple(filter(None, [heard.get("value", "")])), heard.get("error", ""))
        for name, heard in asked.items()
    }


def resolve(requested: str) -> tuple[str, tuple[str, ...]]:
    """The level that ``requested`` gives here, with its mechanisms; ``auto`` takes the best there is.

    Raises:
        IsolationError: that level is not to be had; the message says why, and what is.

    """
    if requested not in ("auto", *LEVELS):
        raise IsolationError(f"there is no isolation level {requested!r}: it is auto, {', '.join(LEVELS)}")
    if requested == "none":
        return "none", ALWAYS
    wanted = LEVELS[0] if requested == "auto" else requested
    if wanted in PROVED:
        return wanted, PROVED[wanted]
    found = levels()
    best = next(level for level, trial in found.items() if not trial.reason)
    level = best if requested == "auto" else requested
    if level not in found:  # a lower one than the best: tried when it is asked for
        found = levels(every=True)
    if found[level].reason:
        raise IsolationError(
            f"isolation {level!r} is not to be had here ({found[level].reason}): this machine has {best!r}, "
            f"which --isolation auto takes; `gradmark doctor` says what is missing. Nothing was graded."
        )
    return level, found[level].found


def proved(level: str, mechanisms: Iterable[str]) -> None:
    """Note that a server has tried its level on itself: another trial would find the same."""
    PROVED[level] = (*mechanisms, *ALWAYS)


# --------------------------------------------------------------------------------------- the trial
def _asked(settings: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The probe's answer, from a process of its own: this one may have threads, and memory that is not to be copied."""
    command = [sys.executable, "-I", "-S", str(PROBE), json.dumps(settings)]
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    try:
        return dict(json.loads(ran.stdout))
    except ValueError:
        said = ran.stderr.strip().rpartition("\n")[2] or f"it ended with status {ran.returncode}"
        raise KernelError(f"what isolation this machine has could not be tried: {said}") from None
