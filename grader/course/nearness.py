"""The people of a roster whom a hint may mean, though it does not say so: proposals, for a person to decide."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.course.names import near_name
from grader.people import Person
from grader.submission import Hint

__all__ = ["Nearness"]

NEARNESS = (
    "by the participant's number",
    "by the name in front of the address",
    "by a part of its name",
    "with initials",
    "with fewer words",
    "spelled alike",
    "one word of it",
)
"""What makes a proposal, the likeliest first."""


class Nearness:
    """The distance of the people of a roster from hints."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = people
        said = [(person.id, person.login, *person.platforms.values()) for person in people]
        self.keys = [frozenset(key.casefold() for key in keys if len(key) > 1) for keys in said]
        accounts = [(person.email.partition("@")[0], person.login) for person in people]
        self.accounts = [frozenset(key.casefold() for key in keys if key) for keys in accounts]

    def to(self, hint: Hint) -> list[tuple[Person, str]]:
        """Return the people who are near to a hint, the nearest first, each with the reason."""
        plain = not hint.ids
        accounts = {
            hint.login.casefold(),
            hint.email.partition("@")[0].casefold(),
            hint.text.casefold() if plain else "",
        }
        parts = {part.casefold() for part in (*hint.others, *re.split("[_-]", hint.text))} if plain else set()
        blind, name = hint.ids.get("moodle_blind"), hint.name or hint.text
        found = []
        for person, keys, own in zip(self.people, self.keys, self.accounts, strict=True):
            if blind is not None:
                how = NEARNESS[0] if person.platforms.get("moodle") == blind else None
            elif not accounts.isdisjoint(own):
                how = NEARNESS[1]
            elif not parts.isdisjoint(keys):
                how = NEARNESS[2]
            else:
                how = near_name(name, person.name)
            if how is not None:
                found.append((person, how))
        return sorted(found, key=lambda one: NEARNESS.index(one[1]))
