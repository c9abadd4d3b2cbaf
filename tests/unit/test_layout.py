"""Where a submission begins, which of its notebooks is graded, and what is no single submission: never a zero for right work."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from grader.grading import handed_in
from grader.submission import Submission, Unreadable, collect, reasons
from grader.submission.files import from_archive

UNITS = {"layers": frozenset({"relu_forward", "relu_backward"}), "optimizers": frozenset({"sgd"})}
STUBS = {
    "layers": "def relu_forward(x):\n    raise NotImplementedError\n",
    "optimizers": "def sgd(w, dw, config=None):\n    raise NotImplementedError\n",
}
RELU = "def relu_forward(x):\n    return abs(x), x\n"


def book(*cells: str) -> str:
    return writes(new_notebook(cells=[new_code_cell(source, id=f"c{i}") for i, source in enumerate(cells)]))


TAKES = book("from exercises.layers import relu_forward")


def found(folder: Path, files: dict[str, str], assignment: str | None = "layers") -> list[Submission]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return collect(folder, assignment, UNITS, STUBS)


# ------------------------------------------------------------------------------------------ the root
@pytest.mark.parametrize("above", ["one/", "a/b/c/"])
def test_the_root_is_found_at_any_depth(tmp_path: Path, above: str) -> None:
    """Rejects a root that is the path as given: right work one folder too deep had 0 points."""
    files = {f"{above}notebooks/06_layers.ipynb": TAKES, f"{above}exercises/layers.py": RELU, "README.md": "mine"}
    (only,) = found(tmp_path / "repos", files)
    assert (only.problem, only.incomplete, only.attempts["relu_forward"]) == (None, None, "attempted")
    assert only.files["exercises/layers.py"] == RELU.encode()
    assert only.notebook_path == "notebooks/06_layers.ipynb"
    assert only.source.endswith(f"repos/{above}notebooks/06_layers.ipynb")


def test_the_root_of_an_archive_is_found_in_two_folders(tmp_path: Path) -> None:
    """Rejects taking off one folder around everything, and no second."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("upload/ada-main/exercises/layers.py", RELU)
        archive.writestr("upload/ada-main/notebooks/06_layers.ipynb", TAKES)
    (tmp_path / "ada.zip").write_bytes(data.getvalue())
    (only,) = collect(tmp_path / "ada.zip", None, UNITS, STUBS)
    assert only.attempts["relu_forward"] == "attempted"


def test_a_notebook_outside_the_root_keeps_its_place(tmp_path: Path) -> None:
    """Rejects dropping what lies beside the folder of ``exercises/``."""
    (only,) = found(tmp_path, {"code/exercises/layers.py": RELU, "hw/06_layers.ipynb": TAKES, "data/x.txt": "1"})
    assert only.notebook_path == "hw/06_layers.ipynb"
    assert only.files["exercises/layers.py"] == RELU.encode()
    assert "data/x.txt" in only.files


# ----------------------------------------------------------------------------------------- a class
@pytest.mark.parametrize("name", ["exercises/layers.py", "06_layers.ipynb", "notebooks/06_layers.ipynb", "hw3.ipynb"])
def test_a_class_is_said_to_be_one(tmp_path: Path, name: str) -> None:
    """Rejects grading a folder of three students as if it were one."""
    text = RELU if name.endswith(".py") else book(RELU)
    (only,) = found(tmp_path / "repos", {f"{who}/{name}": text for who in ("ada", "bob", "eve")})
    assert "this is a class of 3: ada, bob, eve each" in (only.problem or "")


def test_a_class_is_one_whichever_assignment_is_asked_for(tmp_path: Path) -> None:
    """Rejects looking only at the files of the assignment that is asked for: beside a class its first optimizer was graded."""
    files = {
        "ada/exercises/layers.py": RELU,
        "bob/exercises/layers.py": RELU,
        "bob/exercises/optimizers.py": "def sgd(): 1",
    }
    (only,) = found(tmp_path / "repos", files, "optimizers")
    assert "this is a class of 2" in (only.problem or "")


