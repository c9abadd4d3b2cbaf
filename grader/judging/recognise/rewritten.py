"""The model answer with one of its functions rewritten: a state taken as before it changed, a guard on the other side of a root.

A model answer may leave its work to a function of its own module: then that one is rewritten. Nothing is told of the place.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import combinations
from typing import Any

from grader.judging.recognise.mutants import without_annotations

__all__ = ["Rewritten", "with_guard_moved", "with_stale_state"]

Rewritten = tuple[str, Callable[..., Any]]
"""What was rewritten, by name, and the answer."""
Rewrite = Callable[[ast.FunctionDef], Iterator[tuple[str, ast.FunctionDef]]]


@lru_cache(maxsize=256)
def with_stale_state(answer: Callable[..., Any]) -> tuple[Rewritten, ...]:
    """Return the answers that hand the new state on and make their step with the old one: of all keys, of one, of two."""
    return tuple(_rewritten(answer, _stale))


@lru_cache(maxsize=256)
def with_guard_moved(answer: Callable[..., Any]) -> tuple[Rewritten, ...]:
    """Return the answers in which a number that is added to a root is added under it, or the other way round."""
    return tuple(_rewritten(answer, _guarded))


def _rewritten(answer: Callable[..., Any], rewrite: Rewrite) -> Iterator[Rewritten]:
    if not inspect.isfunction(answer):
        return
    own = _parsed(answer)
    scope = vars(inspect.getmodule(answer))
    called = {n.func.id for n in ast.walk(own) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    others = [f for f in map(scope.get, sorted(called)) if inspect.isfunction(f) and f.__module__ == answer.__module__]
    for function in (answer, *others):
        for what, tree in rewrite(own if function is answer else _parsed(function)):
            names = dict(scope)
            for part in (tree,) if function is answer else (tree, own):
                module = ast.fix_missing_locations(ast.Module([part], []))
                exec(compile(module, f"<{part.name}, rewritten>", "exec"), names)  # noqa: S102 - our own answer, changed by us
            yield what, names[answer.__name__]


def _parsed(function: Callable[..., Any]) -> ast.FunctionDef:
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(tree, ast.FunctionDef)
    without_annotations(tree)
    return tree


# --------------------------------------------------------------------------------------- stale state
def _stale(tree: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the function with state read as it was on entry, wherever its new value enters the step."""
    keys = list(dict.fromkeys(key for statement in tree.body for key, _ in _updates(tree, statement)))
    for chosen in [keys, *([key] for key in keys if len(keys) > 1), *(combinations(keys, 2) if len(keys) > 2 else ())]:
        if chosen:
            changed = copy.deepcopy(tree)
            for key in chosen:
                changed.body = _with_old(changed, key)
            yield " and ".join(chosen), changed


def _with_old(tree: ast.FunctionDef, key: str) -> list[ast.stmt]:
    """Return the body with the old value of a key kept under another name, which every later use takes."""
    body: list[ast.stmt] = []
    old, replaced = f"_old_{key}", None
    for statement in tree.body:
        target = next((t for k, t in _updates(tree, statement) if k == key), None)
        if target is not None and replaced is None:
            body += [ast.Assign([ast.Name(old, ast.Store())], _of_config(key)), statement]
            replaced = target
        elif replaced is None or _hands_on(statement):
            body.append(statement)
        else:
            body.append(_Old(ast.unparse(replaced), old).visit(statement))
    return body


class _Old(ast.NodeTransformer):
    """Puts a name in the place of each use of a variable, or of an entry of the config."""

    def __init__(self, used: str, old: str) -> None:
        self.used, self.old = used, old

    def visit(self, node: ast.AST) -> Any:
        if (
            isinstance(node, (ast.Name, ast.Subscript))
            and isinstance(node.ctx, ast.Load)
            and ast.unparse(node) == self.used
        ):
            return ast.Name(self.old, ast.Load())
        return self.generic_visit(node)


def _updates(tree: ast.FunctionDef, statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield the keys of the config to which a statement gives a new value, made of the old one, each with what it assigns."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return
    target, value = statement.targets[0], statement.value
    pairs = [(target, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = list(zip(target.elts, value.elts, strict=True))
    handed_on = dict(_handed_on(tree))
    for assigned, made in pairs:
        key = _key(assigned) if isinstance(assigned, ast.Subscript) else handed_on.get(ast.unparse(assigned))
        if key is not None and not _key(made):
            yield key, assigned


def _handed_on(tree: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Yield the variables that ``config.update(key=variable)`` or ``config[key] = variable`` hand on, each with its key."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "config.update":
            for keyword in node.keywords:
                if isinstance(keyword.value, ast.Name) and keyword.arg is not None:
                    yield keyword.value.id, keyword.arg
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and (key := _key(node.targets[0])):
            yield node.value.id, key


def _hands_on(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return ast.unparse(statement.value.func) == "config.update"
    return (
        isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name) and bool(_key(statement.targets[0]))
    )


def _key(node: ast.expr) -> str | None:
    """Return the key of ``config["key"]``; None of anything else."""
    if not isinstance(node, ast.Subscript) or ast.unparse(node.value) != "config":
        return None
    return str(node.slice.value) if isinstance(node.slice, ast.Constant) else None


def _of_config(key: str) -> ast.Subscript:
    return ast.Subscript(ast.Name("config", ast.Load()), ast.Constant(key), ast.Load())


# -------------------------------------------------------------------------------------------- guards
def _guarded(tree: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the function with one guard moved from beside a root to under it, or back."""
    count = sum(_moved(node) is not None for node in ast.walk(tree))
    for number in range(count):
        changed = copy.deepcopy(tree)
        mover = _Mover(number)
        mover.visit(changed)
        yield mover.guard, changed


class _Mover(ast.NodeTransformer):
    """Moves one guard, that of this number in the order of a walk in depth."""

    def __init__(self, number: int) -> None:
        self.number, self.guard = number, ""

    def visit(self, node: ast.AST) -> Any:
        moved = _moved(node)
        if moved is not None:
            self.number -= 1
            if self.number == -1:
                self.guard = moved[0]
                return moved[1]
        return self.generic_visit(node)


def _moved(node: ast.AST) -> tuple[str, ast.expr] | None:
    """Return the guard of a root, and the root with it on the other side; None if a node is no guarded root."""
    match node:
        case ast.BinOp(left=ast.Call(func=ast.Attribute(attr="sqrt"), args=[inner]) as root, op=ast.Add(), right=guard):
            if (name := _guard(guard)) is not None:
                return f"{name} under", ast.Call(root.func, [ast.BinOp(inner, ast.Add(), guard)], root.keywords)
        case ast.Call(func=ast.Attribute(attr="sqrt"), args=[ast.BinOp(left=inner, op=ast.Add(), right=guard)]):
            if (name := _guard(guard)) is not None:
                return f"{name} beside", ast.BinOp(ast.Call(node.func, [inner], node.keywords), ast.Add(), guard)
    return None


def _guard(node: ast.expr) -> str | None:
    """Return the name of what may be a guard: a setting, an argument, or a small number."""
    match node:
        case ast.Constant(value=float(value)):
            return f"{value:g}"
        case ast.Name(id=name):
            return name if name.startswith("eps") else None
    key = _key(node)
    return key if key is not None and key.startswith("eps") else None
