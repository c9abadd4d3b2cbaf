"""The command line: exit codes, what goes to stdout, and that nothing is lost when something goes wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from entry_point import Ran

import grader.grading
from grader.bank import UNITS
from grader.cli import authors, demo
from grader.cli.options import CHECKOUT
from grader.errors import GraderError, UsageError
from grader.grading import file_stem, many
from grader.result import CheckResult, GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo, as_json
from grader.submission import Submission


def a_result(ident: str, score: float = 7.0, **more: Any) -> Result:
    fields = {
        "assignment": "layers",
        "submission": SubmissionInfo(id=ident, source=ident, sha256=None),
        "graded_by": GradedBy(version="0", bank="ab", seed=0, isolation="process"),
        "notebook": NotebookResult(status="ok"),
        "score": score,
        "max_score": 10.0,
        "graded": True,
        **more,
    }
    return Result(**fields)


Run = Callable[..., Ran]


@pytest.fixture
def grades(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., list[Any]]:
    """Puts results (or an exception between them) in the place of the grader; ``a`` and ``b`` are there to be graded."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    def grades_(*outcomes: Result | BaseException) -> list[Any]:
        asked: list[Any] = []

        def grade_paths(paths: Sequence[Path], options: Any, on_result: Callable[[Result], None]) -> list[Result]:
            asked.extend([list(paths), options])
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome
                on_result(outcome)
            return [o for o in outcomes if isinstance(o, Result)]

        monkeypatch.setattr(grader.grading, "grade_paths", grade_paths)
        return asked

    return grades_


# -------------------------------------------------------------------------------------- exit codes
@pytest.mark.parametrize(
    ("results", "flags", "code"),
    [
        ([{}], [], 0),
        ([{"score": 0.0}], [], 0),
        ([{}], ["--fail-under", "70"], 0),
        ([{}, {"score": 6.9}], ["--fail-under", "70"], 1),
        ([{}, {"graded": False}], ["--fail-under", "80"], 3),
        ([{"graded": False}, {"needs_person": True}], [], 4),
    ],
)
def test_the_worst_outcome_gives_the_exit_code(
    run: Run, grades: Any, results: Any, flags: list[str], code: int
) -> None:
    grades(*(a_result("a", **fields) for fields in results))
    assert run("grade", "a", "b", *flags).code == code


def test_a_share_that_floats_miss_is_not_below(run: Run, grades: Any) -> None:
    grades(a_result("a", score=sum([0.1] * 9), max_score=1.0))
    assert run("grade", "a", "--fail-under", "90").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["grade"], "Missing argument"),
        (["grade", "nowhere"], "there is nothing at nowhere"),
        (["grade", "a", "--seed", "x"], "'--seed'"),
        (["grade", "a", "--fail-under", "101"], "'--fail-under'"),
        (["grade", "a", "--isolation", "some"], "'--isolation'"),
        (["grade", "a", "--html", "file/such.html"], "is not a folder"),
        (["grade", "a", "--junit", "b"], "it is a folder"),
        (["grade", "a", "--out", "file"], "it is not a folder"),
        (["grade", "a", "--out", "file/deeper"], "is not a folder"),
        (["grade", "a", "--out", "half"], "half/students: it is not a folder"),
        (
            ["grade", "a", "--course", "slip.toml"],
            "slip.toml:2: shown: there is no unit or exercise layers.relu_bakward",
        ),
        (["pages", "a"], "there is no gradmark.toml here"),
        (["pages", "a", "--course", "none.toml"], "there are no results in a"),
        (["pages", "nowhere", "--course", "none.toml"], "there are no results in nowhere"),
        (["grade", "a", "--html", "x", "--junit", "./x"], "the same file"),
        (["frobnicate"], "No such command"),
        (["help", "frobnicate"], "there is no command 'frobnicate'"),
        (["show", "layers.relu_backwards"], "did you mean 'layers.relu_backward'"),
        (["check", "nowhere"], "there is nothing at nowhere"),
    ],
)
def test_wrong_usage_is_one_line_before_anything_is_graded(
    run: Run, grades: Any, tmp_path: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "students").touch()
    (tmp_path / "none.toml").touch()
    (tmp_path / "slip.toml").write_text("\n[shown.layers.relu_bakward]\nvalue = 'hidden'")
    asked = grades(a_result("a"))
    ran = run(*arguments)
    assert (ran.code, ran.out, asked) == (2, "", [])
    assert said in ran.err
    assert ran.err.startswith("gradmark: ")
    assert ran.err.count("\n") == 1


