"""Notebooks that are Python files: recognised, read into cells with their lines and their order, and found in every layout."""

from __future__ import annotations

import contextlib
import io
import json
import time
import zipfile
from pathlib import Path

import downloads as d
import jupytext
import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes
from script_texts import MARIMO, PERCENT, marimo

from grader.submission import Submission, Unreadable, collect, find, places, submissions_of, text_of
from grader.submission.scripts import cells_of_script, kind_of_script, read_work

RELU = "import numpy as np\ndef relu_forward(x):\n    return np.maximum(x, 0), x\n"


def found(path: Path, assignment: str | None = None) -> list[Submission]:
    return collect(path, assignment, d.UNITS, d.STUBS)


def lay(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def code(text: str) -> list[str]:
    return [c.source for c in read_work("x.py", text.encode()).cells if c.cell_type == "code"]


def order(text: str) -> list[int]:
    return list(read_work("x.py", text.encode())["order"])


# ----------------------------------------------------------------------------------------- what it is
@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("layers.py", MARIMO, "marimo"),
        ("layers.py", PERCENT, "percent"),
        ("layers.py", "#%%\nx = 1\n", "percent"),
        ("layers.py", RELU, None),
        ("layers.py", RELU + "# 5 %% of it\nx = '# %%'\n", None),
        ("layers.py", "# %%time is a magic\n" + RELU, None),
        ("exercises/layers.py", PERCENT, None),  # what stands there is the module
        ("layers.py", "import marimo\nprint(marimo.__version__)\n", None),
        ("layers.txt", PERCENT, None),
    ],
)
def test_a_notebook_is_told_from_a_module(name: str, text: str, kind: str | None) -> None:
    assert kind_of_script(name, text.encode()) == kind


# ----------------------------------------------------------------------------------- percent scripts
def test_a_percent_script_has_the_cells_that_jupytext_sees() -> None:
    theirs = [(c.cell_type, c.source.strip()) for c in jupytext.reads(PERCENT, fmt="py:percent").cells]
    ours = [(c.cell_type, c.source.strip()) for c in read_work("x.py", PERCENT.encode()).cells]
    assert ours == theirs
    assert len(ours) == 7


@pytest.mark.parametrize(
    "cells",
    [
        ["x = 1", "# only a comment", "def f():\n\n    return '''\n# %%\n'''", "%timeit x\n!ls"],
        ['s = "# %%"', "s = 'it''s'  # \"\"\"", "t = r'\\'", "if x:\n    pass\n\n\n\nelse:\n    pass"],
    ],
)
def test_what_jupytext_writes_is_read_back(cells: list[str]) -> None:
    text = jupytext.writes(new_notebook(cells=[new_code_cell(c) for c in cells]), fmt="py:percent")
    assert code(text) == cells


def test_the_light_format_is_read_where_its_head_names_it() -> None:
    text = jupytext.writes(
        new_notebook(
            cells=[
                new_code_cell("import numpy as np"),
                new_code_cell(RELU + "\n\ny = relu_forward(np.ones(3))\n\nz = 1"),
            ],
            metadata={"jupytext": {"text_representation": {"extension": ".py", "format_name": "light"}}},
        ),
        fmt="py:light",
    )
    assert kind_of_script("x.py", text.encode()) == "percent"
    assert [line for c in code(text) for line in c.split("\n") if line] == [
        line for line in ["import numpy as np", *RELU.split("\n"), "y = relu_forward(np.ones(3))", "z = 1"] if line
    ]


# ------------------------------------------------------------------------------------------ marimo
def test_a_marimo_notebook_is_its_cells_without_what_is_marimos() -> None:
    cells = code(MARIMO)
    assert cells[0] == "import numpy as np"
    assert cells[1].startswith("mo.md(")
    assert "return" not in cells[1]
    assert cells[2].startswith("# uses what")
    assert cells[3].startswith("def relu_forward(x):\n    # a comment")
    assert cells[5] == "shape = (2, 3)"


def test_cells_run_in_the_order_of_their_data_flow() -> None:
    ran = order(MARIMO)
    assert sorted(ran) == list(range(1, 9))
    assert ran[0] == 1  # the setup
    for first, then in ((8, 2), (4, 3), (5, 3), (6, 5), (8, 5)):
        assert ran.index(first) < ran.index(then)
    assert order(marimo("|b = 1\nreturn b,", "|a = 1\nreturn a,")) == [1, 2]  # and else as they stand


