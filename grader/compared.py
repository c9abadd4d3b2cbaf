"""The comparison of two gradings of the same work: exercise by exercise what is fixed, new, or the same.

Pure. Results are paired by whose they are (:class:`Graded`), never by their place in a list. How long something took, where it lay
and by which version it was graded makes no difference; status, points, diagnoses and words do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from grader.result import ItemResult, Result
from grader.statuses import ItemStatus

__all__ = ["KINDS", "Change", "Comparison", "Graded", "Kind", "Side", "codes_of", "compare", "compare_items", "share"]

Kind = Literal["fixed", "new", "other", "needs_person", "came", "left", "same"]
KINDS: Mapping[Kind, str] = {
    "fixed": "more points than before, or the fault is gone",
    "new": "fewer points than before, or a fault that was not there",
    "other": "the same points, and another status, diagnosis or message",
    "needs_person": "the grader itself failed this time: not a student's fault",
    "came": "graded in the new one only",
    "left": "graded in the old one only",
    "same": "nothing changed",
}
"""Each kind of change, and when it is that."""
NEAR = 1e-9
WHOLE = ""
"""The name in the place of an exercise's, of a change that is of the submission as a whole."""


@dataclass(frozen=True, kw_only=True)
class Graded:
    """A result and whose it is: ``student``, and ``part``, which tells apart the results of one student."""

    student: str
    part: str
    result: Result


@dataclass(frozen=True, kw_only=True)
class Side:
    """An exercise as one of the gradings has it; ``status`` None where a submission as a whole could not be graded."""

    status: ItemStatus | None
    score: float
    max_score: float
    mistakes: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One exercise of one student before and after; ``before`` or ``after`` is None where it was not graded then.

    ``exercise`` is empty where the submission as a whole was graded one time and could not be the other. ``why`` is a sentence.
    """

    student: str
    part: str
    exercise: str
    kind: Kind
    before: Side | None
    after: Side | None
    why: str

    @property
    def gained(self) -> float:
        """Return the points that were gained, less than 0 for those that were lost."""
        before, after = (side.score if side else 0.0 for side in (self.before, self.after))
        return round(after - before, 6)


@dataclass(frozen=True)
class Comparison:
    """All exercises of two gradings, those that are the same among them, in the order of the old one."""

    changes: tuple[Change, ...]

    @property
    def count(self) -> Mapping[Kind, int]:
        """Return how many exercises are of each kind; of one that did not occur there is none."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in KINDS if found[kind]}

    @property
    def differ(self) -> tuple[Change, ...]:
        """Return the changes that are one."""
        return tuple(change for change in self.changes if change.kind != "same")


def compare(old: Iterable[Graded], new: Iterable[Graded]) -> Comparison:
    """Compare two gradings.

    Raises:
        ValueError: two results of one grading are of one student and one part; the message names them.

    """
    before, after = _by_whose(old), _by_whose(new)
    changes: list[Change] = []
    for whose in (*before, *(w for w in after if w not in before)):
        changes += _of_one(*whose, before.get(whose), after.get(whose))
    return Comparison(tuple(changes))


def _by_whose(graded: Iterable[Graded]) -> dict[tuple[str, str], Result]:
    found: dict[tuple[str, str], Result] = {}
    for one in graded:
        whose = (one.student, one.part)
        if whose in found:
            raise ValueError(f"two results are of {one.student}, {one.part}")
        found[whose] = one.result
    return found


def _of_one(student: str, part: str, old: Result | None, new: Result | None) -> list[Change]:
    """Compare the results of one submission; either may be missing."""
    changes = _whole(student, part, old, new)
    before = {item.exercise: item for item in old.items} if old else {}
    after = {item.exercise: item for item in new.items} if new else {}
    for exercise in (*before, *(name for name in after if name not in before)):
        kind, why = compare_items(before.get(exercise), after.get(exercise))
        changes.append(
            Change(
                student=student,
                part=part,
                exercise=exercise,
                kind=kind,
                before=_side(before.get(exercise)),
                after=_side(after.get(exercise)),
                why=why,
            )
        )
    return changes


def _whole(student: str, part: str, old: Result | None, new: Result | None) -> list[Change]:
    """Return the change of a submission that could be graded one time and not the other, if it is so."""
    if old is None or new is None or old.graded == new.graded:
        return []
    kind: Kind = "fixed" if new.graded else "needs_person" if new.needs_person else "new"
    told = [f"graded ({_points(r.score, r.max_score)})" if r.graded else _unreadable(r) for r in (old, new)]
    sides = [Side(status=None, score=r.score, max_score=r.max_score) for r in (old, new)]
    why = f"the submission as a whole: {told[0]} → {told[1]}"
    return [
        Change(student=student, part=part, exercise=WHOLE, kind=kind, before=sides[0], after=sides[1], why=why),
    ]


