"""CSV as spreadsheets write and read it: separators of any country, marks at the beginning of a file, formulas made harmless."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError

__all__ = ["Row", "cell", "number", "read_table", "read_text", "uncell", "written"]

MOST_BYTES = 16 << 20
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
MOST_SHOWN = 40


@dataclass(frozen=True)
class Row:
    """A line of a table, by the names of its columns, with the number of its first line in the file."""

    line: int
    cells: Mapping[str, str]


def read_text(path: Path) -> str:
    """Read a file of text, with or without a byte order mark, in UTF-8 or, of an old spreadsheet, UTF-16.

    Raises:
        UsageError: it cannot be read, is too large, or is no text.

    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path} is larger than {MOST_BYTES >> 20} MiB")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no text in UTF-8: save it as CSV UTF-8") from None


def read_table(path: Path, columns: Sequence[str], needed: Sequence[str]) -> list[Row]:
    """Read a table with a line of headings; commas, semicolons and tabs separate, as the first line tells.

    Args:
        path: the file.
        columns: the headings that may be there.
        needed: those that must.

    Raises:
        UsageError: it cannot be read, or its headings do not fit; the message has file and line.

    """
    text = read_text(path)
    skipped = 0
    if text[:4].lower() == "sep=":  # a line of Excel's, for Excel
        text, skipped = text.partition("\n")[2], 1
    head = text.partition("\n")[0]
    delimiter = max((",", ";", "\t"), key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    names: list[str] = []
    try:
        before = skipped
        for cells in reader:
            line, before = before + 1, reader.line_num + skipped
            if not any(c.strip() for c in cells):
                continue
            if not names:
                names = _headings(path, line, cells, columns, needed)
                continue
            if len(cells) > len(names) and any(c.strip() for c in cells[len(names) :]):
                raise UsageError(f"{path}:{line}: it has {len(cells)} cells, and there are {len(names)} headings")
            padded = [*cells, *[""] * (len(names) - len(cells))]
            rows.append(Row(line, dict(zip(names, map(uncell, padded), strict=False))))
    except csv.Error as error:
        raise UsageError(f"{path}:{reader.line_num + skipped}: it is no CSV: {error}") from None
    if not names:
        raise UsageError(f"{path} is empty: its first line names the columns, {', '.join(needed)}")
    return rows


def _headings(path: Path, line: int, cells: Sequence[str], columns: Sequence[str], needed: Sequence[str]) -> list[str]:
    names = [c.strip().lower() for c in cells]
    while names and not names[-1]:
        names.pop()
    for name in names:
        if name not in columns:
            raise UsageError(f"{path}:{line}: there is no column {name[:MOST_SHOWN]!r}; there are {', '.join(columns)}")
        if names.count(name) > 1:
            raise UsageError(f"{path}:{line}: the column {name!r} is there twice")
    missing = [name for name in needed if name not in names]
    if missing:
        raise UsageError(f"{path}:{line}: the column {missing[0]!r} is missing; needed are {', '.join(needed)}")
    return names


def written(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Return a table as CSV, with a byte order mark, so that spreadsheets read it as UTF-8; no cell is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(name, "")) for name in columns])
    return "\ufeff" + out.getvalue()


def cell(value: object) -> str:
    """Return a value as a cell: numbers as they are, and text that a spreadsheet would run as a formula behind an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, (int, float)):
        return f"{value:.6f}".rstrip("0").rstrip(".") if math.isfinite(value) else ""
    text = str(value)
    return f"'{text}" if text.startswith((*FORMULA, "'")) else text


def uncell(text: str) -> str:
    """Return the text of a cell without the apostrophe that :func:`cell` put before it, nor blanks around it."""
    text = text.replace("\r\n", "\n").lstrip()
    return text[1:].rstrip() if text.startswith("'") and text[1:].startswith((*FORMULA, "'")) else text.rstrip()


def number(text: str) -> float | None:
    """Return the number of a cell, with a point or a decimal comma; None if there is none.

    Raises:
        ValueError: the cell holds something else, or no finite number.

    """
    text = text.strip().lstrip("\u00a0")
    if not text:
        return None
    if "," in text and "." not in text and text.count(",") == 1:
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{text[:MOST_SHOWN]!r} is no number") from None
    if not math.isfinite(value) or "_" in text:
        raise ValueError(f"{text[:MOST_SHOWN]!r} is no number of points")
    return value
