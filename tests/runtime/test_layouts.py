"""Each layout of a platform's download is graded as it was downloaded, as a folder and as a zip archive, in one command."""

from __future__ import annotations

import sys
from pathlib import Path

import downloads
import pytest

from grader.cli import command
from grader.gradebook import Gradebook

NOBODY = "could not be graded"
LAYOUTS = {
    "canvas": (downloads.canvas, 5),
    "canvas, anonymous": (downloads.canvas_anonymous, 2),
    "moodle": (downloads.moodle, 5),
    "moodle, flat": (downloads.moodle_flat, 2),
    "moodle, blind": (downloads.moodle_blind, 3),
    "gradescope": (downloads.gradescope, 4),
    "gradescope without its sheet": (lambda: downloads.gradescope(None), 3),
    "nbgrader": (downloads.nbgrader, 3),
    "nbgrader's exchange": (downloads.inbound, 2),
    "repositories": (downloads.repositories, 2),
    "classroom50": (downloads.classroom50, 2),
    "folders": (downloads.plain_folders, 3),
    "files": (downloads.plain_files, 3),
}
"""By name what makes it, and how many of its hand-ins hold work on layers that can be graded."""


@pytest.mark.slow
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_download_is_graded_as_it_came(
    layout: str, packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rejects a layout that is taken for one submission, and hand-ins that are dropped or lose their files."""
    make, graded = LAYOUTS[layout]
    files = make()
    path = tmp_path / "download"
    path = downloads.in_zip(path.with_suffix(".zip"), files) if packed else downloads.in_folder(path, files)
    words = f"batch {path.name} --assignment layers --exercise layers.relu_forward --jobs 1 --quiet".split()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["gradmark", *words])
    with pytest.raises(SystemExit) as stopped:
        command()
    with Gradebook.open(tmp_path / "gradebook.db") as book:
        attempts = book.attempts("layers")
    found = {
        a.student: [i.status for r in a.results for i in r.items if i.exercise == "layers.relu_forward"]
        for a in attempts
    }
    assert list(found.values()).count(["wrong"]) == graded, found
    assert stopped.value.code == (0 if len(found) == graded else 3)
