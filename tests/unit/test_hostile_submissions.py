"""Hostile text and names: reading a submission takes time in proportion to it, and lays out without a conflict."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from grader.runtime.stable_text import MOST_TEXT, stable_text
from grader.submission import Unreadable, code_cells, collect, read_notebook
from grader.submission.files import MOST_BYTES, from_archive

UNITS = {"layers": frozenset({"relu_forward"})}
STUBS = {"layers": "def relu_forward(x):\n    raise NotImplementedError\n"}
RELU = "def relu_forward(x):\n    return abs(x), x\n"


def zipped(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, RELU)
    return data.getvalue()


# Each of these took from minutes to hours where a pattern went back over what it had read.
@pytest.mark.parametrize("line", [" " * 400_000 + "x y", "? " * 200_000 + "(", "a " * 200_000 + "(", "=" * 400_000])
def test_a_cell_is_read_in_time_proportional_to_its_length(line: str) -> None:
    book = read_notebook(writes(new_notebook(cells=[new_code_cell(line), new_code_cell(RELU)])).encode())
    started = time.process_time()
    assert code_cells(book)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["/" * 10**6, "/ipykernel_" * 10**5, "/gradmark-" * 10**5, "0x" + "f" * 10**6])
def test_a_students_text_is_cut_and_cleaned_in_no_time(text: str) -> None:
    started = time.process_time()
    assert len(stable_text(text)) <= MOST_TEXT
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at /tmp/gradmark-ab12/copy/exercises/layers.py", "at exercises/layers.py"),
        ("<object at 0x7f3a5c00d1e0>", "<object at 0x…>"),
        ("in /var/tmp/ipykernel_4711/123456.py", "in notebook"),
        ("lone \ud800 half", "lone ? half"),
    ],
)
def test_what_differs_between_runs_is_taken_out(text: str, shown: str) -> None:
    assert stable_text(text) == shown


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["a", "a/b.py"], "both a file and a folder"),
        (["a/b.py", "A"], "both a file and a folder"),
        (["a.py", "./a.py"], "name of another"),
        (["x//y.py", "x/y.py"], "name of another"),
        (["x\\y.py", "x/y.py"], "name of another"),
        (["n" * 300 + ".py"], "too long a name"),
        (["/".join("d" * 20)], "too long a name"),
    ],
)
def test_names_that_could_not_lie_side_by_side_are_refused(names: list[str], says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        from_archive(zipped(*names))


def test_an_archive_packed_on_windows_has_folders() -> None:
    assert sorted(from_archive(zipped("exercises\\layers.py", "notebooks\\notes.txt"))) == [
        "exercises/layers.py",
        "notebooks/notes.txt",
    ]


@pytest.mark.parametrize("name", ["exercises", "exercises/layers.py/inside.txt", "exercises/__init__.py/inside.txt"])
def test_our_stubs_give_way_to_what_has_their_place(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("x")
    (tmp_path / "layers.ipynb").write_text(writes(new_notebook(cells=[new_code_cell(RELU)])))
    (only,) = collect(tmp_path, "layers", UNITS, STUBS)
    assert only.problem is None
    folders = {str(parent) for file in only.files for parent in Path(file).parents}
    assert not folders & set(only.files)


def test_a_file_beyond_the_cap_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "layers.ipynb").open("wb") as file:
        file.truncate(MOST_BYTES + 1)  # sparse: takes no room
    (only,) = collect(tmp_path / "layers.ipynb", "layers", UNITS, STUBS)
    assert "larger than" in (only.problem or "")
