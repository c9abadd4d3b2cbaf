"""Identical wrong answers without a diagnosis that few share: what a mistake of everybody's explains is no evidence of anything."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from grader.result import Counterexample, ItemResult, Result
from grader.statuses import ItemStatus

__all__ = ["FEW", "SameAnswers", "same_answers"]

FEW = 5
"""The most students who share a wrong answer that is told: what more arrive at is a mistake that nobody has named yet."""
WRONG: tuple[ItemStatus, ...] = ("wrong", "partial")


@dataclass(frozen=True)
class SameAnswers:
    """A wrong, undiagnosed answer that students share, by their places; ``message`` and ``example`` are the first's."""

    exercise: str
    fingerprint: str
    who: tuple[int, ...]
    message: str
    example: Counterexample | None


def same_answers(
    results: Sequence[Sequence[Result]], few: int = FEW, left_out: Collection[str] = ()
) -> list[SameAnswers]:
    """Return the wrong, undiagnosed answers that at least two and at most ``few`` students share, the rarest first.

    Args:
        results: of each student.
        few: see above.
        left_out: exercises where wrong answers agree by chance: questions with a choice.

    """
    found: dict[tuple[str, str], dict[int, ItemResult]] = {}
    for place, of_one in enumerate(results):
        for item in (item for result in of_one for item in result.items):
            if item.exercise not in left_out and item.fingerprint is not None and _is_unexplained(item):
                found.setdefault((item.exercise, item.fingerprint), {}).setdefault(place, item)
    same = [
        SameAnswers(exercise, digest, tuple(items), (first := next(iter(items.values()))).message, _example(first))
        for (exercise, digest), items in found.items()
        if 2 <= len(items) <= few
    ]
    return sorted(same, key=lambda s: (len(s.who), s.exercise, s.who))


def _is_unexplained(item: ItemResult) -> bool:
    return item.status in WRONG and all(check.diagnosis is None for check in item.checks)


def _example(item: ItemResult) -> Counterexample | None:
    return next((check.counterexample for check in item.checks if check.counterexample is not None), None)
