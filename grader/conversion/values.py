"""Values that a notebook's code writes down, told from its syntax: numbers, texts, lists, arrays. Nothing of it is run.

An array of random numbers has a shape and no entries. Whatever is not of a known kind is ``UNKNOWN``.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.conversion.kinds import (
    MOST_ENTRIES,
    UNKNOWN,
    Called,
    Part,
    Shaped,
    Unknown,
    is_small,
    number,
    numeric,
    tried,
)
from grader.conversion.numpy_calls import called

__all__ = ["evaluated"]

MOST_DEPTH = 60
MOST_TEXT = 2_000


def evaluated(node: ast.expr, names: Mapping[str, Any], functions: frozenset[str], depth: int = 0) -> Any:
    """Return the value of an expression.

    Args:
        node: the expression.
        names: the values of variables.
        functions: the names of the functions of the course, calls of which are :class:`Called`.
        depth: how deep the expression is in another one.

    """
    if depth > MOST_DEPTH:
        return UNKNOWN

    def of(inner: ast.expr) -> Any:
        return evaluated(inner, names, functions, depth + 1)

    match node:
        case ast.Constant(value=value):
            small = isinstance(value, (bool, type(None))) or (isinstance(value, str) and len(value) <= MOST_TEXT)
            return value if small or number(value) else UNKNOWN
        case ast.Name(id=name):
            return names.get(name, UNKNOWN)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            found = [of(item) for item in items] if len(items) <= MOST_ENTRIES else [UNKNOWN]
            if any(isinstance(x, Unknown) for x in found) or not is_small(found):
                return UNKNOWN
            return found if isinstance(node, ast.List) else tuple(found)
        case ast.UnaryOp(op=op, operand=operand):
            return _unary(op, of(operand))
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(op, of(left), of(right))
        case ast.Attribute(value=ast.Name(id=module), attr=attr) if (
            module in ("np", "numpy", "math") and attr in CONSTANTS
        ):
            return CONSTANTS[attr]
        case ast.Attribute(value=inner, attr="T"):
            x = of(inner)
            return (
                x.T
                if isinstance(x, np.ndarray)
                else Shaped(x.shape[::-1], x.kind)
                if isinstance(x, Shaped)
                else UNKNOWN
            )
        case ast.Subscript(value=inner, slice=ast.Constant(value=int() as index)):
            x = of(inner)
            if isinstance(x, Called):
                return Part(x, index)
            return x[index] if isinstance(x, (list, tuple)) and -len(x) <= index < len(x) else UNKNOWN
        case ast.Call():
            return called(node, of, functions)
    return UNKNOWN


CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}


def _unary(op: ast.unaryop, x: Any) -> Any:
    if isinstance(x, Shaped) and isinstance(op, (ast.USub, ast.UAdd)):
        return Shaped(x.shape, "f") if isinstance(op, ast.USub) else x
    if isinstance(op, ast.Not) and isinstance(x, bool):
        return not x
    if not numeric(x) or (isinstance(x, np.ndarray) and x.dtype == bool):
        return UNKNOWN
    return -x if isinstance(op, ast.USub) else x if isinstance(op, ast.UAdd) else UNKNOWN


OPERATIONS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}


def _binary(op: ast.operator, a: Any, b: Any) -> Any:
    shapes = [np.shape(x) if isinstance(x, np.ndarray) else x.shape if isinstance(x, Shaped) else () for x in (a, b)]
    if any(isinstance(x, Shaped) for x in (a, b)) and all(isinstance(x, Shaped) or numeric(x) for x in (a, b)):
        try:
            return Shaped(tuple(np.broadcast_shapes(*shapes)))
        except ValueError:
            return UNKNOWN
    if isinstance(op, ast.Mult) and isinstance(a, list) and type(b) is int and 0 <= b * len(a) <= MOST_ENTRIES:
        return a * b if is_small(a * b) else UNKNOWN
    if type(op) not in OPERATIONS or not (numeric(a) and numeric(b)):
        return UNKNOWN
    if isinstance(op, ast.Pow) and not (
        np.ndim(b) == 0 and abs(float(b)) <= 64 and np.all(np.abs(np.asarray(a, dtype=float)) < 1e4)
    ):
        return UNKNOWN
    return tried(lambda: OPERATIONS[type(op)](a, b))
