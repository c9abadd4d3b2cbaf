"""A submission as it was collected, and what is asked of it: units with their exercises, and stubs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode

from grader.judging import Attempt
from grader.submission.attempts import Where

__all__ = ["StubsOf", "Submission", "Units"]

Units = Mapping[str, frozenset[str]]
"""By unit the short names of its exercises."""
StubsOf = Callable[[str], Mapping[str, str]]
"""From a student's id to the stubs that are theirs alone, by unit."""


@dataclass(frozen=True)
class Submission:
    """One submission for one assignment.

    ``files`` are the bytes of the files in the kernel's folder, by relative name; ``attempts`` and ``where`` have the exercises'
    short names as keys. ``has_module`` is True if the submission has its own ``exercises/<unit>.py``. ``problem`` is the reason,
    in a sentence, for which nothing can be graded; else None. ``incomplete`` is the file without which the notebook's functions
    are not there, where it has none of its own; else None. ``student`` is whose variant it is graded by: an id that the grader was
    given or that the name of the submission tells, and never one that stands in it. ``asked`` are the exercises of the unit that
    an exam asks of this student, None for all; ``paper`` says whose paper it is, where it is not theirs.
    """

    id: str
    source: str
    sha256: str | None
    assignment: str | None
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    notebook_path: str | None = None
    notebook: NotebookNode | None = field(default=None, repr=False)
    problem: str | None = None
    attempts: Mapping[str, Attempt] = field(default_factory=dict, repr=False)
    where: Mapping[str, Where] = field(default_factory=dict, repr=False)
    has_module: bool = False
    notes: tuple[str, ...] = ()
    incomplete: str | None = None
    student: str = ""
    asked: frozenset[str] | None = None
    paper: str = ""

    def functions_there(self) -> list[str]:
        """Return the functions of the unit that are in it, written or not: ``layers.relu_forward``."""
        return [f"{self.assignment}.{name}" for name, attempt in self.attempts.items() if attempt != "missing"]
