"""The steps of a late policy: from what still counts as late, and the points that are left, to the same after the step."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from grader.course.times import DAY, told_span

__all__ = [
    "Amount",
    "Cap",
    "Closed",
    "Floor",
    "Grace",
    "Late",
    "Rate",
    "SlipDays",
    "Step",
    "amount",
    "number",
]

Basis = Literal["maximum", "earned"]
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(%|percent|points?)", re.IGNORECASE)


def number(value: float) -> str:
    """Return points as people write them: at most two decimals, ``85`` and ``7.5``."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if round(value, 2) else "0"


@dataclass(frozen=True)
class Amount:
    """A number of points, or a percentage."""

    value: float
    percent: bool

    def points(self, whole: float) -> float:
        """Return the points that it is of a whole."""
        return whole * self.value / 100 if self.percent else self.value

    def told(self, of: str) -> str:
        """Return it in words: ``10 % of the maximum``, ``2 points``."""
        return (
            f"{number(self.value)} % of {of}"
            if self.percent
            else f"{number(self.value)} point{'s' * (self.value != 1)}"
        )


def amount(written: str | float) -> Amount:
    """Read an amount: ``"10 %"``, ``"2 points"``, or a number of points.

    Raises:
        ValueError: it is none, not more than nothing, or more than all.

    """
    if isinstance(written, str):
        found = _AMOUNT.fullmatch(written.strip())
        value = float(found[1]) if found else 0.0
        percent = found is not None and not found[2].lower().startswith("point")
    else:
        value, percent = float(written), False
    if value <= 0 or (percent and value > 100):
        raise ValueError(f'is no amount: write "10 %", from 0 to 100, or a number of points (it is {written!r})')
    return Amount(value, percent)


@dataclass(frozen=True, kw_only=True)
class Late:
    """A late hand-in on its way through the policy.

    Args:
        seconds: what still counts as late.
        earned: the points before the policy.
        maximum: of the assignment.
        points: what is left of them.
        spent: slip days of the student that other assignments have used.
        slip_days: those that this one uses.
        of: what the latest percentage was of.
        said: the explanation so far.

    """

    seconds: float
    earned: float
    maximum: float
    points: float
    spent: int = 0
    slip_days: int = 0
    of: Basis = "maximum"
    said: tuple[str, ...] = ()

    def whole(self, of: Basis) -> float:
        """Return the points of which a percentage is taken."""
        return self.earned if of == "earned" else self.maximum

    def saying(self, text: str) -> Late:
        """Return it with a further part of the explanation."""
        return replace(self, said=(*self.said, text))


class Step(Protocol):
    """One step of a policy."""

    def take(self, late: Late) -> Late:
        """Return what becomes of a hand-in that is late."""

    def told(self) -> str:
        """Return the step as a sentence."""


@dataclass(frozen=True)
class Grace:
    """Some time after the due date that does not count as late."""

    seconds: float

    def take(self, late: Late) -> Late:
        """Take the grace off what counts as late."""
        left = max(0.0, late.seconds - self.seconds)
        within = replace(late, seconds=left)
        if not left:
            return within.saying(f"within the {told_span(self.seconds)} of grace")
        if math.ceil(left / 3600) == math.ceil(late.seconds / 3600):
            return within  # by no count of hours or days does it matter
        return within.saying(f"less the {told_span(self.seconds)} of grace")

    def told(self) -> str:
        """Return the step as a sentence."""
        return f"Up to {told_span(self.seconds)} late is in time; of what is later only the rest counts as late."


@dataclass(frozen=True)
class SlipDays:
    """Days late that are free: so many for a student's whole course, and so many at most for one assignment."""

    total: int
    most: int | None = None

    def take(self, late: Late) -> Late:
        """Use as many days as are late, are left, and are allowed."""
        left = max(0, self.total - late.spent)
        used = min(math.ceil(late.seconds / DAY), left, left if self.most is None else self.most)
        seconds = max(0.0, late.seconds - used * DAY)
        said = f"{used} slip day{'s' * (used != 1)} used of {left} left" if used else "no slip days left"
        return replace(late, seconds=seconds, slip_days=late.slip_days + used).saying(said)

    def told(self) -> str:
        """Return the step as a sentence."""
        most = f", {self.most} at most for one assignment" if self.most is not None and self.most < self.total else ""
        return (
            f"Each student has {self.total} slip day{'s' * (self.total != 1)} for the whole course{most}: days late that cost "
            "nothing. They are used by themselves, in the order of due dates."
        )


