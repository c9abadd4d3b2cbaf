"""Sentences for students: where it went wrong, what was expected, what came."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judging.asking.answers import Lost, Raised, Refused
from grader.judging.asking.trials import Trial
from grader.judging.cases.case import Case
from grader.judging.declare.exercise import Check, Counterexample, Exercise, Verdict
from grader.judging.numerics.compare import Match

__all__ = ["at_case", "counterexample", "difference", "failed", "number", "told"]

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


def failed(check: Check, exercise: Exercise, trial: Trial) -> Verdict:
    """The verdict of a check for which a trial came back without a value."""
    assert trial.failure is not None
    reply = trial.failure.reply
    where = at_case(trial.case)
    shown_inputs = Counterexample(inputs=dict(trial.case.inputs))
    match reply:
        case Lost(status, reason):
            return Verdict(check, status, f"{reason} ({where})", counterexample=shown_inputs)
        case Raised(kind, message, traceback):
            shown = f"{exercise.function} raised {kind}: {message} ({where})"
            return Verdict(check, "raised", f"{shown}\n{traceback}".strip(), counterexample=shown_inputs)
        case Refused(reason):
            return Verdict(check, "wrong", f"{exercise.function}: {reason} ({where})", counterexample=shown_inputs)
        case _:
            return Verdict(check, "wrong", f"{reply} ({where})", counterexample=shown_inputs)


def counterexample(exercise: Exercise, trial: Trial, k: int, found: Match) -> Counterexample:
    """What to show of one output of a trial that is wrong."""
    assert trial.case.expected is not None
    name, expected = exercise.outputs[k], trial.case.expected[k].value
    if not exercise.inputs:
        return Counterexample()  # a question: what is right is not given away
    got = found.got if found.got is not None else trial.outputs[k]
    worst = difference(name, expected, found)
    return Counterexample(dict(trial.case.inputs), {name: expected}, {name: got}, worst)
