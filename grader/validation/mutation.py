"""All changes of a model answer that its cases must find: the slips that diagnosis knows, further ones, and removed statements.

A mutant's name is the changed line as it then reads, ``return dout * (x >= 0)``. So it outlives edits of other lines, and
says what it is where it is listed as equivalent.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import Any

from grader.judging import slips
from grader.validation.further import further_slips, without
from grader.validation.known import NOTHING, Known
from grader.validation.same import is_same

__all__ = ["Changed", "bodies", "changed_answers"]

Definition = ast.FunctionDef | ast.ClassDef
Put = Callable[[ast.AST], None]


@dataclass(frozen=True, eq=False)
class Changed:
    """A model answer with one change: its name, the changed line; the kind of change; and the function or class itself."""

    name: str
    kind: str
    answer: Any


@dataclass(frozen=True)
class Place:
    """A node, with the function that puts another in its place.

    Args:
        node: what may be changed.
        put: puts a node in its place.
        statement: the statement around it.
        arguments: those of the function around it.
        above: all nodes around it, from the nearest on.

    """

    node: ast.AST
    put: Put
    statement: ast.stmt
    arguments: tuple[str, ...]
    above: tuple[ast.AST, ...]

    @property
    def function(self) -> ast.AST | None:
        """Return the function around it."""
        return next((a for a in self.above if isinstance(a, (ast.FunctionDef, ast.Lambda))), None)


def changed_answers(answer: Any, known: Known = NOTHING, given: Mapping[str, str] | None = None) -> Iterator[Changed]:
    """Yield every change of a function or class, and of the private helpers of its module that it calls; no program twice.

    Args:
        answer: the model answer.
        known: facts on its arguments: changes that make no difference by them are left out (:mod:`grader.validation.same`).
        given: the source of what stands in the stub already, by name (:func:`bodies`): it is not changed.

    """
    module = inspect.getmodule(answer)
    scope = dict(vars(module)) if module is not None else {}
    trees = [_tree(part) for part in (answer, *_helpers(answer, scope))]
    file = f"<a mutant of {answer.__name__}>"
    programs, names = set[tuple[int, str]](), dict[str, int]()
    for tree in trees:
        before = "" if tree is trees[0] else f"{tree.name}: "
        keys, within = _keys(tree), known.within(tree) if tree is trees[0] else NOTHING
        for place in list(_places(tree, given or {})):
            facts = within if place.function is tree else NOTHING
            member = (*place.above[::-1], place.node)[1]
            programs.add((id(member), _text(member)))
            for kind, new in _changes(place, keys):
                if is_same(place.above, place.node, kind, new, facts):
                    continue
                place.put(ast.fix_missing_locations(ast.copy_location(new, place.node)))
                try:
                    program = (id(member), _text(new if place.node is member else member))
                    if program in programs:
                        continue
                    programs.add(program)
                    line = before + _line(place, new)
                    names[line] = names.get(line, 0) + 1
                    name = line if names[line] == 1 else f"{line}  #{names[line]}"
                    made = _compiled(trees, scope, file)
                    if made is not None:
                        yield Changed(name, kind, made)
                finally:
                    place.put(place.node)


def _changes(place: Place, keys: list[str]) -> Iterator[tuple[str, ast.AST]]:
    yield from slips(place.node, place.arguments)
    yield from further_slips(place.node, keys)
    if isinstance(place.node, ast.stmt) and (left := without(place.node)) is not None:
        yield "statement removed", left


def _helpers(answer: Any, scope: Mapping[str, Any]) -> list[FunctionType]:
    """Return the private functions of the answer's module that it calls, and those that these call."""
    found: list[FunctionType] = []
    waiting = [answer]
    while waiting:
        for node in ast.walk(_tree(waiting.pop())):
            if isinstance(node, ast.Name) and node.id.startswith("_"):
                helper = scope.get(node.id)
                if inspect.isfunction(helper) and helper not in found and helper.__module__ == answer.__module__:
                    found.append(helper)
                    waiting.append(helper)
    return found


