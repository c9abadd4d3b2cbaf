"""One line of a straight-line program, and its text: for reading, and as numpy source."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from reference.autodiff.core import PRIMITIVES, Primitive
from reference.autodiff.rules import filled_in

__all__ = ["CALL", "Line", "Names", "Ref", "constant", "expression"]

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


def expression(line: Line, names: Names, space: dict[str, Any]) -> tuple[str, int]:
    """Write the right-hand side of a line as numpy source; return it with the rank by which it binds.

    ``space`` gets the values of the names in the text: constants that are arrays, functions that numpy lacks. With an empty one the
    text is for reading: numpy's functions bear the names by which they are known, and arrays are not spelled out.
    """
    name = line.primitive.name
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
        space["scatter_add"] = PRIMITIVES["scatter_add"].forward
        return f"scatter_add({args[0]}, index=np.s_[{at}], shape={line.params['shape']})", CALL
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
    homes = {"np.": np, "np.linalg.": np.linalg}
    forward = line.primitive.forward
    home = next(
        (home for home, at in homes.items() if getattr(at, name, None) is forward), "np." if name in FORMS else ""
    )
    if not home:
        space[name] = forward
    return f"{home}{name}({', '.join([*args, *named])})", CALL


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
    """Write a number; anything larger gets a name in ``space``."""
    if isinstance(x, (np.ndarray, np.generic)) and x.ndim == 0:
        x = x.item()
    if isinstance(x, float) and not math.isfinite(x):
        return f"{'-' if x < 0 else ''}np.{'nan' if math.isnan(x) else 'inf'}"
    if isinstance(x, (int, float, str, bool)) or x is None:
        return repr(x)
    if _plain(x):
        return repr(x)
    name = f"c{sum(key[0] == 'c' and key[1:].isdigit() for key in space) + 1}"
    space[name] = x
    return name if space.get("np") is not None else f"<{type(x).__name__}>"
