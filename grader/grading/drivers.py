"""Several processes that grade side by side, each a driver with a fork server of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import connection

from grader.errors import GradmarkError
from grader.grading.one import Graded, Settings, grade, lost
from grader.runtime import begin
from grader.submission import Submission

__all__ = ["grade_by_many"]


def grade_by_many(
    submissions: Sequence[Submission], settings: Settings, jobs: int, executor: Executor | None = None
) -> Iterable[tuple[int, Graded]]:
    """Grade submissions in ``jobs`` processes, or by ``executor``; yield (index, result) in the order of completion."""
    waiting = set(range(len(submissions)))
    if executor is not None:
        yield from _drain(executor, submissions, settings, waiting)
        return
    # A driver process that dies (out of memory, killed) breaks its pool: what is left goes to a new one, and whoever
    # is alone with a dying process is the one that needs a person.
    while waiting:
        before = len(waiting)
        with _pool(jobs, settings) as pool:
            yield from _drain(pool, submissions, settings, waiting)
        if len(waiting) == before:
            if jobs == 1:
                index = min(waiting)
                waiting.discard(index)
                yield index, lost(submissions[index], settings)
            jobs = 1


def _pool(jobs: int, settings: Settings) -> ProcessPoolExecutor:
    # Spawned, so that a driver holds nothing of this process; one task at a time goes to each.
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_begin, initargs=(settings,))


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


def _drain(
    executor: Executor, submissions: Sequence[Submission], settings: Settings, waiting: set[int]
) -> Iterable[tuple[int, Graded]]:
    """Grade the waiting submissions; yield (index, result), and take each such index out of ``waiting``."""
    futures: dict[Future[Graded], int] = {
        executor.submit(grade, submissions[index], settings): index for index in sorted(waiting)
    }
    try:
        for future in as_completed(futures):
            index = futures[future]
            try:
                graded = future.result()
            except BrokenProcessPool:
                continue
            waiting.discard(index)
            yield index, graded
    finally:
        for future in futures:
            future.cancel()
