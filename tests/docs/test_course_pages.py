"""The reference and the schema of the course file are those of the code, and the guide to late policies computes right."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from grader.bank import catalogue
from grader.course import read_course, read_plans, told

CHECKOUT = Path(__file__).parents[2]
GUIDE = (CHECKOUT / "docs" / "how-to" / "late-policies.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```toml\n([^`]*)^```\n[^`]*(?:`[^`\n]+`[^`]*)*?^```text\n([^`]*)^```", GUIDE, re.MULTILINE)
ASSIGNMENT = "[assignment.layers]\npoints = 100\ndue = 2026-11-20T23:59:00Z\n"


def test_the_reference_and_the_schema_of_the_course_file_are_current() -> None:
    script = runpy.run_path(str(CHECKOUT / "docs" / "course_file.py"))
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"](), "run `python docs/course_file.py`"
    assert script["SCHEMA"].read_text(encoding="utf-8") == script["published"](), "run `python docs/course_file.py`"


def said(policy: str, folder: Path) -> list[str]:
    path = folder / "gradmark.toml"
    path.write_text(f"{policy}\n{ASSIGNMENT}", encoding="utf-8")
    course = read_course(path)
    return [line.strip() for line in told(course, read_plans(course, catalogue()))]


def test_every_policy_of_the_guide_has_its_outcome() -> None:
    assert len(SHOWN) == GUIDE.count("[late]\n") == GUIDE.count("```text") >= 6


@pytest.mark.parametrize(("policy", "outcome"), SHOWN)
def test_an_outcome_in_the_guide_is_the_codes(policy: str, outcome: str, tmp_path: Path) -> None:
    lines = said(policy, tmp_path)
    assert [line for line in outcome.splitlines() if line.strip() not in lines] == []


@pytest.mark.parametrize(
    "page", ["docs/how-to/late-policies.md", "docs/how-to/course-file.md", "docs/reference/course-file.md"]
)
def test_links_of_the_pages_on_courses_lead_somewhere(page: str) -> None:
    path = CHECKOUT / page
    for target in re.findall(r"\]\((?!https:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_guides_course_file_is_read(tmp_path: Path) -> None:
    guide = (CHECKOUT / "docs" / "how-to" / "course-file.md").read_text(encoding="utf-8")
    blocks = [block for block in re.findall(r"^```toml\n([^`]*)^```", guide, re.MULTILINE) if "[assignment" in block]
    (tmp_path / "roster.csv").write_text("id\nada\n", encoding="utf-8")
    (tmp_path / "gradmark.toml").write_text(blocks[0], encoding="utf-8")
    plans = read_plans(read_course(tmp_path / "gradmark.toml"), catalogue())
    assert {name: plan.points for name, plan in plans.items()} == {"layers": 20, "midterm": 15}