def test_a_class_counts_all_who_hold_work(tmp_path: Path) -> None:
    """Rejects counting those alone whose files gave it away: of the sample class it said that there were two."""
    files = {"ada/exercises/layers.py": RELU, "bob/exercises/layers.py": RELU, "eve/06_layers.ipynb": book(RELU)}
    (only,) = found(tmp_path / "repos", {**files, "zoe/08_optimizers.ipynb": book("x = 1")})
    assert "this is a class of 4: ada, bob, eve, zoe each" in (only.problem or "")


def test_modules_side_by_side_are_a_question(tmp_path: Path) -> None:
    """Rejects taking the first of them."""
    (only,) = found(tmp_path, {"ada_layers.py": RELU, "bob_layers.py": RELU})
    assert "which of these is the module of layers? ada_layers.py, bob_layers.py" in (only.problem or "")


def test_archives_in_a_folder_are_named(tmp_path: Path) -> None:
    """Rejects "it holds no notebook" for a folder of what an LMS packed."""
    (only,) = found(tmp_path, {"ada.zip": "", "bob.zip": ""})
    assert "ada.zip, bob.zip" in (only.problem or "")


# ------------------------------------------------------------------------------------- passed over
def test_what_was_passed_over_is_named(tmp_path: Path) -> None:
    """Rejects the silence about an answer in the second of two notebooks."""
    files = {"06_layers.ipynb": book("x = 1"), "answers.ipynb": book(RELU), "08_optimizers.ipynb": book("x = 1")}
    (only,) = found(tmp_path, files)
    assert only.notebook_path == "06_layers.ipynb"
    assert only.notes == ("not graded, since another file was taken: answers.ipynb",)


def test_an_older_module_below_is_passed_over_and_named(tmp_path: Path) -> None:
    """Rejects taking a copy in a folder below for a second student."""
    (only,) = found(tmp_path, {"exercises/layers.py": RELU, "old/exercises/layers.py": "x = 1"})
    assert (only.problem, only.attempts["relu_forward"]) == (None, "attempted")
    assert "old/exercises/layers.py" in only.notes[0]


# -------------------------------------------------------------------------------------- incomplete
@pytest.mark.parametrize(
    "takes", ["from exercises.layers import relu_forward", "from exercises.layers import *", "import exercises.layers"]
)
def test_a_notebook_without_its_functions_is_incomplete(tmp_path: Path, takes: str) -> None:
    """Rejects reading stubs of ours as work that was not attempted."""
    (only,) = found(tmp_path, {"06_layers.ipynb": book(takes)})
    assert only.incomplete == "exercises/layers.py"


@pytest.mark.parametrize(
    "files",
    [
        {"06_layers.ipynb": TAKES, "exercises/layers.py": STUBS["layers"]},
        {"06_layers.ipynb": book(STUBS["layers"])},
        {"06_layers.ipynb": book("from exercises.layers import relu_forward", RELU)},
    ],
)
def test_stubs_and_answers_that_are_there_are_complete(tmp_path: Path, files: dict[str, str]) -> None:
    """Rejects calling whatever has no points incomplete."""
    (only,) = found(tmp_path, files)
    assert only.incomplete is None


def test_answers_beside_functions_that_are_not_attached_are_graded_with_a_note(tmp_path: Path) -> None:
    """Rejects both refusing what is there and the silence about what is not."""
    (only,) = found(tmp_path, {"06_layers.ipynb": book("from exercises.layers import relu_backward", RELU)})
    assert only.incomplete is None
    assert "exercises/layers.py is not attached" in only.notes[0]


