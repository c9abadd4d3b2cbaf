"""The same answers checked by the peers, as their students do it: otter's ``grader.check`` in a cell, and ``nbgrader validate``.

Both get what our public checks hold two answers against: the worked examples of the exercise, compared by ``np.allclose``. They
compare and explain nothing; ours checks slopes and arguments too, and explains.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from nbformat.v4 import new_code_cell, new_notebook, writes
from notebooks_class.forms import KERNEL, environment, nbgrader_metadata
from notebooks_class.turns import once

from check_live.kernels import Kernel
from grader.student.public import public_unit

__all__ = ["ANSWERS", "Answer", "nbgrader_seconds", "otter_seconds"]


SAID = {
    "otter": {"right": "All test cases passed!", "wrong": "Got: False"},
    "nbgrader": {"right": "Success! Your notebook passes all the tests.", "wrong": "AssertionError"},
}
"""What a peer says of an answer that it judged; of one that it could not run it says something else."""


@dataclass(frozen=True)
class Answer:
    """One exercise of layers, answered right and wrong: the body of its forward pass, and bodies of its backward pass."""

    layer: str
    takes: str
    forward: str
    right: str
    wrong: str
    mistake: str
    """the name of the wrong one among the declared mistakes"""

    @property
    def exercise(self) -> str:
        """The exercise's full name."""
        return f"layers.{self.layer}_backward"

    def cell(self, *, right: bool) -> str:
        """The cell in which a student writes both functions."""
        body = self.right if right else self.wrong
        return (
            f"import numpy as np\n\n\ndef {self.layer}_forward({self.takes}):\n    {self.forward}\n\n\n"
            f"def {self.layer}_backward(dout, cache):\n    {body}\n"
        )


TAKEN = "x, w, b = cache\n    "
AFFINE = "return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)"
ANSWERS = (
    Answer("relu", "x", "return np.maximum(x, 0), x", "return dout * (cache > 0)", "return dout * (dout > 0)", "masks_by_upstream"),
    Answer(
        "affine", "x, w, b", "return x.reshape(len(x), -1) @ w + b, (x, w, b)", TAKEN + AFFINE,
        TAKEN + AFFINE.replace("dout.sum", "dout.mean"), "averages_db",
    ),
)  # fmt: skip
"""The two exercises that are measured in all tools."""


def otter_seconds(python: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds of ``grader.check`` to what it shows, in a live kernel, by kind of answer; the first check is left out.

    Raises:
        RuntimeError: a cell raised, or otter says something else of an answer than it deserves.

    """
    with tempfile.TemporaryDirectory(prefix="bench-") as room:
        folder = Path(room) / "course"
        (folder / "tests").mkdir(parents=True)
        for answer in ANSWERS:
            (folder / "tests" / f"{answer.layer}_backward.py").write_text(_otter_test(answer), encoding="utf-8")
        (folder / "layers.ipynb").write_text(str(writes(new_notebook(metadata=KERNEL))), encoding="utf-8")
        found: dict[str, list[float]] = {"right": [], "wrong": []}
        with Kernel(python, folder, environment(python, Path(room))) as kernel:
            kernel.run("import otter\ngrader = otter.Notebook()")
            for answer, kind in _turns(rounds):
                kernel.run(answer.cell(right=kind == "right"))
                ran = kernel.run(f'grader.check("{answer.layer}_backward")')
                if ran.shown_s is None or SAID["otter"][kind] not in " ".join(ran.text.split()):
                    raise RuntimeError(f"otter says of a {kind} answer:\n{ran.text}")
                found[kind].append(ran.shown_s)
    return {**found, "wrong": found["wrong"][1:]}


def nbgrader_seconds(python: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds of ``nbgrader validate`` on a notebook with one answer, by kind of answer.

    Raises:
        RuntimeError: the command failed, or says something else of an answer than it deserves.

    """
    found: dict[str, list[float]] = {"right": [], "wrong": []}
    for answer, kind in _turns(rounds):
        with tempfile.TemporaryDirectory(prefix="bench-") as room:
            (Path(room) / "layers.ipynb").write_text(
                _nbgrader_notebook(answer, right=kind == "right"), encoding="utf-8"
            )
            cost = once(lambda _: [[str(python.parent / "nbgrader"), "validate", "layers.ipynb"]], python, Path(room))
        if SAID["nbgrader"][kind] not in cost.output:
            raise RuntimeError(f"nbgrader says of a {kind} answer:\n{cost.output}")
        found[kind].append(cost.wall_ms / 1e3)
    return found


def _turns(rounds: int) -> list[tuple[Answer, str]]:
    """Each answer wrong and then right, so many times."""
    return [(answer, kind) for _ in range(rounds) for answer in ANSWERS for kind in ("wrong", "right")]


def _examples(answer: Answer) -> list[tuple[str, str]]:
    """For each worked example a statement that calls the student's functions, and an expression that ought to be true."""
    found = []
    for case in public_unit("layers").examples(answer.exercise):
        assert case.expected is not None
        told = ", ".join(_literal(value) for name, value in case.inputs.items() if name != "dout")
        due = ", ".join(_literal(expected.value) for expected in case.expected)
        call = f"{answer.layer}_backward({_literal(case.inputs['dout'])}, {answer.layer}_forward({told})[1])"
        pairs = f"zip(got if type(got) is tuple else (got,), ({due},), strict=True)"
        found.append((f"got = {call}", f"all(np.allclose(g, e) for g, e in {pairs})"))
    return found


def _literal(value: Any) -> str:
    return f"np.array({np.asarray(value).tolist()!r})"


def _otter_test(answer: Answer) -> str:
    """A test file of otter in the format of OK, a case for each worked example."""
    cases = [
        {"code": f">>> {call}\n>>> {true}\nTrue", "hidden": False, "locked": False} for call, true in _examples(answer)
    ]
    suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    return f"OK_FORMAT = True\n\ntest = {{'name': '{answer.layer}_backward', 'points': 1, 'suites': [{suite!r}]}}\n"


def _nbgrader_notebook(answer: Answer, *, right: bool) -> str:
    """A notebook with the student's cell, and a locked test cell with an assertion for each worked example."""
    solution, test = new_code_cell(answer.cell(right=right), id="answer"), new_code_cell(id="test")
    test.source = "\n".join(f"{call}\nassert {true}" for call, true in _examples(answer))
    solution.metadata["nbgrader"] = nbgrader_metadata("answer", solution=True)
    test.metadata["nbgrader"] = {**nbgrader_metadata("test", solution=False), "points": 1}
    return str(writes(new_notebook(cells=[solution, test], metadata=KERNEL)))
