"""``gradmark export gradescope --bundle`` and ``--simulate``: what is in an autograder, and what is made of one that is wrong."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from banks import written
from small_class import COURSE, ROSTER, Run

from grader.cli import bundles


@pytest.fixture
def made(run: Run, tmp_path: Path) -> zipfile.ZipFile:
    """The bundle of a course with a private bank, a roster, extensions and dates."""
    bank = written(tmp_path / "our-bank")
    (bank / "__pycache__").mkdir()
    (bank / "__pycache__" / "x.pyc").write_bytes(b"")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    settings = 'zone = "Europe/Berlin"\nbank = ["our-bank"]\n' + COURSE.replace("[assignment.hw1]", (
        '[limits]\ncell_seconds = 7.5\n[shown]\nreleased = 2026-12-01T18:00:00+01:00\nlaw = "score"\n'
        '[[extension]]\nstudent = "s1"\ndays = 2\n[assignment.hw1]\ndue = 2026-11-30T12:00:00\ntitle = "Über \\"alles\\" \\\\ 1"'
    ))  # fmt: skip
    course = tmp_path / "course.toml"
    course.write_text(settings, encoding="utf-8")
    code, out, err = run("export", "gradescope", "--course", str(course), "--bundle", "auto.zip")
    assert code == 0, err
    assert "the autograder of hw1, 12 points" in out
    return zipfile.ZipFile(tmp_path / "auto.zip")


def test_a_bundle_has_its_scripts_at_the_root_and_what_grades_beside_them(
    made: zipfile.ZipFile, tmp_path: Path
) -> None:
    names = set(made.namelist())
    assert {"setup.sh", "run_autograder", "requirements.txt", "course/gradmark.toml"} <= names
    assert {"gradmark/grader/cli/export.py", "gradmark/reference/layers.py", "gradmark/exercises/layers.py"} <= names
    assert "course/banks/0/our-bank/bank/quiz.py" in names
    assert not [
        name
        for name in names
        if "__pycache__" in name or ("roster" in name.rpartition("/")[2] and "course" in name.split("/")[0])
    ]
    for script in ("setup.sh", "run_autograder"):
        assert made.getinfo(script).external_attr >> 16 & 0o111
        made.extract(script, tmp_path)
        assert made.read(script).startswith(b"#!/usr/bin/env bash\n")
        assert b"\r" not in made.read(script)
        subprocess.run(["bash", "-n", tmp_path / script], check=True)


def test_a_bundle_knows_nobody_and_nothing_secret_and_the_same_course(made: zipfile.ZipFile, tmp_path: Path) -> None:
    from grader.course import read_course

    text = made.read("course/gradmark.toml").decode()
    for secret in ("only ours", "roster", "s1", "Ada"):
        assert secret not in text
    made.extractall(tmp_path / "unpacked")
    there = read_course(tmp_path / "unpacked/course/gradmark.toml")
    mine = read_course(tmp_path / "course.toml")
    assert there.limits == mine.limits
    assert there.shown == mine.shown
    assert there.zone == mine.zone
    one, other = there.assignments["hw1"], mine.assignments["hw1"]
    assert (one.title, one.due, [e.points for e in one.exercises]) == (
        other.title,
        other.due,
        [e.points for e in other.exercises],
    )
    assert [folder.name for folder in there.bank] == ["our-bank"]


def test_a_bundle_needs_names_and_numbers_and_no_address(made: zipfile.ZipFile) -> None:
    lines = made.read("requirements.txt").decode().splitlines()
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", line) for line in lines), lines
    assert {"numpy", "ipykernel", "nbclient", "click", "pydantic"} <= {line.partition("==")[0] for line in lines}
    assert not {"pytest", "mypy", "distributed", "playwright"} & {line.partition("==")[0] for line in lines}
    assert "://" not in made.read("setup.sh").decode()
    assert lines == bundles.requirements()


@pytest.mark.parametrize(
    ("run_autograder", "says", "code"),
    [
        ('echo \'{"score": 7, "tests": []}\' > "$GRADMARK_AUTOGRADER/results/results.json"', "", 0),
        ('echo \'{"score": NaN}\' > "$GRADMARK_AUTOGRADER/results/results.json"', "would not take it", 1),
        ("echo broken; exit 3", "ended with 3, and printed last: broken", 4),
    ],
)
def test_the_simulator_runs_what_is_in_the_zip_and_checks_what_it_wrote(
    run: Run, tmp_path: Path, run_autograder: str, says: str, code: int
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("setup.sh", "exit 9")
        archive.writestr(
            "run_autograder", f"#!/usr/bin/env bash\ntest -f submission/work.py || exit 8\n{run_autograder}\n"
        )
    (tmp_path / "work.py").write_text("x = 1")
    got, out, err = run("export", "gradescope", "--simulate", "a.zip", "work.py")
    assert got == code
    assert says in err
    assert ("score 7, 0 tests" in out) is (code == 0)


def test_a_zip_that_is_no_autograder_is_refused(run: Run, tmp_path: Path) -> None:
    for name, says in (("src/run_autograder", "must be at its root"), ("../run_autograder", "leads out of it")):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(name, "")
        code, _, err = run("export", "gradescope", "--simulate", "a.zip", ".")
        assert code == 2
        assert says in err
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
