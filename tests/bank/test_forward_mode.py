"""Unit `forward_mode`: answers pass, stubs are not attempted, mistakes are caught and named."""

from __future__ import annotations

import exam

from grader.bank import catalogue
from grader.judging import Exercise, Mistake

UNIT = "forward_mode"


@exam.exercises(UNIT)
def test_the_model_answer_passes(exercise: Exercise) -> None:
    exam.assert_model_passes(exercise)


@exam.exercises(UNIT)
def test_the_stub_is_not_attempted(exercise: Exercise) -> None:
    exam.assert_stub_is_not_attempted(exercise)


@exam.mistakes(UNIT)
def test_a_mistake_is_caught_and_named(exercise: Exercise, mistake: Mistake) -> None:
    exam.assert_mistake_is_named(exercise, mistake)
