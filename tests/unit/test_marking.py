"""Marks as values: who is meant, what may be decided, what a change comes to, and tables that spreadsheets have been at."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_class import BACKWARD, FORWARD, an_attempt, followed, masked

from grader.errors import UsageError
from grader.grades import Comment, ExerciseGrade, Grade, Mark, RubricItem
from grader.marking import (
    Wanted,
    cleared,
    exercise_line,
    honourable,
    mark_of,
    moved,
    named_exercise,
    named_person,
    read_comments,
    read_rubric,
    summary,
    written_comments,
    written_rubric,
)
from grader.marking.tables import FORMULA, cell, number, read_table, uncell, written
from grader.people import Person

ADA = Person(id="1", name="Ada Lovelace", email="ada@uni.example", login="ada")
BEN = Person(id="2", name="Ben Ng", email="ben@uni.example", login="ben", platforms={"canvas": "77"})
TWIN = Person(id="3", name="Ben Ng", email="ben2@uni.example", login="Ada2")
PEOPLE = (ADA, BEN, TWIN)
EMPTY = Mark(student="2", assignment="hw1", exercise=BACKWARD)
ITEMS = {
    "a": RubricItem(id="a", exercise=BACKWARD, points=-1, text="x"),
    "b": RubricItem(id="b", exercise=FORWARD, points=-1, text="x"),
    "old": RubricItem(id="old", exercise=BACKWARD, points=-1, text="x", active=False),
}


@pytest.mark.parametrize(
    ("named", "ident"),
    [
        ("1", "1"),
        ("ada", "1"),
        ("ADA", "1"),
        (" ben@uni.example", "2"),
        ("77", "2"),
        ("ada  lovelace", "1"),
        ("3", "3"),
    ],
)
def test_a_person_is_found_by_what_is_theirs_alone(named: str, ident: str) -> None:
    assert named_person(PEOPLE, named).id == ident


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("Ben Ng", "'Ben Ng' may be 2 (Ben Ng), 3 (Ben Ng): name the id"),
        ("adda", "near are 1 (Ada Lovelace)"),
        ("lovelace", "near are 1 (Ada Lovelace)"),
        ("xyzzy", "among the 3 of the class"),
        ("", "there is no student ''"),
    ],
)
def test_nobody_is_guessed(named: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        named_person(PEOPLE, named)
    assert said in str(refused.value)


def test_an_exact_login_goes_before_one_in_other_letters() -> None:
    people = (Person(id="1", login="ada"), Person(id="2", login="ADA"))
    assert named_person(people, "ADA").id == "2"
    with pytest.raises(UsageError, match="may be"):
        named_person(people, "Ada")


def test_a_short_name_of_two_exercises_is_not_guessed() -> None:
    assert named_exercise(["layers.relu", "mlp.loss"], "relu") == "layers.relu"
    with pytest.raises(UsageError, match=r"may be layers\.relu, mlp\.relu"):
        named_exercise(["layers.relu", "mlp.relu"], "relu")


def mark(before: Mark = EMPTY, **wanted: Any) -> Mark:
    return mark_of(before, Wanted(**wanted), most=8.0, rubric=ITEMS, may_honour=True)


def test_a_mark_changes_what_is_wanted_and_keeps_the_rest() -> None:
    first = mark(points=3.0, comments=("One.",), rubric=("a",), honour=True)
    second = mark(first, comments=("Two.", "One."), rubric=("-a",))
    assert second == replace(first, comments=("One.", "Two."), rubric=())
    assert mark(second, automatic=True).points is None
    assert cleared(second) == EMPTY


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"points": 8.1}, "8.1 points are more than"),
        ({"points": -0.1}, "less than none"),
        ({"points": float("nan")}, "nan are no points"),
        ({"rubric": ("c",)}, "there are a;"),
        ({"rubric": ("old",)}, "no rubric item 'old'"),
        ({"rubric": ("b",)}, f"is of {FORWARD}, and not of"),
        ({"rubric": ("-a",)}, "nothing to take off"),
        ({"comments": ("x" * 4001,)}, "at most 4000"),
        ({"excused": True}, "leave the exercise out"),
    ],
)
def test_what_does_not_fit_is_no_mark(wanted: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        mark(**wanted)
    assert said in str(refused.value)


def test_full_points_are_no_more_than_that_whatever_floats_make_of_it() -> None:
    assert mark_of(EMPTY, Wanted(points=0.3), most=0.1 + 0.2, rubric={}, may_honour=False).points == 0.3


@pytest.mark.parametrize("read", [0.434782, 0.434783, 0.43479, 0.435])
def test_full_points_may_be_given_as_they_are_shown_rounded(read: float) -> None:
    most = 10 / 23
    assert mark_of(EMPTY, Wanted(points=read), most=most, rubric={}, may_honour=False).points == most
    with pytest.raises(UsageError, match="over = true"):
        mark_of(EMPTY, Wanted(points=0.436), most=most, rubric={}, may_honour=False)
    assert mark_of(EMPTY, Wanted(points=0.434), most=most, rubric={}, may_honour=False).points == 0.434


@pytest.mark.parametrize("wanted", [{"honour": True}, {"rubric": ("-a",)}])
def test_a_refusal_does_not_name_the_student_who_may_be_marked_under_a_pseudonym(wanted: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        mark_of(EMPTY, Wanted(**wanted), most=8, rubric=ITEMS, may_honour=False)
    assert EMPTY.student not in str(refused.value).split()


def test_only_what_carries_the_note_can_be_honoured() -> None:
    assert honourable(an_attempt("s", *followed()), BACKWARD)
    assert not honourable(an_attempt("s", *followed()), FORWARD)
    assert not honourable(an_attempt("s", *masked()), BACKWARD)
    assert not honourable(None, BACKWARD)


# ---------------------------------------------------------------------------------------- previews
def grade(person: Person, *scores: float, **more: Any) -> Grade:
    exercises = tuple(ExerciseGrade(exercise=f"u.e{i}", points=p, max_points=4) for i, p in enumerate(scores))
    fields = {"state": "graded", "points": sum(scores), "max_points": 4.0 * len(scores), **more}
    return Grade(person=person, assignment="hw1", exercises=exercises, **fields)


def test_a_preview_has_those_who_move_and_no_other() -> None:
    before = [grade(ADA, 1, 2), grade(BEN, 3, 3), grade(TWIN, 0, 0)]
    after = [grade(ADA, 1, 2), grade(BEN, 2, 3), grade(TWIN, 0, 0, state="excused", points=None)]
    found = moved(before, after)
    assert [m.person for m in found] == [BEN, TWIN]
    assert [m.by for m in found] == [-1, None]
    assert [exercise_line(*pair) for pair in found[0].exercises] == ["u.e0 3 → 2 of 4 (-1)"]
    assert summary(found) == "changes 1 score: 1 down, by -1"
    assert summary(found[1:]) == "changes no exercise's score, and 1 grade of an assignment"


def test_a_summary_counts_up_and_down_and_says_by_how_much() -> None:
    many = [Person(id=str(i)) for i in range(41)]
    found = moved([grade(p, 2) for p in many], [grade(p, 1) for p in many])
    assert summary(found) == "changes 41 scores: 41 down, by -1 each"
    found = moved([grade(ADA, 2), grade(BEN, 2)], [grade(ADA, 4), grade(BEN, 1.5)])
    assert summary(found) == "changes 2 scores: 1 up, 1 down, by -0.5 to +2"
    assert summary([]) == "changes no score"


# ------------------------------------------------------------------------------------------ tables
@given(st.text(alphabet=st.characters(exclude_characters="\r\x00", exclude_categories=("Cs",)), max_size=30))
def test_whatever_text_a_cell_holds_it_comes_back_and_is_no_formula(text: str) -> None:
    shown = cell(text)
    assert not shown.startswith(FORMULA)
    assert uncell(shown) == (text.strip() if not text.startswith(("'", *FORMULA)) else text.rstrip())


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3.0), (" 3.50 ", 3.5), ("3,5", 3.5), ("-1", -1.0), ("", None), ("1e2", 100.0)],
)
def test_a_number_is_read_as_people_write_it(text: str, value: float | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["three", "1_0", "nan", "inf", "1,2,3", "1.000,5", "=1", "0x10"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        number(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path: Path, separator: str, encoding: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([["A", "b", ""], ["1;2,3", "x\ny"], [], ["ü"]])
    path = tmp_path / "t.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    rows = read_table(path, ("a", "b"), ("a",))
    assert [(row.line, dict(row.cells)) for row in rows] == [
        (2, {"a": "1;2,3", "b": "x\ny"}),
        (5, {"a": "ü", "b": ""}),
    ]


def test_the_line_by_which_a_spreadsheet_tells_its_separator_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xef\xbb\xbfsep=;\r\na;b\r\n1,5;x\r\n")
    assert [(row.line, dict(row.cells)) for row in read_table(path, ("a", "b"), ("a",))] == [
        (3, {"a": "1,5", "b": "x"})
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("a,c\n", "there is no column 'c'"),
        ("a,a\n", "is there twice"),
        ("b\n", "the column 'a' is missing"),
        ("a\n1,2\n", "2 cells, and there are 1 headings"),
        ('a\n"1\n', "is no CSV"),
        ("a\n\udcff", "is no text in UTF-8"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_file_and_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError) as refused:
        read_table(path, ("a", "b"), ("a",))
    assert said in str(refused.value)
    assert "t.csv" in str(refused.value)


def test_written_tables_are_read_by_a_plain_parser() -> None:
    text = written(("a", "b"), [{"a": 1.5, "b": True}, {"a": None, "b": "=1"}])
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [["a", "b"], ["1.5", "yes"], ["", "'=1"]]


# ------------------------------------------------------------------------------------------- files
TEXTS = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).map(str.strip)


@pytest.mark.parametrize("ending", ["toml", "csv"])
@given(text=TEXTS.filter(bool), points=st.floats(-100, 100).map(lambda x: round(x, 3)))
def test_a_rubric_and_comments_go_out_and_come_back(
    tmp_path_factory: pytest.TempPathFactory, ending: str, text: str, points: float
) -> None:
    path = tmp_path_factory.mktemp("files") / f"kept.{ending}"
    item = RubricItem(id="a", exercise=BACKWARD, points=points + 0.0, text=text)
    path.write_text(written_rubric([item, replace(item, id="b", active=False)], path), encoding="utf-8")
    assert read_rubric(path) == [item]
    comment = Comment(exercise=BACKWARD, mistake="layers.relu_backward/x", text=text, points=points + 0.0)
    path.write_text(written_comments([comment], path), encoding="utf-8")
    assert read_comments(path) == [comment]


def test_two_comments_of_one_mistake_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"exercise,mistake,text,points\n{BACKWARD},,One.,\n{BACKWARD},,Two.,0\n")
    with pytest.raises(UsageError, match="has two comments for whoever has not passed"):
        read_comments(path)


def test_one_file_may_hold_both(tmp_path: Path) -> None:
    item = RubricItem(id="a", exercise=BACKWARD, points=-1, text="x")
    comment = Comment(exercise=BACKWARD, mistake="", text="y")
    path = tmp_path / "both.toml"
    path.write_text(written_rubric([item], path) + written_comments([comment], path), encoding="utf-8")
    assert (read_rubric(path), read_comments(path)) == ([item], [comment])
