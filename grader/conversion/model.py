"""A course's notebook, whichever tool it was written for: cells with their parts in the assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["BEGIN", "END", "Cell", "CourseNotebook", "Left", "Role"]

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
Role = Literal["prose", "given", "solution", "test", "manual", "gone"]
"""``given``: code that students get whole; ``manual``: marked by a person; ``gone``: students never see it."""


@dataclass(frozen=True)
class Cell:
    """One cell.

    Args:
        number: its place in the notebook, from 1.
        kind: of Jupyter: code, markdown or raw.
        role: its part in the assignment.
        source: its text, solutions between :data:`BEGIN` and :data:`END`.
        shown: the text that students get; None for nothing.
        name: its grade id, or the name of its question.
        points: of a test or a cell that is marked by a person, alone or, with the same ``group``, together.
        group: cells with one number belong to one question.
        hidden: the lines of a test, from 1, that students do not see.
        output: what the cell printed or returned when it was saved, as text.
        attachments: the pictures of a cell of prose, as Jupyter keeps them.

    """

    number: int
    kind: Literal["code", "markdown", "raw"]
    role: Role
    source: str
    shown: str | None
    name: str = ""
    points: float = 0.0
    group: int = 0
    hidden: frozenset[int] = frozenset()
    output: str | None = None
    attachments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Left:
    """Something that was not carried over: the cell, the reason, and its text."""

    cell: int
    reason: str
    text: str = ""


@dataclass(frozen=True)
class CourseNotebook:
    """A notebook as its course keeps it; ``left`` has what its form already forbids to carry over."""

    tool: Literal["nbgrader", "otter"]
    cells: tuple[Cell, ...]
    left: tuple[Left, ...] = ()
