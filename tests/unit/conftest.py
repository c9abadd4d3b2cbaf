"""What several files of these tests use: the command line, and a kit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import entry_point
import kits
import pytest

from grader.release import write_folder


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a kit of all units, which no test changes."""
    folder = tmp_path_factory.mktemp("release") / "kit"
    write_folder(kits.whole(), folder)
    return folder


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., entry_point.Ran]:
    """Runs the entry point in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return partial(entry_point.ran, monkeypatch, capsys)
