"""The pages that grading writes, in a browser: of a student, and of a class."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pages import scrolls_sideways, shown, unfold, violations
from sampled import one_in
from unit.test_report import a_class, drawn_wrong, hostile

from grader.report import page as page_of
from grader.report import student_page
from grader.result import Result

pytestmark = pytest.mark.slow

CLASS = Path(__file__).parents[2] / "examples" / "class"
GRADED = ("esra", "hugo", "mei", "olga", "xenia")
"""Wrong values; what follows a wrong forward pass; nothing written; a file that is cut off; optimizers with their paths."""
WIDTHS = (360, 1000)
MADE = "every kind"
"""Results as tests make them: a fault of the grader, a failed notebook, text that wants to be markup, a graph."""


PAGES = (*GRADED, "class", MADE, "graph", "hostile")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Grade a part of the sample class; give the file of each page, by whom it is of."""
    folder = tmp_path_factory.mktemp("class")
    flags = ["--isolation", "process", "--out", str(folder), "--html", str(folder / "class.html"), "--quiet"]
    gradmark = [sys.executable, "-c", "from grader.cli import command; command()", "grade", *flags]
    ended = subprocess.run([*gradmark, *(str(CLASS / name) for name in GRADED)], check=False)
    assert ended.returncode == 3, "one of them cannot be read"
    found = {file.stem.partition(".")[0]: file for file in (folder / "students").glob("*.html")}
    assert set(found) == set(GRADED)
    every = [*a_class(), hostile(), graph()]
    found["class"] = folder / "class.html"
    found[MADE] = _written(folder / "every.html", page_of(every))
    found["graph"] = _written(folder / "graph.html", student_page(graph()))
    found["hostile"] = _written(folder / "hostile.html", student_page(hostile()))
    return found


def graph() -> Result:
    from unit.test_report import a_result

    return a_result("emil", drawn_wrong(), assignment="graphs")


def _written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def faults(browser: Any, file: Path, theme: str) -> Iterable[str]:
    """Yield what is wrong with a page on a phone and on a desktop; what unfolds is unfolded for axe, and may be for the width."""
    with shown(browser, file, theme, WIDTHS[0]) as page:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if scrolls_sideways(page):
                yield f"{width}: scrolls sideways"
        unfold(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if scrolls_sideways(page):
                yield f"{width}, unfolded: scrolls sideways"
            yield from (f"{width}: {found}" for found in violations(page, contrast=width == max(WIDTHS)))


@pytest.mark.parametrize(
    ("whose", "theme"),
    [
        *((name, "light") for name in PAGES),
        *((name, "dark") for name in one_in(3, PAGES)),
    ],
)
def test_a_page_is_accessible_and_stays_within_its_width(
    browser: Any, pages: dict[str, Path], whose: str, theme: str
) -> None:
    assert list(faults(browser, pages[whose], theme)) == []


def test_a_path_is_drawn_on_the_page_of_its_author(browser: Any, pages: dict[str, Path]) -> None:
    with shown(browser, pages["xenia"], "light", 360) as page:
        unfold(page)
        drawn = page.locator("img").all()
        assert drawn
        for picture in drawn:
            assert picture.evaluate("it => it.complete && it.naturalWidth > 100"), (
                "it is not kept out by the page's own policy"
            )
            assert "step" in (picture.get_attribute("alt") or "")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ('<html lang="en">', "html-has-lang"),
        ("<title>", "document-title"),
        ("--soft: #625e57", "color-contrast"),
        ('scope="row"', "scope-attr-valid"),
        ("<main>", "region"),
    ],
)
def test_a_page_that_not_all_can_read_is_found(
    browser: Any, pages: dict[str, Path], tmp_path: Path, change: str, rule: str
) -> None:
    instead = {
        '<html lang="en">': "<html>",
        "<title>": "<title></title><title>",
        "--soft: #625e57": "--soft: #bbbbbb",
        'scope="row"': 'scope="line"',
        "<main>": "<div>",
    }[change]
    text = pages["class"].read_text(encoding="utf-8")
    assert change in text
    file = _written(tmp_path / "changed.html", text.replace(change, instead))
    with shown(browser, file, "light", 1000) as page:
        assert rule in {found.partition(":")[0] for found in violations(page)}
