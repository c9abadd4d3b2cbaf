"""An exam from its release to its grades, with real kernels."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import entry_point
import pytest
from exams import solved

from grader.bank import catalogue
from grader.course import read_course, read_plan


@pytest.mark.slow
def test_a_solved_paper_has_all_points_an_untouched_one_none_and_anothers_what_is_shared(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Rejects another's paper paid in full, and a stub that was let through: ada and ben solve ada's paper, cy leaves theirs."""
    monkeypatch.chdir(tmp_path)
    run = partial(entry_point.ran, monkeypatch, capsys)
    (tmp_path / "roster.csv").write_text("id,name\nada,Ada\nben,Ben\ncy,Cy\n")
    course = tmp_path / "gradmark.toml"
    course.write_text('salt = "s"\nroster = "roster.csv"\n')
    code, out, err = run("release", "--exam", "layers", "--points", "16", "--seed", "5", "--out", "papers")
    assert (code, err) == (0, "")
    course.write_text(course.read_text() + out[out.index("[assignment.exam]") :])
    plan = read_plan(read_course(course), "exam", catalogue())
    papers = {name: (tmp_path / "papers" / name / "exam.ipynb").read_text() for name in ("ada", "cy")}
    for student, text in {"ada": solved(papers["ada"]), "ben": solved(papers["ada"]), "cy": papers["cy"]}.items():
        (tmp_path / "in" / student).mkdir(parents=True)
        (tmp_path / "in" / student / "exam.ipynb").write_text(text)
    shared = {e.name for e in plan.of("ada").exercises} & {e.name for e in plan.of("ben").exercises}
    points = sum(e.points for e in plan.exercises if e.name in shared)
    assert 0 < points < 16
    assert run("batch", "in", "--jobs", "1", "--isolation", "process")[0] == 0
    assert "16 of 16 points" in run("grades", "--student", "ada").out
    _, told, _ = run("grades", "--student", "ben")
    assert f"{points:g} of 16 points" in told
    assert "For graders: this is the paper of ada" in told.replace("\n", " ")
    _, told, _ = run("grades", "--student", "cy")
    assert "0 of 16 points" in told
    code, told, _ = run("grade", "in/ben/exam.ipynb", "--assignment", "exam", "--student", "ben", "--jobs", "1")
    assert code == 0
    assert f"ben: {points:g} of 16 points\nben: this is the paper of ada" in told
    assert "nothing to apply" in run("regrade", "in", "--jobs", "1", "--isolation", "process")[1]
