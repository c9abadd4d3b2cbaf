"""nbgrader: ``submitted/STUDENT/ASSIGNMENT/`` with ``timestamp.txt``, or the exchange's ``inbound/STUDENT+ASSIGNMENT+TIME+...``."""

from __future__ import annotations

import re

from grader.submission.downloads.hand_in import HandIn, Hint
from grader.submission.downloads.layout import Laid
from grader.submission.downloads.times import instant
from grader.submission.downloads.tree import Tree
from grader.submission.reading import Unreadable, read_text

__all__ = ["recognise"]

SUBMITTED = "submitted"
TIME = "timestamp.txt"
INBOUND = re.compile(
    r"(?P<student>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^+]*(?:\+\d{4})?)(?:\+(?P<random>[^+]*))?"
)


def recognise(tree: Tree, *, forced: bool = False) -> Laid | None:
    """Read a tree as nbgrader's; None if it is none."""
    for level in tree.levels():
        folders, loose = level.tops()
        inbound = {name: match for name in folders if (match := INBOUND.fullmatch(name))}
        if inbound and len(inbound) == len(folders):
            found = [
                _hand_in(tree.label, match["student"], match["assignment"], folders[name], name, match["time"])
                for name, match in inbound.items()
            ]
            break
        named = SUBMITTED in folders and not {"exercises", "notebooks"} & set(folders)
        students = folders[SUBMITTED].tops() if named else (folders, loose)
        pairs = [(s, a, below) for s, inner in students[0].items() for a, below in inner.tops()[0].items()]
        timed = {s for s, _, below in pairs if TIME in below.files}
        known = named or level.label == SUBMITTED or forced
        if pairs and (2 * len(timed) > len(students[0]) or (known and not students[1])):
            above = f"{SUBMITTED}/" if named else ""
            found = [_hand_in(tree.label, s, a, below, f"{above}{s}/{a}") for s, a, below in pairs]
            break
    else:
        return None
    left = [*tree.left, *(file.name for file in loose)]
    return Laid("nbgrader", "nbgrader's submissions", tuple(found), tuple(left), "folder", len(found))


def _hand_in(label: str, student: str, assignment: str, below: Tree, at: str, time: str = "") -> HandIn:
    sheet = below.files.get(TIME)
    if sheet is not None:
        try:
            time = read_text(sheet.read(1000))
        except Unreadable:
            time = ""
    time = time.strip()
    when = instant(time if re.search(r"[A-Za-z]|[+-]\d\d:?\d\d$", time) else f"{time} UTC")  # nbgrader's own rule
    notes = (f"the time in {TIME} cannot be read",) if when is None and sheet is not None else ()
    return HandIn(
        hint=Hint(text=student),
        files=tuple(file for name, file in below.files.items() if name != TIME),
        submitted=when,
        source=f"{label}/{at}",
        assignment=assignment,
        layout="nbgrader",
        notes=notes,
    )
