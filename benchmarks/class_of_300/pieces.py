"""Right and wrong implementations as pieces of a notebook, and which of them can stand in one notebook together.

Pieces come from the grader's own exam (``tests/bank/gallery``), from the sample class (``examples/roster/bases``) and, for the
units that the sample class leaves out, from the model answers. A piece is the source of a cell: it defines functions and classes
that exercises ask for, and perhaps helpers, whose names must not meet those of another piece. Several exercises may ask one class.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from answers import model_answers
from gallery import RIGHT, RIGHT_OF_UNITS, WRONG, WRONG_OF_UNITS, Entry
from roster.student import ANSWERS, Student, written

from grader.bank import catalogue

__all__ = ["BASES", "UNITS", "Piece", "alternatives", "asked", "base", "faults", "fits", "from_a_base", "questions"]

UNITS: tuple[str, ...] = tuple(catalogue().units)
"""The units of the class: all."""
BASES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(UNITS, ("model",)),
    "layers": ("terse", "loops", "closures"),
    "optimizers": ("terse", "loops", "objects"),
}
"""The styles in which the right answers to a whole unit stand: of the sample class, or that of the model answers."""
MARKERS = ("BEGIN SOLUTION", "END SOLUTION")


@dataclass(frozen=True)
class Piece:
    """The source of a cell.

    ``answers`` are the names that exercises ask for and it defines, ``helpers`` the other names, ``reads`` the names that its
    functions look up, their own aside, and ``wrong`` the exercise at fault, empty where all are right.
    """

    source: str
    answers: frozenset[str]
    helpers: frozenset[str]
    reads: frozenset[str]
    wrong: str = ""


@cache
def asked(unit: str) -> dict[str, frozenset[str]]:
    """The functions and classes that a unit asks for, questions included, in alphabetical order, with the exercises of each."""
    found: dict[str, set[str]] = {}
    for exercise in catalogue().unit(unit).exercises:
        found.setdefault(exercise.function, set()).add(exercise.name)
    return {name: frozenset(found[name]) for name in sorted(found)}


@cache
def alternatives(unit: str) -> tuple[Piece, ...]:
    """The right pieces of the gallery; the halves of a layer only where both stand in one piece, since caches differ."""
    entries = RIGHT_OF_UNITS.get(unit) or [entry for entry in RIGHT if _of(unit, entry)]
    pieces = [_piece(unit, _without_borrowed(unit, entry)) for entry in entries]
    return tuple(
        piece
        for piece, entry in zip(pieces, entries, strict=True)
        if piece.answers
        and all(asked(unit)[name] <= {*entry.exercises} for name in piece.answers)
        and all(_halves(unit, name) <= piece.answers for name in piece.answers)
    )


@cache
def faults(unit: str) -> tuple[Piece, ...]:
    """The wrong pieces of the gallery, each with one exercise at fault."""
    entries = WRONG_OF_UNITS.get(unit) or [entry for entry in WRONG if _of(unit, entry)]
    return tuple(_piece(unit, _without_borrowed(unit, e), e.exercises[0].partition(".")[2]) for e in entries)


@cache
def base(unit: str, style: str) -> tuple[Piece, ...]:
    """The right answers to the whole unit in one style: what they share first, then a piece a section, or an exercise."""
    if style == "model":
        return _model(unit)
    work = written(Student("", unit, "", base=style))
    sources = [work.imports, *("\n\n\n".join(section.functions.values()) for section in work.sections)]
    return tuple(_piece(unit, source) for source in sources)


@cache
def from_a_base(unit: str, style: str, name: str) -> Piece:
    """The answer of that name in a style of the sample class, or the model answer, with whatever of the base it calls."""
    if style == "model":
        shared, *answers = _model(unit)
        first, sources = shared.source, {own: piece.source for piece in answers for own in piece.answers}
    else:
        work = written(Student("", unit, "", base=style))
        first, sources = (
            work.imports,
            {n: source for section in work.sections for n, source in section.functions.items()},
        )
    needed, more = set(), {name}
    while more:
        needed |= more
        read = {name for own in more for name in _piece(unit, sources[own]).reads}
        more = (read & sources.keys()) - needed
    return _piece(unit, "\n\n\n".join([first, *(s for own, s in sources.items() if own in needed)]))


@cache
def questions(unit: str) -> Piece:
    """The right answers to the questions and predictions of the unit."""
    if unit in ANSWERS:
        calls = [f"def {call}:\n    return {answer}" for call, answer in ANSWERS[unit].items()]
    else:
        forms = {exercise.function: exercise.form for exercise in catalogue().unit(unit).exercises}
        tree = ast.parse(model_answers(unit))
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        calls = [_bare(node) for node in functions if forms.get(node.name) in ("question", "prediction")]
    return _piece(unit, "\n\n\n".join(calls))


def fits(piece: Piece, others: Iterable[Piece]) -> bool:
    """Tell whether a piece can follow the others: it may replace answers, and must not meet any other name of theirs."""
    for other in others:
        if piece.helpers & (other.helpers | other.answers | other.reads) or piece.answers & other.helpers:
            return False
    return True


def _of(unit: str, entry: Entry) -> bool:
    return all(name.startswith(f"{unit}.") for name in entry.exercises)


def _halves(unit: str, name: str) -> set[str]:
    """The passes of which one returns the cache that the others take: a forward pass, and each that is asked back from it."""
    forward_of = {e.function: e.pair for e in catalogue().unit(unit).exercises if e.pair}
    forward = forward_of.get(name, name)
    return {forward, *(back for back, of in forward_of.items() if of == forward)}


def _without_borrowed(unit: str, entry: Entry) -> str:
    """The source of an entry without the class that other exercises ask for: whatever is right by it is right by any other."""
    own = {name for name, exercises in asked(unit).items() if exercises & {*entry.exercises}}
    lines = entry.source.split("\n")
    for node in reversed(ast.parse(entry.source).body):
        if isinstance(node, ast.ClassDef) and node.name in asked(unit) and node.name not in own:
            del lines[node.lineno - 1 : node.end_lineno]
    return "\n".join(lines)


def _model(unit: str) -> tuple[Piece, ...]:
    """The model answers: imports, constants and helpers, then a piece for each name that is asked for."""
    text = "\n".join(line for line in model_answers(unit).split("\n") if not any(marker in line for marker in MARKERS))
    shared, answers = [], []
    for node in ast.parse(text).body:
        source = "\n".join(text.split("\n")[node.lineno - 1 : node.end_lineno])
        answer = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in asked(unit)
        (answers if answer else shared).append(source)
    return tuple(_piece(unit, source) for source in ["\n".join(shared[1:]), *answers])


def _bare(function: ast.FunctionDef) -> str:
    """The source of a function without its docstring and without the type that it returns."""
    function.returns, function.body = None, function.body[1:]
    return ast.unparse(function)


def _piece(unit: str, source: str, wrong: str = "") -> Piece:
    tree = ast.parse(source)
    names = {name for statement in tree.body for name in _defined(statement)}
    reads = {name for statement in tree.body for name in _read(statement)}
    answers = frozenset(names & asked(unit).keys())
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
