"""Grades for the gradebook of Canvas: the CSV file that its *Import* reads, from the roster or into one that Canvas exported.

Canvas finds a student by the number in ``ID``, and an assignment by the number in brackets after its title. A title that it does
not know makes it propose a new assignment; a blank cell takes a score away that is there; ``EX`` excuses. A row whose first cell
contains ``Points Possible`` is none of a student's, and sets what the assignments are worth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from grader.errors import UsageError
from grader.export.cells import Missing, hundredths, neutral, number, score_of, text_cell, whole_table
from grader.export.sheet import Sheet
from grader.grades import Grade
from grader.people import Person
from grader.report import inline

__all__ = ["CanvasAssignment", "Exported", "canvas_csv"]

POINTS = "Points Possible"
OF_A_STUDENT = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
CALCULATED = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
"""In the title of a column: Canvas reckons it itself, and reads none of it."""
_TITLE = re.compile(r"(.*)\s\((\d+)\)", re.DOTALL)
HALF = 0.005 + 1e-9
"""How far off a number may be that Canvas wrote: it rounds to two decimals."""
SHOWN = 5
"""The most students that a message names."""


@dataclass(frozen=True, kw_only=True)
class CanvasAssignment:
    """The grades of one assignment, and what Canvas calls it: its title there, and its number, empty if that is unknown."""

    title: str
    canvas_id: str = ""
    grades: Sequence[Grade] = ()


@dataclass(frozen=True)
class Exported:
    """The bytes of a file, and what a person should know before it is handed on, a line each."""

    data: bytes
    warnings: list[str] = field(default_factory=list)


def canvas_csv(
    assignments: Sequence[CanvasAssignment],
    *,
    template: bytes | None = None,
    named: str = "",
    missing: Missing = "blank",
) -> Exported:
    """Return the file for one or more assignments of the same students.

    With a ``template`` its students are taken, in its order and by its ids, and its columns of theirs; a cell for which there is no
    number keeps what it has there. Without one the students are the roster's.

    Args:
        assignments: at least one.
        template: the gradebook as it was exported from Canvas.
        named: that file's name, for complaints.
        missing: the score of who handed in nothing.

    Raises:
        UsageError: a student's number in Canvas is not known, a title cannot be imported, the template is none, or it
            gives an assignment other points than the course.

    """
    for one in assignments:
        _check_title(one.title)
    people = list({grade.person.id: grade.person for one in assignments for grade in one.grades}.values())
    if template is not None:
        return _filled(assignments, people, Sheet.read(template, named), named, missing)
    refused = [person for person in people if not person.platforms.get("canvas", "").isdecimal()]
    if refused:
        raise UsageError(
            f"{len(refused)} of {len(people)} students have no Canvas number in the roster ({_names(refused)}): add a column "
            "canvas with it, or give the gradebook that Canvas exports with --template"
        )
    cells = [_cells(one, missing) for one in assignments]
    header = [*OF_A_STUDENT, *(_header(one) for one in assignments)]
    points = [POINTS, "", "", "", "", *(number(_worth(one)) for one in assignments)]
    rows = ([*_student(person), *(of.get(person.id, "") for of in cells)] for person in people)
    unknown = [_proposes(one) for one in assignments if not one.canvas_id]
    return Exported(whole_table(header, [points, *rows]).encode("utf-8"), unknown)


def _header(one: CanvasAssignment) -> str:
    # By its number an assignment is found whatever its title is; without one by its title, which must be as it is.
    return neutral(f"{one.title} ({one.canvas_id})") if one.canvas_id else one.title


def _worth(one: CanvasAssignment) -> float:
    return max((grade.max_points for grade in one.grades), default=0.0)


def _proposes(one: CanvasAssignment) -> str:
    if one.canvas_id:
        return (
            f"{one.title}: the template has no column of its number, {one.canvas_id}; Canvas will propose a new assignment unless "
            "it has one of this number: look at the number in the course file, or export the gradebook again"
        )
    return (
        f"{one.title}: no number of Canvas is known for it, so that Canvas will propose a new assignment unless it has one of "
        "exactly this title; set canvas = NUMBER in its table of the course file"
    )


def _check_title(title: str) -> None:
    if not title.strip() or title != inline(title, 255):
        raise UsageError(f"{title!r} cannot be the title of a column: give a title of one line, 255 characters at most")
    if CALCULATED.search(title) or title in (*OF_A_STUDENT, "Integration ID", "Root Account", "LastName", "FirstName"):
        raise UsageError(f"{title!r}: Canvas takes a column of this title for one of its own, and reads no score in it")


def _names(people: Iterable[Person]) -> str:
    shown = [inline(person.shown, 40) for person in people]
    return ", ".join(shown[:SHOWN]) + (f" and {len(shown) - SHOWN} more" if len(shown) > SHOWN else "")


def _cells(one: CanvasAssignment, missing: Missing) -> dict[str, str]:
    worth = _worth(one)
    return {
        grade.person.id: "EX" if grade.state == "excused" else number(hundredths(score_of(grade, missing), worth))
        for grade in one.grades
    }


def _student(person: Person) -> list[str]:
    name = text_cell(person.shown).replace(POINTS, POINTS.replace(" ", "-"))
    sis = (person.platforms.get("sis", ""), person.login)
    # The number alone decides. What is no id that a platform would give out is left away rather than changed.
    return [
        name,
        person.platforms["canvas"],
        *(text if text_cell(text) == text else "" for text in sis),
        text_cell(person.section),
    ]


# --------------------------------------------------------------------------------- into Canvas's own file
@dataclass(frozen=True)
class _Book:
    """The gradebook that Canvas exported: how many columns tell the student, and which rows are students'."""

    sheet: Sheet
    columns: int
    points: int | None
    students: list[int]


