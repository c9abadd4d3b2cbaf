"""A folder that ``gradmark collect --into`` laid out: a folder a student with the last attempt, earlier ones in ``.attempts``.

``handed-in.json`` at its top says whose each folder is, when it was handed in and where it came from. It stands beside the folders
of students and not in them, where a student could hand one in. What is nobody's yet is in ``.unmatched``. An attempt never moves
but from its folder to ``.attempts/FOLDER/TIME-SHA``, so the record is right at each moment: an attempt is where it is found.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from grader.submission.downloads.hand_in import HandIn, Hint
from grader.submission.downloads.layout import Laid
from grader.submission.downloads.plain import whole
from grader.submission.downloads.times import instant
from grader.submission.downloads.tree import Tree
from grader.submission.reading import Unreadable, read_text

__all__ = ["ATTEMPTS", "RECORD", "SCHEMA", "SHORT", "UNMATCHED", "as_record", "folders_in", "place_of", "recognise"]

RECORD = "handed-in.json"
SCHEMA = "gradmark/handed-in/1"
ATTEMPTS = ".attempts"
UNMATCHED = ".unmatched"
MOST_RECORD = 64 << 20
SHORT = 12
"""The digits of its sha256 after which an earlier attempt is named."""


def recognise(tree: Tree, *, forced: bool = False) -> Laid | None:  # noqa: ARG001 - all layouts are asked alike
    """Read a tree as what was collected; None if it is not.

    Folders that somebody put beside the collected ones are hand-ins of their own.
    """
    tree = tree.unwrapped()
    records = _records(tree)
    if records is None:
        return None
    folders, loose = tree.tops()
    attempts = {name: below.tops()[0] for name, below in folders.pop(ATTEMPTS, Tree("")).tops()[0].items()}
    aside = folders.pop(UNMATCHED, Tree("")).tops()[0]
    hand_ins = []
    for record in records:
        folder, name = record["folder"], _attempt(instant(record.get("submitted")), _text(record, "sha256"))
        if record.get("student"):
            kept = attempts.get(folder, {}).get(name)
            below = kept if kept is not None else folders.pop(folder, None)
        else:
            below = aside.get(folder)
        hand_ins.append(_hand_in(tree.label, record, below))
    hand_ins += [whole(below) for name, below in folders.items() if not name.startswith(".")]
    left = [*tree.left, *(file.name for file in loose if file.name != RECORD)]
    return Laid("collected", "collected class", tuple(hand_ins), tuple(left), "hand-in", len(hand_ins))


def folders_in(tree: Tree) -> dict[str, str]:
    """Return the folders of students, as the record has them."""
    return {_text(record, "student"): record["folder"] for record in _records(tree) or () if _text(record, "student")}


def _records(tree: Tree) -> list[Mapping[str, Any]] | None:
    """Read the record; None if there is none, or it is broken."""
    sheet = tree.files.get(RECORD)
    try:
        read = None if sheet is None else json.loads(read_text(sheet.read(MOST_RECORD)))
    except (Unreadable, ValueError, RecursionError):
        return None
    if not isinstance(read, dict) or read.get("schema") != SCHEMA or not isinstance(read.get("hand_ins"), list):
        return None
    return [r for r in read["hand_ins"] if isinstance(r, Mapping) and isinstance(r.get("folder"), str)]


def place_of(hand_in: HandIn, folder: str, *, last: bool) -> PurePosixPath:
    """Return where in the collected folder a hand-in lies."""
    if not hand_in.student:
        return PurePosixPath(UNMATCHED, folder)
    return (
        PurePosixPath(folder) if last else PurePosixPath(ATTEMPTS, folder, _attempt(hand_in.submitted, hand_in.sha256))
    )


def _attempt(submitted: datetime | None, sha: str) -> str:
    """Return the name of the folder of an earlier attempt."""
    return (f"{submitted.astimezone(UTC):%Y%m%dT%H%M%S%fZ}-" if submitted else "") + sha[:SHORT]


def as_record(hand_in: HandIn, folder: str, problem: str) -> dict[str, Any]:
    """Return what is written of a hand-in, as JSON has it."""
    hint = hand_in.hint
    return {
        "student": hand_in.student,
        "folder": folder,
        "sha256": hand_in.sha256,
        "submitted": _written(hand_in.submitted),
        "late": hand_in.late_mark,
        "source": hand_in.source,
        "layout": hand_in.layout,
        "assignment": hand_in.assignment,
        "earlier": [_written(when) for when in hand_in.earlier],
        "dated": _written(hand_in.dated),
        "notes": list(hand_in.notes),
        "problem": problem,
        "hint": {
            "text": hint.text,
            "id": hint.id,
            "ids": dict(hint.ids),
            "name": hint.name,
            "joined": hint.joined,
            "email": hint.email,
            "login": hint.login,
            "others": list(hint.others),
        },
    }


def _hand_in(label: str, record: Mapping[str, Any], below: Tree | None) -> HandIn:
    said = record.get("hint") if isinstance(record.get("hint"), Mapping) else {}
    assert isinstance(said, Mapping)
    ids = said.get("ids") if isinstance(said.get("ids"), Mapping) else {}
    student, folder = _text(record, "student"), _text(record, "folder")
    hint = Hint(
        text=_text(said, "text") or folder,
        id=_text(said, "id"),
        ids={str(key): str(value) for key, value in (ids or {}).items()},
        name=_text(said, "name"),
        joined=said.get("joined") is True,
        email=_text(said, "email"),
        login=_text(said, "login"),
        others=tuple(map(str, _list(said, "others"))),
    )
    gone = "" if below is not None else "its files are not there any more"
    return HandIn(
        hint=hint,
        files=tuple(below.files.values()) if below is not None else (),
        submitted=instant(record.get("submitted")),
        earlier=tuple(when for said in _list(record, "earlier") if (when := instant(said)) is not None),
        dated=_naive(record.get("dated")),
        late_mark=record.get("late") is True,
        source=_text(record, "source") or f"{label}/{folder}",
        assignment=_text(record, "assignment"),
        layout=_text(record, "layout") or "collected",
        notes=tuple(map(str, _list(record, "notes"))),
        problem=_text(record, "problem") or gone,
        recorded=_text(record, "sha256"),
        student=student,
    )


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    return value if isinstance(value, str) else ""


def _list(said: Mapping[str, Any], key: str) -> list[Any]:
    value = said.get(key)
    return value if isinstance(value, list) else []


def _written(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()


def _naive(said: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(said).replace(tzinfo=None) if isinstance(said, str) else None
    except ValueError:
        return None
