"""The findings of validation: plain data, which several rooms share. Of each exercise its figures, its holes and its remarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Hole", "HoleKind", "Validated"]

HoleKind = Literal[
    "declaration", "model", "stub", "mistake", "hint", "mutant", "equivalent", "liar", "check", "promise", "cache", "slope",
    "variant", "broken",
]  # fmt: skip
"""The parts of validation, each of which may find holes; ``broken``: it could not be carried out."""


@dataclass(frozen=True)
class Hole:
    """A place where the bank accepts what is wrong, rejects what is right, or does not ask what it promises.

    Args:
        kind: the part of validation that found it.
        exercise: full name.
        what: what was found, in one sentence without a stop.
        todo: what mends it, as an order.

    """

    kind: HoleKind
    exercise: str
    what: str
    todo: str


@dataclass(frozen=True)
class Validated:
    """The findings on one exercise.

    Args:
        exercise: full name.
        form: the form in which it is declared, ``backward pass``.
        points: its points.
        checks: the number of its checks.
        mistakes: the number of its declared mistakes.
        named: those that are caught and named as themselves.
        hinted: those that a public check rejects, with a hint that names one.
        hidden: those that no public check is meant to reject.
        mutants: the number of the model answer's mutants.
        caught: those that lose points.
        equivalent: those that do not and are listed as equivalent.
        holes: what is to be mended.
        redundant: names of checks that reject nothing which no other check of the exercise rejects.
        remarks: what is worth knowing and no fault.
        seconds: of the processor.

    """

    exercise: str
    form: str
    points: float
    checks: int
    mistakes: int = 0
    named: int = 0
    hinted: int = 0
    hidden: int = 0
    mutants: int = 0
    caught: int = 0
    equivalent: int = 0
    holes: tuple[Hole, ...] = ()
    redundant: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def unit(self) -> str:
        """Return the unit's name."""
        return self.exercise.partition(".")[0]
