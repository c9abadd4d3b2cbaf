"""The exam of a unit's bank: what every exercise must show, shared by the tests of all units."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest

from grader.bank import catalogue
from grader.judging import Bench
from grader.judging import Judge
from grader.judging.checks.score import item_status, points
from grader.judging.declare.exercise import Exercise, Mistake, Verdict, model
from grader.student.answers import LocalAnswers

__all__ = ["bench", "exercises", "mistakes", "models", "stubs", "verdicts"]


@cache
def bench(unit: str) -> Bench:
    """The workbench of a unit, shared by all tests of a run."""
    return Bench(catalogue().unit(unit).exercises)


@cache
def models(unit: str) -> Mapping[str, Callable[..., Any]]:
    """The model answers by their short names."""
    return {exercise.function: model(exercise.name) for exercise in catalogue().unit(unit).exercises}


def stubs(unit: str) -> Mapping[str, Any]:
    """What students get."""
    return vars(importlib.import_module(f"exercises.{unit}"))


def verdicts(functions: Mapping[str, Any], exercise: Exercise) -> tuple[Verdict, ...]:
    """The verdicts of one exercise for these functions; right code may warn on its way to the right value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return Judge(LocalAnswers(functions), bench(exercise.unit)).verdicts(exercise)


def exercises(unit: str) -> Any:
    """Parametrise by the exercises of a unit."""
    found = catalogue().unit(unit).exercises
    return pytest.mark.parametrize("exercise", found, ids=[e.function for e in found])


def mistakes(unit: str) -> Any:
    """Parametrise by exercise and declared mistake."""
    pairs = [(e, m) for e in catalogue().unit(unit).exercises for m in e.mistakes]
    return pytest.mark.parametrize(("exercise", "mistake"), pairs, ids=[f"{e.function}-{m.name}" for e, m in pairs])


def assert_model_passes(exercise: Exercise) -> None:
    """The model answer earns every point, with no note."""
    judged = verdicts(models(exercise.unit), exercise)
    assert [(v.check.name, v.message, v.notes) for v in judged if v.status != "passed" or v.notes] == []
    assert points(judged) == exercise.points > 0


def assert_stub_is_not_attempted(exercise: Exercise) -> None:
    """The stub earns nothing, and says so in its own words."""
    judged = verdicts(stubs(exercise.unit), exercise)
    assert item_status(judged) == "not_attempted"
    assert points(judged) == 0


def assert_mistake_is_named(exercise: Exercise, mistake: Mistake) -> None:
    """A declared mistake loses points and is called by its name."""
    judged = verdicts({**models(exercise.unit), exercise.function: mistake.answer}, exercise)
    assert points(judged) < exercise.points
    assert mistake.name in [v.diagnosis.mistake for v in judged if v.diagnosis is not None]
