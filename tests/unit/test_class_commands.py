"""``gradmark report``, ``similar`` and ``viva``: what they write, what they hide, and what they refuse in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made_grades import a_grade, an_exercise
from small_class import Run, write_class

from grader.cli.grades import _tell_of_variants
from grader.report import class_page
from grader.result import FITS_NOBODY
from grader.submission import collect, functions_of

LAYERS = """import numpy as np

def relu_forward(x):
    kept = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        kept[place] = x[place] if x[place] > 0 else 0.0
    return kept, (x, kept)

def helper(dout, x):
    return np.array([d if value > 0 else 0.0 for d, value in zip(dout.ravel(), x.ravel())]).reshape(x.shape)

def relu_backward(dout, cache):
    return helper(dout, cache[0])
"""

OTHER = "def relu_forward(x):\n    return x, x\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_class(tmp_path)


def one_line(err: str) -> str:
    (line,) = err.splitlines()
    return line


def test_a_report_has_a_page_for_each_and_links_to_it(run: Run, book: Path, tmp_path: Path) -> None:
    code, out, _ = run("report", "--out", "report")
    assert code == 0
    assert out.startswith("hw1: ")
    folder = tmp_path / "report" / "hw1"
    page = (folder / "class.html").read_text(encoding="utf-8")
    for ident, name in (("s1", "Ada Lovelace"), ("s4", "Dora Absent")):
        assert f'<a href="students/{ident}.html">{name}</a>' in page
        assert name in (folder / "students" / f"{ident}.html").read_text(encoding="utf-8")
    assert "masks by upstream" in page
    assert "masks_by_upstream" in (folder / "mistakes.csv").read_text(encoding="utf-8")
    assert {path.name for path in folder.iterdir()} == {
        *("class.html", "students", "answers.csv", "exercises.csv", "mistakes.csv")
    }


def test_a_students_page_shows_what_the_course_shows(run: Run, book: Path, tmp_path: Path) -> None:
    course = tmp_path / "gradmark.toml"
    course.write_text(course.read_text() + "\n[shown]\nvalue = 'hidden'\n")
    assert run("report", "--out", "report")[0] == 0
    page = (tmp_path / "report" / "hw1" / "students" / "s2.html").read_text(encoding="utf-8")
    assert "The mask comes from dout." not in page
    assert "masks by upstream" in (tmp_path / "report" / "hw1" / "class.html").read_text(encoding="utf-8")


def test_a_rule_for_an_exercise_that_does_not_exist_hides_nothing_and_is_refused(
    run: Run, book: Path, tmp_path: Path
) -> None:
    course = tmp_path / "gradmark.toml"
    course.write_text(course.read_text() + "\n[shown.layers.relu_bakward]\nvalue = 'hidden'\n")
    code, _, err = run("report", "--out", "report")
    assert code == 2
    assert "relu_bakward" in one_line(err)
    assert not (tmp_path / "report").exists()


def test_a_blind_report_names_nobody(run: Run, book: Path, tmp_path: Path) -> None:
    assert run("report", "--out", "blind", "--blind")[0] == 0
    written = [path for path in (tmp_path / "blind").rglob("*") if path.is_file()]
    assert {path.name for path in written} == {"class.html", "answers.csv", "exercises.csv", "mistakes.csv"}
    for path in written:
        text = path.read_text(encoding="utf-8")
        for name in ("Ada", "Lovelace", "Yılmaz", "s1.py", "uni.example", '"s1"', ">s1<"):
            assert name not in text, path
    run("report", "--out", "report")
    code, _, err = run("report", "--out", "report", "--blind")
    assert code == 2
    assert "pages with names" in one_line(err)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "--out", "roster.csv"), "it is not a folder"),
        (("report", "--out", "r", "--assignment", "hw9"), "there is no assignment 'hw9'"),
        (("report",), "--out"),
        (("similar", "nowhere"), "there is nothing at nowhere"),
        (("similar", "roster.csv", "--html", "no/such/page.html"), "cannot write no/such/page.html"),
        (("viva", "nobody"), "there is no student 'nobody'"),
        (("viva", "s4"), "s4 handed nothing in"),
        (("viva", "s1", "--html", "."), "cannot write ."),
    ],
)
def test_wrong_usage_is_one_line(run: Run, book: Path, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in one_line(err)


def test_a_viva_of_the_gradebook_quotes_what_is_at_hand(run: Run, book: Path, tmp_path: Path) -> None:
    code, out, err = run("viva", "s1")
    assert code == 0
    assert out.startswith("Viva: Ada Lovelace, layers, ")
    assert "--submission" in one_line(err)
    (tmp_path / "layers.py").write_text(LAYERS)
    code, out, err = run("viva", "s1", "--submission", "layers.py", "--html", "viva.html")
    assert (code, out, err) == (0, "", "")
    assert "return helper(dout, cache[0])" in (tmp_path / "viva.html").read_text(encoding="utf-8")


def test_similar_work_of_folders_is_found(run: Run, tmp_path: Path) -> None:
    for name, text in (
        ("ada", LAYERS),
        ("ben", LAYERS.replace("kept", "out")),
        ("carl", OTHER),
    ):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "layers.py").write_text(text)
    (tmp_path / "class" / "dan").mkdir()
    (tmp_path / "class" / "dan" / "notes.py").write_text("1\n")
    code, out, err = run("similar", "class", "--json", "--dolos", "dolos.zip", "--html", "similar.html")
    assert code == 0, err
    (pair,) = json.loads(out)["pairs"]
    assert pair["who"] == ["ada", "ben"]
    assert {part["exercise"] for part in pair["exercises"]} == {"layers.relu_forward", "layers.relu_backward"}
    assert (tmp_path / "dolos.zip").is_file()
    assert "Of 3 students there is no result" in err, "and not of dan, who handed in nothing of it"
    assert "ada and ben" in (tmp_path / "similar.html").read_text(encoding="utf-8")


def test_the_last_definition_counts_with_the_helpers_that_it_calls(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text("def relu_backward(dout, cache):\n    return 1\n\n" + LAYERS)
    names = frozenset({"relu_forward", "relu_backward", "tanh_forward"})
    (submission,) = collect(path, "layers", {"layers": names}, {"layers": ""})
    found = functions_of(submission, "layers", sorted(names))
    assert set(found) == {"relu_forward", "relu_backward"}
    assert found["relu_backward"].startswith("def helper(")
    assert found["relu_backward"].endswith("return helper(dout, cache[0])")
    assert "helper" not in found["relu_forward"]


def test_an_empty_class_has_a_page() -> None:
    assert "0 students" in class_page([])


def test_a_class_of_which_nobody_has_a_variant_right_is_told_to_look_at_its_salt(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Rejects a class that loses its points to another salt in silence, and the question where somebody is right."""

    def told(*statuses: Any, exercise: str = "mlp.tanh_slope") -> str:
        _tell_of_variants(
            (), [a_grade(exercises=(an_exercise(exercise, status=s, fits=fits),)) for s, fits in statuses]
        )
        return capsys.readouterr().err

    wrong, declared = ("wrong", ""), ("wrong", FITS_NOBODY)
    assert "none of the 6 answers" in told(*[wrong] * 6)
    assert "as it is declared: 2)" in told(*[wrong] * 4, declared, declared)
    assert told(*[wrong] * 30, ("passed", "")) == ""
    assert told(*[wrong] * 2, *[("not_attempted", "")] * 9) == ""
    assert told(*[wrong] * 9, exercise="mlp.mlp_forward") == ""
