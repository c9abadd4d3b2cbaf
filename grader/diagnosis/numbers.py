"""The simplest numbers at which a formula is wrong: 0 before 1, 1 before 2, within the range that the exercise draws from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np

from grader.judging import Answers, Bench, Case, Exercise, Failure, Recipe, Trial, ask, make_case

__all__ = ["at_simple_numbers"]

SIMPLE = (
    0.0,
    1.0,
    2.0,
    -1.0,
    3.0,
    -2.0,
    0.5,
    4.0,
    -3.0,
    5.0,
    -4.0,
    10.0,
    -0.5,
    -5.0,
    6.0,
    8.0,
    20.0,
    -10.0,
    100.0,
    -100.0,
)
"""Numbers that can be put in by hand, the simplest first."""
MOST = 80
"""The most points that are tried."""


def at_simple_numbers(exercise: Exercise, output: int, answers: Answers, bench: Bench) -> Trial | None:
    """Return the trial at the simplest numbers where a formula gives a finite value that is wrong; None if there are none.

    Args:
        exercise: a formula in numbers; of one in arrays nothing is tried.
        output: the number of the output.
        answers: asked for the formula, which is evaluated at each point.
        bench: has the cases, which tell how far the inputs are drawn.

    """
    if exercise.form != "formula":
        return None
    cases = [case for point in _points(bench.cases(exercise)) if (case := _case(exercise, point)) is not None]
    for case, outcome in zip(cases, ask(answers, [case.plan(documented=False) for case in cases]), strict=False):
        if isinstance(outcome, Failure):
            continue
        trial = Trial(case, outcome)
        if not trial.matches[output].ok and np.all(np.isfinite(np.asarray(outcome[output], dtype=np.float64))):
            return trial
    return None


def _case(exercise: Exercise, point: Mapping[str, float]) -> Case | None:
    """Make the case of a point; its numbers lie where formulas have kinks, as drawn ones do not."""
    return make_case(exercise, Recipe("integers", (1,), 0), point)


def _points(cases: Sequence[Case]) -> Iterator[Mapping[str, float]]:
    """Yield points within the range of the numbers that were drawn, the simplest first; none if there are other inputs."""
    names = list(cases[0].inputs)
    if not all(type(x) is float for case in cases for x in case.inputs.values()):
        return
    ranges = [[float(case.inputs[name]) for case in cases] for name in names]
    simple = [[x for x in SIMPLE if min(drawn) <= x <= max(drawn)] for drawn in ranges]
    grid = product(*(enumerate(numbers) for numbers in simple))
    ordered = sorted(grid, key=lambda point: (sum(place for place, _ in point), max(place for place, _ in point)))
    for point in ordered[:MOST]:
        yield dict(zip(names, (x for _, x in point), strict=True))
