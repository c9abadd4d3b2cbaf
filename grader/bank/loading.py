"""The loading of a unit's declarations: what cannot be right is refused by file and line, and so is what nobody would ask.

Nothing here needs the model answers; what does is in :mod:`grader.bank.soundness`.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, ModuleType

from grader.bank.forms import Options
from grader.errors import BankError
from grader.judging import DECLARED, Exercise, Unit

__all__ = ["imported", "load_unit", "shown"]

ROOT = Path(__file__).parents[2]
MACHINERY = (__name__, "grader.bank.private", "grader.bank.units")
OPTION = re.compile(r"(\w+)\(\) got an unexpected keyword argument '(\w+)'")


def load_unit(package: str, name: str) -> Unit:
    """Import the module or package of a unit and return its ``UNIT``.

    Args:
        package: the bank, ``grader.bank``.
        name: the unit's name.

    Raises:
        BankError: it cannot be imported, holds no unit of this name, or declares an exercise that is in none.

    """
    module = imported(f"{package}.{name}")
    file = shown(str(module.__file__))
    unit = getattr(module, "UNIT", None)
    if not isinstance(unit, Unit):
        raise BankError(
            f"{file}:1: it holds no UNIT; end it with UNIT = Unit.of_modules({name!r}, number, title, modules)"
        )
    if unit.name != name:
        raise BankError(f"{file}:1: its UNIT is called {unit.name!r}; call it {name!r}, as the file is")
    listed = {exercise.name for exercise in unit.exercises}
    for exercise in _declared_by(module):
        if exercise.name not in listed:
            raise BankError(
                f"{shown(exercise.where)}: {exercise.name} is in no unit; give it a name of its own in the module,"
                f" and name the module in the UNIT of {file}"
            )
    for part in _unread(module):
        raise BankError(
            f"{shown(str(part))}:1: nothing imports it; name the module in the UNIT of {file}, or remove it"
        )
    return unit


def _declared_by(module: ModuleType) -> Iterator[Exercise]:
    """Yield the exercises that a unit's module declared, or the modules of its package."""
    for name, exercises in DECLARED.items():
        if f"{name}.".startswith(f"{module.__name__}."):
            yield from exercises.values()


def _unread(module: ModuleType) -> list[Path]:
    """Return the files of a unit's package that were never imported."""
    if not hasattr(module, "__path__"):
        return []
    files = sorted(Path(str(module.__file__)).parent.glob("*.py"))
    return [f for f in files if f.stem != "__init__" and f"{module.__name__}.{f.stem}" not in sys.modules]


def imported(name: str) -> ModuleType:
    """Import a module of a bank.

    Raises:
        BankError: it does not parse, or raises; with file and line.

    """
    try:
        return importlib.import_module(name)
    except BankError as error:
        raise BankError(shown(str(error))) from None
    except SyntaxError as error:
        raise BankError(f"{shown(str(error.filename))}:{error.lineno}: this does not parse: {error.msg}") from None
    except Exception as error:
        frames = [(frame, line) for frame, line in traceback.walk_tb(error.__traceback__) if _declares(frame, name)]
        if not frames:
            raise BankError(f"{name}: it cannot be loaded: {error}") from None
        frame, line = frames[-1]
        raise BankError(f"{shown(frame.f_code.co_filename)}:{line}: {_said(error, frame)}") from None


def _declares(frame: FrameType, name: str) -> bool:
    """Return True for a frame of the bank that is being imported."""
    bank = "grader.bank." if name.startswith("grader.") else name.partition(".")[0] + "."
    return (
        str(frame.f_globals.get("__name__", "")).startswith(bank)
        and frame.f_globals["__name__"] not in MACHINERY
        and (not frame.f_globals["__name__"].startswith("grader.bank.forms"))
    )


def _said(error: Exception, frame: FrameType) -> str:
    """Say what an import raised; of an unknown option, what it may have been meant for."""
    option = OPTION.search(str(error)) if isinstance(error, TypeError) else None
    if option is None:
        return f"this cannot be loaded: {type(error).__name__}: {error}"
    known = [name for name in _options(error, option[1], frame) if not name.startswith("_")]
    near = difflib.get_close_matches(option[2], known, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(dict.fromkeys(known))}"
    return f"there is no option {option[2]}: {hint}"


def _options(error: Exception, function: str, frame: FrameType) -> Iterator[str]:
    """Yield the names that could be given where an unknown one was: those of the form, and the options that it hands on."""
    frames = [f for f, _ in traceback.walk_tb(error.__traceback__)]
    called = [f for f in frames if f.f_globals.get("__name__", "").startswith("grader.bank.forms")]
    for form in called[:1]:
        code = form.f_code
        yield from code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if code.co_flags & inspect.CO_VARKEYWORDS:
            yield from Options.__annotations__
    if not called and callable(frame.f_globals.get(function)):
        yield from inspect.signature(frame.f_globals[function]).parameters


def shown(place: str) -> str:
    """Shorten the paths at the beginning of a place ``file:line`` or a message: from the checkout, or from the current folder."""
    for root in (ROOT, Path.cwd()):
        place = place.removeprefix(f"{root}/").replace(f" {root}/", " ")
    return place
