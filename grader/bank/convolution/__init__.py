"""Unit 11, convolution: layers that look through a window, and the matrices that they are."""

from __future__ import annotations

from grader.bank.convolution import (
    averages,
    dilated,
    judgement,
    layer,
    matrices,
    pools,
    questions,
    sizes,
    training,
)
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "convolution",
    11,
    "Convolution",
    (sizes, layer, dilated, matrices, pools, averages, training, judgement, questions),
)
