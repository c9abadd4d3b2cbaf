"""A class of any size: of ten students six are right, three have some answers wrong and one is broken; half of them in each unit.

Everything follows from a seed: the same seed gives the same bytes. Each notebook holds answers to all exercises of its unit. Those
that are right are written in the styles of the sample class with some answers from the gallery, or wholly from the gallery; those
that are wrong carry one to four of the gallery's wrong answers; those that are broken break as those of the sample class do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes
from roster.broken import BROKEN
from roster.files import NOTEBOOKS, TITLES, files
from roster.student import Student

from class_of_300.pieces import BASES, UNITS, Piece, Unit, alternatives, base, exercises, faults, fits, questions

__all__ = ["KINDS", "STRATA", "Kind", "Submission", "a_class", "sampled", "stratum"]

Kind = Literal["right", "wrong", "broken"]
KINDS: tuple[Kind, ...] = ("right", "wrong", "broken")
TEN: tuple[Kind, ...] = (
    *("right", "wrong", "right", "right", "broken"),
    *("right", "wrong", "right", "right", "wrong"),
)
"""Kinds of ten students of a unit, in the order in which they come."""
STRATA = tuple((kind, unit) for unit in UNITS for kind in KINDS)
MOST_WRONG = 4
SUBSTITUTED = 4
"""Number of pieces of a base that are exchanged for the gallery's."""
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@dataclass(frozen=True)
class Submission:
    """One notebook of the class.

    ``sources`` are its code cells (none for the broken ones, whose bytes come from the sample class), ``wrong`` the exercises
    that are at fault, ``shows`` what it is an example of.
    """

    name: str
    unit: Unit
    kind: Kind
    shows: str
    notebook: bytes
    sources: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Its path in the folder of the class."""
        return f"{self.name}/{NOTEBOOKS[self.unit]}"


def a_class(size: int, seed: int = 0) -> list[Submission]:
    """Make the class; the shares of the kinds are exact for a multiple of 20."""
    made: list[Submission] = []
    for number in range(size):
        unit, kind = UNITS[number % len(UNITS)], TEN[number // len(UNITS) % len(TEN)]
        before = len(stratum(made, kind, unit))
        made.append(_submission(f"s{number:03d}", unit, kind, before, Random(f"{seed} {number}")))  # noqa: S311 - not a secret
    return made


def stratum(students: Sequence[Submission], kind: Kind, unit: Unit) -> list[Submission]:
    """The students of a kind and a unit."""
    return [s for s in students if (s.kind, s.unit) == (kind, unit)]


def sampled(students: Sequence[Submission], every: int) -> list[Submission]:
    """Every n-th student of each kind and unit; of the broken ones the first of each way to be broken."""
    chosen = []
    for kind, unit in STRATA:
        of_it = stratum(students, kind, unit)
        chosen += of_it[: len(_ways(unit))] if kind == "broken" else of_it[::every]
    return chosen


def _submission(name: str, unit: Unit, kind: Kind, before: int, random: Random) -> Submission:
    if kind == "broken":
        way = replace(_ways(unit)[before % len(_ways(unit))], name=name, form="notebook", told=True)
        (notebook,) = files(way).values()
        return Submission(name, unit, kind, way.shows, notebook)
    style, pieces = _right(unit, before, random)
    if kind == "right":
        return _written(name, unit, kind, f"right, {style}", pieces)
    pieces, wrong = _spoilt(unit, pieces, 1 + before // 2 % MOST_WRONG, random)
    return _written(name, unit, kind, f"{style}, wrong in {', '.join(wrong)}", pieces, wrong)


def _ways(unit: Unit) -> list[Student]:
    return [student for student in BROKEN if student.unit == unit]


def _right(unit: Unit, before: int, random: Random) -> tuple[str, list[Piece]]:
    """A style, and right answers to the whole unit in it: every other student's come from the gallery alone."""
    if before % 2 == 0:
        return "all from the gallery", _from_the_gallery(unit, random)
    style = BASES[unit][before // 2 % len(BASES[unit])]
    pieces = list(base(unit, style))
    called = {name for piece in pieces for name in piece.reads}
    exchanged: list[Piece] = []
    for piece in random.sample(alternatives(unit), len(alternatives(unit))):
        taken = {name for other in exchanged for name in other.answers}
        if not piece.answers & (taken | called) and fits(piece, [*pieces, *exchanged]):
            exchanged.append(piece)
        if len(exchanged) == SUBSTITUTED:
            break
    return f"{style} with some of the gallery", [*pieces, *exchanged]


def _from_the_gallery(unit: Unit, random: Random) -> list[Piece]:
    chosen = [questions(unit)]
    shuffled = random.sample(alternatives(unit), len(alternatives(unit)))
    for name in exercises(unit):
        taken = {answer for piece in chosen for answer in piece.answers}
        if name not in taken:
            could = (p for p in shuffled if name in p.answers and not p.answers & taken and fits(p, chosen))
            chosen.append(next(could))
    return [*chosen[1:], chosen[0]]


def _spoilt(unit: Unit, pieces: list[Piece], count: int, random: Random) -> tuple[list[Piece], tuple[str, ...]]:
    """The pieces with wrong ones after them, no two of which define the same exercise; and the exercises at fault."""
    added: list[Piece] = []
    for piece in random.sample(faults(unit), len(faults(unit))):
        taken = {name for other in added for name in other.answers}
        if not piece.answers & taken and fits(piece, [*pieces, *added]):
            added.append(piece)
        if len(added) == count:
            break
    return [*pieces, *added], tuple(piece.wrong for piece in added)


def _written(
    name: str, unit: Unit, kind: Kind, shows: str, pieces: Sequence[Piece], wrong: tuple[str, ...] = ()
) -> Submission:
    sources = (f"import numpy as np\n\nauthor = {name!r}", *(piece.source for piece in pieces))
    cells = [new_markdown_cell(f"# {TITLES[unit]}", id="title")]
    cells += [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    text = str(writes(new_notebook(cells=cells, metadata=KERNEL)))
    return Submission(name, unit, kind, shows, text.encode(), sources, wrong)