def test_a_path_that_is_missing_beside_others_is_for_the_batch_to_account_for(run: Run, grades: Any) -> None:
    asked = grades(a_result("a"), a_result("nowhere", graded=False))
    assert run("grade", "a", "nowhere").code == 3
    assert asked[0] == [Path("a"), Path("nowhere")]


def test_a_fault_of_ours_never_reads_as_a_verdict(run: Run, grades: Any) -> None:
    grades(ZeroDivisionError("oops"))
    ran = run("grade", "a", "--json")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.splitlines()[-1] == "gradmark: the grader itself failed: ZeroDivisionError: oops"
    grades(GraderError("no kernel"))
    ran = run("grade", "a")
    assert (ran.code, ran.err) == (4, "gradmark: no kernel\n")


# ---------------------------------------------------------------------------------------- documents
def test_json_is_one_document_and_nothing_else(run: Run, grades: Any) -> None:
    grades(a_result("a"), a_result("b", graded=False))
    ran = run("grade", "a", "b", "--json", "--html", "x.html")
    document = json.loads(ran.out)
    assert document["schema"] == "gradmark/results/1"
    assert [r["submission"]["id"] for r in document["results"]] == ["a", "b"]
    assert ran.err == ""


def test_quiet_prints_nothing_and_writes_what_was_asked_for(run: Run, grades: Any, tmp_path: Path) -> None:
    grades(a_result("a"))
    ran = run("grade", "a", "-q", "--html", "x.html", "--junit", "x.xml")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert (tmp_path / "x.html").read_text().startswith("<!doctype html>")
    assert "<testsuite" in (tmp_path / "x.xml").read_text()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b", "x.html", "x.xml"]


def test_options_reach_the_batch(run: Run, grades: Any) -> None:
    asked = grades(a_result("a"))
    flags = ["--assignment", "layers", "--seed", "7", "--isolation", "process", "--jobs", "2", "--out", "kept"]
    run("grade", "a", *flags, "--cell-seconds", "3")
    options = asked[1]
    assert (options.assignment, options.seed, options.isolation, options.jobs) == ("layers", 7, "process", 2)
    assert (options.artifacts, options.limits.cell_seconds) == (Path("kept"), 3.0)


def test_one_gets_details_and_several_a_table(run: Run, grades: Any) -> None:
    grades(a_result("a"))
    assert "7 of 10 points (70 %)" in run("grade", "a").out
    grades(a_result("a"), a_result("b"))
    assert "what is wrong" in run("grade", "a", "b").out


# ---------------------------------------------------------------------------------- students' pages
def of_value(ident: str, **more: Any) -> Result:
    check = CheckResult(
        name="value", kind="value", visibility="hidden", status="wrong", score=0, max_score=10, message="VALUEMESSAGE"
    )
    item = ItemResult(
        exercise="layers.relu_forward", status="wrong", score=0, max_score=10, message="VALUEMESSAGE", checks=[check]
    )
    return a_result(ident, score=0.0, items=[item], **more)


def test_each_student_gets_a_page_with_nothing_of_another(run: Run, grades: Any, tmp_path: Path) -> None:
    grades(of_value("ada"), of_value("blaise"), of_value("ada", assignment=None, graded=False))
    assert run("grade", "a", "b", "--out", "kept").code == 3
    pages = sorted((tmp_path / "kept" / "students").iterdir())
    assert [path.name for path in pages] == ["ada.layers.html", "ada.unknown.html", "blaise.layers.html"]
    shown = pages[0].read_text()
    assert "VALUEMESSAGE" in shown
    assert "blaise" not in shown


