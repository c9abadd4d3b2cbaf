"""The draw: by a blueprint that all have in common, the exercises of one student."""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.errors import UsageError
from grader.exam.blueprint import blueprints
from grader.exam.pool import Group, Kind, groups_of
from grader.exam.settings import ExamSettings, told
from grader.judging import Unit
from grader.lots import lot

__all__ = ["Exam", "make_exam", "remade"]

MARK = 12


@dataclass(frozen=True)
class Exam:
    """An exam: whoever has the settings, the bank and the salt has everybody's paper.

    Args:
        settings: as they were asked for.
        groups: the pool.
        blueprint: how many of each kind.
        salt: of the course.

    """

    settings: ExamSettings
    groups: tuple[Group, ...]
    blueprint: Mapping[Kind, int]
    salt: str = field(default="", repr=False)
    _drawn: dict[str, tuple[Group, ...]] = field(default_factory=dict, repr=False, compare=False)

    def groups_for(self, student: str) -> tuple[Group, ...]:
        """Return the groups of one student's paper, in the order of units and exercises."""
        who = "" if self.settings.same else student
        if who not in self._drawn:
            drawn = _drawn(self.groups, self.blueprint, lot(who, self.salt, f"exam {self.settings.seed}: paper"))
            assert drawn is not None, "a blueprint that cannot be filled is not taken"
            self._drawn[who] = drawn
        return self._drawn[who]

    def of(self, student: str) -> tuple[str, ...]:
        """Return the full names of one student's exercises, in the order of their paper."""
        return tuple(name for group in self.groups_for(student) for name in group.names)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the exercises that may be on somebody's paper."""
        used = [group for group in self.groups if group.kind in self.blueprint]
        return tuple(name for group in used for name in group.names)

    @property
    def papers(self) -> int:
        """Return how many different papers there may be, those counted too in which two functions would share a name."""
        many = Counter(group.kind for group in self.groups)
        return 1 if self.settings.same else math.prod(math.comb(many[kind], n) for kind, n in self.blueprint.items())

    @property
    def mark(self) -> str:
        """Return what stands for all that papers depend on: the same mark, the same papers."""
        settings = self.settings
        plain = [
            settings.points,
            settings.seed,
            sorted(settings.units.items()),
            sorted(settings.forms.items()),
            settings.same,
            [[*group.names, *map(str, group.parts)] for group in self.groups],
            hashlib.sha256(self.salt.encode()).hexdigest(),
        ]
        return hashlib.sha256(json.dumps(plain, default=str).encode()).hexdigest()[:MARK]


def make_exam(settings: ExamSettings, units: Mapping[str, Unit], salt: str = "") -> Exam:
    """Make an exam.

    Args:
        settings: what is asked for.
        units: all that there are, by name.
        salt: of the course; who knows it, and an id, knows the paper.

    Raises:
        UsageError: the points or shares cannot be met; the message names the nearest.

    """
    groups = tuple(groups_of(units, settings.units, settings.forms))
    if not groups:
        raise UsageError(f"there is no exercise of {', '.join(settings.forms)} in {', '.join(settings.units)}")
    return _made(settings, groups, salt)


def remade(exam: Exam, seed: int) -> Exam | None:
    """Return an exam as it would be of another seed; None if there is none."""
    try:
        return _made(replace(exam.settings, seed=seed), exam.groups, exam.salt)
    except UsageError:
        return None


def _made(settings: ExamSettings, groups: tuple[Group, ...], salt: str) -> Exam:
    seed = f"exam {settings.seed}"
    for blueprint in blueprints(settings, groups, lot("", salt, f"{seed}: blueprint")):
        if _drawn(groups, blueprint, lot("", salt, f"{seed}: trial")) is not None:
            return Exam(settings, groups, dict(blueprint), salt)
    raise UsageError(
        f"no exam of {told(settings.points)} points was found in which no two functions share a name: name fewer units"
    )


def _drawn(groups: Sequence[Group], blueprint: Mapping[Kind, int], rng: random.Random) -> tuple[Group, ...] | None:
    """Fill a blueprint with groups of which no two define a function of one name; None where that cannot be done."""
    place = {group.names: number for number, group in enumerate(groups)}
    choices: list[list[Group]] = []
    for kind in dict.fromkeys(
        group.kind for group in groups
    ):  # in the order of the bank, whatever that of the blueprint is
        own = [group for group in groups if group.kind == kind]
        rng.shuffle(own)
        choices += [own] * blueprint.get(kind, 0)

    def filled(slot: int, start: int, taken: tuple[Group, ...], names: frozenset[str]) -> tuple[Group, ...] | None:
        if slot == len(choices):
            return taken
        own = choices[slot]
        for number in range(start, len(own)):
            group = own[number]
            if names & group.functions:
                continue
            after = number + 1 if slot + 1 < len(choices) and choices[slot + 1] is own else 0
            found = filled(slot + 1, after, (*taken, group), names | group.functions)
            if found is not None:
                return found
        return None

    drawn = filled(0, 0, (), frozenset())
    return None if drawn is None else tuple(sorted(drawn, key=lambda group: place[group.names]))
