"""The guides to marks and regrades are true: their commands are run in order on a small class, and print what the pages say."""

from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path

import pytest
from small_class import corrected, followed, write_handed_in

from grader.cli import command

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WHEN = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a page with the output that is shown below each."""
    blocks = "".join(CONSOLE.findall(text))
    parts = re.split(r"^\$ (gradmark .+)\n", blocks, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class that is graded, with a bank that was mended since."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("GRADMARK_BY", "kim")
    third = {"third": followed()}
    grader = write_handed_in(tmp_path, monkeypatch, **third)
    corrected(grader, **third)
    return tmp_path


def as_shown(text: str) -> str:
    return "\n".join(WHEN.sub("2026-11-29 12:00", line).rstrip() for line in text.strip().splitlines())


@pytest.mark.parametrize("guide", ["mark-by-hand", "regrade"])
def test_a_guide_shows_what_its_commands_print(
    guide: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = HOW_TO / f"{guide}.md"
    text = path.read_text(encoding="utf-8")
    for request in re.findall(r"^```json\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        (folder / "request.json").write_text(request, encoding="utf-8")
    found = commands(text)
    assert len(found) >= 6
    for line, shown in found:
        monkeypatch.setattr(sys, "argv", shlex.split(line))
        with pytest.raises(SystemExit) as stopped:
            command()
        out, err = capsys.readouterr()
        assert stopped.value.code == 0, err
        if os.environ.get("GRADMARK_UPDATE_GUIDES"):
            text = text.replace(f"$ {line}\n{shown}", f"$ {line}\n{as_shown(out)}\n", 1)
            path.write_text(text, encoding="utf-8")
        else:
            assert as_shown(out) == as_shown(shown), line


@pytest.mark.parametrize("guide", ["mark-by-hand", "regrade"])
def test_its_links_lead_somewhere_and_its_flags_are_there(guide: str) -> None:
    from grader.cli import cli

    text = (HOW_TO / f"{guide}.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (HOW_TO / target).exists(), target
    groups = [cli, *(c for c in cli.commands.values() if hasattr(c, "commands"))]
    known = {opt for group in groups for c in group.commands.values() for p in c.params for opt in p.opts}
    assert set(re.findall(r"--[a-z][a-z-]+", text)) - known == set()
