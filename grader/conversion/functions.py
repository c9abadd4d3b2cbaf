"""The functions of a notebook's solutions, with what they need of its other code: imports, constants, functions that are given."""

from __future__ import annotations

import ast
import builtins
import symtable
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from grader.conversion.kinds import Unknown, is_exact
from grader.conversion.model import BEGIN, END, Cell, Left
from grader.conversion.values import evaluated
from grader.submission import python_of

__all__ = ["Function", "Gathered", "gather", "marked", "parsed"]

Kind = Literal["import", "constant", "function", "class"]
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
MOST_NAME = 80


def parsed(source: str) -> ast.Module | None:
    """Parse a cell, lines of IPython's taken out; None if it cannot be parsed."""
    found = python_of(source)
    return found[1] if found is not None else None


@dataclass(frozen=True)
class Function:
    """A function of a solution: its text, with its solution between the markers, and its syntax.

    ``prose`` is what stood above it; ``returns`` has the names of what it returns, or numbers for what has none; empty where it
    returns nothing, or now this and now that.
    """

    name: str
    text: str
    node: ast.FunctionDef
    cell: int
    prose: str
    returns: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Piece:
    """A statement at the top of a cell that defines names."""

    kind: Kind
    names: tuple[str, ...]
    text: str
    needs: frozenset[str]
    cell: int
    solved: bool
    node: ast.stmt


@dataclass
class Gathered:
    """The functions that were found, in the order of the notebook, and the text that stands before them in the model answers.

    ``before`` has imports and constants, ``given`` functions and classes that students get whole, ``left`` what could not be taken.
    """

    functions: list[Function] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def gather(cells: Sequence[Cell]) -> Gathered:
    """Gather what the solutions of a notebook define, and what that needs."""
    found = Gathered()
    order, prose = _all_pieces(cells, found)
    pieces: dict[str, _Piece] = {}
    for piece in order:
        for name in piece.names:
            earlier = pieces.get(name)
            if earlier is not None and earlier.solved and piece.solved:
                found.left.append(Left(earlier.cell, f"{name} is defined again in cell {piece.cell}, which counts"))
            if earlier is None or piece.solved or not earlier.solved:
                pieces[name] = piece
    wanted = [p for p in order if p.solved and p.kind == "function" and pieces.get(p.names[0]) is p]
    taken = _with_needs(wanted, pieces, found)
    for piece in (p for p in order if p in taken and any(pieces.get(n) is p for n in p.names)):
        if piece.kind in ("import", "constant"):
            found.before.append(piece.text)
        elif piece.solved and isinstance(piece.node, ast.FunctionDef):
            found.functions.append(_function(piece, piece.node, prose[piece.cell]))
        else:
            found.given.append(piece.text)
    found.before = list(dict.fromkeys(found.before))
    classes = [p for p in order if p.solved and p.kind == "class"]
    said = "is a class: declare what is asked of it with of_class"
    found.left += [Left(p.cell, f"{p.names[0]} {said}", p.text) for p in classes]
    return found


def _all_pieces(cells: Sequence[Cell], found: Gathered) -> tuple[list[_Piece], dict[int, str]]:
    """Return the pieces of all cells, in their order, and by cell the prose above it; note what is no piece."""
    order: list[_Piece] = []
    prose: dict[int, str] = {}
    above = ""
    for cell in cells:
        above = cell.source if cell.kind == "markdown" else above
        if cell.kind != "code" or cell.role not in ("given", "solution"):
            continue
        prose[cell.number] = above
        tree = parsed(cell.source)
        if tree is None:
            if cell.role == "solution":
                found.left.append(Left(cell.number, "its code cannot be parsed", cell.source))
            continue
        loose = []
        for piece, text in _pieces(cell, tree):
            if piece is None:
                loose.append(text)
            else:
                order.append(piece)
        _note_loose(cell, tree, loose, found)
    return order, prose


def _pieces(cell: Cell, tree: ast.Module) -> Iterable[tuple[_Piece | None, str]]:
    """Yield what the statements of a cell define; of those that define nothing that can be kept, the text."""
    read = python_of(cell.source)
    lines = (read[0] if read else cell.source).split("\n")
    for node in tree.body:
        first = min(
            [node.lineno, *(d.lineno for d in node.decorator_list)] if isinstance(node, Definition) else [node.lineno]
        )
        text = "\n".join(lines[first - 1 : _end(node, lines)])
        needs = _needs(text)
        solved = cell.role == "solution"
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*" or (isinstance(node, ast.ImportFrom) and node.level):
                    continue
                bound = (alias.asname or alias.name).partition(".")[0]
                line = (
                    ast.unparse(ast.Import([alias]))
                    if isinstance(node, ast.Import)
                    else ast.unparse(ast.ImportFrom(node.module, [alias], 0))
                )
                yield _Piece("import", (bound,), line, frozenset(), cell.number, False, node), text
        elif isinstance(node, Definition):
            kind: Kind = "class" if isinstance(node, ast.ClassDef) else "function"
            if isinstance(node, ast.AsyncFunctionDef) or len(node.name) > MOST_NAME:
                yield None, text
            else:
                yield _Piece(kind, (node.name,), text, needs, cell.number, solved, node), text
        elif isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets) and not solved:
            names = tuple(t.id for t in node.targets if isinstance(t, ast.Name))
            yield _Piece("constant", names, text, needs, cell.number, False, node), text
        else:
            yield None, text


def _end(node: ast.stmt, lines: Sequence[str]) -> int:
    """Return the last line of a statement; of a definition with the markers and comments in its indentation that trail it."""
    end = node.end_lineno or node.lineno
    if not isinstance(node, Definition):
        return end
    indent = " " * node.body[0].col_offset
    for number in range(end + 1, len(lines) + 1):
        if lines[number - 1].startswith(f"{indent}#"):
            end = number
        elif lines[number - 1].strip():
            break
    return end


