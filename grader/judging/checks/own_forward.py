"""A student's own forward pass, or loss, where it is wrong: what it computes, and if their gradients fit it.

Only a function that is known is followed: one that a declared mistake, a claim or a mutant explains on every case, or that is right
on ordinary inputs and wrong on others only. Its slopes are computed here, from what explains it: the student is not asked, so that
no answer can be made up for the points at which slopes are taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from grader.errors import BankError
from grader.judging.asking import Answers, Failure, Trial, ask
from grader.judging.cases import Bench, run_locally
from grader.judging.declare import Exercise
from grader.judging.numerics import read_array, slope_of, stencil
from grader.judging.recognise import Prediction, prediction_of

__all__ = ["OwnForward", "fitting", "own_forward"]

Array = NDArray[np.float64]
ORDINARY = ("randn", "odd")
"""Regimes of ordinary inputs: a function that is right in both is meant as the right one."""
DIRECTIONS = 2
"""Random directions along which a gradient is held against a slope, at each case."""
CLOSE = 1e-6
"""Slopes are estimated to about 1e-11 of their size; a wrong gradient is off by far more."""
LEAST = 3
"""A gradient fits if it does at this many cases at least, and is off at none."""
MOVES = 1e-12
"""A function with a smaller slope than this does not move with its input."""
JUMP = 1e-4
"""Slopes at points nearby are told to about this much of their size; at a kink they differ by far more."""
NEARBY = 12
"""Points around a kink at which slopes are taken: a gradient there may be any between them."""
NUDGE, STEP = 2.0**-20, 2.0**-24
"""How far such a point is from the kink, and the step of its slope, relative to the largest entry (at least 1)."""


@dataclass(frozen=True)
class OwnForward:
    """A student's forward pass, or loss.

    ``model``: it agrees with the model answer; ``known``: it is wrong and ``predict`` says what it computes; ``elsewhere``: it is
    right on ordinary inputs and wrong on others; ``unknown``: nobody can say what it computes.
    """

    standing: Literal["model", "known", "elsewhere", "unknown"]
    predict: Prediction | None = None


def own_forward(primal: Exercise, trials: Sequence[Trial], passed: bool, bench: Bench) -> OwnForward:
    """Tell what is known of a forward pass, or of the first output of a loss.

    Args:
        primal: the exercise, whose first output is meant.
        trials: its cases; those that brought nothing tell nothing.
        passed: its value checks passed, perhaps with a note.
        bench: the cases and what the declared mistakes answer.

    """
    worked = [trial for trial in trials if trial.failure is None]
    if passed or (worked and all(trial.matches[0].ok for trial in worked)):
        return OwnForward("model")
    ordinary = [trial.matches[0].ok for trial in worked if trial.case.regime in ORDINARY]
    if len(ordinary) >= LEAST and all(ordinary):
        return OwnForward("elsewhere")
    predict = prediction_of(primal, 0, worked, bench)
    return OwnForward("unknown") if predict is None else OwnForward("known", predict)


def fitting(
    exercise: Exercise, names: Sequence[str], trials: Sequence[Trial], own: OwnForward, answers: Answers, bench: Bench
) -> frozenset[str]:
    """Return which gradients fit the student's own forward pass, or loss, at every case where that is finite.

    Args:
        exercise: of the gradients.
        names: the gradients, ``dx`` for the input ``x``.
        trials: its cases, run with the student's own cache.
        own: the forward pass, wrong.
        answers: asked where the forward pass is finite, if that is not known otherwise.
        bench: has the model answer of the forward pass.

    """
    worked = [trial for trial in trials if trial.failure is None]
    if own.standing == "elsewhere":
        finite = _finite(exercise, worked, answers)
        held = [trial for trial, there in zip(worked, finite, strict=True) if there]
        places = {name: exercise.outputs.index(name) for name in names}
        return frozenset(
            name for name, place in places.items() if len(held) >= LEAST and all(t.matches[place].ok for t in held)
        )
    if own.predict is None:
        return frozenset()
    primal = exercise if exercise.pair is None else bench.exercise(f"{exercise.unit}.{exercise.pair}")
    if primal is None:
        return frozenset()
    scalar = _scalar_of(primal, own.predict)
    return frozenset(name for name in names if _fits(exercise, name, worked, scalar))


def _finite(exercise: Exercise, trials: Sequence[Trial], answers: Answers) -> list[bool]:
    """Tell at which cases the student's forward pass, or loss, is finite."""
    if exercise.pair is None:
        return [_is_finite(trial.outputs[0]) for trial in trials]
    outcomes = ask(answers, [exercise.forward_plan(trial.case.inputs) for trial in trials])
    return [not isinstance(outcome, Failure) and _is_finite(outcome[0]) for outcome in outcomes]


