"""The undoing of a write, which is a write too; an undo that is undone does the write again."""

from __future__ import annotations

from sqlalchemy import Connection, select

from grader.errors import UsageError
from grader.gradebook.present import present, rows_of, settle
from grader.gradebook.tables import KINDS, trail
from grader.gradebook.trail import Written, append, payloads, undone

__all__ = ["undo"]


def undo(connection: Connection, number: int | None, *, by: str, why: str = "") -> None:
    """Take back a line of the trail, by a new line.

    Args:
        connection: a writer's.
        number: the line; None for the last one that holds and is no undo.
        by: who.
        why: the reason.

    Raises:
        UsageError: there is no such line, it is undone already, or a later one rests on it.

    """
    gone = undone(connection)
    wanted = _last(connection, gone) if number is None else number
    write = next(payloads(connection, [wanted]), None)
    if write is None:
        raise UsageError(f"the trail has no line {wanted}: see gradmark gradebook trail")
    if wanted in gone:
        raise UsageError(f"line {wanted} of the trail is undone already; to have it again, undo line {gone[wanted]}")
    while write.takes_back is not None:
        write = next(payloads(connection, [write.takes_back]))
    _refuse(wanted, _later(connection, write))
    what = connection.scalars(select(trail.c.what).where(trail.c.number == write.number)).one()
    again = "holds again" if write.number in gone else "is taken back"
    said = f"line {write.number} {again}: {what}"
    append(connection, {}, by=by, action="undo", what=said, why=why, takes_back=wanted)
    settle(connection, write.payload)
    _refuse(wanted, _without_rubric(connection, write))


def _last(connection: Connection, gone: dict[int, int]) -> int:
    """Return the last line that holds and is no undo."""
    lines = select(trail.c.number).where(trail.c.takes_back.is_(None)).order_by(trail.c.number.desc())
    last: int | None = next((number for number in connection.scalars(lines) if number not in gone), None)
    if last is None:
        raise UsageError("there is nothing to undo: no line of the trail is a write that holds")
    return last


def _later(connection: Connection, write: Written) -> set[int]:
    """Return the later lines that made facts of a line what they are now."""
    return {
        row["line"]
        for kind, values in write.payload.items()
        for row in present(connection, kind, map(KINDS[kind].key_of, values)).values()
        if row["line"] > write.number
    }


def _without_rubric(connection: Connection, write: Written) -> set[int]:
    """Return the later lines with marks that name a rubric item of a line which is no more."""
    named = {value["id"] for value in write.payload.get("rubric", ())}
    missing = named - {row["id"] for row in rows_of(connection, "rubric")}
    marks = rows_of(connection, "marks") if missing else []
    return {row["line"] for row in marks if row["line"] > write.number and missing & set(row["rubric"])}


def _refuse(wanted: int, later: set[int]) -> None:
    if later:
        told = ", ".join(map(str, sorted(later, reverse=True)[:10])) + (" ..." if len(later) > 10 else "")
        raise UsageError(
            f"line {wanted} of the trail cannot be undone, for a later write rests on it: first undo {told}"
        )
