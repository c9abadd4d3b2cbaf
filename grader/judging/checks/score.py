"""Scores: from verdicts to points, and to the status of an exercise."""

from __future__ import annotations

from collections.abc import Sequence

from grader.judging.declare import Verdict
from grader.statuses import ItemStatus, VerdictStatus

__all__ = ["item_status", "points", "points_of"]

SEVERITY: tuple[VerdictStatus, ...] = (
    # The worst first: it names an exercise none of whose points were earned.
    "grader_error",
    "crashed",
    "timed_out",
    "missing",
    "not_attempted",
    "raised",
    "wrong",
    "skipped",
    "passed",
)
RESTS_ON_VALUE = ("contract", "example", "law", "source")
"""Kinds that a zero function can pass too: worth nothing until a value check passes."""


def points_of(verdict: Verdict, verdicts: Sequence[Verdict]) -> float:
    """Return the points that one verdict earns among its exercise's verdicts."""
    if verdict.status != "passed":
        return 0.0
    if verdict.check.kind in RESTS_ON_VALUE and not any(
        v.check.kind == "value" and v.status == "passed" for v in verdicts
    ):
        return 0.0
    return verdict.check.points


def points(verdicts: Sequence[Verdict]) -> float:
    """Return the points that the exercise earns, rounded as what it is worth is, so that all of them are the whole."""
    return round(sum(points_of(verdict, verdicts) for verdict in verdicts), 9)


def item_status(verdicts: Sequence[Verdict]) -> ItemStatus:
    """Return ``passed``, ``partial``, or the status of the worst check."""
    statuses = [verdict.status for verdict in verdicts]
    if all(status == "passed" for status in statuses):
        return "passed"
    if "grader_error" not in statuses and points(verdicts) > 0:
        return "partial"
    return min(statuses, key=SEVERITY.index)
