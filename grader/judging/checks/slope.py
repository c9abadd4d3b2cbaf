"""Gradients against the slope of the student's own function: right for what they wrote, whatever the model says.

The slope along one random direction costs four evaluations whatever the size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Answers, Failure, ask, ask_at
from grader.judging.checks.facts import OffSlope, WrongForm
from grader.judging.declare import Exercise, Fact, Plan
from grader.judging.numerics import kink_stencil, kinked_by, read_array, slope_of, stencil

__all__ = ["CLOSE", "MOVES", "Agreement", "examine", "gradients_of", "moved", "primal_values"]

Array = NDArray[np.float64]
CLOSE = 1e-6
"""Slopes are estimated to about 1e-11 of their size; a wrong gradient is off by far more."""
MOVES = 1e-12
"""A function with a smaller slope than this does not move with its input."""


@dataclass(frozen=True)
class Agreement:
    """The finding on one gradient: ``agrees`` is None if no point could be decided; ``depends``: the function moves at all.

    ``failure``: a question at ``inputs``, or beside them, brought no value.
    """

    agrees: bool | None
    depends: bool = False
    fact: Fact | None = None
    failure: Failure | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)


class _Stopped(Exception):  # noqa: N818 - carries a failure out of a slope
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


def gradients_of(exercise: Exercise) -> tuple[str, ...]:
    """Return the outputs of an exercise that are gradients for its inputs: ``dx`` where ``x`` is one.

    None where the first output is a gradient too, for an input or (``dh``, if no check asks for slopes) for what lies between:
    there is no function here that they are the slopes of.
    """
    names = tuple(name for name in exercise.outputs if name[:1] == "d" and name[1:] in exercise.inputs)
    first = exercise.outputs[0]
    between = first[:1] == "d" and all(check.kind != "gradient" for check in exercise.checks)
    return () if exercise.pair is None and (first in names or between) else names


def examine(exercise: Exercise, answers: Answers, points: Sequence[Mapping[str, Any]]) -> dict[str, Agreement]:
    """Hold the gradients of an exercise against the slopes of the student's own function at some smooth points.

    Returns:
        The agreement of each gradient, by its name (``dx``).

    """
    names = gradients_of(exercise)
    found: dict[str, Agreement] = {}
    depends = False
    inputs: Mapping[str, Any] = {}
    try:
        for number, inputs in enumerate(points):
            rng = np.random.default_rng(number)
            outputs = ask_at(exercise, answers, inputs)
            if isinstance(outputs, Failure):
                raise _Stopped(outputs)
            claimed = dict(zip(exercise.outputs, outputs, strict=True))
            moves = False
            for name in names:
                outcome = _at(exercise, answers, inputs, name, claimed[name], rng)
                if outcome is not None and (name not in found or found[name].agrees):
                    found[name] = outcome
                    moves = moves or outcome.depends
            depends = depends or (moves and not _copies(exercise, answers, inputs))
    except _Stopped as stop:
        return {name: Agreement(None, failure=stop.failure, inputs=inputs) for name in names}
    return {name: replace(found.get(name, Agreement(None)), depends=depends) for name in names}


def primal_values(exercise: Exercise, answers: Answers, points: Sequence[Mapping[str, Any]]) -> list[float] | Failure:
    """Ask for the scalar whose gradient is judged, sum(dout · forward) or the loss itself, at each point."""
    try:
        return [exercise.scalar(at, outs) for at, outs in zip(points, _outs(exercise, answers, points), strict=True)]
    except _Stopped as stop:
        return stop.failure


def _outs(exercise: Exercise, answers: Answers, points: Sequence[Mapping[str, Any]]) -> list[list[Array]]:
    """Ask for the outputs of the forward pass, or the loss, at each point, in one exchange.

    Raises:
        _Stopped: one of them brought no value, or one that is no array of the right shape.

    """
    plans = [_primal(exercise, inputs) for inputs in points]
    return [_read(exercise, inputs, out) for inputs, out in zip(points, ask(answers, plans), strict=False)]


def _primal(exercise: Exercise, inputs: Mapping[str, Any]) -> Plan:
    """Plan the function that a gradient belongs to: of a backward pass its forward pass, of a loss the loss."""
    if exercise.pair is None:
        plan = exercise.plan(inputs)
        return replace(plan, read=lambda *values: plan.read(*values)[:1])
    return exercise.forward_plan(inputs)


def _read(exercise: Exercise, inputs: Mapping[str, Any], outcome: Any) -> list[Array]:
    if isinstance(outcome, Failure):
        raise _Stopped(outcome)
    arrays = []
    for name, out in zip(exercise.upstream, outcome, strict=True):
        read = read_array(out, inputs.get(name, np.zeros(())))
        if read.problem is not None:
            what = exercise.pair or exercise.outputs[0]
            raise _Stopped(Failure(f"{what} has no slope: {read.message}"))
        arrays.append(np.asarray(read.array, dtype=np.float64))
    return arrays


def _copies(exercise: Exercise, answers: Answers, inputs: Mapping[str, Any]) -> bool:
    """Return True if a forward pass hands back one of its inputs: its gradient is right for nothing."""
    (outs,) = _outs(exercise, answers, [inputs])
    given = [v for v in exercise.given_below(inputs).values() if isinstance(v, np.ndarray)]
    return any(out.shape == x.shape and np.array_equal(out, x) for out in outs for x in given)


def moved(value: Any, by: Any) -> Any:
    """Return an input that was moved: of a Python float another Python float, of an array an array."""
    return float(value + by) if isinstance(value, float) else value + by


def _at(
    exercise: Exercise, answers: Answers, inputs: Mapping[str, Any], output: str, claimed: Any, rng: np.random.Generator
) -> Agreement | None:
    """Examine one gradient at one point, along one random direction; None where it cannot be decided."""
    name = output[1:]
    read = read_array(claimed, np.asarray(inputs[name]))
    if read.problem is not None:
        return Agreement(False, fact=WrongForm(output, read.message, None))
    gradient = np.asarray(read.array, dtype=np.float64)
    direction = rng.standard_normal(np.shape(inputs[name]))

    def phi(steps: Sequence[float]) -> list[float]:
        points = [{**inputs, name: moved(inputs[name], step * direction)} for step in steps]
        return [exercise.scalar(at, outs) for at, outs in zip(points, _outs(exercise, answers, points), strict=True)]

    slope = slope_of(phi(stencil()))
    size = float(np.sum(np.abs(gradient * direction)))
    along = float(np.sum(gradient * direction))
    if not abs(slope.value - along) <= CLOSE * max(size, abs(slope.value)) + 10 * slope.error:
        return None if kinked_by(phi(kink_stencil())) else Agreement(False, fact=OffSlope(output, inputs, gradient))
    if 10 * slope.error > 1e-3 * max(size, abs(slope.value)) > 0:
        return None
    return Agreement(True, abs(slope.value) > MOVES)
