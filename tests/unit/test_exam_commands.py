"""``gradmark release --exam`` and an exam in the course file: what is written, what is printed, and what is refused."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from exams import cells_of

from grader.bank import catalogue
from grader.batch import Asked, find_work
from grader.blind import blinded
from grader.course import all_grades, read_course, read_plan
from grader.errors import UsageError
from grader.grades import Attempt, Mark
from grader.result import GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo
from grader.shown import Rules, may_see

Run = Callable[..., tuple[int, str, str]]
HEAD = 'name = "Backprop"\nsalt = "nobody knows"\nroster = "roster.csv"\n'
PEOPLE = "id,name,email\nada,Ada Lovelace,ada@x.org\nben,Ben Bo,ben@x.org\nO/Neil,Cy O'Neil,cy@x.org\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "roster.csv").write_text(PEOPLE)
    path = tmp_path / "gradmark.toml"
    path.write_text(HEAD)
    return path


def lines_of(out: str) -> str:
    """Return the lines of a course file that a release printed."""
    return out[out.index("[assignment.exam]") :]


def test_a_class_gets_a_folder_a_student_and_the_lines_that_grade_them(run: Run, course: Path, tmp_path: Path) -> None:
    """Rejects lines by which other papers would be graded than were written."""
    code, out, err = run("release", "--exam", "--points", "20", "--seed", "7", "layers", "mlp", "--out", "papers")
    assert (code, err) == (0, "")
    folders = sorted(path.name for path in (tmp_path / "papers").iterdir() if path.is_dir())
    assert [folder.partition("-")[0] for folder in folders] == ["O_Neil", "ada", "ben"]
    course.write_text(HEAD + lines_of(out))
    plan = read_plan(read_course(course), "exam", catalogue())
    with (tmp_path / "papers/papers.csv").open() as file:
        rows = list(csv.DictReader(file))
    for student in ("ada", "ben", "O/Neil"):
        own = [row["exercise"] for row in rows if row["student"] == student]
        assert own == [exercise.name for exercise in plan.of(student).exercises]
        assert sum(float(row["points"]) for row in rows if row["student"] == student) == 20
        assert {row["folder"] for row in rows if row["student"] == student} < set(folders)
    assert plan.points == 20
    assert run("release", "--exam", "exam", "--out", "again")[0] == 0
    written = (tmp_path / "papers/ada/exam.ipynb").read_bytes()
    assert (tmp_path / "again/ada/exam.ipynb").read_bytes().replace(b"Mock exam", b"") == written.replace(
        b"Mock exam", b""
    )


def test_without_ids_all_get_one_paper(run: Run, tmp_path: Path) -> None:
    code, out, _ = run(
        "release", "--exam", "layers", "--points", "12", "--forms", "question=25%,function", "--out", "one.ipynb"
    )
    assert code == 0
    table = tomllib.loads(lines_of(out))["assignment"]["exam"]["exam"]
    assert (table["same"], table["forms"]) == (True, {"function": "", "question": 3})
    assert "the paper of" not in cells_of((tmp_path / "one.ipynb").read_text())[0]
    (tmp_path / "gradmark.toml").write_text(lines_of(out))
    plan = read_plan(read_course(None), "exam", catalogue())
    assert plan.of("ada").exercises == plan.of("ben").exercises


def test_one_student_gets_the_paper_that_the_class_has_for_them(run: Run, course: Path, tmp_path: Path) -> None:
    for arguments in (["--out", "all"], ["--student", "ben", "--out", "ben.ipynb"]):
        assert run("release", "--exam", "layers", "--points", "20", *arguments)[0] == 0
    assert (tmp_path / "ben.ipynb").read_bytes() == (tmp_path / "all/ben/exam.ipynb").read_bytes()
    assert json.loads((tmp_path / "ben.ipynb").read_text())["metadata"]["gradmark"]["student"] == "ben"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--points", "20"], "--points goes with --exam"),
        (["--seed", "1"], "--seed goes with --exam"),
        (["--exam", "--single-file"], "leave --single-file out"),
        (["--exam", "--points", "4.25"], "the nearest totals are 4 and 4.5"),
        (["--exam", "layers", "layers=3"], "the unit layers is named twice"),
        (["--exam", "layer"], "did you mean 'layers'?"),
        (["--exam", "--student", "zed"], "'zed' is not in the roster"),
        (["--exam", "layers", "--out", "papers.ipynb"], "there are 3 papers"),
        (["--exam", "layers", "--out", "."], "is there already"),
    ],
)
def test_a_release_that_makes_no_sense_is_refused_in_a_line(
    run: Run, course: Path, arguments: list[str], says: str
) -> None:
    code, _, err = run("release", *arguments)
    assert code == 2
    assert says in err
    assert err.count("\n") == 1


EXAM = '[assignment.exam]\nexam = {points = 20, seed = 7, units = ["layers", "mlp"]}\n'


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('[assignment.exam]\nunit = "layers"\nexam = {points = 20, units = ["layers"]}\n', "stands beside unit"),
        ("[assignment.exam]\nexam = {points = 20}\n", "units"),
        ('[assignment.exam]\nexam = {points = 20, units = ["layer"]}\n', "did you mean 'layers'?"),
        ('[assignment.exam]\nexam = {points = 20.25, units = ["layers"]}\n', "the nearest totals are 20 and 21"),
        ('[assignment.exam]\nexam = {points = 20, units = ["layers"], made = "0123"}\n', "papers were made as 0123"),
        ('[assignment.exam]\nexam = {points = 20, units = ["layers"], sead = 1}\n', "sead"),
    ],
)
def test_an_exam_that_makes_no_sense_is_refused_with_its_line(course: Path, lines: str, says: str) -> None:
    course.write_text(HEAD + lines)
    with pytest.raises(UsageError) as refused:
        read_plan(read_course(course), "exam", catalogue())
    assert says in str(refused.value)
    assert "gradmark.toml:" in str(refused.value)


def test_papers_of_another_salt_are_refused_and_not_graded(run: Run, course: Path) -> None:
    """Rejects a class that fails since the salt was changed after the papers went out."""
    _, out, _ = run("release", "--exam", "layers", "--points", "20", "--out", "papers")
    course.write_text(HEAD.replace("nobody knows", "somebody knows") + lines_of(out))
    with pytest.raises(UsageError, match="the bank, the salt or a setting is another one"):
        read_plan(read_course(course), "exam", catalogue())


def test_a_batch_wants_of_each_what_is_on_their_paper_whatever_the_notebook_says(course: Path, tmp_path: Path) -> None:
    """Rejects the student in a notebook's metadata: ben hands in ada's paper, and is asked for his own."""
    course.write_text(HEAD + EXAM)
    for student in ("ada", "ben"):
        (tmp_path / "in" / student).mkdir(parents=True)
        notebook = {"cells": [], "metadata": {"gradmark": {"student": "ada"}}, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / "in" / student / "exam.ipynb").write_text(json.dumps(notebook))
    read = read_course(course)
    plan = read_plan(read, "exam", catalogue())
    work = find_work(Asked(paths=[tmp_path / "in"], course=read, assignment="exam"))
    wanted = {piece.hand_in.id: {n for own in piece.wanted.values() for n in own or ()} for piece in work.pieces}
    assert wanted == {student: {e.name for e in plan.of(student).exercises} for student in ("ada", "ben")}


def item(name: str, points: float, *, right: bool) -> ItemResult:
    return ItemResult(
        exercise=name, status="passed" if right else "wrong", score=points if right else 0.0, max_score=points
    )


def result(items: list[ItemResult], paper: str = "") -> Result:
    return Result(
        assignment="layers",
        submission=SubmissionInfo(id="ada", source="exam.ipynb", sha256="0" * 64),
        graded_by=GradedBy(version="0", bank="0", seed=0, isolation="none"),
        notebook=NotebookResult(status="ok"),
        score=sum(one.score for one in items),
        max_score=sum(one.max_score for one in items),
        graded=True,
        paper=paper,
        items=items,
    )


def test_a_grade_counts_what_is_on_the_students_own_paper_and_no_more(course: Path) -> None:
    """Rejects points for another's exercises, and a maximum of all exercises that may be drawn."""
    course.write_text(HEAD + EXAM.replace("exam = {", "points = 100\nexam = {"))
    plan = read_plan(read_course(course), "exam", catalogue())
    points = {e.name: e.points for unit in catalogue().units.values() for e in unit.exercises}
    own = {student: [e.name for e in plan.of(student).exercises] for student in ("ada", "ben")}
    everything = result([item(name, points[name], right=True) for name in dict.fromkeys([*own["ada"], *own["ben"]])])
    attempts = [Attempt(student=s, assignment="exam", sha256="0", results=(everything,)) for s in own]
    strange = next(name for name in own["ben"] if name not in own["ada"])
    marks = [Mark(student="ada", assignment="exam", exercise=strange, points=50.0)]
    found = {grade.person.id: grade for grade in all_grades({"exam": plan}, attempts, marks)["exam"]}
    assert [(found[s].points, found[s].max_points) for s in own] == [(100, 100)] * 2
    assert [e.exercise for e in found["ada"].exercises] == own["ada"]
    assert (found["O/Neil"].points, found["O/Neil"].max_points) == (0, 100)
    others = result([item(name, points[name], right=True) for name in own["ben"]])
    (swapped,) = (
        g
        for g in all_grades({"exam": plan}, [Attempt(student="ada", assignment="exam", sha256="0", results=(others,))])[
            "exam"
        ]
        if g.person.id == "ada"
    )
    shared = sum(points[name] for name in own["ada"] if name in own["ben"])
    assert swapped.points == pytest.approx(5 * shared)
    assert shared < 20


