"""The page on verdicts and checks explains every word that the reports have, in their own words, and no others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from grader.bank import catalogue
from grader.diagnosis import explain
from grader.items import item_of
from grader.judging import Bench, Check, Judge
from grader.report import wording
from grader.report.follow_through import kept
from grader.result import CheckResult
from grader.shown import LEVELS
from grader.statuses import CheckKind, NotebookStatus
from grader.student import LocalAnswers
from grader.student.checks import checked
from grader.student.work import Work

Array = NDArray[np.float64]

TEXT = (Path(__file__).parents[2] / "docs" / "reference" / "verdicts-and-checks.md").read_text(encoding="utf-8")
NOTES: dict[str, str] = wording._NOTES


def rows(heading: str, text: str = TEXT) -> list[list[str]]:
    """Return the cells of the table below a heading, row by row, without its head."""
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def unexplained(found: list[list[str]], known: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Return what is known and has no row that explains it, and the rows of what is not known."""
    width = len(next(iter(known)))
    told = {tuple(row[:width]) for row in found if len(row) > width and len(row[width]) > 20}
    return told ^ known


def test_every_verdict_is_explained_with_its_sign() -> None:
    assert unexplained(rows("Verdicts"), {(wording.SIGNS[s], word) for s, word in wording.WORDS.items()}) == set()


def test_every_note_is_explained_by_its_own_sentence() -> None:
    found = rows("Notes")
    assert {(name.strip("`"), said) for name, said, *_ in found} == set(NOTES.items())
    assert all(len(meaning) > 10 for *_, meaning in found)


def test_every_word_for_a_notebook_is_explained() -> None:
    words = {(wording._NOTEBOOK_WORDS[status],) for status in get_args(NotebookStatus)}
    assert unexplained(rows("The notebook as a whole"), words) == set()


def checks() -> list[Check]:
    return [check for unit in catalogue().units.values() for e in unit.exercises for check in e.checks]


def words_of(name: str, kind: CheckKind) -> str:
    check = CheckResult(
        name=name, kind=kind, visibility="public", status="passed", score=0.0, max_score=0.0, message=""
    )
    return wording.check_words(check)


def test_every_kind_of_check_is_explained_in_its_plain_words() -> None:
    found = {row[0].strip("`"): row for row in rows("What is checked")}
    assert set(found) == set(get_args(CheckKind))
    for check in checks():
        words = words_of(check.name.partition(":")[0] if check.kind != "law" else check.name, check.kind)
        assert words in re.split("; ", found[check.kind][1]), check.name
    laws = {words_of(check.name, "law") for check in checks() if check.kind == "law"}
    assert set(found["law"][1].split("; ")) == laws
    assert f'"{words_of("gradient:dw", "gradient")}"' in found["gradient"][2]
    assert f'"{words_of("value:dw", "value")}"' in found["value"][2]


def test_where_each_kind_runs_is_where_it_does() -> None:
    runs = {row[0].strip("`"): row[3] for row in rows("What is checked")}
    for kind in get_args(CheckKind):
        places = {check.visibility for check in checks() if check.kind == kind}
        assert runs[kind] == {"public": "in the notebook and at grading", "hidden": "at grading only"}[places.pop()]
        assert not places, kind


def test_every_level_is_named() -> None:
    assert [level for level in LEVELS if f"`{level}`" not in TEXT] == []


def test_what_earns_points_is_what_does() -> None:
    """By themselves, worked examples, laws and the contract are worth nothing, in every exercise that there is."""
    assert "Worked examples, laws and the contract are worth nothing by themselves" in TEXT
    assert {check.kind for check in checks() if check.points} == {"value", "gradient", "source"}


def absolute(x: Array) -> tuple[Array, Array]:
    """The forward pass of the page's example, which is wrong."""
    return np.abs(x), x


def by_sign(dout: Array, cache: Array) -> Array:
    """The backward pass that is right for it."""
    return dout * np.sign(cache)


OWN = {"relu_forward": absolute, "relu_backward": by_sign}


def test_follow_through_is_paid_and_told_as_the_page_says() -> None:
    unit = catalogue().unit("layers")
    bench, answers = Bench(unit.exercises), LocalAnswers(OWN)
    judge = Judge(answers, bench)
    items = []
    for name in OWN:
        exercise = catalogue().exercise(f"layers.{name}")
        verdicts = judge.verdicts(exercise)
        items.append(item_of(exercise, verdicts, explain(exercise, verdicts, answers, bench)))
    quoted = re.search(r"^> (.*)$", TEXT, re.MULTILINE)
    assert quoted is not None
    assert kept(items)["layers.relu_forward"] == [quoted[1]]


def test_the_worked_examples_do_not_follow_a_wrong_forward_pass_as_the_page_says() -> None:
    found = checked(catalogue().exercise("layers.relu_backward"), Work(OWN))
    statuses = {check.kind: check.status for check in found.item.checks}
    assert (statuses["example"], statuses["gradient"]) == ("wrong", "passed")
    assert found.item.status == "partial"


@pytest.mark.parametrize("gone", ["| ∅ | missing |", "| · | not attempted |"])
def test_a_verdict_that_is_not_explained_would_be_seen(gone: str) -> None:
    known = {(wording.SIGNS[s], word) for s, word in wording.WORDS.items()}
    without = re.sub(f"^{re.escape(gone)}.*\n", "", TEXT, flags=re.MULTILINE)
    assert unexplained(rows("Verdicts", without), known) == {tuple(gone.strip("| ").split(" | "))}
    empty = re.sub(f"^({re.escape(gone)}).*$", r"\1 |", TEXT, flags=re.MULTILINE)
    assert unexplained(rows("Verdicts", empty), known) != set()
