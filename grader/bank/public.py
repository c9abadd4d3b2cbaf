"""The public data of units, which students are given: derived from the bank, committed, and shipped with a kit."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.bank.loading import shown
from grader.bank.units import UNITS, catalogue
from grader.errors import BankError, UsageError
from grader.judging import Bench, Exercise, Unit, packed_again, packed_unit

__all__ = ["derive", "path_of", "public_data", "rewritten", "stale", "write"]

FOLDER = Path(__file__).parents[1] / "student" / "units"
LAST_DIGITS = 1e-10
"""The part of the largest entry by which two files may differ and be the same: processors differ in the last digits."""


def path_of(unit: str) -> Path:
    """Return the file in which the public data of a unit are kept."""
    return FOLDER / f"{unit}.json"


def derive(unit: Unit) -> str:
    """Derive the text of a unit's public data: JSON, with an exercise a line."""
    return _written(packed_unit(unit, Bench(unit.exercises, drawn=0)))


def rewritten(data: dict[str, Any], exercises: Sequence[Exercise], bench: Bench) -> str:
    """Return the text of a unit's public data with some exercises in the place of those of their names.

    Raises:
        BankError: one of them cannot be made data.

    """
    return _written(packed_again(data, exercises, bench))


def _written(data: dict[str, Any]) -> str:
    """Return public data as JSON, with an exercise a line."""
    exercises = data.pop("exercises")
    head = json.dumps(data, separators=(",", ":"), ensure_ascii=False)[:-1]
    lines = ",\n".join(json.dumps(exercise, separators=(",", ":"), ensure_ascii=False) for exercise in exercises)
    return f'{head},"exercises":[\n{lines}\n]}}\n'


def public_data(unit: Unit) -> str:
    """Return the text of a unit's public data: what is kept of a unit of ours, and derived where private banks have a say.

    Raises:
        BankError: it is not there, or cannot be derived.
        UsageError: that of a private bank cannot be derived.

    """
    if unit is not catalogue().units.get(unit.name):
        try:
            return derive(unit)
        except BankError as error:
            raise UsageError(shown(str(error))) from None
    try:
        return path_of(unit.name).read_text(encoding="utf-8")
    except OSError as error:
        raise BankError(f"the public data of {unit.name} cannot be read ({error}): run `gradmark stubs`") from None


def write() -> list[Path]:
    """Write the files of all units that are not up to date; return their paths."""
    changed = stale()
    FOLDER.mkdir(exist_ok=True)
    for path in changed:
        path.write_text(derive(catalogue().unit(path.stem)), encoding="utf-8")
    return changed


def stale() -> list[Path]:
    """Return the paths of the units' files that are missing or not up to date."""
    paths = [path_of(name) for name in UNITS]
    return [
        p
        for p in paths
        if not p.exists() or not _alike(p.read_text(encoding="utf-8"), derive(catalogue().unit(p.stem)))
    ]


def _alike(kept: str, derived: str) -> bool:
    """Return True if two files hold the same data, but for last digits: processors differ there, and no check compares them."""
    if kept == derived:
        return True
    try:
        return _same(json.loads(kept), json.loads(derived))
    except ValueError:
        return False


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        if not all(_is_number(x) for x in (*a, *b)) or a == b:
            return all(map(_same, a, b))
        size = float(np.abs(np.array([*a, *b], dtype=float)).max())
        return bool(np.allclose(a, b, rtol=LAST_DIGITS, atol=LAST_DIGITS * size))
    if _is_number(a) and _is_number(b):
        return math.isclose(a, b, rel_tol=LAST_DIGITS)
    return bool(a == b)


def _is_number(x: Any) -> bool:
    return isinstance(x, (int, float)) and not isinstance(x, bool)
