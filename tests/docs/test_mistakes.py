"""The pages on mistakes and claims are those of the bank and of the grader's sentences, and their links lead somewhere."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from grader.bank import UNITS, catalogue
from grader.bank.mistake_pages import anchor_of, stale
from grader.judging import Blocks

CHECKOUT = Path(__file__).parents[2]
FOLDER = CHECKOUT / "docs" / "reference" / "mistakes"
PAGES = sorted(FOLDER.glob("*.md"))
README = (FOLDER / "README.md").read_text(encoding="utf-8")
SCRIPT = runpy.run_path(str(CHECKOUT / "docs" / "claims.py"))
CODES = [claim.code for found in SCRIPT["claims"]().values() for claim in found]


def anchors(page: Path) -> list[str]:
    return re.findall(r'id="([^"]*)"', page.read_text(encoding="utf-8"))


def test_every_unit_has_its_page_and_nothing_is_stale() -> None:
    assert {page.stem for page in PAGES} == {*UNITS, "README"}
    assert stale(CHECKOUT) == [], "run `gradmark stubs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"(?<!\\)\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        assert (page.parent / path).exists(), target
        assert not anchor or anchor in anchors(page.parent / path), target


def test_the_index_names_every_unit_by_its_title() -> None:
    rows = re.findall(r"^\| `(\w+)` \| \[(.+)\]\((\w+)\.md\) \|$", README, re.MULTILINE)
    assert rows == [(unit.name, unit.title, unit.name) for unit in catalogue().units.values()]


def test_a_code_becomes_an_address_as_the_index_says() -> None:
    for unit in catalogue().units.values():
        there = set(anchors(FOLDER / f"{unit.name}.md"))
        for e in unit.exercises:
            for m in e.mistakes:
                file, _, anchor = e.code_of(m).replace(".", ".md#", 1).partition("#")
                assert file == f"{unit.name}.md"
                assert anchor_of(e, m) in there
                assert anchor_of(e, m) in (anchor, anchor.partition("/")[0])
    example = re.search(r"^    (\S+/\S+)$", README, re.MULTILINE)
    assert example is not None
    assert f"`{example[1].replace('.', '.md#', 1)}`" in README
    assert example[1].partition(".")[2] in anchors(FOLDER / "layers.md")


# ------------------------------------------------------------------------------------------- claims
def test_the_list_of_claims_is_current() -> None:
    assert SCRIPT["with_claims"](README) == README, "run `python docs/claims.py`"
    assert SCRIPT["with_claims"](README.replace("right answer times 2,", "right answer times 3,")) == README
    assert SCRIPT["with_claims"](README).count(SCRIPT["BEGIN"]) == 1


def test_no_code_is_listed_twice_and_none_is_a_declared_mistakes() -> None:
    assert len(CODES) == len(set(CODES)) > 150
    declared = {m.name for unit in catalogue().units.values() for e in unit.exercises for m in e.mistakes}
    assert declared & set(CODES) == set()


def told() -> set[str]:
    """The codes that stand in the source of what recognises an answer, with x for a part that is made when it runs."""
    found: set[str] = set()
    for path in (CHECKOUT / "grader" / "judging" / "recognise").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        for first in re.findall(r"Recognised\(\s*([^,]+),", text):
            found.update(re.findall(r'"([a-z_]+)"', first))
        found.update(re.findall(r'(?:Change|Candidate|Place)\("(\w+)"', text))
        found.update(re.findall(r'code = "(\w+)"', text))
    return found


def test_every_code_that_the_grader_can_tell_is_listed() -> None:
    assert len(told()) > 30
    assert {"transposed", "step_length", "setting_default", "mixes_rows", "missing_upstream"} <= told()
    assert sorted(told() - set(CODES)) == []


def test_every_entry_of_the_tables_is_listed() -> None:
    """What recognises an answer makes codes of its tables' keys."""
    from grader.judging.recognise import along, claims, other_inputs, places, settings, sizes, transformed

    keys = {f"answer_{key}" for key in transformed.FACES} | {f"only_{key}_wrong" for key in places.PLACES}
    for table in (other_inputs.ARRAYS, other_inputs.LABELS, other_inputs.FLOATS, other_inputs.COUNTS):
        keys |= {f"input_{key}" for key in table}
    import numpy as np

    keys |= {key for key, _ in claims._factors({"x": np.ones((2, 3))})} | set(sizes.FACTORS)
    axes = ("height", "width", Blocks("gate", ("input", "forget", "output")))
    keys |= {place.code for place in along._places(axes)}
    source = Path(settings.__file__).read_text(encoding="utf-8")
    changed = re.search(r"for code in \(([^)]*)\):\s+yield Change\(f\"setting_", source)
    assert changed is not None
    keys |= {f"setting_{key}" for key in re.findall(r'"(\w+)"', changed[1])}
    assert sorted(keys - set(CODES)) == []


def test_what_is_true_of_the_gallery_is_listed_or_declared() -> None:
    """The gallery of wrong answers says which codes are told of them."""
    text = (CHECKOUT / "tests" / "bank" / "gallery" / "truth.py").read_text(encoding="utf-8")
    codes = {
        code
        for line in re.findall(r'^    "[^"]+": "([^"]+)",$', text, re.MULTILINE)
        for code in re.split(r"[\s,|]+", line)
    }
    declared = {m.name for unit in catalogue().units.values() for e in unit.exercises for m in e.mistakes}
    pattern = re.compile(r"(missing_factor|extra_factor(_sign|_step)?|breaks)_\w+")
    assert len(codes) > 50
    assert sorted(code for code in codes - declared - set(CODES) if not pattern.fullmatch(code)) == []
