"""Where a gradebook is: what is wrong with a place is told in one line, with what to do."""

from __future__ import annotations

import builtins
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from book_samples import an_attempt
from postgresql_server import Server

from grader.errors import UsageError
from grader.gradebook import Gradebook


def refused(place: str | Path, *, create: bool = False) -> str:
    """Return the message with which a place is refused; it is one line."""
    with pytest.raises(UsageError) as error, Gradebook.open(place, create=create) as book:
        book.record([an_attempt()], by="grace")
    said = str(error.value)
    assert "\n" not in said
    return said


def test_a_file_that_is_not_there_is_only_made_if_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    assert refused(path) == f"there is no gradebook {path}: name another one, or make it with gradmark gradebook init"
    assert not path.exists()
    with Gradebook.open(f"sqlite:///{path}", create=True) as book:
        assert book.name == str(path)
    with Gradebook.open(path) as book:
        assert book.attempts() == []


def a_text(path: Path) -> None:
    path.write_text("student,points\nada,3\n" * 100)


def a_folder(path: Path) -> None:
    path.mkdir()


def another_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    connection.close()


def an_empty_file(path: Path) -> None:
    path.touch()


def a_newer_gradebook(path: Path) -> None:
    Gradebook.open(path, create=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE gradebook_version SET version_num = '0907'")
    connection.close()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (a_text, "is no gradebook: name another file"),
        (a_folder, "cannot be opened: there is no such folder, it is one itself"),
        (another_database, "is a database of something else, and no gradebook"),
        (a_newer_gradebook, "is of version 0907, and this Gradmark knows 0002 at most: it was written by a newer one"),
        (an_empty_file, "holds no gradebook yet: make it with gradmark gradebook init"),
    ],
)
def test_what_is_no_gradebook_of_ours_is_refused_and_left_as_it_is(
    make: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "place"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    assert said in refused(path, create=make is not an_empty_file)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_file_in_no_folder_is_refused(tmp_path: Path) -> None:
    assert f"there is no folder {tmp_path / 'no'}" in refused(tmp_path / "no" / "gradebook.db", create=True)


def test_a_file_that_may_only_be_read_is_read_and_refuses_to_be_written(tmp_path: Path) -> None:
    with Gradebook.open(tmp_path / "gradebook.db", create=True) as book:
        book.record([an_attempt()], by="grace")
        with book._store.reading() as connection:  # as root writes into every file, SQLite itself is told to refuse
            connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(UsageError, match="may only be read: it, or its folder, is write-protected"):
            book.record([an_attempt("bob")], by="grace")
        assert len(book.attempts()) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://grace:secret@host/course", "cannot be kept in mysql://grace:***@host/course: give a file"),
        ("sqlite://", "cannot be kept in sqlite://: give a file"),
        (
            "postgresql://grace:secret@host:port/course",
            "postgresql://...@host:port/course is no address of a gradebook",
        ),
        ("https://course.example/gradebook", "cannot be kept in https://"),
        ("postgresql://gradmark@127.0.0.1:1/course", "cannot be reached: is the server running"),
        ("postgresql://grace:secret@/course?host=/nowhere", "cannot be reached: is the server running"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_password(url: str, said: str) -> None:
    message = refused(url, create=True)
    assert said in message
    assert "secret" not in message


def test_without_the_driver_what_to_install_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_psycopg(name: str, *more: Any, **others: Any) -> Any:
        if name == "psycopg":
            raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")
        return real(name, *more, **others)

    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    assert refused("postgresql://grace@host/course").endswith("pip install 'gradmark[postgresql]'")


def test_what_a_server_refuses_is_told(server: Server) -> None:
    assert "is not there: make the database with createdb" in refused(server.url("nobodys"), create=True)
    assert "has no such user" in refused(server.url("postgres").replace("gradmark@", "mallory@"))
    url = server.new()
    assert "holds no gradebook yet" in refused(url)
    server.run("CREATE TABLE songs (name TEXT)", database := url.partition("@/")[2].partition("?")[0])
    assert "is a database of something else" in refused(url, create=True)
    server.run("DROP TABLE songs", database)
    Gradebook.open(url, create=True).close()
    server.run(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    assert "may only be read: the server allows no writing" in refused(url)


def test_a_server_that_goes_away_in_the_middle_is_told(server: Server) -> None:
    url = server.new()
    with Gradebook.open(url, create=True) as book:
        book.record([an_attempt()], by="grace")
        server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname LIKE 'book%'"
        )
        with pytest.raises(UsageError, match="lost its server in the middle"):
            book.record([an_attempt("bob")], by="grace")
        assert book.record([an_attempt("bob")], by="grace") == 1
        assert book.check() == []
