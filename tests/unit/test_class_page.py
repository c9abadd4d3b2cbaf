"""The pages of a class: their numbers by hand, alike answers, hostile text, size, and what a student may not see on theirs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from unit.made_grades import HOSTILE_NAMES, a_class, a_grade, a_person, a_result, an_attempt
from unit.platforms import formulas

from grader.grades import ExerciseGrade, Grade
from grader.report import alike, class_numbers, class_page, class_sheets, student_class_page
from grader.result import CheckResult, Counterexample, Diagnosis, ItemResult
from grader.shown import Rule, Rules

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FULL = Rules()
RELU, AFFINE = "layers.relu_backward", "layers.affine_backward"
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\"'&"


def an_item(name: str, score: float, mistake: str = "", fingerprint: str | None = "aa", text: str = "") -> ItemResult:
    wrong = score < 4
    example = Counterexample(inputs={"x": [-1.0, 2.0]}, expected={"dx": [0.0, 1.0]}, got={"dx": [1.0, 1.0]})
    check = CheckResult(
        name="value",
        kind="value",
        visibility="hidden",
        status="wrong" if wrong else "passed",
        score=score,
        max_score=4.0,
        message="dx[0] is 1, it must be 0" if wrong else "",
        counterexample=example if wrong else None,
        diagnosis=Diagnosis(mistake=mistake, text=text or f"It {mistake}.", certainty="exact") if mistake else None,
    )
    status: Any = "passed" if not wrong else "partial" if score else "wrong"
    message = (check.diagnosis.text if check.diagnosis else check.message) if wrong else ""
    return ItemResult(
        exercise=name,
        status=status,
        score=score,
        max_score=4.0,
        message=message,
        checks=[check],
        fingerprint=fingerprint,
    )


def a_student(ident: str, *items: ItemResult, name: str = "", **more: Any) -> Grade:
    """Make a grade that follows from items."""
    person = a_person(ident, name or ident.title())
    points = sum(item.score for item in items)
    exercises = tuple(
        ExerciseGrade(exercise=i.exercise, points=i.score, max_points=i.max_score, status=i.status) for i in items
    )
    result = a_result(ident, items=list(items), score=points, max_score=4.0 * len(items))
    fields = {"max_points": 8.0, "exercises": exercises, "attempt": an_attempt(person, result), **more}
    return a_grade(person, points, **fields)


def db_class() -> list[Grade]:
    """Five averaged db, two of them alike to the last answer and one otherwise; one fault has no name; two are right."""
    averaged = [
        a_student(f"s{i}", an_item(AFFINE, 2.0, "averages_db", digest), an_item(RELU, 4.0))
        for i, digest in enumerate(("d1", "d1", "d1", "d1", "d2"))
    ]
    odd = a_student("odd", an_item(AFFINE, 4.0), an_item(RELU, 0.0, "", "e1"))
    return [*averaged, odd, *(a_student(f"r{i}", an_item(AFFINE, 4.0), an_item(RELU, 4.0)) for i in range(2))]


def test_mistakes_are_ranked_by_the_students_who_made_them() -> None:
    first = class_numbers(db_class()).mistakes[0]
    assert (first.exercise, first.code, len(first.who)) == (AFFINE, "averages_db", 5)
    text = class_page(db_class())
    assert re.search(r'class="n">5</span> averages db', text)
    assert "S0, S1, S2, S3, S4" in text


def test_the_numbers_are_those_of_the_hand() -> None:
    numbers = class_numbers(db_class())
    assert (numbers.students, numbers.max_points, numbers.full) == (8, 8.0, 2)
    assert (numbers.mean, numbers.median) == (pytest.approx((5 * 6 + 4 + 16) / 8), 6.0)
    assert numbers.bins == (0, 0, 0, 0, 0, 1, 0, 5, 0, 2)
    affine, relu = numbers.exercises
    assert (affine.passed, affine.partial, affine.total, affine.mean) == (3, 5, 8, 2.75)
    assert (relu.passed, relu.wrong) == (7, 1)


def test_the_discrimination_leaves_the_exercise_itself_out() -> None:
    """With itself counted in, the odd one's exercise would seem to tell strong from weak: here it is against the others."""
    affine, relu = class_numbers(db_class()).exercises
    own, others = [2.0] * 5 + [4.0] * 3, [4.0] * 5 + [0.0, 4.0, 4.0]
    mean, other_mean = sum(own) / 8, sum(others) / 8
    above = sum((a - mean) * (b - other_mean) for a, b in zip(own, others, strict=True))
    below = (sum((a - mean) ** 2 for a in own) * sum((b - other_mean) ** 2 for b in others)) ** 0.5
    assert affine.discrimination == pytest.approx(above / below)
    assert relu.discrimination == pytest.approx(affine.discrimination), "of two exercises each is the other's rest"
    assert affine.discrimination is not None
    assert affine.discrimination < 0


