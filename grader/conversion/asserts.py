"""The tests of a notebook, told from their syntax: calls of its functions, and the values that they are to have."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from grader.conversion.kinds import UNKNOWN, Called, Part, Unknown, is_exact
from grader.conversion.values import evaluated

__all__ = ["Asserted", "Seen", "Told", "read_test", "remember"]

SAME = {
    "allclose", "isclose", "array_equal", "assert_allclose", "assert_almost_equal", "assert_array_almost_equal",
    "assert_array_equal", "assert_equal", "assertEqual", "assertAlmostEqual", "assert_close",
}  # fmt: skip
WHOLE = {"all", "max", "sum", "norm", "abs", "any", "mean", "float"}
LOOSEST = 1e-2


@dataclass(frozen=True)
class Seen:
    """A call of a function in a test: the values of its arguments."""

    call: Called
    cell: int
    hidden: bool


@dataclass(frozen=True)
class Asserted:
    """A call with the value that it is to have; ``output``: of several that it returns the one, from 0."""

    call: Called
    value: Any
    cell: int
    hidden: bool
    output: int | None = None


@dataclass
class Told:
    """The reading of a test: calls, values, and the statements that say something else, each with the reason."""

    seen: list[Seen] = field(default_factory=list)
    asserted: list[Asserted] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)


def remember(body: Iterable[ast.stmt], names: dict[str, Any], functions: frozenset[str]) -> None:
    """Keep the values that statements give to variables; what a branch or a loop may change is not known any more."""
    for node in body:
        _keep(node, names, functions)


def _keep(node: ast.stmt, names: dict[str, Any], functions: frozenset[str]) -> None:
    if isinstance(node, ast.Assign):
        value = evaluated(node.value, names, functions)
        for target in node.targets:
            _bind(target, value, names)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        _bind(node.target, evaluated(node.value, names, functions), names)
    elif not isinstance(node, (ast.Expr, ast.Assert, ast.Import, ast.ImportFrom)):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, (ast.Store, ast.Del)):
                names[inner.id] = UNKNOWN
    # What is changed in place, x[0] = 1, is not followed: it is not known any more.
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Subscript, ast.Attribute)) and isinstance(inner.ctx, (ast.Store, ast.Del)):
            base: ast.expr = inner
            while isinstance(base, (ast.Subscript, ast.Attribute)):
                base = base.value
            if isinstance(base, ast.Name):
                names[base.id] = UNKNOWN


def _bind(target: ast.expr, value: Any, names: dict[str, Any]) -> None:
    if isinstance(target, ast.Name):
        names[target.id] = value
    elif isinstance(target, (ast.Tuple, ast.List)):
        for index, inner in enumerate(target.elts):
            known = value[index] if isinstance(value, (tuple, list)) and index < len(value) else UNKNOWN
            _bind(inner, Part(value, index) if isinstance(value, Called) else known, names)


def read_test(
    body: Iterable[ast.stmt],
    names: dict[str, Any],
    functions: frozenset[str],
    cell: int,
    hidden: frozenset[int] = frozenset(),
    output: str | None = None,
) -> Told:
    """Read the statements of a test.

    Args:
        body: the statements.
        names: the values of variables, to which those of the test are added.
        functions: the names of the course's functions.
        cell: where it stands.
        hidden: the lines that students do not see.
        output: what its last expression returned when the notebook was saved, as text.

    """
    told = Told()
    body = list(body)
    for at, node in enumerate(body):
        secret = node.lineno in hidden
        last = output if at == len(body) - 1 else None
        reason = _statement(node, names, functions, told, cell, secret, last)
        if reason:
            told.left.append((reason, _text(node)))
        told.functions += [
            n.func.id
            for n in ast.walk(node)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in functions
        ]
        fails = _failing(node)
        calls = [evaluated(n, names, functions) for n in ast.walk(node) if isinstance(n, ast.Call) and n not in fails]
        told.seen += [Seen(c, cell, secret) for c in calls if isinstance(c, Called)]
        _keep(node, names, functions)
    return told


def _failing(node: ast.stmt) -> set[ast.AST]:
    """Return the parts of a statement that are to raise something: what they are called with is none of a function's inputs.

    That is what stands in a ``try`` whose handler lets the error pass and whose body asserts nothing of a call, and in a ``with``
    of ``pytest.raises`` or the like.
    """
    found: set[ast.AST] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Try):
            passes = any(not any(isinstance(n, ast.Raise) for n in ast.walk(h)) for h in part.handlers)
            asserts = any(
                isinstance(n, ast.Assert) and any(isinstance(c, ast.Call) for c in ast.walk(n.test))
                for s in part.body
                for n in ast.walk(s)
            )
            expected = passes and not asserts
        else:
            expected = isinstance(part, (ast.With, ast.AsyncWith)) and any(
                isinstance(item.context_expr, ast.Call) and "raises" in _last(item.context_expr.func).lower()
                for item in part.items
            )
        if expected:
            found |= {n for s in part.body for n in ast.walk(s)}  # type: ignore[attr-defined]
    return found


def _statement(
    node: ast.stmt,
    names: Mapping[str, Any],
    functions: frozenset[str],
    told: Told,
    cell: int,
    secret: bool,
    output: str | None,
) -> str:
    """Read one statement; return the reason for which what it asserts cannot be carried over, or an empty text."""
    if isinstance(node, ast.Assert):
        found = list(_claims(node.test, names, functions))
    elif (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and _last(node.value.func) in SAME
        and len(node.value.args) >= 2
    ):
        found = list(_claims(node.value, names, functions))
    elif isinstance(node, ast.Expr) and output is not None:
        found = list(_claims_of_output(node.value, output, names, functions))
    elif isinstance(node, (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.FunctionDef)):
        asserts = any(
            isinstance(n, (ast.Assert, ast.Raise)) or (isinstance(n, ast.Call) and _last(n.func).startswith("assert"))
            for n in ast.walk(node)
        )
        if _failing(node):
            return "it asserts that a call fails, and not what one returns"
        return "it asserts within a loop, a branch or a function of its own" if asserts else ""
    elif (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _last(node.value.func).startswith("assert")
    ):
        found = [None]
    else:
        return ""
    told.asserted += [replace(c, cell=cell, hidden=secret) for c in found if c is not None]
    return "" if found and None not in found else _reason(node, names, functions)


def _reason(node: ast.stmt, names: Mapping[str, Any], functions: frozenset[str]) -> str:
    used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    called = {n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    held = {n for n in used if isinstance(names.get(n), (Called, Part))}
    if not called & functions and not held:
        return "it asserts something of a global variable, and not of what a function returns"
    return "what it asserts is no value of a call whose arguments are written down"


def _claims(node: ast.expr, names: Mapping[str, Any], functions: frozenset[str]) -> Iterator[Asserted | None]:
    """Yield what an expression that is to be true says of calls; None for what cannot be read."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for value in node.values:
            yield from _claims(value, names, functions)
        return
    pair = _pair(node)
    if pair is not None:
        a, b = (evaluated(side, names, functions) for side in pair)
        yield _claim(a, b) or _claim(b, a)
        return
    yield _claim(evaluated(node, names, functions), True)


