"""Unit `reverse_mode`: answers pass, stubs are not attempted, mistakes are caught and named."""

from __future__ import annotations

import exam

from grader.bank import catalogue
from grader.judging import Exercise, Mistake

UNIT = "reverse_mode"


@exam.exercises(UNIT)
def test_the_model_answer_passes(exercise: Exercise) -> None:
    exam.assert_model_passes(exercise)


@exam.exercises(UNIT)
def test_the_stub_is_not_attempted(exercise: Exercise) -> None:
    exam.assert_stub_is_not_attempted(exercise)


@exam.mistakes(UNIT)
def test_a_mistake_is_caught_and_named(exercise: Exercise, mistake: Mistake) -> None:
    exam.assert_mistake_is_named(exercise, mistake)


def test_every_exercise_declares_three_mistakes() -> None:
    few = [e.name for e in catalogue().unit(UNIT).exercises if len({m.name for m in e.mistakes}) < 3]
    assert few == []


@exam.exercises(UNIT)
def test_hardly_any_case_is_lost(exercise: Exercise) -> None:
    """A case without a finite answer is left out; a bank that leaves many out is not asking what it says."""
    cases = exam.bench(UNIT).cases(exercise)
    assert len(cases) >= (1 if not exercise.inputs else 12)
    assert {case.regime for case in cases} >= (set(exercise.regimes) if exercise.inputs else set())
