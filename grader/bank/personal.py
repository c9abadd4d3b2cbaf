"""Personal variants of the bank: the exercises, stubs and public data of one student, drawn from their id and the course's salt.

Without a salt there are none, and everything is as declared. Nothing here is known of courses: whoever asks has the salt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.bank.public import public_data, rewritten
from grader.bank.stub_files import stub_pieces
from grader.bank.units import catalogue
from grader.judging import Bench, Exercise, Unit
from grader.lots import lot

__all__ = [
    "Whose",
    "common_stub",
    "for_student",
    "personal_exercises",
    "personal_public_data",
    "personal_stub",
    "personal_stubs",
    "personal_text",
    "unit_for",
]


@dataclass(frozen=True)
class Whose:
    """The owner of variants: a student's id and the salt of the course. Without a salt they are nobody's: as declared."""

    student: str = ""
    salt: str = ""

    def values_of(self, exercise: Exercise) -> Mapping[str, Any]:
        """Return what is drawn of an exercise for this student; nothing where it has no variants, or there is no salt."""
        if exercise.personal is None or not self.salt:
            return {}
        return exercise.personal.drawn(lot(self.student, self.salt, f"variant of {exercise.name}").random)


def for_student(unit: Unit, whose: Whose) -> Unit:
    """Return a unit with the variants of a student in the place of the exercises as they are declared."""
    if not whose.salt or not personal_exercises(unit):
        return unit
    return replace(unit, exercises=tuple(_variant(exercise, whose) for exercise in unit.exercises))


def personal_exercises(unit: Unit) -> tuple[Exercise, ...]:
    """Return the exercises of a unit that have personal variants."""
    return tuple(exercise for exercise in unit.exercises if exercise.personal is not None)


def _variant(exercise: Exercise, whose: Whose) -> Exercise:
    values = whose.values_of(exercise)
    return exercise.with_values(values) if values else exercise


# ------------------------------------------------------------------------------------------- stubs
def personal_stubs(whose: Whose, banks: tuple[Path, ...] = ()) -> dict[str, str]:
    """Return the stubs that are a student's own, by unit: of units without variants there is none."""
    if not whose.salt:
        return {}
    units = catalogue(banks).units.values()
    return {unit.name: personal_stub(unit.name, whose, banks) for unit in units if personal_exercises(unit)}


def personal_stub(unit: str, whose: Whose, banks: tuple[Path, ...] = ()) -> str:
    """Return the text of a unit's stub for a student; errors as :func:`grader.bank.stub_source`."""
    exercises = {e.function: e for e in personal_exercises(catalogue(banks).unit(unit))} if whose.salt else {}
    found = []
    for piece in stub_pieces(unit, banks):
        exercise = exercises.get(piece.function)
        if exercise is None or exercise.personal is None:
            found.append(piece.text)
            continue
        values = whose.values_of(exercise)
        found.append(exercise.personal.said(piece.planted.get(values.get("planted", ""), piece.text), values))
    return "".join(found)


def common_stub(unit: str, banks: tuple[Path, ...] = ()) -> str:
    """Return the parts of a unit's stub that all students have, whosever variants the others are."""
    return "".join(piece.text for piece in stub_pieces(unit, banks) if not piece.function)


def personal_text(text: str, unit: Unit, whose: Whose) -> str:
    """Return a text of a unit's notebook as it is for a student."""
    for exercise in personal_exercises(unit):
        values = whose.values_of(exercise)
        if values and exercise.personal is not None:
            text = exercise.personal.in_notebook(text, values)
    return text


# ------------------------------------------------------------------------------------- public data
def personal_public_data(unit: Unit, whose: Whose) -> str:
    """Return the text of a unit's public data for a student: their exercises in the place of those as they are declared."""
    own = for_student(unit, whose)
    theirs = [exercise for exercise in own.exercises if exercise.values]
    text = public_data(unit)
    return rewritten(json.loads(text), theirs, Bench(own.exercises, drawn=0)) if theirs else text


@lru_cache(maxsize=512)
def unit_for(unit: str, whose: Whose, banks: tuple[Path, ...] = ()) -> Unit:
    """Return a unit of the catalogue for a student, made once for all that is asked of it at one submission."""
    return for_student(catalogue(banks).unit(unit), whose)
