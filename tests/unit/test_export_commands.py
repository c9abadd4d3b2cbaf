"""``gradmark export``: what it writes from a gradebook, what it says of who is left without a number, and what it refuses."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from platform_results import classroom50, gradescope, junit
from platforms import CanvasCourse, MoodleAssignment, formulas, read_table
from small_class import BACKWARD, COURSE, FORWARD, ROSTER, Run, an_attempt, right, write_class

from grader.gradebook import Gradebook
from grader.grades import Attempt
from grader.result import NotebookResult

NAMES = ("Ada", "Lovelace", "Ben", "Yılmaz", "Dora", "uni.example")
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),Feedback comments\n"
    "Participant 11,Ada Lovelace,ada@uni.example,-,,12.00,Yes,-,\n"
    "Participant 12,Ben Ng,ben@uni.example,-,1.00,12.00,Yes,-,\n"
    "Participant 14,Dora Absent,dora@uni.example,-,,12.00,Yes,-,\n"
)
GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Homework (77)\r\n    Points Possible,,,,,12\r\n"
    "Ada,901,,ada,A,\r\nBen,902,,ben,A,3\r\nDora,904,,dora,A,\r\n"
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_class(tmp_path)


def needing_a_person(book: Path) -> None:
    """Ben's last attempt is one at which the grader failed; of Çelik's nothing could be read."""
    later = datetime(2026, 11, 21, tzinfo=UTC)
    broken = an_attempt("s2", *right(), needs_person=True)
    (result,) = broken.results
    item = replace(
        result.items[0], status="grader_error", checks=[replace(result.items[0].checks[0], status="grader_error")]
    )
    unread = an_attempt("s3", graded=False, notebook=NotebookResult(status="unreadable", error="no JSON"))
    attempts: list[Attempt] = [
        replace(broken, submitted=later, sha256="ab" * 32, results=(replace(result, items=[item, *result.items[1:]]),)),
        replace(unread, submitted=later, sha256="cd" * 32),
    ]
    with Gradebook.open(book) as opened:
        opened.record(attempts, by="the tests")


def test_csv_goes_to_stdout_and_to_a_file(run: Run, book: Path, tmp_path: Path) -> None:
    code, out, err = run("export", "csv")
    header, *rows = read_table(out)
    assert code == 0
    assert [row[header.index("points")] for row in rows] == ["12", "4", "0", "0"]
    assert err == ""
    code, out, err = run("export", "csv", "--rows", "exercises", "--out", "deep/grades.csv")
    assert (code, out, err) == (0, "written: deep/grades.csv (4 students)\n", "")
    assert len(read_table((tmp_path / "deep/grades.csv").read_bytes().decode())) == 9
    assert "an earlier file was replaced" in run("export", "csv", "--out", "deep/grades.csv")[1]


@pytest.mark.parametrize("form", [["csv"], ["csv", "--rows", "exercises"], ["junit"]])
def test_blind_exports_name_nobody_and_alter_no_number(run: Run, book: Path, form: list[str]) -> None:
    seen, blind = run("export", *form)[1], run("export", *form, "--blind")
    assert blind[0] == 0
    assert not [name for name in NAMES if name in blind[1] + blind[2]]
    assert len(set(re.findall(r"student-[0-9a-f]{4,}", blind[1]))) == 4
    if form[0] == "csv":
        column = read_table(seen)[0].index("points")
        numbers = [sorted(row[column] for row in read_table(text)[1:]) for text in (seen, blind[1])]
        assert numbers[0] == numbers[1]
    else:
        assert sorted(map(str, junit(seen).values())) == sorted(map(str, junit(blind[1]).values()))


@pytest.mark.parametrize(
    ("form", "why"), [(["canvas"], "by their numbers"), (["moodle", "--worksheet", "w.csv"], "names in it"),
                      (["classroom50", "--out", "x", "--classroom", "c"], "owner of the repository")]
)  # fmt: skip
def test_blind_is_refused_where_a_platform_needs_to_know_who(run: Run, book: Path, form: list[str], why: str) -> None:
    code, out, err = run("export", *form, "--blind")
    assert (code, out) == (2, "")
    assert why in err


def test_blind_without_a_salt_is_refused(run: Run, book: Path, tmp_path: Path) -> None:
    (tmp_path / "gradmark.toml").write_text(COURSE.replace('salt = "only ours"', ""))
    code, _, err = run("export", "csv", "--blind")
    assert code == 2
    assert "needs a salt" in err


def test_who_needs_a_person_is_named_left_blank_and_makes_the_exit_code(run: Run, book: Path, tmp_path: Path) -> None:
    needing_a_person(book)
    (tmp_path / "book.csv").write_text(GRADEBOOK)
    (tmp_path / "gradmark.toml").write_text(COURSE.replace("[assignment.hw1]", "[assignment.hw1]\ncanvas = 77"))
    code, out, err = run("export", "canvas", "--template", "book.csv")
    assert code == 4
    assert "the grader itself failed at: Ben Ng; a person has to look" in err
    assert "nothing could be graded of: Çelik Yılmaz" in err
    assert "nothing was handed in by: Dora Absent" in err
    assert "Ben,902,,ben,A,3\r\n" in out
    code, out, err = run("export", "gradescope", "--out", "scope")
    assert code == 4
    assert {path.name for path in (tmp_path / "scope").iterdir()} == {"s1.json", "s3.json"}
    assert "not of this export" not in err
    (tmp_path / "scope" / "s2.json").write_text("{}")
    err = run("export", "gradescope", "--out", "scope")[2]
    assert "not of this export, delete them before you hand the folder on: s2.json" in err, "an old number of Ben's"
    assert run("export", "csv")[0] == 4


def test_of_several_assignments_it_is_said_which_one_somebody_has_no_number_in(
    run: Run, book: Path, tmp_path: Path
) -> None:
    """A list without the assignments named Ada, who handed in the first, and Dora twice."""
    roster = ROSTER.splitlines()
    lines = [f"{line},{'canvas' if n == 0 else 900 + n}" for n, line in enumerate(roster)]
    (tmp_path / "roster.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "gradmark.toml").write_text(COURSE + f'\n[assignment.hw2]\nexercises = ["{FORWARD}"]\n')
    code, _, err = run("export", "canvas", "--out", "all.csv")
    assert code == 0, err
    assert "hw1: nothing was handed in by: Dora Absent; their" in err
    assert re.search(r"hw2: nothing was handed in by: Ada Lovelace; .*Dora Absent; their", err)


def test_canvas_from_the_roster_and_from_its_own_file(run: Run, book: Path, tmp_path: Path) -> None:
    code, _, err = run("export", "canvas")
    assert code == 2
    assert "no Canvas number in the roster" in err
    (tmp_path / "book.csv").write_text(GRADEBOOK)
    (tmp_path / "gradmark.toml").write_text(COURSE.replace("[assignment.hw1]", '[assignment.hw1]\ntitle = "Homework"'))
    code, out, err = run("export", "canvas", "--template", "book.csv", "--missing", "zero")
    assert code == 0
    students = {901: ("", "ada", "", ""), 902: ("", "ben", "", ""), 904: ("", "dora", "", "")}
    there = CanvasCourse(students, {77: ("Homework", 12.0)})
    there.take(out.encode())
    assert there.scores == {(901, 77): "12", (902, 77): "4", (904, 77): "0"}
    assert (there.proposed_assignments, there.proposed_students) == ([], [])
    assert "no score: Çelik Yılmaz" in err
    numbered = ROSTER.replace("email,login", "email,login,canvas")
    for number, login in enumerate(("ada", "ben", "celik", "dora"), 901):
        numbered = numbered.replace(f"example,{login}", f"example,{login},{number}")
    (tmp_path / "roster.csv").write_text(numbered, encoding="utf-8")
    code, out, err = run("export", "canvas")
    assert code == 0
    assert "propose a new assignment" in err
    assert "Ada Lovelace,901,,ada,,12\r\n" in out


def test_moodle_fills_the_worksheet_and_zips_what_students_may_see(run: Run, book: Path, tmp_path: Path) -> None:
    (tmp_path / "gradmark.toml").write_text(COURSE + '\n[shown.layers.relu_backward]\ndefault = "hidden"\n')
    (tmp_path / "w.csv").write_text(WORKSHEET)
    run("mark", "ada", FORWARD, "--points", "3", "--comment", 'Say "why".', "--by", "kim")
    run("mark", "ada", BACKWARD, "--comment", "Your mask.", "--by", "kim")
    code, _, err = run("export", "moodle", "--worksheet", "w.csv", "--out", "out.csv", "--feedback", "pages.zip")
    assert code == 0
    there = MoodleAssignment({11: "ada", 12: "ben", 14: "dora"}, maximum=12.0)
    there.take((tmp_path / "out.csv").read_bytes())
    assert there.grades == {"ada": 11.0, "ben": 4.0}
    assert "Say &quot;why&quot;." in there.comments["ada"]
    assert "Your mask." not in there.comments["ada"], "no check of it is shown, and its page has no such comment either"
    there.take_files((tmp_path / "pages.zip").read_bytes())
    assert set(there.files) == {"ada", "ben"}
    page = there.files["ben"]["feedback.html"].decode()
    assert "<!doctype html>" in page.lower()
    assert "The mask comes from dout." not in page
    assert "no grade: Çelik Yılmaz" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["moodle"], "--worksheet"),
        (["moodle", "--worksheet", "none.csv"], "none.csv cannot be read"),
        (["canvas", "--template", "none.csv"], "none.csv cannot be read"),
        (["csv", "--assignment", "hw2"], "no assignment 'hw2'"),
        (["gradescope"], "where to?"),
        (["gradescope", "--bundle", "a.zip", "--grade", "."], "at a time"),
        (["gradescope", "--simulate", "none.zip", "."], "none.zip cannot be read"),
        (["gradescope", "--simulate", "none.zip", "nobody"], "no submission nobody"),
        (["classroom50", "--out", "x"], "--classroom"),
        (["classroom50", "--out", "x", "--classroom", "c", "--grade", "."], "whose repository"),
        (["excel"], "No such command"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(run: Run, book: Path, arguments: list[str], says: str) -> None:
    code, out, err = run("export", *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_without_a_gradebook_it_is_said_that_there_is_none(run: Run, tmp_path: Path) -> None:
    code, out, err = run("export", "csv")
    assert (code, out) == (2, "")
    assert "gradebook" in err
    assert list(tmp_path.iterdir()) == []


def test_gradescope_gets_a_document_for_each_student(run: Run, book: Path, tmp_path: Path) -> None:
    (tmp_path / "gradmark.toml").write_text(COURSE + '\n[shown]\nvalue = "after_release"\n')
    assert run("export", "gradescope", "--out", "scope") == (0, "written: scope (3 results)\n", "")
    ben = gradescope((tmp_path / "scope/s2.json").read_text())
    assert ben.score == 4
    assert ben.tests[f"{BACKWARD} (more checks)"] == (0.0, 8.0, "failed", "after_published")
    assert "mask" not in ben.student_sees


def test_classroom50_gets_a_document_for_each_login(run: Run, book: Path, tmp_path: Path) -> None:
    code, _, _ = run("export", "classroom50", "--out", "c50", "--classroom", "cs", "--slug", "first")
    assert code == 0
    text = (tmp_path / "c50/ben.json").read_text()
    found = classroom50(text, classroom="cs", assignment="first", owner="ben")
    assert (found["score"], found["max-score"], found["datetime"]) == (400, 1200, "2026-11-20T12:00:00Z")


def test_hostile_names_of_a_roster_are_no_formulas_and_no_commands(run: Run, book: Path, tmp_path: Path) -> None:
    hostile = ROSTER.replace("Ada Lovelace", '"=HYPERLINK(""x"")"').replace("Dora Absent", "::error::x")
    (tmp_path / "roster.csv").write_text(hostile, encoding="utf-8")
    code, out, err = run("export", "csv")
    assert code == 0
    assert formulas(out) == []
    assert not re.search(r"^::", err, re.MULTILINE)


def test_export_starts_without_heavy_libraries() -> None:
    heavy = ("numpy", "pydantic", "sqlalchemy", "junitparser", "jinja2", "packaging")
    code = f"import sys, grader.cli.export; print([m for m in {heavy!r} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(shown.stdout.replace("'", '"')) == []
