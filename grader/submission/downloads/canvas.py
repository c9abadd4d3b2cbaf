"""Canvas: "Download Submissions" of an assignment, a flat zip or the folder it was unpacked to.

Each file is named ``NAME[_late]_USER_ATTACHMENT_FILE``; NAME is the sortable name in small letters without what is no letter
(``lovelaceada``), or ``anon`` where grading is anonymous, with five letters and digits for USER. Texts and links that were typed
end in ``_text.html`` and ``_link.html``. Of several attempts it has the last, and it says nothing of the time. A file that was
handed in again under one name gets ``-1``, ``-2`` before its ending.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from grader.submission.downloads.hand_in import HandIn, Hint, is_work, named
from grader.submission.downloads.layout import Laid
from grader.submission.downloads.tree import File, Tree

__all__ = ["recognise"]

FILE = re.compile(
    r"(?P<name>[^\W_][\w'-]*?)(?P<late>_late)?_(?P<user>\d+)(?:_(?P<attachment>\d+)_(?P<file>.+)|_(?P<typed>(?:text|link)\.html))",
    re.IGNORECASE | re.DOTALL,  # a file may have a line break in its name
)
ANONYMOUS = re.compile(
    r"anon(?P<late>_late)?_(?P<user>(?=\w*[a-z])[0-9a-z]{4,8})(?:_(?P<attachment>\d+)_(?P<file>.+)|_(?P<typed>(?:text|link)\.html))",
    re.IGNORECASE | re.DOTALL,  # a file may have a line break in its name
)
AGAIN = re.compile(r"-\d{1,2}(?=\.\w+$)")
STRANGERS = 4
"""A folder may hold one file with another name for so many of Canvas's: somebody's notes, or a sheet of marks."""


def recognise(tree: Tree, *, forced: bool = False) -> Laid | None:
    """Read a tree as a download of Canvas; None if it is none."""
    tree = tree.unwrapped()
    folders, loose = tree.tops()
    found: dict[str, list[tuple[File, re.Match[str]]]] = {}
    strangers = []
    for file in loose:
        match = _read(file.name)
        if match is None:
            strangers.append(file)
        else:
            found.setdefault(_who(match), []).append((file, match))
    if not found or (not forced and not _plain(folders, strangers, len(loose) - len(strangers))):
        return None
    hand_ins = [_hand_in(tree.label, text, entries) for text, entries in sorted(found.items())]
    # What could be work is not dropped: it stands among the unmatched.
    hand_ins += [
        HandIn(
            hint=Hint(text=file.name), files=(file,), source=f"{tree.label}/{file.name}", layout="canvas", uploaded=True
        )
        for file in strangers
        if is_work(file.name)
    ]
    left = [*tree.left, *(file.name for file in strangers if not is_work(file.name)), *(f"{name}/" for name in folders)]
    count = sum(len(hand_in.files) for hand_in in hand_ins)
    return Laid("canvas", "Canvas download", tuple(hand_ins), tuple(left), "file", count)


def _read(name: str) -> re.Match[str] | None:
    name = unicodedata.normalize("NFC", name)
    return ANONYMOUS.fullmatch(name) or FILE.fullmatch(name)


def _who(match: re.Match[str]) -> str:
    name = match["name"].casefold() if "name" in match.groupdict() else "anon"
    return f"{name}_{match['user']}"


def _plain(folders: Iterable[str], strangers: list[File], ours: int) -> bool:
    """Return True if nothing speaks against a download: no folder beside the files, and hardly a file with another name."""
    return not list(folders) and len([file for file in strangers if is_work(file.name)]) * STRANGERS <= ours


def _hand_in(label: str, text: str, entries: list[tuple[File, re.Match[str]]]) -> HandIn:
    named_by = entries[0][1].groupdict()
    name, user = named_by.get("name") or "", named_by["user"]
    hint = Hint(text=text, ids={"canvas": user} if name else {"canvas_anonymous": user}, name=name, joined=bool(name))
    dates = [file.dated for file, _ in entries if file.dated is not None]
    return HandIn(
        hint=hint,
        files=tuple(_own_names(entries)),
        dated=max(dates, default=None),
        late_mark=any(match["late"] for _, match in entries),
        source=named((file for file, _ in entries), f"{label}/"),
        layout="canvas",
        uploaded=True,
    )


def _own_names(entries: list[tuple[File, re.Match[str]]]) -> list[File]:
    """Give files back the names under which they were handed in, as far as they can be known.

    A ``-1`` before the ending is taken off. Of a file that is neither notebook nor module it may be the student's own: that file is
    there under both names.
    """
    found: dict[str, File] = {}
    for file, match in sorted(entries, key=lambda entry: int(entry[1]["attachment"] or 0)):
        name = match["file"] or match["typed"]
        while name in found:  # two attachments of one name: neither is lost
            name = f"_{name}"
        found[name] = replace(file, name=name)
    for name, file in list(found.items()):
        bare = AGAIN.sub("", name)
        if bare not in found:
            found[bare] = replace(file, name=bare)
            if is_work(name):
                del found[name]
    return list(found.values())
