"""The places of bytes: on the disk, in an archive, or in an archive in one. A place is opened to be read, and can be pickled."""

from __future__ import annotations

import tempfile
import zipfile
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from grader.submission.files import ENTRY
from grader.submission.reading import Unreadable

__all__ = ["Archive", "Member", "OnDisk", "Place", "members_of"]

MOST_INNER = 1 << 30
"""The most bytes of an archive in an archive: it is unpacked to a temporary file, which nobody else can open."""
CHUNK = 1 << 20


@dataclass(frozen=True)
class OnDisk:
    """A file."""

    path: Path

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """Open it to be read."""
        return self.path.open("rb")


@dataclass(frozen=True)
class Archive:
    """A zip archive: a file, or the member of this number of the archive in a file."""

    path: Path
    member: int | None = None

    def opened(self) -> zipfile.ZipFile:
        """Return the archive, open; the latest few stay open, since a class is read member by member.

        Raises:
            Unreadable: it is no whole archive, or a member that is too large.

        """
        try:
            state = self.path.stat()
            return _opened(self, (state.st_size, state.st_mtime_ns, state.st_ino))
        except Unreadable:
            raise
        except Exception as error:  # a damaged archive breaks zipfile in any of many ways
            raise Unreadable(f"it is not a whole zip archive ({error}): pack it anew"[:300]) from None


@dataclass(frozen=True)
class Member:
    """A member of an archive, by its number: names may be there twice."""

    archive: Archive
    index: int

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """Open it to be read."""
        archive = self.archive.opened()
        return archive.open(archive.infolist()[self.index])


Place = OnDisk | Member


def members_of(archive: Archive, most: int) -> list[zipfile.ZipInfo]:
    """Return the members of an archive, at most ``most``.

    Raises:
        Unreadable: there are more, or as :meth:`Archive.opened`.

    """
    if archive.member is None:
        # Before zipfile makes an object of each.
        with archive.path.open("rb") as stream:
            _few(stream, most)
    return archive.opened().infolist()


def _few(stream: IO[bytes], most: int) -> None:
    """Refuse an archive whose directory has more than ``most`` entries, and go back to its start."""
    count, tail = 0, b""
    while chunk := stream.read(CHUNK):
        count += (tail + chunk).count(ENTRY)
        if count > most:
            raise Unreadable(f"the archive has more than {most:,} members")
        tail = chunk[-(len(ENTRY) - 1) :]
    stream.seek(0)


@lru_cache(maxsize=4)
def _opened(archive: Archive, _stamp: Any) -> zipfile.ZipFile:
    """Open an archive; the stamp tells a file from the one that was there before."""
    if archive.member is None:
        return zipfile.ZipFile(archive.path)
    return _inner(Archive(archive.path).opened(), archive.member)


def _inner(outer: zipfile.ZipFile, index: int) -> zipfile.ZipFile:
    """Unpack a member to a temporary file, and open it as an archive."""
    member = outer.infolist()[index]
    spooled = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the archive that reads it
    try:
        taken = 0
        with outer.open(member) as stream:
            while chunk := stream.read(CHUNK):
                taken += len(chunk)
                if taken > min(member.file_size, MOST_INNER):
                    raise Unreadable(
                        f"{member.filename[:100]!r} is larger than it says, or than {MOST_INNER >> 30} GiB"
                    )
                spooled.write(chunk)
        spooled.seek(0)
        _few(spooled, 50_000)
        return _Kept(spooled)
    except BaseException:
        spooled.close()
        raise


class _Kept(zipfile.ZipFile):
    """An archive that closes the file it was opened from."""

    def close(self) -> None:
        """Close the archive and its file."""
        file = self.fp
        super().close()
        if file is not None:
            file.close()
