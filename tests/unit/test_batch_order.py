"""Several hand-ins of one student without times, as Canvas gives them: the one that was collected last is the last one."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest
from classes import Fake, course_of, result_of, work_of

from grader.batch import Asked, BookSink, FolderSink, Work, begin_shard, find_work, merge, part_of, read_shards, run
from grader.course import Course, match
from grader.gradebook import Gradebook
from grader.grading import Done, Task
from grader.result import Result
from grader.submission import find, lay_out

DOWNLOADS = ("submissions.zip", "submissions (1).zip", "again.zip")
"""In the order in which they came, which is not that of their names."""


class Backwards(Fake):
    """Grades the last hand-in first."""

    def stream(
        self, units: Sequence[str | None], task_at: Callable[[int], Task | None]
    ) -> Generator[tuple[int, Done | None]]:
        yield from sorted(super().stream(units, task_at), key=lambda one: -one[0])


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return course_of(tmp_path_factory.mktemp("course"))


def downloads(folder: Path) -> list[Path]:
    for number, name in enumerate(DOWNLOADS):
        with ZipFile(folder / name, "w") as archive:
            archive.writestr("adaone_1_91_quiz.py", f"# {number}")
            archive.writestr("bentwo_2_92_quiz.py", "# the same all the time")
    return [folder / name for name in DOWNLOADS]


def collected(folder: Path, course: Course) -> Work:
    for path in downloads(folder):
        lay_out(folder / "class", match(find([path]).hand_ins, None).of, [])
    return work_of(folder / "class", course)


def came(path: Path) -> list[str]:
    """Return the downloads of the attempts of ada, the oldest first."""
    with Gradebook.open(path) as book:
        assert len(book.attempts()) == 4
        return [attempt.source.partition("/")[0] for attempt in book.attempts(student="adaone_1")]


@pytest.mark.parametrize("grader", [Fake, Backwards])
def test_the_last_one_that_was_collected_is_the_last(tmp_path: Path, course: Course, grader: type[Fake]) -> None:
    """Rejects the order of file names, in which the newer ``submissions (1).zip`` is the older, and that of grading."""
    with Gradebook.open(tmp_path / "g.db", create=True) as book:
        summary = run(collected(tmp_path, course).pieces, grader(course), BookSink(book, "ta"))
    assert summary.graded == 4
    assert came(tmp_path / "g.db") == list(DOWNLOADS)


def test_of_several_downloads_the_one_named_last_is_the_last(tmp_path: Path, course: Course) -> None:
    work = find_work(Asked(paths=downloads(tmp_path), course=course, assignment="quiz"))
    with Gradebook.open(tmp_path / "g.db", create=True) as book:
        run(work.pieces, Fake(course), BookSink(book, "ta"))
    assert came(tmp_path / "g.db") == list(DOWNLOADS)


def test_attempts_that_stand_otherwise_keep_their_order(
    tmp_path: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first and the last could be graded, the one between could not: rejects lines of the trail by how attempts stand."""
    work = collected(tmp_path, course)
    between = {piece.hand_in.sha256 for piece in work.pieces if piece.hand_in.source.startswith(DOWNLOADS[1])}

    def made(task: Task, names: Sequence[str], _: str) -> Result:
        return result_of(task, names, "unread" if task.hand_in.sha256 in between else "ok")

    monkeypatch.setattr("classes.result_of", made)
    with Gradebook.open(tmp_path / "g.db", create=True) as book:
        run(work.pieces, Fake(course), BookSink(book, "ta"))
        assert [attempt.results[0].graded for attempt in book.attempts(student="adaone_1")] == [True, False, True]
    assert came(tmp_path / "g.db") == list(DOWNLOADS)


@pytest.mark.parametrize("of", [1, 2, 3])
def test_shards_keep_the_order_in_whichever_order_they_are_merged(tmp_path: Path, course: Course, of: int) -> None:
    """Rejects shards that have one student's hand-ins between them: the one that is merged last would be the last."""
    work, grader = collected(tmp_path, course), Fake(course)
    outs = [tmp_path / f"out{shard}" for shard in range(1, of + 1)]
    for shard, out in enumerate(outs, 1):
        begin_shard(out, work, (shard, of), grader.environment(), frozenset())
        run(part_of(work, (shard, of)), grader, FolderSink(out))
    with Gradebook.open(tmp_path / "g.db", create=True) as book:
        for out in outs[::-1]:
            merge(read_shards([out]), book, "ta")
    assert came(tmp_path / "g.db") == list(DOWNLOADS)
