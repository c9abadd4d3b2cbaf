"""Unit 06, local gradients: layers and losses, each with its forward and its backward pass."""

from __future__ import annotations

from grader.bank.layers.activations import ACTIVATIONS
from grader.bank.layers.linear import LINEAR
from grader.bank.layers.losses import LOSSES
from grader.bank.layers.questions import QUESTIONS
from grader.bank.layers.softmax import SOFTMAX
from grader.judging.spec import Unit

__all__ = ["UNIT"]

UNIT = Unit("layers", 6, "Local gradients", (*LINEAR, *ACTIVATIONS, *SOFTMAX, *LOSSES, *QUESTIONS))
