"""The export for Dolos (dolos.ugent.be): a zip with one Python file a student and ``info.csv``, which it reads by itself."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence

from grader.similarity.pairs import Handed

__all__ = ["dolos_zip"]

DATE = (2000, 1, 1, 0, 0, 0)
"""The date of all members: the same class gives the same bytes."""


def dolos_zip(handed: Sequence[Handed], label: str) -> bytes:
    """Return the bytes of the zip: ``info.csv`` has the columns filename, label, created_at, full_name.

    Args:
        handed: one a student; who has no text is left out.
        label: of all of them, such as the assignment.

    """
    packed, info = io.BytesIO(), io.StringIO()
    sheet = csv.writer(info, lineterminator="\n")
    sheet.writerow(["filename", "label", "created_at", "full_name"])
    taken: set[str] = set()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in handed:
            if not one.texts:
                continue
            name = _file(one.id, taken)
            sheet.writerow([name, _plain(label), _plain(one.submitted), _plain(one.name)])
            _add(archive, name, "\n\n".join(f"# {exercise}\n{text}" for exercise, text in one.texts.items()) + "\n")
        _add(archive, "info.csv", info.getvalue())
    return packed.getvalue()


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    member = zipfile.ZipInfo(name, DATE)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    archive.writestr(member, text.encode("utf-8", "replace"))


def _file(ident: str, taken: set[str]) -> str:
    """Return a file's name for a student, which no other has, not even on a disk that takes ``Ada`` for ``ada``."""
    stem = re.sub(r"[^A-Za-z0-9._-]", "_", ident)[:80].strip(".-") or "student"
    name, number = f"{stem}.py", 2
    while name.lower() in taken:
        name, number = f"{stem}-{number}.py", number + 1
    taken.add(name.lower())
    return name


def _plain(text: str) -> str:
    """Return a text on one line, and none that a spreadsheet would run."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text[:200]).split())
    return f"'{flat}" if flat.startswith(("=", "+", "-", "@")) else flat
