"""What several files of these tests use: the command line, and a kit."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import kits
import pytest

from grader.cli import command
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
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.chdir(tmp_path)

    def run_(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gradmark", *arguments])
        with pytest.raises(SystemExit) as stopped:
            command()
        said = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return stopped.value.code, said.out, said.err

    return run_
