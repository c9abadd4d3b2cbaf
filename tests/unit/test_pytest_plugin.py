"""``pytest --gradmark``: one test a check; without the flag it is as if the plugin were not there. On results that were kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from results import a_result

from grader.pytest_plugin import _graded
from grader.result import CheckResult, ItemResult, NotebookResult, Result, document

CHECKOUT = Path(__file__).parents[2]
KEPT = """import os, pathlib
from grader.pytest_plugin import GRADED
def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.stash[GRADED] = pathlib.Path(os.environ["KEPT"]).read_text()
"""
"""A plugin that puts results in the place of grading: in the first process alone, so that workers must be handed them."""


def an_item(name: str, *checks: tuple[str, Any, str]) -> ItemResult:
    made = [
        CheckResult(name=n, kind="value", visibility="hidden", status=s, score=0.0, max_score=1.0, message=said)
        for n, s, said in checks
    ]
    return ItemResult(exercise=f"layers.{name}", status="wrong", score=0.0, max_score=1.0, checks=made)


EACH = a_result(
    an_item(
        "f", ("value:out", "passed", ""), ("value:dx", "wrong", "dx[0] is 3\n::error::x"), ("law:shift", "skipped", "")
    ),
    an_item(
        "g",
        ("value", "not_attempted", ""),
        ("example", "raised", "##[error]y"),
        ("contract", "missing", "there is no g"),
    ),
    an_item("h", ("value", "grader_error", "boo"), ("example", "timed_out", ""), ("contract", "crashed", "")),
)
Ran = subprocess.CompletedProcess[str]


@pytest.fixture
def in_pytest(tmp_path: Path) -> Callable[..., Ran]:
    """Run pytest in a folder, with the plugin declared as an installed package declares it."""
    entry = tmp_path / "plugins" / "gradmark_here-0.dist-info"
    entry.mkdir(parents=True)
    (entry / "METADATA").write_text("Metadata-Version: 2.1\nName: gradmark-here\nVersion: 0\n")
    (entry / "entry_points.txt").write_text("[pytest11]\ngradmark = grader.pytest_plugin\n")
    (entry.parent / "kept.py").write_text(KEPT)
    work = tmp_path / "work"
    work.mkdir()

    def run(*arguments: str, results: tuple[Result, ...] = (EACH,), kept: str | None = None) -> Ran:
        (tmp_path / "kept.json").write_text(document(results) if kept is None else kept)
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
        environment["PYTHONPATH"] = os.pathsep.join(map(str, (entry.parent, CHECKOUT)))
        environment["KEPT"] = str(tmp_path / "kept.json")
        command = [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider", "--color=no"]
        return subprocess.run(
            [*command, *arguments], cwd=work, env=environment, capture_output=True, text=True, check=False
        )

    return run


GRADE = ("-p", "kept", "--gradmark", ".", "-rA")
ENDS = {
    "PASSED": ["notebook", "f::value:out"],
    "FAILED": ["f::value:dx", "g::example", "g::contract", "h::example", "h::contract"],
    "ERROR": ["h::value"],
}


@pytest.mark.slow
@pytest.mark.parametrize("flags", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_each_check_is_a_test_and_a_fault_of_the_grader_an_error(in_pytest: Any, flags: tuple[str, ...]) -> None:
    ran = in_pytest(*GRADE, *flags)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    for word, names in ENDS.items():
        found = [line.split()[1] for line in ran.stdout.splitlines() if line.startswith(f"{word} ")]
        assert sorted(found) == sorted(f"gradmark/layers::{name}" for name in names)
    assert "5 failed, 2 passed, 2 skipped, 1 error" in ran.stdout
    assert "dx[0] is 3" in ran.stdout
    assert not [line for line in ran.stdout.splitlines() if line.lstrip().startswith("::error") or "##[" in line]
    assert "Traceback" not in ran.stdout


@pytest.mark.slow
def test_a_test_can_be_chosen_by_its_name(in_pytest: Any) -> None:
    ran = in_pytest(*GRADE, "-k", "f and dx", "-q")
    assert "1 failed, 9 deselected" in ran.stdout


@pytest.mark.slow
def test_of_several_submissions_each_has_its_name(in_pytest: Any) -> None:
    other = a_result(an_item("f", ("value", "passed", "")), ident="x::y\n::error::z")
    ran = in_pytest(*GRADE, "-q", results=(EACH, other))
    assert "PASSED gradmark/x: :y : :error: :z/layers::f::value" in ran.stdout
    assert "PASSED gradmark/ada/layers::f::value:out" in ran.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        ({"notebook": NotebookResult(status="failed", cell=2, error="NameError: x")}, 1, "1 failed, 1 passed"),
        ({"notebook": NotebookResult(status="absent")}, 0, "1 passed, 1 skipped"),
        (
            {"notebook": NotebookResult(status="crashed", error="x"), "graded": False, "needs_person": True},
            1,
            "1 passed, 1 error",
        ),
    ],
)
def test_the_notebook_is_a_test_too(in_pytest: Any, more: Any, code: int, says: str) -> None:
    ran = in_pytest(*GRADE, "-q", results=(a_result(an_item("f", ("value", "passed", "")), **more),))
    assert (ran.returncode, says in ran.stdout) == (code, True), ran.stdout


@pytest.mark.slow
def test_a_grader_that_fails_as_a_whole_is_an_error_and_passes_nothing(in_pytest: Any) -> None:
    ran = in_pytest(*GRADE, kept=json.dumps({"failed": "gradmark: the grader itself failed: boo"}))
    assert ran.returncode == 2
    assert "ERROR gradmark" in ran.stdout
    assert "gradmark: the grader itself failed: boo" in ran.stdout
    assert "failed," not in ran.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("variable", "shown"), [("GITHUB_ACTIONS", False), ("GITLAB_CI", False), ("ELSEWHERE", True)])
def test_in_a_ci_students_read_no_more_than_the_course_file_lets_them(
    monkeypatch: pytest.MonkeyPatch, variable: str, shown: bool
) -> None:
    """What grades is told that it is in a CI, where [shown] holds; in GitLab's way, which writes no file of a step of GitHub."""
    for name in ("GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "true")
    asked: list[list[str]] = []

    def ran(command: list[str], **more: Any) -> Any:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, document([EACH]).encode(), b"")

    monkeypatch.setattr("grader.pytest_plugin.subprocess.run", ran)
    given = {"gradmark": ["a"], "gradmark_course": "course.toml", "gradmark_assignment": None}
    _graded(SimpleNamespace(stash=pytest.Stash(), getoption=given.__getitem__))  # type: ignore[arg-type]
    ((*_, flag, host, quiet),) = asked
    assert (flag, host, quiet) == ("--ci", "none" if shown else "gitlab", "-q")


