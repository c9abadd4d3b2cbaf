"""The pages of a class, made of its grades: one for the assistants, one for each student, and the same numbers as CSV."""

from grader.report.class_pages.answers import AnswerGroup, alike, block, example_text
from grader.report.class_pages.numbers import ClassNumbers, class_numbers
from grader.report.class_pages.own import student_class_page
from grader.report.class_pages.page import class_page
from grader.report.class_pages.sheets import class_sheets

__all__ = [
    "AnswerGroup",
    "ClassNumbers",
    "alike",
    "block",
    "class_numbers",
    "class_page",
    "class_sheets",
    "example_text",
    "student_class_page",
]
