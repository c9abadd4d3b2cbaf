"""The validation of one exercise: all parts, one after the other."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from grader.errors import GradmarkError
from grader.judging import Exercise
from grader.validated import Hole, Validated
from grader.validation.ground import Begin, Ground, begun
from grader.validation.liars import liars_of
from grader.validation.mistakes import mistakes_of
from grader.validation.promises import unkept_promises
from grader.validation.rejections import idle_and_redundant
from grader.validation.right import holes_in_what_is_right
from grader.validation.survivors import mutants_of
from grader.validation.variants import holes_in_variants

__all__ = ["examine", "unfinished"]

TIMES, LEAST = 10, 2.0
"""A mutant may take so many times as long as the model answer, and so many seconds at least."""


def examine(
    exercise: Exercise,
    ground: Ground,
    listed: Mapping[str, str] | None = None,
    begin: Begin = begun,
) -> Validated:
    """Validate an exercise.

    Args:
        exercise: what is validated.
        ground: its unit.
        listed: mutants that are equivalent, with the reason.
        begin: told the name of each answer before it is tried; false for a mutant that is known not to end.

    """
    started = time.process_time()
    try:
        found = _examined(exercise, ground, listed or {}, begin)
    except (GradmarkError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        found = unfinished(exercise, f"it cannot be validated: {type(error).__name__}: {error}")
    return replace(found, seconds=time.process_time() - started)


def unfinished(exercise: Exercise, why: str) -> Validated:
    """Return the findings on an exercise whose validation did not come to its end."""
    hole = Hole("broken", exercise.name, why, "mend the declaration or the model answer")
    return Validated(exercise.name, exercise.form, exercise.points, len(exercise.checks), holes=(hole,))


def _examined(exercise: Exercise, ground: Ground, listed: Mapping[str, str], begin: Begin) -> Validated:
    before = time.process_time()
    holes = list(holes_in_what_is_right(exercise, ground))
    seconds = (time.process_time() - before) / len(ground.benches)
    mistakes = mistakes_of(exercise, ground, begin)
    lies, judged = liars_of(exercise, ground, begin)
    mutants = mutants_of(exercise, ground, listed, max(LEAST, TIMES * seconds), begin)
    idle, redundant = idle_and_redundant(exercise, [*mistakes.verdicts, *mutants.verdicts, *judged])
    holes += [*mistakes.holes, *mutants.holes, *lies, *idle, *unkept_promises(exercise, ground)]
    holes += holes_in_variants(exercise, ground)
    return Validated(
        exercise.name,
        exercise.form,
        exercise.points,
        len(exercise.checks),
        mistakes=len(exercise.mistakes),
        named=mistakes.named,
        hinted=mistakes.hinted,
        hidden=mistakes.hidden,
        mutants=mutants.made,
        caught=mutants.caught,
        equivalent=mutants.equivalent,
        holes=tuple(holes),
        redundant=redundant,
        remarks=tuple(mistakes.remarks),
    )
