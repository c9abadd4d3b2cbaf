"""Unit 02, computation graphs: functions as graphs, orders, values, and the bars that flow back."""

from __future__ import annotations

from grader.bank.graphs import builders, deep, flow, judgement, network, order, passes, questions, vectors
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "graphs", 2, "Computation graphs", (builders, vectors, order, flow, passes, deep, network, judgement, questions)
)
