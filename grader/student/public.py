"""The public data of the units: what a student's machine knows of exercises. Read from files beside this module."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from grader.errors import BankError, UsageError
from grader.judging import Exercise, PublicUnit, restored_unit

__all__ = ["exercise_named", "public_unit", "unit_names", "unit_of"]

FOLDER = Path(__file__).parent / "units"


@cache
def unit_names() -> tuple[str, ...]:
    """Return the names of the units that are here, by alphabet."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def public_unit(name: str) -> PublicUnit:
    """Read the public data of a unit.

    Raises:
        UsageError: there is no such unit; the message names the closest.
        BankError: its file is damaged.

    """
    if name not in unit_names():
        raise UsageError(
            f"there is no unit {name!r}{_closest(name, unit_names())}; there are {', '.join(unit_names())}"
        )
    path = FOLDER / f"{name}.json"
    try:
        return restored_unit(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        what = f"{type(error).__name__}: {error}"
        raise BankError(f"{path.name}: the public data cannot be read ({what}): fetch this file again") from None


def unit_of(scope: Mapping[str, Any]) -> str | None:
    """Return the unit of which most functions are among some names; None if there is none of any."""
    counted = {u: sum(callable(scope.get(e.function)) for e in public_unit(u).unit.exercises) for u in unit_names()}
    most = max(counted, key=lambda unit: counted[unit], default=None)
    return most if most is not None and counted[most] else None


def exercise_named(name: str, units: Iterable[str] = ()) -> Exercise:
    """Return the exercise of a full name, ``"layers.relu_backward"``, or of its short one.

    Args:
        name: the name.
        units: where a short name is looked for first.

    Raises:
        UsageError: there is no such exercise, or several of this short name, or it is a unit; the message names the closest.

    """
    if name.rstrip(".") in unit_names():
        unit = name.rstrip(".")
        raise UsageError(f"{name!r} is a unit and no exercise: status({unit!r}) in the notebook lists its exercises")
    unit, _, short = name.rpartition(".")
    if unit in unit_names():
        found = [e for e in public_unit(unit).unit.exercises if e.short == short]
    elif unit:
        found = []
    else:
        first = tuple(units)
        found = _of_short_name(name, first) or _of_short_name(name, [u for u in unit_names() if u not in first])
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{name!r} may be {' or '.join(e.name for e in found)}: say which")
    known = [e.name for u in ((unit,) if unit in unit_names() else unit_names()) for e in public_unit(u).unit.exercises]
    raise UsageError(f"there is no exercise {name!r}{_closest(name, known)}; status() in the notebook lists them")


def _of_short_name(name: str, units: Iterable[str]) -> list[Exercise]:
    return [e for unit in units for e in public_unit(unit).unit.exercises if e.short == name]


def _closest(name: str, known: Iterable[str]) -> str:
    names = {k.lower(): k for k in known}
    short = {k.rpartition(".")[2]: k for k in names}
    asked = name.lower()
    found = difflib.get_close_matches(asked, list(names), 1) or difflib.get_close_matches(asked, list(short), 1)
    return f", did you mean {names[short.get(found[0], found[0])]!r}?" if found else ""
