"""``gradmark grades``, ``mark``, ``rubric`` and ``comments``: what they print, write and refuse."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from small_class import BACKWARD, FORWARD, MASK, Run, an_attempt, right, write_class

from grader.gradebook import Gradebook


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_class(tmp_path)


def numbers(run: Run) -> dict[str, float | None]:
    code, out, _ = run("grades", "--json")
    assert code == 0
    return {grade["student"]["id"]: grade["points"] for grade in json.loads(out)["grades"]}


def test_the_table_of_a_class_has_everybody_and_fits_80_columns(run: Run, book: Path) -> None:
    code, out, _ = run("grades")
    assert code == 0
    for name, number in (("Ada Lovelace", "12"), ("Ben Ng", "4"), ("Çelik Yılmaz", "0"), ("Dora Absent", "0")):
        row = next(line for line in out.splitlines() if name in line)
        assert f" {number} " in row
    assert "nothing handed in" in out
    assert max(map(len, out.splitlines())) <= 80


def test_who_handed_in_and_is_not_in_the_roster_is_said(run: Run, book: Path, tmp_path: Path) -> None:
    assert run("grades")[2] == ""
    roster = tmp_path / "roster.csv"
    roster.write_text(
        roster.read_text(encoding="utf-8").replace("s2,Ben Ng,ben@uni.example,ben\n", ""), encoding="utf-8"
    )
    code, _, err = run("grades")
    assert code == 0
    assert "1 student of the gradebook without a grade" in err
    assert "s2" in err
    assert "s2" not in run("grades", "--blind")[2]


def test_one_student_is_told_each_number_with_what_explains_it(run: Run, book: Path) -> None:
    run(
        "mark",
        "ben",
        "relu_backward",
        "--points",
        "5",
        "--comment",
        "The idea is right.",
        "--why",
        "seen",
        "--by",
        "kim",
    )
    code, out, _ = run("grades", "--student", "ben@uni.example")
    assert code == 0
    assert "9 of 12 points" in out
    assert "“The idea is right.”" in out
    assert "kim" in out


def test_blind_mode_hides_every_name_and_alters_no_number(run: Run, book: Path) -> None:
    seen = json.loads(run("grades", "--json")[1])["grades"]
    blind = run("grades", "--json", "--blind")[1]
    for name in ("Ada", "Lovelace", "ben", "celik", "Yılmaz", "s1.py", "uni.example"):
        assert name not in blind
    assert sorted(g["points"] for g in json.loads(blind)["grades"]) == sorted(g["points"] for g in seen)
    table = run("grades", "--blind")[1]
    assert "Ada" not in table
    assert "Student " in table


def test_a_pseudonym_names_whom_to_mark_and_stays_the_name(run: Run, book: Path) -> None:
    blind = json.loads(run("grades", "--json", "--blind")[1])["grades"]
    who = next(g["student"]["id"] for g in blind if g["points"] == 4)
    code, out, _ = run("mark", who, "relu_backward", "--points", "6")
    assert code == 0
    assert who in out
    assert "Ben" not in out
    assert numbers(run)["s2"] == 10


def test_blind_mode_without_a_salt_is_refused(run: Run, book: Path, tmp_path: Path) -> None:
    course = tmp_path / "gradmark.toml"
    course.write_text(course.read_text().replace('salt = "only ours"', ""))
    code, _, err = run("grades", "--blind")
    assert code == 2
    assert "salt" in err


@pytest.mark.parametrize("who", ["s2", "ben", "BEN@uni.example", "Ben Ng"])
def test_a_student_is_named_by_id_login_address_or_name(run: Run, book: Path, who: str) -> None:
    code, out, _ = run("mark", who, "relu_backward", "--points", "2.5")
    assert (code, numbers(run)["s2"]) == (0, 6.5)
    assert "4 → 6.5 of 12" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bem", "relu_backward", "--points", "1"), "near are s2 (Ben Ng)"),
        (("ben", "relu_backwards", "--points", "1"), "near are layers.relu_backward"),
        (("ben", "relu_backward", "--points", "8.5"), "more than layers.relu_backward is worth, 8"),
        (("ben", "relu_backward", "--points", "-1"), "less than none"),
        (("ben", "relu_backward", "--points", "nan"), "are no points"),
        (("ben", "relu_backward", "--points", "inf"), "are no points"),
        (("ben", "relu_backward", "--honour"), "nothing to honour"),
        (("ben", "relu_backward", "--rubric", "late-idea"), "no rubric item 'late-idea'"),
        (("ben", "relu_backward", "--excuse"), "leave the exercise out"),
        (("ben", "relu_backward"), "say what to decide"),
        (("ben", "relu_backward", "--clear", "--points", "1"), "--clear takes all back"),
        (("ben", "relu_backward", "--comment", "  "), "is no comment"),
        ((), "name a STUDENT"),
        (("ben", "relu_backward", "--points", "1", "--apply"), "one mark is written at once"),
        (("--csv", "out.csv", "--points", "1"), "name the STUDENT"),
        (("--from", "marks.csv", "--csv", "out.csv"), "name a STUDENT, or one of"),
        (("--from", "nowhere.csv"), "nowhere.csv cannot be read"),
        (("--export", "--honour-all", "relu_backward"), "name the file to write"),
    ],
)
def test_a_mark_that_cannot_be_is_refused_with_its_reason(
    run: Run, book: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, _, err = run("mark", *arguments)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
    with Gradebook.open(book) as opened:
        assert opened.marks() == []


def test_a_mark_lies_above_what_the_grader_said_and_clear_takes_it_back(run: Run, book: Path) -> None:
    with Gradebook.open(book) as opened:
        before = opened.attempts()
    run("mark", "ben", "relu_backward", "--points", "8", "--by", "kim", "--why", "a typo")
    assert numbers(run)["s2"] == 12
    with Gradebook.open(book) as opened:
        assert opened.attempts() == before
        assert (opened.marks()[0].by, opened.marks()[0].why) == ("kim", "a typo")
    run("mark", "ben", "relu_backward", "--clear")
    assert numbers(run)["s2"] == 4


def test_a_second_mark_keeps_what_it_does_not_speak_of(run: Run, book: Path) -> None:
    run("mark", "ben", "relu_backward", "--points", "3", "--comment", "First.")
    run("mark", "ben", "relu_backward", "--comment", "Second.")
    run("mark", "ben", "relu_backward", "--comment", "Second.")
    with Gradebook.open(book) as opened:
        (mark,) = opened.marks()
    assert (mark.points, mark.comments) == (3, ("First.", "Second."))
    run("mark", "ben", "relu_backward", "--automatic")
    with Gradebook.open(book) as opened:
        (mark,) = opened.marks()
    assert (mark.points, mark.comments) == (None, ("First.", "Second."))


def test_a_whole_assignment_may_be_given_its_points(run: Run, book: Path) -> None:
    code, _, _ = run("mark", "ben", "--points", "10", "--comment", "By interview.")
    assert (code, numbers(run)["s2"]) == (0, 10)
    assert run("mark", "ben", "--points", "12.5")[0] == 2
    assert "By interview." in run("grades", "--student", "ben")[1]


def test_what_was_excused_and_honoured_can_be_so_no_longer(run: Run, book: Path) -> None:
    run("mark", "celik", "relu_backward", "--honour")
    run("mark", "celik", "--excuse")
    assert numbers(run)["s3"] is None
    run("mark", "celik", "--no-excuse")
    assert numbers(run)["s3"] == 8
    run("mark", "celik", "relu_backward", "--no-honour")
    assert numbers(run)["s3"] == 0


def test_who_is_excused_has_no_number_and_no_zero(run: Run, book: Path) -> None:
    code, out, _ = run("mark", "dora", "--excuse", "--why", "ill")
    assert (code, numbers(run)["s4"]) == (0, None)
    assert "0 → EX" in out


def test_honouring_all_shows_first_and_pays_whoever_has_the_note(run: Run, book: Path) -> None:
    code, out, _ = run("mark", "--honour-all", "relu_backward")
    assert code == 0
    assert "Çelik" in out
    assert "changes 1 score: 1 up, by +8" in out
    assert numbers(run)["s3"] == 0
    code, out, _ = run("mark", "--honour-all", "relu_backward", "--apply")
    assert (code, numbers(run)["s3"], numbers(run)["s2"]) == (0, 8, 4)
    assert "nobody" in run("mark", "--honour-all", "relu_backward")[1]


# ------------------------------------------------------------------------------------ spreadsheets
def edited(path: Path, **changes: dict[str, str]) -> None:
    """Change cells of a spreadsheet: by student and short name of the exercise, columns with what they shall hold."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update(changes.get(f"{row['student']}_{row['exercise'].rpartition('.')[2]}", {}))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_spreadsheet_goes_out_and_only_changed_lines_come_back(run: Run, book: Path, tmp_path: Path) -> None:
    run("mark", "ada", "relu_forward", "--points", "3")
    code, _, _ = run("mark", "--csv", "out.csv", "--export")
    assert code == 0
    edited(tmp_path / "out.csv", s2_relu_backward={"points": "5,5", "comment": "=SUM(A1)\nGood."}, s4_={"excused": "x"})
    code, out, _ = run("mark", "--from", "out.csv", "--preview")
    assert code == 0
    assert "2 marks to write; nothing is written yet" in out
    assert numbers(run)["s2"] == 4
    code, out, _ = run("mark", "--from", "out.csv", "--apply")
    assert code == 0
    now = numbers(run)
    assert (now["s1"], now["s2"], now["s4"]) == (11, 9.5, None)
    with Gradebook.open(book) as opened:
        assert {m.student: m.comments for m in opened.marks()}["s2"] == ("=SUM(A1)", "Good.")
    run("mark", "--csv", "again.csv")
    assert "'=SUM(A1)" in (tmp_path / "again.csv").read_text(encoding="utf-8-sig")
    assert "nothing was changed" in run("mark", "--from", "again.csv")[1]