def _filled(
    assignments: Sequence[CanvasAssignment], people: Sequence[Person], sheet: Sheet, named: str, missing: Missing
) -> Exported:
    book = _book(sheet, named)
    rows, warnings = _matched(book, people)
    kept = list(range(book.columns))
    for one in assignments:
        column, known = _column(sheet, book.columns, one)
        if known:
            _check_points(book, column, one, named)
        else:
            warnings.append(_proposes(one))
            sheet.set(0, column, _header(one))
            if book.points is not None:
                sheet.set(book.points, column, number(_worth(one)))
        for ident, text in _cells(one, missing).items():
            if ident in rows and text:
                sheet.set(rows[ident], column, text)
        kept.append(column)
    for row in book.students:
        if sheet.value(row, 1).strip():  # who has a number is found by it, whatever the name's cell says
            sheet.set(row, 0, neutral(sheet.value(row, 0)))
    sheet.rows = [[cells[column] if column < len(cells) else "" for column in kept] for cells in sheet.rows]
    return Exported(sheet.written(), warnings)


def _book(sheet: Sheet, named: str) -> _Book:
    header = sheet.header
    first, second = [*header, "", ""][:2]
    if not ("Student" in first and "ID" in second) and header[:2] != ["LastName", "FirstName"]:
        raise UsageError(
            f"{named} is no gradebook of Canvas: it begins {inline(first, 40)!r}, and not with Student and ID"
        )
    if "Section" not in header:
        raise UsageError(f"{named} is no gradebook of Canvas: it has no column Section")
    points, students = None, []
    for row in range(1, len(sheet.rows)):
        cells = sheet.values(row)
        if POINTS in cells[0]:
            points = row
        elif not all(re.fullmatch(r"\s*(muted|manual posting.*)?\s*", cell, re.IGNORECASE) for cell in cells):
            students.append(row)
    return _Book(sheet, header.index("Section") + 1, points, students)


