"""Moodle: "Download all submissions" of an assignment, a zip of folders or, if so chosen, of files in one row.

A folder is named ``Full Name_NUMBER_assignsubmission_file_`` (since Moodle 4 without the last ``_``), with the student's own
folders in it; a file has its name after that. What was typed is ``..._assignsubmission_onlinetext_``. The number is the
participant's in this one assignment. In blind marking the name is the word for participant in the teacher's language; of a team it
is the team's.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import replace

from grader.submission.downloads.hand_in import HandIn, Hint, is_work, named
from grader.submission.downloads.layout import Laid
from grader.submission.downloads.tree import File, Tree

__all__ = ["recognise"]

NAMED = re.compile(
    r"(?P<name>[^/]+?)_(?:(?P<number>\d+)_)?assignsubmission_(?P<kind>[a-z0-9]+)(?:_?/(?P<inside>.+)|_(?P<flat>[^/]+))",
    re.DOTALL,  # a file may have a line break in its name
)
TYPED = "onlinetext"
STRANGERS = 4
"""For so many files of Moodle's there may be one with another name."""


def recognise(tree: Tree, *, forced: bool = False) -> Laid | None:
    """Read a tree as a download of Moodle; None if it is none."""
    tree = tree.unwrapped() if not any(NAMED.fullmatch(name) for name in tree.files) else tree
    found: dict[tuple[str, str], list[tuple[File, re.Match[str]]]] = {}
    strangers = []
    for file in tree.files.values():
        match = NAMED.fullmatch(unicodedata.normalize("NFC", file.name))
        if match is None:
            strangers.append(file)
        else:
            found.setdefault((match["name"], match["number"] or ""), []).append((file, match))
    if not found or (
        not forced and len([f for f in strangers if is_work(f.name)]) * STRANGERS > len(tree.files) - len(strangers)
    ):
        return None
    names = Counter(name for name, _ in found)
    # Where all have one name it is nobody's: "Participant".
    blind = len(found) > 1 and len(names) == 1 and all(number for _, number in found)
    hand_ins = [
        _hand_in(tree.label, name, number, entries, blind=blind, alone=names[name] == 1)
        for (name, number), entries in sorted(found.items())
    ]
    hand_ins += [
        HandIn(
            hint=Hint(text=file.name), files=(file,), source=f"{tree.label}/{file.name}", layout="moodle", uploaded=True
        )
        for file in strangers
        if is_work(file.name)
    ]
    left = [*tree.left, *(file.name for file in strangers if not is_work(file.name))]
    count = sum(len(hand_in.files) for hand_in in hand_ins)
    words = ("blind: the students have no names",) if blind else ()
    return Laid("moodle", "Moodle download", tuple(hand_ins), tuple(left), "file", count, words)


def _hand_in(
    label: str, name: str, number: str, entries: list[tuple[File, re.Match[str]]], *, blind: bool, alone: bool
) -> HandIn:
    text = f"{name}_{number}" if number else name
    ids = {"moodle_participant" if not blind else "moodle_blind": number} if number else {}
    hint = Hint(text=text, id=text if blind or not alone else name, ids=ids, name="" if blind else name)
    files: dict[str, File] = {}
    # What was uploaded comes first: a text that was typed may have the name of a file.
    for file, match in sorted(entries, key=lambda entry: entry[1]["kind"] == TYPED):
        own = match["inside"] or match["flat"]
        while own in files:
            own = f"_{own}"
        files[own] = replace(file, name=own)
    dates = [file.dated for file in files.values() if file.dated is not None]
    return HandIn(
        hint=hint,
        files=tuple(files.values()),
        dated=max(dates, default=None),
        source=named((file for file, _ in entries), f"{label}/"),
        layout="moodle",
        uploaded=True,
    )
