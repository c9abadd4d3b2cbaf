"""The names that a cell of a marimo notebook defines and uses. Those that begin with ``_`` are each cell's own."""

from __future__ import annotations

import ast
import symtable
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from grader.submission.parsing import parsed
from grader.submission.written_cells import WrittenCell

__all__ = ["Scope", "hidden_apart", "scope_of"]


@dataclass(frozen=True)
class Scope:
    """The names of a cell that others see: defined by it, and used in it; ``own`` and ``inner`` are hidden ones.

    ``takes_all``: it has an import of everything, so that its names are not known. ``inner``: hidden names that a function in the
    cell uses for itself.
    """

    defined: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    inner: frozenset[str] = frozenset()
    takes_all: bool = False


def scope_of(source: str) -> Scope:
    """Return the names of a cell; none if it does not parse."""
    tree = parsed(source)
    if tree is None:
        return Scope()
    try:
        table = symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Scope()
    defined = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
    used = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    inner: set[str] = set()
    for below in _below(table):
        for symbol in below.get_symbols():
            if symbol.is_global() and symbol.is_assigned():
                defined.add(symbol.get_name())
            elif symbol.is_global():
                used.add(symbol.get_name())
            elif _hidden(symbol.get_name()):
                inner.add(symbol.get_name())
    takes_all = any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in tree.body)
    return Scope(
        frozenset(name for name in defined if not _hidden(name)),
        frozenset(name for name in used - defined if not _hidden(name)),
        frozenset(name for name in defined | used if _hidden(name)),
        frozenset(inner),
        takes_all,
    )


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    waiting = list(table.get_children())
    while waiting:
        found = waiting.pop()
        yield found
        waiting += found.get_children()


def _hidden(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def hidden_apart(cells: Sequence[WrittenCell]) -> list[WrittenCell]:
    """Give hidden names that several cells have a name of their own in each, since all cells run among the same names here."""
    scopes = [scope_of(cell.source) for cell in cells]
    shared = {name for name, count in Counter(name for scope in scopes for name in scope.own).items() if count > 1}
    return [
        replace(
            cell,
            source=_renamed(cell.source, {name: f"_cell_{number}{name}" for name in scope.own & shared - scope.inner}),
        )
        for number, (cell, scope) in enumerate(zip(cells, scopes, strict=True), 1)
    ]


def _renamed(source: str, names: dict[str, str]) -> str:
    """Give names of a cell others, in place; where places are not known, as in f-strings before Python 3.12, laid out anew."""
    tree = parsed(source)
    if not names or tree is None:
        return source
    lines = [line.encode() for line in source.split("\n")]
    edits: list[tuple[int, int, str]] = []
    found = True
    for node in ast.walk(tree):
        for old, line, column in _named(node, lines):
            if old in names:
                found = found and _stands(old.encode(), lines, line, column)
                edits.append((line - 1, column, old))
        _rename(node, names)
    if not found:
        try:
            return ast.unparse(tree)
        except RecursionError:
            return source
    for line, column, old in sorted(set(edits), reverse=True):
        text = lines[line]
        lines[line] = text[:column] + names[old].encode() + text[column + len(old.encode()) :]
    return b"\n".join(lines).decode()


def _stands(name: bytes, lines: Sequence[bytes], line: int, column: int) -> bool:
    """Return True if a name stands at a place."""
    return 0 < line <= len(lines) and column >= 0 and lines[line - 1][column : column + len(name)] == name


def _named(node: ast.AST, lines: Sequence[bytes]) -> Iterator[tuple[str, int, int]]:
    """Yield the names that a node itself has, each with its line and column."""
    if isinstance(node, ast.Name):
        yield node.id, node.lineno, node.col_offset
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        text = lines[node.lineno - 1]
        yield node.name, node.lineno, text.find(node.name.encode(), node.col_offset + 3)
    elif isinstance(node, ast.alias) and (node.asname or node.name).startswith("_"):
        yield node.asname or node.name, node.lineno, -1  # where it stands is not told: laid out anew
    elif isinstance(node, ast.Global):
        yield from ((name, node.lineno, -1) for name in node.names)


def _rename(node: ast.AST, names: dict[str, str]) -> None:
    if isinstance(node, ast.Name):
        node.id = names.get(node.id, node.id)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        node.name = names.get(node.name, node.name)
    elif isinstance(node, ast.alias):
        new = names.get(node.asname or node.name)
        node.asname = new or node.asname
    elif isinstance(node, ast.Global):
        node.names = [names.get(name, name) for name in node.names]