def test_without_out_there_are_no_pages(run: Run, grades: Any, tmp_path: Path) -> None:
    grades(of_value("ada"))
    run("grade", "a")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_page_follows_the_course_file_and_is_written_again_when_results_are_released(
    run: Run, grades: Any, tmp_path: Path
) -> None:
    course = tmp_path / "course.toml"
    course.write_text('[shown]\ndefault = "after_release"\n')
    grades(of_value("ada"))
    run("grade", "a", "--out", "kept", "--course", "course.toml")
    page = tmp_path / "kept" / "students" / "ada.layers.html"
    assert "VALUEMESSAGE" not in page.read_text()
    assert "10 of these 10 points are from checks that are not shown" in page.read_text()
    (tmp_path / "kept" / "ada.layers.json").write_text(as_json(of_value("ada")))
    course.write_text('[shown]\ndefault = "after_release"\nreleased = 2020-01-01T00:00:00Z\n')
    ran = run("pages", "kept", "--course", "course.toml")
    assert (ran.code, ran.out, ran.err) == (0, "1 of 1 pages written to kept/students\n", "")
    assert "VALUEMESSAGE" in page.read_text()
    (tmp_path / "kept" / "blaise.layers.json").write_text('{"schema": 1}')
    ran = run("pages", "kept", "--course", "course.toml")
    assert (ran.code, ran.out) == (2, "1 of 2 pages written to kept/students\n")
    assert ran.err == "gradmark: kept/blaise.layers.json is no result, passed over\n"


def test_a_page_written_again_is_named_as_the_file_of_its_result_whatever_stands_in_it(
    run: Run, grades: Any, tmp_path: Path
) -> None:
    """A result from elsewhere took another one's place, and one with a path in it was written outside the folder."""
    (tmp_path / "course.toml").write_text("")
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "ada.layers.json").write_text(as_json(of_value("ada")))
    (kept / "ada.layers (copy).json").write_text(as_json(of_value("ada")))
    (kept / "foreign.json").write_text(as_json(of_value("eve", assignment="/../../../evil")))
    (kept / "foreign2.json").write_text(as_json(of_value("eve", assignment="a/b")))
    ran = run("pages", "kept", "--course", "course.toml")
    assert (ran.code, ran.out, ran.err) == (0, "4 of 4 pages written to kept/students\n", "")
    written = sorted(path.name for path in tmp_path.rglob("*.html"))
    assert written == ["ada.layers (copy).html", "ada.layers.html", "foreign.html", "foreign2.html"]
    assert sorted(path.parent for path in tmp_path.rglob("*.html")) == [kept / "students"] * 4


