"""Whatever is handed in, reading it gives submissions: never an exception, and never more time and memory than its bounds allow.

``GRADMARK_FUZZ=20000`` tries that many of each kind; ``make fuzz`` does.
"""

from __future__ import annotations

import io
import json
import os
import random
import time
import zipfile
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from grader.submission import Submission, Unreadable, collect, read_notebook
from grader.submission.files import from_archive

TRIES = int(os.environ.get("GRADMARK_FUZZ", "150"))
UNITS = {"layers": frozenset({"relu_forward"}), "optimizers": frozenset({"sgd"})}
STUBS = {
    "layers": "def relu_forward(x):\n    raise NotImplementedError\n",
    "optimizers": "def sgd(w, dw, config=None):\n    raise NotImplementedError\n",
}
RELU = "def relu_forward(x):\n    return abs(x), x\n"
BOOK = writes(new_notebook(cells=[new_code_cell(RELU, id="a"), new_code_cell("%time x = 1\n!ls", id="b")])).encode()
PIECES = (
    b"(",
    b"[" * 300,
    b"\0",
    b"\xff\xfe",
    b"PK\x01\x02",
    b"if x:\n  ",
    b"elif x: pass\n",
    b'"',
    b"\\u0000",
    b"\xed\xa0\x80",
    b"lambda:" * 90,
)


def archive(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as packed:
        packed.writestr("ada/exercises/layers.py", RELU)
        packed.writestr("ada/notebooks/06_layers.ipynb", BOOK)
    return data.getvalue()


def damaged(whole: bytes, chance: random.Random) -> bytes:
    """Change some bytes of a file, cut it, or put a piece in it that parsers do not expect."""
    data = bytearray(whole)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[place : place + chance.randint(1, 30)]
            case 2:
                data[place:place] = chance.choice(PIECES)
            case _:
                data[place:place] = data[max(0, place - 40) : place]
    return bytes(data)


def found(path: Path, data: bytes, assignment: str | None = None) -> list[Submission]:
    path.write_bytes(data)
    return collect(path, assignment, UNITS, STUBS)


WHOLE = {
    "solution.py": RELU.encode(),
    "06_layers.ipynb": BOOK,
    "stored.zip": archive(zipfile.ZIP_STORED),
    "packed.zip": archive(),
    "bzip2.zip": archive(zipfile.ZIP_BZIP2),
    "lzma.zip": archive(zipfile.ZIP_LZMA),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_damaged_file_is_a_submission_or_a_reason(tmp_path: Path, name: str) -> None:
    """Rejects a reader that lets through what a parser or an unpacker raises."""
    chance = random.Random(name)
    for number in range(TRIES):
        for submission in found(tmp_path / name, damaged(WHOLE[name], chance)):
            assert submission.problem is None or submission.problem.strip(), f"try {number} of {name}"


def test_a_thousand_elifs_are_read(tmp_path: Path) -> None:
    """Rejects a walk over statements that recurses into each ``elif``."""
    chain = "x = 1\nif x == 0:\n    pass\n" + "".join(f"elif x == {n}:\n    pass\n" for n in range(1000))
    (only,) = found(tmp_path / "layers.py", (chain + RELU).encode())
    assert (only.problem, only.attempts["relu_forward"]) == (None, "attempted")


def test_an_archive_without_its_first_bytes_is_no_fault_of_the_graders(tmp_path: Path) -> None:
    """Rejects a reader that knows only the errors that zipfile documents: this one is a ValueError."""
    (only,) = found(tmp_path / "ada.zip", archive()[10:])
    assert "not a whole zip archive" in (only.problem or "")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_a_bound_are_refused(method: int) -> None:
    """Rejects a reader that unpacks them: a few kilobytes swell to any size before their declared size is looked at."""
    with pytest.raises(Unreadable, match="deflate"):
        from_archive(archive(method))


def test_what_no_rule_foresaw_is_that_submissions_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejects a guard with a list of errors: whatever is raised is a reason."""

    def breaks(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("grader.submission.collecting.look", breaks)
    (only,) = found(tmp_path / "layers.py", RELU.encode())
    assert only.problem == "it cannot be read (RecursionError: too deep)"


@pytest.mark.parametrize("name", ["layers.py", "solution.py", "layers.ipynb", "ada.zip"])
def test_a_large_source_is_refused_at_once_with_the_numbers(tmp_path: Path, name: str) -> None:
    """Rejects a reader that parses what is handed in however large: 3 MB cost 33 s and 1.2 GB."""
    source = "x = 1\n" * 500_000
    data = source.encode()
    if name.endswith(".ipynb"):
        data = writes(new_notebook(cells=[new_code_cell(source)])).encode()
    if name.endswith(".zip"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("exercises/layers.py", source)
        data = packed.getvalue()
    started = time.process_time()
    (only,) = found(tmp_path / name, data)
    assert time.process_time() - started < 2
    assert "2929 KiB of Python, and at most 512 KiB are read" in (only.problem or "")


@pytest.mark.parametrize(
    ("line", "count", "readable"), [("ab+/" * 25, 6000, False), ("a8" * 50, 6000, True), ("a8" * 50, 22_000, False)]
)
def test_a_long_word_weighs_little_and_not_nothing(tmp_path: Path, line: str, count: int, readable: bool) -> None:
    """Rejects a limit of characters, by which the notebook of one file, its checker in it, was not read at all."""
    packed = f'packed = """\n{chr(10).join([line] * count)}\n"""\ndef relu_forward(x): return x, x\n'
    for name in ("layers.ipynb", "layers.py"):
        data = packed if name.endswith("py") else writes(new_notebook(cells=[new_code_cell(packed)]))
        (only,) = found(tmp_path / name, data.encode())
        assert ("KiB of Python" not in (only.problem or "")) is readable


@pytest.mark.slow
def test_notebooks_side_by_side_are_bounded_together(tmp_path: Path) -> None:
    """Rejects a bound for each notebook only: a hundred of them cost a hundred times as much."""
    for number in range(4):
        cell = new_code_cell("x = 1\n" * 30_000)
        (tmp_path / f"{number}.ipynb").write_text(writes(new_notebook(cells=[cell])))
    problems = [s.problem or "" for s in collect(tmp_path, "layers", UNITS, STUBS)]
    assert "4 notebooks hold more than 512 KiB" in problems[0]


@pytest.mark.parametrize("odd", [b"[{}" + b",{}" * 1_000_000 + b"]", b"[" * 2_100_000])
def test_a_notebook_of_too_many_values_is_refused_before_it_is_parsed(odd: bytes) -> None:
    """Rejects a bound on bytes only: small values take twenty times their bytes."""
    with pytest.raises(Unreadable, match="2,000,000 values"):
        read_notebook(odd)


def test_too_many_cells_say_how_many_may_be() -> None:
    """Rejects the message "too many cells", which leaves the author to guess."""
    cell = {"cell_type": "code", "source": "x"}
    with pytest.raises(Unreadable, match="2001 cells, and at most 2000"):
        read_notebook(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell] * 2001}).encode())


def test_a_directory_of_too_many_members_is_refused_before_it_is_read() -> None:
    """Rejects counting the members that zipfile has made objects of."""
    with pytest.raises(Unreadable, match="50000"):
        from_archive(archive() + b"PK\x01\x02" * 50_001)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Rejects reading whatever has the right name: a pipe without a writer never ends."""
    os.mkfifo(tmp_path / "layers.ipynb")
    (only,) = collect(tmp_path / "layers.ipynb", "layers", UNITS, STUBS)
    assert "neither a file nor a folder" in (only.problem or "")