def test_one_line_that_does_not_fit_refuses_the_whole_file(run: Run, book: Path, tmp_path: Path) -> None:
    run("mark", "--csv", "out.csv")
    edited(
        tmp_path / "out.csv",
        s1_relu_forward={"points": "3"},
        s2_relu_backward={"points": "80"},
        s3_relu_forward={"points": "three"},
        s4_relu_forward={"automatic": "4", "points": "4"},
    )
    code, _, err = run("mark", "--from", "out.csv", "--apply")
    assert code == 2
    assert "out.csv:7: 80 points are more than" in err
    assert "out.csv:9: points: 'three' is no number" in err
    assert "'automatic' is for reading" in err
    with Gradebook.open(book) as opened:
        assert opened.marks() == []


def test_what_changed_since_the_export_is_a_conflict_and_only_where_the_line_was_touched(
    run: Run, book: Path, tmp_path: Path
) -> None:
    run("mark", "--csv", "out.csv")
    run("mark", "ben", "relu_backward", "--points", "1")
    edited(tmp_path / "out.csv", s1_relu_forward={"points": "3"})
    assert run("mark", "--from", "out.csv")[0] == 0
    edited(tmp_path / "out.csv", s2_relu_backward={"points": "2"})
    code, _, err = run("mark", "--from", "out.csv")
    assert code == 2
    assert "out.csv:7: layers.relu_backward: it was changed in the gradebook since the export" in err


