"""What the tests of the student's side share: a folder that is worked in, and three states of its module."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.student import commands as student

RIGHT = "import numpy as np\ndef relu_forward(x):\n    return np.maximum(x, 0), x\n"
WRONG = RIGHT + "def relu_backward(dout, cache):\n    return dout * (dout > 0)\n"
MENDED = RIGHT + "def relu_backward(dout, cache):\n    return dout * (cache > 0)\n"


class Kit:
    """A folder with ``exercises/layers.py`` that is worked in, and the cells of a notebook."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch = folder, monkeypatch
        self.module = folder / "exercises" / "layers.py"
        self.module.parent.mkdir(parents=True)
        (folder / "notebooks").mkdir()
        (self.module.parent / "__init__.py").touch()

    def go(self, where: str | Path) -> None:
        """Begin anew in a folder, from the kit's own, as a new kernel does."""
        self.monkeypatch.chdir(self.folder / where)
        self.monkeypatch.setattr(student, "HERE", student._Here())

    def write(self, text: str) -> None:
        self.module.write_text(text, encoding="utf-8")

    def run(self, cell: str, scope: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run a cell of a notebook."""
        scope = {} if scope is None else scope
        scope |= {name: getattr(student, name) for name in ("check", "hint", "status", "ready")} | {"np": np}
        exec(compile(textwrap.dedent(cell), "<cell>", "exec"), scope)
        return scope


def forget_exercises() -> None:
    """Forget what was imported from any ``exercises/``."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "exercises"]:
        del sys.modules[name]


def at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str = ".") -> Iterator[Kit]:
    """Yield a kit in which one works, for a fixture; nothing of another test is imported, nor left behind."""
    forget_exercises()
    made = Kit(tmp_path / "kit", monkeypatch)
    made.go(where)
    yield made
    forget_exercises()


def flat(text: str) -> str:
    """Return a text in one line."""
    return " ".join(text.split())
