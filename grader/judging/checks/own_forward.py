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
from grader.judging.checks.slope import CLOSE, MOVES, moved
from grader.judging.declare import Exercise
from grader.judging.numerics import read_array, slope_of, stencil
from grader.judging.recognise import Prediction, prediction_of

__all__ = ["OwnForward", "fitting", "own_forward"]

Array = NDArray[np.float64]
ORDINARY = ("randn", "odd")
"""Regimes of ordinary inputs: a function that is right in both is meant as the right one."""
DIRECTIONS = 2
"""Random directions along which a gradient is held against a slope, at each case."""
LEAST = 3
"""A gradient fits if it does at this many cases at least, and is off at none."""
FLOOR = 1e-12
"""A slope this small, beside an upstream gradient of 1, is 0."""
STEP = 2.0**-24
"""The step of a slope that no kink nearby may disturb, relative to the largest entry of the input."""


@dataclass(frozen=True)
class OwnForward:
    """A student's forward pass, or loss.

    ``model``: it agrees with the model answer; ``known``: it is wrong and ``predict`` says what it computes, of each output;
    ``elsewhere``: it is right on ordinary inputs and wrong on others; ``unknown``: nobody can say what it computes.
    """

    standing: Literal["model", "known", "elsewhere", "unknown"]
    predict: tuple[Prediction, ...] = ()


def own_forward(primal: Exercise, trials: Sequence[Trial], passed: bool, bench: Bench, count: int = 1) -> OwnForward:
    """Tell what is known of a forward pass, or of the first output of a loss.

    Args:
        primal: the exercise, whose first ``count`` outputs are meant.
        trials: its cases; those that brought nothing tell nothing.
        passed: its value checks passed, perhaps with a note.
        bench: the cases and what the declared mistakes answer.
        count: see ``primal``.

    """
    worked = [trial for trial in trials if trial.failure is None]
    right = [all(match.ok for match in trial.matches[:count]) for trial in worked]
    if passed or (worked and all(right)):
        return OwnForward("model")
    ordinary = [ok for ok, trial in zip(right, worked, strict=True) if trial.case.regime in ORDINARY]
    if len(ordinary) >= LEAST and all(ordinary):
        return OwnForward("elsewhere")
    found = [_predicted(primal, output, worked, bench) for output in range(count)]
    known = tuple(predict for predict in found if predict is not None)
    return OwnForward("known", known) if len(known) == count else OwnForward("unknown")


def _predicted(primal: Exercise, output: int, worked: Sequence[Trial], bench: Bench) -> Prediction | None:
    """Return what computes one output of a forward pass, which may be right itself; None if nobody can say."""
    if worked and all(trial.matches[output].ok for trial in worked):
        return lambda _, right: right
    return prediction_of(primal, output, worked, bench)


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
    if not own.predict:
        return frozenset()
    primal = exercise if exercise.pair is None else bench.exercise(f"{exercise.unit}.{exercise.pair}")
    if primal is None:
        return frozenset()
    scalar = _scalar_of(exercise, primal, own.predict)
    return frozenset(name for name in names if _fits(exercise, name, worked, scalar))


def _finite(exercise: Exercise, trials: Sequence[Trial], answers: Answers) -> list[bool]:
    """Tell at which cases the student's forward pass, or loss, is finite."""
    if exercise.pair is None:
        return [_is_finite(trial.outputs[0]) for trial in trials]
    outcomes = ask(answers, [exercise.forward_plan(trial.case.inputs) for trial in trials])
    return [not isinstance(outcome, Failure) and all(map(_is_finite, outcome)) for outcome in outcomes]


def _is_finite(value: Any) -> bool:
    try:
        return bool(np.isfinite(np.asarray(value, dtype=np.float64)).all())
    except (TypeError, ValueError):
        return False


Scalar = Callable[[Mapping[str, Any]], float]
"""From the inputs of a gradient's exercise to the number whose slopes it is: Σ dout · out, or the loss."""


