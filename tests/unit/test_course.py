"""The course file: read, refused with the name of what is wrong, and never taken from a submission."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course import FILE, Course, course
from grader.errors import UsageError
from grader.runtime import Limits


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_a_file_the_defaults_hold() -> None:
    assert course(None) == Course()
    assert course(None).bounds() == Limits()


def test_it_is_found_where_the_grader_was_started_and_flags_come_first(folder: Path) -> None:
    (folder / FILE).write_text('[limits]\ncell_seconds = 60\nrestarts = 2\n[kernel]\npackages = ["scipy"]\n')
    found = course(None, [folder / "class"])
    assert found.kernel.packages == ("scipy",)
    assert found.bounds() == Limits(cell_seconds=60, restarts=2)
    assert found.bounds(cell_seconds=5.0, call_seconds=None) == Limits(cell_seconds=5, restarts=2)


def test_one_inside_a_submission_is_not_looked_at(folder: Path) -> None:
    """A student's repository graded from within must not lift its own limits."""
    (folder / FILE).write_text("[limits]\ncell_seconds = 9999\n")
    (folder / "notebooks").mkdir()
    assert course(None, [folder]) == Course()
    assert course(None, [Path()]) == Course()
    assert course(None, [folder.parent]) == Course()
    assert course(None, [folder / "notebooks"]).bounds().cell_seconds == 9999
    assert course(folder / FILE, [folder]).bounds().cell_seconds == 9999  # named by whoever runs the grader


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[limits]\ncell_second = 60", r"limits\.cell_second is unknown: did you mean cell_seconds\?"),
        ("[limit]\na = 1", r"limit is unknown: did you mean limits\?"),
        ("[kernel]\nzzz = 1", "kernel.zzz is unknown: there are packages"),
        ("[limits]\ncell_seconds = -1", "limits.cell_seconds: input should be greater than 0"),
        ("[limits]\ncell_seconds = inf", "limits.cell_seconds: input should be a finite number"),
        ("[limits]\nmemory_bytes = 1.5", "limits.memory_bytes: input should be a valid integer"),
        ('[limits]\ncell_seconds = "60"', "limits.cell_seconds: input should be a valid number"),
        ("[kernel]\npackages = 'scipy'", "kernel.packages: input should be a valid list"),
        ("limits =", "is no TOML"),
        ("\udcff", "is no TOML"),
    ],
)
def test_what_does_not_fit_is_named(folder: Path, text: str, says: str) -> None:
    (folder / FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match=says):
        course(None)


def test_a_file_that_is_not_there_is_said(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"course\.toml cannot be read: No such file"):
        course(folder / "course.toml")
