"""Several processes that grade side by side, each a driver with a fork server of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
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

from grader.errors import GradmarkError
from grader.grading.one import Graded, Settings, grade, lost
from grader.grading.queue import Queue
from grader.runtime import begin
from grader.submission import Submission

__all__ = ["grade_by_many"]

MOST_DEATHS = 2
"""After so many deaths of drivers on it, a submission needs a person."""


def grade_by_many(
    submissions: Sequence[Submission], settings: Settings, jobs: int, executor: Executor | None = None
) -> Iterable[tuple[int, Graded]]:
    """Grade submissions in ``jobs`` processes, or by ``executor``; yield (index, result) in the order of completion."""
    if executor is not None:
        yield from _graded_elsewhere(executor, submissions, settings)
        return
    queue, deaths = Queue(submissions), Counter[int]()
    drivers = [_driver(settings) for _ in range(jobs)]
    at_work: dict[Future[Graded], tuple[int, int]] = {}

    def begin_again(driver: int) -> None:
        drivers[driver].shutdown()
        drivers[driver] = _driver(settings)

    def go_on(driver: int) -> None:
        index = queue.take(driver)
        if index is None:
            return
        try:
            future = drivers[driver].submit(grade, submissions[index], settings)
        except BrokenProcessPool:  # it died between two submissions
            begin_again(driver)
            future = drivers[driver].submit(grade, submissions[index], settings)
        at_work[future] = driver, index

    try:
        for driver in range(jobs):
            go_on(driver)
        while at_work:
            for future in wait(at_work, return_when=FIRST_COMPLETED).done:
                driver, index = at_work.pop(future)
                try:
                    graded = future.result()
                except BrokenProcessPool:  # out of memory, killed
                    begin_again(driver)
                    deaths[index] += 1
                    if deaths[index] < MOST_DEATHS:
                        queue.put_back(index)
                        go_on(driver)
                        continue
                    graded = lost(submissions[index], settings)
                go_on(driver)  # first, so that it does not wait until the result is written
                yield index, graded
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
