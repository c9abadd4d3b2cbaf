"""From bytes to a notebook or a text, or to one sentence on why that cannot be."""

from __future__ import annotations

import codecs
import json
import re
import warnings
from typing import Any

import nbformat
import nbformat.v4
from nbformat import NotebookNode

__all__ = ["Unreadable", "read_notebook", "read_text"]

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
MOST_CELLS = 2000
HALVES = re.compile("[\ud800-\udfff]")


class Unreadable(Exception):  # noqa: N818 - it names the state of what was handed in
    """What was handed in cannot be read; the message says why, for the student."""


def read_text(data: bytes) -> str:
    """The text of a file: UTF-8 with or without BOM, or UTF-16 with one.

    Raises:
        Unreadable: it is none of these.

    """
    encoding = next((name for bom, name in BOMS if data.startswith(bom)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not {encoding.upper()} text (byte {error.start} cannot be read)") from None


def read_notebook(data: bytes) -> NotebookNode:
    """A Jupyter notebook of nbformat 3 or 4 as nbformat 4, its cells checked to be cells.

    Raises:
        Unreadable: it is no notebook, or none in Python.

    """
    if not data.strip():
        raise Unreadable("the file is empty")
    try:
        raw = json.loads(read_text(data))
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"it is not a whole notebook: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except (RecursionError, ValueError):
        raise Unreadable("it is not a notebook: its JSON is nested too deeply or malformed") from None
    if not isinstance(raw, dict) or type(raw.get("nbformat")) is not int:
        raise Unreadable("it is JSON, and not a notebook: it does not say its nbformat")
    if raw["nbformat"] not in (3, 4):
        raise Unreadable(f"its nbformat is {raw['nbformat']}; 3 and 4 can be read")
    return _checked(_upgraded(raw))


def _upgraded(raw: dict[str, Any]) -> NotebookNode:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbformat warns of what it mends, such as missing cell ids
            if raw["nbformat"] == 4:
                read: NotebookNode = nbformat.v4.to_notebook_json(raw)
            else:
                read = nbformat.convert(nbformat.reader.reads(json.dumps(raw)), 4)
            return read
    except Exception as error:  # a malformed notebook breaks nbformat in any of many ways
        raise Unreadable(f"it is not a well-formed notebook ({type(error).__name__}: {error})"[:300]) from None


def _checked(notebook: NotebookNode) -> NotebookNode:
    cells = notebook.get("cells")
    if not isinstance(cells, list) or len(cells) > MOST_CELLS:
        raise Unreadable(
            "it is not a notebook: it has no list of cells" if not isinstance(cells, list) else "it has too many cells"
        )
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or not isinstance(cell.get("source"), str) or cell.get("cell_type") not in KINDS:
            raise Unreadable(f"cell {number} is not a cell")
        if HALVES.search(cell["source"]):
            raise Unreadable(f"cell {number} is not text: it holds half of a surrogate pair")
    language = _language(notebook.get("metadata"))
    if language is not None and language.casefold() not in ("python", "python3", "ipython"):
        raise Unreadable(f"it is a notebook in {language[:40]}, this course is in Python")
    return notebook


KINDS = ("code", "markdown", "raw")


def _language(metadata: Any) -> str | None:
    """The language that a notebook says it is in, if it says so."""
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        found = metadata.get(section) if isinstance(metadata, dict) else None
        if isinstance(found, dict) and isinstance(found.get(key), str) and found[key]:
            return str(found[key])
    return None
