"""The workbench of one student: their personal variants on a bench of their own, all else on the one that everybody shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from grader.judging.cases.bench import Bench
from grader.judging.cases.case import Case
from grader.judging.declare import LEFT_OUT, Exercise, Recipe

__all__ = ["VariantBench"]

FEW = 2
"""So many cases of each style are made for one student alone."""


class VariantBench(Bench):
    """Cases with right answers for a unit of which some exercises are a student's own variants.

    Args:
        shared: the bench of the exercises as they are declared.
        exercises: those of the student.

    """

    def __init__(self, shared: Bench, exercises: Iterable[Exercise]) -> None:
        super().__init__(exercises, shared.seed, shared.drawn)
        self._shared = shared

    def of(self, exercise: Exercise) -> Bench:
        """Return the bench on which an exercise's cases and answers are kept."""
        return self if exercise.is_of_one_student else self._shared

    def cases(self, exercise: Exercise) -> tuple[Case, ...]:
        """Return the cases of an exercise, as :meth:`Bench.cases`."""
        return super().cases(exercise) if exercise.is_of_one_student else self._shared.cases(exercise)

    def _recipes(self, exercise: Exercise) -> list[Recipe]:
        """Return fewer than everybody's: of each style the first ones, and the one in which defaults are asked for."""
        all_of_them = super()._recipes(exercise)
        taken = Counter[str]()
        found = []
        for recipe in all_of_them:
            taken[recipe.style] += 1
            if taken[recipe.style] <= FEW or recipe.seed == LEFT_OUT:
                found.append(recipe)
        return found

    def make(self, exercise: Exercise, recipe: Recipe) -> Case | None:
        """Make the case of one recipe, as :meth:`Bench.make`."""
        return super().make(exercise, recipe) if exercise.is_of_one_student else self._shared.make(exercise, recipe)

    def wrong_answer(
        self, exercise: Exercise, key: Hashable, answer: Callable[..., Any], case: Case
    ) -> tuple[Any, ...] | None:
        """Return the outputs of a wrong answer of ours at a case, as :meth:`Bench.wrong_answer`."""
        if exercise.is_of_one_student:
            return super().wrong_answer(exercise, key, answer, case)
        return self._shared.wrong_answer(exercise, key, answer, case)

    def elsewhere(
        self, exercise: Exercise, key: Hashable, inputs: Mapping[str, Any], case: Case
    ) -> tuple[Any, ...] | None:
        """Return the outputs of the model answer at other inputs than a case's own, as :meth:`Bench.elsewhere`."""
        if exercise.is_of_one_student:
            return super().elsewhere(exercise, key, inputs, case)
        return self._shared.elsewhere(exercise, key, inputs, case)
