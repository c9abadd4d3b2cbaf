"""A mock exam: which exercises of the bank are whose. The blueprint is the same for everybody, the exercises drawn for it are not.

Values go in and come out: units with exercises, a salt, a student's id. Papers are written elsewhere, and graded as all else.
Values go in and come out: units with exercises, a course's salt, a student's id. Papers are written elsewhere, and graded as all
else.
"""

from grader.exam.drawing import Exam, make_exam
from grader.exam.pool import FORMS, LEFT_OUT, Group, groups_of
from grader.exam.settings import ExamAsked, ExamSettings, settings_of, told
from grader.exam.whose import Papers

__all__ = [
    "FORMS",
    "LEFT_OUT",
    "Exam",
    "ExamAsked",
    "ExamSettings",
    "Group",
    "Papers",
    "groups_of",
    "make_exam",
    "settings_of",
    "told",
]