# ---------------------------------------------------------------------------------- honest archives
def packed(*members: tuple[str | zipfile.ZipInfo, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members:
            archive.writestr(name, text)
    return data.getvalue()


def test_version_control_and_environments_in_an_archive_are_skipped_with_their_links() -> None:
    """Rejects an archive for a link or a number of files that a folder is not refused for."""
    link = zipfile.ZipInfo("ada/.venv/bin/python")
    link.external_attr = 0o120777 << 16
    objects = [(f"ada/.git/objects/{n}", "x") for n in range(2500)]
    assert from_archive(packed((link, "/usr/bin/python3"), *objects, ("ada/layers.py", RELU))) == {
        "layers.py": RELU.encode()
    }


def test_a_link_outside_of_what_is_skipped_is_still_refused() -> None:
    """Rejects skipping by the kind of a member and not by its folder."""
    link = zipfile.ZipInfo("ada/exercises")
    link.external_attr = 0o120777 << 16
    with pytest.raises(Unreadable, match="link"):
        from_archive(packed((link, "/etc")))


def test_a_skipped_folder_is_no_way_out() -> None:
    """Rejects looking at the skipped part of a name before its climbing one."""
    with pytest.raises(Unreadable, match="climbs"):
        from_archive(packed((".git/../../x.py", "x")))


def test_a_colon_in_a_name_is_no_drive() -> None:
    """Rejects every colon as a sign of an absolute name; one after a single letter is a drive."""
    assert list(from_archive(packed(("week 3: layers.py", RELU)))) == ["week 3: layers.py"]
    with pytest.raises(Unreadable, match="absolute"):
        from_archive(packed(("C:layers.py", RELU)))


# -------------------------------------------------------------------------- beside the submissions
def test_what_lies_beside_submissions_is_none(tmp_path: Path) -> None:
    """Rejects a result "unreadable" for the README of a class, and exit code 3 for the whole of it."""
    names = ["EXPECTED.toml", "README.md", "README", "roster.csv", ".gitignore"]
    for name in (*names, "ada.ipynb", "essay.pdf"):
        (tmp_path / name).write_text("")
    (tmp_path / "bob.toml").mkdir()
    submissions, beside = handed_in(sorted(tmp_path.iterdir()))
    assert [path.name for path in submissions] == ["ada.ipynb", "bob.toml", "essay.pdf"]
    assert sorted(path.name for path in beside) == sorted(names)


def test_what_is_given_alone_or_is_not_there_is_answered(tmp_path: Path) -> None:
    """Rejects passing over the only path there is, and a mistyped one."""
    (tmp_path / "README.md").write_text("")
    for paths in ([tmp_path / "README.md"], [tmp_path / "gone.md", tmp_path / "ada.ipynb"]):
        assert handed_in(paths) == (paths, [])


@pytest.mark.parametrize("cookie", ["# -*- coding: latin-1 -*-\n", ""])
def test_a_module_in_another_encoding_has_written_only_what_it_defines(tmp_path: Path, cookie: str) -> None:
    """Rejects taking every exercise for attempted where the text is not UTF-8: those that were not written raised."""
    (tmp_path / "layers.py").write_bytes((cookie + "# größer\n" + RELU).encode("latin-1"))
    (only,) = collect(tmp_path / "layers.py", "layers", UNITS, STUBS)
    assert only.attempts == {"relu_forward": "attempted", "relu_backward": "missing"}


# ------------------------------------------------------------------------------- why it is not there
STUB = "def relu_forward(x):\n    raise NotImplementedError"


@pytest.mark.parametrize(
    ("cells", "failed", "reason"),
    [
        (
            ["1/0", "1/0\n" + RELU],
            {2: "ZeroDivisionError: division by zero"},
            "cell 2 defines relu_forward and failed: ZeroDiv",
        ),
        (["def (\n" + RELU], {1: "SyntaxError: invalid syntax"}, "cell 1 defines relu_forward and failed: SyntaxError"),
        (
            [RELU, "x = 1", "relu_forward = 3"],
            {},
            "cell 1 defines relu_forward, and cell 3 gives the name to something else",
        ),
        ([RELU, "x = 1", STUB], {}, "cell 1 defines relu_forward, and the stub in cell 3 takes its place"),
        ([STUB], {}, None),
        (["x = 1"], {1: "ValueError: 1"}, None),
    ],
)
def test_why_a_function_is_not_there(cells: list[str], failed: dict[int, str], reason: str | None) -> None:
    """Rejects "was it renamed?" for a function whose cell failed, whose name was given away, or whose stub came last."""
    said = reasons(new_notebook(cells=[new_code_cell(source) for source in cells]), ["relu_forward"], failed).get(
        "relu_forward"
    )
    assert (said is None) if reason is None else (said or "").startswith(reason)
