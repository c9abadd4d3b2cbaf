"""One change to the model answer: what many wrong answers turn out to be, found without anyone having declared them.

Each mutant is the model answer with one node of its syntax tree changed: a sign, a factor, an axis, a constant. What a
mutant is called says what kind of slip it is and not where the right answer differs, which would give that away.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from grader.judging.declare.exercise import model

__all__ = ["Mutant", "mutants"]

KINDS = {
    "flipped_sign": "one sign is flipped: somewhere a term is added that is to be taken away, or the other way",
    "dropped_term": "one term of a sum is missing",
    "dropped_factor": "one factor is missing",
    "inverted_factor": "one factor is on the wrong side of a fraction line",
    "changed_constant": "one constant of the formula is off",
    "changed_power": "one exponent is off, or a factor of a power is missing",
    "reversed_comparison": "one comparison points the other way, or stops one short",
    "wrong_axis": "one sum runs along the wrong axis",
    "wrong_reduction": "one reduction is of the wrong kind: a sum for a mean, a maximum for a minimum, or the like",
    "dropped_function": "one function is missing from the formula, or was taken where another was asked",
    "missing_transpose": "one matrix is transposed that should not be, or the other way",
    "swapped_operands": "two operands of one operation are the wrong way round",
    "wrong_variable": "one variable stands where another belongs",
}
OTHER = {
    "sum": ("mean", "max"),
    "mean": ("sum",),
    "max": ("min", "sum"),
    "min": ("max",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "argmax": ("argmin",),
    "floor": ("ceil",),
    "sqrt": ("square",),
}
ALONE = {"exp", "log", "log1p", "expm1", "sqrt", "tanh", "abs", "square", "sign"}
MOST = 400
"""More mutants than this of one answer are not tried."""


@dataclass(frozen=True)
class Mutant:
    """A wrong answer that differs from the model answer in one place, and what kind of slip that is."""

    kind: str
    answer: Callable[..., Any]

    @property
    def text(self) -> str:
        """The kind of slip, as the end of a sentence."""
        return KINDS[self.kind]


@lru_cache(maxsize=256)
def mutants(name: str) -> tuple[Mutant, ...]:
    """All mutants of the model answer of an exercise, by its full name; those that do not compile are left out."""
    answer = model(name)
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(answer))).body
    assert isinstance(tree, ast.FunctionDef)
    tree.returns, tree.decorator_list = None, []
    for argument in (*tree.args.args, *tree.args.kwonlyargs):
        argument.annotation = None
    found = []
    for kind, changed in _changes(tree):
        scope: dict[str, Any] = dict(inspect.getmodule(answer).__dict__)
        module = ast.fix_missing_locations(ast.Module([changed], []))
        exec(compile(module, f"<a mutant of {name}>", "exec"), scope)  # noqa: S102 - our own answer, changed by us
        found.append(Mutant(kind, scope[tree.name]))
        if len(found) == MOST:
            break
    return tuple(found)


def _changes(tree: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every tree that differs from ``tree`` in one node."""
    arguments = [a.arg for a in tree.args.args]
    count = sum(1 for _ in ast.walk(tree))
    for position in range(count):
        node = _at(tree, position)
        for kind, replacement in _replacements(node, arguments):
            changed = copy.deepcopy(tree)
            _replace(changed, _at(changed, position), replacement)
            yield kind, changed


def _at(tree: ast.AST, position: int) -> ast.AST:
    for index, node in enumerate(ast.walk(tree)):
        if index == position:
            return node
    raise IndexError(position)


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for field, held in ast.iter_fields(parent):
            if held is old:
                setattr(parent, field, new)
                return
            if isinstance(held, list):
                for i, item in enumerate(held):
                    if item is old:
                        held[i] = new
                        return


def _replacements(node: ast.AST, arguments: list[str]) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.BinOp():
            yield from _operations(node)
        case ast.Call():
            yield from _calls(node)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield "flipped_sign", operand
        case ast.AugAssign(op=ast.Add()):
            yield "flipped_sign", ast.AugAssign(node.target, ast.Sub(), node.value)
        case ast.AugAssign(op=ast.Sub()):
            yield "flipped_sign", ast.AugAssign(node.target, ast.Add(), node.value)
        case ast.Compare(ops=[op], left=left, comparators=[right]):
            for turned in (ast.Gt(), ast.Lt(), ast.GtE(), ast.LtE()):
                if type(turned) is not type(op):
                    yield "reversed_comparison", ast.Compare(left, [turned], [right])
        case ast.Attribute(attr="T", value=inner):
            yield "missing_transpose", inner
        case _:
            yield from _leaves(node, arguments)


def _leaves(node: ast.AST, arguments: list[str]) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        value: float = node.value  # type: ignore[assignment]  # its type was just asked
        for constant in (0, 1, 2, value + 1, value * 2, value / 2, -value):
            if constant != value:
                yield "changed_constant", ast.Constant(constant)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in arguments:
        for other in arguments:
            if other != node.id:
                yield "wrong_variable", ast.Name(other, ast.Load())
        yield "missing_transpose", ast.Attribute(node, "T", ast.Load())


def _operations(node: ast.BinOp) -> Iterator[tuple[str, ast.AST]]:
    left, right = node.left, node.right
    minus_right = ast.UnaryOp(ast.USub(), right)
    match node.op:
        case ast.Add() | ast.Sub():
            other: ast.operator = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            yield "flipped_sign", ast.BinOp(left, other, right)
            yield "dropped_term", left
            yield "dropped_term", right if isinstance(node.op, ast.Add) else minus_right
            if isinstance(node.op, ast.Sub):
                yield "swapped_operands", ast.BinOp(right, ast.Sub(), left)
        case ast.Mult() | ast.Div():
            other = ast.Div() if isinstance(node.op, ast.Mult) else ast.Mult()
            yield "inverted_factor", ast.BinOp(left, other, right)
            yield "dropped_factor", left
            yield "dropped_factor", right
            yield "changed_power", ast.BinOp(node, node.op, right)
            yield "changed_power", ast.BinOp(left, node.op, ast.BinOp(left, ast.Mult(), right))
            yield "flipped_sign", ast.UnaryOp(ast.USub(), node)
        case ast.MatMult():
            yield "swapped_operands", ast.BinOp(right, ast.MatMult(), left)
            yield "dropped_factor", left
            yield "dropped_factor", right
        case ast.Pow():
            yield "changed_power", left
            yield "dropped_factor", ast.BinOp(right, ast.Mult(), left)


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    if not isinstance(node.func, ast.Attribute):
        return
    name = node.func.attr
    for other in OTHER.get(name, ()):
        changed = copy.deepcopy(node)
        changed.func.attr = other  # type: ignore[attr-defined]  # it is the attribute that was just read
        yield "wrong_reduction", changed
    if name in ALONE and node.args:
        yield "dropped_function", node.args[0]
    for i, keyword in enumerate(node.keywords):
        if keyword.arg == "axis":
            for axis in (0, 1, -1, None):
                changed = copy.deepcopy(node)
                changed.keywords[i].value = ast.Constant(axis)
                yield "wrong_axis", changed
