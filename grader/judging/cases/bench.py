"""The judge's workbench: the exercises of one run with their cases, made when first needed and then kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from grader.errors import BankError
from grader.judging.cases.battery import (
    BATTERY,
    EXAMPLE_FAR_OUT,
    EXAMPLE_OF_DEFAULTS,
    EXAMPLE_RECIPES,
    EXAMPLES_BY_REGIME,
)
from grader.judging.cases.case import Case, make_case
from grader.judging.cases.drawing import corpus
from grader.judging.cases.expected import carry_out
from grader.judging.declare import OMITTED, Exercise, Plan, Recipe, is_unsaid, realise

__all__ = ["Bench"]

KEPT = 20_000
"""The most entries of a memory, which is emptied when full: searches for a class of 1,000 must not fill this process."""
T = TypeVar("T")


class Bench:
    """Cases with right answers, for the trusted side.

    Args:
        exercises: all exercises that may be judged, with their paired forward passes.
        seed: the seed of the drawn cases, with the course's salt already mixed in.
        drawn: the number of cases that Hypothesis draws beyond the battery.

    """

    DRAWN = 30
    """The number of drawn cases where the course does not say otherwise: of ten thousand known wrong answers all but a handful are
    caught by the battery alone, and none needs more draws than this (docs/decisions/0061-thirty-drawn-cases.md)."""
    knows_answers = True
    """True if the bench has the model answers, and so can make further cases."""

    def __init__(self, exercises: Iterable[Exercise], seed: int = 0, drawn: int = DRAWN) -> None:
        self._exercises = {exercise.name: exercise for exercise in exercises}
        self.seed, self.drawn = seed, drawn
        self._cases: dict[str, tuple[Case, ...]] = {}
        self._made: dict[tuple[str, Recipe], Case | None] = {}
        self._questions: dict[tuple[str, Hashable], Case | None] = {}
        self._wrong: dict[tuple[str, Hashable, Recipe], tuple[Any, ...] | None] = {}

    def of(self, exercise: Exercise) -> Bench:  # noqa: ARG002 - a bench of variants has others beside it
        """Return the bench on which an exercise's cases and answers are kept."""
        return self

    def exercise(self, name: str) -> Exercise | None:
        """Return the exercise of this full name; None if it is not on the bench."""
        return self._exercises.get(name)

    def cases(self, exercise: Exercise) -> tuple[Case, ...]:
        """Return the battery and the drawn cases of an exercise, none twice, those without a finite right answer left out.

        Raises:
            BankError: no case is left, or nobody has said yet what an input is drawn from.

        """
        if exercise.name not in self._cases:
            recipes = self._recipes(exercise) if exercise.inputs else [Recipe("randn", (1,), 0)]
            made = (self.make(exercise, recipe) for recipe in recipes)
            cases = tuple(dict.fromkeys(case for case in made if case is not None))
            if not cases:
                unsaid = next((spec for spec in exercise.inputs.values() if is_unsaid(spec)), None)
                raise BankError(f"{exercise.name}: {unsaid or 'the model answer is finite on no case'}")
            self._cases[exercise.name] = cases
        return self._cases[exercise.name]

    def _recipes(self, exercise: Exercise) -> list[Recipe]:
        """Return the recipes of an exercise's cases: those of the battery, and those that were drawn."""
        battery = [recipe for regime in exercise.regimes for recipe in BATTERY[regime]]
        drawn = corpus(self.seed, self.drawn)
        return [*battery, *(r for r in drawn if r.style in exercise.regimes or r.style == "integers")]

    def make(self, exercise: Exercise, recipe: Recipe) -> Case | None:
        """Make the case of one recipe, or return that made before for the same question; None as for :func:`make_case`.

        A number may be drawn twice: it is asked once, since the same question again would tell nothing new.
        """

        def make() -> Case | None:
            if any(map(is_unsaid, exercise.inputs.values())):
                return None
            inputs = realise(exercise.inputs, recipe)
            question = (exercise.name, _question(inputs, recipe))
            return _keep(self._questions, question, lambda: make_case(exercise, recipe, inputs))

        return _keep(self._made, (exercise.name, recipe), make)

    def examples(self, exercise: Exercise) -> tuple[Case, ...]:
        """Return the worked examples that students are given: ordinary ones, and one of each regime that is promised."""
        if not exercise.inputs:
            return self.cases(exercise)
        if any(map(is_unsaid, exercise.inputs.values())):
            return ()
        recipes = [*EXAMPLE_RECIPES, *(r for regime, r in EXAMPLES_BY_REGIME.items() if regime in exercise.regimes)]
        if "large" in exercise.regimes and any(map(_is_far_out, realise(exercise.inputs, EXAMPLE_FAR_OUT).values())):
            recipes.append(EXAMPLE_FAR_OUT)
        if any(isinstance(x, str) and x == OMITTED for x in realise(exercise.inputs, EXAMPLE_OF_DEFAULTS).values()):
            recipes.append(EXAMPLE_OF_DEFAULTS)
        made = (self.make(exercise, recipe) for recipe in recipes)
        return tuple(dict.fromkeys(case for case in made if case is not None))

    def slopes(self, exercise: Exercise) -> list[Mapping[str, Any]]:
        """Return the ordinary inputs, by name, at which a gradient is held against a numerical slope."""
        chosen = [*BATTERY["randn"], *BATTERY["odd"][:2], BATTERY["small"][0]]
        return [realise(exercise.inputs, recipe) for recipe in chosen]

    def wrong_answer(
        self, exercise: Exercise, key: Hashable, answer: Callable[..., Any], case: Case
    ) -> tuple[Any, ...] | None:
        """Return the outputs of a wrong answer of ours (or a variant) at a case; None where it breaks there.

        Args:
            exercise: the exercise that is answered.
            key: the key of the outputs in the memory, within this exercise.
            answer: a declared mistake, a variant or a mutant.
            case: the case with the inputs.

        """
        return _keep(
            self._wrong, (exercise.name, key, case.recipe), lambda: _try(exercise, case.plan(documented=False), answer)
        )

    def elsewhere(
        self, exercise: Exercise, key: Hashable, inputs: Mapping[str, Any], case: Case
    ) -> tuple[Any, ...] | None:
        """Return the outputs of the model answer at other inputs than a case's own; None where it breaks there.

        Args:
            exercise: the exercise that is answered.
            key: the key of the outputs in the memory: what was done to the inputs of the case.
            inputs: by name.
            case: the case that they were made from.

        """
        at = (exercise.name, ("elsewhere", key), case.recipe)
        return _keep(self._wrong, at, lambda: _try(exercise, exercise.plan(inputs), None))


