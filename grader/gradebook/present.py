"""The present: tables that follow the trail line by line, and can be made anew from it.

A fact (an attempt, a mark, ...) is as the latest line says that speaks of it and is not undone. Two ways lead there: a write or
an undo changes the rows of the facts that it touches; :func:`fold` reads the whole trail. ``check`` tries that both come to the
same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, tuple_

from grader.gradebook.parts import parts
from grader.gradebook.tables import KINDS, touched
from grader.gradebook.trail import Payload, payloads, undone

__all__ = ["Row", "faults", "make_anew", "present", "rows_of", "settle", "write"]

AT_ONCE = 200
"""The number of keys in one question to the database."""

Key = tuple[Any, ...]
Row = Mapping[str, Any]
State = dict[str, dict[Key, Row]]


def rows_of(connection: Connection, kind: str, **wanted: str | None) -> list[Row]:
    """Return the facts of a kind that are so, those alone whose columns have the ``wanted`` values (None: any), by their keys."""
    table = KINDS[kind].table
    clause = [table.c[name] == value for name, value in wanted.items() if value is not None]
    rows: list[Row] = [dict(row) for row in connection.execute(select(table).where(*clause)).mappings()]
    return sorted(rows, key=KINDS[kind].key_of)


def present(connection: Connection, kind: str, keys: Iterable[Key]) -> dict[Key, Row]:
    """Return those facts of some keys that are so, by key."""
    table, columns = KINDS[kind].table, KINDS[kind].key
    found: dict[Key, Row] = {}
    for part in parts(keys, AT_ONCE):
        asked = select(table).where(tuple_(*(table.c[name] for name in columns)).in_(part))
        for row in connection.execute(asked).mappings():
            found[KINDS[kind].key_of(row)] = dict(row)
    return found


def write(connection: Connection, payload: Payload, line: int) -> None:
    """Make the facts of a line of the trail so that was just written."""
    for kind, values in payload.items():
        facts = [{"fact": _fact(kind, KINDS[kind].key_of(value)), "line": line} for value in values]
        if facts:
            connection.execute(insert(touched), facts)
        _put(connection, kind, [{**value, "line": line} for value in values])


def settle(connection: Connection, payload: Payload) -> None:
    """Make the facts that a line speaks of as the latest line says that holds, after it or another one was undone or done again."""
    gone = undone(connection)
    for kind, values in payload.items():
        facts = {_fact(kind, key): key for key in map(KINDS[kind].key_of, values)}
        latest: dict[Key, int] = {}
        for part in parts(facts, AT_ONCE):
            for fact, line in connection.execute(select(touched).where(touched.c.fact.in_(part))):
                if line not in gone:
                    latest[facts[fact]] = max(line, latest.get(facts[fact], 0))
        rows = [
            {**value, "line": written.number}
            for written in payloads(connection, latest.values())
            for value in written.payload[kind]
            if latest.get(KINDS[kind].key_of(value)) == written.number
        ]
        _put(connection, kind, rows, facts.values() - latest.keys())


def make_anew(connection: Connection) -> None:
    """Make all tables of the present from the trail."""
    state, facts = fold(connection)
    connection.execute(delete(touched))
    for part in parts(sorted(facts), 10 * AT_ONCE):
        connection.execute(insert(touched), [{"fact": fact, "line": line} for fact, line in part])
    for kind, rows in state.items():
        connection.execute(delete(KINDS[kind].table))
        _insert(connection, kind, list(rows.values()))


def faults(connection: Connection) -> list[str]:
    """Return where the tables of the present part from what the trail comes to."""
    state, facts = fold(connection)
    found = []
    for kind, rows in state.items():
        there = {KINDS[kind].key_of(row): row for row in rows_of(connection, kind)}
        wrong = sorted(key for key in rows.keys() | there.keys() if rows.get(key) != there.get(key))
        if wrong:
            told = ", ".join("/".join(filter(None, key)) for key in wrong[:3])
            found.append(f"the table {kind} is not what the trail says, for {told}{' ...' if wrong[3:] else ''}")
    if facts != {tuple(row) for row in connection.execute(select(touched))}:
        found.append("the table touched is not what the trail says")
    return found


def fold(connection: Connection) -> tuple[State, set[tuple[str, int]]]:
    """Return what the whole trail comes to: of each kind the facts by key, and which line speaks of which fact."""
    gone = undone(connection)
    state: State = {kind: {} for kind in KINDS}
    facts: set[tuple[str, int]] = set()
    for written in payloads(connection):
        for kind, values in written.payload.items():
            for value in values:
                key = KINDS[kind].key_of(value)
                facts.add((_fact(kind, key), written.number))
                if written.number not in gone:
                    state[kind][key] = {**value, "line": written.number}
    return state, facts


def _put(connection: Connection, kind: str, rows: Sequence[Row], gone: Iterable[Key] = ()) -> None:
    """Put rows in the place of what is there of their keys, and take away those of the keys ``gone``."""
    table, columns = KINDS[kind].table, KINDS[kind].key
    keys = [*map(KINDS[kind].key_of, rows), *gone]
    if keys:
        named = [dict(zip((f"key_{name}" for name in columns), key, strict=True)) for key in keys]
        connection.execute(delete(table).where(*(table.c[name] == bindparam(f"key_{name}") for name in columns)), named)
    _insert(connection, kind, rows)


def _insert(connection: Connection, kind: str, rows: Sequence[Row]) -> None:
    for part in parts(rows, AT_ONCE):
        connection.execute(insert(KINDS[kind].table), part)


def _fact(kind: str, key: Key) -> str:
    return hashlib.sha256(json.dumps([kind, *key]).encode()).hexdigest()[:32]
