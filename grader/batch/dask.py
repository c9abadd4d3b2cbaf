"""A Dask cluster as what a batch is graded by: chunks of hand-ins go out as bytes, results come back as JSON.

A chunk whose worker is lost is given to another one by the scheduler. One that loses worker after worker is taken apart, so that
the hand-in at fault is found: it needs a person, and costs the others nothing.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from grader.batch.shipping import describe, grade_chunk, received, shipped
from grader.errors import GradmarkError, UsageError
from grader.grading import Done, Settings, Task, lost_task

__all__ = ["SCHEME", "Dask", "dask_at"]

CHUNK = 20
"""The most hand-ins of one message to a worker: a message costs 57 ms."""
AHEAD = 2
"""How many chunks a worker has at a time, so that it never waits for the next; no more, since they are held in memory."""
ANSWER_SECONDS, SAID_SECONDS, GIVEN_UP_SECONDS = 10.0, 3.0, 120.0
"""How long a scheduler may take to answer; after how long without workers it is said, and after how long it is given up."""
PATIENCE = 1.0
SCHEME = "dask://"


@contextmanager
def dask_at(place: str, settings: Settings, requested: str, say: Callable[[str], None]) -> Iterator[Dask]:
    """Yield a cluster that has at least one worker.

    Args:
        place: ``dask://HOST:PORT`` of its scheduler.
        settings: of the run; the isolation is what the first worker has.
        requested: the level of isolation that is asked for.
        say: told when there are no workers.

    Raises:
        UsageError: distributed is not installed, no scheduler answers, no worker comes, or it has not that isolation.

    """
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "an executor dask:// needs Dask, which is an extra: pip install 'gradmark[dask]', here and where workers run"
        ) from None
    address = f"tcp://{place.removeprefix(SCHEME)}"
    try:
        client: Any = Client(address, timeout=ANSWER_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}: {str(error)[:200]}") from None
    with client:
        cluster = Dask(client, address, settings, say)
        cluster.begin(requested)
        yield cluster


class Dask:
    """A cluster: a client of it, its address; other arguments as for :func:`dask_at`."""

    def __init__(self, client: Any, address: str, settings: Settings, say: Callable[[str], None]) -> None:
        self.settings, self._say, self._client, self._address = settings, say, client, address
        self._executor = client.get_executor(pure=False)
        self._environment: Mapping[str, Any] = {}
        self._none_since: float | None = None
        self._said = False

    def begin(self, requested: str) -> None:
        """Wait for a worker, and ask it what it has."""
        asked: Future[Any] = self._executor.submit(describe, requested, self.settings)
        while not wait([asked], PATIENCE).done:
            self._look_for_workers()
        isolation, self._environment = asked.result()
        self.settings = replace(self.settings, isolation=isolation)

    def environment(self) -> Mapping[str, Any]:
        """Return the environment of the first worker; every other one has to have the same."""
        return self._environment

    def stream(
        self, units: Sequence[str | None], task_at: Callable[[int], Task | None]
    ) -> Generator[tuple[int, Done | None]]:
        """Grade tasks, as :func:`grader.grading.grade_tasks` does."""
        order = deque(sorted(range(len(units)), key=lambda index: units[index] or ""))
        alone: deque[int] = deque()
        out: dict[Future[list[str]], list[tuple[int, Task]]] = {}
        try:
            while order or alone or out:
                while (order or alone) and len(out) < AHEAD * max(1, self._workers()):
                    indices = [alone.popleft()] if alone else self._next_chunk(order)
                    tasks = [(index, task) for index in indices if (task := task_at(index)) is not None]
                    yield from ((index, None) for index in indices if index not in dict(tasks))
                    if tasks:
                        chunk = [shipped(task) for _, task in tasks]
                        out[self._executor.submit(grade_chunk, chunk, self.settings)] = tasks
                finished = wait(out, PATIENCE, return_when=FIRST_COMPLETED).done
                if not finished:
                    self._look_for_workers()
                    yield -1, None
                for future in finished:
                    yield from self._of_chunk(future, out.pop(future), alone)
        finally:
            for future in out:
                future.cancel()

    def _of_chunk(
        self, future: Future[list[str]], tasks: Sequence[tuple[int, Task]], alone: deque[int]
    ) -> Iterator[tuple[int, Done | None]]:
        """Yield what came of a chunk; if it ended worker after worker, put its tasks among those that go alone."""
        try:
            texts = future.result()
        except GradmarkError:
            raise
        except Exception as error:
            if self._client.status != "running" or isinstance(error, CancelledError):
                raise UsageError(f"the Dask cluster is gone ({type(error).__name__})") from None
            if len(tasks) > 1:
                alone.extend(index for index, _ in tasks)
            else:
                yield from ((index, lost_task(task, self.settings)) for index, task in tasks)
            return
        for (index, _), text in zip(tasks, texts, strict=True):
            yield index, received(text)

    def _next_chunk(self, order: deque[int]) -> list[int]:
        """Take the next hand-ins: many at a time, but so few that every worker gets some to the end."""
        size = min(CHUNK, max(1, len(order) // (AHEAD * max(1, self._workers()))))
        return [order.popleft() for _ in range(min(size, len(order)))]

    def _workers(self) -> int:
        with suppress(OSError):
            return len(self._client.scheduler_info(n_workers=-1)["workers"])
        return 0

    def _look_for_workers(self) -> None:
        """Say it when there are no workers, and give up after a while.

        Raises:
            UsageError: there were none for too long.

        """
        now = time.monotonic()
        if self._workers():
            self._none_since, self._said = None, False
            return
        self._none_since = now if self._none_since is None else self._none_since
        seconds = now - self._none_since
        if seconds > GIVEN_UP_SECONDS:
            raise UsageError(f"the cluster had no workers for {seconds:.0f} s: start some, dask worker {self._address}")
        if seconds > SAID_SECONDS and not self._said:
            self._said = True
            self._say(
                f"the cluster has no workers yet; it is given up in {GIVEN_UP_SECONDS - seconds:.0f} s:"
                f" dask worker {self._address} starts one"
            )
