"""Submissions on their way to another machine: their bytes go along, and results come back as JSON."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from grader.grading import Done, Settings, Task, environment, graded
from grader.result import compact, read_as
from grader.runtime import Isolation, begin, resolve
from grader.submission import HandIn

__all__ = ["describe", "grade_chunk", "received", "shipped"]

_ONE_AT_A_TIME = threading.Lock()
"""A worker with several threads grades one submission at a time: what grades is written for a process of its own."""


@dataclass(frozen=True, kw_only=True)
class _Shipped(HandIn):
    """A hand-in with its bytes, by the names of its files."""

    held: Mapping[str, bytes] = field(repr=False)

    def raw(self) -> dict[str, bytes]:
        """Return the files as they were handed in."""
        return dict(self.held)


def shipped(task: Task) -> Task:
    """Return a task with the bytes of its hand-in, or with the reason for which they cannot be read."""
    of = task.hand_in
    try:
        held = of.raw()
    except Exception as error:  # whatever reading stumbles over is this submission's, and costs no other
        return replace(task, hand_in=replace(of, problem=of.problem or str(error)))
    told = {own.name: getattr(of, own.name) for own in fields(HandIn)}
    return replace(task, hand_in=_Shipped(**told, held=held))


def received(text: str) -> Done:
    """Read what :func:`grade_chunk` wrote.

    Raises:
        ValueError: the text is something else.

    """
    return read_as(Done, text)


# ------------------------------------------------------------------------------------- on a worker
def describe(requested: str, settings: Settings) -> tuple[Isolation, dict[str, Any]]:
    """Return the isolation that a level asked for gives on this worker, and the environment in which it grades."""
    found = resolve(requested)
    return found, environment(replace(settings, isolation=found))


def grade_chunk(tasks: Sequence[Task], settings: Settings) -> list[str]:
    """Grade some hand-ins, one after the other; return what came of each as JSON text."""
    with _ONE_AT_A_TIME:
        begin(settings.limits, settings.isolation.level, settings.packages)
        return [compact(graded(task, settings)) for task in tasks]
