"""Batches, on graders that need no kernel: what is graded again and what is not, what a stop costs, shards and their merging."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from classes import FORWARD, Fake, course_of, in_book, result_of, work_of, written

from grader.batch import (
    Asked,
    BookSink,
    Choice,
    FolderSink,
    Summary,
    WithNotebooks,
    begin_shard,
    find_work,
    merge,
    part_of,
    read_shards,
    run,
)
from grader.batch.outcome import Outcome, attempts_of
from grader.cli.batch_said import Said, exit_code, line_of, spoken
from grader.course import Course, read_course
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.grading import Done, Task


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return course_of(tmp_path_factory.mktemp("course"))


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[BookSink]:
    with Gradebook.open(tmp_path / "g.db", create=True) as book:
        yield BookSink(book, "ta")


def test_a_second_run_grades_what_is_new_and_nothing_else(tmp_path: Path, course: Course, sink: BookSink) -> None:
    """Rejects a run that grades a class again for one hand-in more, and one that misses what a student changed."""
    folder = written(tmp_path / "class", 4)
    first, second, third = Fake(course), Fake(course), Fake(course)
    assert run(work_of(folder, course).pieces, first, sink).graded == 4
    summary = run(work_of(folder, course).pieces, second, sink)
    assert (second.graded, summary.unchanged, summary.states["graded"]) == ([], 4, 4)
    written(tmp_path / "more", 5)
    (tmp_path / "more" / "student04").rename(folder / "student04")
    (folder / "student01" / "exercises" / "quiz.py").write_text("# handed in again\n")
    run(work_of(folder, course).pieces, third, sink)
    assert third.graded == ["student01", "student04"]
    assert len(sink.book.attempts()) == 6  # the older one of student01 stays


def test_a_time_in_any_zone_is_that_of_the_same_hand_in(tmp_path: Path, course: Course, sink: BookSink) -> None:
    """Rejects keys made of the time as it was written: the gradebook gives it back in UTC."""
    pieces = [
        replace(
            piece,
            hand_in=replace(piece.hand_in, submitted=datetime(2026, 11, 20, 22, tzinfo=ZoneInfo("Europe/Berlin"))),
        )
        for piece in work_of(written(tmp_path / "class", 2), course).pieces
    ]
    assert run(pieces, Fake(course), sink).graded == 2
    assert run(pieces, Fake(course), sink).unchanged == 2


def test_another_environment_or_another_bank_grades_again(tmp_path: Path, course: Course, sink: BookSink) -> None:
    folder = written(tmp_path / "class", 2)
    run(work_of(folder, course).pieces, Fake(course), sink)
    newer = Fake(course, {"numpy": "3"})
    run(work_of(folder, course).pieces, newer, sink)
    assert newer.graded == ["student00", "student01"]
    again = Fake(course, {"numpy": "3"})
    assert run(work_of(folder, course).pieces, again, sink).unchanged == 2  # the results were the same, and are known


def test_force_grades_again(tmp_path: Path, course: Course, sink: BookSink) -> None:
    folder = written(tmp_path / "class", 2)
    run(work_of(folder, course).pieces, Fake(course), sink)
    forced = Fake(course)
    run(work_of(folder, course).pieces, forced, sink, Choice(force=True))
    assert len(forced.graded) == 2
    assert len(sink.book.attempts()) == 2


def test_the_graders_own_failure_is_tried_again_and_a_students_is_not(
    tmp_path: Path, course: Course, sink: BookSink
) -> None:
    folder = written(tmp_path / "class", 3)
    failing = Fake(course, statuses={"student00": "lost", "student01": "unread"})
    summary = run(work_of(folder, course).pieces, failing, sink)
    assert dict(summary.states) == {"needs_person": 1, "not_gradable": 1, "graded": 1}
    assert exit_code(summary.states, []) == 4
    again = Fake(course)
    summary = run(work_of(folder, course).pieces, again, sink)
    assert again.graded == ["student00"]
    assert exit_code(summary.states, []) == 3
    failed = Fake(course)
    run(work_of(folder, course).pieces, failed, sink, Choice(failed_only=True))
    assert failed.graded == ["student01"]
    last = Fake(course)
    run(work_of(folder, course).pieces, last, sink, Choice(failed_only=True))
    assert last.graded == []


def test_what_was_told_is_kept_when_it_is_stopped(tmp_path: Path, course: Course, sink: BookSink) -> None:
    """Rejects a batch that loses on Ctrl-C what it reported, and a next run that begins anew."""
    folder = written(tmp_path / "class", 5)
    told: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        run(work_of(folder, course).pieces, Fake(course, stop=3), sink, told=lambda summary: told.append(summary.done))
    assert told[-1] == len(sink.book.attempts()) == 3
    rest = Fake(course)
    run(work_of(folder, course).pieces, rest, sink)
    assert rest.graded == ["student03", "student04"]


class Full(BookSink):
    """A gradebook on a disk that is full after so many writes."""

    room = 2

    def write(self, outcomes: Sequence[Outcome]) -> None:
        if self.room == 0:
            raise UsageError("the gradebook cannot be written: the disk is full")
        self.room -= 1
        super().write(outcomes)


def test_a_full_disk_stops_the_batch_and_loses_nothing_told(
    tmp_path: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.batch.running.HELD", 1)
    folder = written(tmp_path / "class", 5)
    told: list[int] = []
    with Gradebook.open(tmp_path / "g.db", create=True) as book:
        with pytest.raises(UsageError, match="disk is full"):
            run(work_of(folder, course).pieces, Fake(course), Full(book, "ta"), told=lambda s: told.append(s.done))
        assert told[-1] == len(book.attempts()) == 2


def test_the_same_bytes_of_several_students_are_graded_once(tmp_path: Path, course: Course, sink: BookSink) -> None:
    """An untouched template, a group's work: each gets a result in their own name."""
    for name in ("ada", "ben", "eve"):
        (tmp_path / "class" / name / "exercises").mkdir(parents=True)
        (tmp_path / "class" / name / "exercises" / "quiz.py").write_text("# " + ("own" if name == "eve" else "same"))
    grader = Fake(course)
    assert run(work_of(tmp_path / "class", course).pieces, grader, sink).graded == 3
    assert len(grader.graded) == 2
    own = {attempt.student: attempt for attempt in sink.book.attempts()}
    assert {who: attempt.results[0].submission.id for who, attempt in own.items()} == {
        n: n for n in ("ada", "ben", "eve")
    }
    assert own["ben"].source == own["ben"].results[0].submission.source != own["ada"].source


