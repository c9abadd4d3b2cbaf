"""Submissions graded from end to end: the acceptance of the main job."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from answers import model_answers
from nbformat.v4 import new_code_cell, writes
from sampled import one_in
from samples import LIMITS, RELU, notebook

from grader.bank import catalogue
from grader.errors import IsolationError, UsageError
from grader.grading import drivers
from grader.grading import one as grade
from grader.grading.many import Options, grade_paths
from grader.judging.checks.judge import Judge
from grader.result import Result, document, read
from grader.runtime import Limits, resolve
from grader.submission import collect

CHECKOUT = Path(__file__).parents[2]
UNITS = {unit.name: f"{unit.number:02d}_{unit.name}.ipynb" for unit in catalogue().units.values()}


def graded(*paths: Path, **options: object) -> list[Result]:
    return grade_paths(list(paths), Options(jobs=1, **{"limits": LIMITS, **options}))  # type: ignore[arg-type]


def test_a_module_that_cannot_be_imported_is_told_once(tmp_path: Path) -> None:
    """Rejects the fault told for each exercise, with an input that the function never saw, and the import system's frames."""
    (tmp_path / "ada" / "exercises").mkdir(parents=True)
    source = "import nothing_like_it\n" + RELU + "\n\ndef relu_backward(dout, cache):\n    return dout * (cache > 0)\n"
    (tmp_path / "ada" / "exercises" / "layers.py").write_text(source)
    (result,) = graded(tmp_path / "ada")
    items = {item.exercise.partition(".")[2]: item for item in result.items}
    first, second = items["relu_forward"].checks[0], items["relu_backward"].checks[0]
    assert first.message.startswith("exercises/layers.py could not be imported: ModuleNotFoundError")
    assert "import nothing_like_it" in first.message
    assert "importlib" not in first.message
    assert first.counterexample is None
    assert second.message == "exercises/layers.py could not be imported: see relu_forward"


@pytest.mark.parametrize("unit", UNITS)
def test_the_untouched_notebook_with_its_stubs_is_not_attempted(unit: str, tmp_path: Path) -> None:
    """Rejects a zero without a word: that nothing was attempted is said."""
    for folder, name in (("notebooks", UNITS[unit]), ("exercises", f"{unit}.py")):
        (tmp_path / "ada" / folder).mkdir(parents=True)
        shutil.copy(CHECKOUT / folder / name, tmp_path / "ada" / folder)
    (result,) = graded(tmp_path / "ada", limits=Limits())
    assert result.notebook.status == "ok"
    assert {item.status for item in result.items} == {"not_attempted"}
    assert (result.score, result.graded, result.notes) == (0.0, True, ["nothing_attempted"])


@pytest.mark.parametrize("unit", UNITS)
def test_a_notebook_without_the_file_of_its_functions_is_not_graded(unit: str) -> None:
    """Rejects the zero for stubs of ours that stand in for a file which was not attached."""
    (result,) = graded(CHECKOUT / "notebooks" / UNITS[unit], limits=Limits())
    assert (result.notebook.status, result.graded) == ("incomplete", False)
    assert f"exercises/{unit}.py" in (result.notebook.error or "")
    assert {(item.status, item.message) for item in result.items} == {("skipped", "the functions are not attached")}


@pytest.mark.parametrize("unit", UNITS)
def test_a_copy_with_the_model_answers_in_a_cell_has_the_full_score(unit: str, tmp_path: Path) -> None:
    filled = json.loads((CHECKOUT / "notebooks" / UNITS[unit]).read_text())
    answers = new_code_cell(model_answers(unit), id="answers")
    filled["cells"].insert(len(filled["cells"]), dict(answers))
    (tmp_path / UNITS[unit]).write_text(json.dumps(filled))
    (result,) = graded(tmp_path / UNITS[unit], limits=Limits())
    assert [(i.exercise, i.status, i.message) for i in result.items if i.status != "passed"] == []
    assert result.score == result.max_score > 0


