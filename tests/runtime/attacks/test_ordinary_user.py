"""The attack suite once more, by a user without rights, and the command line started among hostile files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from sampled import one_in
from samples import RELU, notebook

from attacks.declare import ATTACKS
from attacks.ordinary import NOBODY
from attacks.test_attacks import BEST, ROOT

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[2]


@pytest.mark.skipif(not ROOT, reason="the suite ran as an ordinary user already")
def test_the_same_is_stopped_where_an_ordinary_user_grades() -> None:
    some = one_in(3, ATTACKS)
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as folder:
        os.chown(folder, NOBODY, NOBODY)
        visible = [sys.base_prefix, sys.prefix, str(CHECKOUT)]
        command = [
            sys.executable,
            "-P",
            "-B",
            "-m",
            "pytest",
            *(f"{HERE / 'test_attacks.py'}::test_an_attack_is_stopped_where_it_says[{name}]" for name in some),
            "-q",
            "-p",
            "no:cacheprovider",
        ]
        environment = {
            "PATH": os.environ["PATH"], "HOME": folder, "TMPDIR": folder, "GRADMARK_LEVEL": BEST, "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1",
        }  # fmt: skip
        run = subprocess.run(
            [sys.executable, "-I", str(HERE / "ordinary.py"), *visible, "--", *command],
            cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert re.search(rf"^{len(some)} passed", run.stdout, re.MULTILINE), run.stdout[-300:]


SHADOWS = (
    "numpy/__init__.py", "grader/__init__.py", "grader/cli.py", "reference/__init__.py", "sitecustomize.py", "usercustomize.py",
    "conftest.py", "click.py", "rich/__init__.py", "json.py", "nbformat.py", "_gradmark_wire.py",
)  # fmt: skip


def test_the_command_line_imports_nothing_from_the_folder_it_is_started_in(tmp_path: Path) -> None:
    mark = tmp_path / "imported"
    ada = tmp_path / "ada"
    for name in SHADOWS:
        (ada / name).parent.mkdir(parents=True, exist_ok=True)
        (ada / name).write_text(f"open({str(mark)!r}, 'a').write(__name__ + ' ')\n")
    (ada / "06_layers.ipynb").write_text(nbformat.writes(notebook(RELU)))
    command = [str(Path(sys.executable).with_name("gradmark")), "grade", ".", "--json", "--isolation", BEST]
    run = subprocess.run(command, cwd=ada, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    items = {item["exercise"]: item["status"] for item in json.loads(run.stdout)["results"][0]["items"]}
    assert items["layers.relu_backward"] == "passed"
    assert not mark.exists(), mark.read_text()
    # The control: an interpreter that has the folder on its path imports every one of them.
    for name in SHADOWS:
        module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        subprocess.run(
            [sys.executable, "-S", "-c", f"import sys; sys.modules.pop({module!r}, 0); import {module}"],
            cwd=ada,
            check=True,
        )
    assert set(mark.read_text().split()) >= {"numpy", "grader", "sitecustomize", "conftest"}