def test_an_exercise_alone_never_costs_another_one_its_result(tmp_path: Path, course: Course, sink: BookSink) -> None:
    """Where nothing is there it alone is graded, and another one is added to it; a whole grading is replaced by a whole one."""
    folder = written(tmp_path / "class", 2)
    backward, forward = (Choice(exercises=frozenset({name})) for name in ("quiz.cube_backward", FORWARD))

    def items() -> list[str]:
        return [item.exercise for item in sink.book.attempts(student="student00")[0].results[0].items]

    run(work_of(folder, course).pieces, Fake(course), sink, backward)
    assert items() == ["quiz.cube_backward"]
    twice = Fake(course)
    run(work_of(folder, course).pieces, twice, sink, backward)
    assert twice.graded == []
    run(work_of(folder, course).pieces, Fake(course), sink, forward)
    assert items() == [FORWARD, "quiz.cube_backward"]
    whole = Fake(course)
    run(work_of(folder, course).pieces, whole, sink)
    assert len(whole.graded) == 2
    newer = Fake(course, {"numpy": "3"})
    run(work_of(folder, course).pieces, newer, sink, forward)
    assert newer.graded == ["student00", "student01"]
    assert items() == [FORWARD, "quiz.cube_backward"]
    with pytest.raises(UsageError, match=r"asks for layers\.relu"):
        run(work_of(folder, course).pieces, whole, sink, Choice(exercises=frozenset({"layers.relu_forward"})))


def test_what_was_undone_is_graded_again(tmp_path: Path, course: Course, sink: BookSink) -> None:
    """Rejects a batch that passes over what it noted as done once, though the trail took it back: all of it, or a part."""
    folder = written(tmp_path / "class", 2)

    def items() -> list[int]:
        return [len(attempt.results[0].items) for attempt in sink.book.attempts()]

    run(work_of(folder, course).pieces, Fake(course), sink, Choice(exercises=frozenset({FORWARD})))
    for choice in (Choice(), Choice(exercises=frozenset({"quiz.cube_backward"}))):
        run(work_of(folder, course).pieces, Fake(course), sink, choice)
        assert items() == [2, 2]
        sink.book.undo(None, by="ta")
        assert items() == [1, 1]
    assert run(work_of(folder, course).pieces, Fake(course), sink).graded == 2
    assert items() == [2, 2]
    for _ in range(2):
        sink.book.undo(None, by="ta")
    assert items() == []
    summary = run(work_of(folder, course).pieces, Fake(course), sink)
    assert (summary.graded, items()) == (2, [2, 2])


