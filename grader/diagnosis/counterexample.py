"""The counterexample that a student is shown: the simplest input that shows the fault, and the entry that is furthest off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.diagnosis.numbers import at_simple_numbers
from grader.diagnosis.search import simplest
from grader.judging import (
    Answers,
    Bench,
    Exercise,
    Failure,
    Finding,
    GraphPicture,
    OffSlope,
    Recipe,
    Rejected,
    Trial,
    ask,
    primal_values,
)

__all__ = ["Shown", "example_of", "simplest_trial", "slope_entry"]

SIMPLEST_FIRST = ("integers", "randn", "small", "offset", "large", "ties")
SMALL = 60
"""Up to this many entries, the whole slope is computed to say which one is off."""
STEP = 1e-5
"""Of the central differences that say so."""
STEP_SIZES = tuple(10.0**-k for k in range(1, 11))
"""The steps at which the error of central differences is told, so that nobody need trust one of them."""


@dataclass(frozen=True)
class Shown:
    """An input that shows the fault: by name the inputs, what was expected and what came; ``worst`` locates one entry.

    ``graph``: what the steps of a graph that was handed in compute there, and which is the first that is wrong. ``step_sizes``:
    the errors of central differences with other steps at the worst entry of a gradient, as ``h``, ``expected`` and ``got``.
    """

    inputs: Mapping[str, Any] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)
    got: Mapping[str, Any] = field(default_factory=dict)
    worst: Mapping[str, Any] = field(default_factory=dict)
    graph: GraphPicture | None = None
    step_sizes: Mapping[str, Sequence[float]] = field(default_factory=dict)


def simplest_trial(exercise: Exercise, fact: Rejected, answers: Answers, bench: Bench) -> Trial | None:
    """Search for the simplest input that shows the fault of a rejected output; None if the search finds none."""
    if not fact.fresh or not exercise.inputs or not bench.knows_answers:
        return None
    if (found := at_simple_numbers(exercise, fact.output, answers, bench)) is not None:
        return found
    shown: dict[Recipe, Trial] = {}

    def fails(recipes: Sequence[Recipe]) -> Iterator[bool]:
        made = {recipe: bench.make(exercise, recipe) for recipe in recipes}
        cases = [case for case in made.values() if case is not None]
        outcomes = ask(answers, [case.plan(fact.documented) for case in cases])
        for recipe, case in made.items():
            outcome = next(outcomes, None) if case is not None else None
            if case is None or outcome is None or isinstance(outcome, Failure):
                yield False
                continue
            shown[recipe] = Trial(case, outcome)
            yield not shown[recipe].matches[fact.output].ok

    failing = [t.case.recipe.style for t in fact.trials if t.failure is None and not t.matches[fact.output].ok]
    styles = [style for style in SIMPLEST_FIRST if style in {*failing, "integers"}]
    recipe = simplest(fails, styles, seed=bench.seed)
    return shown[recipe] if recipe is not None else None


def example_of(exercise: Exercise, trial: Trial, output: int) -> Shown:
    """Return what to show of one output of a trial that is wrong; of a question nothing, since that gives the answer away."""
    assert trial.case.expected is not None
    if not exercise.inputs or isinstance(trial.case.expected[output].value, Finding):
        return Shown()
    name, expected, found = exercise.outputs[output], trial.case.expected[output].value, trial.matches[output]
    got = found.got if found.got is not None else trial.outputs[output]
    worst: dict[str, Any] = {}
    if found.worst is not None and found.got is not None:
        worst = _located(name, found.worst, expected[found.worst], found.got[found.worst])
    return Shown(dict(trial.case.inputs), {name: expected}, {name: got}, worst)


def slope_entry(exercise: Exercise, fact: OffSlope, answers: Answers, *, by_step: bool = True) -> Shown | None:
    """Find the entry of a gradient that is furthest from the slope of the student's own function; None if it is too large.

    ``by_step``: tell the errors by step size too.
    """
    gradient = fact.gradient
    if gradient.size > SMALL:
        return None
    found = _differences(exercise, fact, answers, [(unit, STEP) for unit in _units(gradient.shape)])
    if found is None:
        return None
    slopes = found.reshape(gradient.shape)
    off = np.abs(slopes - gradient)
    off = np.where(np.isfinite(off), off, np.inf)
    worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(off)), off.shape))
    located = _located(fact.output, worst, slopes[worst], gradient[worst])
    sizes = _by_step_size(exercise, fact, answers, worst) if by_step else {}
    return Shown(dict(fact.inputs), {fact.output: slopes}, {fact.output: gradient}, located, step_sizes=sizes)


def _by_step_size(
    exercise: Exercise, fact: OffSlope, answers: Answers, entry: tuple[int, ...]
) -> dict[str, list[float]]:
    """Return the errors of central differences at an entry by their step: against the gradient that came, and against the slope.

    The slope is Richardson's extrapolation of those with steps h and h/2, whose error is of order h⁴: a difference of order h² and
    of rounding/h is far from it on both ends. Empty if the student's function fails at one of these points.
    """
    unit = np.zeros(fact.gradient.shape)
    unit[entry] = 1.0
    wide = STEP_SIZES[2]
    found = _differences(exercise, fact, answers, [(unit, h) for h in (*STEP_SIZES, wide, wide / 2)])
    if found is None:
        return {}
    *differences, coarse, fine = found.tolist()
    errors = {"expected": (4 * fine - coarse) / 3, "got": float(fact.gradient[entry])}
    return {"h": list(STEP_SIZES)} | {name: [abs(d - value) for d in differences] for name, value in errors.items()}


def _differences(
    exercise: Exercise, fact: OffSlope, answers: Answers, steps: Sequence[tuple[Any, float]]
) -> Any | None:
    """Return the central difference of the student's own function along each direction with its step; None if it fails there."""
    name = fact.output[1:]
    points = [
        {**fact.inputs, name: fact.inputs[name] + sign * step * unit} for unit, step in steps for sign in (1.0, -1.0)
    ]
    values = primal_values(exercise, answers, points)
    if isinstance(values, Failure):
        return None
    ahead, behind = np.array(values[::2]), np.array(values[1::2])
    return (ahead - behind) / (2 * np.array([step for _, step in steps]))


def _units(shape: tuple[int, ...]) -> Iterator[Any]:
    """Yield the unit arrays of a shape, one for each entry."""
    for index in np.ndindex(shape):
        unit = np.zeros(shape)
        unit[index] = 1.0
        yield unit


def _located(output: str, index: Sequence[int], expected: Any, got: Any) -> dict[str, Any]:
    return {"output": output, "index": list(index), "expected": float(expected), "got": float(got)}
