"""The words for students in a notebook: ``check``, ``hint``, ``status`` and ``ready``."""

from __future__ import annotations

import contextlib
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
from grader.student.stops import plainly
from grader.student.work import is_stub, root_of, root_of_the_imported, work_in

__all__ = ["check", "hint", "ready", "status"]

ROOM = "exercises."


class _Here:
    """The folder of the kit, found once, whatever the working folder is later; and the hints that were given."""

    def __init__(self) -> None:
        self.root = _root()
        self.memory = Memory(self.root or _packed())

    def look_again(self) -> None:
        """Look for the folder anew, where it was not found or is gone."""
        if self.root is not None and (self.root / "exercises").is_dir():
            return
        found = _root()
        if found != self.root:  # else what is remembered stays: a single notebook has no folder at all
            self.root, self.memory = found, Memory(found or _packed())


def _root() -> Path | None:
    """Return the folder that holds ``exercises/``, from the working folder or from what was imported; None if there is none."""
    try:
        return root_of(Path.cwd()) or root_of_the_imported()
    except OSError:  # the working folder is gone
        return root_of_the_imported()


def _packed() -> Path | None:
    """Return the folder into which a single notebook has unpacked its checker; None if this is no such checker."""
    folder = Path(__file__).parents[2]
    return (
        folder.resolve() if folder.name.startswith("gradmark_") and not (folder / "pyproject.toml").exists() else None
    )


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
    with plainly():
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
    with plainly():
        for unit in units:
            if not isinstance(unit, str):
                raise UsageError(f'status takes names of units, and not a {type(unit).__name__}: status("layers")')
        show_overview(_of_units(units or _units(scope), scope))


def hint(exercise: str | Callable[..., Any]) -> None:
    """Show the next hint for a wrong answer: first what is seen, then what it is about, then an example worked out.

    The next one comes when the code has changed.

    Raises:
        UsageError: there is no such exercise; the message names the closest.

    """
    scope = _caller()
    with plainly():
        (found,) = _checked(_exercises([exercise], scope), scope, [exercise])
        work = work_in(found.exercise.unit, scope, HERE.root)
        show_text(hint_of(found, work.functions.get(found.exercise.function), HERE.memory))


def ready(*functions: str | Callable[..., Any]) -> bool:
    """Return True if all these functions are written, so that an experiment can use them; print which it waits for.

    Args:
        functions: the functions themselves, or the names under which the notebook has them.

    Raises:
        UsageError: something else was passed.

    """
    scope = _caller()
    waiting = []
    with plainly():
        for one in functions:
            function = scope.get(one.rpartition(".")[2]) if isinstance(one, str) else one
            if not isinstance(one, str) and not callable(one):
                raise UsageError(f"ready takes names or functions, and not a {type(one).__name__}: ready(relu_forward)")
            if not callable(function) or is_stub(function):
                waiting.append(one if isinstance(one, str) else one.__name__)
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
    return [_exercise(one, scope, first) for one in asked]


def _exercise(asked: str | Callable[..., Any], scope: Mapping[str, Any], units: Sequence[str]) -> Exercise:
    if isinstance(asked, str):
        return exercise_named(asked, units)
    # A function may stand under another name than its own: a lambda, one that was decorated, one that was renamed.
    names = [name for name, thing in scope.items() if thing is asked]
    try:
        return exercise_named(_own_name(asked), units)
    except UsageError:
        for name in names:
            with contextlib.suppress(UsageError):
                return exercise_named(name, units)
        raise


def _own_name(asked: Callable[..., Any]) -> str:
    name, home = getattr(asked, "__name__", ""), str(getattr(asked, "__module__", ""))
    if not isinstance(name, str) or not name:
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
        exercise.function: one
        for exercise, one in zip(exercises, asked, strict=False)
        if callable(one) and not str(getattr(one, "__module__", "")).startswith(ROOM)
    }
    scope = {**scope, **given}
    return [checked(exercise, work_in(exercise.unit, scope, HERE.root)) for exercise in exercises]
