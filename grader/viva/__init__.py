"""The viva sheet: questions for one student on their own code, with what to expect, for a conversation of ten minutes.

Pure: from a result, the text of the functions and the bank's declared mistakes to questions. No student code is run: what their
function returned stands in the result, and what a right one returns is the model answer's.
"""

from grader.viva.choosing import sheet
from grader.viva.questions import Question, Sheet
from grader.viva.right import what_if

__all__ = ["Question", "Sheet", "sheet", "what_if"]
