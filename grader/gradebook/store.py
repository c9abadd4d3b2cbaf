"""The database: where it is, how a transaction of a reader and of a writer begins, and what its errors mean to people.

Writers come one at a time: in SQLite by ``BEGIN IMMEDIATE``, in PostgreSQL by an advisory lock that the transaction holds. So
the lines of the trail have numbers without gaps, and each is chained to the one before. Readers see one state from beginning to
end, and wait for nobody: in SQLite by its write-ahead log, in PostgreSQL by ``REPEATABLE READ``.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from grader.errors import UsageError
from grader.gradebook.faults import told
from grader.gradebook.tables import VERSION_TABLE

__all__ = ["Store", "written_whole"]

WAIT_SECONDS = 60
"""How long a writer waits for another one: each holds the gradebook for some seconds at most."""
LOCK = 0x67726164626F6F6B
"""The number of the advisory lock of all gradebooks in one database: ``gradbook`` in ASCII."""


class Store:
    """A database, open.

    Args:
        place: the path of a file, or a URL of SQLite or PostgreSQL.
        create: make a file that is not there.

    Raises:
        UsageError: there is no file, no such database, or it cannot be used.

    """

    def __init__(self, place: str | os.PathLike[str], *, create: bool = False) -> None:
        self.url = _url(os.fspath(place))
        self.file = Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None
        shown = self.url.set(drivername="postgresql").render_as_string(hide_password=True)
        self.name = str(self.file) if self.file else shown
        if self.file and not create and not self.file.exists():
            raise UsageError(
                f"there is no gradebook {self.name}: name another one, or make it with gradmark gradebook init"
            )
        if self.file and not self.file.absolute().parent.is_dir():
            raise UsageError(
                f"cannot make the gradebook {self.name}: there is no folder {self.file.parent}; make it, or name another place"
            )
        self._engine = self._open()

    def _open(self) -> Engine:
        with self._telling():
            if self.file:
                # The waiting for other writers is set first of all: to look into a file may have to wait already.
                engine = create_engine(self.url, connect_args={"timeout": WAIT_SECONDS})
                event.listen(engine, "connect", _prepare_sqlite)
                event.listen(engine, "begin", _begin_sqlite)
                self._reader = engine
            else:
                engine = create_engine(self.url, connect_args={"connect_timeout": 10})
                self._reader = engine.execution_options(isolation_level="REPEATABLE READ")
        return engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a transaction that sees one state of the gradebook."""
        with self._telling(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that is the only one that writes; it is kept whole when the block ends well, else not at all."""
        with self._telling(), self._engine.connect() as connection:
            connection = connection.execution_options(gradebook_writes=True)  # noqa: PLW2901 - the same one, with its option
            with connection.begin():
                if self.file is None:
                    connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                yield connection

    def write_ahead(self) -> None:
        """Have SQLite write ahead, so that readers and a writer do not wait for each other; it is kept in the file."""
        if self.file:
            with self._telling(), self._engine.connect() as connection:
                dbapi = connection.connection.dbapi_connection
                assert dbapi is not None
                dbapi.execute("PRAGMA journal_mode = WAL")

    def version(self, connection: Connection) -> str:
        """Return the version of the tables; empty if there is nothing, and a UsageError if they are somebody else's."""
        there = inspect(connection).get_table_names()
        if VERSION_TABLE in there:
            return str(connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) or "")  # noqa: S608 - our own name
        if there:
            raise UsageError(f"{self.name} is a database of something else, and no gradebook: name another one")
        return ""

    def copy_to(self, target: Path) -> None:
        """Copy a file of SQLite as it is at this moment, while others may write to it; the copy is whole or is not there.

        Raises:
            UsageError: this cannot be read, or the copy not be written.

        """
        with written_whole(target) as partial, self._telling(), self._engine.connect() as connection:
            source = connection.connection.dbapi_connection
            assert isinstance(source, sqlite3.Connection)
            with closing(sqlite3.connect(partial)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # so that the copy is this one file

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn an error of the database into one that says what to do."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, ImportError) as error:
            raise UsageError(told(error, self.name)) from (None if isinstance(error, DBAPIError) else error)


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Give the path of a file that takes the target's name when the block ends well, and is gone if it does not.

    Raises:
        UsageError: there is a file of this name, or it cannot be written.

    """
    if target.exists():
        raise UsageError(f"{target} is there already, and is not written over: name another file")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"cannot write {target}: there is no folder {target.parent}")
    partial = target.with_name(f"{target.name}.part")
    try:
        _forget(partial)
        yield partial
        partial.replace(target)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from None
    finally:
        with suppress(OSError):  # what is said of the first error is what matters
            _forget(partial)


def _forget(partial: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        partial.with_name(partial.name + ending).unlink(missing_ok=True)


def _url(place: str) -> URL:
    """Return the URL of a place; a path is a file of SQLite."""
    if "://" not in place:
        return URL.create("sqlite", database=place)
    try:
        url = make_url(place)
    except (ArgumentError, ValueError):
        raise UsageError(f"{_hidden(place)} is no address of a gradebook: {FORMS}") from None
    kind = url.drivername.partition("+")[0]
    if kind == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite")
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise UsageError(f"a gradebook cannot be kept in {url.render_as_string(hide_password=True)}: {FORMS}")


FORMS = "give a file, such as gradebook.db, or postgresql://USER@HOST/DATABASE"


def _hidden(place: str) -> str:
    """Return an address that cannot be read without what may be a password."""
    scheme, _, rest = place.partition("://")
    return f"{scheme}://...@{rest.rpartition('@')[2]}" if "@" in rest else place


def _prepare_sqlite(connection: Any, _: Any) -> None:
    """Set up a new connection: transactions begin when we say so, and what was reported as written survives a power cut."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("gradebook_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
