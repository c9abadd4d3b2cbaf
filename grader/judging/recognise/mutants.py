"""Mutants of the model answer: many a wrong answer is one, without anyone having declared it.

Each mutant is the model answer with one node of its syntax tree changed: a sign, a factor, an axis, a constant. A mutant's name
gives the kind of slip, never its place: that would reveal the answer.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.cases import Bench, run_locally
from grader.judging.declare import Exercise
from grader.judging.recognise.evidence import WITNESSES, Seen, close, explains, reals
from grader.judging.recognise.recognised import Prediction, Recognised

__all__ = ["Mutant", "mutant_of", "mutants", "slips", "without_annotations"]

Array = NDArray[np.float64]

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
METHODS = ("property", "classmethod", "staticmethod")
"""The decorators that make a method what it is."""
MOST = 400
"""More mutants than this of one answer are not tried."""


@dataclass(frozen=True, eq=False)
class Mutant:
    """A wrong answer that differs from the model answer in one place; ``kind`` is the kind of slip."""

    kind: str
    answer: Callable[..., Any]


class Mutants:
    """The mutants of one model answer, each compiled when it is first wanted and then kept.

    Args:
        answer: the model answer, a function or a class.

    """

    def __init__(self, answer: Callable[..., Any]) -> None:
        self._made: list[Mutant] = []
        self._more = islice(_mutated(answer), MOST)

    def __iter__(self) -> Iterator[Mutant]:
        number = 0
        while number < len(self._made) or self._make():
            yield self._made[number]
            number += 1

    def _make(self) -> bool:
        """Compile one more; false if there is none."""
        mutant = next(self._more, None)
        if mutant is not None:
            self._made.append(mutant)
        return mutant is not None


@lru_cache(maxsize=256)
def mutants(answer: Callable[..., Any]) -> Mutants:
    """Return the mutants of a model answer."""
    return Mutants(answer)


def mutant_of(exercise: Exercise, output: int, seen: Sequence[Seen], bench: Bench) -> Recognised | None:
    """Recognise the first mutant of the model answer that gives one output as it came back, on every case."""
    wrong = [s for s in seen if not s.ok]
    if len(seen) < WITNESSES or not wrong:
        return None
    for mutant in mutants(exercise.answer()):

        def answered(s: Seen, mutant: Mutant = mutant) -> Array | None:
            outputs = bench.wrong_answer(exercise, mutant, mutant.answer, s.case)
            if outputs is None or len(outputs) != len(exercise.outputs):
                return None
            return reals(outputs[output])

        first = answered(wrong[0])
        slack = wrong[0].slack
        if first is None or not close(wrong[0].got, first, slack if first.shape == slack.shape else 0.0):
            continue
        if all(answered(s) is not None for s in seen) and explains(seen, answered):
            return Recognised(mutant.kind, "mutant", predict=_prediction(exercise, mutant.answer, output))
    return None


def _prediction(exercise: Exercise, answer: Callable[..., Any], output: int) -> Prediction:
    """Return the prediction that an output is what this answer of ours returns."""

    def predict(inputs: Mapping[str, Any], _: Array) -> Array | None:
        try:
            return reals(run_locally(exercise, inputs, answer)[output])
        except Exception:  # a mutant may raise anything
            return None

    return predict


def _mutated(answer: Callable[..., Any]) -> Iterator[Mutant]:
    """Compile each change of a model answer, a function or a class; the tree is changed in place, and back."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(answer))).body
    if any(isinstance(node, ast.While) for node in ast.walk(tree)):
        return  # a change of it might never end
    assert isinstance(tree, (ast.FunctionDef, ast.ClassDef))
    functions = (
        [tree] if isinstance(tree, ast.FunctionDef) else [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    )
    for function in functions:
        without_annotations(function)
    _with_own_values(tree, answer)
    scope = vars(inspect.getmodule(answer))
    for function in functions:
        for kind, put, old, new in _changes(function):
            put(ast.fix_missing_locations(ast.copy_location(new, old)))
            try:
                yield Mutant(kind, _compiled(tree, scope))
            finally:
                put(old)


def _with_own_values(tree: ast.AST, answer: Callable[..., Any]) -> None:
    """Write into the tree of a variant's model answer its own values, where the source has those that are declared."""
    defaults = getattr(answer, "__kwdefaults__", None) or {}
    if isinstance(tree, ast.FunctionDef) and all(isinstance(v, (int, float, str)) for v in defaults.values()):
        tree.args.kw_defaults = [
            ast.Constant(defaults[a.arg]) if a.arg in defaults else None for a in tree.args.kwonlyargs
        ]
        ast.fix_missing_locations(tree)


def without_annotations(function: ast.FunctionDef) -> None:
    """Take the annotations out, which may name what is not there yet; of a plain function its decorators too."""
    function.returns = None
    function.decorator_list = [d for d in function.decorator_list if ast.unparse(d) in METHODS]
    for argument in (*function.args.args, *function.args.kwonlyargs):
        argument.annotation = None


def _compiled(tree: ast.FunctionDef | ast.ClassDef, scope: Mapping[str, Any]) -> Callable[..., Any]:
    names = dict(scope)
    module = ast.Module([tree], [])
    exec(compile(module, f"<a mutant of {tree.name}>", "exec"), names)  # noqa: S102 - our own answer, changed by us
    return names[tree.name]  # type: ignore[no-any-return]


def _changes(tree: ast.FunctionDef) -> Iterator[tuple[str, Callable[[ast.AST], None], ast.AST, ast.AST]]:
    """Yield for each node, breadth first, each kind of slip in it, a function that puts a node in its place, and both nodes."""
    arguments = [a.arg for a in tree.args.args]
    indices = {id(n) for s in ast.walk(tree) if isinstance(s, ast.Subscript) for n in ast.walk(s.slice)}
    for node, put in list(_places(tree)):
        for kind, replacement in slips(node, arguments):
            if kind != "changed_constant" or id(node) not in indices:  # an index is no number of the formula
                yield kind, put, node, replacement


def _places(tree: ast.AST) -> Iterator[tuple[ast.AST, Callable[[ast.AST], None]]]:
    """Yield every node below ``tree`` in the order of :func:`ast.walk`, with a function that puts another in its place."""
    waiting: deque[ast.AST] = deque([tree])
    while waiting:
        parent = waiting.popleft()
        for field, held in ast.iter_fields(parent):
            if isinstance(held, list):
                for i, item in enumerate(held):
                    if isinstance(item, ast.AST):
                        waiting.append(item)
                        yield item, partial(held.__setitem__, i)
            elif isinstance(held, ast.AST):
                waiting.append(held)
                yield held, partial(setattr, parent, field)


def slips(node: ast.AST, arguments: Sequence[str]) -> Iterator[tuple[str, ast.AST]]:
    """Yield the slips at one node of a model answer, each as its kind and the node in its place.

    Args:
        node: of the answer's syntax tree.
        arguments: names of the function's arguments, each of which may be taken for another.

    """
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


def _leaves(node: ast.AST, arguments: Sequence[str]) -> Iterator[tuple[str, ast.AST]]:
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
            if isinstance(node.op, ast.Mult):
                yield "dropped_factor", right
            yield "changed_power", ast.BinOp(node, node.op, right)
            yield "changed_power", ast.BinOp(left, node.op, ast.BinOp(left, ast.Mult(), right))
            yield "flipped_sign", ast.UnaryOp(ast.USub(), node)
        case ast.MatMult():
            yield "matrix_order", ast.BinOp(right, ast.MatMult(), left)
            yield "dropped_factor", left
            yield "dropped_factor", right
        case ast.Pow():
            yield "changed_power", left
            yield "product_for_power", ast.BinOp(right, ast.Mult(), left)


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
                yield "wrong_axis" if axis is not None else "whole_array", changed
