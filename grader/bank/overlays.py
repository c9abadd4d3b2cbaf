"""The model answers of a unit of ours with those of a private bank put over them, as one text, from which one stub is derived.

Text and syntax trees only; no file is read here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.bank.lines import last_line
from grader.errors import BankError

__all__ = ["overlaid", "without_ours"]

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def overlaid(ours: str, theirs: str, unit: str) -> str:
    """Put the model answers of a private bank over ours: what both define is theirs, and theirs stands behind.

    Args:
        ours: the text of our model answers.
        theirs: the text of ``reference/<unit>.py`` in the private bank, which parses.
        unit: the unit's name; what theirs imports from ``reference.<unit>`` is in the text already.

    Raises:
        BankError: an import of theirs takes another name (``as``) for one of ours.

    """
    lines, tree = ours.split("\n"), ast.parse(ours)
    body = ast.parse(theirs).body
    if body and isinstance(body[0], ast.Expr) and ast.get_docstring(ast.parse(theirs)) is not None:
        body = body[1:]
    known = {ast.unparse(node) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))}
    imports = [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))]
    new = [ast.unparse(node) for node in imports if not _of_ours(node, unit) and ast.unparse(node) not in known]
    rest = _text_after(theirs, body, imports)
    names = {node.name for node in body if isinstance(node, Definition)}
    last_import = max(
        (last_line(n) for n in tree.body if isinstance(n, (ast.Import, ast.ImportFrom))),
        default=last_line(tree.body[0]),
    )
    edits: list[tuple[int, int, list[str]]] = [(last_import + 1, last_import, new)]
    edits += [(first, last, []) for first, last in _spans(tree, lines, names)]
    for first, last, text in sorted(edits, reverse=True):
        lines[first - 1 : last] = text
    return "\n".join(lines).rstrip() + "\n\n\n" + rest.strip("\n") + "\n"


def without_ours(theirs: str, unit: str) -> str:
    """Blank the lines of a private bank's model answers that import ours, so that its own stub can be tried by line."""
    lines = theirs.split("\n")
    for node in ast.parse(theirs).body:
        if isinstance(node, ast.ImportFrom) and node.module == f"reference.{unit}":
            lines[node.lineno - 1 : last_line(node)] = [""] * (last_line(node) - node.lineno + 1)
    return "\n".join(lines)


def _of_ours(node: ast.Import | ast.ImportFrom, unit: str) -> bool:
    """Return True for an import of what stands in the text already."""
    if not isinstance(node, ast.ImportFrom) or node.module not in (f"reference.{unit}", "__future__"):
        return False
    for alias in node.names:
        if alias.asname not in (None, alias.name):
            raise BankError(
                f"reference/{unit}.py:{node.lineno}: {alias.name} is imported as {alias.asname}, and students get one module with"
                f" both; import it by its own name"
            )
    return True


def _text_after(text: str, body: list[ast.stmt], imports: list[ast.Import | ast.ImportFrom]) -> str:
    """Return a module's text without its docstring and its imports."""
    lines = text.split("\n")
    start = body[0].lineno if body else len(lines) + 1
    dropped = {line for node in imports for line in range(node.lineno, last_line(node) + 1)}
    return "\n".join(line for number, line in enumerate(lines, 1) if number >= start and number not in dropped)


def _spans(tree: ast.Module, lines: list[str], names: set[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each definition with one of these names, blank lines behind it included."""
    for node in tree.body:
        if isinstance(node, Definition) and node.name in names:
            last = last_line(node)
            while last < len(lines) and not lines[last].strip():
                last += 1
            yield min([node.lineno, *(d.lineno for d in node.decorator_list)]), last
