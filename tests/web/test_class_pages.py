"""The class page, a student's page, the page of similar work and the viva sheet in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pages import scrolls_sideways, shown, unfold, violations
from sampled import one_in
from unit.made_grades import a_class
from unit.test_class_page import AFFINE, RELU, a_student, a_told_grade, an_item, db_class, hostile_class, told
from unit.test_similarity import OTHER, OWN, RENAMED
from unit.test_similarity import a_class as handed_in
from unit.test_similarity import hostile as hostile_work

from grader.bank import catalogue
from grader.judging import Bench
from grader.report import class_page, similar_page, viva_page
from grader.similarity import compare
from grader.viva import sheet

pytestmark = pytest.mark.slow
PHONE, DESK = 360, 1000


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    grades = [*db_class(), *a_class(), *(a_student(f"x{i}", an_item(AFFINE, 0.0, f"m{i}")) for i in range(20))]
    both, hostile = handed_in(OWN, RENAMED, OTHER), hostile_work()[-5:]
    exercises = {exercise.name: exercise for exercise in catalogue().unit("layers").exercises}
    work = a_student("ada", an_item(AFFINE, 4.0), an_item(RELU, 0.0, "masks_by_upstream")).attempt
    assert work is not None
    made = {
        "class": class_page(grades, "Homework 1", {grade.person.id: "#of-students" for grade in grades}),
        "hostile class": class_page(hostile_class(), "Homework 1"),
        "student": told(a_told_grade()),
        "similar": similar_page(compare(both, {}), both, "layers"),
        "hostile work": similar_page(compare(hostile, {}, few=50, common=50), hostile, "layers"),
        "viva": viva_page(sheet("ada", work.results, exercises, {"layers": Bench(exercises.values(), drawn=0)})),
    }
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


PAGES = ("class", "hostile class", "student", "similar", "hostile work", "viva")


@pytest.mark.parametrize(
    ("name", "theme"),
    [
        *((name, "light") for name in PAGES),
        *((name, "dark") for name in one_in(2, PAGES)),
    ],
)
def test_a_page_is_accessible_and_fits_a_phone(browser: Any, files: dict[str, Path], name: str, theme: str) -> None:
    with shown(browser, files[name], theme, PHONE) as page:
        unfold(page)
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": 900})
            assert not scrolls_sideways(page), width
            assert violations(page, contrast=width == DESK) == []


def names(page: Any) -> list[str]:
    found = page.evaluate(
        "[...document.querySelectorAll('#students tbody tr:not([hidden]) th')].map(e => e.textContent)"
    )
    return [str(name) for name in found]


def test_the_table_is_sorted_and_filtered(browser: Any, files: dict[str, Path]) -> None:
    with shown(browser, files["class"], "light", DESK) as page:
        everybody = names(page)
        head = page.get_by_role("button", name="Points")
        head.click()
        first = names(page)
        assert sorted(first) == sorted(everybody)
        assert first[0] == "Emmy Noether", "excused: there is no number"
        assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
        head.click()
        assert names(page)[0] == "Blaise Pascal", "10 points: as numbers, and not as words"
        page.get_by_role("button", name="Late").click()
        page.get_by_role("button", name="Late").click()
        assert names(page)[0] == "Софья Ковалевская"

        page.get_by_label("Name").fill("gauss")
        assert names(page) == []
        page.get_by_label("Name").fill("gau")
        assert names(page) == ["Carl Friedrich Gauß"]
        assert page.get_by_role("status").inner_text().startswith(f"1 of {len(everybody)} students")
        page.get_by_role("button", name="show all").click()
        page.get_by_label("State").select_option("needs a person")
        assert names(page) == ["Grace Hopper"]


def test_a_mistake_shows_who_made_it_in_the_table(browser: Any, files: dict[str, Path]) -> None:
    with shown(browser, files["class"], "light", DESK) as page:
        page.locator("button[data-what='averages db']").first.click()
        assert sorted(names(page)) == ["S0", "S1", "S2", "S3", "S4"]
        assert "averages db" in page.get_by_role("status").inner_text()


def test_without_a_script_everything_is_there(browser: Any, files: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(files["class"].as_uri())
    assert page.locator("#students tbody tr").count() == page.locator("#students tbody tr:visible").count() > 30
    assert not page.locator("#controls").is_visible()
    assert page.locator("button:visible").count() == 0
    context.close()
