"""The judge's workbench: the exercises of one run with their cases, made when first needed and then kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from grader.errors import BankError
from grader.judging.cases.case import BATTERY, Case, corpus, make_case, run_locally
from grader.judging.declare.exercise import Exercise
from grader.judging.declare.inputs import Recipe, realise

__all__ = ["EXAMPLE_RECIPES", "Bench", "PublicBench"]

EXAMPLE_RECIPES = (
    Recipe("integers", (2, 3, 4, 5, 6), 11),
    Recipe("randn", (3, 4, 2, 5, 6), 12),
    Recipe("randn", (1, 2, 3, 4, 5), 13),
)
"""The worked examples that students are given."""


class Bench:
    """Cases with right answers, for the trusted side.

    Args:
        exercises: all that may be judged, with the forward passes that they pair with.
        seed: of the drawn cases; with the course's salt already mixed in.
        drawn: how many cases Hypothesis draws beyond the battery.

    """

    knows_answers = True

    def __init__(self, exercises: Iterable[Exercise], seed: int = 0, drawn: int = 50) -> None:
        self._exercises = {exercise.name: exercise for exercise in exercises}
        self.seed, self.drawn = seed, drawn
        self._cases: dict[str, tuple[Case, ...]] = {}
        self._made: dict[tuple[str, Recipe], Case | None] = {}
        self._mistakes: dict[tuple[str, str, Recipe], Any] = {}

    def exercise(self, name: str) -> Exercise | None:
        """The exercise of this full name, if it is on the bench."""
        return self._exercises.get(name)

    def cases(self, exercise: Exercise) -> tuple[Case, ...]:
        """The battery and the drawn cases of an exercise, those without a finite right answer left out.

        Raises:
            BankError: none is left.

        """
        if exercise.name not in self._cases:
            battery = [recipe for regime in exercise.regimes for recipe in BATTERY[regime]]
            drawn = [r for r in corpus(self.seed, self.drawn) if r.style in exercise.regimes or r.style == "integers"]
            if not exercise.inputs:
                battery, drawn = [Recipe("randn", (1,), 0)], []
            made = [self.make(exercise, recipe) for recipe in (*battery, *drawn)]
            cases = tuple(case for case in made if case is not None)
            if not cases:
                raise BankError(f"{exercise.name}: the model answer is finite on no case")
            self._cases[exercise.name] = cases
        return self._cases[exercise.name]

    def make(self, exercise: Exercise, recipe: Recipe) -> Case | None:
        """The case of one recipe, kept for the next submission."""
        key = (exercise.name, recipe)
        if key not in self._made:
            if len(self._made) > 20_000:  # live searches of a class of 1,000 must not fill the memory
                self._made.clear()
            self._made[key] = make_case(exercise, recipe)
        return self._made[key]

    def examples(self, exercise: Exercise) -> tuple[Case, ...]:
        """The worked examples that students are given, for an exercise that has an example check."""
        recipes = [r for r in EXAMPLE_RECIPES if not (exercise.kinks and r.style == "integers")]
        made = (self.make(exercise, recipe) for recipe in recipes)
        return tuple(case for case in made if case is not None)

    def slopes(self, exercise: Exercise) -> list[Mapping[str, Any]]:
        """Smooth inputs at which a gradient is held against a slope."""
        chosen = [*BATTERY["randn"], *BATTERY["odd"][:2], BATTERY["small"][0]]
        return [realise(exercise.inputs, recipe) for recipe in chosen]

    def mistaken(self, exercise: Exercise, name: str, case: Case) -> tuple[Any, ...] | None:
        """What a declared mistake, or a variant, answers at a case; None where it breaks there."""
        key = (exercise.name, name, case.recipe)
        if key not in self._mistakes:
            if len(self._mistakes) > 20_000:
                self._mistakes.clear()
            wrong = self._wrong(exercise, name)
            try:
                self._mistakes[key] = run_locally(exercise, case.inputs, wrong)
            except Exception:  # a wrong answer may fail in any way at a shape that it was not written for
                self._mistakes[key] = None
        return self._mistakes[key]  # type: ignore[no-any-return]

    @staticmethod
    def _wrong(exercise: Exercise, name: str) -> Callable[..., Any]:
        answers = {m.name: m.answer for m in exercise.mistakes}
        return (answers | {v.answer.__name__: v.answer for v in exercise.variants})[name]


class PublicBench(Bench):
    """The workbench on a student's machine: worked examples from a file, and no other right answers."""

    knows_answers = False

    def __init__(self, exercises: Iterable[Exercise], examples: Mapping[str, tuple[Case, ...]]) -> None:
        super().__init__(exercises, drawn=0)
        self._given = examples

    def cases(self, exercise: Exercise) -> tuple[Case, ...]:
        """The worked examples: there is nothing else to hold an answer against."""
        return self.examples(exercise)

    def make(self, exercise: Exercise, recipe: Recipe) -> Case | None:  # noqa: ARG002 - the signature is the base's
        """No further case can be made without the model answer."""
        return None

    def examples(self, exercise: Exercise) -> tuple[Case, ...]:
        """The worked examples as they were shipped."""
        return self._given.get(exercise.name, ())

    def mistaken(self, exercise: Exercise, name: str, case: Case) -> tuple[Any, ...] | None:
        """What a declared mistake answers at a worked example, with the cache that was shipped."""
        if exercise.pair is None or case.documented is None:
            return super().mistaken(exercise, name, case)
        wrong = self._wrong(exercise, name)
        try:
            return run_locally(exercise, case.inputs, wrong, case.documented)
        except Exception:  # as in the base class
            return None
