"""The student's loop where something goes wrong: code that leaves, values that bite, names that slip, files that are damaged."""

from __future__ import annotations

import contextlib
import json
import sys
import textwrap
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import grader.diagnosis
from grader.errors import GraderError, UsageError
from grader.judging import Call, Chain, Raised, Refused, Reply, Returned
from grader.student import Interrupted, LocalAnswers, Work, check_path, checks, terminal
from grader.student import commands as student
from grader.student.hints import Memory
from grader.student.public import exercise_named
from grader.student.work import module_at

RIGHT = "import numpy as np\ndef relu_forward(x):\n    return np.maximum(x, 0), x\n"
WRONG = RIGHT + "def relu_backward(dout, cache):\n    return dout * (dout > 0)\n"
MENDED = RIGHT + "def relu_backward(dout, cache):\n    return dout * (cache > 0)\n"


class Kit:
    """A folder with ``exercises/layers.py`` that is worked in."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.module = folder, folder / "exercises" / "layers.py"
        self.module.parent.mkdir(parents=True)
        (folder / "notebooks").mkdir()
        (self.module.parent / "__init__.py").touch()

    def write(self, text: str) -> None:
        self.module.write_text(text, encoding="utf-8")

    def run(self, cell: str, scope: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run a cell of a notebook."""
        scope = {} if scope is None else scope
        scope |= {name: getattr(student, name) for name in ("check", "hint", "status", "ready")} | {"np": np}
        exec(compile(textwrap.dedent(cell), "<cell>", "exec"), scope)
        return scope


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kit]:
    made = Kit(tmp_path / "kit")
    monkeypatch.chdir(made.folder)
    _forget()
    monkeypatch.setattr(student, "HERE", student._Here())
    yield made
    _forget()


def _forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "exercises"]:
        del sys.modules[name]


def flat(text: str) -> str:
    return " ".join(text.split())


# -------------------------------------------------------------------------- what a function does to its caller
def answer(function: Any, *args: Any, watch: bool = False) -> Reply:
    call = Call("layers.relu_backward", args, watch=watch)
    ((reply,),) = LocalAnswers({"relu_backward": function}).put([Chain((call,))])
    return reply


class Leaves(BaseException):
    pass


class MuteError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


class NumbError(Exception):
    def __str__(self) -> str:
        return 3  # type: ignore[return-value]  # noqa: PLE0307 - that is what is tried


@pytest.mark.parametrize(
    ("error", "name", "said"),
    [
        (SystemExit(0), "SystemExit", "0"),
        (Leaves("far"), "Leaves", "far"),
        (GeneratorExit(), "GeneratorExit", ""),
        (MuteError(), "MuteError", "(its message cannot be printed)"),
        (NumbError(), "NumbError", "(its message cannot be printed)"),
        (ValueError("x" * 10**6), "ValueError", "x" * 2000),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_a_function_raises_is_an_answer(error: BaseException, name: str, said: str) -> None:
    def function() -> None:
        raise error

    reply = answer(function)
    assert isinstance(reply, Raised)
    assert (reply.type, reply.message) == (name, said)
    assert "in function\n" in reply.traceback


def boom(*_: Any) -> Any:
    raise RuntimeError


def of(base: type, value: Any) -> Any:
    """Return a value of a subclass whose every method raises."""
    names = (
        "__len__",
        "__iter__",
        "__eq__",
        "__float__",
        "__int__",
        "__str__",
        "keys",
        "items",
        "__array__",
        "__getitem__",
    )
    made = type("Biting", (base,), {**{n: boom for n in names if hasattr(base, n)}, "__hash__": None})
    return value.view(made) if base is np.ndarray else made(value)


@pytest.mark.parametrize(
    ("base", "value"),
    [(tuple, (1, 2)), (list, [1, 2]), (dict, {"a": 1}), (float, 1.5), (int, 3), (str, "s"), (np.ndarray, np.ones(2))],
)
def test_a_value_of_a_subclass_comes_as_its_data_whatever_its_methods_do(base: type, value: Any) -> None:
    reply = answer(lambda: (of(base, value), None))
    assert isinstance(reply, Returned)
    came = reply.value[0]
    assert type(came) is base
    assert np.array_equal(came, value)
    reply = answer(lambda: of(base, value))
    assert isinstance(reply, Returned)
    assert type(reply.value) is base


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (lambda: np.broadcast_to(np.zeros(1), (10**6, 10**6)), "an array of 8000000000000 bytes, which is too large"),
        (lambda: [np.zeros(2**20)] * 9, "an array of 8388608 bytes, which is too large"),
        (lambda: [0.0] * 100_001, "a value of too many parts"),
        (lambda: 10**1000, "an integer of more than 570 digits"),
        (lambda: (((((((((((((1,),),),),),),),),),),),),), "nested too deeply"),
    ],
)
def test_what_is_too_large_at_grading_is_too_large_here_before_it_is_copied(value: Any, said: str) -> None:
    reply = answer(value)
    assert isinstance(reply, Refused)
    assert said in reply.reason
    assert reply.reason.endswith("which cannot be graded")