def _pair(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """Return the two sides of an expression that says that they are equal, or close."""
    match node:
        case ast.Call(func=func, args=[a, b, *_]) if _last(func) in SAME:
            return a, b
        case ast.Call(func=func, args=[inner]) if _last(func) in WHOLE - {"abs", "norm", "any"}:
            return _pair(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="all"), args=[]):
            return _pair(inner)
        case ast.Compare(left=a, ops=[ast.Eq() | ast.Is()], comparators=[b]):
            return a, b
        case ast.Compare(
            left=left, ops=[ast.Lt() | ast.LtE()], comparators=[ast.Constant(value=float() | int() as most)]
        ) if most <= LOOSEST:
            return _difference(left)
    return None


def _difference(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """Return the two sides of a difference of which only the size is looked at."""
    for _ in range(4):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Call() as inner, attr="max" | "sum" | "mean"), args=[]):
                node = inner
            case ast.Call(func=func, args=[ast.BinOp(left=a, op=ast.Sub(), right=b)]) if _last(func) in (
                "abs",
                "norm",
                "fabs",
            ):
                return a, b
            case ast.Call(func=func, args=[inner]) if _last(func) in WHOLE:
                node = inner
            case _:
                return None
    return None


def _claim(call: Any, value: Any) -> Asserted | None:
    if isinstance(value, Unknown) or not is_exact(value):
        return None
    if isinstance(call, Part):
        return Asserted(call.of, value, 0, hidden=False, output=call.index) if _known(call.of) else None
    return Asserted(call, value, 0, hidden=False) if isinstance(call, Called) and _known(call) else None


def _known(call: Called) -> bool:
    return all(map(is_exact, (*call.args, *call.named.values())))


def _claims_of_output(
    node: ast.expr, output: str, names: Mapping[str, Any], functions: frozenset[str]
) -> Iterator[Asserted | None]:
    """Yield what the saved output of a test's last expression says: otter compares with it."""
    text = output.strip()
    if text == "True":
        yield from _claims(node, names, functions)
        return
    try:
        said = ast.parse(text[:10_000].removeprefix("np.float64").removeprefix("np.int64"), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield None
        return
    if isinstance(said, ast.Call) and isinstance(said.func, ast.Name) and said.func.id == "array" and said.args:
        value = evaluated(said.args[0], {}, frozenset())
        value = np.array(value) if isinstance(value, list) and not isinstance(value, Unknown) else UNKNOWN
    else:
        value = evaluated(said, {}, frozenset())
    yield _claim(evaluated(node, names, functions), value)


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _text(node: ast.stmt) -> str:
    try:
        return ast.unparse(node)
    except RecursionError:
        return "(too deep to be written)"
