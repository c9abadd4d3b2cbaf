"""Blind mode: grades without the identity of anybody, under names that stay the same from one reading to the next.

A pseudonym is made of the course's salt and the student's id: whoever has the roster, but not the salt, cannot tell who is who. No
number is altered. What is hidden is all that names a person: id, name, address, login, section, ids elsewhere, the names of files,
and the name, the address or the login where a text about the work holds it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from grader.grades import Attempt, Grade
from grader.people import Person
from grader.result import Result

__all__ = ["blinded", "pseudonyms"]

DIGITS = 4
"""The hexadecimal digits of a pseudonym; of two that agree in them each has as many more as tell them apart."""
SHORT = 4
"""The shortest login that is looked for in texts: a shorter one is too often a word of the message."""


def pseudonyms(people: Iterable[Person], salt: str) -> dict[str, Person]:
    """Return for the id of each person the one who stands in their place: ``Student 7f3a``, with the id ``student-7f3a``.

    Args:
        people: the roster. A person keeps their pseudonym whoever else is in it, but for further digits where two agree.
        salt: the course's, secret.

    Raises:
        ValueError: the salt is empty: then the pseudonyms could be worked out from the roster.

    """
    if not salt:
        raise ValueError("no pseudonyms without a salt")
    whole = {person.id: hashlib.sha256(f"{salt}\0{person.id}".encode()).hexdigest() for person in people}
    taken = sorted(set(whole.values()))
    shown = {}
    for before, digest, after in zip(["", *taken], taken, [*taken[1:], ""], strict=False):
        shared = max(_shared(digest, before), _shared(digest, after))
        shown[digest] = digest[: max(DIGITS, shared + 1)]
    return {
        ident: Person(id=f"student-{shown[digest]}", name=f"Student {shown[digest]}") for ident, digest in whole.items()
    }


def blinded(grades: Sequence[Grade], salt: str) -> list[Grade]:
    """Return grades that name nobody, in the order of the pseudonyms: the roster's own is mostly that of the alphabet.

    Raises:
        ValueError: the salt is empty.

    """
    others = pseudonyms((grade.person for grade in grades), salt)
    hidden = [_hidden(grade, others[grade.person.id]) for grade in grades]
    return sorted(hidden, key=lambda grade: grade.person.id)


def _shared(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _hidden(grade: Grade, other: Person) -> Grade:
    scrub = _scrubber(grade.person, other.name)
    attempt = grade.attempt and _attempt(grade.attempt, other, scrub)
    rest = {
        f.name: _scrubbed(getattr(grade, f.name), scrub) for f in fields(grade) if f.name not in ("person", "attempt")
    }
    return Grade(person=other, attempt=attempt, **rest)


def _attempt(attempt: Attempt, other: Person, scrub: Callable[[str], str]) -> Attempt:
    results = tuple(_result(result, other, scrub) for result in attempt.results)
    return replace(attempt, student=other.id, source="", results=results)


def _result(result: Result, other: Person, scrub: Callable[[str], str]) -> Result:
    info = replace(result.submission, id=other.id, source=other.id)
    rest = {f.name: _scrubbed(getattr(result, f.name), scrub) for f in fields(result) if f.name != "submission"}
    return Result(**{**rest, "submission": info})


def _scrubbed(value: Any, scrub: Callable[[str], str]) -> Any:
    """Return a value of the same form whose texts went through ``scrub``; the names of fields and outputs stay."""
    if isinstance(value, str):
        return scrub(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _scrubbed(getattr(value, f.name), scrub) for f in fields(value)})
    if isinstance(value, Mapping):
        return {name: _scrubbed(part, scrub) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_scrubbed(part, scrub) for part in value)
    return value


def _scrubber(person: Person, instead: str) -> Callable[[str], str]:
    """Return a function that puts a pseudonym in the place of whatever names a person in a text, as whole words."""
    words = person.name.split()
    named = [" ".join(words), f"{words[-1]}, {' '.join(words[:-1])}"] if len(words) > 1 else []
    logins = [person.login, person.id, *person.platforms.values()]
    named += [person.email, *(login for login in logins if len(login) >= SHORT and not _number(login))]
    parts = sorted({re.escape(text) for text in named if text}, key=len, reverse=True)
    if not parts:
        return lambda text: text
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(instead, text)


def _number(text: str) -> bool:
    """Return True for a text that could be a number of the message: none is altered."""
    return re.fullmatch(r"[-+]?[\d.,]+(?:e[-+]?\d+)?", text, re.IGNORECASE) is not None
