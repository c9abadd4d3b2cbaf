"""Cloned repositories, one a student, as classroom50 and GitHub Classroom make them: ``ASSIGNMENT-LOGIN`` side by side.

The folder around them is ``ASSIGNMENT-submissions``, or ``CLASSROOM-ASSIGNMENT_submissions_TIME`` with a ``scores.csv`` of times.
Else the time is that of the last commit, which is the student's own clock: what the host saw is not in a clone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping

from grader.submission.downloads.git import last_commit
from grader.submission.downloads.hand_in import HandIn, Hint, is_work
from grader.submission.downloads.layout import Laid
from grader.submission.downloads.times import instant
from grader.submission.downloads.tree import Tree
from grader.submission.reading import Unreadable, read_text

__all__ = ["recognise"]

AROUND = re.compile(r"(?P<prefix>.+?)(?:-|_)submissions?(?:_.*)?")
SCORES = "scores.csv"
MOST_SCORES = 4 << 20


def recognise(tree: Tree, *, forced: bool = False) -> Laid | None:
    """Read a tree as clones of repositories; None if it is none."""
    for level in tree.levels():
        folders, loose = level.tops()
        clones = {name: below for name, below in folders.items() if "" in below.git}
        there = [name for name in folders if not name.startswith(".")]
        alone = forced or not any(is_work(file.name) for file in loose)
        if "" not in level.git and len(clones) >= (1 if forced else 2) and 2 * len(clones) > len(there) and alone:
            break
    else:
        return None
    prefix = _prefix(level.label, clones)
    scores = _scores(level)
    # A folder without .git is somebody's too: unpacked from the host's zip, perhaps.
    hand_ins = [_hand_in(tree.label, name, below, prefix, scores) for name, below in folders.items() if name in there]
    left = [
        *tree.left,
        *(file.name for file in loose if not is_work(file.name) and (file.name != SCORES or not scores)),
    ]
    left += [f"{name}/" for name in folders if name not in there]
    hand_ins += [
        HandIn(
            hint=Hint(text=file.name),
            files=(file,),
            source=f"{tree.label}/{file.name}",
            layout="repositories",
            uploaded=True,
        )
        for file in loose
        if is_work(file.name)
    ]
    title = "classroom50 download" if scores else "cloned repositories"
    words = () if scores else ("times are those of last commits",)
    return Laid("repositories", title, tuple(hand_ins), tuple(left), "repository", len(there), words)


def _prefix(around: str, clones: Iterable[str]) -> str:
    """Return what the names of clones have in front of the login: the folder around them says it, else what they share."""
    names = [name.casefold() for name in clones]
    match = AROUND.fullmatch(around.casefold())
    if match and all(name.startswith(f"{match['prefix']}-") for name in names):
        return f"{match['prefix']}-"
    if len(names) < 2:
        return ""
    low, high = min(names), max(names)
    shared = next((low[:at] for at, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), low)
    return shared[: shared.rfind("-") + 1]


def _hand_in(label: str, name: str, below: Tree, prefix: str, scores: Mapping[str, Mapping[str, str]]) -> HandIn:
    login = name[len(prefix) :] if name.casefold().startswith(prefix) and len(name) > len(prefix) else name
    parts = name.split("-")
    known = scores.get(login.casefold(), {})
    git = below.git.get("")
    return HandIn(
        hint=Hint(
            text=name,
            id=login,
            login=login,
            email=known.get("email", ""),
            name=" ".join(filter(None, (known.get("first_name"), known.get("last_name")))),
            others=tuple("-".join(parts[at:]) for at in range(1, len(parts))),
        ),
        files=tuple(below.files.values()),
        submitted=instant(known.get("datetime")) or (last_commit(git) if git is not None else None),
        late_mark=known.get("late", "").casefold() == "true",
        source=f"{label}/{name}",
        assignment=prefix.rstrip("-"),
        layout="repositories",
    )


def _scores(level: Tree) -> dict[str, dict[str, str]]:
    """Read the table that classroom50's teacher's tool writes beside the clones, by login; empty if there is none."""
    sheet = level.files.get(SCORES)
    if sheet is None:
        return {}
    try:
        rows = list(csv.DictReader(read_text(sheet.read(MOST_SCORES)).splitlines()))
    except (Unreadable, csv.Error):
        return {}
    kept = [
        {key: value for key, value in row.items() if isinstance(key, str) and isinstance(value, str)} for row in rows
    ]
    return {row["username"].strip().casefold(): row for row in kept if row.get("username") and "datetime" in row}
