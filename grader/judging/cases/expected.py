"""Plans carried out in this process by our own functions: the model answers, a declared mistake, a second right answer."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.declare import OMITTED, Call, Earlier, Exercise, Plan, Steps, outputs_of
from grader.judging.numerics import Expected, Shadow, bound_of, shadowed, value_of

__all__ = ["adapter_of", "carry_out", "copied", "expected_of", "run_locally", "with_defaults"]


def run_locally(
    exercise: Exercise, inputs: Mapping[str, Any], answer: Callable[..., Any] | None = None
) -> tuple[Any, ...]:
    """Return the outputs of the model answer, or of ``answer`` in its place, as arrays (steps stacked).

    Args:
        exercise: the exercise that is answered.
        inputs: by name.
        answer: a function in place of the exercise's model answer; the other calls of the plan are to model answers.

    """
    return carry_out(exercise, exercise.plan(inputs), answer)


def carry_out(exercise: Exercise, plan: Plan, answer: Callable[..., Any] | None = None) -> tuple[Any, ...]:
    """Return the outputs of a plan of an exercise; see :func:`run_locally`."""

    def function_of(name: str) -> Callable[..., Any]:
        return answer if answer is not None and name == exercise.target else exercise.model(name.partition(".")[2])

    values: list[Any] = []
    with np.errstate(all="ignore"):
        for call in plan.chain.calls:
            values.append(_perform(call, function_of, plan.chain.calls, values))
        return tuple(np.stack(out) if isinstance(out, Steps) else out for out in plan.read(*values))


def _perform(
    call: Call, function_of: Callable[[str], Callable[..., Any]], calls: tuple[Call, ...], values: list[Any]
) -> Any:
    """Perform one call of a chain on copies of its arguments, after the ``calls`` that returned ``values``."""

    def given(argument: Any) -> Any:
        if not isinstance(argument, Earlier):
            return copied(argument)
        function = calls[argument.call].function.rpartition(".")[2]
        pair = outputs_of(values[argument.call], len(argument.names), function, argument.names)
        return copied(pair[argument.position])

    function = function_of(call.function)
    args = [given(argument) for argument in call.args]
    return function(*args) if call.adapter is None else adapter_of(call.adapter)(function, *args)


@lru_cache(maxsize=256)
def adapter_of(source: str) -> Callable[..., Any]:
    """Compile the source of an adapter: the bank's own, with numpy as ``np``."""
    scope: dict[str, Any] = {"np": np}
    exec(source, scope)  # noqa: S102 - the bank's own source, not a student's
    return next(thing for thing in scope.values() if inspect.isfunction(thing))


def with_defaults(exercise: Exercise, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return inputs with the model answer's own number for each argument that a case leaves out, if its default is one."""
    if not any(isinstance(value, str) and value == OMITTED for value in inputs.values()):
        return inputs
    asked = exercise.answer() if exercise.pair is None else exercise.model(exercise.pair)
    defaults = {name: p.default for name, p in inspect.signature(asked).parameters.items()}
    return {
        name: defaults[name]
        if isinstance(value, str) and value == OMITTED and type(defaults.get(name)) in (int, float)
        else value
        for name, value in inputs.items()
    }


def copied(tree: Any) -> Any:
    """Copy arrays and rebuild containers; return anything else (a cache's objects) as it is."""
    if type(tree) in (str, float, int):
        return tree  # asked first: a graph of 10,000 steps holds little else
    if isinstance(tree, (np.ndarray, Shadow)):
        return tree.copy()
    if isinstance(tree, dict):
        return {k: copied(v) for k, v in tree.items()}
    return type(tree)(copied(v) for v in tree) if type(tree) in (list, tuple) else tree


def expected_of(exercise: Exercise, inputs: Mapping[str, Any]) -> tuple[Expected, ...]:
    """Compute the right answer for each output at these inputs, with rounding bounds in the shapes of the answers.

    Raises:
        BankError: a bound is not finite (see :func:`bound_of`), or a model answer is missing.

    """
    values = run_locally(exercise, inputs)
    if not any(map(_has_bound, values)):
        return tuple(map(_exact, values))
    if exercise.tolerance is not None:
        return tuple(map(_exact, values))
    slack = 0.0 if exercise.slack is None else exercise.slack(inputs)
    shadows = run_locally(exercise, shadowed(dict(inputs)))
    return tuple(_bounded(v, s, slack) if _has_bound(v) else _exact(v) for v, s in zip(values, shadows, strict=True))


def _has_bound(value: Any) -> bool:
    """Return True if a right answer is compared within a rounding bound: an array, a float or a list of such, and no finding."""
    if isinstance(value, (list, tuple)):
        return _listed(value) is not None and any(map(_has_bound, value))
    return isinstance(value, (np.ndarray, np.generic)) or type(value) is float


def _bounded(value: Any, shadow: Any, slack: Any) -> Expected:
    listed = isinstance(value, (list, tuple))
    bound = np.broadcast_to(_bound_of(shadow) + slack, np.shape(value)).copy()
    return Expected(np.asarray(_listed(value) if listed else value_of(value), dtype=np.float64), bound, listed)


def _bound_of(shadow: Any) -> Any:
    return np.array([_bound_of(part) for part in shadow]) if isinstance(shadow, (list, tuple)) else bound_of(shadow)


def _exact(value: Any) -> Expected:
    """Return a right answer that has no rounding bound: letters, findings, whole numbers, and what is given a relative error."""
    array = _listed(value) if isinstance(value, (list, tuple)) else None
    if array is not None:
        return Expected(array, np.zeros(array.shape), listed=True)
    return Expected(float(value) if isinstance(value, np.generic) else value)


def _listed(value: list[Any] | tuple[Any, ...]) -> NDArray[np.float64] | None:
    """Return a list of numbers as the array that it is compared as; None for one of letters, or of rows that differ in length."""
    try:
        found = np.array(value)
    except ValueError:
        return None
    return found.astype(np.float64) if found.dtype.kind in "iuf" else None
