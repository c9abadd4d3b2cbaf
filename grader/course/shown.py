"""The tables ``[shown]`` of the course file: how much students may see of checks, read with the line of each complaint."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Any

from grader.course.lines import Places
from grader.course.times import in_zone
from grader.errors import UsageError
from grader.shown import KINDS, LEVELS, Rule, Rules

__all__ = ["read_shown", "refuse_unknown"]

SETTINGS = ("default", *KINDS)
DEPTHS = ("course", "unit", "exercise")
EXAMPLE = "2026-12-01T18:00:00+01:00"


def read_shown(places: Places, table: Any, zone: tzinfo | None = None) -> Rules:
    """Read what stands under ``shown``: settings for everything, tables of units, and in these tables of exercises.

    Args:
        places: of the course file, for complaints.
        table: the value of ``shown`` in it.
        zone: the course's, for dates without one.

    Raises:
        UsageError: something is unknown or does not fit; the message has file, line and reason.

    """
    return Rules(dict(_rules(places, zone, (), table)))


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


def _rules(places: Places, zone: tzinfo | None, name: tuple[str, ...], table: Any) -> Iterator[tuple[str, Rule]]:
    """Yield the rule of a table and those of the tables in it, by what they are for."""
    at = _Place(places, ("shown", *name))
    if not isinstance(table, dict):
        raise at.complaint("", f"is no table: write [{'.'.join(at.table)}]")
    kinds: dict[Any, Any] = {}
    default = released = None
    for key, value in table.items():
        if key == "released":
            released = _released(at, value, zone)
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
            yield from _rules(places, zone, (*name, key), value)
        else:
            known = [*SETTINGS, *(() if len(name) == 2 else ("released",))]
            near = difflib.get_close_matches(key, known, 1)
            raise at.complaint(key, f"is unknown: {f'did you mean {near[0]}?' if near else _there_are(known)}")
    yield ".".join(name), Rule(kinds, default, released, at.where())


def _released(at: _Place, value: Any, zone: tzinfo | None) -> bool | datetime:
    if len(at.table) == len(DEPTHS):
        raise at.complaint(
            "released",
            f"is out of place, since results are released by assignment: set it in [{'.'.join(at.table[:-1])}]",
        )
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime) and (zone is not None or value.tzinfo is not None):
        try:
            return in_zone(value, zone)
        except ValueError as error:
            raise at.complaint("released", f"{error} (it is {value.isoformat()})") from None
    raise at.complaint(
        "released", f"is neither true nor false nor a date with time and zone, such as {EXAMPLE}: it is {value}"
    )


def _no_level(value: Any) -> str:
    near = difflib.get_close_matches(value, LEVELS, 1) if isinstance(value, str) else []
    return f"cannot be {value!r}: {f'did you mean {near[0]}?' if near else _there_are(LEVELS)}"


def _there_are(names: Iterable[str]) -> str:
    return f"there are {', '.join(names)}"


class _Place:
    """A table of the course file, and where it stands."""

    def __init__(self, places: Places, table: tuple[str, ...]) -> None:
        self.places, self.table = places, table

    def where(self, key: str = "") -> str:
        """Return ``file:line`` of a key of the table, or of the table itself."""
        return self.places.at(*self.table, *((key,) if key else ()))

    def complaint(self, key: str, says: str) -> UsageError:
        """Return a complaint about a key of the table."""
        name = ".".join((*self.table, *((key,) if key else ())))
        return UsageError(f"{self.where(key)}: {name} {says}")
