"""``gradmark new``: what it writes loads, stubs are derived from it, what is left is named; nothing is written over."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.bank import catalogue, forms, refusals, scaffold, stub_source, unfinished
from grader.bank.scaffolding.edits import imports_added, item_added, listed_in_notebook, section_added
from grader.bank.scaffolding.templates import FORMS
from grader.cli import authors
from grader.errors import UsageError
from grader.judging import Bench, run_locally

CHECKOUT = Path(__file__).parents[2]
NO_FORMS = {"at_most_operations", "factored", "no_function", "only_names", "raised"}
HELPERS = {name for name in forms.__all__ if name.islower() and name not in NO_FORMS}


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def fill_in(folder: Path) -> None:
    """Fills in what is marked, as an author would who likes the example."""
    for path in folder.rglob("*"):
        if path.suffix in (".py", ".md"):
            path.write_text(re.sub(r"FILL IN:? ?", "", path.read_text()))


def test_every_form_of_the_bank_has_a_template_and_the_command_knows_it() -> None:
    assert {helper for form in FORMS.values() for helper in form.helper.split(", ")} == HELPERS
    assert sorted(authors.FORMS) == sorted(FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_loads_is_named_and_can_be_right(form: str, tmp_path: Path) -> None:
    folder = tmp_path / "bank"
    written = scaffold(folder, "quiz.my_first", form, private=True)
    assert all(path.is_file() for path in written)
    assert {path.parts[len(folder.parts)] for path in written} == {"bank", "reference", "notebooks", "tests"}
    unit = catalogue((folder,)).unit("quiz")
    assert refusals(unit) == []
    left = {Path(text.partition(":")[0]).name for text in unfinished(unit)}
    assert left >= {"my_first.py", "quiz.py", "01_quiz.md"}
    for exercise in unit.exercises:
        assert len(exercise.mistakes) >= 1
        assert exercise.function in stub_source("quiz", (folder,))
    other = tmp_path / "other"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("__pycache__"))
    fill_in(other)
    unit = catalogue((other,)).unit("quiz")
    assert refusals(unit) == []
    assert unfinished(unit) == []
    bench = Bench(unit.exercises, drawn=0)
    for exercise in unit.exercises:
        assert bench.cases(exercise)
        for mistake in exercise.mistakes:
            assert run_locally(exercise, bench.cases(exercise)[0].inputs, mistake.answer) is not None
    compile(stub_source("quiz", (other,)), "stub", "exec")


def test_a_second_exercise_joins_the_first(tmp_path: Path) -> None:
    scaffold(tmp_path, "quiz.cube_backward", "backward", private=True)
    scaffold(tmp_path, "quiz.ask", "question", private=True)
    scaffold(tmp_path, "quiz.mend", "planted-fault", private=True)
    scaffold(tmp_path, "more.twice", "plain", private=True)
    found = catalogue((tmp_path,))
    names = ["quiz.cube_forward", "quiz.cube_backward", "quiz.ask", "quiz.mend"]
    assert [e.name for e in found.unit("quiz").exercises] == names
    assert (found.unit("quiz").number, found.unit("more").number) == (1, 2)
    assert sorted(path.name for path in (tmp_path / "notebooks").iterdir()) == ["01_quiz.md", "02_more.md"]
    notebook = (tmp_path / "notebooks" / "01_quiz.md").read_text()
    order = [notebook.index(f'check("{names[0]}")'), notebook.index("getdoc(ask)"), notebook.index("## Handing in")]
    assert order == sorted(order)
    assert sorted(path.name for path in (tmp_path / "tests").iterdir()) == ["test_more.py", "test_quiz.py"]


@pytest.mark.parametrize(
    ("name", "form", "says"),
    [
        ("quiz.cube", "backward", r"reference/quiz\.py has cube_backward, cube_forward already; take another name"),
        ("quiz.cube_forward", "plain", r"reference/quiz\.py has cube_forward already"),
        ("quiz.ask", "backward", r"bank/quiz/ask\.py is there already"),
        ("quiz.hidden", "plain", r"bank/quiz/ask\.py declares quiz\.hidden already"),
        ("whole.more", "plain", r"bank/whole\.py holds its unit in one module, .* make it a package"),
        ("broken.more", "plain", r"reference/broken\.py:1: this does not parse"),
        (
            "bare.more",
            "plain",
            r"bank/bare/__init__\.py:1: it has no `from \. import \.\.\.` and UNIT = Unit\.of_modules",
        ),
        ("quiz", "plain", r"'quiz' is no name of an exercise; write UNIT\.NAME"),
        ("quiz.Cube", "plain", "is no name of an exercise"),
        ("quiz.lambda", "plain", "is no name of an exercise"),
        ("../x.y", "plain", "is no name of an exercise"),
    ],
)
def test_if_a_name_is_taken_nothing_is_written(name: str, form: str, says: str, tmp_path: Path) -> None:
    scaffold(tmp_path, "quiz.cube_backward", "backward", private=True)
    scaffold(tmp_path, "quiz.ask", "question", private=True)
    with (tmp_path / "bank" / "quiz" / "ask.py").open("a") as file:
        file.write('\nplain("quiz.hidden")\n')
    (tmp_path / "bank" / "whole.py").write_text("")
    (tmp_path / "reference" / "broken.py").write_text("def f(:\n")
    (tmp_path / "bank" / "bare").mkdir()
    (tmp_path / "bank" / "bare" / "__init__.py").write_text('"""Bare."""\n')
    before = contents(tmp_path)
    with pytest.raises(UsageError, match=says):
        scaffold(tmp_path, name, form, private=True)
    assert contents(tmp_path) == before


def test_a_file_that_cannot_be_written_takes_the_others_back(tmp_path: Path) -> None:
    scaffold(tmp_path, "quiz.cube_backward", "backward", private=True)
    before = contents(tmp_path)
    shutil.rmtree(tmp_path / "tests")
    (tmp_path / "tests").write_text("a file in the place of the folder")
    with pytest.raises(UsageError, match=r"cannot write .*; nothing was written"):
        scaffold(tmp_path, "other.twice", "plain", private=True)
    (tmp_path / "tests").unlink()
    assert contents(tmp_path) == {name: data for name, data in before.items() if not name.startswith("tests/")}


# ------------------------------------------------------------------------------------ in a checkout
@pytest.mark.slow
def test_in_a_checkout(tmp_path: Path) -> None:
    for room in ("grader", "reference", "exercises", "notebooks", "tests/bank"):
        shutil.copytree(CHECKOUT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "gallery"))
    units = (
        tmp_path / "grader" / "bank" / "units.py"
    )  # a checkout of one unit: to derive what is there of all takes a minute
    text, count = re.subn(
        r"^UNITS = \(.*?^\)", 'UNITS = ("layers",)', units.read_text(), flags=re.DOTALL | re.MULTILINE
    )
    assert count == 1
    units.write_text(text)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}

    def gradmark(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from grader.cli import command; command()", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    ran = [
        gradmark("new", "layers.cube_backward", "--form", "backward"),
        gradmark("new", "brand_new.sort_of", "--form", "higher-order"),
    ]
    assert [r.returncode for r in ran] == [0, 0], ran
    assert "written: grader/bank/layers/cube_backward.py\n" in ran[0].stdout
    assert "written: tests/bank/test_brand_new.py\n" in ran[1].stdout
    assert "tests" not in ran[0].stdout  # the unit's tests take it up
    before = contents(tmp_path)
    again = gradmark("new", "layers.cube_forward", "--form", "plain")
    assert again.returncode == 2
    assert "nothing was written" in again.stderr
    assert contents(tmp_path) == before
    derived = gradmark("stubs")
    assert derived.returncode == 0, derived.stderr
    assert re.search(r"reference/layers\.py:\d+: still to be filled in", derived.stderr)
    assert "written: exercises/brand_new.py\n" in derived.stdout
    assert "cube_backward" in (tmp_path / "exercises" / "layers.py").read_text()
    assert "cube_backward  " in gradmark("list").stdout
    for name, data in contents(tmp_path).items():
        if name.endswith(".py"):
            ast.parse(data)


def test_outside_of_a_checkout_a_folder_must_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from grader.cli import command

    monkeypatch.setattr(authors, "CHECKOUT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["gradmark", "new", "layers.more", "--form", "plain"])
    with pytest.raises(SystemExit) as stopped:
        command()
    assert stopped.value.code == 2
    assert "name the folder of your own bank with --in DIR" in capsys.readouterr().err


@pytest.mark.parametrize("folder", [".", "grader", "grader/release", "reference", "elsewhere/../exercises"])
def test_gradmarks_own_folder_is_no_private_bank(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--in site-packages`` added to the model answers of the package that is installed there."""
    from grader.cli import command, options

    for room in ("grader/release", "reference", "exercises", "elsewhere"):
        (tmp_path / room).mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(options, "CHECKOUT", tmp_path)
    monkeypatch.setattr(
        sys, "argv", ["gradmark", "new", "quiz.more", "--form", "plain", "--in", str(tmp_path / folder)]
    )
    with pytest.raises(SystemExit) as stopped:
        command()
    assert stopped.value.code == 2
    assert "is where Gradmark's own bank is: name a folder of your own" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before
    monkeypatch.setattr(sys, "argv", [*sys.argv[:-1], str(tmp_path / "elsewhere")])
    with pytest.raises(SystemExit) as stopped:
        command()
    assert not stopped.value.code


