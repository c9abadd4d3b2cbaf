"""The student's own work at a path: the functions of modules and notebooks, imported in their own process."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from grader.bank import catalogue
from grader.errors import SubmissionError
from grader.judging import Exercise, Unit

__all__ = ["is_stub", "untouched_faults", "work_at"]


def is_stub(function: Callable[..., Any]) -> bool:
    """Return True if a function still raises NotImplementedError somewhere."""
    try:
        (node,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return False
    raises = [n for n in ast.walk(node) if isinstance(n, ast.Raise)]
    return any("NotImplementedError" in ast.dump(r) for r in raises)


def untouched_faults(exercises: Iterable[Exercise], functions: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the functions that still have the body of the fault that was planted in their stub."""
    planted = {
        e.function: mistake.answer
        for e in exercises
        for mistake in e.mistakes
        if e.planted is not None and mistake.name == e.planted
    }
    return frozenset(n for n, faulty in planted.items() if _body(functions.get(n)) == _body(faulty) != None)  # noqa: E711


def _body(function: Any) -> str | None:
    """Return the statements of a function without its docstring, in a form that layout and comments do not change."""
    try:
        (node,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return None
    if not isinstance(node, ast.FunctionDef):
        return None
    statements = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return "\n".join(map(ast.dump, statements))


def work_at(path: Path) -> list[tuple[Unit, dict[str, Any]]]:
    """Find the units that are worked on at a path, each with its functions by name; modules there are imported.

    Raises:
        SubmissionError: a module cannot be imported, or a file is neither a module nor a notebook.

    """
    if path.is_dir():
        return [found for unit in catalogue().units.values() if (found := _in_folder(path, unit)) is not None]
    functions = _define_notebook(path) if path.suffix == ".ipynb" else _import_file(path)
    units = catalogue().units.values()
    counted = [(sum(callable(functions.get(e.function)) for e in u.exercises), u) for u in units]
    most = max(counted, key=lambda pair: pair[0])
    return [(most[1], functions)] if most[0] else []


def _in_folder(folder: Path, unit: Unit) -> tuple[Unit, dict[str, Any]] | None:
    """Return a unit with its functions in a folder: those of its module, replaced by those of its notebook; None if none."""
    functions: dict[str, Any] = {}
    modules = [folder / room / f"{unit.name}.py" for room in ("exercises", ".")]
    notebooks = [p for room in ("notebooks", ".") for p in sorted((folder / room).glob(f"*{unit.name}*.ipynb"))]
    for path in [m for m in modules if m.exists()][:1]:
        functions |= _import_file(path)
    for path in notebooks[:1]:
        functions |= {k: v for k, v in _define_notebook(path).items() if not (callable(v) and is_stub(v))}
    return (unit, functions) if functions else None


def _import_file(path: Path) -> dict[str, Any]:
    """Import a module and return its names.

    Raises:
        SubmissionError: the file is no Python module, or its import raises.

    """
    spec = importlib.util.spec_from_file_location(f"_checked_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise SubmissionError(f"{path} is neither a notebook nor a Python module")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # the student's own module may fail in any way
        raise SubmissionError(f"{path} cannot be imported: {type(error).__name__}: {error}") from None
    return vars(module)


def _define_notebook(path: Path) -> dict[str, Any]:
    """Execute the imports, functions, classes and plain assignments of a notebook, and nothing else; return its names."""
    from grader.submission import code_cells, read_notebook

    scope: dict[str, Any] = {"__name__": "__notebook__"}
    sys.path[:0] = [str(path.parent), str(path.parent.parent)]
    try:
        for tree in code_cells(read_notebook(path.read_bytes())):
            for node in tree.body:
                _define(node, scope, path)
    finally:
        del sys.path[:2]
    return scope


def _define(node: ast.stmt, scope: dict[str, Any], path: Path) -> None:
    """Execute an import, function, class or call-free assignment in ``scope``; skip other statements, and one that raises."""
    if not isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign)):
        return
    if isinstance(node, ast.Assign) and any(isinstance(n, ast.Call) for n in ast.walk(node.value)):
        return
    try:
        exec(compile(ast.Module([node], []), str(path), "exec"), scope)  # noqa: S102 - the student's own code on their own machine
    except Exception:  # a definition that fails leaves its name missing, which is what the checks then say
        return
