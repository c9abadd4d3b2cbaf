"""A table that a platform gave out and takes back: read cell by cell, and written back as it came but for the cells that were set.

Its encoding, its delimiter, the ends of its lines and the quotes of every other cell stay: what a platform wrote it can read again.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field

from grader.errors import UsageError

__all__ = ["Sheet"]

DELIMITERS = ",;\t"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass
class Sheet:
    """The cells of a table, each as its raw text.

    Args:
        rows: raw texts, the first row being the header.
        ends: the end of each row; that of the last one may be empty.
        delimiter: one of comma, semicolon and tab.
        encoding: its name.
        bom: the mark at the beginning, which the encoding's name says nothing of; mostly empty.

    """

    rows: list[list[str]]
    ends: list[str]
    delimiter: str = ","
    encoding: str = "utf-8"
    bom: str = field(default="", repr=False)

    @classmethod
    def read(cls, data: bytes, named: str) -> Sheet:
        """Read a table.

        Args:
            data: of the file.
            named: the file's name, for complaints.

        Raises:
            UsageError: the file is empty, or a quote is not closed.

        """
        encoding, text, bom = _decoded(data)
        if not text.strip():
            raise UsageError(f"{named} is empty: it must be the file as it was downloaded")
        first = re.sub(r'"(?:[^"]|"")*"', "", text).lstrip("\r\n").splitlines() or [""]
        delimiter = max(DELIMITERS, key=first[0].count)
        rows, ends = _split(text, delimiter, named)
        return cls(rows, ends, delimiter, encoding, bom)

    @property
    def header(self) -> list[str]:
        """Return the texts of the first row."""
        return [value.strip() for value in self.values(0)]

    def values(self, row: int) -> list[str]:
        """Return the texts of a row."""
        return [_value(raw) for raw in self.rows[row]]

    def value(self, row: int, column: int) -> str:
        """Return the text of a cell; of one that is not there it is empty."""
        return _value(self.rows[row][column]) if column < len(self.rows[row]) else ""

    def set(self, row: int, column: int, text: str) -> None:
        """Set a cell, unless it has this text already; it is quoted if it was, or must be."""
        if self.value(row, column) == text:
            return
        cells = self.rows[row]
        cells += [""] * (column + 1 - len(cells))
        quoted = cells[column].startswith('"') or re.search(rf'[{self.delimiter}"\r\n]|^\s|\s$', text)
        cells[column] = '"' + text.replace('"', '""') + '"' if quoted else text

    def written(self) -> bytes:
        """Return the file.

        Raises:
            UsageError: a text that was set cannot be written in the file's encoding.

        """
        lines = (self.delimiter.join(cells) + end for cells, end in zip(self.rows, self.ends, strict=True))
        text = self.bom + "".join(lines)
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError as error:
            lost = text[error.start]
            raise UsageError(
                f"{lost!r} cannot be written in {self.encoding}, the encoding of the file: download it in UTF-8"
            ) from None


def _decoded(data: bytes) -> tuple[str, str, str]:
    """Return a file's encoding, its text, and the mark before it."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            bom = "" if encoding == "utf-8-sig" else "\ufeff"
            with suppress(UnicodeDecodeError):
                return encoding, data.decode(encoding).removeprefix("\ufeff"), bom
    for encoding in ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            return encoding, data.decode(encoding), ""
    return "latin-1", data.decode("latin-1"), ""


def _value(raw: str) -> str:
    return raw[1:-1].replace('""', '"') if len(raw) > 1 and raw.startswith('"') else raw


def _split(text: str, delimiter: str, named: str) -> tuple[list[list[str]], list[str]]:
    """Split a text into rows of raw cells and the ends of the rows; empty lines are cells without text."""
    cell = re.compile(rf'("(?:[^"]|"")*"|[^{re.escape(delimiter)}\r\n]*)({re.escape(delimiter)}|\r\n|\n|\r|\Z)')
    rows: list[list[str]] = []
    ends: list[str] = []
    cells: list[str] = []
    at = 0
    while True:
        found = cell.match(text, at)
        if found is None or (found[1].startswith('"') and not re.fullmatch(r'"(?:[^"]|"")*"', found[1])):
            raise UsageError(
                f"{named}:{len(rows) + 1}: a quote is not closed, or text follows it: download the file again"
            )
        cells.append(found[1])
        at = found.end()
        if found[2] != delimiter:
            rows.append(cells)
            ends.append(found[2])
            cells = []
            if at >= len(text):
                return rows, ends
