"""Places in the files that were handed in, for annotations: plain data, which several rooms share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Place", "Places"]


@dataclass(frozen=True)
class Place:
    """Lines of a file; of a notebook those of its JSON text.

    Args:
        file: the path, as the submission was given.
        line: the first line, from 1; None for the file as a whole.
        end_line: the last line.
        cell: of a notebook, which code cell, from 1.

    """

    file: str
    line: int | None = None
    end_line: int | None = None
    cell: int | None = None


@dataclass(frozen=True)
class Places:
    """The places of one submission's work.

    Args:
        exercises: by short name, of each function that is defined there, the definition that counts.
        cells: the code cells of the notebook, in order.
        whole: the file to look at where there is no definition: the module, else the notebook, else the submission itself.

    """

    exercises: Mapping[str, Place] = field(default_factory=dict)
    cells: tuple[Place, ...] = ()
    whole: Place | None = None
