"""Blind mode: grades without the identity of anybody, under names that stay the same from one reading to the next.

A pseudonym is made of the course's salt and the student's id: whoever has the roster, but not the salt, cannot tell who is who. No
number is altered. What is hidden is all that names a person: id, name, address, login, section, ids elsewhere, the names of files,
and the name, the address or the login where a text about the work holds it, be it as a part of ``ada_lovelace_layers``. The name
and the address of anybody else in the class are hidden too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from grader.grades import Attempt, Grade
from grader.people import Person
from grader.result import FITS_NOBODY, Result

__all__ = ["blinded", "pseudonyms"]

OURS = ("exercise", "assignment", "mistake", "kind", "status", "state")
"""Fields whose words are the course's or the grader's own: a login such as ``layers`` is none of them."""
OF_OTHERS = {"paper": "this is not the student's own paper", "fits": "fits the variant of somebody else"}
"""Fields that name other students, by what is said in their place."""
_WORD = re.compile(r"[^\W_]+")

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
    of_all = _of_all({grade.person.id: grade.person for grade in grades}.values(), others)
    hidden = [_hidden(grade, others[grade.person.id], of_all) for grade in grades]
    return sorted(hidden, key=lambda grade: grade.person.id)


def _shared(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _hidden(grade: Grade, other: Person, of_all: Callable[[str], str]) -> Grade:
    own = _scrubber(grade.person, other.name)

    def scrub(text: str) -> str:
        return of_all(own(text))

    attempt = grade.attempt and _attempt(grade.attempt, other, scrub)
    rest = {
        f.name: _scrubbed(getattr(grade, f.name), scrub)
        for f in fields(grade)
        if f.name not in ("person", "attempt", *OURS)
    }
    return replace(grade, person=other, attempt=attempt, **rest)


def _attempt(attempt: Attempt, other: Person, scrub: Callable[[str], str]) -> Attempt:
    results = tuple(_result(result, other, scrub) for result in attempt.results)
    return replace(attempt, student=other.id, source="", results=results)


def _result(result: Result, other: Person, scrub: Callable[[str], str]) -> Result:
    info = replace(result.submission, id=other.id, source=other.id)
    rest = {
        f.name: _scrubbed(getattr(result, f.name), scrub)
        for f in fields(result)
        if f.name not in ("submission", *OURS, *OF_OTHERS)
    }
    return replace(result, submission=info, **rest, **_of_others(result))


def _of_others(value: Any) -> dict[str, Any]:
    """Return in other words what of a record says of other students by their ids, of which one may be a word as well."""
    return {name: said for name, said in OF_OTHERS.items() if getattr(value, name, "") not in ("", FITS_NOBODY)}


def _scrubbed(value: Any, scrub: Callable[[str], str]) -> Any:
    """Return a value of the same form whose texts went through ``scrub``; the names of fields, outputs and exercises stay."""
    if isinstance(value, str):
        return scrub(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{
                f.name: _scrubbed(getattr(value, f.name), scrub)
                for f in fields(value)
                if f.name not in (*OURS, *OF_OTHERS)
            },
            **_of_others(value),
        )
    if isinstance(value, Mapping):
        return {name: _scrubbed(part, scrub) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_scrubbed(part, scrub) for part in value)
    return value


def _scrubber(person: Person, instead: str) -> Callable[[str], str]:
    """Return a function that puts a pseudonym in the place of whatever names a person in a text."""
    logins = [person.login, person.id, *person.platforms.values()]
    pattern = _pattern(person, [login for login in logins if len(login) >= SHORT and not _number(login)])
    return (lambda text: pattern.sub(instead, text)) if pattern is not None else lambda text: text


def _of_all(people: Iterable[Person], others: Mapping[str, Person]) -> Callable[[str], str]:
    """Return a function that puts pseudonyms in the place of the names and the addresses of all people in a text.

    Their logins stay: among some hundred there are words of every message. A text is searched for the few whose last word it has.
    """
    by_word: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for person in people:
        pattern = _pattern(person)
        if pattern is not None:
            written = [w for name in _orders(person.name) for w in (" ".join(name), "".join(name))] + [person.email]
            for word in {words[-1] for text in written if (words := _WORD.findall(text.casefold()))}:
                by_word.setdefault(word, []).append((pattern, others[person.id].name))

    @lru_cache(maxsize=10_000)
    def scrub(text: str) -> str:
        for word in sorted(by_word.keys() & set(_WORD.findall(text.casefold()))):
            for pattern, instead in by_word[word]:
                text = pattern.sub(instead, text)
        return text

    return scrub


def _orders(name: str) -> list[list[str]]:
    """Return the words of a name in the orders that it is written in; none for a single word, which may be one of the message."""
    words = name.replace(",", " ").split()
    return [words, [words[-1], *words[:-1]]] if len(words) > 1 else []


def _pattern(person: Person, logins: Iterable[str] = ()) -> re.Pattern[str] | None:
    """Return what finds a person's name, however its words are joined, their address and logins, also within an identifier."""
    parts = ["[\\s_.,-]*".join(map(re.escape, name)) for name in _orders(person.name)]
    parts += [re.escape(text) for text in (person.email, *logins) if text]
    parts = sorted(set(parts), key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(parts)})(?![^\W_])", re.IGNORECASE) if parts else None


def _number(text: str) -> bool:
    """Return True for a text that could be a number of the message: none is altered."""
    return re.fullmatch(r"[-+]?[\d.,]+(?:e[-+]?\d+)?", text, re.IGNORECASE) is not None
