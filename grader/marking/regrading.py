"""Attempts graded again: which of the new results take the place of the old ones. The manual layer is nowhere touched.

*replace* takes what was graded now. *never-lower* keeps the better of both, exercise by exercise: whatever an exercise is
worth in a course, nobody loses. By either rule the earlier item stays where the grader itself failed this time: a fault of ours is
no result. A result of which a part stays says so in a note, with the bank of the other part.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from grader.compared import Change, Graded, compare, share
from grader.grades import Attempt, own_bytes
from grader.result import ItemResult, Result

__all__ = ["Again", "Regraded", "Rule", "regraded"]

Rule = Literal["replace", "never-lower"]
Again = Mapping[tuple[str, str, int], Result]
"""New results by the sha256 of the submission (where variants are personal :func:`grader.grades.own_bytes`), the unit, the seed."""
KEPT = "kept from an earlier grading"
TAKEN = "graded again"
"""The beginnings of the notes on a result of two gradings: the smaller part is named."""
NEAR = 1e-9


@dataclass(frozen=True)
class Regraded:
    """An attempt that was graded again.

    Args:
        before: as it is.
        fresh: what was graded now, by unit.
        rule: which of both is taken.
        exercises: full names of those that are meant; the items of others stay. Without any, all are meant.

    """

    before: Attempt
    fresh: Mapping[str, Result]
    rule: Rule = "replace"
    exercises: Collection[str] = ()

    @cached_property
    def after(self) -> Attempt:
        """Return the attempt as it becomes: the same bytes of the same student at the same time."""
        return replace(self.before, results=tuple(self._result(old) for old in self.before.results))

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Return the changes of its exercises, without those that are the same."""
        return compare(_graded(self.before), _graded(self.after)).differ

    @property
    def failed(self) -> tuple[str, ...]:
        """Return the exercises at which the grader itself failed this time, and not before."""
        return tuple(
            item.exercise
            for old in self.before.results
            for item in self._new(old).items
            if item.status == "grader_error" and _status(old, item.exercise) not in (None, "grader_error")
        )

    @property
    def spared(self) -> tuple[str, ...]:
        """Return the exercises that were graded lower now, and keep what they had."""
        after = {item.exercise: item for result in self.after.results for item in result.items}
        return tuple(
            item.exercise
            for old in self.before.results
            for item in self._new(old).items
            if item.status != "grader_error"
            and item.exercise in after
            and share(item) < share(after[item.exercise]) - NEAR
            and (not self.exercises or item.exercise in self.exercises)
        )

    def _new(self, old: Result) -> Result:
        """Return what was graded now in the place of a result; whose it is and where it lay stay as they were."""
        fresh = self.fresh.get(old.assignment or "")
        return old if fresh is None else replace(fresh, submission=old.submission)

    def _result(self, old: Result) -> Result:
        new = self._new(old)
        lost = new.needs_person and not new.graded and not old.needs_person
        if lost or (self.rule == "never-lower" and old.graded and not new.graded):
            return old
        earlier = {item.exercise: item for item in old.items}
        taken = {item.exercise for item in new.items if self._takes(earlier.get(item.exercise), item)}
        return _joined(old, new, taken, whole=not self.exercises)

    def _takes(self, old: ItemResult | None, new: ItemResult) -> bool:
        if self.exercises and new.exercise not in self.exercises:
            return False
        if old is None or old.status == "grader_error":
            return True
        if new.status == "grader_error":
            return False
        return self.rule == "replace" or share(old) <= share(new) + NEAR


def _graded(attempt: Attempt) -> list[Graded]:
    return [
        Graded(student=attempt.student, part=f"{attempt.assignment}, {result.assignment}", result=result)
        for result in attempt.results
    ]


def _status(result: Result, exercise: str) -> str | None:
    return next((item.status for item in result.items if item.exercise == exercise), None)


def _joined(old: Result, new: Result, taken: Collection[str], *, whole: bool) -> Result:
    """Return a result with the items of the new one that are taken, and the old ones of the others.

    Args:
        old: before.
        new: what was graded now.
        taken: the exercises whose new items are taken.
        whole: what is not in the new result was taken out of the bank, and goes; else it was not graded now, and stays.

    """
    earlier = {item.exercise: item for item in old.items}
    now = {item.exercise: item for item in new.items}
    names = list(now) if whole else [*earlier, *(name for name in now if name not in earlier)]
    items = [now[name] if name in taken else earlier[name] for name in names if name in taken or name in earlier]
    stays = [item.exercise for item in items if item.exercise not in taken]
    if items == old.items:
        return old
    if not stays:
        return new
    if len(stays) <= len(taken):
        base, note = new, f"{KEPT} (bank {old.graded_by.bank[:12]}): {', '.join(stays)}"
    else:
        base, note = (
            old,
            f"{TAKEN} (bank {new.graded_by.bank[:12]}): {', '.join(name for name in names if name in taken)}",
        )
    return replace(
        base,
        items=items,
        score=round(sum(item.score for item in items), 6),
        max_score=round(sum(item.max_score for item in items), 6),
        graded=old.graded or new.graded,
        needs_person=any(item.status == "grader_error" for item in items),
        notes=[*(n for n in base.notes if not n.startswith((KEPT, TAKEN))), note],
    )


def _bytes_of(attempt: Attempt) -> tuple[str, ...]:
    """Return what may stand for the bytes of an attempt, what is the student's own last, since it then holds."""
    own = own_bytes(attempt.sha256, attempt.student)
    return attempt.sha256, own, own_bytes(attempt.sha256, attempt.student, attempt.assignment)


def regraded(
    attempts: Sequence[Attempt], again: Again, rule: Rule = "replace", exercises: Collection[str] = ()
) -> list[Regraded]:
    """Return the attempts of which something was graded again.

    Args:
        attempts: the present ones.
        again: what was graded now.
        rule: see :class:`Regraded`.
        exercises: likewise.

    """
    found = []
    for attempt in attempts:
        fresh = {
            unit: again[key]
            for result in attempt.results
            for bytes_of in _bytes_of(attempt)
            if (unit := result.assignment) and (key := (bytes_of, unit, result.graded_by.seed)) in again
        }
        if fresh:
            found.append(Regraded(attempt, fresh, rule, exercises))
    return found
