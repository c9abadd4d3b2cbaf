"""The student's own work: the functions of a module on disk and of a notebook, in their own process."""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import linecache
import sys
import textwrap
import traceback
import types
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import decode_source
from pathlib import Path
from typing import Any

__all__ = [
    "Module",
    "Work",
    "is_stub",
    "module_at",
    "root_of",
    "root_of_the_imported",
    "untouched",
    "work_in",
    "written",
]

SAVE = "save the file as UTF-8"
INTERRUPTED = (
    "you interrupted it here, before it was read to its end; it runs again once it has changed, or in a new kernel"
)


@dataclass(frozen=True)
class Module:
    """A module of exercises as it stands on disk: its names, or the ``fault`` for which it could not be imported."""

    path: Path
    names: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True)
class Work:
    """The functions of one unit by name.

    Args:
        functions: those that count: the notebook's own, else those of the module on disk.
        module: the module on disk; None if there is none.
        older: names of which the notebook still has an older copy than the module on disk; or any, if there is none any more.

    """

    functions: Mapping[str, Any]
    module: Module | None = None
    older: frozenset[str] = frozenset()


def root_of(start: Path) -> Path | None:
    """Return the nearest folder at or above ``start`` that holds ``exercises/``; None if none does."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / "exercises").is_dir()), None)


def root_of_the_imported() -> Path | None:
    """Return the folder from which ``exercises`` was imported, wherever that is; None if it was not."""
    rooms = getattr(sys.modules.get("exercises"), "__path__", ())
    return next((Path(room).resolve().parent for room in rooms if Path(room).is_dir()), None)


def work_in(unit: str, scope: Mapping[str, Any], root: Path | None) -> Work:
    """Return the functions of a unit: the module on disk counts, and before it what a notebook defines itself.

    Args:
        unit: the unit's name.
        scope: the names of the notebook, or of the module that asks.
        root: the folder that holds ``exercises/``; None if there is none.

    """
    known = getattr(sys.modules.get(f"exercises.{unit}"), "__dict__", {})
    rooms = [root / "exercises" / f"{unit}.py"] if root is not None else []
    if known.get("__file__"):  # of a kit that stands elsewhere
        rooms.append(Path(known["__file__"]))
    module = next((module_at(path) for path in rooms if path.exists()), None)
    imported = {
        name
        for name, thing in scope.items()
        if getattr(thing, "__module__", None) == f"exercises.{unit}"
        or (callable(thing) and known.get(name) is thing)  # such as a partial function, which has another __module__
    }
    own = {name: thing for name, thing in scope.items() if name not in imported}
    if module is None:
        return Work(own, older=frozenset(imported))
    older = {n for n in imported & module.names.keys() if _code_of(scope[n]) != _code_of(module.names[n])}
    return Work({**module.names, **own}, module, frozenset(older))


def module_at(path: Path) -> Module:
    """Read and run a module of exercises as it stands on disk, whatever is imported under its name; again only if it changed."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return Module(path, fault=f"{_shown(path)} cannot be read: {error.strerror or type(error).__name__}")
    try:
        text = decode_source(data)  # by the encoding that Python itself would read it in
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return Module(path, fault=f"{_shown(path)} cannot be read: line {line} is no {error.encoding} text; {SAVE}")
    except (SyntaxError, LookupError):
        return Module(path, fault=f"{_shown(path)} cannot be read: it is no UTF-8 text; {SAVE}")
    return _run(path, text)


@lru_cache(maxsize=32)
def _run(path: Path, text: str) -> Module:
    module = types.ModuleType(f"exercises.{path.stem}")
    module.__file__ = str(path)
    linecache.checkcache(str(path))
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            code = compile(text, str(path), "exec", dont_inherit=True)
            exec(code, vars(module))  # noqa: S102 - the student's own code on their own machine
    except SyntaxError as error:
        if error.filename not in (None, str(path)):  # of another module, which this one imports
            return Module(path, fault=_failed(path, text, error))
        return Module(path, fault=_unreadable(path, text, error))
    except KeyboardInterrupt as error:  # by the student, who would meet the same line again before each cell
        return Module(path, fault=_failed(path, text, error, INTERRUPTED))
    except BaseException as error:  # the student's own module may fail in any way
        return Module(path, fault=_failed(path, text, error))
    return Module(path, vars(module))


def _unreadable(path: Path, text: str, error: SyntaxError) -> str:
    line = _line(text, error.lineno)
    indent = len(line) - len(line.lstrip())
    marker = " " * (error.offset - 1 - indent) + "^" if error.offset and error.offset > indent else ""
    return _fault(path, error.lineno, f"{type(error).__name__}: {error.msg}", line.strip(), marker)


