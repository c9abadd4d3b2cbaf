"""Edits of source text that a new exercise needs: an import, an item of a tuple, a section of a notebook. No file is read here."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.bank.lines import last_line
from grader.errors import UsageError

__all__ = ["imports_added", "item_added", "listed_in_notebook", "section_added"]

WIDTH = 120


def imports_added(text: str, wanted: Iterable[str]) -> str:
    """Add lines of import to a module, those that are not there, in their places: the standard library before others."""
    for line in wanted:
        imports = [node for node in ast.parse(text).body if isinstance(node, (ast.Import, ast.ImportFrom))]
        if line not in {_single(node, alias) for node in imports for alias in node.names}:
            text = _import_added(text, line, imports)
    return text


def _import_added(text: str, line: str, imports: Sequence[ast.Import | ast.ImportFrom]) -> str:
    standard = _is_standard(ast.parse(line).body[0])
    alike = [node for node in imports if _is_standard(node) is standard and not _is_future(node)]
    behind = [node for node in alike if _order(ast.unparse(node)) < _order(line)]
    lines = text.split("\n")
    if behind:
        lines.insert(last_line(behind[-1]), line)
    elif alike:
        lines.insert(alike[0].lineno - 1, line)
    else:
        earlier = [node for node in imports if standard is False or _is_future(node)]
        at = last_line(earlier[-1] if earlier else ast.parse(text).body[0])
        lines[at:at] = ["", line]
    return "\n".join(lines)


def _order(line: str) -> tuple[bool, str]:
    """Return the place of an import among its like: plain imports first, each kind by name."""
    return line.startswith("from"), line


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _is_standard(node: ast.stmt) -> bool:
    """Return True for an import from the standard library."""
    if isinstance(node, ast.ImportFrom):
        return node.level == 0 and (node.module or "").partition(".")[0] in sys.stdlib_module_names
    return isinstance(node, ast.Import) and node.names[0].name.partition(".")[0] in sys.stdlib_module_names


def _single(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    """Return one name of an import as a line of its own."""
    name = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
    return (
        f"import {name}"
        if isinstance(node, ast.Import)
        else f"from {'.' * node.level}{node.module or ''} import {name}"
    )


def item_added(text: str, path: Path, where: str, name: str) -> str:
    """Add a name to a tuple: a unit to ``UNITS``, or a module to the ``UNIT`` of a package and to its import.

    Args:
        text: the module's text.
        path: of the module, for messages.
        where: ``UNITS``, or the package from which the modules of the unit are imported.
        name: the unit, or the module.

    Raises:
        UsageError: the module does not have that tuple.

    """
    tree = ast.parse(text)
    edits: list[tuple[ast.AST, str]] = []
    for node in tree.body:
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        target = ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else ""
        if where == "UNITS" and target == "UNITS" and isinstance(value, ast.Tuple):
            edits.append(
                (value, _tuple([ast.unparse(e).replace("'", '"') for e in value.elts] + [f'"{name}"'], "UNITS = "))
            )
        elif target == "UNIT" and isinstance(value, ast.Call) and value.args and isinstance(value.args[-1], ast.Tuple):
            edits.append((value, _call(text, value, [*map(ast.unparse, value.args[-1].elts), name])))
        elif isinstance(node, ast.ImportFrom) and f"{'.' * node.level}{node.module or ''}" == where:
            names = sorted({*(alias.name for alias in node.names), name})
            line = f"from {where} import {', '.join(names)}"
            many = f"from {where} import (\n" + "".join(f"    {n},\n" for n in names) + ")"
            edits.append((node, line if len(line) <= WIDTH else many))
    if len(edits) != (1 if where == "UNITS" else 2):
        what = (
            "UNITS = (...)" if where == "UNITS" else f"`from {where} import ...` and UNIT = Unit.of_modules(..., (...))"
        )
        raise UsageError(
            f"{path}:1: it has no {what}, to which {name} could be added; add it by hand: nothing was written"
        )
    lines = text.split("\n")
    for at, new in sorted(edits, key=lambda edit: -edit[0].lineno):  # type: ignore[attr-defined]
        lines = _replaced(lines, at, new)
    return "\n".join(lines)


def _tuple(items: Sequence[str], before: str, behind: str = "", indent: str = "") -> str:
    line = f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    if len(before) + len(line) + len(behind) <= WIDTH:
        return line
    return "(\n" + "".join(f"{indent}    {item},\n" for item in items) + f"{indent})"


def _call(text: str, call: ast.Call, items: Sequence[str]) -> str:
    """Write the call that makes a UNIT, its last argument being a tuple of these items; on one line, if it fits."""
    given = [ast.get_source_segment(text, argument) or "" for argument in call.args[:-1]]
    made = ast.unparse(call.func)
    line = f"{made}({', '.join([*given, _tuple(items, '')])})"
    if "\n" not in line and len(f"UNIT = {line}") <= WIDTH:
        return line
    arguments = [*given, _tuple(items, "    ", ",", "    ")]
    return f"{made}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"


def _replaced(lines: list[str], node: ast.AST, new: str) -> list[str]:
    """Put a text in the place of a node. Columns are counted in bytes, as the parser does."""
    first, last = node.lineno - 1, node.end_lineno - 1  # type: ignore[attr-defined]
    before = lines[first].encode()[: node.col_offset].decode()  # type: ignore[attr-defined]
    after = lines[last].encode()[node.end_col_offset :].decode()  # type: ignore[attr-defined]
    return [*lines[:first], *(before + new + after).split("\n"), *lines[last + 1 :]]


def section_added(text: str, section: str, before: Sequence[str]) -> str:
    """Add a section to the text of a notebook, before the first heading that begins with one of these; else at its end."""
    lines = text.split("\n")
    ends = [
        i for i, line in enumerate(lines) if line.startswith("## ") and re.sub(r"^## (\d+\. )?", "## ", line) in before
    ]
    if not ends:
        return text.rstrip("\n") + "\n\n" + section
    return "\n".join([*lines[: ends[0]], *section.split("\n"), *lines[ends[0] :]])


def listed_in_notebook(text: str, unit: str, names: Sequence[str]) -> str:
    """Add names to a notebook's import of the exercises, if that lists them one by one."""
    found = re.search(rf"from exercises\.{unit} import \(\n(.*?)\n\)", text, re.DOTALL)
    if found is None:
        return text
    listed = sorted({*re.findall(r"\w+", found[1]), *names}, key=lambda n: (not n[0].isupper(), n))
    return text[: found.start(1)] + "\n".join(f"    {name}," for name in listed) + text[found.end(1) :]
