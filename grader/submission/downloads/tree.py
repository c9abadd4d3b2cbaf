"""The files of a folder or an archive as one kind of thing: listed by name, and read when they are asked for.

A class is larger than a submission, so nothing is read to list it. A file that nobody should read (a link, an encrypted member) is
listed with the reason: it is the problem of whoever handed it in, and of nobody else.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from zipfile import ZipInfo

from grader.submission.downloads.places import Archive, Member, OnDisk, Place, members_of
from grader.submission.files import MOST_BYTES, SKIPPED, member_name, odd_member, way_out
from grader.submission.reading import Unreadable

__all__ = ["File", "Tree", "from_path", "inside", "is_junk"]

MOST_ENTRIES = 500_000
"""The most files of a class that are listed, those of version control included."""
MOST_DEEP = 16
MOST_NAME = 1000
GIT = ".git"
JUNK = {".ds_store", "thumbs.db", "desktop.ini", ".gitkeep", ".localized", "icon\r"}
"""What an operating system leaves behind, in lower case."""


@dataclass(frozen=True)
class File:
    """One file of a tree.

    Args:
        name: relative, with ``/`` between its parts.
        place: where its bytes are.
        size: in bytes, as it is declared.
        dated: the date of a member of an archive, which has no zone and is a hint at most.
        refused: the reason for which it is not read; empty if it is.

    """

    name: str
    place: Place
    size: int = 0
    dated: datetime | None = None
    refused: str = ""

    def read(self, most: int = MOST_BYTES) -> bytes:
        """Return its bytes.

        Raises:
            Unreadable: it is refused, or larger than ``most`` bytes, or cannot be read.

        """
        if self.refused:
            raise Unreadable(f"{self.name[:100]!r} {self.refused}")
        if self.size > most:
            raise Unreadable(f"{self.name[:100]!r} is larger than {most >> 20} MiB")
        try:
            with self.place.open() as stream:
                data: bytes = stream.read(most + 1)
        except Unreadable:
            raise
        except Exception as error:  # a damaged archive breaks zipfile in any of many ways
            raise Unreadable(f"{self.name[:100]!r} cannot be read ({error})"[:300]) from None
        if len(data) > min(most, max(self.size, 0)) and isinstance(self.place, Member):
            raise Unreadable(f"{self.name[:100]!r} is larger than it says")
        if len(data) > most:
            raise Unreadable(f"{self.name[:100]!r} is larger than {most >> 20} MiB")
        return data


@dataclass(frozen=True)
class Tree:
    """The files of a folder or archive.

    Args:
        label: its name, for people.
        files: by name; caches and what operating systems leave behind is left out.
        git: by folder ("" for the top) the files of its ``.git``, by name in it; of a folder on the disk only ``""`` is there.
        left: what is passed over, with the reason.
        empty: the names of folders at the top in which there is nothing.

    """

    label: str
    files: Mapping[str, File] = field(default_factory=dict)
    git: Mapping[str, Mapping[str, File] | Path] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()

    def tops(self) -> tuple[dict[str, Tree], list[File]]:
        """Return the trees of the folders at the top, by name, and the files beside them."""
        inner: dict[str, dict[str, File]] = {name: {} for name in self.empty}
        loose = []
        for name, file in self.files.items():
            top, slash, rest = name.partition("/")
            if slash:
                inner.setdefault(top, {})[rest] = replace(file, name=rest)
            else:
                loose.append(file)
        git: dict[str, dict[str, Mapping[str, File] | Path]] = {}
        for folder, found in self.git.items():
            top, _, rest = folder.partition("/")
            if folder:
                inner.setdefault(top, {})
                git.setdefault(top, {})[rest] = found
        return {name: Tree(name, files, git.get(name, {})) for name, files in sorted(inner.items())}, loose

    def levels(self) -> Iterator[Tree]:
        """Yield the tree, and the tree of its only folder, as long as there is nothing but one; each with its own label."""
        tree = self
        for _ in range(MOST_DEEP):
            yield tree
            folders, loose = tree.tops()
            if loose or len(folders) != 1 or "" in tree.git:
                return
            tree = next(iter(folders.values()))

    def unwrapped(self) -> Tree:
        """Return the innermost of :meth:`levels`, under the label of the outermost."""
        *_, last = self.levels()
        return replace(last, label=self.label, left=self.left)

    def dated(self) -> datetime | None:
        """Return the latest date of its files, as far as they have any."""
        return max((file.dated for file in self.files.values() if file.dated is not None), default=None)


def from_path(path: Path) -> Tree:
    """List what is at a path, a folder or a zip archive.

    Raises:
        Unreadable: it has too many entries, is no whole archive, or cannot be read.

    """
    if path.is_dir():
        return _from_folder(path)
    return inside(Archive(path), path.name)


def inside(archive: Archive, label: str) -> Tree:
    """List an archive, with the errors of :func:`from_path`."""
    files: dict[str, File] = {}
    git: dict[str, dict[str, File]] = {}
    left: list[str] = []
    for index, member in enumerate(members_of(archive, MOST_ENTRIES)):
        name = member_name(member)
        reason = way_out(member.filename, PurePosixPath(name))
        if reason is None and len(name) > MOST_NAME:
            reason = "has too long a name"
        if reason is not None:
            left.append(f"{name[:100]} ({reason})")
            continue
        if member.is_dir():
            continue
        file = File(name, Member(archive, index), member.file_size, _dated(member), odd_member(member) or "")
        parts = PurePosixPath(name).parts
        if GIT in parts:
            at = parts.index(GIT)
            git.setdefault("/".join(parts[:at]), {})["/".join(parts[at + 1 :])] = file
        elif not is_junk(parts):
            files[name] = replace(file, refused="has the name of another") if name in files else file
    return Tree(label, files, git, tuple(left))


def _from_folder(folder: Path) -> Tree:
    files: dict[str, File] = {}
    git: dict[str, Path] = {}
    left: list[str] = []
    empty: list[str] = []
    entries = 0
    for base, folders, names in os.walk(folder, followlinks=False, onerror=lambda error: left.append(_unlisted(error))):
        at = Path(base).relative_to(folder)
        above = "" if at == Path() else f"{at.as_posix()}/"
        if GIT in folders and not (Path(base) / GIT).is_symlink():
            git[above.rstrip("/")] = Path(base) / GIT
        folders[:] = sorted(f for f in folders if f not in SKIPPED)
        entries += len(folders) + len(names)
        if entries > MOST_ENTRIES:
            raise Unreadable(f"the folder has more than {MOST_ENTRIES:,} entries")
        if above.count("/") == 1 and not folders and not names:
            empty.append(above.rstrip("/"))
        for name in sorted(names):
            full = f"{above}{name}"
            if is_junk(PurePosixPath(full).parts):
                continue
            try:
                state = (Path(base) / name).lstat()
            except OSError as error:
                left.append(f"{full} ({error.strerror})")
                continue
            if stat.S_ISREG(state.st_mode):
                files[full] = File(full, OnDisk(Path(base) / name), state.st_size)
            else:
                left.append(f"{full} (is a link or a device)")
    return Tree(folder.name or folder.resolve().name, files, git, tuple(left), tuple(empty))


def _unlisted(error: OSError) -> str:
    return f"{error.filename} ({error.strerror})"


def is_junk(parts: Iterable[str]) -> bool:
    """Return True if the parts of a name are those of a cache, or of what an operating system leaves behind."""
    parts = tuple(parts)
    last = parts[-1] if parts else ""
    return any(part in SKIPPED for part in parts) or last.casefold() in JUNK or last.startswith(("._", "~$", ".~lock."))


def _dated(member: ZipInfo) -> datetime | None:
    """Return the date of a member; None for one that no clock showed, or for what packers write that know none."""
    try:
        found = datetime(*member.date_time)
    except ValueError:
        return None
    return found if found.year > 1980 else None
