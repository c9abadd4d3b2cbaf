"""The search for the exercises that a submission attempts: in syntax trees only, nothing is run.

The source is hostile: it may not parse, or be nested until the parser gives up. A cell or module that cannot be parsed defines
nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from nbformat import NotebookNode

from grader.judging import Attempt
from grader.submission.parsing import parsed
from grader.submission.reading import Unreadable, bounded_source, read_text
from grader.submission.untouched import Definition, is_unattempted, stub_nodes

__all__ = ["Looked", "code_cells", "definitions", "look", "python_cells", "python_of", "uses"]

Where = Literal["notebook", "module", "auto"]
Defined = Definition | Literal["written", "imported"]
ASSIGNED = re.compile(r"[\w\s,.\[\]]+=\s*[%!]")
PYTHON_CELL_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")
INSIDE = ("body", "handlers", "orelse", "finalbody", "cases")
"""The parts of a statement in which other statements stand."""
FRAMEWORKS = ("torch", "jax", "autograd", "tensorflow", "scipy")


@dataclass(frozen=True)
class Looked:
    """The findings of :func:`look`: by exercise its attempt and the place of its function; remarks for the grading person.

    ``incomplete`` is the file that the notebook takes all of its functions from, where it came without it; else None.
    """

    attempts: Mapping[str, Attempt]
    where: Mapping[str, Where]
    notes: tuple[str, ...]
    incomplete: str | None = None


def code_cells(notebook: NotebookNode) -> list[ast.Module]:
    """Return the trees of a notebook's code cells that parse; raises as :func:`python_cells`."""
    return [tree for _, tree in python_cells(notebook)]


def python_cells(notebook: NotebookNode) -> list[tuple[str, ast.Module]]:
    """Return the code cells of a notebook that parse, as text and as trees, IPython's magics and shell lines taken out.

    Raises:
        Unreadable: the cells hold more source than is read.

    """
    cells = []
    bounded_source("its code cells hold", (cell.source for cell in notebook.cells if cell.cell_type == "code"))
    for cell in notebook.cells:
        found = python_of(cell.source) if cell.cell_type == "code" else None
        if found is not None:
            cells.append(found[:2])
    return cells


def python_of(source: str) -> tuple[str, ast.Module, int] | None:
    """Return a code cell without magics and shell lines, as text, as tree and with the number of lines taken off its top.

    None if it is in another language, or cannot be parsed.
    """
    above = 0
    if source.lstrip().startswith("%%"):
        first, _, rest = source.lstrip().partition("\n")
        if not first.startswith(PYTHON_CELL_MAGICS):
            return None
        above = source.count("\n", 0, len(source) - len(source.lstrip())) + 1
        source = rest
    for text in (source, "\n".join(map(_without_magic, source.splitlines()))):
        tree = parsed(text)
        if tree is not None:
            return text, tree, above
    return None


def _without_magic(line: str) -> str:
    """Return a line as Python, with ``pass`` in place of a magic, a shell line or a question to IPython.

    The line is hostile: each step takes time in proportion to its length.
    """
    said = line.strip()
    if said.startswith(("%", "!", "?")) or said.endswith("?") or ASSIGNED.match(said):
        return line[: len(line) - len(line.lstrip())] + "pass"
    return line


def look(notebook: NotebookNode | None, module: bytes | None, unit: str, names: Iterable[str], stub: str) -> Looked:
    """Look through a notebook and a module for a unit's exercises.

    A stub in the notebook does not hide a function that was written in the module.

    Args:
        notebook: None if the submission has none.
        module: the bytes of the submission's own ``exercises/<unit>.py``; None if it has none.
        unit: the unit's name.
        names: the short names of its exercises.
        stub: the text of the unit's untouched stub module.

    Raises:
        Unreadable: the notebook or the module holds more source than is read.

    """
    trees = code_cells(notebook) if notebook is not None else []
    names = tuple(names)
    in_notebook = definitions(trees, unit, names)
    of_module = _tree(module)
    own, broken = _module(of_module, unit, there=module is not None)
    stubs = _stubs(stub)
    imported = _imported(trees)
    uses_exercises = "exercises" in imported
    attempts: dict[str, Attempt] = {}
    where: dict[str, Where] = {}
    for name in names:
        here, there = in_notebook.get(name), own.get(name)
        written_here = here == "written" or (isinstance(here, Definition) and not is_unattempted(here, stubs.get(name)))
        written_there = broken or there in ("written", "imported")
        written_there = written_there or (isinstance(there, Definition) and not is_unattempted(there, stubs.get(name)))
        if written_here:
            attempts[name], where[name] = "attempted", "notebook"
        elif written_there:
            attempts[name], where[name] = "attempted", "auto" if here == "imported" else "module"
        elif here is not None or there is not None or (module is None and uses_exercises):
            renamed = here == "imported" and there is None and module is not None
            attempts[name], where[name] = ("missing" if renamed else "not_attempted"), "auto"
        else:
            attempts[name], where[name] = "missing", "auto"
    taken = module is None and ("imported" in in_notebook.values() or _takes_all(trees, unit))
    nothing = not any(attempt == "attempted" for attempt in attempts.values())
    notes = _notes(imported | _imported(of_module))
    if taken and not nothing:
        notes.append(f"exercises/{unit}.py is not attached: what the notebook takes from it is not there")
    return Looked(attempts, where, tuple(notes), f"exercises/{unit}.py" if taken and nothing else None)


