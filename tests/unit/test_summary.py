"""The summary of a step: it fits, it says what counts, and a student's text shows as it is in it."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt
from results import a_result

from grader.export import MOST_BYTES, step_summary
from grader.export.summary import escaped
from grader.places import Place, Places
from grader.result import (
    CheckResult,
    Counterexample,
    Diagnosis,
    ItemResult,
    NotebookResult,
)

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=y> </pre></details> [a](http://x.org) ![b](http://x.org/i.png)"
    " **bold** `code` | cell @torvalds #12 http://x.org www.x.org a@x.org :tada: $x$ ~~gone~~ &lt; \\ <!-- & -->"
)


def an_item(
    name: str, status: Any = "wrong", said: str = "it is wrong", detail: str = "", worth: float = 2.0
) -> ItemResult:
    example = Counterexample(inputs={"x": [1.0, "NaN"], said: [said]}, expected={"dx": [0.0]}, got={"dx": [3.0]})
    passed = status == "passed"
    check = CheckResult(
        name="value",
        kind="value",
        visibility="hidden",
        status=status,
        score=worth if passed else 0.0,
        max_score=worth,
        message="" if passed else f"{said}\n{detail}",
        diagnosis=None if passed else Diagnosis(mistake="m", text=f"The mask. {said}", certainty="exact"),
        counterexample=None if passed else example,
    )
    return ItemResult(
        exercise=f"layers.{name}", status=status, score=check.score, max_score=worth, message=said, checks=[check]
    )


class Shown(HTMLParser):
    """Collects the tags of a page and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(markdown: str) -> Shown:
    return Shown(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))


OURS = {"h2", "h3", "p", "em", "strong", "b", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "pre"}


def test_it_has_the_points_of_each_exercise_and_a_diagnosis() -> None:
    where = {("ada", "layers"): Places({"g": Place("exercises/layers.py", 7, 9)})}
    text = step_summary([a_result(an_item("f", "passed"), an_item("g"))], where)
    page = shown(text)
    assert page.text.startswith("Gradmark: 2 of 4 points (50 %)")
    assert "layers.f\n2 / 2\npassed" in page.text
    assert "layers.g\n0 / 2\nwrong: it is wrong" in page.text
    assert "In exercises/layers.py, line 7." in page.text
    assert "The mask. it is wrong" in page.text
    assert "got dx = [3.0]" in page.text
    assert set(page.tags) <= OURS


@pytest.mark.parametrize("where", ["said", "detail", "ident", "notebook", "note", "file"])
def test_text_of_a_student_shows_as_it_is_and_is_no_markup(where: str) -> None:
    item = an_item("f", said=HOSTILE if where == "said" else "x", detail=HOSTILE if where == "detail" else "")
    notebook = NotebookResult(status="failed", cell=1, error=HOSTILE if where == "notebook" else "x")
    result = a_result(
        item,
        ident=HOSTILE if where == "ident" else "ada",
        notebook=notebook,
        notes=[HOSTILE] if where == "note" else [],
    )
    places = Places({"f": Place(HOSTILE if where == "file" else "a.py", 3)})
    text = step_summary([result, a_result(ident="bob")], {(result.submission.id, "layers"): places})
    page = shown(text)
    assert set(page.tags) <= OURS
    assert page.attributes.count("style") == len(page.attributes)  # of the columns of the table
    assert page.tags.count("details") == text.count("</details>") == 1
    found = page.text.replace("\u200b", "")
    assert "<script>alert(1)</script> <img" in found
    # Outside of blocks that nobody looks into, no name calls anybody and no address is a link.
    outside = re.sub(r"<pre>.*?</pre>", "", text, flags=re.DOTALL)
    assert not re.search(r"[@#]\w", html.unescape(outside))
    assert not re.search(r"http:|www\.", outside)  # links are looked for before references are read


def test_what_is_not_escaped_would_be_seen_by_the_reader_of_these_tests() -> None:
    assert {"script", "img", "a"} <= set(shown(f"x {HOSTILE}").tags)


@pytest.mark.parametrize("sign", "\\`*_{}[]()#+-.!|<>&~$:@^\"'")
def test_each_sign_is_read_back(sign: str) -> None:
    assert (
        shown(f"a {escaped(f'{sign}b{sign}{sign} c')}").text.strip().replace("\u200b", "") == f"a {sign}b{sign}{sign} c"
    )


@pytest.mark.slow
def test_it_stays_below_the_cap_and_says_what_is_left_out() -> None:
    flood = "\U0001f600" * 3000
    items = [an_item(f"f{n}", said=flood, detail="y" * 5000) for n in range(400)]
    text = step_summary([a_result(*items)], {})
    assert 0.8 * MOST_BYTES < len(text.encode()) <= MOST_BYTES
    assert re.search(r"\d+ parts left out here", shown(text).text)
    assert text.count("<details>") == text.count("</details>")
    assert "layers.f399\n" in shown(text).text  # the table of points goes before diagnoses


@pytest.mark.parametrize("room", [0, 150, 400, 1000, 3000])
def test_it_fits_into_whatever_room_is_left(room: int) -> None:
    text = step_summary([a_result(*[an_item(f"f{n}") for n in range(20)])], {}, room=room)
    assert len(text.encode()) <= room
    assert bool(text) == (room >= 400)
    if text:
        assert "left out here" in text


def test_without_need_nothing_is_left_out() -> None:
    text = step_summary([a_result(*[an_item(f"f{n}") for n in range(20)])], {})
    assert "left out here" not in text
    assert text.count("</details>") == 20


def test_it_names_the_units_that_do_not_count() -> None:
    other = replace(a_result(an_item("f", "not_attempted")), assignment="linear_models")
    assert "Not begun, and left out: linear_models." in shown(step_summary([a_result(an_item("f"))], {}, [other])).text


def test_points_of_checks_that_are_not_shown_are_counted() -> None:
    result = replace(a_result(an_item("f", "passed")), max_score=5.0)
    assert "3 of these 5 points are from checks that are not shown." in shown(step_summary([result], {})).text


def test_a_fault_of_the_grader_has_no_points_and_asks_for_a_person() -> None:
    text = shown(step_summary([a_result(an_item("f", "grader_error"), needs_person=True)], {})).text
    assert "layers.f\n? / 2" in text
    assert "a person must look" in text


def test_what_could_not_be_graded_is_no_zero() -> None:
    broken = a_result(
        an_item("f", "skipped"), graded=False, notebook=NotebookResult(status="unreadable", error="it is empty")
    )
    text = shown(step_summary([broken], {})).text
    assert "layers, not graded" in text
    assert "it is empty" in text
