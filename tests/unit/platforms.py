"""Readers of what other systems read, written from their published rules, and strict: each raises :class:`Refused` where they do.

- Canvas: ``GradebookImporter`` of the source that Instructure publishes, and its guide *Import grades*.
- Moodle: ``importgradeslib.php``, ``csvlib.class.php`` and ``importziplib.php`` of the published source. Its CSV is PHP's, in which
  a backslash keeps a quote from closing a cell.
- Spreadsheets: what OWASP's page on CSV injection lists.

They import nothing of ours.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "CanvasCourse",
    "MoodleAssignment",
    "Refused",
    "formulas",
    "php_rows",
    "read_table",
]


class Refused(Exception):  # noqa: N818 - the platform's answer, not an error of ours
    """A file that the platform does not take, or would misread."""


def read_table(text: str) -> list[list[str]]:
    """Read CSV by RFC 4180: every row has as many cells as the first, and lines end with CR LF."""
    if re.search(r"[^\r]\n", re.sub(r'"[^"]*"', "", text)):
        raise Refused("a line does not end with CR LF")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Refused(str(error)) from None
    if any(len(row) != len(rows[0]) for row in rows):
        raise Refused("rows of several lengths")
    return rows


def formulas(text: str) -> list[str]:
    """The cells that a spreadsheet would compute, whichever delimiter it looks for; plain numbers compute nothing."""
    found = []
    for delimiter in ",;\t|":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            found += [
                c for c in row if re.match(r"[=+\-@\t\r\n＝＋－＠]", c) and not re.fullmatch(r"[-+]?\d+([.,]\d+)?", c)
            ]
    return found


# ------------------------------------------------------------------------------------------- Canvas
@dataclass
class CanvasCourse:
    """A course of Canvas that a gradebook file is imported into.

    Args:
        students: by number: (id of the institution, login, name, sortable name).
        assignments: by number: title and points.
        scores: by student and assignment, as they are; EX for excused.
    """

    students: Mapping[int, tuple[str, str, str, str]]
    assignments: Mapping[int, tuple[str, float]]
    scores: dict[tuple[int, int], str] = field(default_factory=dict)
    points: dict[int, str] = field(default_factory=dict)
    proposed_assignments: list[str] = field(default_factory=list)
    proposed_students: list[str] = field(default_factory=list)
    calculated = re.compile("Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade|Override Score|"
                            "Override Grade|Override Status")  # fmt: skip

    def take(self, data: bytes) -> None:
        """Import a file, as its preview would be confirmed; a blank cell takes away what is there."""
        text = data.decode("utf-8").removeprefix("\ufeff")
        rows = self._rows(text)
        header, columns = rows[0], self._of_a_student(rows[0])
        wanted: dict[int, int | str] = {}
        for column, title in enumerate(header):
            if column >= columns and title and not self.calculated.search(title):
                wanted[column] = self._assignment(title)
        self.proposed_assignments = [key for key in wanted.values() if isinstance(key, str)]
        for row in rows[1:]:
            if "Points Possible" in row[0]:
                self.points = {key: row[c] for c, key in wanted.items() if isinstance(key, int)}
            elif all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row):
                continue
            else:
                student = self._student(header, row)
                if student is None:
                    self.proposed_students.append(row[0])
                    continue
                for column, key in wanted.items():
                    if isinstance(key, int):
                        self._score(student, key, row[column].strip() if column < len(row) else "")

    def _score(self, student: int, assignment: int, cell: str) -> None:
        if cell in ("", "-"):
            self.scores.pop((student, assignment), None)
        elif cell.upper() == "EX":
            self.scores[student, assignment] = "EX"
        else:
            cell = self._decimal(cell)
            if not re.fullmatch(r"-?\d+(\.\d+)?", cell):
                raise Refused(f"no score: {cell!r}")
            self.scores[student, assignment] = cell

    @staticmethod
    def _decimal(cell: str) -> str:
        if not re.fullmatch(r"-?[0-9.,]+%?", cell):
            return cell
        *whole, last = re.split(r"[,.]", cell)
        return f"{''.join(whole)}.{last}" if whole else last

    def _rows(self, text: str) -> list[list[str]]:
        first = text.splitlines(keepends=True)[:3]
        counts = {}
        for delimiter in ";,":
            try:
                sizes = {len(next(csv.reader([line], delimiter=delimiter, strict=True), [])) for line in first}
            except csv.Error:
                sizes = set()
            counts[delimiter] = sizes.pop() if len(sizes) == 1 else 0
        delimiter = ";" if counts[";"] > counts[","] else ","
        kept = io.StringIO(text, newline="")
        try:
            rows = list(csv.reader(kept, delimiter=delimiter, strict=True))
        except csv.Error as error:
            raise Refused(str(error)) from None
        return [row for row in rows if row and any(cell.strip() for cell in row)]

    def _of_a_student(self, header: list[str]) -> int:
        if not (len(header) > 3 and "Student" in header[0] and "ID" in header[1]):
            raise Refused("Invalid header row")
        columns = 3
        if re.search(r"SIS\s+Login\s+ID", header[2]):
            columns += 1
        elif re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]):
            columns += 2 + bool(re.search(r"Integration\s+ID", header[4]))
            columns += bool(re.search(r"Root\s+Account", header[columns - 1]))
        if "Section" not in header[columns - 1]:
            raise Refused("Invalid header row")
        return columns

    def _assignment(self, name: str) -> int | str:
        found = re.fullmatch(r"(.*)\s\((\d+)\)", name)
        if found and int(found[2]) in self.assignments:
            return int(found[2])
        titles = [number for number, (title, _) in self.assignments.items() if title == name]
        return titles[0] if titles else (found[1] if found else name)

    def _student(self, header: list[str], row: list[str]) -> int | None:
        number = int(found[0]) if (found := re.match(r"\d+", row[1])) else 0
        if number in self.students:
            return number
        for column, which in (("SIS User ID", 0), ("SIS Login ID", 1)):
            if column in header and row[header.index(column)]:
                same = [n for n, s in self.students.items() if s[which] == row[header.index(column)]]
                if same:
                    return same[0]
        return next((n for n, s in self.students.items() if row[0] in s[2:]), None)


# ------------------------------------------------------------------------------------------- Moodle
def php_rows(text: str, delimiter: str) -> list[list[str]]:
    """Read CSV as PHP's ``fgetcsv`` does: after a backslash a quote closes nothing, and is kept with it."""
    rows, cells, cell, quoted, at = [], [], "", False, 0
    while at < len(text):
        character = text[at]
        if quoted and character == "\\" and text[at + 1 : at + 2] == '"':
            cell, at = cell + '\\"', at + 1
        elif quoted and character == '"' and text[at + 1 : at + 2] == '"':
            cell, at = cell + '"', at + 1
        elif character == '"' and (quoted or not cell):
            quoted = not quoted
        elif not quoted and character == delimiter:
            cells, cell = [*cells, cell], ""
        elif not quoted and character == "\n":
            rows, cells, cell = [*rows, [*cells, cell]], [], ""
        else:
            cell += character
        at += 1
    if quoted:
        raise Refused("a quote is not closed")
    return [*rows, [*cells, cell]] if cell or cells else rows


