"""The code of a declared mistake, and the page of its unit: what is in it, what stays out, and when it is stale."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from grader.bank import catalogue, derived, mistake_pages
from grader.bank.mistake_pages import CHOICES, anchor_of, page
from grader.errors import BankError
from grader.judging import Exercise, Unit, example, value

UNITS = list(catalogue().units.values())
EACH = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)


def wrong(name: str) -> Callable[..., Any]:
    def answer(x: Any) -> Any:
        return x

    answer.__name__ = name
    return answer


def unit_of(*mistakes: tuple[str, str], hidden: str = "", **options: Any) -> Unit:
    """A unit with one exercise that declares mistakes by name and text."""
    exercise = Exercise("u.f", {}, ("y",), options.pop("checks", (value(1), example())), **options)
    for name, text in mistakes:
        exercise.mistake(text, hidden=hidden)(wrong(name))
    return Unit("u", 99, "Title", (exercise,))


def row(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if f"u.f/{name}`" in line)


# ------------------------------------------------------------------------------------------- codes
def test_a_code_is_the_name_of_the_exercise_and_of_the_mistake() -> None:
    exercise = catalogue().exercise("layers.relu_backward")
    codes = [exercise.code_of(mistake) for mistake in exercise.mistakes]
    assert "layers.relu_backward/masks_by_upstream" in codes


def test_no_two_mistakes_have_one_code() -> None:
    codes = [e.code_of(m) for unit in UNITS for e in unit.exercises for m in e.mistakes]
    assert len(codes) == len(set(codes)) > 1300


def test_a_code_depends_on_names_alone() -> None:
    a = unit_of(("one", "Text."), ("two", "More.")).exercises[0]
    b = unit_of(("two", "Other."), ("one", "Words."), hidden="it is rare", kinks=True).exercises[0]
    assert {a.code_of(m) for m in a.mistakes} == {b.code_of(m) for m in b.mistakes} == {"u.f/one", "u.f/two"}


def test_two_mistakes_of_one_name_are_refused() -> None:
    with pytest.raises(BankError, match=r"test_mistake_pages\.py:\d+: u\.f: two mistakes are named one"):
        unit_of(("one", "Text."), ("two", "Text."), ("one", "Other text."))


# ------------------------------------------------------------------------------------------- pages
@EACH
def test_every_mistake_has_one_anchor_and_every_anchor_is_one(unit: Unit) -> None:
    anchors = re.findall(r'id="([^"]*)"', page(unit))
    assert len(anchors) == len(set(anchors))
    wanted = [anchor_of(e, m) for e in unit.exercises for m in e.mistakes if e.form not in CHOICES]
    assert len(wanted) == len(set(wanted)) > 50
    assert set(anchors) == set(wanted) | {e.short for e in unit.exercises if e.mistakes}
    for e in unit.exercises:
        assert all(anchors.count(anchor_of(e, m)) == 1 for m in e.mistakes), e.name


@EACH
def test_a_page_says_of_each_mistake_what_is_told(unit: Unit) -> None:
    rows = {
        line.partition("`")[2].partition("`")[0]: line for line in page(unit).splitlines() if line.startswith("| <a")
    }
    for e in unit.exercises:
        for m in e.mistakes if e.form not in CHOICES else ():
            plain = re.sub(r"\\(.)", r"\1", rows[e.code_of(m)])
            assert " ".join(m.text.split()) in plain
            assert not m.hidden or plain.endswith(f"| do not show it: {m.hidden} |")
            assert plain.endswith("| show it |") is (not m.hidden and any(c.visibility == "public" for c in e.checks))


@EACH
def test_wrong_choices_stay_out_since_what_they_leave_over_is_the_answer(unit: Unit) -> None:
    text = re.sub(r"\\(.)", r"\1", page(unit))
    elsewhere = {m.text for e in unit.exercises if e.form not in CHOICES for m in e.mistakes}
    choices = [m for e in unit.exercises if e.form in CHOICES for m in e.mistakes]
    assert len(choices) >= 3
    assert [m.name for m in choices if m.text in text and m.text not in elsewhere] == []
    assert "answers_" not in text


def statements(source: str) -> set[str]:
    """The assignments and returns of a function, each on one line; not those that are mere words."""
    tree = ast.parse(dedent(source))
    found = [ast.unparse(n.value) for n in ast.walk(tree) if isinstance(n, (ast.Assign, ast.Return)) and n.value]
    return {text for text in found if re.search(r"[*/@(]", text) and len(text) > 8}


@EACH
def test_no_code_of_a_mistake_or_of_an_answer_is_in_a_page(unit: Unit) -> None:
    text = re.sub(r"\\(.)", r"\1", page(unit))
    assert not re.search(r"\b(def|return|lambda|import) \w+[(:\[]|np\.\w+\(|```", text)
    functions = [e.answer() for e in unit.exercises if inspect.isfunction(e.answer())]
    functions += [
        m.answer for e in unit.exercises[:12] for m in e.mistakes if inspect.isfunction(m.answer) and not m.from_model
    ]
    found = {s for f in functions for s in statements(inspect.getsource(f))}
    assert len(found) > 20
    assert [s for s in found if s in text] == []


def test_a_changed_declaration_makes_the_page_another_and_another_order_does_not() -> None:
    as_it_was = page(unit_of(("one", "Text."), ("two", "More.")))
    assert page(unit_of(("two", "More."), ("one", "Text."))) == as_it_was
    assert page(unit_of(("first", "Text."), ("two", "More."))) != as_it_was
    assert page(unit_of(("one", "Words."), ("two", "More."))) != as_it_was
    assert page(unit_of(("one", "Text."))) != as_it_was
    assert page(unit_of(("one", "Text."), ("two", "More."), hidden="it is rare")) != as_it_was
    assert page(unit_of(("one", "Text."), ("two", "More."), checks=(value(1),))) != as_it_was


def test_the_last_column_says_if_public_checks_show_it() -> None:
    assert row(page(unit_of(("one", "Text."))), "one").endswith("| show it |")
    assert row(page(unit_of(("one", "Text."), hidden="it is rare")), "one").endswith("| do not show it: it is rare |")
    without = page(unit_of(("one", "Text."), checks=(value(1),)))
    assert row(without, "one").endswith("| there are none for this exercise |")


def test_a_text_cannot_be_markup() -> None:
    line = row(page(unit_of(("one", "a|b\n<b>*c* _d_ [e](f) `g` $h$"))), "one")
    assert r"a\|b \<b\>\*c\* \_d\_ \[e\](f) \`g\` \$h\$" in line
    assert len(re.findall(r"(?<!\\)\|", line)) == 4


def test_a_page_that_is_missing_or_changed_is_stale_until_it_is_written(tmp_path: Path) -> None:
    assert len(mistake_pages.stale(tmp_path)) == len(UNITS)
    written = mistake_pages.write(tmp_path)
    assert [path.stem for path in written] == [unit.name for unit in UNITS]
    assert mistake_pages.stale(tmp_path) == mistake_pages.write(tmp_path) == []
    renamed = written[0].read_text(encoding="utf-8").replace("forgets", "loses", 1)
    written[0].write_text(renamed, encoding="utf-8")
    written[1].unlink()
    assert mistake_pages.stale(tmp_path) == written[:2]


def test_stubs_derives_the_pages_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in ("stub_files", "public", "corpus"):
        for name in ("stale", "write"):
            monkeypatch.setattr(getattr(derived, other), name, lambda *_: [])
    assert len(derived.stale_files(tmp_path)) == len(UNITS)
    assert len(derived.write_files(tmp_path)) == len(UNITS)
    assert derived.stale_files(tmp_path) == []
