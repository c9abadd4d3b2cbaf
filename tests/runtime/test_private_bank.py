"""A private bank under real kernels: graded through the command and several processes, its model answers out of reach."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import banks
import pytest

from grader.grading import Options, bank_digest, grade_paths
from grader.runtime import Limits

CHECKOUT = Path(__file__).parents[2]
SPY = """
import os, sys

FOUND = []
PLACE = "{place}"
for name in ("reference/quiz.py", "bank/quiz.py"):
    try:
        FOUND.append(open(os.path.join(PLACE, name)).read())
    except OSError:
        pass
FOUND += [name for name in sys.modules if name.startswith("private_")]
FOUND += [entry for entry in sys.path if PLACE in entry]
FOUND += [value for value in os.environ.values() if PLACE in value]
try:
    from reference.quiz import cube_forward
    FOUND.append("reference")
except ImportError:
    pass


def cube_forward(x):
    if FOUND:
        return x**3, x
    return -(x**3), x


def cube_backward(dout, cache):
    return 3 * cache**2 * dout
"""


def handed_in(folder: Path, text: str) -> Path:
    (folder / "exercises").mkdir(parents=True)
    (folder / "exercises" / "quiz.py").write_text(text)
    return folder


@pytest.mark.slow
def test_a_class_is_graded_with_a_private_bank_and_cannot_reach_it(tmp_path: Path) -> None:
    """Two students in two driver processes: one is right, one looks for the model answers and returns them if it finds them."""
    bank = banks.written(tmp_path / "bank")
    right = handed_in(tmp_path / "ada", banks.ANSWERS)
    spy = handed_in(tmp_path / "eve", SPY.format(place=bank))
    (tmp_path / "gradmark.toml").write_text('bank = ["bank"]\n')
    command = [
        sys.executable,
        "-c",
        "from grader.cli import command; command()",
        "grade",
        "ada",
        "eve",
        "--json",
        "--jobs",
        "2",
    ]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    ran = subprocess.run(
        [*command, "--course", "gradmark.toml"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    ada, eve = json.loads(ran.stdout)["results"]
    assert (right.name, spy.name) == (ada["submission"]["id"], eve["submission"]["id"])
    assert (ada["assignment"], ada["score"], ada["max_score"]) == ("quiz", 6.0, 6.0)
    assert ada["graded_by"]["bank"] == bank_digest((bank,)) != bank_digest()
    statuses = {item["exercise"]: item["status"] for item in eve["items"]}
    if eve["graded_by"]["isolation"] in ("full", "landlock"):
        assert statuses["quiz.cube_forward"] == "wrong"
    # Without the course file nobody knows the assignment.
    ran = subprocess.run(command, cwd=tmp_path / "ada", env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode != 0


@pytest.mark.slow
def test_a_declared_mistake_of_a_private_bank_is_named(tmp_path: Path) -> None:
    bank = banks.written(tmp_path / "bank")
    wrong = banks.ANSWERS.replace("out = x**3", "out = x**2")
    (result,) = grade_paths(
        [handed_in(tmp_path / "dan", wrong)], Options("quiz", limits=Limits(cell_seconds=3), banks=(bank,))
    )
    (item,) = [item for item in result.items if item.exercise == "quiz.cube_forward"]
    assert "squares" in [check.diagnosis.mistake for check in item.checks if check.diagnosis]
