"""Whose paper was handed in, where it is not the student's own: told by the functions that are in it, and never by what it says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from grader.exam.drawing import Exam, remade

__all__ = ["Papers"]

SEEDS = 20
"""So many seeds below, and above, are tried for a paper that is nobody's."""
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

        A name is no proof: whoever calls a helper ``cost`` has not the paper of somebody who was asked for it. So another paper must
        have more of what is there than the student's own.

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
        if len(there) < 2 or 2 * mine >= len(own):  # as good as all of another's paper is not among half of one's own
            return ""
        best, found = self._best(self.exam, there, [other for other in self.students if other != student])
        if best > mine and 2 * best > len(own):
            return f"this is the paper of {_named(found)}, {_many(best, own)}; of the student's own are {mine} in it"
        for seed in self._seeds():
            earlier = remade(self.exam, seed)
            if earlier is None:
                continue
            best, found = self._best(earlier, there, [student, *self.students])
            if best > mine and 4 * best > 3 * len(_on(earlier, student)):
                who = "the student" if student in found else _named(found)
                return f"this is a paper of seed {seed}, that of {who}; of the student's own are {mine} of {len(own)} in it"
        return (
            f"this is no paper of this exam as it stands: of the student's own are {mine} of {len(own)} functions in it"
        )

    def _best(self, exam: Exam, there: frozenset[str], students: Iterable[str]) -> tuple[int, list[str]]:
        """Return how many functions of the papers that have the most of them are there, and whose these are."""
        count = {student: len(_on(exam, student) & there) for student in students}
        best = max(count.values(), default=0)
        return best, [student for student, number in count.items() if number == best]

    def _seeds(self) -> list[int]:
        own = self.exam.settings.seed
        near = [own + step * sign for step in range(1, SEEDS + 1) for sign in (-1, 1)]
        return [seed for seed in dict.fromkeys((*near, *range(SEEDS + 1))) if seed != own]


def _on(exam: Exam, student: str) -> frozenset[str]:
    """Return the functions of a student's paper, with their units."""
    return frozenset(name for group in exam.groups_for(student) for name in group.targets)


def _many(best: int, own: Collection[str]) -> str:
    return f"{best} of whose functions are in it" if best < len(own) else "all of whose functions are in it"


def _named(students: Sequence[str]) -> str:
    more = len(students) - MOST_NAMED
    names = ", ".join(students[:MOST_NAMED])
    return names + (f" and {more} more" if more > 0 else "")