def _matched(book: _Book, people: Sequence[Person]) -> tuple[dict[str, int], list[str]]:
    """Return the row of each student, by their id, and warnings of who has none.

    Canvas's own number decides, then the id of the institution, then the login; a name only if both sides have it once.
    """
    header = book.sheet.header
    columns = {
        name: header.index(name) for name in ("ID", "SIS User ID", "SIS Login ID") if name in header[: book.columns]
    }
    keys: Mapping[str, tuple[str, ...]]
    rows: dict[str, int] = {}
    for name, of in (
        ("ID", lambda p: (p.platforms.get("canvas", ""),)),
        ("SIS User ID", lambda p: (p.platforms.get("sis", ""), p.id)),
        ("SIS Login ID", lambda p: (p.login, p.email)),
    ):
        if name in columns:
            keys = {person.id: of(person) for person in people if person.id not in rows}
            rows |= _pairs(book, columns[name], keys, set(rows.values()))
    left = [person for person in people if person.id not in rows]
    by_name = _pairs_by_name(book, left, set(rows.values()))
    rows |= by_name
    warnings = []
    if by_name:
        warnings.append(f"matched by name alone: {_names(p for p in left if p.id in by_name)}; look at their rows")
    lost = [person for person in left if person.id not in by_name]
    if lost:
        warnings.append(f"not in the template, so that they get no score: {_names(lost)}")
    strangers = [inline(book.sheet.value(row, 0), 40) for row in book.students if row not in rows.values()]
    if strangers:
        more = f" and {len(strangers) - SHOWN} more" if len(strangers) > SHOWN else ""
        warnings.append(
            f"in the template and not in the roster, left as they are: {'; '.join(strangers[:SHOWN])}{more}"
        )
    return rows, warnings


def _pairs(book: _Book, column: int, keys: Mapping[str, Sequence[str]], taken: set[int]) -> dict[str, int]:
    found: dict[str, list[int]] = {}
    for row in book.students:
        if row not in taken and book.sheet.value(row, column).strip():
            found.setdefault(book.sheet.value(row, column).strip().casefold(), []).append(row)
    pairs: dict[str, int] = {}
    for ident, candidates in keys.items():
        rows = next((found[key.casefold()] for key in candidates if key and key.casefold() in found), [])
        if len(rows) == 1 and rows[0] not in pairs.values():
            pairs[ident] = rows[0]
    return pairs


def _pairs_by_name(book: _Book, people: Sequence[Person], taken: set[int]) -> dict[str, int]:
    names: dict[str, list[int]] = {}
    for row in book.students:
        if row not in taken:
            names.setdefault(_plain(book.sheet.value(row, 0)), []).append(row)
    wanted = [_plain(person.name) for person in people]
    return {
        person.id: names[name][0]
        for person, name in zip(people, wanted, strict=True)
        if name and wanted.count(name) == 1 and len(names.get(name, [])) == 1
    }


def _plain(name: str) -> str:
    last, comma, first = name.partition(",")
    return " ".join((f"{first} {last}" if comma else name).casefold().split())


def _column(sheet: Sheet, first: int, one: CanvasAssignment) -> tuple[int, bool]:
    """Return the column of an assignment, and if it was there: by its number, else by its title if one alone has it."""
    titles = [(column, *_title(text)) for column, text in enumerate(sheet.header) if column >= first]
    found = [c for c, title, ident in titles if (ident == one.canvas_id if one.canvas_id else title == one.title)]
    if len(found) > 1:
        raise UsageError(
            f"{one.title}: the template has {len(found)} columns of this title: set canvas = NUMBER in its table of the course file"
        )
    return (found[0], True) if found else (max(map(len, sheet.rows)), False)


def _title(text: str) -> tuple[str, str]:
    found = _TITLE.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def _check_points(book: _Book, column: int, one: CanvasAssignment, named: str) -> None:
    said = book.sheet.value(book.points, column).strip() if book.points is not None else ""
    if "read only" in said:
        raise UsageError(f"{one.title}: Canvas marks its column as read only, and would read no score in it")
    try:
        # Canvas's own reading: the last point or comma is that of the decimals, whatever stands before it.
        worth = float(re.sub(r"[.,](?=.*[.,])", "", said).replace(",", ".")) if said else None
    except ValueError:
        worth = None
    if worth is not None and abs(worth - _worth(one)) > HALF:
        raise UsageError(
            f"{one.title}: {named} says {number(worth)} points, the course {number(_worth(one))}: set points in the course file, "
            "or the points in Canvas, and export again"
        )
