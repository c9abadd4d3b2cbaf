"""A grade in parts: of each exercise what its author may see now, what they see once results are released, and what they never see.

Systems that show single tests show each to students or hide it. What is told of a part is what :func:`grader.shown.may_see` leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from grader.grades import ExerciseGrade, Grade
from grader.report import WORDS, clean, inline
from grader.result import CheckResult, ItemResult, Result

__all__ = ["Part", "Seen", "Visibility", "parts_of"]

Visibility = Literal["visible", "after_published", "hidden"]
Seen = Callable[[Result], Result]
"""From a result to what its author may see of it, at some time."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """The part of an exercise's grade that one sort of reader sees.

    Args:
        exercise: full name.
        visibility: to its author.
        points: on the course's scale, of this part alone.
        max_points: likewise.
        passed: nothing in it failed.
        text: what is told of it.

    """

    exercise: str
    visibility: Visibility
    points: float
    max_points: float
    passed: bool
    text: str = ""


def parts_of(grade: Grade, seen: Seen, later: Seen, limit: int = 2000) -> list[Part]:
    """Return the parts of a grade, in the order of its exercises, and of each exercise what is visible first.

    Points that a person gave belong to the exercise as a whole: they are in its first part, and no other of it has any.

    Args:
        grade: with its attempt.
        seen: what may be seen now.
        later: what may be seen once results are released.
        limit: the most characters that are told of a part.

    """
    results = grade.attempt.results if grade.attempt else ()
    whole, now, then = ({i.exercise: i for r in results for i in view(r).items} for view in (lambda r: r, seen, later))
    return [part for one in grade.exercises for part in _parts(one, whole, now, then, limit)]


def _parts(
    one: ExerciseGrade,
    whole: dict[str, ItemResult],
    now: dict[str, ItemResult],
    then: dict[str, ItemResult],
    limit: int,
) -> Iterator[Part]:
    item = whole.get(one.exercise)
    if item is None or not item.checks:
        passed = one.points >= one.max_points
        said = one.message if item is None else inline(item.message)
        yield Part(
            exercise=one.exercise,
            visibility="visible",
            points=one.points,
            max_points=one.max_points,
            passed=passed,
            text=_cut([said or ("" if passed else "nothing that could be graded"), *_of_people(one)], limit),
        )
        return
    groups = _grouped(item, now.get(one.exercise), then.get(one.exercise))
    by_hand = one.automatic is None or abs(one.points - one.automatic) > 1e-6
    scale = one.max_points / item.max_score if item.max_score else 0.0
    for index, (visibility, checks) in enumerate(groups):
        points, worth = sum(c.score for c in checks) * scale, sum(c.max_score for c in checks) * scale
        if by_hand or len(groups) == 1:
            points, worth = (one.points, one.max_points) if index == 0 else (0.0, 0.0)
        told = [*_told(checks), *(_of_people(one) if index == 0 else [])]
        yield Part(
            exercise=one.exercise,
            visibility=visibility,
            points=round(points, 6),
            max_points=round(worth, 6),
            passed=points >= worth - 1e-6 and (by_hand or all(check.status == "passed" for check in checks)),
            text=_cut(told, limit),
        )


def _grouped(
    item: ItemResult, now: ItemResult | None, then: ItemResult | None
) -> list[tuple[Visibility, list[CheckResult]]]:
    """Return the checks of an exercise by who sees them, each as it is shown to them; what students never see is told in full."""
    shown, released = ({c.name: c for c in view.checks} if view else {} for view in (now, then))
    groups: dict[Visibility, list[CheckResult]] = {"visible": [], "after_published": [], "hidden": []}
    for check in item.checks:
        if check.name in shown:
            groups["visible"].append(shown[check.name])
        elif check.name in released:
            groups["after_published"].append(released[check.name])
        else:
            groups["hidden"].append(check)
    return [(visibility, checks) for visibility, checks in groups.items() if checks]


def _told(checks: Sequence[CheckResult]) -> list[str]:
    """Return what is told of checks, one after the other; a diagnosis that several share is told with the first of them."""
    lines: list[str] = []
    for check in checks:
        lines.append(f"{inline(check.name, 80)}: {WORDS[check.status]}")
        if check.status != "passed":
            diagnosis = check.diagnosis.text if check.diagnosis else ""
            lines += [text for text in (diagnosis, check.message) if text and text not in lines]
    return lines


def _of_people(one: ExerciseGrade) -> Sequence[str]:
    return [*one.sentences, *one.comments]


def _cut(texts: Sequence[str], limit: int) -> str:
    return clean("\n".join(text for text in texts if text), limit=limit)
