"""Slips beyond those that diagnosis knows: changes of a model answer that its cases must find, though nobody tells them by name.

Each takes one node of a syntax tree and yields nodes for its place. Changes that are equal by construction, as the arguments of
a maximum swapped, are not made.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from grader.judging import slips

__all__ = ["further_slips", "without"]

Change = tuple[str, ast.AST]
"""The kind of slip, and the node in its place."""
SYMMETRIC = {
    "maximum", "minimum", "max", "min", "add", "multiply", "logical_and", "logical_or", "logical_xor", "equal", "not_equal",
    "isclose", "allclose", "array_equal", "hypot", "zip",
}  # fmt: skip
"""Functions of which the order of the arguments makes no difference (of ``zip`` it only renames)."""
CONVERSIONS = {"array", "asarray", "asanyarray", "ascontiguousarray", "stack", "astype", "list", "tuple"}
"""Functions that change the form of numbers: lists and truth values count as arrays, so that their loss is right by policy."""
OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Mult,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.Div: (ast.FloorDiv,),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
WORDS = {
    "add": ("subtract",), "subtract": ("add",), "multiply": ("divide", "add"), "divide": ("multiply",), "power": ("multiply",),
    "negative": ("absolute",), "exp": ("log",), "log": ("exp",), "sqrt": ("square",), "square": ("sqrt",), "sin": ("cos",),
    "cos": ("sin",), "tanh": ("sigmoid",), "sigmoid": ("tanh",), "relu": ("absolute",), "absolute": ("relu",),
    "maximum": ("minimum",), "minimum": ("maximum",), "sum": ("mean",), "mean": ("sum",), "matmul": ("multiply",),
    "outer": ("matmul",),
}  # fmt: skip
"""Operations of a graph, each with others that it is taken for."""
CALLED = {"exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "sigmoid", "abs", "max", "min", "sum"}
"""The functions of a formula, which are no names in it."""
IN_PLACE: dict[type[ast.operator], type[ast.operator]] = {ast.Mult: ast.Div, ast.Div: ast.Mult, ast.MatMult: ast.Mult}
NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
}  # fmt: skip


def further_slips(node: ast.AST, keys: Sequence[str]) -> Iterator[Change]:  # noqa: PLR0912 - a table of kinds of nodes
    """Yield the further slips at one node.

    Args:
        node: of the answer's syntax tree.
        keys: the texts by which the answer looks something up, each of which may be taken for another.

    """
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            for other in OPERATORS.get(type(op), ()):
                yield "another operator", ast.BinOp(left, other(), right)
            if isinstance(op, ast.Div):
                yield "dropped_factor", right
        case ast.AugAssign(target=target, op=op, value=value):
            if type(op) in IN_PLACE:
                yield "another operator", ast.AugAssign(target, IN_PLACE[type(op)](), value)
            yield "assigned, not added up", ast.Assign([target], value)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in NEGATED:
            yield "condition negated", ast.Compare(left, [NEGATED[type(op)]()], [right])
        case ast.BoolOp(op=op, values=values):
            yield "and for or", ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            yield from (("condition dropped", value) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "condition negated", operand
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield "branches swapped", ast.IfExp(test, orelse, body)
            yield "one branch only", body
            yield "one branch only", orelse
        case ast.If() | ast.While():
            negated = copy.copy(node)
            negated.test = ast.UnaryOp(ast.Not(), node.test)
            yield "condition negated", negated
        case ast.Call():
            yield from _calls(node)
        case ast.Slice():
            yield from _bounds(node)
        case ast.Subscript(slice=index):
            yield from _indices(node, index, keys)
        case ast.Return(value=ast.Tuple(elts=parts)) if len(parts) > 1:
            for i in range(len(parts) - 1):
                yield "outputs swapped", ast.Return(ast.Tuple(_swapped(parts, i), ast.Load()))
        case ast.Constant(value=str() as text):
            yield from (("another word", ast.Constant(other)) for other in _texts(text))
        case ast.Tuple(elts=[*before, second, third], ctx=ast.Load()) if before and isinstance(
            before[-1], ast.Constant
        ):
            # A step of a graph: its name, the operation, what it takes.
            yield "operands swapped", ast.Tuple([*before, third, second], ast.Load())
        case ast.Constant(value=bool() as value):
            yield "constant changed", ast.Constant(not value)
        case ast.Constant(value=(int() | float()) as value):
            yield "constant changed", ast.Constant(value - 1)


def _texts(text: str) -> Iterator[str]:
    """Yield other texts for one that names an operation, or that is a formula: its slips, and those here, written as text again."""
    yield from WORDS.get(text, ())
    try:
        tree = ast.parse(text.replace("^", "**"), mode="eval")
    except (SyntaxError, ValueError):
        return
    if isinstance(tree.body, (ast.Name, ast.Constant)):
        return
    names = sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - CALLED)
    for parent in ast.walk(tree):
        for field, held in ast.iter_fields(parent):
            for i, node in enumerate(held if isinstance(held, list) else [held]):
                if isinstance(node, ast.expr):
                    for _, new in (*slips(node, names), *further_slips(node, ())):
                        yield _put(parent, field, i, new, tree)


def _put(parent: ast.AST, field: str, i: int, new: ast.AST, tree: ast.Expression) -> str:
    """Return the text of a formula with another node in a place of it, which is put back."""
    held = getattr(parent, field)
    if isinstance(held, list):
        old, held[i] = held[i], new
    else:
        setattr(parent, field, new)
    try:
        return ast.unparse(ast.fix_missing_locations(tree)).replace("**", "^")
    finally:
        if isinstance(held, list):
            held[i] = old
        else:
            setattr(parent, field, held)


def without(statement: ast.stmt) -> ast.stmt | None:
    """Return what is left where a statement is removed; None where nothing would be tried by it (a return, a docstring)."""
    removable = (
        ast.Assign,
        ast.AugAssign,
        ast.Expr,
        ast.If,
        ast.For,
        ast.While,
        ast.Raise,
        ast.Delete,
        ast.Break,
        ast.Continue,
    )
    docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return ast.Pass() if isinstance(statement, removable) and not docstring else None


def _calls(node: ast.Call) -> Iterator[Change]:
    method = isinstance(node.func, ast.Attribute) and not (
        isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "math")
    )
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in CONVERSIONS:
        pass
    elif method and isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Attribute):
        yield "call dropped", node.func.value
    elif node.args and not isinstance(node.args[0], ast.Starred):
        yield "call dropped", node.args[0]
    if name not in SYMMETRIC:
        for i in range(len(node.args) - 1):
            yield "arguments swapped", ast.Call(node.func, _swapped(node.args, i), node.keywords)
    for keyword in node.keywords:
        yield "keyword dropped", ast.Call(node.func, node.args, [k for k in node.keywords if k is not keyword])
    if name == "range":
        *before, end = node.args if len(node.args) < 3 else node.args[:2]
        rest = node.args[2:]
        sooner = ast.BinOp(end, ast.Sub(), ast.Constant(1))
        yield "one time fewer", ast.Call(node.func, [*before, sooner, *rest], [])
        if not before:
            yield "one time fewer", ast.Call(node.func, [ast.Constant(1), end], [])


def _indices(node: ast.Subscript, index: ast.expr, keys: Sequence[str]) -> Iterator[Change]:
    def at(other: ast.expr) -> ast.Subscript:
        return ast.Subscript(node.value, other, node.ctx)

    match index:
        case ast.Constant(value=str() as key) if len(keys) > 1:
            others = [*keys[keys.index(key) + 1 :], *keys[: keys.index(key)]]
            yield "another key", at(ast.Constant(others[0]))
        case ast.Name() | ast.BinOp():
            yield "index shifted", at(_one_more(index))
            yield "index shifted", at(ast.BinOp(index, ast.Sub(), ast.Constant(1)))
        case ast.Tuple(elts=parts) if len(parts) > 1:
            yield "index shifted", at(ast.Tuple(_swapped(parts, 0), ast.Load()))
            for i, part in enumerate(parts):
                if isinstance(part, (ast.Name, ast.BinOp)):
                    yield "index shifted", at(ast.Tuple([*parts[:i], _one_more(part), *parts[i + 1 :]], ast.Load()))


def _bounds(node: ast.Slice) -> Iterator[Change]:
    lower, upper, step = node.lower, node.upper, node.step
    if lower is not None:
        yield "index shifted", ast.Slice(_one_more(lower), upper, step)
        yield "bound dropped", ast.Slice(None, upper, step)
    if upper is not None:
        yield "index shifted", ast.Slice(lower, _one_more(upper), step)
        yield "bound dropped", ast.Slice(lower, None, step)
    if step is not None:
        yield "bound dropped", ast.Slice(lower, upper, None)


def _swapped(parts: Sequence[ast.expr], i: int) -> list[ast.expr]:
    """Exchange a part and the next one."""
    return [*parts[:i], parts[i + 1], parts[i], *parts[i + 2 :]]


def _one_more(bound: ast.expr) -> ast.expr:
    return ast.BinOp(bound, ast.Add(), ast.Constant(1))
