"""The owner of a paper that is not the student's own: told by the functions that are in it, and never by what it says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from grader.exam.drawing import Exam, remade

__all__ = ["Papers"]

SEEDS = 5
"""So many seeds below, and above, are tried for a paper that is nobody's, and twice as many from 0 on."""
MOST = 0.9
"""The part of a paper's functions that has to be there for it to be this one: a cell may have gone."""
MOST_NAMED = 3


@dataclass(frozen=True)
class Papers:
    """The papers of a class.

    Args:
        exam: that is graded.
        students: the ids of the roster.

    """

    exam: Exam
    students: Sequence[str] = ()
    _told: dict[object, str] = field(default_factory=dict, repr=False, compare=False)

    def told(self, student: str, there: Iterable[str]) -> str:
        """Say whose paper a hand-in is; nothing if it is the student's own, or if too little is there to tell.

        A name is no proof: whoever calls a helper ``cost`` has not the paper of somebody who was asked for it. So another paper
        must have more of what is there than the student's own.

        Args:
            student: by the roster, or by where it was handed in.
            there: the functions that are in it, ``layers.relu_forward``, written or not.

        """
        key = student, frozenset(there)
        if key not in self._told:
            self._told[key] = self._find(student, key[1] & self._functions)
        return self._told[key]

    @cached_property
    def _functions(self) -> frozenset[str]:
        return frozenset(name for group in self.exam.groups for name in group.targets)

    def _find(self, student: str, there: frozenset[str]) -> str:
        own = _on(self.exam, student)
        mine = len(own & there)
        if 2 * len(there) < len(own) or mine == len(own):
            return ""
        best, found = self._best(there, [other for other in self.students if other != student])
        if best > mine and best >= MOST * len(own):
            return f"this is the paper of {_named(found)}; {_share(mine, own)}"
        if 2 * mine >= len(own):  # it is the student's own, of which something is gone
            return ""
        for seed, earlier in self._earlier:
            if len(_on(earlier, student) & there) >= MOST * len(own):
                return f"this is the student's paper of seed {seed}; {_share(mine, own)}"
        return f"this is no paper of this exam as it stands; {_share(mine, own)}"

    def _best(self, there: frozenset[str], students: Iterable[str]) -> tuple[int, list[str]]:
        """Return how many functions of the papers that have the most of them are there, and whose these are."""
        count = {student: len(_on(self.exam, student) & there) for student in students}
        best = max(count.values(), default=0)
        return best, [student for student, number in count.items() if number == best]

    @cached_property
    def _earlier(self) -> list[tuple[int, Exam]]:
        """Return the exam as it would be of seeds that it may have had."""
        own = self.exam.settings.seed
        near = [own + step * sign for step in range(1, SEEDS + 1) for sign in (-1, 1)]
        seeds = [seed for seed in dict.fromkeys((*near, *range(2 * SEEDS))) if seed != own]
        return [(seed, exam) for seed in seeds if (exam := remade(self.exam, seed)) is not None]


def _on(exam: Exam, student: str) -> frozenset[str]:
    """Return the functions of a student's paper, with their units."""
    return frozenset(name for group in exam.groups_for(student) for name in group.targets)


def _share(mine: int, own: Collection[str]) -> str:
    return f"of the {len(own)} functions of the student's own paper it has {mine}"


def _named(students: Sequence[str]) -> str:
    more = len(students) - MOST_NAMED
    names = ", ".join(students[:MOST_NAMED])
    return names + (f" and {more} more" if more > 0 else "")
