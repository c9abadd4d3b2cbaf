"""Gradescope: "Export Submissions" of an assignment, a folder ``submission_NUMBER`` for each with what was uploaded.

``submission_metadata.yml`` beside them, written by Ruby, says who submitted (several, for a group), when, and when before: the
files of earlier attempts are not in the export. Without it nobody has a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from grader.submission.downloads.hand_in import HandIn, Hint
from grader.submission.downloads.layout import Laid
from grader.submission.downloads.times import instant
from grader.submission.downloads.tree import Tree
from grader.submission.reading import Unreadable, read_text

__all__ = ["recognise"]

FOLDER = re.compile(r"submission_\d+")
METADATA = "submission_metadata.yml"
MOST_METADATA = 32 << 20


def recognise(tree: Tree, *, forced: bool = False) -> Laid | None:
    """Read a tree as an export of Gradescope; None if it is none."""
    for level in tree.levels():
        folders, loose = level.tops()
        ours = {name: below for name, below in folders.items() if FOLDER.fullmatch(name)}
        sheet = level.files.get(METADATA)
        if ours and (sheet is not None or forced or len(ours) == len(folders)):
            break
    else:
        return None
    try:
        said = _metadata(read_text(sheet.read(MOST_METADATA))) if sheet is not None else {}
        words = () if sheet is not None else (f"without {METADATA}: nobody has a name",)
    except Unreadable as error:
        said, words = {}, (f"{METADATA} cannot be read: {error}",)
    hand_ins = [_hand_in(tree.label, name, below, said.get(name)) for name, below in ours.items()]
    hand_ins += [
        _hand_in(tree.label, name, below, None) for name, below in folders.items() if name not in ours and below.files
    ]
    left = [*tree.left, *(file.name for file in loose if file.name != METADATA)]
    left += [f"{name} (only in {METADATA}: its files are not there)" for name in said if name not in folders]
    return Laid("gradescope", "Gradescope export", tuple(hand_ins), tuple(left), "submission", len(hand_ins), words)


def _hand_in(label: str, name: str, below: Tree, said: Any) -> HandIn:
    said = said if isinstance(said, Mapping) else {}
    people = [person for person in _list(said, "submitters") if isinstance(person, Mapping)]
    hints = [_hint(name, person, alone=len(people) == 1) for person in people] or [
        Hint(text=name, ids={"gradescope_number": name})
    ]
    submitted = instant(_value(said, "created_at"))
    before = (instant(_value(old, "created_at")) for old in _list(said, "history") if isinstance(old, Mapping))
    return HandIn(
        hint=hints[0],
        others=tuple(hints[1:]),
        files=tuple(below.files.values()),
        submitted=submitted,
        earlier=tuple(sorted({when for when in before if when is not None and when != submitted})),
        dated=below.dated(),
        source=f"{label}/{name}",
        layout="gradescope",
        uploaded=True,
    )


def _hint(folder: str, person: Mapping[Any, Any], *, alone: bool) -> Hint:
    name, email, sid = (_text(_value(person, key)) for key in ("name", "email", "sid"))
    known = sid or email or name
    return Hint(
        text=folder if alone else f"{folder}:{known}",
        id=known or folder,
        ids={"sis": sid} if sid else {"gradescope_number": folder},
        name=name,
        email=email,
    )


def _value(said: Mapping[Any, Any], key: str) -> Any:
    """Return a value by its name, which Ruby writes as a symbol, ``:name``."""
    return said.get(f":{key}", said.get(key))


def _list(said: Mapping[Any, Any], key: str) -> list[Any]:
    found = _value(said, key)
    return found if isinstance(found, list) else []


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _metadata(text: str) -> dict[str, Any]:
    """Read the sheet: all single values as text, since a student number is no number, and Ruby's objects as what they hold.

    Raises:
        Unreadable: it is no YAML, or no table.

    """
    import yaml  # only an export of Gradescope needs it

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """A safe loader that makes nothing but texts, lists and tables."""

    def plain(loader: Any, _tag: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    for kind in ("int", "float", "bool", "timestamp", "binary"):
        Loader.add_constructor(f"tag:yaml.org,2002:{kind}", lambda loader, node: plain(loader, "", node))
    for prefix in ("!", "tag:"):
        Loader.add_multi_constructor(prefix, plain)
    try:
        read = yaml.load(text, Loader=Loader)  # noqa: S506 - a subclass of the safe loader
    except Exception as error:  # YAML fails in any of many ways
        raise Unreadable(" ".join(str(error).split())[:200]) from None
    if not isinstance(read, dict):
        raise Unreadable("it is no table of submissions")
    return {name: value for name, value in read.items() if isinstance(name, str)}
