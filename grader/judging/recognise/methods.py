"""The methods of a class that is asked for: which outputs of an exercise use which of them.

The exercise's own adapter is run with the model class, of which one method after the other gives something else where the adapter
calls it, and not where another method does. What changes uses it. Nothing of a student's is run.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from grader.judging.asking import same_answer
from grader.judging.cases import Bench, Case, run_locally
from grader.judging.declare import Exercise

__all__ = ["Blame", "blamed"]

CASES = 3
"""Cases at which it is looked: in one of them a comparison may go the other way, or a number be 0."""
MOST = 2
"""More methods than this are not named: any of them may be it."""
OFF = 0.37
"""What is added to numbers, to see where they come out."""


@dataclass(frozen=True)
class Blame:
    """Methods that each wrong output of a class uses; ``alone``: and no right one does."""

    methods: tuple[str, ...]
    alone: bool


def blamed(exercise: Exercise, wrong: Sequence[str], right: Sequence[str], bench: Bench) -> Blame | None:
    """Return the methods that all wrong outputs use: those that no right one uses, or else if there is one only.

    Args:
        exercise: asks for a class.
        wrong: names of outputs.
        right: names of outputs that are right in every case; without any nothing is said.
        bench: has the model class and the cases.

    """
    if exercise.form != "object" or not (wrong and right and bench.knows_answers):
        return None
    used = _uses(exercise, bench)
    common = [method for method, outputs in used.items() if set(wrong) <= outputs]
    alone = [method for method in common if not used[method] & set(right)]
    if alone and len(alone) <= MOST:
        return Blame(tuple(alone), alone=True)
    return Blame(tuple(common), alone=False) if len(common) == 1 else None


def _uses(exercise: Exercise, bench: Bench) -> Mapping[str, set[str]]:
    """Return by method the outputs that change when it gives something else, found once; none if some method shows nowhere."""
    of_bench = _FOUND.setdefault(bench.of(exercise), {})
    if exercise.name not in of_bench:
        of_bench[exercise.name] = _tried(exercise, bench)
    return of_bench[exercise.name]


_FOUND: WeakKeyDictionary[Bench, dict[str, Mapping[str, set[str]]]] = WeakKeyDictionary()


def _tried(exercise: Exercise, bench: Bench) -> Mapping[str, set[str]]:
    asked = exercise.answer()
    if not inspect.isclass(asked):
        return {}
    found = {}
    for method in _methods(asked):
        spoilt, calls, lost = _spoilt(asked, method)
        changed: set[str] = set()
        for case in bench.cases(exercise)[:CASES]:
            before, after = _outputs(exercise, case, asked), _outputs(exercise, case, spoilt)
            if before is None or after is None:
                return {}
            pairs = zip(exercise.outputs, before, after, strict=True)
            changed |= {name for name, a, b in pairs if not same_answer(a, b)}
        if lost or (calls and not changed):
            return {}  # what it does goes unseen, and so may what others do
        found[method] = changed
    return found


def _outputs(exercise: Exercise, case: Case, asked: type) -> tuple[Any, ...] | None:
    try:
        return run_locally(exercise, case.inputs, asked)
    except Exception:  # a spoilt class may raise anything
        return None


def _methods(asked: type) -> list[str]:
    unseen = ("__init__", "__repr__", "__str__")
    return [name for name, thing in vars(asked).items() if inspect.isfunction(thing) and name not in unseen]


def _spoilt(asked: type, method: str) -> tuple[type, list[str], list[str]]:
    """Return a subclass whose one method gives something else where no other method calls it, and two lists of methods.

    One notes the calls of it; the other the methods that returned an object of the model class itself, whose further calls go
    unseen. A method that returns nothing does nothing when it is spoilt.
    """
    depth: list[int] = [0]
    calls: list[str] = []
    lost: list[str] = []

    def counted(name: str) -> Callable[..., Any]:
        function = vars(asked)[name]

        @wraps(function)
        def called(self: Any, *args: Any, **more: Any) -> Any:
            spoils = depth[0] == 0 and name == method
            if spoils:
                calls.append(name)
                if _acts(function):
                    return None
            depth[0] += 1
            try:
                returned = function(self, *args, **more)
            finally:
                depth[0] -= 1
            if type(returned) is asked:
                lost.append(name)
            return _off(returned, asked) if spoils else returned

        return called

    return type(asked.__name__, (asked,), {name: counted(name) for name in _methods(asked)}), calls, lost


def _acts(function: Callable[..., Any]) -> bool:
    """Return True if a method returns nothing, by its own word: then it is called for what it does."""
    return inspect.signature(function).return_annotation in (None, "None")


def _off(x: Any, asked: type) -> Any:
    """Return something else than ``x``, of its kind: another truth value, another number, an object of other numbers."""
    if isinstance(x, (bool, np.bool_)):
        return not x
    if isinstance(x, (int, float, np.floating, np.ndarray)):
        return x + OFF
    if isinstance(x, asked):
        other = copy.copy(x)
        for name, value in vars(x).items():
            setattr(other, name, _off(value, asked) if isinstance(value, asked) else _off_within(value, asked))
        return other
    return x


def _off_within(x: Any, asked: type, *, inside: bool = False) -> Any:
    """Return a part of an object with other numbers; objects that it holds in its turn, as its operands, stay as they are."""
    if isinstance(x, (tuple, list)):
        return type(x)(_off_within(part, asked, inside=True) for part in x)
    number = type(x) is int and inside  # of a number in an attribute of its own nobody knows that it is not a count
    return _off(x, asked) if number or isinstance(x, (float, np.floating, np.ndarray)) else x
