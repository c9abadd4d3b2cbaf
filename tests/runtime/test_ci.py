"""A CI, for real: the action's own steps in a shell, and a repository full of files that would change the verdict if they could."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ci_files import ACTION, CHECKOUT, filled, read, steps
from workflow_commands import commands, read_outputs

from grader.bank import stub_source

ANSWERS = {
    "relu_forward": 'print("::set-output name=score::100\\n##[error]printed")\n    return np.maximum(x, 0), x',
    "relu_backward": "return dout",
    "affine_forward": 'raise ValueError("::error file=a.py::said\\n::set-output name=score::100\\n##[set-output name=score]100")',
}
TRAP = """import os, pathlib
if "GRADMARK_TRAP" in os.environ:
    pathlib.Path(os.environ["GRADMARK_TRAP"]).write_text(__file__)
"""
"""What stands in each file that a grader could be made to import; a sandbox has no such variable."""
MODULES = (
    *(
        "grader/__init__.py",
        "grader/cli.py",
        "reference/__init__.py",
        "conftest.py",
        "test_layers.py",
        "sitecustomize.py",
    ),
    *("usercustomize.py", "numpy.py", "click.py", "json.py", "pip.py", "venv.py", "pytest.py", "yaml.py"),
    "exercises/conftest.py",
)


def written(unit: str, answers: dict[str, str]) -> str:
    """Return a stub with some answers written in."""
    text = stub_source(unit)
    for name, answer in answers.items():
        before, after = f'raise NotImplementedError("{unit}.{name}: not written yet")', answer
        assert before in text
        text = text.replace(before, after)
    return text


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with hostile files of all kinds, work on one unit, and one that nobody has touched."""
    folder = tmp_path_factory.mktemp("ci") / "ada"
    (folder / "exercises").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    for module in MODULES:
        (folder / module).parent.mkdir(exist_ok=True)
        (folder / module).write_text(TRAP)
    (folder / "exercises" / "layers.py").write_text(written("layers", ANSWERS))
    (folder / "exercises" / "optimizers.py").write_text(stub_source("optimizers"))
    (folder / "gradmark.toml").write_text('[shown]\ndefault = "hidden"\n[limits]\ncell_seconds = 1\n')
    (folder / "evil.pth").write_text("import conftest\n")
    (folder / "pytest.ini").write_text("[pytest]\npythonpath = .\naddopts = -p conftest --collect-only\n")
    (folder / "pyvenv.cfg").write_text("home = .\n")
    (folder / ".env").write_text("PYTHONPATH=.\n")
    (folder / ".github" / "workflows").mkdir(parents=True)
    (folder / ".github" / "workflows" / "grade.yml").write_text("jobs: {}\n")
    (folder / ".git").mkdir()
    return folder


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the step "Install Gradmark" leaves: a virtual environment with the command, here of this checkout."""
    temp = tmp_path_factory.mktemp("runner")
    home = temp / "gradmark"
    venv.create(home, with_pip=False, symlinks=True)
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "here.pth").write_text(f"{CHECKOUT}\n{sysconfig.get_path('purelib')}\n")
    script = home / "bin" / "gradmark"
    script.write_text(f"#!{home}/bin/python\nfrom grader.cli import command\ncommand()\n")
    script.chmod(0o755)
    return temp


@dataclass
class Ran:
    code: int
    out: str
    err: str
    summary: str
    outputs: dict[str, str]


def run_action(repository: Path, installed: Path, room: Path, **inputs: str) -> Ran:
    """Run the steps of the action in a shell, as a runner does; setting up Python is the runner's."""
    files = {name: room / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    for file in files.values():
        file.touch()
    values = {f"inputs.{name}": given["default"] for name, given in read(ACTION)["inputs"].items()}
    values |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
    values |= {"steps.python.outputs.python-path": sys.executable, "github.action_path": str(CHECKOUT)}
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        **{name: str(file) for name, file in files.items()},
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(repository),
        "RUNNER_TEMP": str(installed),
        "GRADMARK_TRAP": str(room / "trap"),
        "TMPDIR": str(room),
    }
    out = err = ""
    code = 0
    for number, step in enumerate(s for s in steps(ACTION) if "run" in s):
        script = room / f"{number}.sh"
        script.write_text(step["run"])
        given = {name: filled(value, values) for name, value in step.get("env", {}).items()}
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
        ran = subprocess.run(
            command, cwd=repository, env={**environment, **given}, capture_output=True, text=True, check=False
        )
        code, out, err = ran.returncode, out + ran.stdout, err + ran.stderr
        if code:
            break
    assert not (room / "trap").exists(), (room / "trap").read_text()
    summary, outputs = (file.read_text(encoding="utf-8") for file in files.values())
    return Ran(code, out, err, summary, read_outputs(outputs))


