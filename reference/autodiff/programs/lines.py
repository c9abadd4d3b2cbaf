"""One line of a straight-line program, and its text: for reading, and as numpy source."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from reference.autodiff.core import PRIMITIVES, TAKEN, Primitive
from reference.autodiff.rules import filled_in

__all__ = ["CALL", "Line", "Names", "Ref", "Space", "as_input", "constant", "expression"]

INFIX = {
    "equal": ("==", 0), "not_equal": ("!=", 0), "greater": (">", 0), "greater_equal": (">=", 0), "less": ("<", 0),
    "less_equal": ("<=", 0), "add": ("+", 1), "subtract": ("-", 1), "multiply": ("*", 2), "divide": ("/", 2),
    "power": ("**", 4),
}  # fmt: skip
"""Operators, each with the rank by which it binds: higher binds more tightly."""
NEGATION, CALL = 3, 5
ASSOCIATIVE = ("add", "multiply")

FORMS = {
    # The shortest way through numpy: its functions of these names only find the way here.
    "sum": "np.add.reduce({0}, axis={axis}, keepdims={keepdims})",
    "max": "np.maximum.reduce({0}, axis={axis}, keepdims={keepdims})",
    "min": "np.minimum.reduce({0}, axis={axis}, keepdims={keepdims})",
    "reshape": "{0}.reshape({shape})",
    "transpose": "{0}.transpose({axes})",
    "broadcast_to": "np.broadcast_to({0}, {shape})",
}

Names = dict[int, tuple[str, int]]
"""For each line its name, or the expression that stands for it, with the rank by which that binds."""


@dataclass(frozen=True)
class Line:
    """One assignment: arguments are numbers of earlier lines, or constants."""

    primitive: Primitive
    args: tuple[Any, ...]
    params: dict[str, Any]


@dataclass(frozen=True)
class Ref:
    """The number of a line, where another one uses it."""

    number: int


class Space(dict[str, Any]):
    """The values of the names in the source of a program, and how many of them are constants."""

    constants = 0


def expression(line: Line, names: Names, space: dict[str, Any]) -> tuple[str, int]:
    """Write the right-hand side of a line as numpy source; return it with the rank by which it binds.

    ``space`` gets the values of the names in the text: constants that are arrays, functions that numpy lacks. With an empty one the
    text is for reading: numpy's functions bear the names by which they are known, and arrays are not spelled out.
    """
    primitive = line.primitive
    name = primitive.name if PRIMITIVES.get(primitive.name) is primitive or primitive.forward is np.copy else ""
    if name == "times" and "np" not in space:
        name = "multiply"  # a product, but for what is not finite
    given = [names[a.number] if isinstance(a, Ref) else _written(constant(a, space)) for a in line.args]
    args = [text for text, _ in given]
    bracketed = [f"({text})" if tight < CALL else text for text, tight in given]
    if name == "matmul":  # @ and * bind alike and do not associate with each other: brackets on all sides
        return " @ ".join(bracketed), 1
    if name in INFIX and len(args) == 2:
        sign, tight = INFIX[name]
        (left, left_tight), (right, right_tight) = given
        left = f"({left})" if left_tight < tight or (name == "power" and left_tight == tight) else left
        loose = right_tight < tight or (right_tight == tight and name not in ASSOCIATIVE)
        return f"{left} {sign} {f'({right})' if loose else right}", tight
    if name == "copy":
        return given[0]
    if name == "negative":
        return f"-{bracketed[0]}", NEGATION
    if name == "getitem":
        return f"{bracketed[0]}[{_index(line.params['index'], space)}]", CALL
    if name in ("gather", "scatter_at"):
        at = _index(filled_in(line.params["form"], tuple(map(_Text, args[1:]))), space)
        if name == "gather":
            return f"{bracketed[0]}[{at}]", CALL
        called = _called(PRIMITIVES["scatter_add"], space)
        return f"{called}({args[0]}, index=np.s_[{at}], shape={line.params['shape']})", CALL
    if name == "einsum":
        return f"np.einsum({', '.join([repr(line.params['subscripts']), *args])})", CALL
    if name in FORMS and space:
        params = {key: constant(value, space) for key, value in line.params.items()}
        return FORMS[name].format(bracketed[0] if name in ("reshape", "transpose") else args[0], **params), CALL
    if name == "concatenate":
        return f"np.concatenate(({', '.join(args)},), axis={line.params['axis']})", CALL
    # Defaults are left out of a text to be read.
    shown = {key: value for key, value in line.params.items() if space or not (value is None or value is False)}
    named = [
        f"{key}=np.s_[{_index(value, space)}]" if key == "index" else f"{key}={constant(value, space)}"
        for key, value in shown.items()
    ]
    called = f"np.{name}" if name in FORMS else _called(primitive, space)
    return f"{called}({', '.join([*args, *named])})", CALL


def _called(primitive: Primitive, space: dict[str, Any]) -> str:
    """Return the name of a primitive's forward function: numpy's own, or one in ``space`` that no other function has."""
    name, forward = primitive.name, primitive.forward
    for home, at in {"np.": np, "np.linalg.": np.linalg}.items():
        if getattr(at, name, None) is forward:
            return home + name
    while TAKEN.fullmatch(name) or space.get(name, forward) is not forward:
        name += "_"
    space[name] = forward
    return name


def _written(number: str) -> tuple[str, int]:
    return number, NEGATION if number.startswith("-") else CALL


class _Text(str):
    """A piece of source, where a constant is expected."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _index(x: Any, space: dict[str, Any]) -> str:
    if isinstance(x, tuple) and x:
        return ", ".join(_index(part, space) for part in x)
    if isinstance(x, slice):
        ends = ["" if end is None else constant(end, space) for end in (x.start, x.stop, x.step)]
        return ":".join(ends if ends[2] else ends[:2])
    return "..." if x is Ellipsis else constant(x, space)