def test_a_blind_spreadsheet_names_nobody_and_comes_back_to_whom_it_is_of(run: Run, book: Path, tmp_path: Path) -> None:
    run("mark", "--csv", "blind.csv", "--blind")
    text = (tmp_path / "blind.csv").read_text(encoding="utf-8-sig")
    assert "Ben" not in text
    assert "s2" not in text
    rows = list(csv.DictReader(text.splitlines()))
    who = next(
        r["student"] for r in rows if r["exercise"] == BACKWARD and r["status"] == "wrong" and r["automatic"] == "0"
    )
    edited(tmp_path / "blind.csv", **{f"{who}_relu_backward": {"points": "1"}})
    code, out, _ = run("mark", "--from", "blind.csv", "--apply", "--blind")
    assert code == 0
    assert "Ben" not in out
    assert sorted(n or 0 for n in numbers(run).values()) in ([0, 0, 5, 12], [0, 1, 4, 12])


def test_a_preview_shows_what_slip_days_do_to_a_later_assignment(run: Run, book: Path, tmp_path: Path) -> None:
    course = (tmp_path / "gradmark.toml").read_text().replace("roster =", 'zone = "UTC"\nroster =')
    late = '[late]\nsteps = [{slip_days = 1}, {per_day = "50 %"}]\n'
    due = "due = 2026-11-19T13:00:00\n"
    later = "[assignment.hw2]\nexercises = {'layers.relu_backward' = 8}\ndue = 2026-11-20T12:00:00\n"
    (tmp_path / "gradmark.toml").write_text(f"{course}{due}{later}{late}")
    first = an_attempt("s1", *right())
    with Gradebook.open(book) as opened:
        opened.record([replace(first, assignment="hw2", submitted=first.submitted + timedelta(hours=2))], by="a test")
    assert [n["points"] for n in json.loads(run("grades", "--json")[1])["grades"] if n["student"]["id"] == "s1"] == [
        12,
        4,
    ]
    run("mark", "--csv", "out.csv")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    at = next(n for n, line in enumerate(text) if line.startswith("s1,Ada Lovelace,hw1,,"))
    cells = text[at].split(",")
    cells[text[0].split(",").index("excused")] = "yes"
    text[at] = ",".join(cells)
    (tmp_path / "out.csv").write_text("\n".join([text[0], text[at]]))
    code, out, _ = run("mark", "--from", "out.csv", "--assignment", "hw1")
    assert code == 0
    assert "4 → 8" in out
    code, _, err = run("mark", "--from", "out.csv", "--assignment", "hw2")
    assert code == 2
    assert "'hw1' is none of the assignments that are asked for" in err


