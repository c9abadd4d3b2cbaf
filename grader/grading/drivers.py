"""Several processes that grade side by side, each a driver with a fork server of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    as_completed,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import connection
from typing import Generic, TypeVar

from grader.errors import GradmarkError
from grader.grading.one import Graded, Settings, grade, lost
from grader.grading.queue import Queue
from grader.runtime import begin
from grader.submission import Submission

__all__ = ["by_drivers", "grade_by_many"]

T = TypeVar("T")
D = TypeVar("D")

MOST_DEATHS = 2
"""After so many deaths of drivers on it, a submission needs a person."""
GRACE_SECONDS = 1.0
"""The time that drivers have to end what is under way when it is stopped."""


def grade_by_many(
    submissions: Sequence[Submission], settings: Settings, jobs: int, executor: Executor | None = None
) -> Iterable[tuple[int, Graded]]:
    """Grade submissions in ``jobs`` processes, or by ``executor``; yield (index, result) in the order of completion."""
    if executor is not None:
        return _graded_elsewhere(executor, submissions, settings)
    units = [submission.assignment for submission in submissions]
    return ((at, done) for at, done in by_drivers(units, submissions.__getitem__, grade, lost, settings, jobs) if done)


def by_drivers(
    units: Sequence[str | None],
    task_at: Callable[[int], T | None],
    work: Callable[[T, Settings], D],
    lost: Callable[[T, Settings], D],
    settings: Settings,
    jobs: int,
    patience: float | None = None,
) -> Generator[tuple[int, D | None]]:
    """Share tasks out among ``jobs`` processes; yield (index, what came of it) in the order of completion.

    Args:
        units: of each task the unit that it is likely to be of, None where that is not known.
        task_at: makes the task of this index when its turn has come, and no earlier; None if there is nothing to do any more.
        work: done in a driver.
        lost: makes what stands for a task on which drivers died.
        settings: of the run.
        jobs: the number of drivers.
        patience: the seconds after which (-1, None) is yielded if nothing came meanwhile; None for never.

    """
    return _Sharing(units, task_at, work, lost, settings, jobs).run(patience)


class _Sharing(Generic[T, D]):
    """Tasks that are shared out; arguments as for :func:`by_drivers`."""

    def __init__(
        self,
        units: Sequence[str | None],
        task_at: Callable[[int], T | None],
        work: Callable[[T, Settings], D],
        lost: Callable[[T, Settings], D],
        settings: Settings,
        jobs: int,
    ) -> None:
        self.task_at, self.work, self.lost, self.settings = task_at, work, lost, settings
        self.queue, self.deaths = Queue(units), Counter[int]()
        self.others = {*multiprocessing.active_children()}
        self.drivers = [_driver(settings) for _ in range(jobs)]
        self.at_work: dict[Future[D], tuple[int, int, T]] = {}

    def run(self, patience: float | None) -> Generator[tuple[int, D | None]]:
        """Yield (index, what came of it) in the order of completion."""
        try:
            for driver in range(len(self.drivers)):
                yield from ((index, None) for index in self._go_on(driver))
            while self.at_work:
                finished = wait(self.at_work, patience, return_when=FIRST_COMPLETED).done
                if not finished:
                    yield -1, None
                for future in finished:
                    yield from self._settled(future)
        except (KeyboardInterrupt, GeneratorExit):
            # Nobody waits for what is under way any more, least of all for a submission that hangs.
            if wait(self.at_work, GRACE_SECONDS).not_done:
                for process in {*multiprocessing.active_children()} - self.others:
                    process.terminate()
            raise
        finally:
            for pool in self.drivers:
                pool.shutdown(cancel_futures=True)

    def _settled(self, future: Future[D]) -> list[tuple[int, D | None]]:
        """Return what came of a task, and give its driver the next one: first, so that it does not wait until this is written."""
        driver, index, task = self.at_work.pop(future)
        try:
            done = [(index, future.result())]
        except BrokenProcessPool:  # out of memory, killed
            self._begin_again(driver)
            self.deaths[index] += 1
            if self.deaths[index] < MOST_DEATHS:
                self.queue.put_back(index)
                done = []
            else:
                done = [(index, self.lost(task, self.settings))]
        needless = self._go_on(driver)
        return [*done, *((at, None) for at in needless)]

    def _go_on(self, driver: int) -> list[int]:
        """Give a driver its next task; return the indices that turned out to need none."""
        needless = []
        while (index := self.queue.take(driver)) is not None:
            task = self.task_at(index)
            if task is None:
                needless.append(index)
                continue
            try:
                future = self.drivers[driver].submit(self.work, task, self.settings)
            except BrokenProcessPool:  # it died between two submissions
                self._begin_again(driver)
                future = self.drivers[driver].submit(self.work, task, self.settings)
            self.at_work[future] = driver, index, task
            break
        return needless

    def _begin_again(self, driver: int) -> None:
        self.drivers[driver].shutdown()
        self.drivers[driver] = _driver(self.settings)


def _driver(settings: Settings) -> ProcessPoolExecutor:
    """Make a pool of one process: whose death it was is plain."""
    # Spawned, so that a driver holds nothing of this process.
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=spawn, initializer=_begin, initargs=(settings,))


def _begin(settings: Settings) -> None:
    """Set up a new driver: leave Ctrl-C to the first process, end with that process, and start the source of kernels."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    first = multiprocessing.parent_process()
    assert first is not None

    def follow() -> None:
        connection.wait([first.sentinel])
        os._exit(1)  # its fork server sees that it is gone, and ends with all of its kernels

    threading.Thread(target=follow, daemon=True).start()
    with suppress(GradmarkError):  # each submission will say it
        begin(settings.limits, settings.isolation.level, settings.packages)


def _graded_elsewhere(
    executor: Executor, submissions: Sequence[Submission], settings: Settings
) -> Iterable[tuple[int, Graded]]:
    """Grade submissions by an executor; yield (index, result), a result too of those on which it broke."""
    futures = {executor.submit(grade, submission, settings): index for index, submission in enumerate(submissions)}
    try:
        for future in as_completed(futures):
            index = futures[future]
            try:
                graded = future.result()
            except BrokenExecutor:
                graded = lost(submissions[index], settings)
            yield index, graded
    finally:
        for future in futures:
            future.cancel()