def _is_far_out(value: Any) -> bool:
    """Return True if an input is an array that got the entries of the recipe's edits."""
    furthest = max(abs(edit) for _, _, edit in EXAMPLE_FAR_OUT.edits)
    return isinstance(value, np.ndarray) and bool(np.any(np.abs(value) >= furthest))


def _question(inputs: Mapping[str, Any], recipe: Recipe) -> Hashable:
    """Return a key, equal for the same inputs where these are numbers and words alone."""
    values = inputs.values()
    # Written out: -0.0 is another question than 0.0, and 1 another than 1.0.
    return tuple(map(repr, values)) if all(isinstance(x, (int, float, str)) for x in values) else recipe


def _keep(memory: dict[Any, T], key: Hashable, make: Callable[[], T]) -> T:
    """Return an entry of a memory; make and keep it first if it is not there."""
    if key not in memory:
        if len(memory) > KEPT:
            memory.clear()
        memory[key] = make()
    return memory[key]


def _try(exercise: Exercise, plan: Plan, answer: Callable[..., Any] | None) -> tuple[Any, ...] | None:
    """Carry out a plan with an answer of ours; return its outputs, or None if it raises, as it may at an unforeseen shape."""
    try:
        return carry_out(exercise, plan, answer)
    except Exception:  # a mistake or a mutant may raise anything
        return None
