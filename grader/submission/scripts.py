"""Notebooks that are Python files: those of marimo, and scripts whose cells begin with ``# %%``. They are read as text.

A module that holds no cells is none of them, and remains a module.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Literal

from nbformat import NotebookNode

from grader.submission.marimo import read_marimo
from grader.submission.percent import read_percent
from grader.submission.reading import MOST_CELLS, MOST_TEXT, Unreadable, bounded_source, read_notebook, read_text
from grader.submission.written_cells import WrittenCells

__all__ = ["Kind", "cells_of_script", "kind_of_script", "paired", "read_work", "scripts_in"]

Kind = Literal["marimo", "percent"]
IMPORTS = re.compile(rb"^import marimo\b", re.MULTILINE)
APP = re.compile(rb"^\w+[ \t]*=[ \t]*\w+\.App\(", re.MULTILINE)
PERCENT = re.compile(rb"^#[ \t]?%%(?:[ \t\r\n]|\Z)", re.MULTILINE)
LIGHT = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:#[^\n]*\n|[ \t\r]*\n){0,9}#[ \t]---[ \t\r]*\n(?:#[^\n]*\n){0,60}#[ \t]+jupytext:"
)
"""The head of a script that Jupytext wrote: it names its format itself."""


def kind_of_script(name: str, data: bytes) -> Kind | None:
    """Return what kind of notebook a Python file is; None for a module, and for all that stands in ``exercises/``."""
    path = PurePosixPath(name)
    if path.suffix.lower() != ".py" or path.parent.name == "exercises" or len(data) > MOST_TEXT:
        return None
    if not any(word in data for word in (b"%%", b"marimo", b"jupytext")):
        return None
    if IMPORTS.search(data) and APP.search(data):
        return "marimo"
    return "percent" if PERCENT.search(data) or LIGHT.match(data) else None


def scripts_in(files: Mapping[str, bytes]) -> dict[str, Kind]:
    """Return by name the files that are notebooks written as Python."""
    return {name: kind for name, data in sorted(files.items()) if (kind := kind_of_script(name, data)) is not None}


def paired(name: str, files: Mapping[str, bytes]) -> bool:
    """Return True for a script beside a notebook of the same name: Jupytext keeps the two alike."""
    return str(PurePosixPath(name).with_suffix(".ipynb")) in files


def read_work(name: str, data: bytes) -> NotebookNode:
    """Read a notebook in whatever format it was handed in.

    Of one that is a script the node has three entries more: its ``kind``; ``order``, the numbers of the code cells, from 1, as they
    are to be run; and ``remarks``, sentences for the person who grades. A notebook that is JSON cannot have them.

    Raises:
        Unreadable: it cannot be read; the message has the reason.

    """
    kind = kind_of_script(name, data)
    if kind is None:
        return read_notebook(data)
    script = cells_of_script(kind, data)
    cells = [NotebookNode(cell_type=c.kind, source=c.source, metadata=NotebookNode()) for c in script.cells]
    return NotebookNode(
        nbformat=4,
        nbformat_minor=4,  # cells of 4.5 have ids
        metadata=NotebookNode(),
        cells=cells,
        kind=kind,
        order=list(script.order),
        remarks=list(script.remarks),
    )


def cells_of_script(kind: Kind, data: bytes) -> WrittenCells:
    """Read the cells of a script, each with its lines.

    Raises:
        Unreadable: as :func:`read_work`.

    """
    bounded_source("it holds", [data])
    text = read_text(data).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise Unreadable("it is not text: it holds a null character")
    script = read_marimo(text) if kind == "marimo" else read_percent(text)
    if len(script.cells) > MOST_CELLS:
        raise Unreadable(
            f"it has {len(script.cells)} cells, and at most {MOST_CELLS} are read: leave out what is no part of the answer"
        )
    return script
