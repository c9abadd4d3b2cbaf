"""The drivers of this machine as what a batch is graded by."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from grader.errors import UsageError
from grader.grading import Done, Settings, Task, environment, grade_tasks

__all__ = ["Local", "grader_at"]


class Local:
    """Processes of this machine.

    Args:
        settings: of the run.
        jobs: how many processes; None for as many as pay.

    """

    def __init__(self, settings: Settings, jobs: int | None = None) -> None:
        self.settings, self.jobs = settings, jobs

    def environment(self) -> Mapping[str, Any]:
        """Return the environment of this machine."""
        return environment(self.settings)

    def stream(
        self, units: Sequence[str | None], task_at: Callable[[int], Task | None]
    ) -> Generator[tuple[int, Done | None]]:
        """Grade tasks, as :func:`grader.grading.grade_tasks` does."""
        return grade_tasks(units, task_at, self.settings, self.jobs)


@contextmanager
def grader_at(place: str, settings: Settings, jobs: int | None = None) -> Iterator[Local]:
    """Yield the processes that grade.

    Args:
        place: ``local``, or ``dask://HOST:PORT``.
        settings: of the run.
        jobs: how many processes of this machine; None for as many as pay.

    Raises:
        UsageError: there is no such place.

    """
    if place != "local":
        raise UsageError(f"there is no executor {place!r}: it is local or dask://HOST:PORT")
    yield Local(settings, jobs)
