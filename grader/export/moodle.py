"""Grades for an assignment of Moodle: the grading worksheet that was downloaded there, filled in, and a zip of feedback files.

Moodle knows a student by the number in ``Identifier``, which holds for one assignment only: so its worksheet is filled in, never
made. Its headers are in the language of whoever downloaded it. It skips a grade over the maximum, and one that was changed there
since the download, which it sees by ``Last modified (grade)``: that and all else but grades and comments stays as it is.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.errors import UsageError
from grader.export.canvas import Exported
from grader.export.cells import Missing, hundredths, number, score_of
from grader.export.parts import Seen
from grader.export.sheet import Sheet
from grader.export.worksheet import Columns, find_columns
from grader.grades import Grade
from grader.people import Person
from grader.report import counted, inline
from grader.result import Result

__all__ = ["moodle_feedback", "moodle_worksheet"]

SHOWN = 5
EPOCH = (2020, 1, 1, 0, 0, 0)
"""The time of all files of the zip, so that the same grades give the same bytes."""


@dataclass(frozen=True)
class _Filled:
    """A worksheet with its columns, and the row of each student by their id."""

    sheet: Sheet
    columns: Columns
    rows: Mapping[str, int]
    warnings: list[str]


def moodle_worksheet(
    grades: Sequence[Grade],
    worksheet: bytes,
    *,
    named: str = "",
    missing: Missing = "blank",
    seen: Seen = lambda result: result,
) -> Exported:
    """Return the worksheet with the grades of an assignment; a student without a number keeps the cells they have.

    Where the worksheet has a column for comments, that of a student gets what people said, and what explains the number. Of an
    exercise with a check that its author may not see nothing is said: a comment on a mistake would tell of it.

    Args:
        grades: of one assignment.
        worksheet: as it was downloaded.
        named: the file's name, for complaints.
        missing: the grade of who handed in nothing.
        seen: from a result to what its author may see of it.

    Raises:
        UsageError: the file is no worksheet, or a grade is over the maximum that it has for it.

    """
    filled = _read(grades, worksheet, named)
    sheet, columns = filled.sheet, filled.columns
    comma = _has_comma(sheet, columns)
    over = []
    for grade in grades:
        row = filled.rows.get(grade.person.id)
        score = score_of(grade, missing)
        if row is None or score is None:
            continue
        most = _number(sheet.value(row, columns.maximum))
        most = grade.max_points if most is None else most
        rounded = hundredths(score, most)
        if rounded is None or rounded > most + 1e-9:
            over.append(f"{grade.person.shown} {number(score)} of {number(most)}")
        if hundredths(_number(sheet.value(row, columns.grade)), most) != rounded:
            shown = number(rounded)
            sheet.set(row, columns.grade, shown.replace(".", ",") if comma else shown)
        said = _comments(grade, seen)
        if columns.comments is not None and said:
            sheet.set(row, columns.comments, said)
    if over:
        raise UsageError(
            f"{counted(len(over), 'grade is', 'grades are')} over the maximum of {named}, and Moodle would skip them "
            f"({_listed(over)}): set points in the course file, or the maximum in Moodle, and download the worksheet again"
        )
    return Exported(sheet.written(), filled.warnings)


def moodle_feedback(
    grades: Sequence[Grade], worksheet: bytes, page: Callable[[Result], str], *, named: str = ""
) -> Exported:
    """Return a zip of feedback files, one folder a student, named as Moodle names those of the submissions' download.

    Args:
        grades: of one assignment.
        worksheet: as it was downloaded; it has the students' numbers.
        page: from a result to what its author may see of it, as a page.
        named: the worksheet's name, for complaints.

    Raises:
        UsageError: the file is no worksheet.

    """
    filled = _read(grades, worksheet, named)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for grade in grades:
            row = filled.rows.get(grade.person.id)
            if row is None or grade.attempt is None:
                continue
            folder = _folder(filled, row, grade.person)
            several = len(grade.attempt.results) > 1
            for index, result in enumerate(grade.attempt.results, 1):
                unit = re.sub(r"\W+", "-", result.assignment or str(index)).strip("-") or str(index)
                info = zipfile.ZipInfo(f"{folder}/feedback{f'-{unit}' if several else ''}.html", EPOCH)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(info, page(result))
    return Exported(made.getvalue(), filled.warnings)


def _folder(filled: _Filled, row: int, person: Person) -> str:
    """Return ``Full Name_123_assignsubmission_file_``: Moodle splits it at the underscores, and reads the number."""
    columns = filled.columns
    name = filled.sheet.value(row, columns.name) if columns.name is not None else person.shown
    # What PHP's clean_filename takes out of a name, and the underscore, at which the folder's name is split.
    name = re.sub(r"[\x00-\x1f\x7f&<>\"`|':\\/]", "", inline(name, 80)).replace("_", " ")
    name = re.sub(r"\.\.+", "", name).strip(" .~") or "Participant"
    return f"{name}_{columns.participant(filled.sheet.value(row, columns.identifier))}_assignsubmission_file_"


def _comments(grade: Grade, seen: Seen) -> str:
    """Return as HTML what people said to a student, and what explains the number; nothing if there is neither.

    No quote is left in it: in PHP's CSV a backslash before one would keep it from closing the cell.
    """
    lines = [*grade.sentences, *grade.comments]
    partly = _shown_in_part(grade, seen)
    for one in grade.exercises:
        lines += [] if one.exercise in partly else [f"{one.exercise}: {comment}" for comment in one.comments]
    return "".join(f"<p>{html.escape(inline(line, 1000))}</p>" for line in lines if line.strip())


def _shown_in_part(grade: Grade, seen: Seen) -> set[str]:
    """Return the exercises of which a check is not shown to their author."""
    results = grade.attempt.results if grade.attempt else ()
    shown = {item.exercise: len(item.checks) for result in results for item in seen(result).items}
    items = [item for result in results for item in result.items]
    return {item.exercise for item in items if shown.get(item.exercise) != len(item.checks)}


def _read(grades: Sequence[Grade], worksheet: bytes, named: str) -> _Filled:
    if len({grade.assignment for grade in grades}) > 1:
        raise UsageError("a worksheet of Moodle is for one assignment: name it with --assignment")
    sheet = Sheet.read(worksheet, named)
    columns = find_columns(sheet, named)
    rows, warnings = _matched(sheet, columns, [grade.person for grade in grades])
    return _Filled(sheet, columns, rows, warnings)


def _matched(sheet: Sheet, columns: Columns, people: Sequence[Person]) -> tuple[dict[str, int], list[str]]:
    """Return the row of each student, by their id: by address, id, and last by a name that is there once."""
    rows: dict[str, int] = {}
    ways = [*((c, _addresses) for c in columns.addresses), *((c, _ids) for c in columns.others)]
    for column, keys in ways:
        rows |= _pairs(
            sheet, columns, column, [(p.id, keys(p)) for p in people if p.id not in rows], set(rows.values())
        )
    left = [person for person in people if person.id not in rows]
    by_name = {}
    if columns.name is not None:
        by_name = _pairs(sheet, columns, columns.name, [(p.id, _names(p.name)) for p in left], set(rows.values()))
        rows |= by_name
    warnings = []
    if by_name:
        named = _listed(p.shown for p in left if p.id in by_name)
        warnings.append(f"matched by name alone: {named}; look at their rows")
    lost = [person.shown for person in left if person.id not in by_name]
    if lost:
        warnings.append(f"not in the worksheet, so that they get no grade: {_listed(lost)}")
    strangers = [row for row in columns.students if row not in rows.values()]
    if strangers:
        named = _listed(sheet.value(row, columns.name or columns.identifier) for row in strangers)
        warnings.append(f"in the worksheet and not in the roster, left as they are: {named}")
    return rows, warnings


def _pairs(
    sheet: Sheet, columns: Columns, column: int | None, wanted: Sequence[tuple[str, Iterable[str]]], taken: set[int]
) -> dict[str, int]:
    if column is None:
        return {}
    found: dict[str, list[int]] = {}
    for row in columns.students:
        if row not in taken and (text := _plain(sheet.value(row, column))):
            found.setdefault(text, []).append(row)
    keys = {ident: {_plain(key) for key in of} - {""} for ident, of in wanted}
    pairs = {}
    for ident, own in keys.items():
        rows = {row for key in own for row in found.get(key, [])}
        rivals = [other for other, theirs in keys.items() if other != ident and own & theirs & found.keys()]
        if len(rows) == 1 and not rivals:
            pairs[ident] = rows.pop()
    return pairs


def _addresses(person: Person) -> tuple[str, ...]:
    return person.email, person.login


def _ids(person: Person) -> tuple[str, ...]:
    return person.id, person.platforms.get("sis", ""), person.platforms.get("moodle", ""), person.login


def _names(name: str) -> tuple[str, ...]:
    words = name.split()
    return (
        (name, f"{words[-1]} {' '.join(words[:-1])}", f"{words[-1]}, {' '.join(words[:-1])}")
        if len(words) > 1
        else (name,)
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _listed(shown: Iterable[str]) -> str:
    every = [inline(text, 60) for text in shown]
    return "; ".join(every[:SHOWN]) + (f" and {len(every) - SHOWN} more" if len(every) > SHOWN else "")


def _number(text: str) -> float | None:
    """Read a number as Moodle writes it, with a decimal point or comma."""
    plain = re.sub(r"[\s\u00a0\u202f']", "", text).replace(",", ".")
    try:
        return float(plain) if plain else None
    except ValueError:
        return None


def _has_comma(sheet: Sheet, columns: Columns) -> bool:
    """Return True if the worksheet's numbers have a decimal comma; without a decimal in it, the delimiter tells."""
    cells = [sheet.value(row, column) for row in columns.students for column in (columns.maximum, columns.grade)]
    if any(re.fullmatch(r"\s*\d+,\d+\s*", cell) for cell in cells):
        return True
    return sheet.delimiter == ";" and not any(re.fullmatch(r"\s*\d+\.\d+\s*", cell) for cell in cells)
