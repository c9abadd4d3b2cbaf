"""Downloads: the layouts in which platforms hand over a class, recognised by names and read as hand-ins of students."""

from grader.submission.downloads.finding import LAYOUTS, Found, find, told_class
from grader.submission.downloads.hand_in import HandIn, Hint

__all__ = ["LAYOUTS", "Found", "HandIn", "Hint", "find", "told_class"]
