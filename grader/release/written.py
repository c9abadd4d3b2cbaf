"""A kit written down: as a folder, or as one zip archive, the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from grader.errors import UsageError
from grader.release.kit import Kit
from grader.writing import write_whole_bytes

__all__ = ["write_folder", "write_zip", "zipped"]

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of all members: a zip of the same kit has the same bytes."""


def write_folder(kit: Kit, folder: Path) -> None:
    """Write a kit into a folder that is new, or empty.

    Raises:
        UsageError: something is there already; it may be a student's work.
        OSError: a file cannot be written.

    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already, and may hold somebody's work: name another place with --out")
    for path, data in kit.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def write_zip(kit: Kit, path: Path) -> None:
    """Write a kit as a zip archive, whole or not at all.

    Raises:
        OSError: it cannot be written.

    """
    write_whole_bytes(path, zipped(kit, f"{path.stem}/"))


def zipped(kit: Kit, prefix: str = "") -> bytes:
    """Return a kit as the bytes of a zip archive, its members under a ``prefix``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in kit.files.items():
            archive.writestr(zipfile.ZipInfo(prefix + name, LONG_AGO), data, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()
