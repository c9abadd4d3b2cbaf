"""Right and wrong implementations as pieces of a notebook, and which of them can stand in one notebook together.

Pieces come from the grader's own exam (``tests/bank/gallery``) and from the sample class (``examples/roster/bases``). A piece is
the source of a cell: it defines exercises, and perhaps helpers, whose names must not meet those of another piece.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from gallery import RIGHT, WRONG, Entry
from roster.student import ANSWERS, Student, asked, written

__all__ = [
    "BASES",
    "UNITS",
    "Piece",
    "Unit",
    "alternatives",
    "base",
    "exercises",
    "faults",
    "fits",
    "questions",
]

Unit = Literal["layers", "optimizers"]
UNITS: tuple[Unit, ...] = ("layers", "optimizers")
BASES: dict[Unit, tuple[str, ...]] = {
    "layers": ("terse", "loops", "closures"),
    "optimizers": ("terse", "loops", "objects"),
}


@dataclass(frozen=True)
class Piece:
    """The source of a cell.

    ``answers`` are the exercises that it defines, ``helpers`` the other names, ``reads`` the names that its functions look up,
    their own aside, and ``wrong`` the exercise at fault, empty where all are right.
    """

    source: str
    answers: frozenset[str]
    helpers: frozenset[str]
    reads: frozenset[str]
    wrong: str = ""


def exercises(unit: Unit) -> tuple[str, ...]:
    """The names of a unit's exercises, questions included, in alphabetical order."""
    return tuple(sorted(asked(unit)))


@cache
def alternatives(unit: Unit) -> tuple[Piece, ...]:
    """The right pieces of the gallery; the halves of a layer only where both stand in one piece, since caches differ."""
    pieces = [_piece(unit, entry.source) for entry in RIGHT if _of(unit, entry)]
    return tuple(piece for piece in pieces if all(_other_half(name) in {*piece.answers, ""} for name in piece.answers))


@cache
def faults(unit: Unit) -> tuple[Piece, ...]:
    """The wrong pieces of the gallery, each with one exercise at fault."""
    return tuple(_piece(unit, e.source, e.exercises[0].partition(".")[2]) for e in WRONG if _of(unit, e))


@cache
def base(unit: Unit, style: str) -> tuple[Piece, ...]:
    """The right answers to the whole unit in one style of the sample class: the imports, then a piece a section."""
    work = written(Student("", unit, "", base=style))
    sources = [work.imports, *("\n\n\n".join(section.functions.values()) for section in work.sections)]
    return tuple(_piece(unit, source) for source in sources)


@cache
def questions(unit: Unit) -> Piece:
    """The right answers to the questions of the unit, which the gallery leaves out."""
    source = "\n\n\n".join(f"def {call}:\n    return {answer}" for call, answer in ANSWERS[unit].items())
    return _piece(unit, source)


def fits(piece: Piece, others: Iterable[Piece]) -> bool:
    """Tell whether a piece can follow the others: it may replace answers, and must not meet any other name of theirs."""
    for other in others:
        if piece.helpers & (other.helpers | other.answers | other.reads) or piece.answers & other.helpers:
            return False
    return True


def _of(unit: Unit, entry: Entry) -> bool:
    return all(name.startswith(f"{unit}.") for name in entry.exercises)


def _other_half(name: str) -> str:
    stem, _, half = name.rpartition("_")
    return f"{stem}_{'backward' if half == 'forward' else 'forward'}" if half in ("forward", "backward") else ""


def _piece(unit: Unit, source: str, wrong: str = "") -> Piece:
    tree = ast.parse(source)
    names = {name for statement in tree.body for name in _defined(statement)}
    reads = {name for statement in tree.body for name in _read(statement)}
    answers = frozenset(names & asked(unit))
    return Piece(source.strip(), answers, frozenset(names - answers), frozenset(reads), wrong)


def _read(statement: ast.stmt) -> Iterator[str]:
    own = statement.name if isinstance(statement, ast.FunctionDef | ast.ClassDef) else ""
    return (node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id != own)


def _defined(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement binds, those of imports aside: the same everywhere."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif not isinstance(statement, ast.Import | ast.ImportFrom):
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
