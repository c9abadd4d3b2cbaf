"""The workbench on a student's machine: worked examples, prints of wrong answers, and no other right answers."""

# ruff: noqa: ARG002 - the signatures are those of the base

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from grader.judging.cases import Bench, Case
from grader.judging.declare import Exercise, Recipe
from grader.judging.public.restored import Public

__all__ = ["PublicBench"]

ORDINARY = ("randn", "odd", "small")
"""The regimes of the examples at which a gradient is held against a numerical slope."""


class PublicBench(Bench):
    """The exercises of one unit with the cases that their public data hold."""

    knows_answers = False

    def __init__(self, exercises: Iterable[Public]) -> None:
        self._public = {public.exercise.name: public for public in exercises}
        super().__init__((public.exercise for public in self._public.values()), drawn=0)

    def cases(self, exercise: Exercise) -> tuple[Case, ...]:
        """Return the worked examples: there is nothing else to hold an answer against."""
        return self._public[exercise.name].cases

    def examples(self, exercise: Exercise) -> tuple[Case, ...]:
        """Return the worked examples, as :meth:`cases`."""
        return self.cases(exercise)

    def make(self, exercise: Exercise, recipe: Recipe) -> Case | None:
        """Return None: no further case can be made without the model answer."""
        return None

    def slopes(self, exercise: Exercise) -> list[Mapping[str, Any]]:
        """Return the inputs of the ordinary examples."""
        return [case.inputs for case in self.cases(exercise) if case.regime in ORDINARY]

    def wrong_answer(
        self,
        exercise: Exercise,
        key: Hashable,
        answer: Callable[..., Any],
        case: Case,
    ) -> tuple[Any, ...] | None:
        """Return the prints of a wrong answer at a worked example; None where it breaks there."""
        rows = self._public[exercise.name].prints.get(str(key))
        return None if rows is None else rows[case.recipe.seed]

    def elsewhere(
        self,
        exercise: Exercise,
        key: Hashable,
        inputs: Mapping[str, Any],
        case: Case,
    ) -> tuple[Any, ...] | None:
        """Return None: the model answer is not here."""
        return None
