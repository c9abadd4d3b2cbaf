"""What the explanations print is what the engine prints: their examples are run."""

from __future__ import annotations

import doctest
import re
import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted((DOCS / "explanation").glob("*.md"))
PRINTED = [page for page in PAGES if ">>>" in page.read_text(encoding="utf-8")]


def test_there_is_something_to_run() -> None:
    assert "from-chain-rule-to-adjoint.md" in {page.name for page in PRINTED}


@pytest.mark.parametrize("page", PRINTED, ids=lambda page: page.stem)
def test_its_examples_print_what_they_say(page: Path) -> None:
    found = doctest.testfile(
        str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE, encoding="utf-8"
    )
    assert found.attempted > 10
    assert found.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#:]+)\)", prose):
        assert (page.parent / target).exists(), target


def seen(svg: str) -> str:
    return re.sub(r"<title>.*?</title>", "", svg, flags=re.DOTALL)


def test_its_pictures_are_what_the_engine_draws() -> None:
    """But for what shows under the pointer: ten digits, of which another processor may round the last otherwise."""
    drawn = runpy.run_path(str(DOCS / "pictures.py"))["pictures"]()
    assert len(drawn) >= 3
    for name, text in drawn.items():
        kept = (DOCS / "images" / name).read_text(encoding="utf-8")
        assert seen(text) == seen(kept), f"{name} is stale: run `python docs/pictures.py`"
