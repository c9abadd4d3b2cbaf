"""Notebooks of nbgrader and otter become private banks: what is carried over, what is told of the rest; nothing of them is run."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jupytext
import numpy as np
import pytest
from course_notebooks import NBGRADER, OTTER, cell, marks, raw, saved

from grader.bank import catalogue, refusals, stale_in, stub_source, unfinished
from grader.conversion import convert
from grader.conversion.inputs import literal
from grader.conversion.kinds import UNKNOWN, Called, Shaped
from grader.conversion.values import evaluated
from grader.errors import BankError, UsageError
from grader.judging import Bench, Judge, Unit
from grader.judging.public.packing import pack_expected, unpack_expected
from grader.student import LocalAnswers


@pytest.fixture(scope="module")
def nbgrader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    convert(saved(folder / "homework_1.ipynb", NBGRADER), folder / "bank")
    return folder / "bank"


@pytest.fixture(scope="module")
def otter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    convert(saved(folder / "lab.ipynb", OTTER), folder / "bank")
    return folder / "bank"


def converted(folder: Path, *cells: dict[str, Any]) -> tuple[Unit, str]:
    """The unit that these cells become, and the report."""
    convert(saved(folder / "hw.ipynb", list(cells)), folder / "bank")
    return catalogue((folder / "bank",)).unit("hw"), (folder / "bank" / "CONVERSION.md").read_text()


def asked(source: str, test: str, points: float = 2) -> list[dict[str, Any]]:
    numpy = cell("code", "import numpy as np")
    test_cell = cell("code", test, marks("t", grade=True, locked=True, points=points))
    return [numpy, cell("code", source, marks("s", solution=True)), test_cell]


# ------------------------------------------------------------------------------------------ nbgrader
def test_each_tested_function_is_an_exercise_with_its_points(nbgrader: Path) -> None:
    unit = catalogue((nbgrader,)).unit("homework")
    assert {e.short: (e.points, e.form) for e in unit.exercises} == {
        "relu": (3, "function"),
        "logistic": (2, "function"),
        "affine_forward": (2, "forward pass"),
        "affine_backward": (4, "backward pass"),
        "mystery": (5, "function"),
    }
    assert refusals(unit) == []


@pytest.mark.slow
def test_where_inputs_were_told_it_is_judged_at_once(nbgrader: Path) -> None:
    unit = catalogue((nbgrader,)).unit("homework")
    models = {e.function: e.answer() for e in unit.exercises}
    wrong = {
        "relu": lambda x: np.abs(x),
        "logistic": lambda z: z * 0 + 0.5,
        "affine_forward": lambda x, w, b: (x @ w, (x, w, b)),
        "affine_backward": lambda dout, cache: (dout @ cache[1].T, cache[0].T @ dout, dout.mean(axis=0)),
    }
    for exercise in unit.exercises:
        if exercise.short == "mystery":
            continue
        judge = Judge(LocalAnswers(models), Bench(unit.exercises, drawn=10))
        assert {v.status for v in judge.verdicts(exercise)} == {"passed"}, exercise.name
        judge = Judge(LocalAnswers({**models, exercise.function: wrong[exercise.function]}), Bench(unit.exercises))
        assert {v.check.kind: v.status for v in judge.verdicts(exercise)}["value"] == "wrong", exercise.name


def test_an_exercise_whose_inputs_are_not_told_says_so_and_is_never_judged(nbgrader: Path) -> None:
    unit = catalogue((nbgrader,)).unit("homework")
    (said,) = unfinished(unit)
    assert re.search(
        r"converted\.py:\d+: still to be filled in: 'data': unsaid\(\"FILL IN: from what data is drawn", said
    )
    mystery = next(e for e in unit.exercises if e.short == "mystery")
    bench = Bench(unit.exercises)
    assert bench.examples(mystery) == ()
    with pytest.raises(BankError, match="FILL IN: from what data is drawn"):
        bench.cases(mystery)


def test_arguments_of_asserts_are_cases_and_hidden_ones_no_examples(nbgrader: Path) -> None:
    unit = catalogue((nbgrader,)).unit("homework")
    relu = next(e for e in unit.exercises if e.short == "relu")
    bench = Bench(unit.exercises)
    cases, examples = ([c.inputs["x"].tolist() for c in found] for found in (bench.cases(relu), bench.examples(relu)))
    hidden, shown = [[-7.0, 7.0]], [[1.0, -2.0, 3.0], [0.5, -0.5, 0.0]]
    assert hidden in cases
    assert shown in cases
    assert shown in examples
    assert hidden not in examples


@pytest.mark.slow
def test_the_banks_own_tests_hold_what_was_asserted(nbgrader: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "tests"],
        cwd=nbgrader, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert "1 failed, 6 passed" in ran.stdout, ran.stdout  # what fails is what is still to be filled in
    text = (nbgrader / "tests" / "test_homework.py").read_text()
    (nbgrader / "tests" / "test_homework.py").write_text(text.replace("0.8807970779778823", "0.7"))
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "tests", "-k", "asserted"],
        cwd=nbgrader, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert "1 failed, 4 passed" in ran.stdout, ran.stdout


def test_students_get_prose_stubs_and_checks_and_no_answer(nbgrader: Path) -> None:
    book = json.loads((nbgrader / "notebooks" / "01_homework.ipynb").read_text())
    text = "\n".join("".join(c["source"]) for c in book["cells"])
    for kept in (
        "The prose stays.",
        "def given(x):\n    return x + RATE",
        'check("homework.relu")',
        "cache = (x, w, b)",
        "YOUR ANSWER HERE",
        "Do it.",
    ):
        assert kept in text
    for secret in (
        "np.maximum",
        "-7.0",
        "math.exp(-z)",
        "x @ w",
        "secret scheme",
        "My reason",
        "answer = 42",
        "dout @",
    ):
        assert secret not in text
    myst = (nbgrader / "notebooks" / "01_homework.md").read_text()
    read = [(c.cell_type, c.source) for c in jupytext.reads(myst, fmt="md:myst").cells]
    assert read == [(c["cell_type"], "".join(c["source"])) for c in book["cells"]]


def test_the_stub_is_derived_as_ours_are(nbgrader: Path) -> None:
    stub = (nbgrader / "exercises" / "homework.py").read_text()
    assert stub == stub_source("homework", (nbgrader,))
    assert stale_in(nbgrader) == []
    assert 'raise NotImplementedError("homework.relu: not written yet")' in stub
    assert "def given(x):\n    return x + RATE" in stub  # students get it whole
    assert '"""Logistic\n\n    Of one number."""' in stub
    assert "np.maximum" not in stub


def test_the_report_tells_what_was_not_carried_over_and_why(nbgrader: Path) -> None:
    told = (nbgrader / "CONVERSION.md").read_text()
    for line in (
        "| `mystery(data)` | 5 | **to be said**: `data` | 0 |",
        "| 16 | `why` | 6 |",
        "| 17 | `task` | 2 |",
        "| 15 | `variable_test` | 1 |",
        "it asserts something of a global variable, and not of what a function returns.",
        "it asserts within a loop, a branch or a function of its own.",
        "a solution outside of a function (answer): ask it as a function, a question or a prediction.",
        "`logistic` computes with plain numbers",
        "These had no docstring and got the prose above them; say there what is asked: `logistic`.",
        "for row in load():",
    ):
        assert line in told, line
    assert "`passwd`" not in told


# ---------------------------------------------------------------------------------------------- otter
def test_an_otter_notebook_has_its_questions_points_and_outputs(otter: Path) -> None:
    unit = catalogue((otter,)).unit("lab")
    assert {e.short: e.points for e in unit.exercises} == {"square": 2, "softmax": 3}
    assert refusals(unit) == []
    assert unfinished(unit) == []
    tests = (otter / "tests" / "test_lab.py").read_text()
    for row in (
        "('square', (3.0,), {}, None, 9.0)",
        "('square', (2.5,), {}, None, 6.25)",
        "('square', (0.5,), {}, None, 0.25)",
    ):
        assert row in tests
    declared = (otter / "bank" / "lab" / "converted.py").read_text()
    assert "among(scalar(0.5, 3), 3.0, 2.5, 0.5, hidden=2)" in declared
    book = (otter / "notebooks" / "01_lab.ipynb").read_text()
    assert "A hint." in book
    for secret in ("SOLUTION", "x * x", "np.exp", "BEGIN", "Because of that", "2.5", "nine"):
        assert secret not in book
    told = (otter / "CONVERSION.md").read_text()
    assert "| 28 | `q3` | 4 |" in told
    assert "a solution outside of a function (nine)" in told


def test_a_question_whose_settings_are_no_yaml_is_told(tmp_path: Path) -> None:
    cells = [raw("# BEGIN QUESTION\n: [ :\n&a *a"), raw("# BEGIN SOLUTION"), cell("code", "def f(x):\n    return x # SOLUTION"),
             raw("# END SOLUTION"), raw("# BEGIN TESTS"), cell("code", "f(1.5)", out="1.5")]  # fmt: skip
    unit, told = converted(tmp_path, *cells)
    assert [e.points for e in unit.exercises] == [1]
    assert "are no YAML" in told
    assert "has no end" in told


# --------------------------------------------------------------------------- from calls to inputs
@pytest.mark.parametrize(
    ("source", "test", "spec"),
    [
        ("def f(x):\n    return x.sum()", "assert f(np.ones((2, 3))) == 6", 'array("N", "D")'),
        ("def f(x, y):\n    return x @ y", "f(np.random.randn(4, 3), np.random.randn(3, 5))", 'array("N", "D"); array("D", "M")'),
        ("def f(x):\n    return 2 * x", "assert f(np.random.default_rng(0).normal(size=(3, 1))).shape == (3, 1)",
         'array("N", "1")'),
        ("def f(n):\n    return n * n", "assert f(2) == 4\nassert f(7) == 49", "scalar(2, 7, integer=True)"),
        ("def f(v):\n    return sum(v)", "assert f([1.5, 2.5]) == 4\nassert f([1.0, 2.0, 3.0]) == 6", 'listed("N", least=2)'),
        ("def f(x, y):\n    return x[np.arange(len(y)), y]", "assert np.allclose(f(np.eye(3), np.array([0, 2, 1])), [1, 0, 0])",
         'array("N", "N"); whole(0, "N", "N")'),
        ("def f(x, k=3):\n    return x * k", "assert f(1.5) == 4.5\nassert f(1.0, k=1) == 1",
         "scalar(1, 1.5); optional(scalar(1, 3, integer=True))"),
        ("def f(x, k=3):\n    return x * k", "assert f(1.5) == 4.5\nassert f(1.0) == 3", "scalar(1, 1.5)"),
        ("def f(x, up):\n    return x if up else -x", "assert f(2.0, True) == 2\nassert f(1.0, up=False) == -1",
         "scalar(1, 2); chosen(False, True)"),
    ],
)  # fmt: skip
def test_inputs_are_told_from_the_calls_of_tests(tmp_path: Path, source: str, test: str, spec: str) -> None:
    unit, _ = converted(tmp_path, *asked(source, test))
    declared = (tmp_path / "bank" / "bank" / "hw" / "converted.py").read_text()
    for part in spec.split("; "):
        assert part in declared, declared
    assert len(unit.exercises[0].inputs) == len(spec.split("; "))


@pytest.mark.parametrize(
    ("source", "test", "reason"),
    [
        ("def f(x):\n    return 'a'", "assert f(1) == 'a'", "it returns no number"),
        ("def f(x):\n    print(x)", "f(1)", "it returns nothing"),
        ("def f(*x):\n    return 1", "assert f(1) == 1", "it takes *args"),
        ("import torch\ndef f(x):\n    return torch.abs(x)", "assert f(1) == 1", "it needs torch"),
        ("def f(x):\n    return x + table", "assert f(1) == 1", "it needs table"),
        ("class F:\n    def a(self): return 1", "assert F().a() == 1", "is a class"),
        ("def f(x:\n    return", "assert f(1) == 1", "cannot be parsed"),
    ],
)
def test_a_function_that_cannot_be_asked_is_left_with_its_reason(
    tmp_path: Path, source: str, test: str, reason: str
) -> None:
    unit, told = converted(tmp_path, *asked(source, test))
    assert unit.exercises == ()
    assert reason in told.replace("\\", "")
    assert source.rsplit("\n", maxsplit=1)[-1].strip() in told


def test_points_of_a_test_of_several_functions_are_shared(tmp_path: Path) -> None:
    source = "def f(x):\n    return x\ndef g(x):\n    return f(x) * 2"
    unit, told = converted(
        tmp_path, *asked(source, "assert f(1.5) == 1.5\nassert g(1.0) == 2.0\nassert g(2.0) == 4.0", 3)
    )
    assert {e.short: e.points for e in unit.exercises} == {"f": 1, "g": 2}
    assert "its points were shared by asserts" in told


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("np.array([1, 2.5])", [1, 2.5]),
        ("0.1 * np.arange(6).reshape(2, 3)", [[0, 0.1, 0.2], [0.30000000000000004, 0.4, 0.5]]),
        ("np.linspace(0, 1, num=3)", [0, 0.5, 1]),
        ("-np.ones(2)", [-1, -1]),
        ("[1] * 3", [1, 1, 1]),
        ("2 ** 2 ** 2 ** 2 ** 2", UNKNOWN),
        ("np.zeros((10 ** 9, 10 ** 9))", UNKNOWN),
        ("np.arange(10 ** 12)", UNKNOWN),
        ("[[0] * 9000] * 9000", UNKNOWN),
        ("__import__('os').system('x')", UNKNOWN),
        ("open('x').read()", UNKNOWN),
        ("np.load('x')", UNKNOWN),
        ("np.array(eval('1'))", UNKNOWN),
        ("np.random.randn(4, 3)", Shaped((4, 3))),
        ("np.random.randint(0, 5, size=7)", Shaped((7,), "i", 0, 4)),
    ],
)
def test_values_are_told_and_nothing_is_evaluated(text: str, value: Any) -> None:
    found = evaluated(ast.parse(text, mode="eval").body, {}, frozenset())
    if isinstance(value, list):
        np.testing.assert_allclose(np.asarray(found, dtype=float), value)
        if not isinstance(found, list):
            np.testing.assert_array_equal(eval(literal(found), {"np": np}), found)
    else:
        assert found == value


def test_a_call_of_the_courses_function_is_kept_with_its_arguments() -> None:
    found = evaluated(ast.parse("f(1, k=[2.5])", mode="eval").body, {}, frozenset({"f"}))
    assert isinstance(found, Called)
    assert (found.function, found.args, dict(found.named)) == ("f", (1,), {"k": [2.5]})


# -------------------------------------------------------------------------------------- hostile forms
HOSTILE = [
    cell("code", "import os\nos.system('touch PWNED')\nopen('PWNED', 'w')\nX = open('PWNED', 'w')", marks("a", locked=True)),
    cell("code", "import numpy as np\nopen('PWNED', 'w')\ndef f(x, y=print('PWNED')):\n    return x", marks("s", solution=True)),
    cell("code", "assert f(1.5) == 1.5\nassert f(" + "+".join(["1"] * 900) + ") == 900",
         marks("../../x", grade=True, points=float("nan"))),
    cell("code", "def plain(x): return x\ndef among(x):\n"
         "    def inner(y):\n        import math as m\n        return m.sqrt(y)\n    return inner(x)",
         marks("\x1b[31m", solution=True)),
    cell("code", "assert plain(2.0) == 2\nassert among(4.0) == 2", marks("t", grade=True, points=10**400)),
    cell("code", "def größe(x):\n    '''\"\"\" \\\\ '''\n    return 2 * x",
         {"nbgrader": {"solution": True, "points": "x", "grade_id": 7, "schema_version": 99}}),
    cell("code", "assert größe(1.5) == 3", {"nbgrader": {"grade": True, "points": -3, "grade_id": ["x"]}}),
    cell("markdown", "```python\n### BEGIN SOLUTION", {"nbgrader": "x"}),
    cell("code", "%%bash\nrm -rf /"),
    cell("code", "!ls\nx = !ls\n%timeit f(1)"),
]  # fmt: skip


def test_a_hostile_notebook_is_read_and_not_run_and_the_bank_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    unit, told = converted(tmp_path, *HOSTILE)
    assert [e.short for e in unit.exercises] == ["f", "plain", "among", "größe"]
    assert refusals(unit) == []
    assert not (tmp_path / "PWNED").exists()
    assert "\x1b" not in told
    assert "schema version 99" in told
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bank", "hw.ipynb"]
    assert len(list((tmp_path / "bank").rglob("*.py"))) == 6


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b'{"cells": [', "not a whole notebook"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": "R"}}}', "notebook in R"),
        (b'{"nbformat": 4, "cells": []}', "neither for nbgrader"),
        (
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "' + b"x=1;" * 150_000 + b'"}]}',
            "at most 512 KiB",
        ),
    ],
)
def test_what_is_no_such_notebook_is_refused_in_a_line(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "x.ipynb").write_bytes(data)
    with pytest.raises(UsageError, match=reason) as refused:
        convert(tmp_path / "x.ipynb", tmp_path / "bank")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "bank").exists()


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    file = saved(tmp_path / "layers.ipynb", NBGRADER)
    (tmp_path / "there").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for taken in ("there", "dangling", "layers.ipynb"):
        with pytest.raises(UsageError, match="is there already"):
            convert(file, tmp_path / taken)
    with pytest.raises(UsageError, match="No such file or directory; nothing was written"):
        convert(file, tmp_path / "no" / "bank")
    for unit, reason in (("layers", "Gradmark's own"), ("../x", "no name of a unit"), ("Q1", "no name of a unit")):
        with pytest.raises(UsageError, match=reason):
            convert(file, tmp_path / "bank", unit)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dangling", "layers.ipynb", "there"]
    assert convert(file, tmp_path / "bank").unit == "our_layers"  # a unit of that name would be laid over ours


# ------------------------------------------------------------------------------------------ as courses write them
FAILS = """
try:
    squares(0)
