"""The current folder of whoever runs a command gets nothing that they did not ask for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DRAWS = "from grader.judging import draw; assert draw(7, 20)"
SEARCHES = (
    "from grader.diagnosis.search import simplest; simplest(lambda asked: (False for _ in asked), ['randn'], seed=0)"
)


@pytest.mark.slow
@pytest.mark.parametrize("code", [DRAWS, SEARCHES])
def test_nothing_is_left_in_the_current_folder(tmp_path: Path, code: str) -> None:
    """Rejects a run of Hypothesis that keeps its constants in ``.hypothesis/``."""
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True)
    assert list(tmp_path.iterdir()) == []


def test_the_home_of_other_users_of_hypothesis_is_given_back() -> None:
    """Rejects a home that is taken away for good: a course's own tests keep their examples."""
    from hypothesis.configuration import storage_directory

    from grader.judging import leaving_nothing

    before = storage_directory("examples").path
    with leaving_nothing():
        assert storage_directory("examples").path != before
    assert storage_directory("examples").path == before
