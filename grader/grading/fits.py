"""The search for the student whose variant a wrong answer fits: it is told to those who grade, and to nobody else."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.bank import Whose, catalogue
from grader.grading.settings import Settings
from grader.judging import Answers, Bench, Exercise, Judge, Recipe, VariantBench, replay
from grader.result import FITS_NOBODY

__all__ = ["fitting"]

MOST_SECONDS = 1.0
"""The time that is spent on one wrong answer."""
MOST_NAMED = 3
FIRST = Recipe("randn", (3,), 0)


@np.errstate(all="ignore")  # a student's numbers may be too large for ours
def fitting(exercise: Exercise, student: str, answers: Answers, shared: Bench, settings: Settings) -> str:
    """Say whose variant a wrong answer is right for; nothing if it is nobody's, or if time runs out before one is found.

    Args:
        exercise: the student's own variant, to which the answer is wrong.
        student: whose it is.
        answers: of the submission's functions.
        shared: the bench of the exercises as they are declared.
        settings: with the salt and the roster.

    """
    personal = exercise.personal
    if personal is None or not personal.parameters:
        return ""  # only the stub differs: the right answer is everybody's
    until = time.monotonic() + MOST_SECONDS
    declared = catalogue(settings.banks).exercise(exercise.name)
    own = _of(exercise.values, exercise)
    found: list[str] = []
    if _fits(declared, answers, shared):
        return FITS_NOBODY
    for values, students in _variants(declared, settings).items():
        if time.monotonic() > until:
            break
        if values != own and _fits(declared.with_values(dict(values)), answers, shared):
            found += [other for other in students if other != student]
    return f"fits the variant of {_named(found)}" if found else ""


Drawn = tuple[tuple[str, Any], ...]


def _of(values: Mapping[str, Any], exercise: Exercise) -> Drawn:
    """Return the values that a right answer depends on."""
    names = exercise.personal.parameters if exercise.personal is not None else ()
    return tuple((name, values[name]) for name in names)


def _variants(declared: Exercise, settings: Settings) -> dict[Drawn, list[str]]:
    """Return the variants of the roster, each with whose it is."""
    found: dict[Drawn, list[str]] = {}
    for student in settings.roster:
        values = Whose(student, settings.variants).values_of(declared)
        found.setdefault(_of(values, declared), []).append(student)
    return found


def _fits(variant: Exercise, answers: Answers, shared: Bench) -> bool:
    """Return True if an answer is right for a variant: at one case, and if so by all of the judge's checks."""
    bench = VariantBench(shared, [variant])
    recipe = FIRST if variant.inputs else Recipe("randn", (1,), 0)
    case = bench.make(variant, recipe)
    if case is None or not all(t.failure is None and all(m.ok for m in t.matches) for t in replay(answers, [case])):
        return False
    return all(verdict.status == "passed" for verdict in Judge(answers, bench).verdicts(variant))


def _named(students: Sequence[str]) -> str:
    more = len(students) - MOST_NAMED
    names = ", ".join(students[:MOST_NAMED])
    if len(students) == 1:
        return names
    return f"{len(students)} students: {names}" + (f" and {more} more" if more > 0 else "")
