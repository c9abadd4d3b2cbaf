"""Facts on the arguments of a model answer, the same in all of its cases: dimensions, and which have the same shape or length.

And what follows for the expressions that are made of them.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.judging import Case, Earlier, Exercise

__all__ = ["NOTHING", "Known", "known_of"]

Rank = int | tuple["Rank", ...] | None
"""Dimensions of an array (0: a number); of a tuple those of its parts; ``None``: not known, or no number."""
ENTRYWISE = {
    "exp", "log", "log1p", "expm1", "sqrt", "square", "abs", "absolute", "sign", "tanh", "sin", "cos", "negative", "maximum",
    "minimum", "where", "logaddexp", "add", "subtract", "multiply", "divide", "astype", "copy", "zeros_like", "ones_like",
}  # fmt: skip
REDUCED = {"sum", "mean", "max", "min", "prod", "any", "all", "argmax", "argmin", "std", "var"}


@dataclass(frozen=True)
class Known:
    """All that the cases of an exercise have in common.

    Args:
        ranks: dimensions of the arguments.
        values: the arguments of each case.
        made: what each local name stands for, if it is assigned once.

    """

    ranks: Mapping[str, Rank] = field(default_factory=dict)
    values: Sequence[Mapping[str, Any]] = ()
    made: Mapping[str, ast.expr] = field(default_factory=dict)

    def within(self, function: ast.AST) -> Known:
        """Return what is known within the body of the model answer: of arguments that keep their values."""
        stored: dict[str, list[ast.expr | None]] = {}
        ranks = dict(self.ranks)
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    stored.setdefault(name, []).append(value)
                case ast.Assign(targets=[ast.Tuple(elts=parts)], value=ast.Name(id=name)) if _are_names(parts):
                    whole = self.ranks.get(name)
                    if isinstance(whole, tuple) and len(whole) == len(parts):
                        ranks |= {p.id: rank for p, rank in zip(parts, whole, strict=True) if isinstance(p, ast.Name)}
        often: dict[str, int] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                often[node.id] = often.get(node.id, 0) + 1
        ranks = {n: rank for n, rank in ranks.items() if often.get(n, 0) == (n not in self.ranks)}
        made = {n: v[0] for n, v in stored.items() if len(v) == 1 == often[n] and v[0] is not None}
        return Known(ranks, [{n: v for n, v in case.items() if n in ranks} for case in self.values], made)

    def same_shape(self, a: str, b: str) -> bool:
        """Return True if two arguments have one shape and one dtype in every case."""
        return self._agree(a, b, lambda x: (x.shape, x.dtype.str))

    def same_length(self, a: str, b: str) -> bool:
        """Return True if two arguments have as many entries along the first axis in every case."""
        return self._agree(a, b, lambda x: x.shape[:1] or None)

    def all_are(self, name: str, *numbers: float) -> bool:
        """Return True if every entry of an argument is one of these numbers, in every case."""
        arrays = [case.get(name) for case in self.values]
        return bool(arrays) and all(isinstance(a, np.ndarray) and bool(np.isin(a, numbers).all()) for a in arrays)

    def _agree(self, a: str, b: str, of: Any) -> bool:
        def one(case: Mapping[str, Any]) -> bool:
            x, y = case.get(a), case.get(b)
            return isinstance(x, np.ndarray) and isinstance(y, np.ndarray) and of(x) is not None and of(x) == of(y)

        return bool(self.values) and all(map(one, self.values))

    def rank(self, node: ast.AST, depth: int = 0) -> int | None:
        """Return the dimensions of an expression's value, if they are the same in every case."""
        if depth > 8:
            return None
        match node:
            case ast.Constant(value=(int() | float())):
                return 0
            case ast.Name(id=name):
                found = self.ranks.get(name)
                if name not in self.ranks and name in self.made:
                    return self.rank(self.made[name], depth + 1)
                return found if isinstance(found, int) else None
            case ast.UnaryOp(operand=inner) | ast.Attribute(attr="T", value=inner):
                return self.rank(inner, depth + 1)
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                a, b = self.rank(left, depth + 1), self.rank(right, depth + 1)
                return a + b - 2 if a in (1, 2) and b in (1, 2) else None
            case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
                return self._broadcast([left, right], depth)
            case ast.Subscript(value=inner, slice=index):
                return self._indexed(self.rank(inner, depth + 1), index)
            case ast.Call():
                return self._returned(node, depth)
        return None

    def _broadcast(self, parts: Sequence[ast.AST], depth: int) -> int | None:
        ranks = [self.rank(part, depth + 1) for part in parts]
        return None if None in ranks or not ranks else max(r for r in ranks if r is not None)

    def _indexed(self, rank: int | None, index: ast.expr) -> int | None:
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        if rank is None or not all(isinstance(p, (ast.Slice, ast.Constant)) for p in parts):
            return None
        keys = [p.value for p in parts if isinstance(p, ast.Constant)]
        if not all(key is None or type(key) is int for key in keys):
            return None
        return rank + sum(key is None for key in keys) - sum(key is not None for key in keys)

    def _returned(self, node: ast.Call, depth: int) -> int | None:
        name, operand = called(node)
        if name == "concatenate" and isinstance(
            operand, (ast.List, ast.Tuple)
        ):  # all are of as many dimensions as one of them
            return next((r for part in operand.elts if (r := self.rank(part, depth + 1)) is not None), None)
        if name in ENTRYWISE:
            of = [operand] if name in ("astype", "copy", "zeros_like", "ones_like") else node.args
            return self._broadcast([o for o in of if o is not None], depth)
        rank = None if operand is None else self.rank(operand, depth + 1)
        if name not in REDUCED or rank is None:
            return None
        keywords = {k.arg: k.value for k in node.keywords}
        if "keepdims" in keywords:
            return rank
        return rank - 1 if "axis" in keywords and not _is_none(keywords["axis"]) else 0


