"""The roster: in the spellings of offices, platforms and spreadsheets, and refused with its line where somebody is unclear."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course import read_roster_file, roster_of
from grader.course.roster import near
from grader.errors import UsageError
from grader.grades import Attempt, Mark
from grader.people import Person

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Local gradients (48211),Current Score
    Points Possible,,,,,20.0,(read only)
"Lovelace, Ada",101,u-17,ada,Section A and B,,
"Ångström, Carl",102,u-18,carl,Section B,,
"Student, Test",999,,3f9c,Section A,,
"""
MOODLE = """\ufeff"First name","Last name","ID number","Email address","Groups"
"Ada","Lovelace","17","ada@example.org","A"
"Carl","Ångström","18","carl@example.org",""
"""
WORKSHEET = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (grade)
Participant 5501,Ada Lovelace,ada@example.org,Submitted,,20.00,-
Participant 5502,Carl Ångström,carl@example.org,,,20.00,-
"""
GRADESCOPE = """First Name,Last Name,SID,Email,Role,Sections
Ada,Lovelace,17,ada@example.org,Student,A
Carl,Ångström,18,carl@example.org,Student,A
"""
CLASSROOM = "identifier,github_username,github_id,name\nada,ada-l,4711,Ada Lovelace\ncarl,,,Carl Ångström\n"
GERMAN = """Nachname;Vorname;Matrikelnummer;E-Mail-Adresse;Gruppe
Lovelace;Ada;17;ada@example.org;A
Ångström;Carl;18;carl@example.org;B
"""


def read(tmp_path: Path, text: str | bytes) -> tuple[Person, ...]:
    path = tmp_path / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_roster_file(path).people


@pytest.mark.parametrize(
    ("text", "ids", "known"),
    [
        (CANVAS, ["u-17", "u-18"], {"canvas": "101", "sis": "u-17"}),
        (MOODLE, ["17", "18"], {"sis": "17"}),
        (WORKSHEET, ["ada@example.org", "carl@example.org"], {"moodle": "Participant 5501"}),
        (GRADESCOPE, ["17", "18"], {"sis": "17"}),
        (CLASSROOM, ["ada", "carl"], {"github": "ada-l", "github_id": "4711"}),
        (GERMAN, ["17", "18"], {}),
        ("ID\tName\tCanvas ID\na1\tAda Lovelace\t101\na2\tÅngström, Carl\t102", ["a1", "a2"], {"canvas": "101"}),
        ("sep=;\r\nid;student\r\na1;Lovelace, Ada\r\na2;Carl Ångström\r\n", ["a1", "a2"], {}),
    ],
)
def test_exports_and_lists_of_ones_own_are_read(
    tmp_path: Path, text: str, ids: list[str], known: dict[str, str]
) -> None:
    people = read(tmp_path, text)
    assert [person.id for person in people] == ids
    assert [person.name for person in people] == ["Ada Lovelace", "Carl Ångström"]
    assert people[0].platforms == known


def test_an_export_tells_sections_logins_and_addresses(tmp_path: Path) -> None:
    ada = read(tmp_path, CANVAS)[0]
    assert (ada.login, ada.section) == ("ada", "Section A and B")
    assert read(tmp_path, GERMAN)[1] == Person(id="18", name="Carl Ångström", email="carl@example.org", section="B")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks_and_utf_16_are_read(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, "id,name\nzoë,Zoë Jansen\n".encode(encoding)) == (Person(id="zoë", name="Zoë Jansen"),)


def test_two_ways_to_write_one_letter_are_one(tmp_path: Path) -> None:
    decomposed = "zoe\N{COMBINING DIAERESIS}"
    assert read(tmp_path, f"id,name\n {decomposed} ,Zoë\u00a0 Jansen\n") == (Person(id="zoë", name="Zoë Jansen"),)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"Lovelace, Ada"', "Ada Lovelace"),
        ("Ada Lovelace", "Ada Lovelace"),
        ('"van der Berg, Noor"', "Noor van der Berg"),
        ('"King, Jr., Martin"', "King, Jr., Martin"),  # of two commas nobody knows which
        ('"Cher,"', "Cher,"),
    ],
)
def test_a_name_is_turned_round_where_it_is_clear(tmp_path: Path, written: str, name: str) -> None:
    assert read(tmp_path, f"id,name\na,{written}\n")[0].name == name


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,name\nada,Ada\nbob,Bob\nada,Eve\n", ":4: the id ada is that of line 2 too"),
        ("id,name\nada,Ada\nAda,Eve\n", ":3: the id Ada is that of line 2 too"),
        ("id,E-Mail\nada,a@x.org\nbob,A@x.org\n", ":3: the E-Mail A@x.org is that of line 2 too"),
        ("id,canvas_id\nada,7\nbob,7\n", ":3: the canvas_id 7 is that of line 2 too"),
        ("id,name\nada,Ada\n,Bob\n", ":3: the id of Bob is empty"),
        ('id,name\n"ada","A\nda"\n\n,Bob\n', ":5: the id of Bob is empty"),  # two lines are one name
        ("id,email\nada,nowhere\n", ":2: 'nowhere' of ada is no e-mail address"),
        ("id,name\nad\u202ea,Ada\n", ":2: the id 'ad\\u202ea' has a character that cannot be seen"),
        ("id,name\nada,Lovelace, Ada\n", ":2: 3 cells, but the header has 2; a name with a comma"),
        ("id,name,Full Name\nada,A,B\n", ":1: the columns 'name' and 'Full Name' both mean name; keep one"),
        ("name,section\nAda,A\n", ":1: no column tells people apart: name one id"),
        ("naem,x\nAda,A\n", ":1: no column of a roster is among naem, x: did you mean name?"),
        ("foo;bar\n1;2\n", ":1: no column of a roster is among foo, bar: the first line names the columns: id, name"),
        ("", ":1: no column of a roster is among nothing"),
        ("id,name\n", ":1: the roster has a header and nobody below it"),
        ('id,name\nada,"Ada\n', ":2: is no CSV: unexpected end of data"),
        ("id,name\nzoë,Zoë\n".encode("latin-1"), ":2: is no UTF-8 (byte 0xeb): save the roster as “CSV UTF-8”"),
        (b"\xff\xfea", ":1: is no UTF-8"),
    ],
)
def test_what_is_unclear_is_refused_with_its_line(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(tmp_path, text)
    assert f"roster.csv{says}" in str(refused.value)


def test_a_roster_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"the roster .*nowhere\.csv cannot be read: No such file"):
        read_roster_file(tmp_path / "nowhere.csv")


def test_without_a_roster_everybody_who_is_in_the_gradebook_takes_part() -> None:
    attempts = [Attempt(student=student, assignment="layers", sha256="") for student in ("bob", "ada", "bob")]
    roster = roster_of(attempts, [Mark(student="eve", assignment="layers")])
    assert [person.id for person in roster.people] == ["ada", "bob", "eve"]
    assert roster.get("ada") == Person(id="ada")
    assert roster.get("zoe") is None


def test_whoever_is_meant_by_a_slip_is_named() -> None:
    roster = roster_of(Attempt(student=s, assignment="", sha256="") for s in ("ada", "bruno"))
    assert near("brunno", roster) == "did you mean bruno?"
    assert near("ADA", roster) == "did you mean ada?"
    assert near("zzz", roster) == "the roster has 2 ids, such as ada"
