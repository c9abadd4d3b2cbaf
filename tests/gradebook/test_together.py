"""Several programs on one gradebook, and programs that are killed or have no room left: nothing is lost, doubled or half there."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from book_samples import a_result, an_attempt

from grader.errors import UsageError
from grader.gradebook import Gradebook, store

PROGRAM = Path(__file__).parent / "writing_program.py"


def started(
    place: str, student: str, first: int, last: int, before: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    """Start the program, and wait until it is ready."""
    command = [sys.executable, str(PROGRAM), place, student, str(first), str(last)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    program = subprocess.Popen(command, **pipes, text=True, preexec_fn=before)  # noqa: PLW1509 - it only sets a limit
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    return program


def begin(program: subprocess.Popen[str]) -> None:
    assert program.stdin is not None
    program.stdin.write("\n")
    program.stdin.flush()


@pytest.mark.slow
def test_two_programs_at_once_lose_nothing_and_double_nothing(place: str) -> None:
    both = [started(place, student, 0, 25) for student in ("ada", "bob")]
    for program in both:
        begin(program)
    for program in both:
        _, said = program.communicate(timeout=120)
        assert (program.returncode, said) == (0, "")
    with Gradebook.open(place) as book:
        assert book.check() == []
        keys = [attempt.key for attempt in book.attempts()]
        assert len(keys) == len(set(keys)) == 3 * 25
        lines = book.trail()
        assert [line.number for line in lines] == list(range(1, 101))
        assert {mark.student: mark.points for mark in book.marks()} == {"ada": 24.0, "bob": 24.0}
        assert len(book.cached(f"key{number}" for number in range(25))) == 25


@pytest.mark.slow
def test_a_program_that_is_killed_leaves_a_whole_gradebook_with_all_that_it_said_was_written(place: str) -> None:
    draw, done = random.Random(7), 0
    for _ in range(3):
        with started(place, "ada", done, 10_000) as program:
            begin(program)
            assert program.stdout is not None
            for _ in range(draw.randint(1, 12)):
                done = int(program.stdout.readline()) + 1
            # At any point of a write: after so many microseconds of work, not of waiting.
            sum(range(draw.randrange(200_000)))
            program.kill()
            done = max([done, *(int(line) + 1 for line in program.stdout.read().split())])
        with Gradebook.open(place) as book:
            assert book.check() == []
            numbers = {attempt.sha256 for attempt in book.attempts(student="ada")}
            assert {f"ada-{number}" for number in range(done)} <= numbers
            (mark,) = book.marks()
            assert mark.points in (done - 1, done)  # the write that was under way may be there, whole, or not at all


def test_a_writer_that_waits_too_long_for_another_says_so(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "WAIT_SECONDS", 1)
    with Gradebook.open(place, create=True) as book, Gradebook.open(place) as other:
        with book._store.writing(), pytest.raises(UsageError, match="is held by another program"):
            other.record([an_attempt()], by="grace")
        assert other.attempts() == []
        assert other.record([an_attempt()], by="grace") == 1


def test_a_reader_waits_for_no_writer_and_sees_what_was_there_before(book: Gradebook, place: str) -> None:
    book.record([an_attempt()], by="grace")
    with Gradebook.open(place) as other:
        with book._store.writing() as connection:
            connection.exec_driver_sql("DELETE FROM attempts")
            assert len(other.attempts()) == 1
        assert other.attempts() == []


def test_a_full_database_says_so_and_keeps_what_was_reported(tmp_path: Path) -> None:
    noise = random.Random(1)
    big = [replace(an_attempt("ada", n), results=(a_result(message=noise.randbytes(4000).hex()),)) for n in range(60)]
    with Gradebook.open(tmp_path / "gradebook.db", create=True) as book:
        book.record([an_attempt()], by="grace")
        with book._store.writing() as connection:  # of this one connection, which the pool hands out again
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 10}")
        with pytest.raises(UsageError, match="the disk is full: nothing of this write was kept"):
            book.record(big, by="grace")
        assert [attempt.key for attempt in book.attempts()] == [an_attempt().key]
        assert book.check() == []
    with Gradebook.open(tmp_path / "gradebook.db") as book:
        assert book.record(big, by="grace") == 60
        assert book.check() == []


@pytest.mark.slow
def test_a_file_that_may_not_grow_ends_the_program_with_one_line(tmp_path: Path) -> None:
    place = str(tmp_path / "gradebook.db")
    limit = 400_000
    program = started(place, "ada", 0, 10_000, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    begin(program)
    told, said = program.communicate(timeout=120)
    assert program.returncode == 1
    assert said.count("\n") == 1, said
    assert "nothing of this write was kept" in said
    with Gradebook.open(place) as book:
        assert book.check() == []
        done = len(told.split())
        assert done > 5
        assert {f"ada-{number}" for number in range(done)} <= {
            attempt.sha256 for attempt in book.attempts(student="ada")
        }
