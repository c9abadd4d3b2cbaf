"""The time of a repository's last commit, read from the files of its ``.git``.

git itself is not run: a student's repository can name programs that git starts (to show signatures, to fetch what is missing), and
more of them with each version. HEAD, references, loose objects and packs are read here, bounded, and nothing outside of the folder
is.
"""

from __future__ import annotations

import re
import stat
import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import IO

from grader.submission.downloads.places import OnDisk
from grader.submission.downloads.tree import File
from grader.submission.reading import Unreadable

__all__ = ["last_commit"]

MOST_REFS = 4 << 20
MOST_INDEX = 64 << 20
MOST_PACKS = 50
MOST_COMMIT = 1 << 20
MOST_DELTAS = 60
HASH = re.compile(r"[0-9a-f]{40}")
REF = re.compile(r"ref: (refs/[\w./+@-]{1,200})")
COMMITTER = re.compile(rb"^committer .{0,1000}?> (\d{1,10}) ([+-])(\d\d)(\d\d)$", re.MULTILINE)
COMMIT, OFFSET_DELTA, NAMED_DELTA = 1, 6, 7


def last_commit(git: Mapping[str, File] | Path) -> datetime | None:
    """Return the time of the commit that HEAD is at, as the committer's clock had it; None if it cannot be found.

    Args:
        git: the files of a ``.git`` by their names in it, or the folder.

    """
    try:
        repository = _Repository(git)
        name = repository.head()
        data = repository.commit(name) if name else None
    except (Unreadable, OSError, ValueError, IndexError, struct.error, zlib.error, EOFError):
        return None  # a damaged or hostile repository has no time
    except Exception:
        return None
    match = COMMITTER.search((data or b"").partition(b"\n\n")[0])
    if match is None:
        return None
    offset = timedelta(hours=int(match[3]), minutes=int(match[4])) * (-1 if match[2] == b"-" else 1)
    try:
        return datetime.fromtimestamp(int(match[1]), timezone(offset))
    except (ValueError, OverflowError, OSError):
        return None


