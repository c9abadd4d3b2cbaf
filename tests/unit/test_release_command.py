"""``gradmark release``: what it writes and refuses, kits of private banks, and where the package is installed."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import banks
import kits
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, writes

import grader
from grader.release import Kit, make_kit, single_file, write_folder
from grader.release.texts import readme
from grader.release.written import zipped

CHECKOUT = Path(grader.__file__).parents[1]


# ------------------------------------------------------------------------------------------------ the command
@pytest.mark.slow
def test_a_kit_is_written_as_a_folder_a_zip_or_a_notebook(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, out, err = run("release", "layers", "--out", "kit")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"written: kit \(\d+ files, \d\.\d\d MB\)\n", out)
    assert sorted(p.name for p in (tmp_path / "kit").iterdir()) == [
        *(".github", ".gitignore", "README.md", "exercises", "grader", "gradmark.json", "notebooks", "requirements.txt"),
    ]  # fmt: skip
    assert [p.name for p in (tmp_path / "kit/grader/student/units").iterdir()] == ["layers.json"]
    assert run("release", "layers", "--out", "kit.zip")[0] == 0
    with zipfile.ZipFile(tmp_path / "kit.zip") as archive:
        inside = {n.removeprefix("kit/"): archive.read(n) for n in archive.namelist()}
    assert inside == {
        p.relative_to(tmp_path / "kit").as_posix(): p.read_bytes() for p in (tmp_path / "kit").rglob("*") if p.is_file()
    }
    assert run("release", "layers", "--single-file", "--out", "one.ipynb")[0] == 0
    assert run("release", "layers", "mlp", "--single-file", "--out", "two")[0] == 0
    assert sorted(p.name for p in (tmp_path / "two").iterdir()) == ["layers.ipynb", "mlp.ipynb"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["layers", "--out", "full"],
            r"full is there already, and may hold somebody's work: name another place with --out",
        ),
        (["layers", "--out", "file"], r"file is there already, .*name another place with --out"),
        (["layers", "--out", "full/work.zip"], r"full/work.zip is there already, .*name another place with --out"),
        (["layers", "--single-file", "--out", "full/work.ipynb"], r"full/work.ipynb is there already, .*"),
        (["layers", "--out", "file/kit"], r"file/kit cannot be written: .+"),
        (["layers", "--out", "file/kit.zip"], r"file/kit.zip cannot be written: .+"),
        (["layers", "--single-file", "--out", "file/x.ipynb"], r"file/x.ipynb cannot be written: .+"),
        (["layer"], r"there is no assignment 'layer', did you mean 'layers'\?; there are .*"),
        (["layer", "--single-file"], r"there is no assignment 'layer', did you mean 'layers'\?; there are .*"),
        (
            ["layers", "mlp", "--single-file", "--out", "x.ipynb"],
            r"x.ipynb is one notebook, and there are 2 assignments: .*",
        ),
        (["layers", "--single-file", "--out", "x.zip"], r"x.zip is no folder and no notebook: .*"),
        (["layers", "--out", "x.ipynb"], r"x.ipynb is a notebook: one comes with --single-file"),
        (["layers", "--out", "x.IPYNB"], r"x.IPYNB is a notebook: one comes with --single-file"),
        (["layers", "--single-file", "--out", "X.ZIP"], r"X.ZIP is no folder and no notebook: .*"),
        (["mlp", "layer", "optimizers", "--single-file", "--out", "full"], r"there is no assignment 'layer'.*"),
        (["mlp", "layers", "--single-file", "--out", "full"], r"full/layers.ipynb is there already, .*"),
        (["layers", "--student", " "], r"--student takes an id, .*"),
        (["layers", "--student", "a\nb"], r"--student takes an id, .*"),
        (["layers", "--student", "a\x1b[31m"], r"--student takes an id, .*"),
        (["layers", "--student", "x" * 201], r"--student takes an id, .*"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    arguments: list[str], says: str, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "file").write_text("work")
    (tmp_path / "full/work.zip").write_text("work")
    (tmp_path / "full/work.ipynb").write_text("work")
    (tmp_path / "full/layers.ipynb").write_text("work")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run("release", *arguments)
    assert (code, out) == (2, ""), err
    assert re.fullmatch(f"gradmark: {says}\n", err)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "full/work.zip").read_text() == (tmp_path / "full/work.ipynb").read_text() == "work"


@pytest.mark.slow
def test_an_ending_in_capitals_is_that_ending_and_a_name_given_twice_is_one(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    assert run("release", "layers", "--out", "new/KIT.ZIP")[0] == 0  # and its folder is made, as for a kit that is none
    assert zipfile.is_zipfile(tmp_path / "new/KIT.ZIP")
    assert run("release", "layers", "layers", "--single-file", "--out", "ONE.IPYNB")[0] == 0
    assert (tmp_path / "ONE.IPYNB").read_bytes() == kits.single("layers")
    code, out, _ = run("release", "layers", "layers", "--single-file", "--out", "folder")
    assert (code, out.count("written: ")) == (0, 1)


SMALL = Kit({f"{room}/{name}": b"x" * 10 for room in ("a", "b") for name in ("one", "two")} | {"README.md": b"x"})


@pytest.mark.parametrize("there", [True, False], ids=["an empty folder", "no folder"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "ended"])
def test_a_kit_is_written_whole_or_not_at_all(
    error: BaseException, there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full left half a kit, which the next release took for somebody's work."""
    target = tmp_path / "kit"
    if there:
        target.mkdir()
    left = [3]  # files, until the disk is full
    write = Path.write_bytes

    def until_full(path: Path, data: bytes) -> int:
        if not left[0]:
            write(path, data[:5])
            raise error
        left[0] -= 1
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", until_full)
    with pytest.raises(type(error)):
        write_folder(SMALL, target)
    monkeypatch.undo()
    assert left == [0]
    assert sorted(tmp_path.rglob("*")) == ([target] if there else [])
    write_folder(SMALL, target)
    assert {p.relative_to(target).as_posix(): p.read_bytes() for p in target.rglob("*") if p.is_file()} == SMALL.files
    assert list(tmp_path.iterdir()) == [target]


