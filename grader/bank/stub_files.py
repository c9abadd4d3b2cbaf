"""The files of stubs: from the model answers that are installed, in a checkout or in a private bank, to ``exercises/``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path

from grader.bank.loading import shown
from grader.bank.overlays import overlaid, without_ours
from grader.bank.private import units_of
from grader.bank.stubs import assembled, derive
from grader.bank.units import UNITS, catalogue
from grader.errors import BankError, UsageError

__all__ = ["stale", "stale_in", "stub_source", "write", "write_in"]


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
    return derive(source, unit, _planted(unit, banks))


def _planted(unit: str, banks: tuple[Path, ...] = ()) -> dict[str, str]:
    """Return by function the source of the declared mistake that stands in its stub.

    Raises:
        BankError: an exercise plants a mistake that it does not declare.

    """
    found = {}
    for exercise in catalogue(banks).unit(unit).exercises:
        if exercise.planted is not None:
            mistake = next((m for m in exercise.mistakes if m.name == exercise.planted), None)
            if mistake is None:
                said = f"{exercise.name} plants {exercise.planted}, which is none of its declared mistakes"
                raise BankError(f"{exercise.where}: {said}; declare it")
            found[exercise.function] = inspect.getsource(mistake.answer)
    return found


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
        return derive(assembled(read(unit), unit, read), unit, _planted(unit))
    except FileNotFoundError:
        raise BankError(f"there is no reference/{unit}.py: is {root} the checkout?") from None
