"""The checks of an exercise, one file a kind, and the judge that puts them; marks, and nothing of why."""

from grader.judging.checks.facts import (
    BreaksLaw,
    Inconstant,
    Loops,
    NoSlope,
    OffSlope,
    Rejected,
    Unanswered,
    Untried,
    WrongForm,
)
from grader.judging.checks.judge import Judge, checks_of
from grader.judging.checks.score import item_status, points, points_of
from grader.judging.checks.slope import examine, gradients_of, primal_values

__all__ = [
    "BreaksLaw",
    "Inconstant",
    "Judge",
    "Loops",
    "NoSlope",
    "OffSlope",
    "Rejected",
    "Unanswered",
    "Untried",
    "WrongForm",
    "checks_of",
    "examine",
    "gradients_of",
    "item_status",
    "points",
    "points_of",
    "primal_values",
]