@dataclass
class MoodleAssignment:
    """An assignment of Moodle that a worksheet and feedback files are uploaded to.

    Args:
        participants: number to user.
        maximum: of its grades.
        words: as the language of the site has them.
        modified: by user: the time of the last grade, as the worksheet says it.
    """

    participants: Mapping[int, str]
    maximum: float = 10.0
    words: Mapping[str, str] = field(
        default_factory=lambda: {"id": "Identifier", "user": "Participant ", "grade": "Grade",
                                 "modified": "Last modified (grade)", "comments": "Feedback comments", "comma": "."}
    )  # fmt: skip
    grades: dict[str, float] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def take(self, data: bytes, encoding: str = "utf-8", delimiter: str = ",") -> None:
        """Import a worksheet, with the encoding and the delimiter that are chosen there."""
        text = data.decode(encoding).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        header, *rows = php_rows(text, delimiter)
        words = self.words
        for needed in ("id", "grade", "modified"):
            if words[needed] not in header:
                raise Refused(f"no column {words[needed]}")
        at = {name: header.index(words[name]) for name in ("id", "grade", "modified")}
        comments = header.index(words["comments"]) if words["comments"] in header else None
        for row in rows:
            if len(row) != len(header):
                raise Refused(f"a row of {len(row)} cells below a header of {len(header)}")
            number = row[at["id"]][len(words["user"]) :]
            user = self.participants.get(int(number)) if number.isdigit() else None
            if user is None:
                self.skipped.append(row[at["id"]])
                continue
            cell = row[at["grade"]].replace(" ", "").replace(words["comma"], ".")
            if cell and not re.fullmatch(r"\d+(\.\d+)?", cell):
                raise Refused(f"no grade: {cell!r}")
            if cell and float(cell) > self.maximum:
                self.skipped.append(user)
            elif cell:
                self.grades[user] = float(cell)
            if comments is not None:
                self.comments[user] = row[comments]

    def take_files(self, data: bytes) -> None:
        """Import a zip of feedback files."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.startswith("/") or ".." in name.split("/") or "\\" in name:
                    raise Refused(f"a path that leads out of the zip: {name}")
                user, rest = self._whose(name)
                if user is None:
                    raise Refused(f"nobody's: {name}")
                if rest in self.files.setdefault(user, {}):
                    raise Refused(f"twice: {name}")
                self.files[user][rest] = archive.read(name)

    def _whose(self, name: str) -> tuple[str | None, str]:
        parts = name.split("/")
        if parts[-1][:1] in (".", "~", ""):
            return None, ""
        while parts:
            info = parts.pop(0).split("_", 4)
            if len(info) < 4 or not info[1].isdigit() or int(info[1]) not in self.participants:
                continue
            if info[2:4] not in (["assignsubmission", "file"], ["assignfeedback", "file"]):
                continue
            return self.participants[int(info[1])], "/".join([*info[4:], *parts]).strip("/")
        return None, ""
