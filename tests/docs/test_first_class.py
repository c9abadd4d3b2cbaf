"""The tutorial for assistants, followed step by step with real kernels: its outputs are those of the commands.

A block of ``console`` holds commands, each with what it prints on stdout below it; the
block of ``toml`` is the course file. ``GRADMARK_UPDATE_GUIDES=1`` writes the outputs into the page.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PAGE = CHECKOUT / "docs" / "tutorial" / "first-class.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOML = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODES = {"gradmark batch submissions.zip": 3, "gradmark batch submissions.zip --quiet": 3}
"""Exit codes that are not 0: one notebook was cut off."""


def steps(text: str) -> list[tuple[str, str]]:
    """The commands of the page, each with what is shown for it."""
    parts = re.split(r"^\$ (.+)\n", "".join(CONSOLE.findall(text)), flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def printed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def ran(command: str, folder: Path) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GRADMARK_")},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "GRADMARK_BY": "kim",
    }
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == CODES.get(command, 0), done.stdout + done.stderr
    return printed(done.stdout)


@pytest.mark.slow
def test_the_tutorial_shows_what_its_commands_print(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    shutil.copytree(CHECKOUT / "examples" / "canvas", tmp_path / "examples" / "canvas")
    folder = tmp_path / "backprop"
    folder.mkdir()
    (folder / "gradmark.toml").write_text(TOML.findall(text)[0], encoding="utf-8")
    found = steps(text)
    assert len(found) >= 10
    assert found[0][0] == "mkdir backprop && cd backprop"
    wrong = []
    for command, shown in found[1:]:
        real = ran(command, folder)
        if os.environ.get("GRADMARK_UPDATE_GUIDES"):
            text = text.replace(f"$ {command}\n{shown}", f"$ {command}\n{real}")
        elif real != shown:
            wrong.append((command, shown, real))
    if os.environ.get("GRADMARK_UPDATE_GUIDES"):
        PAGE.write_text(text, encoding="utf-8")
    assert wrong == []


def test_the_download_of_the_tutorial_is_that_of_the_sample_class(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "examples/make_download.py", "--check"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
