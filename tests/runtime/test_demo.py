"""``gradmark demo``: the sample course, from what was handed in to the files that platforms read."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from grader.gradebook import Gradebook

DEMO = [sys.executable, "-c", "from grader.cli import command; command()", "demo"]


@pytest.mark.slow
def test_the_demo_grades_a_course_and_writes_what_platforms_read(tmp_path: Path) -> None:
    ran = subprocess.run(DEMO, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr
    out = tmp_path / "out" / "demo"
    with Gradebook.open(out / "gradebook.db") as book:
        assert {a: len(book.attempts(a)) for a in ("layers", "optimizers")} == {"layers": 20, "optimizers": 18}
    named = [
        line.split()[-1]
        for line in ran.stdout.splitlines()
        if line.startswith(("export ", "class page ", "the gradebook "))
    ]
    assert len(named) == 10
    assert [name for name in named if not (tmp_path / name).exists()] == []
    with (out / "exports" / "canvas.csv").open(encoding="utf-8-sig", newline="") as file:
        marks = {row["Student"]: row for row in csv.DictReader(file)}
    late = next(row for name, row in marks.items() if "Greta" in name)
    title = next(column for column in late if column.startswith("Local gradients"))
    assert late[title] == "15.05"  # one of three days late costs a tenth, two are slip days
    again = subprocess.run(DEMO, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert again.returncode == 0
    assert again.stdout.count("nothing was graded now") == 2
