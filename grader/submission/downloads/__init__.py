"""Downloads: the layouts in which platforms hand over a class, recognised by names and read as hand-ins of students."""

from grader.submission.downloads.finding import LAYOUTS, Found, find, told_class
from grader.submission.downloads.hand_in import HandIn, Hint
from grader.submission.downloads.laying import check_into, lay_out

__all__ = ["LAYOUTS", "Found", "HandIn", "Hint", "check_into", "find", "lay_out", "told_class"]
