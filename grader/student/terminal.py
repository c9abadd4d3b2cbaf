"""The public checks in a terminal: ``gradmark check`` with a checkout, ``python -m grader.student`` with a kit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.errors import GradmarkError, SubmissionError, UsageError
from grader.report import WORDS, counted
from grader.student.checks import CALM, Checked, checked
from grader.student.notebooks import defined_in
from grader.student.public import exercise_named, public_unit, unit_names, unit_of
from grader.student.shown import cards
from grader.student.stops import Interrupted, plainly
from grader.student.work import Module, Work, is_stub, module_at, root_of, work_in

__all__ = ["check_path", "exit_code", "main", "path_and_names", "report"]

USAGE = """\
usage: python -m grader.student [PATH] [EXERCISE...]

The public checks on your own work at PATH (a folder with exercises/, a module, or a notebook; by default the folder where you
are), of the exercises that you name or of all. Exit code 1 if a check failed; what is not written yet has not failed."""

INTERRUPTED = 130
"""The exit code after an interrupt, as shells have it."""


def check_path(path: Path, names: Sequence[str] = ()) -> list[Checked]:
    """Run the public checks on the work at a path, in this process: it is the student's own machine.

    Args:
        path: a module of exercises, a notebook (its definitions are read, nothing else of it is run), or a folder
            with ``exercises/``.
        names: the exercises that are meant; without any, all of the units that are there.

    Raises:
        UsageError: the path does not exist, or there is no exercise of a name.
        SubmissionError: nothing at the path can be checked, or it cannot be read.

    """
    if not path.exists():
        raise UsageError(f"there is nothing at {path}")
    found = _units_in(path) if path.is_dir() else _units_of(path)
    if not found:
        raise SubmissionError(
            f"{path} holds no exercises: name a notebook, an exercises/<unit>.py, or a folder with exercises/"
        )
    wanted = {exercise_named(name, found).name for name in names}
    if away := [name for name in wanted if name.partition(".")[0] not in found]:
        raise SubmissionError(f"{path} holds nothing of {', '.join(sorted(away))}")
    return [
        checked(exercise, work)
        for unit, work in found.items()
        for exercise in public_unit(unit).unit.exercises
        if not wanted or exercise.name in wanted
    ]


def _units_in(folder: Path) -> dict[str, Work]:
    """Return the work on each unit in a folder: its module, replaced by what its notebook defines."""
    if folder.resolve().name == "notebooks" and (folder.resolve().parent / "exercises").is_dir():
        folder = folder.resolve().parent  # a notebook alone would lack all that it imports
    found = {}
    for unit in _in_order(unit_names()):
        rooms = [folder / "exercises" / f"{unit}.py", folder / f"{unit}.py"]
        notebooks = [p for room in ("notebooks", ".") for p in sorted((folder / room).glob(f"*{unit}*.ipynb"))]
        if notebooks and notebooks[0].parent == folder:  # it may be notebooks/ itself, beside which the modules are
            rooms.append(folder.resolve().parent / "exercises" / f"{unit}.py")
        module = next((module_at(p.resolve()) for p in rooms if p.exists()), None)
        own = _own(defined_in(notebooks[0].resolve()), unit) if notebooks else {}
        if module is not None or own:
            found[unit] = Work({**(module.names if module else {}), **own}, module)
    return found


def _own(scope: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """Return what a notebook defines itself, and no stub."""
    return {
        name: thing
        for name, thing in scope.items()
        if callable(thing) and getattr(thing, "__module__", None) != f"exercises.{unit}" and not is_stub(thing)
    }


def _units_of(path: Path) -> dict[str, Work]:
    """Return the work in a file: of the unit after which it is called, else of that of which it defines most."""
    path = path.resolve()
    module: Module | None = None
    if path.suffix == ".ipynb":
        scope: Mapping[str, Any] = defined_in(path)
    elif path.suffix == ".py":
        module = module_at(path)
        scope = module.names
    else:
        raise SubmissionError(f"{path} is neither a notebook nor a Python module")
    unit = next((u for u in unit_names() if u == path.stem or path.stem.endswith(f"_{u}")), None) or unit_of(scope)
    if unit is None:
        if module is not None and module.fault:
            raise SubmissionError(module.fault)
        return {}
    if module is not None:
        return {unit: Work(module.names, module)}
    return {unit: work_in(unit, scope, root_of(path.parent))}


def _in_order(units: Sequence[str]) -> list[str]:
    return sorted(units, key=lambda unit: public_unit(unit).unit.number)


def report(found: Sequence[Checked]) -> str:
    """Return what was found as text, in the words of the cards: a card where something is to be said, then names, and a summary."""
    at_fault = [one for one in found if one.at_fault]
    told = [one for one in found if one.at_fault or _waits(one)]
    texts = [card.text for card in cards(told)]
    others = [one for one in found if one not in told]
    for status in CALM:
        names = [one.exercise.short for one in others if one.item.status == status]
        if names:
            head = f"{WORDS[status]} the public checks" if status == "passed" else WORDS[status]
            texts.append(f"{head} ({len(names)}): {', '.join(names)}")
    passed = sum(one.item.status == "passed" for one in found)
    later = sum(one.later for one in found)
    summary = f"{passed} passed, {len(at_fault)} to look at, {counted(len(found) - passed - len(at_fault), 'other')}"
    return "\n\n".join(
        [*texts, f"{summary}; {counted(later, 'more check')} {'runs' if later == 1 else 'run'} at grading"]
    )


def _waits(one: Checked) -> bool:
    """Return True if some checks of an exercise could not run before another exercise is written, which its card says."""
    return one.item.status == "skipped" and bool(one.item.checks)


def exit_code(found: Sequence[Checked]) -> int:
    """Return 4 if a check of ours failed, 1 if one of the student's did, else 0."""
    failed = any(one.item.status == "grader_error" for one in found)
    return 4 if failed else int(any(one.at_fault for one in found))


def main(arguments: Sequence[str]) -> int:
    """Run the checks as ``python -m grader.student`` does; return the exit code.

    It is 2 for wrong usage, 3 if nothing can be checked, 130 after an interrupt.
    """
    if any(argument in ("-h", "--help") for argument in arguments):
        print(USAGE)  # noqa: T201
        return 0
    try:
        with plainly():
            found = check_path(*path_and_names(arguments))
            text = report(found)
    except GradmarkError as error:
        print(error)  # noqa: T201
        return error.exit_code
    except Interrupted as error:
        print(error)  # noqa: T201
        return INTERRUPTED
    print(text)  # noqa: T201
    return exit_code(found)


def path_and_names(arguments: Sequence[str]) -> tuple[Path, list[str]]:
    """Split arguments in the path, which may be left out, and the names of exercises: ``relu_forward`` alone is a name.

    Raises:
        UsageError: the first one is neither a path that exists nor the name of an exercise.

    """
    path, *names = arguments or (".",)
    if Path(path).exists() or not _is_name(path):
        return Path(path), names
    try:
        exercise_named(path)
    except UsageError as error:
        raise UsageError(f"there is nothing at {path}, and {error}") from None
    return Path(), [path, *names]


def _is_name(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))
