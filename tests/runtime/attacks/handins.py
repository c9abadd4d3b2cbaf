"""Attacks by what is handed in: archives that climb, packages that stand in for the grader's."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from attacks.declare import handed_in

Packed = Callable[[Path, SimpleNamespace], Path]


def zipped(*members: tuple[str, str, int], by: str = "open") -> Packed:
    """A packer of an archive: members by name, content and kind; ``{open}`` stands for a folder of the grader's."""

    def pack(folder: Path, aim: SimpleNamespace) -> Path:
        path = folder.parent / "ada.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(folder / "06_layers.ipynb", "06_layers.ipynb")
            for name, text, kind in members:
                info = zipfile.ZipInfo(name.format(**vars(aim)))
                info.external_attr = (kind | 0o644) << 16
                archive.writestr(info, text.format(**vars(aim)))
        return path

    return pack


FILE, LINK = 0o100000, 0o120000
REFUSED = {"ends": ("unreadable",), "honest": False}
UP = "../" * 12

handed_in("climbing_archive", "escape", "hands in an archive whose member climbs out of it", "pass",
          pack=zipped((UP + "{open}/planted.py", "planted", FILE)), fools="unpacking", says="climbs", **REFUSED)  # fmt: skip
handed_in("absolute_archive", "escape", "hands in an archive with an absolute member", "pass",
          pack=zipped(("{open}/planted.py", "planted", FILE)), fools="unpacking", says="is absolute", **REFUSED)  # fmt: skip
handed_in("linking_archive", "escape", "hands in an archive whose link leads out, and a file through it", "pass",
          pack=zipped(("out", "{open}", LINK), ("out/planted.py", "planted", FILE)), fools="unpacking",
          says="is a link", **REFUSED)  # fmt: skip
handed_in("swelling_archive", "exhaustion", "hands in an archive of a few kilobytes that swells to 80 MiB", "pass",
          pack=lambda folder, aim: _bomb(folder), says="beyond 64 MiB", **REFUSED)  # fmt: skip


def _bomb(folder: Path) -> Path:
    path = folder.parent / "ada.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "06_layers.ipynb", "06_layers.ipynb")
        archive.writestr("zeros", bytes(80 << 20))
    assert path.stat().st_size < 1 << 20
    return path


def _deep(folder: Path) -> Path:
    path = folder / "06_layers.ipynb"
    path.write_text('{"cells": ' + "[" * 200_000 + "]" * 200_000 + "}")
    return path


def _many(folder: Path, aim: SimpleNamespace) -> Path:
    for i in range(400):
        deep = folder.joinpath(*(f"{i}-{j}" for j in range(14)))
        deep.mkdir(parents=True)
        (deep / "file.txt").write_text("x")
    return folder


handed_in("many_folders", "exhaustion", "hands in 400 files in 5,600 folders", "pass", pack=_many, honest=False,
          ends=("ok", "unreadable"), says="layers.relu_forward")  # fmt: skip
handed_in("deep_notebook", "exhaustion", "hands in a notebook nested 200,000 lists deep", "pass",
          pack=lambda folder, aim: _deep(folder), says="nested|deep|not a notebook|JSON", **REFUSED)  # fmt: skip


# ----------------------------------------------------------------------- packages that stand in for ours
STANDIN = "print('reached: imported in the place of ' + __name__)\n"
PASSES = "def check(*names): print('PASSED')\ndef grade(*args, **named): return 100.0\n"

handed_in("brings_its_own_grader", "escape", "brings a grader/ and a reference/ of its own", """
from grader.student import check
check("layers.tanh_forward")
try:
    from reference.layers import tanh_forward
except ImportError as error:
    print(error)
""", files={
    "grader/__init__.py": STANDIN + PASSES, "grader/student.py": STANDIN + PASSES, "grader/judging/__init__.py": STANDIN,
    "reference/__init__.py": "", "reference/layers.py": STANDIN + "def tanh_forward(x): return x, x\n",
}, fools="importing")  # fmt: skip

handed_in("brings_its_own_numpy", "escape", "brings a numpy/ of its own", "import numpy\nimport json",
          files={"numpy/__init__.py": STANDIN, "json.py": STANDIN, "_gradmark_agent.py": STANDIN,
                 "_gradmark_wire.py": STANDIN, "ipykernel/__init__.py": STANDIN}, fools="importing")  # fmt: skip

handed_in("brings_customisation", "escape", "brings a sitecustomize, a usercustomize, a conftest and a path file", "pass",
          files=dict.fromkeys(("sitecustomize.py", "usercustomize.py", "conftest.py", "antigravity.py"), STANDIN)
          | {"evil.pth": "import sys; print('reached: a path file')\n", "pytest.ini": "[pytest]\naddopts = -p conftest\n"},
          fools="importing")  # fmt: skip

handed_in("brings_a_course_file", "escape", "brings a course file that lifts limits and isolation", """
while True: pass
""", files={
    "gradmark.toml": 'isolation = "none"\n[limits]\ncell_seconds = 900\nrestarts = 900\n',
    "pyproject.toml": '[tool.gradmark]\nisolation = "none"\n', ".env": "GRADMARK_ISOLATION=none\n",
}, ends=("timed_out",), says="did not end within 1 s", hasty=True)  # fmt: skip
