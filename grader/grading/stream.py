"""A class as a stream: hand-ins go in when their turn comes, results come out as they are there, and none is held."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from grader.grading.drivers import by_drivers
from grader.grading.many import drivers_for
from grader.grading.settings import Settings
from grader.grading.tasks import Done, Task, graded, lost_task
from grader.runtime import begin

__all__ = ["grade_tasks"]

PATIENCE = 1.0
"""Seconds after which the receiver is asked to write what it holds, though nothing new came."""


def grade_tasks(
    units: Sequence[str | None], task_at: Callable[[int], Task | None], settings: Settings, jobs: int | None = None
) -> Generator[tuple[int, Done | None]]:
    """Grade tasks, and yield (index, what came of it) in the order of completion.

    Args:
        units: of each task the unit that it is likely to be of, None where that is not known: what is made for a unit is made once.
        task_at: makes the task of this index when its turn has come; None if there is nothing to do any more.
        settings: of the run.
        jobs: how many processes grade; None for as many as pay, one for this process.

    Yields:
        The index and what came of it, None where ``task_at`` gave none; (-1, None) now and then, when nothing comes for a while.

    """
    jobs = min(jobs or drivers_for(len(units)), len(units))
    if jobs > 1:
        yield from by_drivers(units, task_at, graded, lost_task, settings, jobs, PATIENCE)
        return
    begin(settings.limits, settings.isolation.level, settings.packages)
    for index in sorted(range(len(units)), key=lambda index: units[index] or ""):
        task = task_at(index)
        yield index, None if task is None else graded(task, settings)
