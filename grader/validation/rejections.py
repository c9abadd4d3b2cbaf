"""Rejections by check: each must be able to reject something, and what it adds to the others is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.judging import Exercise, Verdict
from grader.validated import Hole

__all__ = ["idle_and_redundant"]


def idle_and_redundant(exercise: Exercise, judged: Iterable[Sequence[Verdict]]) -> tuple[list[Hole], tuple[str, ...]]:
    """Find the checks that reject no wrong answer, which are holes, and redundant ones.

    Redundant is a check worth points that rejects nothing which no other such check rejects. That is no hole: a check on slopes
    accepts more than the one on values, so that a slip in precision costs half. Checks without points are what students have
    without model answers, and are not compared.

    Args:
        exercise: whose checks.
        judged: the verdicts on wrong answers: mistakes, mutants and liars.

    """
    rejected: dict[str, set[int]] = {check.name: set() for check in exercise.checks}
    for number, verdicts in enumerate(judged):
        for verdict in verdicts:
            if verdict.status not in ("passed", "skipped"):
                rejected[verdict.check.name].add(number)
    holes = [
        Hole(
            "check",
            exercise.name,
            f"check {name} rejects none of the wrong answers that were tried",
            "take it out, or let it be able to fail",
        )
        for name, numbers in rejected.items()
        if not numbers
    ]
    scoring = {check.name: rejected[check.name] for check in exercise.checks if check.points > 0}
    redundant = [
        name
        for name, numbers in scoring.items()
        if numbers and not numbers - set().union(*(others for other, others in scoring.items() if other != name))
    ]
    return holes, tuple(redundant)
