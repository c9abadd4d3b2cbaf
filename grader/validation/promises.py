"""Promises of docstrings, which the cases must keep: phrases of prompts, each with what the cases must then hold.

The table :data:`PROMISES` reads a docstring for such phrases; the signature promises its defaults. A phrase that is not in the
table is not looked for: what is promised in other words is for the author to try.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judging import OMITTED, Exercise
from grader.validated import Hole
from grader.validation.ground import Ground

__all__ = ["PROMISES", "Promise", "documented_flat", "unkept_promises"]

Inputs = Mapping[str, Any]
Found = re.Match[str]
SHAPES = (
    r"\b((?:\w+(?:, | and ))+\w+(?= are | of one shape )|\w+)(?: are| of one shape)? "
    r"\(((?:[A-Z]|\d)\w*,|(?:[A-Z]|\d)\w*(?:, (?:\w+|\.\.\.))+)\)"
)
"""Shapes in a prompt: ``x (N, D)``, ``w, dw and previous are (D,)``, ``x and y of one shape (N, D)``."""


@dataclass(frozen=True)
class Promise:
    """A phrase of a docstring, and the function that says what the cases lack (``None`` or an empty text: nothing).

    Args:
        phrase: a pattern, tried on the docstring with single blanks.
        lacks: from a match and the inputs of all cases to what is missing.
        means: what the cases must hold, for the documentation.

    """

    phrase: str
    lacks: Callable[[Found, Sequence[Inputs]], str | None]
    means: str


def unkept_promises(exercise: Exercise, ground: Ground) -> Iterator[Hole]:
    """Yield a hole for each promise of the prompt that no case tries."""
    if not exercise.inputs:
        return
    answer = ground.models[exercise.function]
    text = " ".join((inspect.getdoc(answer) or "").split())
    cases = [case.inputs for case in ground.bench.cases(exercise)]
    for promise in PROMISES:
        for found in re.finditer(promise.phrase, text):
            if lacks := promise.lacks(found, cases):
                yield _hole(exercise, f"“{found[0].strip(' .,;')}” is promised, and {lacks}")
    for name, default in _defaults(answer):
        if name in exercise.inputs and (lacks := _tries_default(name, default, cases)):
            yield _hole(exercise, f"“{name}={default!r}” stands in the signature, and {lacks}")


def documented_flat(exercise: Exercise, ground: Ground) -> frozenset[str]:
    """Return the arguments that a prompt documents as arrays of one dimension, ``y (N,)``; that they are so is a promise too."""
    text = " ".join((inspect.getdoc(ground.models[exercise.function]) or "").split())
    found = (match for match in re.finditer(SHAPES, text) if len(_dims(match)) == 1)
    return frozenset(name for match in found for name in _names(match))


def _names(found: Found) -> list[str]:
    return re.split(r", | and ", found[1])


def _dims(found: Found) -> list[str]:
    return [dim.strip() for dim in found[2].split(",") if dim.strip()]


def _hole(exercise: Exercise, what: str) -> Hole:
    return Hole("promise", exercise.name, what, "draw it, or do not promise it")


def _defaults(answer: Any) -> Iterator[tuple[str, Any]]:
    for parameter in inspect.signature(answer).parameters.values():
        if parameter.default is not parameter.empty:
            yield parameter.name, parameter.default


def _tries_default(name: str, default: Any, cases: Sequence[Inputs]) -> str | None:
    values = [case[name] for case in cases if name in case]
    if not any(isinstance(value, str) and value == OMITTED for value in values):
        return "no case leaves it out"
    given = [value for value in values if not (isinstance(value, str) and value == OMITTED)]
    return None if any(not _equal(value, default) for value in given) else "no case gives another value"


def _equal(a: Any, b: Any) -> bool:
    return type(a) is type(b) and bool(np.all(a == b))


# ------------------------------------------------------------------------------------------- values of the cases
def _arrays(cases: Sequence[Inputs], kinds: str = "f") -> list[np.ndarray[Any, Any]]:
    return [v for case in cases for v in case.values() if isinstance(v, np.ndarray) and v.dtype.kind in kinds]


def _numbers(name: str, cases: Sequence[Inputs]) -> list[float]:
    return [float(case[name]) for case in cases if isinstance(case.get(name), (int, float, np.generic))]


def _any_shape(_: Found, cases: Sequence[Inputs]) -> str | None:
    lacking = {1, 2, 3, 4} - {x.ndim for x in _arrays(cases)}
    return f"no case has {', '.join(map(str, sorted(lacking)))} dimensions" if lacking else None


def _any_integer(_: Found, cases: Sequence[Inputs]) -> str | None:
    drawn = {x.dtype.str[1:] for x in _arrays(cases, "iu")}
    lacking = sorted({"i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"} - drawn)
    return f"no case has dtype {', '.join(lacking)}" if lacking else None


def _large(found: Found, cases: Sequence[Inputs]) -> str | None:
    bound, both = float(found[2]), found[1] == "±"
    arrays = [x for x in _arrays(cases) if x.size]
    high, low = max(x.max() for x in arrays), min(x.min() for x in arrays)
    if high < bound or (both and low > -bound):
        return f"the entries of all cases are between {low:.4g} and {high:.4g}"
    return None


def _range(found: Found, cases: Sequence[Inputs]) -> str | None:
    name, low, high = found[1], float(found[2]), float(found[3])
    values, quarter = _numbers(name, cases), (high - low) / 4
    if values and (min(values) > low + quarter or max(values) < high - quarter):
        return f"{name} is between {min(values):.3g} and {max(values):.3g} in all cases"
    return None


def _key(found: Found, cases: Sequence[Inputs]) -> str | None:
    """Tell if a hyperparameter with a default, ``γ = learning_rate (1e-2)``, is neither left out nor given."""
    name, default = found[1], float(found[2])
    dicts = [value for case in cases for value in case.values() if isinstance(value, dict)]
    if not dicts:
        return None
    if all(name in held for held in dicts):
        return f"every config holds {name}"
    return None if any(name in held and held[name] != default for held in dicts) else f"no config gives another {name}"


def _below(found: Found, cases: Sequence[Inputs]) -> str | None:
    name = found[1]
    pairs = [
        (
            case[name],
            next((x.shape[-1] for k, x in case.items() if k != name and isinstance(x, np.ndarray) and x.ndim > 1), 0),
        )
        for case in cases
        if isinstance(case.get(name), np.ndarray) and case[name].size
    ]
    if pairs and not any((y == 0).any() for y, _ in pairs):
        return f"{name} is 0 in no case"
    return (
        None if not pairs or any((y == top - 1).any() for y, top in pairs) else f"{name} is the last class in no case"
    )


def _counted(found: Found, cases: Sequence[Inputs]) -> str | None:
    name, first = found[1], float(found[2])
    values = _numbers(name, cases)
    if values and min(values) != first:
        return f"{name} begins at {min(values):g} in the cases"
    return None


def _boundary(found: Found, cases: Sequence[Inputs]) -> str | None:
    """Tell if no case is at a boundary, ``at t = total``, or none of those that reach it is beyond it."""
    name, at = found[1], found[2]
    pairs = [(case[name], float(at) if at.isdigit() else case.get(at)) for case in cases if name in case]
    if any(bound is None for _, bound in pairs):
        return None
    return None if any(value == bound for value, bound in pairs) else f"{name} is {at} in no case"


def _twice(_: Found, cases: Sequence[Inputs]) -> str | None:
    repeats = any(x.size > len(np.unique(x)) for x in _arrays(cases, "iu"))
    return None if repeats else "no index is drawn twice in any case"


def _values(found: Found, cases: Sequence[Inputs]) -> str | None:
    name, values = found[1], {float(found[2]), float(found[3])}
    drawn = {float(v) for case in cases if name in case for v in np.ravel(case[name])}
    return None if drawn == values else f"{name} takes the values {', '.join(f'{v:g}' for v in sorted(drawn)[:5])}"


def _shapes(found: Found, cases: Sequence[Inputs]) -> str | None:
    """Tell if an input has another shape than documented, or a dimension that never varies, or is always equal to another."""
    return next((lacks for name in _names(found) if (lacks := _shape(name, _dims(found), cases))), None)


def _shape(name: str, dims: Sequence[str], cases: Sequence[Inputs]) -> str | None:
    shapes = [np.shape(case[name]) for case in cases if isinstance(case.get(name), np.ndarray)]
    if not shapes:
        return None
    if "..." in dims:
        drawn = {len(shape) for shape in shapes}
        lacking = {2, 3, 4} - drawn if "d1" in dims else set() if len(drawn) > 1 else {max(drawn) + 1}
        return f"{name} has {', '.join(map(str, sorted(lacking)))} dimensions in no case" if lacking else None
    odd = next((s for s in shapes if not _fits(s, dims)), None)
    if odd is not None:
        return f"{name} is drawn in shape {odd}"
    for place, dim in enumerate(dims):
        sizes = {shape[place] for shape in shapes}
        if not dim.isdigit() and len(sizes) == 1:
            return f"{dim} is {sizes.pop()} in every case"
    letters = list(dict.fromkeys(dim for dim in dims if not dim.isdigit()))
    apart = any(len({shape[dims.index(dim)] for dim in letters}) == len(letters) for shape in shapes)
    return None if apart else f"no case has {' ≠ '.join(letters)}"


def _fits(shape: tuple[int, ...], dims: Sequence[str]) -> bool:
    if len(shape) != len(dims):
        return False
    known: dict[str, int] = {}
    return all(
        size == (int(dim) if dim.isdigit() else known.setdefault(dim, size))
        for size, dim in zip(shape, dims, strict=True)
    )


PROMISES = (
    Promise(r"\bany (?:one )?shape", _any_shape, "arrays of 1, 2, 3 and 4 dimensions"),
    Promise(r"\bany integer dtype", _any_integer, "integers of 1, 2, 4 and 8 bytes, signed and unsigned"),
    Promise(r"\b(?:logits of|overflow at(?: logits of)?) (±?)(\d{3,5})", _large, "entries as large, of both signs if it says ±"),
    Promise(r"\b(\w+) (?:is )?a number in [(\[]([\d.]+), ([\d.]+)[)\]]", _range, "values in the first and in the last quarter"),
    Promise(r"= (\w+) \(([\d.]+(?:e-?\d+)?)(?:\)|, outside)", _key, "configs without it, and some with another value"),
    Promise(r"\b0 ≤ (\w+) < \w+", _below, "the value 0 and the last one"),
    Promise(r"\b(\w+) counted from (\d)", _counted, "that first value, and none before it"),
    Promise(r"\bat (\w) = (\w+)", _boundary, "a case at that very value"),
    Promise(r"\bcomes twice", _twice, "an index that is there twice"),
    Promise(r"\b(\w+) \([^()]*\) of (\d\.\d) and (\d\.\d)", _values, "these two values, and no others"),
    Promise(SHAPES, _shapes, "inputs of that shape, each letter in several lengths, all different in some case"),
)  # fmt: skip
"""The phrases, and what the cases of an exercise whose docstring holds one must hold."""
