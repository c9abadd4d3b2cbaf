"""Submissions handed in and brought to life, for real kernels."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from forked import Source
from live import session_of
from nbformat.v4 import writes
from samples import LIMITS, collected, notebook

from grader.runtime import Limits, Session
from grader.submission import Submission


@pytest.fixture
def hand_in(tmp_path: Path) -> Callable[..., Submission]:
    """Hand in a notebook of these cells, and files beside it."""

    def make(*cells: str, name: str = "06_layers.ipynb", files: dict[str, str] | None = None) -> Submission:
        for path, text in (files or {}).items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        if cells:
            (tmp_path / name).write_text(writes(notebook(*cells)))
        return collected(tmp_path if files else tmp_path / name)[0]

    return make


@pytest.fixture
def session(hand_in: Callable[..., Submission]) -> Iterator[Callable[..., Session]]:
    """A live session of a notebook of these cells."""
    open_sessions: list[Session] = []

    def make(
        *cells: str, limits: Limits = LIMITS, files: dict[str, str] | None = None, isolation: str = "auto"
    ) -> Session:
        opened = session_of(hand_in(*cells, files=files), limits, isolation)
        opened.__enter__()
        open_sessions.append(opened)
        return opened

    yield make
    for opened in open_sessions:
        opened.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No test of this tier leaves a scratch folder or a process."""
    assert tmp_path.exists()  # made before the default for temporary folders changes
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield
        assert [p.name for p in Path(folder).glob("gradmark-*") if "-server-" not in p.name] == []
        assert living(folder) == []


def living(folder: str) -> list[str]:
    """Living processes that were started with scratch folders in ``folder``."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes()
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if folder.encode() in line and state != "Z":
            found.append(entry.name)
    return found


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the temporary files of a command, of a short name: it is part of the addresses of its sockets."""
    folder = tmp_path_factory.mktemp("r")
    if os.geteuid() == 0:
        folder.chmod(0o755)  # below `full`, root's submissions run as nobody
    return folder


@pytest.fixture
def source() -> Iterator[Callable[..., Source]]:
    """Sources of forked kernels, closed at the end."""
    made: list[Source] = []

    def make(*args: Any, **more: Any) -> Source:
        made.append(Source(*args, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()
