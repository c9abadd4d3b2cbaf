"""A student's module, right or with one declared mistake, as text.

The module holds the model answers to the whole unit. A mistake takes the place of the function that it is about, with whatever it
needs of the bank's module in which it is declared; one that spoils a class changes its methods. A mistake that is no text of its
own (the wrong choices of a question), or that needs more of the grader than a student has, has no such module.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import class_of_300  # noqa: F401 - puts the tests' folders on the path
from answers import model_answers

from grader.judging import Exercise, Mistake

__all__ = ["right_module", "wrong_module"]

MARKERS = ("BEGIN SOLUTION", "END SOLUTION")
STUDENTS = ("__future__", "numpy", "math", "typing", "collections", "functools", "itertools", "dataclasses")
"""What a student's module may import."""
Definition = ast.FunctionDef | ast.ClassDef


@cache
def right_module(unit: str) -> str:
    """The model answers to a unit as one module, without the markers of the solutions."""
    lines = model_answers(unit).split("\n")
    return "\n".join(line for line in lines if not any(marker in line for marker in MARKERS))


def wrong_module(exercise: Exercise, mistake: Mistake) -> str | None:
    """The module with a declared mistake in the exercise's function or class; None if it cannot be written so."""
    file, _, line = mistake.where.rpartition(":")
    found = _definition(Path(file), mistake.name, int(line))
    text = right_module(exercise.unit)
    tree = ast.parse(text)
    own = next((n for n in tree.body if isinstance(n, Definition) and n.name == exercise.function), None)
    if found is None or own is None:
        return None
    needed = _needed(found, {*_bound(tree.body)}, Path(file))
    wrong = _spoilt(found, own) if mistake.from_model else found
    if needed is None or wrong is None:
        return None
    wrong = ast.parse(ast.unparse(wrong)).body[0]
    assert isinstance(wrong, Definition)
    wrong.name, wrong.decorator_list = own.name, own.decorator_list
    if isinstance(wrong, ast.FunctionDef) and isinstance(own, ast.FunctionDef) and _names(wrong) == _names(own):
        wrong.args, wrong.returns = own.args, own.returns  # a student writes the body
        wrong.body = [*own.body[: ast.get_docstring(own) is not None], *wrong.body]
    lines = text.split("\n")
    first = min([own.lineno, *(decorator.lineno for decorator in own.decorator_list)])
    written = "\n\n\n".join(ast.unparse(node) for node in (*needed, wrong))
    return "\n".join([*lines[: first - 1], written, *lines[own.end_lineno :]])


def _names(function: ast.FunctionDef) -> list[str]:
    """The names of a function's arguments."""
    return [node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)]


def _spoilt(factory: Definition, own: Definition) -> Definition | None:
    """A class with the methods that a mistake changes in a subclass of it; None if the mistake does something else."""
    match factory:
        case ast.FunctionDef(
            args=ast.arguments(args=[ast.arg(arg=base)]),
            body=[ast.ClassDef(name=name, bases=[ast.Name(id=of)]) as changed, ast.Return(value=ast.Name(id=back))],
        ) if isinstance(own, ast.ClassDef) and of == base and back == name:
            used = {node.id for part in changed.body for node in ast.walk(part) if isinstance(node, ast.Name)}
            methods = {part.name: part for part in changed.body if isinstance(part, ast.FunctionDef)}
            if {base, "super"} & used or len(methods) < len(changed.body):
                return None
            (whole,) = ast.parse(ast.unparse(own)).body
            assert isinstance(whole, ast.ClassDef)
            whole.body = [part for part in whole.body if getattr(part, "name", "") not in methods] + [*methods.values()]
            for node in ast.walk(whole):
                if isinstance(node, ast.Name) and node.id == name:
                    node.id = own.name
            return whole
    return None


@cache
def _read(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _definition(file: Path, name: str, line: int) -> Definition | None:
    """The definition of that name whose decorators or first line are at a line of a file."""
    for node in _read(file).body:
        if isinstance(node, Definition) and node.name == name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            return node if first <= line <= node.lineno else None
    return None


def _needed(found: Definition, known: set[str], file: Path) -> list[ast.stmt] | None:
    """What a definition needs beside the known names, from its file and those of the bank that it imports from.

    The statements come in the order of their files, the imported ones first; None if a student could not write one.
    """
    needed: dict[tuple[str, int], tuple[int, int, ast.stmt]] = {}
    asked = [(name, file, 0) for name in _free(found)]
    while asked:
        name, file, depth = asked.pop()
        if name in known or hasattr(builtins, name):
            continue
        node = next((node for node in _read(file).body if name in _bound([node])), None)
        if node is None or (isinstance(node, Definition) and node.decorator_list):
            return None
        if isinstance(node, ast.Import | ast.ImportFrom) and not _students(node):
            there = _imported(node, name)
            if there is None:
                return None
            asked.append((name, there, depth + 1))
        elif (str(file), node.lineno) not in needed:
            needed[str(file), node.lineno] = (-depth, node.lineno, node)
            asked += [(read, file, depth) for read in _free(node)]
    return [node for _, _, node in sorted(needed.values(), key=lambda one: one[:2])]


def _students(node: ast.Import | ast.ImportFrom) -> bool:
    """Tell if a student's module may import that."""
    modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return all(module.partition(".")[0] in STUDENTS for module in modules)


def _imported(node: ast.Import | ast.ImportFrom, name: str) -> Path | None:
    """The file of the bank or of the model answers from which a name is imported as it is called there; None if it is not."""
    if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(("grader.bank.", "reference")):
        return None
    spec = find_spec(node.module or "")
    as_it_is = any(alias.name == name and alias.asname is None for alias in node.names)
    return Path(spec.origin) if spec is not None and spec.origin is not None and as_it_is else None


def _free(node: ast.stmt) -> Iterator[str]:
    """The names that a statement reads and does not bind itself anywhere; those of annotations are not needed."""
    own = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    own |= {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
    own |= {n.name for n in ast.walk(node) if isinstance(n, Definition)}
    whole = node.args if isinstance(node, ast.FunctionDef) else None
    walked = (
        [n for part in (*node.body, whole) if part is not None for n in ast.walk(part)] if whole else ast.walk(node)
    )
    return (n.id for n in walked if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id not in own)


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    """The names that statements of a module bind."""
    for node in body:
        if isinstance(node, Definition):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        else:
            yield from (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
