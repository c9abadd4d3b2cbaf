"""What the docs publish is what the code says."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

from grader.cli import cli
from grader.result import Results, schema

CHECKOUT = Path(__file__).parents[2]


def test_the_published_schema_of_results_is_current() -> None:
    published = json.loads((CHECKOUT / "docs" / "reference" / "results-1.schema.json").read_text(encoding="utf-8"))
    assert published == schema(Results)


def test_the_page_on_the_command_line_is_current() -> None:
    made = runpy.run_path(str(CHECKOUT / "docs" / "command_line.py"))
    page = made["PAGE"].read_text(encoding="utf-8")
    assert page == made["page"](), "run `python docs/command_line.py`"
    assert [name for name in cli.commands if f"# `gradmark {name}`" not in page] == []


def test_every_decision_is_in_the_index() -> None:
    folder = CHECKOUT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = sorted(p.name for p in folder.glob("0*.md"))
    assert records
    assert [name for name in records if f"({name})" not in index] == []


def test_the_page_on_cards_is_current_and_has_all_its_pictures() -> None:
    """How they look is tried in tests/web."""
    cards = runpy.run_path(str(CHECKOUT / "docs" / "cards.py"))
    page = cards["PAGE"].read_text(encoding="utf-8")
    assert page == cards["page"](), "run `python docs/cards.py`"
    named = set(re.findall(r"\.\./images/cards/([\w-]+\.png)", page))
    assert named == {path.name for path in cards["IMAGES"].iterdir()}
    assert len(re.findall(r'<img alt="[^"]{20,}" src', page)) == len(cards["ANSWERS"]) + len(cards["SIZES"])
