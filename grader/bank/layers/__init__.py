"""Unit 06, local gradients: layers and losses, each with its forward and its backward pass."""

from __future__ import annotations

from grader.bank.layers.classification import CLASSIFICATION
from grader.bank.layers.linear import LINEAR
from grader.bank.layers.questions import QUESTIONS
from grader.bank.layers.rectifiers import RECTIFIERS, relu_jacobian
from grader.bank.layers.regression import REGRESSION
from grader.bank.layers.sigmoids import SIGMOIDS
from grader.bank.layers.softmax import SOFTMAX
from grader.judging.declare.exercise import Unit

__all__ = ["UNIT"]

EXERCISES = (*LINEAR, *RECTIFIERS, *SIGMOIDS, relu_jacobian, *SOFTMAX, *REGRESSION, *CLASSIFICATION, *QUESTIONS)
UNIT = Unit("layers", 6, "Local gradients", EXERCISES)