@pytest.mark.parametrize("grades", [[], db_class()[:3], [a_student(f"s{i}", an_item(RELU, 4.0)) for i in range(20)]])
def test_what_cannot_be_told_is_a_dash(grades: Sequence[Grade]) -> None:
    numbers = class_numbers(grades)
    assert all(exercise.discrimination is None for exercise in numbers.exercises)
    shown = class_page(grades).partition("<main>")[2].partition("<script>")[0]
    assert not re.search(r"\b(?:nan|inf|None)\b", shown)


def test_alike_answers_are_one_group_and_others_are_not() -> None:
    groups = alike(db_class())
    assert [len(group.who) for group in groups[AFFINE]] == [4, 1]
    assert groups[AFFINE][0].mistakes == groups[AFFINE][1].mistakes == ("averages_db",)
    assert [len(group.who) for group in groups[RELU]] == [1]
    assert "x: [-1  2]" in groups[AFFINE][0].example
    assert "dx, got: [1  1]" in groups[AFFINE][0].example


def test_without_a_fingerprint_the_fault_tells_numbers_aside() -> None:
    def raised(ident: str, message: str) -> Grade:
        return a_student(ident, replace(an_item(RELU, 0.0, "", None), message=message))

    grades = [raised("a", "it raised: index 3"), raised("b", "it raised: index 7"), raised("c", "another one")]
    assert sorted(len(group.who) for group in alike(grades)[RELU]) == [1, 2]
    assert not alike(grades)[RELU][0].same


def test_every_state_of_a_grade_has_its_row() -> None:
    text = class_page(a_class())
    for name in ("Ada Lovelace", "Blaise Pascal", "Carl Friedrich Gauß", "Emmy Noether", "Софья Ковалевская"):
        assert f'<th scope="row">{name}</th>' in text
    for state in ("nothing handed in", "excused", "needs a person", "could not be graded"):
        assert f"<td>{state}</td>" in text
    assert "7.25" in text
    assert "<td>2 h</td>" in text, "late by an hour and a half, begun hours count"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(text)
    return parser.found


def hostile_class() -> list[Grade]:
    named = [
        a_student(f"h{i}", an_item(RELU, 0.0, HOSTILE, "f", HOSTILE * 500), name=name)
        for i, name in enumerate((*HOSTILE_NAMES, HOSTILE * 100))
    ]
    return [replace(g, person=replace(g.person, section=HOSTILE), comments=(HOSTILE,)) for g in named]


def test_hostile_text_stays_text_and_is_bounded() -> None:
    grades = hostile_class()
    text = class_page(grades, HOSTILE, {g.person.id: f"students/{HOSTILE}.html" for g in grades}, HOSTILE)
    found = tags(text)
    assert sum(tag == "script" for tag, _ in found) == 1
    assert not any(tag in ("img", "iframe", "object", "form", "base") for tag, _ in found)
    assert not any(name.startswith("on") for _, attributes in found for name in attributes)
    assert "\u202e" not in text
    assert len(text) < 120_000
    assert all(url.startswith(("#", "students/")) for _, a in found if (url := a.get("href") or "#"))


def test_only_our_own_script_may_run() -> None:
    policy = next(a["content"] for tag, a in tags(class_page(db_class())) if tag == "meta" and "http-equiv" in a)
    assert policy is not None
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[\w+/]+='", policy)
    assert "unsafe-inline" not in policy.partition("script-src")[2]


def test_a_student_page_has_no_script() -> None:
    text = student_class_page(hostile_class()[0], FULL, NOW)
    assert not any(tag == "script" for tag, _ in tags(text))


