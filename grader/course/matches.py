"""A file of matches: by hand-in the student that it is of, decided by a person where a name decides nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from grader.course.matching import ASIDE, Matched, People
from grader.errors import UsageError
from grader.writing import write_whole

__all__ = ["read_matches", "write_matches"]

COLUMNS = ("hand_in", "student", "proposed", "how")
MOST_BYTES = 4 << 20
FORMULA = "=+-@\t\r"
"""The first characters by which a spreadsheet takes a text for a formula."""


def read_matches(path: Path, roster: People | None) -> dict[str, str]:
    """Read a file of matches; a line without a student decides nothing yet.

    Args:
        path: a CSV file with the columns ``hand_in`` and ``student``; a student ``-`` leaves the hand-in aside.
        roster: whose ids are known; None or empty if any id is right.

    Raises:
        UsageError: it cannot be read, or a line names nobody of the roster or contradicts another; with file and line.

    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path} is larger than {MOST_BYTES >> 20} MiB, and is no file of matches")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"the matches {path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError(f"the matches {path} are no UTF-8 text: save them as CSV in UTF-8") from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        return _decided(path, reader, {person.id for person in roster.people} if roster is not None else set())
    except csv.Error as error:
        raise UsageError(f"{path}:{reader.line_num}: it is no CSV: {error}") from None


def _decided(path: Path, reader: Iterable[list[str]], known: set[str]) -> dict[str, str]:
    found: dict[str, tuple[str, int]] = {}
    at: tuple[int, int] | None = None
    line = 1
    for row in reader:
        cells = [_plain(cell.strip()) for cell in row]
        if at is None:
            names = [cell.casefold() for cell in cells]
            if COLUMNS[0] not in names or COLUMNS[1] not in names:
                raise UsageError(
                    f"{path}:1: the columns hand_in and student are needed, as --write-matches writes them"
                )
            at = names.index(COLUMNS[0]), names.index(COLUMNS[1])
        elif any(cells):
            hand_in, student = (cells[index] if index < len(cells) else "" for index in at)
            if student and not hand_in:
                raise UsageError(f"{path}:{line}: {student} has no hand-in: fill in the column hand_in")
            if student and student != ASIDE and known and student not in known:
                raise UsageError(
                    f"{path}:{line}: there is no student {student!r} in the roster: write an id, or {ASIDE}"
                )
            before = found.get(hand_in)
            if student and before is not None and before[0] != student:
                raise UsageError(f"{path}:{line}: {hand_in!r} is {before[0]}'s in line {before[1]}: leave one of them")
            if student:
                found[hand_in] = student, line
        line = getattr(reader, "line_num", line) + 1
    return {hand_in: student for hand_in, (student, _) in found.items()}


def write_matches(path: Path, matched: Matched) -> None:
    """Write a file of matches with what was decided, what names propose, and what nobody knows.

    Raises:
        UsageError: it cannot be written.

    """
    proposed: dict[str, list[str]] = {}
    how: dict[str, str] = {}
    for proposal in matched.proposals:
        proposed.setdefault(proposal.hand_in.hint.text, []).append(proposal.person.id)
        how.setdefault(proposal.hand_in.hint.text, proposal.how)
    rows = [
        (hand_in.hint.text, student, "", how.get(hand_in.hint.text, "sure"))
        for student, own in matched.of.items()
        for hand_in in own
    ]
    rows += [(hand_in.hint.text, ASIDE, "", "left aside") for hand_in in matched.aside]
    rows += [
        (hand_in.hint.text, "", " ".join(proposed.get(hand_in.hint.text, ())), reason)
        for hand_in, reason in zip(matched.unmatched, matched.reasons, strict=True)
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    # Those to be decided stand first.
    for row in sorted(dict.fromkeys(rows), key=lambda row: (row[1] != "", row[0])):
        writer.writerow([_guarded(cell) for cell in row])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.getvalue().encode("utf-8", "replace").decode("utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None


def _guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell != ASIDE and cell[:1] in tuple(FORMULA) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple(FORMULA) else cell
