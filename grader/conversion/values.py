"""Values that a notebook's code writes down, told from its syntax: numbers, texts, lists, arrays. Nothing of it is run.

An array of random numbers has a shape and no entries. Whatever is not of a known kind is :data:`UNKNOWN`.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

__all__ = ["UNKNOWN", "Called", "Part", "Shaped", "Unknown", "evaluated", "is_exact"]

MOST_ENTRIES = 20_000
MOST_DEPTH = 60
MOST_TEXT = 2_000
LARGEST = 1e300


class Unknown:
    """A value that is not written down."""


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Shaped:
    """An array of which the shape is known, and the kind of its entries: ``f``, ``i`` or ``b``; of whole ones the range."""

    shape: tuple[int, ...]
    kind: str = "f"
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, eq=False)
class Called:
    """What a function of the course returns: its name, and the values of its arguments, by place and by name."""

    function: str
    args: tuple[Any, ...]
    named: Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One of several things that a call returns."""

    of: Called
    index: int


def is_exact(value: Any) -> bool:
    """Return True if a value is known to its last digit."""
    if isinstance(value, (list, tuple)):
        return all(map(is_exact, value))
    return value is None or isinstance(value, (bool, int, float, str, np.ndarray, np.generic))


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
            return value if small or _number(value) else UNKNOWN
        case ast.Name(id=name):
            return names.get(name, UNKNOWN)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            found = [of(item) for item in items] if len(items) <= MOST_ENTRIES else [UNKNOWN]
            return (
                UNKNOWN
                if any(isinstance(x, Unknown) for x in found)
                else found
                if isinstance(node, ast.List)
                else tuple(found)
            )
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
            return _called(node, of, functions)
    return UNKNOWN


CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}


def _number(value: Any) -> bool:
    return type(value) is float or (type(value) is int and abs(value) <= LARGEST)


def _numeric(value: Any) -> bool:
    return _number(value) or isinstance(value, (np.ndarray, np.generic))


def _unary(op: ast.unaryop, x: Any) -> Any:
    if isinstance(x, Shaped) and isinstance(op, (ast.USub, ast.UAdd)):
        return Shaped(x.shape, "f") if isinstance(op, ast.USub) else x
    if isinstance(op, ast.Not) and isinstance(x, bool):
        return not x
    if not _numeric(x) or (isinstance(x, np.ndarray) and x.dtype == bool):
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
    if any(isinstance(x, Shaped) for x in (a, b)) and all(isinstance(x, Shaped) or _numeric(x) for x in (a, b)):
        try:
            return Shaped(tuple(np.broadcast_shapes(*shapes)))
        except ValueError:
            return UNKNOWN
    if isinstance(op, ast.Mult) and isinstance(a, list) and type(b) is int and 0 <= b * len(a) <= MOST_ENTRIES:
        return a * b
    if type(op) not in OPERATIONS or not (_numeric(a) and _numeric(b)):
        return UNKNOWN
    if isinstance(op, ast.Pow) and not (
        np.ndim(b) == 0 and abs(float(b)) <= 64 and np.all(np.abs(np.asarray(a, dtype=float)) < 1e4)
    ):
        return UNKNOWN
    return _tried(lambda: OPERATIONS[type(op)](a, b))


def _tried(make: Callable[[], Any]) -> Any:
    """Return a value if it can be made, is small and of a known kind."""
    try:
        with np.errstate(all="ignore"):
            found = make()
    except (ArithmeticError, ValueError, TypeError, IndexError, MemoryError, OverflowError):
        return UNKNOWN
    if isinstance(found, np.ndarray):
        return found if found.dtype.kind in "fiub" and found.size <= MOST_ENTRIES else UNKNOWN
    return found if _number(found) or isinstance(found, (np.floating, np.integer, bool)) else UNKNOWN


