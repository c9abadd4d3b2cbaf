"""The exam of a unit's bank: assertions on every exercise, shared by the tests of all units."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from grader.bank import catalogue
from grader.diagnosis import Explanation, explain
from grader.judging import Bench, Exercise, Judge, Mistake, Verdict, item_status, points
from grader.student import LocalAnswers, public_unit
from grader.validation import Ground

__all__ = [
    "bench",
    "exercises",
    "explained",
    "ground",
    "models",
    "stubs",
    "told_of",
    "verdicts",
    "with_a_liar",
]


@cache
def ground(unit: str) -> Ground:
    """Return the ground on which answers to a unit are judged, that of ``gradmark validate``; shared by all tests of a run."""
    declared = catalogue().unit(unit)
    return Ground(declared.exercises, public=public_unit(unit))


def bench(unit: str) -> Bench:
    """Return the workbench of a unit."""
    return ground(unit).bench


def models(unit: str) -> Mapping[str, Callable[..., Any]]:
    """Return the model answers of a unit by their short names."""
    return ground(unit).models


def stubs(unit: str) -> Mapping[str, Any]:
    """Return the untouched stubs of a unit by name."""
    return vars(importlib.import_module(f"exercises.{unit}"))


def verdicts(functions: Mapping[str, Any], exercise: Exercise) -> tuple[Verdict, ...]:
    """Judge one exercise of these functions, without warnings: right code may warn on its way to the right value."""
    return ground(exercise.unit).verdicts(functions, exercise)


def explained(functions: Mapping[str, Any], exercise: Exercise) -> list[tuple[Verdict, Explanation]]:
    """Judge one exercise of these functions; return each verdict with its explanation."""
    return ground(exercise.unit).explained(functions, exercise)


def told_of(namespace: Mapping[str, Any], source: str, exercise: Exercise) -> list[Explanation]:
    """Judge one exercise of what a source defines, which can be read, and explain the verdicts."""
    answers, cases = LocalAnswers(namespace, source=source), bench(exercise.unit)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return explain(exercise, Judge(answers, cases).verdicts(exercise), answers, cases)


def exercises(*units: str) -> Any:
    """Parametrise a test by the exercises of some units; of all without a name."""
    found = [e for unit in units or catalogue().units for e in catalogue().unit(unit).exercises]
    return pytest.mark.parametrize("exercise", found, ids=[e.name for e in found])


def with_a_liar(unit: str, answer: Any, instead_of_a_class: Any = None) -> Iterator[tuple[Exercise, list[Verdict]]]:
    """Judge each exercise of a unit with a cheap answer in its place, the others being right."""
    for exercise in catalogue().unit(unit).exercises:
        own = instead_of_a_class if exercise.form == "object" and instead_of_a_class else answer
        yield exercise, verdicts({**models(unit), exercise.function: own}, exercise)


def assert_model_passes(exercise: Exercise) -> None:
    """Assert that the model answer earns every point, with no note."""
    judged = verdicts(models(exercise.unit), exercise)
    assert [(v.check.name, v.fact, v.notes) for v in judged if v.status != "passed" or v.notes] == []
    assert points(judged) == exercise.points > 0


def assert_stub_is_not_attempted(exercise: Exercise) -> None:
    """Assert that the stub earns nothing and reads as not attempted."""
    judged = verdicts(stubs(exercise.unit), exercise)
    assert item_status(judged) == "not_attempted"
    assert points(judged) == 0


def assert_mistake_is_caught(exercise: Exercise, mistake: Mistake, *, named: bool) -> None:
    """Assert that a declared mistake loses points and, if it is to be named, that it is diagnosed by its name."""
    functions = ground(exercise.unit).mistaken(exercise, mistake)
    if not named:
        assert points(verdicts(functions, exercise)) < exercise.points, mistake.name
        return
    told = explained(functions, exercise)
    assert points([verdict for verdict, _ in told]) < exercise.points, mistake.name
    assert mistake.name in [e.diagnosis.mistake for _, e in told if e.diagnosis is not None]
