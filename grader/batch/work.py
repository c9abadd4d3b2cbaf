"""The work of a batch: hand-ins matched with students, each with the exercises that are wanted of it, in a stable order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.bank import Catalogue, catalogue
from grader.course import Course, match, read_plan
from grader.errors import UsageError
from grader.grading import Wanted, out_of_reach
from grader.submission import HandIn, find

__all__ = ["Asked", "Piece", "Work", "distinct", "find_work"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A class that is to be graded.

    Args:
        paths: downloads, folders, archives, files.
        course: its settings.
        assignment: its name; None where the course has one only, or where what is found tells.
        layout: of the downloads; None to recognise it.
        matches: by what a download calls somebody the student's id.
        accept: take a name that is near, where there is only one such.
        students: only these; empty for all.

    """

    paths: Sequence[Path]
    course: Course = field(default_factory=Course)
    assignment: str | None = None
    layout: str | None = None
    matches: Mapping[str, str] = field(default_factory=dict)
    accept: bool = False
    students: Collection[str] = ()


@dataclass(frozen=True)
class Piece:
    """One hand-in of one student, and what is wanted of it.

    Args:
        hand_in: with its student.
        assignment: of the course; empty where each unit that is found is one.
        wanted: the units to look for, and which of their exercises.
        unit: the one that it is likely to be of, None where nothing tells.

    """

    hand_in: HandIn
    assignment: str
    wanted: Wanted
    unit: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what tells it from others, as :attr:`grader.grades.Attempt.key`; it reads the files once."""
        when = self.hand_in.submitted
        return self.hand_in.id, self.assignment, when.isoformat() if when else "", self.hand_in.sha256


@dataclass(frozen=True)
class Work:
    """All that is to be graded, and what is not.

    Args:
        pieces: in a stable order.
        told: lines on what was found and how it was matched.
        unmatched: of each hand-in that is nobody's a line with the reason.

    """

    pieces: tuple[Piece, ...]
    told: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()


def find_work(asked: Asked) -> Work:
    """Find the hand-ins of a class and their students. No file is read.

    Raises:
        UsageError: there is nothing at a path, no such assignment or student, or no assignment is named where there are several.

    """
    course = asked.course
    bank = catalogue(course.bank)
    if asked.assignment is not None:
        read_plan(course, asked.assignment, bank)
    found = find(asked.paths, asked.layout, sorted({*bank.units, *course.assignments}))
    out_of_reach(found.hand_ins, course.bank, course.kernel.packages)
    roster = course.roster if course.roster.people else None
    matched = match(found.hand_ins, roster, asked.matches, accept=asked.accept)
    told = [found.layout, *(f"passed over: {name}" for name in found.left)]
    for proposal in matched.proposals:
        how = "taken" if proposal.taken else "not taken"
        told.append(
            f"{proposal.hand_in.hint.text}: {proposal.person.shown} ({proposal.person.id}) {proposal.how}, {how}"
        )
    unmatched = [f"{h.hint.text}: {reason}" for h, reason in zip(matched.unmatched, matched.reasons, strict=True)]
    hand_ins = [hand_in for own in matched.of.values() for hand_in in own]
    for student in asked.students:
        if student not in matched.of:
            raise UsageError(f"nothing of {student!r} is there: name the id that the roster has, or the download")
    if asked.students:
        hand_ins = [hand_in for hand_in in hand_ins if hand_in.id in asked.students]
    pieces = [piece for h in hand_ins if (piece := _piece(h, asked, bank)) is not None]
    if hand_ins and not pieces:
        named = sorted({hand_in.assignment for hand_in in hand_ins})
        raise UsageError(f"nothing of {asked.assignment} is there, only of {', '.join(named)}")
    return Work(tuple(sorted(pieces, key=_order)), tuple(told), tuple(unmatched))


def distinct(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the first of pieces that are one attempt: the same bytes of one student at one time, wherever they lie."""
    found: dict[tuple[str, str, str, str], Piece] = {}
    for piece in pieces:
        found.setdefault(piece.key, piece)
    return list(found.values())


def _order(piece: Piece) -> tuple[str, ...]:
    """Return the place in an order that depends on nothing but names and times: each machine of a cluster finds the same."""
    of = piece.hand_in
    return of.id, piece.assignment, of.submitted.isoformat() if of.submitted else "", of.download, of.source


def _piece(hand_in: HandIn, asked: Asked, bank: Catalogue) -> Piece | None:
    """Return a hand-in with its assignment; None for one of another assignment than is asked for."""
    known = asked.course.assignments or bank.units
    said = hand_in.assignment if hand_in.assignment in known else None
    if asked.assignment is not None and said not in (None, asked.assignment):
        return None
    name = asked.assignment or said
    if name is None and len(asked.course.assignments) == 1:
        name = next(iter(asked.course.assignments))
    if name is None and asked.course.assignments:
        raise UsageError(f"name the assignment with --assignment: there are {', '.join(asked.course.assignments)}")
    wanted = {} if name is None else _wanted(asked.course, name, bank)
    unit = next(iter(wanted)) if len(wanted) == 1 else _named(hand_in, bank.units)
    return Piece(hand_in, name or "", wanted, unit)


def _wanted(course: Course, name: str, bank: Catalogue) -> dict[str, frozenset[str] | None]:
    """Return what an assignment wants of each unit: None where it wants all exercises."""
    plan = read_plan(course, name, bank)
    of_unit: dict[str, set[str]] = {unit: set() for unit in plan.units}
    for exercise in plan.exercises:
        of_unit[exercise.name.partition(".")[0]].add(exercise.name)
    whole = {unit: {exercise.name for exercise in bank.unit(unit).exercises} for unit in of_unit}
    return {unit: None if names == whole[unit] else frozenset(names) for unit, names in of_unit.items()}


def _named(hand_in: HandIn, units: Iterable[str]) -> str | None:
    """Return the unit that a name in a hand-in tells; None if it tells none or several."""
    words = "_".join(re.sub(r"[^a-z]+", "_", f"_{file.name.lower()}_") for file in hand_in.files)
    named = [unit for unit in units if f"_{unit}_" in words]
    return named[0] if len(named) == 1 else None
