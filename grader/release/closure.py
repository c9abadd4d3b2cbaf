"""The import closure of modules of ours, read from their text: what a student's machine needs of the grader, and nothing else."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import grader

__all__ = ["closure"]

PACKAGE = Path(grader.__file__).parent
LIBRARIES = ("numpy", "grader")
"""What a module of the kit may import when it is imported, beside the standard library."""
KEPT = ("grader.judging.cases.drawn",)
"""Modules that stay with the grader, though a student's side names them: the recipes of hidden cases, which it never asks for."""


def closure(*modules: str) -> dict[str, Path]:
    """Return the modules of ours that some modules import, directly or not, with the packages that hold them.

    Imports inside functions count, those for type checkers do not. A module that needs another library than numpy as soon as it is
    imported is left out: who imports it does so late, where nobody comes without that library. So is what is :data:`KEPT`.

    Args:
        modules: full names, ``grader.student``.

    Returns:
        Their files by their full names.

    """
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        path = _file(name)
        if name in found or name in KEPT or path is None:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if _needs_more(tree):
            continue
        found[name] = path
        waiting += [name.rpartition(".")[0], *_imported(tree)]
    return dict(sorted(found.items()))


def _file(module: str) -> Path | None:
    package, *rest = module.split(".")
    if package != "grader":
        return None
    base = PACKAGE.joinpath(*rest)
    return next((p for p in (base / "__init__.py", base.with_suffix(".py")) if p.is_file()), None)


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield the names of modules that a text imports; of ``from a import b`` both a and a.b, and where a takes b late from."""
    for node in _run(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            late = _late(node.module)
            for alias in node.names:
                yield f"{node.module}.{late.get(alias.name, alias.name)}"


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a text, but for what stands under ``if TYPE_CHECKING``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from _run(node)


def _late(module: str) -> dict[str, str]:
    """Return the table by which a package of ours imports its names when they are first asked for, by name the module."""
    path = _file(module)
    if path is None or path.name != "__init__.py":
        return {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LATE":
            table: dict[str, str] = ast.literal_eval(node.value)
            return table
    return {}


def _needs_more(tree: ast.Module) -> bool:
    """Return True if a module imports another library than numpy as soon as it is imported itself."""
    top = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {a.name for node in top if isinstance(node, ast.Import) for a in node.names}
    names |= {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}
    return bool({name.partition(".")[0] for name in names} - {*LIBRARIES, "__future__"} - set(sys.stdlib_module_names))
