"""The facts that checks find: plain data on which a verdict rests, and from which ``grader.diagnosis`` makes sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Failure, Illegible, Lost, Raised, Trial
from grader.judging.cases import Case
from grader.judging.declare import Fact
from grader.statuses import VerdictStatus

__all__ = [
    "After",
    "BreaksLaw",
    "Inconstant",
    "Loops",
    "NoSlope",
    "OffSlope",
    "Reason",
    "Rejected",
    "Unanswered",
    "Untried",
    "WrongForm",
    "status_of",
]

Reason = Literal[
    "missing", "not_attempted", "cache_needed", "slope_needed", "no_example", "no_case", "slope_undecided", "no_source"
]


@dataclass(frozen=True)
class Untried(Fact):
    """There was nothing to put the check to."""

    reason: Reason


@dataclass(frozen=True)
class Unanswered(Fact):
    """A case brought no outputs; ``trials`` are all that were held, where they may tell in which cases the function fails.

    ``documented`` says that they used the cache that the stub documents.
    """

    case: Case
    failure: Failure
    trials: tuple[Trial, ...] = ()
    documented: bool = False


After = Literal["again", "cache", "upstream"]
"""Later; after another forward pass, with the same cache; after another upstream gradient, with the same cache."""


@dataclass(frozen=True)
class Inconstant(Fact):
    """The same question got another answer ``after`` something else."""

    case: Case
    after: After


@dataclass(frozen=True)
class Rejected(Fact):
    """One output is wrong: ``worst`` is the first trial that shows it, ``trials`` are all that were held.

    ``documented`` says that they used the cache that the stub documents. ``fresh`` says that further cases may be asked for.
    """

    output: int
    worst: Trial
    trials: tuple[Trial, ...]
    documented: bool
    fresh: bool


@dataclass(frozen=True)
class WrongForm(Fact):
    """An output has not the type, dtype or shape that was asked for: ``message`` names it; ``case``, if any, shows it."""

    output: str
    message: str
    case: Case | None


@dataclass(frozen=True, eq=False)
class OffSlope(Fact):
    """A gradient is not the slope of the student's own function at ``inputs``."""

    output: str
    inputs: Mapping[str, Any]
    gradient: NDArray[np.float64]


@dataclass(frozen=True)
class NoSlope(Fact):
    """There is no slope to agree with.

    The function is ``flat``; or the ``model``'s slope is meant and not agreed with; or the function is wrong in an ``unknown`` way.
    """

    why: Literal["flat", "model", "unknown"]


@dataclass(frozen=True)
class Loops(Fact):
    """The source holds a loop: ``what`` it is, in which ``function``, on which ``line`` of it, its ``def`` being line 1."""

    what: str
    function: str
    line: int


@dataclass(frozen=True)
class BreaksLaw(Fact):
    """A law does not hold at a case."""

    case: Case


def status_of(failure: Failure) -> VerdictStatus:
    """Return the status of a check that a failure decides."""
    match failure.reply:
        case Lost(status, _):
            return status
        case Raised():
            return "raised"
        case Illegible():
            return "not_attempted"
        case _:
            return "wrong"
