"""The making of a mark: whose, of which exercise, and that what is wanted can be."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.errors import UsageError
from grader.grades import Attempt, Mark, RubricItem
from grader.people import Person

__all__ = ["Wanted", "cleared", "honourable", "mark_of", "named_exercise", "named_person"]

NOT_PAID = "follows_own_forward"
"""The judge's note on a backward pass that fits a wrong forward pass of which nobody knows how it is wrong."""
LONGEST_COMMENT = 4000
ROUNDED = 5.1e-4
"""Tables and spreadsheets show points rounded, to three decimals at the fewest: who gives what they read there gives all."""
MOST_NAMED = 5


def named_person(people: Sequence[Person], named: str) -> Person:
    """Return the person of an id, else of a login, an e-mail address, or an id of a platform, or else of a whole name.

    Raises:
        UsageError: there is nobody, or more than one; the message names those who are near.

    """
    wanted = named.strip()
    for of in (_ids, _logins, _emails, _elsewhere, _names):
        found = [person for person in people if _folded(wanted) in map(_folded, of(person))]
        exact = [person for person in found if wanted in of(person)]
        found = exact if len(exact) == 1 else found
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(f"{named!r} may be {_listed(found)}: name the id")
    raise UsageError(f"there is no student {named!r}{_near(people, wanted)}")


def _ids(person: Person) -> tuple[str, ...]:
    return (person.id,)


def _logins(person: Person) -> tuple[str, ...]:
    return (person.login,) if person.login else ()


def _emails(person: Person) -> tuple[str, ...]:
    return (person.email,) if person.email else ()


def _elsewhere(person: Person) -> tuple[str, ...]:
    return tuple(ident for ident in person.platforms.values() if ident)


def _names(person: Person) -> tuple[str, ...]:
    return (person.name,) if person.name else ()


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _near(people: Sequence[Person], wanted: str) -> str:
    """Return the end of a sentence that names those whose id, login, address or name is near."""
    known: dict[str, Person] = {}
    for person in people:
        for key in (person.id, person.login, person.email, person.name, *person.name.split()):
            if key:
                known.setdefault(_folded(key), person)
    folded = _folded(wanted)
    near = difflib.get_close_matches(folded, list(known), MOST_NAMED, 0.6)
    near += [key for key in known if folded and folded in key and key not in near]
    found = list(dict.fromkeys(known[key].id for key in near))[:MOST_NAMED]
    if not found:
        return f" among the {len(people)} of the class; ids, logins and addresses count"
    by_id = {person.id: person for person in people}
    return f"; near are {_listed([by_id[ident] for ident in found])}"


def _listed(people: Iterable[Person]) -> str:
    return ", ".join(f"{p.id} ({p.name})" if p.name and p.name != p.id else p.id for p in people)


