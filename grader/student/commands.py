"""The words for students in a notebook: ``check``, ``hint``, ``status`` and ``ready``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.judging import Exercise
from grader.student.checks import Checked, checked
from grader.student.hints import Memory, hint_of
from grader.student.public import exercise_named, public_unit, unit_names, unit_of
from grader.student.shown import show, show_overview, show_text
from grader.student.work import is_stub, root_of, work_in

__all__ = ["check", "hint", "ready", "status"]

ROOM = "exercises."


class _Here:
    """The folder of the kit, found once, whatever the working folder is later; and the hints that were given."""

    def __init__(self) -> None:
        self.root = root_of(Path.cwd())
        self.memory = Memory(self.root)

    def look_again(self) -> None:
        """Look for the folder anew, where it was not found or is gone."""
        if self.root is None or not (self.root / "exercises").is_dir():
            self.__init__()  # type: ignore[misc]  # nothing of before is of use


HERE = _Here()


def check(*exercises: str | Callable[..., Any]) -> None:
    """Run the public checks of some exercises and show a card for each; of all of the notebook's units without an argument.

    Args:
        exercises: names (``"relu_backward"`` or ``"layers.relu_backward"``), or the functions themselves. What the notebook
            defines counts, else the module in ``exercises/`` as it stands on disk.

    Raises:
        UsageError: there is no such exercise; the message names the closest.

    """
    scope = _caller()
    if exercises:
        show(_checked(_exercises(exercises, scope), scope, exercises))
        return
    found = _of_units(_units(scope), scope)
    show_overview(found)
    show([one for one in found if one.at_fault])


def status(*units: str) -> None:
    """Show a line for each exercise of some units; without an argument, of those that the notebook imports.

    Raises:
        UsageError: there is no such unit.

    """
    scope = _caller()
    show_overview(_of_units(units or _units(scope), scope))


def hint(exercise: str | Callable[..., Any]) -> None:
    """Show the next hint for a wrong answer: first what is seen, then what it is about, then an example worked out.

    The next one comes when the code has changed.

    Raises:
        UsageError: there is no such exercise; the message names the closest.

    """
    scope = _caller()
    (found,) = _checked(_exercises([exercise], scope), scope, [exercise])
    work = work_in(found.exercise.unit, scope, HERE.root)
    show_text(hint_of(found, work.functions.get(found.exercise.function), HERE.memory))


def ready(*functions: Callable[..., Any]) -> bool:
    """Return True if all these functions are written, so that an experiment can use them; print which it waits for."""
    waiting = [f.__name__ for f in functions if is_stub(f)]
    if waiting:
        show_text(f"This experiment waits for {', '.join(waiting)}.")
    return not waiting


def _caller() -> Mapping[str, Any]:
    """Return the globals of the notebook or module that called the public function."""
    return sys._getframe(2).f_globals


def _units(scope: Mapping[str, Any]) -> list[str]:
    """Return the units that a notebook works on: those whose modules it imports from, else those of which it defines most.

    Raises:
        UsageError: it has nothing to do with any unit.

    """
    homes = {str(getattr(thing, "__module__", None) or "") for thing in scope.values()}
    imported = {home.removeprefix(ROOM) for home in homes if home.startswith(ROOM)}
    found = sorted(imported & set(unit_names()), key=lambda unit: public_unit(unit).unit.number)
    if found:
        return found
    most = unit_of(scope)
    if most is None:
        raise UsageError(
            'nothing of a unit is here: run the first cell, or name an exercise, check("layers.relu_backward")'
        )
    return [most]


def _exercises(asked: Iterable[str | Callable[..., Any]], scope: Mapping[str, Any]) -> list[Exercise]:
    """Return the exercises that are meant; errors as :func:`exercise_named`."""
    try:
        first = _units(scope)
    except UsageError:
        first = []
    return [exercise_named(_name(one), first) for one in asked]


def _name(asked: str | Callable[..., Any]) -> str:
    if isinstance(asked, str):
        return asked
    name, home = getattr(asked, "__name__", ""), str(getattr(asked, "__module__", ""))
    if not name:
        raise UsageError(f'check takes names or functions, and not a {type(asked).__name__}: check("relu_backward")')
    unit = home.removeprefix(ROOM)
    return f"{unit}.{name}" if home.startswith(ROOM) and unit in unit_names() else name


def _of_units(units: Iterable[str], scope: Mapping[str, Any]) -> list[Checked]:
    return _checked([exercise for unit in units for exercise in public_unit(unit).unit.exercises], scope)


def _checked(
    exercises: Sequence[Exercise], scope: Mapping[str, Any], asked: Sequence[str | Callable[..., Any]] = ()
) -> list[Checked]:
    """Check exercises; a function that was passed itself, and is none of the module's, is the one that counts."""
    HERE.look_again()
    given = {
        one.__name__: one for one in asked if callable(one) and not str(getattr(one, "__module__", "")).startswith(ROOM)
    }
    scope = {**scope, **given}
    return [checked(exercise, work_in(exercise.unit, scope, HERE.root)) for exercise in exercises]
