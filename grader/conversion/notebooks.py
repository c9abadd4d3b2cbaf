"""The notebook that students get: prose as it was, solutions taken out, our checks in the place of tests; in two formats."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from grader.conversion.functions import parsed
from grader.conversion.model import BEGIN, END, Cell

__all__ = ["as_jupyter", "as_myst", "student_cells"]

OPENING = "from grader.student.notebook import *"
HERE = "# YOUR CODE HERE"


def student_cells(
    unit: str, cells: Sequence[Cell], checks: Mapping[int, Sequence[str]], functions: frozenset[str]
) -> list[Cell]:
    """Return the cells that students get.

    Args:
        unit: the unit's name.
        cells: those of the course.
        checks: by the number of a cell with a test, the functions that are checked in its place; of a test without one, what
            students saw of it stays.
        functions: the functions whose solution is taken out.

    """
    made = [Cell(0, "code", "given", OPENING, OPENING)]
    checked: set[str] = set()
    for cell in cells:
        if cell.role == "solution":
            text = _stub(unit, cell.source, functions)
        elif cell.number in checks:
            new = [name for name in checks[cell.number] if name not in checked]
            checked |= {*new}
            text = "\n".join(f'check("{unit}.{name}")' for name in new)
        else:
            text = cell.shown or ""
        if text.strip():
            made.append(Cell(cell.number, cell.kind, cell.role, cell.source, text, attachments=cell.attachments))
    return made


def _stub(unit: str, source: str, functions: frozenset[str]) -> str:
    """Return a solution's cell without its solutions: of functions head and docstring stay, and what stands outside of regions."""
    lines = source.split("\n")
    tree = parsed(source)
    cut: dict[int, tuple[int, list[str]]] = {}
    found = False
    for node in tree.body if tree is not None else ():
        if not isinstance(node, ast.FunctionDef) or node.name not in functions:
            continue
        text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        if BEGIN in text:
            continue
        found = True
        documented = ast.get_docstring(node) is not None and len(node.body) > 1
        first = node.body[1].lineno if documented else node.body[0].lineno
        indent = " " * node.body[0].col_offset
        if node.body[0].lineno == node.lineno:
            head = lines[node.lineno - 1].encode()[: node.body[0].col_offset].decode()
            cut[node.lineno] = node.end_lineno or node.lineno, [f"{head}{_raises(unit, node.name)}"]
        else:
            cut[first] = node.end_lineno or first, [indent + _raises(unit, node.name)]
    made: list[str] = []
    number = 1
    inside = False
    while number <= len(lines):
        line = lines[number - 1]
        indent = line[: len(line) - len(line.lstrip())]
        if number in cut:
            made += cut[number][1]
            number = cut[number][0]
        elif not inside and BEGIN in line:
            inside = True
            owner = _owner(tree, number, functions)
            made.append(indent + (_raises(unit, owner) if owner else HERE if not indent else f"pass  {HERE}"))
        elif inside:
            inside = END not in line
        else:
            made.append(line)
        number += 1
    regions = BEGIN in source
    return "\n".join(made).strip("\n") if found or regions else HERE


def _owner(tree: ast.Module | None, line: int, functions: frozenset[str]) -> str:
    """Return the function in which a line stands; an empty text for none."""
    for node in tree.body if tree is not None else ():
        if (
            isinstance(node, ast.FunctionDef)
            and node.lineno <= line <= (node.end_lineno or node.lineno) + 1
            and node.name in functions
        ):
            return node.name
    return ""


def _raises(unit: str, name: str) -> str:
    return f'raise NotImplementedError("{unit}.{name}: not written yet")'


# ----------------------------------------------------------------------------------------- formats
def as_jupyter(cells: Sequence[Cell]) -> str:
    """Return cells as a Jupyter notebook."""
    made: list[dict[str, Any]] = []
    for number, cell in enumerate(cells, 1):
        one: dict[str, Any] = {
            "cell_type": cell.kind,
            "id": f"cell-{number}",
            "metadata": {},
            "source": (cell.shown or "").splitlines(keepends=True),
        }
        if cell.kind == "code":
            one |= {"execution_count": None, "outputs": []}
        elif cell.attachments:
            one["attachments"] = cell.attachments
        made.append(one)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


HEAD = """\
---
jupytext:
  formats: ipynb,md:myst
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""


def as_myst(cells: Sequence[Cell]) -> str:
    """Return cells in the text format of our notebooks, from which Jupytext makes notebooks."""
    parts: list[str] = []
    before = "code"
    for cell in cells:
        text = cell.shown or ""
        if cell.kind == "markdown":
            parts.append(("+++\n\n" if before == "markdown" else "") + text)
        else:
            fence = _fence(text)
            kind = "code-cell} ipython3" if cell.kind == "code" else "raw-cell}"
            parts.append(f"{fence}{{{kind}\n{text}\n{fence}")
        before = cell.kind
    return HEAD + "\n" + "\n\n".join(parts) + "\n"


def _fence(text: str) -> str:
    """Return a fence that is longer than any within a text."""
    return "`" * max(3, *(len(run) + 1 for run in re.findall(r"`{3,}", text)), 3)
