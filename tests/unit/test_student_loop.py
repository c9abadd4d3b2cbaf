"""The student's loop where something slips: names, modules that are damaged or gone, hints from one change to the next."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from student_kit import MENDED, RIGHT, WRONG, Kit, at_work, flat

from grader.errors import UsageError
from grader.student import check_path, terminal
from grader.student import commands as student
from grader.student.hints import Memory
from grader.student.work import module_at


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kit]:
    yield from at_work(tmp_path, monkeypatch)


# ------------------------------------------------------------------------------------------ names that slip
def test_a_function_is_found_by_the_name_under_which_it_stands(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(RIGHT)
    cells = {
        "a lambda": "relu_backward = lambda dout, cache: dout * (cache > 0)",
        "another name": "def mine(dout, cache):\n    return dout * (cache > 0)\nrelu_backward = mine",
        "a decorator that forgets the name": """
            def noted(f):
                def wrapper(*args):
                    return f(*args)
                return wrapper
            @noted
            def relu_backward(dout, cache):
                return dout * (cache > 0)""",
        "a partial one": "import functools\nrelu_backward = functools.partial(lambda k, d, c: k * d * (c > 0), 1)",
    }
    for what, cell in cells.items():
        kit.run(f"{textwrap.dedent(cell)}\ncheck(relu_backward)\nhint(relu_backward)")
        shown = capsys.readouterr().out
        assert "✓ layers.relu_backward: passed" in shown, what
        assert "nothing to hint at" in shown, what
    with pytest.raises(UsageError, match=r"there is no exercise '<lambda>'"):
        kit.run("check(lambda x: x)")


def test_a_function_that_is_passed_counts_under_the_name_of_its_exercise(
    kit: Kit, capsys: pytest.CaptureFixture[str]
) -> None:
    kit.write(MENDED)
    kit.run("relu_backward = lambda dout, cache: dout * (dout > 0)\ncheck(relu_backward)")
    assert "✗ layers.relu_backward: wrong" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("layers", r"'layers' is a unit and no exercise: status\('layers'\)"),
        ("layers.", r"'layers\.' is a unit and no exercise"),
        ("RELU_FORWARD", r"did you mean 'layers\.relu_forward'"),
        ("Layers.Relu_Forward", r"did you mean 'layers\.relu_forward'"),
    ],
)
def test_a_slip_in_a_name_is_answered_by_what_there_is(kit: Kit, asked: str, said: str) -> None:
    kit.write(RIGHT)
    with pytest.raises(UsageError, match=said):
        kit.run(f"check({asked!r})")


def test_ready_takes_names_too(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(RIGHT + "def relu_backward(dout, cache):\n    raise NotImplementedError\n")
    scope = dict(module_at(kit.module).names)
    kit.run(
        'found = [ready("relu_forward"), ready("relu_backward"), ready("layers.relu_backward"), ready("nowhere"), ready()]',
        scope,
    )
    assert scope["found"] == [True, False, False, False, True]
    kit.run("found = [ready(relu_forward), ready(relu_forward, relu_backward)]", scope)
    assert scope["found"] == [True, False]
    waits = ["relu_backward", "layers.relu_backward", "nowhere", "relu_backward"]
    assert capsys.readouterr().out.splitlines() == [f"This experiment waits for {name}." for name in waits]


# ----------------------------------------------------------------------------------- modules and folders
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("raise KeyboardInterrupt", "line 6: you interrupted it here, before it was read to its end"),
        ("raise GeneratorExit", "line 6: GeneratorExit"),
        ("class Away(BaseException): pass\nraise Away('far')", "line 7: Away: far"),
        ("class Mute(Exception):\n    __str__ = None\nraise Mute", "line 8: Mute"),
    ],
)
def test_whatever_a_module_does_when_it_is_read_is_told_at_its_line(
    kit: Kit, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    kit.write(f"{MENDED}{line}\n")
    for _ in range(2):
        kit.run('check("relu_backward")')
        assert f"exercises/layers.py, {said}" in flat(capsys.readouterr().out)
    kit.write(MENDED)
    kit.run('check("relu_backward")')
    assert "✓" in capsys.readouterr().out


def test_a_slip_in_a_module_of_their_own_beside_it_is_told_at_the_import(
    kit: Kit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(kit.folder))
    (kit.module.parent / "beside_it.py").write_text("x = 1\ny = (\n")
    kit.write(f"{MENDED}from exercises.beside_it import x\n")
    kit.run('check("relu_backward")')
    shown = flat(capsys.readouterr().out)
    assert "exercises/layers.py, line 6: SyntaxError: '(' was never closed (beside_it.py, line 2)" in shown
    assert "from exercises.beside_it import x" in shown


def test_a_notebook_that_leaves_when_it_is_read_costs_no_verdict(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    cells = ["import leaves_at_once", "def relu_forward(x):\n    return x, x"]
    (kit.folder / "leaves_at_once.py").write_text("raise SystemExit(0)\n")
    cells = [{"cell_type": "code", "source": cell} for cell in cells]
    (kit.folder / "notebooks" / "06_layers.ipynb").write_text(json.dumps({"cells": cells}))
    kit.write(MENDED)
    assert terminal.main([str(kit.folder), "relu_forward"]) == 1
    assert "✗ layers.relu_forward: wrong" in capsys.readouterr().out


def test_the_folder_of_the_notebooks_stands_for_that_of_the_kit(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.write(MENDED)
    (kit.folder / "notebooks" / "06_layers.ipynb").write_text('{"cells": []}')
    for path in (kit.folder, kit.folder / "notebooks"):
        assert [one.item.status for one in check_path(path, ["relu_backward"])] == ["passed"]
    monkeypatch.chdir(kit.folder / "notebooks")
    assert [one.item.status for one in check_path(Path(), ["relu_backward"])] == ["passed"]


def test_a_module_is_read_in_the_encoding_in_which_python_reads_it(
    kit: Kit, capsys: pytest.CaptureFixture[str]
) -> None:
    kit.module.write_bytes(f"# -*- coding: latin-1 -*-\n# größe\n{MENDED}".encode("latin-1"))
    kit.run('check("relu_backward")')
    assert "✓ layers.relu_backward" in capsys.readouterr().out
    kit.module.write_bytes(f"{MENDED}# größe\n".encode("latin-1"))
    kit.run('check("relu_backward")')
    shown = flat(capsys.readouterr().out)
    assert "exercises/layers.py cannot be read: line 6 is no utf-8 text; save the file as UTF-8" in shown


def test_a_copy_without_a_file_does_not_count(
    kit: Kit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(kit.folder))
    kit.write(MENDED)
    scope = kit.run("from exercises.layers import *")
    kit.run('check("relu_backward")', scope)
    assert "copy" not in capsys.readouterr().out
    kit.module.rename(kit.module.with_name("layers (1).py"))
    kit.run('check("relu_backward")', scope)
    shown = flat(capsys.readouterr().out)
    assert "∅ layers.relu_backward: missing" in shown
    assert "There is no exercises/layers.py any more: was it moved or renamed?" in shown
    kit.run('def relu_backward(dout, cache):\n    return dout * (cache > 0)\ncheck("relu_backward")', scope)
    shown = capsys.readouterr().out
    assert "copy" not in shown, "the notebook's own is none"
    assert "missing" not in shown


def test_the_kit_is_found_where_it_was_imported_from_and_its_file_counts(
    kit: Kit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    kit.go(tmp_path / "elsewhere")
    monkeypatch.syspath_prepend(str(kit.folder))
    kit.write(WRONG)
    scope = kit.run("from exercises.layers import *")
    kit.run('check("relu_backward")', scope)
    assert "✗ layers.relu_backward" in capsys.readouterr().out
    kit.write(MENDED)
    kit.run('check("relu_backward")', scope)
    assert "✓ layers.relu_backward" in capsys.readouterr().out
    (tmp_path / "elsewhere" / "exercises").mkdir()  # of another kit, which lacks this unit
    monkeypatch.setattr(student, "HERE", student._Here())
    kit.run('check("relu_backward")', scope)
    assert "✓ layers.relu_backward" in capsys.readouterr().out
    (tmp_path / "elsewhere" / "exercises").rmdir()
    (tmp_path / "elsewhere").rmdir()
    monkeypatch.setattr(student, "HERE", student._Here())
    kit.run('check("relu_backward")', scope)
    assert "✓ layers.relu_backward" in capsys.readouterr().out, "though the working folder is gone"


def test_what_a_module_made_of_something_else_is_the_modules_too(
    kit: Kit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(kit.folder))
    made = "import functools\nrelu_backward = functools.partial(lambda k, d, c: k * d * (c > 0), {})\n"
    kit.write(RIGHT + made.format(1))
    scope = kit.run("from exercises.layers import *")
    kit.run('check("relu_backward")', scope)
    assert "✓ layers.relu_backward" in capsys.readouterr().out
    kit.write(RIGHT + made.format(2))
    kit.run('check("relu_backward")', scope)
    assert "✗ layers.relu_backward" in capsys.readouterr().out, "the file counts"
    kit.write(RIGHT + made.format("2)"))
    kit.run('check("relu_backward")', scope)
    assert "SyntaxError" in capsys.readouterr().out


def test_a_backward_pass_waits_for_its_forward_pass_where_a_check_needs_its_slope(
    kit: Kit, capsys: pytest.CaptureFixture[str]
) -> None:
    stub = "import numpy as np\ndef relu_forward(x):\n    raise NotImplementedError\n"
    kit.write(stub + "def relu_backward(dout, cache):\n    return dout * (cache > 0)\n")
    assert terminal.main([str(kit.folder), "relu_backward"]) == 0
    shown = capsys.readouterr().out
    assert "– layers.relu_backward: not judged" in shown
    assert "write relu_forward first: this check takes its slope" in shown
    assert "raised" not in shown
    kit.run('hint("relu_backward")')
    assert "write relu_forward first" in capsys.readouterr().out
    kit.write(stub + "def relu_backward(dout, cache):\n    return dout * (dout > 0)\n")
    assert terminal.main([str(kit.folder), "relu_backward"]) == 1
    assert "The mask comes from dout." in capsys.readouterr().out


def test_the_terminal_has_the_words_of_the_cards(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(RIGHT + "def tanh_forward(x):\n    raise NotImplementedError\ndef prediction_copies():\n    return 4.0\n")
    assert terminal.main([str(kit.folder), "relu_forward", "tanh_forward", "prediction_copies", "mse_loss"]) == 0
    heads = [line.partition(" (")[0] for line in capsys.readouterr().out.splitlines() if " (1): " in line]
    assert heads == ["passed the public checks", "not judged", "not attempted", "missing"]


# ------------------------------------------------------------------------------------------------- hints
def hinted(kit: Kit, text: str, capsys: pytest.CaptureFixture[str]) -> str:
    kit.write(text)
    kit.run('hint("relu_backward")')
    return capsys.readouterr().out


def test_a_hint_is_for_a_change_of_the_code_and_for_none_of_its_layout(
    kit: Kit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "hint 1 of 3" in hinted(kit, WRONG, capsys)
    spaced = WRONG.replace(
        "return dout * (dout > 0)", '"""Words."""\n\n    # more words\n    return dout*(dout  >  0)  # why?'
    )
    again = hinted(kit, spaced, capsys)
    assert "hint 1 of 3" in again
    assert "once you have changed the code" in again
    assert "hint 2 of 3" in hinted(kit, WRONG.replace("dout > 0", "dout >= 1e-300"), capsys)


@pytest.mark.parametrize(
    ("helper", "values"),
    [
        ("def mask(d):\n    return d > {}\n", ("0", "-0.0")),
        ("ZERO = {}\ndef mask(d):\n    return d > ZERO\n", ("0.0", "1e-300")),
        ("def deep(d):\n    return d > {}\ndef mask(d):\n    return deep(d)\n", ("0", "-0.0")),
        (
            "class Mask:\n    def __call__(self, d):\n        return d > {}\ndef mask(d):\n    return Mask()(d)\n",
            ("0", "-0.0"),
        ),
    ],
    ids=["a helper", "a constant", "a helper of a helper", "a class"],
)
def test_a_change_of_what_the_function_uses_is_a_change(
    kit: Kit, capsys: pytest.CaptureFixture[str], helper: str, values: tuple[str, str]
) -> None:
    rest = "def relu_backward(dout, cache):\n    return dout * mask(dout)\n"
    before, after = (helper.format(value) for value in values)
    assert "hint 1 of 3" in hinted(kit, RIGHT + before + rest, capsys)
    assert "hint 1 of 3" in hinted(kit, RIGHT + "def other():\n    pass\n" + before + rest, capsys)
    assert "hint 2 of 3" in hinted(kit, RIGHT + after + rest, capsys)


@pytest.mark.parametrize("level", ['"x"', "-5", "0", "4", "99", "null", "1.5", "true", "1e999", "[1]"])
def test_a_level_that_is_none_is_forgotten_and_the_others_are_kept(kit: Kit, level: str) -> None:
    (kit.folder / ".gradmark").mkdir()
    text = f'{{"layers.relu_backward": ["f", {level}, "c"], "layers.tanh_backward": ["f", 2, "c"]}}'
    (kit.folder / ".gradmark" / "hints.json").write_text(text)
    memory = Memory(kit.folder)
    assert memory.level("layers.relu_backward", "f", "d") == (1, False)
    assert memory.level("layers.tanh_backward", "f", "d") == (3, False)


def test_a_memory_of_hints_that_is_nested_without_end_is_forgotten(kit: Kit) -> None:
    (kit.folder / ".gradmark").mkdir()
    (kit.folder / ".gradmark" / "hints.json").write_text("[" * 100_000)
    assert Memory(kit.folder).level("layers.relu_backward", "f", "d") == (1, False)


def test_a_hint_after_an_error_is_about_the_error(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ("return dout * nowhere", "return nowhere * dout", "return +nowhere * dout")
    said = [hinted(kit, f"{RIGHT}def relu_backward(dout, cache):\n    {line}\n", capsys) for line in lines]
    assert "hint 2 of 3" in said[1]
    assert "What is each name there" in said[1]
    assert "docstring" not in said[1]
    said = [hinted(kit, f"{RIGHT}def relu_backward(dout, cache):\n    return (dout{' ' * n}\n", capsys) for n in (1, 2)]
    for text in said:
        assert "nothing could be checked, and this comes first:\nexercises/layers.py, line 5: SyntaxError" in text
        assert "hint 1" not in text


def test_a_symptom_ends_before_its_example_begins(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    text = RIGHT + "def relu_backward(dout, cache):\n    return dout * (cache > 0) * 1.01 + 0.001\n"
    assert "a backward pass is linear in dout. For example: " in hinted(kit, text, capsys)


def test_a_missing_function_is_told_in_one_sentence(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    told = hinted(kit, RIGHT, capsys)
    assert (
        told
        == "layers.relu_backward: it is not written yet: there is no function relu_backward; its docstring says what is asked\n"
    )


def test_hints_go_on_without_a_folder(
    kit: Kit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    kit.go(tmp_path / "elsewhere")
    said = []
    for sign in (">", ">", ">=", "> -0.0 *"):
        scope = dict(
            module_at(_written(kit, f"def relu_backward(dout, cache):\n    return dout * (dout {sign} 0)\n")).names
        )
        scope["relu_backward"].__module__ = "__main__"  # as in a single notebook, which holds all
        kit.run("hint(relu_backward)", scope)
        said.append(capsys.readouterr().out.partition(" of 3")[0])
    assert said == [f"layers.relu_backward, hint {level}" for level in (1, 1, 2, 3)]
    assert list((tmp_path / "elsewhere").iterdir()) == [], "and nothing is left behind"


def _written(kit: Kit, text: str) -> Path:
    kit.write(text)
    return kit.module


def test_a_single_notebook_remembers_its_hints_beside_its_checker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    unpacked = tmp_path / "gradmark_0123456789"
    monkeypatch.setattr(student, "__file__", str(unpacked / "grader" / "student" / "commands.py"))
    unpacked.mkdir()
    assert student._Here().memory.level("layers.relu_backward", "f", "c") == (1, False)
    assert student._Here().memory.level("layers.relu_backward", "f", "d") == (2, False), "in a new kernel"
    assert [path.name for path in tmp_path.iterdir()] == [unpacked.name]
