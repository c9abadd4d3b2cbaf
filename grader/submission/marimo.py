"""Notebooks of marimo: Python files whose cells are functions. They are read as syntax trees, and never imported.

Cells run in the order of their data flow, as marimo runs them: a cell that uses a name runs behind the cell that defines it,
wherever the two stand. Cells that define one name, or that need each other in a circle, marimo does not run: they fail and say why.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush

from grader.submission.hidden_names import Scope, hidden_apart, scope_of
from grader.submission.parsing import fault_of, parsed
from grader.submission.reading import Unreadable
from grader.submission.written_cells import WrittenCell, WrittenCells

__all__ = ["read_marimo"]

Function = ast.FunctionDef | ast.AsyncFunctionDef
DEFINITIONS = ("function", "class_definition")
MOST_NAMED = 6


def read_marimo(text: str) -> WrittenCells:
    """Read the cells of a marimo notebook.

    Raises:
        Unreadable: it is no Python; the message has the line.

    """
    tree = parsed(text)
    if tree is None:
        line, reason = fault_of(text)
        raise Unreadable(f"it is a marimo notebook that is no Python: line {line}: {reason}")
    app = next((name for node in tree.body if (name := _app_of(node))), "app")
    found, outside = [], []
    for node in tree.body:
        cell = _cell(node, app, text.split("\n"))
        if cell is not None:
            found.append(cell)
        elif isinstance(node, Function | ast.ClassDef):
            outside.append(node.lineno)
    first = next((i for i, cell in enumerate(found) if cell.first), None)
    cells = hidden_apart([cell.cell for cell in found])
    remarks = ["it is a marimo notebook: its cells are run in the order of their data flow"]
    if outside:
        remarks.append(f"line {outside[0]} defines something outside of all cells, which marimo does not run")
    return _ordered(cells, first, tuple(remarks))


@dataclass(frozen=True)
class _Found:
    cell: WrittenCell
    first: bool = False


def _app_of(node: ast.stmt) -> str:
    """Return the name that ``app = marimo.App(...)`` gives; an empty text for another statement."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Attribute(attr="App"))):
            return name
    return ""


def _named(node: ast.expr, app: str) -> str:
    """Return the attribute of the app that an expression names or calls; else an empty text."""
    node = node.func if isinstance(node, ast.Call) else node
    of_app = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == app
    return node.attr if of_app and isinstance(node, ast.Attribute) else ""


def _cell(node: ast.stmt, app: str, lines: Sequence[str]) -> _Found | None:
    """Return the cell that a statement at the top of the file is; None if it is none."""
    if isinstance(node, ast.With) and len(node.items) == 1 and _named(node.items[0].context_expr, app) == "setup":
        return _Found(_body(node, node.body, lines), first=True)
    if isinstance(node, Function | ast.ClassDef):
        for decorator in node.decorator_list:
            kind = _named(decorator, app)
            if kind == "cell" and isinstance(node, Function):
                return _Found(_body(node, node.body, lines))
            if kind in DEFINITIONS:
                return _Found(_definition(node, decorator, lines))
    if (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and _named(node.value, app) == "_unparsable_cell"
    ):
        source = node.value.args[0] if node.value.args else None
        if isinstance(source, ast.Constant) and isinstance(source.value, str):
            text = _dedented(source.value.strip("\n").rstrip().split("\n"))
            begin = node.lineno + (1 if source.lineno > node.lineno or source.value.startswith("\n") else 0)
            last = node.end_lineno or node.lineno
            return _Found(WrittenCell("code", "\n".join(text), tuple(min(begin + i, last) for i in range(len(text)))))
    return None


def _body(node: ast.With | Function, body: Sequence[ast.stmt], lines: Sequence[str]) -> WrittenCell:
    """Return the inside of a function or ``with`` as a cell; what a function returns at its end is marimo's, and left out."""
    first, last = _behind_head(node, body, lines), node.end_lineno or node.lineno
    if body[0].lineno < first:  # on the line of its head
        source = "\n".join(ast.unparse(s) for s in body if not isinstance(s, ast.Return) and not _is_nothing(s))
        return WrittenCell("code", source, (node.lineno,) * max(1, source.count("\n") + 1))
    inside = list(enumerate(lines[first - 1 : last], first))
    end = body[-1]
    if isinstance(node, Function) and isinstance(end, ast.Return):
        inside = [pair for pair in inside if not end.lineno <= pair[0] <= (end.end_lineno or end.lineno)]
    only = [s for s in body if not isinstance(s, ast.Return)]
    if len(only) == 1 and isinstance(only[0], ast.Pass):  # marimo's own, where a cell is empty
        inside = [pair for pair in inside if pair[0] != only[0].lineno]
    while inside and not inside[-1][1].strip():
        inside.pop()
    while inside and not inside[0][1].strip():
        inside.pop(0)
    texts = _dedented([line for _, line in inside], " " * body[0].col_offset)
    return WrittenCell("code", "\n".join(texts), tuple(number for number, _ in inside))


def _is_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass)


def _behind_head(node: ast.With | Function, body: Sequence[ast.stmt], lines: Sequence[str]) -> int:
    """Return the first line behind the colon of a head: comments above the first statement belong to the cell."""
    depth = 0
    text = "\n".join(lines[node.lineno - 1 : body[0].end_lineno])
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
                if token.string == ":" and depth == 0:
                    return node.lineno + token.start[0]
    except (tokenize.TokenError, SyntaxError):
        pass
    return body[0].lineno