def _failed(path: Path, text: str, error: BaseException, said: str = "") -> str:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = lines[-1] if lines else None
    try:
        said = said or f"{type(error).__name__}: {error}".removesuffix(": ")
    except Exception:  # in a method of the student's own exception
        said = type(error).__name__
    return _fault(path, line, said, _line(text, line).strip())


def _fault(path: Path, number: int | None, said: str, line: str, marker: str = "") -> str:
    """Return what is wrong with a module in one line, and below it the line of the student's text, as a traceback shows it."""
    if not number or not line:
        return f"{_shown(path)}: {said}"
    shown = f'  File "{_shown(path)}", line {number}\n    {line}' + (f"\n    {marker}" if marker else "")
    return f"{_shown(path)}, line {number}: {said}\n{shown}"


def _line(text: str, number: int | None) -> str:
    lines = text.splitlines()
    return lines[number - 1] if number and 0 < number <= len(lines) else ""


def _shown(path: Path) -> str:
    return "/".join(path.parts[-2:])


# ----------------------------------------------------------------------------- what stands in a function
def is_stub(function: Callable[..., Any]) -> bool:
    """Return True if a function, or a method of a class, still raises NotImplementedError somewhere."""
    if isinstance(function, type):  # Python looks for a class in the file of its module, and a notebook has none
        return any(is_stub(method) for method in vars(function).values() if inspect.isfunction(method))
    node = _parsed(function)
    raises = [n for n in ast.walk(node) if isinstance(n, ast.Raise)] if node is not None else []
    return any("NotImplementedError" in ast.dump(r) for r in raises)


def untouched(planted: Mapping[str, str | None], functions: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the functions that still have the body of the fault that was planted in their stub.

    Args:
        planted: the source of the fault by the function's name; None where none was planted.
        functions: what was written, by name.

    """
    faults = {name: _body(_tree(source)) for name, source in planted.items() if source}
    return frozenset(name for name, fault in faults.items() if _body(_parsed(functions.get(name))) == fault)


def written(function: Any) -> list[str]:
    """Return what stands in a function or class, and in what it uses of its own module, without layout, comments and docstring.

    Names of the module that are numbers or texts are told by their values. What has no source is told by its bytecode.
    """
    found: dict[str, str] = {}
    waiting = [("", function)]
    while waiting:
        name, thing = waiting.pop()
        node = _parsed(thing)
        found[name] = repr(_code_of(thing)) if node is None else f"{_signature(node)}{_body(node) or ast.dump(node)}"
        scope = _globals_of(thing)
        for used in sorted({n.id for n in ast.walk(node) if isinstance(n, ast.Name)} if node is not None else ()):
            other = scope.get(used)
            if type(other) in (int, float, str, bool, tuple):
                found[used] = repr(other)
            elif used not in found and getattr(other, "__module__", None) == getattr(thing, "__module__", ""):
                found[used] = ""
                waiting.append((used, other))
    return [f"{name} {text}" for name, text in sorted(found.items())]


def _signature(node: ast.AST) -> str:
    return ast.dump(node.args) if isinstance(node, ast.FunctionDef) else ""


def _globals_of(thing: Any) -> Mapping[str, Any]:
    """Return the names among which a function, or the methods of a class, look for others."""
    parts = vars(thing).values() if isinstance(thing, type) else (inspect.unwrap(thing) if callable(thing) else thing,)
    return next((part.__globals__ for part in parts if inspect.isfunction(part)), {})


def _body(node: ast.AST | None) -> str | None:
    """Return the statements of a function without its docstring, in a form that layout and comments do not change."""
    if not isinstance(node, ast.FunctionDef):
        return None
    statements = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return "\n".join(map(ast.dump, statements))


def _parsed(function: Any) -> ast.AST | None:
    try:
        return _tree(inspect.getsource(function))
    except (OSError, TypeError):
        return None


@lru_cache(maxsize=512)
def _tree(source: str) -> ast.AST | None:
    try:
        (node,) = ast.parse(textwrap.dedent(source)).body
    except (SyntaxError, ValueError):
        return None
    return node


def _code_of(thing: Any) -> Any:
    """Return what a function or class does, equal for two copies of one text: bytecode and constants, whatever the lines."""
    if isinstance(thing, type):
        return {name: _code_of(part) for name, part in vars(thing).items() if callable(part)}
    code = getattr(thing, "__code__", None)
    return None if code is None else _parts(code)


def _parts(code: types.CodeType) -> tuple[Any, ...]:
    constants = tuple(
        _parts(c) if isinstance(c, types.CodeType) else (type(c).__name__, repr(c)) for c in code.co_consts
    )
    return code.co_code, code.co_names, code.co_varnames, constants
