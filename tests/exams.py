"""Papers as students hand them in: with the model answers written into the stubs."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
from types import ModuleType
from typing import Any

from grader.bank import catalogue

__all__ = ["cells_of", "solved"]

Cell = dict[str, Any]


def cells_of(paper: str, kind: str = "") -> list[str]:
    """Return the texts of the cells of a paper, or of those of a kind."""
    return ["".join(cell["source"]) for cell in json.loads(paper)["cells"] if kind in ("", cell["cell_type"])]


def solved(paper: str, but: tuple[str, ...] = ()) -> str:
    """Return a paper with the model answers in place of its stubs, and all that these call; ``but`` for some functions."""
    notebook = json.loads(paper)
    units = {unit.title: unit.name for unit in catalogue().units.values()}
    unit, cells = "", list[Cell]()
    stubs = {name for text in cells_of(paper, "code") if (name := _stub(text))}
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and text.startswith("## "):
            unit = units[text.removeprefix("## ").rpartition(" (")[0]]
        name = _stub(text) if cell["cell_type"] == "code" else ""
        if name and name not in but:
            cell["source"] = _answer(unit, name, stubs).splitlines(keepends=True)
        cells.append(cell)
    notebook["cells"] = cells
    return json.dumps(notebook)


def _stub(text: str) -> str:
    """Return the name of the one function or class of a cell; nothing for another cell."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return ""
    return body[0].name if len(body) == 1 and isinstance(body[0], (ast.FunctionDef, ast.ClassDef)) else ""


def _answer(unit: str, name: str, stubs: set[str]) -> str:
    """Return the source of a model answer, with that of all that it uses and the paper does not ask for."""
    found: dict[str, str] = {}

    def add(module: ModuleType, wanted: str) -> None:
        source = inspect.getsource(module)
        for node in ast.parse(source).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("reference"):
                if any((alias.asname or alias.name) == wanted for alias in node.names):
                    add(importlib.import_module(node.module or ""), wanted)
            elif wanted in _names(node) and wanted not in found:
                found[wanted] = ""
                used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - stubs
                for other in sorted(used - {wanted}):
                    add(module, other)
                del found[wanted]
                found[wanted] = ast.get_source_segment(source, node) or ""

    add(importlib.import_module(f"reference.{unit}"), name)
    return "\n\n".join(found.values())


def _names(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
    return set()
