"""Private banks: folders of a course with the same rooms as ours, whose units stand beside ours and whose exercises replace ours.

::

    bank/__init__.py            UNITS = ("quiz",)
    bank/quiz.py                or a package: declarations, and UNIT
    reference/quiz.py           model answers
    exercises/quiz.py           stubs, derived by ``gradmark stubs``
    notebooks/01_quiz.md

A folder is loaded by its path, as a package with a name of its own: nothing of it is on any import path, and two banks may
have modules of one name.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import util
from importlib.machinery import ModuleSpec
from pathlib import Path

from grader.bank.loading import imported, load_unit, shown
from grader.errors import BankError, UsageError
from grader.judging import Exercise, Unit

__all__ = ["added", "home_of", "units_of"]

OURS = "reference"


def added(units: Mapping[str, Unit], banks: tuple[Path, ...]) -> dict[str, Unit]:
    """Add the units of private banks to ours: a new unit behind the others, an exercise of a known name in its place.

    Args:
        units: ours, by name.
        banks: the folders of private banks.

    Raises:
        UsageError: a bank is not there, does not load, lacks a model answer, or declares what another one declares.

    """
    found: dict[str, list[tuple[str, Unit]]] = {}
    for folder in banks:
        for name in units_of(folder):
            try:
                unit = load_unit(f"{package_of(folder)}.bank", name)
            except BankError as error:
                raise UsageError(str(error)) from None
            found.setdefault(name, []).append((home_of(folder), unit))
    merged = dict(units)
    for name, theirs in found.items():
        homes = tuple(home for home, _ in theirs) + ((OURS,) if name in units else ())
        merged[name] = _merged(units.get(name), [unit for _, unit in theirs], homes)
    return merged


def _merged(ours: Unit | None, theirs: list[Unit], homes: tuple[str, ...]) -> Unit:
    """Merge units of one name; the model answers of all exercises are looked up in ``homes``, private ones first."""
    new: dict[str, Exercise] = {}
    for exercise in (exercise for unit in theirs for exercise in unit.exercises):
        first = new.setdefault(exercise.name, exercise)
        if first is not exercise:
            raise UsageError(
                f"{shown(exercise.where)}: {exercise.name} is in two private banks, here and at {shown(first.where)}; rename one"
            )
    exercises = {**{exercise.name: exercise for exercise in (ours.exercises if ours else ())}, **new}
    placed = {name: replace(exercise, homes=homes) for name, exercise in exercises.items()}
    for name, exercise in new.items():
        try:
            placed[name].answer()
        except BankError as error:
            raise UsageError(f"{shown(exercise.where)}: {error}; write it, in the bank's own reference/") from None
    return replace(ours or theirs[0], exercises=tuple(placed.values()))


def units_of(folder: Path) -> tuple[str, ...]:
    """Return the names of a private bank's units, as its ``bank/__init__.py`` lists them.

    Raises:
        UsageError: the folder or that file is not there, or the file has no ``UNITS``, or a module that they leave out.

    """
    face = folder / "bank" / "__init__.py"
    if not folder.is_dir():
        raise UsageError(f"{folder}:1: there is no such folder, which the course file names as a bank")
    if not face.is_file():
        raise UsageError(f'{shown(str(face))}:1: there is no such file; write UNITS = ("name of a unit",) into it')
    try:
        units = getattr(imported(f"{package_of(folder)}.bank"), "UNITS", None)
        if not isinstance(units, tuple) or not all(isinstance(name, str) for name in units):
            raise BankError(f'{shown(str(face))}:1: it has no UNITS; write UNITS = ("name of a unit",) into it')
        for name in units:
            if not any((folder / "bank" / file).is_file() for file in (f"{name}.py", f"{name}/__init__.py")):
                raise BankError(f"{shown(str(face))}:1: UNITS names {name!r}, and there is no bank/{name}.py")
            if (folder / "reference" / f"{name}.py").is_file():
                imported(f"{home_of(folder)}.{name}")
    except BankError as error:
        raise UsageError(str(error)) from None
    return units


def home_of(folder: Path) -> str:
    """Return the package of a private bank's model answers."""
    return f"{package_of(folder)}.reference"


@cache
def package_of(folder: Path) -> str:
    """Return the name of the package that a private bank is in this process; it is made at the first call."""
    name = f"private_{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]}"
    spec = ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [str(folder.resolve())]
    # The recipe of importlib's documentation for a module that lies on no import path: its own modules are found through it.
    sys.modules[name] = util.module_from_spec(spec)
    return name
