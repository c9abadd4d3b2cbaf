"""Grades for Canvas, read back as Canvas reads them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_grades import HOSTILE_NAMES, a_class, a_grade, a_person
from platforms import CanvasCourse, Refused, formulas

from grader.errors import UsageError
from grader.export import CanvasAssignment, canvas_csv
from grader.grades import Grade

ID = "4711"
TEMPLATE = (
    b"Student,ID,SIS User ID,SIS Login ID,Section,Notes,Quiz (12),Backprop (4711),Current Score,Final Grade\r\n"
    b",,,,,,,Manual Posting,,\r\n"
    b"    Points Possible,,,,,,5.00,10.00,(read only),(read only)\r\n"
    b'"Pascal, Blaise",2,s-blaise,blaise99,B,,3,4.5,90.0,A\r\n'
    b'"Lovelace, Ada",1,s-ada,ada99,A,late,4,,80.0,B\r\n'
    b'"Hopper, Grace",5,s-grace,grace99,A,,4,2,80.0,B\r\n'
    b'"Student, Test",99,,abc,A,,,1,,\r\n'
)
NUMBERS = {"ada": "1", "blaise": "2", "carl": "3", "emmy": "4", "grace": "5", "kurt": "6", "sofja": "7"}


def the_class() -> list[Grade]:
    return [replace(g, person=replace(g.person, platforms={"canvas": NUMBERS[g.person.id]})) for g in a_class()]


def course(**more: str) -> CanvasCourse:
    students = {int(n): (f"s-{who}", f"{who}99", who, who) for who, n in NUMBERS.items()}
    return CanvasCourse(
        students, {4711: ("Backprop", 10.0), 12: ("Quiz", 5.0)}, {(1, 4711): "1", (5, 4711): "2", (1, 12): "4"}
    )


def one(grades: list[Grade] | None = None, title: str = "Backprop", canvas_id: str = ID) -> CanvasAssignment:
    return CanvasAssignment(title=title, canvas_id=canvas_id, grades=the_class() if grades is None else grades)


def test_the_roster_makes_a_file_that_canvas_reads() -> None:
    there, made = course(), canvas_csv([one()])
    there.take(made.data)
    assert there.scores[1, 4711] == "7.25"
    assert there.scores[2, 4711] == "10"
    assert there.scores[4, 4711] == "EX"
    assert there.scores[7, 4711] == "0.33"
    assert there.points == {4711: "10"}
    assert (there.proposed_assignments, there.proposed_students, made.warnings) == ([], [], [])
    assert made.data.decode().startswith(
        "Student,ID,SIS User ID,SIS Login ID,Section,Backprop (4711)\r\nPoints Possible,,,,,10\r\n"
    )


def test_no_score_is_blank_and_a_fault_of_the_grader_is_never_a_zero() -> None:
    rows = {line.split(",")[1]: line.split(",")[5] for line in canvas_csv([one()]).data.decode().splitlines()[2:]}
    assert rows == {"1": "7.25", "2": "10", "3": "", "4": "EX", "5": "", "6": "", "7": "0.33"}
    there = course()
    there.take(canvas_csv([one()], missing="zero").data)
    assert there.scores[3, 4711] == "0"
    assert (5, 4711) not in there.scores


def test_a_template_keeps_its_students_and_ids_and_only_our_column() -> None:
    made = canvas_csv([one()], template=TEMPLATE, named="grades.csv")
    lines = made.data.decode().splitlines()
    assert lines == [
        "Student,ID,SIS User ID,SIS Login ID,Section,Backprop (4711)",
        ",,,,,Manual Posting",
        "    Points Possible,,,,,10.00",
        '"Pascal, Blaise",2,s-blaise,blaise99,B,10',
        '"Lovelace, Ada",1,s-ada,ada99,A,7.25',
        '"Hopper, Grace",5,s-grace,grace99,A,2',
        '"Student, Test",99,,abc,A,1',
    ]
    assert "left as they are: Student, Test" in " ".join(made.warnings)
    assert "no score: Carl Friedrich Gauß, Emmy Noether, Kurt Gödel and" not in " ".join(made.warnings)
    there = course()
    there.take(made.data)
    assert there.scores == {(1, 4711): "7.25", (2, 4711): "10", (5, 4711): "2", (1, 12): "4"}
    assert there.proposed_assignments == []


def test_a_score_in_canvas_is_not_blanked_by_a_student_without_a_number() -> None:
    """Canvas takes a blank cell as "no score": Grace, who waits for a person, would lose what she has."""
    there = course()
    there.take(canvas_csv([one()], template=TEMPLATE).data)
    assert there.scores[5, 4711] == "2"
    there.take(canvas_csv([one()]).data)
    assert (5, 4711) not in there.scores


def test_students_are_found_by_number_then_institution_then_login_and_last_by_a_name_that_is_there_once() -> None:
    people = [
        a_person("x1", "Nobody", platforms={"canvas": "2"}),
        a_person("s-ada", "Nobody Else", platforms={}),
        a_person("x3", "Grace Hopper", platforms={}, login="", email=""),
    ]
    made = canvas_csv([one([a_grade(p, float(n)) for n, p in enumerate(people, 5)])], template=TEMPLATE)
    there = course()
    there.take(made.data)
    assert [there.scores[n, 4711] for n in (2, 1, 5)] == ["5", "6", "7"]
    assert "matched by name alone: Grace Hopper" in made.warnings[0]
    twice = [
        a_person("x3", "Grace Hopper", platforms={}, login=""),
        a_person("x4", "Grace Hopper", platforms={}, login=""),
    ]
    made = canvas_csv([one([a_grade(p, 9.0) for p in twice])], template=TEMPLATE)
    assert "no score: Grace Hopper, Grace Hopper" in made.warnings[0]
    assert b",9\r\n" not in made.data


def test_several_assignments_share_a_file() -> None:
    quiz = [replace(g, assignment="quiz", max_points=5.0, points=2.0 if g.points else g.points) for g in the_class()]
    made = canvas_csv([one(), one(quiz, "Quiz", "12")], template=TEMPLATE)
    there = course()
    there.take(made.data)
    assert (there.scores[1, 4711], there.scores[1, 12], there.scores[2, 12]) == ("7.25", "2", "2")
    there = course()
    there.take(canvas_csv([one(), one(quiz, "Quiz", "12")]).data)
    assert (there.scores[1, 4711], there.scores[1, 12], there.points) == ("7.25", "2", {4711: "10", 12: "5"})


def test_a_title_that_canvas_does_not_know_is_warned_of() -> None:
    for made in (canvas_csv([one(canvas_id="")]), canvas_csv([one(title="New", canvas_id="")], template=TEMPLATE)):
        assert "propose a new assignment" in made.warnings[-1]
    there = course()
    there.take(canvas_csv([one(title="New", canvas_id="")]).data)
    assert there.proposed_assignments == ["New"]
    by_title = canvas_csv([one(canvas_id="")], template=TEMPLATE)
    assert "propose" not in " ".join(by_title.warnings)
    assert b"Backprop (4711)" in by_title.data


@pytest.mark.parametrize(
    ("grades", "title", "template", "says"),
    [
        ([a_grade(a_person(platforms={}))], "Backprop", None, "no Canvas number in the roster .Ada Lovelace"),
        ([a_grade(a_person(platforms={"canvas": "12a"}))], "Backprop", None, "no Canvas number"),
        (None, "Final Score of all", None, "one of its own"),
        (None, "Section", None, "one of its own"),
        (None, "two\nlines", None, "one line"),
        (None, "", None, "one line"),
        (None, "Backprop", b"Name,Points\r\nAda,1\r\n", "no gradebook of Canvas"),
        (None, "Backprop", b"", "empty"),
        (None, "Backprop", b'Student,ID,Section,"X\r\n', "quote is not closed"),
        (None, "Backprop", TEMPLATE.replace(b"10.00", b"100"), "says 100 points, the course 10"),
        (None, "Backprop", TEMPLATE.replace(b"10.00", b"(read only)"), "read only"),
    ],
)
def test_what_canvas_would_misread_is_refused(
    grades: list[Grade] | None, title: str, template: bytes | None, says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        canvas_csv([one(grades, title)], template=template, named="grades.csv")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("templated", [False, True])
def test_a_hostile_name_costs_nobody_their_score(name: str, templated: bool) -> None:
    grades = the_class()
    grades[0] = replace(grades[0], person=replace(grades[0].person, name=name))
    template = None
    if templated and "Points" not in name:  # Canvas could not read its own file back
        shown = name.replace('"', '""')
        template = TEMPLATE.replace(b'"Lovelace, Ada"', f'"{shown}"'.encode())
    made = canvas_csv([one(grades)], template=template)
    assert formulas(made.data.decode()) == []
    there = course()
    there.take(made.data)
    assert (there.scores[1, 4711], there.scores[2, 4711]) == ("7.25", "10")
    assert there.points in ({4711: "10"}, {4711: "10.00"})


def test_a_name_that_is_a_number_with_a_sign_begins_no_formula_where_semicolons_are_looked_for() -> None:
    """The line ``-0,7,,sofja99,A,0.33`` is a single cell there, and is computed."""
    grades = [replace(g, person=replace(g.person, name="-0", section="+1")) for g in the_class()]
    assert formulas(canvas_csv([one(grades)]).data.decode()) == []


@settings(max_examples=40)
@given(st.lists(st.text(max_size=30), min_size=7, max_size=7))
def test_whatever_the_names_are_canvas_reads_the_same_scores(names: list[str]) -> None:
    grades = [replace(g, person=replace(g.person, name=n, section=n)) for g, n in zip(the_class(), names, strict=True)]
    made = canvas_csv([one(grades)])
    assert formulas(made.data.decode()) == []
    there, plain = course(), course()
    there.take(made.data)
    plain.take(canvas_csv([one()]).data)
    assert (there.scores, there.points, there.proposed_students) == (plain.scores, plain.points, [])


def test_a_login_that_is_a_formula_is_left_away_and_never_changed() -> None:
    grades = the_class()
    grades[0] = replace(grades[0], person=replace(grades[0].person, login="=1+1"))
    made = canvas_csv([one(grades)])
    assert formulas(made.data.decode()) == []
    assert b"1+1" not in made.data


def test_a_gradebook_with_semicolons_keeps_them() -> None:
    german = (
        TEMPLATE.decode()
        .replace('"Pascal, Blaise"', "Pascal")
        .replace('"Lovelace, Ada"', "Lovelace")
        .replace('"Hopper, Grace"', "Hopper")
    )
    german = german.replace('"Student, Test"', "Test").replace(",", ";").replace("4.5", "4,5").replace("10.00", "10,00")
    there = course()
    there.take(canvas_csv([one()], template=german.encode()).data)
    assert (there.scores[1, 4711], there.scores[2, 4711]) == ("7.25", "10")


@pytest.mark.parametrize(
    "wrong",
    [
        b"Name,Number,Section,Backprop (4711)\r\nAda,1,A,7\r\n",
        b'Student,ID,Section,Backprop (4711)\r\n"Ada,1,A,7\r\n',
        b"Student,ID,Backprop (4711),Section\r\nAda,1,7,A\r\n",
        b"Student,ID,Section,Backprop (4711)\r\nAda,1,A,seven\r\n",
    ],
)
def test_the_reader_refuses_what_canvas_refuses(wrong: bytes) -> None:
    with pytest.raises(Refused):
        course().take(wrong)
    unread = course()
    unread.take(b"Student,ID,Section,Backprop (4711)\r\nMs Points Possible,1,A,7\r\n")
    assert unread.scores[1, 4711] == "1"  # that row was none of a student's


@pytest.mark.parametrize(
    ("points", "worth", "cell"),
    [
        (15.869565, 20.0, "15.87"),
        (15.125, 20.0, "15.13"),
        (0.004, 20.0, "0"),
        (40 / 3, 40 / 3, "13.333333"),
        (2.5, 9.995, "2.5"),
    ],
)
def test_a_score_has_two_decimals_as_canvas_shows_it_and_all_points_stay_all_points(
    points: float, worth: float, cell: str
) -> None:
    """Three would be a thousandfold score where a point separates thousands: 15.125 is read as 15125 there."""
    made = canvas_csv([one([a_grade(a_person("ada", platforms={"canvas": "1"}), points, max_points=worth)])])
    assert made.data.decode().splitlines()[2].split(",")[5] == cell


@pytest.mark.parametrize(
    ("said", "worth"), [("13.33", 40 / 3), ("13,33", 40 / 3), ("1,000.00", 1000.0), ("1.000,00", 1000.0)]
)
def test_points_are_compared_as_canvas_writes_them(said: str, worth: float) -> None:
    """Canvas rounds to two decimals, and separates thousands: the same points are not refused, and others are not let through."""
    sheet = TEMPLATE.replace(b"10.00", f'"{said}"'.encode())
    grades = [replace(grade, max_points=worth) for grade in the_class()]
    assert canvas_csv([one(grades)], template=sheet).data
    with pytest.raises(UsageError, match="set points in the course file"):
        canvas_csv([one([replace(grade, max_points=worth + 1) for grade in grades])], template=sheet)


def test_a_number_that_the_template_has_not_is_told_as_that() -> None:
    """It was told that no number is known, and to give the template that was given, and to set a key that does not exist."""
    (told,) = [text for text in canvas_csv([one(canvas_id="4712")], template=TEMPLATE).warnings if "propose" in text]
    assert "no column of its number, 4712" in told
    assert "--template" not in told
    (told,) = canvas_csv([one(canvas_id="")]).warnings
    assert "set canvas = NUMBER" in told
