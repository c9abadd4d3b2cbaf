"""A model answer's gradients beside two truths that were written apart: the engine, and the numerical slope of the forward pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.judging import Bench, Case, Exercise, carry_out, copied, run_locally, slope_of, stencil

__all__ = ["disagreement"]

CASES = 3
"""Smooth cases at which a gradient is held against both; it must be off at most of them, since one may lie near a kink."""
CLOSE = 1e-6
"""Slopes are estimated to about 1e-11 of their size; a wrong gradient is off by far more."""


def disagreement(exercise: Exercise, bench: Bench) -> str:
    """Return the gradient of a model answer that is none, and by which witness; an empty text if all agree, or there is none.

    Args:
        exercise: a backward pass, or a loss that returns its gradient too, whose model answer runs.
        bench: holds the unit.

    """
    smooth = [case for case in bench.cases(exercise) if case.regime == "randn" and not case.recipe.edits][:CASES]
    off = [found for case in smooth if (found := _off_engine(exercise, case) or _off_slope(exercise, case))]
    return off[0] if 2 * len(off) > len(smooth) else ""


def _gradients(exercise: Exercise) -> list[tuple[int, str]]:
    """Return the outputs that are gradients, by position, each with the input that it is of."""
    named = [(position, name[1:]) for position, name in enumerate(exercise.outputs) if name[:1] == "d"]
    return [(position, name) for position, name in named if name in exercise.inputs]


def _off_engine(exercise: Exercise, case: Case) -> str:
    """Return the first gradient that is not the engine's derivative; an empty text if none, or the engine cannot tell."""
    from reference.autodiff import vjp

    assert case.expected is not None
    gradients = _gradients(exercise)
    forward = exercise.model(exercise.pair or exercise.function)
    given = exercise.given_below(case.inputs)
    wrt = [name for _, name in gradients]

    def out(*values: Any) -> Any:
        given_now = {**copied(given), **dict(zip(wrt, values, strict=True))}  # a forward pass may write into a dict
        outs = forward(*given_now.values())
        return sum(np.sum(case.inputs.get(name, 1.0) * outs[place]) for place, name in enumerate(exercise.upstream))

    try:
        found = vjp(out, *(given[name] for name in wrt))[1](1.0)
        pairs = [(case.expected[position], value) for (position, _), value in zip(gradients, found, strict=True)]
        agree = [bool(np.all(np.abs(value - right.value) <= right.allowed)) for right, value in pairs]
    except (
        Exception
    ):  # it differentiates numpy as it is usually written; a model answer may write into an array, or use an object
        return ""
    wrong = [exercise.outputs[position] for (position, _), agrees in zip(gradients, agree, strict=True) if not agrees]
    # Where they differ by little, an unlike formula may be at fault, or a rounding bound: the slope has the last word.
    return f"{wrong[0]} is not the derivative that the engine finds" if wrong and _off_slope(exercise, case) else ""


def _off_slope(exercise: Exercise, case: Case) -> str:
    """Return the first gradient that is not the numerical slope, along one random direction; an empty text if none."""
    assert case.expected is not None
    rng = np.random.default_rng(0)
    for position, name in _gradients(exercise):
        x, gradient = case.inputs[name], np.asarray(case.expected[position].value)
        if not isinstance(x, np.ndarray):
            continue
        if gradient.shape != x.shape:
            return (
                f"{exercise.outputs[position]} has the shape {gradient.shape}, {name} {x.shape}: it is not the gradient"
            )
        direction = rng.standard_normal(x.shape)
        steps = [_scalar(exercise, {**case.inputs, name: x + step * direction}) for step in stencil()]
        slope, along = slope_of(steps), float(np.sum(gradient * direction))
        size = max(float(np.sum(np.abs(gradient * direction))), abs(slope.value))
        if not abs(slope.value - along) <= CLOSE * size + 10 * slope.error:
            return f"{exercise.outputs[position]} is not the numerical slope"
    return ""


def _scalar(exercise: Exercise, inputs: Mapping[str, Any]) -> float:
    """Compute the number whose gradient is asked: Σ dout · out, or the loss."""
    if exercise.pair is None:
        return float(run_locally(exercise, inputs)[0])
    return exercise.scalar(inputs, carry_out(exercise, exercise.forward_plan(inputs)))
