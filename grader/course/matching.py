"""Hand-ins and the people of the roster: who handed in what.

An id, an account or an address is taken. A name is a proposal: it is taken only if it is one person's alone, exactly but for
accents, case and order, and no other hand-in claims it; it is shown then too. What is near is proposed and not taken. Nothing is
dropped, and people of one name are never told apart by a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from grader.course.names import joined_keys, word_keys
from grader.course.nearness import Nearness
from grader.people import Person
from grader.submission import HandIn, Hint

__all__ = ["ASIDE", "Matched", "Proposal", "match"]

ASIDE = "-"
"""Stands in a file of matches in the place of a student's id: it is nobody's, and is left aside."""
Keys = Callable[[str], tuple[frozenset[str], frozenset[str]]]
"""From a name to what it is known by, as it is written and without accents."""
MOST_NEAR = 4
BY_NAME = "by name"


class People(Protocol):
    """A roster."""

    @property
    def people(self) -> tuple[Person, ...]:
        """The people, in the order of the file."""
        ...


@dataclass(frozen=True)
class Proposal:
    """A person whose hand-in this may be.

    Args:
        hand_in: of somebody who is known by a name.
        person: of the roster.
        how: the reason, in words.
        taken: True if it was taken; else it waits for somebody to accept it.

    """

    hand_in: HandIn
    person: Person
    how: str
    taken: bool


@dataclass(frozen=True)
class Matched:
    """Hand-ins by student.

    Args:
        of: by the id of the roster (without one, by what the download says) the hand-ins, oldest first; each knows its student. The
            students stand as in the roster.
        proposals: what names say, taken or not.
        unmatched: nobody's so far, each with the reason at the same place of ``reasons``.
        reasons: see ``unmatched``.
        missing: people of the roster who handed in nothing.
        aside: what the file of matches leaves aside.

    """

    of: dict[str, list[HandIn]] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    unmatched: list[HandIn] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    missing: list[Person] = field(default_factory=list)
    aside: list[HandIn] = field(default_factory=list)


def match(
    hand_ins: Iterable[HandIn],
    roster: People | None,
    overrides: Mapping[str, str] | None = None,
    *,
    accept: bool = False,
) -> Matched:
    """Match hand-ins with the people of a roster. That of a group is matched with each of them.

    Args:
        hand_ins: of :func:`grader.submission.find`.
        roster: None or an empty one, if there is none: then everybody is who the download says.
        overrides: by the text of a hint the student's id, or ``ASIDE``; what stands here is not asked.
        accept: take a proposal that is not exact too, where there is only one.

    """
    each = [replace(hand_in, hint=hint, others=()) for hand_in in hand_ins for hint in hand_in.hints]
    people = tuple(roster.people) if roster is not None else ()
    if not people:
        of: dict[str, list[HandIn]] = {}
        for hand_in in each:
            of.setdefault(hand_in.id, []).append(hand_in.of(hand_in.id))
        return Matched({student: sorted(own, key=_when) for student, own in of.items()})
    return _Matching(people, overrides or {}, accept=accept).matched(each)


def _when(hand_in: HandIn) -> datetime:
    return hand_in.submitted or datetime.min.replace(tzinfo=UTC)


class _Matching:
    """The matching of a class; arguments as for :func:`match`."""

    def __init__(self, people: Sequence[Person], overrides: Mapping[str, str], *, accept: bool) -> None:
        self.people, self.overrides, self.accept = people, overrides, accept
        self.by_id = {person.id: person for person in people}
        self.keys = _exact_keys(people)
        self.nearness = Nearness(people)
        self.names = [_by_key(people, word_keys, tier) for tier in (0, 1)]
        self.joined = [_by_key(people, joined_keys, tier) for tier in (0, 1)]

    def matched(self, hand_ins: Sequence[HandIn]) -> Matched:
        """Match in three rounds: what is decided, what is sure, what names say."""
        found = Matched()
        taken: dict[str, list[HandIn]] = {}
        asked: list[HandIn] = []
        refused: dict[int, str] = {}
        for hand_in in hand_ins:
            said = self.overrides.get(hand_in.hint.text)
            sure, clash = self._sure(hand_in.hint)
            if said == ASIDE:
                found.aside.append(hand_in)
            elif (
                said in self.by_id or hand_in.student in self.by_id
            ):  # decided before: by hand, or when it was collected
                taken.setdefault(said or hand_in.student, []).append(hand_in)
            elif len(sure) == 1:
                taken.setdefault(sure[0].id, []).append(hand_in)
            else:
                asked.append(hand_in)
                if clash:
                    refused[id(hand_in)] = clash
        self._by_names(found, taken, asked, refused)
        for person in self.people:
            if person.id in taken:
                found.of[person.id] = sorted((hand_in.of(person.id) for hand_in in taken[person.id]), key=_when)
        found.missing.extend(person for person in self.people if person.id not in found.of)
        return found

    def _by_names(
        self, found: Matched, taken: dict[str, list[HandIn]], asked: Sequence[HandIn], refused: Mapping[int, str]
    ) -> None:
        proposed = [(hand_in, self._exact_name(hand_in.hint)) for hand_in in asked if id(hand_in) not in refused]
        claims: dict[str, list[HandIn]] = {}
        for hand_in, people in proposed:
            if len(people) == 1:
                claims.setdefault(people[0].id, []).append(hand_in)
        sure = {student: list(own) for student, own in taken.items()}
        left: list[tuple[HandIn, str]] = [
            (hand_in, refused[id(hand_in)]) for hand_in in asked if id(hand_in) in refused
        ]
        for hand_in, people in proposed:
            if len(people) > 1:
                left.append(
                    (hand_in, f"{len(people)} people have this name: {', '.join(p.id for p in people[:MOST_NEAR])}")
                )
            elif not people:
                self._near(found, taken, hand_in, left)
            else:
                person = people[0]
                rivals = [other for other in (*sure.get(person.id, ()), *claims[person.id]) if _apart(hand_in, other)]
                reason = f"{rivals[0].hint.text} is {person.id} too" if rivals else ""
                found.proposals.append(Proposal(hand_in, person, BY_NAME, taken=not rivals))
                if rivals:
                    left.append((hand_in, reason))
                else:
                    taken.setdefault(person.id, []).append(hand_in)
        order = {id(hand_in): index for index, hand_in in enumerate(asked)}
        for hand_in, reason in sorted(left, key=lambda one: order[id(one[0])]):
            found.unmatched.append(hand_in)
            found.reasons.append(reason)

    def _near(
        self, found: Matched, taken: dict[str, list[HandIn]], hand_in: HandIn, left: list[tuple[HandIn, str]]
    ) -> None:
        """Propose the people whom a hand-in is near to."""
        near = self.nearness.to(hand_in.hint)
        accepted = self.accept and len(near) == 1
        found.proposals.extend(Proposal(hand_in, person, how, taken=accepted) for person, how in near[:MOST_NEAR])
        if accepted:
            taken.setdefault(near[0][0].id, []).append(hand_in)
        elif near:
            left.append((hand_in, f"perhaps {' or '.join(person.id for person, _ in near[:MOST_NEAR])}"))
        else:
            left.append((hand_in, "nobody of the roster"))

    def _sure(self, hint: Hint) -> tuple[list[Person], str]:
        """Return the people whom ids, accounts and addresses name: one, or the reason for which it is none of several."""
        found: dict[str, tuple[Person, str]] = {}
        for kind, value in _said(hint):
            for person in self.keys.get((kind, value), self.keys.get((kind, value.casefold()), ())):
                if kind == PARTICIPANT and not word_keys(hint.name)[1] & word_keys(person.name)[1]:
                    continue  # the number is of one assignment, and may be another's elsewhere
                found.setdefault(person.id, (person, kind))
        if len(found) > 1:
            return [], "it is two people's: " + ", ".join(f"{kind} says {who}" for who, (_, kind) in found.items())
        return [person for person, _ in found.values()], ""

    def _exact_name(self, hint: Hint) -> list[Person]:
        """Return the people whose name a hint has: as it is written, else without accents."""
        said = hint.name or hint.text
        tables: list[tuple[Keys, list[dict[str, list[Person]]]]] = (
            [(joined_keys, self.joined)] if hint.joined else [(word_keys, self.names), (joined_keys, self.joined)]
        )
        for tier in (0, 1):
            people = {
                person.id: person
                for keys, table in tables
                for key in keys(said)[tier]
                for person in table[tier].get(key, ())
            }
            if people:
                return list(people.values())
        return []


PARTICIPANT = "moodle"


def _said(hint: Hint) -> Iterable[tuple[str, str]]:
    """Yield the ids, accounts and addresses that a hint has, by their kind."""
    for platform, value in hint.ids.items():
        if platform == "moodle_participant":
            yield PARTICIPANT, value
        elif not platform.startswith(("moodle", "canvas_anonymous")):
            yield platform, value
            if platform == "sis":
                yield "id", value
    if not hint.ids:
        for kind in ("id", "login", "e-mail", "github"):
            yield kind, hint.text
    if hint.login:
        yield "login", hint.login
        yield "github", hint.login
    if hint.email:
        yield "e-mail", hint.email


def _exact_keys(people: Iterable[Person]) -> dict[tuple[str, str], list[Person]]:
    """Return people by what tells them apart, with its kind: as it is written, and in small letters."""
    found: dict[tuple[str, str], list[Person]] = {}
    for person in people:
        said = [("id", person.id), ("login", person.login), ("e-mail", person.email), *person.platforms.items()]
        for kind, value in said:
            for key in dict.fromkeys((value, value.casefold())):
                if key and person not in (own := found.setdefault((kind, key), [])):
                    own.append(person)
    return found


def _by_key(people: Iterable[Person], keys: Keys, tier: int) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {}
    for person in people:
        for key in keys(person.name)[tier]:
            found.setdefault(key, []).append(person)
    return found


def _apart(one: HandIn, other: HandIn) -> bool:
    """Return True if two hand-ins are of two accounts: different in one download, or with different ids of one platform."""
    if one.hint.text == other.hint.text:
        return False
    shared = [p for p in one.hint.ids.keys() & other.hint.ids.keys() if not p.startswith("moodle")]
    return one.download == other.download or any(one.hint.ids[p] != other.hint.ids[p] for p in shared)