@dataclass(frozen=True)
class Rate:
    """Points that are taken off for each hour, day or week late, or once (``seconds`` None)."""

    amount: Amount
    seconds: float | None
    of: Basis = "maximum"
    each: Literal["begun", "full", "part"] = "begun"

    def _unit(self) -> str:
        return {3600.0: "hour", DAY: "day", 7 * DAY: "week"}[self.seconds or DAY]

    def _a_unit(self) -> str:
        return f"{'an' if self._unit() == 'hour' else 'a'} {self._unit()}"

    def take(self, late: Late) -> Late:
        """Take the points off."""
        count = 1.0
        if self.seconds is not None:
            count = late.seconds / self.seconds
            count = math.ceil(count) if self.each == "begun" else math.floor(count) if self.each == "full" else count
        off = self.amount.points(late.whole(self.of))
        points = late.points - count * off
        if not count:
            return replace(late, of=self.of).saying(f"less than {self._a_unit()}, which costs nothing")
        times = f"{number(count)} × {number(off)}" if count != 1 else number(off)
        whole = self.amount.told(number(late.whole(self.of)))
        why = whole if self.seconds is None else f"{whole} {self._a_unit()}"
        told = f"{number(late.points)} − {times} ({why})"
        return replace(late, points=points, of=self.of).saying(told)

    def told(self) -> str:
        """Return the step as a sentence."""
        off = self.amount.told("the maximum" if self.of == "maximum" else "what was earned")
        if self.seconds is None:
            return f"Whatever is late loses {off}, once."
        unit = self._unit()
        when = {"begun": f"each {unit} begun", "full": f"each full {unit}", "part": f"each {unit}, parts included,"}
        return f"For {when[self.each]} {off} {'is' if self.amount.percent else 'are'} taken off."


@dataclass(frozen=True)
class Cap:
    """The most that the steps before it take off."""

    amount: Amount
    of: Basis | None = None

    def take(self, late: Late) -> Late:
        """Give back what was taken off beyond it."""
        of = self.of or late.of
        lowest = late.earned - self.amount.points(late.whole(of))
        if late.points >= lowest:
            return late
        return replace(late, points=lowest).saying(f"at most {self.amount.told(number(late.whole(of)))} off")

    def told(self) -> str:
        """Return the step as a sentence."""
        of = {"maximum": "the maximum", "earned": "what was earned", None: "it"}[self.of]
        return f"Never more than {self.amount.told(of).removesuffix(' of it')} {'is' if self.amount.percent else 'are'} taken off."


@dataclass(frozen=True)
class Floor:
    """A bound for what is late: ``upper`` the most that it counts for, else what lateness does not take it below."""

    amount: Amount
    upper: bool

    def take(self, late: Late) -> Late:
        """Keep the points within the bound."""
        bound = self.amount.points(late.maximum)
        kept = min(late.points, bound) if self.upper else max(late.points, min(bound, late.earned))
        if kept == late.points:
            return late
        return replace(late, points=kept).saying(
            f"{'late work counts for' if self.upper else 'lateness leaves'} {self.amount.told(number(late.maximum))}"
            f" {'at most' if self.upper else 'at least'}"
        )

    def told(self) -> str:
        """Return the step as a sentence."""
        bound = self.amount.told("the maximum")
        if self.upper:
            return f"Whatever is late counts for {bound} at most."
        return f"Lateness takes nobody below {bound}."


@dataclass(frozen=True)
class Closed:
    """The time after the due date from which on nothing counts. Extensions move it; grace and slip days do not."""

    seconds: float

    def take(self, late: Late) -> Late:
        """Do nothing: :meth:`Policy.closes` is looked at before all steps."""
        return late

    def told(self) -> str:
        """Return the step as a sentence."""
        return f"What comes more than {told_span(self.seconds)} after the due date counts for nothing."
