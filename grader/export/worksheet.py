"""The columns of a grading worksheet of Moodle, found in whatever language it was downloaded.

Moodle writes them in one order: the number of the participant, the name and what else identifies a student, the status, the grade
and at once after it the maximum (or the scale), if the grade can be changed, what was handed in, when the grade was last modified,
and after that the comments. Some translations are known; in other languages the order, and the numbers below a header, tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from grader.errors import UsageError
from grader.export.sheet import Sheet
from grader.report import inline

__all__ = ["Columns", "find_columns"]

GRADE = ("Grade", "Bewertung", "Note", "Calificación", "Cijfer", "Оценка", "評点")
MAXIMUM = ("Maximum Grade", "Bestwertung", "Note maximale", "Calificación máxima")
SCALE = ("Scale", "Skala", "Barème", "Escala", "Schaal", "Шкала", "評価尺度")
MODIFIED = (
    "Last modified (grade)", "Zuletzt geändert (Bewertung)", "Dernière modification (note)", "Última modificación (calificación)",
    "Laatst gewijzigd (beoordeling)", "Последнее изменение (оценка)", "最終更新日時 (評定)",
)  # fmt: skip
NAME = ("Full name", "Vollständiger Name", "Nom complet", "Nombre completo", "Volledige naam", "Полное имя", "姓名")
COMMENTS = (
    "Feedback comments", "Feedback als Kommentar", "Feedback par commentaires", "Comentarios de retroalimentación",
)  # fmt: skip
_IDENTIFIER = re.compile(r"\D*(\d+)\s*")


@dataclass(frozen=True)
class Columns:
    """The places of a worksheet's columns, and its rows of students.

    Args:
        identifier: the participant's number.
        grade: what is filled in.
        maximum: the most that it may be.
        name: the student's; None where marking is anonymous.
        addresses: in which addresses stand.
        others: of what else identifies a student: an id number, a user name.
        comments: None if the assignment has none.
        students: rows.

    """

    identifier: int
    grade: int
    maximum: int
    name: int | None
    addresses: tuple[int, ...]
    others: tuple[int, ...]
    comments: int | None
    students: tuple[int, ...]

    def participant(self, text: str) -> str:
        """Return the number of a cell such as ``Participant 123``."""
        found = _IDENTIFIER.fullmatch(text)
        return found[1] if found else ""


def find_columns(sheet: Sheet, named: str) -> Columns:
    """Find the columns of a worksheet.

    Raises:
        UsageError: it has no participants' numbers, is graded by a scale, or its grades cannot be told from its other columns.

    """
    header = sheet.header
    students = tuple(row for row in range(1, len(sheet.rows)) if any(sheet.values(row)))
    if not students or not all(_IDENTIFIER.fullmatch(sheet.value(row, 0)) for row in students):
        raise UsageError(
            f"{named} is no grading worksheet of Moodle: its first column must have Participant and a number in each row; download "
            "it with 'Download grading worksheet'"
        )
    numbers = [_IDENTIFIER.fullmatch(sheet.value(row, 0)) for row in students]
    if len({found[1] for found in numbers if found}) < len(students):
        raise UsageError(f"{named}: two rows have one participant's number: download the worksheet again")
    grade, maximum = _grade_and_maximum(sheet, students, named)
    modified = _one(header, MODIFIED) or next(
        (c for c in reversed(range(len(header))) if re.search(r"\([^)]+\)\s*$", header[c]) and c > maximum), None
    )
    comments = _one(header, COMMENTS)
    if comments is None and modified is not None and modified + 1 < len(header):
        comments = modified + 1
    identity = range(1, grade)
    addresses = tuple(c for c in identity if _mostly(sheet, students, c, r"\S+@\S+"))
    name = _one(header[:grade], NAME)
    if name is None and (addresses or len(identity) > 1):
        name = 1 if 1 not in addresses else None
    others = tuple(c for c in identity if c != name and c not in addresses and _tells_apart(sheet, students, c))
    return Columns(0, grade, maximum, name, addresses, others, comments, students)


def _grade_and_maximum(sheet: Sheet, students: Iterable[int], named: str) -> tuple[int, int]:
    header = sheet.header
    grade, maximum = _one(header, GRADE), _one(header, MAXIMUM)
    if maximum is None and grade is not None:
        maximum = grade + 1
    if maximum is None:
        # In an unknown language: the one column that has the same positive number in every row.
        same = [c for c in range(2, len(header)) if len({_amount(sheet.value(row, c)) for row in students}) == 1]
        same = [c for c in same if (_amount(sheet.value(next(iter(students)), c)) or 0) > 0]
        maximum = same[0] if len(same) == 1 else None
    if maximum is None:
        shown = ", ".join(inline(text, 30) for text in header)
        raise UsageError(
            f"{named}: which column has the grades? Its headers are {shown}; download it with Moodle set to English"
        )
    grade = maximum - 1 if grade is None else grade
    scale = next((text for text in header[grade + 1 : grade + 2] if text in SCALE), None)
    if scale or any(_amount(sheet.value(row, maximum)) is None for row in students):
        raise UsageError(f"{named}: the assignment is graded by a scale, not by points: set a point grade in Moodle")
    return grade, maximum


def _amount(text: str) -> float | None:
    found = re.fullmatch(r"\s*(\d+)(?:[.,](\d+))?\s*", text)
    return float(f"{found[1]}.{found[2] or 0}") if found else None


def _one(header: Iterable[str], known: Iterable[str]) -> int | None:
    wanted = {text.casefold() for text in known}
    found = [column for column, text in enumerate(header) if text.casefold() in wanted]
    return found[0] if len(found) == 1 else None


def _mostly(sheet: Sheet, students: Iterable[int], column: int, pattern: str) -> bool:
    cells = [text for row in students if (text := sheet.value(row, column).strip())]
    return bool(cells) and sum(re.fullmatch(pattern, text) is not None for text in cells) * 2 > len(cells)


def _tells_apart(sheet: Sheet, students: Iterable[int], column: int) -> bool:
    cells = [text for row in students if (text := sheet.value(row, column).strip())]
    return bool(cells) and len(set(cells)) == len(cells)
