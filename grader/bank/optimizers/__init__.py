"""Unit 08, optimizers: steps, landscapes, mini-batches and schedules."""

from __future__ import annotations

from grader.bank.optimizers.adam import ADAM_FAMILY
from grader.bank.optimizers.adaptive import ADAPTIVE
from grader.bank.optimizers.batches import BATCHES
from grader.bank.optimizers.descent import DESCENT
from grader.bank.optimizers.landscapes import LANDSCAPES
from grader.bank.optimizers.questions import QUESTIONS
from grader.bank.optimizers.schedules import SCHEDULES
from grader.judging.declare.exercise import Unit

__all__ = ["UNIT"]

UNIT = Unit(
    "optimizers", 8, "Optimizers", (*DESCENT, *ADAPTIVE, *ADAM_FAMILY, *LANDSCAPES, *BATCHES, *SCHEDULES, *QUESTIONS)
)
