"""The work of a batch: hand-ins matched with students, each with the exercises that are wanted of it, in a stable order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from grader.bank import Catalogue, catalogue
from grader.course import Course, Plan, match, read_plan
from grader.errors import UsageError
from grader.exam import Papers
from grader.grades import attempt_key
from grader.grading import Wanted, out_of_reach
from grader.submission import HandIn, find

__all__ = ["Asked", "Piece", "Work", "distinct", "find_work", "papers_of", "wanted_of"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A class that is to be graded.

    Args:
        paths: downloads, folders, archives, files.
        course: its settings.
        assignment: its name; None where what is found tells.
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
        assignment: of the course; empty where the units that are found in it tell.
        wanted: the units to look for, and which of their exercises; where ``assignment`` is empty, those of units that are found.
        unit: the one that it is likely to be of, None where nothing tells.
        papers: of an exam, to tell whose paper it is; None for what is no exam.
        of_unit: by unit the assignment, where ``assignment`` is empty; of other units the unit is the assignment.

    """

    hand_in: HandIn
    assignment: str
    wanted: Wanted
    unit: str | None = None
    of_unit: Mapping[str, str] = field(default_factory=dict)
    papers: Papers | None = field(default=None, repr=False, compare=False)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what tells it from others, as :func:`grader.grades.attempt_key`; it reads the files once."""
        of = self.hand_in
        return attempt_key(of.id, self.assignment, of.submitted, of.sha256)


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
    made = _Pieces(asked, bank)
    pieces = [piece for h in hand_ins if (piece := made.of(h)) is not None]
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
    """Return the place in an order that depends on nothing but names and times: each machine of a cluster finds the same.

    Of one student's hand-ins without a time the order stays in which they were found: a collected folder has the oldest first, and
    of several downloads the later one is named last. The names of downloads say nothing: ``submissions (1).zip`` is the newer.
    """
    of = piece.hand_in
    return of.id, piece.assignment, of.submitted.isoformat() if of.submitted else ""


class _Pieces:
    """The making of pieces: what each assignment wants is read once for a class."""

    def __init__(self, asked: Asked, bank: Catalogue) -> None:
        self.asked, self.bank = asked, bank
        self.plans: dict[str, Plan] = {}
        self.papers: dict[str, Papers | None] = {}
        self.wanted: dict[str, dict[str, frozenset[str] | None]] = {}

    def of(self, hand_in: HandIn) -> Piece | None:
        """Return a hand-in with its assignment; None for one of another assignment than is asked for."""
        assignments = self.asked.course.assignments
        said = hand_in.assignment if hand_in.assignment in (assignments or self.bank.units) else None
        if self.asked.assignment is not None and said not in (None, self.asked.assignment):
            return None
        name = self.asked.assignment or said
        if name is None and len(assignments) == 1:
            name = next(iter(assignments))
        if name is not None:
            wanted = self._of_assignment(name, hand_in.id)
            unit = next(iter(wanted)) if len(wanted) == 1 else _named(hand_in, self.bank.units)
            return Piece(hand_in, name, wanted, unit, papers=self.papers.get(name))
        of_unit, wanted = self._of_units
        return Piece(hand_in, "", wanted, _named(hand_in, self.bank.units), of_unit)

    def _of_assignment(self, name: str, student: str) -> dict[str, frozenset[str] | None]:
        if name not in self.plans:
            self.plans[name] = plan = read_plan(self.asked.course, name, self.bank)
            self.papers[name] = papers_of(plan)
        if self.plans[name].exam is not None:
            return wanted_of(self.plans[name].of(student), self.bank)
        if name not in self.wanted:
            self.wanted[name] = wanted_of(self.plans[name], self.bank)
        return self.wanted[name]

    @cached_property
    def _of_units(self) -> tuple[dict[str, str], dict[str, frozenset[str] | None]]:
        return _by_unit(self.asked.course, self.bank)


def _by_unit(course: Course, bank: Catalogue) -> tuple[dict[str, str], dict[str, frozenset[str] | None]]:
    """Return the assignment of each unit, and what it wants of it.

    Raises:
        UsageError: two assignments want exercises of one unit: what is found does not tell them apart.

    """
    of_unit: dict[str, str] = {}
    wanted: dict[str, frozenset[str] | None] = {}
    for name in course.assignments:
        plan = read_plan(course, name, bank)
        if plan.exam is not None:
            raise UsageError(
                f"name the assignment with --assignment: {name} is an exam, and its units may be others' too"
            )
        for unit, exercises in wanted_of(plan, bank).items():
            if unit in of_unit:
                raise UsageError(
                    f"name the assignment with --assignment: {of_unit[unit]} and {name} both ask for exercises of {unit}"
                )
            of_unit[unit], wanted[unit] = name, exercises
    return of_unit, wanted


def papers_of(plan: Plan) -> Papers | None:
    """Return the papers of an exam's class; None for what is no exam."""
    return None if plan.exam is None else Papers(plan.exam, [person.id for person in plan.roster.people])


def wanted_of(plan: Plan, bank: Catalogue) -> dict[str, frozenset[str] | None]:
    """Return what an assignment wants of each unit: None where it wants all exercises."""
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
