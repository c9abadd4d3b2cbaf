"""What an entry of the gallery is: one implementation as a student might hand it in, and its true label.

Sources are strings because they travel: into a notebook's cell, a submission's module or a plain
namespace. Each is complete, with ``import numpy as np`` first and nothing beyond the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent
from typing import Any, Literal

from .truth import TRUE

__all__ = ["Entry", "Policy", "noted", "right", "wrong"]

Policy = Literal[
    "", "dtype", "epsilon_hat", "guard_epsilon", "list", "mutation", "numeric", "precision", "shape", "state"
]


@dataclass(frozen=True)
class Entry:
    """One implementation.

    ``exercise`` is what is claimed about: a right entry's names are all right; a wrong entry's one
    name is the function that must be rejected. ``style`` tells how it is written and ``why`` what is
    wrong with it. ``policy`` names the course's rule where one decides; ``state`` marks an answer
    that is wrong only when calls interleave or repeat.
    """

    exercise: str | tuple[str, ...]
    style: str
    source: str
    wrong: bool = False
    why: str = ""
    policy: Policy = ""

    @property
    def exercises(self) -> tuple[str, ...]:
        """``exercise`` as a tuple."""
        return (self.exercise,) if isinstance(self.exercise, str) else self.exercise

    @property
    def true(self) -> frozenset[str]:
        """The codes of the facts that are true of a wrong entry: whatever else is told of it is false."""
        return frozenset(TRUE.get(self.ident, "").split())

    @property
    def ident(self) -> str:
        """A name that no other entry has, for parametrised tests."""
        return f"{'+'.join(self.exercises)}: {self.style}"

    def namespace(self) -> dict[str, Any]:
        """What the source defines, executed afresh: no state is shared with earlier calls."""
        names: dict[str, Any] = {"__name__": "student"}
        exec(compile(self.source, f"<{self.ident}>", "exec"), names)
        return names


def _source(*parts: str) -> str:
    return "\n\n".join(["import numpy as np", *(dedent(part).strip() for part in parts if part)]) + "\n"


def _names(unit: str, names: str) -> str | tuple[str, ...]:
    full = tuple(f"{unit}.{name}" for name in names.split())
    return full[0] if len(full) == 1 else full


def right(unit: str, names: str, style: str, source: str) -> Entry:
    """An entry that is right without reservation; ``names`` are separated by blanks."""
    return Entry(_names(unit, names), style, _source(source))


def noted(unit: str, names: str, style: str, policy: Policy, why: str, source: str) -> Entry:
    """An entry that is right in substance; the verdict carries the note ``policy``."""
    return Entry(_names(unit, names), style, _source(source), why=why, policy=policy)


def wrong(unit: str, name: str, style: str, why: str, source: str, *, partner: str = "", policy: Policy = "") -> Entry:
    """An entry whose function ``name`` is wrong; ``partner`` is the source of the right other half of the pair."""
    return Entry(f"{unit}.{name}", style, _source(partner, source), wrong=True, why=why, policy=policy)
