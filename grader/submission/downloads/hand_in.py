"""A hand-in: the files that one student, or one group, gave in at one time, with what the download says of who and when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath

from grader.submission.downloads.places import OnDisk
from grader.submission.downloads.tree import File, is_junk
from grader.submission.files import MOST_BYTES, MOST_FILES, check_names, digest, from_archive
from grader.submission.reading import Unreadable

__all__ = ["WORK", "HandIn", "Hint", "is_work", "named"]

WORK = (".ipynb", ".py", ".zip")
"""The endings of files that can be work."""
ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
"""The endings of archives that are not read."""


@dataclass(frozen=True, kw_only=True)
class Hint:
    """The words of a download about who handed in: only what it says, never a guess.

    Args:
        text: as it is written in the download, unique there: ``lovelaceada_123``, ``submission_7``. It is the name of a hand-in in
            a file of matches.
        id: who it is, where there is no roster: the most telling that is sure to be one student's.
        ids: ids of the platform, by its name in the roster: ``{"canvas": "123"}``.
        name: of the student, as far as the platform wrote it; ``joined`` if it is in one word, as ``lovelaceada``.
        joined: see ``name``.
        email: the address.
        login: the name of an account.
        others: what it could mean besides, which is never more than a proposal.

    """

    text: str
    id: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    joined: bool = False
    email: str = ""
    login: str = ""
    others: tuple[str, ...] = ()

    @property
    def as_id(self) -> str:
        """Return the id for a course without a roster."""
        return self.id or self.text


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """The files that were handed in at one time. They are read when they are asked for.

    Args:
        hint: who, as the download says.
        files: by their names in the hand-in.
        others: of a group, the others.
        submitted: when, with its zone; None if nothing says so.
        earlier: the times of earlier attempts whose files the download does not have.
        dated: the latest date of its files in an archive: without a zone, and a hint at most.
        late_mark: True if the platform marked it as late.
        source: where it came from, for people.
        assignment: as the download calls it; mostly it does not.
        layout: the name of the layout it was read by.
        uploaded: True where files were given in one by one: an archive among them is unpacked, since it was packed to be handed in.
        notes: for the person who grades.
        problem: the reason for which nothing of it can be read; empty if there is none.
        download: the name of the folder or archive in which it was found, the same for all of a class.
        recorded: its sha256 as it was when it was collected: what could not be read then is not there to be read again.
        student: the id in the roster, once it is matched.

    """

    hint: Hint
    files: tuple[File, ...] = ()
    others: tuple[Hint, ...] = ()
    submitted: datetime | None = None
    earlier: tuple[datetime, ...] = ()
    dated: datetime | None = None
    late_mark: bool = False
    source: str = ""
    assignment: str = ""
    layout: str = ""
    uploaded: bool = False
    notes: tuple[str, ...] = ()
    problem: str = ""
    download: str = ""
    recorded: str = ""
    student: str = ""

    @property
    def id(self) -> str:
        """Return the student's id: that of the roster, else what the download says."""
        return self.student or self.hint.as_id

    @property
    def hints(self) -> tuple[Hint, ...]:
        """Return all who handed it in."""
        return (self.hint, *self.others)

    def contents(self) -> dict[str, bytes]:
        """Read the files of the submission by name, archives that were uploaded unpacked.

        Raises:
            Unreadable: the files are too many or too large, or one is refused or cannot be read.

        """
        return self._read[0]

    def remarks(self) -> tuple[str, ...]:
        """Return the notes, and those on files that were passed over in reading. Raises as :meth:`contents`."""
        return (*self.notes, *self._read[1])

    @property
    def sha256(self) -> str:
        """Return the sha256 over names and contents; of what cannot be read, over names, sizes and reason. It never raises."""
        return self._sha256

    @cached_property
    def _sha256(self) -> str:
        if self.problem and self.recorded:  # what of it could be read is there, and is not what was handed in
            return self.recorded
        for read in (self.contents, self.raw):
            try:
                found = read()
            except Exception as error:  # whatever reading stumbles over tells this hand-in from others too
                said = str(error)
            else:
                if found or not self.problem:
                    return digest(found)
        said = "\0".join([said, *(f"{file.name}\0{file.size}" for file in self.files)])
        return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()

    @property
    def _read(self) -> tuple[dict[str, bytes], tuple[str, ...]]:
        if self.problem:
            raise Unreadable(self.problem)
        found = self.raw()
        packed = [name for name in found if _ending(name) == ".zip" and "/" not in name]
        work = [name for name in found if is_work(name) and name not in packed]
        if packed and (self.uploaded or not work):
            found, left = _unpacked(found, packed, alone=not work)
        else:
            left = ()
        others = [name for name in found if _ending(name) in ARCHIVES]
        if others and not any(is_work(name) for name in found):
            raise Unreadable(f"it holds {', '.join(others[:3])}, and of archives only .zip is read: pack it as a .zip")
        check_names(found)
        return found, left

    def raw(self) -> dict[str, bytes]:
        """Read the files as they were handed in, archives as they are; errors as for :meth:`contents`."""
        if len(self.files) > MOST_FILES or sum(file.size for file in self.files) > MOST_BYTES:
            raise Unreadable(f"it holds more than {MOST_FILES} files or {MOST_BYTES >> 20} MiB")
        found: dict[str, bytes] = {}
        total = 0
        for file in self.files:
            found[file.name] = file.read(MOST_BYTES)
            total += len(found[file.name])
            if total > MOST_BYTES:
                raise Unreadable(f"it holds more than {MOST_BYTES >> 20} MiB")
        return found

    def on_disk(self) -> Iterator[Path]:
        """Yield the paths of the files that are no members of an archive."""
        yield from (file.place.path for file in self.files if isinstance(file.place, OnDisk))

    def of(self, student: str) -> HandIn:
        """Return the hand-in as that of a student of the roster."""
        return replace(self, student=student)


def _unpacked(
    files: Mapping[str, bytes], packed: Iterable[str], *, alone: bool
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Unpack archives among files: at the top if nothing is in the way, else in a folder of the archive's name.

    Raises:
        Unreadable: an archive cannot be read, and it is all that was handed in (``alone``); else it is named in a note.

    """
    found = dict(files)
    left: list[str] = []
    for name in packed:
        try:
            inner = {n: data for n, data in from_archive(files[name]).items() if not is_junk(n.split("/"))}
        except Unreadable as error:
            if alone:
                raise Unreadable(f"{name}: {error}") from None
            left.append(f"not read: {name}: {error}")
            continue
        rest = {n: data for n, data in found.items() if n != name}
        taken = {n.partition("/")[0].casefold() for n in rest}
        clash = any(n.partition("/")[0].casefold() in taken for n in inner)
        above = f"{PurePosixPath(name).stem}/" if clash else ""
        found = {**rest, **{f"{above}{n}": data for n, data in inner.items()}}
        if len(found) > MOST_FILES or sum(map(len, found.values())) > MOST_BYTES:
            raise Unreadable(f"{name} expands beyond {MOST_FILES} files or {MOST_BYTES >> 20} MiB")
    return found, tuple(left)


def is_work(name: str) -> bool:
    """Return True if a file of this name can be work."""
    return _ending(name) in WORK


def named(files: Iterable[File], above: str = "") -> str:
    """Name files for people: the first, and how many there are besides."""
    names = [f"{above}{file.name}" for file in files]
    if not names:
        return above.rstrip("/")
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
