"""Several processes that grade side by side, each a driver with a fork server of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from typing import TypeVar

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
) -> Iterator[tuple[int, D | None]]:
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
    queue, deaths = Queue(units), Counter[int]()
    drivers = [_driver(settings) for _ in range(jobs)]
    at_work: dict[Future[D], tuple[int, int, T]] = {}

    def begin_again(driver: int) -> None:
        drivers[driver].shutdown()
        drivers[driver] = _driver(settings)

    def go_on(driver: int) -> Iterator[int]:
        """Give a driver its next task; yield the indices that need none any more."""
        while (index := queue.take(driver)) is not None:
            task = task_at(index)
            if task is None:
                yield index
                continue
            try:
                future = drivers[driver].submit(work, task, settings)
            except BrokenProcessPool:  # it died between two submissions
                begin_again(driver)
                future = drivers[driver].submit(work, task, settings)
            at_work[future] = driver, index, task
            return

    try:
        for driver in range(jobs):
            for index in go_on(driver):
                yield index, None
        while at_work:
            finished = wait(at_work, patience, return_when=FIRST_COMPLETED).done
            if not finished:
                yield -1, None
            for future in finished:
                driver, index, task = at_work.pop(future)
                try:
                    done = future.result()
                except BrokenProcessPool:  # out of memory, killed
                    begin_again(driver)
                    deaths[index] += 1
                    if deaths[index] < MOST_DEATHS:
                        queue.put_back(index)
                        for skipped in go_on(driver):
                            yield skipped, None
                        continue
                    done = lost(task, settings)
                skipped_ones = [*go_on(driver)]  # first, so that it does not wait until the result is written
                yield index, done
                for skipped in skipped_ones:
                    yield skipped, None
    finally:
        for pool in drivers:
            pool.shutdown(cancel_futures=True)


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
