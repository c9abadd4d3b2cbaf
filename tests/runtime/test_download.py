"""A download of a whole class is graded in one command, as it came from the platform."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from grader.cli import command

RIGHT = "import numpy as np\n\n\ndef relu_forward(x):\n    return np.maximum(x, 0), x\n"
WRONG = "def relu_forward(x):\n    return abs(x), x\n"
TAKES = "from exercises.layers import relu_forward"


def book(source: str) -> str:
    return str(writes(new_notebook(cells=[new_code_cell(source, id="c0")])))


@pytest.mark.slow
def test_a_download_of_canvas_is_graded_as_it_was_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rejects grading it as one submission; files that do not find each other; a broken one that costs another anything."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("hw/exercises/layers.py", RIGHT)
        archive.writestr("hw/06_layers.ipynb", book(TAKES))
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        archive.writestr("lovelaceada_101_9001_06_layers-1.ipynb", book(TAKES))
        archive.writestr("lovelaceada_101_9002_layers-1.py", RIGHT)
        archive.writestr("müllerjörg_LATE_102_9003_hw.ipynb", book(WRONG))
        archive.writestr("ngzoë_103_9004_hw.zip", inner.getvalue())
        archive.writestr("smithjohn_104_9005_hw.zip", b"broken")
    monkeypatch.chdir(tmp_path)
    Path("gradmark.toml").write_text('roster = "roster.csv"\n')
    Path("roster.csv").write_text("id,name\nada,Ada Lovelace\njm,Jörg Müller\nzoe,Zoë Ng\n")
    monkeypatch.setattr(
        sys, "argv", ["gradmark", *["grade", "submissions.zip", "--as", "auto", "--assignment", "layers", "--json"]]
    )
    with pytest.raises(SystemExit) as stopped:
        command()
    results = {r["submission"]["id"]: r for r in json.loads(capsys.readouterr().out)["results"]}
    status = {
        who: next(i["status"] for i in r["items"] if i["exercise"] == "layers.relu_forward")
        for who, r in results.items()
    }
    assert status == {"ada": "passed", "jm": "wrong", "zoe": "passed", "smithjohn_104": "skipped"}
    assert results["smithjohn_104"]["notebook"]["status"] == "unreadable"
    assert "hw.zip: it is not a whole zip archive" in results["smithjohn_104"]["notebook"]["error"]
    assert results["ada"]["submission"]["source"] == "submissions.zip/lovelaceada_101_9001_06_layers-1.ipynb and 1 more"
    assert stopped.value.code == 3
