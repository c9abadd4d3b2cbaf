"""Unit 05, linear models: regression, logistic regression, Newton's method, hinge and softmax regression."""

from __future__ import annotations

from grader.bank.linear_models import checking, hinge, logistic, multiclass, newton, questions, regression, signed
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "linear_models", 5, "Linear models", (regression, logistic, signed, newton, checking, hinge, multiclass, questions)
)
