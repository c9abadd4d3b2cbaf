"""A cluster whose workers die, on a client that is none: whom it costs a person, and when it is given up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

import pytest
from classes import BACKWARD, FORWARD, course_of, result_of, work_of, written

from grader.batch import dask, grader_at
from grader.batch.shipping import received, shipped
from grader.course import Course
from grader.errors import UsageError
from grader.grading import Done, Settings, Task
from grader.result import compact
from grader.runtime import Isolation


class KilledWorker(Exception):  # noqa: N818 - distributed's own name
    """The scheduler's word for a task on which worker after worker died."""


class Client:
    """A client of a cluster: each chunk is graded at once, unless it holds somebody who kills workers."""

    def __init__(self, deadly: str = "", workers: int = 2) -> None:
        self.deadly, self.workers, self.status = deadly, workers, "running"
        self.chunks: list[list[str]] = []

    def get_executor(self, **_: Any) -> Client:
        return self

    def scheduler_info(self, n_workers: int = 5) -> dict[str, Any]:
        return {"workers": {f"w{number}": {} for number in range(self.workers)}}

    def submit(self, function: Callable[..., Any], tasks: Sequence[Task], settings: Settings) -> Future[list[str]]:
        who = [task.hand_in.id for task in tasks]
        self.chunks.append(who)
        future: Future[list[str]] = Future()
        if self.deadly in who:
            future.set_exception(KilledWorker(who))
        else:
            assert all(task.hand_in.contents() for task in tasks)
            future.set_result([compact(Done((result_of(task, [FORWARD, BACKWARD]),))) for task in tasks])
        return future


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return course_of(tmp_path_factory.mktemp("course"))


@pytest.fixture
def tasks(tmp_path: Path, course: Course) -> list[Task]:
    pieces = work_of(written(tmp_path / "class", 9), course).pieces
    return [Task(piece.hand_in, piece.wanted) for piece in pieces]


def graded_by(client: Client, course: Course, tasks: Sequence[Task | None]) -> dict[int, Done | None]:
    cluster = dask.Dask(client, "tcp://nowhere", Settings(Isolation("none", ()), banks=course.bank), print)
    return {index: done for index, done in cluster.stream(["quiz"] * len(tasks), tasks.__getitem__) if index >= 0}


def test_chunks_hold_every_task_once_and_few_to_the_end(course: Course, tasks: list[Task]) -> None:
    """Rejects one chunk for one worker while the other has nothing to do."""
    client = Client()
    done = graded_by(client, course, tasks)
    assert sorted(done) == [*range(9)]
    assert [len(chunk) for chunk in client.chunks] == [2, 1, 1, 1, 1, 1, 1, 1]


def test_only_the_one_at_fault_needs_a_person(
    course: Course, tasks: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rejects a chunk of which all need a person, or which is put again and again."""
    monkeypatch.setattr(dask, "AHEAD", 1)
    client = Client("student01")
    done = graded_by(client, course, tasks)
    persons = [index for index, of_it in done.items() if of_it is not None and of_it.results[0].needs_person]
    assert (len(done), persons) == (9, [1])
    assert sum("student01" in chunk for chunk in client.chunks) == 2
    lost = done[1]
    assert lost is not None
    assert [item.status for item in lost.results[0].items] == ["skipped", "skipped"]


def test_what_need_not_be_done_any_more_is_left_out(course: Course, tasks: list[Task]) -> None:
    client = Client()
    done = graded_by(client, course, [None, *tasks[1:]])
    assert done[0] is None
    assert "student00" not in [who for chunk in client.chunks for who in chunk]


def test_a_cluster_that_is_gone_is_said(course: Course, tasks: list[Task]) -> None:
    class Gone(Client):
        def submit(self, *_: Any) -> Future[list[str]]:
            future: Future[list[str]] = Future()
            future.set_exception(CancelledError())
            return future

    with pytest.raises(UsageError, match="the Dask cluster is gone"):
        graded_by(Gone(), course, tasks)


def test_no_workers_are_said_and_then_given_up(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    clock: Iterator[float] = iter(range(0, 1000, 2))
    monkeypatch.setattr(dask.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(dask, "PATIENCE", 0.0)

    class Nobody(Client):
        def submit(self, *_: Any) -> Future[list[str]]:
            return Future()

    said: list[str] = []
    cluster = dask.Dask(Nobody(workers=0), "tcp://nowhere", Settings(Isolation("none", ())), said.append)
    with pytest.raises(UsageError, match="no workers for 122 s: start some, dask worker tcp://nowhere"):
        cluster.begin("auto")
    assert len(said) == 1
    assert "no workers yet" in said[0]


def test_no_scheduler_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refused:
        def __init__(self, *_: Any, **__: Any) -> None:
            raise OSError("Timed out trying to connect")

    monkeypatch.setattr("distributed.Client", Refused)
    place = grader_at("dask://localhost:1", lambda isolation: Settings(isolation), "auto", None, print)
    with pytest.raises(UsageError, match="no Dask scheduler answers at tcp://localhost:1"), place:
        pass


def test_a_hand_in_travels_with_its_bytes_and_keeps_its_address(tmp_path: Path, tasks: list[Task]) -> None:
    """Rejects results that are kept under another address than where the class lies."""
    sent = [shipped(task) for task in tasks]
    for task, there in zip(tasks, sent, strict=True):
        assert there.hand_in.sha256 == task.hand_in.sha256
    for path in (tmp_path / "class").rglob("*.py"):
        path.unlink()
    assert all(there.hand_in.contents() for there in sent)  # nothing is read where it has arrived


def test_what_cannot_be_read_travels_as_its_problem(tasks: list[Task]) -> None:
    for path in tasks[0].hand_in.on_disk():
        path.unlink()
    assert "cannot be read" in shipped(tasks[0]).hand_in.problem


def test_results_that_travelled_are_the_same(tasks: list[Task]) -> None:
    done = Done((result_of(tasks[0], [FORWARD]),), {"key": "text"}, {"quiz": "{}"}, "print", 1)
    assert received(compact(done)) == done