except ValueError:
    pass
else:
    raise AssertionError("did not raise")
with pytest.raises(ValueError):
    squares(-4)
"""


def test_what_a_call_fails_at_is_no_input_and_a_list_of_numbers_is_an_answer(tmp_path: Path) -> None:
    """Rejects inputs at which the model answer raises, and a right list that is judged wrong."""
    source = (
        'def squares(n):\n    """Squares."""\n    ### BEGIN SOLUTION\n    if n < 1:\n        raise ValueError(n)\n'
        "    return [i ** 2 for i in range(1, n + 1)]\n    ### END SOLUTION"
    )
    unit, report = converted(
        tmp_path, *asked(source, "assert squares(1) == [1]\nassert squares(3) == [1, 4, 9]" + FAILS)
    )
    assert (refusals(unit), report.count("it asserts that a call fails")) == ([], 2)
    (exercise,) = unit.exercises
    wrong = {"model": exercise.answer(), "cubes": lambda n: [i**3 for i in range(1, n + 1)], "short": lambda _: [1]}
    verdicts = {
        name: {v.status for v in Judge(LocalAnswers({"squares": f}), Bench(unit.exercises, drawn=5)).verdicts(exercise)}
        for name, f in {**wrong, "array": lambda n: np.arange(1.0, n + 1) ** 2}.items()
    }
    assert (verdicts["model"], verdicts["array"]) == ({"passed"}, {"passed"})
    assert "wrong" in verdicts["cubes"] & verdicts["short"]
    bench = Bench(unit.exercises, drawn=0)
    for case in bench.examples(exercise):  # the same after it went into a kit
        (packed,) = case.expected
        assert unpack_expected(pack_expected(packed)).listed


def test_a_solution_without_an_end_ends_with_its_cell_and_the_stub_is_derived(tmp_path: Path) -> None:
    source = 'def twice(x):\n    """Twice x."""\n    ### BEGIN SOLUTION\n    return x + x'
    more = 'def thrice(x):\n    """Thrice x."""\n    ### BEGIN SOLUTION\n    return x * 3\n    ### END SOLUTION'
    cells = [*asked(source, "assert twice(2.0) == 4.0"), *asked(more, "assert thrice(2.0) == 6.0")[1:]]
    unit, report = converted(tmp_path, *cells)
    assert "No stub could be derived" not in report
    assert "has no end: it was taken to end with the cell" in report
    assert "return x" not in stub_source("hw", (tmp_path / "bank",))
    assert [exercise.short for exercise in unit.exercises] == ["twice", "thrice"]


def test_a_unit_is_never_named_as_no_module_can_be(tmp_path: Path) -> None:
    file = saved(tmp_path / "class.ipynb", NBGRADER)
    assert convert(file, tmp_path / "bank").unit == "our_class"
    with pytest.raises(UsageError, match="a word of Python's own"):
        convert(file, tmp_path / "other", "lambda")


def test_a_notebook_of_essays_alone_is_a_unit_with_nothing_to_judge_or_to_hand_out(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    """Rejects the validation of the whole bank in its place, and a fault of the grader."""
    essay = cell("markdown", "Because.", marks("essay", grade=True, solution=True, points=3))
    convert(saved(tmp_path / "essays.ipynb", [essay]), tmp_path / "bank")
    for command in (("validate", "essays"), ("release", "essays", "--out", "kit")):
        code, _, err = run(*command, "--course", "bank/course.toml")
        assert (code, "essays has no exercise yet" in err, err.count("\n")) == (2, True, 1)
