"""What ``benchmarks/check.py`` measures and how it counts: modules with the mistakes in them, percentiles, medians."""

from __future__ import annotations

import ast
import importlib.util
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from check_live.answers import right_module, wrong_module
from check_live.ours import Check, Start, plan, same

from grader.bank import catalogue
from grader.judging import Bench, Judge, points
from grader.student import LocalAnswers

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def benchmark() -> Any:
    spec = importlib.util.spec_from_file_location("benchmark_check", ROOT / "benchmarks" / "check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["benchmark_check"] = module
    spec.loader.exec_module(module)
    return module


def test_nineteen_of_twenty_take_no_more(benchmark: Any) -> None:
    assert benchmark.nearly_all([*range(1, 21)]) == 19
    assert benchmark.nearly_all([*range(20, 0, -1)]) == 19
    assert benchmark.nearly_all([*range(1, 22)]) == 20, "one of 21 is within the 5 %, two are not"
    assert benchmark.nearly_all([3.0]) == 3.0


def test_the_figures_are_of_their_kind(benchmark: Any) -> None:
    checks = [Check("u.e", "right", "", s / 10, 9.0) for s in range(1, 21)] + [Check("u.e", "wrong", "", 5.0, 9.0)]
    ours = [Check("u.e", "right", "", 0.5, 9.0), Check("u.e", "wrong", "", 0.7, 9.0)]
    starts = [Start(1.0, 0.2), Start(3.0, 0.1)]
    figures = benchmark.summary(
        starts, checks, ours, {"otter": {"right": [1.0], "wrong": [2.0, 6.0]}, "nbgrader": None}
    )
    assert figures == {
        "right_s": 1.9, "right_median_s": 1.05, "right_most_s": 2.0, "same_right_s": 0.5,
        "wrong_s": 5.0, "wrong_median_s": 5.0, "wrong_most_s": 5.0, "same_wrong_s": 0.7,
        "first_s": 0.2, "first_cell_s": 3.0, "otter_s": 2.0, "nbgrader_s": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "mistake"),
    [
        ("layers.relu_backward", "masks_by_upstream"),
        ("forward_mode.dual_functions", "sine_is_its_own_derivative"),  # it spoils a class
        ("graphs.topological_order", "turns_the_list_around"),
    ],
)
def test_a_module_is_at_fault_where_its_mistake_is_and_nowhere_else(name: str, mistake: str) -> None:
    exercise = catalogue().exercise(name)
    text = wrong_module(exercise, next(m for m in exercise.mistakes if m.name == mistake))
    assert text is not None
    assert "import reference" not in text
    assert "grader" not in {n.module for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ImportFrom)}
    for source, due in ((text, False), (right_module(exercise.unit), True)):
        names: dict[str, Any] = {"__name__": "student"}
        exec(compile(source, "<student>", "exec", dont_inherit=True), names)
        bench = Bench(catalogue().unit(exercise.unit).exercises)
        verdicts = Judge(LocalAnswers(names, source=source), bench).verdicts(exercise)
        assert (points(verdicts) == exercise.points) == due


def test_a_wrong_choice_has_no_module() -> None:
    exercise = catalogue().exercise("layers.prediction_copies")
    assert wrong_module(exercise, exercise.mistakes[0]) is None


def test_a_student_answers_wrong_and_then_right_and_saves_something_else_each_time() -> None:
    steps = plan("layers", 3, 2)
    assert [step.kind for step in steps] == ["wrong", "wrong", "right"] * 3
    assert len({step.exercise for step in steps}) == 3
    assert all(a.module != b.module for a, b in pairwise(steps))
    assert plan("layers", 3, 2) == steps
    assert plan("layers", 3, 2, seed=1) != steps
    assert [step.kind for step in same(2)] == ["wrong", "right"] * 4
