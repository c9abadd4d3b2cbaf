"""Notebooks that are Python files, under real kernels: graded as notebooks, faults by the numbers of their cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import LIMITS
from script_texts import MARIMO, PERCENT, marimo

from grader.grading import Options, grade_paths

DOUBLED = marimo(
    "|import numpy as np\nreturn np,",
    "np|def relu_forward(x):\n    return np.maximum(x, 0), x\nreturn relu_forward,",
    "|def relu_forward(x):\n    return x, x\nreturn relu_forward,",
    "mo|mo.stop(True)\nreturn",
    "mo, np|pick = mo.ui.dropdown({'a': 1, 'b': 2}, value='b')\nassert pick.value == 2\nwith mo.status.spinner('x'):\n"
    "    rows = [n for n in mo.status.progress_bar(range(3))]\nassert rows == [0, 1, 2]\n"
    "mo.vstack([mo.md(f'{pick}'), mo.hstack([pick])]).callout(kind='info')\nassert np.ones(2).sum() == 2\nreturn",
    "mo|@mo.cache\ndef relu_backward(dout, cache):\n    return dout * (cache > 0)\nreturn relu_backward,",
    "|import marimo as mo\nreturn mo,",
)


@pytest.mark.parametrize(
    ("text", "cell", "error"),
    [
        (MARIMO, 7, "ZeroDivisionError"),
        (PERCENT, 3, "ZeroDivisionError"),
        (DOUBLED, 2, "relu_forward is defined in cells 2 and 3"),
    ],
    ids=["marimo", "percent", "doubled"],
)
def test_a_script_is_graded_as_a_notebook(tmp_path: Path, text: str, cell: int, error: str) -> None:
    (tmp_path / "layers.py").write_text(text)
    (result,) = grade_paths([tmp_path / "layers.py"], Options(limits=LIMITS))
    assert (result.notebook.status, result.notebook.cell) == ("failed", cell)
    assert error in (result.notebook.error or "")
    status = {item.exercise: item for item in result.items}
    assert status["layers.relu_backward"].status == "passed"
    forward = status["layers.relu_forward"]
    if text is DOUBLED:
        assert forward.status == "missing"
        assert "cell 3 defines relu_forward and failed: RuntimeError: marimo runs none" in forward.message
        assert [note for note in result.notes if "failed too" in note] == [
            f"failed too: cell 3: {result.notebook.error}",
            "failed too: cell 4: MarimoStopError: mo.stop ended this cell, as it does before anybody has touched the notebook",
        ]
    else:
        assert forward.status == "passed"
    if text is not PERCENT:
        assert "it is a marimo notebook: its cells are run in the order of their data flow" in result.notes
