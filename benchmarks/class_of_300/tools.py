"""The tools that run or grade the class, each as its user would start it, and how to tell that it graded.

All get the same notebooks and the same limit of seconds for a cell. nbgrader's have a locked test cell for each exercise after the
student's own cells, in the units for which there are such cells; those that cannot be read as a notebook it gets as they are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from notebooks_class.forms import made, nbgrader_metadata, nbgrader_scores
from notebooks_class.meter import Cost

from class_of_300.questions import cells
from class_of_300.students import KERNEL, Submission, notebook_of

__all__ = ["Gradmark", "Nbclient", "Nbgrader", "Tool"]

RUN = """\
import contextlib, sys, nbformat
from nbclient import NotebookClient
for path in sys.argv[2:]:
    with contextlib.suppress(Exception):
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, kernel_name="python3", timeout=int(sys.argv[1]), allow_errors=True).execute()
"""
"""Every notebook by nbclient on a fresh kernel, in one process; a cell that takes too long or a kernel that dies ends it."""


class Tool(Protocol):
    """One contender."""

    @property
    def name(self) -> str:
        """As in the figures."""

    @property
    def python(self) -> Path:
        """The Python that it is installed beside."""

    @property
    def statuses(self) -> tuple[int, ...]:
        """The exit statuses with which its commands may end on a class with broken submissions."""

    def lay_out(self, folder: Path, students: Sequence[Submission]) -> None:
        """Write what it works on; not measured."""
        ...

    def commands(self, folder: Path) -> list[list[str]]:
        """Return the commands that a user types to have it all done, in ``folder``."""
        ...

    def check(self, folder: Path, cost: Cost, students: Sequence[Submission]) -> None:
        """Hold what it found against what the students deserve.

        Raises:
            RuntimeError: a right submission does not have full score, or a wrong one has.

        """
        ...


def _write(folder: Path, students: Sequence[Submission]) -> None:
    for student in students:
        path = folder / "class" / student.path
        path.parent.mkdir(parents=True)
        path.write_bytes(student.notebook)


def _paths(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in sorted(folder.glob("class/*/*.ipynb"))]


@dataclass(frozen=True)
class Nbclient:
    """Execution alone."""

    python: Path
    cell_seconds: int
    name: str = "nbclient"
    statuses: tuple[int, ...] = (0,)

    def lay_out(self, folder: Path, students: Sequence[Submission]) -> None:
        """See :class:`Tool`."""
        _write(folder, students)
        (folder / "run.py").write_text(RUN, encoding="utf-8")

    def commands(self, folder: Path) -> list[list[str]]:
        """See :class:`Tool`."""
        return [[str(self.python), "run.py", str(self.cell_seconds), *_paths(folder)]]

    def check(self, folder: Path, cost: Cost, students: Sequence[Submission]) -> None:
        """Check nothing: it gives no scores."""


@dataclass(frozen=True)
class Gradmark:
    """Ourselves, with ``jobs`` submissions at a time."""

    python: Path
    cell_seconds: int
    isolation: str
    jobs: int = 1
    name: str = "gradmark"
    statuses: tuple[int, ...] = (0, 3)

    def lay_out(self, folder: Path, students: Sequence[Submission]) -> None:
        """See :class:`Tool`."""
        _write(folder, students)

    def commands(self, folder: Path) -> list[list[str]]:
        """See :class:`Tool`."""
        told = ["--isolation", self.isolation, "--cell-seconds", str(self.cell_seconds), "--jobs", str(self.jobs)]
        return [[str(self.python.parent / "gradmark"), "grade", "--json", *told, *_paths(folder)]]

    def check(self, folder: Path, cost: Cost, students: Sequence[Submission]) -> None:  # noqa: ARG002 - the protocol's
        """See :class:`Tool`; each submission has a result, and none needs a person."""
        results = {Path(r["submission"]["source"]).parent.name: r for r in json.loads(cost.output)["results"]}
        for student in students:
            result = results.get(student.name)
            if result is None or result["needs_person"]:
                raise RuntimeError(f"{student.name} ({student.shows}) has no result that stands: {result}")
            _due(self.name, student, float(result["score"]), float(result["max_score"]))


@dataclass(frozen=True)
class Nbgrader:
    """nbgrader, one assignment a unit: locked test cells in the notebooks, graded from a course folder."""

    python: Path
    cell_seconds: int
    name: str = "nbgrader"
    statuses: tuple[int, ...] = (0, 1)

    def lay_out(self, folder: Path, students: Sequence[Submission]) -> None:
        """See :class:`Tool`; the assignments are generated by nbgrader itself.

        Raises:
            RuntimeError: they could not be.

        """
        config = f'c = get_config()\nc.CourseDirectory.course_id = "course"\nc.Execute.timeout = {self.cell_seconds}\n'
        (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
        for unit in sorted({student.unit for student in students}):
            path = folder / "source" / unit / notebook_of(unit)
            path.parent.mkdir(parents=True)
            title = new_markdown_cell("# The assignment", id="title")
            path.write_bytes(_text(new_notebook(cells=[title, *_tests(unit)], metadata=KERNEL)))
            made([str(self.python.parent / "nbgrader"), "generate_assignment", unit, "--create"], folder, self.python)
        for student in students:
            path = folder / "submitted" / student.name / student.unit / notebook_of(student.unit)
            path.parent.mkdir(parents=True)
            path.write_bytes(_with_tests(student))

    def commands(self, folder: Path) -> list[list[str]]:
        """See :class:`Tool`."""
        units = sorted(path.name for path in (folder / "source").iterdir())
        return [[str(self.python.parent / "nbgrader"), "autograde", unit] for unit in units]

    def check(self, folder: Path, cost: Cost, students: Sequence[Submission]) -> None:  # noqa: ARG002 - the protocol's
        """See :class:`Tool`; its test cells let some wrong answers pass, but not more than half."""
        scores, passed = nbgrader_scores(folder), 0
        for student in students:
            due = float(len(cells(student.unit)))
            if student.kind == "right":
                _due(self.name, student, scores.get(student.name, 0.0), due)
            passed += student.kind == "wrong" and scores.get(student.name, 0.0) >= due
        if passed * 2 > sum(student.kind == "wrong" for student in students):
            raise RuntimeError(f"nbgrader gave {passed} wrong submissions full score: what it measures is not grading")


def _due(tool: str, student: Submission, score: float, full: float) -> None:
    wrong = score != full if student.kind == "right" else score >= full and student.kind == "wrong"
    if wrong:
        raise RuntimeError(
            f"{tool} gave {student.name} ({student.shows}) {score} of {full}: what it measures is not grading"
        )


def _tests(unit: str) -> list[Any]:
    found = []
    for exercise, code in cells(unit).items():
        cell = new_code_cell(code, id=f"test-{exercise}".replace("_", "-"))
        cell.metadata["nbgrader"] = {**nbgrader_metadata(f"test_{exercise}", solution=False), "points": 1}
        found.append(cell)
    return found


def _with_tests(student: Submission) -> bytes:
    try:
        notebook = nbformat.reads(student.notebook.decode(), as_version=4)
    except ValueError:
        return student.notebook
    except nbformat.reader.NotJSONError:
        return student.notebook
    notebook.cells = [*notebook.cells, *_tests(student.unit)]
    return _text(notebook)


def _text(notebook: Any) -> bytes:
    return str(nbformat.writes(notebook)).encode()
