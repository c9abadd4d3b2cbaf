"""Unit 08, optimizers: steps, landscapes, mini-batches and schedules."""

from __future__ import annotations

from grader.bank.optimizers import adam, adaptive, batches, descent, judgement, landscapes, questions, schedules
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "optimizers", 8, "Optimizers", (descent, adaptive, adam, landscapes, batches, schedules, judgement, questions)
)
