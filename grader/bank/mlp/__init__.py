"""Unit 07, multilayer perceptrons: gradients by hand, any depth, the start, symmetries, approximation, training."""

from __future__ import annotations

from grader.bank.mlp import (
    approximation,
    checking,
    deep,
    planted,
    questions,
    start,
    symmetries,
    table,
    training,
    two_layers,
    vectors,
)
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "mlp",
    7,
    "Multilayer perceptrons",
    (two_layers, checking, table, deep, planted, vectors, start, symmetries, approximation, training, questions),
)
