"""Unit 11, convolution: layers that look through a window, and the matrices that they are."""

from __future__ import annotations

from grader.bank.convolution import dilated, judgement, layer, matrices, pools, questions, training
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "convolution", 11, "Convolution", (matrices, layer, dilated, pools, judgement, training, questions)
)
