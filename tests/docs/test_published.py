"""What the docs publish is what the code says."""

from __future__ import annotations

import json
from pathlib import Path

from grader.result import Results, schema

CHECKOUT = Path(__file__).parents[2]


def test_the_published_schema_of_results_is_current() -> None:
    published = json.loads((CHECKOUT / "docs" / "reference" / "results-1.schema.json").read_text(encoding="utf-8"))
    assert published == schema(Results)


def test_every_decision_is_in_the_index() -> None:
    folder = CHECKOUT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = sorted(p.name for p in folder.glob("0*.md"))
    assert records
    assert [name for name in records if f"({name})" not in index] == []
