"""The cells of tables that other programs open: numbers in full, and texts that no spreadsheet takes for a formula.

A spreadsheet computes a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or the end of a line. A name or a comment that does
so gets an apostrophe before it, which spreadsheets read as "this is text". So does one that is a number with a sign: at the
beginning of a line it begins a formula for a spreadsheet that looks for another delimiter. Numbers of ours are no texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from grader.grades import Grade
from grader.report import inline, neutral

__all__ = ["Missing", "hundredths", "joined", "neutral", "number", "score_of", "text_cell", "whole_table"]

Missing = Literal["blank", "zero"]
"""What a platform is told of students who handed in nothing."""
_QUOTED = re.compile(r"[,;\t|\"'\r\n]|^\s|\s$")
"""What has a cell quoted: also the delimiters that a spreadsheet of another language would look for."""


def text_cell(text: str, limit: int = 300) -> str:
    """Return a text as a cell: one line without control characters, and never a formula."""
    return neutral(inline(text, limit))


def number(value: float | None, decimals: int = 6) -> str:
    """Return a number in digits, without an exponent or needless noughts; nothing for None."""
    if value is None:
        return ""
    shown = f"{value:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"
    return "0" if shown in ("-0", "") else shown


def hundredths(score: float | None, most: float) -> float | None:
    """Return a score as a gradebook of a platform shows it: with two decimals, a half rounded up; None for None.

    Canvas and Moodle show two, and Canvas compares an import with what it has at two. A third one is read as thousands in a
    country where ``15.125`` is more than fifteen thousand. All points stay all points, whatever decimals those have.

    Args:
        score: a number of points.
        most: the full points.

    """
    if score is None or abs(score - most) < 0.005:
        return most if score is not None else None
    return float(Decimal(f"{score:.6f}").quantize(Decimal("0.01"), ROUND_HALF_UP))


def score_of(grade: Grade, missing: Missing = "blank") -> float | None:
    """Return the number that a platform is told; None where there is none, or none that stands without a person.

    A fault of the grader, or a submission that it could not read, is never somebody's zero.
    """
    if grade.state in ("excused", "needs_person", "not_gradable"):
        return None
    if grade.state == "missing":
        return 0.0 if missing == "zero" else None
    return grade.points


def joined(cells: Iterable[str]) -> str:
    """Return one line of a table, its cells separated by commas and quoted where needed, with its end."""
    return ",".join('"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell for cell in cells) + "\r\n"


def whole_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV (RFC 4180)."""
    return joined(header) + "".join(map(joined, rows))
