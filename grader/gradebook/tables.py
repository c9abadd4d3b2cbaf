"""The tables of the gradebook as they are in the latest version, by SQLAlchemy: what the migrations lead to.

``documents`` and ``trail`` are the truth and only ever grow. The tables of :data:`KINDS` hold what is so at present, ``touched``
which lines of the trail speak of each fact: these can be made anew from the truth. ``cache`` is a help that may be lost. Times
are text, in UTC and of one form, so that they read and sort alike in both databases; lists are JSON in ASCII, which every
database can hold whatever a student has written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

__all__ = ["KINDS", "METADATA", "VERSIONS", "VERSION_TABLE", "AsJson", "Kind", "cache", "documents", "touched", "trail"]

VERSIONS = ("0001", "0002")
"""All versions of the tables, oldest first; each has a migration of its own."""
VERSION_TABLE = "gradebook_version"
METADATA = MetaData()


class AsJson(TypeDecorator[Any]):
    """A value kept as JSON text in ASCII."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the JSON text of a value."""
        return json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - likewise
        """Return the value of a JSON text."""
        return None if value is None else json.loads(value)


documents = Table(
    "documents",
    METADATA,
    Column("sha256", Text, primary_key=True),  # of the JSON text
    Column("body", LargeBinary, nullable=False),  # that text, compressed by zlib
)
trail = Table(
    "trail",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("takes_back", Integer, ForeignKey("trail.number")),
    Column("payload", LargeBinary, nullable=False),  # JSON, compressed by zlib
    Column("hash", Text, nullable=False),
)
touched = Table(
    "touched",
    METADATA,
    Column("fact", Text, primary_key=True),  # a hash of its kind and key
    Column("line", Integer, ForeignKey("trail.number"), primary_key=True),
)
cache = Table(
    "cache",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class Kind:
    """One kind of facts: the table of those that are so at present; ``key`` are the columns that tell them apart."""

    table: Table
    key: tuple[str, ...]

    def key_of(self, value: Any) -> tuple[Any, ...]:
        """Return what tells a fact, a mapping by column, from the others of its kind."""
        return tuple(value[name] for name in self.key)


def _line() -> Column[int]:
    """Return the column of the line of the trail that made a fact so."""
    return Column("line", Integer, ForeignKey("trail.number"), nullable=False)


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


_attempts = Table(
    "attempts",
    METADATA,
    _text("assignment", key=True),
    _text("student", key=True),
    _text("submitted", key=True),  # empty if nothing says when
    _text("sha256", key=True),
    _text("source"),
    Column("late_mark", Boolean, nullable=False),
    Column("documents", AsJson, nullable=False),
    _text("graded_as"),  # the key of what was graded: submission, bank and environment
    Column("born", Integer, nullable=False),  # the line that it came with, and its place there
    Column("place", Integer, nullable=False),
    _line(),
)
_marks = Table(
    "marks",
    METADATA,
    _text("assignment", key=True),
    _text("student", key=True),
    _text("exercise", key=True),
    Column("points", Double),
    Column("rubric", AsJson, nullable=False),
    Column("comments", AsJson, nullable=False),
    Column("honour", Boolean, nullable=False),
    Column("excused", Boolean, nullable=False),
    _text("by"),
    _text("at"),
    _text("why"),
    _line(),
)
_rubric = Table(
    "rubric",
    METADATA,
    _text("id", key=True),
    _text("exercise"),
    Column("points", Double, nullable=False),
    _text("text"),
    Column("active", Boolean, nullable=False),
    _line(),
)
_comments = Table(
    "comments",
    METADATA,
    _text("exercise", key=True),
    _text("mistake", key=True),
    _text("text"),
    Column("points", Double, nullable=False),
    _line(),
)
_requests = Table(
    "requests",
    METADATA,
    _text("id", key=True),
    _text("student"),
    _text("assignment"),
    _text("exercise"),
    _text("text"),
    Column("counterexample", AsJson, nullable=False),
    _text("state"),
    _text("answer"),
    _text("at"),
    _line(),
)

KINDS = {
    "attempts": Kind(_attempts, ("assignment", "student", "submitted", "sha256")),
    "marks": Kind(_marks, ("assignment", "student", "exercise")),
    "rubric": Kind(_rubric, ("id",)),
    "comments": Kind(_comments, ("exercise", "mistake")),
    "requests": Kind(_requests, ("id",)),
}