def test_a_page_that_cannot_be_written_costs_no_other_anything(
    run: Run, grades: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kept" / "students"
    folder.mkdir(parents=True)
    (folder / "ada.layers.html").write_text("the last one")
    grades(of_value("ada"), of_value("blaise"), of_value("carl"))
    written = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.name.startswith("carl"):
            return written(self, data)
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    ran = run("grade", "a", "b", "--out", "kept", "--json")
    assert (ran.code, len(json.loads(ran.out)["results"])) == (2, 3)
    assert (
        ran.err == "gradmark: cannot write kept/students/ada.layers.html: No space left on device (and 1 more page)\n"
    )
    assert sorted(path.name for path in folder.iterdir()) == ["ada.layers.html", "carl.layers.html"]
    assert (folder / "ada.layers.html").read_text() == "the last one"


def test_a_fault_of_ours_in_a_page_costs_no_result(
    run: Run, grades: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import grader.report.html

    made = grader.report.html.student_page

    def broken(result: Result) -> str:
        return made(result) if result.submission.id == "blaise" else str(1 / 0)

    monkeypatch.setattr(grader.report.html, "student_page", broken)
    grades(of_value("ada"), of_value("blaise"))
    ran = run("grade", "a", "b", "--out", "kept", "--json")
    assert (ran.code, len(json.loads(ran.out)["results"])) == (4, 2)
    assert (
        ran.err
        == "gradmark: the grader itself failed at kept/students/ada.layers.html: ZeroDivisionError: division by zero\n"
    )
    assert [path.name for path in (tmp_path / "kept" / "students").iterdir()] == ["blaise.layers.html"]


def stem(ident: str, assignment: str | None = "layers") -> str:
    return file_stem(a_result(ident, assignment=assignment))


def test_a_plain_id_names_its_files() -> None:
    assert (stem("ada"), stem("06_layers-2.v1"), stem("ada", None)) == (
        "ada.layers",
        "06_layers-2.v1.layers",
        "ada.unknown",
    )


HOSTILE_IDS = [
    "../../etc/passwd", "a/b", "a_b", "a\\b", "a b", "Ada", "ada", "ADA", "é", "e\u0301", "", ".", "..", ".ada", "ada.", "con",
    "x" * 80, "x" * 81, "x" * 4000, "x" * 3999 + "y", "漢" * 200, "\x00", "\n", "a:b", "a*b", "-rf", "ada\u202e", "nul.x",
]  # fmt: skip


def test_whatever_an_id_is_its_files_stay_in_their_folder_and_are_nobody_elses(tmp_path: Path) -> None:
    names = [stem(ident) for ident in HOSTILE_IDS]
    assert len({name.casefold() for name in names}) == len(names)
    # Who calls themselves as another one's file is called does not get it.
    assert {stem(name.removesuffix(".layers")) for name in names if "-" in name} & set(names) == set()
    for name in names:
        assert not set(name) & set('/\\:*?"<>|\0\n ')
        assert not name.startswith((".", "-"))
        assert len(f"{name}.html.part".encode()) < 200
        (tmp_path / f"{name}.html").touch()
    assert len(list(tmp_path.iterdir())) == len(names)


def test_one_path_given_twice_is_two_submissions_with_two_names() -> None:
    same = [Submission("ada", "ada.py", None, "layers") for _ in range(3)]
    other = Submission("(2) ada.py", "z.py", None, "layers")
    assert [s.id for s in many._named_apart([*same, other])] == ["ada.py", "(2) ada.py", "(3) ada.py", "(2) (2) ada.py"]
    assert [s.id for s in many._named_apart([same[0], replace(same[0], assignment="optimizers")])] == ["ada", "ada"]


# ----------------------------------------------------------------------------- nothing may be lost
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_full_disk_costs_its_report_only(run: Run, grades: Any, tmp_path: Path) -> None:
    grades(a_result("a"))
    ran = run("grade", "a", "--json", "--html", "/dev/full", "--junit", "x.xml")
    assert ran.code == 2
    assert json.loads(ran.out)["results"][0]["score"] == 7.0
    assert "cannot write /dev/full: No space left" in ran.err
    assert (tmp_path / "x.xml").exists()


def test_a_report_is_complete_or_not_there(
    run: Run, grades: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.html").write_text("the last one")
    grades(a_result("a"))

    def full(self: Path, *_: Any, **__: Any) -> None:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert run("grade", "a", "--html", "x.html").code == 2
    assert (tmp_path / "x.html").read_text() == "the last one"
    assert not (tmp_path / "x.html.part").exists()


@pytest.mark.parametrize(
    ("stop", "code"), [(KeyboardInterrupt(), 130), (UsageError("cannot write to kept: disk full"), 2)]
)
def test_what_was_graded_before_it_stopped_is_kept(
    run: Run, grades: Any, tmp_path: Path, stop: BaseException, code: int
) -> None:
    grades(a_result("a"), stop)
    ran = run("grade", "a", "b", "--json", "--html", "x.html")
    assert ran.code == code
    assert len(json.loads(ran.out)["results"]) == 1
    assert (tmp_path / "x.html").exists()
    assert "1 of 2 graded" in ran.err


# ---------------------------------------------------------------------------------- other commands
@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (["passed", "not_attempted", "missing"], 0),
        (["passed", "wrong"], 1),
        (["raised"], 1),
        (["wrong", "grader_error"], 4),
    ],
)
def test_check_fails_only_if_a_check_failed(
    run: Run, monkeypatch: pytest.MonkeyPatch, statuses: list[Any], code: int
) -> None:
    import grader.student

    exercises = grader.student.public_unit("layers").unit.exercises
    items = [
        ItemResult(exercise=e.name, status=s, score=0, max_score=1) for e, s in zip(exercises, statuses, strict=False)
    ]
    found = [grader.student.Checked(e, item, (), 1) for e, item in zip(exercises, items, strict=False)]
    monkeypatch.setattr(grader.student, "check_path", lambda path, names: found)
    assert run("check").code == code


def test_check_runs_on_the_stubs(run: Run) -> None:
    ran = run("check", str(CHECKOUT / "exercises" / "layers.py"))
    assert ran.code == 0
    assert "0 passed, 0 to look at" in ran.out


def test_list_and_show(run: Run) -> None:
    units = json.loads(run("list", "--json").out)["units"]
    assert [u["name"] for u in units] == list(UNITS)
    points = [(e["points"], sum(c["points"] for c in e["checks"])) for u in units for e in u["exercises"]]
    assert all(worth == pytest.approx(of_the_checks) for worth, of_the_checks in points)
    listed = run("list").out
    assert all(f"\n{e['name'].partition('.')[2]} " in listed for u in units for e in u["exercises"])
    assert all(f"\n{u['name']}: {u['title']}" in listed for u in units)
    assert max(map(len, listed.splitlines())) <= 80
    shown = run("show", "layers.relu_backward")
    assert (shown.code, "relu_backward(dout, cache)" in shown.out, "gradient" in shown.out) == (0, True, True)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("relu_backward", ["layers.relu_backward"]),
        ("relu", ["layers.relu_forward", "layers.relu_backward", "layers.relu_jacobian"]),
        ("layers.tanh", ["layers.tanh_forward", "layers.tanh_backward"]),
        ("optimizers", ["optimizers:", "\nsgd ", "\nadam "]),
    ],
)
def test_show_shows_what_a_name_may_mean(run: Run, name: str, shown: list[str]) -> None:
    ran = run("show", name)
    assert ran.code == 0
    assert all(exercise in ran.out for exercise in shown)
    assert ("layers.affine_forward" in ran.out) == (name == "layers")