def test_a_kit_fills_the_folder_to_which_a_link_points(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "kit").symlink_to(tmp_path / "site")
    write_folder(SMALL, tmp_path / "kit")
    assert (tmp_path / "kit").is_symlink()
    assert (tmp_path / "site/a/one").is_file()


def test_what_is_unpacked_of_a_zip_may_be_read_by_all() -> None:
    """``unzip`` gave files that their owner alone could read: a kit unpacked on a course's site was of no use to students."""
    with zipfile.ZipFile(io.BytesIO(zipped(SMALL, "kit/"))) as archive:
        assert {stat.filemode(member.external_attr >> 16) for member in archive.infolist()} == {"-rw-r--r--"}
        assert {member.create_system for member in archive.infolist()} == {3}


@cache
def layers() -> Kit:
    return make_kit(["layers"])


@pytest.mark.slow
@pytest.mark.parametrize("student", ["a\"b'c </script><img src=x onerror=alert(1)>", "{folder} ÅÄ 日本 ../../x"])
def test_whose_kit_it_is_stands_in_the_notebooks_and_does_nothing(student: str) -> None:
    plain, theirs = layers(), make_kit(["layers"], student=student)
    assert plain.files.keys() == theirs.files.keys()
    changed = {path for path in plain.files if plain.files[path] != theirs.files[path]}
    assert changed == {"notebooks/06_layers.ipynb", "gradmark.json"}
    before, after = (json.loads(kit.files["notebooks/06_layers.ipynb"]) for kit in (plain, theirs))
    assert after["metadata"].pop("gradmark") == {"student": student}
    assert after == before
    assert json.loads(theirs.files["gradmark.json"])["student"] == student
    single = json.loads(single_file("layers", student=student))
    assert single["metadata"].pop("gradmark") == {"student": student}
    assert single == json.loads(kits.single("layers"))


def test_each_command_of_a_kits_readme_runs_the_python_into_which_it_had_numpy_installed() -> None:
    """``python -m grader.student`` ran the Python of the system, where there is one of this name: without numpy."""
    commands = re.findall(
        r"^\$ (.+)", readme([("layers", "Layers", "06_layers.ipynb")], "layers.relu_forward"), re.MULTILINE
    )
    first, *others = commands
    assert first.split("  ")[0] == "python3 -m venv .venv"
    assert len(others) == 4
    assert [c for c in others if not c.startswith(".venv/bin/python -m ")] == []


# -------------------------------------------------------------------------------------------- private banks
CELLS = ("from grader.student.notebook import *\n\nfrom exercises.quiz import *", 'check("quiz.cube_forward")')


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    folder = banks.written(tmp_path / "quiz")
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "20_quiz.ipynb").write_text(writes(new_notebook(cells=list(map(new_code_cell, CELLS)))))
    (tmp_path / "course.toml").write_text('bank = ["quiz"]')
    return folder


