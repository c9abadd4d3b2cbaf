"""The README tells the truth: its commands run, its links lead somewhere, its numbers are those of the code."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import classes
import pytest
from course_notebooks import NBGRADER, saved

from grader.bank import catalogue
from grader.gradebook import Gradebook
from grader.grades import Attempt
from grader.result import GradedBy, NotebookResult, Result, SubmissionInfo, as_json
from grader.submission import find

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (gradmark [^#\n]+?)\s*(?:#.*)?$", README, re.MULTILINE)
EXPECTED = {"gradmark grade . --assignment layers --junit report.xml --fail-under 60": 1}
"""Exit codes that are not 0: the stubs of this checkout are below 60 %."""

A_RESULT = Result(
    assignment="layers",
    submission=SubmissionInfo(id="ada", source="ada", sha256=None),
    graded_by=GradedBy(version="0", bank="ab", seed=0, isolation="process"),
    notebook=NotebookResult(status="ok"),
    score=0.0,
    max_score=0.0,
    graded=True,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder with the sample class beside it, results that were kept, and the only shard of a small class."""
    folder = tmp_path / "readme"
    folder.mkdir()
    for room in ("exercises", "notebooks"):
        shutil.copytree(CHECKOUT / room, folder / room)
    (folder / "examples").symlink_to(CHECKOUT / "examples")
    (folder / "kept").mkdir()
    (folder / "course.toml").write_text("[shown]\nreleased = true\n")
    (folder / "kept" / "ada.layers.json").write_text(as_json(A_RESULT))
    esra = next(h for h in find([CHECKOUT / "examples" / "class"]).hand_ins if h.hint.text == "esra")
    with Gradebook.open(folder / "gradebook.db", create=True) as book:
        attempts = [
            Attempt(student=student, assignment="layers", sha256=sha256, results=(A_RESULT,))
            for student, sha256 in (
                ("ada", "ab"),
                ("esra", esra.sha256),
            )  # the bytes of one are there to be graded again
        ]
        book.record(attempts, by="the tests")
    saved(folder / "homework.ipynb", NBGRADER)
    classes.shard_of(tmp_path, folder / "shards" / "0")
    return folder


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 7


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command: str, folder: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "100"}
    ran = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == EXPECTED.get(command, 0), ran.stdout + ran.stderr
    assert ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr


def shown_to_students(text: str) -> list[str]:
    """The blocks of a page that show what a student gets: a cell with its output, or the checker in a terminal with its."""
    cells = re.findall(r"^```python\n[^`]*^```\n\n```text\n[^`]*^```$", text, re.MULTILINE)
    return cells + re.findall(r"^```console\n\$ \S+ -m grader\.student[^`]*^```$", text, re.MULTILINE)


def test_what_it_shows_to_students_is_shown_by_the_tutorial_too() -> None:
    """There each output is compared with the checker's own (``test_first_exercise.py``)."""
    found = shown_to_students(README)
    assert len(found) == 3
    tutorial = (CHECKOUT / "docs" / "tutorial" / "first-exercise.md").read_text(encoding="utf-8")
    assert [block for block in found if block not in shown_to_students(tutorial)] == []
    assert found[0].replace("▸0.000◂", "▸0.001◂") not in shown_to_students(tutorial)


def test_its_links_and_targets_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (CHECKOUT / target).exists(), target
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^\$ make (\w+)", README, re.MULTILINE):
        assert f"\n{target}:" in makefile


def test_its_numbers_are_those_of_the_code() -> None:
    units = catalogue().units.values()
    exercises = [e for u in units for e in u.exercises]
    assert f"({len(exercises)} exercises and questions)" in README
    assert f"{sum(len(e.mistakes) for e in exercises)} declared mistakes" in README


def test_every_command_has_help_and_the_readme_names_it() -> None:
    from grader.cli import cli

    named = {command.split()[1] for command in COMMANDS} | {"demo", "stubs"}
    assert set(cli.commands) == named
    for name, command in cli.commands.items():
        assert command.help, name
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.help, f"{name} {parameter.name}"  # type: ignore[attr-defined]
