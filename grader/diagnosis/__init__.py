"""Explanations of wrong answers: the fact that is told, its words, the simplest counterexample. They never change a mark."""

from grader.diagnosis.counterexample import Shown
from grader.diagnosis.explanations import Explanation, explain, explain_untried

__all__ = ["Explanation", "Shown", "explain", "explain_untried"]
