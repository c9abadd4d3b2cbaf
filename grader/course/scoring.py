"""The points of one attempt, exercise by exercise: what the grader gave, on the course's scale, and what people made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.course.plan import Plan, PlannedExercise
from grader.course.steps import number
from grader.grades import Attempt, Comment, ExerciseGrade, Mark, RubricItem
from grader.result import ItemResult

__all__ = ["HONOURED", "Manual", "Score", "scored"]

HONOURED = "follows_own_forward"
"""The note of a check on a gradient that seems to fit a wrong forward pass of the student's own, and is not paid by itself."""


_NO_MARK = Mark(student="", assignment="")


@dataclass(frozen=True, kw_only=True)
class Manual:
    """The decisions of people: marks of one student and assignment by exercise, the rubric by id, kept comments by exercise."""

    marks: Mapping[str, Mark]
    rubric: Mapping[str, RubricItem]
    comments: Mapping[str, Sequence[Comment]]

    def mark(self, exercise: str = "") -> Mark:
        """Return the mark on an exercise, or on the whole; one that says nothing where there is none."""
        return self.marks.get(exercise, _NO_MARK)

    def items(self, exercise: str) -> list[RubricItem]:
        """Return the rubric items that apply to an exercise, each once: from its own mark, and from that on the whole."""
        marked, on_whole = self.mark(exercise).rubric, self.mark().rubric
        if not marked and not on_whole:
            return []
        own = [self.rubric[key] for key in marked if key in self.rubric]
        whole = [self.rubric[key] for key in on_whole if key in self.rubric]
        named = [item for item in own if item.exercise in ("", exercise)] + [i for i in whole if i.exercise == exercise]
        return list({item.id: item for item in named if item.active}.values())


@dataclass(frozen=True, kw_only=True)
class Score:
    """The points of an attempt before the late policy."""

    points: float
    exercises: tuple[ExerciseGrade, ...]
    sentences: tuple[str, ...] = ()
    unsettled: bool = False
    """the grader failed somewhere, and nobody has decided it since"""


def scored(plan: Plan, attempt: Attempt | None, manual: Manual) -> Score:
    """Return the points of an attempt, or of none, with what people decided.

    Args:
        plan: of the assignment.
        attempt: None if nothing was handed in.
        manual: the decisions on this student.

    """
    items = {item.exercise: item for result in (attempt.results if attempt else ()) for item in result.items}
    exercises = tuple(_exercise(plan, planned, items.get(planned.name), attempt, manual) for planned in plan.exercises)
    total = round(sum(exercise.points for exercise in exercises), 6)
    sentences: list[str] = []
    whole = manual.mark()
    if whole.points is not None:
        total = whole.points
        sentences.append(f"{number(total)} of {number(plan.points)}, set by {_who(whole)}")
    for item in (manual.rubric[key] for key in dict.fromkeys(whole.rubric) if key in manual.rubric):
        if item.active and not item.exercise:
            total += item.points
            sentences.append(f"{_signed(item.points)}: {item.text}")
    kept = max(0.0, total) if plan.assignment.over else min(max(0.0, total), plan.points)
    if kept != total:
        sentences.append(_bounded(kept))
    return Score(
        points=round(kept, 6),
        exercises=exercises,
        sentences=tuple(sentences),
        unsettled=whole.points is None and _unsettled(plan, attempt, items, manual),
    )


def _unsettled(plan: Plan, attempt: Attempt | None, items: Mapping[str, ItemResult], manual: Manual) -> bool:
    """Return True if the grader failed on something that counts here and has no points by hand."""
    failing = [result for result in (attempt.results if attempt else ()) if result.needs_person]
    failed = {name for name, item in items.items() if item.status == "grader_error"}
    if not failing and not failed:
        return False
    undecided = [planned.name for planned in plan.exercises if manual.mark(planned.name).points is None]
    if any(not any(item.status == "grader_error" for item in result.items) for result in failing):
        return bool(undecided)  # it failed as a whole
    return not failed.isdisjoint(undecided)


def _exercise(
    plan: Plan, planned: PlannedExercise, item: ItemResult | None, attempt: Attempt | None, manual: Manual
) -> ExerciseGrade:
    mark = manual.mark(planned.name)
    comments = list(mark.comments)
    sentences: list[str] = []
    scale = planned.points / item.max_score if item is not None and item.max_score > 0 else 0.0
    automatic = None if item is None else round(item.score * scale, 9)
    points = automatic or 0.0
    if item is None and attempt is not None and mark.points is None and any(r.graded for r in attempt.results):
        sentences.append("not in what was handed in")
    honour = 0.0 if item is None or not (mark.honour or manual.mark().honour) else _honoured(item) * scale
    if honour > 0:
        points += honour
        by = _who(mark if mark.honour else manual.mark())
        sentences.append(f"{_signed(honour)}: fits the own forward pass, honoured by {by}")
    mistakes = _mistakes(item)
    for comment in _kept(manual.comments.get(planned.name, ()), item, mistakes):
        comments.append(comment.text)
        if comment.points and mark.points is None:
            points += comment.points
            sentences.append(f"{_signed(comment.points)}: {comment.text}")
    if mark.points is not None:
        points = mark.points
        instead = "" if automatic is None else f", in place of {number(automatic)}"
        sentences = [f"{number(points)} of {number(planned.points)}, set by {_who(mark)}{instead}"]
    for rubric in manual.items(planned.name):
        points += rubric.points
        comments.append(rubric.text)
        sentences.append(f"{_signed(rubric.points)}: {rubric.text}")
    kept = max(0.0, points) if plan.assignment.over else min(max(0.0, points), planned.points)
    if abs(kept - points) > 1e-9:
        sentences.append(_bounded(kept))
    return ExerciseGrade(
        exercise=planned.name,
        points=round(kept, 9),  # finer than the sum, which is rounded once
        max_points=round(planned.points, 9),
        automatic=automatic,
        status=None if item is None else item.status,
        mistakes=mistakes,
        message="" if item is None else item.message,
        fits="" if item is None else item.fits,
        comments=tuple(dict.fromkeys(filter(None, comments))),
        sentences=tuple(sentences),
    )


def _mistakes(item: ItemResult | None) -> tuple[str, ...]:
    checks = () if item is None else item.checks
    return tuple(dict.fromkeys(check.diagnosis.mistake for check in checks if check.diagnosis is not None))


def _honoured(item: ItemResult) -> float:
    """Return the points of the checks that honouring pays, as the grader counts them."""
    return sum(check.max_score - check.score for check in item.checks if HONOURED in check.notes)


def _kept(comments: Sequence[Comment], item: ItemResult | None, mistakes: Sequence[str]) -> list[Comment]:
    """Return the comments that are told with what is wrong in an exercise, one a mistake, whether its code is whole or short.

    Where the grader itself failed, nothing is known to be wrong.
    """
    if item is None or item.status in ("passed", "grader_error") or not comments:
        return []
    whole = f"{item.exercise}/"
    codes = {"", *(mistake.removeprefix(whole) for mistake in mistakes)}
    by_mistake = {comment.mistake.removeprefix(whole): comment for comment in comments}
    return [comment for mistake, comment in by_mistake.items() if mistake in codes]


def _who(mark: Mark) -> str:
    return (mark.by or "a person") + (f" ({mark.why})" if mark.why else "")


def _signed(points: float) -> str:
    return f"{'−' if points < 0 else '+'}{number(abs(points))}"


def _bounded(kept: float) -> str:
    return f"{number(kept)} is the {'least' if not kept else 'most'} that there is"
