"""Batches with real kernels: the same gradebook whatever grades it, and nothing lost or doubled by whatever stops it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from classes import BACKWARD, FORWARD, Fake, course_of, in_book, work_of, written
from samples import LIMITS

from grader.batch import (
    BookSink,
    Choice,
    FolderSink,
    Local,
    Summary,
    begin_shard,
    grader_at,
    merge,
    part_of,
    read_shards,
    run,
)
from grader.course import Course
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.grades import Attempt
from grader.grading import Settings, one
from grader.runtime import resolve

CHECKOUT = Path(__file__).parents[2]
Book = dict[tuple[str, str, str, str], Attempt]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return course_of(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("hand-ins") / "class")


def local(course: Course) -> Local:
    return Local(Settings(resolve("auto"), limits=LIMITS, executed=False, banks=course.bank), jobs=1)


def batch(
    path: Path,
    folder: Path,
    course: Course,
    choice: Choice | None = None,
    told: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    with Gradebook.open(path, create=True) as book:
        return run(work_of(folder, course).pieces, local(course), BookSink(book, "ta"), choice, told)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, course: Course, folder: Path) -> Book:
    """The gradebook of one run in one process."""
    path = tmp_path_factory.mktemp("whole") / "g.db"
    batch(path, folder, course)
    return in_book(path)


def statuses(book: Book) -> dict[str, list[str]]:
    return {a.student: [item.status for result in a.results for item in result.items] for a in book.values()}


def test_a_class_is_graded_as_it_deserves(whole: Book) -> None:
    found = statuses(whole)
    assert found["student00"] == found["student03"] == found["student08"] == ["passed", "passed"]
    assert found["student01"][0] == found["student02"][1] == "wrong"
    assert found["student05"] == ["passed", "not_attempted"]
    assert found["student06"] == ["passed", "missing"]


def test_shards_make_the_same_gradebook(tmp_path: Path, course: Course, folder: Path, whole: Book) -> None:
    for shard in (1, 2, 3):
        out, grader, work = tmp_path / f"{shard}", local(course), work_of(folder, course)
        sink = FolderSink(out)
        begin_shard(out, work, (shard, 3), grader.environment(), frozenset())
        run(part_of(work, (shard, 3)), grader, sink)
    with Gradebook.open(tmp_path / "g.db", create=True) as book:
        assert merge(read_shards([tmp_path / "1", tmp_path / "2", tmp_path / "3"]), book, "ta").written == 9
        # What was merged is known: of nobody anything is graded again.
        assert run(work_of(folder, course).pieces, local(course), BookSink(book, "ta")).unchanged == 9
    assert in_book(tmp_path / "g.db") == whole


def test_a_cluster_with_a_worker_killed_half_way_makes_the_same_gradebook(
    tmp_path: Path, course: Course, folder: Path, whole: Book
) -> None:
    from distributed import LocalCluster

    killed: list[int] = []
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,  # type: ignore[no-untyped-call]
        Gradebook.open(tmp_path / "g.db", create=True) as book,
    ):
        place = cluster.scheduler_address.replace("tcp://", "dask://")
        workers = [worker.pid for worker in cluster.workers.values()]

        def half_way(summary: Summary) -> None:
            if summary.graded >= 2 and not killed:
                killed.append(workers[0])
                os.kill(workers[0], signal.SIGKILL)

        with grader_at(place, lambda level: replace(local(course).settings, isolation=level), "auto", 1, print) as dask:
            summary = run(work_of(folder, course).pieces, dask, BookSink(book, "ta"), told=half_way)
        assert (summary.done, len(killed)) == (9, 1)
        # Graded here once more, it is the same to the last byte: nothing is written.
        again = run(work_of(folder, course).pieces, local(course), BookSink(book, "ta"), Choice(force=True))
        assert again.graded == 9
        assert not [line for line in book.trail() if "anew" in line.what]
    assert in_book(tmp_path / "g.db") == whole


def test_an_exercise_alone_and_then_the_rest_make_the_same_gradebook(
    tmp_path: Path, course: Course, folder: Path, whole: Book
) -> None:
    """Also where a module cannot be imported, which is told once, and where a backward pass hangs on its forward pass."""
    path = tmp_path / "g.db"
    first = batch(path, folder, course, Choice(exercises=frozenset({BACKWARD})))
    assert {item.exercise for a in in_book(path).values() for r in a.results for item in r.items} >= {BACKWARD}
    rest = batch(path, folder, course)
    assert in_book(path) == whole
    # One module cannot be imported, which is told of in the first exercise alone: there both were graded at once.
    assert (first.exercises, rest.exercises) == (8 + 2, 8)


def test_where_all_is_known_nothing_is_executed(
    tmp_path: Path, course: Course, folder: Path, whole: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "g.db"
    batch(path, folder, course)
    elsewhere = tmp_path / "class"
    for number in (1, 2):
        at = elsewhere / f"zoe{number}" / "exercises" / "quiz.py"
        at.parent.mkdir(parents=True)
        at.write_bytes((folder / f"student0{number}" / "exercises" / "quiz.py").read_bytes())

    def never(*_: object) -> None:
        raise AssertionError("something was executed")

    monkeypatch.setattr(one, "Session", never)
    assert batch(path, elsewhere, course).exercises == 0
    found = {attempt.student: attempt for attempt in in_book(path).values()}
    theirs = {attempt.student: attempt for attempt in whole.values()}
    for number in (1, 2):
        result = found[f"zoe{number}"].results[0]
        assert (
            replace(result, submission=theirs[f"student0{number}"].results[0].submission)
            == (theirs[f"student0{number}"].results[0])
        )
        assert result.submission.id == f"zoe{number}"


# -------------------------------------------------------------------------------- stopped, and at once
@pytest.fixture
def started(tmp_path: Path, room: Path, course: Course) -> Iterator[Callable[[Path], subprocess.Popen[str]]]:
    """Start ``gradmark batch`` in a process group of its own, with two drivers."""
    (tmp_path / "gradmark.toml").write_text(f'bank = ["{course.bank[0]}"]\n')
    running: list[subprocess.Popen[str]] = []

    def start(folder: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "from grader.cli import command; command()", "batch", str(folder)]
        options = ["--assignment", "quiz", "--course", "gradmark.toml", "--gradebook", "g.db", "--jobs", "2"]
        running.append(
            subprocess.Popen(
                [*command, *options],
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(CHECKOUT), "TMPDIR": str(room)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        )
        return running[-1]

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def recorded(path: Path) -> int:
    if not path.exists():
        return 0
    try:
        with Gradebook.open(path) as book:
            return len(book.graded_as())
    except UsageError:  # it is being made
        return 0


def until_some(path: Path, process: subprocess.Popen[str], count: int) -> None:
    """Wait until so many attempts are there, or all is done."""
    until = time.monotonic() + 120
    while recorded(path) < count and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)


def test_a_batch_that_is_stopped_and_killed_goes_on_where_it_was(
    tmp_path: Path, started: Callable[[Path], subprocess.Popen[str]], whole: Book
) -> None:
    folder = written(tmp_path / "class", before="import time\ntime.sleep(0.5)\n")
    path, seen = tmp_path / "g.db", 0
    for how, count in ((signal.SIGINT, 2), (signal.SIGKILL, 5)):
        process = started(folder)
        until_some(path, process, count)
        seen = recorded(path)
        os.killpg(process.pid, how) if how == signal.SIGKILL else process.send_signal(how)
        _, said = process.communicate(timeout=60)
        # On a machine that is busy with others it may have come to its end.
        assert process.returncode in (130, -signal.SIGINT, -signal.SIGKILL, 0), said
        assert process.returncode != 130 or "stopped: what was reported is kept" in said
        assert recorded(path) >= seen >= count
    process = started(folder)
    out, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert out.startswith(f"9 of 9 hand-ins: 9 graded, {recorded_before(out)} of them before"), out
    assert recorded_before(out) >= 5  # rejects a run that begins anew
    assert statuses(in_book(path)) == statuses(whole)
    with Gradebook.open(path) as book:
        assert book.check() == []


def recorded_before(out: str) -> int:
    return int(out.partition(" graded, ")[2].partition(" ")[0])


def test_two_batches_at_once_lose_and_double_nothing(
    tmp_path: Path, started: Callable[[Path], subprocess.Popen[str]], folder: Path, whole: Book
) -> None:
    both = [started(folder), started(folder)]
    said = [process.communicate(timeout=240) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert all(out.startswith("9 of 9 hand-ins: 9 graded") for out, _ in said)
    assert in_book(tmp_path / "g.db") == whole  # the limits are other ones, which a result does not tell
    with Gradebook.open(tmp_path / "g.db") as book:
        assert book.check() == []
        assert len(book.attempts()) == 9
        assert not [line for line in book.trail() if "anew" in line.what]


def test_a_disk_that_is_full_in_mid_run_loses_nothing_reported(
    tmp_path: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite itself says so: its file may grow by some pages, and then it is full as a disk is."""
    from sqlalchemy import Engine, event

    monkeypatch.setattr("grader.batch.running.HELD", 1)
    path, folder = tmp_path / "g.db", written(tmp_path / "class", 40)
    with Gradebook.open(path, create=True):
        pass
    pages = path.stat().st_size // 4096 + 8

    def bounded(connection: object, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]  # sqlite3's own

    told: list[int] = []
    event.listen(Engine, "connect", bounded)
    try:
        with Gradebook.open(path) as book, pytest.raises(UsageError, match="full"):
            run(
                work_of(folder, course).pieces,
                Fake(course),
                BookSink(book, "ta"),
                told=lambda summary: told.append(summary.done),
            )
    finally:
        event.remove(Engine, "connect", bounded)
    assert 0 < told[-1] < 40
    with Gradebook.open(path) as book:
        assert book.check() == []
        assert len(book.attempts()) >= told[-1]
        rest = Fake(course)
        assert run(work_of(folder, course).pieces, rest, BookSink(book, "ta")).done == 40
        assert len(rest.graded) <= 40 - told[-1]
        assert len(book.attempts()) == 40


def test_what_was_known_of_a_forward_pass_serves_its_backward_pass(
    tmp_path: Path, course: Course, folder: Path, whole: Book
) -> None:
    """The other order: the forward passes first, then the rest."""
    path = tmp_path / "g.db"
    batch(path, folder, course, Choice(exercises=frozenset({FORWARD})))
    batch(path, folder, course)
    assert in_book(path) == whole
