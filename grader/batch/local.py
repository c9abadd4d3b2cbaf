"""The drivers of this machine as what a batch is graded by."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from grader.batch.dask import SCHEME, dask_at
from grader.batch.running import Grader
from grader.errors import UsageError
from grader.grading import Done, Settings, Task, environment, grade_tasks
from grader.runtime import Isolation, resolve

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
def grader_at(
    place: str, settings: Callable[[Isolation], Settings], requested: str, jobs: int | None, say: Callable[[str], None]
) -> Iterator[Grader]:
    """Yield the processes that grade.

    Args:
        place: ``local``, or ``dask://HOST:PORT``.
        settings: of the run, given the isolation that is to be had there.
        requested: the level of isolation that is asked for, or ``auto``.
        jobs: how many processes of this machine; None for as many as pay.
        say: told of what takes long.

    Raises:
        UsageError: there is no such place, or it cannot grade.

    """
    if place == "local":
        yield Local(settings(resolve(requested)), jobs)
    elif place.startswith(SCHEME):
        with dask_at(place, settings(Isolation("none", ())), requested, say) as cluster:
            yield cluster
    else:
        raise UsageError(f"there is no executor {place!r}: it is local or dask://HOST:PORT")
