"""Sums of which one part is left: a weight's gradient that is made of the first step's, or the last example's, input alone.

Of dW = Σ xₜᵀ dₜ each column is a combination of all xₜ. Where one part alone is left its columns are combinations of the rows of
that one: with fewer rows than columns nothing else is likely to be so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Answers, replay
from grader.judging.cases import Bench
from grader.judging.declare import Blocks, Exercise
from grader.judging.recognise.evidence import WITNESSES, Seen, seen_of
from grader.judging.recognise.fresh import ENOUGH, ordinary
from grader.judging.recognise.recognised import Recognised

__all__ = ["made_of_one_part"]

Array = NDArray[np.float64]
INSIDE, OUTSIDE = 1e-8, 1e-4
"""What may be left of a combination's columns beside them, and what is left at least of others."""


class Part(NamedTuple):
    """One part of an input: its rows at one index of an axis, or all of it (no axis)."""

    input: str
    axis: int | None
    at: int
    of_columns: bool
    """if the columns of the output are combinations, and not its rows"""


def made_of_one_part(
    exercise: Exercise, output: int, seen: Sequence[Seen], answers: Answers, bench: Bench, documented: bool
) -> Recognised | None:
    """Recognise a matrix whose columns, or rows, are combinations of one part of an input alone, where the right ones' are not.

    Args:
        exercise: what was asked; without names of axes nothing is told.
        output: the output that is wrong.
        seen: its answers.
        answers: asked at fresh cases.
        bench: makes them; without the model answers there are none.
        documented: use the cache that the stub documents.

    """
    if exercise.outputs[output] not in exercise.places or any(
        s.right.ndim != 2 or s.got.shape != s.right.shape for s in seen
    ):
        return None
    found = [part for part in _parts(exercise, seen) if _made(part, seen, WITNESSES)]
    if found and bench.knows_answers:
        fresh = list(seen_of(output, replay(answers, list(ordinary(exercise, bench)), documented)))
        found = [part for part in found if _made(part, fresh, ENOUGH)]
    return _told(exercise, found[0]) if found else None


def _told(exercise: Exercise, part: Part) -> Recognised:
    what = "columns" if part.of_columns else "rows"
    if part.axis is None:
        return Recognised("made_of_one_input", "along", "evidence", {"input": part.input, "what": what})
    named = exercise.places[f"d{part.input}"][part.axis]
    axis = named.name if isinstance(named, Blocks) else named
    end = "first" if part.at == 0 else "last"
    values = {"input": part.input, "axis": axis, "end": end, "what": what}
    return Recognised("made_of_one_part", "along", "evidence", values)


def _parts(exercise: Exercise, seen: Sequence[Seen]) -> Iterator[Part]:
    """Yield the parts of the inputs of which a matrix may be made: with a name for the axis along which a part is one of many."""
    for name, x in seen[0].case.inputs.items() if seen else ():
        if not isinstance(x, np.ndarray) or x.dtype != np.float64 or x.ndim < 2:
            continue
        for of_columns in (True, False):
            named = len(exercise.places.get(f"d{name}", ())) == x.ndim
            for axis in range(x.ndim - 1) if named else ():
                yield from (Part(name, axis, index, of_columns) for index in (0, -1))
            if x.ndim == 2:
                yield Part(name, None, 0, of_columns)


def _made(part: Part, seen: Sequence[Seen], least: int) -> bool:
    """Return True if a part holds all of every answer that can tell, and of enough of these not what is right."""
    telling = 0
    for s in seen:
        x = s.case.inputs[part.input]
        if (
            s.ok
            or not np.isfinite(s.got).all()
            or not s.got.any()
            or (part.axis is not None and x.shape[part.axis] < 2)
        ):
            continue
        rows = x if part.axis is None else np.take(x, part.at, axis=part.axis).reshape(-1, x.shape[-1])
        got, right = (m if part.of_columns else m.T for m in (s.got, s.right))
        if rows.shape[-1] != got.shape[0] or (left := _left(rows, right)) is None:
            return False
        if left < OUTSIDE:
            continue  # the right one is made of it too
        mine = _left(rows, got)
        if mine is None or mine > INSIDE:
            return False
        telling += 1
    return telling >= least


def _left(rows: Array, matrix: Array) -> float | None:
    """Return what is left of a matrix's columns, beside their size, when all that rows can make is taken away."""
    size = float(np.abs(matrix).max(initial=0.0))
    if not np.isfinite(rows).all() or size == 0:
        return None
    _, values, basis = np.linalg.svd(rows, full_matrices=False)
    basis = basis[values > INSIDE * values.max(initial=0.0)]
    return float(np.abs(matrix - basis.T @ (basis @ matrix)).max(initial=0.0)) / size
