"""The tutorial for students, followed step by step in a kit and a real kernel: its outputs are those of the checker.

A block of Python that begins with ``def`` is written into ``exercises/layers.py``; any other is run as a cell, and what it shows as
text is the block of ``text`` after it. Of a block of ``console`` the commands on the checker are run; ``powershell`` is not.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from grader.release import make_kit, write_folder

CHECKOUT = Path(__file__).parents[2]
PAGE = CHECKOUT / "docs" / "tutorial" / "first-exercise.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PYTHON = ".venv/bin/python"
CHECKER = f"{PYTHON} -m grader.student"
LEFT_OUT = "[...]"


@dataclass(frozen=True)
class Step:
    """A step of the page: its kind, what is written or run, and what the page says is shown for it."""

    kind: str
    source: str
    shown: str = ""


def steps(text: str) -> list[Step]:
    """Return the steps of the page: ``edit``, ``cell`` or ``command``."""
    found: list[Step] = []
    for language, body in BLOCK.findall(text):
        match language:
            case "python":
                found.append(Step("edit" if body.startswith("def ") else "cell", body.rstrip("\n")))
            case "text":
                assert found[-1].kind == "cell", f"no cell before {body!r}"
                assert not found[-1].shown, f"two outputs of one cell: {body!r}"
                found[-1] = Step("cell", found[-1].source, body)
            case "console":
                for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                    command, _, shown = part.partition("\n")
                    found.append(Step("command", command, shown))
            case _:
                assert language == "powershell", language
    return found


def fits(shown: str, real: str) -> bool:
    """Whether an output is what the page shows, where ``[...]`` stands for anything."""
    pattern = re.escape(shown.strip("\n")).replace(re.escape(LEFT_OUT), ".+")
    return re.fullmatch(pattern, real.strip("\n"), re.DOTALL) is not None


class Kernel:
    """A stock kernel of Jupyter's in a folder, which knows nothing of the checkout."""

    def __init__(self, folder: Path) -> None:
        self.manager, self.client = start_new_kernel(cwd=str(folder), env=_without_checkout())

    def run(self, source: str) -> str:
        """Run a cell; return what it shows, cards as plain text."""
        shown: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            match message["msg_type"]:
                case "stream":
                    shown.append(content["text"])
                case "display_data" | "execute_result":
                    shown.append(content["data"]["text/plain"] + "\n")
                case "error":
                    shown.append("\n".join(content["traceback"]))

        self.client.execute_interactive(source, output_hook=hear, timeout=60)
        return "".join(shown)

    def stop(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def _without_checkout() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def edited(text: str, function: str) -> str:
    """Return a module with a function written anew."""
    name = function.partition("(")[0]
    start = text.index(f"{name}(")
    return text[:start] + function + text[text.index("\n\n\n", start) :]


def followed(text: str, kit: Path) -> Iterator[tuple[Step, str]]:
    """Follow the page in a kit; yield each step with what it showed in fact."""
    module = kit / "exercises" / "layers.py"
    kernel = Kernel(kit / "notebooks")
    try:
        for step in steps(text):
            if step.kind == "edit":
                module.write_text(edited(module.read_text(encoding="utf-8"), step.source), encoding="utf-8")
            elif step.kind == "cell":
                yield step, kernel.run(step.source)
            elif step.source.startswith(CHECKER):
                command = [sys.executable, *step.source.removeprefix(PYTHON).split()]
                ran = subprocess.run(
                    command, cwd=kit, env=_without_checkout(), capture_output=True, text=True, check=False
                )
                yield step, ran.stdout + ran.stderr
    finally:
        kernel.stop()


def new_kit(folder: Path) -> Path:
    """Write the kit of the unit into a folder that is not there yet."""
    write_folder(make_kit(["layers"]), folder)
    return folder


def test_each_output_of_the_page_is_the_checkers(tmp_path: Path) -> None:
    seen = list(followed(PAGE.read_text(encoding="utf-8"), new_kit(tmp_path / "kit")))
    assert len(seen) > 15
    for step, real in seen:
        assert fits(step.shown, real), f"{step.source}\nThe page shows:\n{step.shown}\nIt is:\n{real}"


def test_its_cells_use_the_checker_of_the_kit(tmp_path: Path) -> None:
    kit = new_kit(tmp_path / "kit")
    first = next(step.source for step in steps(PAGE.read_text(encoding="utf-8")) if step.kind == "cell")
    cells = json.loads((kit / "notebooks" / "06_layers.ipynb").read_text(encoding="utf-8"))["cells"]
    assert next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code") == first
    kernel = Kernel(kit / "notebooks")
    try:
        kernel.run(first)
        home = kernel.run("import grader, pathlib; print(pathlib.Path(grader.__file__).resolve())").strip()
    finally:
        kernel.stop()
    assert Path(home) == (kit / "grader" / "__init__.py").resolve()


def test_the_page_leads_from_not_attempted_over_wrong_and_three_hints_to_green() -> None:
    shown = [step.shown for step in steps(PAGE.read_text(encoding="utf-8"))]
    told = [
        "· layers.relu_backward: not attempted",
        "✗ layers.relu_backward: wrong",
        "hint 1 of 3",
        "The next hint comes once",
        "hint 2 of 3",
        "hint 3 of 3",
        "✓ layers.relu_backward: passed",
    ]
    places = [next(i for i, text in enumerate(shown) if line in text) for line in told]
    assert places == sorted(places)
    assert len(set(places)) == len(places)


def test_little_is_left_out() -> None:
    shown = [step.shown for step in steps(PAGE.read_text(encoding="utf-8")) if LEFT_OUT in step.shown]
    assert sum(text.count(LEFT_OUT) for text in shown) <= 4
    assert all(len(text) > 100 for text in shown)


@pytest.mark.parametrize(
    "page", [PAGE, CHECKOUT / "docs" / "reference" / "verdicts-and-checks.md"], ids=lambda p: p.stem
)
def test_its_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^):]+)\)", BLOCK.sub("", page.read_text(encoding="utf-8"))):
        path, _, anchor = target.partition("#")
        there = (page.parent / path) if path else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


# ---------------------------------------------------------------------------------- the test is one
def test_an_output_that_is_another_would_be_seen() -> None:
    assert fits("a\n[...]\nd\n", "a\nb\nc\nd\n")
    assert not fits("a\n[...]\nd\n", "a\nb\nc\n")
    assert not fits("dx[0] is 0\n", "dx[0] is 0.1\n")
    assert not fits("", "✗ layers.relu_backward: wrong\n")
    assert not fits("✓ layers.relu_backward: passed\n", "✓ layers.relu_backward: passed\n  and more\n")


def test_the_steps_are_those_of_the_page() -> None:
    cells = "```python\ndef f(x):\n    return x\n```\n\n```python\ncheck(f)\n```\n\n```text\n✓\n```\n"
    text = f"{cells}\n```console\n$ true\n$ ls\na\n```\n"
    assert steps(text) == [
        Step("edit", "def f(x):\n    return x"),
        Step("cell", "check(f)", "✓\n"),
        Step("command", "true", ""),
        Step("command", "ls", "a\n"),
    ]
    with pytest.raises(AssertionError, match="no cell before"):
        steps("```python\ndef f(x):\n    return x\n```\n\n```text\n✓\n```\n")