@pytest.mark.parametrize("unit", one_in(3, UNITS, start=2))
def test_a_repository_with_the_model_answers_in_exercises_has_the_full_score(unit: str, tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "notebooks", tmp_path / "ada" / "notebooks")
    (tmp_path / "ada" / "exercises").mkdir()
    (tmp_path / "ada" / "exercises" / f"{unit}.py").write_text(model_answers(unit))
    (result,) = graded(tmp_path / "ada", assignment=unit, limits=Limits())
    assert (result.notebook.status, result.notebook.error) == ("ok", None)
    assert [(i.exercise, i.status, i.message) for i in result.items if i.status != "passed"] == []
    assert result.score == result.max_score


def test_the_same_submission_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    wrong = (
        RELU.replace("cache > 0", "dout > 0") + "\ndef softmax_forward(x):\n    raise ValueError(f'{object()} {x}')\n"
    )
    (tmp_path / "06_layers.ipynb").write_text(
        writes(notebook(wrong, "import numpy as np\nprint(np.random.rand())\n1/0"))
    )

    def once() -> str:
        (result,) = graded(tmp_path / "06_layers.ipynb")
        return document([replace(result, notebook=replace(result.notebook, seconds=0.0))])

    first = once()
    assert first == once()
    assert "masks_by_upstream" in first
    assert "0x7" not in first


def test_one_bad_submission_leaves_the_others_whole(tmp_path: Path) -> None:
    (tmp_path / "06_layers.ipynb").write_text(writes(notebook(RELU)))
    (tmp_path / "layers_bad.ipynb").write_text('{"cells": [')
    (tmp_path / "layers_dead.ipynb").write_text(writes(notebook("import os\nos._exit(1)", RELU)))
    names = ["06_layers.ipynb", "layers_bad.ipynb", "gone.ipynb", "layers_dead.ipynb"]
    good, bad, gone, dead = graded(*(tmp_path / name for name in names))
    assert [r.graded for r in (good, bad, gone, dead)] == [True, False, False, True]
    assert good.score == dead.score > 0
    assert "line 1" in (bad.notebook.error or "")
    assert "nothing at this path" in (gone.notebook.error or "")
    (alone,) = graded(tmp_path / "06_layers.ipynb")
    assert alone.items == good.items


HALF = "\\ud800"


def test_half_a_character_takes_nothing_down(tmp_path: Path) -> None:
    cells = {
        "raised": f"raise ValueError('a{HALF}b')",
        "printed": f"print('a{HALF}b')",
        "shown": f"print('a{HALF}b'), 'a{HALF}b'",
    }
    for name, cell in cells.items():
        text = f"def relu_forward(x):\n    return '{HALF}', x\ndef relu_backward(dout, cache):\n    raise ValueError('a{HALF}b')"
        (tmp_path / f"{name}.ipynb").write_text(writes(notebook(text, cell)))
    source = notebook("x = 1")
    source.cells[0].source = "x = '\ud800'"
    (tmp_path / "source.ipynb").write_text(json.dumps(source))
    paths = [*sorted(tmp_path.glob("*.ipynb")), CHECKOUT / "examples" / "class" / "ada" / UNITS["layers"]]
    results = graded(*paths, assignment="layers", artifacts=tmp_path / "out")
    assert [(r.submission.id, r.notebook.status, r.notebook.error) for r in results[:4]] == [
        ("printed", "ok", None),
        ("raised", "failed", "ValueError: a?b"),
        ("shown", "ok", None),
        ("source", "unreadable", "cell 1 is not text: it holds half of a surrogate pair"),
    ]
    assert [r.graded for r in results] == [True, True, True, False, True]
    for result in results[:3]:
        found = {i.exercise: (i.status, i.message) for i in result.items}
        assert found["layers.relu_forward"][0] == "wrong"
        assert "raised ValueError: a?b" in found["layers.relu_backward"][1]
        assert read((tmp_path / "out" / f"{result.submission.id}.layers.json").read_text()) == result
        assert "a?b" in (tmp_path / "out" / f"{result.submission.id}.layers.ipynb").read_text()