def test_whose_paper_it_is_is_told_to_who_grades_and_not_to_the_student() -> None:
    """Rejects a page on which ada reads whose paper ben has."""
    own = result([item("layers.relu_forward", 2, right=True)], paper="this is the paper of ben")
    seen = may_see(own, Rules(), datetime.now(UTC))
    assert seen.paper == ""


def test_a_blind_grade_says_that_a_paper_is_anothers_and_not_whose(course: Path) -> None:
    """Rejects a login of three letters, which no text is searched for, in what is told of a paper."""
    course.write_text(HEAD + EXAM)
    plan = read_plan(read_course(course), "exam", catalogue())
    own = result([item("layers.relu_forward", 2, right=True)], paper="this is the paper of ben")
    grades = all_grades({"exam": plan}, [Attempt(student="ada", assignment="exam", sha256="0", results=(own,))])["exam"]
    (hidden,) = [g.attempt for g in blinded(grades, "salt") if g.attempt is not None]
    assert hidden.paper == "this is not the student's own paper"


def test_a_mark_on_what_is_not_on_the_paper_is_refused(run: Run, course: Path) -> None:
    """Rejects points that a person gives, and that count nowhere."""
    course.write_text(HEAD + EXAM)
    plan = read_plan(read_course(course), "exam", catalogue())
    own = {e.name for e in plan.of("ada").exercises}
    strange = next(e.name for e in plan.exercises if e.name not in own)
    assert run("gradebook", "init")[0] == 0
    code, _, err = run("mark", "ada", strange, "--points", "1")
    assert (code, err.count("\n")) == (2, 1)
    assert f"{strange} is not on the paper of ada" in err
