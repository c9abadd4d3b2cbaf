"""The hook of pre-commit: parts that were handed out are as they were, outputs are gone, and each fault has its file and line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from answers import model_answers

from grader.bank import UNITS, catalogue, stub_source
from grader.submission import Departure, departures, outputs_left, stripped

CHECKOUT = Path(__file__).parents[2]
STUB = '''\
"""A unit."""

import numpy as np

RATE = 0.1


def f(x, *, k=1):
    """Return k times x."""
    y = np.asarray(x)
    raise NotImplementedError("u.f: not written yet")
    cache = (x, k)
    return out, cache


def planted(x):
    """Return x, without the fault."""
    return x + 1


class Thing:
    """A thing."""

    size = 3

    def get(self):
        """Return it."""
        raise NotImplementedError("u.Thing: not written yet")
'''
RIGHT = STUB.replace(
    'raise NotImplementedError("u.f: not written yet")', "out = k * y\n    if k:\n        out = out + 0"
)
Run = Callable[..., tuple[int, str, str]]


def said(module: str, stub: str = STUB) -> list[Departure]:
    return departures(stub, module.encode())


@pytest.mark.parametrize(
    "module",
    [
        STUB,
        RIGHT,
        RIGHT.replace("return x + 1", "y = x\n    return y"),
        RIGHT.replace("import numpy as np\n", "from math import pi\nimport numpy as np\n\ndef helper():\n    return 1\n\n"),
        RIGHT.replace("def f(x, *, k=1):", "def f(x: float, *, k: int=1) -> float:"),
        RIGHT.replace('"""Return k times x."""', '"""Return k\n    times x.\n    """'),
        RIGHT.replace('"""A unit."""', '"""Mine."""\n# a comment'),
        RIGHT.replace('raise NotImplementedError("u.Thing', 'more = 1\n        return self.size\n\n    more = ("'),
    ],
)  # fmt: skip
def test_what_a_student_writes_in_their_part_and_beside_it_fits(module: str) -> None:
    assert said(module) == []


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("def f(x, *, k=1):", "def f(x, k=1):", 8, "the first line of f is changed: it was def f(x, *, k=1)"),
        ("def f(x, *, k=1):", "def f(x, *, k=2):", 8, "the first line of f"),
        ("def f(x, *, k=1):", "def g(x, *, k=1):", 1, "the function f of the template is gone"),
        ("def f(x, *, k=1):", "@np.vectorize\ndef f(x, *, k=1):", 9, "the first line of f"),
        ("Return k times x.", "Return x.", 8, "the docstring of f"),
        ("    y = np.asarray(x)\n", "", 8, "before your part of f stood: y = np.asarray(x)"),
        ("    y = np.asarray(x)\n", "    y = x\n", 8, "before your part of f stood"),
        ("    cache = (x, k)\n", "", 14, "f ended with: cache = (x, k)"),
        ("return out, cache", "return out, (x, k)", 15, "f ended with: return out, cache"),
        ("RATE = 0.1", "RATE = 0.2", 1, "a line of the template is gone or changed: RATE = 0.1"),
        ("import numpy as np\n", "import numpy\n", 1, "import numpy as np"),
        ("def planted(x):", "def planted(x, y):", 18, "the first line of planted"),
        ("class Thing:", "class Thing(dict):", 23, "the first line of Thing"),
        ("    size = 3\n", "", 23, "size = 3"),
        ("def get(self):", "def take(self):", 23, "the function Thing.get of the template is gone"),
        ("class Thing:", "def Thing():\n    pass\n\nclass Other:", 23, "Thing is of another kind"),
        ("RATE = 0.1", "RATE = = 0.1", 5, "it is no Python"),
    ],
)
def test_a_lost_part_of_the_template_is_told_at_its_line(before: str, after: str, line: int, says: str) -> None:
    assert before in RIGHT
    found = said(RIGHT.replace(before, after, 1))
    assert [d for d in found if d.line == line and says in d.message], found


@pytest.mark.parametrize("unit", UNITS)
def test_every_stub_and_every_right_answer_of_the_course_fits(unit: str) -> None:
    stub = stub_source(unit)
    assert said(stub, stub) == []
    # A model answer is what its stub was derived from, its head of the file and its helpers apart.
    # What is personal it takes by keyword; students have it in their text.
    own = {f"the first line of {e.function} is changed" for e in catalogue().unit(unit).exercises if e.personal}
    lost = [
        d
        for d in said(model_answers(unit), stub)
        if "a line of the template" not in d.message
        and "is gone" not in d.message
        and d.message.partition(":")[0] not in own
    ]
    assert lost == []


# --------------------------------------------------------------------------------------- notebooks
def a_notebook(*cells: dict[str, Any]) -> str:
    whole = [
        {"cell_type": "code", "metadata": {}, "source": ["x = 1\n"], "outputs": [], "execution_count": None, **cell}
        for cell in cells
    ]
    return json.dumps(
        {"cells": whole, "metadata": {"kernelspec": {"name": "é"}}, "nbformat": 4, "nbformat_minor": 5}, indent=1
    )


OUTPUT = {"output_type": "stream", "name": "stdout", "text": ["1\n"]}


def test_outputs_are_told_by_cell_and_line_and_can_be_taken_out() -> None:
    text = a_notebook({}, {"outputs": [OUTPUT]}, {"execution_count": 3})
    found = outputs_left(text.encode())
    assert [d.message.partition(":")[0] for d in found] == [
        "code cell 2 holds outputs",
        "code cell 3 holds a count of executions",
    ]
    starts = [number for number, line in enumerate(text.split("\n"), 1) if line == "  {"]
    assert [d.line for d in found] == starts[1:]
    after = stripped(text.encode())
    assert outputs_left(after) == []
    assert json.loads(after) == json.loads(a_notebook({}, {}, {}))


# ------------------------------------------------------------------------------------- the command
def test_the_command_names_file_and_line_and_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    stub = stub_source("layers")
    (tmp_path / "exercises" / "layers.py").write_text(stub.replace("def relu_forward(x", "def relu_forward(y, x"))
    (tmp_path / "a.ipynb").write_text(a_notebook({"outputs": [OUTPUT]}))
    (tmp_path / "notes.py").write_text("this is no Python")
    code, out, _ = run("hook", "exercises/layers.py", "a.ipynb", "notes.py")
    line = next(n for n, text in enumerate(stub.split("\n"), 1) if text.startswith("def relu_forward"))
    assert code == 1
    assert out.splitlines()[0].startswith(f"exercises/layers.py:{line}: the first line of relu_forward is changed")
    assert out.splitlines()[1].startswith("a.ipynb:3: code cell 1 holds outputs")
    assert len(out.splitlines()) == 2


def test_files_that_fit_pass(run: Run, tmp_path: Path) -> None:
    (tmp_path / "layers.py").write_text(stub_source("layers"))
    (tmp_path / "a.ipynb").write_text(a_notebook({}))
    (tmp_path / "other.py").touch()
    assert run("hook", "layers.py", "a.ipynb", "other.py") == (0, "2 of 3 files have a template, and fit it\n", "")


def test_outputs_are_taken_out_and_the_commit_is_stopped_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(a_notebook({"outputs": [OUTPUT]}))
    assert run("hook", "--strip", "a.ipynb")[0] == 1
    assert run("hook", "--strip", "a.ipynb")[0] == 0
    assert run("hook", "a.ipynb")[0] == 0


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"cells": 3}', '{"cells": [3]}', "\x80", '{"cells": [{"cell_type": "code"}]}']
)
def test_what_is_no_notebook_is_told_and_nothing_breaks(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.ipynb").write_bytes(text.encode("latin-1"))
    for flags in ([], ["--strip"]):
        code, out, err = run("hook", "a.ipynb", *flags)
        assert (code, err) == (0 if text == '{"cells": [{"cell_type": "code"}]}' else 1, ""), out
        assert "Traceback" not in out
    assert (tmp_path / "a.ipynb").read_bytes() == text.encode("latin-1")


def test_a_name_of_a_file_is_no_command_to_a_ci(run: Run, tmp_path: Path) -> None:
    name = "::error::x\n::error::y.ipynb"
    (tmp_path / name).write_text("{}")
    _, out, _ = run("hook", name)
    assert not [line for line in out.splitlines() if line.startswith("::")]


def test_a_file_that_is_gone_is_wrong_usage(run: Run) -> None:
    code, _, err = run("hook", "layers.py")
    assert code == 2
    assert "layers.py cannot be read" in err


def test_the_hooks_that_pre_commit_reads_are_this_command() -> None:
    hooks = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["gradmark", "gradmark-strip"]
    for hook in hooks:
        assert {"id", "name", "entry", "language", "files"} <= set(hook)
        assert hook["entry"].split()[:2] == ["gradmark", "hook"]


@pytest.mark.parametrize("named", ["layer.py", "exercises/layers.py", "a.ipynb"])
def test_a_slip_in_a_name_is_no_file_that_fits(run: Run, named: str) -> None:
    code, out, err = run("hook", named)
    assert (code, out) == (2, "")
    assert err == f"gradmark: {named} cannot be read: it is not there\n"


def test_what_is_no_file_is_told_and_not_read_for_ever(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "layers.py")
    (tmp_path / "mlp.py").symlink_to("/dev/zero")
    (tmp_path / "graphs.py").mkdir()
    for named in ("layers.py", "mlp.py", "graphs.py"):
        assert run("hook", named) == (2, "", f"gradmark: {named} cannot be read: it is no file\n")
    (tmp_path / "notes").mkdir()
    assert run("hook", "notes")[0] == 0  # of no template, so passed over
