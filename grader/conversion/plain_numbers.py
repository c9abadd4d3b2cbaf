"""The functions that compute with plain numbers, whose model answers cannot carry a rounding bound."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from grader.conversion.functions import Gathered

__all__ = ["of_plain_numbers"]

MODULES = {"math", "cmath", "statistics", "fractions", "decimal"}
CASTS = {"float", "int", "round"}


def of_plain_numbers(gathered: Gathered) -> set[str]:
    """Return the names of functions that use ``math`` and the like, or cast; or call one that does."""
    trees = [ast.parse(text) for text in (*gathered.before, *gathered.given, *(f.text for f in gathered.functions))]
    nodes = {n.name: n for tree in trees for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    outside = _modules(tree for tree in trees if not any(isinstance(n, ast.FunctionDef) for n in tree.body))
    found = {name for name, node in nodes.items() if _does(node, outside | _modules([node]))}
    callers: dict[str, set[str]] = {}
    for name, node in nodes.items():
        for used in {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} & nodes.keys():
            callers.setdefault(used, set()).add(name)
    waiting = [*found]
    while waiting:
        new = callers.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _modules(trees: Iterable[ast.AST]) -> set[str]:
    """Return the names that stand for these modules, or come from one."""
    found: set[str] = set()
    for node in (n for tree in trees for n in ast.walk(tree)):
        if isinstance(node, ast.Import):
            found |= {a.asname or a.name for a in node.names if a.name in MODULES}
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            found |= {a.asname or a.name for a in node.names}
    return found


def _does(node: ast.AST, names: set[str]) -> bool:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in names | CASTS:
            return True
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id in names:
            return True
    return False
