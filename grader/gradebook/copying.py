"""Backup, restore and check: a backup is a gradebook in one SQLite file, wherever the gradebook itself is kept.

So a gradebook moves from SQLite to PostgreSQL, or back, by a backup that is restored there.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from grader.errors import UsageError
from grader.gradebook import blobs
from grader.gradebook.present import faults, make_anew
from grader.gradebook.store import Store, written_whole
from grader.gradebook.tables import cache, documents, trail
from grader.gradebook.trail import chain_faults, last_number, payloads
from grader.gradebook.versions import open_store

__all__ = ["backup", "faults_of", "restore"]

AT_ONCE = 500
"""The number of rows that are held in memory."""


def backup(store: Store, path: Path) -> None:
    """Copy a gradebook into a file, while others may write to it.

    Raises:
        UsageError: there is a file of this name, or it cannot be written.

    """
    if store.file:
        store.copy_to(path)
        return
    with written_whole(path) as partial:
        copy, _ = open_store(partial, create=True)
        with closing(copy):
            _fill(copy, store)


def restore(path: Path, place: str | os.PathLike[str]) -> int:
    """Make a gradebook of a backup, which is checked first and stays as it is; return how many lines its trail has.

    Raises:
        UsageError: the backup is none or is damaged, or there is something in the gradebook already.

    """
    if not path.is_file():
        raise UsageError(f"there is no backup {path}: name a file that gradmark gradebook backup wrote")
    with tempfile.TemporaryDirectory() as folder:
        with closing(Store(path)) as kept:
            kept.copy_to(Path(folder) / path.name)
        source, _ = open_store(Path(folder) / path.name)
        with closing(source):
            with source.reading() as connection:
                found = faults_of(connection)
            if found:
                raise UsageError(f"the backup {path} is damaged, and was not restored: {found[0]}")
            target, _ = open_store(place, create=True)
            with closing(target):
                return _fill(target, source)


def faults_of(connection: Connection) -> list[str]:
    """Return all faults of a gradebook: of its documents, of the trail, and of the present beside them."""
    found, needed = chain_faults(connection), set()
    try:
        # Of what was regraded or undone too: it may be wanted again.
        attempts = (value for written in payloads(connection) for value in written.payload.get("attempts", ()))
        needed = {sha256 for value in attempts for sha256 in value["documents"]}
        found += faults(connection)
    except UsageError as error:  # a line of the trail that cannot be read
        found.append(str(error))
    return [*blobs.document_faults(connection, needed), *found]


def _fill(target: Store, source: Store) -> int:
    """Copy documents, trail and cache into a gradebook that holds nothing, and make its present from them."""
    with source.reading() as theirs, target.writing() as ours:
        if any(ours.scalar(select(func.count()).select_from(table)) for table in (documents, trail, cache)):
            raise UsageError(
                f"the gradebook {target.name} holds something already, and is not written over: name another one"
            )
        for table, order in ((documents, documents.c.sha256), (trail, trail.c.number), (cache, cache.c.key)):
            rows = theirs.execute(select(table).order_by(order), execution_options={"yield_per": AT_ONCE}).mappings()
            for part in rows.partitions():
                ours.execute(insert(table), [dict(row) for row in part])
        make_anew(ours)
        return last_number(ours)
