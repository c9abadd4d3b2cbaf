"""CSV files of a course, as offices, learning platforms and spreadsheets write them: each row with its line and known columns."""

from __future__ import annotations

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError

__all__ = ["Row", "Table", "read_table"]

_SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Row:
    """One row of a file: its line, from 1, and its cells by the names that we give the columns."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell, empty where the file has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """A file with its rows.

    Args:
        path: of the file.
        header: the line of the header.
        columns: the names that we give to the columns that are known, with the header's own spelling.
        rows: those with anything in a known column.

    """

    path: Path
    header: int
    columns: Mapping[str, str]
    rows: tuple[Row, ...]

    def refusal(self, line: int, says: str) -> UsageError:
        """Return the refusal of a line."""
        return UsageError(f"{self.path}:{line}: {says}")


def read_table(
    path: Path,
    spellings: Mapping[str, Sequence[str]],
    kind: str,
    besides: Callable[[Sequence[str]], Mapping[str, str]] | None = None,
) -> Table:
    """Read a CSV file with a header: commas, semicolons, tabs or bars; UTF-8 with or without BOM, UTF-16 with BOM.

    Args:
        path: the file.
        spellings: the columns, each with the headers by which it is known, in small letters and without marks.
        kind: the kind of file, for messages: ``roster``.
        besides: of a header in that form, the columns that mean something else in such a file.

    Raises:
        UsageError: it cannot be read, is no such table, or two of its columns mean the same; with file, line and reason.

    """
    text = _text(path, kind)
    skipped = 0
    if text[:4].lower() == "sep=":  # a line of Excel's, for Excel
        text = text.partition("\n")[2]
        skipped = 1
    known = {spelling: column for column, accepted in spellings.items() for spelling in accepted}
    header = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=lambda s: (len(_known(_cells(header, s), known)), header.count(s)))
    lines = _rows(path, text, separator, skipped)
    first, names = next(lines, (1 + skipped, []))
    columns = _columns(
        path, first, names, {**known, **(besides([_plain(name) for name in names]) if besides else {})}, kind
    )
    rows = []
    for line, cells in lines:
        if len(cells) > len(names) and any(cells[len(names) :]):
            raise UsageError(
                f"{path}:{line}: {len(cells)} cells, but the header has {len(names)}; "
                f"a name with {'a comma' if separator == ',' else repr(separator)} in it needs quotes around it"
            )
        read = {column: cells[at] for at, column in columns.items() if at < len(cells) and cells[at]}
        if read:
            rows.append(Row(line, read))
    return Table(path, first, {column: names[at] for at, column in columns.items()}, tuple(rows))


def _text(path: Path, kind: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"the {kind} {path} cannot be read: {error.strerror or error}") from None
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{path}:{line}: is no UTF-8 (byte {data[error.start]:#04x}): save the {kind} as “CSV UTF-8”"
        ) from None


def _rows(path: Path, text: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UsageError(f"{path}:{line}: is no CSV: {error}") from None
        cells = [unicodedata.normalize("NFC", " ".join(cell.split())) for cell in cells]
        if any(cells):
            yield line, cells


def _cells(header: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([header], delimiter=separator), [])
    except csv.Error:
        return []


def _plain(header: str) -> str:
    """Return a header without case, accents and punctuation: ``E-Mail Address`` as ``e mail address``."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", header.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare.replace("_", " ")))


def _known(names: Sequence[str], known: Mapping[str, str]) -> list[tuple[int, str]]:
    return [(at, known[_plain(name)]) for at, name in enumerate(names) if _plain(name) in known]


def _columns(path: Path, line: int, names: Sequence[str], known: Mapping[str, str], kind: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for at, column in _known(names, known):
        if column in found.values():
            first = next(names[other] for other, same in found.items() if same == column)
            raise UsageError(f"{path}:{line}: the columns {first!r} and {names[at]!r} both mean {column}; keep one")
        found[at] = column
    if not found:
        near = [close[0] for name in names if (close := difflib.get_close_matches(_plain(name), known, 1, 0.75))]
        columns = ", ".join(dict.fromkeys(known.values()))
        hint = f"did you mean {near[0]}?" if near else f"the first line names the columns: {columns}"
        raise UsageError(f"{path}:{line}: no column of a {kind} is among {', '.join(names) or 'nothing'}: {hint}")
    return found