class _Repository:
    def __init__(self, git: Mapping[str, File] | Path) -> None:
        self.git = git

    def head(self) -> str | None:
        """Return the name of the commit that is checked out."""
        text = self._text("HEAD", 1000)
        match = REF.fullmatch(text)
        if match is None:
            return text if HASH.fullmatch(text) else None
        ref = match[1]
        if ".." in ref:
            return None
        loose = self._text(ref, 1000)
        if HASH.fullmatch(loose):
            return loose
        for line in self._text("packed-refs", MOST_REFS).splitlines():
            name, _, packed = line.partition(" ")
            if packed == ref and HASH.fullmatch(name):
                return name
        return None

    def commit(self, name: str) -> bytes | None:
        """Return the text of a commit."""
        found = self._loose(name)
        if found is not None:
            head, _, data = found.partition(b"\0")
            return data if head.startswith(b"commit ") else None
        for pack in self._packs():
            offset = self._offset(pack, name)
            if offset is not None:
                kind, data = self._packed(pack, offset, MOST_DELTAS)
                return data if kind == COMMIT else None
        return None

    # ------------------------------------------------------------------------------------------ files
    def _file(self, name: str) -> File | None:
        if isinstance(self.git, Mapping):
            return self.git.get(name)
        path = self.git
        for part in name.split("/"):
            path = path / part
            try:
                state = path.lstat()
            except OSError:
                return None
            if stat.S_ISLNK(state.st_mode):
                return None
        return File(name, OnDisk(path), state.st_size) if stat.S_ISREG(state.st_mode) else None

    def _read(self, name: str, most: int) -> bytes | None:
        file = self._file(name)
        return None if file is None else file.read(most)

    def _text(self, name: str, most: int) -> str:
        return (self._read(name, most) or b"").decode("utf-8", "replace").strip()

    def _packs(self) -> list[str]:
        """Return the names of packs, without their endings."""
        if isinstance(self.git, Mapping):
            names: Iterable[str] = self.git
        else:
            folder = self.git / "objects" / "pack"
            linked = any(path.is_symlink() for path in (folder, folder.parent))
            names = () if linked or not folder.is_dir() else (f"objects/pack/{path.name}" for path in folder.iterdir())
        found = sorted(n.removesuffix(".idx") for n in names if n.startswith("objects/pack/") and n.endswith(".idx"))
        return found[:MOST_PACKS]

    # ---------------------------------------------------------------------------------------- objects
    def _loose(self, name: str) -> bytes | None:
        data = self._read(f"objects/{name[:2]}/{name[2:]}", MOST_COMMIT)
        return None if data is None else _inflated(data)

    def _offset(self, pack: str, name: str) -> int | None:
        """Look an object up in a pack's index, version 2."""
        index = self._read(f"{pack}.idx", MOST_INDEX)
        if index is None or index[:8] != b"\xfftOc\0\0\0\2":
            return None
        fan = struct.unpack(">256I", index[8 : 8 + 1024])
        wanted, names = bytes.fromhex(name), 8 + 1024
        first = fan[wanted[0] - 1] if wanted[0] else 0
        at = bisect_left(
            range(fan[wanted[0]]), wanted, lo=first, key=lambda n: index[names + 20 * n : names + 20 * n + 20]
        )
        if index[names + 20 * at : names + 20 * at + 20] != wanted or at >= fan[255]:
            return None
        offsets = names + 24 * fan[255]
        (offset,) = struct.unpack_from(">I", index, offsets + 4 * at)
        if offset & 0x80000000:
            (offset,) = struct.unpack_from(">Q", index, offsets + 4 * fan[255] + 8 * (offset & 0x7FFFFFFF))
        return int(offset)

    def _packed(self, pack: str, offset: int, deltas: int) -> tuple[int, bytes]:
        """Return the kind and the bytes of an object of a pack."""
        if deltas <= 0:
            raise Unreadable("it is packed as too many changes of changes")
        file = self._file(f"{pack}.pack")
        if file is None or file.refused:
            raise Unreadable("a pack is not there")
        opened: AbstractContextManager[IO[bytes]] = file.place.open()
        with opened as stream:
            stream.seek(offset)
            data = stream.read(MOST_COMMIT)
        kind, at = (data[0] >> 4) & 7, 1
        while data[at - 1] & 0x80:
            at += 1
        if kind == OFFSET_DELTA:
            back, at = _back(data, at)
            below, base = self._packed(pack, offset - back, deltas - 1)
        elif kind == NAMED_DELTA:
            where = self._offset(pack, data[at : at + 20].hex())
            if where is None:
                raise Unreadable("the object it changes is elsewhere")
            below, base = self._packed(pack, where, deltas - 1)
            at += 20
        else:
            return kind, _inflated(data[at:])
        return below, _changed(base, _inflated(data[at:]))


def _inflated(data: bytes) -> bytes:
    """Unpack data, as far as it goes, up to a bound."""
    return zlib.decompressobj().decompress(data, MOST_COMMIT)


def _back(data: bytes, at: int) -> tuple[int, int]:
    """Read by how much the base of a delta lies before it, and where what follows begins."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = ((value + 1) << 7) | (data[at] & 0x7F)
    return value, at + 1


def _changed(base: bytes, delta: bytes) -> bytes:
    """Apply a delta: pieces of the base, and bytes of its own."""
    at = 0
    for _ in range(2):  # the sizes before and after
        while delta[at] & 0x80:
            at += 1
        at += 1
    found = bytearray()
    while at < len(delta) and len(found) <= MOST_COMMIT:
        op = delta[at]
        at += 1
        if not op & 0x80:
            found += delta[at : at + op]
            at += op
            continue
        numbers = []
        for bits in (range(4), range(4, 7)):
            value = 0
            for place, bit in enumerate(bits):
                if op & (1 << bit):
                    value |= delta[at] << (8 * place)
                    at += 1
            numbers.append(value)
        start, size = numbers[0], numbers[1] or 0x10000
        found += base[start : start + size]
    return bytes(found)