@pytest.mark.slow
def test_a_thousand_students_fit_into_a_page() -> None:
    """Some hundred kilobytes of rows; with a page's worth for each it would be megabytes."""
    grades = [
        a_student(f"s{i:04}", *(an_item(f"layers.e{j}", 4.0 * ((i + j) % 3 > 0), f"m{(i + j) % 5}") for j in range(10)))
        for i in range(1000)
    ]
    assert len(class_page(grades, links={g.person.id: f"students/{g.person.id}.html" for g in grades})) < 400_000


def test_names_are_cut_off_and_the_csv_has_them_all() -> None:
    grades = [a_student(f"s{i:03}", an_item(RELU, 0.0, "halves_dx")) for i in range(100)]
    assert "and 70 more" in class_page(grades)
    rows = list(csv.DictReader(io.StringIO(class_sheets(grades)["mistakes.csv"])))
    assert rows[0]["students"] == "100"
    assert len(rows[0]["who"].split()) == 100


def test_the_csv_runs_in_no_spreadsheet() -> None:
    grades = [a_student(f"=h{i}", an_item(RELU, 0.0, "=1+1", "f", "@SUM(1)")) for i in range(2)]
    for sheet in class_sheets(grades).values():
        for row in csv.reader(io.StringIO(sheet)):
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row), row


def test_the_csv_runs_in_no_spreadsheet_that_looks_for_semicolons() -> None:
    """A student's exception said ``;=HYPERLINK(1)``: between the semicolons of another language that is a cell of its own."""
    said = "relu_backward raised RuntimeError: ;=HYPERLINK(1) |@SUM(1)"
    for hostile in (said, "'=1+1", "\uff1d1+1"):
        grades = [a_student("h", an_item(RELU, 0.0, "slip", "f", hostile))]
        for sheet in class_sheets(grades).values():
            assert not formulas(sheet), sheet


# ------------------------------------------------------------------------------- a student's page
def told(grade: Grade, rules: Rules = FULL) -> str:
    return student_class_page(grade, rules, NOW, "Homework 1")


def a_told_grade() -> Grade:
    grade = a_student("ada", an_item(RELU, 0.0, "halves_dx"), an_item(AFFINE, 4.0), name="Ada Lovelace")
    first, *rest = grade.exercises
    spoken = replace(first, points=1.0, comments=("Halved: see me.",), sentences=("1 point by hand.",))
    return replace(
        grade,
        points=4.5,
        before_policy=5.0,
        late_seconds=90_000.0,
        slip_days=1,
        exercises=(spoken, *rest),
        sentences=("2 days late: 10 % off.",),
        comments=("Well begun.",),
    )


def test_a_student_reads_how_the_grade_came_to_be() -> None:
    text = told(a_told_grade())
    for said in (
        "Ada Lovelace",
        "4.5 of 8 points",
        "2 days late: 10 % off.",
        "2 d late",
        "1 slip day used",
        "Well begun.",
    ):
        assert said in text
    for said in ("1 point by hand.", "Halved: see me.", "It halves_dx."):
        assert said in text


def test_what_is_hidden_is_told_by_no_comment_and_no_points() -> None:
    text = told(a_told_grade(), Rules({"layers.relu_backward": Rule(kinds={"value": "after_release"})}))
    for said in ("1 point by hand.", "Halved: see me.", "halves_dx", "dx[0]"):
        assert said not in text
    assert "1 exercise has checks that are not shown: what those found is in the sum alone" in text
    assert "Well begun." in text


def test_levels_apply_to_what_is_found() -> None:
    text = told(a_told_grade(), Rules({"": Rule(default="score")}))
    assert "It halves_dx." not in text
    assert "Halved: see me." in text, "the verdict is shown, and so is what people say of it"


@pytest.mark.parametrize(
    ("state", "said"),
    [("missing", "Nothing was handed in."), ("excused", "excused"), ("needs_person", "a person must look at it")],
)
def test_a_state_is_a_sentence(state: Any, said: str) -> None:
    assert said in told(a_grade(state=state, points=None if state == "excused" else 0.0))


def test_the_name_of_a_file_does_not_show() -> None:
    """In blind mode it would tell who it is; else it may be another one's."""
    grade = a_student("ada", an_item(RELU, 0.0), name="Student 7f3a")
    assert grade.attempt is not None
    result = replace(
        grade.attempt.results[0], submission=replace(grade.attempt.results[0].submission, id="lovelace_ada")
    )
    assert "lovelace" not in told(replace(grade, attempt=replace(grade.attempt, results=(result,))))
