"""Faults in the places and invariants of an exercise that only its model answer, when it runs, brings out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from grader.judging import Axes, Bench, Blocks, Case, Exercise, Invariant, measured

__all__ = ["misplaced_names"]

TELLING = 3
"""The fewest cases of the battery in which another answer breaks an invariant."""


def misplaced_names(exercise: Exercise, bench: Bench) -> Iterator[str]:
    """Yield what is wrong with the places and invariants of an exercise, beside its model answer."""
    cases = bench.cases(exercise) if exercise.places or exercise.invariants else ()
    for output, axes in exercise.places.items():
        number = exercise.outputs.index(output)
        if said := next(filter(None, (_of_axes(output, axes, _right(case, number)) for case in cases)), ""):
            yield said
    for invariant in exercise.invariants:
        if said := _of_invariant(invariant, cases):
            yield f"the invariant {invariant.name} {said}"


def _right(case: Case, output: int) -> object:
    assert case.expected is not None
    return case.expected[output].value


def _of_axes(output: str, axes: Axes, right: object) -> str:
    """Say why names do not fit the axes of a right answer; else return an empty text."""
    shape = np.shape(right) if isinstance(right, np.ndarray) else ()
    if len(shape) != len(axes):
        return (
            f"places names {len(axes)} axes of {output}, which has {len(shape)}: its shape is {shape}; name each axis"
        )
    for axis, length in zip(axes, shape, strict=True):
        if isinstance(axis, Blocks) and length % len(axis.names):
            return (
                f"places divides an axis of {output} into {len(axis.names)} blocks {axis.name}, and its length is {length};"
                " name as many blocks as it has"
            )
    return ""


def _of_invariant(invariant: Invariant, cases: Sequence[Case]) -> str:
    """Say why an invariant does not hold of the model answer, or of every other answer too; else return an empty text."""
    telling = 0
    for case in cases:
        try:
            found = measured(invariant, case)
        except Exception as error:  # the bank's own function may raise anything
            return f"raises {type(error).__name__}: {error} for the model answer {_at(case)}; mend its residual"
        if found is None:
            return f"is not finite for the model answer {_at(case)}; mend its residual"
        if not found.held:
            return f"does not hold of the model answer: its residual is {found.right:.3g} {_at(case)}; mend it, or return 0 there"
        telling += found.tells
    if telling < min(TELLING, len(cases)):
        return "cannot fail: its residual is 0 for random outputs too; measure what a wrong answer breaks"
    return ""


def _at(case: Case) -> str:
    shapes = ", ".join(f"{name} {x.shape}" for name, x in case.inputs.items() if isinstance(x, np.ndarray))
    return f"in the regime {case.regime}, at {shapes}" if shapes else f"in the regime {case.regime}"
