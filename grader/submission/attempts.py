"""Which exercises a submission attempts, told from its text: syntax trees only, nothing is run.

The source is hostile: it may not parse, or be nested until the parser gives up. What cannot be parsed defines nothing.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from nbformat import NotebookNode

from grader.judging import Attempt
from grader.submission.reading import Unreadable, read_text
from grader.submission.untouched import is_unattempted, stub_nodes

__all__ = ["Looked", "code_cells", "look", "parsed", "uses"]

Where = Literal["notebook", "module", "auto"]
Defined = ast.FunctionDef | Literal["written", "imported"]
ASSIGNED = re.compile(r"[\w\s,.\[\]]+=\s*[%!]")
PYTHON_CELL_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")
FRAMEWORKS = ("torch", "jax", "autograd", "tensorflow", "scipy")


@dataclass(frozen=True)
class Looked:
    """What the text says: of each exercise whether it is attempted and where it is to be found; remarks."""

    attempts: Mapping[str, Attempt]
    where: Mapping[str, Where]
    notes: tuple[str, ...]


def parsed(source: str) -> ast.Module | None:
    """The syntax tree of a source; None if there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in a student's string is their business
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def code_cells(notebook: NotebookNode) -> list[ast.Module]:
    """The trees of a notebook's code cells, IPython's magics and shell lines taken out; cells that do not parse are left out."""
    trees = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        source = cell.source
        if source.lstrip().startswith("%%"):
            first, _, rest = source.lstrip().partition("\n")
            if not first.startswith(PYTHON_CELL_MAGICS):
                continue
            source = rest
        tree = parsed(source) or parsed("\n".join(map(_without_magic, source.splitlines())))
        if tree is not None:
            trees.append(tree)
    return trees


def _without_magic(line: str) -> str:
    """A line as Python: ``pass`` where it is a magic, a shell line or a question to IPython.

    The source is hostile: each step takes time in proportion to the line.
    """
    said = line.strip()
    if said.startswith(("%", "!", "?")) or said.endswith("?") or ASSIGNED.match(said):
        return line[: len(line) - len(line.lstrip())] + "pass"
    return line


def look(notebook: NotebookNode | None, module: bytes | None, unit: str, names: Iterable[str], stub: str) -> Looked:
    """Look through a notebook and a module (the submission's own ``exercises/<unit>.py``) for a unit's exercises.

    A stub in the notebook does not hide a function that was written in the module.
    """
    trees = code_cells(notebook) if notebook is not None else []
    in_notebook = _definitions(trees, unit)
    own, broken = _module(module, unit)
    stubs = _stubs(stub)
    uses_exercises = any(_imports_exercises(tree) for tree in trees)
    attempts: dict[str, Attempt] = {}
    where: dict[str, Where] = {}
    for name in names:
        here, there = in_notebook.get(name), own.get(name)
        written_here = here == "written" or (
            isinstance(here, ast.FunctionDef) and not is_unattempted(here, stubs.get(name))
        )
        written_there = broken or there in ("written", "imported")
        written_there = written_there or (
            isinstance(there, ast.FunctionDef) and not is_unattempted(there, stubs.get(name))
        )
        if written_here:
            attempts[name], where[name] = "attempted", "notebook"
        elif written_there:
            attempts[name], where[name] = "attempted", "auto" if here == "imported" else "module"
        elif here is not None or there is not None or (module is None and uses_exercises):
            renamed = here == "imported" and there is None and module is not None
            attempts[name], where[name] = ("missing" if renamed else "not_attempted"), "auto"
        else:
            attempts[name], where[name] = "missing", "auto"
    return Looked(attempts, where, tuple(_notes([*trees, *_tree(module)])))


@lru_cache(maxsize=8)
def _stubs(text: str) -> dict[str, ast.FunctionDef]:
    """The functions of a stub, which is the same for a whole class."""
    return stub_nodes(text)


def uses(notebook: NotebookNode, unit: str, names: Iterable[str]) -> int:
    """How many of a unit's exercises a notebook defines or imports."""
    found = _definitions(code_cells(notebook), unit)
    return sum(name in found for name in names)


def _definitions(trees: Iterable[ast.Module], unit: str) -> dict[str, Defined]:
    """The names that cells define at their top level, the last definition of each."""
    found: dict[str, Defined] = {}
    for tree in trees:
        for node in _statements(tree.body):
            match node:
                case ast.FunctionDef():
                    found[node.name] = node
                case ast.ClassDef() | ast.AsyncFunctionDef():
                    found[node.name] = "written"
                case ast.Assign(targets=targets):
                    found.update({t.id: "written" for t in targets if isinstance(t, ast.Name)})
                case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                    found[name] = "written"
                case ast.ImportFrom(module=source, names=aliases):
                    ours = source in ("exercises", f"exercises.{unit}")
                    for alias in aliases:
                        found[alias.asname or alias.name] = "imported" if ours else "written"
    return found


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements in order, those in branches, loops and the like included."""
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try)):
            for part in ("body", "handlers", "orelse", "finalbody"):
                for inner in getattr(node, part, ()):
                    yield from _statements(inner.body if isinstance(inner, ast.ExceptHandler) else [inner])


def _imports_exercises(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "exercises":
            return True
        if isinstance(node, ast.Import) and any(a.name.partition(".")[0] == "exercises" for a in node.names):
            return True
    return False


def _tree(module: bytes | None) -> list[ast.Module]:
    try:
        tree = parsed(read_text(module)) if module is not None else None
    except Unreadable:
        tree = None
    return [] if tree is None else [tree]


def _module(module: bytes | None, unit: str) -> tuple[dict[str, Defined], bool]:
    """What a module defines, and whether it is broken: then calling it will say how."""
    trees = _tree(module)
    return _definitions(trees, unit), module is not None and not trees


def _notes(trees: Iterable[ast.Module]) -> list[str]:
    """Remarks for the person who grades."""
    roots: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                roots |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                roots.add((node.module or "").partition(".")[0])
    return [f"it imports {name}" for name in (*FRAMEWORKS, "reference") if name in roots]
