"""Our own tables: what is in them, that the columns hold still, and that no text is a formula."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_grades import HOSTILE_NAMES, a_class, a_grade, a_person, an_exercise
from platforms import Refused, formulas, read_table

from grader.export import exercises_csv, students_csv
from grader.export.cells import neutral, number, text_cell


def dicts(text: str) -> list[dict[str, str]]:
    header, *rows = read_table(text)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_a_row_has_what_is_known_of_a_student() -> None:
    rows = {row["student"]: row for row in dicts(students_csv(a_class()))}
    assert [rows[s]["points"] for s in rows] == ["7.25", "10", "0", "", "3", "0", "0.333333"]
    assert [rows[s]["state"] for s in rows] == [
        "graded", "graded", "missing", "excused", "needs_person", "not_gradable", "graded",
    ]  # fmt: skip
    assert rows["sofja"]["late_hours"] == "1.5"
    assert rows["ada"]["layers.relu_forward"] == "4"
    assert rows["carl"]["layers.relu_forward"] == ""
    assert rows["ada"]["submitted"] == "2026-10-01T12:00:00+00:00"
    assert rows["ada"]["comments"] == "Well explained."


def test_the_columns_are_the_same_whatever_is_in_them() -> None:
    whole = read_table(students_csv(a_class()))[0]
    assert whole[:14] == [
        "student", "name", "email", "section", "assignment", "points", "max_points", "before_policy", "state", "late_hours",
        "slip_days", "attempts", "submitted", "comments",
    ]  # fmt: skip
    assert read_table(students_csv(a_class()[::-1]))[0] == whole
    assert read_table(students_csv([])) == [whole[:14]]


def test_the_long_form_has_a_row_for_each_exercise() -> None:
    said = an_exercise(mistakes=("masks_by_upstream",), message="The mask comes from dout.", comments=("See me.",))
    rows = dicts(
        exercises_csv([a_grade(exercises=(said, an_exercise("layers.tanh_forward", 0.0, automatic=None, status=None)))])
    )
    assert [list(row.values()) for row in rows] == [
        [
            "ada",
            "Ada Lovelace",
            "hw1",
            "layers.relu_backward",
            "2",
            "4",
            "2",
            "wrong",
            "masks_by_upstream",
            "The mask comes from dout.",
            "See me.",
        ],
        ["ada", "Ada Lovelace", "hw1", "layers.tanh_forward", "0", "4", "", "", "", "", ""],
    ]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_name_is_a_formula(name: str) -> None:
    grades = [
        a_grade(
            a_person(name=name), -0.5, comments=(name,), exercises=(an_exercise(name, message=name, comments=(name,)),)
        )
    ]
    for text in (students_csv(grades), exercises_csv(grades)):
        read_table(text)
        assert formulas(text) == []
    assert dicts(students_csv(grades))[0]["points"] == "-0.5"


@settings(max_examples=60)
@given(st.lists(st.text(max_size=20), min_size=4, max_size=4), st.floats(-100, 100))
def test_a_table_says_what_it_was_given(texts: list[str], points: float) -> None:
    ident, name, section, said = texts
    person = a_person("x" + ident, name, section=section)
    text = students_csv([replace(a_grade(person, points), comments=(said,))])
    assert formulas(text) == []
    (row,) = dicts(text)
    assert row["name"] == text_cell(name)
    assert float(row["points"]) == pytest.approx(points, abs=1e-6)


def test_numbers_are_written_in_full_and_formulas_are_told_from_them() -> None:
    assert [number(v) for v in (0.0, -0.0, 1e-7, 100.0, 1 / 3, 1e6, None, 120.0)] == [
        "0",
        "0",
        "0",
        "100",
        "0.333333",
        "1000000",
        "",
        "120",
    ]
    assert number(3600.0, 0) == "3600"
    assert number(1200.0, 0) == "1200"
    for harmless in ("5", "49", "1.5", "Ada", "a=b", "12-3", "'tis"):
        assert neutral(harmless) == harmless
    for harmful in ("=1", "-1+2", "+A1", "@x", "\t=1", "\r", "-Ada", "'=1"):
        assert neutral(harmful) == f"'{harmful}"
        assert neutral(neutral(harmful)) != neutral(
            harmful
        )  # so that one apostrophe is ours, and taking it off gives the text


@pytest.mark.parametrize("wrong", ["a,b\r\n1\r\n", 'a,b\r\n"1,2\r\n', "a,b\n1,2\n"])
def test_the_reader_refuses_what_is_no_table(wrong: str) -> None:
    with pytest.raises(Refused):
        read_table(wrong)
    assert formulas("a,'=1\r\n") == []
    assert formulas('a,"x;=1;y"\r\n') == ["=1"]