@pytest.fixture(scope="module")
def honest(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The results of the same work without a hostile file beside it."""
    folder = tmp_path_factory.mktemp("honest") / "ada"
    (folder / "exercises").mkdir(parents=True)
    for unit in ("layers", "optimizers"):
        shutil.copy(repository / "exercises" / f"{unit}.py", folder / "exercises")
    ran = subprocess.run(
        [sys.executable, "-c", "from grader.cli import command; command()", "grade", str(folder), "--json", "-q"],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)}, cwd=folder.parent, capture_output=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def verdicts(results: dict[str, Any]) -> list[tuple[Any, ...]]:
    found = []
    for result in results["results"]:
        items = [(item["exercise"], item["score"], item["message"]) for item in result["items"]]
        found.append((result["assignment"], result["score"], items))
    return found


def test_the_actions_steps_write_what_github_reads(
    repository: Path, installed: Path, room: Path, honest: dict[str, Any]
) -> None:
    ran = run_action(repository, installed, room, fail_under="60")
    assert ran.code == 1, ran.err
    score = honest["results"][0]["score"]
    assert ran.outputs["score"] == str(int(score)) == "2"
    assert {"graded": "true", "passed": "false", "units": "layers", "exit_code": "1"}.items() <= ran.outputs.items()
    assert ran.summary.startswith(f"## Gradmark: 2 of {ran.outputs['max_score']} points")
    assert "Not begun, and left out: optimizers." in ran.summary
    assert "<details>" in ran.summary

    found = commands(ran.out + ran.err)
    assert [c.name for c in found[:2]] == ["error", "error"]
    assert {c.name for c in found} == {"error", "notice"}
    lines = (repository / "exercises" / "layers.py").read_text().split("\n")
    for command in found[:2]:
        assert command.properties["file"] == "exercises/layers.py"
        name = command.properties["title"].removeprefix("layers.").partition(":")[0]
        assert lines[int(command.properties["line"]) - 1].startswith(f"def {name}(")
    assert not [c for c in found if "printed" in c.data or c.properties.get("file") == "a.py"]
    assert "optimizers" in found[-1].data


def test_another_unit_and_a_course_file_are_named_by_inputs(repository: Path, installed: Path, room: Path) -> None:
    course = room / "course.toml"
    course.write_text('[shown]\nvalue = "hidden"\nexample = "hidden"\ngradient = "hidden"\n')
    ran = run_action(
        repository, installed, room, assignment="layers", course=str(course), junit=str(room / "report.xml")
    )
    assert ran.code == 0, ran.err
    told = ran.out + ran.err + ran.summary + (room / "report.xml").read_text()
    assert "Every gradient passes" not in told
    assert "are from checks that are not shown" in ran.summary


@pytest.mark.parametrize("flags", [(), ("-I",)], ids=["as a console script", "isolated"])
def test_no_file_of_the_repository_changes_the_verdict(
    repository: Path, installed: Path, room: Path, honest: dict[str, Any], flags: Sequence[str]
) -> None:
    """``gradmark grade .`` in the repository itself: the folder it stands in is on no path of imports."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    trap = {"GRADMARK_TRAP": str(room / "trap"), "TMPDIR": str(room)}
    if flags:  # isolated, not even a variable brings them in
        trap |= {"PYTHONPATH": ".", "PYTHONSTARTUP": "conftest.py"}
    command = [str(installed / "gradmark" / "bin" / "python"), *flags, str(installed / "gradmark" / "bin" / "gradmark")]
    arguments = [*command, "grade", ".", "--json", "-q"]
    ran = subprocess.run(
        arguments, cwd=repository, env={**environment, **trap}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert not (room / "trap").exists(), (room / "trap").read_text()
    assert verdicts(json.loads(ran.stdout)) == verdicts(honest)


def test_the_trap_would_be_sprung_where_it_can_be(repository: Path, installed: Path, room: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": ".", "GRADMARK_TRAP": str(room / "trap")}
    subprocess.run([installed / "gradmark" / "bin" / "python", "-c", "1"], cwd=repository, env=environment, check=False)
    assert (room / "trap").exists()


# ------------------------------------------------------------------------------------------ pytest
def pytest_in(folder: Path, room: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest as its console script does, which puts the current folder on no path."""
    entry = room / "plugins" / "gradmark_here-0.dist-info"
    entry.mkdir(parents=True)
    (entry / "METADATA").write_text("Metadata-Version: 2.1\nName: gradmark-here\nVersion: 0\n")
    (entry / "entry_points.txt").write_text("[pytest11]\ngradmark = grader.pytest_plugin\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    environment |= {
        "PYTHONPATH": f"{entry.parent}{os.pathsep}{CHECKOUT}",
        "GRADMARK_TRAP": str(room / "trap"),
        "TMPDIR": str(room),
    }
    command = [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider", "--color=no"]
    return subprocess.run(
        [*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_pytest_grades_in_a_hostile_repository_and_imports_nothing_of_it(
    repository: Path, room: Path, honest: dict[str, Any]
) -> None:
    flags = ("-c", os.devnull, "--gradmark", ".", "--gradmark-assignment", "layers", "-q", "-rfEp")
    ran = pytest_in(repository, room, *flags)
    assert not (room / "trap").exists(), (room / "trap").read_text()
    assert ran.returncode == 1, ran.stdout + ran.stderr
    checks = [(f"gradmark/layers::{i['exercise'].partition('.')[2]}::{c['name']}", c["status"])
              for i in honest["results"][0]["items"] for c in i["checks"]]  # fmt: skip
    for word, status in (("PASSED", "passed"), ("FAILED", "wrong"), ("FAILED", "raised")):
        for name, was in checks:
            assert (f"{word} {name}" in ran.stdout) or was != status, name
    assert "ERROR" not in ran.stdout
    assert commands(ran.stdout + ran.stderr) == []


def test_pytest_refuses_settings_of_what_it_is_to_grade(room: Path) -> None:
    """Not all is kept out: pytest itself reads them, and loads the plugins that they name, before any plugin is asked."""
    folder = room / "ada"
    folder.mkdir()
    (folder / "layers.py").write_text("x = 1\n")
    (folder / "conftest.py").write_text(TRAP)
    (folder / "pytest.ini").write_text("[pytest]\npythonpath = .\naddopts = --collect-only\n")
    ran = pytest_in(folder, room, "--gradmark", ".")
    assert ran.returncode == 4
    assert "pytest has read its settings from" in ran.stderr
    assert not (room / "trap").exists()
