"""Attempts graded again: which of the new results take the place of the old ones. The manual layer is nowhere touched.

*replace* takes what was graded now. *never-lower* keeps the better of both, exercise by exercise: whatever an exercise is worth
in a course, nobody loses. In either, where the grader itself failed this time the earlier item stays: a fault of ours is no result.
An item that stays is named in a note of the result, with the bank that graded it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.compared import Change, Comparison, Graded, compare, share
from grader.grades import Attempt
from grader.result import ItemResult, Result

__all__ = ["Regraded", "asked_again", "kept_from_earlier", "never_lower", "regraded", "settled"]

KEPT = "kept from an earlier grading"
"""The beginning of the note on a result in which items of an earlier one stand."""
NEAR = 1e-9

Again = Mapping[tuple[str, str, int], Result]
"""New results by the sha256 of the submission, the unit, and the seed."""


@dataclass(frozen=True)
class Regraded:
    """An attempt before and after."""

    before: Attempt
    after: Attempt

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return the changes of its exercises, without those that are the same."""
        return self.comparison.differ

    @property
    def comparison(self) -> Comparison:
        """Return the comparison of its results, unit by unit."""
        return compare(_graded(self.before), _graded(self.after))


def _graded(attempt: Attempt) -> list[Graded]:
    return [
        Graded(student=attempt.student, part=f"{attempt.assignment}, {result.assignment}", result=result)
        for result in attempt.results
    ]


def asked_again(attempt: Attempt) -> list[tuple[str, str, int]]:
    """Return what is to be graded again for an attempt, as the keys of :data:`Again`."""
    return [
        (r.submission.sha256, r.assignment, r.graded_by.seed)
        for r in attempt.results
        if r.submission.sha256 is not None and r.assignment is not None
    ]


def regraded(attempts: Sequence[Attempt], again: Again, exercises: Collection[str] = ()) -> list[Regraded]:
    """Return the attempts of which something was graded again, each with what *replace* makes of it.

    Args:
        attempts: the present ones.
        again: what was graded again.
        exercises: full names of those that are meant; the items of others stay. Without any, all are meant.

    """
    found = []
    for attempt in attempts:
        results = tuple(_again(result, again, exercises) for result in attempt.results)
        if any(key in again for key in asked_again(attempt)):
            found.append(Regraded(attempt, replace(attempt, results=results)))
    return found


def _again(old: Result, again: Again, exercises: Collection[str]) -> Result:
    new = again.get((old.submission.sha256 or "", old.assignment or "", old.graded_by.seed))
    if new is None:
        return old
    # Whose it is and where it lay is as it was: the same bytes may have been handed in by two.
    new = replace(new, submission=old.submission)
    if exercises:
        new = kept_from_earlier(old, new, lambda before, _: before.exercise not in exercises)
    return settled(old, new)


def settled(old: Result, new: Result) -> Result:
    """Return the new result, with the earlier item wherever the grader itself failed this time and did not before."""
    if new.needs_person and not new.graded and not old.needs_person:
        return old
    return kept_from_earlier(
        old, new, lambda before, after: after.status == "grader_error" and before.status != "grader_error"
    )


def never_lower(pair: Regraded) -> Regraded:
    """Return an attempt graded again in which no exercise has a smaller share of its points than before."""
    before = {result.assignment: result for result in pair.before.results}
    results = tuple(_never_lower(before[result.assignment], result) for result in pair.after.results)
    return Regraded(pair.before, replace(pair.after, results=results))


def _never_lower(old: Result, new: Result) -> Result:
    if old.graded and not new.graded:
        return old
    return kept_from_earlier(old, new, _is_better)


def _is_better(before: ItemResult, after: ItemResult) -> bool:
    return before.status != "grader_error" and share(before) > share(after) + NEAR


def kept_from_earlier(old: Result, new: Result, keep: Callable[[ItemResult, ItemResult], bool]) -> Result:
    """Return the new result with the old items for which ``keep`` says so, of the old and the new item; a note names them.

    If all of its items stay, it is the old result.
    """
    earlier = {item.exercise: item for item in old.items}
    stays = {item.exercise for item in new.items if item.exercise in earlier and keep(earlier[item.exercise], item)}
    if not stays:
        return new
    if len(stays) == len(new.items):
        return old
    items = [earlier[item.exercise] if item.exercise in stays else item for item in new.items]
    note = f"{KEPT} (bank {old.graded_by.bank[:12]}): {', '.join(sorted(stays))}"
    return replace(
        new,
        items=items,
        score=round(sum(item.score for item in items), 6),
        max_score=round(sum(item.max_score for item in items), 6),
        needs_person=any(item.status == "grader_error" for item in items),
        notes=[*(n for n in new.notes if not n.startswith(KEPT)), note],
    )