def _needs(text: str) -> frozenset[str]:
    """Return the names that a statement takes from the module around it."""
    try:
        table = symtable.symtable(text, "piece", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    needed = {s.get_name() for s in table.get_symbols() if s.is_referenced() and not s.is_assigned()}
    waiting = list(table.get_children())
    while waiting:
        below = waiting.pop()
        needed |= {s.get_name() for s in below.get_symbols() if s.is_global() and s.is_referenced()}
        waiting += below.get_children()
    return frozenset(needed)


def _note_loose(cell: Cell, tree: ast.Module, loose: Sequence[str], found: Gathered) -> None:
    """Note of a solution what is no function: Gradmark asks for functions."""
    if cell.role != "solution" or not loose:
        return
    names = sorted(
        {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)} - _inside(tree)
    )
    of = f" ({', '.join(names[:6])})" if names else ""
    found.left.append(
        Left(
            cell.number,
            f"a solution outside of a function{of}: ask it as a function, a question or a prediction",
            "\n".join(loose),
        )
    )


def _inside(tree: ast.Module) -> set[str]:
    """Return the names that are stored within definitions only."""
    of_definitions = {
        n.id for d in tree.body if isinstance(d, Definition) for n in ast.walk(d) if isinstance(n, ast.Name)
    }
    top = {
        n.id
        for s in tree.body
        if not isinstance(s, Definition)
        for n in ast.walk(s)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    return of_definitions - top


KNOWN = set(dir(builtins)) | {"__name__"}


def _with_needs(wanted: Sequence[_Piece], pieces: Mapping[str, _Piece], found: Gathered) -> set[_Piece]:
    """Return pieces with all that they need; a function that needs what cannot be had is left."""
    taken: set[_Piece] = set()
    for piece in wanted:
        needed, waiting, lacks = {piece}, [piece], ""
        while waiting and not lacks:
            at = waiting.pop()
            lacks = _refusal(at)
            for name in sorted(at.needs):
                other = pieces.get(name)
                if other is None:
                    lacks = lacks or (
                        "" if name in KNOWN else f"it needs {name}, which no cell defines in a way that can be kept"
                    )
                elif other not in needed:
                    needed.add(other)
                    if other not in taken:  # with all that it needs
                        waiting.append(other)
        if lacks:
            found.left.append(Left(piece.cell, f"{piece.names[0]}: {lacks}", piece.text))
        else:
            taken |= needed
    return taken


def _refusal(piece: _Piece) -> str:
    """Return the reason for which a piece cannot stand in a module that is loaded by the grader; an empty text if it can."""
    if isinstance(piece.node, ast.Import | ast.ImportFrom):
        module = piece.node.module or "" if isinstance(piece.node, ast.ImportFrom) else piece.text.split()[1]
        top = module.partition(".")[0]
        if top not in ("numpy", *sys.stdlib_module_names):
            return f"it needs {top}, and model answers have numpy and the standard library"
    if isinstance(piece.node, ast.Assign):
        value = evaluated(piece.node.value, {}, frozenset())
        if isinstance(value, Unknown) or not is_exact(value):
            return f"it needs {piece.names[0]}, which is computed in cell {piece.cell} and not written down"
    return ""


# ------------------------------------------------------------------------------------ the functions
def _function(piece: _Piece, node: ast.FunctionDef, prose: str) -> Function:
    text = piece.text
    at = ast.parse(text).body[0]
    lines = text.split("\n")
    if isinstance(at, ast.FunctionDef) and any(_before(statement, lines).strip() for statement in at.body):
        text = ast.unparse(at)  # a body on the line of its head, or two statements on one
    return Function(piece.names[0], text, node, piece.cell, prose, _returns(node))


def _before(node: ast.stmt, lines: Sequence[str]) -> str:
    """Return what stands before a statement on its line."""
    first = (
        min([node.lineno, *(d.lineno for d in node.decorator_list)]) if isinstance(node, Definition) else node.lineno
    )
    before = lines[first - 1].encode()[: node.col_offset].decode()
    return before if first == node.lineno else ""


def _returns(node: ast.FunctionDef) -> tuple[str, ...]:
    """Return the names of what a function returns, if all of its returns agree in their number."""
    found = [n for n in _own(node) if isinstance(n, ast.Return)]
    values = [n.value for n in found if n.value is not None]
    if not values or len(values) < len(found):
        return ()
    shapes = {len(v.elts) if isinstance(v, ast.Tuple) else 1 for v in values}
    if len(shapes) > 1 or shapes == {0}:
        return ()
    last = values[-1]
    parts = last.elts if isinstance(last, ast.Tuple) else [last]
    names = [
        part.id if isinstance(part, ast.Name) else f"out{i}" if len(parts) > 1 else "out"
        for i, part in enumerate(parts, 1)
    ]
    return tuple(names) if len(set(names)) == len(names) else tuple(f"out{i}" for i in range(1, len(parts) + 1))


def _own(node: ast.FunctionDef) -> Iterable[ast.AST]:
    """Yield what stands in a function and in no function within it."""
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        inner = waiting.pop(0)
        yield inner
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting = [*ast.iter_child_nodes(inner), *waiting]


def marked(text: str) -> str:
    """Return the text of a function with its whole body, behind the docstring, as the solution where no lines are marked."""
    if BEGIN in text:
        return text
    lines = text.split("\n")
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    first = node.body[1].lineno if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body[0].lineno
    indent = " " * node.body[0].col_offset
    return "\n".join([*lines[: first - 1], indent + BEGIN, *lines[first - 1 :], indent + END])
