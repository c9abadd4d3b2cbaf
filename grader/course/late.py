"""The late policy: a pipeline of steps from the points that were earned to those that count, with the sentence that explains it.

It is evaluated whenever a grade is asked for, and kept nowhere. Whatever the steps are, lateness raises no number, what is later
counts for no more than what is less late, and no number goes below nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.course.steps import Closed, Late, SlipDays, Step, number
from grader.course.times import told_span

__all__ = ["Outcome", "Policy"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The points that count, and how they came to be.

    Args:
        points: after the policy.
        slip_days: that were used.
        closed: it came after the end.
        sentence: the explanation; empty where nothing was late.

    """

    points: float
    slip_days: int = 0
    closed: bool = False
    sentence: str = ""


@dataclass(frozen=True)
class Policy:
    """A late policy; without steps what is late counts as what is not."""

    steps: tuple[Step, ...] = ()

    @property
    def closes(self) -> float | None:
        """Return the seconds after the due date from which on nothing counts; None if there is no end."""
        return min((step.seconds for step in self.steps if isinstance(step, Closed)), default=None)

    @property
    def has_slip_days(self) -> bool:
        """Return True if slip days are among the steps."""
        return any(isinstance(step, SlipDays) for step in self.steps)

    def apply(self, earned: float, maximum: float, seconds: float, spent: int = 0) -> Outcome:
        """Return the points that count.

        Args:
            earned: the points before the policy.
            maximum: of the assignment.
            seconds: by how much it is late, after extensions.
            spent: the slip days that the student has used for other assignments.

        """
        if seconds <= 0:
            return Outcome(points=earned)
        opening = f"{told_span(seconds)} late"
        if self.closes is not None and seconds > self.closes:
            return Outcome(
                points=0.0,
                closed=True,
                sentence=f"{opening}: closed {told_span(self.closes)} after the due date, so it counts for nothing",
            )
        if earned <= 0:  # no slip day is spent on it
            return Outcome(points=0.0, sentence=f"{opening}: nothing is lost")
        late = Late(seconds=seconds, earned=earned, maximum=maximum, points=earned, spent=spent)
        for step in self.steps:
            if late.seconds > 0:
                late = step.take(late)
        points = round(min(max(late.points, 0.0), earned), 6)
        return Outcome(points=points, slip_days=late.slip_days, sentence=_sentence(opening, late.said, earned, points))

    def told(self) -> tuple[str, ...]:
        """Return the policy as sentences."""
        return tuple(step.told() for step in self.steps) or ("What is late counts as what is in time.",)


def _sentence(opening: str, said: Iterable[str], earned: float, points: float) -> str:
    end = "nothing is lost" if points == earned else ""
    parts = ", ".join(filter(None, (*said, end)))
    return f"{opening}: {parts}" + ("" if end else f" = {number(points)}")
