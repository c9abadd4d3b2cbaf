"""The guides for authors, followed word for word: each file is written and each command run, in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from course_notebooks import NBGRADER, saved

CHECKOUT = Path(__file__).parents[2]
GUIDES = CHECKOUT / "docs" / "how-to"
BLOCK = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
EXIT_CODES = {
    "write-an-exercise.md": {"gradmark validate --course course.toml activations": [1, 0]},
    "convert-a-course.md": {"gradmark validate --course our-course/course.toml homework": [1]},
}
"""The exit codes of a command at each time that it is run, where they are not 0: at first the notebook is to be filled in."""
SCRIPT = "from grader.cli import command\n\nif __name__ == '__main__':\n    command()\n"


def steps(text: str) -> Iterator[tuple[str, str]]:
    """Yield (path, contents) for each file that the guide writes, and ("", block) for each block of commands."""
    for block in BLOCK.finditer(text):
        _, language, body = block.groups()
        if language == "console":
            yield "", body
        elif language in ("python", "toml", "markdown"):
            named = re.findall(r"`([\w./-]+)`", text[: block.start()].rstrip().rpartition("\n\n")[2])
            assert named, f"no file is named before {body[:60]!r}"
            yield named[-1], body


def follow(guide: str, folder: Path) -> list[str]:
    """Follow a guide; return the commands that were run."""
    binaries = Path(sys.executable).parent
    script = folder.parent / "bin"
    script.mkdir()
    (script / "gradmark").write_text(f"#!{sys.executable}\n{SCRIPT}")
    (script / "gradmark").chmod(0o755)
    found = os.pathsep.join([str(script), str(binaries), os.environ["PATH"]])
    environment = {**os.environ, "PATH": found, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "200"}
    expected = {command: list(codes) for command, codes in EXIT_CODES.get(guide, {}).items()}
    run = []
    for path, body in steps((GUIDES / guide).read_text(encoding="utf-8")):
        if path:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(body, encoding="utf-8")
            continue
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            command = command.partition("  #")[0].strip()
            name = command.split()[1]
            ran = subprocess.run(
                command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            code = expected[command].pop(0) if expected.get(command) else 0
            assert ran.returncode == code, f"{command}: {ran.stdout}{ran.stderr}"
            for line in shown:
                assert line in ran.stdout, f"{command} does not print {line!r}: {ran.stdout}{ran.stderr}"
            run.append(name)
    return run


@pytest.mark.slow
@pytest.mark.parametrize("guide", ["write-an-exercise.md", "private-bank.md"])
def test_the_guide_can_be_followed_word_for_word(guide: str, tmp_path: Path) -> None:
    folder = tmp_path / "course"
    folder.mkdir()
    run = follow(guide, folder)
    assert {"stubs", "validate", "grade"} <= set(run)
    assert (folder / "our-bank" / "exercises").is_dir()


@pytest.mark.slow
def test_the_guide_to_kits_can_be_followed_word_for_word(tmp_path: Path) -> None:
    folder = tmp_path / "course"
    folder.mkdir()
    assert {"release", "check", "grade"} <= set(follow("release-a-kit.md", folder))
    assert (folder / "handed-out" / "course" / "notebooks" / "06_layers.ipynb").is_file()


@pytest.mark.slow
def test_the_guide_to_the_gradebook_can_be_followed_word_for_word(tmp_path: Path) -> None:
    folder = tmp_path / "course"
    folder.mkdir()
    assert set(follow("keep-a-gradebook.md", folder)) == {"gradebook"}
    assert {path.name for path in folder.iterdir()} == {"gradebook.db", "monday.db", "restored.db"}


@pytest.mark.slow
def test_the_guide_to_conversion_can_be_followed_word_for_word(tmp_path: Path) -> None:
    folder = tmp_path / "course"
    folder.mkdir()
    saved(folder / "homework.ipynb", NBGRADER)
    assert follow("convert-a-course.md", folder) == ["convert", "stubs", "list", "validate"]


LINKED = [
    "write-an-exercise.md",
    "private-bank.md",
    "course-file.md",
    "release-a-kit.md",
    "keep-a-gradebook.md",
    "convert-a-course.md",
]


@pytest.mark.parametrize("guide", LINKED)
def test_its_links_lead_somewhere(guide: str) -> None:
    prose = BLOCK.sub("", (GUIDES / guide).read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)#:]+)\)", prose):
        assert (GUIDES / target).exists(), target


def test_a_step_that_is_not_as_the_guide_says_would_be_seen() -> None:
    text = "Write `a/b.py`:\n\n```python\nx = 1\n```\n\n```console\n$ true\nsaid\n```\n"
    assert list(steps(text)) == [("a/b.py", "x = 1\n"), ("", "$ true\nsaid\n")]
    with pytest.raises(AssertionError, match="no file is named"):
        list(steps("Write it:\n\n```python\nx = 1\n```\n"))
