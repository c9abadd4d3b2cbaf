"""Statistics of a class, for the HTML report: right, wrong and unwritten answers by exercise, and common mistakes."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.report.follow_through import kept_points
from grader.report.text import inline
from grader.result import ItemResult, Result
from grader.statuses import ItemStatus

__all__ = ["BUCKETS", "AssignmentStatistics", "ExerciseStatistics", "Mistake", "class_statistics"]

BUCKETS: dict[ItemStatus, str] = {
    "passed": "passed",
    "partial": "partial",
    "wrong": "wrong",
    "raised": "wrong",
    "timed_out": "wrong",
    "crashed": "wrong",
    "missing": "absent",
    "not_attempted": "absent",
    "skipped": "unjudged",
    "grader_error": "unjudged",
}


@dataclass(frozen=True)
class Mistake:
    """A diagnosed mistake and the number of submissions that make it."""

    exercise: str
    name: str
    text: str
    count: int


@dataclass
class ExerciseStatistics:
    """One exercise over a class; the counts sum to the number of its submissions.

    ``wrong`` counts the answers that were written and earned nothing, ``absent`` those that are missing or not attempted,
    ``unjudged`` those that could not be judged.
    """

    name: str
    passed: int = 0
    partial: int = 0
    wrong: int = 0
    absent: int = 0
    unjudged: int = 0
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Return the number of submissions."""
        return self.passed + self.partial + self.wrong + self.absent + self.unjudged


@dataclass(frozen=True)
class AssignmentStatistics:
    """One assignment over a class.

    ``graded`` counts the submissions with a final score; ``mean`` and ``median`` are their points, None if there is none.
    ``followed`` counts those that keep points by follow-through, ``kept`` is the sum of these points.
    """

    assignment: str
    submissions: int
    graded: int
    max_score: float
    mean: float | None
    median: float | None
    exercises: list[ExerciseStatistics]
    followed: int = 0
    kept: float = 0.0

    @property
    def common(self) -> list[Mistake]:
        """Return the mistakes that more than one submission makes, the most common first."""
        found = [mistake for exercise in self.exercises for mistake in exercise.mistakes if mistake.count > 1]
        return sorted(found, key=lambda m: -m.count)


def class_statistics(results: Sequence[Result]) -> list[AssignmentStatistics]:
    """Return the statistics of each assignment, in the order of first results; results without one do not count."""
    by_assignment: dict[str, list[Result]] = {}
    for result in results:
        if result.assignment is not None:
            by_assignment.setdefault(result.assignment, []).append(result)
    return [_of(assignment, group) for assignment, group in by_assignment.items()]


def _of(assignment: str, results: Sequence[Result]) -> AssignmentStatistics:
    final = [r.score for r in results if r.graded and not r.needs_person]
    items: dict[str, list[ItemResult]] = {}
    kept = [points for r in results if (points := sum(kept_points(item) for item in r.items)) > 0]
    for result in results:
        for item in result.items:
            items.setdefault(item.exercise, []).append(item)
    return AssignmentStatistics(
        assignment=assignment,
        submissions=len(results),
        graded=len(final),
        max_score=max(r.max_score for r in results),
        mean=statistics.fmean(final) if final else None,
        median=statistics.median(final) if final else None,
        exercises=[_exercise(name, group) for name, group in items.items()],
        followed=len(kept),
        kept=sum(kept),
    )


def _exercise(name: str, items: Sequence[ItemResult]) -> ExerciseStatistics:
    counts = Counter(BUCKETS[item.status] for item in items)
    texts: dict[str, str] = {}
    found: Counter[str] = Counter()
    for item in items:
        mistakes = {c.diagnosis.mistake: c.diagnosis.text for c in item.checks if c.diagnosis is not None}
        found.update(mistakes.keys())  # each name counts once a submission
        texts = {**mistakes, **texts}
    common = [Mistake(name, inline(m), inline(texts[m]), count) for m, count in found.most_common(3)]
    return ExerciseStatistics(name=name, mistakes=common, **counts)