def _takes_all(trees: Iterable[ast.Module], unit: str) -> bool:
    """Return True if trees import a unit's module itself."""
    for tree in trees:
        for node in _statements(tree.body):
            if isinstance(node, ast.Import) and any(alias.name == f"exercises.{unit}" for alias in node.names):
                return True
    return False


@lru_cache(maxsize=32)
def _stubs(text: str) -> dict[str, Definition]:
    """Return the functions and classes of a stub by name; cached, since a whole class shares a stub."""
    return stub_nodes(text)


def uses(notebook: NotebookNode, units: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Count by unit the exercises, of these names, that a notebook defines or imports.

    Raises:
        Unreadable: the notebook holds more source than is read.

    """
    trees = code_cells(notebook)
    return {unit: sum(name in definitions(trees, unit, names) for name in names) for unit, names in units.items()}


def definitions(trees: Iterable[ast.Module], unit: str, names: Iterable[str] = ()) -> dict[str, Defined]:
    """Return the names that trees define outside functions and classes, each with its last definition.

    ``names`` are those of the unit's exercises, all of which ``from exercises.<unit> import *`` brings.
    """
    found: dict[str, Defined] = {}
    for tree in trees:
        for node in _statements(tree.body):
            match node:
                case ast.FunctionDef() | ast.ClassDef():
                    found[node.name] = node
                case ast.AsyncFunctionDef():
                    found[node.name] = "written"
                case ast.Assign(targets=targets):
                    found.update({t.id: "written" for t in targets if isinstance(t, ast.Name)})
                case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                    found[name] = "written"
                case ast.ImportFrom(module=source, names=aliases):
                    ours = source in ("exercises", f"exercises.{unit}")
                    if aliases[0].name == "*":
                        found.update(dict.fromkeys(names if source == f"exercises.{unit}" else (), "imported"))
                        continue
                    for alias in aliases:
                        found[alias.asname or alias.name] = "imported" if ours else "written"
    return found


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements in order, with those in branches, loops, ``with`` and ``try``; of any depth, for an ``elif`` is one more."""
    waiting = list(body)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try)):
            inner = [
                statement
                for part in ("body", "handlers", "orelse", "finalbody")
                for found in getattr(node, part, ())
                for statement in (found.body if isinstance(found, ast.ExceptHandler) else [found])
            ]
            waiting += reversed(inner)


def _imported(trees: Iterable[ast.Module]) -> set[str]:
    """Return the names of the packages that trees import, anywhere in them."""
    roots: set[str] = set()
    waiting: list[ast.AST] = [*trees]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            roots |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots.add((node.module or "").partition(".")[0])
        else:  # imports are statements, and these stand in statements alone
            waiting += [inner for part in INSIDE for inner in getattr(node, part, ())]
    return roots


def _tree(module: bytes | None) -> list[ast.Module]:
    if module is None:
        return []
    bounded_source("its module holds", [module])
    try:
        tree = parsed(read_text(module))
    except Unreadable:
        # Python reads the encoding that the first lines name; where they name none, the names of functions are still to be seen.
        tree = parsed(module) or parsed(module.decode("latin-1"))
    return [] if tree is None else [tree]


def _module(trees: list[ast.Module], unit: str, *, there: bool) -> tuple[dict[str, Defined], bool]:
    """Return the definitions of a module, and True if it does not parse: then its functions count as attempted."""
    return definitions(trees, unit), there and not trees


def _notes(imported: set[str]) -> list[str]:
    """Return remarks for the person who grades: the frameworks, and ``reference``, among imported packages."""
    return [f"it imports {name}" for name in (*FRAMEWORKS, "reference") if name in imported]
