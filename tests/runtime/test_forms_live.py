"""The forms of exercises on a live kernel: adapters, data, sources and long runs over the wire."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from live import session_of
from nbformat.v4 import new_code_cell, new_notebook
from samples import LIMITS

from grader.bank import forms
from grader.judging import Bench, Exercise, Judge, item_status, points, scalar
from grader.submission import Submission

UNIT = "of_forms"
NUMBERS = {"x": scalar(-3, 3), "y": scalar(-3, 3)}
STUDENT = """
import numpy as np

class Pair:
    def __init__(self, value, slope=0.0):
        self.value, self.slope = value, slope
    def __mul__(self, other):
        return Pair(self.value * other.value, self.value * other.slope + self.slope * other.value)

def graph():
    return [("s", "add", "x", "y"), ("out", "multiply", "s", 2)]

def text():
    return "2*x + 2*y"

def total(x):
    return go(x)

def go(x):
    return sum(v for v in x)

def run(seconds):
    import time
    begun = time.process_time()
    while time.process_time() - begun < seconds:
        pass
    return np.ones(2)

def tells(f):
    return f(2.0) == 4.0
"""


def pair_of(Pair: Any, x: Any, y: Any) -> Any:
    found = Pair(x, 1.0) * Pair(y, 2.0)
    return found.value, found.slope


def put(tells: Any, candidate: Any) -> Any:
    return tells(candidate)


def square(x: Any) -> Any:
    return x * x


def twice(x: Any) -> Any:
    return 2 * x


def cube(x: Any) -> Any:
    return x**3


def vector(m: Any) -> Any:
    return m.rng.standard_normal(3)


class Pair:
    def __init__(self, value: Any, slope: Any) -> None:
        self.value, self.slope = value, slope

    def __mul__(self, other: Pair) -> Pair:
        return Pair(self.value * other.value, self.value * other.slope + self.slope * other.value)


MODELS = {
    "Pair": Pair,
    "graph": lambda: [("out", "add", "x", "y"), ("twice", "multiply", "out", 2)],
    "text": lambda: "2*(x + y)",
    "total": lambda x: x.sum(),
    "run": lambda seconds: np.ones(2),
    "tells": lambda f: f(3.0) == 9.0 and f(2.0) == 4.0,
}


@pytest.fixture(autouse=True)
def model_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType(f"reference.{UNIT}")
    vars(module).update(MODELS)
    monkeypatch.setitem(sys.modules, module.__name__, module)


def run_of(seconds: float, most: float) -> Exercise:
    return forms.training(
        f"{UNIT}.run",
        lambda: (seconds,),
        lambda w, _: {"loss": float(np.sum(w - 1))},
        at_most={"loss": 0.0},
        seconds=most,
    )


def graded(*exercises: Exercise) -> list[tuple[str, float]]:
    attempts = dict.fromkeys((e.function for e in exercises), "attempted")
    notebook = new_notebook(cells=[new_code_cell(STUDENT)])
    submission = Submission(
        "ada", "ada.ipynb", "0" * 64, UNIT, notebook_path="ada.ipynb", notebook=notebook, attempts=attempts,  # type: ignore[arg-type]
        where=dict.fromkeys(attempts, "notebook"),
    )  # fmt: skip
    with session_of(submission, LIMITS) as session:
        judge = Judge(session, Bench(exercises))
        found = []
        for exercise in exercises:
            session.new_exercise()
            verdicts = judge.verdicts(exercise)
            found.append((item_status(verdicts), points(verdicts)))
        return found


def test_every_form_is_judged_over_the_wire() -> None:
    from grader.judging import drawn

    found = graded(
        forms.of_class(f"{UNIT}.products", "Pair", NUMBERS, ("value", "slope"), pair_of),
        forms.graph(f"{UNIT}.graph", NUMBERS),
        forms.formula(f"{UNIT}.text", NUMBERS),
        forms.vectorise(f"{UNIT}.total", {"x": drawn(vector)}, ("total",)),
        forms.checker(f"{UNIT}.tells", put, [square], {"a cube": cube, "a double": twice}),
    )
    assert found == [("passed", 2.0), ("passed", 2.0), ("passed", 2.0), ("partial", 1.0), ("partial", 2.0)]


def test_a_long_run_has_the_time_that_its_exercise_gives_and_no_more() -> None:
    """Longer than any call may take by the limits; and one that takes three times too long is ended."""
    assert graded(run_of(seconds=LIMITS.call_cpu_seconds + 0.5, most=LIMITS.call_cpu_seconds + 2)) == [("passed", 4.0)]
    assert graded(run_of(seconds=60.0, most=0.7)) == [("timed_out", 0.0)]
