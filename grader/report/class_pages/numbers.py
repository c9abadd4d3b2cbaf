"""The numbers of a class: from its grades to the distribution of points, each exercise's figures, and the mistakes by frequency.

All text in them is clean and bounded, and escaped for no format.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.grades import ExerciseGrade, Grade, GradeState
from grader.report.statistics import BUCKETS
from grader.report.text import inline
from grader.result import ItemResult

__all__ = ["ClassNumbers", "ExerciseNumbers", "MistakeMade", "Running", "class_numbers", "in_words", "items_of"]

BINS = 10
FEWEST = 8
"""So many graded students at least, before a correlation over them is told."""


@dataclass(frozen=True)
class ExerciseNumbers:
    """One exercise over those who handed something in; the counts sum to their number.

    ``discrimination`` is the correlation of the exercise's points with those of all others of the assignment (the corrected
    item-total correlation); None where there are too few students, or nothing varies.
    """

    name: str
    max_points: float
    mean: float | None
    passed: int = 0
    partial: int = 0
    wrong: int = 0
    absent: int = 0
    unjudged: int = 0
    discrimination: float | None = None

    @property
    def total(self) -> int:
        """Return the number of students."""
        return self.passed + self.partial + self.wrong + self.absent + self.unjudged


@dataclass(frozen=True)
class MistakeMade:
    """A diagnosed mistake: its code, its text, and the places, in the list of grades, of the students who made it."""

    exercise: str
    code: str
    text: str
    who: tuple[int, ...]

    @property
    def shown(self) -> str:
        """Return the code as words: ``averages db``, without the exercise that may stand before it."""
        return in_words(self.code)


@dataclass(frozen=True)
class Running:
    """The seconds of running notebooks at grading: the median, the longest, and the place of the student whose it is."""

    median: float
    longest: float
    whose: int


@dataclass(frozen=True)
class ClassNumbers:
    """A class: counts by state, ``bins`` of tenths of the full points with ``full`` at the top, and what is told of each part."""

    students: int
    states: dict[GradeState, int]
    max_points: float
    points: tuple[float, ...]
    bins: tuple[int, ...]
    full: int
    exercises: tuple[ExerciseNumbers, ...]
    mistakes: tuple[MistakeMade, ...]
    running: Running | None

    @property
    def mean(self) -> float | None:
        """Return the mean of the points; None without any."""
        return statistics.fmean(self.points) if self.points else None

    @property
    def median(self) -> float | None:
        """Return the median of the points; None without any."""
        return statistics.median(self.points) if self.points else None

    @property
    def deviation(self) -> float | None:
        """Return the standard deviation of the points; None of fewer than two."""
        return statistics.stdev(self.points) if len(self.points) > 1 else None


def class_numbers(grades: Sequence[Grade]) -> ClassNumbers:
    """Return the numbers of one assignment's grades."""
    counted = [g for g in grades if g.state == "graded" and g.points is not None]
    most = max((g.max_points for g in grades), default=0.0)
    reached = tuple(g.points for g in counted if g.points is not None)
    bins = [0] * BINS
    for points in reached if most > 0 else ():
        bins[min(BINS - 1, max(0, int(BINS * points / most + 1e-9)))] += 1
    return ClassNumbers(
        students=len(grades),
        states=dict(Counter(g.state for g in grades)),
        max_points=most,
        points=reached,
        bins=tuple(bins),
        full=sum(points >= most - 1e-9 for points in reached) if most > 0 else 0,
        exercises=tuple(_exercises(grades, counted)),
        mistakes=_mistakes(grades),
        running=_running(grades),
    )


def in_words(code: str) -> str:
    """Return the code of a mistake as words, without the exercise that may stand before it."""
    return code.rpartition("/")[2].replace("_", " ")


def items_of(grade: Grade) -> Iterator[ItemResult]:
    """Yield the results of the exercises that count for a grade, in the order in which they were graded."""
    wanted = {exercise.exercise for exercise in grade.exercises}
    for result in grade.attempt.results if grade.attempt is not None else ():
        yield from (item for item in result.items if item.exercise in wanted)


# ------------------------------------------------------------------------------------- exercises
def _exercises(grades: Sequence[Grade], counted: Sequence[Grade]) -> Iterator[ExerciseNumbers]:
    by_name: dict[str, list[ExerciseGrade]] = {}
    for grade in grades:
        for exercise in grade.exercises:
            by_name.setdefault(exercise.exercise, []).append(exercise)
    for name, all_of_it in by_name.items():
        handed_in = [e for e in all_of_it if e.status is not None]
        pairs = [(e.points, _others(g, name)) for g in counted for e in g.exercises if e.exercise == name]
        yield ExerciseNumbers(
            name=inline(name, 120),
            max_points=max(e.max_points for e in all_of_it),
            mean=statistics.fmean(own for own, _ in pairs) if pairs else None,
            discrimination=_correlation(pairs),
            **Counter(BUCKETS[e.status] for e in handed_in if e.status is not None),
        )


def _others(grade: Grade, name: str) -> float:
    return sum(e.points for e in grade.exercises if e.exercise != name)


def _correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Pearson's correlation; None where there are too few pairs, or one of the two does not vary."""
    if len(pairs) < FEWEST:
        return None
    own, others = zip(*pairs, strict=True)
    if max(own) - min(own) < 1e-9 or max(others) - min(others) < 1e-9:
        return None
    return statistics.correlation(own, others)


# -------------------------------------------------------------------------------------- mistakes
def _mistakes(grades: Sequence[Grade]) -> tuple[MistakeMade, ...]:
    """Return all mistakes, the most frequent first; one counts once a student."""
    who: dict[tuple[str, str], list[int]] = {}
    texts: dict[tuple[str, str], Counter[str]] = {}
    for place, grade in enumerate(grades):
        for key, text in _of_one(grade).items():
            who.setdefault(key, []).append(place)
            texts.setdefault(key, Counter())[text] += 1
    made = [
        MistakeMade(inline(name, 120), inline(code, 80), inline(texts[name, code].most_common(1)[0][0]), tuple(places))
        for (name, code), places in who.items()
    ]
    return tuple(sorted(made, key=lambda m: (-len(m.who), m.exercise, m.code)))


def _of_one(grade: Grade) -> dict[tuple[str, str], str]:
    """Return a student's mistakes with their texts: those of the results, and codes that only the grade has, without a text."""
    found = {
        (item.exercise, check.diagnosis.mistake): check.diagnosis.text
        for item in items_of(grade)
        for check in reversed(item.checks)
        if check.diagnosis is not None
    }
    return found or {(e.exercise, code): "" for e in grade.exercises for code in e.mistakes}


def _running(grades: Sequence[Grade]) -> Running | None:
    spent = [
        (sum(result.notebook.seconds for result in grade.attempt.results), -place)
        for place, grade in enumerate(grades)
        if grade.attempt is not None and any(result.notebook.seconds for result in grade.attempt.results)
    ]
    if not spent:
        return None
    longest, place = max(spent)
    return Running(statistics.median(seconds for seconds, _ in spent), longest, -place)
