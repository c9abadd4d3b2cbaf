"""The gradebook: each write is one transaction and one line of the trail; each reading is of one state."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from sqlalchemy import Connection

from grader.errors import UsageError
from grader.gradebook import blobs, copying, values
from grader.gradebook.attempts import counted, prepare, read_attempts, write_attempts
from grader.gradebook.present import Row, make_anew, present, rows_of, write
from grader.gradebook.store import Store
from grader.gradebook.tables import KINDS, cache
from grader.gradebook.trail import TrailLine, append, read_lines
from grader.gradebook.undoing import undo
from grader.gradebook.versions import open_store
from grader.grades import Attempt, Comment, Mark, Request, RubricItem

__all__ = ["Gradebook"]

OF_THE_WRITE = ("by", "at", "why", "line")
"""What two facts that say the same may differ in."""


class Gradebook:
    """An open gradebook; a context manager, which closes it.

    Every writing method is one transaction: after it has returned, what it wrote is there, and if it fails nothing of it is. A
    write that would change nothing leaves no line. Any method raises a UsageError, of one line, if the database cannot be used.

    Attributes:
        migrated: a line on what was migrated when it was opened, or nothing.

    """

    def __init__(self, store: Store, migrated: str = "") -> None:
        self._store = store
        self.migrated = migrated

    @classmethod
    def open(
        cls, place: str | os.PathLike[str], *, create: bool = False, told: Callable[[str], None] | None = None
    ) -> Self:
        """Open a gradebook, after bringing one of an older version up to date.

        Args:
            place: the path of a file, or a URL: ``sqlite:///gradebook.db``, ``postgresql://USER@HOST/DATABASE``.
            create: make the gradebook if there is none.
            told: gets a line on what was migrated, if anything was.

        Raises:
            UsageError: there is none, it cannot be used, or it is of a newer version.

        """
        store, migrated = open_store(place, create=create)
        if migrated and told:
            told(migrated)
        return cls(store, migrated)

    @property
    def name(self) -> str:
        """Return the path or URL, without a password, for people."""
        return self._store.name

    def close(self) -> None:
        """Close the gradebook."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --------------------------------------------------------------------------- the automatic layer
    def record(self, attempts: Iterable[Attempt], *, by: str, keys: Mapping[str, str] | None = None) -> int:
        """Write attempts, and return how many are new or were graded anew.

        An attempt that is there with the same results, the seconds that they took aside, is not written again; one with other
        results (of a newer bank) takes the place of the one that is there, whose documents stay.

        Args:
            attempts: with their results.
            by: who.
            keys: by the sha256 of an attempt, the key of what was graded, for :meth:`graded_as`.

        """
        prepared = prepare(attempts, keys or {})
        with self._store.writing() as connection:
            return write_attempts(connection, prepared, by=by, action="record")

    def replace(self, attempts: Iterable[Attempt], *, by: str, why: str) -> int:
        """Write the results of a regrade in the place of those of the same attempts; return how many changed.

        Raises:
            UsageError: an attempt is not in the gradebook.

        """
        prepared = prepare(attempts, {})
        with self._store.writing() as connection:
            return write_attempts(connection, prepared, by=by, action="replace", why=why, new=False)

    def attempts(self, assignment: str | None = None, student: str | None = None) -> list[Attempt]:
        """Return the present attempts with their results, oldest first; those whose time is unknown before all others."""
        with self._store.reading() as connection:
            return read_attempts(connection, assignment, student)

    def graded_as(self, assignment: str | None = None) -> dict[tuple[str, str, str, str], str]:
        """Return the keys of what was graded that :meth:`record` was given, by the key of the attempt."""
        with self._store.reading() as connection:
            rows = rows_of(connection, "attempts", assignment=assignment)
        return {values.attempt_of(row, ()).key: row["graded_as"] for row in rows if row["graded_as"]}

    def documents(self, attempts: Iterable[Attempt]) -> dict[tuple[str, str, str, str], tuple[str, ...]]:
        """Return the hashes of the present documents of those attempts that are there, by the key of the attempt."""
        keys = {KINDS["attempts"].key_of(values.from_attempt(attempt, (), "")): attempt.key for attempt in attempts}
        with self._store.reading() as connection:
            found = present(connection, "attempts", keys)
        return {keys[key]: tuple(row["documents"]) for key, row in found.items()}

    # ------------------------------------------------------------------------------ the manual layer
    def mark(self, marks: Iterable[Mark], *, by: str, why: str) -> int:
        """Write marks, each in the place of an earlier one of its student, assignment and exercise; return how many changed."""
        at = values.now()
        rows = [values.from_mark(mark, by=by, at=at, why=why) for mark in marks]
        return self._write("marks", rows, by=by, action="mark", why=why, thing="mark")

    def marks(self, assignment: str | None = None, student: str | None = None) -> list[Mark]:
        """Return the present marks, by assignment, student and exercise."""
        return [values.mark_of(row) for row in self._rows("marks", assignment=assignment, student=student)]

    def set_rubric(self, items: Iterable[RubricItem], *, by: str, why: str) -> int:
        """Write rubric items, each in the place of an earlier one of its id; return how many changed."""
        rows = [values.from_rubric_item(item) for item in items]
        return self._write("rubric", rows, by=by, action="rubric", why=why, thing="rubric item")

    def rubric(self, exercise: str | None = None) -> list[RubricItem]:
        """Return the present rubric items, by id; those taken back too, which are not active."""
        return [values.rubric_item_of(row) for row in self._rows("rubric", exercise=exercise)]

    def set_comments(self, comments: Iterable[Comment], *, by: str, why: str) -> int:
        """Write comments, each in the place of an earlier one on its exercise and mistake; return how many changed.

        A comment without text and points takes away the one that is there.
        """
        rows = [values.from_comment(comment) for comment in comments]
        return self._write("comments", rows, by=by, action="comments", why=why, thing="comment")

    def comments(self, exercise: str | None = None) -> list[Comment]:
        """Return the present comments, by exercise and mistake."""
        found = [values.comment_of(row) for row in self._rows("comments", exercise=exercise)]
        return [comment for comment in found if comment.text or comment.points]

    def add_request(self, request: Request, *, by: str) -> int:
        """Write a request, and return 1; 0 if one of its id is there already, however it was answered."""
        row = values.from_request(request, values.now())
        with self._store.writing() as connection:
            if present(connection, "requests", [KINDS["requests"].key_of(row)]):
                return 0
            what = f"a request of {row['student']} at {row['assignment']}: {row['exercise']}"
            self._append(connection, "requests", [row], by=by, action="request", what=what)
        return 1

    def answer_request(
        self, ident: str, state: Literal["open", "accepted", "declined"], answer: str, *, by: str
    ) -> int:
        """Answer a request, and return 1; 0 if it was answered so already.

        Raises:
            UsageError: there is no such request.

        """
        with self._store.writing() as connection:
            old = next(iter(present(connection, "requests", [(values.readable(ident),)]).values()), None)
            if old is None:
                raise UsageError(f"the gradebook has no request {ident!r}")
            row = {name: value for name, value in old.items() if name != "line"}
            row |= {"state": state, "answer": values.readable(answer)}
            if _same(row, old):
                return 0
            what = f"the request of {row['student']} at {row['assignment']}, {row['exercise']}: {state}"
            self._append(connection, "requests", [row], by=by, action="answer", what=what)
        return 1

    def requests(self, state: str | None = None) -> list[Request]:
        """Return the requests, those of one state alone if it is given, in the order in which they came."""
        rows = self._rows("requests", state=state)
        return [values.request_of(row) for row in sorted(rows, key=lambda row: (row["at"], row["id"]))]

    # ------------------------------------------------------------------------------------- the trail
    def trail(self, limit: int | None = None) -> list[TrailLine]:
        """Return the lines of the trail, oldest first; with a limit that many of the last ones."""
        with self._store.reading() as connection:
            return read_lines(connection, limit)

    def undo(self, number: int | None, *, by: str, why: str = "") -> TrailLine:
        """Take back a line of the trail (None: the last write that holds), and return the line that does so.

        To undo an undo is to do the write again.

        Raises:
            UsageError: there is no such line, it is undone already, or a later write rests on it; the message says which.

        """
        with self._store.writing() as connection:
            undo(connection, number, by=by, why=why)
            return read_lines(connection, 1)[0]

    # ------------------------------------------------------------------------------------- the cache
    def cached(self, keys: Iterable[str]) -> dict[str, str]:
        """Return what is kept of some keys: JSON texts, by key."""
        with self._store.reading() as connection:
            return blobs.get(connection, cache, keys)

    def keep(self, entries: Mapping[str, str]) -> None:
        """Keep JSON texts under keys that follow from what they are of, of each key the first text; it is no line of the trail."""
        packed = {key: blobs.pack(text) for key, text in entries.items()}
        with self._store.writing() as connection:
            blobs.put_new(connection, cache, packed)

    # -------------------------------------------------------------------------------- the whole thing
    def backup(self, path: str | os.PathLike[str]) -> None:
        """Copy the gradebook into a file of its own, which is a gradebook in SQLite too, and can be restored anywhere.

        Raises:
            UsageError: there is a file of this name, or it cannot be written.

        """
        copying.backup(self._store, Path(path))

    @staticmethod
    def restore(path: str | os.PathLike[str], place: str | os.PathLike[str]) -> int:
        """Make a gradebook of a backup, which is checked first; return how many lines its trail has.

        Args:
            path: of the backup, which stays as it is; that of an older version is migrated on the way.
            place: a file or URL where there is no gradebook, or one that holds nothing.

        Raises:
            UsageError: the backup is none or is damaged, or there is something in the gradebook already.

        """
        return copying.restore(Path(path), place)

    def rebuild(self) -> None:
        """Make all that is so at present anew from the trail."""
        with self._store.writing() as connection:
            make_anew(connection)

    def check(self) -> list[str]:
        """Return the faults: a document that does not fit its hash, a broken chain, a table that is not what the trail says."""
        with self._store.reading() as connection:
            return copying.faults_of(connection)

    # ---------------------------------------------------------------------------------------- inside
    def _rows(self, kind: str, **wanted: str | None) -> list[Row]:
        with self._store.reading() as connection:
            return rows_of(connection, kind, **wanted)

    def _write(self, kind: str, rows: Sequence[dict[str, Any]], *, by: str, action: str, why: str, thing: str) -> int:
        """Write those facts that are not so already, as one line; return how many."""
        key_of = KINDS[kind].key_of
        by_key = {key_of(row): row for row in rows}
        with self._store.writing() as connection:
            there = present(connection, kind, by_key)
            changed = [row for key, row in by_key.items() if key not in there or not _same(row, there[key])]
            if changed:
                self._append(connection, kind, changed, by=by, action=action, why=why, what=_told(changed, thing))
        return len(changed)

    @staticmethod
    def _append(
        connection: Connection, kind: str, rows: Sequence[Row], *, by: str, action: str, what: str, why: str = ""
    ) -> None:
        payload = {kind: rows}
        write(connection, payload, append(connection, payload, by=by, action=action, what=what, why=why))


def _same(row: Row, there: Row) -> bool:
    return all(there[name] == value for name, value in row.items() if name not in OF_THE_WRITE)


def _told(rows: Sequence[Row], thing: str) -> str:
    """Return a line on marks, rubric items or comments, such as ``2 marks: ada layers.relu_backward, ...``."""
    names = [" ".join(filter(None, (row.get("student"), row["exercise"] or row.get("assignment")))) for row in rows[:3]]
    return f"{counted(len(rows), thing)}: {', '.join(names)}{', ...' if rows[3:] else ''}"