@pytest.mark.parametrize(
    ("using", "makes"),
    [
        ("[x for _ in y]", True),
        ("def f(x):\n    return x", False),
        ("lambda: x", True),
        ("x = 2", None),
        ("def f():\n    global g\n    return x", True),
        ("import os as x", None),
        ("f'{x}'", True),
        ("[x for x in 'ab']", False),
    ],
)
def test_a_cell_needs_the_names_that_it_takes_from_others(using: str, makes: bool | None) -> None:
    """None: both define x, and neither runs."""
    text = marimo(f"|{using}\nreturn", "|x, y = 1, [2]\nreturn x, y")
    if makes is None:
        assert all("x is defined in cells 1 and 2" in cell for cell in code(text))
    else:
        assert order(text) == ([2, 1] if makes else [1, 2])


def test_names_with_an_underscore_are_each_cells_own() -> None:
    text = marimo("|_x = 1\ndef f():\n    return _x\nreturn f,", "f|_x = 2\nprint(f(), _x)\nreturn")
    scope: dict[str, object] = {"print": lambda *got: scope.__setitem__("got", got)}
    for number in order(text):
        exec(code(text)[number - 1], scope)
    assert scope["got"] == (1, 2)
    formatted = marimo("|_x = 1\nreturn", "|_x = 2\ny = f'{_x + 1} {_x!r}'\nreturn y,")
    for number in order(formatted):
        exec(code(formatted)[number - 1], scope)
    assert scope["y"] == "3 2"


def test_cells_that_define_one_name_fail_and_say_why_and_can_still_be_read() -> None:
    text = marimo("|x = 1\nreturn x,", "|y = 1\nreturn y,", "|x = 2\ndef relu_forward(x):\n    return x, x\nreturn x,")
    first, second, third = code(text)
    assert first.startswith("raise RuntimeError(")
    assert "x is defined in cells 1 and 3" in first
    assert second == "y = 1"
    assert "def relu_forward" in third


def test_cells_in_a_circle_fail_and_those_behind_it_do_not() -> None:
    text = marimo("b|a = b\nreturn a,", "a|b = a\nreturn b,", "b|c = b\nreturn c,", "|d = 1\nreturn d,")
    first, second, third, fourth = code(text)
    assert "in a circle: cells 1 and 2; this one needs b" in first
    assert "this one needs a" in second
    assert (third, fourth) == ("c = b", "d = 1")
    assert set(order(text)) == {1, 2, 3, 4}


def test_a_marimo_notebook_that_is_no_python_is_unreadable_with_its_line(tmp_path: Path) -> None:
    (only,) = found(lay(tmp_path, {"layers.py": MARIMO + "\nif:\n"}) / "layers.py")
    assert only.problem is not None
    assert "marimo notebook that is no Python: line" in only.problem


def test_a_cell_that_marimo_could_not_parse_is_a_cell() -> None:
    text = marimo("|x = 1\nreturn x,").replace(
        "\nif __name__", '\napp._unparsable_cell(\n    r"""\n    def f(:\n    """,\n    name="_"\n)\n\nif __name__'
    )
    assert code(text) == ["x = 1", "def f(:"]


def test_heads_over_several_lines_and_bodies_on_one() -> None:
    text = marimo("|x = 1\nreturn x,") + (
        "\n@app.cell(hide_code=True)\nasync def named(\n    x,\n):\n    # first\n    y = '''\na\n    '''\n"
        "    return (\n        y,\n    )\n"
        "\n@app.cell\ndef _(): z = 1; return (z,)\n\n@app.cell\ndef _():\n    return\n"
    )
    assert code(text) == ["x = 1", "# first\ny = '''\na\n'''", "z = 1", ""]  # an empty cell counts too


# -------------------------------------------------------------------------------- where it is handed in
SCRIPTS = {"marimo": MARIMO, "percent": PERCENT}


