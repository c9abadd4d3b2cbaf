"""The cheapest liars: answers that know nothing of the question. None may earn anything.

But where the input is the answer, as in the backward pass of a sum, the liar who returns it is right.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from grader.judging import Case, Exercise, Verdict, copied, gradients_of, points
from grader.validated import Hole
from grader.validation.ground import Begin, Ground, begun

__all__ = ["liars_of"]

Answer = Callable[..., Any]
EMPTY: tuple[tuple[str, Any], ...] = (
    ("None", None), ("an empty list", []), ("an empty dict", {}), ("an empty text", ""),
)  # fmt: skip
ITS_INPUT = "its input"
FILLS: tuple[tuple[str, float], ...] = (("zeros", 0.0), ("ones", 1.0), ("one half everywhere", 0.5))


def liars_of(exercise: Exercise, ground: Ground, begin: Begin = begun) -> tuple[list[Hole], list[list[Verdict]]]:
    """Put the liars to an exercise; return the holes, and the verdicts on each; ``begin`` is told of each."""
    holes, judged = [], []
    for name, answers in _liars(exercise, ground):
        begin(f"liar {name}")
        functions = {**ground.models, **answers}
        verdicts = list(ground.verdicts(functions, exercise))
        judged.append(verdicts)
        scored = points(verdicts)
        if scored > 0 and not (name == ITS_INPUT and _is_the_answer(exercise, ground)):
            what = f"{name} earns {scored:g} of {exercise.points:g} points"
            holes.append(Hole("liar", exercise.name, what, "ask for more than that in a check that is worth points"))
    if any(check.kind == "source" for check in exercise.checks):
        judged.append(list(ground.verdicts(ground.models, exercise, source=_looping(ground.models[exercise.function]))))
    return holes, judged


def _is_the_answer(exercise: Exercise, ground: Ground) -> bool:
    """Return True if the model answer is its first argument, in every output and every case: the derivative through a sum is."""
    cases = ground.bench.cases(exercise)

    def agrees(case: Case) -> bool:
        calls = case.plan(documented=exercise.pair is not None).chain.calls
        given = [call.args[0] for call in calls if call.function == exercise.target]  # through an adapter too
        parts = case.expected or ()
        return bool(given and parts) and all(np.array_equal(part.value, given[0]) for part in parts)

    return all(map(agrees, cases))


def _looping(right: Answer) -> str:
    """Return the source of a model answer with a loop in it, which changes nothing that it returns."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(right)))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.body[1:1] = ast.parse("for _ in range(1):\n    pass").body
    return ast.unparse(ast.fix_missing_locations(tree))


def _liars(exercise: Exercise, ground: Ground) -> Iterator[tuple[str, Mapping[str, Answer]]]:
    """Yield liars with their names: functions by name, in the place of the model answers."""
    own, right = exercise.function, ground.models[exercise.function]
    for name, value in EMPTY:
        yield name, {own: _always(value)}
    if not exercise.inputs or isinstance(right, type):
        return
    for name, fill in FILLS:
        yield name, {own: lambda *args, fill=fill: _filled(right(*copied(args)), fill)}
    if not inspect.signature(right).parameters:  # it returns a formula or a graph in its inputs
        yield "its first input", {own: _always(next(iter(exercise.inputs)))}
        return
    for name, of in ((ITS_INPUT, lambda x: x), ("twice its input", _twice)):
        yield name, {own: lambda *args, of=of: _in_place(right(*copied(args)), of(copied(args[0])), exercise)}
    yield from _fitting_pairs(exercise, ground)


def _fitting_pairs(exercise: Exercise, ground: Ground) -> Iterator[tuple[str, Mapping[str, Answer]]]:
    """Yield a function with its own gradient: twice the input plus one, whatever was asked for."""
    for backward in (exercise, *ground.dependents(exercise)):
        if backward.pair is None:
            continue
        forward, right = ground.models[backward.pair], ground.models[backward.function]
        yield (
            "a pair that fits itself, out = 2x + 1 and dx = 2·dout,",
            {
                backward.pair: lambda *args, f=forward: (
                    *(_twice(args[0]) + 1 for _ in f(*copied(args))[:-1]),
                    f(*copied(args))[-1],
                ),
                backward.function: lambda *args, f=right, backward=backward: _in_place(
                    f(*copied(args)), 2 * args[0], backward
                ),
            },
        )
    if exercise.pair is None and len(gradients_of(exercise)) == len(exercise.outputs) - 1 > 0:
        yield (
            "a loss that fits itself, 2·Σx and dx = 2,",
            {exercise.function: lambda x, *_: (2 * np.sum(x), *(np.full_like(x, 2.0) for _ in exercise.outputs[1:]))},
        )


def _always(value: Any) -> Answer:
    return lambda *_: value


def _twice(x: Any) -> Any:
    return 2 * x if isinstance(x, (np.ndarray, int, float)) else x


def _in_place(value: Any, lie: Any, exercise: Exercise) -> Any:
    """Put a lie in the place of each output in what a model answer returned; what else it returned, as a cache, stays."""
    if not isinstance(value, tuple):
        return lie
    count = len(exercise.outputs)
    return (lie,) * count + value[count:]


def _filled(value: Any, fill: float) -> Any:
    """Return a value of the same form with one number in all its places."""
    if isinstance(value, np.ndarray):
        return np.full(value.shape, fill)
    if isinstance(value, (tuple, list)):
        return type(value)(_filled(part, fill) for part in value)
    if isinstance(value, dict):
        return {key: _filled(part, fill) for key, part in value.items()}
    if isinstance(value, str):
        return f"{fill:g}"
    return fill if isinstance(value, (int, float, np.generic)) else None
