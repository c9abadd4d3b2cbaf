"""Documents and cached results: texts under a name that follows from what they are of, compressed, and never changed."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Table, insert, select

from grader.errors import UsageError
from grader.gradebook.parts import parts
from grader.gradebook.tables import documents

__all__ = ["document_faults", "get", "pack", "put_new", "unpack"]

AT_ONCE = 300
"""The number of texts in one question to the database; a result is some 50 KB, and 2 KB as it is kept."""


def pack(text: str) -> bytes:
    """Return a text as it is kept: a result takes a twentieth of its length."""
    return zlib.compress(text.encode())


def unpack(packed: bytes, what: str) -> str:
    """Return a text that :func:`pack` made; ``what`` it is says the UsageError if it cannot be read."""
    try:
        return zlib.decompress(packed).decode()
    except (zlib.error, TypeError, ValueError):
        raise UsageError(
            f"{what} of the gradebook is damaged: see gradmark gradebook check, and take its last backup"
        ) from None


def get(connection: Connection, table: Table, keys: Iterable[str]) -> dict[str, str]:
    """Return the texts of those of some keys that are there."""
    key, body = table.c
    found: dict[str, str] = {}
    for part in parts(dict.fromkeys(keys), AT_ONCE):
        for name, packed in connection.execute(select(key, body).where(key.in_(part))):
            found[name] = unpack(packed, f"the {table.name} entry {name}")
    return found


def put_new(connection: Connection, table: Table, packed: Mapping[str, bytes]) -> None:
    """Keep texts as :func:`pack` made them, of each key the first that ever came; the transaction must be a writer's."""
    key, body = table.c
    for part in parts(packed, AT_ONCE):
        there = set(connection.scalars(select(key).where(key.in_(part))))
        rows = [{key.name: name, body.name: packed[name]} for name in part if name not in there]
        if rows:
            connection.execute(insert(table), rows)


def document_faults(connection: Connection, needed: Iterable[str]) -> list[str]:
    """Return the faults of the documents: one that does not fit its hash or cannot be read, or is ``needed`` and not there."""
    faults, missing = [], set(needed)
    rows = connection.execute(select(documents), execution_options={"yield_per": AT_ONCE})
    for sha256, body in rows:
        missing.discard(sha256)
        try:
            fits = hashlib.sha256(zlib.decompress(body)).hexdigest() == sha256
        except (zlib.error, TypeError):
            fits = False
        if not fits:
            faults.append(f"the document {sha256} was changed after it was written")
    return faults + [f"the document {sha256} is missing" for sha256 in sorted(missing)]