# ------------------------------------------------------------------------------------------- edits
def test_an_import_is_added_once_and_in_its_place() -> None:
    wanted = ["import numpy as np", "from numpy.typing import NDArray", "from collections.abc import Callable"]
    whole = '"""M."""\n\nfrom collections.abc import Callable\n\nimport numpy as np\nfrom numpy.typing import NDArray\n'
    assert imports_added(whole, wanted) == whole
    assert imports_added(whole.replace("from numpy.typing import NDArray\n", ""), wanted) == whole
    assert imports_added(whole.replace("from collections.abc import Callable\n\n", ""), wanted[:2]) in whole.replace(
        "from collections.abc import Callable\n\n", ""
    )
    future = '"""M."""\n\nfrom __future__ import annotations\n\nfrom typing import Any\n\nimport numpy as np\n\nX = 1\n'
    assert imports_added(future, wanted) == future.replace(
        "from typing", "from collections.abc import Callable\nfrom typing"
    ).replace("as np\n", "as np\nfrom numpy.typing import NDArray\n")


def test_an_item_is_added_to_a_tuple() -> None:
    here = Path("x.py")
    assert item_added('UNITS = ("a",)\n"""Ours."""\n', here, "UNITS", "b") == 'UNITS = ("a", "b")\n"""Ours."""\n'
    assert item_added("UNITS = ()\n", here, "UNITS", "b") == 'UNITS = ("b",)\n'
    text = "from . import (\n    a,\n    c,\n)\n\nUNIT = Unit.of_modules('é', 1, 'T', (a, c))\n"
    assert (
        item_added(text, here, ".", "b") == "from . import a, b, c\n\nUNIT = Unit.of_modules('é', 1, 'T', (a, c, b))\n"
    )
    with pytest.raises(UsageError, match=r"x\.py:1: it has no UNITS = \(\.\.\.\), to which b could be added"):
        item_added("UNITS = tuple(names)\n", here, "UNITS", "b")


def test_a_section_goes_before_the_end_of_a_notebook() -> None:
    text = "# N\n\n## 1. One\n\n## 7. Questions\n\n## Handing in\n"
    assert (
        section_added(text, "## New\n", ("## Questions", "## Handing in")).index("## New")
        < text.index("## 7. Questions") + 1
    )
    assert section_added(text, "## New\n", ("## Handing in",)).endswith("## 7. Questions\n\n## New\n\n## Handing in\n")
    assert section_added("# N\n", "## New\n", ("## Handing in",)) == "# N\n\n## New\n"


def test_a_notebook_that_lists_its_imports_lists_the_new_one() -> None:
    text = "from exercises.u import (\n    a,\n    c,\n)\n"
    assert listed_in_notebook(text, "u", ["b"]) == "from exercises.u import (\n    a,\n    b,\n    c,\n)\n"
    assert listed_in_notebook("from exercises.u import *\n", "u", ["b"]) == "from exercises.u import *\n"