def test_answers_of_another_form_are_wrong_and_no_fault_of_the_graders(tmp_path: Path) -> None:
    for number, odd in enumerate(["'text'", "{'dx': dout}", "[[1.0], [1.0, 2.0]]", "None", "1j"]):
        text = f"def relu_backward(dout, cache):\n    return {odd}"
        (tmp_path / f"{number}.ipynb").write_text(writes(notebook(text)))
    for result in graded(*sorted(tmp_path.glob("*.ipynb")), assignment="layers"):
        item = next(i for i in result.items if i.exercise == "layers.relu_backward")
        assert (item.status, result.needs_person) == ("wrong", False)


def test_an_executed_notebook_is_written_down_where_it_is_kept(tmp_path: Path) -> None:
    (tmp_path / "06_layers.ipynb").write_text(writes(notebook("print('hello')")))
    (submission,) = collect(tmp_path / "06_layers.ipynb", "layers", {"layers": frozenset()}, {"layers": ""})
    assert "hello" in (grade.grade(submission, grade.Settings(resolve("auto"), limits=LIMITS)).executed or "")
    assert grade.grade(submission, grade.Settings(resolve("auto"), limits=LIMITS, executed=False)).executed is None


def test_artifacts_are_written_as_results_come(tmp_path: Path) -> None:
    (tmp_path / "06_layers.ipynb").write_text(writes(notebook(RELU, "print('shown')")))
    (result,) = graded(tmp_path / "06_layers.ipynb", artifacts=tmp_path / "out")
    kept = {p.name: p.read_text() for p in (tmp_path / "out").iterdir()}
    names = {Path(name).suffix for name in kept}
    assert names == {".json", ".ipynb"}
    assert read(next(v for k, v in kept.items() if k.endswith(".json"))) == result
    assert "shown" in next(v for k, v in kept.items() if k.endswith(".ipynb"))


def test_a_fault_of_the_grader_is_never_a_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "06_layers.ipynb").write_text(writes(notebook(RELU)))
    judge = Judge.verdicts

    def broken(self: Judge, exercise: object) -> object:
        if exercise.function == "relu_forward":  # type: ignore[attr-defined]
            raise RuntimeError("ours")
        return judge(self, exercise)  # type: ignore[arg-type]

    monkeypatch.setattr(Judge, "verdicts", broken)
    (result,) = graded(tmp_path / "06_layers.ipynb")
    by_name = {i.exercise: i for i in result.items}
    assert by_name["layers.relu_forward"].status == "grader_error"
    assert "needs a person" in by_name["layers.relu_forward"].message
    assert result.needs_person
    assert by_name["layers.relu_backward"].status in ("passed", "grader_error")


def test_follow_through_pays_a_consistent_pair_and_no_trivial_one(tmp_path: Path) -> None:
    bodies = {
        "consistent": ("abs(x), x", "dout * np.sign(cache)"),
        "zero": ("0 * x, x", "0 * dout"),
        "identity": ("x, x", "dout"),
    }
    pair = "def relu_forward(x):\n    return {}\ndef relu_backward(dout, cache):\n    return {}"
    scores = {}
    for name, body in bodies.items():
        source = "import numpy as np\n" + pair.format(*body)
        (tmp_path / f"layers_{name}.ipynb").write_text(writes(notebook(source)))
        (result,) = graded(tmp_path / f"layers_{name}.ipynb")
        scores[name] = {
            i.exercise: i.score for i in result.items if "relu_" in i.exercise and "leaky" not in i.exercise
        }
    assert scores["consistent"]["layers.relu_forward"] == 0
    assert scores["consistent"]["layers.relu_backward"] == 4
    assert scores["zero"]["layers.relu_backward"] == 0
    assert scores["identity"]["layers.relu_backward"] == 0