# ------------------------------------------------------------------------------------------ calls
ENTRYWISE = {
    name: getattr(np, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "abs", "sign", "square")
}
MADE = ("zeros", "ones", "empty", "full", "eye", "identity", "arange", "linspace", "zeros_like", "ones_like")
DRAWN = {"randn", "rand", "standard_normal", "normal", "uniform", "random", "random_sample", "randint", "integers"}


def _called(node: ast.Call, of: Callable[[ast.expr], Any], functions: frozenset[str]) -> Any:
    if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
        return UNKNOWN
    args = [of(a) for a in node.args]
    named = {str(k.arg): of(k.value) for k in node.keywords}
    if isinstance(node.func, ast.Name):
        name = node.func.id
        if name in functions:
            return Called(name, tuple(args), named)
        if name in ("float", "int", "list", "tuple", "abs", "round") and len(args) == 1 and not named:
            return _converted(name, args[0])
        return UNKNOWN
    if not isinstance(node.func, ast.Attribute):
        return UNKNOWN
    name, owner = node.func.attr, node.func.value
    if name in DRAWN and _draws(owner):
        return _random(name, args, named)
    if isinstance(owner, ast.Name) and owner.id in ("np", "numpy", "math"):
        return _of_numpy(name, args, named)
    return _method(name, of(owner), args)


def _draws(owner: ast.expr) -> bool:
    """Return True for ``np.random`` and for what is called as a source of random numbers is."""
    text = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    if isinstance(owner, ast.Call):
        return "rng" in ast.dump(owner.func) or "RandomState" in ast.dump(owner.func)
    return text == "random" or "rng" in text.lower() or text in ("rs", "gen", "generator", "random_state")


def _random(name: str, args: Sequence[Any], named: Mapping[str, Any]) -> Any:
    if name in ("randn", "rand"):
        size: Any = tuple(args)
    elif "size" in named:
        size = named["size"]
    else:
        place = {
            "standard_normal": 0,
            "random": 0,
            "random_sample": 0,
            "normal": 2,
            "uniform": 2,
            "randint": 2,
            "integers": 2,
        }[name]
        size = args[place] if len(args) > place else ()
    shape = _shape(size)
    if shape is None:
        return UNKNOWN
    if name in ("randint", "integers"):
        low, high = (args[0], args[1]) if len(args) > 1 else (0, args[0] if args else UNKNOWN)
        if not shape:
            return UNKNOWN
        if isinstance(low, int) and isinstance(high, int):
            return Shaped(shape, "i", low, high - 1)
        return Shaped(shape, "i")
    return Shaped(shape) if shape else Shaped(())


def _shape(size: Any) -> tuple[int, ...] | None:
    """Return a shape that is written down; None for what is none."""
    size = (size,) if type(size) is int else tuple(size) if isinstance(size, (list, tuple)) else None
    good = size is not None and len(size) <= 8 and all(type(n) is int and 0 <= n <= MOST_ENTRIES for n in size)
    return size if good and math.prod(size or ()) <= 10_000_000 else None


def _of_numpy(name: str, args: Sequence[Any], named: Mapping[str, Any]) -> Any:
    if name in ("array", "asarray", "float64", "float32", "int64") and args:
        return _array(args[0], named.get("dtype", UNKNOWN) if "dtype" in named else None)
    if name in ENTRYWISE and len(args) == 1 and not named:
        if isinstance(args[0], Shaped):
            return args[0]
        return _tried(lambda: ENTRYWISE[name](args[0])) if _numeric(args[0]) else UNKNOWN
    if name not in MADE or not args:
        return UNKNOWN
    if name.endswith("_like"):
        like = args[0]
        shape = like.shape if isinstance(like, (Shaped, np.ndarray)) else None
        return (
            UNKNOWN
            if shape is None
            else np.full(shape, float(name == "ones_like"))
            if math.prod(shape) <= MOST_ENTRIES
            else Shaped(shape)
        )
    if name in ("arange", "linspace"):
        numbers = [*args, *((named["num"],) if "num" in named else ())]
        if not all(map(_number, numbers)) or not _few(name, numbers):
            return UNKNOWN
        return _tried(lambda: getattr(np, name)(*numbers))
    if name in ("eye", "identity"):
        return np.eye(args[0]) if type(args[0]) is int and 0 <= args[0] <= 100 and len(args) == 1 else UNKNOWN
    shape = _shape(args[0])
    if shape is None:
        return UNKNOWN
    fill = {"zeros": 0.0, "ones": 1.0, "full": args[1] if len(args) > 1 else named.get("fill_value", UNKNOWN)}.get(
        name, UNKNOWN
    )
    return np.full(shape, fill) if _number(fill) and math.prod(shape) <= MOST_ENTRIES else Shaped(shape)


