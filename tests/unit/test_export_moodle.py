"""Grades for Moodle, read back as Moodle reads them: worksheets in several languages, and feedback files."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_grades import HOSTILE_NAMES, a_class, a_grade, a_person, a_result, an_exercise
from platforms import MoodleAssignment, Refused, formulas, php_rows

from grader.errors import UsageError
from grader.export import moodle_feedback, moodle_worksheet
from grader.grades import Grade
from grader.report import inline

ENGLISH = (
    b'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed","Last modified (submission)",'
    b'"Last modified (grade)","Feedback comments"\n'
    b'"Participant 12","Blaise Pascal",blaise@example.org,"Submitted for grading",,10.00,Yes,"Thu, 1 October 2026",-,\n'
    b'"Participant 11","Ada Lovelace",ada@example.org,"Submitted for grading",1.00,10.00,Yes,-,"Fri, 2 October 2026","<p>old</p>"\n'
    b'"Participant 15","Grace Hopper",grace@example.org,"No submission",2.50,10.00,Yes,-,-,\n'
    b'"Participant 99","Somebody Else",else@example.org,"No submission",,10.00,Yes,-,-,\n'
)
GERMAN = (
    "ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden;Zuletzt geändert (Bewertung);"
    "Feedback als Kommentar\r\n"
    "Teilnehmer/in11;Ada Lovelace;ada@example.org;-;;10,00;Ja;-;\r\n"
    "Teilnehmer/in12;Blaise Pascal;blaise@example.org;-;3,5;10,00;Ja;-;\r\n"
)
FINNISH = (  # a language that the exporter does not know
    "Tunniste,Koko nimi,Sähköposti,Tila,Arviointi,Suurin arvosana,Voi muuttaa,Muokattu viimeksi (arvosana),Palautekommentit\n"
    "Osallistuja 11,Ada Lovelace,ada@example.org,-,,10.00,Kyllä,-,\n"
    "Osallistuja 12,Blaise Pascal,blaise@example.org,-,,10.00,Kyllä,-,\n"
).encode()
USERS = {11: "ada", 12: "blaise", 13: "carl", 14: "emmy", 15: "grace", 99: "else"}


def assignment(**words: str) -> MoodleAssignment:
    there = MoodleAssignment(USERS)
    return replace(there, words={**there.words, **words})


def test_the_worksheet_comes_back_with_grades_and_comments_and_nothing_else_changed() -> None:
    made = moodle_worksheet(a_class(), ENGLISH, named="grades.csv")
    there = assignment()
    there.take(made.data)
    assert there.grades == {"ada": 7.25, "blaise": 10.0, "grace": 2.5}
    assert there.comments["ada"] == "<p>Well explained.</p>"
    assert there.comments["grace"] == ""
    before, after = (php_rows(data.decode(), ",") for data in (ENGLISH, made.data))
    mine = {4, 9}
    assert [[c for i, c in enumerate(row) if i not in mine] for row in before] == [
        [c for i, c in enumerate(row) if i not in mine] for row in after
    ]
    assert "left as they are: Somebody Else" in made.warnings[-1]
    # Bit for bit, with the quotes that Moodle wrote.
    assert made.data == ENGLISH.replace(b'grading",,10.00', b'grading",10,10.00').replace(
        b"1.00,10.00", b"7.25,10.00"
    ).replace(b"<p>old</p>", b"<p>Well explained.</p>")


def test_a_worksheet_without_any_news_comes_back_as_it_was() -> None:
    for data in (ENGLISH, b"\xef\xbb\xbf" + ENGLISH, ENGLISH.decode().encode("utf-16"), GERMAN.encode("cp1252")):
        assert moodle_worksheet([a_grade(a_person("ada"), None, "excused")], data).data == data


def test_a_german_worksheet_has_its_commas_its_encoding_and_its_semicolons() -> None:
    made = moodle_worksheet(a_class(), GERMAN.encode("cp1252"))
    there = assignment(
        id="ID",
        user="Teilnehmer/in",
        grade="Bewertung",
        modified="Zuletzt geändert (Bewertung)",
        comments="Feedback als Kommentar",
        comma=",",
    )
    there.take(made.data, "cp1252", ";")
    assert there.grades == {"ada": 7.25, "blaise": 10.0}
    assert b";7,25;10,00;Ja" in made.data
    assert b"\r\n" in made.data


def test_a_language_that_nobody_knows_is_read_by_its_numbers() -> None:
    made = moodle_worksheet(a_class(), FINNISH)
    there = assignment(
        id="Tunniste",
        user="Osallistuja ",
        grade="Arviointi",
        modified="Muokattu viimeksi (arvosana)",
        comments="Palautekommentit",
    )
    there.take(made.data)
    assert there.grades == {"ada": 7.25, "blaise": 10.0}
    assert there.comments["ada"] == "<p>Well explained.</p>"


def test_students_are_found_by_address_then_by_id_number_and_last_by_a_name_that_is_there_once() -> None:
    sheet = (
        b"Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade)\n"
        b"Participant 11,Same Name,,one@example.org,-,,10.00,Yes,-\n"
        b"Participant 12,Same Name,s12,,-,,10.00,Yes,-\n"
        b"Participant 13,Only Name,,,-,,10.00,Yes,-\n"
        b"Participant 14,Twice Name,,,-,,10.00,Yes,-\n"
        b"Participant 15,Twice Name,,,-,,10.00,Yes,-\n"
    )
    people = [
        a_person("s12", "Same Name", email=""),
        a_person("p", "Name Same", email="ONE@example.org"),
        a_person("q", "only  name", email="", login=""),
        a_person("r", "Twice Name", email="", login=""),
    ]
    made = moodle_worksheet([a_grade(p, float(n)) for n, p in enumerate(people, 1)], sheet)
    there = assignment()
    there.take(made.data)
    assert there.grades == {"ada": 2.0, "blaise": 1.0, "carl": 3.0}
    assert "matched by name alone: only name" in made.warnings[0]
    assert "no grade: Twice Name" in made.warnings[1]


def test_a_worksheet_of_anonymous_marking_needs_the_id_number() -> None:
    sheet = b"Identifier,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade)\nParticipant 11,-,,10.00,Yes,-\n"
    made = moodle_worksheet(a_class(), sheet)
    assert made.data == sheet
    assert "no grade: Ada Lovelace" in made.warnings[0]


@pytest.mark.parametrize(
    ("sheet", "says"),
    [
        (ENGLISH.replace(b"10.00", b"5.00"), "2 grades are over the maximum of grades.csv.*Ada Lovelace 7.25 of 5"),
        (b"", "empty"),
        (b"Name,Points\nAda,1\n", "no grading worksheet"),
        (b"Identifier,Grade\n", "no grading worksheet"),
        (ENGLISH.replace(b"Participant 12", b"Participant 11"), "two rows have one participant"),
        (ENGLISH.replace(b"Maximum Grade", b"Scale").replace(b"10.00", b'"bad\ngood"'), "graded by a scale"),
        (b"Tunniste,Nimi,Tila\nOsallistuja 1,Ada,-\n", "which column has the grades"),
        (ENGLISH + b'"Participant 13', "quote is not closed"),
    ],
)
def test_what_moodle_would_skip_or_misread_is_refused(sheet: bytes, says: str) -> None:
    with pytest.raises(UsageError, match=re.compile(says, re.DOTALL)):
        moodle_worksheet(a_class(), sheet, named="grades.csv")


def test_two_assignments_are_never_put_into_one_worksheet() -> None:
    with pytest.raises(UsageError, match="one assignment"):
        moodle_worksheet([*a_class(), replace(a_grade(), assignment="hw2")], ENGLISH)


def test_a_comment_that_the_encoding_lacks_is_refused_with_what_to_do() -> None:
    with pytest.raises(UsageError, match="download it in UTF-8"):
        moodle_worksheet([a_grade(comments=("∂L/∂x",))], GERMAN.encode("cp1252"))


@pytest.mark.parametrize(
    "said", ['a \\" b', "\\", '"', "=1+1", "-1", "<script>", "a\nb", ";,\t'", "@x", "\x00\x1b[31m"]
)
def test_a_comment_is_one_cell_that_shows_as_it_was_said(said: str) -> None:
    """PHP's CSV takes a backslash before a quote for more than it is: Ada's comment must not swallow the next row."""
    grade = a_grade(a_person("ada"), 5.0, exercises=(an_exercise(comments=(said,)),))
    made = moodle_worksheet([grade, a_grade(a_person("blaise"), 6.0)], ENGLISH)
    there = assignment()
    there.take(made.data)
    assert there.grades == {"ada": 5.0, "blaise": 6.0, "grace": 2.5}
    shown = html.unescape(re.sub(r"<[^>]*>", "", there.comments["ada"]))
    assert shown == (f"layers.relu_backward: {inline(said)}" if inline(said) else "layers.relu_backward:")
    assert formulas(made.data.decode()) == formulas(ENGLISH.decode())


@settings(max_examples=40)
@given(st.text(max_size=40), st.floats(0, 10, allow_nan=False), st.sampled_from([",", ";", "\t"]))
def test_whatever_is_said_moodle_reads_the_same_grades(said: str, points: float, delimiter: str) -> None:
    sheet = "\n".join(
        delimiter.join(f'"{cell}"' for cell in row)
        for row in [
            [
                "Identifier",
                "Full name",
                "Email address",
                "Status",
                "Grade",
                "Maximum Grade",
                "x",
                "Last modified (grade)",
                "Feedback comments",
            ],
            [
                "Participant 11",
                said.replace('"', '""').replace("\\", "/"),
                "ada@example.org",
                "-",
                "",
                "10.00",
                "Yes",
                "-",
                "",
            ],
            ["Participant 12", "=1+1", "blaise@example.org", "-", "4.00", "10.00", "Yes", "-", ""],
        ]
    ).replace("\r", " ")
    made = moodle_worksheet([a_grade(a_person("ada"), points, comments=(said,))], sheet.encode("utf-8", "replace"))
    there = assignment()
    there.take(made.data, delimiter=delimiter)
    assert there.grades["ada"] == pytest.approx(points, abs=0.0050001)
    assert there.grades["blaise"] == 4.0


# ---------------------------------------------------------------------------------------- feedback files
def a_page(result: object) -> str:
    return f"<p>{type(result).__name__}</p>"


def test_feedback_files_reach_their_students() -> None:
    made = moodle_feedback(a_class(), ENGLISH, a_page, named="grades.csv")
    there = assignment()
    there.take_files(made.data)
    assert {user: set(files) for user, files in there.files.items()} == {
        "ada": {"feedback.html"},
        "blaise": {"feedback.html"},
        "grace": {"feedback.html"},
    }
    assert there.files["ada"]["feedback.html"] == b"<p>Result</p>"
    assert moodle_feedback(a_class(), ENGLISH, a_page).data == made.data


def test_each_unit_of_an_attempt_has_a_page() -> None:
    grade: Grade = a_class()[0]
    assert grade.attempt is not None
    both = replace(grade.attempt, results=(a_result(), a_result(unit="mlp")))
    there = assignment()
    there.take_files(moodle_feedback([replace(grade, attempt=both)], ENGLISH, a_page).data)
    assert set(there.files["ada"]) == {"feedback-layers.html", "feedback-mlp.html"}


@pytest.mark.parametrize("name", [n for n in HOSTILE_NAMES if n.strip()])
def test_a_folder_named_after_anybody_is_found_and_leads_nowhere_else(name: str) -> None:
    sheet = ENGLISH.replace(b"Ada Lovelace", name.replace('"', '""').encode())
    there = assignment()
    there.take_files(moodle_feedback(a_class(), sheet, a_page).data)
    assert set(there.files) == {"ada", "blaise", "grace"}


@pytest.mark.parametrize(
    "wrong",
    [
        ENGLISH.replace(b"Identifier", b"ID"),
        ENGLISH.replace(b'grading",,10.00', b'grading",ten,10.00'),
        ENGLISH.replace(b'"Blaise Pascal",', b""),
        ENGLISH.replace(b"<p>old</p>", b"old\\"),
    ],
)
def test_the_reader_refuses_what_moodle_refuses(wrong: bytes) -> None:
    with pytest.raises(Refused):
        assignment().take(wrong)
    over = assignment()
    over.take(ENGLISH.replace(b'grading",,10.00', b'grading",11,10.00'))
    assert "blaise" in over.skipped


def test_a_grade_has_two_decimals_as_moodle_shows_it_and_all_points_stay_all_points() -> None:
    """It rejects 13.333333 of 13.33 as a grade over the maximum, and 8,86957 in the place of the same 8,87."""
    ada, blaise = a_person("ada"), a_person("blaise")
    sheet = GERMAN.replace("10,00", "13,33").replace(";3,5;", ";8,87;").encode()
    made = moodle_worksheet(
        [a_grade(ada, 40 / 3, max_points=40 / 3), a_grade(blaise, 8.869565, max_points=40 / 3)], sheet
    )
    assert [line.split(";")[4] for line in made.data.decode().splitlines()[1:]] == ["13,33", "8,87"]
    made = moodle_worksheet([a_grade(ada, 9.125), a_grade(blaise, 7.869565)], GERMAN.encode())
    assert [line.split(";")[4] for line in made.data.decode().splitlines()[1:]] == ["9,13", "7,87"]


def test_no_comment_tells_of_an_exercise_with_a_check_that_is_not_shown() -> None:
    """A comment that the course keeps for a mistake went into the worksheet, though only a hidden check found that mistake."""
    said = an_exercise(comments=("You forgot the mask.",))
    grades = [a_grade(a_person("ada"), 4.0, comments=("See me.",), exercises=(said,))]
    assert b"You forgot the mask." in moodle_worksheet(grades, ENGLISH).data
    made = moodle_worksheet(grades, ENGLISH, seen=lambda result: replace(result, items=[]))
    assert b"You forgot the mask." not in made.data
    assert b"See me." in made.data