@pytest.mark.slow
def test_a_private_bank_has_a_kit_too(quiz: Path, run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    code, _, err = run("release", "quiz", "--course", "course.toml", "--out", "kit")
    assert (code, err) == (0, "")
    kit = tmp_path / "kit"
    stub = (kit / "exercises/quiz.py").read_text()
    assert len(re.findall(r"^    raise NotImplementedError", stub, re.MULTILINE)) == 2
    assert "x**3" not in stub
    assert [p.name for p in (kit / "notebooks").iterdir()] == ["20_quiz.ipynb"]
    data = json.loads((kit / "grader/student/units/quiz.json").read_text())
    assert [e["name"] for e in data["exercises"]] == ["quiz.cube_forward", "quiz.cube_backward"]
    files = {p.relative_to(kit).as_posix(): p.read_bytes() for p in kit.rglob("*") if p.is_file()}
    theirs = ast.parse((quiz / "reference/quiz.py").read_text()), ast.parse((quiz / "bank/quiz.py").read_text())
    private = {body for tree in theirs for _, body in kits.bodies(tree)}
    assert len(private) == 3  # the mistake is too short to count
    assert [place for place, _, body in kits.found(files) if body in private] == []
    assert not any(str(tmp_path).encode() in data for data in files.values())
    (kit / "exercises/quiz.py").write_text("def cube_forward(x):\n    return x**2, x\n")
    ran = kits.bare(kit, "from grader.student.terminal import main\nsys.exit(main(['.']))")
    assert ran.returncode == 1, ran.stderr
    assert "That is the square." in ran.stdout
    assert run("release", "quiz", "--single-file", "--course", "course.toml", "--out", "one.ipynb")[0] == 0
    assert run("release", "--course", "course.toml", "--out", "all.zip")[0] == 0
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert {"all/exercises/quiz.py", "all/exercises/layers.py"} <= set(archive.namelist())


def test_a_private_bank_without_a_notebook_says_so(quiz: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    (quiz / "notebooks" / "20_quiz.ipynb").unlink()
    code, _, err = run("release", "quiz", "--course", "course.toml")
    assert code == 2
    assert err == "gradmark: there is no notebook of quiz: it is called NN_quiz.ipynb, in notebooks/\n"


def rewritten(quiz: Path, **more: Any) -> None:
    """Write the notebook as its author left it: run, in an environment of their own, and the checker taken further down."""
    cells = [new_code_cell(f"# set-up\nimport sys\n\n{CELLS[0]}"), new_code_cell(CELLS[1], **more)]
    metadata = {"kernelspec": {"name": "theirs", "display_name": "T"}, "papermill": {"input_path": "/home/teacher/x"}}
    notebook = new_notebook(cells=cells, metadata=metadata)
    (quiz / "notebooks" / "20_quiz.ipynb").write_text(writes(notebook))


@pytest.mark.slow
def test_a_notebook_of_a_private_bank_is_given_without_what_its_author_left_in_it(
    quiz: Path, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    """Outputs, with answers and paths, went to students; and a checker that was taken in the second line was not found."""
    told = [new_output("stream", text="x**3, in /home/teacher/bank")]
    rewritten(quiz, outputs=told, execution_count=7, metadata={"ExecuteTime": {"file": "/home/teacher"}, "tags": ["a"]})
    assert run("release", "quiz", "--course", "course.toml", "--out", "kit")[0] == 0
    assert run("release", "quiz", "--course", "course.toml", "--single-file", "--out", "one.ipynb")[0] == 0
    texts = [(tmp_path / "kit/notebooks/20_quiz.ipynb").read_text(), (tmp_path / "one.ipynb").read_text()]
    for text in texts:
        assert "teacher" not in text
        assert "theirs" not in text
        notebook = json.loads(text)
        assert [c["outputs"] for c in notebook["cells"]] == [[] for _ in notebook["cells"]]
        assert {c["execution_count"] for c in notebook["cells"]} == {None}
        assert {"tags": ["a"]} in [c["metadata"] for c in notebook["cells"]]
        sources = ["".join(cell["source"]) for cell in notebook["cells"]]
        here = tmp_path / f"run{texts.index(text)}"
        here.mkdir()
        kit = here / "kit"
        shutil.copytree(tmp_path / "kit", kit) if text is texts[0] else kit.mkdir()
        working = kit / "notebooks" if text is texts[0] else kit
        code = f"import json, os; os.chdir({str(working)!r}); sys.path.pop(0)\n"
        code += "for cell in json.loads(sys.stdin.read()): exec(cell, globals())"
        ran = kits.bare(kit, code, data=json.dumps(sources))
        assert ran.returncode == 0, ran.stderr
        assert "quiz.cube_forward: not attempted" in ran.stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            writes(new_notebook(cells=[new_code_cell("x = 1"), new_markdown_cell(CELLS[0])])),
            r"has no cell with `from grader\.",
        ),
        (
            writes(new_notebook(cells=[new_code_cell(CELLS[0]), new_code_cell("### BEGIN SOLUTION")])),
            "cell 2, holds a solution",
        ),
        ("{}", "cannot be read as a notebook"),
        ("[", "cannot be read as a notebook"),
    ],
    ids=["no checker", "solution", "other JSON", "no JSON"],
)
@pytest.mark.parametrize("form", [[], ["--single-file"]], ids=["kit", "single"])
def test_a_notebook_that_cannot_be_given_away_is_refused(
    form: list[str], text: str, says: str, quiz: Path, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    (quiz / "notebooks" / "20_quiz.ipynb").write_text(text)
    code, out, err = run("release", "quiz", "--course", "course.toml", "--out", "new", *form)
    assert (code, out) == (2, ""), err
    assert re.fullmatch(rf"gradmark: 20_quiz\.ipynb.*{says}.*\n", err), err
    assert not (tmp_path / "new").exists()


READ = """
import numpy as np

from grader.bank.forms import plain
from grader.judging import Chain, Plan, Unit, array


def drive(asked, inputs):
    return Plan(Chain((asked.call(inputs["x"]),)), {read})


cube = plain("quiz.cube", {{"x": array("N", "D")}}, ("out",), drive=drive)
{law}
UNIT = Unit("quiz", 20, "A quiz", (cube,))
"""


@pytest.mark.parametrize(
    ("declared", "line", "says"),
    [
        (
            "lambda out: (out,)",
            12,
            r"its drive reads outputs by a function of its own.*: make the plan's `read` with read_as\(",
        ),
        ("read_as(lambda out: (out,))", 12, r"is no plain function.*write it with def"),
    ],
)
def test_a_drive_whose_reading_cannot_travel_is_refused_by_file_and_line(
    declared: str, line: int, says: str, quiz: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    answers = (
        '"""Q."""\n\n\ndef cube(x):\n    """The cube.\n\n    x (N, D); returns (N, D).\n    """\n    return x**3\n'
    )
    (quiz / "reference" / "quiz.py").write_text(answers)
    text = READ.format(read=declared, law="").replace("Unit, array", "Unit, array, read_as")
    (quiz / "bank" / "quiz.py").write_text(text)
    code, out, err = run("release", "quiz", "--course", "course.toml")
    assert (code, out) == (2, ""), err
    assert re.fullmatch(rf"gradmark: quiz/bank/quiz\.py:{line}: quiz\.cube: .*{says}.*\n", err), err


# --------------------------------------------------------------------------------------- where it is installed
@pytest.mark.slow
def test_an_installed_package_releases_and_validates_and_writes_nothing_of_its_own(tmp_path: Path) -> None:
    """``gradmark stubs`` wrote pages of the docs into site-packages. The layout is that of the wheel, by pyproject.toml."""
    wheel = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"][
        "targets"
    ]["wheel"]
    assert wheel["sources"] == {"notebooks": "grader/release/notebooks"}
    assert wheel["exclude"] == ["/notebooks/*.md", "/notebooks/*.py"]
    installed = tmp_path / "packages"
    for room in wheel["only-include"]:
        ignored = shutil.ignore_patterns("__pycache__", *(["*.md", "*.py"] if room == "notebooks" else []))
        shutil.copytree(CHECKOUT / room, installed / wheel["sources"].get(room, room), ignore=ignored)
    here = tmp_path / "here"
    here.mkdir()
    before = {p: p.stat().st_mtime_ns for p in installed.rglob("*")}

    def gradmark(*arguments: str) -> subprocess.CompletedProcess[str]:
        asked = [sys.executable, "-B", "-c", "from grader.cli import command; command()", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(installed)}
        return subprocess.run(asked, cwd=here, env=environment, capture_output=True, text=True, check=False)

    for arguments in (["stubs"], ["stubs", "--check"], ["new", "layers.more", "--form", "plain"]):
        ran = gradmark(*arguments)
        assert (ran.returncode, ran.stdout) == (2, ""), ran.stdout
        assert re.fullmatch(r"gradmark: this Gradmark is installed, .*\n", ran.stderr)
    ran = gradmark("release", "--out", "kit")
    assert ran.returncode == 0, ran.stderr
    assert {
        p.relative_to(here / "kit").as_posix(): p.read_bytes() for p in (here / "kit").rglob("*") if p.is_file()
    } == kits.whole().files
    assert gradmark("release", "layers", "--single-file", "--out", "one.ipynb").returncode == 0
    assert (here / "one.ipynb").read_bytes() == kits.single("layers")
    ran = gradmark("validate", "layers.relu_forward", "--seeds", "0", "--jobs", "1")
    assert (ran.returncode, "no holes" in ran.stdout) == (0, True), ran.stderr
    ran = gradmark("check", "kit", "layers.relu_forward")
    assert (ran.returncode, "not attempted (1): relu_forward" in ran.stdout) == (0, True), ran.stderr
    assert {p: p.stat().st_mtime_ns for p in installed.rglob("*")} == before
    assert sorted(p.name for p in here.iterdir()) == ["kit", "one.ipynb"]
