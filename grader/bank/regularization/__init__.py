"""Unit 10, regularisation: L2, dropout, and batch, layer and group norm."""

from __future__ import annotations

from grader.bank.regularization import (
    averages,
    batch,
    batch_backward,
    dropout,
    frozen,
    groups,
    judgement,
    moments,
    penalty,
    questions,
    rows,
)
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "regularization",
    10,
    "Regularisation",
    (penalty, dropout, moments, batch, averages, batch_backward, frozen, rows, groups, judgement, questions),
)
