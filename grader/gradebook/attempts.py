"""The automatic layer: attempts, with the documents of their results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from grader.errors import UsageError
from grader.gradebook import blobs
from grader.gradebook.present import Row, present, rows_of, write
from grader.gradebook.tables import KINDS, documents
from grader.gradebook.trail import append, last_number
from grader.gradebook.values import attempt_of, document_of, from_attempt, same_grading
from grader.grades import Attempt
from grader.result import read

__all__ = ["Prepared", "counted", "prepare", "read_attempts", "write_attempts"]


@dataclass(frozen=True)
class Prepared:
    """An attempt as it is written: its value, without its place in the trail, and its documents, packed."""

    value: Mapping[str, Any]
    documents: Mapping[str, bytes]


def prepare(attempts: Iterable[Attempt], keys: Mapping[str, str]) -> list[Prepared]:
    """Make attempts ready to be written, before others have to wait for it; of two of the same key the last one."""
    found = {}
    for attempt in attempts:
        if not attempt.results:
            raise UsageError(
                f"the attempt of {attempt.student!r} at {attempt.assignment!r} has no result: grade it first"
            )
        texts = [document_of(result) for result in attempt.results]
        value = from_attempt(attempt, [sha256 for sha256, _ in texts], keys.get(attempt.sha256, ""))
        packed = {sha256: blobs.pack(text) for sha256, text in texts}
        found[KINDS["attempts"].key_of(value)] = Prepared(value, packed)
    return list(found.values())


def write_attempts(
    connection: Connection, prepared: Sequence[Prepared], *, by: str, action: str, why: str = "", new: bool = True
) -> int:
    """Write attempts that are new or have other results than are there, as one line; return how many these are.

    Args:
        connection: a writer's.
        prepared: by :func:`prepare`.
        by: who.
        action: of the line.
        why: the reason.
        new: False if each has to be there already.

    Raises:
        UsageError: one is not there and has to be.

    """
    key_of = KINDS["attempts"].key_of
    there = present(connection, "attempts", [key_of(one.value) for one in prepared])
    line = last_number(connection) + 1
    rows: list[Row] = []
    packed: dict[str, bytes] = {}
    anew = 0
    for place, one in enumerate(prepared):
        old = there.get(key_of(one.value))
        if old is None and not new:
            raise UsageError(
                f"no attempt of {one.value['student']!r} at {one.value['assignment']!r} of this time and content is there"
            )
        if old and _same(connection, old, one):
            continue
        anew += old is not None
        born = {name: old[name] for name in ("born", "place")} if old else {"born": line, "place": place}
        rows.append({**one.value, **born})
        packed |= one.documents
    if rows:
        blobs.put_new(connection, documents, packed)
        payload = {"attempts": rows}
        what = counted(len(rows), "attempt") + _of(rows) + (f", {anew} graded anew" if anew and new else "")
        write(connection, payload, append(connection, payload, by=by, action=action, what=what, why=why))
    return len(rows)


def read_attempts(connection: Connection, assignment: str | None, student: str | None) -> list[Attempt]:
    """Return the present attempts with their results, oldest first; those whose time is unknown before all others."""
    rows = rows_of(connection, "attempts", assignment=assignment, student=student)
    rows.sort(key=lambda row: (row["submitted"], row["born"], row["place"]))
    texts = blobs.get(connection, documents, (sha256 for row in rows for sha256 in row["documents"]))
    return [attempt_of(row, [read(_there(texts, sha256)) for sha256 in row["documents"]]) for row in rows]


def counted(number: int, thing: str) -> str:
    """Return ``1 mark`` or ``3 marks``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _same(connection: Connection, old: Row, one: Prepared) -> bool:
    if old["documents"] == one.value["documents"]:
        return True
    texts = blobs.get(connection, documents, old["documents"])
    ours = [blobs.unpack(one.documents[sha256], sha256) for sha256 in one.value["documents"]]
    return same_grading([_there(texts, sha256) for sha256 in old["documents"]], ours)


def _of(rows: Sequence[Row]) -> str:
    """Return whose attempts these are, at what."""
    students = sorted({row["student"] for row in rows})
    told = students[0] if len(students) == 1 else counted(len(students), "student")
    return f" of {told} at {', '.join(sorted({row['assignment'] for row in rows}))}"


def _there(texts: Mapping[str, str], sha256: str) -> str:
    if sha256 not in texts:
        raise UsageError(
            f"the gradebook lacks the document {sha256}: see gradmark gradebook check, and take its last backup"
        )
    return texts[sha256]
