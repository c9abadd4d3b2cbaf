"""Folders and files that no platform laid out: a folder a student, a file or several a student, or one student's own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from grader.submission.downloads.git import last_commit
from grader.submission.downloads.hand_in import HandIn, Hint, is_work, named
from grader.submission.downloads.layout import Laid
from grader.submission.downloads.places import OnDisk
from grader.submission.downloads.tree import File, Tree

__all__ = ["file_at", "files_of", "is_own", "recognise", "whole"]

OWN = {"exercises", "notebooks"}
"""The folders at the top of a submission."""
MISTAKEN = {
    ".txt",
    ".pdf",
    ".doc",
    ".docx",
    ".odt",
    ".rtf",
    ".htm",
    ".html",
    ".rar",
    ".7z",
    ".tar",
    ".gz",
    ".tgz",
    ".xz",
}
"""The endings of files that students hand in by mistake, and that nobody puts beside a class."""
SEPARATORS = " _.-"


def recognise(tree: Tree, units: Collection[str] = ()) -> Laid:
    """Read a tree as a folder a student, as files with students' names, or as what one student handed in.

    Args:
        tree: whatever is in it.
        units: the names of units, which are no student's name: ``ada_layers.ipynb`` is ada's.

    """
    inner = tree.unwrapped()
    folders, loose = inner.tops()
    if is_own(inner, units):
        hand_in = whole(tree)
        return Laid("student", "one student's folder", (hand_in,), tree.left, "file", len(hand_in.files))
    # A mistaken hand-in is one too, and its student is told so.
    work = [file for file in loose if is_work(file.name) or PurePosixPath(file.name).suffix.lower() in MISTAKEN]
    there = {name: below for name, below in folders.items() if not name.startswith(".")}
    hand_ins = [replace(whole(below), source=f"{tree.label}/{name}", layout="folders") for name, below in there.items()]
    hand_ins += files_of(work, units, f"{tree.label}/")
    left = [*tree.left, *(file.name for file in loose if file not in work)]
    left += [f"{name}/" for name in folders if name.startswith(".")]
    if not there:
        return Laid("files", "plain files", tuple(hand_ins), tuple(left), "file", len(work))
    words = (f"and {len(work)} beside them",) if work else ()
    return Laid("folders", "plain folders", tuple(hand_ins), tuple(left), "folder", len(there), words)


def is_own(tree: Tree, units: Collection[str] = ()) -> bool:
    """Return True if a tree is what one student handed in: its folders say so, or half of its files have no student's name."""
    folders, loose = tree.tops()
    if OWN & set(folders) or "" in tree.git:
        return True
    work = [file.name for file in loose if is_work(file.name)]
    if len(work) < 2 and not any(below.files or below.git for below in folders.values()):
        return True  # of one file it cannot be seen: its name is a proposal
    if not work:
        return False
    return 2 * sum(not _student(name, units) for name in work) >= len(work)


def whole(tree: Tree) -> HandIn:
    """Return a tree as one hand-in of the student after whom it is named."""
    name = unicodedata.normalize("NFC", tree.label)
    name = PurePosixPath(name).stem if name.lower().endswith(".zip") else name
    folders, loose = tree.tops()
    if tree.label.lower().endswith(".zip") and not loose and len(folders) == 1 and not OWN & set(folders):
        # As in an archive that is given alone: the folder around everything is no part of the work.
        tree = replace(next(iter(folders.values())), label=tree.label)
    inside = [folder for folder in folders if not loose and len(folders) == 1 and folder not in OWN]
    inside += [PurePosixPath(file.name).stem for file in loose if len(loose) == 1 and not folders]
    git = next((found for level in tree.levels() if (found := level.git.get("")) is not None), None)
    return HandIn(
        hint=Hint(text=name, others=tuple(inside)),
        files=tuple(tree.files.values()),
        submitted=last_commit(git) if git is not None else None,
        dated=tree.dated(),
        source=tree.label,
        layout="student",
    )


def files_of(files: Iterable[File], units: Collection[str], above: str = "") -> list[HandIn]:
    """Return files as hand-ins, those of one student's name as one."""
    found: dict[str, list[File]] = {}
    for file in files:
        found.setdefault(_student(file.name, units) or PurePosixPath(file.name).stem, []).append(file)
    return [
        HandIn(hint=Hint(text=name), files=tuple(own), source=named(own, above), layout="files", uploaded=True)
        for name, own in sorted(found.items())
    ]


def file_at(path: Path, units: Collection[str] = ()) -> HandIn:
    """Return the file at a path as a hand-in; a file that is named as the course names it is of whom its folder is named after."""
    file = File(path.name, OnDisk(path), path.stat().st_size)
    folder = path.absolute().parent
    folder = folder.parent if folder.name in OWN else folder
    name = _student(path.name, units) or folder.name or path.stem
    source = path.as_posix() if not path.is_absolute() else "/".join(path.parts[-2:]).lstrip("/")
    return HandIn(
        hint=Hint(text=unicodedata.normalize("NFC", name)), files=(file,), source=source, layout="files", uploaded=True
    )


def _student(name: str, units: Collection[str]) -> str:
    """Return what is left of a file's name without ending, number and unit: empty for ``06_layers.ipynb``."""
    stem = unicodedata.normalize("NFC", PurePosixPath(name).stem)
    if not units:
        return "" if re.match(r"\d+[_-]\D", stem) else stem
    said = "|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True))
    left = re.sub(
        rf"(?:^|(?<=[{SEPARATORS}]))(?:\d+[_-]?)?(?:{said})(?=$|[{SEPARATORS}])", "", stem, flags=re.IGNORECASE
    )
    if left == stem:
        return stem
    left = left.strip(SEPARATORS)
    return "" if re.fullmatch(r"\d*", left) else left