@pytest.mark.parametrize("kind", SCRIPTS)
@pytest.mark.parametrize(
    "layout", ["layers.py", "hw.py", "notebooks/06_layers.py", "ada/06_layers.py", "zip", "beside a module", "download"]
)
def test_it_is_a_notebook_in_every_layout(tmp_path: Path, kind: str, layout: str) -> None:
    text = SCRIPTS[kind]
    if layout == "zip":
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr("ada/layers.py", text)
        (tmp_path / "ada.zip").write_bytes(data.getvalue())
        (only,) = found(tmp_path / "ada.zip")
    elif layout == "download":
        lay(tmp_path / "class", {"ada/layers.py": text, "bob/layers.py": text, "cyd/layers.py": RELU})
        hand_ins = find([tmp_path / "class"], units=d.UNITS).hand_ins
        each = [s for h in hand_ins for s in submissions_of(h, None, d.UNITS, d.STUBS)]
        assert [s.notebook is not None for s in each] == [True, True, False]
        only = each[0]
    elif layout == "beside a module":
        (only,) = found(lay(tmp_path / "ada", {"layers.py": text, "exercises/layers.py": RELU}))
        assert only.has_module
    elif layout in ("layers.py", "hw.py"):
        (only,) = found(lay(tmp_path / "ada", {layout: text}) / layout)
    else:
        (only,) = found(lay(tmp_path / "ada", {layout: text}))
    assert (only.assignment, only.problem) == ("layers", None)
    assert only.notebook is not None
    assert only.attempts["relu_backward"] == "attempted"
    assert only.where["relu_backward"] == "notebook"
    assert (text_of(only, "layers") or "").count("def relu_backward") == 1


def test_a_script_beside_a_notebook_of_the_same_name_is_its_pair(tmp_path: Path) -> None:
    book = writes(new_notebook(cells=[new_code_cell(RELU, id="a")]))
    (only,) = found(lay(tmp_path / "ada", {"06_layers.ipynb": book, "06_layers.py": PERCENT}))
    assert only.notebook_path == "06_layers.ipynb"
    assert not only.has_module


def test_a_module_with_marks_of_cells_beside_a_notebook_remains_the_module(tmp_path: Path) -> None:
    book = writes(new_notebook(cells=[new_code_cell("from exercises.layers import *", id="a")]))
    (only,) = found(lay(tmp_path / "ada", {"06_layers.ipynb": book, "layers.py": "# %%\n" + RELU}))
    assert only.notebook_path == "06_layers.ipynb"
    assert only.has_module


def test_a_plain_module_remains_what_it_was(tmp_path: Path) -> None:
    (only,) = found(lay(tmp_path, {"layers.py": RELU}) / "layers.py")
    assert only.notebook is None
    assert only.has_module


def test_places_are_lines_of_the_script(tmp_path: Path) -> None:
    for kind, text in SCRIPTS.items():
        path = lay(tmp_path / kind, {"layers.py": text}) / "layers.py"
        (only,) = found(path)
        where = places(path, only)
        lines = text.split("\n")
        for name in ("relu_forward", "relu_backward"):
            place = where.exercises[name]
            assert lines[(place.line or 0) - 1].strip().startswith(f"def {name}")
        assert len(where.cells) == sum(c.cell_type == "code" for c in only.notebook.cells)  # type: ignore[union-attr]


def test_a_notebook_of_jupyter_cannot_say_in_which_order_it_runs() -> None:
    raw = json.loads(writes(new_notebook(cells=[new_code_cell("x = 1", id="a")]))) | {"order": [9], "kind": "marimo"}
    read = read_work("x.ipynb", json.dumps(raw).encode())
    assert "order" not in read
    assert "kind" not in read


# --------------------------------------------------------------------------------------- hostile ones
@pytest.mark.parametrize(
    "text",
    [
        "# %%\n" * 20_000,
        "# %% " + "[" * 200_000 + "\n",
        "# %%\n" + '"""' * 100_000,
        "# ---\n" + "# a: &a [*a]\n" * 20_000 + "# jupytext:\n# %%\n",
        "# %%\n" + "(" * 200_000,
        "# %%\n\0",
        marimo(*(f"|x{i} = {'+'.join(f'x{j}' for j in range(0, 200, 7) if j != i)}\nreturn" for i in range(200))),
        marimo(*(f"|_y = 1\nx{i} = x{i + 1}\nreturn" for i in range(400))),
        marimo("|" + "(" * 190 + ")" * 190 + "\nreturn"),
        marimo("|x = " + "+".join(["1"] * 20_000) + "\nreturn"),
    ],
    ids=range(10),
)
def test_reading_is_bounded_and_raises_nothing_but_unreadable(text: str) -> None:
    started = time.process_time()
    kind = kind_of_script("x.py", text.encode())
    if kind is not None:
        with contextlib.suppress(Unreadable):
            cells_of_script(kind, text.encode())
    assert time.process_time() - started < 10
