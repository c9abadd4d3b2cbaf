"""The guides of the platforms are true: each of their commands runs on a small class, and writes what the page says."""

from __future__ import annotations

import re
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.cli import command
from grader.gradebook import Gradebook
from grader.grades import Attempt
from grader.result import CheckResult, GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
GUIDES = ("canvas", "moodle", "gradescope", "classroom50")
COMMANDS = [
    (guide, line)
    for guide in GUIDES
    for line in re.findall(
        r"^\s*\$ gradmark (.+?)$", (HOW_TO / f"{guide}.md").read_text(encoding="utf-8"), re.MULTILINE
    )
]
COURSE = 'roster = "roster.csv"\n[assignment.hw1]\ncanvas = 4711\nexercises = {"layers.relu_forward" = 12}\n'
ROSTER = "id,name,email,login,canvas\ns1,Ada Lovelace,ada@uni.example,ada,901\n"
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,Homework (4711)\n    Points Possible,,,,,12\nAda,901,,ada,A,\n"
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade)\n"
    "Participant 11,Ada Lovelace,ada@uni.example,-,,12.00,Yes,-\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small class, with the files that were downloaded."""
    for name, text in (
        ("gradmark.toml", COURSE),
        ("roster.csv", ROSTER),
        ("canvas.csv", CANVAS),
        ("worksheet.csv", WORKSHEET),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    check = CheckResult(name="value", kind="value", visibility="public", status="passed", score=2.0, max_score=2.0)
    item = ItemResult(exercise="layers.relu_forward", status="passed", score=2.0, max_score=2.0, checks=[check])
    result = Result(
        assignment="layers",
        submission=SubmissionInfo(id="s1", source="s1", sha256=None),
        graded_by=GradedBy(version="0", bank="ab", seed=0, isolation="process"),
        notebook=NotebookResult(status="ok"),
        score=2.0,
        max_score=2.0,
        graded=True,
        items=[item],
    )
    attempt = Attempt(
        student="s1", assignment="hw1", sha256="ab", submitted=datetime(2026, 10, 1, tzinfo=UTC), results=(result,)
    )
    with Gradebook.open(tmp_path / "gradebook.db", create=True) as book:
        book.record([attempt], by="the tests")
    return tmp_path


def test_each_guide_has_a_command() -> None:
    assert {guide for guide, _ in COMMANDS} == set(GUIDES)


@pytest.mark.parametrize(("guide", "line"), [(g, c) for g, c in COMMANDS if "--simulate" not in c])
def test_a_command_of_a_guide_runs(
    guide: str, line: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The trial of a bundle runs a kernel: ``tests/runtime/test_export_bundle.py``."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["gradmark", *shlex.split(line)])
    before = set(folder.rglob("*"))
    with pytest.raises(SystemExit) as stopped:
        command()
    assert stopped.value.code == 0, capsys.readouterr().err
    assert set(folder.rglob("*")) > before


@pytest.mark.parametrize("guide", GUIDES)
def test_its_links_lead_somewhere_and_its_flags_are_there(guide: str) -> None:
    from grader.cli.export import export

    text = (HOW_TO / f"{guide}.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (HOW_TO / target).exists(), target
    known = {name for of in export.commands.values() for option in of.params for name in option.opts}
    assert set(re.findall(r"--[a-z][a-z-]+", text)) - known - {"--quiet"} == set()
