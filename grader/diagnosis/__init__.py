"""Why an answer is wrong, in words: which fact to tell, and the simplest counterexample. It never changes a mark."""

from grader.diagnosis.counterexample import Shown
from grader.diagnosis.explanations import Explanation, explain, explain_untried

__all__ = ["Explanation", "Shown", "explain", "explain_untried"]
