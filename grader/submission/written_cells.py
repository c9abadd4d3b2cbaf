"""The cells of a notebook that was written as a Python file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["WrittenCell", "WrittenCells"]


@dataclass(frozen=True)
class WrittenCell:
    """A cell: its kind, its source, and the line of the file, from 1, on which each line of the source stands."""

    kind: Literal["code", "markdown", "raw"]
    source: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class WrittenCells:
    """The cells in the order of the file; ``order``: the numbers of the code cells, from 1, in the order in which they run.

    ``remarks`` are sentences for the person who grades.
    """

    cells: tuple[WrittenCell, ...]
    order: tuple[int, ...]
    remarks: tuple[str, ...] = ()
