"""Unit 06, local gradients: layers and losses, each with its forward and its backward pass."""

from __future__ import annotations

from grader.bank.layers import (
    classification,
    jacobians,
    judgement,
    linear,
    questions,
    rectifiers,
    regression,
    sigmoids,
    softmax,
)
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "layers",
    6,
    "Local gradients",
    (linear, rectifiers, sigmoids, jacobians, softmax, regression, classification, judgement, questions),
)
