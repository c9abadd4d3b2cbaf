"""The files of a folder or an archive, read as bytes by relative name; a dangerous archive is refused whole."""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from grader.submission.reading import Unreadable

__all__ = [
    "ENTRY", "MOST_BYTES", "MOST_FILES", "SKIPPED", "check_names", "digest", "from_archive", "from_folder", "member_name",
    "odd_member", "way_out"
]  # fmt: skip

MOST_FILES = 2000
MOST_ENTRIES = 50_000
"""The most entries that are looked at, those that are skipped included."""
MOST_BYTES = 64 << 20
MOST_NAME = 200
MOST_DEEP = 16
"""The most bytes of one part of a name, and the most parts: both below the limits of every file system."""
DRIVE = re.compile("[A-Za-z]:")
ENTRY = b"PK\x01\x02"
"""The first bytes of a member's entry in the directory of a zip archive."""
UTF8 = 0x800
"""The flag of a member whose name is marked as UTF-8."""
SKIPPED = {
    ".git",
    ".hg",
    ".venv",
    "venv",
    "__pycache__",
    "node_modules",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".pytest_cache",
    "__MACOSX",
}


def digest(files: Mapping[str, bytes]) -> str:
    """Return the sha256, in hexadecimal, over the names and contents of files in the order of their names."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name])}\0".encode("utf-8", "surrogateescape") + files[name])
    return total.hexdigest()


def from_folder(folder: Path) -> dict[str, bytes]:
    """Read the regular files below a folder, by relative name; links are not followed, caches and version control left out.

    Raises:
        Unreadable: the files are too many or too large, or one cannot be read.

    """
    found: dict[str, bytes] = {}
    total = entries = 0
    for base, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(f for f in folders if f not in SKIPPED)
        entries += len(folders) + len(names)
        if entries > MOST_ENTRIES:
            raise Unreadable(f"the folder has more than {MOST_ENTRIES} entries")
        for name in sorted(names):
            path = Path(base) / name
            try:
                state = path.lstat()
                if not stat.S_ISREG(state.st_mode):
                    continue
                total += state.st_size
                if len(found) >= MOST_FILES or total > MOST_BYTES:
                    raise Unreadable(f"the folder holds more than {MOST_FILES} files or {MOST_BYTES >> 20} MiB")
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
            except OSError as error:
                raise Unreadable(f"{path.relative_to(folder)} cannot be read: {error.strerror}") from None
    return found


def from_archive(data: bytes) -> dict[str, bytes]:
    """Read the files of a zip archive in memory, by relative name; a single folder around everything is taken off.

    Raises:
        Unreadable: the data are no zip archive, or have too many members, or a member is absolute, climbs, links, repeats a
            name, is both a file and a folder, has too long a name, is encrypted, is packed by another method than deflate,
            or expands beyond the cap.

    """
    if data.count(ENTRY) > MOST_ENTRIES:
        raise Unreadable(f"the archive has {data.count(ENTRY)} members, and at most {MOST_ENTRIES} are looked at")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _refuse(members)
            kept = [m for m in members if not m.is_dir() and not _skipped(member_name(m))]
            found = {member_name(m): _member(archive, m) for m in kept}
    except Unreadable:
        raise
    except Exception as error:  # a damaged archive breaks zipfile in any of many ways
        raise Unreadable(f"it is not a whole zip archive ({error}): pack it anew"[:300]) from None
    return _unwrapped(found)


def member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name with one ``/`` between its parts, also if it was packed with backslashes.

    A name that is not marked as UTF-8, and is UTF-8, was packed on a Mac: it is read as what it is.
    """
    name = member.filename
    if not member.flag_bits & UTF8 and not name.isascii():
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = member.filename
    return PurePosixPath(name.replace("\\", "/")).as_posix()


def check_names(names: Iterable[str]) -> None:
    """Check that files of these names can lie in one folder.

    Raises:
        Unreadable: one has the name of another but for its case, is both a file and a folder, or has too long a name.

    """
    seen: set[str] = set()
    folders: set[str] = set()
    for name in names:
        path = PurePosixPath(name.casefold())
        above = {parent.as_posix() for parent in path.parents}
        folders |= above
        reason = _beside(path, above, seen, seen | {path.as_posix()}, folders)
        if reason:
            raise Unreadable(f"its file {name[:100]!r} {reason}")
        seen.add(path.as_posix())


def _refuse(members: list[zipfile.ZipInfo]) -> None:
    kept = sum(not _skipped(member_name(member)) for member in members)
    if kept > MOST_FILES:
        raise Unreadable(f"the archive has {kept} members, and at most {MOST_FILES} are read")
    seen: set[str] = set()
    files: set[str] = set()
    folders: set[str] = set()
    total = 0
    for member in members:
        name = member.filename
        path = PurePosixPath(member_name(member).casefold())
        reason = way_out(name, path)
        if reason is None and _skipped(member_name(member)):
            continue  # as in a folder: it is not read, whatever it is
        above = {parent.as_posix() for parent in path.parents}
        (folders if member.is_dir() else files).add(path.as_posix())
        folders |= above
        reason = reason or odd_member(member) or _beside(path, above, seen, files, folders)
        total += member.file_size
        if total > MOST_BYTES:
            reason = f"takes the archive beyond {MOST_BYTES >> 20} MiB"
        if reason:
            raise Unreadable(f"the archive is refused: its member {name[:100]!r} {reason}")
        seen.add(path.as_posix())


def way_out(name: str, path: PurePosixPath) -> str | None:
    """Return the reason for which a member's name leads out of where it is unpacked; None if it does not."""
    if name.startswith(("/", "\\")) or DRIVE.match(name) or "\0" in name:
        return "is absolute"
    return "climbs out of the archive" if ".." in path.parts else None


def odd_member(member: zipfile.ZipInfo) -> str | None:
    """Return the reason for which a member cannot be read by itself; None if it can."""
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device"
    if member.flag_bits & 1:
        return "is encrypted"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # zipfile unpacks the other kinds without a bound.
        return "is packed by another method than deflate: pack an ordinary zip"
    return None


def _beside(path: PurePosixPath, above: set[str], seen: set[str], files: set[str], folders: set[str]) -> str | None:
    """Return the reason for which a path cannot lie beside those that are there already; None if it can."""
    if path.as_posix() in seen:
        return "has the name of another"
    if above & files or path.as_posix() in folders & files:
        return "is both a file and a folder"
    if len(path.parts) > MOST_DEEP or any(len(part.encode()) > MOST_NAME for part in path.parts):
        return "has too long a name"
    return None


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Read a member's bytes; refuse the archive if they are more than the size that the member declares."""
    with archive.open(member) as stream:
        data = stream.read(member.file_size + 1)
    if len(data) > member.file_size:
        raise Unreadable(f"the archive is refused: its member {member.filename[:100]!r} is larger than it says")
    return data


def _skipped(name: str) -> bool:
    return any(part in SKIPPED for part in PurePosixPath(name).parts)


def _unwrapped(files: dict[str, bytes]) -> dict[str, bytes]:
    tops = {name.partition("/")[0] for name in files}
    wrapped = len(tops) == 1 and all("/" in name for name in files) and not tops & {"notebooks", "exercises"}
    return {name.partition("/")[2]: data for name, data in files.items()} if wrapped else files
