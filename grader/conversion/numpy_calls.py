"""Calls of numpy and of Python's own functions, as far as their values can be told: arrays that are written down or drawn."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.conversion.kinds import MOST_ENTRIES, UNKNOWN, Called, Part, Shaped, number, numeric, tried

__all__ = ["called"]

ENTRYWISE = {
    name: getattr(np, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "abs", "sign", "square")
}
MADE = ("zeros", "ones", "empty", "full", "eye", "identity", "arange", "linspace", "zeros_like", "ones_like")
DRAWN = {"randn", "rand", "standard_normal", "normal", "uniform", "random", "random_sample", "randint", "integers"}


def called(node: ast.Call, of: Callable[[ast.expr], Any], functions: frozenset[str]) -> Any:
    """Return the value of a call; ``of`` gives that of an expression, ``functions`` are the names of the course's."""
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
        return tried(lambda: ENTRYWISE[name](args[0])) if numeric(args[0]) else UNKNOWN
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
        if not all(map(number, numbers)) or not _few(name, numbers):
            return UNKNOWN
        return tried(lambda: getattr(np, name)(*numbers))
    if name in ("eye", "identity"):
        return np.eye(args[0]) if type(args[0]) is int and 0 <= args[0] <= 100 and len(args) == 1 else UNKNOWN
    shape = _shape(args[0])
    if shape is None:
        return UNKNOWN
    fill = {"zeros": 0.0, "ones": 1.0, "full": args[1] if len(args) > 1 else named.get("fill_value", UNKNOWN)}.get(
        name, UNKNOWN
    )
    return np.full(shape, fill) if number(fill) and math.prod(shape) <= MOST_ENTRIES else Shaped(shape)


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
    if not isinstance(value, (list, tuple, np.ndarray)) and not number(value):
        return UNKNOWN
    if not _plain(value):
        return UNKNOWN
    return tried(lambda: np.array(value))


def _plain(value: Any, depth: int = 0) -> bool:
    if isinstance(value, (list, tuple)):
        return depth < 8 and len(value) <= MOST_ENTRIES and all(_plain(item, depth + 1) for item in value)
    return numeric(value) or isinstance(value, bool)


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
    return tried(lambda: kinds[name](value)) if number(value) or isinstance(value, np.generic) else UNKNOWN


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
            return tried(lambda: x.reshape(tuple(shape)))
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
