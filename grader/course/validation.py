"""The check of a course file against its form, with file, line and reason for each setting that is unknown or does not fit."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from grader.course.lines import Key, Places, name_of
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.model import CourseFile

__all__ = ["limits_model", "validated"]

KINDS = ("list[", "dict[")
"""The beginnings of what pydantic calls the kinds of a value that may be a list or a table."""


def validated(places: Places, read: dict[str, Any]) -> CourseFile:
    """Return the settings of a course file, checked.

    Raises:
        UsageError: some do not fit; each is told with file, line and reason.

    """
    from grader.course.model import CourseFile

    found: CourseFile = _check(places, CourseFile, _joined(read))
    if found.limits:
        _check(places, limits_model(), found.limits, "limits")
    return found


def _joined(read: dict[str, Any]) -> dict[str, Any]:
    """Return the settings with exercises by their full names: ``layers.relu_backward = 5`` without quotes is a table in a table."""
    tables = read.get("assignment")
    for table in tables.values() if isinstance(tables, dict) else ():
        exercises = table.get("exercises") if isinstance(table, dict) else None
        if isinstance(exercises, dict):
            table["exercises"] = {
                name: points
                for unit, inside in exercises.items()
                for name, points in (
                    {f"{unit}.{own}": points for own, points in inside.items()}
                    if isinstance(inside, dict)
                    else {unit: inside}
                ).items()
            }
    return read


def limits_model() -> Any:
    """Build a pydantic model of the limits: each a positive number of its default's type."""
    from pydantic import ConfigDict, Field, create_model

    from grader.runtime import Limits

    kinds: dict[str, Any] = {
        f.name: (int if isinstance(f.default, int) else float, Field(default=f.default, gt=0)) for f in fields(Limits)
    }
    config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    return create_model("limits", __config__=config, **kinds)


def _check(places: Places, model: Any, read: Any, *table: str) -> Any:
    from pydantic import ValidationError

    try:
        return model.model_validate(read)
    except ValidationError as error:
        told: dict[str, int] = {}
        for fault in _faults(error.errors()):
            key = (*table, *_key(read, fault["loc"]))
            complaint = _complaint(places, model, key, len(table), fault["type"], fault["msg"], fault["input"])
            told[complaint] = places.line(*key)
        raise UsageError("; ".join(sorted(told, key=lambda complaint: told[complaint]))) from None


def _faults(all_: Sequence[Any]) -> Iterator[Any]:
    """Yield the faults without those that are none: of a value that may be a list or a table, that it is not the other one."""
    for fault in all_:
        *where, last = fault["loc"] or ("",)
        other = str(last).startswith(KINDS) and any(
            list(f["loc"][: len(where)]) == where and len(f["loc"]) > len(where) + 1 for f in all_
        )
        if not other:
            yield fault


def _key(read: Any, loc: tuple[str | int, ...]) -> Key:
    """Return where in the file a fault is: pydantic names beside settings the kinds of which a value may be one."""
    key: list[str | int] = []
    here: Any = read
    for at, part in enumerate(loc):
        named = isinstance(here, dict) and part in here
        if named or (isinstance(here, list) and isinstance(part, int)):
            here = here[part]
        elif at < len(loc) - 1 or not isinstance(here, dict) or str(part).startswith(KINDS):
            continue
        key.append(part)
    return tuple(key)


def _complaint(places: Places, model: Any, key: Key, above: int, kind: str, says: str, came: Any) -> str:
    """Return one complaint about the file: file and line, the name of the setting, the reason."""
    name = name_of(key)
    if kind == "extra_forbidden":
        known = _settings(model, key[above:-1])
        near = difflib.get_close_matches(str(key[-1]), known, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        return f"{places.at(*key)}: {name} is unknown: {hint}"
    if kind == "missing":
        return f"{places.at(*key[:-1])}: {name_of(key[:-1])} has no {key[-1]}"
    if kind == "datetime_type" and isinstance(came, date) and not isinstance(came, datetime):
        return f"{places.at(*key)}: {name} has no time of day: write {came}T23:59:00"
    if kind in ("datetime_type", "date_type"):
        says = "is no date with its time: write 2026-11-20T23:59:00, without quotes"
        return f"{places.at(*key)}: {name} {says} (it is {came!r})"
    if kind == "model_type":
        header = f"[[{name_of(key[:-1])}]]" if key and isinstance(key[-1], int) else f"[{name}]"
        return f"{places.at(*key)}: {name} is no table: write {header} (it is {came!r})"
    return f"{places.at(*key)}: {name}: {says[:1].lower()}{says[1:]} (it is {came!r})"


def _settings(model: Any, key: Key) -> list[str]:
    """Return the names of the settings of a table of the form."""
    for part in key:
        if isinstance(part, str) and hasattr(model, "model_fields") and part in model.model_fields:
            inner = model.model_fields[part].annotation
            while not hasattr(inner, "model_fields"):
                arguments = [a for a in getattr(inner, "__args__", ()) if a not in (str, type(None))]
                if not arguments:
                    break
                inner = arguments[0]
            model = inner
    return list(getattr(model, "model_fields", {}))