def _few(name: str, numbers: Sequence[Any]) -> bool:
    """Return True if a range is short; ``linspace`` has its count last."""
    if name == "linspace":
        return len(numbers) < 3 or (type(numbers[2]) is int and 0 <= numbers[2] <= MOST_ENTRIES)
    start, stop = (0, numbers[0]) if len(numbers) == 1 else numbers[:2]
    step = numbers[2] if len(numbers) > 2 else 1
    return bool(step and math.isfinite(start) and math.isfinite(stop) and abs((stop - start) / step) <= MOST_ENTRIES)


def _array(value: Any, dtype: Any) -> Any:
    if isinstance(value, Shaped):
        return value
    if dtype is not None and not isinstance(dtype, str):
        dtype = None  # np.float64, float: what is named is a type, and floats are drawn either way
    if not isinstance(value, (list, tuple, np.ndarray)) and not _number(value):
        return UNKNOWN
    if not _plain(value):
        return UNKNOWN
    return _tried(lambda: np.array(value))


def _plain(value: Any, depth: int = 0) -> bool:
    if isinstance(value, (list, tuple)):
        return depth < 8 and len(value) <= MOST_ENTRIES and all(_plain(item, depth + 1) for item in value)
    return _numeric(value) or isinstance(value, bool)


def _converted(name: str, value: Any) -> Any:
    if name in ("list", "tuple"):
        return (
            list(value)
            if isinstance(value, (list, tuple)) and name == "list"
            else tuple(value)
            if isinstance(value, (list, tuple))
            else UNKNOWN
        )
    if isinstance(value, (Called, Part)) and name in ("float", "int", "round"):
        return value
    kinds: Mapping[str, Callable[[Any], Any]] = {"float": float, "int": int, "abs": abs, "round": round}
    return _tried(lambda: kinds[name](value)) if _number(value) or isinstance(value, np.generic) else UNKNOWN


def _method(name: str, x: Any, args: Sequence[Any]) -> Any:
    if isinstance(x, (Called, Part)):
        return x if name in ("copy", "tolist", "item", "ravel", "flatten") and not args else UNKNOWN
    if not isinstance(x, (np.ndarray, Shaped)):
        return UNKNOWN
    if name == "reshape":
        shape = args[0] if len(args) == 1 and isinstance(args[0], (tuple, list)) else tuple(args)
        if not all(type(n) is int for n in shape):
            return UNKNOWN
        if isinstance(x, np.ndarray):
            return _tried(lambda: x.reshape(tuple(shape)))
        return _reshaped(x, tuple(shape))
    if name == "astype":
        whole = bool(args) and isinstance(args[0], str) and args[0].startswith("int")
        return x if not isinstance(x, np.ndarray) else x.astype(np.int64) if whole else x.astype(np.float64)
    if name == "tolist" and isinstance(x, np.ndarray):
        return x.tolist()
    return x if name == "copy" else UNKNOWN


def _reshaped(x: Shaped, shape: tuple[int, ...]) -> Any:
    known = math.prod(n for n in shape if n != -1)
    total = math.prod(x.shape)
    if shape.count(-1) == 1 and known > 0 and total % known == 0:
        shape = tuple(total // known if n == -1 else n for n in shape)
    return Shaped(shape, x.kind, x.low, x.high) if all(n >= 0 for n in shape) and math.prod(shape) == total else UNKNOWN