def test_an_argument_that_cannot_be_compared_any_more_was_changed() -> None:
    def function(config: dict[str, Any]) -> float:
        config["lr"] = of(float, 1.0)
        return 1.0

    reply = answer(function, {"lr": 1.0}, watch=True)
    assert isinstance(reply, Returned)
    assert reply.mutated == (0,)


def test_a_function_that_exits_has_failed_in_the_terminal_too(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(RIGHT + "def relu_backward(dout, cache):\n    raise SystemExit(0)\n")
    assert terminal.main([str(kit.folder), "relu_forward", "relu_backward"]) == 1
    shown = capsys.readouterr().out
    assert "relu_backward raised SystemExit: 0" in shown
    assert "1 passed, 1 to look at" in shown


# ------------------------------------------------------------------------------------ what ends a check early
@pytest.mark.parametrize("command", ["check", "status", "hint", "check()"])
def test_an_interrupt_says_where_the_code_was_and_shows_no_frame_of_the_checker(kit: Kit, command: str) -> None:
    kit.write(RIGHT + "def relu_backward(dout, cache):\n    np.ones(1)\n    raise KeyboardInterrupt\n")
    asked = {"check": 'check("relu_backward")', "status": 'status("layers")', "hint": 'hint("relu_backward")'}
    with pytest.raises(Interrupted) as caught:
        kit.run(asked.get(command, "relu_forward = lambda x: (x, x)\ncheck()"))
    assert isinstance(caught.value, KeyboardInterrupt), "so that a run of all cells stops"
    (shown,) = caught.value._render_traceback_()
    assert "interrupted" in shown
    assert "Nothing was judged" in shown
    assert shown.endswith("line 6 of layers.py, in relu_backward:\n    raise KeyboardInterrupt")
    assert caught.value.__suppress_context__
    kit.write(MENDED)
    kit.run('check("relu_backward")')


def test_an_interrupt_in_what_a_student_calls_is_told_at_their_own_line(kit: Kit) -> None:
    kit.write(
        RIGHT
        + "def relu_backward(dout, cache):\n    return mock.Mock(side_effect=KeyboardInterrupt)()\n"
        + "from unittest import mock\n"
    )
    with pytest.raises(Interrupted, match=r"line 5 of layers\.py, in relu_backward"):
        kit.run('check("relu_backward")')


def test_an_interrupt_in_a_terminal_has_its_own_exit_code(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(RIGHT + "def relu_backward(dout, cache):\n    raise KeyboardInterrupt\n")
    assert terminal.main([str(kit.folder)]) == 130
    shown = capsys.readouterr().out
    assert "line 5 of layers.py, in relu_backward" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    "cell", ['check("relu_bakward")', 'hint("relu_bakward")', 'status("layer")', "status(3)", "check(None)", "ready(3)"]
)
def test_a_request_that_fits_nothing_is_told_in_its_message_alone(kit: Kit, cell: str) -> None:
    kit.write(RIGHT)
    with pytest.raises(UsageError) as caught:
        kit.run(cell)
    assert caught.value._render_traceback_() == [str(caught.value)]
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert len([frame for frame in frames if "/grader/" in frame.filename]) <= 2, "where there is no IPython, too"


def test_a_fault_of_the_checker_is_none_of_the_students_and_costs_the_others_nothing(
    kit: Kit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def explain(exercise: Any, *rest: Any) -> Any:
        if exercise.short == "relu_backward":
            raise ZeroDivisionError("within")
        return grader.diagnosis.explain(exercise, *rest)

    monkeypatch.setattr(checks, "explain", explain)
    kit.write(MENDED)
    assert terminal.main([str(kit.folder), "relu_forward", "relu_backward"]) == 4
    shown = flat(capsys.readouterr().out)
    assert "? layers.relu_backward: needs a person" in shown
    assert "which says nothing of your work (ZeroDivisionError: within, at student/checks.py, line " in shown
    assert "passed the public checks (1): relu_forward" in shown
    kit.run('hint("relu_backward")')
    assert "which says nothing of your work" in capsys.readouterr().out


def test_numpy_with_another_meaning_is_named_as_the_reason(
    kit: Kit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.write(RIGHT + "def relu_backward(dout, cache):\n    np.isfinite = None\n    return dout * (dout > 0)\n")
    monkeypatch.setattr(np, "isfinite", np.isfinite)  # to be put back
    with contextlib.suppress(GraderError):  # the card itself may need it
        kit.run('check("relu_backward")')
        shown = flat(capsys.readouterr().out)
        assert "has assigned to np.isfinite" in shown
        assert "restart the kernel" in shown


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
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setattr(student, "HERE", student._Here())
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
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setattr(student, "HERE", student._Here())
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


@pytest.mark.parametrize(
    "value", [[1.0, [2.0, 3.0]], (1.0, [1.0, 2.0]), [np.ones(2), np.ones(3)], ["a", ["b", "c"]]], ids=repr
)
@pytest.mark.parametrize("name", ["layers.huber_loss", "chain_rule.compose_derivative", "optimizers.sgd_momentum"])
def test_rows_of_several_lengths_are_a_wrong_answer(name: str, value: Any) -> None:
    exercise = exercise_named(name)
    for odd in (value, (value,) * len(exercise.outputs)):
        found = checks.checked(exercise, Work({exercise.function: lambda *_, odd=odd: odd}))
        assert found.item.status == "wrong"
