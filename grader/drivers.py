"""Several processes that grade side by side, each a driver with a fork server of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection

from grader.grade import Graded, Settings, failure, grade, graded_by
from grader.result import Result
from grader.submission import Submission

__all__ = ["graded_by_many"]


def graded_by_many(
    submissions: Sequence[Submission], settings: Settings, jobs: int, executor: Executor | None = None
) -> Iterable[tuple[int, Graded]]:
    """Grade the submissions in ``jobs`` processes, or where ``executor`` does: each by its index, as it is there."""
    waiting = set(range(len(submissions)))
    if executor is not None:
        yield from _drained(executor, submissions, settings, waiting)
        return
    # A driver process that dies (out of memory, killed) breaks its pool: what is left goes to a new one, and whoever
    # is alone with a dying process is the one that needs a person.
    while waiting:
        before = len(waiting)
        with _pool(jobs) as pool:
            yield from _drained(pool, submissions, settings, waiting)
        if len(waiting) == before:
            if jobs == 1:
                index = min(waiting)
                waiting.discard(index)
                yield index, Graded(_lost(submissions[index], settings))
            jobs = 1


def _pool(jobs: int) -> ProcessPoolExecutor:
    # Spawned, so that a driver holds nothing of this process; one task at a time goes to each.
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """In a new driver: Ctrl-C is for the first process to act on, and when that is gone, there is nobody to work for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    first = multiprocessing.parent_process()
    assert first is not None

    def follow() -> None:
        connection.wait([first.sentinel])
        os._exit(1)  # its fork server sees that it is gone, and ends with all of its kernels

    threading.Thread(target=follow, daemon=True).start()


def _drained(
    executor: Executor, submissions: Sequence[Submission], settings: Settings, waiting: set[int]
) -> Iterable[tuple[int, Graded]]:
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


def _lost(submission: Submission, settings: Settings) -> Result:
    reason = "the grader's own process died twice on this submission: it needs a person"
    return failure(submission, graded_by(settings), "crashed", reason).model_copy(update={"needs_person": True})
