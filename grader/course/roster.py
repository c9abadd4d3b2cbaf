"""The roster: who takes part in a course, from a CSV file of one's own or as Canvas, Moodle, Gradescope and GitHub write it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from grader.course.tables import Row, Table, read_table
from grader.grades import Attempt, Mark
from grader.people import Person

__all__ = ["Roster", "near", "read_roster_file", "roster_of"]

SPELLINGS = {
    "id": (
        *("id", "student id", "studentid", "student", "student number", "user id", "identifier", "key"),
        *("matrikelnummer", "matriculation number", "matnr", "id nummer"),
    ),
    "name": ("name", "full name", "fullname", "student name", "vollstandiger name", "nom complet", "nombre completo"),
    "first": ("first", "first name", "firstname", "given name", "vorname", "prenom", "nombre", "nome", "imie"),
    "last": (
        *("last", "last name", "lastname", "surname", "family name", "nachname", "nom", "nom de famille"),
        *("apellido", "apellidos", "apellido s", "cognome", "sobrenome", "nazwisko"),
    ),
    "email": (
        *("email", "e mail", "mail", "email address", "e mail address", "e mail adresse", "emailadresse"),
        *("adresse de courriel", "courriel", "direccion de correo", "correo", "correo electronico", "indirizzo email"),
    ),
    "login": (
        *("login", "login id", "sis login id", "username", "user name", "user", "account", "netid", "net id"),
        *("anmeldename", "benutzername", "nom d utilisateur"),
    ),
    "section": ("section", "sections", "group", "groups", "gruppe", "gruppen", "groupe", "grupo", "class", "lab"),
    "canvas": ("canvas", "canvas id", "canvas user id", "lms user id"),
    "sis": ("sis", "sis id", "sis user id", "sid", "id number"),
    "moodle": ("moodle", "moodle id", "moodle user id", "participant", "participant id"),
    "gradescope": ("gradescope", "gradescope id"),
    "github": ("github", "github username", "github login", "github user", "github name"),
    "github_id": ("github id",),
    "gitlab": ("gitlab", "gitlab username"),
}
PLATFORMS = ("canvas", "moodle", "gradescope", "github", "github_id", "gitlab", "sis")
AS_ID = ("id", "sis", "login", "email", "canvas", "moodle", "github", "gradescope")
"""The columns that can tell students apart, the first of them that the file has being their id."""
NO_STUDENTS = re.compile(r"points possible|student, test|test student", re.IGNORECASE)
"""The first cells of rows of Canvas's export that are nobody's: points of the assignments, and the student whom teachers play."""


@dataclass(frozen=True)
class Roster:
    """The people of a course, in the order of the file."""

    people: tuple[Person, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Person]:
        return {person.id: person for person in self.people}

    def get(self, id: str) -> Person | None:  # noqa: A002 - it is what a person's field is called
        """Return the person of this id, None if there is none."""
        return self._by_id.get(id)

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self.people)


def roster_of(attempts: Iterable[Attempt], marks: Iterable[Mark] = ()) -> Roster:
    """Return everybody who handed in or was given a mark, by id: the roster of a course that has none."""
    ids = {attempt.student for attempt in attempts} | {mark.student for mark in marks}
    return Roster(tuple(Person(id=student) for student in sorted(ids)))


def near(id: str, roster: Roster) -> str:  # noqa: A002 - as above
    """Return who may be meant by an id that is not in the roster, as the end of a message."""
    found = difflib.get_close_matches(id, [person.id for person in roster.people], 1)
    same = [p for p in roster.people if id.casefold() in (p.id.casefold(), p.name.casefold(), p.email.casefold())]
    if same or found:
        return f"did you mean {same[0].id if same else found[0]}?"
    return f"the roster has {len(roster)} ids" + (f", such as {roster.people[0].id}" if roster.people else "")


def read_roster_file(path: Path) -> Roster:
    """Read a roster.

    The header names the columns, in the spellings of :data:`SPELLINGS`; others are passed over. The id is the column ``id``; in a
    file without one what else tells people apart, as in an export of Canvas: the id of the university, the login, the address.

    Raises:
        UsageError: the file cannot be read, names somebody twice or not at all; with file, line and reason.

    """
    read = read_table(path, SPELLINGS, "roster", _besides)
    nobody = [row for row in read.rows if any(NO_STUDENTS.fullmatch(row[column]) for column in ("name", "id"))]
    table = replace(read, rows=tuple(row for row in read.rows if row not in nobody))
    key = _key(table)
    people = []
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        person = _person(table, row, key)
        for column, value in {key: person.id, "email": person.email, "login": person.login, **person.platforms}.items():
            first = seen.setdefault((column, value.casefold()), row.line) if value else row.line
            if first != row.line:
                raise table.refusal(row.line, f"the {_called(table, column)} {value} is that of line {first} too")
        people.append(person)
    if not people:
        raise table.refusal(table.header, "the roster has a header and nobody below it")
    return Roster(tuple(people))


def _besides(header: Sequence[str]) -> dict[str, str]:
    """Return what columns of a learning platform's export mean, where they would mean something else in a file of one's own."""
    if tuple(header[:2]) == ("student", "id"):  # Canvas
        return {"student": "name", "id": "canvas"}
    if {"identifier", "full name"} <= set(
        header
    ):  # a worksheet of Moodle; the number is another one for each assignment
        return {"identifier": "moodle"}
    return {"student": "name"} if "id" in header else {}


def _key(table: Table) -> str:
    """Return the column that is everybody's id: the first that may be, and that is filled in each row."""
    able = [column for column in AS_ID if column in table.columns]
    if not able:
        raise table.refusal(
            table.header,
            f"no column tells people apart: name one id, or login or email; there are {', '.join(table.columns.values())}",
        )
    filled = [column for column in able if all(row[column] for row in table.rows)]
    return filled[0] if filled and able[0] != "id" else able[0]


def _called(table: Table, column: str) -> str:
    return table.columns.get(column, column)


def _person(table: Table, row: Row, key: str) -> Person:
    who = row[key]
    if not who:
        told = row["name"] or " ".join(filter(None, (row["first"], row["last"]))) or row["email"] or "nobody"
        raise table.refusal(row.line, f"the {_called(table, key)} of {told} is empty; each student needs one")
    strange = next((c for c in who if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs")), None)
    if strange is not None:
        raise table.refusal(row.line, f"the {_called(table, key)} {who!r} has a character that cannot be seen")
    if row["email"] and not re.fullmatch(r"[^@\s]+@[^@\s]+", row["email"]):
        raise table.refusal(row.line, f"{row['email']!r} of {who} is no e-mail address")
    return Person(
        id=who,
        name=_name(row),
        email=row["email"],
        login=row["login"],
        section=row["section"],
        platforms={platform: row[platform] for platform in PLATFORMS if row[platform]},
    )


def _name(row: Row) -> str:
    """Return a name as people write it: ``Lovelace, Ada`` is turned round."""
    if not row["name"]:
        return " ".join(filter(None, (row["first"], row["last"])))
    last, comma, first = row["name"].partition(",")
    if not comma or "," in first or not first.strip() or not last.strip():
        return row["name"]
    return f"{first.strip()} {last.strip()}"
