"""The laying out of hand-ins: a folder a student, which ``gradmark grade`` and ``gradmark batch`` read as a layout of its own."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

from grader.errors import UsageError
from grader.submission.downloads.collected import (
    ATTEMPTS,
    RECORD,
    SCHEMA,
    SHORT,
    UNMATCHED,
    as_record,
    folders_in,
    place_of,
    recognise,
)
from grader.submission.downloads.hand_in import HandIn
from grader.submission.downloads.tree import from_path
from grader.submission.files import check_names
from grader.submission.reading import Unreadable
from grader.writing import write_whole

__all__ = ["check_into", "lay_out"]

PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,79}")
NEW = ".new"


def check_into(into: Path) -> None:
    """Check that a folder can take a class.

    Raises:
        UsageError: it is no folder, or one that holds something and was not made by collecting.

    """
    if into.exists() and not into.is_dir():
        raise UsageError(f"{into} is not a folder: name one with --into")
    if into.is_dir() and any(into.iterdir()) and not (into / RECORD).is_file():
        raise UsageError(f"{into} holds something that was not collected: name a new folder with --into")


def lay_out(into: Path, of: Mapping[str, Sequence[HandIn]], unmatched: Iterable[HandIn]) -> list[str]:
    """Lay hand-ins out in a folder: a folder a student, with the last attempt in it; earlier attempts and nobody's hand-ins apart.

    What was collected there before stays, as attempts of the same students; the same hand-in is not kept twice.

    Args:
        into: the folder, made if it is not there.
        of: by student the hand-ins, oldest first.
        unmatched: the hand-ins of nobody.

    Returns:
        What could not be read, with the reason; of it is laid out what can be.

    Raises:
        UsageError: as :func:`check_into`, or the folder cannot be written.

    """
    check_into(into)
    try:
        return _Laying(into).lay_out(of, unmatched)
    except OSError as error:
        raise UsageError(f"{error.filename or into} cannot be written: {error.strerror or error}") from None


class _Laying:
    def __init__(self, into: Path) -> None:
        self.into = into
        into.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(into / NEW, ignore_errors=True)  # of a run that was stopped
        tree = from_path(into)
        laid = recognise(tree)
        if laid is None and (into / RECORD).exists():
            raise UsageError(f"{into / RECORD} cannot be read: take it from a copy, or name a new folder with --into")
        # What was put there by hand has no record, and is left where it is.
        self.before = [hand_in for hand_in in (laid.hand_ins if laid else ()) if hand_in.recorded]
        self.folders = folders_in(tree)
        if laid is None:  # so that a run that is stopped can be run again
            self._record([])

    def lay_out(self, of: Mapping[str, Sequence[HandIn]], unmatched: Iterable[HandIn]) -> list[str]:
        records: list[dict[str, object]] = []
        problems: list[str] = []
        known = {hand_in.hint.text for own in of.values() for hand_in in own}
        students = {hand_in.student for hand_in in self.before if hand_in.student} | set(of)
        for student in sorted(students):
            old = [hand_in for hand_in in self.before if hand_in.student == student]
            new = _new([hand_in.of(student) for hand_in in of.get(student, ())], old)
            every = sorted((*old, *new), key=_when)
            folder = self._folder(student)
            for hand_in in every:
                last = hand_in is every[-1]
                problem = (
                    self._put(hand_in, folder, last=last) if hand_in in new else self._keep(hand_in, folder, last=last)
                )
                records.append(as_record(hand_in, folder, problem))
                if problem and hand_in in new:
                    problems.append(f"{hand_in.source}: {problem}")
        nobodys = [hand_in for hand_in in self.before if not hand_in.student and hand_in.hint.text not in known]
        for hand_in in [*nobodys, *_new([replace(one, student="") for one in unmatched], nobodys)]:
            folder = f"{_safe(hand_in.hint.text)[:60]}-{hand_in.sha256[:SHORT]}"
            new_here = hand_in not in nobodys
            problem = self._put(hand_in, folder, last=True) if new_here else hand_in.problem
            records.append(as_record(hand_in, folder, problem))
            if problem and new_here:
                problems.append(f"{hand_in.source}: {problem}")
        self._record(records)
        self._clean({str(record["folder"]) for record in records if not record["student"]})
        return problems

    def _record(self, records: list[dict[str, object]]) -> None:
        text = json.dumps({"schema": SCHEMA, "hand_ins": records}, indent=1)  # in ASCII: names may hold anything
        write_whole(self.into / RECORD, text + "\n")

    def _folder(self, student: str) -> str:
        """Return the folder of a student: the id, where it can be a folder's name."""
        if student in self.folders:
            return self.folders[student]
        mark = sha256(student.encode("utf-8", "replace")).hexdigest()[:8]
        plain = PLAIN.fullmatch(student) and student.casefold() != RECORD
        folder = student if plain else f"{_safe(student)}-{mark}"
        if folder.casefold() in {known.casefold() for known in self.folders.values()}:  # a disk may take Ada for ada
            folder = f"{folder}-{mark}"
        self.folders[student] = folder
        return folder

    def _keep(self, hand_in: HandIn, folder: str, *, last: bool) -> str:
        """Leave an attempt that is there, and put it to the earlier ones if it is the last no more."""
        at = self.into / folder
        there = self.into / place_of(hand_in, folder, last=False)
        if not last and at.is_dir() and not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            at.rename(there)
        return hand_in.problem

    def _put(self, hand_in: HandIn, folder: str, *, last: bool) -> str:
        """Write a hand-in whole; return the reason for which it cannot be read, empty if it can."""
        try:
            files, problem = hand_in.contents(), ""
        except Unreadable as error:
            files, problem = _readable(hand_in), str(error)
        target = self.into / place_of(hand_in, folder, last=last)
        if target.exists():  # what was put there by hand, or what a stopped run had finished
            aside = self.into / ATTEMPTS / folder / f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
            aside.parent.mkdir(parents=True, exist_ok=True)
            target.rename(aside)
        staged = self.into / NEW
        staged.mkdir()
        for name, data in files.items():
            path = staged / PurePosixPath(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)  # the folder takes its place once it is whole
        target.parent.mkdir(parents=True, exist_ok=True)
        staged.rename(target)
        return problem

    def _clean(self, kept: set[str]) -> None:
        """Remove what is nobody's no more."""
        room = self.into / UNMATCHED
        for path in room.iterdir() if room.is_dir() else ():
            if path.name not in kept:
                shutil.rmtree(path)
        if room.is_dir() and not any(room.iterdir()):
            room.rmdir()


def _new(hand_ins: Iterable[HandIn], old: Iterable[HandIn]) -> list[HandIn]:
    """Return those that are not there yet, each once."""
    there = {(hand_in.hint.text if not hand_in.student else "", hand_in.sha256, hand_in.submitted) for hand_in in old}
    found = []
    for hand_in in hand_ins:
        key = (hand_in.hint.text if not hand_in.student else "", hand_in.sha256, hand_in.submitted)
        if key not in there:
            there.add(key)
            found.append(hand_in)
    return found


def _when(hand_in: HandIn) -> datetime:
    return hand_in.submitted or datetime.min.replace(tzinfo=UTC)


def _readable(hand_in: HandIn) -> dict[str, bytes]:
    """Return the files of a hand-in that can be read and can lie in one folder, as they were handed in."""
    try:
        found = hand_in.raw()
        check_names(found)
        return found
    except Unreadable:
        found = {}
        for file in hand_in.files[:100]:
            try:
                check_names([*found, file.name])
                found[file.name] = file.read(1 << 20)
            except Unreadable:
                continue
        return found


def _safe(text: str) -> str:
    return re.sub(r"[^\w.@+-]+", "_", text, flags=re.ASCII).strip("._-")[:80] or "student"