def named_exercise(exercises: Iterable[str], named: str) -> str:
    """Return the full name of an exercise of an assignment, by that or by its name without the unit.

    Raises:
        UsageError: there is none, or more than one; the message names those that are near.

    """
    known = list(exercises)
    if named in known:
        return named
    found = [name for name in known if name.rpartition(".")[2] == named]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{named!r} may be {', '.join(found)}: name the unit too")
    short = {name.rpartition(".")[2]: name for name in known}
    near = [
        short.get(close, close) for close in difflib.get_close_matches(named, [*known, *short], MOST_NAMED)
    ] or known[:MOST_NAMED]
    raise UsageError(f"there is no exercise {named!r} in this assignment; near are {', '.join(dict.fromkeys(near))}")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The change that is wanted of a mark; what is None, or empty, stays as it was.

    Args:
        points: on the course's scale, in the place of the automatic ones.
        automatic: take the automatic points again.
        comments: to be added.
        rubric: ids of rubric items to be applied; of one that begins with ``-``, to be taken off.
        honour: pay what carries the note ``follows_own_forward``, or no longer.
        excused: of the assignment as a whole: it counts for nothing, or counts again.

    """

    points: float | None = None
    automatic: bool = False
    comments: tuple[str, ...] = ()
    rubric: tuple[str, ...] = ()
    honour: bool | None = None
    excused: bool | None = None


def mark_of(
    before: Mark,
    wanted: Wanted,
    *,
    most: float,
    rubric: Mapping[str, RubricItem],
    may_honour: bool,
) -> Mark:
    """Return a mark with what is wanted of it changed; what ``before`` has beside stays.

    Args:
        before: the mark as it is, or an empty one of the student, assignment and exercise.
        wanted: see :class:`Wanted`.
        most: the points that the exercise, or the assignment, is worth on the course's scale.
        rubric: the items of the course, by id.
        may_honour: the exercise carries the note that is honoured.

    Raises:
        UsageError: what is wanted does not fit; the message says why and what does.

    """
    what = before.exercise or before.assignment
    points = before.points
    if wanted.points is not None:
        points = _points(wanted.points, most, what)
    if wanted.automatic:
        points = None
    if wanted.honour and not may_honour:
        raise UsageError(
            f"there is nothing to honour in {what}: the grader left no note {NOT_PAID} there; give points with --points"
        )
    if wanted.excused is not None and before.exercise:
        raise UsageError(
            f"{what} is one exercise, and whoever is excused is so from an assignment: leave the exercise out"
        )
    if before.exercise == "" and (wanted.rubric or wanted.honour is not None):
        raise UsageError("rubric items and honouring belong to an exercise: name it")
    return replace(
        before,
        points=points,
        rubric=_rubric(before, wanted.rubric, rubric),
        comments=_comments(before, wanted.comments),
        honour=before.honour if wanted.honour is None else wanted.honour,
        excused=before.excused if wanted.excused is None else wanted.excused,
    )


def _points(points: float, most: float, what: str) -> float:
    if not math.isfinite(points):
        raise UsageError(f"{points} are no points; {what} is worth 0 to {most:g}")
    if points < 0:
        raise UsageError(
            f"{points:g} points are less than none; {what} is worth 0 to {most:g} (a rubric item may take away)"
        )
    near = min(ROUNDED, most / 100)
    if points > most + near:
        raise UsageError(
            f"{points:g} points are more than {what} is worth, {most:g}; more is there only for an assignment "
            "with over = true in the course file"
        )
    return most if 1e-9 < abs(points - most) <= near else points


def _rubric(before: Mark, changes: Sequence[str], known: Mapping[str, RubricItem]) -> tuple[str, ...]:
    applied = list(before.rubric)
    for change in changes:
        taken_off, ident = change.startswith("-"), change.removeprefix("-")
        item = known.get(ident)
        if item is None or (not item.active and not taken_off):
            near = [i.id for i in known.values() if i.active and i.exercise == before.exercise]
            there = f"of {before.exercise} there are {', '.join(near)}" if near else f"{before.exercise} has none yet"
            raise UsageError(f"there is no rubric item {ident!r}; {there}; see `gradmark rubric list`")
        if item.exercise != before.exercise:
            raise UsageError(f"the rubric item {ident!r} is of {item.exercise}, and not of {before.exercise}")
        if taken_off and ident not in applied:
            raise UsageError(f"the rubric item {ident!r} is not applied here: there is nothing to take off")
        if taken_off:
            applied.remove(ident)
        elif ident not in applied:
            applied.append(ident)
    return tuple(applied)


def _comments(before: Mark, added: Sequence[str]) -> tuple[str, ...]:
    comments = list(before.comments)
    for text in map(str.strip, added):
        if not text:
            raise UsageError("an empty text is no comment; --clear takes all of a mark back")
        if len(text) > LONGEST_COMMENT:
            raise UsageError(f"a comment has at most {LONGEST_COMMENT} characters, this one has {len(text)}")
        if text not in comments:
            comments.append(text)
    return tuple(comments)


def cleared(mark: Mark) -> Mark:
    """Return a mark that decides nothing, of the same student, assignment and exercise."""
    return Mark(student=mark.student, assignment=mark.assignment, exercise=mark.exercise)


def honourable(attempt: Attempt | None, exercise: str) -> bool:
    """Return True if an exercise of an attempt carries the note that ``honour`` pays."""
    items = (item for result in attempt.results for item in result.items) if attempt else ()
    return any(NOT_PAID in check.notes for item in items if item.exercise == exercise for check in item.checks)
