"""A person of the roster: plain data, which several rooms share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Person"]


@dataclass(frozen=True, kw_only=True)
class Person:
    """One student of the roster; of whatever is unknown the text is empty.

    Args:
        id: the course's own, unique; the gradebook, marks and exports know a student by it.
        name: as people write it, ``Ada Lovelace``; a list's ``Lovelace, Ada`` is turned round when it is read.
        email: the address.
        login: the name of an account: of the learning platform, or of the host of repositories.
        section: the group that the student is in.
        platforms: ids elsewhere, by platform: ``canvas``, ``moodle``, ``gradescope``, ``github``, ``sis``.

    """

    id: str
    name: str = ""
    email: str = ""
    login: str = ""
    section: str = ""
    platforms: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """Return the name, or the id of one whose name is unknown."""
        return self.name or self.id
