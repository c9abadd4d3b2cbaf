"""The tables ``[shown]`` of the course file: how much students may see of checks, read with the line of each complaint."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.shown import KINDS, LEVELS, Rule, Rules

__all__ = ["read_shown", "refuse_unknown"]

SETTINGS = ("default", *KINDS)
DEPTHS = ("course", "unit", "exercise")
EXAMPLE = "2026-12-01T18:00:00+01:00"


def read_shown(path: Path, text: str, table: Any) -> Rules:
    """Read what stands under ``shown``: settings for everything, tables of units, and in these tables of exercises.

    Args:
        path: of the course file, for complaints.
        text: the course file's.
        table: the value of ``shown`` in it.

    Raises:
        UsageError: something is unknown or does not fit; the message has file, line and reason.

    """
    return Rules(dict(_rules(path, text, (), table)))


def refuse_unknown(rules: Rules, exercises: Iterable[str]) -> None:
    """Check that every rule is for a unit or an exercise that exists: one with a slip in its name would hide nothing.

    Raises:
        UsageError: one is not; the message has file, line and reason.

    """
    known = {name for exercise in exercises for name in (exercise, exercise.partition(".")[0])}
    for name, rule in rules.by_name.items():
        if name and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else "gradmark list has the names"
            raise UsageError(f"{rule.where}: shown: there is no unit or exercise {name}: {hint}")


def _rules(path: Path, text: str, name: tuple[str, ...], table: Any) -> Iterator[tuple[str, Rule]]:
    """Yield the rule of a table and those of the tables in it, by what they are for."""
    at = _Place(path, text, ("shown", *name))
    if not isinstance(table, dict):
        raise at.complaint("", f"is no table: write [{'.'.join(at.table)}]")
    kinds: dict[Any, Any] = {}
    default = released = None
    for key, value in table.items():
        if key == "released":
            released = _released(at, value)
        elif key in SETTINGS:
            if value not in LEVELS:
                raise at.complaint(key, _no_level(value))
            if key == "default":
                default = value
            else:
                kinds[key] = value
        elif isinstance(value, dict) and (not key or "." in key):  # joined, it would take the place of another rule
            parts = ".".join([*at.table, *filter(None, key.split("."))])
            raise at.complaint(key, f"has a name in quotes that is empty or has a dot in it: write [{parts}]")
        elif isinstance(value, dict) and len(name) < len(DEPTHS) - 1:
            yield from _rules(path, text, (*name, key), value)
        else:
            known = [*SETTINGS, *(() if len(name) == 2 else ("released",))]
            near = difflib.get_close_matches(key, known, 1)
            raise at.complaint(key, f"is unknown: {f'did you mean {near[0]}?' if near else _there_are(known)}")
    yield ".".join(name), Rule(kinds, default, released, at.where())


def _released(at: _Place, value: Any) -> bool | datetime:
    if len(at.table) == len(DEPTHS):
        raise at.complaint(
            "released",
            f"is out of place, since results are released by assignment: set it in [{'.'.join(at.table[:-1])}]",
        )
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    raise at.complaint(
        "released", f"is neither true nor false nor a date with time and zone, such as {EXAMPLE}: it is {value}"
    )


def _no_level(value: Any) -> str:
    near = difflib.get_close_matches(value, LEVELS, 1) if isinstance(value, str) else []
    return f"cannot be {value!r}: {f'did you mean {near[0]}?' if near else _there_are(LEVELS)}"


def _there_are(names: Iterable[str]) -> str:
    return f"there are {', '.join(names)}"


class _Place:
    """A table of the course file, and where it stands in the text."""

    def __init__(self, path: Path, text: str, table: tuple[str, ...]) -> None:
        self.path, self.text, self.table = path, text, table

    def where(self, key: str = "") -> str:
        """Return ``file:line`` of a key of the table, or of the table itself."""
        named = dict(_lines(self.text))
        wanted = (*self.table, *((key,) if key else ()))
        line = named.get(wanted) or next((n for full, n in named.items() if full[: len(wanted)] == wanted), None)
        return f"{self.path}:{line or named.get(self.table, 1)}"

    def complaint(self, key: str, says: str) -> UsageError:
        """Return a complaint about a key of the table."""
        name = ".".join((*self.table, *((key,) if key else ())))
        return UsageError(f"{self.where(key)}: {name} {says}")


def _lines(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield the full names that lines of a TOML file open or set, with the lines' numbers; tomllib tells no lines."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        header = re.match(r"\s*(\[[^\[\]]+\])\s*(#.*)?$", line)
        setting = re.match(r"\s*([^\s=#\[][^=#]*?)\s*=", line)
        if header is not None:
            table = _name(header[1])
            yield table, number
        elif setting is not None:
            yield (*table, *_name(f"{setting[1]} = 0")), number


def _name(line: str) -> tuple[str, ...]:
    """Return the parts of the one name in a line of TOML, none of a line that is none (part of a longer value)."""
    try:
        read: Mapping[str, Any] | int = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    parts = []
    while isinstance(read, dict) and read:
        ((part, read),) = read.items()
        parts.append(part)
    return tuple(parts)
