"""The effect of a change on grades, before it is made: who moves, by how much, and the sentence that sums it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.grades import ExerciseGrade, Grade
from grader.people import Person

__all__ = ["Moved", "exercise_line", "moved", "summary"]

NEAR = 1e-9


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One student of one assignment whose grade, or an exercise of it, becomes another one.

    ``exercises`` are pairs, before and after, of those alone whose points become others.
    """

    person: Person
    assignment: str
    before: Grade
    after: Grade
    exercises: tuple[tuple[ExerciseGrade, ExerciseGrade], ...]

    @property
    def by(self) -> float | None:
        """Return the points by which the grade moves, after the late policy; None if it has no number before or after."""
        if self.before.points is None or self.after.points is None:
            return None
        return round(self.after.points - self.before.points, 6)


def moved(before: Sequence[Grade], after: Sequence[Grade]) -> list[Moved]:
    """Return who moves from one list of grades to the other, in their order; both hold the same people of the same assignments."""
    now = {(grade.person.id, grade.assignment): grade for grade in after}
    found = []
    for old in before:
        new = now[old.person.id, old.assignment]
        by_name = {e.exercise: e for e in new.exercises}
        exercises = tuple(
            (e, by_name[e.exercise])
            for e in old.exercises
            if e.exercise in by_name and abs(by_name[e.exercise].points - e.points) > NEAR
        )
        if exercises or _differs(old, new):
            found.append(
                Moved(person=old.person, assignment=old.assignment, before=old, after=new, exercises=exercises)
            )
    return found


def _differs(old: Grade, new: Grade) -> bool:
    if old.state != new.state or (old.points is None) != (new.points is None):
        return True
    return old.points is not None and new.points is not None and abs(old.points - new.points) > NEAR


def summary(found: Sequence[Moved], *, exercises: bool = True) -> str:
    """Return one sentence: ``changes 41 scores: 3 up, 38 down, by -1 each``.

    Args:
        found: who moves.
        exercises: count scores of exercises, as for a rubric; else the grades of the assignments.

    """
    by = [b.points - a.points for m in found for a, b in m.exercises] if exercises else _by(found)
    if not by:
        of = f"{len(found)} grade{'' if len(found) == 1 else 's'} of an assignment"
        return f"changes no exercise's score, and {of}" if found else "changes no score"
    up, down = sum(b > 0 for b in by), sum(b < 0 for b in by)
    low, high = round(min(by), 3), round(max(by), 3)
    amount = (
        f"by {_signed(low)}{' each' if len(by) > 1 else ''}" if low == high else f"by {_signed(low)} to {_signed(high)}"
    )
    directions = ", ".join(f"{n} {word}" for n, word in ((up, "up"), (down, "down")) if n)
    return f"changes {len(by)} score{'' if len(by) == 1 else 's'}: {directions}, {amount}"


def _by(found: Sequence[Moved]) -> list[float]:
    return [m.by for m in found if m.by]


def _signed(number: float) -> str:
    return f"{number:+g}"


def exercise_line(before: ExerciseGrade, after: ExerciseGrade) -> str:
    """Return an exercise's move in a line: ``layers.relu_backward 3 → 2 of 4 (-1)``."""
    by = _signed(round(after.points - before.points, 3))
    return f"{after.exercise} {before.points:g} → {after.points:g} of {after.max_points:g} ({by})"
