"""A unit as public data, and back: its exercises, with the sources that they carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.judging.cases import Bench, Case
from grader.judging.declare import Exercise, Unit
from grader.judging.public.bench import PublicBench
from grader.judging.public.carried import Sources
from grader.judging.public.packed import packed
from grader.judging.public.restored import Public, restored

__all__ = ["PublicUnit", "packed_again", "packed_unit", "restored_unit"]

SCHEMA = "gradmark/public/1"


@dataclass(frozen=True)
class PublicUnit:
    """A unit as students have it."""

    unit: Unit
    exercises: Mapping[str, Public]
    """by their full names"""
    bench: PublicBench

    def examples(self, name: str) -> tuple[Case, ...]:
        """Return the worked examples of the exercise of this full name."""
        return self.exercises[name].cases


def packed_unit(unit: Unit, bench: Bench) -> dict[str, Any]:
    """Return the public data of a unit, whose cases are made by ``bench``; errors as :func:`packed`."""
    sources = Sources()
    exercises = [packed(exercise, bench, sources) for exercise in unit.exercises]
    return {
        "schema": SCHEMA,
        "unit": unit.name,
        "number": unit.number,
        "title": unit.title,
        "sources": sources.texts,
        "exercises": exercises,
    }


def packed_again(data: dict[str, Any], exercises: Sequence[Exercise], bench: Bench) -> dict[str, Any]:
    """Return the public data of a unit with some exercises in the place of those of their names; errors as :func:`packed`."""
    sources = Sources(data["sources"])
    new = {exercise.name: packed(exercise, bench, sources) for exercise in exercises}
    return {**data, "sources": sources.texts, "exercises": [new.get(old["name"], old) for old in data["exercises"]]}


def restored_unit(data: Mapping[str, Any]) -> PublicUnit:
    """Return a unit from its public data; errors as :func:`restored`."""
    if data["schema"] != SCHEMA:
        raise ValueError(f"its schema is {data['schema']!r}, {SCHEMA!r} is read here")
    sources = Sources(data["sources"])
    exercises = [restored(exercise, sources) for exercise in data["exercises"]]
    unit = Unit(data["unit"], data["number"], data["title"], tuple(public.exercise for public in exercises))
    return PublicUnit(unit, {public.exercise.name: public for public in exercises}, PublicBench(exercises))