def test_a_driver_that_dies_costs_its_submission_a_person_and_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pool breaks with it: what is left goes on in a new one."""
    from concurrent.futures import Future
    from concurrent.futures.process import BrokenProcessPool

    for name in ("layers_a", "layers_b", "layers_dies"):
        (tmp_path / f"{name}.ipynb").write_text(writes(notebook(RELU)))

    class Pool:
        def shutdown(self, **_: object) -> None:
            return None

        def submit(self, function: Callable[..., object], submission: object, settings: object) -> Future[object]:
            future: Future[object] = Future()
            if submission.id == "layers_dies":  # type: ignore[attr-defined]
                future.set_exception(BrokenProcessPool("died"))
            else:
                future.set_result(function(submission, settings))
            return future

    monkeypatch.setattr(drivers, "_driver", lambda *_: Pool())
    paths = [tmp_path / f"{name}.ipynb" for name in ("layers_a", "layers_dies", "layers_b")]
    a, dies, b = grade_paths(paths, Options(jobs=2, limits=LIMITS))
    assert a.score == b.score > 0
    assert dies.needs_person
    assert not dies.graded


def test_what_the_user_got_wrong_is_said_before_anything_is_graded(tmp_path: Path) -> None:
    (tmp_path / "06_layers.ipynb").write_text(writes(notebook(RELU)))
    with pytest.raises(UsageError, match="did you mean 'layers'"):
        graded(tmp_path / "06_layers.ipynb", assignment="layer")
    with pytest.raises(IsolationError, match="no isolation level 'total'"):
        graded(tmp_path / "06_layers.ipynb", isolation="total")


def test_the_bank_digest_names_the_bank() -> None:
    assert len(grade.bank_digest()) == 64


def test_every_cell_that_fails_is_named(tmp_path: Path) -> None:
    """Rejects a result that names the first alone: its author mends one, and the next comes to light a hand-in later."""
    cells = ["1/0", RELU, "undefined", *["raise ValueError(1)"] * 30]
    (tmp_path / "layers.ipynb").write_text(writes(notebook(*cells)))
    (result,) = graded(tmp_path / "layers.ipynb")
    assert (result.notebook.cell, result.notebook.error) == (1, "ZeroDivisionError: division by zero")
    assert result.notes[:2] == [
        "failed too: cell 3: NameError: name 'undefined' is not defined",
        "failed too: cell 4: ValueError: 1",
    ]
    assert (len(result.notes), result.notes[-1]) == (21, "and 11 more cells failed")


def test_a_command_in_the_cell_of_the_answer_does_not_end_it(tmp_path: Path) -> None:
    """Rejects an error at ``!pip install``: the functions below it were missing."""
    (tmp_path / "layers.ipynb").write_text(
        writes(notebook("!pip install tqdm\nlisted = !ls\nassert listed == []" + RELU))
    )
    (result,) = graded(tmp_path / "layers.ipynb", artifacts=tmp_path / "out")
    assert (result.notebook.status, result.score > 0) == ("ok", True)
    assert "!pip install tqdm: no command can be run here" in next((tmp_path / "out").glob("*.ipynb")).read_text()


def test_a_script_that_nbconvert_made_is_imported(tmp_path: Path) -> None:
    """Rejects a module's import that does not know ``get_ipython``: all of its functions raised."""
    (tmp_path / "layers.py").write_text(
        "get_ipython().system('pip install tqdm')\nget_ipython().run_line_magic('time', '1')\n" + RELU
    )
    (result,) = graded(tmp_path / "layers.py")
    assert {i.exercise: i.status for i in result.items}["layers.relu_backward"] == "passed"


def test_a_function_whose_cell_failed_says_so(tmp_path: Path) -> None:
    """Rejects "was it renamed?" where the cell that defines the function ended before it."""
    (tmp_path / "layers.ipynb").write_text(
        writes(notebook("1/0", "undefined" + RELU, "def softmax_forward(x):\n    return x, x"))
    )
    (result,) = graded(tmp_path / "layers.ipynb")
    item = next(i for i in result.items if i.exercise == "layers.relu_forward")
    assert (item.status, item.message[:47]) == ("missing", "cell 2 defines relu_forward and failed: NameErr")
