"""What students run themselves: public checks, in their own process, without the model answers and the bank."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes
from student_kit import MENDED, RIGHT, WRONG, Kit, at_work, forget_exercises

from grader.bank import catalogue
from grader.errors import BankError, SubmissionError, UsageError
from grader.student import Checked, Work, check_path, checked, public_unit, report, terminal, untouched
from grader.student import commands as student
from grader.student.checks import first_sentence
from grader.student.hints import Memory, concept, hint_of
from grader.student.public import exercise_named
from grader.student.shown import cards
from grader.student.work import work_in

CHECKOUT = Path(__file__).parents[2]


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    return dout * (dout > 0)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test writes hints into the checkout, nor finds a module of it."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    forget_exercises()
    monkeypatch.setattr(student, "HERE", student._Here())


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kit]:
    yield from at_work(tmp_path, monkeypatch, "notebooks")


# ------------------------------------------------------------------------------------------ check
def test_check_takes_the_functions_of_its_caller(capsys: pytest.CaptureFixture[str]) -> None:
    student.check("layers.relu_forward", "relu_backward", relu_backward, "layers.tanh_forward")
    shown = capsys.readouterr().out
    assert "✓ layers.relu_forward: passed\n  public checks 2 of 2 passed; 1 more runs at grading" in shown
    assert shown.count("✗ layers.relu_backward: wrong") == 2
    assert shown.count("The mask comes from dout.") == 2
    assert "∅ layers.tanh_forward: missing" in shown
    assert "all passed" not in shown


def test_a_name_is_full_or_short_or_the_function_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert exercise_named("layers.relu_forward") is exercise_named("relu_forward")
    assert exercise_named("relu_forward", ["layers"]).name == "layers.relu_forward"
    with pytest.raises(UsageError, match=r"did you mean 'layers\.relu_backward'"):
        student.check("layers.relu_bakward")
    with pytest.raises(UsageError, match=r"did you mean 'layers\.relu_backward'"):
        student.check("relu_bakward")
    with pytest.raises(UsageError, match="takes names or functions, and not a int"):
        student.check(3)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"no unit 'layer', did you mean 'layers'"):
        student.status("layer")


def test_a_short_name_of_two_units_is_asked_back() -> None:
    names: dict[str, list[str]] = {}
    for unit in terminal.unit_names():
        for exercise in public_unit(unit).unit.exercises:
            names.setdefault(exercise.short, []).append(unit)
    twice = next(short for short, units in names.items() if len(units) > 1)
    with pytest.raises(UsageError, match="say which"):
        exercise_named(twice)
    assert exercise_named(twice, names[twice][:1]).unit == names[twice][0]


def test_check_and_status_without_a_name_are_about_the_notebook(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(WRONG)
    kit.run("def relu_forward(x):\n    return x, x\ndef tanh_forward(x):\n    return x, x\ncheck()")
    shown = capsys.readouterr().out
    assert "of 36 exercises passed the public checks" in shown
    assert "✗ layers.relu_forward: wrong" in shown, "the faults have their cards"
    kit.run("def relu_forward(x):\n    return x, x\nstatus()")
    shown = capsys.readouterr().out
    assert len([line for line in shown.splitlines() if " layers." in line]) == 36
    assert "✗ layers.relu_forward: wrong" not in shown
    with pytest.raises(UsageError, match="nothing of a unit is here"):
        kit.run("status()")


def test_what_is_only_judged_at_grading_is_said_to_be(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(RIGHT + "def prediction_copies():\n    return 4.0\n")
    kit.run('check("prediction_copies")')
    shown = capsys.readouterr().out
    assert "no public checks; 1 check at grading" in shown
    assert "passed" not in shown
    kit.write(RIGHT + "def prediction_copies():\n    raise NotImplementedError\n")
    kit.run('check("prediction_copies")')
    assert "not attempted" in capsys.readouterr().out


def test_a_backward_pass_says_if_its_forward_pass_is_at_fault(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    backward = "def relu_backward(dout, cache):\n    return dout * np.sign(cache)\n"
    kit.write(f"import numpy as np\ndef relu_forward(x):\n    return np.abs(x), x\n{backward}")
    kit.run('check("relu_backward")')
    shown = " ".join(capsys.readouterr().out.split())
    assert "relu_forward does not pass its own public checks: mend it first." in shown
    assert "can keep its points" in shown
    kit.write(WRONG)
    kit.run('check("relu_backward")')
    assert "mend it first" not in capsys.readouterr().out


def test_a_planted_fault_is_not_attempted_until_it_is_touched(kit: Kit) -> None:
    fault = next(
        e for unit in terminal.unit_names() for e in public_unit(unit).unit.exercises if e.form == "planted fault"
    )
    body = public_unit(fault.unit).exercises[fault.name].planted
    assert body is not None
    assert body.startswith("def "), "and not its declaration with what is said of it"
    assert untouched({fault.function: body}, {}) == frozenset()
    module = kit.folder / "exercises" / f"{fault.unit}.py"
    for text, attempted in ((body, False), (body.replace("return ", "return 2 * ", 1), True)):
        module.write_text(f"import numpy as np\n\n\ndef {fault.function}({text.partition('(')[2]}\n")
        found = {one.exercise.name: one.item.status for one in check_path(kit.folder)}
        assert (found[fault.name] != "not_attempted") == attempted


def test_a_graph_is_shown_with_its_first_wrong_step_and_what_inherits_it(kit: Kit) -> None:
    exercise = next(e for e in public_unit("graphs").unit.exercises if e.short == "network_graph")
    model = catalogue().exercise(exercise.name)
    wrong = next(m for m in model.mistakes if m.name == "has_no_hidden_bias")
    found = checked(exercise, Work({exercise.function: wrong.answer}))
    (graph,) = [c.counterexample.graph for c in found.item.checks if c.counterexample and c.counterexample.graph]
    assert (graph["wrong"], graph["inherited"][:2]) == ("h", ["r", "z"])
    text = cards([found])[0].text
    assert "r, z, e, s, L inherit its fault" in " ".join(text.split())
    right = checked(exercise, Work({exercise.function: model.answer()}))
    assert right.item.status == "passed"


# ------------------------------------------------------------------------------- what counts, and when
def test_the_module_on_disk_counts_and_an_older_copy_is_told(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(WRONG)
    sys.path.insert(0, str(kit.folder))
    try:
        (kit.module.parent / "__init__.py").touch()
        importlib.invalidate_caches()
        for name in [name for name in sys.modules if name.startswith("exercises")]:
            del sys.modules[name]
        scope = kit.run("from exercises.layers import *\n", {"check": student.check, "hint": student.hint})
        kit.run('check("relu_backward")', scope)
        shown = capsys.readouterr().out
        assert "✗ layers.relu_backward" in shown
        assert "older copy" not in shown
        kit.write(MENDED)
        kit.run('check("relu_backward")', scope)
        shown = capsys.readouterr().out
        assert "✓ layers.relu_backward" in shown, "what is on disk was mended"
        assert "another copy" in shown
        kit.run("check(relu_backward)", scope)
        assert "✓ layers.relu_backward" in capsys.readouterr().out
    finally:
        sys.path.remove(str(kit.folder))


def test_a_notebook_follows_the_edits_of_the_module(kit: Kit) -> None:
    from grader.student import notebook

    (kit.module.parent / "__init__.py").touch()
    kit.write(WRONG + "def half(x):\n    return x / 2\n")
    sys.path.insert(0, str(kit.folder))
    try:
        for name in [name for name in sys.modules if name.startswith("exercises")]:
            del sys.modules[name]
        importlib.invalidate_caches()
        scope = kit.run("from exercises.layers import *\n")
        scope["half"] = own = lambda x: x
        before = scope["relu_backward"]
        one = np.ones(1)
        kit.monkeypatch.setattr(notebook, "HERE", student.HERE)
        notebook.follow(scope)
        assert scope["relu_backward"](one, -one) == 1, "as it was, by whichever copy"
        kit.write(MENDED + "def half(x):\n    return x / 3\ndef new(x):\n    return x\n")
        notebook.follow(scope)
        assert scope["relu_backward"](one, -one) == 0
        assert scope["half"] is own, "the notebook's own function stays"
        kit.run("from exercises.layers import *", scope)
        assert scope["new"](3) == 3
        kit.write("def broken(:\n")
        notebook.follow(scope)
        assert scope["relu_backward"](one, -one) == 0
        assert before is not scope["relu_backward"]
    finally:
        sys.path.remove(str(kit.folder))


def test_a_definition_in_the_notebook_counts_before_the_module(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(MENDED)
    kit.run('def relu_backward(dout, cache):\n    return dout * (dout > 0)\ncheck("relu_backward")')
    shown = capsys.readouterr().out
    assert "✗ layers.relu_backward" in shown
    assert "copy" not in shown


@pytest.mark.parametrize("where", [".", "notebooks", "exercises"])
def test_the_folder_is_found_from_anywhere_in_it_and_kept(
    kit: Kit, where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kit.write(MENDED)
    kit.go(where)
    os.chdir(tmp_path)  # as a notebook may, after its first cell
    kit.run('check("relu_backward")')
    assert "✓ layers.relu_backward" in capsys.readouterr().out


def test_a_syntax_error_is_told_with_the_students_line_and_nothing_of_the_old_module(
    kit: Kit, capsys: pytest.CaptureFixture[str]
) -> None:
    kit.write(MENDED)
    kit.run('check("relu_backward")')
    assert "✓" in capsys.readouterr().out
    kit.write(MENDED.replace("return dout * (cache > 0)", "return dout * (cache > 0"))
    kit.run('check("relu_backward")\nhint("relu_backward")')
    shown = capsys.readouterr().out
    assert "exercises/layers.py, line 5: SyntaxError: '(' was never closed" in " ".join(shown.split())
    assert "return dout * (cache > 0" in shown
    assert "✓" not in shown
    assert "Traceback" not in shown
    scope = kit.run('def relu_forward(x):\n    return x * (x > 0), x\ncheck("relu_forward")')
    assert "✓ layers.relu_forward" in capsys.readouterr().out, "the notebook's own function needs no module"
    assert scope


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_like_it\n", "line 1: ModuleNotFoundError: No module named 'nothing_like_it'"),
        (RIGHT + "x = 1 / 0\n", "line 4: ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)\n", "line 1: SystemExit: 3"),
    ],
)
def test_a_module_that_cannot_be_imported_says_why(
    kit: Kit, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    kit.write(text)
    kit.run('check("relu_backward")')
    shown = " ".join(capsys.readouterr().out.split())
    assert said in shown
    kit.write(MENDED)
    kit.run('check("relu_backward")')
    assert "✓" in capsys.readouterr().out


def test_bytes_that_are_no_text_are_told(kit: Kit) -> None:
    kit.module.write_bytes(b"\xff\xfe\x00x = 1")
    (found,) = check_path(kit.module, ["relu_backward"])
    assert found.item.status == "raised"
    assert "cannot be read" in found.item.message


# ------------------------------------------------------------------------------------------- hints
def hinted(kit: Kit, text: str, capsys: pytest.CaptureFixture[str]) -> str:
    kit.write(text)
    kit.run('hint("relu_backward")')
    return capsys.readouterr().out


def test_hints_come_in_levels_and_the_next_one_after_a_change(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    first = hinted(kit, WRONG, capsys)
    assert "hint 1 of 3 (layers.relu_backward/masks_by_upstream)" in first
    assert "The mask comes from dout." in first
    assert "Which tensor decides" not in first
    again = hinted(kit, WRONG, capsys)
    assert "hint 1 of 3" in again
    assert "once you have changed the code" in again
    student.HERE.memory = Memory(kit.folder)  # as after a restart
    assert "hint 1 of 3" in hinted(kit, WRONG, capsys)
    second = hinted(kit, WRONG.replace("(dout > 0)", "(dout >= 1e-300)"), capsys)
    assert "hint 2 of 3" in second
    assert "Which tensor decides" in second
    third = hinted(kit, WRONG.replace("dout * (dout > 0)", "(dout > 0) * dout"), capsys)
    assert "hint 3 of 3" in third
    assert "Work this one out by hand, with" in third
    assert "dx =" in third
    other = hinted(kit, WRONG.replace("dout * (dout > 0)", "dout"), capsys)
    assert "hint 1 of 3" in other, "another fault begins anew"
    assert "nothing to hint at" in hinted(kit, MENDED, capsys)


def test_a_hint_says_so_where_there_is_nothing_to_say(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(RIGHT + "def tanh_forward(x):\n    raise NotImplementedError\ndef prediction_copies():\n    return 1\n")
    kit.run('hint("tanh_forward")\nhint("sigmoid_forward")\nhint("prediction_copies")')
    shown = capsys.readouterr().out.splitlines()
    assert "not written yet; its docstring says" in shown[0]
    assert "not written yet: there is no function sigmoid_forward" in shown[1]
    assert "nothing of it is checked here" in shown[2]
    kit.write(RIGHT + "def relu_backward(dout, cache):\n    return np.sin(dout) + np.cos(cache)\n")
    kit.run('hint("relu_backward")')
    assert "Nothing known explains" not in capsys.readouterr().out, "that is the second level"


@pytest.mark.parametrize("damaged", ["{", "[]", '{"a": 1}', '{"a": [1]}'])
def test_a_damaged_memory_of_hints_begins_anew(tmp_path: Path, damaged: str) -> None:
    (tmp_path / ".gradmark").mkdir()
    (tmp_path / ".gradmark" / "hints.json").write_text(damaged)
    assert Memory(tmp_path).level("layers.relu_backward", "f", "c") == (1, False)
    assert Memory(tmp_path).level("layers.relu_backward", "f", "c") == (1, True)
    assert Memory(tmp_path).level("layers.relu_backward", "f", "d") == (2, False)


def test_a_hint_needs_no_folder_that_can_be_written(tmp_path: Path) -> None:
    (tmp_path / ".gradmark").write_text("a file in the way")
    memory = Memory(tmp_path)
    assert memory.level("a", "f", "c") == (1, False)
    assert memory.level("a", "f", "d") == (2, False)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The mask comes from dout. Which tensor decides?", "The mask comes from dout."),
        ("One term: dx is 0.5 of it", "One term: dx is 0.5 of it"),
        ("dw is averaged. 2 would be right.", "dw is averaged."),
        ("Why? Because.", "Why?"),
    ],
)
def test_the_symptom_is_the_first_sentence(text: str, first: str) -> None:
    assert first_sentence(text) == first


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The mask comes from dout. Which tensor decides?", "Which tensor decides?"),
        ("A sign: What is taken away from what?", "What is taken away from what?"),
        ("dw is averaged.", "Which line of yours does that, and what does the docstring say in its place?"),
    ],
)
def test_the_concept_is_what_comes_after_the_symptom(text: str, said: str) -> None:
    assert concept(text) == said


def test_hints_are_for_what_was_written(kit: Kit) -> None:
    kit.write(WRONG)
    work = work_in("layers", {}, kit.folder)
    found = checked(exercise_named("layers.relu_backward"), work)
    assert isinstance(found, Checked)
    assert "hint 1" in hint_of(found, work.functions["relu_backward"], Memory())


# ------------------------------------------------------------------------------------------ terminal
def statuses(path: Path) -> dict[str, str]:
    return {found.exercise.name: found.item.status for found in check_path(path)}


@pytest.mark.parametrize("form", ["module", "folder", "notebook", "folder with a notebook", "relative"])
def test_work_is_found_in_every_form(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "exercises").mkdir()
    notebook = writes(
        new_notebook(
            cells=[
                new_code_cell("%matplotlib inline\n!ls\n" + WRONG, id="a"),
                new_code_cell("1/0\nx = 3", id="b"),
                new_code_cell("%%time\nnot python", id="c"),
                new_code_cell("def broken(:", id="d"),
            ]
        )
    )
    match form:
        case "module":
            path = tmp_path / "exercises" / "layers.py"
            path.write_text(WRONG)
        case "relative":
            (tmp_path / "exercises" / "layers.py").write_text(WRONG)
            monkeypatch.chdir(tmp_path / "exercises")
            path = Path("layers.py")
        case "folder":
            path = tmp_path
            (tmp_path / "exercises" / "layers.py").write_text(WRONG)
        case "notebook":
            path = tmp_path / "06_layers.ipynb"
            path.write_text(notebook)
        case _:
            path = tmp_path
            (tmp_path / "06_layers.ipynb").write_text(notebook)
    found = statuses(path)
    assert found["layers.relu_forward"] == "passed"
    assert found["layers.relu_backward"] in ("wrong", "partial")
    assert found["layers.tanh_forward"] in ("missing", "not_attempted")


def test_the_folder_of_notebooks_is_checked_as_the_whole_kit_is(kit: Kit) -> None:
    """``gradmark check`` in notebooks/ said that every function is missing, whatever stood in exercises/."""
    kit.write(WRONG)
    cells = [
        new_code_cell("from exercises.layers import *", id="a"),
        new_code_cell("def tanh_forward(x):\n    return x, x", id="b"),
    ]
    (kit.folder / "notebooks" / "06_layers.ipynb").write_text(writes(new_notebook(cells=cells)))
    whole = statuses(kit.folder)
    assert (whole["layers.relu_forward"], whole["layers.relu_backward"]) == ("passed", "wrong")
    assert whole["layers.tanh_forward"] != "missing"
    assert statuses(kit.folder / "notebooks") == statuses(Path()) == whole


def test_a_function_of_a_notebook_is_read_with_its_loops(tmp_path: Path) -> None:
    vectorised = next(e for u in terminal.unit_names() for e in public_unit(u).unit.exercises if e.form == "vectorise")
    text = f"import numpy as np\ndef {vectorised.function}(*args):\n    return [x for x in args]\n"
    path = tmp_path / f"01_{vectorised.unit}.ipynb"
    path.write_text(writes(new_notebook(cells=[new_code_cell(text, id="a")])))
    (found,) = check_path(path, [vectorised.name])
    source = next(c for c in found.item.checks if c.kind == "source")
    assert source.status == "wrong"
    assert "list comprehension" in source.message


def test_what_cannot_be_checked_says_why(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing at"):
        check_path(tmp_path / "gone")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(SubmissionError, match="holds no exercises"):
        check_path(empty)
    (tmp_path / "mine.py").write_text("import nothing_like_it")
    with pytest.raises(SubmissionError, match="ModuleNotFoundError"):
        check_path(tmp_path / "mine.py")
    (tmp_path / "x.txt").write_text("")
    with pytest.raises(SubmissionError, match="neither a notebook nor"):
        check_path(tmp_path / "x.txt")
    (tmp_path / "x.ipynb").write_text("{")
    with pytest.raises(SubmissionError, match="no notebook that can be read"):
        check_path(tmp_path / "x.ipynb")
    (tmp_path / "layers.py").write_text(WRONG)
    with pytest.raises(SubmissionError, match=r"nothing of mlp\.cost"):
        check_path(tmp_path / "layers.py", ["mlp.cost"])


def test_the_terminal_says_what_the_notebook_says(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(WRONG)
    kit.run('check("relu_backward")')
    card = capsys.readouterr().out.strip()
    found = check_path(kit.folder, ["relu_backward"])
    text = report(found)
    assert text.startswith(card)
    assert text.endswith("0 passed, 1 to look at, 0 others; 1 more check runs at grading")
    assert terminal.main([str(kit.folder), "relu_backward"]) == 1
    assert capsys.readouterr().out.strip() == text.strip()
    kit.go(".")
    assert terminal.main(["relu_forward"]) == 0
    assert terminal.path_and_names(["relu_forward", "relu_backward"]) == (Path(), ["relu_forward", "relu_backward"])
    assert terminal.path_and_names(["exercises", "relu_backward"]) == (Path("exercises"), ["relu_backward"])
    assert terminal.path_and_names(["gone/layers.py"]) == (Path("gone/layers.py"), [])
    assert "passed the public checks (1): relu_forward" in capsys.readouterr().out
    assert "0 passed, 0 to look at, 1 other; " in report(check_path(kit.folder, ["tanh_forward"]))
    assert terminal.main(["nowhere/at/all"]) == 2
    assert terminal.main(["--help"]) == 0


def test_public_data_that_are_damaged_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.student import public

    monkeypatch.setattr(public, "FOLDER", tmp_path)
    public.public_unit.cache_clear()
    public.unit_names.cache_clear()
    try:
        whole = json.loads((CHECKOUT / "grader/student/units/layers.json").read_text())
        for damaged in ("", "{", "{}", json.dumps({**whole, "schema": "gradmark/public/0"}), json.dumps({"schema": 1})):
            (tmp_path / "layers.json").write_text(damaged)
            public.unit_names.cache_clear()
            with pytest.raises(BankError, match="cannot be read"):
                public.public_unit("layers")
    finally:
        public.public_unit.cache_clear()
        public.unit_names.cache_clear()


def test_ready_waits_for_stubs(capsys: pytest.CaptureFixture[str]) -> None:
    def tanh_forward(x):
        raise NotImplementedError

    assert student.ready(relu_forward)
    assert not student.ready(relu_forward, tanh_forward)
    assert "waits for tanh_forward" in capsys.readouterr().out


def test_the_students_side_loads_nothing_of_the_bank_nor_any_library_but_numpy() -> None:
    code = (
        "import sys, grader.student.notebook, grader.student.__main__\n"
        "ours = {m.split('.')[1] for m in sys.modules if m.startswith('grader.')}\n"
        "assert ours <= {'student', 'judging', 'diagnosis', 'report', 'items', 'result', 'statuses', 'errors'}, ours\n"
        "heavy = {'reference', 'exercises', 'hypothesis', 'pydantic', 'orjson', 'click', 'rich', 'jinja2', 'nbformat'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
