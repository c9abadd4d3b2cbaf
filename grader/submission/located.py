"""The places of functions in the files that were handed in: which line of which file to look at, read as text and never run.

A notebook is JSON, and a place in it is a line of that text: what a code host shows beside an annotation.
"""

from __future__ import annotations

import ast
import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.places import Place, Places
from grader.submission.attempts import python_of
from grader.submission.files import from_folder
from grader.submission.parsing import fault_of, parsed
from grader.submission.reading import MOST_NOTEBOOK, Unreadable, read_text
from grader.submission.scripts import Kind, cells_of_script, kind_of_script
from grader.submission.submitted import Submission

__all__ = ["Cell", "cells_of", "module_places", "notebook_places", "places"]

SIGN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
"""Of JSON: a string, a bracket or other sign, a number or word."""
NEWLINE = re.compile("\n")
LINE = re.compile("[^\n]*\n|[^\n]+")
DEEPEST = 40
"""How deep brackets are followed; a notebook's sources stand at the sixth level at most."""


def places(path: Path, submission: Submission) -> Places:
    """Return where the work of a submission stands; files are named from ``path``, as it was given.

    Args:
        path: where the submission was collected from.
        submission: as it was collected there.

    """
    try:
        return _places(path, submission)
    except (
        OSError,
        Unreadable,
        RecursionError,
        MemoryError,
    ):  # gone or changed meanwhile: a place is a help, and no verdict
        return Places(whole=Place(path.as_posix()))


def _places(path: Path, submission: Submission) -> Places:
    module, notebook = f"exercises/{submission.assignment}.py", submission.notebook_path
    files = from_folder(path) if path.is_dir() else {}
    exercises: dict[str, Place] = {}
    cells: tuple[Place, ...] = ()
    of_module = of_notebook = None
    if submission.has_module:
        of_module = _named(path, files, module, submission.files[module])
        if of_module.endswith(".py"):
            exercises |= module_places(of_module, submission.files[module])
    if notebook is not None:
        of_notebook = _named(path, files, notebook, submission.files[notebook])
        if of_notebook.endswith(".ipynb"):
            defined, cells = notebook_places(of_notebook, submission.files[notebook])
            # Of a stub in the notebook and a function in the module the latter counts, as everywhere.
            exercises |= {
                n: p for n, p in defined.items() if n not in exercises or submission.where.get(n) == "notebook"
            }
        elif kind := kind_of_script(of_notebook, submission.files[notebook]):
            defined, cells = script_places(of_notebook, kind, submission.files[notebook])
            exercises |= {
                n: p for n, p in defined.items() if n not in exercises or submission.where.get(n) == "notebook"
            }
    return Places(exercises, cells, Place(of_module or of_notebook or path.as_posix()))


def _named(path: Path, files: dict[str, bytes], name: str, data: bytes) -> str:
    """Return the path of a file of a submission: the topmost one of that name and these bytes."""
    bare = name.removeprefix("exercises/")
    same = [n for n, d in files.items() if d == data and (f"/{n}".endswith(f"/{name}") or n == bare)]
    same = same or [n for n, d in files.items() if d == data]
    return (path / min(same, key=lambda n: (n.count("/"), n))).as_posix() if same else path.as_posix()


def module_places(file: str, data: bytes) -> dict[str, Place]:
    """Return the places of what a module defines; of one that does not parse, that of the line at fault under the empty name."""
    text = read_text(data)
    tree = parsed(text)
    if tree is None:
        return {"": Place(file, fault_of(text)[0])}
    return {name: Place(file, first, last) for name, (first, last) in _defined(tree).items()}


