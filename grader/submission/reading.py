"""The reading of submitted bytes as a notebook or a text; :class:`Unreadable` gives the reason if that fails."""

from __future__ import annotations

import codecs
import json
import re
import warnings
from collections.abc import Iterable
from typing import Any

import nbformat
from nbformat import NotebookNode

__all__ = ["MOST_SOURCE", "MOST_TEXT", "Unreadable", "bounded_source", "read_notebook", "read_text", "weight"]

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
MOST_CELLS = 2000
MOST_SOURCE = 512 << 10
"""The most that is parsed of one notebook or module, by :func:`weight`: the tree of a source is hundreds of times its size."""
MOST_TEXT = 4 * MOST_SOURCE
"""The most bytes of it, whatever they weigh."""
LONG_WORD = re.compile(r"\w{9,}", re.ASCII)
LONG_BYTES = re.compile(rb"\w{9,}")
MOST_NOTEBOOK = 32 << 20
MOST_VALUES = 2_000_000
"""The most brackets and commas of a notebook's JSON: so many objects at most come of it."""
HALVES = re.compile("[\ud800-\udfff]")


class Unreadable(Exception):  # noqa: N818 - it names the state of what was handed in
    """A submission, or a file of it, that cannot be read; the message is the reason, for the student."""


def weight(source: str | bytes) -> int:
    """Return the size of a source, of a word at most eight: a syntax tree grows with the words and signs, not with their length.

    A notebook of one file carries its checker as half a million characters of base64, which is a hundred and fifty thousand so.
    """
    return len(LONG_WORD.sub("8 of it.", source) if isinstance(source, str) else LONG_BYTES.sub(b"8 of it.", source))


def bounded_source(who: str, sources: Iterable[str | bytes]) -> None:
    """Refuse sources that together weigh more than ``MOST_SOURCE``, or are longer than ``MOST_TEXT``.

    Args:
        who: the beginning of the message: "its module holds".
        sources: texts or bytes of Python.

    Raises:
        Unreadable: they are larger; the message has both numbers.

    """
    size = weighed = 0
    for source in sources:
        size += len(source)
        weighed += weight(source) if size <= MOST_TEXT else 0
    if size > MOST_TEXT or weighed > MOST_SOURCE:
        counted = size if size > MOST_TEXT else weighed
        raise Unreadable(
            f"{who} {counted >> 10} KiB of Python, and at most {MOST_SOURCE >> 10} KiB are read: leave out what is no answer"
        )


def read_text(data: bytes) -> str:
    """Decode the text of a file: UTF-8 with or without a byte-order mark, or UTF-16 with one.

    Raises:
        Unreadable: the bytes are in neither encoding.

    """
    encoding = next((name for bom, name in BOMS if data.startswith(bom)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not {encoding.upper()} text (byte {error.start} cannot be read)") from None


def read_notebook(data: bytes, *, whole: bool = False) -> NotebookNode:
    """Read a Jupyter notebook of nbformat 3 or 4, and keep of it the kinds, sources and ids of its cells and its own metadata.

    With ``whole`` cells keep their metadata, attachments and, as text in ``output``, what they last returned or printed.

    Raises:
        Unreadable: the bytes are no notebook, or one in another language than Python.

    """
    if not data.strip():
        raise Unreadable("the file is empty")
    if len(data) > MOST_NOTEBOOK or sum(map(data.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise Unreadable(
            f"it is too large a notebook: at most {MOST_NOTEBOOK >> 20} MiB and {MOST_VALUES:,} values are read;"
            " clear its outputs and hand it in again"
        )
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
        raise Unreadable(f"its nbformat is {str(raw['nbformat'])[:40]}; 3 and 4 can be read")
    notebook = _notebook(raw if raw["nbformat"] == 4 else _upgraded(raw), whole=whole)
    language = _language(notebook.metadata)
    if language is not None and language.casefold() not in ("python", "python3", "ipython"):
        raise Unreadable(f"it is a notebook in {language[:40]}, this course is in Python")
    return notebook


def _upgraded(raw: dict[str, Any]) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbformat warns of what it mends, such as missing cell ids
            upgraded: NotebookNode = nbformat.convert(nbformat.reader.reads(json.dumps(raw)), 4)
            return upgraded
    except Exception as error:  # a malformed notebook breaks nbformat in any of many ways
        raise Unreadable(f"it is not a well-formed notebook ({type(error).__name__}: {error})"[:300]) from None


def _notebook(raw: dict[str, Any], *, whole: bool) -> NotebookNode:
    cells, metadata, minor = (raw.get(key) for key in ("cells", "metadata", "nbformat_minor"))
    if not isinstance(cells, list):
        raise Unreadable("it is not a notebook: it has no list of cells")
    if len(cells) > MOST_CELLS:
        raise Unreadable(
            f"it has {len(cells)} cells, and at most {MOST_CELLS} are read: leave out what is no part of the answer"
        )
    return NotebookNode(
        nbformat=4,
        nbformat_minor=minor if type(minor) is int and 0 <= minor < 100 else 0,
        metadata=metadata if isinstance(metadata, dict) else {},
        cells=[_cell(number, cell, whole=whole) for number, cell in enumerate(cells, 1)],
    )


def _cell(number: int, raw: Any, *, whole: bool) -> NotebookNode:
    kind, source, ident = (raw.get(key) if isinstance(raw, dict) else None for key in ("cell_type", "source", "id"))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if kind not in KINDS or not isinstance(source, str):
        raise Unreadable(f"cell {number} is not a cell")
    if HALVES.search(source):
        raise Unreadable(f"cell {number} is not text: it holds half of a surrogate pair")
    cell = NotebookNode(cell_type=kind, source=source, metadata=NotebookNode())
    if isinstance(ident, str):
        cell["id"] = ident
    if whole:
        for key in ("metadata", "attachments"):
            found = raw.get(key)
            cell[key] = nbformat.from_dict(found) if isinstance(found, dict) else NotebookNode()
        cell["output"] = _output(raw.get("outputs"))
    return cell


def _output(outputs: Any) -> str | None:
    """Return what a cell returned or printed, the last of it, as text; None if it did neither."""
    last = outputs[-1] if isinstance(outputs, list) and outputs else None
    data = last.get("data") if isinstance(last, dict) else None
    text = data.get("text/plain") if isinstance(data, dict) else last.get("text") if isinstance(last, dict) else None
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "".join(text)
    return text if isinstance(text, str) else None


KINDS = ("code", "markdown", "raw")


def _language(metadata: Any) -> str | None:
    """Return the language that a notebook's metadata names; None if they name none."""
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        found = metadata.get(section) if isinstance(metadata, dict) else None
        if isinstance(found, dict) and isinstance(found.get(key), str) and found[key]:
            return str(found[key])
    return None
