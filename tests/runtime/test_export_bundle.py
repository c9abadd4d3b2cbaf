"""An autograder for Gradescope, made of a course and run as Gradescope would run it; and one graded for classroom50."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
COURSE = """\
roster = "roster.csv"
[shown]
value = "hidden"
law = "after_release"
[assignment.hw1]
points = 10
exercises = ["layers.relu_forward", "layers.relu_backward"]
"""
pytestmark = pytest.mark.slow


def gradmark(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from grader.cli import command; command()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_a_bundle_grades_a_submission_as_here(tmp_path: Path) -> None:
    (tmp_path / "gradmark.toml").write_text(COURSE)
    (tmp_path / "roster.csv").write_text("id,name\ns1,Ada Lovelace\n")
    made = gradmark(tmp_path, "export", "gradescope", "--bundle", "auto.zip")
    assert made.returncode == 0, made.stderr
    ran = gradmark(
        tmp_path,
        "export",
        "gradescope",
        "--simulate",
        "auto.zip",
        str(CHECKOUT / "examples/class/dmitri.zip"),
        "--out",
        "r.json",
    )
    assert ran.returncode == 0, ran.stderr
    assert "Gradescope would take it" in ran.stdout
    found = json.loads((tmp_path / "r.json").read_text())
    assert 0 < found["score"] < 10
    by_visibility = {
        visibility: [t for t in found["tests"] if t["visibility"] == visibility]
        for visibility in ("visible", "after_published", "hidden")
    }
    assert all(by_visibility.values())
    assert sum(test["score"] for test in found["tests"]) == pytest.approx(found["score"], abs=1e-5)
    assert "value" not in " ".join(test["output"] for test in by_visibility["visible"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["auto.zip", "gradmark.toml", "r.json", "roster.csv"]


def test_a_submission_is_graded_for_classroom50_and_its_own_settings_count_for_nothing(tmp_path: Path) -> None:
    work = tmp_path / "work"
    shutil.copytree(CHECKOUT / "examples/class/ada", work)
    (work / "gradmark.toml").write_text('[assignment.hw1]\nunit = "mlp"\n')
    (tmp_path / "course.toml").write_text(COURSE.replace('roster = "roster.csv"\n', ""))
    identity = ("--classroom", "cs", "--slug", "first", "--owner", "ada", "--tag", "submit/1", "--commit", "c")
    ran = gradmark(
        work,
        "export",
        "classroom50",
        "--grade",
        ".",
        "--course",
        "../course.toml",
        "--out",
        "../result.json",
        *identity,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads((tmp_path / "result.json").read_text())
    assert (found["score"], found["max-score"], found["owner"], found["commit"]) == (1000, 1000, "ada", "c")
