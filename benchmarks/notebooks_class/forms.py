"""The class on disk, in the form that each grader asks for, and the commands by which a user has it graded.

Every tool gets the same cells of the same students. What differs is what the tool needs: nbgrader locked test cells with metadata
and a course folder, otter its test files in a zip, Gradmark nothing but the notebooks (its bank has the questions).
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from grader.errors import IsolationError
from grader.runtime import resolve
from notebooks_class.meter import Cost
from notebooks_class.students import POINTS, TESTS, Student

__all__ = [
    "Floor",
    "Gradmark",
    "Nbclient",
    "Nbgrader",
    "Otter",
    "Tool",
    "best_level",
    "environment",
    "made",
    "nbgrader_metadata",
    "nbgrader_scores",
]

NAME = "06_layers"
TITLE = "# Layers\n\nFill in the two functions."
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
FLOOR = """\
import contextlib, json, sys
for path in sys.argv[1:]:
    scope = {"__name__": "__main__"}
    for cell in json.load(open(path, encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            with contextlib.suppress(Exception):
                exec(compile("".join(cell["source"]), path, "exec"), scope)
"""
"""The notebooks' code and nothing around it: no kernel, no protection, no questions, one process for all."""


def best_level() -> str:
    """``full`` if it is to be had here, else whatever ``auto`` gives."""
    try:
        return resolve("full").level
    except IsolationError:
        return resolve("auto").level


def environment(python: Path, folder: Path) -> dict[str, str]:
    """Nothing of the user's own: one BLAS thread, the tool's programs first, a home of its own."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {"PATH": f"{python.parent}:/usr/local/bin:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", **threads}


class Tool(Protocol):
    """One contender."""

    @property
    def name(self) -> str:
        """As in the figures."""

    @property
    def asked(self) -> str:
        """Its task, in a sentence."""

    @property
    def python(self) -> Path:
        """The Python that it is installed beside."""

    def lay_out(self, folder: Path, students: Sequence[Student]) -> None:
        """Write what it grades; not measured."""
        ...

    def commands(self, folder: Path) -> list[list[str]]:
        """Return the commands that a user types to have it all graded, in ``folder``."""
        ...

    def scores(self, folder: Path, cost: Cost) -> dict[str, float] | None:
        """Points by student, None if it gives none."""
        ...


def _plain(student: Student) -> str:
    """The notebook as a student saves it."""
    cells = [new_markdown_cell(TITLE, id="title")]
    cells += [new_code_cell(source, id=name) for name, source in student.cells.items()]
    return str(writes(new_notebook(cells=cells, metadata=KERNEL)))


def _notebooks(folder: Path, students: Sequence[Student]) -> None:
    for student in students:
        home = folder / "class" / student.name
        home.mkdir(parents=True)
        (home / f"{NAME}.ipynb").write_text(_plain(student), encoding="utf-8")


def _paths(folder: Path) -> list[str]:
    return [str(p.relative_to(folder)) for p in sorted(folder.glob(f"class/*/{NAME}.ipynb"))]


def made(command: list[str], folder: Path, python: Path) -> None:
    """Have a tool prepare what it needs itself.

    Raises:
        RuntimeError: it could not.

    """
    ended = subprocess.run(  # noqa: S603 - our own words
        command, cwd=folder, env=environment(python, folder), capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{ended.stdout}{ended.stderr}")


@dataclass(frozen=True)
class Floor:
    """The code alone, by ``exec``."""

    python: Path
    name: str = "floor"
    asked: str = "python running the code cells of all notebooks by plain exec, one process, nothing judged"

    def lay_out(self, folder: Path, students: Sequence[Student]) -> None:
        """See :class:`Tool`."""
        _notebooks(folder, students)
        (folder / "floor.py").write_text(FLOOR, encoding="utf-8")

    def commands(self, folder: Path) -> list[list[str]]:
        """See :class:`Tool`."""
        return [[str(self.python), "floor.py", *_paths(folder)]]

    def scores(self, folder: Path, cost: Cost) -> None:
        """It gives none."""


@dataclass(frozen=True)
class Nbclient:
    """Execution alone, on a stock kernel each."""

    python: Path
    name: str = "nbclient"
    asked: str = "jupyter execute --allow-errors on all notebooks in one command, nothing judged"

    def lay_out(self, folder: Path, students: Sequence[Student]) -> None:
        """See :class:`Tool`."""
        _notebooks(folder, students)

    def commands(self, folder: Path) -> list[list[str]]:
        """See :class:`Tool`."""
        return [[str(self.python.parent / "jupyter-execute"), "--allow-errors", "--timeout=60", *_paths(folder)]]

    def scores(self, folder: Path, cost: Cost) -> None:
        """It gives none."""


@dataclass(frozen=True)
class Gradmark:
    """Ourselves."""

    python: Path
    isolation: str
    name: str = "gradmark"
    asked: str = (
        "gradmark grade --json on all notebooks in one command: all checks of the two exercises, what is wrong diagnosed; "
        "the other exercises of the unit are reported as missing"
    )

    def lay_out(self, folder: Path, students: Sequence[Student]) -> None:
        """See :class:`Tool`."""
        _notebooks(folder, students)

    def commands(self, folder: Path) -> list[list[str]]:
        """See :class:`Tool`."""
        told = ["grade", "--assignment", "layers", "--isolation", self.isolation, "--json"]
        return [[str(self.python.parent / "gradmark"), *told, *_paths(folder)]]

    def scores(self, folder: Path, cost: Cost) -> dict[str, float]:  # noqa: ARG002 - the protocol's
        """See :class:`Tool`."""
        asked = {f"layers.{name}" for name in POINTS}
        return {
            Path(r["submission"]["source"]).parent.name: sum(i["score"] for i in r["items"] if i["exercise"] in asked)
            for r in json.loads(cost.output)["results"]
        }


@dataclass(frozen=True)
class Nbgrader:
    """nbgrader: locked test cells in the notebook, graded from a course folder."""

    python: Path
    name: str = "nbgrader"
    asked: str = "nbgrader autograde on a fresh course folder, one command: 4 test cells worth 10 points"

    def lay_out(self, folder: Path, students: Sequence[Student]) -> None:
        """See :class:`Tool`; the assignment is generated by nbgrader itself.

        Raises:
            RuntimeError: it could not be.

        """
        self._write(folder / "source" / "layers", self._cells(students[0], solution=True))
        config = 'c = get_config()\nc.CourseDirectory.course_id = "course"\n'
        (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
        made([str(self.python.parent / "nbgrader"), "generate_assignment", "layers", "--create"], folder, self.python)
        for student in students:
            self._write(folder / "submitted" / student.name / "layers", self._cells(student, solution=False))

    def commands(self, folder: Path) -> list[list[str]]:  # noqa: ARG002 - the protocol's
        """See :class:`Tool`."""
        return [[str(self.python.parent / "nbgrader"), "autograde", "layers"]]

    def scores(self, folder: Path, cost: Cost) -> dict[str, float]:  # noqa: ARG002 - the protocol's
        """See :class:`Tool`; from nbgrader's own database."""
        return nbgrader_scores(folder)

    @staticmethod
    def _write(folder: Path, cells: list[Any]) -> None:
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(str(writes(new_notebook(cells=cells, metadata=KERNEL))), encoding="utf-8")

    @staticmethod
    def _cells(student: Student, *, solution: bool) -> list[Any]:
        cells = [new_markdown_cell(TITLE, id="title")]
        for name, source in student.cells.items():
            cell = new_code_cell(source, id=name)
            if name in POINTS:
                head, body = source.split("\n", 1)
                if solution:
                    cell.source = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
                cell.metadata["nbgrader"] = nbgrader_metadata(name, solution=True)
            cells.append(cell)
        for function, name, points, code in TESTS:
            cell = new_code_cell(code, id=f"{function}-{name}")
            cell.metadata["nbgrader"] = {**nbgrader_metadata(f"{function}_{name}", solution=False), "points": points}
            cells.append(cell)
        return cells


def nbgrader_metadata(name: str, *, solution: bool) -> dict[str, Any]:
    """Metadata for nbgrader of an answer, or of a test."""
    test = not solution
    return {"grade_id": name, "grade": test, "solution": solution, "locked": test, "task": False, "schema_version": 3}


def nbgrader_scores(folder: Path) -> dict[str, float]:
    """Points by student, from the database in a course folder of nbgrader."""
    query = (
        "SELECT submitted_assignment.student_id, SUM(grade.auto_score) FROM grade "
        "JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id "
        "JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id "
        "GROUP BY submitted_assignment.student_id"
    )
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db")) as database:
        return {str(name): float(score or 0) for name, score in database.execute(query)}


@dataclass(frozen=True)
class Otter:
    """otter-grader without its containers: test files in a zip, one command a submission, which is how it is used."""

    python: Path
    name: str = "otter"
    asked: str = "otter run once a submission: 4 test cases in 2 test files worth 10 points"

    def lay_out(self, folder: Path, students: Sequence[Student]) -> None:
        """See :class:`Tool`; the zip is made by otter itself.

        Raises:
            RuntimeError: it could not be.

        """
        _notebooks(folder, students)
        (folder / "tests").mkdir()
        for function in POINTS:
            text = f'OK_FORMAT = False\nname = "{function}"\npoints = None\n\nfrom otter.test_files import test_case\n'
            for owner, name, points, code in TESTS:
                if owner == function:
                    body = "".join(f"    {line}\n" for line in ["import numpy as np", *code.splitlines()])
                    text += f"\n@test_case(points={points})\ndef test_{name}({function}):\n{body}"
            (folder / "tests" / f"{function}.py").write_text(text, encoding="utf-8")
        generate = [str(self.python.parent / "otter"), "generate", "-t", "tests", "-o", "autograder.zip"]
        made([*generate, "--no-environment", "--no-requirements"], folder, self.python)

    def commands(self, folder: Path) -> list[list[str]]:
        """See :class:`Tool`."""
        otter = [str(self.python.parent / "otter"), "run", "-a", "autograder.zip", "-o"]
        return [[*otter, str(Path(path).parent), path] for path in _paths(folder)]

    def scores(self, folder: Path, cost: Cost) -> dict[str, float]:  # noqa: ARG002 - the protocol's
        """See :class:`Tool`."""
        found = {}
        for path in sorted(folder.glob("class/*/results.json")):
            tests = json.loads(path.read_text(encoding="utf-8"))["tests"]
            found[path.parent.name] = sum(float(test.get("score") or 0) for test in tests)
        return found
