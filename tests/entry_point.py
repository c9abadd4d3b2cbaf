"""The entry point of the command line, run in the process of a test."""

from __future__ import annotations

import sys
from typing import NamedTuple

import pytest

from grader.cli import command


class Ran(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str


def ran(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    """Run ``gradmark`` with these arguments."""
    monkeypatch.setattr(sys, "argv", ["gradmark", *arguments])
    with pytest.raises(SystemExit) as stopped:
        command()
    said = capsys.readouterr()
    assert isinstance(stopped.value.code, int)
    return Ran(stopped.value.code, said.out, said.err)