def _dedented(texts: Sequence[str], indent: str = "") -> list[str]:
    """Take the indentation of a cell off its lines; of one that has less of it, what there is."""
    if not indent:
        indents = [len(line) - len(line.lstrip(" ")) for line in texts if line.strip()]
        indent = " " * min(indents, default=0)
    return [line[min(len(indent), len(line) - len(line.lstrip(" "))) :] for line in texts]


def _definition(node: Function | ast.ClassDef, mark: ast.expr, lines: Sequence[str]) -> WrittenCell:
    """Return a function or class that stands at the top of the file as a cell, without marimo's decorator."""
    first = min(decorator.lineno for decorator in node.decorator_list)
    marked = range(mark.lineno, (mark.end_lineno or mark.lineno) + 1)
    numbers = [number for number in range(first, (node.end_lineno or first) + 1) if number not in marked]
    return WrittenCell("code", "\n".join(lines[number - 1] for number in numbers), tuple(numbers))


# ------------------------------------------------------------------------------------- the data flow
def _ordered(cells: Sequence[WrittenCell], first: int | None, remarks: tuple[str, ...]) -> WrittenCells:
    """Return cells with the order in which they run; those that marimo refuses raise the reason."""
    scopes = [scope_of(cell.source) for cell in cells]
    makers: dict[str, list[int]] = defaultdict(list)
    for number, scope in enumerate(scopes):
        for name in scope.defined:
            makers[name].append(number)
    above = [{n for name in scope.used for n in makers.get(name, ()) if n != i} for i, scope in enumerate(scopes)]
    _put_first([i for i, scope in enumerate(scopes) if scope.takes_all], above)
    _put_first([] if first is None else [first], above)
    order, left = _sorted(above)
    refused = _doubled(makers, scopes) | _circles(above, left, scopes)
    made = [_refused(cell, refused[i]) if i in refused else cell for i, cell in enumerate(cells)]
    return WrittenCells(tuple(made), tuple(i + 1 for i in (*order, *left)), remarks)


def _put_first(early: Sequence[int], above: list[set[int]]) -> None:
    """Have all cells run behind some, but for those that these need themselves."""
    needed, waiting = {*early}, [*early]
    while waiting:
        new = above[waiting.pop()] - needed
        needed |= new
        waiting += new
    for i, of in enumerate(above):
        if i not in needed:
            of.update(early)


def _sorted(above: Sequence[set[int]]) -> tuple[list[int], list[int]]:
    """Return numbers so that each comes behind those above it, else as they are; and those in or behind a circle."""
    below: dict[int, list[int]] = defaultdict(list)
    for i, of in enumerate(above):
        for other in of:
            below[other].append(i)
    waiting = [len(of) for of in above]
    ready = [i for i, count in enumerate(waiting) if count == 0]
    heapify(ready)
    order = []
    while ready:
        i = heappop(ready)
        order.append(i)
        for other in below[i]:
            waiting[other] -= 1
            if waiting[other] == 0:
                heappush(ready, other)
    return order, sorted(set(range(len(above))) - set(order))


def _doubled(makers: dict[str, list[int]], scopes: Sequence[Scope]) -> dict[int, str]:
    """Return by cell the reason for which marimo does not run it: another one defines the same name."""
    found: dict[int, str] = {}
    for i, scope in enumerate(scopes):
        twice = sorted(name for name in scope.defined if len(makers[name]) > 1)
        if twice:
            where = _listed([n + 1 for n in makers[twice[0]]])
            more = f", and so are {', '.join(twice[1:MOST_NAMED])}" if twice[1:] else ""
            found[i] = (
                f"marimo runs none of the cells that define one name: {twice[0]} is defined in cells {where}{more}"
            )
    return found


def _circles(above: Sequence[set[int]], left: Sequence[int], scopes: Sequence[Scope]) -> dict[int, str]:
    """Return by cell the reason for which marimo does not run it: it needs itself, by way of others."""
    members = set(left)
    while True:  # what is behind a circle, and not in it, gives nothing to anything in it
        gives = {other for i in members for other in above[i]}
        if members <= gives:
            break
        members &= gives
    cells = _listed([i + 1 for i in sorted(members)]) if members else ""
    found = {}
    for i in members:
        names = sorted(n for n in scopes[i].used for o in above[i] & members if n in scopes[o].defined)
        needs = f"; this one needs {', '.join(dict.fromkeys(names[:MOST_NAMED]))}" if names else ""
        found[i] = f"marimo runs no cells that need each other in a circle: cells {cells}{needs}"
    return found


def _listed(numbers: Sequence[int]) -> str:
    if len(numbers) > MOST_NAMED:
        return f"{', '.join(map(str, numbers[:MOST_NAMED]))} and {len(numbers) - MOST_NAMED} more"
    return " and ".join([", ".join(map(str, numbers[:-1])), str(numbers[-1])]) if len(numbers) > 1 else str(numbers[0])


def _refused(cell: WrittenCell, reason: str) -> WrittenCell:
    """Return a cell that raises the reason before anything else of it, which can still be read."""
    return replace(
        cell, source=f"raise RuntimeError({reason!r})\n{cell.source}", lines=(cell.lines[:1] or (1,)) + cell.lines
    )