# ------------------------------------------------------------------------------ rubric and comments
def test_an_edit_of_the_rubric_changes_what_is_marked_already_after_a_preview(run: Run, book: Path) -> None:
    assert run("rubric", "add", "no-words", "relu_backward", "--points", "-1", "--text", "No derivation.")[0] == 0
    code, out, _ = run("rubric", "apply", "no-words", "ada", "ben")
    assert "changes 1 score: 1 down, by -1" in out  # Ben has nothing to lose
    assert run("rubric", "apply", "no-words", "ada", "ben", "--apply")[0] == 0
    assert numbers(run)["s1"] == 11
    code, out, _ = run("rubric", "edit", "no-words", "--points", "-2")
    assert (code, numbers(run)["s1"]) == (0, 11)
    assert "by -1" in out
    run("rubric", "edit", "no-words", "--points", "-2", "--apply")
    assert numbers(run)["s1"] == 10
    assert "No derivation." in run("rubric", "list")[1]
    run("rubric", "remove", "no-words", "--apply")
    assert numbers(run)["s1"] == 12
    assert run("rubric", "edit", "no-words", "--points", "1")[0] == 2


def test_an_id_that_was_taken_back_does_not_come_back_unseen_to_whoever_had_it(run: Run, book: Path) -> None:
    add = ("rubric", "add", "no-words", "relu_backward", "--text", "x", "--points")
    run(*add, "-1")
    run("rubric", "remove", "no-words", "--apply")
    assert run(*add, "-3")[0] == 0  # nobody had it
    run("rubric", "apply", "no-words", "ada", "--apply")
    run("rubric", "remove", "no-words", "--apply")
    code, _, err = run(*add, "-5")
    assert (code, numbers(run)["s1"]) == (2, 12)
    assert "1 student had it" in err


def test_an_item_is_applied_to_everybody_with_a_mistake(run: Run, book: Path) -> None:
    run("rubric", "add", "half", "relu_backward", "--points", "4", "--text", "The mask is nearly right.")
    code, _, _ = run("rubric", "apply", "half", "--mistake", "masks_by_upstream", "--apply")
    assert (code, numbers(run)["s2"], numbers(run)["s3"]) == (0, 8, 0)
    code, _, err = run("rubric", "apply", "half", "--mistake", "masks_by_downstream")
    assert code == 2
    assert MASK in err


def test_a_comment_is_told_to_everybody_with_a_mistake_and_goes_on_to_next_year(
    run: Run, book: Path, tmp_path: Path
) -> None:
    arguments = ("comments", "add", "relu_backward", "--mistake", "masks_by_upstream", "--text")
    code, out, _ = run(*arguments, 'See "kinks", page 3.')
    assert (code, out) == (0, "1 comment written, told to 1 student\n")
    assert "See" in run("grades", "--student", "s2")[1]
    assert "See" not in run("grades", "--student", "s3")[1]
    assert run("comments", "export", "kept.toml")[0] == 0
    assert run("comments", "remove", "relu_backward", "--mistake", "masks_by_upstream")[0] == 0
    assert "See" not in run("grades", "--student", "s2")[1]
    assert run("comments", "import", "kept.toml", "--apply")[0] == 0
    assert 'See "kinks", page 3.' in run("grades", "--student", "s2")[1]


