"""A class of any size: of ten students six are right, three have some answers wrong and one is broken; as many in each unit.

Everything follows from a seed: the same seed gives the same bytes. Each notebook holds answers to all exercises of its unit. Those
that are right are written in the styles of the sample class, or as the model answers, with some answers from the gallery, or from
the gallery wherever it has an answer; those that are wrong carry one to four of the gallery's wrong answers; those that are broken
are those of the sample class, and in the units that it leaves out they break in three of its ways, none of which takes for ever.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes
from roster.broken import BROKEN
from roster.files import files
from roster.student import Student

from class_of_300.pieces import (
    BASES,
    UNITS,
    Piece,
    alternatives,
    asked,
    base,
    faults,
    fits,
    from_a_base,
    questions,
)

__all__ = ["KINDS", "Kind", "Submission", "a_class", "sampled", "strata_of", "stratum"]

Kind = Literal["right", "wrong", "broken"]
KINDS: tuple[Kind, ...] = ("right", "wrong", "broken")
TEN: tuple[Kind, ...] = (
    *("right", "wrong", "right", "right", "broken"),
    *("right", "wrong", "right", "right", "wrong"),
)
"""Kinds of ten students of a unit, in the order in which they come."""
MOST_WRONG = 4
SUBSTITUTED = 4
"""Number of pieces of a base that are exchanged for the gallery's."""
SHUFFLES = 100
"""How often pieces of the gallery are drawn until all go together: helpers of one name stand in each other's way."""
RAISES, UNPARSED, RENAMED = (
    "an exception in a cell, an experiment; all functions are right",
    "a colon is missing: one cell does not parse, and its functions are not there",
    "a function that was renamed",
)
"""The ways to be broken in a unit that the sample class leaves out."""
EXPERIMENT = """\
x, w = np.ones((4, 3)), np.ones((3, 2))
print(x @ w)
print(x.T @ w)  # what happens with examples in columns?"""
HEADER = re.compile(r"^def (\w+)\(.*:$", re.MULTILINE)
TITLES = {unit: f"{number:02d} {unit.replace('_', ' ').capitalize()}" for number, unit in enumerate(UNITS, 1)}
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@dataclass(frozen=True)
class Submission:
    """One notebook of the class.

    ``sources`` are its code cells (none for the broken ones, whose bytes come from the sample class), ``wrong`` the exercises
    that are at fault, ``shows`` what it is an example of.
    """

    name: str
    unit: str
    kind: Kind
    shows: str
    notebook: bytes
    sources: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Its path in the folder of the class."""
        return f"{self.name}/{notebook_of(self.unit)}"


def notebook_of(unit: str) -> str:
    """The file name of a unit's notebook, as the course has it."""
    return f"{UNITS.index(unit) + 1:02d}_{unit}.ipynb"


def strata_of(students: Sequence[Submission]) -> list[tuple[Kind, str]]:
    """The kinds and units of which there are students, in the order of the course."""
    there = {(student.kind, student.unit) for student in students}
    return [(kind, unit) for unit in UNITS for kind in KINDS if (kind, unit) in there]


