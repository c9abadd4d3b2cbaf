"""What was handed in: every kind is found and read, everything broken or hostile is one sentence."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from grader.bank import catalogue
from grader.bank.stub_files import stub_source
from grader.submission import Submission, Unreadable, collect, read_notebook
from grader.submission.files import from_archive, from_folder

UNITS = {u.name: frozenset(e.function for e in u.exercises) for u in catalogue().units.values()}
STUBS = {name: stub_source(name) for name in UNITS}
RELU = "import numpy as np\ndef relu_forward(x):\n    return np.maximum(x, 0), x\n"
SGD = "def sgd(w, dw, config=None):\n    return w - 0.01 * dw, config\n"


def book(*cells: str) -> str:
    return writes(new_notebook(cells=[new_code_cell(source, id=f"c{i}") for i, source in enumerate(cells)]))


def found(path: Path, assignment: str | None = None) -> list[Submission]:
    return collect(path, assignment, UNITS, STUBS)


def lay(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def zipped(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


# ------------------------------------------------------------------------------------------- kinds
@pytest.mark.parametrize("name", ["06_layers.ipynb", "layers.ipynb", "layers_ada.ipynb", "hw3.ipynb"])
def test_a_notebook_by_its_name_or_its_content(tmp_path: Path, name: str) -> None:
    (only,) = found(lay(tmp_path / "ada", {name: book(RELU)}) / name)
    assert (only.assignment, only.problem) == ("layers", None)
    assert only.attempts["relu_forward"] == "attempted"
    assert only.attempts["softmax_forward"] == "missing"


def test_the_owner_is_the_folder_where_the_file_only_says_the_assignment(tmp_path: Path) -> None:
    lay(tmp_path / "ada", {"06_layers.ipynb": book(RELU), "layers_bob.ipynb": book(RELU)})
    assert found(tmp_path / "ada" / "06_layers.ipynb")[0].id == "ada"
    assert found(tmp_path / "ada" / "layers_bob.ipynb")[0].id == "layers_bob"


def test_a_module_is_its_units_exercises(tmp_path: Path) -> None:
    (only,) = found(lay(tmp_path, {"solution.py": SGD}) / "solution.py")
    assert only.assignment == "optimizers"
    assert only.notebook is None
    assert only.files["exercises/optimizers.py"] == SGD.encode()


REPOSITORY = {
    "notebooks/06_layers.ipynb": book("from exercises.layers import *"),
    "exercises/layers.py": RELU,
    "exercises/optimizers.py": SGD,
    ".git/config": "secret",
    "README.md": "mine",
}


@pytest.mark.parametrize("top", ["", "ada-main/"])
def test_a_repository_and_its_archive_give_one_submission_an_assignment(tmp_path: Path, top: str) -> None:
    lay(tmp_path / "ada", REPOSITORY)
    (tmp_path / "ada.zip").write_bytes(zipped({top + name: text for name, text in REPOSITORY.items()}))
    for path in (tmp_path / "ada", tmp_path / "ada.zip"):
        layers, optimizers = found(path)
        assert (layers.assignment, layers.notebook_path) == ("layers", "notebooks/06_layers.ipynb")
        assert (optimizers.assignment, optimizers.notebook) == ("optimizers", None)
        assert layers.attempts["relu_forward"] == optimizers.attempts["sgd"] == "attempted"
        assert ".git/config" not in layers.files
    assert len(found(tmp_path / "ada", "optimizers")) == 1


def test_the_digest_depends_on_every_byte_and_name(tmp_path: Path) -> None:
    first = found(lay(tmp_path / "a", REPOSITORY))[0].sha256
    assert found(lay(tmp_path / "b", REPOSITORY))[0].sha256 == first
    assert found(lay(tmp_path / "c", {**REPOSITORY, "README.md": "his"}))[0].sha256 != first


# ------------------------------------------------------------------------------- what is attempted
@pytest.mark.parametrize(
    ("cells", "module", "attempt", "where"),
    [
        ([RELU], None, "attempted", "notebook"),
        (["relu_forward = lambda x: (x, x)"], None, "attempted", "notebook"),
        (["if True:\n    def relu_forward(x):\n        return x, x"], None, "attempted", "notebook"),
        (["%matplotlib inline\n!ls\nx = !ls\n?x\n" + RELU], None, "attempted", "notebook"),
        (["%%time\n" + RELU], None, "attempted", "notebook"),
        (["%%bash\ndef relu_forward"], None, "missing", "auto"),
        (["def relu_forward(x):\n    raise NotImplementedError"], None, "not_attempted", "auto"),
        (["def relu_forward(x):\n    pass"], None, "not_attempted", "auto"),
        (["def relu_forward(x):\n    ..."], RELU, "attempted", "module"),
        (["from exercises.layers import *"], RELU, "attempted", "auto"),
        (["from exercises.layers import relu_forward"], RELU, "attempted", "auto"),
        (["from exercises.layers import relu_forward"], None, "not_attempted", "auto"),
        (["from exercises import layers"], None, "not_attempted", "auto"),
        (["from exercises.layers import *"], "def relu(x):\n    return x", "missing", "auto"),
        (["x = 1"], None, "missing", "auto"),
        (["x = ["], "def broken(", "attempted", "module"),
        ([RELU, "def relu_forward(x):\n    raise NotImplementedError"], None, "not_attempted", "auto"),
    ],
)
def test_what_counts_as_attempted(
    tmp_path: Path, cells: list[str], module: str | None, attempt: str, where: str
) -> None:
    files = {"06_layers.ipynb": book(*cells)} | ({"exercises/layers.py": module} if module else {})
    (only,) = found(lay(tmp_path, files), "layers")
    assert (only.attempts["relu_forward"], only.where["relu_forward"]) == (attempt, where)


@pytest.mark.parametrize("source", ["(" * 5000, "\0", "-" * 20_000 + "1", "x = " + "[" * 3000 + "]" * 3000])
def test_source_that_breaks_the_parser_defines_nothing_and_hides_nothing(tmp_path: Path, source: str) -> None:
    (only,) = found(lay(tmp_path, {"06_layers.ipynb": book(source, RELU)}) / "06_layers.ipynb")
    assert only.attempts["relu_forward"] == "attempted"


@pytest.mark.parametrize(
    "source",
    [
        "import torch.nn",
        "from torch import nn as n",
        "def f():\n    class A:\n        import torch",
        "try:\n    pass\nexcept ValueError:\n    import torch\nelse:\n    pass",
        "try:\n    pass\nfinally:\n    import torch",
        "for _ in ():\n    pass\nelse:\n    with x:\n        import torch",
        "match x:\n    case 1 if (lambda: 2)():\n        import torch",
        "async def f():\n    while 1:\n        if 0:\n            pass\n        elif 1:\n            import os, torch as t",
    ],
)
def test_frameworks_are_noted_wherever_they_are_imported(tmp_path: Path, source: str) -> None:
    (only,) = found(lay(tmp_path, {"06_layers.ipynb": book(source + "\n" + RELU)}) / "06_layers.ipynb")
    assert only.notes == ("it imports torch",)


def test_what_only_looks_like_an_import_is_none(tmp_path: Path) -> None:
    source = "text = 'import torch'\nx = torch if text else (lambda: torch)\n# import torch\n"
    (only,) = found(lay(tmp_path, {"06_layers.ipynb": book(source + RELU)}) / "06_layers.ipynb")
    assert only.notes == ()


# -------------------------------------------------------------------------------------- unreadable
def test_text_in_its_encodings() -> None:
    text = book("x = 'ü'")
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        assert read_notebook(data).cells[0].source == "x = 'ü'"


def test_nbformat_3_is_upgraded() -> None:
    cell = {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "outputs": [], "language": "python"}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell]}]}
    assert read_notebook(json.dumps(old).encode()).cells[0].source == "x = 1\ny = 2"


CODE = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [], "source": "x = 1"}
WHOLE = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [CODE]}


@pytest.mark.parametrize(
    "odd",
    [
        {"nbformat_minor": None},
        {"nbformat_minor": -1},
        {"nbformat_minor": 10**400},
        {"metadata": None},
        {"metadata": {"kernelspec": [], "language_info": {"name": 3}}},
        {"cells": [{**CODE, "metadata": 7}]},
        {"cells": [{**CODE, "outputs": "none", "execution_count": "one"}]},
        {"cells": [{**CODE, "outputs": [None, {"output_type": "stream", "text": 3}]}]},
        {"cells": [{**CODE, "id": None, "attachments": []}]},
        {"cells": [{"cell_type": "code", "source": ["x ", "= 1"]}]},
    ],
)
def test_what_grading_does_not_need_of_a_notebook_may_be_as_it_likes(odd: dict[str, Any]) -> None:
    for part in ({**WHOLE, **odd}, {key: value for key, value in WHOLE.items() if key not in odd or key == "cells"}):
        read = read_notebook(json.dumps(part).encode())
        assert [cell.source for cell in read.cells] == ["x = 1"]
        assert read.nbformat_minor in (0, 5)
        assert isinstance(read.metadata, dict)


@pytest.mark.parametrize(
    "odd", [None, 7, {}, {**CODE, "cell_type": "heading"}, {**CODE, "source": 7}, {**CODE, "source": ["x", None]}]
)
def test_a_cell_that_is_none_is_named(odd: Any) -> None:
    with pytest.raises(Unreadable, match="cell 2 is not a cell"):
        read_notebook(json.dumps({**WHOLE, "cells": [CODE, odd]}).encode())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b'{"cells": [', "line 1, column"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b"\x80abc", "UTF-8"),
        (b"[]", "not a notebook"),
        (b'{"a": 1}', "nbformat"),
        (b'{"nbformat": 5, "cells": []}', "nbformat is 5"),
        (b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": 3}', "not a"),
        (b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{"cell_type": "code"}]}', "not a"),
        (b"[" * 100_000, "nested too deeply"),
        (
            json.dumps(
                {"nbformat": 4, "nbformat_minor": 4, "metadata": {"language_info": {"name": "R"}}, "cells": []}
            ).encode(),
            "in R",
        ),
    ],
)
def test_what_is_no_python_notebook_says_why(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read_notebook(data)


@pytest.mark.parametrize("name", ["gone.ipynb", "notes.txt", "empty", "empty.zip", "plain.py", "other.ipynb"])
def test_what_holds_nothing_is_a_submission_with_a_problem(tmp_path: Path, name: str) -> None:
    lay(tmp_path, {"notes.txt": "x", "empty.zip": "", "plain.py": "x = 1", "other.ipynb": book("x = 1")})
    (tmp_path / "empty").mkdir()
    (only,) = found(tmp_path / name)
    assert only.problem


def test_two_notebooks_of_one_assignment_are_a_question(tmp_path: Path) -> None:
    (only,) = found(lay(tmp_path, {"a.ipynb": book(RELU), "b.ipynb": book(RELU)}), "layers")
    assert "which of these" in (only.problem or "")
    assert "a.ipynb, b.ipynb" in (only.problem or "")


def test_of_several_notebooks_the_one_with_the_exercises_is_taken(tmp_path: Path) -> None:
    (only,) = found(lay(tmp_path, {"a.ipynb": book(RELU), "scratch.ipynb": book("x = 1")}), "layers")
    assert only.notebook_path == "a.ipynb"


# ---------------------------------------------------------------------------------------- archives
def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ([("/etc/passwd", "x")], "absolute"),
        ([("C:\\x.py", "x")], "absolute"),
        ([("a/../../x.py", "x")], "climbs"),
        ([("..\\x.py", "x")], "climbs"),
        ([(link("exercises"), "/etc")], "link"),
        ([("a.py", "x"), ("A.py", "y")], "name of another"),
        ([("big.bin", "\0" * (65 << 20))], "beyond"),
    ],
)
def test_an_archive_with_a_bad_member_is_refused_whole(members, says: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("exercises/layers.py", RELU)
        for name, text in members:
            archive.writestr(name, text)
    with pytest.raises(Unreadable, match=says):
        from_archive(data.getvalue())


def test_an_archive_that_is_cut_off_or_damaged_is_refused() -> None:
    whole = zipped(REPOSITORY)
    damaged = whole.replace(RELU.encode()[:20], b"#" * 20)
    for data in (whole[: len(whole) // 2], b"PK", damaged):
        with pytest.raises(Unreadable, match="archive"):
            from_archive(data)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = lay(tmp_path / "trusted", {"gradebook.txt": "secret"})
    folder = lay(tmp_path / "ada", {"exercises/layers.py": RELU})
    (folder / "notebooks").symlink_to(secret)
    (folder / "answers.txt").symlink_to(secret / "gradebook.txt")
    assert list(from_folder(folder)) == ["exercises/layers.py"]
