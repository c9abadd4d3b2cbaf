"""The files of stubs: from the model answers that are installed, in a checkout or in a private bank, to ``exercises/``."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path

from grader.bank.lines import last_line
from grader.bank.loading import shown
from grader.bank.overlays import overlaid, without_ours
from grader.bank.private import units_of
from grader.bank.stubs import assembled, derive
from grader.bank.units import UNITS, catalogue
from grader.errors import BankError, UsageError
from grader.judging import Exercise

__all__ = ["Piece", "stale", "stale_in", "stub_pieces", "stub_source", "write", "write_in"]


@lru_cache(maxsize=32)
def stub_source(unit: str, banks: tuple[Path, ...] = ()) -> str:
    """Return the text of a unit's pristine stub, from the model answers that are installed and those of private banks.

    Args:
        unit: the unit's name.
        banks: the folders of private banks.

    Raises:
        BankError: the model answers of this unit are not installed, or no stub can be derived from them.
        UsageError: no stub can be derived from those of a private bank.

    """
    return _derived_with(unit, banks, {})


def _derived_with(unit: str, banks: tuple[Path, ...], planted: Mapping[str, str]) -> str:
    """Derive the text of a stub, with these sources for other faults than are declared; errors as for :func:`stub_source`."""

    def read(module: str) -> str:
        return resources.files("reference").joinpath(f"{module}.py").read_text(encoding="utf-8")

    try:
        source = assembled(read(unit), unit, read)
    except (ModuleNotFoundError, FileNotFoundError):
        source = ""
    for folder in banks:
        theirs = _private_source(folder, unit)
        if theirs:
            source = overlaid(source, theirs, unit) if source else theirs
    if not source:
        raise BankError(f"the model answers of {unit!r} are not installed: there is no reference/{unit}.py")
    return derive(source, unit, {**_planted(unit, banks), **planted}, _parameters(unit, banks))


@dataclass(frozen=True)
class Piece:
    """A part of a unit's stub: the text of one function, or what stands before it.

    ``function`` is the function's name, else empty; ``planted`` has by the name of a mistake the text with that one in it, where
    several may be planted.
    """

    text: str
    function: str = ""
    planted: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=32)
def stub_pieces(unit: str, banks: tuple[Path, ...] = ()) -> tuple[Piece, ...]:
    """Return a unit's stub in pieces, of which the functions with personal variants are ones; errors as :func:`stub_source`."""
    personal = {e.function: e for e in catalogue(banks).unit(unit).exercises if e.personal is not None}
    text = stub_source(unit, banks)
    lines = text.splitlines(keepends=True)
    pieces: list[Piece] = []
    at = 0
    for node in ast.parse(text).body:
        exercise = personal.get(node.name) if isinstance(node, ast.FunctionDef) else None
        if exercise is None or exercise.personal is None:
            continue
        end = last_line(node)
        others: dict[str, str] = {}
        for name in exercise.personal.planted:
            planted = {exercise.function: _source_of(exercise, name)}
            others[name] = _function(_derived_with(unit, banks, planted), exercise.function)
        pieces.append(Piece("".join(lines[at : node.lineno - 1])))
        pieces.append(Piece("".join(lines[node.lineno - 1 : end]), exercise.function, others))
        at = end
    return (*pieces, Piece("".join(lines[at:])))


def _function(text: str, name: str) -> str:
    """Return the lines of a function in a module's text."""
    node = next(n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == name)
    return "".join(text.splitlines(keepends=True)[node.lineno - 1 : last_line(node)])


def _parameters(unit: str, banks: tuple[Path, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Return by function the parameters by which its variants differ."""
    exercises = catalogue(banks).unit(unit).exercises
    return {e.function: tuple(e.personal.parameters) for e in exercises if e.personal is not None}


def _planted(unit: str, banks: tuple[Path, ...] = ()) -> dict[str, str]:
    """Return by function the source of the declared mistake that stands in its stub; errors as :func:`_source_of`."""
    exercises = catalogue(banks).unit(unit).exercises
    return {e.function: _source_of(e, e.planted) for e in exercises if e.planted is not None}


def _source_of(exercise: Exercise, planted: str) -> str:
    """Return the source of a mistake that stands in a stub.

    Raises:
        BankError: the exercise does not declare it.

    """
    mistake = next((m for m in exercise.mistakes if m.name == planted), None)
    if mistake is None:
        said = f"{exercise.name} plants {planted}, which is none of its declared mistakes"
        raise BankError(f"{exercise.where}: {said}; declare it")
    return inspect.getsource(mistake.answer)


def _private_source(folder: Path, unit: str) -> str:
    """Return the text of a unit's model answers in a private bank, or an empty text; errors as :func:`stub_source`."""

    def read(module: str) -> str:
        return (folder / "reference" / f"{module}.py").read_text(encoding="utf-8")

    try:
        source = assembled(read(unit), unit, read)
        derive(without_ours(source, unit), unit)
    except FileNotFoundError:
        return ""
    except BankError as error:
        raise UsageError(shown(f"{folder}/{error}")) from None
    return source


def write_in(folder: Path) -> list[Path]:
    """Bring the stubs in ``exercises/`` of a private bank up to date; return those that changed. Errors: as :func:`stub_source`."""
    return _written(_of_private_bank(folder))


def stale_in(folder: Path) -> list[Path]:
    """Return the stubs of a private bank that are missing or not up to date; errors as :func:`stub_source`."""
    return _stale(_of_private_bank(folder))


def write(root: Path) -> list[Path]:
    """Bring the stubs of a checkout up to date.

    Args:
        root: the checkout, which holds ``reference/`` and ``exercises/``.

    Returns:
        The files that changed, in the order of the units.

    Raises:
        BankError: as :func:`derive`.

    """
    return _written(_of_checkout(root))


def stale(root: Path) -> list[Path]:
    """Return the stubs of a checkout that are missing or not up to date; errors as :func:`write`."""
    return _stale(_of_checkout(root))


Texts = Mapping[Path, Callable[[], str]]
"""By the file of a stub the function that derives its text, which is called only where it is needed."""


def _of_private_bank(folder: Path) -> Texts:
    return {folder / "exercises" / f"{unit}.py": partial(stub_source, unit, (folder,)) for unit in units_of(folder)}


def _of_checkout(root: Path) -> Texts:
    return {root / "exercises" / f"{unit}.py": partial(_derived, root, unit) for unit in UNITS}


def _stale(texts: Texts) -> list[Path]:
    """Return the files that are missing or do not hold their text."""
    return [path for path, text in texts.items() if not path.exists() or path.read_text(encoding="utf-8") != text()]


def _written(texts: Texts) -> list[Path]:
    """Write the files that are missing or do not hold their text; return them."""
    changed = _stale(texts)
    for path in changed:
        path.parent.mkdir(exist_ok=True)
        path.write_text(texts[path](), encoding="utf-8")
    return changed


def _derived(root: Path, unit: str) -> str:
    """Derive the text of a unit's stub from the model answers of a checkout."""

    def read(module: str) -> str:
        return (root / "reference" / f"{module}.py").read_text(encoding="utf-8")

    try:
        return derive(assembled(read(unit), unit, read), unit, _planted(unit), _parameters(unit))
    except FileNotFoundError:
        raise BankError(f"there is no reference/{unit}.py: is {root} the checkout?") from None