NOTHING = Known()
"""Of a class, or a helper, nothing is known."""


def called(node: ast.Call) -> tuple[str, ast.expr | None]:
    """Return the name of a function or method that is called, and what it is called on: ``np.sum(x)`` and ``x.sum()`` alike."""
    if not isinstance(node.func, ast.Attribute):
        return getattr(node.func, "id", ""), node.args[0] if node.args else None
    of_a_module = isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "math")
    operand = (node.args[0] if node.args else None) if of_a_module else node.func.value
    return node.func.attr, operand


def known_of(exercise: Exercise, model: Any, cases: Iterable[Case]) -> Known:
    """Return what cases of an exercise have in common; nothing of a class, or where the arguments are not known beforehand."""
    if isinstance(model, type) or not exercise.inputs:
        return NOTHING
    names, values = list(inspect.signature(model).parameters), []
    for case in cases:
        for call in case.plan(documented=exercise.pair is not None).chain.calls:
            if call.function == exercise.target:
                if call.adapter is not None or len(call.args) > len(names):
                    return NOTHING
                given = zip(names, call.args, strict=False)
                values.append({n: v for n, v in given if not isinstance(v, Earlier)})
    if not values:
        return NOTHING
    shared = [name for name in names if all(name in case for case in values)]
    return Known({name: _common([_rank(case[name]) for case in values]) for name in shared}, values)


def _rank(value: Any) -> Rank:
    if isinstance(value, tuple):
        return tuple(map(_rank, value))
    return value.ndim if isinstance(value, (np.ndarray, np.generic)) else None


def _common(ranks: Sequence[Rank]) -> Rank:
    return ranks[0] if all(rank == ranks[0] for rank in ranks) else None


def _are_names(parts: Sequence[ast.expr]) -> bool:
    return all(isinstance(part, ast.Name) for part in parts)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
