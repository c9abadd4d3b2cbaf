"""The trail: one line for each write, each with the hash of the line before, from which all that is so can be made anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select

from grader.gradebook.blobs import pack, unpack
from grader.gradebook.tables import trail
from grader.gradebook.values import now, readable

__all__ = [
    "Payload",
    "TrailLine",
    "Written",
    "append",
    "chain_faults",
    "last_number",
    "payloads",
    "read_lines",
    "undone",
]

Payload = Mapping[str, Sequence[Mapping[str, Any]]]
"""The facts of a line: for each kind their values."""
SAID = ("number", "at", "by", "action", "what", "why", "takes_back")
LINES = 500
"""The number of lines that are read at once."""


@dataclass(frozen=True, kw_only=True)
class TrailLine:
    """One write.

    Args:
        number: from 1, without gaps.
        at: when.
        by: who.
        action: ``record``, ``replace``, ``mark``, ``rubric``, ``comments``, ``request``, ``answer`` or ``undo``.
        what: a line on what was written.
        why: the reason given.
        undone_by: the number of the line that takes this one back; None if it holds.
        takes_back: of an undo, the number of the line that it takes back.

    """

    number: int
    at: datetime
    by: str
    action: str
    what: str
    why: str = ""
    undone_by: int | None = None
    takes_back: int | None = None


@dataclass(frozen=True)
class Written:
    """A line as it is in the table, with its facts."""

    number: int
    takes_back: int | None
    payload: Payload


def append(
    connection: Connection,
    payload: Payload,
    *,
    by: str,
    action: str,
    what: str,
    why: str = "",
    takes_back: int | None = None,
) -> int:
    """Write the next line, and return its number; the transaction must be a writer's, of which there is one at a time."""
    number, before = last_number(connection), ""
    if number:
        before = connection.scalars(select(trail.c.hash).where(trail.c.number == number)).one()
    said = {
        "number": number + 1,
        "at": now(),
        "by": readable(by),
        "action": action,
        "what": readable(what),
        "why": readable(why),
        "takes_back": takes_back,
        "payload": pack(json.dumps(payload, separators=(",", ":"))),
    }
    connection.execute(insert(trail).values(**said, hash=_hash(before, said)))
    return number + 1


def read_lines(connection: Connection, limit: int | None = None) -> list[TrailLine]:
    """Return the lines as people read them, oldest first; with a limit that many of the last ones."""
    gone = undone(connection)
    asked = select(*(trail.c[name] for name in SAID)).order_by(trail.c.number.desc()).limit(limit)
    rows = connection.execute(asked).mappings().all()
    return [
        TrailLine(**{**row, "at": datetime.fromisoformat(row["at"])}, undone_by=gone.get(row["number"]))
        for row in reversed(rows)
    ]


def last_number(connection: Connection) -> int:
    """Return the number of the last line, or 0."""
    return connection.scalar(select(func.max(trail.c.number))) or 0


def undone(connection: Connection) -> dict[int, int]:
    """Return the lines that do not hold, each with the undo that takes it back."""
    found: dict[int, int] = {}
    undoing = select(trail.c.number, trail.c.takes_back).where(trail.c.takes_back.is_not(None))
    for number, taken_back in connection.execute(undoing.order_by(trail.c.number.desc())):
        if number not in found:  # else this undo is undone itself
            found[taken_back] = number
    return found


def payloads(connection: Connection, numbers: Iterable[int] | None = None) -> Iterator[Written]:
    """Read lines with their facts, a part of them at a time: those of the ``numbers``, or all, in their order."""
    wanted = list(range(1, last_number(connection) + 1)) if numbers is None else sorted(set(numbers))
    for start in range(0, len(wanted), LINES):
        part = wanted[start : start + LINES]
        columns = (trail.c.number, trail.c.takes_back, trail.c.payload)
        for row in connection.execute(select(*columns).where(trail.c.number.in_(part)).order_by(trail.c.number)).all():
            facts = json.loads(unpack(row.payload, f"line {row.number} of the trail"))
            yield Written(row.number, row.takes_back, facts)


def chain_faults(connection: Connection) -> list[str]:
    """Return the faults of the chain: a line that is missing, or does not fit its hash."""
    faults, before, due = [], "", 1
    rows = connection.execute(select(trail).order_by(trail.c.number), execution_options={"yield_per": LINES}).mappings()
    for row in rows:
        if row["number"] != due:
            faults.append(f"the trail lacks line {due}")
        if row["hash"] != _hash(before, row):
            faults.append(f"line {row['number']} of the trail was changed after it was written, or the one before it")
        before, due = row["hash"], row["number"] + 1
    return faults


def _hash(before: str, said: Mapping[str, Any] | RowMapping) -> str:
    """Return the sha256 over the hash of the line before, what a line says, and its facts."""
    payload = said["payload"]
    facts = payload if isinstance(payload, bytes) else str(payload).encode()  # SQLite keeps whatever somebody put there
    told = json.dumps([before, *(said[name] for name in SAID), hashlib.sha256(facts).hexdigest()])
    return hashlib.sha256(told.encode()).hexdigest()