def _is_finite(value: Any) -> bool:
    try:
        return bool(np.isfinite(np.asarray(value, dtype=np.float64)).all())
    except (TypeError, ValueError):
        return False


Scalar = Callable[[Mapping[str, Any]], float]
"""From the inputs of a gradient's exercise to the number whose slopes it is: sum(dout · out), or the loss."""


def _scalar_of(primal: Exercise, predict: Prediction) -> Scalar:
    def scalar(inputs: Mapping[str, Any]) -> float:
        arguments = {name: value for name, value in inputs.items() if name in primal.inputs}
        try:
            right = np.asarray(run_locally(primal, arguments)[0], dtype=np.float64)
        except (ArithmeticError, BankError, ValueError):
            return float("nan")
        with np.errstate(all="ignore"):
            out = predict(arguments, right)
            return float("nan") if out is None else float(np.sum(inputs.get("dout", 1.0) * out))

    return scalar


def _fits(exercise: Exercise, name: str, trials: Sequence[Trial], scalar: Scalar) -> bool:
    """Return True if one gradient fits at enough cases, is off at none, and belongs to a function that moves."""
    fits, moves = 0, False
    for number, trial in enumerate(trials):
        inputs = trial.case.inputs
        if not np.isfinite(scalar(inputs)):
            continue
        read = read_array(trial.outputs[exercise.outputs.index(name)], inputs[name[1:]])
        if read.problem is not None or not np.isfinite(np.asarray(read.array, dtype=np.float64)).all():
            return False
        gradient = np.asarray(read.array, dtype=np.float64)
        at = _Point(scalar, inputs, name[1:], np.random.default_rng(number))
        for _ in range(DIRECTIONS):
            fit = at.fits(gradient)
            if fit is False:
                return False
            fits += fit is True
        moves = moves or at.slope > MOVES
    return moves and fits >= DIRECTIONS * LEAST


class _Point:
    """One case: holds a gradient against the slope along a random direction; ``slope`` is the largest seen, without its sign."""

    def __init__(self, scalar: Scalar, inputs: Mapping[str, Any], name: str, rng: np.random.Generator) -> None:
        self.scalar, self.inputs, self.name, self.rng = scalar, inputs, name, rng
        self.size = max(1.0, float(np.abs(inputs[name]).max(initial=0.0)))
        self.slope = 0.0

    def fits(self, gradient: Array) -> bool | None:
        """Return True if the gradient fits, False if it is off, None if the slope cannot be told."""
        direction = self.rng.standard_normal(gradient.shape)
        along, most = float(np.sum(gradient * direction)), float(np.sum(np.abs(gradient * direction)))
        values = [self._moved(step * direction) for step in stencil(self.size)]
        if not np.isfinite(values).all():
            return None
        slope = slope_of(values, self.size)
        most = max(most, abs(slope.value))
        told = 10 * slope.error <= 1e-3 * most or most == 0
        if told:
            self.slope = max(self.slope, abs(slope.value))
            if abs(slope.value - along) <= CLOSE * most + 10 * slope.error:
                return True
        return self._between(direction, along, smooth=told)

    def _between(self, direction: Array, along: float, *, smooth: bool) -> bool | None:
        """Hold it against the slopes at points nearby: at a kink any between them is right; where it is ``smooth`` they agree."""
        slopes = []
        for _ in range(NEARBY):
            offset = NUDGE * self.size * self.rng.standard_normal(direction.shape)
            step = STEP * self.size * direction
            ahead, behind = self._moved(offset + step), self._moved(offset - step)
            slopes.append((ahead - behind) / (2 * STEP * self.size))
        if not np.isfinite(slopes).all():
            return None
        least, most = min(slopes), max(slopes)
        size = max(abs(least), abs(most), abs(along))
        noise = JUMP * size + 1e-14 * abs(self._moved(0 * direction)) / (STEP * self.size)
        if smooth and most - least <= 10 * noise:
            return False
        return least - noise <= along <= most + noise

    def _moved(self, by: Array) -> float:
        return self.scalar({**self.inputs, self.name: self.inputs[self.name] + by})
