"""Explanations of wrong answers: the fact that is told, its words, the simplest counterexample. They never change a mark."""

from grader.diagnosis.counterexample import Shown
from grader.diagnosis.explanations import Explanation, explain, explain_untried
from grader.diagnosis.wording import counted_names, entry_names

__all__ = ["Explanation", "Shown", "counted_names", "entry_names", "explain", "explain_untried"]
