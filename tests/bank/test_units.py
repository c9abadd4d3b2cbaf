"""The exam that every unit passes: answers pass, stubs are not attempted, mistakes are caught and named.

What a unit asks besides, and the witnesses of its gradients, stand in ``test_<unit>.py``.
"""

from __future__ import annotations

import exam
import pytest
from sampled import one_in

from grader.bank import catalogue
from grader.judging import Exercise

LEAST = {"graphs": 10, "linear_models": 45}
"""The cases that every exercise of a unit has at the least; 12 in the others."""
LEAST_NUMBERS = 3
"""Of an exercise about a number or two: none is asked twice."""


@exam.exercises()
def test_the_model_answer_passes(exercise: Exercise) -> None:
    exam.assert_model_passes(exercise)


@pytest.mark.parametrize("unit", catalogue().units)
def test_the_stubs_are_not_attempted(unit: str) -> None:
    for exercise in catalogue().unit(unit).exercises:
        exam.assert_stub_is_not_attempted(exercise)


@exam.exercises()
def test_a_mistake_is_caught_and_named(exercise: Exercise) -> None:
    """Every one is caught, and every sixth one named here: all are by ``gradmark validate``."""
    some = one_in(6, exercise.mistakes)
    for mistake in exercise.mistakes:
        exam.assert_mistake_is_caught(exercise, mistake, named=mistake in some)


def test_every_exercise_declares_three_mistakes() -> None:
    exercises = [e for unit in catalogue().units.values() for e in unit.exercises]
    assert [e.name for e in exercises if len({m.name for m in e.mistakes}) < 3] == []


@pytest.mark.parametrize("unit", catalogue().units)
def test_hardly_any_case_is_lost(unit: str) -> None:
    """A case without a finite answer is left out; a bank that leaves many out is not asking what it says."""
    for exercise in catalogue().unit(unit).exercises:
        cases = exam.bench(unit).cases(exercise)
        numbers = all(isinstance(x, (int, float)) for x in cases[0].inputs.values())
        least = LEAST_NUMBERS if numbers else LEAST.get(unit, 12)
        assert len(cases) >= (least if exercise.inputs else 1), exercise.name
        assert {case.regime for case in cases} >= (set(exercise.regimes) if exercise.inputs else set()), exercise.name
