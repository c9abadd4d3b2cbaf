"""Backup and restore: one file, whichever database; never over something that is there, and never of something damaged."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from book_samples import an_attempt, graded_again
from postgresql_server import Server

from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.grades import Mark


def filled(book: Gradebook) -> None:
    book.record([an_attempt(), an_attempt("bob")], by="grace")
    book.replace([graded_again(an_attempt(), 4.0)], by="grace", why="")
    book.mark([Mark(student="ada", assignment="layers", points=1, comments=("ö\0",))], by="grace", why="")
    book.undo(2, by="grace")
    book.keep({"key": "{}"})


def told(book: Gradebook) -> object:
    return book.attempts(), book.marks(), book.trail(), book.cached(["key"])


def test_a_backup_is_a_gradebook_and_restored_it_is_the_same(
    book: Gradebook, place: str, tmp_path: Path, server: Server
) -> None:
    filled(book)
    kept = tmp_path / "kept.db"
    book.backup(kept)
    book.mark([Mark(student="bob", assignment="layers", points=1)], by="grace", why="after the backup")
    with Gradebook.open(kept) as copy:
        assert copy.check() == []
        assert len(copy.trail()) == 4
    for target in (str(tmp_path / "restored.db"), server.new()):
        assert Gradebook.restore(kept, target) == 4
        with Gradebook.open(target) as restored, Gradebook.open(kept) as copy:
            assert restored.check() == []
            assert told(restored) == told(copy)
            restored.undo(4, by="grace")
            assert restored.attempts()[0].results[0].score == 4.0
    assert sorted(path.name for path in tmp_path.iterdir() if "part" in path.name) == []


def test_nothing_is_written_over(book: Gradebook, place: str, tmp_path: Path) -> None:
    filled(book)
    kept = tmp_path / "kept.db"
    book.backup(kept)
    with pytest.raises(UsageError, match="is there already, and is not written over"):
        book.backup(kept)
    with pytest.raises(UsageError, match="holds something already, and is not written over"):
        Gradebook.restore(kept, place)
    assert book.check() == []
    with pytest.raises(UsageError, match="there is no folder"):
        book.backup(tmp_path / "no" / "kept.db")


def test_a_backup_that_is_damaged_is_not_restored(tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    with Gradebook.open(tmp_path / "gradebook.db", create=True) as book:
        filled(book)
        book.backup(kept)
    with sqlite3.connect(kept) as connection:
        connection.execute("DROP TRIGGER trail_no_update")
        connection.execute("UPDATE trail SET why = 'another' WHERE number = 3")
    connection.close()
    with pytest.raises(UsageError, match=r"is damaged, and was not restored: line 3 of the trail was changed"):
        Gradebook.restore(kept, tmp_path / "restored.db")
    assert not (tmp_path / "restored.db").exists()
    (tmp_path / "text").write_text("no backup\n" * 100)
    with pytest.raises(UsageError, match="is no gradebook"):
        Gradebook.restore(tmp_path / "text", tmp_path / "restored.db")
    with pytest.raises(UsageError, match="there is no backup"):
        Gradebook.restore(tmp_path / "nothing", tmp_path / "restored.db")
