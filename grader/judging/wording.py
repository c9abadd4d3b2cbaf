"""Sentences for students: where it went wrong, what was expected, what came."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judging.cases import Case
from grader.judging.compare import Match
from grader.judging.spec import Exercise

__all__ = ["at_case", "difference", "number", "told"]

REGIMES = {
    "randn": "ordinary inputs",
    "odd": "an unusual shape",
    "large": "large inputs",
    "small": "small inputs",
    "offset": "inputs far from 0",
    "ties": "integers, with ties and zeros",
    "integers": "small integers",
}


def at_case(case: Case) -> str:
    """In which kind of case: its regime and the shapes of its arrays."""
    shapes = [f"{name} {_shape(v)}" for name, v in case.inputs.items() if isinstance(v, np.ndarray) and v.ndim]
    return ", ".join([REGIMES[case.regime], *shapes]) if case.inputs else "the question"


def _shape(x: Any) -> str:
    return "×".join(map(str, x.shape))


def number(x: Any) -> str:
    """Six digits, NaN and infinities by name."""
    return f"{float(x):.6g}"


def told(exercise: Exercise, case: Case, k: int, found: Match) -> str:
    """What is wrong with one output, in a sentence."""
    name = exercise.outputs[k]
    if not exercise.inputs:
        return "that is not the answer" + (f": {found.message}" if found.message else "")
    if found.worst is not None and found.got is not None:
        assert case.expected is not None
        place = f"{name}[{', '.join(map(str, found.worst))}]" if found.worst else name
        expected = case.expected[k].value[found.worst]
        got = found.got[found.worst]
        shown, wanted = number(got), number(expected)
        if shown == wanted:
            shown, wanted = repr(float(got)), repr(float(expected))
        return f"{place} is {shown}, it must be {wanted} ({at_case(case)})"
    return f"{name}: {found.message or 'it is not the right value'} ({at_case(case)})"


def difference(name: str, expected: Any, found: Match) -> dict[str, Any]:
    """Where the answer is furthest off, for reports."""
    if found.worst is None or found.got is None:
        return {}
    return {
        "output": name,
        "index": list(found.worst),
        "expected": float(expected[found.worst]),
        "got": float(found.got[found.worst]),
    }
