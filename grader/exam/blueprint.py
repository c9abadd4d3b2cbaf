"""The blueprint of an exam: how many groups of each kind it has, so that the points come out exactly, for everybody alike."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.errors import UsageError
from grader.exam.pool import Group, Kind
from grader.exam.settings import ExamSettings, Shares, exactly, told

__all__ = ["blueprints"]

TRIES = 400
"""So often a blueprint is begun anew, where units and forms have shares and a way leads nowhere."""
RARELY = 0.02
"""The weight of taking all that there is of a kind, beside that of a kind which leaves a choice: papers are to differ."""


@dataclass(frozen=True)
class _Kind:
    """A kind of groups: the place in the list of all, its points as a whole number of the finest parts, and how many there are."""

    key: Kind
    unit: str
    form: str
    points: int
    many: int


@dataclass(frozen=True)
class _Total:
    """So many points are to be of these kinds, for what the instructor calls them."""

    told: str
    kinds: frozenset[int]
    points: int


def blueprints(settings: ExamSettings, groups: Sequence[Group], rng: random.Random) -> Iterator[Counter[Kind]]:
    """Yield blueprints that meet all shares exactly, spread over the units as evenly as it goes, in a random order.

    Raises:
        UsageError: there is none; the message names the nearest totals.

    """
    finest = math.lcm(*(group.points.denominator for group in groups), exactly(settings.points).denominator)
    finest = math.lcm(finest, *(exactly(s).denominator for s in _set(settings.units) + _set(settings.forms)))
    search = _Search(settings, groups, finest)
    search.refuse_impossible()
    found = False
    for _ in range(TRIES):
        made = search.try_once(rng)
        if made is not None:
            found = True
            yield made
    if not found:
        raise UsageError(
            f"no exam of {told(settings.points)} points was found in which units and forms both have these shares: "
            "leave the share of one of them open"
        )


def _set(shares: Shares) -> list[float]:
    return [share for share in shares.values() if share is not None]


class _Search:
    """The search for blueprints; points are whole numbers of the ``finest`` parts."""

    def __init__(self, settings: ExamSettings, groups: Sequence[Group], finest: int) -> None:
        self.settings, self.finest = settings, finest
        many = Counter(group.kind for group in groups)
        first = {group.kind: group for group in reversed(groups)}
        self.kinds = [
            _Kind(key, first[key].unit, first[key].form, int(first[key].points * finest), count)
            for key, count in many.items()
        ]
        self.points = int(exactly(settings.points) * finest)
        everything = frozenset(range(len(self.kinds)))
        self.totals = [_Total("", everything, self.points)]
        self.totals += self._totals("unit", settings.units, [kind.unit for kind in self.kinds])
        self.totals += self._totals("form", settings.forms, [kind.form for kind in self.kinds])

    def _totals(self, what: str, shares: Shares, of: Sequence[str]) -> Iterator[_Total]:
        """Yield what has a share, and the rest where some have none."""
        if not _set(shares):
            return
        left = self.points
        for name, share in shares.items():
            if share is not None:
                points = int(exactly(share) * self.finest)
                left -= points
                yield _Total(f" of {what} {name}", frozenset(i for i, one in enumerate(of) if one == name), points)
        rest = [name for name, share in shares.items() if share is None]
        yield _Total(f" of {what}s {', '.join(rest)}", frozenset(i for i, one in enumerate(of) if one in rest), left)

    # ------------------------------------------------------------------------------ what can be met
    def refuse_impossible(self) -> None:
        """Raise where one total cannot be met, whatever the others are."""
        nothing: Counter[int] = Counter()
        for total in (*self.totals[1:], self.totals[0]):
            reached = self._reached(total.kinds, nothing, None)
            if not reached >> total.points & 1:
                raise UsageError(self._impossible(total, reached))

    def _impossible(self, total: _Total, reached: int) -> str:
        below = (reached & ((1 << total.points) - 1)).bit_length() - 1
        above = next((p for p in range(total.points, reached.bit_length()) if reached >> p & 1), None)
        near = [told(Fraction(p, self.finest)) for p in (below, above) if p]
        asked = told(Fraction(total.points, self.finest))
        if not near:
            return f"{asked} points{total.told} cannot be had: there is no exercise of that kind to draw"
        if above is None:
            return f"{asked} points{total.told} cannot be had: all that there is comes to {near[-1]}"
        return (
            f"{asked} points{total.told} cannot be had exactly: the nearest totals are {' and '.join(near)}"
            if len(near) > 1
            else f"{asked} points{total.told} cannot be had: the nearest total is {near[0]}"
        )

    def _reached(self, kinds: frozenset[int], taken: Mapping[int, int], left: Sequence[int] | None) -> int:
        """Return the sums that what is not taken yet can come to, as the bits of a number; of kinds that fit all totals alone."""
        sums = 1
        for place in sorted(kinds):
            kind = self.kinds[place]
            if left is not None and not self._fits(place, left):
                continue
            for _ in range(kind.many - taken.get(place, 0)):
                sums |= sums << kind.points
        return sums

    def _fits(self, place: int, left: Sequence[int]) -> bool:
        points = self.kinds[place].points
        return all(points <= have for total, have in zip(self.totals, left, strict=True) if place in total.kinds)

    def _can_end(self, taken: Mapping[int, int], left: Sequence[int]) -> bool:
        return all(
            have == 0 or self._reached(total.kinds, taken, left) >> have & 1
            for total, have in zip(self.totals, left, strict=True)
        )

    # ---------------------------------------------------------------------------------- one blueprint
    def try_once(self, rng: random.Random) -> Counter[Kind] | None:
        """Add kinds until the points are there: of the unit that is furthest behind, and rather of forms that are rare so far."""
        taken: Counter[int] = Counter()
        left = [total.points for total in self.totals]
        behind = {unit: float(share) for unit, share in self._aims().items()}
        forms: Counter[str] = Counter()
        while left[0] > 0:
            units = list(behind)
            rng.shuffle(units)
            units.sort(key=lambda unit: -behind[unit])
            place = next(
                (p for unit in units if (p := self._next(rng, unit, taken, left, behind, forms)) is not None), None
            )
            if place is None:
                return None
            kind = self.kinds[place]
            taken[place] += 1
            left = self._after(place, left)
            behind[kind.unit] -= kind.points
            forms[kind.form] += kind.points
        return Counter({self.kinds[place].key: count for place, count in taken.items()}) if not any(left) else None

    def _aims(self) -> dict[str, Fraction]:
        """Return the points that each unit is to come to: its share, or an equal part of what is left."""
        shares = self.settings.units
        left = self.points - sum((exactly(s) * self.finest for s in _set(shares)), Fraction())
        free = sum(1 for share in shares.values() if share is None)
        return {
            unit: exactly(share) * self.finest if share is not None else Fraction(left, free)
            for unit, share in shares.items()
        }

    def _after(self, place: int, left: Sequence[int]) -> list[int]:
        points = self.kinds[place].points
        return [have - points * (place in total.kinds) for total, have in zip(self.totals, left, strict=True)]

    def _next(
        self,
        rng: random.Random,
        unit: str,
        taken: Counter[int],
        left: Sequence[int],
        behind: Mapping[str, float],
        forms: Mapping[str, int],
    ) -> int | None:
        """Return a kind of a unit after which all totals can still be met; None if there is none."""
        places = [
            place
            for place, kind in enumerate(self.kinds)
            if kind.unit == unit and taken[place] < kind.many and self._fits(place, left)
        ]
        small = [place for place in places if self.kinds[place].points <= behind[unit]]
        for choice in (small, [place for place in places if place not in small]):
            weights = [self._weight(place, taken, forms) for place in choice]
            while choice:
                (place,) = rng.choices(choice, weights)
                if self._can_end(taken + Counter([place]), self._after(place, left)):
                    return place
                at = choice.index(place)
                del choice[at], weights[at]
        return None

    def _weight(self, place: int, taken: Counter[int], forms: Mapping[str, int]) -> float:
        kind = self.kinds[place]
        spare = kind.many - taken[place] - 1
        return max(float(spare), RARELY) / (1 + forms.get(kind.form, 0) / self.finest)
