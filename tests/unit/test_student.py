"""What students run themselves: public checks, in their own process, without the model answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from grader.bank import catalogue
from grader.errors import SubmissionError, UsageError
from grader.student import checks as student

RIGHT = "import numpy as np\ndef relu_forward(x):\n    return np.maximum(x, 0), x\n"
WRONG = RIGHT + "def relu_backward(dout, cache):\n    return dout * (dout > 0)\n"


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    return dout * (dout > 0)


def test_check_takes_the_functions_of_its_caller(capsys: pytest.CaptureFixture[str]) -> None:
    student.check("layers.relu_forward", "layers.relu_backward", "layers.tanh_forward")
    shown = capsys.readouterr().out
    assert "✓ layers.relu_forward: passed" in shown
    assert "✗ layers.relu_backward" in shown
    assert "the slope of relu_forward there is" in shown
    assert "· layers.tanh_forward: not attempted" in shown


def test_hint_says_what_explains_a_wrong_answer_and_nothing_of_a_right_one(capsys: pytest.CaptureFixture[str]) -> None:
    student.hint("layers.relu_backward")
    assert "The mask comes from dout" in capsys.readouterr().out
    student.hint("layers.relu_forward")
    assert "nothing to hint at" in capsys.readouterr().out
    student.hint("layers.tanh_forward")
    assert "not written yet" in capsys.readouterr().out


def test_status_has_a_line_an_exercise(capsys: pytest.CaptureFixture[str]) -> None:
    student.status("layers")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(catalogue().unit("layers").exercises)
    assert "✓ layers.relu_forward" in "\n".join(lines)


def test_ready_waits_for_stubs(capsys: pytest.CaptureFixture[str]) -> None:
    from exercises.layers import tanh_forward

    assert student.ready(relu_forward)
    assert not student.ready(relu_forward, tanh_forward)
    assert "waits for tanh_forward" in capsys.readouterr().out


def test_a_wrong_name_is_answered_with_the_closest() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'layers\.relu_backward'"):
        student.check("layers.relu_bakward")


def statuses(path: Path) -> dict[str, str]:
    return {item.exercise: item.status for item in student.check_path(path)}


@pytest.mark.parametrize("form", ["module", "folder", "notebook", "folder with a notebook"])
def test_work_is_found_in_every_form(tmp_path: Path, form: str) -> None:
    (tmp_path / "exercises").mkdir()
    notebook = writes(new_notebook(cells=[new_code_cell(WRONG, id="a"), new_code_cell("1/0\nx = 3", id="b")]))
    match form:
        case "module":
            path = tmp_path / "exercises" / "layers.py"
            path.write_text(WRONG)
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


def test_what_cannot_be_checked_says_why(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing at"):
        student.check_path(tmp_path / "gone")
    with pytest.raises(SubmissionError, match="holds no exercises"):
        student.check_path(tmp_path)
    (tmp_path / "layers.py").write_text("import nothing_like_it")
    with pytest.raises(SubmissionError, match="cannot be imported: ModuleNotFoundError"):
        student.check_path(tmp_path / "layers.py")