def _defined(tree: ast.Module) -> dict[str, tuple[int, int]]:
    """Return by name the lines of definitions at the top of a tree and in its branches, the last of each name."""
    found: dict[str, tuple[int, int]] = {}
    waiting: list[ast.stmt] = tree.body[::-1]
    while waiting:
        node = waiting.pop()
        lines = node.lineno, node.end_lineno or node.lineno
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = lines
        elif isinstance(node, ast.Assign):
            found |= {target.id: lines for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = lines
        elif isinstance(node, ast.If | ast.For | ast.While | ast.With | ast.Try):
            inner = [s for part in ("body", "orelse", "finalbody") for s in getattr(node, part, ())]
            waiting += inner[::-1]
    return found


# --------------------------------------------------------------------------------------- notebooks
def notebook_places(file: str, data: bytes) -> tuple[dict[str, Place], tuple[Place, ...]]:
    """Return the places of what a notebook's code cells define, the last of each name, and those of the cells."""
    found: dict[str, Place] = {}
    cells: list[Place] = []
    for number, cell in enumerate((c for c in cells_of(read_text(data)) if c.kind == "code"), 1):
        rows = cell.rows()
        cells.append(Place(file, rows[0] if rows else cell.line, rows[-1] if rows else cell.line, number))
        read = python_of("".join(part for part, _ in cell.source))
        if read is None or not rows:
            continue
        _, tree, above = read
        for name, (first, last) in _defined(tree).items():
            at, to = (rows[min(line + above, len(rows)) - 1] for line in (first, last))
            found[name] = Place(file, at, to, number)
    return found, tuple(cells)


def script_places(file: str, kind: Kind, data: bytes) -> tuple[dict[str, Place], tuple[Place, ...]]:
    """Return the places of what the cells of a script define, and those of its code cells."""
    found: dict[str, Place] = {}
    cells: list[Place] = []
    for number, cell in enumerate((c for c in cells_of_script(kind, data).cells if c.kind == "code"), 1):
        rows = cell.lines or (1,)
        cells.append(Place(file, rows[0], rows[-1], number))
        read = python_of(cell.source)
        for name, (first, last) in _defined(read[1]).items() if read is not None else ():
            at, to = (rows[min(line + read[2], len(rows)) - 1] for line in (first, last))  # type: ignore[index]
            found[name] = Place(file, at, to, number)
    return found, tuple(cells)


@dataclass
class Cell:
    """A cell, as its JSON is read: its kind, its line, and its source in parts, each with its line."""

    line: int
    kind: str = ""
    source: list[tuple[str, int]] = field(default_factory=list)

    def rows(self) -> list[int]:
        """Return of each line of the source the line of the file."""
        rows: list[int] = []
        begun = False
        for text, line in self.source:
            for piece in LINE.findall(text):
                if not begun:
                    rows.append(line)
                begun = not piece.endswith("\n")
        return rows


def cells_of(text: str) -> Iterator[Cell]:
    """Yield the cells of a notebook, of nbformat 3 or 4, from its JSON text."""
    if len(text) > MOST_NOTEBOOK:
        return
    starts = [0, *(match.end() for match in NEWLINE.finditer(text))]
    keys: list[str | None] = []  # of each open bracket: the last key, or None in a list
    cell: Cell | None = None
    depth = 0
    before = ""
    for match in SIGN.finditer(text):
        sign = match[0]
        if sign in "{[":
            if len(keys) >= DEEPEST:
                return
            keys.append("" if sign == "{" else None)
            if sign == "{" and _opens_cell(keys):
                cell, depth = Cell(bisect_right(starts, match.start())), len(keys)
        elif sign in "}]":
            if not keys:
                return
            if cell is not None and len(keys) == depth:
                yield cell
                cell = None
            keys.pop()
        elif sign == ":" and keys and keys[-1] is not None:
            keys[-1] = _string(before)
        elif sign[0] == '"' and cell is not None:
            name = keys[depth - 1]
            if len(keys) == depth and name == "cell_type" and before == ":":
                cell.kind = _string(sign)
            elif name in ("source", "input") and ((len(keys) == depth and before == ":") or _in_list(keys, depth)):
                cell.source.append((_string(sign), bisect_right(starts, match.start())))
        before = sign


def _in_list(keys: list[str | None], depth: int) -> bool:
    return len(keys) == depth + 1 and keys[-1] is None


def _opens_cell(keys: list[str | None]) -> bool:
    """Return whether the bracket that was opened last is that of a cell."""
    return keys in (["cells", None, ""], ["worksheets", None, "cells", None, ""])


def _string(sign: str) -> str:
    try:
        read = json.loads(sign, strict=False)
    except ValueError:
        return ""
    return read if isinstance(read, str) else ""