def _plain(x: Any) -> bool:
    """Test for a tuple of integers, or of such tuples."""
    return isinstance(x, tuple) and all(isinstance(v, int) or _plain(v) for v in x)


def constant(x: Any, space: dict[str, Any]) -> str:
    """Write a Python number; anything else gets a name in ``space``, numpy's numbers too, since they make others of their type."""
    if isinstance(x, np.dtype):
        return f"np.{x!r}"
    numpys = isinstance(x, (np.ndarray, np.generic))
    if numpys and x.ndim == 0 and "np" not in space:
        x, numpys = x.item(), False
    if numpys:
        return _named(x, space)
    if isinstance(x, float) and not math.isfinite(x):
        return f"{'-' if x < 0 else ''}np.{'nan' if math.isnan(x) else 'inf'}"
    if isinstance(x, (int, float, str, bool)) or x is None:
        return repr(x)
    if _plain(x):
        return repr(x)
    return _named(x, space)


def _named(x: Any, space: dict[str, Any]) -> str:
    if "np" not in space:
        return f"<{type(x).__name__}>"
    assert isinstance(space, Space)
    space.constants += 1
    name = f"c{space.constants}"
    space[name] = x
    return name


NUMBERS: dict[type, type[np.generic]] = {float: np.float64, int: np.int64, complex: np.complex128}


def as_input(x: Any) -> Any:
    """Return an input of a program, an array or a number, as numpy's.

    Raises:
        TypeError: it is something else.

    """
    if type(x) in NUMBERS:
        return NUMBERS[type(x)](x)
    if not isinstance(x, (np.ndarray, np.generic)) or x.dtype.kind not in "fiubc":
        what = f"an array of {x.dtype}" if isinstance(x, np.ndarray) else f"{type(x).__name__} {x!r}"
        raise TypeError(
            f"the inputs of a program are numbers and arrays of numbers, this one is {what}: leave it to a closure"
        )
    return x