def _scalar_of(exercise: Exercise, primal: Exercise, predict: Sequence[Prediction]) -> Scalar:
    def scalar(inputs: Mapping[str, Any]) -> float:
        arguments = {name: value for name, value in inputs.items() if name in primal.inputs}
        try:
            outputs = run_locally(primal, arguments)
            right = [np.asarray(out, dtype=np.float64) for out in outputs[: len(predict)]]
        except (ArithmeticError, BankError, ValueError):
            return float("nan")
        with np.errstate(all="ignore"):
            outs = [of_one(arguments, value) for of_one, value in zip(predict, right, strict=True)]
            return float("nan") if any(out is None for out in outs) else exercise.scalar(inputs, outs)

    return scalar


def _fits(exercise: Exercise, name: str, trials: Sequence[Trial], scalar: Scalar) -> bool:
    """Return True if one gradient fits at enough cases, is off at none, and belongs to a function that moves."""
    fits, moves = 0, False
    for number, trial in enumerate(trials):
        inputs = trial.case.inputs
        if not np.isfinite(scalar(inputs)):
            continue
        read = read_array(trial.outputs[exercise.outputs.index(name)], np.asarray(inputs[name[1:]]))
        if read.problem is not None or not np.isfinite(np.asarray(read.array, dtype=np.float64)).all():
            return False
        gradient = np.asarray(read.array, dtype=np.float64)
        above = max(float(np.abs(inputs.get(weight, 1.0)).max(initial=0.0)) for weight in exercise.upstream)
        at = _Point(scalar, inputs, name[1:], above, np.random.default_rng(number))
        for _ in range(DIRECTIONS):
            fit = at.fits(gradient)
            if fit is not True and trial.case.may_be_at_kinks:
                fit = at.fits_entrywise(gradient)
            if fit is False:
                return False
            fits += fit is True
        moves = moves or at.slope > MOVES
    return moves and fits >= DIRECTIONS * LEAST


class _Point:
    """One case: holds a gradient against slopes; ``slope`` is the largest seen, without its sign."""

    def __init__(
        self, scalar: Scalar, inputs: Mapping[str, Any], name: str, above: float, rng: np.random.Generator
    ) -> None:
        self.scalar, self.inputs, self.name, self.rng = scalar, inputs, name, rng
        self.size = float(np.abs(inputs[name]).max(initial=0.0)) or 1.0
        self.floor = FLOOR * max(1.0, above)
        self.slope = 0.0

    def fits(self, gradient: Array) -> bool | None:
        """Return True if the gradient fits along a random direction, False if it is off, None if the slope cannot be told."""
        direction = self.rng.standard_normal(gradient.shape)
        along, most = float(np.sum(gradient * direction)), float(np.sum(np.abs(gradient * direction)))
        values = [self._moved(step * self.size * direction) for step in stencil()]
        if np.isfinite(values).all():
            slope = slope_of(values)
            value, error = slope.value / self.size, 10 * slope.error / self.size
            if error <= 1e-3 * most + self.floor and abs(value - along) <= CLOSE * most + error + self.floor:
                self.slope = max(self.slope, abs(value))
                return True
        # The longer step goes over a kink, or over a curve: the shorter one tells fewer digits, and tells them here.
        step = STEP * self.size
        value = (self._moved(step * direction) - self._moved(-step * direction)) / (2 * step)
        error = self._error(step)
        most = max(most, abs(value))
        if not np.isfinite(value) or error > 1e-3 * most + self.floor:
            return None
        self.slope = max(self.slope, abs(value))
        return abs(value - along) <= CLOSE * most + error + self.floor

    def fits_entrywise(self, gradient: Array) -> bool | None:
        """Return True if each entry is between the slopes to both sides: at a kink any slope between them is right."""
        here, step = self._moved(np.zeros_like(gradient)), STEP * self.size
        for index in np.ndindex(gradient.shape):
            by = np.zeros_like(gradient)
            by[index] = step
            slopes = [(self._moved(by) - here) / step, (here - self._moved(-by)) / step]
            if not np.isfinite(slopes).all():
                return None
            error = self._error(step) + 10 * CLOSE * max(map(abs, slopes)) + self.floor
            if not min(slopes) - error <= gradient[index] <= max(slopes) + error:
                return False
        return True

    def _error(self, step: float) -> float:
        """Return what rounding may add to a slope over a step."""
        return 1e-14 * abs(self._moved(np.zeros(()))) / step

    def _moved(self, by: Array) -> float:
        return self.scalar({**self.inputs, self.name: moved(self.inputs[self.name], by)})
