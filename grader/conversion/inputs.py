"""From the calls of a function to what its inputs are drawn from, as the text of a declaration."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.conversion.asserts import Asserted, Seen
from grader.conversion.functions import Function
from grader.conversion.kinds import Called, Shaped, Unknown, is_exact

__all__ = ["Declared", "bound_in", "declared", "literal", "shape_of_value"]

NAMES = ("N", "D", "M", "K", "H", "W", "C", "F", "T", "P", "Q", "R")
MOST_SHOWN = 400
"""The most entries of a value that is written into a declaration."""
MOST_CASES = 8
MISSING = object()


@dataclass
class Declared:
    """The inputs of an exercise as text, by name.

    ``words`` are the names that they need, ``unknown`` the inputs that are to be said, ``axes`` the names of the dimensions of
    its arrays, ``drawn`` the inputs without those of asserts. ``reason``: why the function cannot be declared at all.
    """

    inputs: dict[str, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    reason: str = ""
    axes: dict[tuple[str, int], str] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict)


def declared(function: Function, seen: Sequence[Seen], asserted: Sequence[Asserted]) -> Declared:
    """Infer what the inputs of a function are drawn from, from all calls of it in tests."""
    made = Declared()
    arguments = function.node.args
    if arguments.vararg or arguments.kwarg or any(d is None for d in arguments.kw_defaults):
        made.reason = "it takes *args, **kwargs or an argument by name alone: call it by an adapter of your own"
        return made
    parameters = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    first_default = len(parameters) - len(arguments.defaults)
    calls = [bound for s in seen if (bound := bound_in(parameters, s.call)) is not None]
    values = {p: [c[p] for c in calls if p in c] for p in parameters}
    used = max((i + 1 for i, p in enumerate(parameters) if values[p]), default=0)
    taken = parameters[: max(used, first_default)]
    dims = _dimensions(taken, calls)
    made.axes = dims
    whole = _indices(function.node)
    for i, name in enumerate(taken):
        known = [v for v in values[name] if not isinstance(v, Unknown)]
        default = arguments.defaults[i - first_default] if i >= first_default else None
        if isinstance(default, ast.Constant) and type(default.value) in (int, float):
            known.append(default.value)
        text, words = _spec(name, known, dims, indexes=name in whole)
        if not text:
            made.unknown.append(name)
            text, words = (
                f"unsaid(\"FILL IN: from what {name} is drawn, such as array('N', 'D') or scalar(-2, 2)\")",
                {"unsaid"},
            )
        elif i >= first_default:
            text, words = f"optional({text})", words | {"optional"}
        made.inputs[name] = text
        made.words |= words
    made.drawn = dict(made.inputs)
    if not made.unknown and taken:
        _with_cases(made, taken, asserted, parameters)
    return made


def bound_in(parameters: Sequence[str], call: Called) -> dict[str, Any] | None:
    """Return the arguments of a call by the names of parameters; None if they do not fit."""
    if len(call.args) > len(parameters) or not set(call.named) <= set(parameters[len(call.args) :]):
        return None
    return {**dict(zip(parameters, call.args, strict=False)), **call.named}


# -------------------------------------------------------------------------------------- dimensions
def _dimensions(parameters: Sequence[str], calls: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    """Name the axes of array arguments: those that are of one length in every call have one name; of length 1 always, "1"."""
    lengths: dict[tuple[str, int], tuple[int | None, ...]] = {}
    for name in parameters:
        shapes = [shape_of_value(call[name]) if name in call else None for call in calls]
        ranks = {len(shape) for shape in shapes if shape is not None}
        for number in range(min(ranks)) if len(ranks) == 1 else ():
            lengths[name, number] = tuple(shape[number] if shape is not None else None for shape in shapes)
    found: dict[tuple[str, int], str] = {}
    free = iter(NAMES)
    for axis, row in lengths.items():
        same = next((other for other in found if _agree(lengths[other], row)), None)
        one = {length for length in row if length is not None} == {1}
        found[axis] = "1" if one else found[same] if same is not None and found[same] != "1" else next(free, "N")
    return found


def _agree(one: Sequence[int | None], other: Sequence[int | None]) -> bool:
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return bool(pairs) and all(a == b for a, b in pairs)


def shape_of_value(value: Any) -> tuple[int, ...] | None:
    """Return the shape of an array or a list of numbers; None for a number and whatever else."""
    if isinstance(value, np.ndarray) and value.ndim:
        return tuple(value.shape)
    if isinstance(value, Shaped) and value.shape:
        return value.shape
    if isinstance(value, list) and value:
        try:
            read = np.array(value)
        except ValueError:
            return None
        return tuple(read.shape) if read.dtype.kind in "fiub" else None
    return None


def _indices(node: ast.FunctionDef) -> set[str]:
    """Return the names that a function uses as indices."""
    return {
        n.id
        for s in ast.walk(node)
        if isinstance(s, ast.Subscript)
        for part in ([s.slice] if not isinstance(s.slice, ast.Tuple) else s.slice.elts)
        for n in ast.walk(part)
        if isinstance(n, ast.Name)
    }


# -------------------------------------------------------------------------------- what is drawn from
def _spec(
    name: str, values: Sequence[Any], dims: Mapping[tuple[str, int], str], *, indexes: bool
) -> tuple[str, set[str]]:
    """Return what an input is drawn from, and the words of that; empty if it is not known."""
    if not values:
        return "", set()
    if all(isinstance(v, bool) for v in values) or all(isinstance(v, str) for v in values):
        options = sorted({*values})
        return f"chosen({', '.join(map(repr, options))})", {"chosen"}
    if all(isinstance(v, (int, float, np.generic)) and not isinstance(v, bool) for v in values):
        return _number([v.item() if isinstance(v, np.generic) else v for v in values])
    if all(isinstance(v, Shaped) and not v.shape for v in values):
        return "scalar(-2, 2)", {"scalar"}
    ranks = {len(s) if (s := shape_of_value(v)) is not None else -1 for v in values}
    if len(ranks) != 1 or -1 in ranks or any((name, axis) not in dims for axis in range(max(ranks))):
        return "", set()
    axes = ", ".join(f'"{dims[name, axis]}"' for axis in range(max(ranks)))
    kinds = {v.kind if isinstance(v, Shaped) else np.asarray(v).dtype.kind for v in values}
    if any(isinstance(v, list) for v in values):
        whole = kinds <= {"i", "u"}
        least = min(shape[0] for v in values if (shape := shape_of_value(v)) is not None)
        more = (", integer=True" if whole else "") + (f", least={least}" if least > 1 else "")
        return f"listed({axes}{more})", {"listed"}
    if kinds == {"b"}:
        return f"whole(0, 1, {axes}, boolean=True)", {"whole"}
    if kinds <= {"i", "u"} and indexes:
        low, high = _range(values)
        classes = _classes(name, dims) if low >= 0 else ""
        return f"whole({low}, {classes or high}, {axes})", {"whole"}
    return f"array({axes})", {"array"}


def _classes(name: str, dims: Mapping[tuple[str, int], str]) -> str:
    """Return the last dimension of the one array of at least two that has as many rows as a vector of indices has entries."""
    rows = [
        (other, axis)
        for other, axis in dims
        if axis > 0 and dims.get((other, 0)) == dims.get((name, 0)) and other != name
    ]
    return f'"{dims[rows[-1]]}"' if len({other for other, _ in rows}) == 1 and (name, 1) not in dims else ""


def _range(values: Iterable[Any]) -> tuple[int, int]:
    lows = [v.low if isinstance(v, Shaped) else int(v.min()) for v in values if isinstance(v, Shaped) or v.size]
    highs = [v.high if isinstance(v, Shaped) else int(v.max()) for v in values if isinstance(v, Shaped) or v.size]
    return min((n for n in lows if n is not None), default=0), max((n for n in highs if n is not None), default=1)


def _number(values: Sequence[int | float]) -> tuple[str, set[str]]:
    if not all(np.isfinite(v) and abs(v) < 1e15 for v in values):
        return "", set()
    low, high = min(values), max(values)
    if all(isinstance(v, int) for v in values):
        return f"scalar({low}, {high if high > low else low + 3}, integer=True)", {"scalar"}
    if low == high:
        most = max(abs(low), 0.5)
        low, high = (most / 2, 2 * most) if low > 0 else (-2 * most, 2 * most)
    return f"scalar({float(low):.6g}, {float(high):.6g})", {"scalar"}


# --------------------------------------------------------------------------------- asserted inputs
def _with_cases(made: Declared, taken: Sequence[str], asserted: Sequence[Asserted], parameters: Sequence[str]) -> None:
    """Add the inputs of asserts to what is drawn: every third case has all its inputs from one of them."""
    rows: list[list[str]] = []
    hidden = 0
    for claim in sorted(asserted, key=lambda a: a.hidden):
        bound = bound_in(parameters, claim.call)
        row = [literal(bound.get(name, MISSING)) for name in taken] if bound is not None else [""]
        if all(row) and row not in rows and len(rows) < MOST_CASES:
            rows.append(row)
            hidden += claim.hidden
    if not rows:
        return
    secret = f", hidden={hidden}" if hidden else ""
    for name, values in zip(taken, zip(*rows, strict=True), strict=True):
        spec = made.inputs[name]
        made.inputs[name] = f"among({spec}, {', '.join(values)}{secret})"
    made.words.add("among")


def literal(value: Any) -> str:
    """Return a value as Python, which numpy reads as ``np``; empty if it is long, or no value of a known kind."""
    if value is MISSING:
        return "OMITTED"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        if value.size > MOST_SHOWN or value.dtype.kind not in "fiub":
            return ""
        dtype = "" if value.size else f", dtype=np.{value.dtype}"
        inside = _numbers(value.tolist())
        return f"np.array({inside}{dtype})" if value.size else f"np.zeros({value.shape}{dtype})"
    if isinstance(value, (list, tuple)):
        return _numbers(value) if is_exact(value) and np.size(_flat(value)) <= MOST_SHOWN else ""
    if isinstance(value, (bool, int, float, str)) or value is None:
        return _numbers(value)
    return ""


def _flat(value: Any) -> list[Any]:
    return [x for item in value for x in (_flat(item) if isinstance(item, (list, tuple)) else [item])]


def _numbers(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "np.nan" if math.isnan(value) else "np.inf" if value > 0 else "-np.inf"
    if isinstance(value, list):
        return f"[{', '.join(map(_numbers, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(_numbers, value))}{',' if len(value) == 1 else ''})"
    return literal(value) if isinstance(value, (np.ndarray, np.generic)) else repr(value)
