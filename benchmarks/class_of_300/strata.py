"""CPU time of a tool for a submission of each kind, its start aside, and for a whole class by the shares of the kinds.

One submission alone is measured for each unit; then the same one together with those of a kind. The difference, divided by their
number, is what one of that kind costs; what remains of the lone one is the start of the tool.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from notebooks_class.turns import once

from class_of_300.students import KINDS, Submission, strata_of, stratum
from class_of_300.tools import Tool

__all__ = ["Costs", "Room", "lay_out", "strata"]


@dataclass(frozen=True)
class Costs:
    """CPU milliseconds: of one submission by ``kind_unit``, and of the start of the tool, with what it makes once for a unit."""

    each: Mapping[str, float]
    starts: Mapping[str, float]

    def of_a_class(self, students: Sequence[Submission]) -> float:
        """CPU milliseconds of a submission in a class of these, a start shared by all, the mean of their units'."""
        counts = Counter(f"{student.kind}_{student.unit}" for student in students)
        total = sum(count * self.each.get(stratum, 0.0) for stratum, count in counts.items())
        return (total + statistics.mean(self.starts[unit] for unit in _units(students))) / len(students)


@dataclass(frozen=True)
class Room:
    """A folder laid out for a tool, and who is in it."""

    folder: Path
    students: tuple[Submission, ...]


def lay_out(tool: Tool, folder: Path, students: Sequence[Submission], sample: Sequence[Submission]) -> dict[str, Room]:
    """Write one folder for each lone submission and for each kind and unit of the sample."""
    rooms = {}
    for unit in _units(students):
        *_, alone = stratum(students, "right", unit)
        rooms[unit] = _room(tool, folder / unit, [alone])
        for kind in KINDS:
            chosen = [student for student in stratum(sample, kind, unit) if student is not alone]
            if chosen:
                rooms[f"{kind}_{unit}"] = _room(tool, folder / f"{kind}_{unit}", [alone, *chosen])
    return rooms


def strata(tool: Tool, rooms: Mapping[str, Room]) -> Costs:
    """Measure a tool once in each of its rooms.

    Raises:
        RuntimeError: a command failed, or what was measured is not grading.

    """
    spent = {}
    for name, room in rooms.items():

        def look(folder: Path, cost: object, room: Room = room) -> None:
            tool.check(folder, cost, room.students)  # type: ignore[arg-type]

        spent[name] = once(tool.commands, tool.python, room.folder, statuses=tool.statuses, look=look).cpu_ms
    each, starts = {}, {}
    for unit in _units([student for room in rooms.values() for student in room.students]):
        for kind in KINDS:
            if f"{kind}_{unit}" in rooms:
                count = len(rooms[f"{kind}_{unit}"].students) - 1
                each[f"{kind}_{unit}"] = (spent[f"{kind}_{unit}"] - spent[unit]) / count
        starts[unit] = max(0.0, spent[unit] - each.get(f"right_{unit}", spent[unit]))
    return Costs(each, starts)


def _units(students: Sequence[Submission]) -> list[str]:
    return [*dict.fromkeys(unit for _, unit in strata_of(students))]


def _room(tool: Tool, folder: Path, students: Sequence[Submission]) -> Room:
    folder.mkdir(parents=True)
    tool.lay_out(folder, students)
    return Room(folder, tuple(students))
