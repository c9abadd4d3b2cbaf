"""Notebooks read from their files: what they define, without running anything else of them."""

from __future__ import annotations

import ast
import json
import linecache
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.errors import SubmissionError

__all__ = ["defined_in"]

SHELL = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)
"""Lines that are IPython's and no Python."""


def defined_in(path: Path) -> dict[str, Any]:
    """Execute the imports, functions, classes and call-free assignments of a notebook, and nothing else; return its names.

    Raises:
        SubmissionError: the file is no notebook.

    """
    scope: dict[str, Any] = {"__name__": "__notebook__"}
    sys.path[:0] = [str(path.parent), str(path.parent.parent)]
    try:
        for name, tree in _cells(path):
            for node in tree.body:
                _define(node, scope, name)
    finally:
        del sys.path[:2]
    return scope


def _cells(path: Path) -> Iterator[tuple[str, ast.Module]]:
    """Yield the code cells that can be read as Python, each with a name by which its source is found again."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8-sig"))["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SubmissionError(f"{path} is no notebook that can be read: {type(error).__name__}: {error}") from None
    for number, text in enumerate(texts, 1):
        if text.lstrip().startswith("%%"):
            continue
        name, source = f"<cell {number} of {path.name}>", SHELL.sub(r"\1pass", text)
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        try:
            yield name, ast.parse(source)
        except (SyntaxError, ValueError):
            continue  # what such a cell defines is missing, which is what the checks then say


def _define(node: ast.stmt, scope: dict[str, Any], cell: str) -> None:
    """Execute an import, function, class or call-free assignment in ``scope``; skip other statements, and one that raises."""
    if not isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign)):
        return
    if isinstance(node, ast.Assign) and any(isinstance(n, ast.Call) for n in ast.walk(node.value)):
        return
    try:
        exec(compile(ast.Module([node], []), cell, "exec"), scope)  # noqa: S102 - the student's own code on their own machine
    except KeyboardInterrupt:
        raise
    except (
        BaseException
    ):  # what fails, or leaves, as a module may that is imported: its name is missing, and the checks say so
        return
