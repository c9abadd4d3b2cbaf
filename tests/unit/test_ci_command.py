"""``gradmark grade`` in a CI: which results count, what is printed and written where, and for whose eyes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from workflow_commands import commands, read_outputs

import grader.grading
from grader.cli.ci import host_of
from grader.cli.outcome import counting, exit_code, left_out_line
from grader.export import MOST_BYTES
from grader.result import CheckResult, GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo

HOSTILE = "##[error]pwned ::set-output name=score::100"
Run = Callable[..., tuple[int, str, str]]


def a_check(kind: Any, status: Any = "wrong", said: str = "it is wrong") -> CheckResult:
    score = 5.0 if status == "passed" else 0.0
    return CheckResult(
        name=kind, kind=kind, visibility="hidden", status=status, score=score, max_score=5.0, message=said
    )


def a_result(unit: str = "layers", *checks: CheckResult, sha256: str = "ab", **more: Any) -> Result:
    score = sum(check.score for check in checks)
    item = ItemResult(
        exercise=f"{unit}.relu_forward",
        status="partial" if score else "wrong",
        score=score,
        max_score=10.0,
        message=checks[0].message if checks else "",
        checks=list(checks),
    )
    fields: dict[str, Any] = {
        "assignment": unit,
        "submission": SubmissionInfo(id="a", source="a", sha256=sha256),
        "graded_by": GradedBy(version="0", bank="ab", seed=0, isolation="process"),
        "notebook": NotebookResult(status="ok"),
        "score": score,
        "max_score": 10.0,
        "graded": True,
        "items": [item],
        **more,
    }
    return Result(**fields)


def untouched(unit: str, **more: Any) -> Result:
    return replace(a_result(unit, a_check("value", "not_attempted")), notes=["nothing_attempted"], **more)


@pytest.fixture
def grades(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Puts results in the place of the grader; ``a`` is there to be graded."""
    (tmp_path / "a").mkdir()

    def grades_(*results: Result) -> None:
        def grade_paths(paths: Sequence[Path], options: Any, on_result: Callable[[Result], None]) -> list[Result]:
            for result in results:
                on_result(result)
            return list(results)

        monkeypatch.setattr(grader.grading, "grade_paths", grade_paths)

    return grades_


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Path, Path]:
    """The variables of a step, with empty files for its summary and its outputs."""
    files = tmp_path / "summary", tmp_path / "output"
    for path, name in zip(files, ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"), strict=True):
        path.touch()
        monkeypatch.setenv(name, str(path))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    return files


# ------------------------------------------------------------------------------- which results count
def test_an_untouched_unit_counts_for_nothing_beside_one_that_is_begun() -> None:
    begun, other = a_result("layers", a_check("value", "passed")), untouched("mlp")
    assert counting([begun, other]) == ([begun], [other])
    assert left_out_line([other]).endswith("left out of the score that decides: mlp")


def test_where_nothing_is_begun_everything_counts() -> None:
    both = [untouched("layers"), untouched("mlp")]
    assert counting(both) == (both, [])


def test_another_students_work_makes_no_untouched_unit_count_less() -> None:
    begun, other = (
        a_result("layers"),
        replace(untouched("mlp"), submission=SubmissionInfo(id="b", source="b", sha256="cd")),
    )
    assert counting([begun, other]) == ([begun, other], [])


@pytest.mark.parametrize("broken", [{"graded": False}, {"needs_person": True}])
def test_what_could_not_be_graded_is_not_untouched(broken: Any) -> None:
    other = replace(untouched("mlp"), **broken)
    assert counting([a_result("layers"), other])[1] == []
    assert exit_code(counting([a_result("layers"), other])[0], None) in (3, 4)


def test_the_build_of_one_unit_is_not_failed_by_another(run: Run, grades: Any) -> None:
    grades(a_result("layers", a_check("value", "passed"), a_check("law", "passed")), untouched("mlp"))
    code, _, err = run("grade", "a", "--fail-under", "60")
    assert code == 0
    assert "not begun, and left out of the score that decides: mlp" in err
    assert run("grade", "a", "--fail-under", "60", "--assignment", "mlp")[0] == 1
    grades(untouched("layers"), untouched("mlp"))
    assert run("grade", "a", "--fail-under", "60")[0] == 1


# ------------------------------------------------------------------------------------------ the host
@pytest.mark.parametrize(
    ("asked", "environment", "host"),
    [
        ("auto", {}, "none"),
        ("auto", {"GITHUB_ACTIONS": "true"}, "github"),
        ("auto", {"GITHUB_ACTIONS": "false"}, "none"),
        ("auto", {"GITLAB_CI": "true"}, "gitlab"),
        ("none", {"GITHUB_ACTIONS": "true"}, "none"),
        ("github", {}, "github"),
        ("gitlab", {"GITHUB_ACTIONS": "true"}, "gitlab"),
    ],
)
def test_the_host_is_named_or_found(asked: str, environment: dict[str, str], host: str) -> None:
    assert host_of(asked, environment) == host


def test_under_github_commands_are_stopped_while_text_of_students_is_printed(
    run: Run, grades: Any, github: Any
) -> None:
    grades(a_result("layers", a_check("value", said=HOSTILE), a_check("law", "passed")), untouched("mlp"))
    code, out, err = run("grade", "a", "--fail-under", "60")
    (token,) = re.findall(r"^::stop-commands::(\w{40})$", out, re.MULTILINE)
    before, _, after = out.partition(f"::{token}::\n")
    assert "layers" in before
    assert commands(before + f"::{token}::") == []
    assert {c.name for c in commands(out + err)} == {"error", "warning", "notice"} - {"error"}
    assert "relu_forward" in after
    summary, output = (path.read_text() for path in github)
    assert summary.startswith("## Gradmark: 5 of 10 points (50 %)")
    assert read_outputs(output) == {
        "score": "5",
        "max_score": "10",
        "percent": "50",
        "graded": "true",
        "needs_person": "false",
        "passed": "false",
        "units": "layers",
        "exit_code": "1",
    }
    assert code == 1
    _, again, _ = run("grade", "a")
    assert token not in again


def test_a_run_that_breaks_lets_commands_go_on(
    run: Run, grades: Any, github: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def grade_paths(*_: Any) -> list[Result]:
        raise RuntimeError(f"boo\n::error::pwned\n{HOSTILE}")

    monkeypatch.setattr(grader.grading, "grade_paths", grade_paths)
    code, out, err = run("grade", "a")
    assert code == 4
    assert commands(out + err) == []  # which also holds that they were not stopped for good


def test_outside_of_a_ci_nothing_is_told_to_one(run: Run, grades: Any, tmp_path: Path) -> None:
    grades(a_result("layers", a_check("value")))
    _, out, err = run("grade", "a")
    assert "::" not in out + err


def test_json_stays_one_document_and_commands_go_to_stderr(run: Run, grades: Any, github: Any) -> None:
    grades(a_result("layers", a_check("value", said=HOSTILE)))
    _, out, err = run("grade", "a", "--json")
    read = json.loads(out)
    assert read["results"][0]["items"][0]["message"] == HOSTILE
    assert commands(out) == []
    assert [c.name for c in commands(err)] == ["error", "notice"]


def test_gitlab_is_told_the_score_last(run: Run, grades: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITLAB_CI", "true")
    grades(a_result("layers", a_check("value", "passed"), a_check("law")), untouched("mlp"))
    Path("a/exercises").mkdir()
    Path("a/exercises/layers.py").write_text("import numpy\n\ndef relu_forward(x):\n    return x\n")
    _, out, _ = run("grade", "a", "--code-quality", "quality.json")
    assert out.splitlines()[-1] == "gradmark: 5 of 10 points (50 %)"
    (fault,) = json.loads(Path("quality.json").read_text())
    assert fault["location"] == {"path": "a/exercises/layers.py", "lines": {"begin": 3, "end": 4}}


@pytest.mark.parametrize("project", ["", "here"], ids=["below the project", "the project itself"])
def test_gitlab_finds_each_file_from_the_root_of_its_project_however_it_was_named(
    run: Run, grades: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, project: str
) -> None:
    """A path from the disk's root, or from the folder of the start, would be shown beside no line."""
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path / project))
    work = tmp_path / "here" / "a"
    (work / ".git").mkdir(parents=True)
    (work / "exercises").mkdir()
    (work / "exercises" / "layers.py").write_text("def relu_forward(x):\n    return x\n")
    monkeypatch.chdir(work)
    quality = tmp_path / "quality.json"
    grades(replace(a_result("layers", a_check("value")), submission=SubmissionInfo(id="a", source="a", sha256="ab")))
    for named in (".", str(work)):
        run("grade", named, "--code-quality", str(quality))
        (fault,) = json.loads(quality.read_text())
        assert fault["location"]["path"] == ("a" if project else "here/a") + "/exercises/layers.py", named


@pytest.mark.parametrize("named", ["a", "a/exercises/layers.py"])
@pytest.mark.parametrize("written", ["[limits]\ncell_seconds = 3000", "bank = ['evil']", "no = 'toml"])
def test_in_a_ci_a_course_file_beside_what_is_graded_has_no_effect_until_it_is_named(
    run: Run, grades: Any, github: Any, monkeypatch: pytest.MonkeyPatch, named: str, written: str
) -> None:
    """A job starts in the student's repository: whichever part of it is graded, the file there is the student's."""
    Path("a/exercises").mkdir()
    Path("a/exercises/layers.py").write_text("import numpy\n")
    Path("gradmark.toml").write_text(written)
    grades(a_result("layers", a_check("value", "passed")))
    code, _, err = run("grade", named)
    assert code == 0, err
    assert "gradmark: gradmark.toml has no effect in a CI: name it with --course" in err
    assert run("grade", named, "--course", "gradmark.toml")[0] == (0 if "limits" in written else 2)
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert run("grade", named)[0] == (0 if "limits" in written else 2)


# --------------------------------------------------------------------------------- the files of a step
def test_a_summary_that_is_there_is_kept_and_counts(run: Run, grades: Any, github: Any) -> None:
    grades(a_result("layers", a_check("value")))
    summary = github[0]
    summary.write_text("x" * (MOST_BYTES - 450))
    run("grade", "a")
    text = summary.read_text()
    assert text.startswith("xxx")
    assert "left out here" in text
    assert MOST_BYTES - 450 < len(text.encode()) <= MOST_BYTES
    summary.write_text("x" * MOST_BYTES)
    _, _, err = run("grade", "a")
    assert "the summary of this step is full" in err
    assert len(summary.read_text()) == MOST_BYTES


def test_outputs_are_added_to_those_that_are_there(run: Run, grades: Any, github: Any) -> None:
    grades(a_result("layers"))
    github[1].write_text("mine=1\n")
    run("grade", "a", "-q")
    assert {"mine": "1", "score": "0"}.items() <= read_outputs(github[1].read_text()).items()


def test_a_file_that_cannot_be_written_fails_the_step(
    run: Run, grades: Any, github: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    grades(a_result("layers"))
    monkeypatch.setenv("GITHUB_OUTPUT", "nowhere/output")
    code, _, err = run("grade", "a")
    assert code == 2
    assert "cannot write nowhere/output" in err


# ------------------------------------------------------------------------------ what students may see
def test_a_ci_shows_what_students_may_see_and_keeps_all_for_the_grader(run: Run, grades: Any, github: Any) -> None:
    grades(a_result("layers", a_check("value", "passed"), a_check("law", said="the secret law")))
    Path("course.toml").write_text('[shown]\nlaw = "hidden"\n')
    reports = {"--junit": "report.xml", "--code-quality": "quality.json", "--html": "report.html"}
    flags = [part for pair in reports.items() for part in pair]
    code, out, err = run("grade", "a", "--course", "course.toml", *flags)
    assert code == 0
    told = [out, err, *(Path(name).read_text() for name in reports.values()), *(path.read_text() for path in github)]
    assert [text for text in told if "secret" in text] == []
    assert "5 of these 10 points are from checks that are not shown." in told[-2]
    assert read_outputs(told[-1])["score"] == "5"
    _, out, _ = run("grade", "a", "--course", "course.toml", "--json")
    assert "secret" not in out
    assert "secret" in run("grade", "a", "--course", "course.toml", "--ci", "none")[1]


def test_a_pending_fault_of_a_hidden_check_still_decides(run: Run, grades: Any, github: Any) -> None:
    Path("course.toml").write_text('[shown]\nlaw = "hidden"\n')
    grades(a_result("layers", a_check("value", "passed"), a_check("law", "grader_error"), needs_person=True))
    assert run("grade", "a", "--course", "course.toml")[0] == 4
