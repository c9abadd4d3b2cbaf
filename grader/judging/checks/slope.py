"""A gradient against the slope of the student's own function: right for what they wrote, whatever the model says.

The slope along one random direction costs four evaluations whatever the size; entries are only looked at to
say which one is off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking.trials import Driven, Failure, RemoteAsk, run
from grader.judging.checks.wording import number
from grader.judging.declare.drives import Ask, outputs_of
from grader.judging.declare.exercise import Counterexample, Exercise
from grader.judging.numerics.compare import as_array
from grader.judging.numerics.slopes import central, kinked, richardson

__all__ = ["Finding", "examine", "forward_value", "slopes_of"]

Array = NDArray[np.float64]
CLOSE = 1e-6
"""Slopes are estimated to about 1e-11 of their size; a wrong gradient is off by far more."""
SMALL = 60
"""Up to this many entries, the whole slope is computed to say which one is off."""


@dataclass(frozen=True)
class Finding:
    """``agrees`` is None when no case could be decided; ``depends``: the function moves with its input at all."""

    agrees: bool | None
    depends: bool = False
    message: str = ""
    counterexample: Counterexample | None = None
    failure: Failure | None = None


@dataclass
class _Stopped(Exception):  # noqa: N818 - carries a failure out of a slope
    failure: Failure


def forward_value(ask: Ask, pair: str, arguments: Sequence[Any]) -> tuple[Any, ...]:
    """``out`` of ``out, cache = forward(*arguments)``."""
    return (outputs_of(ask(pair, *arguments, keep=(1,)), 2, pair, ("out", "cache"))[0],)


class _Primal:
    """The scalar function whose gradient is judged: sum(dout · forward), or the loss itself."""

    def __init__(self, exercise: Exercise, ask: RemoteAsk) -> None:
        self.exercise, self.ask = exercise, ask

    def drive(self, ask: Any, inputs: Mapping[str, Any]) -> tuple[Any, ...]:
        if self.exercise.pair is None:
            return (self.exercise.drive(ask, inputs)[0],)
        return forward_value(ask, self.exercise.pair, [v for k, v in inputs.items() if k != "dout"])

    def out(self, inputs: Mapping[str, Any]) -> Array:
        outputs = run(Driven(self.drive), self.ask, inputs)
        if isinstance(outputs, Failure):
            raise _Stopped(outputs)
        like = inputs["dout"] if "dout" in inputs else np.zeros(())
        read = as_array(outputs[0], like)
        if read.problem is not None:
            what = self.exercise.pair or self.exercise.outputs[0]
            raise _Stopped(Failure(f"{what} has no slope: {read.message}"))
        return np.asarray(read.array, dtype=np.float64)

    def __call__(self, inputs: Mapping[str, Any]) -> float:
        return float(np.sum(inputs.get("dout", 1.0) * self.out(inputs)))


def examine(exercise: Exercise, ask: RemoteAsk, points: Sequence[Mapping[str, Any]]) -> dict[str, Finding]:
    """Hold the gradients of an exercise against the slopes of the student's own function at some smooth points.

    Returns:
        What was found of each gradient, by its name (``dx``).

    """
    primal = _Primal(exercise, ask)
    names = slopes_of(exercise)
    found: dict[str, Finding] = {}
    depends = False
    try:
        for number_of_case, inputs in enumerate(points):
            rng = np.random.default_rng(number_of_case)
            outputs = run(exercise, ask, inputs)
            if isinstance(outputs, Failure):
                raise _Stopped(outputs)
            claimed = dict(zip(exercise.outputs, outputs, strict=True))
            moves = False
            for name in names:
                outcome = _at(exercise, primal, inputs, name, claimed[name], rng)
                if outcome is not None and (name not in found or found[name].agrees):
                    found[name] = outcome
                    moves = moves or outcome.depends
            depends = depends or (moves and not _copies(primal, inputs))
    except _Stopped as stop:
        return {name: Finding(None, failure=stop.failure) for name in names}
    undecided = Finding(None, message="its slope could not be estimated at any of the inputs tried")
    return {name: replace(found.get(name, undecided), depends=depends) for name in names}


def slopes_of(exercise: Exercise) -> tuple[str, ...]:
    """The outputs of an exercise that are gradients for its inputs: ``dx`` where ``x`` is one."""
    return tuple(name for name in exercise.outputs if name[:1] == "d" and name[1:] in exercise.inputs)


def _copies(primal: _Primal, inputs: Mapping[str, Any]) -> bool:
    """A forward pass that hands back one of its inputs: its gradient is right for nothing."""
    out = primal.out(inputs)
    given = [v for k, v in inputs.items() if k != "dout" and isinstance(v, np.ndarray)]
    return any(out.shape == x.shape and np.array_equal(out, x) for x in given)


def _at(
    exercise: Exercise, primal: _Primal, inputs: Mapping[str, Any], output: str, claimed: Any, rng: np.random.Generator
) -> Finding | None:
    """One gradient at one point, along one random direction; None where it cannot be decided."""
    name = output[1:]
    read = as_array(claimed, inputs[name])
    if read.problem is not None:
        return Finding(False, message=f"{output}: {read.message}")
    gradient = np.asarray(read.array, dtype=np.float64)
    direction = rng.standard_normal(np.shape(inputs[name]))

    def phi(t: float) -> float:
        return primal({**inputs, name: inputs[name] + t * direction})

    slope = richardson(phi)
    size = float(np.sum(np.abs(gradient * direction)))
    along = float(np.sum(gradient * direction))
    if not abs(slope.value - along) <= CLOSE * max(size, abs(slope.value)) + 10 * slope.error:
        return None if kinked(phi) else _entry(exercise, primal, inputs, name, gradient)
    if 10 * slope.error > 1e-3 * max(size, abs(slope.value)) > 0:
        return None
    return Finding(True, abs(slope.value) > 1e-12)


def _entry(exercise: Exercise, primal: _Primal, inputs: Mapping[str, Any], name: str, gradient: Array) -> Finding:
    """Which entry is off, and by how much."""
    what = f"the slope of {exercise.pair}" if exercise.pair else f"the slope of your {exercise.outputs[0]}"
    if gradient.size > SMALL:
        return Finding(False, message=f"d{name} is not {what}")
    slopes = np.empty(gradient.shape)
    for index in np.ndindex(gradient.shape):
        unit = np.zeros(gradient.shape)
        unit[index] = 1.0
        slopes[index] = central(lambda t, unit=unit: primal({**inputs, name: inputs[name] + t * unit}), 1e-5)  # type: ignore[misc]
    off = np.abs(slopes - gradient)
    off = np.where(np.isfinite(off), off, np.inf)
    worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(off)), off.shape))
    place = f"d{name}[{', '.join(map(str, worst))}]" if worst else f"d{name}"
    message = f"{place} is {number(gradient[worst])}, {what} there is {number(slopes[worst])}"
    located = {
        "output": f"d{name}", "index": list(worst), "expected": float(slopes[worst]), "got": float(gradient[worst])
    }  # fmt: skip
    example = Counterexample(dict(inputs), {f"d{name}": slopes}, {f"d{name}": gradient}, located)
    return Finding(False, message=message, counterexample=example)