def test_help_is_a_command_too_and_fits_80_columns(run: Run) -> None:
    assert run("help").out == run("--help").out
    assert max(map(len, run("help").out.splitlines())) <= 80
    for name in ("grade", "demo", "check", "list", "show", "stubs", "validate", "doctor", "help"):
        assert run("help", name).out == run(name, "--help").out
        assert max(map(len, run("help", name).out.splitlines())) <= 80


def test_a_report_makes_its_folder(run: Run, grades: Any, tmp_path: Path) -> None:
    grades(a_result("a"))
    assert run("grade", "a", "--html", "deep/er/report.html").code == 0
    assert (tmp_path / "deep" / "er" / "report.html").exists()


@pytest.mark.slow
def test_stubs_names_what_is_stale(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import grader.bank

    (tmp_path / "reference").mkdir()
    (tmp_path / "exercises").mkdir()
    monkeypatch.setattr(authors, "CHECKOUT", tmp_path)
    for arguments in (("stubs",), ("stubs", "--check")):  # an installed package has these two rooms as well
        ran = run(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert re.fullmatch(r"gradmark: this Gradmark is installed, .*--course FILE\n", ran.err)
    (tmp_path / "tests" / "bank").mkdir(parents=True)
    monkeypatch.setattr(authors, "examine", lambda units: 0)  # tests/unit/test_declarations.py: ours are sound
    monkeypatch.setattr(grader.bank, "stale_files", lambda root: [])
    assert run("stubs", "--check").code == 0
    monkeypatch.setattr(grader.bank, "stale_files", lambda root: [root / "exercises" / "layers.py"])
    ran = run("stubs", "--check")
    assert (ran.code, ran.out) == (1, "stale: exercises/layers.py\n")


def test_demo_needs_the_sample_course(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "CHECKOUT", tmp_path)
    ran = run("demo")
    assert (ran.code, ran.out) == (2, "")
    assert "in a checkout of the project" in ran.err
    assert list(tmp_path.iterdir()) == []
