"""Cases: none is a question that was put already, and a grid of numbers is for functions that work entry by entry alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.judging import Bench, Exercise, array, contract, drawn, on_a_grid, value
from grader.judging.asking import replay
from grader.judging.recognise import seen_of
from grader.judging.recognise.grid import GRID
from grader.student import LocalAnswers

UNIT = "of_cases"


def exercise_of(monkeypatch: pytest.MonkeyPatch, model: Callable[..., Any], inputs: dict[str, Any]) -> Exercise:
    """An exercise ``f`` with this model answer."""
    module = ModuleType(f"reference.{UNIT}")
    vars(module)["f"] = model
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return Exercise(f"{UNIT}.f", inputs, ("y",), (contract(), value(1)))


def test_no_number_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {"n": drawn(lambda m: m.recipe.seed % 3)}
    exercise = exercise_of(monkeypatch, lambda n: np.float64(2 * n), few)
    cases = Bench([exercise]).cases(exercise)
    assert [case.inputs["n"] for case in cases] == [0, 1, 2]
    assert all(case.recipe.style == "randn" for case in cases)  # the first that asks it stays


def test_minus_zero_is_another_question_than_zero_and_arrays_are_all_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = {"x": drawn(lambda m: (0.0, -0.0)[m.recipe.seed % 2])}
    exercise = exercise_of(monkeypatch, lambda x: 2 * x, zeros)
    assert sorted(str(case.inputs["x"]) for case in Bench([exercise]).cases(exercise)) == ["-0.0", "0.0"]
    exercise = exercise_of(monkeypatch, lambda x: 2 * x, {"x": drawn(lambda m: np.ones(2))})
    assert len(Bench([exercise]).cases(exercise)) == 20 + Bench.DRAWN


def met_its_neighbour(x: Any) -> Any:
    return np.stack([x[i] * x[i - 1] for i in range(len(x))])


@pytest.mark.parametrize(
    ("model", "asked"), [(lambda x: x * np.abs(x), 1), (met_its_neighbour, 0), (lambda x: (x * x).sum(), 0)]
)
def test_a_grid_is_put_to_what_works_entry_by_entry(
    monkeypatch: pytest.MonkeyPatch, model: Callable[..., Any], asked: int
) -> None:
    exercise = exercise_of(monkeypatch, model, {"x": array("N")})
    bench, answers = Bench([exercise]), LocalAnswers({"f": lambda x: model(np.minimum(x, 1.0))})
    seen = list(seen_of(0, replay(answers, bench.cases(exercise))))
    assert len(list(on_a_grid(exercise, 0, seen, answers, bench, documented=False))) == asked


@pytest.mark.parametrize(
    ("dims", "made"), [(("N",), True), (("N", "D"), False), (("N", "D", "K"), False), (("...",), True)]
)
def test_no_vast_case_is_made_for_a_grid(monkeypatch: pytest.MonkeyPatch, dims: tuple[str, ...], made: bool) -> None:
    exercise = exercise_of(monkeypatch, lambda x: 2 * x, {"x": array(*dims)})
    bench, answers = Bench([exercise]), LocalAnswers({"f": lambda x: 2 * np.minimum(x, 1.0)})
    seen = list(seen_of(0, replay(answers, bench.cases(exercise))))
    assert bool(list(on_a_grid(exercise, 0, seen, answers, bench, documented=False))) is made
    assert ((exercise.name, GRID) in bench._made) is made
