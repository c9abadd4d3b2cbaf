"""A student's own page of a class: the grade and how it came to be, what people said, and what the grader found.

Of the grader's findings a student sees what the course lets them see (``grader.shown``). What a grade says of one exercise, and
people's comments on it, follow that: they stand there only where every check of the exercise is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from grader.grades import ExerciseGrade, Grade
from grader.report import svg
from grader.report.class_pages.page import STATES, lateness
from grader.report.html import Ids, environment
from grader.report.text import clean, inline
from grader.result import Result
from grader.shown import Rules, may_see, unseen_points

__all__ = ["student_class_page"]

_SAID = 20
"""The most comments, and the most sentences, on one exercise or on the whole."""


@dataclass(frozen=True)
class Own:
    """One exercise as the page tells of it: texts are clean. ``comments`` may have several lines."""

    name: str
    points: float
    max_points: float
    sentences: tuple[str, ...]
    comments: tuple[str, ...]


def student_class_page(grade: Grade, rules: Rules, now: datetime, title: str = "") -> str:
    """Render the page of one student for one assignment.

    Args:
        grade: as it is now.
        rules: how much students may see.
        now: the time, with its zone.
        title: of the assignment; by default its name.

    """
    results = grade.attempt.results if grade.attempt is not None else ()
    seen = [_named(may_see(result, rules, now), grade) for result in results]
    shown = _shown_whole(results, seen)
    heading = inline(title or grade.assignment, 80)
    return (
        environment()
        .get_template("own.html.j2")
        .render(
            title=f"{inline(grade.person.shown, 60)} · {heading}",
            heading=heading,
            name=inline(grade.person.shown, 60),
            grade=grade,
            state=STATES[grade.state],
            late=lateness(grade.late_seconds) if grade.late_seconds > 0 else "",
            sentences=_sentences(grade.sentences),
            comments=_comments(grade.comments),
            exercises=[_own(e) for e in grade.exercises if (e.exercise in shown or not results) and _is_told(e)],
            hidden=sum(e.exercise not in shown for e in grade.exercises) if results else 0,
            seen=[(result, unseen_points(result)) for result in seen],
            light=svg.LIGHT,
            dark=svg.DARK,
            ids=Ids(),
        )
    )


def _named(result: Result, grade: Grade) -> Result:
    """Give a result its student's name in the place of the file's, which may be another one's or, in blind mode, told by it."""
    return replace(result, submission=replace(result.submission, id=grade.person.shown, source=""))


def _shown_whole(results: Sequence[Result], seen: Sequence[Result]) -> set[str]:
    """Return the exercises of which every check is shown."""
    left = {item.exercise: len(item.checks) for result in seen for item in result.items}
    return {item.exercise for result in results for item in result.items if left.get(item.exercise) == len(item.checks)}


def _is_told(exercise: ExerciseGrade) -> bool:
    """Return True if the grade says more of an exercise than the grader's findings do."""
    return bool(exercise.sentences or exercise.comments)


def _own(exercise: ExerciseGrade) -> Own:
    return Own(
        name=inline(exercise.exercise, 120),
        points=exercise.points,
        max_points=exercise.max_points,
        sentences=_sentences(exercise.sentences),
        comments=_comments(exercise.comments),
    )


def _sentences(said: Sequence[str]) -> tuple[str, ...]:
    return tuple(inline(sentence) for sentence in said[:_SAID])


def _comments(said: Sequence[str]) -> tuple[str, ...]:
    return tuple(clean(comment) for comment in said[:_SAID])