def test_what_was_undone_is_not_taken_for_what_another_batch_did_meanwhile(
    tmp_path: Path, course: Course, sink: BookSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rejects a long batch that looks into the gradebook again, finds old notes of what was undone, and leaves it out."""
    folder = written(tmp_path / "class", 3)
    run(work_of(folder, course).pieces, Fake(course), sink)
    sink.book.undo(None, by="ta")
    monkeypatch.setattr("grader.batch.running.LOOK_AGAIN", -1.0)
    summary = run(work_of(folder, course).pieces, Fake(course), sink)
    assert (summary.graded, summary.unchanged, len(sink.book.attempts())) == (3, 0, 3)


class OfTwo(Fake):
    """Finds work of two units in each hand-in."""

    def stream(
        self, units: Sequence[str | None], task_at: Callable[[int], Task | None]
    ) -> Generator[tuple[int, Done | None]]:
        for index, done in super().stream(units, task_at):
            both = [] if done is None else [*done.results, replace(done.results[0], assignment="mlp")]
            yield index, done and replace(done, results=tuple(both))


class WithoutOne(OfTwo):
    """Finds nothing of the second unit."""

    def stream(
        self, units: Sequence[str | None], task_at: Callable[[int], Task | None]
    ) -> Generator[tuple[int, Done | None]]:
        for index, done in super().stream(units, task_at):
            both = [] if done is None else [done.results[0], replace(done.results[1], graded=False)]
            yield index, done and replace(done, results=tuple(both))


def test_of_a_hand_in_with_two_assignments_what_was_undone_of_one_is_graded_again(
    tmp_path: Path, course: Course, sink: BookSink
) -> None:
    """Rejects a note of the whole hand-in that stands for both; and one that outlives the names of assignments."""
    work = find_work(Asked(paths=[written(tmp_path / "class", 2)], course=course))
    run(work.pieces, OfTwo(course), sink)
    sink.book.undo(1, by="ta")
    assert len(sink.book.attempts()) == 2
    assert run(work.pieces, OfTwo(course), sink).graded == 2
    assert {attempt.assignment for attempt in sink.book.attempts()} == {"quiz", "mlp"}
    named = [replace(piece, of_unit={"quiz": "hw1"}) for piece in work.pieces]
    assert run(named, OfTwo(course), sink).graded == 2
    assert {attempt.assignment for attempt in sink.book.attempts()} == {"quiz", "mlp", "hw1"}


def test_one_student_alone_and_one_who_is_not_there(tmp_path: Path, course: Course) -> None:
    folder = written(tmp_path / "class", 3)
    assert [piece.hand_in.id for piece in work_of(folder, course, students={"student01"}).pieces] == ["student01"]
    with pytest.raises(UsageError, match="nothing of 'zoe' is there"):
        work_of(folder, course, students={"zoe"})


def test_where_units_tell_the_assignments_none_needs_to_be_named(tmp_path: Path, course: Course) -> None:
    """A course of two assignments of different units; rejects two that ask for one unit, which nothing tells apart."""
    (tmp_path / "gradmark.toml").write_text(
        'bank = ["bank"]\n[assignment.first]\nunit = "quiz"\n[assignment.second]\nunit = "mlp"\n'
    )
    course_of(tmp_path)
    two = read_course(tmp_path / "gradmark.toml")
    folder = written(tmp_path / "class", 2)
    work = find_work(Asked(paths=[folder], course=two))
    with Gradebook.open(tmp_path / "g.db", create=True) as book:
        run(work.pieces, Fake(course), BookSink(book, "ta"))
        assert {attempt.assignment for attempt in book.attempts()} == {"first"}
        again = Fake(course)
        assert run(work.pieces, again, BookSink(book, "ta")).unchanged == 2
    text = (tmp_path / "gradmark.toml").read_text()
    (tmp_path / "gradmark.toml").write_text(text.replace('"mlp"', '"quiz"'))
    with pytest.raises(UsageError, match="name the assignment with --assignment: first and second both ask for"):
        find_work(Asked(paths=[folder], course=read_course(tmp_path / "gradmark.toml")))


# ------------------------------------------------------------------------------------------- shards
def sharded(
    tmp_path: Path, course: Course, folder: Path, of: int, grader: Callable[[], Fake], shards: Sequence[int] = ()
) -> list[Path]:
    outs = []
    for shard in shards or range(1, of + 1):
        work, fake = work_of(folder, course), grader()
        out = tmp_path / f"out{shard}"
        sink = FolderSink(out)
        begin_shard(out, work, (shard, of), fake.environment(), frozenset())
        run(part_of(work, (shard, of)), fake, sink)
        outs.append(out)
    return outs


def test_shards_merged_are_the_same_gradebook_as_one_run(tmp_path: Path, course: Course, sink: BookSink) -> None:
    folder = written(tmp_path / "class", 7)
    run(work_of(folder, course).pieces, Fake(course), sink)
    outs = sharded(tmp_path, course, folder, 3, lambda: Fake(course))
    sizes = [len(list(out.glob("*.attempt.json"))) for out in outs]
    assert sizes == [3, 2, 2]  # rejects a hand-in that is in two shards, or in none
    with Gradebook.open(tmp_path / "merged.db", create=True) as book:
        merged = merge(read_shards(outs), book, "ta")
        assert (merged.documents, merged.written, merged.absent) == (7, 7, {})
        again = merge(read_shards(outs[::-1]), book, "ta")
        assert (again.documents, again.written) == (7, 0)
        rest = Fake(course)
        assert run(work_of(folder, course).pieces, rest, BookSink(book, "ta")).unchanged == 7
    assert in_book(tmp_path / "merged.db") == in_book(tmp_path / "g.db")


def test_a_shard_goes_on_where_it_was_stopped(tmp_path: Path, course: Course) -> None:
    folder = written(tmp_path / "class", 4)
    with pytest.raises(KeyboardInterrupt):
        sharded(tmp_path, course, folder, 1, lambda: Fake(course, stop=3))
    rest = Fake(course)
    sharded(tmp_path, course, folder, 1, lambda: rest)
    assert rest.graded == ["student03"]


def test_what_is_missing_of_shards_is_told(tmp_path: Path, course: Course, sink: BookSink) -> None:
    """Rejects a merge that takes a part for the whole: a shard that is not there, a document that is not whole."""
    folder = written(tmp_path / "class", 6)
    outs = sharded(tmp_path, course, folder, 3, lambda: Fake(course), [1, 3])
    shards = read_shards(outs)
    assert (shards.missing, shards.of, shards.total) == ((2,), 3, 6)
    lost, cut = sorted(outs[0].glob("*.attempt.json"))
    lost.unlink()
    cut.write_text(cut.read_text()[:-20])
    assert merge(shards, sink.book, "ta").absent == {1: 2}
    assert len(sink.book.attempts()) == 2


def test_what_an_earlier_run_left_in_a_folder_is_not_of_this_one(
    tmp_path: Path, course: Course, sink: BookSink
) -> None:
    """Rejects a merge that takes, as the class under seed 1, what seed 0 left where the run of seed 1 was stopped."""
    work, out = work_of(written(tmp_path / "class", 3), course), tmp_path / "out"

    def graded(environment: dict[str, int], exercises: frozenset[str] = frozenset(), stop: int | None = None) -> int:
        grader = Fake(course, environment, stop=stop)
        begin_shard(out, work, (1, 1), environment, exercises)
        with suppress(KeyboardInterrupt):
            run(work.pieces, grader, FolderSink(out), Choice(exercises=exercises))
        return merge(read_shards([out]), sink.book, "ta").absent.get(1, 0)

    assert graded({"seed": 0}, frozenset({FORWARD})) == 0
    assert graded({"seed": 0}, stop=1) == 2  # an exercise alone is not the whole hand-in
    assert graded({"seed": 0}) == 0
    assert graded({"seed": 1}, stop=1) == 2
    assert graded({"seed": 1}, frozenset({FORWARD})) == 0


def test_a_shard_that_was_graded_in_two_folders_is_whole_if_they_are_together(
    tmp_path: Path, course: Course, sink: BookSink
) -> None:
    """Rejects a merge that takes the first folder alone, where the machine was lost, and not the one that has the rest."""
    folder = written(tmp_path / "class", 3)
    with suppress(KeyboardInterrupt):
        sharded(tmp_path / "lost", course, folder, 1, lambda: Fake(course, stop=1))
    sharded(tmp_path / "again", course, folder, 1, lambda: Fake(course))
    merged = merge(read_shards([tmp_path / "lost" / "out1", tmp_path / "again" / "out1"]), sink.book, "ta")
    assert (merged.documents, merged.written, merged.absent) == (3, 3, {})


def test_shards_of_different_runs_are_refused(tmp_path: Path, course: Course) -> None:
    folder = written(tmp_path / "class", 4)
    one = sharded(tmp_path / "a", course, folder, 2, lambda: Fake(course), [1])
    newer = sharded(tmp_path / "b", course, folder, 2, lambda: Fake(course, {"numpy": "3", "seed": 0}), [2])
    with pytest.raises(UsageError, match="not of one run: numpy 2 and 3; seed null and 0"):
        read_shards([*one, *newer])
    more = sharded(tmp_path / "c", course, folder, 4, lambda: Fake(course), [2])
    with pytest.raises(UsageError, match="of 2 shards, the other of 4"):
        read_shards([*one, *more])
    (folder / "student00" / "exercises" / "quiz.py").write_text("# changed meanwhile")
    changed = sharded(tmp_path / "d", course, folder, 2, lambda: Fake(course), [2])
    with pytest.raises(UsageError, match="hand-ins are not the same"):
        read_shards([*one, *changed])
    with pytest.raises(UsageError, match="holds no shard"):
        read_shards([folder])
    manifest = one[0] / "shard-1-of-2.json"
    manifest.write_text(json.dumps({"schema": "something/else"}))
    with pytest.raises(UsageError, match="no manifest of a shard"):
        read_shards(one)


def test_a_document_cannot_name_a_file_outside_its_folder(tmp_path: Path, course: Course, sink: BookSink) -> None:
    folder = written(tmp_path / "class", 1)
    (out,) = sharded(tmp_path, course, folder, 1, lambda: Fake(course))
    (document,) = out.glob("*.attempt.json")
    document.rename(tmp_path / document.name)
    manifest = out / "shard-1-of-1.json"
    manifest.write_text(manifest.read_text().replace(document.name, f"../{document.name}"))
    assert merge(read_shards([out]), sink.book, "ta").absent == {1: 1}


def test_executed_notebooks_are_kept_where_they_are_asked_for(tmp_path: Path, course: Course, sink: BookSink) -> None:
    piece, _ = work_of(written(tmp_path / "class", 2), course).pieces
    done = Done((result_of(Task(piece.hand_in), [FORWARD]),))
    outcome = Outcome(piece, attempts_of(piece, done), "key", executed={"quiz": "{}"})
    WithNotebooks(sink, tmp_path / "kept").write([outcome])
    (kept,) = (tmp_path / "kept").iterdir()
    assert kept.name.startswith("student00-")
    assert kept.name.endswith(".quiz.ipynb")


# --------------------------------------------------------------------------------------- the command
def test_a_line_of_progress_counts_and_estimates() -> None:
    summary = Summary(100)
    summary.graded = 25
    summary.states.update(["graded"] * 24 + ["needs_person"])
    assert line_of(summary, 50.0) == "25 of 100: 24 graded, 1 need a person, about 3 min left".replace("3 min", "2 min")
    assert [spoken(s) for s in (0.2, 89, 600, 7300)] == ["1 s", "89 s", "10 min", "2 h 2 min"]


def test_a_unit_that_is_missing_is_not_said_to_have_run_out_of_time(
    tmp_path: Path, course: Course, sink: BookSink, capsys: pytest.CaptureFixture[str]
) -> None:
    """An assignment of two units, of which one is not there: rejects a sentence that sends the assistant after a crash."""
    work = work_of(written(tmp_path / "class", 2), course)
    said = Said(work, quiet=False)
    with said.progress() as told:
        run(work.pieces, WithoutOne(course), sink, told=told)
    said.close()
    assert "2 graded in part" in (out := capsys.readouterr().out)
    assert "student00: graded in part: something is missing or cannot be read" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--shard", "4/3", "--out", "o"), "there is no shard 4 of 3"),
        (("--shard", "two", "--out", "o"), "not of the form I/N"),
        (("--shard", "1/2"), "a shard needs --out DIR"),
        (("--executor", "slurm"), "there is no executor 'slurm'"),
        (("--assignment", "layer"), "did you mean layers"),
        (("--exercise", "relu_forwrd"), "did you mean"),
        (("--layout", "canvas"), "--layout"),
    ],
)
def test_wrong_usage_is_one_line_before_anything_is_graded(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    written(tmp_path / "class", 1)
    code, out, err = run("batch", "class", *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert not (tmp_path / "gradebook.db").exists()


def test_merging_what_is_no_shard_is_wrong_usage(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, out, err = run("merge", "empty")
    assert (code, out, (tmp_path / "gradebook.db").exists()) == (2, "", False)
    assert "holds no shard" in err
