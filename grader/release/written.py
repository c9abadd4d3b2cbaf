"""A kit written down: as a folder, or as one zip archive, the same bytes each time."""

from __future__ import annotations

import io
import secrets
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from grader.errors import UsageError
from grader.release.kit import Kit

__all__ = ["write_folder", "write_zip", "zipped"]

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of all members: a zip of the same kit has the same bytes."""
UNIX, READABLE = 3, 0o100644
"""What a member says of itself: a file that everybody may read, whoever unpacks it where. Else it is its owner's alone."""


def write_folder(kit: Kit, folder: Path) -> None:
    """Write a kit into a folder that is new, or empty; whole or not at all.

    Raises:
        UsageError: something is there already; it may be a student's work.
        OSError: a file cannot be written; what was there before is there still, and nothing else.

    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already, and may hold somebody's work: name another place with --out")
    if folder.exists():  # it may be a link, or where another disk begins: it stays, and is filled
        _fill(kit, folder)
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")  # a name that nobody has
    partial.mkdir()
    try:
        _fill(kit, partial)
        partial.rename(folder)
    except BaseException:  # Ctrl-C too
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _fill(kit: Kit, folder: Path) -> None:
    """Write a kit into an empty folder; if that fails, the folder is empty again."""
    try:
        for path, data in kit.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except BaseException:
        for first in {path.partition("/")[0] for path in kit.files}:
            shutil.rmtree(folder / first, ignore_errors=True)
            with suppress(OSError):  # what is said of the first error is what matters
                (folder / first).unlink(missing_ok=True)
        raise


def write_zip(kit: Kit, path: Path) -> None:
    """Write a kit as a zip archive, whole or not at all, in a folder that is made if there is none.

    Raises:
        OSError: it cannot be written.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")  # a name that nobody has
    try:
        with partial.open(
            "xb"
        ) as file:  # as it is made: the kits of a class are more than a machine has to hold at once
            _zip(kit, f"{path.stem}/", file)
        partial.replace(path)
    except BaseException:  # Ctrl-C too
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def zipped(kit: Kit, prefix: str = "") -> bytes:
    """Return a kit as the bytes of a zip archive, its members under a ``prefix``."""
    buffer = io.BytesIO()
    _zip(kit, prefix, buffer)
    return buffer.getvalue()


def _zip(kit: Kit, prefix: str, file: IO[bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in kit.files.items():
            member = zipfile.ZipInfo(prefix + name, LONG_AGO)
            member.create_system, member.external_attr = UNIX, READABLE << 16
            archive.writestr(member, data, zipfile.ZIP_DEFLATED, 9)