def _tree(part: Any) -> Definition:
    """Parse the source of a function or class, without docstrings, annotations and decorators that are not a class's own."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(part))).body
    assert isinstance(tree, (ast.FunctionDef, ast.ClassDef))
    tree.decorator_list = []
    plain = _Plain().visit(tree)
    assert isinstance(plain, (ast.FunctionDef, ast.ClassDef))
    return plain


class _Plain(ast.NodeTransformer):
    """Takes away what is no part of the program: docstrings and annotations."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        for argument in (
            *node.args.posonlyargs,
            *node.args.args,
            *node.args.kwonlyargs,
            node.args.vararg,
            node.args.kwarg,
        ):
            if argument is not None:
                argument.annotation = None
        return self._undocumented(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._undocumented(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        # Of what a zip is strict about, no promised input has anything.
        if isinstance(node.func, ast.Name) and node.func.id == "zip":
            node.keywords = []
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        return None if node.value is None else ast.copy_location(ast.Assign([node.target], node.value), node)

    def _undocumented(self, node: Definition) -> ast.AST:
        if ast.get_docstring(node, clean=False) is not None:
            node.body[:1] = [] if len(node.body) > 1 else [ast.copy_location(ast.Pass(), node.body[0])]
        return ast.fix_missing_locations(self.generic_visit(node))


def bodies(tree: ast.Module) -> dict[str, str]:
    """Return the source of the functions of a module, and of the methods of its classes (``Dual.__add__``), to be compared."""
    plain = _Plain().visit(tree)
    found: dict[str, str] = {}
    for node in plain.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = ast.unparse(node)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{m.name}": ast.unparse(m) for m in node.body if isinstance(m, ast.FunctionDef)}
    return found


def _places(tree: Definition, given: Mapping[str, str]) -> Iterator[Place]:
    """Yield every place below a definition, those of one statement together; none in a function that is given as it is."""
    waiting: list[tuple[ast.AST, ast.stmt, tuple[str, ...], tuple[ast.AST, ...]]] = [(tree, tree, (), ())]
    while waiting:
        parent, around, arguments, above = waiting.pop()
        if isinstance(parent, ast.FunctionDef):
            if parent is tree and given.get(tree.name) == ast.unparse(parent):
                continue
            if parent in tree.body and given.get(f"{tree.name}.{parent.name}") == ast.unparse(parent):
                continue
            arguments = tuple(a.arg for a in parent.args.args)
        for name, held in ast.iter_fields(parent):
            many = isinstance(held, list)
            for i, node in enumerate(held if many else [held]):
                if isinstance(node, ast.AST):
                    put: Put = partial(held.__setitem__, i) if many else partial(setattr, parent, name)
                    statement = node if isinstance(node, ast.stmt) else around
                    yield Place(node, put, statement, arguments, (parent, *above))
                    waiting.append((node, statement, arguments, (parent, *above)))


def _line(place: Place, new: ast.AST) -> str:
    """Return the changed line: of a statement with a body its head; of a removed one what it was."""
    if isinstance(new, ast.Pass):
        return f"without: {_head(place.node)}"
    return _head(new if place.node is place.statement else place.statement)


def _head(node: ast.AST) -> str:
    return _folded(ast.unparse(node).partition("\n")[0])


def _text(node: ast.AST) -> str:
    return _folded(ast.unparse(node))


def _folded(text: str) -> str:
    """Return a text without double signs: ``axis=--1`` is the program ``axis=1``."""
    return text.replace("--", "")


def _keys(tree: Definition) -> list[str]:
    """Return the texts by which something is looked up, each once."""
    found = (
        n.slice.value for n in ast.walk(tree) if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Constant)
    )
    return list(dict.fromkeys(key for key in found if isinstance(key, str)))


def _compiled(trees: list[Definition], scope: Mapping[str, Any], file: str) -> Any:
    """Define the changed functions in a copy of their module's names; None if they cannot be: then there is nothing to try."""
    names = dict(scope)
    try:
        exec(compile(ast.Module([*trees], []), file, "exec"), names)  # noqa: S102 - our own answer, changed by us
    except Exception:  # a changed default, a name in a class body
        return None
    return names[trees[0].name]
