"""An entry-by-entry function asked at a grid of numbers: in which range it is wrong is known the better."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader.judging.asking import Answers, replay
from grader.judging.cases import Bench
from grader.judging.declare import Exercise, Recipe
from grader.judging.recognise.evidence import Seen, seen_of

__all__ = ["on_a_grid"]

FAR = (104.0, 720.0)
NUMBERS = tuple(sign * x for x in (*(0.137 + 0.613 * k for k in range(56)), *FAR) for sign in (1.0, -1.0))
GRID = Recipe("randn", (len(NUMBERS),), 1, tuple((0, k, number) for k, number in enumerate(NUMBERS)))
"""One row of numbers from -34 to 34 and a few beyond."""


def on_a_grid(exercise: Exercise, output: int, answers: Answers, bench: Bench, documented: bool) -> Iterator[Seen]:
    """Yield the answer at the grid, if the inputs of the exercise are of one shape, which may be any.

    Args:
        exercise: what was asked.
        output: the number of the output.
        answers: asked at the grid.
        bench: has the right answer there; without it nothing is asked.
        documented: use the cache that the stub documents.

    """
    case = bench.make(exercise, GRID) if bench.knows_answers else None
    arrays = [x for x in case.inputs.values() if isinstance(x, np.ndarray)] if case is not None else []
    if case is not None and arrays and all(x.shape == GRID.sizes for x in arrays):
        yield from seen_of(output, replay(answers, [case], documented))
