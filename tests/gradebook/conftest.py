"""A gradebook for each test: once in SQLite and once in PostgreSQL, which every worker starts when it first needs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from postgresql_server import Server, started

from grader.gradebook import Gradebook


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of this worker."""
    with started() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a gradebook may be made: a path or URL."""
    if request.param == "sqlite":
        return str(tmp_path / "gradebook.db")
    url: str = request.getfixturevalue("server").new()
    return url


@pytest.fixture
def book(place: str) -> Iterator[Gradebook]:
    """An empty gradebook."""
    with Gradebook.open(place, create=True) as opened:
        yield opened
