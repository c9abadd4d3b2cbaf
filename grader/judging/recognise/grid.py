"""An entry-by-entry function asked at a grid of numbers: in which range it is wrong is known the better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from grader.judging.asking import Answers, replay
from grader.judging.cases import Bench
from grader.judging.declare import Exercise, Recipe, realise
from grader.judging.recognise.evidence import Seen, close, reals, seen_of

__all__ = ["on_a_grid"]

FAR = (104.0, 720.0)
NUMBERS = tuple(sign * x for x in (*(0.137 + 0.613 * k for k in range(56)), *FAR) for sign in (1.0, -1.0))
GRID = Recipe("randn", (len(NUMBERS),) * 5, 1, tuple((0, k, number) for k, number in enumerate(NUMBERS)))
"""One row of numbers from -34 to 34 and a few beyond."""
SHORT = 2


def on_a_grid(
    exercise: Exercise, output: int, seen: Sequence[Seen], answers: Answers, bench: Bench, documented: bool
) -> Iterator[Seen]:
    """Yield the answer at the grid, if the inputs of the exercise are of one shape, which may be any.

    Args:
        exercise: what was asked.
        output: the number of the output.
        seen: answers that came in other cases.
        answers: asked at the grid.
        bench: has the right answer there; without it nothing is asked.
        documented: use the cache that the stub documents.

    """
    if not (bench.knows_answers and _in_one_row(exercise) and _entry_by_entry(exercise, output, seen, bench)):
        return
    case = bench.make(exercise, GRID)
    if case is not None:
        yield from seen_of(output, replay(answers, [case], documented))


def _in_one_row(exercise: Exercise) -> bool:
    """Return whether all arrays are one row at the grid, seen at a short one: where they have more dimensions it is vast."""
    inputs = realise(exercise.inputs, replace(GRID, sizes=(SHORT,) * len(GRID.sizes), edits=()))
    arrays = [x for x in inputs.values() if isinstance(x, np.ndarray)]
    return bool(arrays) and all(x.shape == (SHORT,) for x in arrays)


def _entry_by_entry(exercise: Exercise, output: int, seen: Sequence[Seen], bench: Bench) -> bool:
    """Return whether a right answer turns around with its inputs, in one case: a sum over neighbours does not, nor a Jacobian.

    One case is enough to leave a function out that is none, and that costs a hundredfold at a grid of so many numbers.
    """
    for s in sorted(seen, key=lambda s: -s.right.size):  # of two entries each may have the other for its neighbour
        arrays = [x for x in s.case.inputs.values() if isinstance(x, np.ndarray)]
        if s.right.size > 1 and arrays and all(x.shape == s.right.shape for x in arrays):
            turned = {name: np.flip(x) if isinstance(x, np.ndarray) else x for name, x in s.case.inputs.items()}
            found = bench.elsewhere(exercise, "turned around", turned, s.case)
            answer = None if found is None else reals(found[output])
            return answer is not None and close(answer, np.flip(s.right), np.flip(s.slack))
    return False
