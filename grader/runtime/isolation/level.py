"""The levels of isolation that this machine has, and their mechanisms: tried out, never assumed.

A child process is taken through a whole level, and we check that the child is refused what the level forbids
(``inside/walls/proof.py``): each fork server does so for its own level, ``inside/walls/probe.py`` for those at which no server of
this process was started. The level that ``auto`` takes is the first of ``LEVELS`` for which that succeeds. What a level promises:
docs/explanation/security.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from grader.errors import IsolationError, KernelError
from grader.runtime.inside import PROBE

__all__ = ["LEVELS", "Isolation", "LevelTrial", "levels", "mechanisms", "record_level", "resolve"]

Level = Literal["full", "landlock", "process", "none"]
LEVELS: tuple[Level, ...] = ("full", "landlock", "process", "none")
"""The levels, the one that keeps most first."""
ALWAYS = ("environment", "imports")
"""At every level: a scrubbed environment, and no import of the grader or the model answers."""
ELSEWHERE = "it needs Linux; this is {}. Grade in a Linux container or virtual machine"
TRIED = {"readonly": ["/usr/lib", sys.base_prefix, sys.prefix], "disk_bytes": 1 << 20, "inodes": 64}

RECORDED: dict[str, tuple[str, ...]] = {}
"""The mechanisms of levels that servers of this process came up at; each server tries its level on itself."""


@dataclass(frozen=True)
class Isolation:
    """A level that this machine has, one of ``LEVELS``, and the mechanisms that it consists of here."""

    level: Level
    mechanisms: tuple[str, ...]


@dataclass(frozen=True)
class LevelTrial:
    """The outcome of a trial: the mechanisms that were applied, or facts about one; ``reason`` says why it failed, if it did."""

    found: tuple[str, ...] = ()
    reason: str = ""


@cache
def levels(*, every: bool = False) -> dict[str, LevelTrial]:
    """Try the levels, the best first, up to the first that this machine has; with ``every`` all of them.

    Raises:
        KernelError: the trial itself broke.

    """
    if sys.platform != "linux":
        reason = ELSEWHERE.format(sys.platform)
        return {level: LevelTrial(reason=reason) for level in LEVELS[:-1]} | {"none": LevelTrial(ALWAYS)}
    found = {
        level: LevelTrial(() if "error" in heard else (*heard["value"], *ALWAYS), heard.get("error", ""))
        for level, heard in _asked({"do": "levels", "every": every, **TRIED}).items()
    }
    return found | {"none": LevelTrial(ALWAYS)}


@cache
def mechanisms() -> dict[str, LevelTrial]:
    """Try each mechanism by itself, as ``gradmark doctor`` shows them; nothing where there is no Linux.

    Raises:
        KernelError: the trial itself broke.

    """
    if sys.platform != "linux":
        return {}
    asked = _asked({"do": "mechanisms"})
    return {
        name: LevelTrial(tuple(filter(None, [heard.get("value", "")])), heard.get("error", ""))
        for name, heard in asked.items()
    }


def resolve(requested: str) -> Isolation:
    """Return the isolation that ``requested``, a level or ``auto``, gives here; ``auto`` takes the best there is.

    Raises:
        IsolationError: this machine does not have that level; the message says why, and which one it has.

    """
    if requested not in ("auto", *LEVELS):
        raise IsolationError(f"there is no isolation level {requested!r}: it is auto, {', '.join(LEVELS)}")
    if requested == "none":
        return Isolation("none", ALWAYS)
    wanted = next((level for level in LEVELS if level == requested), None)
    if (wanted or LEVELS[0]) in RECORDED:
        return Isolation(wanted or LEVELS[0], RECORDED[wanted or LEVELS[0]])
    found = levels()
    best = next(level for level in LEVELS if level in found and not found[level].reason)
    level = wanted or best
    if level not in found:  # a lower one than the best: tried when it is asked for
        found = levels(every=True)
    if found[level].reason:
        raise IsolationError(
            f"isolation {level!r} is not to be had here ({found[level].reason}): this machine has {best!r}, "
            f"which --isolation auto takes; `gradmark doctor` says what is missing. Nothing was graded."
        )
    return Isolation(level, found[level].found)


def record_level(level: str, mechanisms: Iterable[str]) -> None:
    """Note that a server has tried its level on itself, with these mechanisms: another trial would find the same."""
    RECORDED[level] = (*mechanisms, *ALWAYS)


# --------------------------------------------------------------------------------------- the trial
def _asked(settings: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Run the probe in a process of its own, since this one may have threads; return its answer."""
    command = [sys.executable, "-I", "-S", str(PROBE), json.dumps(settings)]
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    try:
        return dict(json.loads(ran.stdout))
    except ValueError:
        said = ran.stderr.strip().rpartition("\n")[2] or f"it ended with status {ran.returncode}"
        raise KernelError(f"what isolation this machine has could not be tried: {said}") from None