def a_class(size: int, seed: int = 0, units: Sequence[str] = UNITS) -> list[Submission]:
    """Make the class; the shares of the kinds are exact for a multiple of ten in each unit."""
    made: list[Submission] = []
    for number in range(size):
        unit, kind = units[number % len(units)], TEN[number // len(units) % len(TEN)]
        before = len(stratum(made, kind, unit))
        made.append(_submission(f"s{number:03d}", unit, kind, before, Random(f"{seed} {number}")))  # noqa: S311 - not a secret
    return made


def stratum(students: Sequence[Submission], kind: Kind, unit: str) -> list[Submission]:
    """The students of a kind and a unit."""
    return [s for s in students if (s.kind, s.unit) == (kind, unit)]


def sampled(students: Sequence[Submission], every: int) -> list[Submission]:
    """Every n-th student of each kind and unit; of the broken ones the first of each way to be broken."""
    chosen = []
    for kind, unit in strata_of(students):
        of_it = stratum(students, kind, unit)
        chosen += of_it[: len(_ways(unit)) or 3] if kind == "broken" else of_it[::every]
    return chosen


def _submission(name: str, unit: str, kind: Kind, before: int, random: Random) -> Submission:
    if kind == "broken" and _ways(unit):
        way = replace(_ways(unit)[before % len(_ways(unit))], name=name, form="notebook", told=True)
        (notebook,) = files(way).values()
        return Submission(name, unit, kind, way.shows, notebook)
    style, pieces = _right(unit, before, random)
    if kind == "broken":
        shows, pieces = _broken(pieces, before, random)
        return _written(name, unit, kind, shows, pieces)
    if kind == "right":
        return _written(name, unit, kind, f"right, {style}", pieces)
    pieces, wrong = _spoilt(unit, pieces, 1 + before // 2 % MOST_WRONG, random)
    return _written(name, unit, kind, f"{style}, wrong in {', '.join(wrong)}", pieces, wrong)


def _ways(unit: str) -> list[Student]:
    return [student for student in BROKEN if student.unit == unit]


def _right(unit: str, before: int, random: Random) -> tuple[str, list[Piece]]:
    """A style, and right answers to the whole unit in it: every other student's come from the gallery, where it has any."""
    if before % 2 == 0:
        return "all from the gallery", _from_the_gallery(unit, BASES[unit][before // 2 % len(BASES[unit])], random)
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


def _from_the_gallery(unit: str, style: str, random: Random) -> list[Piece]:
    """Right answers to the whole unit; those that the gallery never gives come from a base.

    Raises:
        RuntimeError: no pieces were found that go together.

    """
    given = {name for piece in (*alternatives(unit), questions(unit)) for name in piece.answers}
    rest = [from_a_base(unit, style, name) for name in asked(unit) if name not in given]
    for _ in range(SHUFFLES):
        chosen = _together([questions(unit), *rest], unit, random.sample(alternatives(unit), len(alternatives(unit))))
        if chosen:
            return [*chosen[1:], chosen[0]]
    raise RuntimeError(f"{unit}: the gallery's right answers do not go together")


def _together(chosen: list[Piece], unit: str, pieces: Sequence[Piece]) -> list[Piece]:
    """What is chosen and the first of the pieces that go with it, until all is answered; nothing if they never do."""
    chosen = [*chosen]
    for name in asked(unit):
        taken = {answer for piece in chosen for answer in piece.answers}
        if name not in taken:
            could = (p for p in pieces if name in p.answers and not p.answers & taken and fits(p, chosen))
            found = next(could, None)
            if found is None:
                return []
            chosen.append(found)
    return chosen


def _broken(pieces: list[Piece], before: int, random: Random) -> tuple[str, list[Piece]]:
    """A way to be broken, and the pieces broken in it."""
    shows = (RAISES, UNPARSED, RENAMED)[before % 3]
    if shows == RAISES:
        experiment = Piece(EXPERIMENT, frozenset(), frozenset(), frozenset())
        return shows, [*pieces[: len(pieces) // 2], experiment, *pieces[len(pieces) // 2 :]]
    place, header = random.choice(
        [(i, found) for i, p in enumerate(pieces) for found in HEADER.finditer(p.source) if found[1] in p.answers]
    )
    there = header[0][:-1] if shows == UNPARSED else header[0].replace("def ", "def my_", 1)
    source = pieces[place].source
    source = source[: header.start()] + there + source[header.end() :]
    return shows, [*pieces[:place], replace(pieces[place], source=source), *pieces[place + 1 :]]


def _spoilt(unit: str, pieces: list[Piece], count: int, random: Random) -> tuple[list[Piece], tuple[str, ...]]:
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
    name: str, unit: str, kind: Kind, shows: str, pieces: Sequence[Piece], wrong: tuple[str, ...] = ()
) -> Submission:
    sources = (f"import numpy as np\n\nauthor = {name!r}", *(piece.source for piece in pieces))
    cells = [new_markdown_cell(f"# {TITLES[unit]}", id="title")]
    cells += [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    text = str(writes(new_notebook(cells=cells, metadata=KERNEL)))
    return Submission(name, unit, kind, shows, text.encode(), sources, wrong)
