"""The cards of docs/reference/cards.md in a browser: all can read them, they stay in their place, and look as their pictures do."""

from __future__ import annotations

import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pages import THEMES, apart, as_output, missing, mostly_alike, scrolls_sideways, shown, unfold, violations
from PIL import Image
from sampled import one_in

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[2]
DOCS: dict[str, Any] = runpy.run_path(str(CHECKOUT / "docs" / "cards.py"))
NAMES = tuple(DOCS["ANSWERS"])
SIZES = tuple(DOCS["SIZES"])
ALIKE = 12.0
"""So far apart may pictures be: the few colours of those that are kept make 6, and the least change below 20 or more."""
NARROW = 290
"""So much of a phone's width JupyterLab leaves for a card and its margins: there some tables have to scroll."""
FONTS = {"system-ui": "DejaVu Sans", "monospace": "DejaVu Sans Mono"}
"""What letters the pictures have, for a name that leaves it to the machine."""
CHANGES = {
    "its matrix is gone": "card.querySelector('table').remove()",
    "the frame is around another entry": """
        const framed = [...card.querySelectorAll('td')].find(cell => cell.style.borderWidth === '2px');
        const other = framed.nextElementSibling, style = framed.getAttribute('style');
        framed.setAttribute('style', other.getAttribute('style'));
        other.setAttribute('style', style)""",
    "the colours of right and wrong are exchanged": """
        card.style.borderLeftColor = '#2a88ca';
        card.querySelector('span').style.background = '#0072b2'""",
    "nothing is shaded": """
        [...card.querySelectorAll('tbody td')].forEach(cell => { cell.style.background = 'none' })""",
    "its line has no ground": "card.querySelectorAll('p')[2].style.background = 'none'",
    "another word stands there": "card.querySelectorAll('strong')[1].textContent = 'passed'",
}
"""What could go wrong with the card of ``one-output``, as a script that does it."""


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Make the HTML of each card, by name."""
    return {name: card.html for name, card in DOCS["cards"](tmp_path_factory.mktemp("kit")).items()}


def kept(name: str, theme: str, size: str) -> bytes:
    return bytes((DOCS["IMAGES"] / f"{name}-{theme}-{size}.png").read_bytes())


def width_of(size: str) -> int:
    with Image.open(DOCS["IMAGES"] / f"{NAMES[0]}-light-{size}.png") as image:
        return image.width


@pytest.fixture(scope="session")
def fonts() -> None:
    """Make sure of the fonts of the pictures: with others, words and lines are elsewhere."""
    for asked, font in FONTS.items():
        found = shutil.which("fc-match") and subprocess.check_output(["fc-match", "-f", "%{family}", asked], text=True)
        if found != font:
            missing(f"its pictures are set in {font}: on Debian `apt-get install fonts-dejavu-core fontconfig`")


def test_there_are_twelve_wrong_answers_and_a_picture_of_each_card(cards: dict[str, str]) -> None:
    verdicts = [html.partition('aria-label="')[2].partition('"')[0].partition(": ")[2] for html in cards.values()]
    at_fault = [name for name, verdict in zip(cards, verdicts, strict=True) if verdict != "passed"]
    assert [name for name in NAMES if name not in at_fault] == ["passed"]
    assert len(set(at_fault) - {"untouched"}) == 12
    wanted = {f"{name}-{theme}-{size}.png" for name in (*NAMES, "lab") for theme in THEMES for size in SIZES}
    pictures = list(DOCS["IMAGES"].iterdir())
    assert {picture.name for picture in pictures} == wanted
    assert sum(picture.stat().st_size for picture in pictures) < 1_000_000


@pytest.mark.parametrize("theme", THEMES)
def test_cards_are_accessible_and_stay_within_the_page(
    browser: Any, cards: dict[str, str], tmp_path: Path, theme: str
) -> None:
    file, found = tmp_path / "cards.html", []
    file.write_text(as_output(list(cards.values()), theme), encoding="utf-8")
    with shown(browser, file, theme, NARROW) as page:
        assert page.locator("section").count() == len(NAMES)
        for state in ("folded", "open"):
            for width in (NARROW, 360, 1000):
                page.set_viewport_size({"width": width, "height": 900})
                at_fault = violations(page, contrast=width == 1000 and state == "open")
                found += [f"{state}, {width}: {fault}" for fault in at_fault]
                found += [f"{state}, {width}: scrolls sideways"] * scrolls_sideways(page)
            unfold(page)
        assert page.locator("details[open]").count() > len(NAMES)
    assert found == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("document.querySelector('section > figure img').removeAttribute('alt')", "image-alt"),
        (
            "document.querySelector('p').style.color = document.documentElement.className == 'dark' ? '#444' : '#ccc'",
            "color-contrast",
        ),
        ("document.querySelectorAll('section p').forEach(p => { p.style.opacity = .4 })", "color-contrast"),
        (
            "document.querySelectorAll('[tabindex]').forEach(box => { box.removeAttribute('tabindex') })",
            "scrollable-region-focusable",
        ),
    ],
)
@pytest.mark.parametrize("theme", one_in(2, THEMES, start=1))
def test_what_cannot_be_read_by_all_is_found(
    browser: Any, cards: dict[str, str], tmp_path: Path, theme: str, change: str, rule: str
) -> None:
    file = tmp_path / "cards.html"
    file.write_text(as_output([cards["one-output"], cards["path"]], theme), encoding="utf-8")
    with shown(browser, file, theme, NARROW) as page:
        page.evaluate(change)
        assert {found.partition(":")[0] for found in violations(page)} == {rule}


def test_a_page_that_is_too_wide_is_found(browser: Any, cards: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "cards.html"
    file.write_text(as_output([cards["one-output"]], "light"), encoding="utf-8")
    with shown(browser, file, "light", NARROW) as page:
        assert not scrolls_sideways(page)
        page.evaluate("document.querySelectorAll('div').forEach(part => { part.style.overflowX = 'visible' })")
        assert scrolls_sideways(page)


@pytest.mark.parametrize(
    "add", ['<img alt="x" src="https://example.com/x.png">', "<script>console.log('here')</script>"]
)
def test_what_a_page_loads_or_says_is_found(browser: Any, tmp_path: Path, add: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(as_output([add], "light"), encoding="utf-8")
    with pytest.raises(AssertionError), shown(browser, file, "light", 360) as page:
        assert violations(page) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", THEMES)
def test_cards_look_as_in_jupyterlab(
    browser: Any, fonts: None, cards: dict[str, str], tmp_path: Path, theme: str, size: str
) -> None:
    file, width = tmp_path / "cards.html", width_of(size)
    file.write_text(as_output(list(cards.values()), theme, width), encoding="utf-8")
    with shown(browser, file, theme, width + 40) as page:
        sections = page.locator("section").all()
        taken = {name: DOCS["photograph"](card) for name, card in zip(cards, sections, strict=True)}
    if browser.version.partition(".")[0] != DOCS["DRAWN_BY"]:
        unlike = [name for name, png in taken.items() if not mostly_alike(png, kept(name, theme, size))]
        assert unlike == [], "the cards have changed, even for another version of the browser"
        return
    off = {name: round(apart(png, kept(name, theme, size)), 1) for name, png in taken.items()}
    assert {name: far for name, far in off.items() if far > ALIKE} == {}, (
        "the cards have changed: look at them, and run `python docs/cards.py`"
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", THEMES)
def test_a_card_that_has_changed_is_told_from_its_picture(
    browser: Any, fonts: None, cards: dict[str, str], tmp_path: Path, theme: str, size: str
) -> None:
    file, width, told = tmp_path / "card.html", width_of(size), {}
    file.write_text(as_output([cards["one-output"]] * len(CHANGES), theme, width), encoding="utf-8")
    with shown(browser, file, theme, width + 40) as page:
        for card, (change, script) in zip(page.locator("section").all(), CHANGES.items(), strict=True):
            card.evaluate(f"card => {{ {script} }}")
            told[change] = round(apart(DOCS["photograph"](card), kept("one-output", theme, size)), 1)
    assert {change: far for change, far in told.items() if far < 1.5 * ALIKE} == {}


def test_another_card_is_not_alike_even_for_another_browser() -> None:
    one, same = kept("one-output", "light", "desktop"), kept("one-output", "light", "desktop")
    assert mostly_alike(one, same)
    others = [n for n in NAMES if n != "one-output"]
    assert [n for n in others if mostly_alike(one, kept(n, "light", "desktop"))] == []
    assert not mostly_alike(one, kept("one-output", "dark", "desktop"))
