"""The questions at the end of the notebook."""

from __future__ import annotations

from grader.bank.forms import plain, question
from grader.judging.inputs import drawn
from grader.judging.spec import Exercise

__all__ = ["QUESTIONS"]

QUESTIONS: tuple[Exercise, ...] = ()