def test_wrong_usage_is_said(in_pytest: Any) -> None:
    ran = in_pytest("--gradmark", "nowhere", "-q")
    assert ran.returncode == 2
    assert "there is nothing at" in ran.stdout


@pytest.mark.slow
def test_without_the_flag_tests_are_collected_and_nothing_heavy_is_imported(in_pytest: Any, tmp_path: Path) -> None:
    heavy = ("grader.bank", "grader.cli", "grader.report", "grader.result", "numpy", "click", "pydantic")
    (tmp_path / "work" / "conftest.py").write_text("")
    loaded = "import sys\ndef test_x():\n    assert 'grader.pytest_plugin' in sys.modules\n"
    light = f"    assert not set(sys.modules) & set({heavy!r})\n"
    (tmp_path / "work" / "test_x.py").write_text(loaded + light)
    assert "1 passed" in in_pytest("-q").stdout
    without = in_pytest("-q", "-p", "no:gradmark")
    assert "1 failed" in without.stdout
    assert "'grader.pytest_plugin' in" in without.stdout
    assert "unrecognized arguments" in in_pytest("-p", "no:gradmark", "--gradmark", ".").stderr


@pytest.mark.slow
def test_with_the_flag_no_test_and_no_conftest_is_collected(in_pytest: Any, tmp_path: Path) -> None:
    for name in ("conftest.py", "test_x.py"):
        (tmp_path / "work" / name).write_text("raise SystemExit('imported')\n")
    ran = in_pytest(*GRADE, "-q")
    assert "imported" not in ran.stdout + ran.stderr
    assert "2 passed" in ran.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "refused"),
    [
        ("pytest.ini", "[pytest]\naddopts = -q\n", True),
        ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = '-q'\n", True),
        ("pyproject.toml", "[project]\nname = 'x'\n", False),
        ("tox.ini", "[pytest]\npythonpath = .\n", True),
    ],
)
def test_settings_of_what_is_graded_are_refused(
    in_pytest: Any, tmp_path: Path, name: str, text: str, refused: bool
) -> None:
    (tmp_path / "work" / name).write_text(text)
    ran = in_pytest(*GRADE)
    assert (ran.returncode == 4) is refused
    assert ("pytest has read its settings from" in ran.stderr) is refused