def _unreadable(result: Result) -> str:
    reason = f": {result.notebook.error}" if result.notebook.error else ""
    return f"{result.notebook.status}{reason}"


def compare_items(old: ItemResult | None, new: ItemResult | None) -> tuple[Kind, str]:
    """Return the kind of change of one exercise, and a sentence that says from what to what.

    Points are compared as shares of what the exercise was worth then, so that an exercise that is worth more now is no better work.
    """
    if old is None or new is None:
        there = new or old
        assert there is not None
        now = f"{there.status}, {_points(there.score, there.max_score)}"
        return ("came", f"not graded → {now}") if old is None else ("left", f"{now} → not graded")
    why = _from_to(old, new)
    if new.status == "grader_error":
        return ("same", "") if old.status == "grader_error" else ("needs_person", why)
    if old.status == "grader_error":
        return ("fixed" if new.status == "passed" else "new"), why
    gain = share(new) - share(old)
    if abs(gain) > NEAR:
        return ("fixed" if gain > 0 else "new"), why
    if old.status != new.status and "passed" in (old.status, new.status):
        return ("fixed" if new.status == "passed" else "new"), why
    return ("same", "") if _alike(old, new) else ("other", why)


def share(item: ItemResult) -> float:
    """Return the share of an exercise's points that was earned; of one without points 1 if it passed."""
    if item.max_score > 0:
        return item.score / item.max_score
    return 1.0 if item.status == "passed" else 0.0


def codes_of(item: ItemResult) -> tuple[str, ...]:
    """Return the codes of an exercise's diagnoses, each once, in the order of its checks."""
    return tuple(dict.fromkeys(check.diagnosis.mistake for check in item.checks if check.diagnosis))


def _alike(old: ItemResult, new: ItemResult) -> bool:
    """Return True if a student reads the same of both: points, status, diagnoses, notes and messages, check by check."""
    return (old.status, old.score, old.max_score, old.message, _checks(old)) == (
        new.status,
        new.score,
        new.max_score,
        new.message,
        _checks(new),
    )


def _checks(item: ItemResult) -> Sequence[object]:
    return [
        (c.name, c.status, c.score, c.max_score, c.message, tuple(c.notes), c.diagnosis and c.diagnosis.mistake)
        for c in item.checks
    ]


def _from_to(old: ItemResult, new: ItemResult) -> str:
    told: list[str] = []
    if old.status != new.status:
        told.append(f"{old.status} → {new.status}")
    if (old.score, old.max_score) != (new.score, new.max_score):
        told.append(f"{_points(old.score, old.max_score)} → {_points(new.score, new.max_score)}")
    before, after = codes_of(old), codes_of(new)
    if before != after:
        told.append(f"diagnosis {_named(before)} → {_named(after)}")
    gone = {c.name for c in old.checks} - {c.name for c in new.checks}
    come = {c.name for c in new.checks} - {c.name for c in old.checks}
    told += [f"check {name} is no more" for name in sorted(gone)] + [f"check {name} is new" for name in sorted(come)]
    if "passed" not in (old.status, new.status):  # else all of its checks did, or do
        told += _by_check(old, new)
    if not told and old.message != new.message:
        told.append(f"told otherwise: {new.message or 'nothing'}")
    return "; ".join(told) or "told otherwise"


def _by_check(old: ItemResult, new: ItemResult) -> list[str]:
    """Name the checks whose outcome changed, where the exercise's own does not say all."""
    before = {check.name: check.status for check in old.checks}
    changed = [
        f"check {check.name}: {before[check.name]} → {check.status}"
        for check in new.checks
        if check.name in before and before[check.name] != check.status
    ]
    return changed if len(changed) <= MOST_CHECKS else [f"{len(changed)} checks have another outcome"]


MOST_CHECKS = 3


def _named(codes: Sequence[str]) -> str:
    return ", ".join(code.rpartition("/")[2] for code in codes) or "none"


def _points(score: float, max_score: float) -> str:
    return f"{score:g}/{max_score:g}"


def _side(item: ItemResult | None) -> Side | None:
    if item is None:
        return None
    return Side(
        status=item.status,
        score=item.score,
        max_score=item.max_score,
        mistakes=codes_of(item),
        message=item.message,
    )