def test_a_mistake_has_one_comment_however_its_code_is_written(run: Run, book: Path, tmp_path: Path) -> None:
    add = ("comments", "add", "relu_backward", "--text", "Half.", "--points", "2", "--apply", "--mistake")
    for code in ("masks_by_upstream", MASK, "masks_by_upstream"):
        assert run(*add, code)[0] == 0
    (tmp_path / "kept.csv").write_text(f"exercise,mistake,text,points\n{BACKWARD},masks_by_upstream,Half.,2\n")
    assert run("comments", "import", "kept.csv", "--apply")[0] == 0
    assert numbers(run)["s2"] == 6
    with Gradebook.open(book) as kept:
        assert [comment.mistake for comment in kept.comments()] == [MASK]


def test_an_import_says_of_which_mistakes_nothing_is_known(run: Run, book: Path, tmp_path: Path) -> None:
    rows = (f"{BACKWARD},masks_by_upstreem,x,", f"{BACKWARD},masks_by_upstream,x,", f"{BACKWARD},,x,")
    (tmp_path / "kept.csv").write_text("\n".join(("exercise,mistake,text,points", *rows)))
    code, _, err = run("comments", "import", "kept.csv", "--apply")
    assert code == 0
    assert err.count("a mistake that nobody has") == err.count("masks_by_upstreem") == 1


def test_a_comment_of_a_mistake_that_is_none_is_refused(run: Run, book: Path) -> None:
    code, _, err = run("comments", "add", "relu_backward", "--mistake", "masks_by_upstreem", "--text", "x")
    assert code == 2
    assert "masks_by_upstream" in err


def test_a_comment_with_points_is_shown_before_it_is_written(run: Run, book: Path) -> None:
    arguments = (
        "comments",
        "add",
        "relu_backward",
        "--mistake",
        "masks_by_upstream",
        "--text",
        "Half.",
        "--points",
        "4",
    )
    code, out, _ = run(*arguments)
    assert (code, numbers(run)["s2"]) == (0, 4)
    assert "changes 1 score: 1 up, by +4" in out
    run(*arguments, "--apply")
    assert numbers(run)["s2"] == 8


@pytest.mark.parametrize("ending", ["toml", "csv"])
def test_a_rubric_is_written_and_read_again(run: Run, book: Path, tmp_path: Path, ending: str) -> None:
    text = '=1+1 "quoted"\\ \x7f ü'
    run("rubric", "add", "a.1", FORWARD, "--points", "-0.5", "--text", text)
    assert run("rubric", "export", f"r.{ending}")[0] == 0
    run("rubric", "edit", "a.1", "--text", "other", "--points", "3", "--apply")
    assert run("rubric", "import", f"r.{ending}", "--apply")[0] == 0
    with Gradebook.open(book) as opened:
        (item,) = opened.rubric()
    assert (item.text, item.points) == (text, -0.5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rubric]]\nid = 'a'\nexercise = 'layers.relu'\npoints = 1\ntext = 'x'", "no exercise 'layers.relu'"),
        (
            "[[rubric]]\nid = 'a'\nexercise = 'layers.relu_forward'\npoints = nan\ntext = 'x'",
            "number 1: points are a number",
        ),
        ("[[rubric]]\nid = '-a'\nexercise = 'x'\npoints = 1\ntext = 'x'", "'-a' is no id"),
        ("[[rubric]]\nid = 'a'\nexercise = 'x'\ntext = 'x'", "points are missing"),
        ("[[rubric]]\nid = 'a'\npoint = 1", "there is no 'point'"),
        ("[rubrics]", "there is no table 'rubrics'"),
        ("[[rubric]", "is no TOML"),
    ],
)
def test_a_file_of_a_rubric_that_does_not_fit_is_refused_with_its_place(
    run: Run, book: Path, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "r.toml").write_text(text)
    code, _, err = run("rubric", "import", "r.toml", "--apply")
    assert code == 2
    assert "r.toml" in err
    assert said in err


def test_without_a_course_file_the_units_of_the_gradebook_are_the_assignments(run: Run, tmp_path: Path) -> None:
    from dataclasses import replace

    from small_class import attempts

    with Gradebook.open(tmp_path / "gradebook.db", create=True) as opened:
        opened.record([replace(a, assignment="layers") for a in attempts()], by="x")
    code, out, _ = run("grades", "--json")
    assert code == 0
    assert [g["student"]["id"] for g in json.loads(out)["grades"]] == ["s1", "s2", "s3"]
    assert run("mark", "s2", "relu_backward", "--points", "1")[0] == 0


def test_a_gradebook_that_is_not_there_is_said_and_not_made(run: Run, tmp_path: Path) -> None:
    code, _, err = run("grades")
    assert code == 2
    assert "gradebook.db" in err
    assert list(tmp_path.iterdir()) == []
