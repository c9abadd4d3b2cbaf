"""The order in which several drivers take submissions: unit by unit."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

__all__ = ["Queue"]


class Queue:
    """The submissions that no driver has taken yet.

    A driver keeps to the unit that it began with, as long as there is one of it: the cases of a unit and the words for its
    mistakes are made once in each driver that grades it.

    Args:
        units: of each submission its unit, None where it is not known.

    """

    def __init__(self, units: Sequence[str | None]) -> None:
        self._waiting: dict[str | None, deque[int]] = {}
        self._unit_of: dict[int, str | None] = {}
        self._units = list(units)
        for index, unit in enumerate(self._units):
            self._waiting.setdefault(unit, deque()).append(index)

    def take(self, driver: int) -> int | None:
        """Take the next submission for the driver of this number; None if nothing waits any more."""
        units = [unit for unit, waiting in self._waiting.items() if waiting]
        if not units:
            self._unit_of.pop(driver, None)
            return None
        if driver not in self._unit_of or self._unit_of[driver] not in units:
            others = {unit for at, unit in self._unit_of.items() if at != driver}
            self._unit_of[driver] = max(units, key=lambda unit: (unit not in others, len(self._waiting[unit])))
        return self._waiting[self._unit_of[driver]].popleft()

    def put_back(self, index: int) -> None:
        """Put back a submission that was taken: it is the next of its unit."""
        self._waiting[self._units[index]].appendleft(index)
